"""Labelled HTML pages for training: their blocks, what the rules find there, what is story."""

from __future__ import annotations

import gzip
import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from multiprocessing import Pool, get_context
from pathlib import Path
from typing import Any

import numpy as np
from labelling import KEEP, UNKNOWN, labels_by_snippets, labels_of, words_of

sys.path.insert(0, str(Path(__file__).parent.parent / "benchmarks"))
from cross_validated import fold_of
from rules_only import OPTIONS as RULES_ONLY

from cleannews.boilerplate.block_scorer import unit_of_each
from cleannews.boilerplate.boxes import CERTAIN, never_too_little, only_certain
from cleannews.boilerplate.detect import detect_page
from cleannews.boilerplate.edit import plan_removals
from cleannews.boilerplate.matching import matcher_of
from cleannews.boilerplate.rulebook import load_rulebook
from cleannews.boilerplate.units import Unit
from cleannews.document import Finding, delete_spans
from cleannews.reading.html import parse_html
from cleannews.reading.html_page import HtmlPage
from cleannews.reading.rendering import render

DATA = Path(__file__).parent.parent.parent / "shared" / "data"
SETS = (
    "fundus", "fundus_eval", "fundus_history", "magic_html", "scrapinghub", "trafilatura", "wcxb",
)  # fmt: skip
LEAST_FOUND = 0.5
"""Least share of a body's words that the page's blocks must give; else the labels are left out."""


@dataclass(frozen=True)
class LabelledPage:
    """One labelled page.

    Attributes:
        name: Dataset and id.
        dataset: Where it is from.
        site: Whose page it is; a site is never in training and test at once.
        fold: The fold that its site is dealt into.
        page: What was read.
        claims: Block index to what the rules, without the scorer, found there; only of a page that
            was reduced.
        labels: `KEEP`, `DROP` or `UNKNOWN`, one for each block.
        is_cleaned: Never, for a page is there as it is.
    """

    name: str
    dataset: str
    site: str
    fold: int
    page: HtmlPage
    claims: dict[int, Finding]
    labels: np.ndarray
    is_cleaned: bool = False

    @property
    def units(self) -> list[Unit]:
        """The blocks as the lexicon of words takes them."""
        return unit_of_each(self.page)


def records(data: Path) -> Iterator[dict[str, Any]]:
    """Yield every labelled article page."""
    for dataset in SETS:
        with gzip.open(data / f"pages.{dataset}.jsonl.gz", "rt", encoding="utf-8",
                       errors="surrogatepass") as lines:  # fmt: skip
            for line in lines:
                record = json.loads(line)
                has_labels = record["body"] or record["with"] or record["without"]
                if has_labels and record["page_type"] in (None, "article"):
                    yield {**record, "dataset": dataset}


def labelled_pages(data: Path, folds: int) -> list[LabelledPage]:
    """Return all pages that have blocks."""
    jobs = ((record, folds) for record in records(data))
    with Pool() as pool:
        return [p for p in pool.imap(_page_of, jobs, chunksize=16) if p.page.blocks]


_RULEBOOK = load_rulebook(RULES_ONLY)
_MATCHER = matcher_of(_RULEBOOK)


def labels_in(record: dict[str, Any], texts: list[str]) -> np.ndarray:
    """Return the labels of a page's parts by what is known of its story."""
    if record["body"] is None:
        return labels_by_snippets(texts, record["with"], record["without"])
    labels = labels_of(texts, record["body"])
    kept = sum(len(words_of(t)) for t, k in zip(texts, labels, strict=True) if k == KEEP)
    if kept < LEAST_FOUND * len(words_of(record["body"])):  # the body stands in no part of the page
        labels[:] = UNKNOWN
    return labels


def _page_of(job: tuple[dict[str, Any], int]) -> LabelledPage:
    record, folds = job
    page = render(parse_html(record["html"]).root)
    labels = labels_in(record, [b.text for b in page.blocks])
    site, dataset = record["site_key"], record["dataset"]
    name = f"{dataset}/{record['id']}"
    return LabelledPage(name, dataset, site, fold_of(site, folds), page, {}, labels)


def reduced(pages: list[LabelledPage], keep: list[np.ndarray]) -> list[LabelledPage]:
    """Return the pages without the blocks that the tree alone is certain of, and their claims.

    Args:
        pages: Whole pages.
        keep: Of each, what the judgement by the tree said.
    """
    # By then JAX has threads of its own, and with those a process must not be forked.
    with get_context("spawn").Pool() as pool:
        jobs = zip(pages, keep, strict=True)
        return [p for p in pool.imap(_reduced, jobs, chunksize=16) if p.page.blocks]


def _reduced(job: tuple[LabelledPage, np.ndarray]) -> LabelledPage:
    own, keep = job
    words = np.array([b.words for b in own.page.blocks], dtype=np.float32)
    going = never_too_little(own.page, words, only_certain(keep, 1 - keep)) >= CERTAIN
    findings = [
        Finding(b.span, "x/x", "x", "safe", 1.0, "")
        for b, goes in zip(own.page.blocks, going, strict=True)
        if goes
    ]
    spans = [span for span, _ in plan_removals(own.page, findings)]
    page = own.page.without(spans, delete_spans(own.page.text, spans))
    claims = detect_page(page, _RULEBOOK, _MATCHER).claims
    return replace(own, page=page, claims=claims, labels=own.labels[~going])

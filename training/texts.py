"""Labelled texts for training: their units, what the rules find there, and whether they are story.

Texts with a label on every line; texts in one line and whole pages in a dozen languages, flattened
here and labelled by comparing their pieces with the body. Every text counts twice: as it is, and
with what is labelled as boilerplate taken out, so that the scorer leaves clean texts alone.
"""

from __future__ import annotations

import gzip
import json
import re
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from multiprocessing import Pool
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).parent.parent / "benchmarks"))
from cross_validated import fold_of
from flattening import (
    DROP,
    KEEP,
    SHORTEST,
    UNKNOWN,
    aligned,
    article_pages,
    flattened,
)
from rules_only import OPTIONS as RULES_ONLY

from cleannews.boilerplate.detect import detect_page
from cleannews.boilerplate.matching import matcher_of
from cleannews.boilerplate.rulebook import load_rulebook
from cleannews.boilerplate.units import Unit, units_of
from cleannews.document import Block, Finding
from cleannews.reading.plain import read_plain

DATA = Path(__file__).parent.parent.parent / "shared" / "data"
SETS = ("wcxb", "fundus_eval", "scrapinghub")
STYLES = ("container", "htmltext", "inscriptis", "soup", "markdown", "para")
LEAST_COVER = 0.6
"""Least share of an uncertain unit's words that only it gives to the body, to be called story."""
_TOKEN = re.compile("[\u2e80-\U0010ffff]|[^\\W_\u2e80-\U0010ffff]+")


@dataclass(frozen=True)
class Text:
    """One labelled text.

    Attributes:
        dataset: Where it is from.
        style: How it was flattened.
        site: Whose page it is; a site is never in training and test at once.
        fold: The fold that its site is dealt into.
        units: What is judged.
        claims: Block index to what the rules, without the scorer, found there.
        labels: `KEEP`, `DROP` or `UNKNOWN`, one for each unit.
        is_sure: The label was given, not worked out from what the body lacks.
        is_cleaned: What is labelled as boilerplate was taken out.
    """

    dataset: str
    style: str
    site: str
    fold: int
    units: list[Unit]
    claims: dict[int, Finding]
    labels: np.ndarray
    is_sure: np.ndarray
    is_cleaned: bool


def labelled_texts(data: Path, folds: int) -> list[Text]:
    """Return all texts, each also in its cleaned form."""
    jobs = [(record, folds) for record in records(data)]
    with Pool() as pool:
        return [t for made in pool.imap(_texts_of, jobs, chunksize=16) for t in made]


def records(data: Path) -> Iterator[dict[str, Any]]:
    """Yield every labelled text with its dataset, style and site; `lines` may be missing."""
    for dataset in SETS:
        for style in STYLES:
            for record in _lines_of(data / f"text.{dataset}.{style}.jsonl.gz"):
                yield {**record, "dataset": dataset, "style": style, "site": record["domain"]}
    for record in _lines_of(data / "text.labelled.jsonl.gz"):
        site = record.get("site") or record["id"]
        yield {**record, "dataset": "labelled", "style": "labelled", "site": site}
    for page in article_pages(data):
        common = {k: page[k] for k in ("id", "dataset", "site", "title", "body")}
        for is_broken in (False, True):
            text = flattened(page["html"], is_broken)
            if len(text) > SHORTEST:
                yield {**common, "text": text, "style": "page"}
                if not is_broken:
                    yield {**common, "text": " ".join(text.split("\n")), "style": "para"}


def _lines_of(path: Path) -> Iterator[dict[str, Any]]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


# Without the scorer's own rules: its features are what the others found.
_RULEBOOK = load_rulebook(RULES_ONLY)
_MATCHER = matcher_of(_RULEBOOK)


def _texts_of(job: tuple[dict[str, Any], int]) -> list[Text]:
    record, folds = job
    text, body = record["text"], record.get("body")
    lines = text.split("\n")
    given = {x["i"]: _label(x) for x in record.get("lines", ())}
    made = []
    for is_cleaned in (False, True):
        if is_cleaned:
            kept = [i for i in range(len(lines)) if given.get(i, KEEP) != DROP]
            if len(kept) == len(lines):
                break
            given = {n: given.get(i, UNKNOWN) for n, i in enumerate(kept)}
            text = "\n".join([lines[i] for i in kept])
        page = read_plain(text, _MATCHER.splitter)
        if not page.blocks:
            break
        units = units_of(page.blocks)
        if given:
            of_block = _labels_by_line(text, page.blocks, given)
        else:
            of_block = aligned([b.text for b in page.blocks], body, record.get("title") or "")
        labels, is_sure = _labels_of_units(units, page.blocks, of_block)
        if body is not None and record["dataset"] != "labelled":
            labels = completed(units, labels, body)
        claims = detect_page(page, _RULEBOOK, _MATCHER).claims
        site = record["site"]
        made.append(
            Text(
                record["dataset"], record["style"], site, fold_of(site, folds), units, claims,
                labels, is_sure, is_cleaned,
            )
        )  # fmt: skip
    return made


def _label(line: Mapping[str, Any]) -> int:
    if line.get("optional"):
        return UNKNOWN
    return {"keep": KEEP, "drop": DROP}.get(line["label"], UNKNOWN)


def _labels_by_line(text: str, blocks: Sequence[Block], given: Mapping[int, int]) -> list[int]:
    """The label of the line that each block begins in."""
    found, number, at = [], 0, 0
    for block in blocks:
        number += text.count("\n", at, block.start)
        at = block.start
        found.append(given.get(number, UNKNOWN))
    return found


def _labels_of_units(
    units: Sequence[Unit], blocks: Sequence[Block], of_block: Sequence[int]
) -> tuple[np.ndarray, np.ndarray]:
    """The label that most words of each unit have."""
    truth = []
    for unit in units:
        weights = {KEEP: 0, DROP: 0, UNKNOWN: 0}
        for i in range(unit.first, unit.last + 1):
            weights[of_block[i]] += blocks[i].words + 1
        same = weights[KEEP] == weights[DROP]
        truth.append(UNKNOWN if same else KEEP if weights[KEEP] > weights[DROP] else DROP)
    labels = np.array(truth, dtype=np.int8)
    return labels, labels != UNKNOWN


def completed(units: Sequence[Unit], labels: np.ndarray, body: str) -> np.ndarray:
    """Label what is unknown by whether the body would lack its words.

    The headline, a teaser of the story above it, a paragraph printed twice: the body holds such
    words, but another unit brings them already.
    """
    words = [_TOKEN.findall(u.text.casefold()) for u in units]
    lacking = Counter(_TOKEN.findall(body.casefold()))
    for own, label in zip(words, labels, strict=True):
        if label == KEEP:
            lacking.subtract(own)
    labels = labels.copy()
    for i in np.flatnonzero(labels == UNKNOWN).tolist():
        own = Counter(words[i])
        brought = sum(min(n, max(0, lacking[word])) for word, n in own.items())
        is_story = bool(own) and brought >= LEAST_COVER * sum(own.values())
        labels[i] = KEEP if is_story else DROP
        if is_story:
            lacking.subtract(own)
    return labels

"""Rebuild ``src/cleannews/boilerplate/skims.npz``: the learned scorer of the quick look.

    pip install '.[train]'
    python training/skims.py [--data DIR] [--folds 5] [--models DIR] [--only-folds]

As in ``training/blocks.py``, sites are dealt into folds, and what a page's names say was learned
without its site. ``--models`` writes one model for each fold, trained without that fold's sites:
those are what quality is measured with; ``--only-folds`` ends there.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from multiprocessing import Pool
from pathlib import Path
from types import SimpleNamespace
from typing import Any, ClassVar

import numpy as np
from blocks import TreeTrainer
from cross_validated import fold_of
from labelling import DROP, UNKNOWN
from pages import DATA, labels_in, records
from scorer import FORMAT, RANGES
from sklearn.isotonic import IsotonicRegression

from cleannews.boilerplate.naming import Names
from cleannews.boilerplate.skim_scorer import COLUMNS, features_of_pieces
from cleannews.reading.facts import Facts, facts_of
from cleannews.reading.html import parse_html
from cleannews.reading.skimming import Skim, length_of_prose, skim

TARGET = Path(__file__).parent.parent / "src" / "cleannews" / "boilerplate" / "skims.npz"
MOST_WORDS = 60
"""Words that one piece counts at most where the judgement is calibrated."""


@dataclass(frozen=True)
class SkimmedPage:
    """One labelled page, as the trainers of blocks take one.

    Attributes:
        site: Whose page it is.
        fold: The fold that its site is dealt into.
        seen: Its pieces, without the tree.
        facts: What it says of its story elsewhere.
        page: Its elements and pieces under the names that blocks have.
        labels: `KEEP`, `DROP` or `UNKNOWN`, one for each piece.
    """

    site: str
    fold: int
    seen: Skim
    facts: Facts
    page: Any
    labels: np.ndarray


def skimmed_pages(data: Path, folds: int) -> list[SkimmedPage]:
    """Return all pages that have pieces."""
    jobs = ((record, folds) for record in records(data))
    with Pool() as pool:
        return [p for p in pool.imap(_page_of, jobs, chunksize=16) if p is not None]


def _page_of(job: tuple[dict[str, Any], int]) -> SkimmedPage | None:
    record, folds = job
    root = parse_html(record["html"]).root
    if root is None:
        return None
    facts = facts_of(root)
    seen = skim(root, length_of_prose(record["html"]))
    seen.elements.clear()
    if not seen.pieces:
        return None
    texts = ["\n".join(piece.lines) for piece in seen.pieces]
    labels = labels_in(record, texts)
    page = SimpleNamespace(
        elements=SimpleNamespace(tags=seen.tags, names=seen.names, parents=seen.parents),
        seen=[SimpleNamespace(node=piece.node, leaf=-1) for piece in seen.pieces],
        blocks=[SimpleNamespace(words=len(text.split())) for text in texts],
    )
    site = record["site_key"]
    return SkimmedPage(site, fold_of(site, folds), seen, facts, page, labels)


class SkimTrainer(TreeTrainer):
    """Fits the judgement of the quick look: trees and networks."""

    prefix = ""
    other: ClassVar[dict[str, int]] = {"networks": 2}

    def look(self, page: SkimmedPage, names: Names) -> tuple[Sequence[str], np.ndarray]:
        """Return the names of the columns, and a page's rows."""
        return COLUMNS, features_of_pieces(page.seen, page.facts, names)

    def trained(self, out: int | None) -> tuple[dict[str, Any], np.ndarray]:
        """Return the arrays of a model without a fold, and its probabilities for that fold."""
        arrays, keep = super().trained(out)
        return arrays | self.arrays([] if out is None else [out]), keep

    def calibration(self, keep: np.ndarray) -> dict[str, np.ndarray]:
        """Measure which share of the words of each range of probability is boilerplate."""
        known = self.labels != UNKNOWN
        doubts, words = 1 - keep[known], np.minimum(self.sizes[known], MOST_WORDS) + 1.0
        is_drop = self.labels[known] == DROP
        middles, told, sizes = [], [], []
        for low, high in pairwise(RANGES):
            here = (doubts >= low) & (doubts < high)
            middles.append(round(float(doubts[here].mean()), 4))
            told.append(float(np.average(is_drop[here], weights=words[here])))
            sizes.append(float(words[here].sum()))
            print(f"| {low} to {min(high, 1)} | {int(here.sum())} | {told[-1]:.3f} |", flush=True)
        regression = IsotonicRegression(y_min=0, y_max=1)
        risen = regression.fit(middles, told, sample_weight=sizes).predict(middles)
        shares = np.round([0.0, *risen, risen[-1]], 4)
        return {"raw": np.array([0.0, *middles, 1.0]), "shares": shares}


def main() -> None:
    """Cross-validate, then train on everything and write the model."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=FORMAT)
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--folds", type=int, default=5)
    parser.add_argument("--models", type=Path, help="write each fold's model into this folder")
    parser.add_argument("--only-folds", action="store_true", help="leave the package's model alone")
    args = parser.parse_args()
    trainer = SkimTrainer(skimmed_pages(args.data, args.folds))
    print(f"{len(trainer.pages)} pages, {len(trainer.labels)} pieces", flush=True)
    parts, keep = [], np.zeros(len(trainer.labels), dtype=np.float32)
    for fold in range(args.folds):
        arrays, keep[trainer.fold == fold] = trainer.trained(fold)
        parts.append(arrays)
    calibration = trainer.calibration(keep)
    if args.models:
        args.models.mkdir(parents=True, exist_ok=True)
        for fold, part in enumerate(parts):
            np.savez_compressed(args.models / f"{fold}.npz", **part, **calibration)
    if not args.only_folds:
        np.savez_compressed(TARGET, **trainer.trained(None)[0], **calibration)
        print(f"{TARGET.name}: {TARGET.stat().st_size} bytes")


if __name__ == "__main__":
    main()

"""Rebuild ``src/cleannews/boilerplate/blocks.npz``: the learned scorer of HTML blocks.

    pip install '.[train]'
    python training/blocks.py [--data DIR] [--folds 5] [--models DIR] [--only-folds]

The sites are dealt into folds by a hash of their name, so that a site is never in training and test
at once. Lexicons of words and of elements' names come first, then the trees of the first look, then
those of the second, which sees how the first judged the blocks around. Whatever a look is trained
on was judged by lexicons and trees that have not seen that page's site, as it will be for the pages
of users. ``--models`` writes one model for each fold, trained without that fold's sites in every
step: those are what quality is measured with; ``--only-folds`` ends there. The result is the same,
bit for bit, for the same data and the same releases of CatBoost, scikit-learn and numpy.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from catboost import CatBoostClassifier
from labelling import UNKNOWN
from lexicon import UNIT, Words
from names import NAME_UNIT, NameWords
from pages import DATA, LabelledPage, labelled_pages
from scorer import FORMAT, RANGES, forest_of, site_draw

from cleannews.boilerplate.block_scorer import fast_look, first_look, names_of
from cleannews.boilerplate.layout import Layout
from cleannews.boilerplate.lexicon import Lexicon, Lines
from cleannews.boilerplate.surroundings import surroundings_of

TARGET = Path(__file__).parent.parent / "src" / "cleannews" / "boilerplate" / "blocks.npz"
BAGS, TREES, DEPTH, RATE, SHARE, BORDERS = 4, 80, 6, 0.2, 0.5, 32
"""Sets of trees, trees in each, questions of a tree, step of each tree, share of the sites that a
set is trained on, questions per feature."""


@dataclass(frozen=True)
class Lexicons:
    """What words and names say, learned without some folds."""

    words: tuple[np.ndarray, np.ndarray]
    names: dict[str, Any]

    def arrays(self) -> dict[str, Any]:
        """Return the lexicons as arrays of a model."""
        hashes, weights = self.words
        return {
            "hashes": hashes, "weights": weights, "weight_unit": np.float64(UNIT),
            "name_unit": np.float64(NAME_UNIT), **self.names,
        }  # fmt: skip


class Trainer:
    """Everything that is fitted, each with and without folds."""

    def __init__(self, pages: Sequence[LabelledPage]) -> None:
        self.pages = pages
        self.words, self.names = Words(pages), NameWords(pages)
        self.labels = np.concatenate([p.labels for p in pages])
        sizes = [np.array([b.words for b in p.page.blocks]) for p in pages]
        self.weights = np.sqrt(np.minimum(np.concatenate(sizes), 60)) + 0.5
        ends = np.cumsum([0, *map(len, sizes)]).tolist()
        self.rows = [slice(a, b) for a, b in pairwise(ends)]
        self.fold = np.concatenate(
            [np.full(len(s), p.fold) for p, s in zip(pages, sizes, strict=True)]
        )
        self.draws = np.concatenate(
            [
                np.tile([site_draw(p.site, bag) for bag in range(BAGS)], (len(s), 1))
                for p, s in zip(pages, sizes, strict=True)
            ]
        )
        self.known: dict[tuple[int, ...], Lexicons] = {}
        self.columns: tuple[str, ...] = ()

    def lexicons(self, without: Sequence[int]) -> Lexicons:
        """Return lexicons learned without some folds."""
        key = tuple(sorted(set(without)))
        if key not in self.known:
            self.known[key] = Lexicons(self.words.fit(key), self.names.fit(key))
        return self.known[key]

    def table(self, without: Sequence[int]) -> tuple[np.ndarray, list[Layout]]:
        """Return the first look's features, each page's by lexicons without its fold and others."""
        made, layouts = [], []
        tools: dict[int, Any] = {}
        for page in self.pages:
            if page.fold not in tools:
                told = self.lexicons([page.fold, *without])
                words = Lexicon(told.words[0], told.words[1].astype(np.float32) * np.float32(UNIT))
                tools[page.fold] = Lines(words), names_of(told.arrays())
            layout, self.columns, rows = first_look(page.page, page.claims, *tools[page.fold])
            made.append(rows)
            layouts.append(layout)
        return np.concatenate(made), layouts

    def fast_table(self, without: Sequence[int]) -> tuple[np.ndarray, tuple[str, ...]]:
        """Return the fast setting's features, each page's by lexicons without its fold."""
        made, columns = [], ()
        names = {
            fold: names_of(self.lexicons([fold, *without]).arrays())
            for fold in {p.fold for p in self.pages}
        }
        for page in self.pages:
            _, columns, rows = fast_look(page.page, names[page.fold])
            made.append(rows)
        return np.concatenate(made), columns

    def fit(self, table: np.ndarray, chosen: np.ndarray) -> list[CatBoostClassifier]:
        """Train the sets of trees on the chosen rows that have a label."""
        models = []
        for bag in range(BAGS):
            own = np.flatnonzero(chosen & (self.labels != UNKNOWN) & (self.draws[:, bag] < SHARE))
            model = CatBoostClassifier(
                iterations=TREES, depth=DEPTH, learning_rate=RATE, l2_leaf_reg=8, random_seed=bag,
                verbose=False, thread_count=2, border_count=BORDERS, bootstrap_type="No", rsm=0.4,
            )  # fmt: skip
            model.fit(table[own], self.labels[own], sample_weight=self.weights[own])
            models.append(model)
        return models

    def second_table(self, table: np.ndarray, layouts: Sequence[Layout], keep: np.ndarray
                     ) -> tuple[np.ndarray, list[str]]:  # fmt: skip
        """Return the second look's features."""
        made, names = [], []
        for layout, rows in zip(layouts, self.rows, strict=True):
            names, more = surroundings_of(layout, keep[rows])
            made.append(more)
        return np.hstack([table, np.concatenate(made)]), names


def keep_of(models: Sequence[CatBoostClassifier], table: np.ndarray) -> np.ndarray:
    """Return the probability that each row belongs to the story."""
    raw = [m.predict(table, prediction_type="RawFormulaVal") for m in models]
    return (1 / (1 + np.exp(-np.mean(raw, axis=0)))).astype(np.float32)


def trained(trainer: Trainer, folds: int, out: int | None) -> tuple[dict[str, Any], np.ndarray]:
    """Return a model trained without a fold, and its probabilities for that fold's blocks."""
    without = [] if out is None else [out]
    table, layouts = trainer.table(without)
    is_known = np.full(len(table), True) if out is None else trainer.fold != out
    keep = np.zeros(len(table), dtype=np.float32)
    for inner in range(folds):
        if inner != out:
            judged = trainer.fold == inner
            keep[judged] = keep_of(trainer.fit(table, is_known & ~judged), table[judged])
    first = trainer.fit(table, is_known)
    if out is not None:
        keep[~is_known] = keep_of(first, table[~is_known])
    whole, names = trainer.second_table(table, layouts, keep)
    del table, layouts
    second = trainer.fit(whole, is_known)
    left_out = keep_of(second, whole[~is_known]) if out is not None else keep[:0]
    del whole
    fast, fast_columns = trainer.fast_table(without)
    arrays = {
        "features": np.array([*trainer.columns, *names]),
        **forest_of(first, "first_"),
        **forest_of(second, "second_"),
        "fast_features": np.array(fast_columns),
        **forest_of(trainer.fit(fast, is_known), "fast_"),
        **trainer.lexicons(without).arrays(),
    }
    return arrays, left_out


def calibrate(doubts: np.ndarray, is_drop: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Share of boilerplate among the blocks of each range of raw probability, made to rise."""
    middles, shares = [], []
    print("| raw probability | blocks | boilerplate |\n|---|---|---|")
    for low, high in pairwise(RANGES):
        here = (doubts >= low) & (doubts < high)
        middles.append(round(float(doubts[here].mean()), 4))
        shares.append(float(is_drop[here].mean()))
        print(f"| {low} to {min(high, 1)} | {int(here.sum())} | {shares[-1]:.3f} |")
    risen = np.maximum.accumulate(shares)
    return np.array([0.0, *middles, 1.0]), np.round([0.0, *risen, risen[-1]], 4)


def main() -> None:
    """Cross-validate, then train on everything and write the model."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=FORMAT)
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--folds", type=int, default=5)
    parser.add_argument("--models", type=Path, help="write each fold's model into this folder")
    parser.add_argument("--only-folds", action="store_true", help="leave the package's model alone")
    args = parser.parse_args()
    start = time.time()
    pages = labelled_pages(args.data, args.folds)
    trainer = Trainer(pages)
    blocks = len(trainer.labels)
    print(f"{len(pages)} pages, {blocks} blocks, {time.time() - start:.0f} s", flush=True)
    models, keep = [], np.zeros(len(trainer.labels), dtype=np.float32)
    for fold in range(args.folds):
        arrays, keep[trainer.fold == fold] = trained(trainer, args.folds, fold)
        models.append(arrays)
        print(f"fold {fold} done, {time.time() - start:.0f} s", flush=True)
    known = trainer.labels != UNKNOWN
    raw, shares = calibrate(1 - keep[known], trainer.labels[known] == 0)
    calibration = {"raw": raw, "shares": shares}
    if args.models:
        args.models.mkdir(parents=True, exist_ok=True)
        for fold, arrays in enumerate(models):
            np.savez(args.models / f"{fold}.npz", **arrays, **calibration)
    if not args.only_folds:
        arrays, _ = trained(trainer, args.folds, None)
        np.savez(TARGET, **arrays, **calibration)
        print(f"{TARGET.name}: {TARGET.stat().st_size} bytes, {time.time() - start:.0f} s")


if __name__ == "__main__":
    main()

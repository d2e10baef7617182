"""Rebuild ``src/cleannews/boilerplate/blocks.npz``: the learned scorer of HTML blocks.

    pip install '.[train]'
    python training/blocks.py [--data DIR] [--folds 5] [--models DIR] [--only-folds]

The sites are dealt into folds by a hash of their name, so that a site is never in training and test
at once. First comes the judgement by the tree alone: weights of the words in elements' names,
boosted trees over a page's layout, and small convolutional networks over the same columns, whose
scores are averaged. Of the blocks that it leaves open the words are learned, then
the trees of the first look, then those of the second, which sees how the first judged the blocks
around. Whatever a look is trained on was judged by lexicons and trees that have not seen that
page's site, as it will be for the pages of users. ``--models`` writes one model for each fold,
trained without that fold's sites in every step: those are what quality is measured with;
``--only-folds`` ends there. The result is the same, bit for bit, for the same data, the same kind
of processor and the same releases of CatBoost, JAX, scikit-learn and numpy.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
from catboost import CatBoostClassifier
from labelling import DROP, UNKNOWN
from lexicon import UNIT, Words
from names import NAME_UNIT, NameWords, as_bytes
from network import Make, Pages, fit_networks
from pages import DATA, LabelledPage, labelled_pages, reduced
from scorer import FORMAT, RANGES, forest_of, site_draw
from sklearn.isotonic import IsotonicRegression

from cleannews.boilerplate.block_scorer import (
    BlockModel,
    first_look,
    judge,
    judge_by_tree,
    names_of,
    read_model,
    tree_look,
)
from cleannews.boilerplate.boxes import settled
from cleannews.boilerplate.layout import Layout
from cleannews.boilerplate.lexicon import lines_of
from cleannews.boilerplate.mixture import mixture_of
from cleannews.boilerplate.naming import Names
from cleannews.boilerplate.surroundings import surroundings_of

TARGET = Path(__file__).parent.parent / "src" / "cleannews" / "boilerplate" / "blocks.npz"
BAGS, TREES, DEPTH, RATE, SHARE, BORDERS = 4, 80, 6, 0.2, 0.5, 32
"""Sets of trees, trees in each, questions of a tree, step of each tree, share of the sites that a
set is trained on, questions per feature."""
NETWORKS = {"networks": 4, "channels": 16, "epochs": 30, "rows": 3072, "warm": 60}
"""What the networks are made of and how they are trained, see `Make`."""
NET_SHARE = 0.5
"""What the networks' score counts in the judgement by the tree; the trees' counts the rest."""
LONGEST = 200
"""Words that one block counts at most where networks learn what the pages' word F1 lacks."""
MOST_WORDS = 60
"""Words that one block counts at most where the judgements are calibrated."""


class Trainer:
    """What is fitted on blocks: their labels and weights, and whose they are."""

    def __init__(self, pages: Sequence[LabelledPage]) -> None:
        self.pages = pages
        self.labels = np.concatenate([p.labels for p in pages])
        sizes = [np.array([b.words for b in p.page.blocks]) for p in pages]
        self.sizes = np.concatenate(sizes)
        self.weights = np.sqrt(np.minimum(self.sizes, 60)) + 0.5
        ends = np.cumsum([0, *map(len, sizes)]).tolist()
        self.rows = [slice(a, b) for a, b in pairwise(ends)]
        counts = [len(size) for size in sizes]
        self.fold = np.repeat([p.fold for p in pages], counts)
        draws = [[site_draw(p.site, bag) for bag in range(BAGS)] for p in pages]
        self.draws = np.repeat(draws, counts, axis=0)

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


class TreeTrainer(Trainer):
    """Fits the judgement by the tree alone, on whole pages: trees and networks.

    Attributes:
        prefix: What the names of its arrays begin with.
        other: What differs from `NETWORKS`.
    """

    prefix = "tree_"
    other: ClassVar[dict[str, int]] = {}

    def __init__(self, pages: Sequence[Any]) -> None:
        super().__init__(pages)
        self.names = NameWords(pages)
        self.known: dict[tuple[int, ...], dict[str, Any]] = {}

    def arrays(self, without: Sequence[int]) -> dict[str, Any]:
        """Return what names say, learned without some folds, as arrays of a model."""
        key = tuple(sorted(set(without)))
        if key not in self.known:
            self.known[key] = {"name_unit": np.float64(NAME_UNIT), **self.names.fit(key)}
        return self.known[key]

    def look(self, page: Any, names: Names) -> tuple[Sequence[str], np.ndarray]:
        """Return the names of the columns, and a page's rows."""
        return tree_look(page.page, names)[1:]

    def trained(self, out: int | None) -> tuple[dict[str, Any], np.ndarray]:
        """Return the arrays of a model without a fold, and its probabilities for that fold."""
        without = [] if out is None else [out]
        folds = {p.fold for p in self.pages}
        names = {fold: names_of(self.arrays([fold, *without])) for fold in folds}
        made: list[np.ndarray] = []
        columns: Sequence[str] = ()
        for page in self.pages:
            columns, rows = self.look(page, names[page.fold])
            made.append(rows)
        table = np.concatenate(made)
        del made
        is_known = np.full(len(table), True) if out is None else self.fold != out
        arrays = {
            f"{self.prefix}features": as_bytes(columns),
            **forest_of(self.fit(table, is_known), self.prefix),
            **self.networks(table, out),
            f"{self.prefix}net_share": np.float64(NET_SHARE),
        }
        judges, keep = mixture_of(arrays, self.prefix), np.zeros(len(table), dtype=np.float32)
        for page, rows in zip(self.pages, self.rows, strict=True):
            if page.fold == out:
                keep[rows] = judges.probabilities(table[rows])
        return arrays, keep[~is_known]

    def networks(self, table: np.ndarray, out: int | None) -> dict[str, Any]:
        """Train the networks without a fold."""
        known = [i for i, page in enumerate(self.pages) if page.fold != out]
        rows = np.concatenate([np.arange(self.rows[i].start, self.rows[i].stop) for i in known])
        pages = Pages(
            Make(columns=table.shape[1], choices=(), **{**NETWORKS, **self.other}),
            table[rows],
            [len(self.pages[i].labels) for i in known],
            self.labels[rows],
            self.weights[rows],
            np.minimum(self.sizes[rows], LONGEST),
            np.ones(len(known)),
        )
        return fit_networks(pages, f"{self.prefix}net_")


class BlockTrainer(Trainer):
    """Fits the two looks at what the tree alone could not tell."""

    def __init__(self, pages: Sequence[LabelledPage], tree: TreeTrainer) -> None:
        super().__init__(pages)
        self.tree = tree
        self.words = Words(pages)
        self.known: dict[tuple[int, ...], tuple[np.ndarray, np.ndarray]] = {}
        self.columns: tuple[str, ...] = ()

    def arrays(self, without: Sequence[int]) -> dict[str, Any]:
        """Return what words and names say, learned without some folds, as arrays of a model."""
        key = tuple(sorted(set(without)))
        if key not in self.known:
            self.known[key] = self.words.fit(key)
        hashes, weights = self.known[key]
        own = {"hashes": hashes, "weights": weights, "weight_unit": np.float64(UNIT)}
        return {**own, **self.tree.arrays(without)}

    def table(self, without: Sequence[int]) -> tuple[np.ndarray, list[Layout]]:
        """Return the first look's features, each page's by lexicons without its fold and others."""
        made, layouts = [], []
        told = {f: self.arrays([f, *without]) for f in {p.fold for p in self.pages}}
        tools = {fold: (lines_of(own), names_of(own)) for fold, own in told.items()}
        for page in self.pages:
            layout, self.columns, rows = first_look(page.page, page.claims, *tools[page.fold])
            made.append(rows)
            layouts.append(layout)
        return np.concatenate(made), layouts

    def second_table(
        self, table: np.ndarray, layouts: Sequence[Layout], keep: np.ndarray
    ) -> tuple[np.ndarray, list[str]]:
        """Return the second look's features."""
        made, names = [], []
        for layout, rows in zip(layouts, self.rows, strict=True):
            names, more = surroundings_of(layout, keep[rows])
            made.append(more)
        return np.hstack([table, np.concatenate(made)]), names

    def trained(self, folds: int, out: int | None) -> tuple[dict[str, Any], np.ndarray]:
        """Return the arrays of a model without a fold, and its probabilities for that fold."""
        without = [] if out is None else [out]
        table, layouts = self.table(without)
        is_known = np.full(len(table), True) if out is None else self.fold != out
        keep = np.zeros(len(table), dtype=np.float32)
        for inner in range(folds):
            if inner != out:
                judged = self.fold == inner
                keep[judged] = keep_of(self.fit(table, is_known & ~judged), table[judged])
        first = self.fit(table, is_known)
        if out is not None:
            keep[~is_known] = keep_of(first, table[~is_known])
        whole, names = self.second_table(table, layouts, keep)
        del table, layouts
        second = self.fit(whole, is_known)
        arrays = {
            "features": as_bytes([*self.columns, *names]),
            **forest_of(first, "first_"),
            **forest_of(second, "second_"),
            **self.arrays(without),
        }
        return arrays, keep_of(second, whole[~is_known]) if out is not None else keep[:0]


def keep_of(models: Sequence[CatBoostClassifier], table: np.ndarray) -> np.ndarray:
    """Return the probability that each row belongs to the story."""
    raw = [m.predict(table, prediction_type="RawFormulaVal") for m in models]
    return (1 / (1 + np.exp(-np.mean(raw, axis=0)))).astype(np.float32)


def shares_of(rows: Sequence[tuple[np.ndarray, ...]]) -> dict[str, np.ndarray]:
    """Share of boilerplate among the words of each range of raw probability, made to rise.

    Args:
        rows: For each page, of its labelled blocks: raw probabilities of boilerplate, which stand
            inside the story, which are boilerplate, and their words.
    """
    doubts, is_inside, is_drop, words = (np.concatenate(c) for c in zip(*rows, strict=True))
    words = np.minimum(words, MOST_WORDS) + 1.0
    middles, told, sizes = [], [], []
    print("| raw probability | outside: blocks | boilerplate | inside: blocks | boilerplate |")
    print("|---|---|---|---|---|")
    for low, high in pairwise(RANGES):
        here = (doubts >= low) & (doubts < high)
        middles.append(round(float(doubts[here].mean()), 4))
        sides = [here & ~is_inside, here & is_inside]
        # A side without blocks says what the other says.
        used = [own if own.any() else here for own in sides]
        told.append([float(np.average(is_drop[own], weights=words[own])) for own in used])
        sizes.append([max(1.0, float(words[own].sum())) for own in sides])
        cells = [f"{int(own.sum())} | {s:.3f}" for own, s in zip(sides, told[-1], strict=True)]
        print(f"| {low} to {min(high, 1)} | {' | '.join(cells)} |", flush=True)
    shares = []
    for measured, weights in zip(np.array(told).T, np.array(sizes).T, strict=True):
        regression = IsotonicRegression(y_min=0, y_max=1)
        risen = regression.fit(middles, measured, sample_weight=weights).predict(middles)
        shares.append([0.0, *risen, risen[-1]])
    return {"raw": np.array([0.0, *middles, 1.0]), "shares": np.round(shares, 4)}


def calibration_of(
    tree: TreeTrainer, blocks: BlockTrainer, models: Sequence[BlockModel]
) -> dict[str, np.ndarray]:
    """Measure both judgements with the models that have not seen a page's site."""
    told = {}
    for name, trainer in (("tree_", tree), ("", blocks)):
        rows = []
        for page in trainer.pages:
            model = models[page.fold]
            if name:
                layout, keep = judge_by_tree(page.page, model)
            else:
                layout, keep = judge(page.page, page.claims, model)
            before = keep
            keep, is_inside, _ = settled(layout, keep)
            known = (page.labels != UNKNOWN) & (keep == before)
            is_drop = page.labels[known] == DROP
            rows.append((1 - keep[known], is_inside[known], is_drop, layout.words[known]))
        told |= {f"{name}{key}": value for key, value in shares_of(rows).items()}
    return told


def main() -> None:
    """Cross-validate, then train on everything and write the model."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=FORMAT)
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--folds", type=int, default=5)
    parser.add_argument("--models", type=Path, help="write each fold's model into this folder")
    parser.add_argument("--only-folds", action="store_true", help="leave the package's model alone")
    args = parser.parse_args()
    start = time.time()

    def say(what: str) -> None:
        print(f"{what}, {time.time() - start:.0f} s", flush=True)

    tree = TreeTrainer(labelled_pages(args.data, args.folds))
    say(f"{len(tree.pages)} pages, {len(tree.labels)} blocks")
    parts: list[dict[str, Any]] = []
    keep = np.zeros(len(tree.labels), dtype=np.float32)
    for fold in range(args.folds):
        arrays, keep[tree.fold == fold] = tree.trained(fold)
        parts.append(arrays)
        say(f"tree without fold {fold}")
    blocks = BlockTrainer(reduced(tree.pages, [keep[rows] for rows in tree.rows]), tree)
    say(f"{len(blocks.pages)} pages, {len(blocks.labels)} blocks that the tree leaves open")
    for fold in range(args.folds):
        parts[fold] |= blocks.trained(args.folds, fold)[0]
        say(f"looks without fold {fold}")
    with tempfile.TemporaryDirectory() as folder:
        models = [load(part, Path(folder) / f"{i}.npz") for i, part in enumerate(parts)]
    calibration = calibration_of(tree, blocks, models)
    if args.models:
        args.models.mkdir(parents=True, exist_ok=True)
        for fold, part in enumerate(parts):
            np.savez(args.models / f"{fold}.npz", **part, **calibration)
    if not args.only_folds:
        whole = tree.trained(None)[0] | blocks.trained(args.folds, None)[0]
        np.savez(TARGET, **whole, **calibration)
        say(f"{TARGET.name}: {TARGET.stat().st_size} bytes")


def load(arrays: dict[str, Any], path: Path) -> BlockModel:
    """Return a model as cleannews reads it, not calibrated yet."""
    blank = {"raw": np.zeros(1), "shares": np.zeros((2, 1))}
    np.savez(path, **arrays, **blank, **{f"tree_{k}": v for k, v in blank.items()})
    return read_model(path)


if __name__ == "__main__":
    main()

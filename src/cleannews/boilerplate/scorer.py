"""The learned scorer: how likely each line belongs to the story.

Gradient-boosted oblivious trees: every level of a tree asks one question of all lines, so a page is
scored by a few numpy operations. No training library is needed; ``training/scorer.py`` rebuilds the
model.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from importlib.resources import as_file, files
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from cleannews.boilerplate.characters import Floats
from cleannews.boilerplate.features import FEATURES
from cleannews.boilerplate.lexicon import Lexicon, Lines

AT_ONCE = 2000
"""Lines scored together; more would only take memory."""


@dataclass(frozen=True, slots=True)
class Trees:
    """A model.

    Attributes:
        columns: Index of the feature that each level of each tree asks about, (levels, trees).
        borders: What it is compared with, same shape; a greater value sets the level's bit.
        leaves: Score of each leaf, (trees, 2 ** levels).
        bias: Score before any tree.
        raw: Calibration: raw probabilities of boilerplate, rising.
        shares: Share of the lines so scored that are boilerplate, one for each of `raw`.
        lines: What is known of single lines under the model's lexicon.
    """

    columns: NDArray[np.intp]
    borders: Floats
    leaves: Floats
    bias: float
    raw: NDArray[np.float64]
    shares: NDArray[np.float64]
    lines: Lines
    _starts: NDArray[np.intp] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        trees, leaves = self.leaves.shape
        object.__setattr__(self, "_starts", (np.arange(trees) * leaves)[:, None])

    def scores(self, features: Floats) -> NDArray[np.float32]:
        """Return the sum of the leaves that each row of features falls into, with the bias."""
        rows = np.ascontiguousarray(features.T, dtype=np.float32)
        leaf = np.zeros((self.columns.shape[1], rows.shape[1]), dtype=np.uint8)
        for level, columns in enumerate(self.columns):
            above = rows.take(columns, axis=0) > self.borders[level][:, None]
            leaf |= above.view(np.uint8) << np.uint8(level)
        reached = self.leaves.ravel().take(leaf + self._starts)
        scores: NDArray[np.float32] = reached.sum(axis=0) + np.float32(self.bias)
        return scores


@cache
def model() -> Trees:
    """Return the model that comes with cleannews."""
    with as_file(files("cleannews.boilerplate").joinpath("scorer.npz")) as path:
        return read_model(path)


def read_model(path: Path) -> Trees:
    """Return the model that the training script wrote.

    Raises:
        ValueError: The model was trained on other features.
    """
    with np.load(path, allow_pickle=False) as told:
        if tuple(told["features"].tolist()) != FEATURES:
            raise ValueError("the scorer's model was trained on other features; rebuild it")
        return Trees(
            columns=told["columns"].astype(np.intp),
            borders=told["borders"],
            leaves=told["leaves"].astype(np.float32) * np.float32(told["leaf_unit"]),
            bias=float(told["bias"]),
            raw=told["raw"],
            shares=told["shares"],
            lines=Lines(
                Lexicon(
                    told["hashes"],
                    told["weights"].astype(np.float32) * np.float32(told["weight_unit"]),
                )
            ),
        )


def keep_probabilities(features: Floats, trees: Trees | None = None) -> Floats:
    """Return for each row of features the probability, 0..1, that it belongs to the story.

    Args:
        features: One row for each unit, columns as in `FEATURES`.
        trees: Another model than the one that comes with cleannews.
    """
    trees = trees or model()
    scored = [
        trees.scores(features[at : at + AT_ONCE]) for at in range(0, len(features), AT_ONCE)
    ]
    probabilities: Floats = 1.0 / (1.0 + np.exp(-np.concatenate(scored)))
    return probabilities


def calibrated(doubts: Floats, trees: Trees | None = None) -> NDArray[np.float64]:
    """Return for each raw probability of boilerplate the share of such lines that are boilerplate.

    Source:
        Piecewise linear through the shares measured on pages of sites unseen in training.
    """
    trees = trees or model()
    shares: NDArray[np.float64] = np.interp(doubts, trees.raw, trees.shares)
    return shares

"""Gradient-boosted oblivious trees, answered by numpy alone.

Every level of such a tree asks one question of all rows, so that a page is scored by a few
operations on arrays.

Source:
    Prokhorenkova et al., "CatBoost: unbiased boosting with categorical features" (2018), section on
    oblivious trees.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cleannews.boilerplate.characters import Floats

AT_ONCE = 2000
"""Rows scored together; more would only take memory."""


@dataclass(frozen=True, slots=True)
class Forest:
    """Trees and the score before any of them.

    Attributes:
        columns: Index of the feature that each level of each tree asks about, (levels, trees).
        borders: What it is compared with, same shape; a greater value sets the level's bit.
        leaves: Score of each leaf, (trees, 2 ** levels).
        bias: Score before any tree.
    """

    columns: NDArray[np.intp]
    borders: Floats
    leaves: Floats
    bias: float
    _starts: NDArray[np.intp] = field(init=False, repr=False, compare=False)
    _asked: tuple[NDArray[np.intp], Floats] = field(init=False, repr=False, compare=False)
    _answers: NDArray[np.intp] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        trees, leaves = self.leaves.shape
        object.__setattr__(self, "_starts", (np.arange(trees) * leaves)[:, None])
        # Two in five questions are asked by several trees: each is answered once.
        order = np.lexsort((self.borders.ravel(), self.columns.ravel()))
        columns, borders = self.columns.ravel()[order], self.borders.ravel()[order]
        is_new = np.ones(len(order), dtype=np.bool_)
        is_new[1:] = (columns[1:] != columns[:-1]) | (borders[1:] != borders[:-1])
        answers = np.empty(len(order), dtype=np.intp)
        answers[order] = np.cumsum(is_new) - 1
        object.__setattr__(self, "_asked", (columns[is_new], borders[is_new][:, None]))
        object.__setattr__(self, "_answers", answers.reshape(self.columns.shape)[::-1])

    def scores(self, features: Floats) -> NDArray[np.float32]:
        """Return the sum of the leaves that each row of features falls into, with the bias."""
        rows = np.ascontiguousarray(features.T, dtype=np.float32)
        columns, borders = self._asked
        answers = (rows.take(columns, axis=0) > borders).view(np.uint8)
        # The last level's bit is the highest: doubling makes room for the one below it.
        deepest, *others = self._answers
        leaf = answers.take(deepest, axis=0)
        for level in others:
            leaf += leaf
            leaf += answers.take(level, axis=0)
        reached = self.leaves.ravel().take(leaf + self._starts)
        scores: NDArray[np.float32] = reached.sum(axis=0) + np.float32(self.bias)
        return scores

    def all_scores(self, features: Floats) -> NDArray[np.float32]:
        """Return what `scores` does, for any number of rows in bounded memory."""
        starts = range(0, len(features), AT_ONCE)
        return np.concatenate([self.scores(features[at : at + AT_ONCE]) for at in starts])

    def probabilities(self, features: Floats) -> Floats:
        """Return the logistic function of each row's score."""
        return logistic(self.all_scores(features))


def logistic(scores: Floats) -> Floats:
    """Return the probability, 0..1, that each score, a log-odds, stands for."""
    probabilities: Floats = (1.0 / (1.0 + np.exp(-scores))).astype(np.float32)
    return probabilities


def forest_arrays(told: Mapping[str, Any], name: str = "") -> dict[str, Any]:
    """Return the fields of a forest from a model's arrays, whose names begin with `name`."""
    unit = np.float32(told[f"{name}leaf_unit"])
    return {
        "columns": told[f"{name}columns"].astype(np.intp),
        "borders": told[f"{name}borders"],
        "leaves": told[f"{name}leaves"].astype(np.float32) * unit,
        "bias": float(told[f"{name}bias"]),
    }

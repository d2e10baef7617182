"""Gradient-boosted oblivious trees that judge lines and blocks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cleannews.boilerplate.characters import Floats
from cleannews.metadata.trees import Questions

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
    _questions: Questions = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        trees, leaves = self.leaves.shape
        object.__setattr__(self, "_starts", (np.arange(trees) * leaves)[:, None])
        # The last level's bit is the highest.
        object.__setattr__(self, "_questions", Questions(self.columns[::-1], self.borders[::-1]))

    def scores(self, features: Floats) -> NDArray[np.float32]:
        """Return the sum of the leaves that each row of features falls into, with the bias."""
        leaf = self._questions.leaves(features)
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

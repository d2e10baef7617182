"""Choosing among candidates: small learned trees, and what their scores are worth.

A model is a table of numbers in ``models.json``, rebuilt by ``training/metadata.py``: oblivious
trees (every level of a tree asks one question), and a calibration that was measured on sites the
trees had not seen.
"""

from __future__ import annotations

import json
import math
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from itertools import repeat
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cleannews.metadata.trees import Questions

Features = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Model:
    """Trees over named features.

    Attributes:
        features: Names, in the order of the trees' columns.
        columns: Column that each level of each tree asks about, (trees, levels).
        borders: What it is compared with, same shape; its first level is the highest bit.
        leaves: Score of each leaf, (trees, 2 ** levels).
        bias: What every score starts from.
        scores: Borders of the calibration, rising.
        shares: For each step between borders the share that was right.
        threshold: Probability from which a value is given.
    """

    features: tuple[str, ...]
    columns: NDArray[np.intp]
    borders: NDArray[np.float64]
    leaves: NDArray[np.float64]
    bias: float
    scores: tuple[float, ...]
    shares: tuple[float, ...]
    threshold: float
    _starts: NDArray[np.intp] = field(init=False, repr=False, compare=False)
    _questions: Questions = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        trees, leaves = self.leaves.shape
        object.__setattr__(self, "_starts", np.arange(trees) * leaves)
        object.__setattr__(self, "_questions", Questions(self.columns.T, self.borders.T))

    def probabilities(self, rows: Sequence[Features]) -> list[float]:
        """Return the probability of each row by the trees alone; a feature not given is 0."""
        if not rows:
            return []
        zeros = repeat(0.0)
        table = [list(map(row.get, self.features, zeros)) for row in rows]
        return self._judged(np.array(table, dtype=np.float32))

    def probabilities_of(self, columns: Mapping[str, Sequence[float]]) -> list[float]:
        """Return the same from each feature's values, one for each row."""
        return self._judged(np.array([columns[n] for n in self.features], dtype=np.float32).T)

    def _judged(self, table: NDArray[np.float32]) -> list[float]:
        reached = self._questions.leaves(table).T + self._starts
        scores = self.leaves.ravel().take(reached).sum(axis=1) + self.bias
        return [float(p) for p in 1 / (1 + np.exp(-np.clip(scores, -30, 30)))]

    def confidence(self, probability: float) -> float:
        """Return the share of values given with this probability that were right."""
        return self.shares[bisect_right(self.scores, probability)] if self.shares else probability

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Model:
        """Build from the form that the training script writes."""
        depth = max(len(questions) for questions, _ in data["trees"])
        trees = [_padded(questions, leaves, depth) for questions, leaves in data["trees"]]
        return cls(
            features=tuple(data["features"]),
            columns=np.array([[c for c, _ in questions] for questions, _ in trees], dtype=np.intp),
            borders=np.array(
                [[b for _, b in questions] for questions, _ in trees], dtype=np.float32
            ),
            leaves=np.array([leaves for _, leaves in trees], dtype=np.float64),
            bias=data["bias"],
            scores=tuple(data["scores"]),
            shares=tuple(data["shares"]),
            threshold=data["threshold"],
        )


def _padded(questions: list[Any], leaves: list[float], depth: int) -> tuple[list[Any], list[float]]:
    """Return a tree of full depth: questions that are always answered no stand in front."""
    missing = depth - len(questions)
    return [[0, math.inf]] * missing + questions, leaves + [0.0] * (2**depth - len(leaves))


@cache
def _models() -> dict[str, Model]:
    path = files("cleannews.metadata").joinpath("models.json")
    data = json.loads(path.read_text(encoding="utf-8"))
    return {name: Model.from_dict(model) for name, model in data.items()}


def model(name: str) -> Model:
    """Return a model that the package ships.

    Args:
        name: ``title``, ``author``, ``date``, or one of them behind ``text-`` for flat texts.
    """
    return _models()[name]

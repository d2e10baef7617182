"""The learned scorer: how likely each line belongs to the story.

Gradient-boosted oblivious trees: every level of a tree asks one question of all lines, so a page is
scored by a few numpy operations. No training library is needed; ``training/scorer.py`` rebuilds the
model.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from cleannews.boilerplate.features import FEATURES, Floats

AT_ONCE = 4000
"""Lines scored together; more would only take memory."""


@dataclass(frozen=True, slots=True)
class Trees:
    """A model.

    Attributes:
        columns: Index of the feature that each level of each tree asks about, (levels, trees).
        borders: What it is compared with, same shape; a greater value sets the level's bit.
        leaves: Score of each leaf, (trees, 2 ** levels).
        bias: Score before any tree.
        steps: Calibration: (raw probability, share of lines so scored that are boilerplate).
    """

    columns: NDArray[np.intp]
    borders: NDArray[np.float32]
    leaves: Floats
    bias: float
    steps: tuple[tuple[float, float], ...]


@cache
def model() -> Trees:
    """Return the model that comes with cleannews."""
    path = files("cleannews.boilerplate").joinpath("scorer.json")
    return read_model(path.read_text(encoding="utf-8"))


def read_model(content: str) -> Trees:
    """Return the model written in JSON by the training script.

    Raises:
        ValueError: The model was trained on other features.
    """
    told = json.loads(content)
    if tuple(told["features"]) != FEATURES:
        raise ValueError("the scorer's model was trained on other features; rebuild it")
    return Trees(
        columns=np.array(told["columns"], dtype=np.intp).T,
        borders=np.array(told["borders"], dtype=np.float32).T,
        leaves=np.array(told["leaves"], dtype=np.float64) * told["scale"],
        bias=float(told["bias"]),
        steps=tuple((float(raw), float(share)) for raw, share in told["calibration"]),
    )


def keep_probabilities(features: Floats, trees: Trees | None = None) -> Floats:
    """Return for each row of features the probability, 0..1, that it belongs to the story.

    Args:
        features: One row for each unit, columns as in `FEATURES`.
        trees: Another model than the one that comes with cleannews.
    """
    trees = trees or model()
    scored = [
        _scores(features[at : at + AT_ONCE], trees) for at in range(0, len(features), AT_ONCE)
    ]
    probabilities: Floats = 1.0 / (1.0 + np.exp(-np.concatenate(scored)))
    return probabilities


def _scores(features: Floats, trees: Trees) -> Floats:
    rows = features.astype(np.float32).T
    count = trees.columns.shape[1]
    leaf = np.zeros((count, features.shape[0]), dtype=np.intp)
    for level, columns in enumerate(trees.columns):
        leaf |= (rows[columns] > trees.borders[level][:, None]) << level
    scores: Floats = trees.bias + trees.leaves[np.arange(count)[:, None], leaf].sum(axis=0)
    return scores


def calibrated(doubts: Floats, trees: Trees | None = None) -> Floats:
    """Return for each raw probability of boilerplate the share of such lines that are boilerplate.

    Source:
        Piecewise linear through the shares measured on pages of sites unseen in training.
    """
    steps = (trees or model()).steps
    shares: Floats = np.interp(doubts, [raw for raw, _ in steps], [share for _, share in steps])
    return shares

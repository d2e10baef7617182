"""From which probability on it pays to keep a piece of a page, by the F1 that can be expected."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

USUAL = 0.4
"""What is asked of a page that leaves little doubt; no less is asked where it would pay only a
little."""


def best_expected_f1(words: NDArray[Any], hopes: NDArray[Any]) -> float:
    """Return the best F1 that can be expected of keeping the likeliest pieces.

    Args:
        words: Length of each piece.
        hopes: Probability of each that it belongs to the story.

    >>> round(best_expected_f1(np.array([10.0, 10.0]), np.array([1.0, 0.2])), 3)
    0.909
    """
    order = np.argsort(-hopes, kind="stable")
    right = np.cumsum((words * hopes)[order])
    if not len(right):
        return 0.0
    return float((2 * right / np.maximum(1.0, np.cumsum(words[order]) + right[-1])).max())


def whole_expected_f1(words: NDArray[Any], hopes: NDArray[Any]) -> float:
    """Return the F1 that can be expected of keeping everything.

    >>> round(whole_expected_f1(np.array([10.0, 10.0]), np.array([1.0, 0.2])), 3)
    0.75
    """
    right = float((words * hopes).sum())
    return 2 * right / max(1.0, float(words.sum()) + right)


def paying(best: float) -> float:
    """Return the probability from which a piece pays; 1 where what is usual asks for less.

    Source:
        Lipton, Elkan, Naryanaswamy: Optimal thresholding of classifiers to maximize F1 measure
        (2014): it is half of the best F1.
    """
    return best / 2 if best / 2 < USUAL else 1.0

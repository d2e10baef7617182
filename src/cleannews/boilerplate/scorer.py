"""The learned scorer: how likely each line belongs to the story, by trees and by networks.

No training library is needed; ``training/scorer.py`` rebuilds the model.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import as_file, files
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from cleannews.boilerplate.characters import Floats
from cleannews.boilerplate.features import FEATURES
from cleannews.boilerplate.lexicon import Lines, lines_of
from cleannews.boilerplate.mixture import Mixture, mixture_of

EVEN = 0.5
"""Probability at which a line speaks neither for the story nor against it."""
HEAVIEST = 60.0
"""Words that one line counts at most where the story is looked for."""


@dataclass(frozen=True, slots=True)
class LineModel:
    """A model.

    Attributes:
        judges: The trees and networks.
        raw: Calibration: raw probabilities of boilerplate, rising.
        shares: Share of the lines so scored that are boilerplate, one for each of `raw`: in the
            first row for lines outside the story, in the second for lines inside it.
        lines: What is known of single lines under the model's lexicon.
    """

    judges: Mixture
    raw: NDArray[np.float64]
    shares: NDArray[np.float64]
    lines: Lines


@cache
def model() -> LineModel:
    """Return the model that comes with cleannews."""
    with as_file(files("cleannews.boilerplate").joinpath("scorer.npz")) as path:
        return read_model(path)


def read_model(path: Path) -> LineModel:
    """Return the model that the training script wrote.

    Raises:
        ValueError: The model was trained on other features.
    """
    with np.load(path, allow_pickle=False) as told:
        if tuple(told["features"].tolist()) != FEATURES:
            raise ValueError("the scorer's model was trained on other features; rebuild it")
        return LineModel(
            judges=mixture_of(told),
            raw=told["raw"],
            shares=told["shares"],
            lines=lines_of(told),
        )


def story_of(keep: Floats, words: Floats) -> tuple[int, int] | None:
    """Return the first and last unit of the heaviest run of what is likely the story.

    Args:
        keep: Probability of each unit that it belongs to the story.
        words: Its length in words; 0 for what is no matter of doubt.

    Returns:
        None when nothing is more likely than not the story.

    Source:
        Kadane's algorithm for the heaviest segment (Bentley, "Programming Pearls", 1984).
    """
    gains = (keep - EVEN) * np.minimum(words, HEAVIEST)
    sums = np.concatenate([[0.0], np.cumsum(gains, dtype=np.float64)])
    stop = int(np.argmax(sums - np.minimum.accumulate(sums)))
    if not stop:
        return None
    return int(np.argmin(sums[:stop])), stop - 1


def calibrated(
    doubts: Floats, is_inside: NDArray[np.bool_], trained: LineModel | None = None
) -> NDArray[np.float64]:
    """Return for each raw probability of boilerplate the share of such lines that are boilerplate.

    Args:
        doubts: Raw probabilities.
        is_inside: The line stands inside the story, see `story_of`.
        trained: Another model than the one that comes with cleannews.

    Source:
        Piecewise linear through the shares measured on pages of sites unseen in training.
    """
    trained = trained or model()
    outside, inside = (np.interp(doubts, trained.raw, shares) for shares in trained.shares)
    shares: NDArray[np.float64] = np.where(is_inside, inside, outside)
    return shares

"""Small convolutional networks over the lines of a page, answered by numpy alone.

Trees ask about one line at a time, and know of its neighbours what the columns tell. A network sees
the lines around a line, near and far, and the page as a whole; it is surer of where a story ends,
and loses less of it.

Source:
    Dilated convolutions with residual connections after Bai, Kolter and Koltun, "An Empirical
    Evaluation of Generic Convolutional and Recurrent Networks for Sequence Modeling" (2018); ours
    look both ways.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from cleannews.boilerplate.characters import Floats

FARTHEST = 4.0
"""Standard deviations from the mean at which a column's values are cut off."""
ONE_PROCESSOR = 1 << 18
"""Most products of two numbers in a matrix product that OpenBLAS leaves to one processor."""
_WEIGHTS = ("means", "scales", "first", "first_bias", "steps", "step_biases", "page", "last")


@dataclass(frozen=True, slots=True)
class Network:
    """Networks of one shape, answered together and averaged.

    Attributes:
        means: What is subtracted from each column.
        scales: What it is then multiplied with; 0 where a column names one of several kinds.
        choices: For each such column: its index, its least value, the row of `first` that stands
            for that value.
        first: Weights of the columns and of the kinds, (inputs, networks * channels).
        first_bias: (networks * channels,).
        steps: Weights of the convolutions: of the line above, of the line itself and of the one
            below, as far away as two to the power of the step, (steps, 3, networks, channels,
            channels).
        step_biases: (steps, networks, 1, channels).
        page: Weights of the mean and of the greatest over all lines, which the step in the middle
            adds, (networks, 2 * channels, channels).
        last: Weights of the channels after all steps and before them, (networks, 2, channels, 1).
        bias: Score before anything.
    """

    means: Floats
    scales: Floats
    choices: tuple[tuple[int, int, int], ...]
    first: Floats
    first_bias: Floats
    steps: Floats
    step_biases: Floats
    page: Floats
    last: Floats
    bias: float

    def scores(self, features: Floats) -> Floats:
        """Return the score of each line, its log-odds of belonging to the story.

        Args:
            features: One row for each line of a page, all of them, in order.
        """
        before = state = self._opening(features)
        size = len(features)
        for step, (above, own, below) in enumerate(self.steps):
            new = _product(state, own)
            new += self.step_biases[step]
            away = 1 << step
            if away < size:
                new[:, away:] += _product(state[:, :-away], above)
                new[:, :-away] += _product(state[:, away:], below)
            if step == len(self.steps) // 2:
                ends = state.mean(axis=1, keepdims=True), state.max(axis=1, keepdims=True)
                new += np.concatenate(ends, axis=2) @ self.page
            np.maximum(new, 0, out=new)
            new += state
            state = new
        each = state @ self.last[:, 0] + before @ self.last[:, 1]
        scores: Floats = each.mean(axis=0)[:, 0] + np.float32(self.bias)
        return scores

    def _opening(self, features: Floats) -> Floats:
        """What each line says by itself, (networks, lines, channels)."""
        values = features - self.means
        values *= self.scales
        np.minimum(np.maximum(values, -FARTHEST, out=values), FARTHEST, out=values)
        opening = _product(values, self.first[: len(self.means)])
        opening += self.first_bias
        for column, least, row in self.choices:
            opening += self.first[features[:, column].astype(np.intp) + (row - least)]
        np.maximum(opening, 0, out=opening)
        networks, _, channels = self.page.shape
        return np.ascontiguousarray(
            opening.reshape(len(features), networks, channels).transpose(1, 0, 2)
        )


def _product(values: Floats, weights: Floats) -> Floats:
    """Return the matrix product, some lines at a time.

    A product of more is spread over all processors, where it takes twice the time of one of them:
    the others wait for the next one at full speed.
    """
    most = ONE_PROCESSOR // (weights.shape[-2] * weights.shape[-1])
    size = values.shape[-2]
    if size <= most:
        return values @ weights
    parts = [values[..., at : at + most, :] @ weights for at in range(0, size, most)]
    return np.concatenate(parts, axis=-2)


def network_of(told: Mapping[str, Any], prefix: str = "net_") -> Network | None:
    """Return the networks among a model's arrays; None where it has none.

    Args:
        told: The arrays.
        prefix: What their names begin with.
    """
    if f"{prefix}first" not in told:
        return None
    arrays = {name: told[prefix + name].astype(np.float32) for name in _WEIGHTS}
    choices = tuple((int(c), int(least), int(row)) for c, least, row in told[f"{prefix}choices"])
    return Network(choices=choices, bias=float(told[f"{prefix}bias"]), **arrays)

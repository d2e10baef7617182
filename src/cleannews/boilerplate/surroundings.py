"""Features of blocks for the second look: how the first look judged what stands around them.

A comment reads like a story, a line of a list like a menu; what gives them away are the hundred
others beside them.

Source:
    Stacking (Wolpert, "Stacked Generalization", 1992) over neighbours in the text and in the tree.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from cleannews.boilerplate.characters import Floats
from cleannews.boilerplate.layout import FAR, MOST_PROSE, Layout, shifted
from cleannews.boilerplate.scorer import EVEN, story_of

_WINDOWS = (4, 12, 40)
_CLEAREST = 1e-4
_STEPS = (1, 2, 3, -1, -2, -3)
_LEVELS = 5
_NO_NEIGHBOUR = -9.0


def surroundings_of(layout: Layout, keep: Floats) -> tuple[list[str], Floats]:
    """Return the names of the columns, and one row of them for each block.

    Args:
        layout: The page's elements and blocks.
        keep: Probability, 0..1, of each block that it belongs to the story, by the first look.
    """
    made = _Surroundings(layout, keep.astype(np.float64))
    table = np.empty((len(made.rows), layout.size), dtype=np.float32)
    for i, row in enumerate(made.rows):
        table[i] = row
    return made.columns, table.T


class _Surroundings:
    def __init__(self, layout: Layout, keep: Floats) -> None:
        self.rows: list[Any] = []
        self.columns: list[str] = []
        self.layout, self.keep = layout, keep
        self.weight = np.sqrt(np.minimum(layout.words, 100) + 0.5)
        self.story = keep * np.minimum(layout.words, MOST_PROSE)
        self.total = max(float(self.story.sum()), 1.0)
        self._neighbours()
        self._windows()
        self._containers()
        self._makes()
        self._run()

    def _put(self, name: str, values: Any) -> None:
        self.columns.append(name)
        self.rows.append(values)

    def _neighbours(self) -> None:
        clear = np.clip(self.keep, _CLEAREST, 1 - _CLEAREST)
        odds = np.log(clear / (1 - clear))
        self._put("first", odds)
        for step in _STEPS:
            self._put(f"first_{step}", shifted(odds, step, _NO_NEIGHBOUR))

    def _windows(self) -> None:
        index, size = self.layout.index, self.layout.size
        weights = np.concatenate([[0.0], np.cumsum(self.weight)])
        kept = np.concatenate([[0.0], np.cumsum(self.weight * self.keep)])
        story = np.concatenate([[0.0], np.cumsum(self.story)])
        for width in _WINDOWS:
            low, high = np.maximum(index - width, 0), np.minimum(index + 1 + width, size)
            above = np.maximum(weights[index] - weights[low], 0.1)
            below = np.maximum(weights[high] - weights[index + 1], 0.1)
            self._put(f"above_{width}", (kept[index] - kept[low]) / above)
            self._put(f"below_{width}", (kept[high] - kept[index + 1]) / below)
        self._put("story_before", story[:-1] / self.total)
        self._put("story_after", 1 - story[1:] / self.total)
        self._put("story_words", np.log1p(self.total))
        words = max(1.0, float(np.minimum(self.layout.words, MOST_PROSE).sum()))
        self._put("story_share", self.total / words)

    def _containers(self) -> None:
        layout = self.layout
        outline = layout.outline
        weights = outline.sums(self.weight)
        kept, story = outline.sums(self.weight * self.keep), outline.sums(self.story)
        at = layout.node
        for level in range(_LEVELS):
            others = np.maximum(weights[at] - self.weight, 0.5)
            self._put(f"in_{level}", (kept[at] - self.weight * self.keep) / others)
            if level:
                self._put(f"story_in_{level}", story[at] / self.total)
            at = outline.above(at)

    def _makes(self) -> None:
        make = self.layout.make
        weights = np.bincount(make, weights=self.weight)
        kept = np.bincount(make, weights=self.weight * self.keep)
        others = weights[make] - self.weight
        mean = (kept[make] - self.weight * self.keep) / np.maximum(others, 0.5)
        self._put("make", mean)

    def _run(self) -> None:
        """The heaviest run of what the first look took for the story."""
        index, size = self.layout.index, self.layout.size
        start, last = story_of(self.keep, self.layout.words) or (0, -1)
        gains = (self.keep - EVEN) * np.minimum(self.layout.words, MOST_PROSE)
        sums = np.concatenate([[0.0], np.cumsum(gains)])
        self._put("from_first", np.clip(index - start, -FAR, FAR))
        self._put("from_last", np.clip(index - last, -FAR, FAR))
        self._put("run", np.log1p(max(0, last - start)))
        below = sums[np.minimum(index + 1, size)] - sums[last + 1]
        above = np.where(index < start, sums[start] - sums[:-1], 0)
        self._put("fall", np.where(index > last, below, above))
        inside = (index >= start) & (index <= last)
        weight = max(0.5, float(self.weight[inside].sum()))
        self._put("run_share", float(self.story[inside].sum()) / self.total)
        self._put("run_mean", float((self.weight * self.keep)[inside].sum()) / weight)

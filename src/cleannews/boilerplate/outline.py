"""The elements around a page's blocks: what tags and names say, and what each of them holds.

Most elements of a page hold no text: pictures, scripts, spans within a line. Only those that blocks
stand in are looked at, numbered anew in the order in which they begin, so that the elements within
one are the numbers from its own to the last inside it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cleannews.boilerplate.characters import Floats, Integers
from cleannews.boilerplate.naming import FRAME, Names
from cleannews.reading.html_page import HtmlPage

AROUND = (
    "li", "ul", "ol", "table", "nav", "header", "footer", "aside", "article", "main", "figure",
    "form", "blockquote", "section", "a", "button",
)  # fmt: skip
"""Elements that matter wherever they stand around a block."""
AROUND_BITS = {tag: 1 << i for i, tag in enumerate(AROUND)}
SIDE = 0.85
"""Share of the page's words up to which an element's name counts for what is in it: the names of
the page's own frame ("has-comments", "footer-visible") say nothing of a block."""
MOST_STEPS = 40
"""Elements that are climbed at most; what is nested deeper looks like the deepest."""

Bools = NDArray[np.bool_]


class Outline:
    """The elements around the blocks of one page.

    Args:
        page: The page, with one block at least.
        names: What names say.

    Attributes:
        origins: Index of each element among the page's elements.
        node: The innermost element that begins and ends lines around each block.
        leaf: The innermost element around each block's first characters.
        parents: The element around each; -1 for the root.
        lasts: The last element inside each, or its own.
        tags: Names of the elements.
        names: ``class`` and ``id`` of each.
        is_side: Which of them hold less than the page's frame does.
        around: Which of `AROUND` each is or stands in.
        depth: Number of elements around each.
        side: Groups of names of the boxes beside the page's frame that each is or stands in.
        path: Sum of the names' weights from the root to each.
        low: Least of these weights.
        high: Greatest of them.
        known: Number of words with a weight, from the root to each.
        groups: Groups that each one's own names belong to.
        own_weight: Weight of its names for the lines in the element itself.
        weight: Weight of its names for the lines in elements within it.
    """

    def __init__(self, page: HtmlPage, names: Names) -> None:
        elements, seen = page.elements, page.seen
        node = np.array([s[0] for s in seen])
        leaf = np.array([s[1] for s in seen])
        leaf = np.where(leaf < 0, node, leaf)
        lasts = np.array(elements.lasts)
        holds = np.bincount(node, minlength=len(lasts)) + np.bincount(leaf, minlength=len(lasts))
        sums = np.concatenate([[0], np.cumsum(holds)])
        is_kept = sums[lasts + 1] > sums[:-1]
        ranks = np.cumsum(is_kept) - 1
        self.origins: Integers = np.flatnonzero(is_kept)
        self.count = len(self.origins)
        self.node, self.leaf = ranks[node], ranks[leaf]
        self.lasts = ranks[lasts[self.origins]]
        at = self.origins.tolist()
        above, tags, called = elements.parents, elements.tags, elements.names
        self.tags = [tags[i] for i in at]
        self.names = [called[i] for i in at]
        # The root holds every block, so that it stays the first and every parent is there.
        parents = ranks[[above[i] for i in at]]
        parents[0] = -1
        self.parents: Integers = parents
        words = self.sums(np.array([b[5] for b in page.blocks], dtype=np.float32))
        self.is_side = (words < SIDE * max(1.0, float(words.max()))).tolist()
        self._carry(names)

    def _carry(self, names: Names) -> None:
        """Carry what tags and names say down from each element to those within it."""
        said = names.of_all(self.tags, self.names)
        count = self.count
        around, depth, side = [0] * count, [0] * count, [0] * count
        path, low, high, known = [0.0] * count, [0.0] * count, [0.0] * count, [0] * count
        bits = AROUND_BITS.get
        frame = self.origins > FRAME
        counts = (np.array(self.is_side) & frame).tolist()
        rows = zip(self.parents.tolist(), self.tags, said, counts, strict=True)
        for i, (parent, tag, (groups, _, weight, number), is_box) in enumerate(rows):
            own = groups if is_box else 0
            if parent < 0:
                around[i], side[i], path[i], known[i] = bits(tag, 0), own, weight, number
                low[i], high[i] = min(weight, 0.0), max(weight, 0.0)
                continue
            around[i] = around[parent] | bits(tag, 0)
            depth[i], side[i] = depth[parent] + 1, side[parent] | own
            path[i], known[i] = path[parent] + weight, known[parent] + number
            lowest, highest = low[parent], high[parent]
            low[i] = weight if weight < lowest else lowest
            high[i] = weight if weight > highest else highest
        self.around, self.side = np.array(around), np.array(side)
        self.depth, self.known = np.array(depth), np.array(known)
        self.path, self.low, self.high = np.array(path), np.array(low), np.array(high)
        self.groups, self.own_weight, self.weight = (
            np.array(values) for values in list(zip(*said, strict=True))[:3]
        )

    def above(self, elements: Integers) -> Integers:
        """Return the parents of elements; the root is its own."""
        above: Integers = np.maximum(self.parents[elements], 0)
        return above

    def within(self, element: int) -> Bools:
        """Tell which blocks stand in an element."""
        inside: Bools = (self.node >= element) & (self.node <= self.lasts[element])
        return inside

    def sums(self, values: Any) -> Floats:
        """Return the sum of the blocks' values within each element."""
        own = np.bincount(self.node, weights=values, minlength=self.count)
        totals = np.concatenate([[0.0], np.cumsum(own)])
        within: Floats = totals[self.lasts + 1] - totals[:-1]
        return within

    def climb(self, start: Integers, stops: Callable[[Integers], Bools]) -> Integers:
        """Climb from elements for as long as the parent is not where to stop."""
        at = start
        for _ in range(MOST_STEPS):
            above = self.parents[at]
            goes = (above >= 0) & ~stops(above)
            if not goes.any():
                break
            at = np.where(goes, above, at)
        return at

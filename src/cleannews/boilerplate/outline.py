"""The elements around a page's blocks: what tags and names say, and what each of them holds.

Most elements of a page hold no text: pictures, scripts, spans within a line. Only those that blocks
stand in are looked at, numbered anew in the order in which they begin, so that the elements within
one are the numbers from its own to the last inside it.
"""

from __future__ import annotations

from collections.abc import Callable
from copy import copy
from itertools import pairwise, repeat
from typing import Any, cast

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
CODE = frozenset(("code", "pre"))
"""Elements in which names are those of a syntax highlighter."""
MOST_STEPS = 40
"""Elements that are climbed at most; what is nested deeper looks like the deepest."""

Bools = NDArray[np.bool_]

_OF_ELEMENTS = (
    "origins", "parents", "lasts", "around", "depth", "known", "path", "low", "high", "groups",
    "own_weight", "weight",
)  # fmt: skip


def outline_of(page: HtmlPage, names: Names) -> Outline:
    """Return the outline of a page; for its second look that of the first is narrowed.

    Args:
        page: The page, with one block at least.
        names: What names say.
    """
    known_names, known = page.memory.get("outline", (None, None))
    outline: Outline | None = known.narrowed(page) if known and known_names is names else None
    if outline is None:
        outline = Outline(page, names)
        page.memory["outline"] = names, outline
    return outline


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
        ends: The element behind that.
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
        elements = page.elements
        node, leaf = _places(page)
        lasts = np.array(elements.lasts)
        self.origins: Integers = np.flatnonzero(_is_around(node, leaf, lasts))
        at, above = self.origins.tolist(), elements.parents
        self.tags = [elements.tags[i] for i in at]
        self.names = [elements.names[i] for i in at]
        # The root holds every block, so that it stays the first and every parent is there.
        self.parents: Integers = np.searchsorted(self.origins, [above[i] for i in at])
        self.parents[0] = -1
        if not CODE.isdisjoint(self.tags):
            self._forget_names_in_code()
        self.lasts: Integers = np.searchsorted(self.origins, lasts[self.origins], "right") - 1
        self._carry(names)
        self.place(page, np.searchsorted(self.origins, node), np.searchsorted(self.origins, leaf))

    def narrowed(self, page: HtmlPage) -> Outline | None:
        """Return the outline of the same page with fewer blocks; None where it has others."""
        places = _places(page)
        node, leaf = (np.searchsorted(self.origins, at) for at in places)
        last = self.origins[-1]
        if max(int(at.max()) for at in places) > last or any(
            (self.origins[at] != place).any()
            for at, place in zip((node, leaf), places, strict=True)
        ):
            return None
        is_kept = _is_around(node, leaf, self.lasts)
        left = copy(self)
        for name in _OF_ELEMENTS:
            setattr(left, name, getattr(self, name)[is_kept])
        kept = np.flatnonzero(is_kept)
        left.tags = [self.tags[i] for i in kept.tolist()]
        left.names = [self.names[i] for i in kept.tolist()]
        left.parents = np.searchsorted(kept, left.parents)
        left.parents[0] = -1
        left.lasts = np.searchsorted(kept, left.lasts, "right") - 1
        left.place(page, np.searchsorted(kept, node), np.searchsorted(kept, leaf))
        return left

    def _forget_names_in_code(self) -> None:
        """Drop the names of what stands in code: highlighters call a remark there a comment."""
        is_code = [tag in CODE for tag in self.tags]
        for element, parent in enumerate(self.parents[1:].tolist(), 1):
            if is_code[parent]:
                is_code[element], self.names[element] = True, ""

    def _carry(self, names: Names) -> None:
        """Carry what tags and names say down from each element to those within it.

        All elements of one depth at once, which stand side by side for that.
        """
        groups, own_weight, weight, number = zip(*names.of_all(self.tags, self.names), strict=True)
        self.groups, self.own_weight = np.array(groups), np.array(own_weight)
        self.weight = np.array(weight)
        self.depth = depths(self.lasts)
        order = np.argsort(self.depth, kind="stable")
        ranks = np.empty_like(order)
        ranks[order] = np.arange(len(order))
        above = ranks[self.parents[order]]
        path = self.weight[order]
        low, high = np.minimum(path, 0.0), np.maximum(path, 0.0)
        known = np.array(number)[order]
        around = np.array(list(map(AROUND_BITS.get, self.tags, repeat(0))))[order]
        starts = np.flatnonzero(np.diff(self.depth[order], prepend=-1)).tolist()
        for start, end in pairwise([*starts[1:], len(order)]):
            here, up = slice(start, end), above[start:end]
            path[here] += path[up]
            known[here] += known[up]
            around[here] |= around[up]
            np.minimum(low[here], low[up], out=low[here])
            np.maximum(high[here], high[up], out=high[here])
        self.path, self.low, self.high = path[ranks], low[ranks], high[ranks]
        self.known, self.around = known[ranks], around[ranks]

    def place(self, page: HtmlPage, node: Integers, leaf: Integers) -> None:
        """Place a page's blocks in the elements; what these hold tells the boxes from the frame."""
        self.count, self.ends = len(self.origins), self.lasts + 1
        self.node, self.leaf = node, leaf
        words = self.sums(np.array([b[5] for b in page.blocks], dtype=np.float32))
        is_side = words < SIDE * max(1.0, float(words.max()))
        self.is_side: Bools = is_side
        own = np.where(is_side & (self.origins > FRAME), self.groups, 0).tolist()
        side: list[int] = [0]  # the root is of the frame
        for parent, groups in zip(self.parents[1:].tolist(), own[1:], strict=True):
            side.append(side[parent] | groups)
        self.side = np.array(side)

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
        totals = np.empty(self.count + 1)
        totals[0] = 0.0
        np.cumsum(own, out=totals[1:])
        within = totals[self.ends] - totals[:-1]
        return cast("Floats", within)

    def climb(self, start: Integers, stops: Callable[[Integers], Bools]) -> Integers:
        """Climb from elements for as long as the parent is not where to stop."""
        at, climbing = start.copy(), np.arange(len(start))
        for _ in range(MOST_STEPS):
            above = self.parents[at[climbing]]
            goes = (above >= 0) & ~stops(above)
            climbing = climbing[goes]
            if not len(climbing):
                break
            at[climbing] = above[goes]
        return at


def depths(lasts: Integers) -> Integers:
    """Return the number of elements around each, of elements in the order in which they begin.

    >>> depths(np.array([4, 2, 2, 4, 4]))
    array([0, 1, 2, 1, 2])
    """
    ended = np.cumsum(np.bincount(lasts, minlength=len(lasts)))
    depth: Integers = np.arange(len(lasts))
    depth[1:] -= ended[:-1]
    return depth


def _places(page: HtmlPage) -> tuple[Integers, Integers]:
    """Return node and leaf of each block, numbered as the page's elements are."""
    node = np.array([s[0] for s in page.seen])
    leaf = np.array([s[1] for s in page.seen])
    return node, np.where(leaf < 0, node, leaf)


def _is_around(node: Integers, leaf: Integers, lasts: Integers) -> Bools:
    """Tell which elements hold a block."""
    holds = np.bincount(node, minlength=len(lasts)) + np.bincount(leaf, minlength=len(lasts))
    sums = np.concatenate([[0], np.cumsum(holds)])
    is_around: Bools = sums[lasts + 1] > sums[:-1]
    return is_around

"""Features of blocks on an HTML page: where a block stands among the page's elements.

Source:
    Containers scored by the prose below them after Readability (Arc90, 2009); link density after
    Kohlschütter et al. (2010). What elements are named, the ladder of containers around a block,
    blocks of one make and the distance to the nearest prose among the elements are ours.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import repeat
from typing import Any

import numpy as np

from cleannews.boilerplate.characters import Floats, Integers
from cleannews.boilerplate.likeness import likes_of
from cleannews.boilerplate.naming import Names, group_names
from cleannews.boilerplate.outline import AROUND_BITS, MOST_STEPS, Bools, outline_of
from cleannews.reading.html_page import HtmlPage

TAGS = (
    "p", "li", "div", "td", "h1", "h2", "h3", "h4", "span", "a", "figcaption", "blockquote",
    "button", "section", "article", "pre", "dt", "dd", "label", "body",
)  # fmt: skip
_TAG = {tag: i for i, tag in enumerate(TAGS)} | {"h5": 7, "h6": 7, "th": 3}
_OTHER_TAG = len(TAGS)
MOST_PROSE = 120
"""Words that one block counts at most where the heaviest container is looked for."""
FAR = 60
"""Distances in blocks are cut off here."""
GOOD = 10
"""Words of prose that make a block a landmark for its neighbours."""
_NOWHERE = 20
_MOST_CLIMBED = 12
_NO_NEIGHBOUR = np.array([[-1], [0], [-1]])
"""Link share, names' weight and tag of a neighbour that is not there."""
_OWN = ("p", "li", "div", "td")
_OWN_TAGS = np.array([[_TAG[name]] for name in _OWN])
_AROUND = np.array([[bit] for bit in AROUND_BITS.values()])
_GROUPS = group_names()
_BITS = np.arange(len(_GROUPS))[:, None]
# What tags alone say has but one column.
_GROUP_ROWS = [
    which * len(_GROUPS) + i
    for i, group in enumerate(_GROUPS)
    for which in ((2,) if group[0] == "<" else (0, 1, 2))
]
_LADDER = ("up", "up2", "up3")
_HOLDS = ("good", "words", "links", "blocks")


def _column_names() -> Iterator[str]:
    """Yield the names of the columns, in the order in which `Layout` puts them."""
    yield from ("tag", "leaf_tag", *(f"is_{name}" for name in _OWN), "is_heading", "depth")
    yield from ("leaf_depth", *(f"in_{tag}" for tag in AROUND_BITS), "link_share", "anchors")
    yield from ("media", "hidden", "bold", "gap", "gap_after", "named", "named_path", "named_low")
    yield from ("named_high", "named_known", "named_around")
    yield from (f"named_around_{name}" for name in _LADDER)
    kinds = ("says_{}", "says_{}_up", "within_{}")
    for row in _GROUP_ROWS:
        yield kinds[row // len(_GROUPS)].format(_GROUPS[row % len(_GROUPS)])
    yield from ("within_groups", *(f"score_{name}" for name in _LADDER))
    yield from ("in_best", "in_best_up", "in_best_up2", "best_share", "best_depth")
    yield from ("climb_to_best", "from_best_first", "from_best_last")
    for name in _LADDER:
        yield from (f"{name}_{what}" for what in (*_HOLDS, "mean", "lexical", "prose"))
    yield from (*(f"side_{what}" for what in _HOLDS), "side_named", "side_lexical")
    yield from (*(f"child_{what}" for what in _HOLDS), "child_named", "child_is_own")
    for what in ("blocks", "words", "good", "links", "lexical", "in_best", "is_heaviest"):
        yield f"make_{what}"
    yield from ("level_good", "beside_longest")
    for where in ("above", "two_above", "below", "two_below"):
        yield from (f"links_{where}", f"named_{where}", f"tag_{where}")
    for where in ("above", "below"):
        yield from (f"same_up_{where}", f"same_make_{where}")
    for where in ("above", "below"):
        yield from (f"climb_to_prose_{where}", f"make_of_prose_{where}")
    yield from ("in_data", "in_data_near", "like_description", "like_title", "headings")
    yield from ("from_h1", "from_headline")


COLUMNS = tuple(_column_names())
"""Names of the columns."""


class Layout:
    """The elements and blocks of one page as arrays, and the columns made of them.

    Args:
        page: The page, with one block at least.
        names: What names say.
        lexical: What words say of each block.
    """

    def __init__(self, page: HtmlPage, names: Names, lexical: Floats) -> None:
        self.columns = COLUMNS
        self._rows: list[Any] = []
        self.outline = outline = outline_of(page, names)
        self.page = page
        self.size = len(page.blocks)
        self.index = np.arange(self.size)
        _, _, anchors, bold, media, gap, hidden = zip(*page.seen, strict=True)
        self.anchors, self.bold, self.media = map(np.array, (anchors, bold, media))
        self.gap, self.hidden = np.array(gap), np.array(hidden)
        self.node, self.leaf = outline.node, outline.leaf
        _, _, _, _, _, words, is_prose, _, _, links, _ = zip(*page.blocks, strict=True)
        self.words = np.array(words, dtype=np.float32)
        self.links = np.array(links, dtype=np.float32)
        self.is_prose = np.array(is_prose)
        reads_on = self.is_prose & (np.array(links) < 0.5)
        self.good = np.where(reads_on, np.minimum(self.words, MOST_PROSE), 0) * (1 - self.links)
        self.total = max(float(self.good.sum()), 1.0)
        self.lexical = lexical
        self.mass = lexical * np.sqrt(self.words + 0.5)
        tags = np.array(list(map(_TAG.get, outline.tags, repeat(_OTHER_TAG))))
        self.tag, self.leaf_tag = tags[self.node], tags[self.leaf]
        self.up = outline.above(self.node)
        self.up2 = outline.above(self.up)
        self.up3 = outline.above(self.up2)
        self.ladder = np.stack([self.up, self.up2, self.up3])
        self._masses()
        self._own()
        self._names()
        self._heaviest()
        self._ladder()
        self._sides()
        self._makes()
        self._neighbours()
        self._facts()

    def _put(self, *columns: Any) -> None:
        """Add columns: single ones, or a matrix that holds one in each row."""
        self._rows += columns

    def table(self, more: Sequence[Any] = ()) -> Floats:
        """Return the columns and some more, (blocks, columns)."""
        table = np.empty((len(COLUMNS) + len(more), self.size), dtype=np.float32)
        at = 0
        for row in (*self._rows, *more):
            end = at + (len(row) if getattr(row, "ndim", 1) == 2 else 1)
            table[at:end] = row
            at = end
        return table.T

    def _masses(self) -> None:
        sums = self.outline.sums
        self.in_good, self.in_words = sums(self.good), sums(self.words)
        self.in_links, self.in_mass = sums(self.words * self.links), sums(self.mass)
        self.in_blocks = sums(np.ones(self.size, dtype=np.float32))

    def _own(self) -> None:
        """The element that a block is in, and what surrounds that."""
        depth, tag = self.outline.depth, self.tag
        self._put(tag, self.leaf_tag, tag == _OWN_TAGS)
        self._put((tag >= _TAG["h1"]) & (tag <= _TAG["h4"]))
        self._put(depth[self.node], depth[self.leaf] - depth[self.node])
        self._put((self.outline.around[self.leaf] & _AROUND) > 0)
        self._put(self.links, np.minimum(self.anchors, 10), np.minimum(self.media, 5))
        self._put(self.hidden, self.bold, self.gap, np.append(self.gap[1:], 3))

    def _names(self) -> None:
        node, leaf, outline = self.node, self.leaf, self.outline
        weight = outline.own_weight
        own = weight[node] + np.where(leaf != node, weight[leaf], 0)
        self.own = own.astype(np.float32)
        self._put(self.own, outline.path[leaf], outline.low[leaf], outline.high[leaf])
        self._put(outline.known[leaf], outline.weight[node], outline.weight[self.ladder])
        self.said = said = outline.groups[leaf] | outline.groups[node]
        self.sides = outline.side[leaf]
        within = (self.sides >> _BITS) & 1
        bits = np.concatenate([(said >> _BITS) & 1, (outline.groups[self.up] >> _BITS) & 1, within])
        self._put(bits[_GROUP_ROWS], within.sum(axis=0))

    def _heaviest(self) -> None:
        """The container with the most prose right below it, and where a block is from there."""
        outline, count = self.outline, self.outline.count
        parents, depth = outline.parents, outline.depth
        score = np.bincount(self.up, weights=self.good, minlength=count)
        score += np.bincount(self.up2, weights=self.good * 0.5, minlength=count)
        score += np.bincount(self.up3, weights=self.good * 0.25, minlength=count)
        best = self.best = int(np.argmax(score))
        most = max(float(score[best]), 1.0)
        self.is_in = inside = outline.within(best)
        self._put(score[self.ladder] / most)
        above = max(int(parents[best]), 0)
        self._put(inside, outline.within(above), outline.within(max(int(parents[above]), 0)))
        self._put(self.in_good[best] / self.total, depth[self.node] - depth[best])
        self._put(self._steps_below(best))
        where = np.flatnonzero(inside)
        first, last = (where[0], where[-1]) if len(where) else (FAR, -FAR)
        self._put(clipped(self.index - first), clipped(self.index - last))

    def _steps_below(self, element: int) -> Integers:
        """Count the elements climbed from one of them until each block is in reach."""
        parents, chain = self.outline.parents, [element]
        while len(chain) <= MOST_STEPS and (element := int(parents[element])) >= 0:
            chain.append(element)
        # Each holds the one before, so that its first element lies before that, its last behind.
        around = np.array(chain)
        starts = np.searchsorted(-around, -self.node)
        ends = np.searchsorted(self.outline.lasts[around], self.node)
        return np.maximum(starts, ends)

    def _ladder(self) -> None:
        """What the three containers around a block hold."""
        at = self.ladder
        words, blocks, good = self.in_words[at], self.in_blocks[at], self.in_good[at]
        some = np.maximum(words, 1)
        table = np.empty((len(at), 7, self.size), dtype=np.float32)
        table[:, 0] = good / self.total
        table[:, 1] = np.log1p(words)
        table[:, 2] = self.in_links[at] / some
        table[:, 3] = np.log1p(blocks)
        table[:, 4] = np.log1p(words / np.maximum(blocks, 1))
        table[:, 5] = self._mean_lexical(at)
        table[:, 6] = good / some
        self._put(table.reshape(-1, self.size))

    def _sides(self) -> None:
        """The box beside the heaviest container that a block is in, or the box inside it."""
        best, lasts, climb = self.best, self.outline.lasts, self.outline.climb
        inside = self.is_in
        box = climb(self.node, lambda e: (e <= best) & (best <= lasts[np.maximum(e, 0)]))
        self._box(box, ~inside)
        self._put(np.where(inside, 0, self._mean_lexical(box)))
        start = np.where(inside, self.node, best)
        child = climb(start, lambda e: e <= best)
        self._box(child, inside)
        self._put(np.where(inside, child == self.node, -1))

    def _box(self, box: Integers, counts: Bools) -> None:
        words = self.in_words[box]
        table = np.empty((4, self.size))
        table[0] = self.in_good[box] / self.total
        np.log1p(words, out=table[1])
        table[2] = self.in_links[box] / np.maximum(words, 1)
        np.log1p(self.in_blocks[box], out=table[3])
        self._put(np.where(counts, table, -1), np.where(counts, self.outline.weight[box], 0))

    def _mean_lexical(self, at: Integers) -> Floats:
        weight = np.sqrt(np.maximum(self.in_words[at] * self.in_blocks[at], 1))
        mean: Floats = self.in_mass[at] / weight
        return mean

    def _makes(self) -> None:
        """How blocks of one make fare: the same tag and names, in parents of the same."""
        tags, names = self.outline.tags, self.outline.names
        kinds: dict[tuple[str, str, str, str], int] = {}
        number_of = kinds.setdefault
        self.make = make = np.array(
            [
                number_of((tags[a], names[a], tags[b], names[b]), len(kinds))
                for a, b in zip(self.node.tolist(), self.up.tolist(), strict=True)
            ]
        )
        number = np.bincount(make)

        def mean(values: Any) -> Any:
            return (np.bincount(make, weights=values) / number)[make]

        good = np.bincount(make, weights=self.good)
        self._put(np.log1p(number)[make], np.log1p(mean(self.words)), good[make] / self.total)
        self._put(mean(self.links), mean(self.lexical), mean(self.is_in))
        self._put(make == int(np.argmax(good)))
        level = self.outline.depth[self.node] * (_OTHER_TAG + 1) + self.tag
        self._put(np.bincount(level, weights=self.good)[level] / self.total)
        self._put(self.up == self.up[int(np.argmax(self.good))])

    def _neighbours(self) -> None:
        size = self.size
        beside = np.empty((3, size + 4), dtype=np.float32)
        beside[:] = _NO_NEIGHBOUR
        middle = beside[:, 2 : size + 2]
        middle[0], middle[1], middle[2] = self.links, self.own, self.tag
        for step in (1, 2, -1, -2):
            self._put(beside[:, 2 - step : size + 2 - step])
        same = np.zeros((2, size + 1), dtype=np.bool_)
        for row, kind in zip(same, (self.up, self.make), strict=True):
            np.equal(kind[1:], kind[:-1], out=row[1:-1])
        self._put(same[:, :-1], same[:, 1:])
        is_good = self.good >= GOOD
        others = np.empty((2, size), dtype=np.int64)
        others[0, 0], others[1, -1] = -1, size
        before = np.where(is_good, self.index, -1)[:-1]
        np.maximum.accumulate(before, out=others[0, 1:])
        after = np.where(is_good, self.index, size)[:0:-1]
        others[1, :-1] = np.minimum.accumulate(after)[::-1]
        is_there = (others >= 0) & (others < size)
        others = np.clip(others, 0, size - 1)
        steps = self._steps_to(self.node[others].ravel(), is_there.ravel()).reshape(2, size)
        makes = np.where(is_there, self.make[others] == self.make, -1)
        self._put(steps[0], makes[0], steps[1], makes[1])

    def _steps_to(self, target: Integers, is_there: Bools) -> Integers:
        """Count the elements climbed from each block until its target is in reach.

        Args:
            target: An element for each block, and perhaps others for each, behind those.
            is_there: Which of them count.
        """
        at = np.tile(self.node, len(target) // self.size)
        steps = np.where(is_there, 0, _NOWHERE)
        parents, lasts = self.outline.parents, self.outline.lasts
        climbing = np.flatnonzero(is_there)
        at, target = at[climbing], target[climbing]
        for _ in range(_MOST_CLIMBED):
            goes = ((target < at) | (target > lasts[at])) & (parents[at] >= 0)
            climbing, at, target = climbing[goes], parents[at[goes]], target[goes]
            if not len(climbing):
                break
            steps[climbing] += 1
        return steps

    def _facts(self) -> None:
        """What the page says of its story elsewhere."""
        bodies, titles, descriptions = likes_of(self.page)
        self.titles = titles
        near = np.convolve(np.maximum(bodies, 0), np.ones(5) / 5, "same")
        near = near[(len(near) - self.size) // 2 :][: self.size]
        headings = np.flatnonzero(self.tag == _TAG["h1"])
        self._put(bodies, near, descriptions, titles, min(len(headings), 5))
        if len(headings):
            best = headings[int(np.argmax(titles[headings]))]
            self._put(clipped(self.index - headings[0]), clipped(self.index - best))
        else:
            self._put(-FAR - 1, -FAR - 1)


def clipped(distances: Integers) -> Integers:
    """Return distances cut off where they say no more than "far"."""
    return np.minimum(np.maximum(distances, -FAR), FAR)


def shifted(values: Any, step: int, fill: float) -> Floats:
    """Return each block's neighbour's value, `step` blocks above it."""
    size = len(values)
    moved = np.full(size, fill, dtype=np.float32)
    if 0 < step < size:
        moved[step:] = values[:-step]
    elif 0 < -step < size:
        moved[:step] = values[-step:]
    return moved

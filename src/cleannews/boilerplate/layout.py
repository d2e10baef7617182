"""Features of blocks on an HTML page: where a block stands among the page's elements.

Source:
    Containers scored by the prose below them after Readability (Arc90, 2009); link density after
    Kohlschütter et al. (2010). What elements are named, the ladder of containers around a block,
    blocks of one make and the distance to the nearest prose among the elements are ours.
"""

from __future__ import annotations

from collections.abc import Sequence
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


class Layout:
    """The elements and blocks of one page as arrays, and the columns made of them.

    Args:
        page: The page, with one block at least.
        names: What names say.
        lexical: What words say of each block.
    """

    def __init__(self, page: HtmlPage, names: Names, lexical: Floats) -> None:
        self.rows: list[Any] = []
        self.columns: list[str] = []
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
        tags = np.array([_TAG.get(tag, _OTHER_TAG) for tag in outline.tags])
        self.tag, self.leaf_tag = tags[self.node], tags[self.leaf]
        self.up = outline.above(self.node)
        self.up2 = outline.above(self.up)
        self.up3 = outline.above(self.up2)
        self._masses()
        self._own()
        self._names()
        self._heaviest()
        self._ladder()
        self._sides()
        self._makes()
        self._neighbours()
        self._facts()

    def _put(self, name: str, values: Any) -> None:
        self.columns.append(name)
        self.rows.append(values)

    def table(self, more: Sequence[Any] = ()) -> Floats:
        """Return the columns and some more, (blocks, columns)."""
        rows = [*self.rows, *more]
        table = np.empty((len(rows), self.size), dtype=np.float32)
        for i, row in enumerate(rows):
            table[i] = row
        return table.T

    def _masses(self) -> None:
        sums = self.outline.sums
        self.in_good, self.in_words = sums(self.good), sums(self.words)
        self.in_links, self.in_mass = sums(self.words * self.links), sums(self.mass)
        self.in_blocks = sums(np.ones(self.size, dtype=np.float32))

    def _own(self) -> None:
        """The element that a block is in, and what surrounds that."""
        depth = self.outline.depth
        self._put("tag", self.tag)
        self._put("leaf_tag", self.leaf_tag)
        for name in ("p", "li", "div", "td"):
            self._put(f"is_{name}", self.tag == _TAG[name])
        self._put("is_heading", (self.tag >= _TAG["h1"]) & (self.tag <= _TAG["h4"]))
        self._put("depth", depth[self.node])
        self._put("leaf_depth", depth[self.leaf] - depth[self.node])
        around = self.outline.around[self.leaf]
        for tag, bit in AROUND_BITS.items():
            self._put(f"in_{tag}", (around & bit) > 0)
        self._put("link_share", self.links)
        self._put("anchors", np.minimum(self.anchors, 10))
        self._put("media", np.minimum(self.media, 5))
        self._put("hidden", self.hidden)
        self._put("bold", self.bold)
        self._put("gap", self.gap)
        self._put("gap_after", np.append(self.gap[1:], 3))

    def _names(self) -> None:
        node, leaf, outline = self.node, self.leaf, self.outline
        weight = outline.own_weight
        own = weight[node] + np.where(leaf != node, weight[leaf], 0)
        self.own = own.astype(np.float32)
        self._put("named", self.own)
        self._put("named_path", outline.path[leaf])
        self._put("named_low", outline.low[leaf])
        self._put("named_high", outline.high[leaf])
        self._put("named_known", outline.known[leaf])
        for name, at in (("", node), ("_up", self.up), ("_up2", self.up2), ("_up3", self.up3)):
            self._put(f"named_around{name}", outline.weight[at])
        self.said = said = outline.groups[leaf] | outline.groups[node]
        above = outline.groups[self.up]
        self.sides = outline.side[leaf]
        for i, group in enumerate(group_names()):
            if group[0] != "<":
                self._put(f"says_{group}", (said >> i) & 1)
                self._put(f"says_{group}_up", (above >> i) & 1)
            self._put(f"within_{group}", (self.sides >> i) & 1)
        self._put("within_groups", [side.bit_count() for side in self.sides.tolist()])

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
        for name, at in (("up", self.up), ("up2", self.up2), ("up3", self.up3)):
            self._put(f"score_{name}", score[at] / most)
        above = max(int(parents[best]), 0)
        self._put("in_best", inside)
        self._put("in_best_up", outline.within(above))
        self._put("in_best_up2", outline.within(max(int(parents[above]), 0)))
        self._put("best_share", self.in_good[best] / self.total)
        self._put("best_depth", depth[self.node] - depth[best])
        climbed, element, steps = np.full(self.size, -1), best, 0
        while element >= 0 and steps <= MOST_STEPS:
            climbed[(climbed < 0) & outline.within(element)] = steps
            element, steps = int(parents[element]), steps + 1
        self._put("climb_to_best", np.where(climbed < 0, steps, climbed))
        where = np.flatnonzero(inside)
        first, last = (where[0], where[-1]) if len(where) else (FAR, -FAR)
        self._put("from_best_first", np.clip(self.index - first, -FAR, FAR))
        self._put("from_best_last", np.clip(self.index - last, -FAR, FAR))

    def _ladder(self) -> None:
        """What the three containers around a block hold."""
        for name, at in (("up", self.up), ("up2", self.up2), ("up3", self.up3)):
            words, blocks = self.in_words[at], self.in_blocks[at]
            self._put(f"{name}_good", self.in_good[at] / self.total)
            self._put(f"{name}_words", np.log1p(words))
            self._put(f"{name}_links", self.in_links[at] / np.maximum(words, 1))
            self._put(f"{name}_blocks", np.log1p(blocks))
            self._put(f"{name}_mean", np.log1p(words / np.maximum(blocks, 1)))
            self._put(f"{name}_lexical", self.in_mass[at] / np.sqrt(np.maximum(words * blocks, 1)))
            self._put(f"{name}_prose", self.in_good[at] / np.maximum(words, 1))

    def _sides(self) -> None:
        """The box beside the heaviest container that a block is in, or the box inside it."""
        best, lasts, climb = self.best, self.outline.lasts, self.outline.climb
        inside = self.is_in
        box = climb(self.node, lambda e: (e <= best) & (best <= lasts[np.maximum(e, 0)]))
        self._box("side", box, ~inside)
        self._put("side_lexical", np.where(~inside, self._mean_lexical(box), 0))
        start = np.where(inside, self.node, best)
        child = climb(start, lambda e: e <= best)
        self._box("child", child, inside)
        self._put("child_is_own", np.where(inside, child == self.node, -1))

    def _box(self, name: str, box: Integers, counts: Bools) -> None:
        words = self.in_words[box]
        self._put(f"{name}_good", np.where(counts, self.in_good[box] / self.total, -1))
        self._put(f"{name}_words", np.where(counts, np.log1p(words), -1))
        links = self.in_links[box] / np.maximum(words, 1)
        self._put(f"{name}_links", np.where(counts, links, -1))
        self._put(f"{name}_blocks", np.where(counts, np.log1p(self.in_blocks[box]), -1))
        self._put(f"{name}_named", np.where(counts, self.outline.weight[box], 0))

    def _mean_lexical(self, at: Integers) -> Floats:
        weight = np.sqrt(np.maximum(self.in_words[at] * self.in_blocks[at], 1))
        mean: Floats = self.in_mass[at] / weight
        return mean

    def _makes(self) -> None:
        """How blocks of one make fare: the same tag and names, in parents of the same."""
        tags, names = self.outline.tags, self.outline.names
        kinds: dict[tuple[str, str, str, str], int] = {}
        self.make = make = np.array(
            [
                kinds.setdefault((tags[a], names[a], tags[b], names[b]), len(kinds))
                for a, b in zip(self.node.tolist(), self.up.tolist(), strict=True)
            ]
        )
        number = np.bincount(make)

        def mean(values: Any) -> Any:
            return (np.bincount(make, weights=values) / number)[make]

        good = np.bincount(make, weights=self.good)
        self._put("make_blocks", np.log1p(number)[make])
        self._put("make_words", np.log1p(mean(self.words)))
        self._put("make_good", good[make] / self.total)
        self._put("make_links", mean(self.links))
        self._put("make_lexical", mean(self.lexical))
        self._put("make_in_best", mean(self.is_in))
        self._put("make_is_heaviest", make == int(np.argmax(good)))
        level = self.outline.depth[self.node] * (_OTHER_TAG + 1) + self.tag
        _, level = np.unique(level, return_inverse=True)
        self._put("level_good", np.bincount(level, weights=self.good)[level] / self.total)
        self._put("beside_longest", self.up == self.up[int(np.argmax(self.good))])

    def _neighbours(self) -> None:
        for step, name in ((1, "above"), (2, "two_above"), (-1, "below"), (-2, "two_below")):
            self._put(f"links_{name}", shifted(self.links, step, -1))
            self._put(f"named_{name}", shifted(self.own, step, 0))
            self._put(f"tag_{name}", shifted(self.tag, step, -1))
        for step, name in ((1, "above"), (-1, "below")):
            self._put(f"same_up_{name}", shifted(self.up, step, -1) == self.up)
            self._put(f"same_make_{name}", shifted(self.make, step, -1) == self.make)
        is_good = self.good >= GOOD
        before = np.maximum.accumulate(np.where(is_good, self.index, -1))
        after = np.minimum.accumulate(np.where(is_good, self.index, self.size)[::-1])[::-1]
        before, after = np.append(-1, before[:-1]), np.append(after[1:], self.size)
        for name, other in (("above", before), ("below", after)):
            is_there = (other >= 0) & (other < self.size)
            target = self.node[np.clip(other, 0, self.size - 1)]
            self._put(f"climb_to_prose_{name}", self._steps_to(target, is_there))
            same = self.make[np.clip(other, 0, self.size - 1)] == self.make
            self._put(f"make_of_prose_{name}", np.where(is_there, same, -1))

    def _steps_to(self, target: Integers, is_there: Bools) -> Integers:
        """Count the elements climbed from each block until its target is in reach."""
        at, steps = self.node, np.zeros(self.size, dtype=np.int64)
        parents, lasts = self.outline.parents, self.outline.lasts
        for _ in range(12):
            goes = is_there & ((target < at) | (target > lasts[at])) & (parents[at] >= 0)
            if not goes.any():
                break
            at = np.where(goes, parents[at], at)
            steps += goes
        return np.where(is_there, steps, _NOWHERE)

    def _facts(self) -> None:
        """What the page says of its story elsewhere."""
        bodies, titles, descriptions = likes_of(self.page)
        self.titles = titles
        near = np.convolve(np.maximum(bodies, 0), np.ones(5) / 5, "same")
        near = near[(len(near) - self.size) // 2 :][: self.size]
        self._put("in_data", bodies)
        self._put("in_data_near", near)
        self._put("like_description", descriptions)
        self._put("like_title", titles)
        headings = np.flatnonzero(self.tag == _TAG["h1"])
        self._put("headings", min(len(headings), 5))
        if len(headings):
            best = headings[int(np.argmax(titles[headings]))]
            self._put("from_h1", np.clip(self.index - headings[0], -FAR, FAR))
            self._put("from_headline", np.clip(self.index - best, -FAR, FAR))
        else:
            self._put("from_h1", -FAR - 1)
            self._put("from_headline", -FAR - 1)


def shifted(values: Any, step: int, fill: float) -> Floats:
    """Return each block's neighbour's value, `step` blocks above it."""
    size = len(values)
    moved = np.full(size, fill, dtype=np.float32)
    if 0 < step < size:
        moved[step:] = values[:-step]
    elif 0 < -step < size:
        moved[:step] = values[-step:]
    return moved

"""Features of blocks on an HTML page: where a block stands among the page's elements.

Source:
    Containers scored by the prose below them after Readability (Arc90, 2009); link density after
    Kohlschütter et al. (2010). What elements are named, the ladder of containers around a block,
    blocks of one make and the distance to the nearest prose among the elements are ours.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cleannews.boilerplate.characters import Floats, Integers
from cleannews.boilerplate.naming import FRAME, Names, group_names
from cleannews.document import Block
from cleannews.reading.rendering import HtmlPage

TAGS = (
    "p", "li", "div", "td", "h1", "h2", "h3", "h4", "span", "a", "figcaption", "blockquote",
    "button", "section", "article", "pre", "dt", "dd", "label", "body",
)  # fmt: skip
_TAG = {tag: i for i, tag in enumerate(TAGS)} | {"h5": 7, "h6": 7, "th": 3}
_OTHER_TAG = len(TAGS)
AROUND = (
    "li", "ul", "ol", "table", "nav", "header", "footer", "aside", "article", "main", "figure",
    "form", "blockquote", "section", "a", "button",
)  # fmt: skip
"""Elements that matter wherever they stand around a block."""
_AROUND = {tag: 1 << i for i, tag in enumerate(AROUND)}
MOST_PROSE = 120
"""Words that one block counts at most where the heaviest container is looked for."""
FAR = 60
"""Distances in blocks are cut off here."""
MOST_STEPS = 40
"""Elements that are climbed at most; what is nested deeper looks like the deepest."""
SIDE = 0.85
"""Share of the page's words up to which an element's name counts for what is in it: the names of
the page's own frame ("has-comments", "footer-visible") say nothing of a block."""
GOOD = 10
"""Words of prose that make a block a landmark for its neighbours."""
_NOWHERE = 20

Bools = NDArray[np.bool_]


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
        elements, seen = page.elements, page.seen
        self.blocks, self.page = page.blocks, page
        self.size, self.count = len(page.blocks), len(elements.tags)
        self.index = np.arange(self.size)
        self.parents = np.array(elements.parents)
        self.lasts = np.array(elements.lasts)
        node, leaf, self.anchors, self.bold, self.media, self.gap, self.hidden = (
            np.array(values) for values in zip(*seen, strict=True)
        )
        self.node, self.leaf = node, np.where(leaf < 0, node, leaf)
        self.words = np.array([b.words for b in page.blocks], dtype=np.float32)
        self.links = np.array([b.links for b in page.blocks], dtype=np.float32)
        is_prose = np.array([b.is_prose and b.links < 0.5 for b in page.blocks])
        self.good = np.where(is_prose, np.minimum(self.words, MOST_PROSE), 0) * (1 - self.links)
        self.total = max(float(self.good.sum()), 1.0)
        self.lexical = lexical
        self.mass = lexical * np.sqrt(self.words + 0.5)
        self.tag = np.array([_TAG.get(elements.tags[i], _OTHER_TAG) for i in node.tolist()])
        self.up = self._above(self.node)
        self.up2 = self._above(self.up)
        self.up3 = self._above(self.up2)
        self._walk(names)
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

    def table(self) -> Floats:
        """Return the columns, (blocks, columns)."""
        table = np.empty((len(self.rows), self.size), dtype=np.float32)
        for i, row in enumerate(self.rows):
            table[i] = row
        return table.T

    def _above(self, elements: Integers) -> Integers:
        """Return the parents of elements; the root is its own."""
        above: Integers = np.maximum(self.parents[elements], 0)
        return above

    def within(self, element: int) -> Bools:
        """Tell which blocks stand in an element."""
        inside: Bools = (self.node >= element) & (self.node <= self.lasts[element])
        return inside

    def sums(self, values: Floats) -> Floats:
        """Return the sum of the blocks' values within each element."""
        own = np.bincount(self.node, weights=values, minlength=self.count)
        totals = np.concatenate([[0.0], np.cumsum(own)])
        within: Floats = totals[self.lasts + 1] - totals[:-1]
        return within

    def _walk(self, names: Names) -> None:
        """Carry what tags and names say down from each element to those within it."""
        elements = self.page.elements
        tags, said = elements.tags, names.of_all(elements.tags, elements.names)
        words = self.sums(self.words)
        self.is_side = is_side = (words < SIDE * max(1.0, float(words.max()))).tolist()
        count = self.count
        around, depth, side = [0] * count, [0] * count, [0] * count
        path, low, high, known = [0.0] * count, [0.0] * count, [0.0] * count, [0] * count
        for i, (parent, tag, (groups, _, weight, number)) in enumerate(
            zip(elements.parents, tags, said, strict=True)
        ):
            own = groups if is_side[i] and i > FRAME else 0
            if parent < 0:
                around[i], side[i], path[i], known[i] = _AROUND.get(tag, 0), own, weight, number
                low[i], high[i] = min(weight, 0.0), max(weight, 0.0)
                continue
            around[i] = around[parent] | _AROUND.get(tag, 0)
            depth[i], side[i] = depth[parent] + 1, side[parent] | own
            path[i], known[i] = path[parent] + weight, known[parent] + number
            low[i], high[i] = min(low[parent], weight), max(high[parent], weight)
        self.around, self.side = np.array(around), np.array(side)
        self.depth = np.array(depth)
        self.path, self.low, self.high = map(np.array, (path, low, high))
        self.known = np.array(known)
        self.groups = np.array([s.groups for s in said])
        self.own_weight = np.array([s.own for s in said])
        self.weight = np.array([s.around for s in said])

    def _masses(self) -> None:
        self.in_good, self.in_words = self.sums(self.good), self.sums(self.words)
        self.in_links, self.in_mass = self.sums(self.words * self.links), self.sums(self.mass)
        self.in_blocks = self.sums(np.ones(self.size, dtype=np.float32))

    def _own(self) -> None:
        """The element that a block is in, and what surrounds that."""
        tags = self.page.elements.tags
        self._put("tag", self.tag)
        self._put("leaf_tag", [_TAG.get(tags[i], _OTHER_TAG) for i in self.leaf.tolist()])
        for name in ("p", "li", "div", "td"):
            self._put(f"is_{name}", self.tag == _TAG[name])
        self._put("is_heading", (self.tag >= _TAG["h1"]) & (self.tag <= _TAG["h4"]))
        self._put("depth", self.depth[self.node])
        self._put("leaf_depth", self.depth[self.leaf] - self.depth[self.node])
        around = self.around[self.leaf]
        for tag, bit in _AROUND.items():
            self._put(f"in_{tag}", (around & bit) > 0)
        self._put("link_share", self.links)
        self._put("anchors", np.minimum(self.anchors, 10))
        self._put("media", np.minimum(self.media, 5))
        self._put("hidden", self.hidden)
        self._put("bold", self.bold)
        self._put("gap", self.gap)
        self._put("gap_after", np.append(self.gap[1:], 3))

    def _names(self) -> None:
        node, leaf = self.node, self.leaf
        own = self.own_weight[node] + np.where(leaf != node, self.own_weight[leaf], 0)
        self.own = own.astype(np.float32)
        self._put("named", self.own)
        self._put("named_path", self.path[leaf])
        self._put("named_low", self.low[leaf])
        self._put("named_high", self.high[leaf])
        self._put("named_known", self.known[leaf])
        for name, at in (("", node), ("_up", self.up), ("_up2", self.up2), ("_up3", self.up3)):
            self._put(f"named_around{name}", self.weight[at])
        said, above = self.groups[leaf] | self.groups[node], self.groups[self.up]
        self.sides = self.side[leaf]
        for i, group in enumerate(group_names()):
            if group[0] != "<":
                self._put(f"says_{group}", (said >> i) & 1)
                self._put(f"says_{group}_up", (above >> i) & 1)
            self._put(f"within_{group}", (self.sides >> i) & 1)
        self._put("within_groups", [side.bit_count() for side in self.sides.tolist()])

    def _heaviest(self) -> None:
        """The container with the most prose right below it, and where a block is from there."""
        score = np.bincount(self.up, weights=self.good, minlength=self.count)
        score += np.bincount(self.up2, weights=self.good * 0.5, minlength=self.count)
        score += np.bincount(self.up3, weights=self.good * 0.25, minlength=self.count)
        best = self.best = int(np.argmax(score))
        most = max(float(score[best]), 1.0)
        self.is_in = inside = self.within(best)
        for name, at in (("up", self.up), ("up2", self.up2), ("up3", self.up3)):
            self._put(f"score_{name}", score[at] / most)
        above = max(int(self.parents[best]), 0)
        self._put("in_best", inside)
        self._put("in_best_up", self.within(above))
        self._put("in_best_up2", self.within(max(int(self.parents[above]), 0)))
        self._put("best_share", self.in_good[best] / self.total)
        self._put("best_depth", self.depth[self.node] - self.depth[best])
        climbed, element, steps = np.full(self.size, -1), best, 0
        while element >= 0 and steps <= MOST_STEPS:
            climbed[(climbed < 0) & self.within(element)] = steps
            element, steps = int(self.parents[element]), steps + 1
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

    def _climb(self, start: Integers, stops: Callable[[Integers], Bools]) -> Integers:
        """Climb from elements for as long as the parent is not where to stop."""
        at = start
        for _ in range(MOST_STEPS):
            above = self.parents[at]
            goes = (above >= 0) & ~stops(above)
            if not goes.any():
                break
            at = np.where(goes, above, at)
        return at

    def _sides(self) -> None:
        """The box beside the heaviest container that a block is in, or the box inside it."""
        best, lasts = self.best, self.lasts
        inside = self.is_in
        box = self._climb(self.node, lambda e: (e <= best) & (best <= lasts[np.maximum(e, 0)]))
        self._box("side", box, ~inside)
        self._put("side_lexical", np.where(~inside, self._mean_lexical(box), 0))
        start = np.where(inside, self.node, best)
        child = self._climb(start, lambda e: e <= best)
        self._box("child", child, inside)
        self._put("child_is_own", np.where(inside, child == self.node, -1))

    def _box(self, name: str, box: Integers, counts: Bools) -> None:
        words = self.in_words[box]
        self._put(f"{name}_good", np.where(counts, self.in_good[box] / self.total, -1))
        self._put(f"{name}_words", np.where(counts, np.log1p(words), -1))
        links = self.in_links[box] / np.maximum(words, 1)
        self._put(f"{name}_links", np.where(counts, links, -1))
        self._put(f"{name}_blocks", np.where(counts, np.log1p(self.in_blocks[box]), -1))
        self._put(f"{name}_named", np.where(counts, self.weight[box], 0))

    def _mean_lexical(self, at: Integers) -> Floats:
        weight = np.sqrt(np.maximum(self.in_words[at] * self.in_blocks[at], 1))
        mean: Floats = self.in_mass[at] / weight
        return mean

    def _makes(self) -> None:
        """How blocks of one make fare: the same tag and names, in parents of the same."""
        tags, names = self.page.elements.tags, self.page.elements.names
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
        level = self.depth[self.node] * (_OTHER_TAG + 1) + self.tag
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
        for _ in range(12):
            goes = is_there & ((target < at) | (target > self.lasts[at])) & (self.parents[at] >= 0)
            if not goes.any():
                break
            at = np.where(goes, self.parents[at], at)
            steps += goes
        return np.where(is_there, steps, _NOWHERE)

    def _facts(self) -> None:
        """What the page says of its story elsewhere."""
        facts = self.page.facts
        bodies = shares_in(self.blocks, facts.bodies)
        near = np.convolve(np.maximum(bodies, 0), np.ones(5) / 5, "same")
        near = near[(len(near) - self.size) // 2 :][: self.size]
        words = [_words_of(block) for block in self.blocks]
        titles = self.titles = likeness(words, facts.titles)
        self._put("in_data", bodies)
        self._put("in_data_near", near)
        self._put("like_description", likeness(words, facts.descriptions))
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


def shares_in(blocks: Sequence[Block], bodies: Sequence[str]) -> Floats:
    """Return the share of each block's runs of three words that the bodies hold; -1 without any."""
    if not bodies:
        return np.full(len(blocks), -1, dtype=np.float32)
    known = set().union(*(_runs(body.casefold().split()) for body in bodies))
    shares = []
    for block in blocks:
        own = _runs(block.text.casefold().split())
        shares.append(len(own & known) / len(own))
    return np.array(shares, dtype=np.float32)


def _runs(words: list[str]) -> set[tuple[str, ...]]:
    if len(words) < 3:
        return {tuple(words)}
    return set(zip(words, words[1:], words[2:], strict=False))


LONGEST_LIKENESS = 600
"""Longest block that can be a title or a description, in code points."""


def _words_of(block: Block) -> frozenset[str]:
    if len(block.text) >= LONGEST_LIKENESS:
        return frozenset()
    return frozenset(block.text.casefold().split())


def likeness(blocks: Sequence[frozenset[str]], texts: Sequence[str]) -> Floats:
    """Return how alike the words of each block and of the likest of some texts are; -1 without any.

    The measure is the product of the shares of words that the two have in common, 0..1.
    """
    wanted = [w for text in texts if len(w := set(text.casefold().split())) > 1]
    if not wanted:
        return np.full(len(blocks), -1, dtype=np.float32)
    every = frozenset().union(*wanted)
    found = []
    for own in blocks:
        best = 0.0
        if not every.isdisjoint(own):
            for words in wanted:
                common = len(own & words)
                best = max(best, common / len(own) * common / len(words))
        found.append(best)
    return np.array(found, dtype=np.float32)

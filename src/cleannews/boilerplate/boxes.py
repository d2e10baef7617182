"""Claims on the blocks of an HTML page that the learned scorer doubts, named by their boxes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from cleannews.boilerplate.block_scorer import calibrated, judge, judge_fast
from cleannews.boilerplate.characters import Floats
from cleannews.boilerplate.context import Context
from cleannews.boilerplate.layout import Layout, likeness, shares_in
from cleannews.boilerplate.naming import FRAME, group_names
from cleannews.boilerplate.scorer import EVEN, story_of
from cleannews.document import Rule
from cleannews.reading.rendering import HtmlPage

COPY = 0.5
"""Share of a shown block's word runs in the story as data from which on it is a copy."""
FROM_DATA = 0.97
"""Probability of what a page holds as data only to belong to its story."""
LEAST_DOUBT = 0.3
"""Least confidence at which a block is claimed at all."""
_KINDS = {
    "comments": "comments", "consent": "cookie", "advertisement": "advertisement",
    "sign_up": "newsletter", "related": "related", "share": "share", "tags": "tags",
    "picture": "caption", "<figcaption>": "caption", "menu": "navigation", "<nav>": "navigation",
    "author": "author_box", "date": "date", "footer": "navigation", "<footer>": "navigation",
    "header": "navigation", "<header>": "navigation", "sidebar": "related", "<aside>": "related",
}  # fmt: skip
"""The category that each group of names stands for; of several on one element, the first."""
LONGEST_LABEL = 12
"""Longest byline or date, in words; what is longer under such a name is about the author."""
LIKE_TITLE = 0.6
"""Least likeness to the page's title that makes a block above the story its headline."""


def claim_boxes(context: Context, page: HtmlPage, rules: Mapping[str, Rule], *, fast: bool) -> None:
    """Claim what the scorer doubts.

    Args:
        context: The page and what the rules found there.
        page: The same page, with one block at least.
        rules: The scorer's rules in force, by category.
        fast: Judge by the tree alone.
    """
    layout, keep = judge_fast(page) if fast else judge(page, context.claims)
    keep = _with_data(layout, keep)
    story = story_of(keep, layout.words)
    doubts = _never_all(page, calibrated(keep)).round(4)
    told, chances = doubts.tolist(), keep.tolist()
    titles = likeness(page.blocks, page.facts.titles).tolist()
    namer = _Namer(layout, story, titles)
    claims, context.keep = context.claims, chances
    for i in np.flatnonzero(doubts >= LEAST_DOUBT).tolist():
        block, claim = page.blocks[i], claims.get(i)
        chance = f"{chances[i]:.0%} likely part of the story"
        if claim is not None and claim.safety == "safe":
            # A rule says better what the block is; the scorer makes it surer, as a second witness.
            if told[i] >= EVEN:
                sure = 1 - (1 - claim.confidence) * (1 - told[i])
                why = f"{claim.evidence}; {chance}"
                claims[i] = replace(claim, confidence=round(sure, 4), evidence=why)
            continue
        category, where = namer.name(i)
        if (rule := rules.get(category)) is not None:
            context.claim(block, rule, f"{where}, {chance}", confidence=told[i])


def _with_data(layout: Layout, keep: Floats) -> Floats:
    """Keep the story that a page holds as data only, and not again what of it the page shows."""
    page = layout.page
    if page.shown == layout.size:
        return keep
    is_data = layout.index >= page.shown
    data = [b.text for b in page.blocks[page.shown :]]
    is_copy = shares_in(page.blocks, [" ".join(data)]) >= COPY
    return np.where(is_data, FROM_DATA, np.where(is_copy, 1 - FROM_DATA, keep))


def _never_all(page: HtmlPage, doubts: NDArray[np.float64]) -> NDArray[np.float64]:
    """Leave the least doubtful blocks when all of a page with running text is doubtful."""
    if doubts.min() < EVEN or not any(b.is_prose for b in page.blocks):
        return doubts
    hopes = 1 - doubts
    return np.where(hopes >= hopes.max() / 2, np.minimum(doubts, LEAST_DOUBT), doubts)


class _Namer:
    """Names a block that goes: by its box, by its own place, else by where the story is."""

    def __init__(self, layout: Layout, story: tuple[int, int] | None, titles: list[float]) -> None:
        self.layout, self.page = layout, layout.page
        self.story = story or (layout.size, -1)
        self.kinds = [_KINDS.get(name) for name in group_names()]
        self.titles = titles
        self.sides, self.groups = layout.sides.tolist(), layout.groups.tolist()
        self.leaves = layout.leaf.tolist()

    def name(self, i: int) -> tuple[str, str]:
        """Return the category of a block and the reason, for people."""
        block, seen = self.page.blocks[i], self.page.seen[i]
        if seen.is_hidden:
            return "hidden", "not shown on the page"
        above = i <= self.story[0] or self.story[1] < 0
        if above and (block.mark == "#" or self.titles[i] >= LIKE_TITLE):
            return "headline", "the page's title"
        if found := self._box(i):
            category, element = found
            if block.words <= LONGEST_LABEL and category == "author_box":
                category = "byline"
            elif block.words > LONGEST_LABEL and category == "date":
                category = "short_line_block"
            return category, f"in {self._shown(element)}"
        return self._place(i, above)

    def _box(self, i: int) -> tuple[str, int] | None:
        """Return the kind of the outermost box that says what it is, and its element."""
        said = self.sides[i]
        if not any(said >> bit & 1 and kind for bit, kind in enumerate(self.kinds)):
            return None
        element, found = self.leaves[i], None
        parents = self.page.elements.parents
        while element > FRAME:
            own = self.groups[element] if self.layout.is_side[element] else 0
            for bit, kind in enumerate(self.kinds):
                if kind and own >> bit & 1:
                    # What a box holds is said best near the block, but comments and consent
                    # windows hold menus, pictures and dates of their own.
                    if found is None or kind in ("comments", "cookie"):
                        found = kind, element
                    break
            element = parents[element]
        return found

    def _shown(self, element: int) -> str:
        elements = self.page.elements
        names = " ".join(elements.names[element].split()[:3])
        label = f'<{elements.tags[element]} class="{names}">' if names else ""
        return label or f"<{elements.tags[element]}>"

    def _place(self, i: int, above: bool) -> tuple[str, str]:
        block = self.page.blocks[i]
        path = self.page.xpath(i)
        if above:
            if "standfirst" in self._own_groups(i) and block.words > LONGEST_LABEL:
                return "standfirst", f"between title and story, in {path}"
            return "before_article", f"above the story's first block, in {path}"
        if i > self.story[1]:
            return "after_article", f"below the story's last block, in {path}"
        if block.is_prose:
            return "inside_article", f"between blocks of the story, in {path}"
        return "short_line_block", f"a short block between those of the story, in {path}"

    def _own_groups(self, i: int) -> list[str]:
        node = self.page.seen[i].node
        said = self.groups[self.leaves[i]] | self.groups[node]
        return [name for bit, name in enumerate(group_names()) if said >> bit & 1]

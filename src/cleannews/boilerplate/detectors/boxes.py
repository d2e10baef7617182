"""Blocks of an HTML page that the learned scorer doubts, named by the box they stand in."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from cleannews.boilerplate.context import Context
from cleannews.boilerplate.naming import FRAME, group_names
from cleannews.document import Block, Finding
from cleannews.options import CleanOptions
from cleannews.reading.rendering import HtmlPage

if TYPE_CHECKING:
    from cleannews.boilerplate.layout import Layout

DETECTOR = "layout"
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


def find_boxes(context: Context, *, fast: bool = False) -> None:
    """Claim what the scorer doubts on an HTML page.

    Args:
        context: The page and what the rules found there.
        fast: Judge by the tree alone.
    """
    page = context.page
    rules = {r.category: r for r in context.detector_rules(DETECTOR)}
    if not rules or not isinstance(page, HtmlPage) or not page.blocks:
        return
    # Flat texts end before here; numpy is loaded for those that do not.
    import numpy as np

    from cleannews.boilerplate.block_scorer import calibrated, judge, judge_fast
    from cleannews.boilerplate.layout import likeness
    from cleannews.boilerplate.scorer import EVEN, story_of

    layout, keep = judge_fast(page) if fast else judge(page, context.claims)
    story = story_of(keep, layout.words)
    doubts = calibrated(keep).round(4)
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


def unwanted(page: HtmlPage, options: CleanOptions) -> list[Finding]:
    """Return findings of what the caller does not want, whether it belongs to the story or not."""
    found: list[Finding] = []
    if options.subheads == "remove":
        found += [_asked(b, "subhead") for b in page.blocks if b.mark[:1] == "#"]
    if options.tables == "remove":
        found += [_asked(b, "table") for b in page.blocks if b.mark == "|"]
    return found


def _asked(block: Block, what: str) -> Finding:
    return Finding(block.span, f"option/{what}", "option", "safe", 1.0, f"a {what}: not wanted")


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

"""Claims on the blocks of an HTML page that the learned scorer doubts, named by their boxes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from cleannews.boilerplate.block_scorer import calibrated, judge, judge_by_tree
from cleannews.boilerplate.characters import Floats
from cleannews.boilerplate.context import Context
from cleannews.boilerplate.layout import Layout, shifted
from cleannews.boilerplate.likeness import shares_in
from cleannews.boilerplate.naming import FRAME, group_names
from cleannews.boilerplate.payoff import best_expected_f1, paying
from cleannews.boilerplate.scorer import EVEN, story_of
from cleannews.document import Finding, Rule, Span
from cleannews.reading.html_page import HtmlPage
from cleannews.reading.rendering import DATA

COPY = 0.5
"""Share of a shown block's word runs in the story as data from which on it is a copy."""
BOXES = ("comments", "consent", "<form>", "<footer>", "<nav>", "<aside>")
TELL_TALE = sum(1 << group_names().index(name) for name in BOXES)
"""Boxes that hold no story when there is one outside of them."""
LEAST_OUTSIDE = 50
"""Fewest words of a story outside of them."""
BOXED = 0.02
"""Probability of what they hold to belong to the story, as measured."""
CERTAIN = 0.98
"""Raw probability of boilerplate from which on a block goes by the tree alone: 60 in 100 blocks, of
which 998 in 1,000 are boilerplate."""
SURE = 0.2
"""Most doubt about a page, see `doubt_of`, at which the tree alone judges all of it: 94 in 100
pages. See the tables on networks over blocks in ``training/LOG.md``."""
LEAST_DOUBT = 0.3
"""Least confidence at which a block is claimed at all."""
LEAST_EXPECTED = 0.3
"""Expected F1 of a page without running text below which it holds no story."""
SUBHEAD = 0.25
"""Least probability at which a heading directly above a part of the story stays with it."""
KEPT = 0.7
"""Probability of such a heading to belong to the story from then on."""
SHORTEST_PART = 3
"""Words of that part."""
KINDS = {
    "comments": "comments", "consent": "cookie", "<figcaption>": "caption",
    "advertisement": "advertisement", "sign_up": "newsletter", "related": "related",
    "share": "share", "picture": "caption", "tags": "tags", "menu": "navigation",
    "<nav>": "navigation", "author": "author_box", "date": "date", "footer": "navigation",
    "<footer>": "navigation", "header": "navigation", "<header>": "navigation",
    "sidebar": "related", "<aside>": "related",
}  # fmt: skip
"""The category that each group of names stands for; of several on one element, the first."""
FIRST_WORDS = 15
"""Fewest words of the paragraph that a story begins with."""
HEAD_BLOCKS = 12
"""Blocks above it in which its byline and its date stand."""
HEAD = 0.05
"""Probability of a headline, a byline or a date to belong to the body, as measured: .07 for
headings like the title, .01 for the others."""
_PEOPLE_AND_DATES = 1 << group_names().index("author") | 1 << group_names().index("date")
_WHOLE = frozenset(("comments", "cookie"))
_STANDFIRST = 1 << group_names().index("standfirst")
LONGEST_LABEL = 12
"""Longest byline or date, in words; what is longer under such a name is about the author."""
LIKE_TITLE = 0.6
"""Least likeness to the page's title that makes a block above the story its headline."""


def claim_boxes(
    context: Context,
    page: HtmlPage,
    rules: Mapping[str, Rule],
    *,
    by_tree: bool,
    is_last: bool,
    may_end: bool = False,
) -> None:
    """Claim what the scorer doubts, and take down in the context whether that was the last look.

    Args:
        context: The page and what the rules found there.
        page: The same page, with one block at least.
        rules: The scorer's rules in force, by category.
        by_tree: Judge by the tree alone.
        is_last: No closer look follows.
        may_end: None follows where this one leaves hardly any doubt.
    """
    layout, keep = judge_by_tree(page) if by_tree else judge(page, context.claims)
    is_last = is_last or (may_end and doubt_of(keep, layout.words) <= SURE)
    context.is_settled = is_last
    keep, is_inside, story = settled(layout, keep) if is_last else undecided(layout, keep)
    doubts = calibrated(keep, is_inside, by_tree=by_tree)
    doubts = (doubts if is_last else only_certain(keep, doubts)).round(4)
    context.hopes = (1 - doubts).tolist()
    doubts = never_too_little(page, layout.words, doubts)
    told, chances = doubts.tolist(), keep.tolist()
    namer = _Namer(layout, story)
    claims = context.claims
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
        if (rule := rules.get(category)) is None:
            continue
        why = f"{where}, {chance}"
        if claim is not None:
            context.claim(block, rule, why, confidence=told[i])
            continue
        span = Span(block[1], block[2])
        claims[i] = Finding(span, rule.id, rule.category, rule.safety, told[i], why, rule.language)


def doubt_of(keep: Floats, words: Floats) -> float:
    """Return how many words are judged wrongly for each word of the story, by what is expected.

    >>> doubt_of(np.array([0.99, 0.1]), np.array([90.0, 10.0])).__round__(3)
    0.021
    """
    wrong = float((words * np.minimum(keep, 1 - keep)).sum())
    return wrong / max(1.0, float((words * keep).sum()))


Judged = tuple[Floats, NDArray[np.bool_], tuple[int, int] | None]
"""Probabilities to belong to the story, which blocks stand inside it, its first and last block."""


def undecided(layout: Layout, keep: Floats) -> Judged:
    """Return what the scorer said, and where it sees the story."""
    keep = _with_data(layout, keep)
    story = story_of(keep, layout.words)
    first, last = story or (layout.size, -1)
    is_inside = (layout.index >= first) & (layout.index <= last)
    return np.where(_is_subhead(layout, keep, is_inside), KEPT, keep), is_inside, story


def settled(layout: Layout, keep: Floats) -> Judged:
    """Return the same with what stands in a tell-tale box put right.

    A comment reads like a story, and where there are many they outweigh one. But with a story
    outside of them, comments, forms, consent windows, menus, asides and footers hold none: of the
    words in such boxes of the development pages 2 in 100 are of the body.
    """
    is_boxed = (layout.sides & TELL_TALE) > 0
    outside = layout.words[(keep >= EVEN) & ~is_boxed].sum()
    if outside >= LEAST_OUTSIDE:
        keep = np.where(is_boxed, np.minimum(keep, BOXED), keep)
    keep = np.where(_is_head(layout, keep), np.minimum(keep, HEAD), keep)
    return undecided(layout, keep)


def _headings(layout: Layout) -> NDArray[np.bool_]:
    """Tell which blocks are headings."""
    return np.array([b.mark[:1] == "#" for b in layout.page.blocks])


def _is_head(layout: Layout, keep: Floats) -> NDArray[np.bool_]:
    """Tell which blocks above the story are its headline, its byline or its date.

    They are what a heading like the page's title is, or a main heading where the page has no title,
    and short lines in elements that are named after authors and dates, a few blocks above the
    story's first paragraph.
    """
    blocks = layout.page.blocks
    is_prose = np.array([b.is_prose for b in blocks]) & (keep >= EVEN)
    is_long = is_prose & (layout.words >= FIRST_WORDS)
    story = np.flatnonzero(is_long if is_long.any() else is_prose)
    if not len(story):
        return np.zeros(layout.size, dtype=np.bool_)
    is_above = layout.index < story[0]
    is_title = _headings(layout) & (layout.titles >= LIKE_TITLE)
    if layout.titles.max() < 0:
        is_title = np.array([b.mark == "#" for b in blocks])
    is_line = ((layout.said & _PEOPLE_AND_DATES) > 0) & (layout.words <= LONGEST_LABEL)
    is_near = layout.index >= story[0] - HEAD_BLOCKS
    head: NDArray[np.bool_] = is_above & (is_title | (is_line & is_near))
    return head


def _is_subhead(layout: Layout, keep: Floats, is_inside: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Tell which doubtful blocks are headings inside the story, directly above a part of it."""
    is_heading = _headings(layout)
    is_part = (keep >= EVEN) & (layout.words >= SHORTEST_PART)
    # Of two headings in a row both stand above what comes then.
    next_part, second = shifted(is_part, -1, 0) > 0, shifted(is_part, -2, 0) > 0
    is_above = next_part | (shifted(is_heading, -1, 0) > 0) & second
    told: NDArray[np.bool_] = (
        is_heading & is_inside & is_above & (keep >= SUBHEAD) & (keep < KEPT)
        & (layout.titles < LIKE_TITLE)
    )  # fmt: skip
    return told


def _with_data(layout: Layout, keep: Floats) -> Floats:
    """Keep the story that a page holds as data only, and not again what of it the page shows."""
    page = layout.page
    if page.shown == layout.size:
        return keep
    is_data = layout.index >= page.shown
    data = [b.text for b in page.blocks[page.shown :]]
    words = [b.text.casefold().split() for b in page.blocks]
    is_copy = np.array(shares_in(words, [" ".join(data)])) >= COPY
    return np.where(is_data, DATA, np.where(is_copy, 1 - DATA, keep))


def only_certain(keep: Floats, doubts: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the doubts of what is all but certain, and none of what a closer look will judge."""
    return np.where(keep <= 1 - CERTAIN, np.maximum(doubts, CERTAIN), 0.0)


def never_too_little(
    page: HtmlPage, words: Floats, doubts: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Leave blocks that are more likely not the story where that raises the expected F1.

    So something of a running text always stays.
    """
    hopes = 1 - doubts
    best = best_expected_f1(words, hopes)
    if best < LEAST_EXPECTED and not any(b.is_prose for b in page.blocks):
        return doubts
    return np.where(hopes >= paying(best), np.minimum(doubts, LEAST_DOUBT), doubts)


def by_length(category: str, words: int) -> str:
    """Return the category of a block in a box: authors and dates are told by a few words."""
    if category == "author_box" and words <= LONGEST_LABEL:
        return "byline"
    return "short_line_block" if category == "date" and words > LONGEST_LABEL else category


def shown(tag: str, names: str) -> str:
    """Return an element for people: its tag and the first of its names, classes and id."""
    names = " ".join(names.split()[:3])
    return f"in <{tag}> named “{names}”" if names else f"in <{tag}>"


class _Namer:
    """Names a block that goes: by its box, by its own place, else by where the story is."""

    def __init__(self, layout: Layout, story: tuple[int, int] | None) -> None:
        self.layout, self.page = layout, layout.page
        self.story = story or (layout.size, -1)
        self.titles = layout.titles.tolist()
        self.nodes, self.leaves = layout.node.tolist(), layout.leaf.tolist()
        self.hidden = layout.hidden.tolist()
        self.boxes, self.kinds = self._boxes()
        self.shown: dict[int, str] = {}

    def _boxes(self) -> tuple[list[int], dict[int, str]]:
        """Return for each element the box that it is in, -1 for none, and the boxes' kinds.

        What a box holds is said best near the block, but comments and consent windows hold menus,
        pictures and dates of their own.
        """
        kinds = [(1 << group_names().index(name), kind) for name, kind in KINDS.items()]
        outline = self.layout.outline
        found: dict[int, str] = {}
        named = outline.is_side & (outline.groups != 0) & (outline.origins > FRAME)
        known: dict[int, str | None] = {}
        boxes: list[int] = []
        said = np.where(named, outline.groups, 0).tolist()
        for element, (parent, groups) in enumerate(
            zip(outline.parents.tolist(), said, strict=True)
        ):
            box = boxes[parent] if element else -1
            if groups:
                if groups not in known:
                    known[groups] = next((kind for bit, kind in kinds if groups & bit), None)
                kind = known[groups]
                if kind and found.get(box) not in _WHOLE:
                    box = element
                    found[element] = kind
            boxes.append(box)
        return boxes, found

    def name(self, i: int) -> tuple[str, str]:
        """Return the category of a block and the reason, for people."""
        block = self.page.blocks[i]
        if self.hidden[i]:
            return "hidden", "not shown on the page"
        above = i <= self.story[0] or self.story[1] < 0
        if above and (block.mark == "#" or self.titles[i] >= LIKE_TITLE):
            return "headline", "the page's title"
        element = self.boxes[self.leaves[i]]
        if element >= 0:
            return by_length(self.kinds[element], block.words), self._shown(element)
        return self._place(i, above)

    def _shown(self, element: int) -> str:
        """Return an element for people: its tag and the first of its names, classes and id."""
        if element not in self.shown:
            outline = self.layout.outline
            self.shown[element] = shown(outline.tags[element], outline.names[element])
        return self.shown[element]

    def _place(self, i: int, above: bool) -> tuple[str, str]:
        block, node = self.page.blocks[i], self.nodes[i]
        where = self._shown(node)
        if above:
            if int(self.layout.said[i]) & _STANDFIRST and block.words > LONGEST_LABEL:
                return "standfirst", f"between title and story, {where}"
            return "before_article", f"above the story's first block, {where}"
        if i > self.story[1]:
            return "after_article", f"below the story's last block, {where}"
        if block.is_prose:
            return "inside_article", f"between blocks of the story, {where}"
        return "short_line_block", f"a short block between those of the story, {where}"

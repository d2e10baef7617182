"""The quick look of the option ``fast``: judge a page's pieces before any of it is rendered."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from cleannews.boilerplate import skim_scorer
from cleannews.boilerplate.boxes import (
    KEPT,
    KINDS,
    LEAST_DOUBT,
    SUBHEAD,
    by_length,
    never_too_little,
    shown,
)
from cleannews.boilerplate.characters import Floats
from cleannews.boilerplate.context import Context
from cleannews.boilerplate.naming import FRAME, Names, group_names
from cleannews.boilerplate.scorer import EVEN
from cleannews.document import Finding, Rule, Span
from cleannews.reading.facts import Facts
from cleannews.reading.html_page import HtmlPage
from cleannews.reading.rendering import Told
from cleannews.reading.skimming import Skim, skim

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lxml import etree

LEAST_STORY = 300
"""Fewest characters of prose that are likely story; with fewer, the page deserves a closer look."""
MOST_DOUBT = 0.5
"""Most characters that are expected to be judged wrongly, for each of the story."""
UNREAD = 0.25
"""Probability to stay below which a piece without prose is taken as it is: whatever the strictness,
it goes."""
NEVER = Told(0.0)
_BITS = [(1 << group_names().index(name), kind) for name, kind in KINDS.items()]


def glance(root: etree._Element, facts: Facts, length: int) -> dict[etree._Element, Told] | None:
    """Return what a quick look at a tree says of its elements; None where a closer one is needed.

    What shows no text is taken out of the tree.

    Args:
        root: The tree.
        facts: What the page says of its story elsewhere.
        length: From which length on a text is prose.
    """
    seen = skim(root, length)
    if not seen.pieces:
        return None
    trained = skim_scorer.model()
    keep = skim_scorer.judge_pieces(seen, facts, trained)
    size = np.array([sum(map(len, piece.lines)) for piece in seen.pieces], dtype=np.float32)
    prose = np.array([piece.is_prose for piece in seen.pieces])
    keep = np.where(_is_subhead(seen, keep), np.maximum(keep, KEPT), keep)
    story = float((size * keep).sum())
    if float(size[prose & (keep >= EVEN)].sum()) < LEAST_STORY:
        return None
    if float((size * np.minimum(keep, 1 - keep)).sum()) > MOST_DOUBT * story:
        return None
    hopes = (1 - trained.calibrated(keep)).tolist()
    told: dict[etree._Element, Told] = {}
    for piece, hope in zip(seen.pieces, hopes, strict=True):
        element = seen.elements[piece.node]
        if piece.is_run:
            # Of several runs in one element the likeliest speaks for all.
            told[element] = Told(max(hope, told.get(element, NEVER).keep))
        else:
            goes = hope < UNREAD and not piece.is_prose
            told[element] = Told(hope, piece.lines if goes else None)
    return told


def _is_subhead(seen: Skim, keep: Floats) -> NDArray[np.bool_]:
    """Tell which doubtful pieces are headings between parts of the story, right above one."""
    stays = keep >= EVEN
    is_heading = np.array([p.heading > 1 and len(p.lines) == 1 for p in seen.pieces])
    inside = np.flatnonzero(stays)
    found: NDArray[np.bool_] = is_heading & (keep >= SUBHEAD) & ~stays
    found[:-1] &= stays[1:] | (is_heading[1:] & np.append(stays[2:], False))
    found[-1] = False
    found[: inside[0] if len(inside) else None] = False
    return found


def claim_pieces(context: Context, page: HtmlPage, rules: Mapping[str, Rule]) -> None:
    """Claim the blocks that the quick look doubted.

    Args:
        context: The page and what is claimed of it.
        page: The same page, with one block at least.
        rules: The scorer's rules in force, by category.
    """
    context.is_settled = True
    words = np.array([b.words for b in page.blocks], dtype=np.float32)
    doubts = never_too_little(page, words, (1 - np.array(page.keeps)).round(4))
    context.hopes = (1 - doubts).tolist()
    namer = _Namer(page, doubts < EVEN, skim_scorer.model().names)
    claims = context.claims
    for i in np.flatnonzero(doubts >= LEAST_DOUBT).tolist():
        block, doubt = page.blocks[i], float(doubts[i])
        category, where = namer.name(i)
        if (rule := rules.get(category)) is None:
            continue
        why = f"{where}, {page.keeps[i]:.0%} likely part of the story"
        if (claim := claims.get(i)) is not None:
            sure = 1 - (1 - claim.confidence) * (1 - doubt)
            why = f"{claim.evidence}; {why}"
            claims[i] = replace(claim, confidence=round(sure, 4), evidence=why)
            continue
        span = Span(block[1], block[2])
        claims[i] = Finding(span, rule.id, rule.category, rule.safety, doubt, why, rule.language)


class _Namer:
    """Names a block that goes: by the box it stands in, else by where the story is."""

    def __init__(self, page: HtmlPage, stays: np.ndarray, names: Names) -> None:
        self.page = page
        self.names, elements = names, page.elements
        kept = np.flatnonzero(stays).tolist()
        self.first, self.last = (kept[0], kept[-1]) if kept else (len(stays), -1)
        # What holds the story is no box beside it.
        self.frame: set[int] = set(range(FRAME + 1))
        for i in kept:
            node = page.seen[i].node
            while node >= 0 and node not in self.frame:
                self.frame.add(node)
                node = elements.parents[node]

    def name(self, i: int) -> tuple[str, str]:
        """Return the category of a block and the reason, for people."""
        block, seen = self.page.blocks[i], self.page.seen[i]
        if seen.is_hidden:
            return "hidden", "not shown on the page"
        if i < self.first and block.mark == "#":
            return "headline", "the page's title"
        elements, node = self.page.elements, seen.node
        while node >= 0 and node not in self.frame:
            groups = self.names.of(elements.tags[node], elements.names[node])[0]
            kind = next((kind for bit, kind in _BITS if groups & bit), None) if groups else None
            if kind is not None:
                return by_length(kind, block.words), self._shown(node)
            node = elements.parents[node]
        where = self._shown(seen.node)
        if i < self.first:
            return "before_article", f"above the story's first block, {where}"
        if i > self.last:
            return "after_article", f"below the story's last block, {where}"
        return "short_line_block", f"a piece between those of the story, {where}"

    def _shown(self, node: int) -> str:
        elements = self.page.elements
        return shown(elements.tags[node], elements.names[node])

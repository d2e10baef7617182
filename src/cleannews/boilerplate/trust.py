"""How far a result can be trusted: its confidence, read off a measured table."""

from __future__ import annotations

import json
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from functools import cache
from importlib.resources import files

from cleannews.boilerplate.context import Context
from cleannews.document import Finding, Page

DISHONEST = frozenset({"error_page", "obfuscated_text", "did_not_settle"})
"""Warnings under which a text is not trusted whatever it looks like."""
LOW = 0.1
"""Confidence of such a text."""
UNLIKE_AN_ARTICLE = 0.5
"""Most confidence in what is left of a page that is no article."""


def confidence_of(left: Page, warnings: Sequence[str]) -> float:
    """Return the expected share, 0..1, of the kept words that belong to the story.

    Args:
        left: The cleaned page.
        warnings: Codes of the result's warnings.

    Source:
        ``training/result_confidence.py``: isotonic regression on labelled development texts.
    """
    if not left.blocks:
        return 0.0
    confidence = step_of(prose_share(left), _table())
    return min(confidence, LOW) if DISHONEST.intersection(warnings) else confidence


def page_confidence_of(expected: float, kinds: Sequence[str]) -> float:
    """Return the expected word F1, 0..1, of what is left of an HTML page against its story.

    Args:
        expected: What `expected_f1` makes of the last look at the page's blocks.
        kinds: Codes of the warnings for what the page is instead of an article.

    Source:
        ``training/page_confidence.py``: isotonic regression on pages of sites unseen in training.
    """
    confidence = step_of(expected, _page_table())
    return min(confidence, UNLIKE_AN_ARTICLE) if kinds else confidence


def expected_f1(context: Context, going: Iterable[Finding]) -> float:
    """Return the word F1 that the blocks' probabilities to belong to the story add up to."""
    hopes, blocks = context.hopes, context.page.blocks
    if not hopes:
        return 0.0
    gone = {f.span.start for f in going}
    kept = [b.words if b.start not in gone else 0 for b in blocks]
    right = sum([words * hope for words, hope in zip(kept, hopes, strict=True)])
    story = sum([b.words * hope for b, hope in zip(blocks, hopes, strict=True)])
    return 2 * right / max(1.0, sum(kept) + story)


def prose_share(page: Page) -> float:
    """Return the share of a page's words that stand in prose blocks."""
    words = sum([b.words for b in page.blocks])
    return sum([b.words for b in page.blocks if b.is_prose]) / words if words else 0.0


def step_of(share: float, table: Sequence[tuple[float, float]]) -> float:
    """Return the confidence of the step that `share` falls on."""
    i = bisect_right(table, share, key=lambda step: step[0])
    return table[max(0, i - 1)][1]


@cache
def _page_table() -> tuple[tuple[float, float], ...]:
    return _read("page_trust.json")


@cache
def _table() -> tuple[tuple[float, float], ...]:
    return _read("trust.json")


def _read(name: str) -> tuple[tuple[float, float], ...]:
    path = files("cleannews.boilerplate").joinpath(name)
    steps = json.loads(path.read_text(encoding="utf-8"))
    return tuple((float(share), float(confidence)) for share, confidence in steps)

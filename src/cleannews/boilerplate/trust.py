"""How far a result can be trusted: its confidence, read off a measured table."""

from __future__ import annotations

import json
from bisect import bisect_right
from collections.abc import Sequence
from functools import cache
from importlib.resources import files

from cleannews.document import Page

DISHONEST = frozenset({"error_page", "obfuscated_text", "did_not_settle"})
"""Warnings under which a text is not trusted whatever it looks like."""
LOW = 0.1
"""Confidence of such a text."""


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


def prose_share(page: Page) -> float:
    """Return the share of a page's words that stand in prose blocks."""
    words = sum([b.words for b in page.blocks])
    return sum([b.words for b in page.blocks if b.is_prose]) / words if words else 0.0


def step_of(share: float, table: Sequence[tuple[float, float]]) -> float:
    """Return the confidence of the step that `share` falls on."""
    i = bisect_right(table, share, key=lambda step: step[0])
    return table[max(0, i - 1)][1]


@cache
def _table() -> tuple[tuple[float, float], ...]:
    path = files("cleannews.boilerplate").joinpath("trust.json")
    steps = json.loads(path.read_text(encoding="utf-8"))
    return tuple((float(share), float(confidence)) for share, confidence in steps)

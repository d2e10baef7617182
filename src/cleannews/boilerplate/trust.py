"""How far a result can be trusted."""

from __future__ import annotations

from cleannews.boilerplate.context import Context
from cleannews.document import Page


def confidence_of(left: Page, first: Context) -> float:
    """Return the expected share of kept words that belong to the story.

    Args:
        left: The cleaned page.
        first: What the first look at the whole page found.
    """
    words = sum(b.words for b in left.blocks)
    prose = sum(b.words for b in left.blocks if b.is_prose)
    return round(prose / words, 3) if words else 0.0

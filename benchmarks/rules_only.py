"""The adapter of cleannews without its learned scorer, for comparison."""

from __future__ import annotations

import cleannews

SCORED = tuple(c.name for c in cleannews.load_rulebook().categories.values() if c.scored)
"""Categories of the learned scorer's findings."""
OPTIONS = cleannews.CleanOptions(ignore=SCORED)


def text_to_text(text: str) -> str:
    """Return the main text of a flat text, by rules alone."""
    return cleannews.clean(text, options=OPTIONS).text

"""The adapter of cleannews without its learned scorer, for comparison."""

from __future__ import annotations

import cleannews

SCORED = ("before_article", "after_article", "short_line_block", "inside_article")
OPTIONS = cleannews.CleanOptions(ignore=SCORED)


def text_to_text(text: str) -> str:
    """Return the main text of a flat text, by rules alone."""
    return cleannews.clean(text, options=OPTIONS).text

"""The adapter of cleannews without its learned scorer, for comparison."""

from __future__ import annotations

import cleannews

SCORED = tuple(c.name for c in cleannews.load_rulebook().categories.values() if c.scored)
"""Categories of the learned scorer's findings."""
OPTIONS = cleannews.CleanOptions(ignore=SCORED)


def text_to_text(text: str) -> list[dict[str, int]]:
    """Return the spans that go by rules alone."""
    removed = cleannews.clean(text, options=OPTIONS).removed
    return [{"start": r.span.start, "end": r.span.end} for r in removed]

"""The adapter of cleannews without its learned scorers, for comparison."""

from __future__ import annotations

import cleannews

SCORED = tuple(
    sorted({r.id for r in cleannews.load_rulebook().rules if r.detector in ("scorer", "layout")})
)
"""Rules of the learned scorers' findings."""
OPTIONS = cleannews.CleanOptions(ignore=SCORED)


def text_to_text(text: str) -> list[dict[str, int]]:
    """Return the spans that go by rules alone."""
    removed = cleannews.clean(text, options=OPTIONS).removed
    return [{"start": r.span.start, "end": r.span.end} for r in removed]

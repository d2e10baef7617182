"""Lines that come back on other pages of the site: its template."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from importlib.resources import files

from cleannews.boilerplate.context import Context
from cleannews.boilerplate.sites import Sightings

MOST_MEASURED = 4
"""Number of other pages up to which the shares were measured; more pages are read as a share."""
LEAST_PAGES = {"line": 1, "alone": 1, "prose": 2}
"""Least other pages that a line of each shape must be on: two stories may share a paragraph."""

MOST_PROSE = 0.5
"""Largest share, 0..1, of a page's prose, by words, that may be template. Above it the profile
knows the story from somewhere, whatever the place, and no prose is claimed."""
SHORTEST_STORY = 80
"""Words of prose from which on it may be a story; below, a notice on a page that is no prose."""


def find_site_template(context: Context) -> None:
    """Claim lines that the site profile has seen on other pages.

    Where a rule has named a line already, it says better what the line is, and may hang on an
    option that keeps it; the profile only makes it surer.
    """
    if context.site is None:
        return
    rules = context.detector_rules("site_template")
    if not rules:
        return
    rule = rules[0]
    seen = context.site.seen(context.page.blocks)
    shares = [
        confidence_of(shape_of(seen, i), count, seen.pages) if count else None
        for i, count in enumerate(seen.counts)
    ]
    prose = [
        (u.words, share is not None)
        for u, share in zip(seen.units, shares, strict=True)
        if u.is_prose
    ]
    known_words = sum(words for words, known in prose if known)
    most = max(MOST_PROSE * sum(words for words, _ in prose), SHORTEST_STORY - 1)
    knows_story = known_words > most
    pages = "page" if seen.pages == 1 else "pages"
    for unit, count, confidence in zip(seen.units, seen.counts, shares, strict=True):
        if confidence is None or (unit.is_prose and knows_story):
            continue
        evidence = f"on {count} of {seen.pages} other {pages} of this site"
        for block in context.page.blocks[unit.first : unit.last + 1]:
            claim = context.claims.get(block.index)
            if claim is not None and claim.safety == "safe":
                why = f"{claim.evidence}; {evidence}"
                surer = max(claim.confidence, confidence)
                context.claims[block.index] = replace(claim, confidence=surer, evidence=why)
            else:
                context.claim(block, rule, evidence, confidence=confidence)


def shape_of(seen: Sightings, i: int) -> str:
    """Return the shape of the i-th unit: ``prose``, ``alone`` or ``line``.

    Alone is a line that stands by itself between paragraphs of the story, as a sub-heading or a
    piece of a broken sentence does.
    """
    units, counts = seen.units, seen.counts
    if units[i].is_prose:
        return "prose"
    if any(counts[j] for j in (i - 1, i + 1) if 0 <= j < len(units)):
        return "line"
    story = [j for j, unit in enumerate(units) if unit.is_prose and not counts[j]]
    return "alone" if story and story[0] < i < story[-1] else "line"


def confidence_of(shape: str, count: int, pages: int) -> float | None:
    """Return the measured share of boilerplate among lines on `count` of `pages` other pages.

    Args:
        shape: ``prose``, ``alone`` (a line between two paragraphs of the story) or ``line``.
        count: Pages it is on, at least 1.
        pages: Other pages in all.

    Returns:
        None where the line is on too few pages to say anything.

    Source:
        ``training/site_template.py``: lower ends of 95 % Wilson intervals on flattened pages.
    """
    if pages > MOST_MEASURED:
        count = max(count * MOST_MEASURED // pages, int(count >= LEAST_PAGES[shape] + 1))
        pages = MOST_MEASURED
    if count < LEAST_PAGES[shape]:
        return None
    return _table()[shape][pages - 1][count - 1]


@cache
def _table() -> Mapping[str, list[list[float | None]]]:
    path = files("cleannews.boilerplate").joinpath("site_template.json")
    table: Mapping[str, list[list[float | None]]] = json.loads(path.read_text(encoding="utf-8"))
    return table

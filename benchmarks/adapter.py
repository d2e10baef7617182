"""cleannews as the evaluation scripts call it: a few lines each over the public API.

    python scoreboard.py benchmarks/adapter.py

A function that is missing here is a capability that cleannews does not have yet.
"""

from __future__ import annotations

from typing import Any

import cleannews

TEXT_ALONE = cleannews.CleanOptions(metadata=False)
"""The peers are asked for the text alone, too."""


def html_to_text(html: str, url: str | None) -> str:
    """Return the main text of a page."""
    return cleannews.clean(html, url=url, options=TEXT_ALONE).text


def html_to_text_fast(html: str, url: str | None) -> str:
    """Return the main text of a page, by the quick way."""
    return cleannews.clean(
        html, url=url, options=cleannews.CleanOptions(fast=True, metadata=False)
    ).text


def text_to_text(text: str) -> list[dict[str, int]]:
    """Return the spans that are not the main text: exact where lines are alike."""
    return [{"start": r.span.start, "end": r.span.end} for r in cleannews.clean(text).removed]


def text_to_spans(text: str) -> list[dict[str, Any]]:
    """Return the removed spans with their categories."""
    return [
        {"start": r.span.start, "end": r.span.end, "category": r.category}
        for r in cleannews.clean(text).removed
    ]


def html_metadata(html: str, url: str | None) -> dict[str, Any]:
    """Return title, authors, publication day and site of a page."""
    return _metadata(cleannews.extract_metadata(html, url=url))


def text_metadata(text: str) -> dict[str, Any]:
    """Return title, authors, publication day and site of a flat text."""
    return _metadata(cleannews.extract_metadata(text))


def _metadata(meta: cleannews.Metadata) -> dict[str, Any]:
    """Where no day of publication is known the day that a reader sees stands in for it."""
    day = meta.published or meta.displayed
    found: dict[str, Any] = {
        "title": meta.title and meta.title.value,
        "authors": [a.value.name for a in meta.authors],
        "date": day and day.value.isoformat()[:10],
        "site": meta.site and meta.site.value,
    }
    return {k: v for k, v in found.items() if v}


STORY = {"exact": "same", "near": "same"}


def find_links(
    docs: list[dict[str, Any]],
) -> tuple[list[tuple[str, str, str]], dict[str, int]]:
    """Return the links between documents, and the cluster of each clustered one."""
    found = cleannews.find_duplicates(docs)
    clusters = {m: i for i, c in enumerate(found.clusters) for m in c.members}
    return [(x.a, x.b, STORY.get(x.kind, x.kind)) for x in found.links], clusters

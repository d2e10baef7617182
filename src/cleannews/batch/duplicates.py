"""Duplicates among the rows of a run: links and clusters beside its output."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from cleannews.batch.job import bytes_compared
from cleannews.batch.journal import Part
from cleannews.batch.output import Output
from cleannews.columns import json_text
from cleannews.duplicates.values import DuplicateOptions

COLUMNS = ("id", "text", "title", "url", "published")
TOLD_FROM = 20_000
"""Rows from which on the memory that the search needs is told."""


def duplicates_of_rows(
    output: Output,
    parts: Sequence[Part],
    options: DuplicateOptions,
    *,
    workers_tell: Callable[[str], None],
) -> dict[str, Any]:
    """Look for duplicates among all rows and write links and clusters to the work folder.

    The texts are read from the output one after the other and not kept; the search holds
    what `bytes_compared` says for documents of 440 words.

    Returns:
        Counts for the summary.
    """
    from cleannews.duplicates.find import find_duplicates

    rows = sum(part.rows for part in parts)
    if rows >= TOLD_FROM:
        need = bytes_compared(rows) / 1e9
        workers_tell(
            f"looking for duplicates among {rows:,} records: about {need:.1f} GB of memory"
        )
    found = find_duplicates(_documents(output.rows(parts, COLUMNS)), options=options)
    output.add_beside("links.jsonl", (json_text(link.to_dict()) for link in found.links))
    output.add_beside("clusters.jsonl", (json_text(c.to_dict()) for c in found.clusters))
    kinds: dict[str, int] = {}
    for link in found.links:
        kinds[link.kind] = kinds.get(link.kind, 0) + 1
    return {
        "documents": found.documents,
        "links": dict(sorted(kinds.items())),
        "clusters": len(found.clusters),
        "redundant": len(found.redundant()),
    }


def _documents(rows: Iterator[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Yield what the search takes of each row with a text, under names that no two share."""
    known: set[str] = set()
    for number, row in enumerate(rows):
        if row["text"] is None:
            continue
        name = row["id"]
        if name in known:  # told when it was read
            name = f"{name}#{number}"
        known.add(name)
        yield {
            "id": name,
            "text": row["text"],
            "title": row["title"],
            "url": row["url"],
            "date": row["published"],
        }

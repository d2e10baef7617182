"""What the adapters that hand over one document at a time have in common."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_FACTS = (
    "title",
    "authors",
    "editors",
    "published",
    "modified",
    "site",
    "publisher",
    "based_on",
    "language",
    "confidence",
    "warnings",
)


def facts_of(row: Mapping[str, Any]) -> dict[str, Any]:
    r"""Return what a cleaned row says about its document, for a framework's field of metadata.

    Args:
        row: A row of `cleannews.columns.COLUMNS`.

    Returns:
        Title, people, days, places, confidence and codes of warnings: only what was found, and only
        plain values, as not every store takes more.

    >>> from cleannews.columns import clean_row
    >>> row = clean_row(text="Bridge to close\n\nBy Ana Ruiz\n\nThe old bridge is shut.")
    >>> facts_of(row)["authors"]
    ['Ana Ruiz']
    """
    facts = {name: row[name] for name in _FACTS if row[name] not in (None, [])}
    if "warnings" in facts:
        facts["warnings"] = [warning["code"] for warning in facts["warnings"]]
    return facts

"""What the frameworks of text documents with metadata have in common: text in, story out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from cleannews.boilerplate.sites import SiteProfile, SiteProfiles
from cleannews.columns import clean_row
from cleannews.options import CleanOptions

TOLD = (
    "title",
    "authors",
    "editors",
    "published",
    "modified",
    "site",
    "publisher",
    "based_on",
    "language",
)
"""Metadata that a document gets where it does not have it yet, of the columns of a cleaned row."""
CONFIDENCE, WARNINGS, RULES = "cleannews_confidence", "cleannews_warnings", "cleannews_rules"
"""Keys for how sure the text is, the codes of its warnings, and the rules it was cleaned with."""


class Story(NamedTuple):
    """The text that is left and the document's metadata with what was learned."""

    text: str
    metadata: dict[str, Any]
    confidence: float


def story_of(
    text: object,
    metadata: Mapping[str, Any],
    *,
    url_field: str,
    options: CleanOptions | None,
    site: SiteProfile | SiteProfiles | None,
) -> Story | None:
    """Clean the text of one document.

    Args:
        text: HTML or flat text.
        metadata: The document's own; its values stay.
        url_field: Where in `metadata` the page's address may stand; what is no web address there,
            such as a file's path, is not used.
        options: As for `cleannews.clean`.
        site: As for `cleannews.clean`.

    Returns:
        The story, or None when the document holds no text at all.

    >>> story_of("The bridge is shut.", {"k": 1}, url_field="url", options=None, site=None).text
    'The bridge is shut.'
    """
    url = metadata.get(url_field)
    if not str(url).startswith(("http://", "https://")):
        url = None
    row = clean_row(text=text, url=url, options=options, site=site)
    if row["text"] is None:
        return None
    told = {key: row[key] for key in TOLD if row[key]}
    sure = {CONFIDENCE: row["confidence"], RULES: row["rules_hash"]}
    if row["warnings"]:
        sure[WARNINGS] = [warning["code"] for warning in row["warnings"]]
    return Story(row["text"], {**told, **metadata, **sure}, row["confidence"])

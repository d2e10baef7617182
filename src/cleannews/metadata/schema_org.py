"""Metadata as schema.org JSON-LD, so that other tools read it without knowing ours."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from cleannews.document import Metadata, Person, Sourced

CONTEXT = "https://schema.org"


def to_schema_org(metadata: Metadata) -> dict[str, Any]:
    """Return a ``NewsArticle`` of schema.org; what is not known is left out.

    Confidence, raw strings and places have no home there: keep `Metadata.to_dict` for them.

    Args:
        metadata: What was read from a page or a text.

    Source:
        https://schema.org/NewsArticle, release 28.

    >>> to_schema_org(Metadata(title=Sourced("Bridge to close", "", "line", None, 0.9)))
    {'@context': 'https://schema.org', '@type': 'NewsArticle', 'headline': 'Bridge to close'}
    """
    m = metadata
    told: dict[str, Any] = {
        "headline": _text(m.title),
        "author": _people(m.authors),
        "editor": _people(m.editors),
        "contributor": _people([p for p in m.contributors if p.value.role != "translator"]),
        "translator": _people([p for p in m.contributors if p.value.role == "translator"]),
        "sourceOrganization": [_organisation(a.value) for a in m.agencies],
        "datePublished": _moment(m.published),
        "dateModified": _moment(m.modified),
        "publisher": _organisation(m.publisher.value) if m.publisher else None,
        "isPartOf": {"@type": "WebSite", "name": m.site.value} if m.site else None,
        "isBasedOn": _text(m.based_on),
        "inLanguage": _text(m.language),
        "articleSection": _text(m.section),
        "keywords": [t.value for t in m.tags],
        "image": _text(m.image),
        "url": _text(m.canonical_url),
        "description": _text(m.description),
        "dateline": _text(m.dateline),
        "license": _text(m.licence),
        "isAccessibleForFree": None if m.is_paywalled is None else not m.is_paywalled.value,
        "creditText": ", ".join(c.value for c in m.photo_credits),
    }
    known = {name: value for name, value in told.items() if value not in (None, "", [])}
    return {"@context": CONTEXT, "@type": "NewsArticle", **known}


def _text(value: Sourced[str] | None) -> str | None:
    return value.value if value else None


def _moment(value: Sourced[date] | None) -> str | None:
    return value.value.isoformat() if value else None


def _people(people: Sequence[Sourced[Person]]) -> list[dict[str, str]]:
    return [
        _organisation(p.value.name)
        if p.value.role == "organisation"
        else {"@type": "Person", "name": p.value.name}
        for p in people
    ]


def _organisation(name: str) -> dict[str, str]:
    return {"@type": "NewsMediaOrganization", "name": name}

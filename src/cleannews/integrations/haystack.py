"""Haystack: a component (``pip install cleannews haystack-ai``)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from haystack import Document, component

from cleannews.columns import clean_row
from cleannews.integrations.documents import facts_of
from cleannews.options import CleanOptions


@component
class CleanNews:
    """Cleans documents, and adds to their meta data what was found out about them.

    A document that cannot be read keeps its content, and says so in ``warnings``.

    Args:
        options: As for `CleanOptions.from_mapping`; plain values, so that the pipeline can be
            written as YAML.
        url: Field of the meta data that holds the address.
    """

    def __init__(self, options: dict[str, Any] | None = None, url: str = "url") -> None:
        self.options = options or {}
        self.url = url

    @component.output_types(documents=list[Document])
    def run(self, documents: list[Document]) -> dict[str, list[Document]]:
        """Return the documents, cleaned and in the same order."""
        options = CleanOptions.from_mapping(self.options)
        return {"documents": [self._clean(document, options) for document in documents]}

    def _clean(self, document: Document, options: CleanOptions) -> Document:
        row = clean_row(
            text=document.content,
            id=document.id,
            url=document.meta.get(self.url),
            options=options,
        )
        content = document.content if row["text"] is None else row["text"]
        return replace(document, content=content, meta={**document.meta, **facts_of(row)})

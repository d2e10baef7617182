"""LangChain: a document transformer (``pip install cleannews langchain-core``)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from langchain_core.documents import BaseDocumentTransformer, Document

from cleannews.boilerplate.sites import SiteProfile, SiteProfiles
from cleannews.columns import clean_row
from cleannews.integrations.documents import facts_of
from cleannews.options import CleanOptions


class CleanNewsTransformer(BaseDocumentTransformer):
    """Cleans documents, and adds to their metadata what was found out about them.

    A document that cannot be read keeps its content, and says so in ``warnings``.

    Args:
        options: As for `cleannews.clean`.
        site: As for `cleannews.clean`.
        url: Field of the metadata that holds the address.
    """

    def __init__(
        self,
        *,
        options: CleanOptions | None = None,
        site: SiteProfile | SiteProfiles | None = None,
        url: str = "source",
    ) -> None:
        self.options = options
        self.site = site
        self.url = url

    def transform_documents(self, documents: Sequence[Document], **_: Any) -> Sequence[Document]:
        """Return the documents, cleaned and in the same order."""
        return [self._clean(document) for document in documents]

    def _clean(self, document: Document) -> Document:
        row = clean_row(
            text=document.page_content,
            id=document.id,
            url=document.metadata.get(self.url),
            options=self.options,
            site=self.site,
        )
        content = document.page_content if row["text"] is None else row["text"]
        metadata = {**document.metadata, **facts_of(row)}
        return document.model_copy(update={"page_content": content, "metadata": metadata})

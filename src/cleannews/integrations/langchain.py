"""A LangChain document transformer (``pip install 'cleannews[langchain]'``)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from langchain_core.documents import BaseDocumentTransformer, Document

from cleannews.boilerplate.sites import SiteProfile, SiteProfiles
from cleannews.integrations.documents import story_of
from cleannews.options import CleanOptions


class CleanNewsTransformer(BaseDocumentTransformer):
    r"""Cleans documents between a loader and a splitter.

    Args:
        options: As for `cleannews.clean`.
        site: As for `cleannews.clean`.
        url_field: Metadata key under which loaders put the page's address.
        minimum_confidence: Documents with less, 0..1, are left out; by default none are.

    >>> page = Document("The bridge is shut.\n\nSource link", metadata={"source": "a.txt"})
    >>> CleanNewsTransformer().transform_documents([page])[0].page_content
    'The bridge is shut.'
    """

    def __init__(
        self,
        *,
        options: CleanOptions | None = None,
        site: SiteProfile | SiteProfiles | None = None,
        url_field: str = "source",
        minimum_confidence: float = 0.0,
    ) -> None:
        self.options = options
        self.site = site
        self.url_field = url_field
        self.minimum_confidence = minimum_confidence

    def transform_documents(self, documents: Sequence[Document], **_: Any) -> Sequence[Document]:
        """Return cleaned copies; ids and metadata stay, what was learned is added to these.

        A document without text comes back as it is.
        """
        made = []
        for document in documents:
            story = story_of(
                document.page_content,
                document.metadata,
                url_field=self.url_field,
                options=self.options,
                site=self.site,
            )
            if story is None:
                made.append(document)
            elif story.confidence >= self.minimum_confidence:
                changed = {"page_content": story.text, "metadata": story.metadata}
                made.append(document.model_copy(update=changed))
        return made

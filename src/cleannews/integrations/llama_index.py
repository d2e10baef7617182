"""LlamaIndex: a transformation (``pip install cleannews llama-index-core``)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from llama_index.core.bridge.pydantic import Field
from llama_index.core.schema import BaseNode, TransformComponent

from cleannews.columns import clean_row
from cleannews.integrations.documents import facts_of
from cleannews.options import CleanOptions


class CleanNewsTransformation(TransformComponent):
    """Cleans documents in an ingestion pipeline; put it before the splitter.

    What was found out about a document is added to its metadata. One that cannot be read keeps its
    text, and says so in ``warnings``.

    Attributes:
        options: As for `CleanOptions.from_mapping`; plain values, so that the pipeline can be saved
            and its cache tells one setting from another.
        url: Field of the metadata that holds the address.
    """

    options: dict[str, Any] = Field(default_factory=dict)
    url: str = "url"

    def __call__(self, nodes: Sequence[BaseNode], **_: Any) -> Sequence[BaseNode]:
        """Return the documents, cleaned and in the same order."""
        options = CleanOptions.from_mapping(self.options)
        return [self._clean(node, options) for node in nodes]

    def _clean(self, node: BaseNode, options: CleanOptions) -> BaseNode:
        row = clean_row(
            text=node.get_content(),
            id=node.node_id,
            url=node.metadata.get(self.url),
            options=options,
        )
        made = node.model_copy(deep=True)
        if row["text"] is not None:
            made.set_content(row["text"])
        made.metadata = {**node.metadata, **facts_of(row)}
        return made

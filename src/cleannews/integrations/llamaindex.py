"""A LlamaIndex transformation (``pip install 'cleannews[llamaindex]'``)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from llama_index.core.schema import BaseNode, TransformComponent

from cleannews.integrations.documents import CONFIDENCE, RULES, WARNINGS, Story, story_of
from cleannews.options import CleanOptions


class CleanNewsTransform(TransformComponent):
    """Cleans documents as the first step of an ingestion pipeline.

    Attributes:
        options: As for `cleannews.clean`.
        site: A `SiteProfile` or `SiteProfiles`, as for `cleannews.clean`.
        url_field: Metadata key under which readers put the page's address.
        minimum_confidence: Documents with less, 0..1, are left out; by default none are.
    """

    options: CleanOptions | None = None
    site: Any = None
    url_field: str = "url"
    minimum_confidence: float = 0.0

    def __call__(self, nodes: Sequence[BaseNode], **_: Any) -> Sequence[BaseNode]:
        """Return cleaned copies; ids and metadata stay, what was learned is added to these.

        A node without text comes back as it is.
        """
        made = []
        for node in nodes:
            # Of the node's text alone: "all" and others would put the metadata in front.
            story = story_of(
                getattr(node, "text", None) or None,
                node.metadata,
                url_field=self.url_field,
                options=self.options,
                site=self.site,
            )
            if story is None:
                made.append(node)
            elif story.confidence >= self.minimum_confidence:
                made.append(_changed(node, story))
        return made


def _changed(node: BaseNode, story: Story) -> BaseNode:
    """Return a copy with the story, whose embedding leaves out what is about the cleaning."""
    own = (CONFIDENCE, WARNINGS, RULES)
    embed = dict.fromkeys([*node.excluded_embed_metadata_keys, *own])
    shown = dict.fromkeys([*node.excluded_llm_metadata_keys, *own])
    copy = node.model_copy(
        update={
            "metadata": story.metadata,
            "excluded_embed_metadata_keys": list(embed),
            "excluded_llm_metadata_keys": list(shown),
        },
        deep=True,
    )
    copy.set_content(story.text)
    return copy

"""Datatrove: a pipeline step (``pip install 'cleannews[datatrove]'``)."""

from __future__ import annotations

from typing import Any

from datatrove.data import DocumentsPipeline
from datatrove.pipeline.base import PipelineStep

from cleannews.boilerplate.sites import SiteProfile, SiteProfiles
from cleannews.integrations.documents import story_of
from cleannews.options import CleanOptions


class CleanNews(PipelineStep):
    """Cleans the text of each document.

    What was learned is added to its metadata. A document that cannot be read stays as it is, and is
    counted as ``unreadable``; none is dropped.

    Args:
        options: As for `cleannews.clean`.
        site: As for `cleannews.clean`.
        url_field: Key of the metadata under which readers put the page's address.
    """

    name = "cleannews"
    type = "Format"

    def __init__(
        self,
        *,
        options: CleanOptions | None = None,
        site: SiteProfile | SiteProfiles | None = None,
        url_field: str = "url",
    ) -> None:
        super().__init__()
        self.options = options
        self.site = site
        self.url_field = url_field

    def run(self, data: DocumentsPipeline, rank: int = 0, world_size: int = 1) -> Any:
        """Yield the documents, cleaned."""
        for document in data or ():
            with self.track_time():
                story = story_of(
                    document.text,
                    document.metadata,
                    url_field=self.url_field,
                    options=self.options,
                    site=self.site,
                )
                if story is None:
                    self.stat_update("unreadable")
                else:
                    document.text, document.metadata = story.text, story.metadata
                    self.stat_update("cleaned")
            yield document

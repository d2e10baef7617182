"""Datatrove: a pipeline step (``pip install cleannews datatrove``)."""

from __future__ import annotations

from typing import Any

from datatrove.data import DocumentsPipeline
from datatrove.pipeline.base import PipelineStep

from cleannews.boilerplate.sites import SiteProfile, SiteProfiles
from cleannews.columns import clean_row
from cleannews.integrations.documents import facts_of
from cleannews.options import CleanOptions


class CleanNews(PipelineStep):
    """Cleans the text of each document.

    ``metadata["cleannews"]`` gets what was found out about the document, by `facts_of`. A document
    that cannot be read keeps its text, says so there, and is counted; none is dropped.

    Args:
        options: As for `cleannews.clean`.
        site: As for `cleannews.clean`.
        url: Field of the metadata that holds the address.
    """

    name = "cleannews"
    type = "Format"

    def __init__(
        self,
        *,
        options: CleanOptions | None = None,
        site: SiteProfile | SiteProfiles | None = None,
        url: str = "url",
    ) -> None:
        super().__init__()
        self.options = options
        self.site = site
        self.url = url

    def run(self, data: DocumentsPipeline, rank: int = 0, world_size: int = 1) -> Any:
        """Yield the documents, cleaned."""
        for document in data or ():
            with self.track_time():
                row = clean_row(
                    text=document.text,
                    id=document.id,
                    url=document.metadata.get(self.url),
                    options=self.options,
                    site=self.site,
                )
                document.metadata["cleannews"] = facts_of(row)
                if row["text"] is None:
                    self.stat_update("unreadable")
                else:
                    document.text = row["text"]
                    self.stat_update("cleaned")
            yield document

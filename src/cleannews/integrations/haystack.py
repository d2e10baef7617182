"""A Haystack component (``pip install 'cleannews[haystack]'``)."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from typing import Any

from haystack import Document, component, default_from_dict, default_to_dict

from cleannews.boilerplate.sites import SiteProfile, SiteProfiles
from cleannews.integrations.documents import story_of
from cleannews.options import CleanOptions


@component
class CleanNewsCleaner:
    """Cleans documents between a converter or fetcher and a splitter.

    Args:
        options: As for `cleannews.clean`.
        site: As for `cleannews.clean`.
        url_field: Key of a document's meta under which the page's address stands.
        minimum_confidence: Documents with less, 0..1, are left out; by default none are.
        keep_id: Keep ids. Otherwise a document whose text changed gets one from its new content, as
            Haystack does, and its meta names the old one under ``source_id``.
    """

    def __init__(
        self,
        *,
        options: CleanOptions | None = None,
        site: SiteProfile | SiteProfiles | None = None,
        url_field: str = "url",
        minimum_confidence: float = 0.0,
        keep_id: bool = False,
    ) -> None:
        self.options = options
        self.site = site
        self.url_field = url_field
        self.minimum_confidence = minimum_confidence
        self.keep_id = keep_id

    @component.output_types(documents=list[Document])
    def run(self, documents: list[Document]) -> dict[str, list[Document]]:
        """Return cleaned copies under ``documents``; one without text comes back as it is."""
        made = []
        for document in documents:
            story = story_of(
                document.content,
                document.meta,
                url_field=self.url_field,
                options=self.options,
                site=self.site,
            )
            if story is None:
                made.append(document)
            elif story.confidence >= self.minimum_confidence:
                made.append(self._changed(document, story.text, story.metadata))
        return {"documents": made}

    def _changed(self, document: Document, text: str, meta: dict[str, Any]) -> Document:
        if self.keep_id:
            return replace(document, content=text, meta=meta)
        return replace(document, id="", content=text, meta={**meta, "source_id": document.id})

    def to_dict(self) -> dict[str, Any]:
        """Return what a pipeline writes to its file."""
        made: dict[str, Any] = default_to_dict(
            self,
            options=None if self.options is None else json.loads(json.dumps(asdict(self.options))),
            site=None if self.site is None else _told(self.site),
            url_field=self.url_field,
            minimum_confidence=self.minimum_confidence,
            keep_id=self.keep_id,
        )
        return made

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> CleanNewsCleaner:
        """Build from what `to_dict` returns."""
        given = data.get("init_parameters", {})
        if given.get("options") is not None:
            given["options"] = CleanOptions.from_mapping(given["options"])
        if given.get("site") is not None:
            store = SiteProfiles.from_json(given["site"]["profiles"])
            given["site"] = store.profiles[0] if given["site"]["is_for_all"] else store
        made: CleanNewsCleaner = default_from_dict(cls, data)
        return made


def _told(site: SiteProfile | SiteProfiles) -> dict[str, Any]:
    is_one = isinstance(site, SiteProfile)
    store = SiteProfiles((site,)) if isinstance(site, SiteProfile) else site
    return {"profiles": store.to_json(), "is_for_all": is_one}

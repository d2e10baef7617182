"""Scrapy: an item pipeline (``pip install 'cleannews[scrapy]'``).

In ``settings.py``::

    ITEM_PIPELINES = {"cleannews.integrations.scrapy.CleanNewsPipeline": 300}
    CLEANNEWS_FIELDS = {"html": "body", "url": "url"}  # where your items keep them
    CLEANNEWS_OPTIONS = {"captions": "keep"}
"""

from __future__ import annotations

from typing import Any

from cleannews.boilerplate.sites import SiteProfile, SiteProfiles
from cleannews.columns import Fields, clean_row
from cleannews.options import CleanOptions


class CleanNewsPipeline:
    """Puts a cleaned row into each item.

    The item's field ``cleaned`` (setting ``CLEANNEWS_FIELD``) gets the columns of
    `cleannews.columns.COLUMNS` as a dictionary; an item class must declare that field. Nothing is
    dropped: what could not be read says so in ``warnings``, and is counted in the crawl's stats.

    Args:
        fields: Which of an item's fields are which; the default is ``Fields()``.
        options: As for `cleannews.clean`.
        site: As for `cleannews.clean`.
        target: Name of the field that is filled.
        stats: The crawl's statistics, where numbers of items are kept.
    """

    def __init__(
        self,
        *,
        fields: Fields | None = None,
        options: CleanOptions | None = None,
        site: SiteProfile | SiteProfiles | None = None,
        target: str = "cleaned",
        stats: Any = None,
    ) -> None:
        self._fields = fields or Fields()
        self._options = options
        self._site = site
        self._target = target
        self._stats = stats

    @classmethod
    def from_crawler(cls, crawler: Any) -> CleanNewsPipeline:
        """Make the pipeline that the settings describe; ``CLEANNEWS_SITES`` is a file of profiles.

        Raises:
            OptionError: A setting is wrong.
            SiteError: The file of profiles is broken.
        """
        settings = crawler.settings
        sites = settings.get("CLEANNEWS_SITES")
        return cls(
            fields=Fields(**settings.getdict("CLEANNEWS_FIELDS")),
            options=CleanOptions.from_mapping(settings.getdict("CLEANNEWS_OPTIONS")),
            site=SiteProfiles.load(sites) if sites else None,
            target=settings.get("CLEANNEWS_FIELD", "cleaned"),
            stats=crawler.stats,
        )

    def process_item(self, item: Any, spider: Any = None) -> Any:
        """Clean one item."""
        from itemadapter import ItemAdapter

        adapter = ItemAdapter(item)
        names = self._fields
        row = clean_row(
            text=adapter.get(names.text),
            html=adapter.get(names.html),
            id=adapter.get(names.id),
            url=adapter.get(names.url),
            options=self._options,
            site=self._site,
        )
        adapter[self._target] = row
        if self._stats is not None:
            outcome = "unreadable" if row["text"] is None else "cleaned"
            self._stats.inc_value(f"cleannews/{outcome}")
        return item

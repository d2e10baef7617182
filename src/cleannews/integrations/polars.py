"""Polars: frames in, frames out, eager or lazy (``pip install 'cleannews[polars]'``)."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from cleannews.arrow import CLEANED, clean_batch, cluster_batch, link_batch
from cleannews.boilerplate.sites import SiteProfile, SiteProfiles
from cleannews.columns import DuplicateFields, Fields
from cleannews.duplicates.values import DuplicateOptions
from cleannews.options import CleanOptions

if TYPE_CHECKING:
    import polars as pl

Frame = TypeVar("Frame", "pl.DataFrame", "pl.LazyFrame")


def clean(
    frame: Frame,
    *,
    fields: Fields | None = None,
    options: CleanOptions | None = None,
    site: SiteProfile | SiteProfiles | None = None,
) -> Frame:
    """Clean a frame of documents.

    Args:
        frame: Rows with the columns that `fields` names. Of a lazy frame, nothing is read yet.
        fields: Which columns are which; the default is ``Fields()``.
        options: As for `cleannews.clean`.
        site: As for `cleannews.clean`.

    Returns:
        A frame of the same kind with the columns of `cleannews.columns.COLUMNS`.

    Raises:
        InputError: There is neither a column of texts nor one of HTML.
    """
    import polars as pl

    def step(part: pl.DataFrame) -> pl.DataFrame:
        made = clean_batch(part.to_arrow(), fields=fields, options=options, site=site)
        return pl.DataFrame(pl.from_arrow(made))

    if isinstance(frame, pl.LazyFrame):
        schema = pl.DataFrame(pl.from_arrow(CLEANED.empty_table())).schema
        return frame.map_batches(step, schema=schema, streamable=True)
    return step(frame)


def find_links(
    frame: pl.DataFrame,
    *,
    fields: DuplicateFields | None = None,
    options: DuplicateOptions | None = None,
) -> pl.DataFrame:
    """Return the links between documents that share a story; see `link_batch`."""
    import polars as pl

    made = link_batch(frame.to_arrow(), fields=fields, options=options)
    return pl.DataFrame(pl.from_arrow(made))


def find_clusters(
    frame: pl.DataFrame,
    *,
    fields: DuplicateFields | None = None,
    options: DuplicateOptions | None = None,
) -> pl.DataFrame:
    """Say of each document which story it carries, row by row; see `cluster_batch`."""
    import polars as pl

    made = cluster_batch(frame.to_arrow(), fields=fields, options=options)
    return pl.DataFrame(pl.from_arrow(made))

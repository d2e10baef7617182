"""Dask frames (``pip install 'cleannews[dask]'``)."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from cleannews.arrow import batch_of
from cleannews.boilerplate.sites import SiteProfile, SiteProfiles
from cleannews.columns import Fields, clean_columns
from cleannews.options import CleanOptions

if TYPE_CHECKING:
    import dask.dataframe as dd
    import pandas as pd


def clean(
    frame: dd.DataFrame,
    *,
    fields: Fields | None = None,
    options: CleanOptions | None = None,
    site: SiteProfile | SiteProfiles | None = None,
) -> dd.DataFrame:
    """Clean a frame of documents, each partition for itself.

    Args:
        frame: Rows with the columns that `fields` names.
        fields: Which columns are which; the default is ``Fields()``.
        options: As for `cleannews.clean`.
        site: As for `cleannews.clean`.

    Returns:
        A frame with the columns of `cleannews.columns.COLUMNS` in Arrow's types; nothing is
        computed yet.

    Raises:
        InputError: There is neither a column of texts nor one of HTML.
    """
    step = partial(_step, fields=fields, options=options, site=site)
    made: dd.DataFrame = frame.map_partitions(step, meta=step(frame._meta))  # noqa: SLF001
    return made


def _step(part: pd.DataFrame, **settings: Any) -> pd.DataFrame:
    import pandas as pd

    columns = {str(name): part[name].tolist() for name in part.columns}
    batch = batch_of(clean_columns(columns, **settings))
    # Arrow's types, as all partitions must have one schema and lists have no other.
    frame: pd.DataFrame = batch.to_pandas(types_mapper=pd.ArrowDtype)
    return frame.set_index(part.index)

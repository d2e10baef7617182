"""Dask frames (``pip install 'cleannews[dask]'``)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cleannews.boilerplate.sites import SiteProfile, SiteProfiles
from cleannews.columns import Fields
from cleannews.integrations import pandas as of_pandas
from cleannews.options import CleanOptions

if TYPE_CHECKING:
    import dask.dataframe as dd


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
        A frame with the columns of `cleannews.columns.COLUMNS`; nothing is computed yet.

    Raises:
        InputError: There is neither a column of texts nor one of HTML.
    """
    import pandas as pd

    from cleannews.columns import COLUMNS

    kinds = dict.fromkeys(COLUMNS, "object") | {"confidence": "float64"}
    meta = of_pandas.clean(frame.head(0, npartitions=-1), fields=fields).astype(kinds)
    settings = {"fields": fields, "options": options, "site": site}
    return frame.map_partitions(of_pandas.clean, meta=pd.DataFrame(meta), **settings)

"""Pandas: frames in, frames out (``pip install 'cleannews[pandas]'``)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cleannews.boilerplate.sites import SiteProfile, SiteProfiles
from cleannews.columns import (
    DuplicateFields,
    Fields,
    clean_columns,
    cluster_columns,
    link_columns,
)
from cleannews.duplicates.values import DuplicateOptions
from cleannews.options import CleanOptions

if TYPE_CHECKING:
    import pandas as pd


def clean(
    frame: pd.DataFrame,
    *,
    fields: Fields | None = None,
    options: CleanOptions | None = None,
    site: SiteProfile | SiteProfiles | None = None,
) -> pd.DataFrame:
    """Clean a frame of documents.

    Args:
        frame: Rows with the columns that `fields` names.
        fields: Which columns are which; the default is ``Fields()``.
        options: As for `cleannews.clean`.
        site: As for `cleannews.clean`.

    Returns:
        The columns of `cleannews.columns.COLUMNS`, under the index of `frame`.

    Raises:
        InputError: There is neither a column of texts nor one of HTML.
    """
    import pandas as pd

    made = clean_columns(_columns(frame), fields=fields, options=options, site=site)
    return pd.DataFrame(made, index=frame.index)


def find_links(
    frame: pd.DataFrame,
    *,
    fields: DuplicateFields | None = None,
    options: DuplicateOptions | None = None,
) -> pd.DataFrame:
    """Return the links between documents that share a story; see `link_columns`."""
    import pandas as pd

    return pd.DataFrame(link_columns(_columns(frame), fields=fields, options=options))


def find_clusters(
    frame: pd.DataFrame,
    *,
    fields: DuplicateFields | None = None,
    options: DuplicateOptions | None = None,
) -> pd.DataFrame:
    """Say of each document which story it carries; see `cluster_columns`. The index is kept."""
    import pandas as pd

    made = cluster_columns(_columns(frame), fields=fields, options=options)
    return pd.DataFrame(made, index=frame.index)


def _columns(frame: pd.DataFrame) -> dict[str, list[Any]]:
    return {str(name): frame[name].tolist() for name in frame.columns}

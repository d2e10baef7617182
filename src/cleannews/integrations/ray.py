"""Ray Data (``pip install 'cleannews[arrow]' 'ray[data]'``)."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from cleannews.arrow import clean_batch
from cleannews.boilerplate.sites import SiteProfile, SiteProfiles
from cleannews.columns import Fields
from cleannews.options import CleanOptions

if TYPE_CHECKING:
    import ray


def clean(
    dataset: ray.data.Dataset,
    *,
    fields: Fields | None = None,
    options: CleanOptions | None = None,
    site: SiteProfile | SiteProfiles | None = None,
    **more: Any,
) -> ray.data.Dataset:
    """Clean a dataset of documents.

    Args:
        dataset: Rows with the columns that `fields` names.
        fields: Which columns are which; the default is ``Fields()``.
        options: As for `cleannews.clean`.
        site: As for `cleannews.clean`.
        more: For `map_batches`: ``batch_size``, ``concurrency``, ``num_cpus`` and the like.

    Returns:
        A dataset with the columns of `cleannews.columns.COLUMNS`; nothing is computed yet.
    """
    step = partial(_step, fields=fields, options=options, site=site)
    return dataset.map_batches(step, batch_format="pyarrow", **more)


def _step(table: pa.Table, **settings: Any) -> pa.Table:
    return pa.Table.from_batches([clean_batch(table, **settings)])

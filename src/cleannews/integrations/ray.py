"""Cleaning a Ray dataset (``pip install 'cleannews[ray]'``)."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from cleannews.arrow import clean_batch
from cleannews.boilerplate.sites import SiteProfile, SiteProfiles
from cleannews.columns import COLUMNS, Fields
from cleannews.errors import InputError
from cleannews.options import CleanOptions

if TYPE_CHECKING:
    from ray.data import Dataset


def clean(
    dataset: Dataset,
    *,
    fields: Fields | None = None,
    options: CleanOptions | None = None,
    site: SiteProfile | SiteProfiles | None = None,
    keep: Sequence[str] = (),
    **ray_options: Any,
) -> Dataset:
    """Clean a dataset of documents, one a row.

    Args:
        dataset: Rows with the columns that `fields` names.
        fields: Which columns are which; the default is ``Fields()``.
        options: As for `cleannews.clean`.
        site: As for `cleannews.clean`.
        keep: More columns of the dataset that the result has in front.
        **ray_options: What `Dataset.map_batches` takes beside, such as ``concurrency``.

    Returns:
        A lazy dataset with the columns of `cleannews.columns.COLUMNS`, one row for each that came
        in. A row that cannot be read has no text and a warning ``unreadable``.

    Raises:
        InputError: A column to keep has the name of one that the result has.
    """
    if taken := [name for name in keep if name in COLUMNS]:
        raise InputError(
            f"the column {taken[0]!r} cannot be kept: the result has one of that name; "
            "rename it first with rename_columns"
        )
    step = partial(_step, fields=fields, options=options, site=site, keep=tuple(keep))
    return dataset.map_batches(step, batch_format="pyarrow", **ray_options)


def _step(table: pa.Table, *, keep: Sequence[str], **how: Any) -> pa.Table:
    made = pa.Table.from_batches([clean_batch(batch, **how) for batch in table.to_batches()])
    for at, name in enumerate(keep):
        made = made.add_column(at, table.schema.field(name), table.column(name))
    return made

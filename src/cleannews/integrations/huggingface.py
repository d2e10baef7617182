"""Hugging Face datasets (``pip install 'cleannews[datasets]'``)."""

from __future__ import annotations

from functools import partial
from typing import Any

import pyarrow as pa

from cleannews.arrow import CLEANED, clean_batch
from cleannews.boilerplate.sites import SiteProfile, SiteProfiles
from cleannews.columns import Fields
from cleannews.options import CleanOptions


def clean(
    dataset: Any,
    *,
    fields: Fields | None = None,
    options: CleanOptions | None = None,
    site: SiteProfile | SiteProfiles | None = None,
    **more: Any,
) -> Any:
    """Clean a dataset of documents.

    Args:
        dataset: A `Dataset`, an `IterableDataset`, or a `DatasetDict` of several splits.
        fields: Which columns are which; the default is ``Fields()``.
        options: As for `cleannews.clean`.
        site: As for `cleannews.clean`.
        more: For `map`: ``num_proc``, ``batch_size``, ``desc`` and the like.

    Returns:
        A dataset of the same kind with the columns of `cleannews.columns.COLUMNS`.

    Raises:
        InputError: There is neither a column of texts nor one of HTML.
    """
    from datasets import Features

    if isinstance(dataset, dict):
        splits = {
            name: clean(part, fields=fields, options=options, site=site, **more)
            for name, part in dataset.items()
        }
        return type(dataset)(splits)
    step = partial(_step, fields=fields, options=options, site=site)
    # A streamed dataset may not know its columns before its first row.
    names = dataset.column_names or list(next(iter(dataset), ()))
    made = dataset.with_format("arrow").map(
        step,
        batched=True,
        remove_columns=[name for name in names if name not in CLEANED.names],
        features=Features.from_arrow_schema(CLEANED),
        **more,
    )
    return made.with_format(None)


def _step(table: pa.Table, **settings: Any) -> pa.Table:
    return pa.Table.from_batches([clean_batch(table, **settings)])

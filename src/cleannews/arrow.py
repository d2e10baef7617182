"""Cleaning as a function from Arrow record batches to Arrow record batches.

Needs ``pyarrow`` (``pip install 'cleannews[arrow]'``). The columns are those of
`cleannews.columns.COLUMNS`, with the types of `CLEANED`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pyarrow as pa

from cleannews.boilerplate.sites import SiteProfile, SiteProfiles
from cleannews.columns import COLUMNS, Fields, clean_columns
from cleannews.options import CleanOptions

_WARNING = pa.struct([("code", pa.string()), ("detail", pa.string())])
_REMOVAL = pa.struct(
    [
        ("start", pa.int64()),
        ("end", pa.int64()),
        ("text", pa.string()),
        ("rule", pa.string()),
        ("category", pa.string()),
        ("confidence", pa.float64()),
        ("evidence", pa.string()),
        ("language", pa.string()),
    ]
)
_TYPES = {
    "authors": pa.list_(pa.string()),
    "editors": pa.list_(pa.string()),
    "confidence": pa.float64(),
    "warnings": pa.list_(_WARNING),
    "removed": pa.list_(_REMOVAL),
}

CLEANED: pa.Schema = pa.schema([(name, _TYPES.get(name, pa.string())) for name in COLUMNS])
"""Schema of a cleaned batch; what is not a list or a number is a string, and may be null."""


def clean_batch(
    batch: pa.RecordBatch,
    *,
    fields: Fields | None = None,
    options: CleanOptions | None = None,
    site: SiteProfile | SiteProfiles | None = None,
) -> pa.RecordBatch:
    r"""Clean a record batch.

    Args:
        batch: Rows with the columns that `fields` names; others are not looked at.
        fields: Which columns are which; the default is ``Fields()``.
        options: As for `cleannews.clean`.
        site: As for `cleannews.clean`.

    Returns:
        A batch with the schema `CLEANED`, one row for each that came in and in the same order.

    Raises:
        InputError: There is neither a column of texts nor one of HTML.
        RuleError: An option names a rule or a rule file that is not there.

    >>> batch = pa.RecordBatch.from_pydict({"text": ["The bridge is shut.\n\nSource link"]})
    >>> clean_batch(batch)["text"].to_pylist()
    ['The bridge is shut.']
    """
    fields = fields or Fields()
    names = (fields.text, fields.html, fields.id, fields.url)
    wanted = [name for name in names if name in batch.schema.names]
    columns: dict[str, list[Any]] = {name: batch.column(name).to_pylist() for name in wanted}
    made = clean_columns(columns, fields=fields, options=options, site=site)
    return batch_of(made)


def batch_of(columns: Mapping[str, Sequence[Any]]) -> pa.RecordBatch:
    """Return columns of `COLUMNS` as a record batch of the schema `CLEANED`.

    Args:
        columns: What `cleannews.columns.clean_columns` returned. Lone surrogates, which UTF-8
            cannot hold, become escapes.

    >>> from cleannews.columns import clean_columns
    >>> batch_of(clean_columns({"text": ["The bridge is shut."]})).num_rows
    1
    """
    return pa.RecordBatch.from_pydict({n: _encodable(columns[n]) for n in COLUMNS}, schema=CLEANED)


def _encodable(values: Sequence[Any]) -> list[Any]:
    return [_encoded(value) for value in values]


def _encoded(value: Any) -> Any:
    if isinstance(value, str):
        return value if value.isascii() else value.encode("utf-8", "backslashreplace").decode()
    if isinstance(value, list):
        return [_encoded(item) for item in value]
    if isinstance(value, dict):
        return {name: _encoded(item) for name, item in value.items()}
    return value

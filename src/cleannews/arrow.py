"""The verbs as functions from Arrow record batches to Arrow record batches.

Needs ``pyarrow`` (``pip install 'cleannews[arrow]'``). The columns are those of
`cleannews.columns`, with the types of the schemas here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pyarrow as pa

from cleannews.boilerplate.sites import SiteProfile, SiteProfiles
from cleannews.columns import (
    CLUSTER_COLUMNS,
    COLUMNS,
    LINK_COLUMNS,
    SIGNATURE_COLUMNS,
    DuplicateFields,
    Fields,
    PairFields,
    clean_columns,
    cluster_columns,
    link_columns,
    signature_columns,
    verify_columns,
)
from cleannews.duplicates.values import DuplicateOptions
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

SIGNED: pa.Schema = pa.schema(
    [
        ("id", pa.string()),
        ("url", pa.string()),
        ("words", pa.int64()),
        ("whole", pa.int64()),
        ("shingles", pa.list_(pa.int64())),
    ]
)
"""Schema of signatures."""

_ANCHORS = pa.struct(
    [("names", pa.list_(pa.string())), ("numbers", pa.list_(pa.string())), ("quotes", pa.int64())]
)
LINKED: pa.Schema = pa.schema(
    [
        ("a", pa.string()),
        ("b", pa.string()),
        ("kind", pa.string()),
        ("similarity", pa.float64()),
        ("containment_a", pa.float64()),
        ("containment_b", pa.float64()),
        ("anchors", _ANCHORS),
        ("confidence", pa.float64()),
        ("other_title", pa.bool_()),
    ]
)
"""Schema of links, and of verified pairs, whose `kind` may be null."""

CLUSTERED: pa.Schema = pa.schema(
    [
        ("id", pa.string()),
        ("cluster", pa.string()),
        ("is_original", pa.bool_()),
        ("is_attached", pa.bool_()),
    ]
)
"""Schema of clustered documents."""


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
    columns = _read(batch, (fields.text, fields.html, fields.id, fields.url))
    return batch_of(clean_columns(columns, fields=fields, options=options, site=site))


def signature_batch(
    batch: pa.RecordBatch | pa.Table, *, fields: DuplicateFields | None = None
) -> pa.RecordBatch:
    """Return the signatures of a batch of texts; see `cleannews.columns.signature_columns`.

    Args:
        batch: Rows with the columns that `fields` names.
        fields: Which columns are which; the default is ``DuplicateFields()``.

    Returns:
        A batch with the schema `SIGNED`, one row for each that came in and in the same order.

    Raises:
        InputError: There is no column of texts.

    >>> batch = pa.RecordBatch.from_pydict({"text": ["The old bridge is shut."]})
    >>> signature_batch(batch)["words"].to_pylist()
    [5]
    """
    fields = fields or DuplicateFields()
    columns = _read(batch, (fields.text, fields.id, fields.url))
    return _made(signature_columns(columns, fields=fields), SIGNATURE_COLUMNS, SIGNED)


def link_batch(
    table: pa.Table | pa.RecordBatch,
    *,
    fields: DuplicateFields | None = None,
    options: DuplicateOptions | None = None,
) -> pa.RecordBatch:
    """Find duplicates in a whole table; see `cleannews.columns.link_columns`.

    Args:
        table: All documents.
        fields: Which columns are which; the default is ``DuplicateFields()``.
        options: As for `cleannews.find_duplicates`.

    Returns:
        A batch with the schema `LINKED`, one row a link.

    Raises:
        InputError: There is no column of texts, or two rows have one id.

    >>> table = pa.table({"id": ["a", "b"], "text": ["Snow fell on the old bridge."] * 2})
    >>> link_batch(table)["kind"].to_pylist()
    ['exact']
    """
    fields = fields or DuplicateFields()
    columns = _read(table, _names(fields))
    return _made(link_columns(columns, fields=fields, options=options), LINK_COLUMNS, LINKED)


def cluster_batch(
    table: pa.Table | pa.RecordBatch,
    *,
    fields: DuplicateFields | None = None,
    options: DuplicateOptions | None = None,
) -> pa.RecordBatch:
    """Tell the clusters of a whole table; see `cleannews.columns.cluster_columns`.

    Args:
        table: All documents.
        fields: Which columns are which; the default is ``DuplicateFields()``.
        options: As for `cleannews.find_duplicates`.

    Returns:
        A batch with the schema `CLUSTERED`, one row for each that came in and in the same order.

    Raises:
        InputError: There is no column of texts, or two rows have one id.

    >>> table = pa.table({"id": ["a", "b"], "text": ["Snow fell on the old bridge."] * 2})
    >>> cluster_batch(table)["is_original"].to_pylist()
    [True, False]
    """
    fields = fields or DuplicateFields()
    columns = _read(table, _names(fields))
    made = cluster_columns(columns, fields=fields, options=options)
    return _made(made, CLUSTER_COLUMNS, CLUSTERED)


def verify_batch(
    batch: pa.RecordBatch | pa.Table, *, fields: PairFields | None = None
) -> pa.RecordBatch:
    """Say of a batch of pairs of texts what one is to the other.

    See `cleannews.columns.verify_columns`.

    Args:
        batch: Rows with the columns that `fields` names.
        fields: Which columns are which; the default is ``PairFields()``.

    Returns:
        A batch with the schema `LINKED`, one row for each pair and in the same order.

    Raises:
        InputError: A column of texts is not there.

    >>> batch = pa.RecordBatch.from_pydict({"text_a": ["Snow fell."], "text_b": ["Snow fell."]})
    >>> verify_batch(batch)["kind"].to_pylist()
    ['exact']
    """
    fields = fields or PairFields()
    columns = _read(batch, (fields.a, fields.b, fields.text_a, fields.text_b))
    return _made(verify_columns(columns, fields=fields), LINK_COLUMNS, LINKED)


def _names(fields: DuplicateFields) -> tuple[str, ...]:
    return (fields.text, fields.id, fields.title, fields.url, fields.date)


def _read(batch: pa.RecordBatch | pa.Table, names: Sequence[str]) -> dict[str, list[Any]]:
    known = batch.schema.names
    return {name: batch.column(name).to_pylist() for name in names if name in known}


def batch_of(columns: Mapping[str, Sequence[Any]]) -> pa.RecordBatch:
    """Return columns of `COLUMNS` as a record batch of the schema `CLEANED`.

    Args:
        columns: What `cleannews.columns.clean_columns` returned. Lone surrogates, which UTF-8
            cannot hold, become escapes.

    >>> from cleannews.columns import clean_columns
    >>> batch_of(clean_columns({"text": ["The bridge is shut."]})).num_rows
    1
    """
    return _made(columns, COLUMNS, CLEANED)


def _made(
    columns: Mapping[str, Sequence[Any]], names: Sequence[str], schema: pa.Schema
) -> pa.RecordBatch:
    return pa.RecordBatch.from_pydict({n: _encodable(columns[n]) for n in names}, schema=schema)


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

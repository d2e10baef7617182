"""DuckDB: relations in, relations out, and a function for SQL.

``pip install 'cleannews[duckdb]'``, version 2 or later.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from cleannews.arrow import CLEANED, clean_batch
from cleannews.boilerplate.sites import SiteProfile, SiteProfiles
from cleannews.columns import Fields
from cleannews.options import CleanOptions

if TYPE_CHECKING:
    import duckdb

ROWS = 1000
"""Rows cleaned at once."""


def clean(
    relation: duckdb.DuckDBPyRelation,
    *,
    connection: duckdb.DuckDBPyConnection,
    fields: Fields | None = None,
    options: CleanOptions | None = None,
    site: SiteProfile | SiteProfiles | None = None,
) -> duckdb.DuckDBPyRelation:
    """Clean the rows of a relation.

    Rows are cleaned as they are asked for, some at a time, so that a table larger than memory can
    be written straight to a file. Each time the result is asked for rows, they are cleaned anew;
    ``create`` makes a table of it.

    Args:
        relation: Rows with the columns that `fields` names.
        connection: Where `relation` lives; the result lives in a cursor of it.
        fields: Which columns are which; the default is ``Fields()``.
        options: As for `cleannews.clean`.
        site: As for `cleannews.clean`.

    Returns:
        A relation with the columns of `cleannews.columns.COLUMNS`.

    Raises:
        InputError: There is neither a column of texts nor one of HTML.
    """
    settings = {"fields": fields, "options": options, "site": site}
    # A connection has one open result, and that is what the rows are read from.
    return connection.cursor().from_arrow(_Cleaned(relation, settings))


class _Cleaned:
    """A stream of Arrow batches that can be begun any number of times."""

    def __init__(self, relation: duckdb.DuckDBPyRelation, settings: dict[str, Any]) -> None:
        self._relation = relation
        self._settings = settings

    def __arrow_c_stream__(self, requested_schema: Any = None) -> Any:
        reader = pa.RecordBatchReader.from_batches(CLEANED, self._batches())
        return reader.__arrow_c_stream__(requested_schema)

    def _batches(self) -> Iterator[pa.RecordBatch]:
        for batch in self._relation.to_arrow_reader(ROWS):
            yield clean_batch(batch, **self._settings)


def register(
    connection: duckdb.DuckDBPyConnection,
    *,
    name: str = "clean_news",
    options: CleanOptions | None = None,
) -> None:
    """Make a function for SQL: ``clean_news(text)`` is a struct of the columns of `COLUMNS`.

    Args:
        connection: Where the function is made.
        name: What it is called.
        options: As for `cleannews.clean`.
    """

    def function(texts: Any) -> pa.Array:
        texts = texts.combine_chunks() if isinstance(texts, pa.ChunkedArray) else texts
        batch = pa.RecordBatch.from_arrays([texts], ["text"])
        return clean_batch(batch, options=options).to_struct_array()

    struct = connection.from_arrow(pa.Table.from_batches([], _STRUCT)).types[0]
    connection.create_function(
        name, function, ["VARCHAR"], struct, type="arrow", null_handling="special"
    )


_STRUCT = pa.schema([("row", pa.struct(list(CLEANED)))])

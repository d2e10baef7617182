"""Parquet files, a few rows at a time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO

from cleannews.batch.formats.records import (
    ReadLimits,
    Record,
    Unreadable,
    record_of,
    without_fields,
)
from cleannews.batch.formats.sources import Source
from cleannews.columns import Fields
from cleannews.errors import InputError

_BATCH_ROWS = 256
_BATCH_BYTES = 16_000_000


def import_parquet() -> tuple[Any, Any]:
    """Return the modules `pyarrow` and `pyarrow.parquet`.

    Raises:
        InputError: pyarrow is not installed; the message names the extra.
    """
    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError:
        raise InputError("Parquet needs pyarrow: pip install 'cleannews[arrow]'") from None
    return pyarrow, pyarrow.parquet


def read_parquet(
    source: Source, file: BinaryIO, fields: Fields, after: int, limits: ReadLimits
) -> Iterator[Record | Unreadable]:
    """Yield the rows; a row group that is damaged is one unreadable place, and the next is read."""
    arrow, parquet = import_parquet()
    errors = (arrow.ArrowException, ValueError, OSError, OverflowError)
    try:
        # Mapped memory would turn a file that shrinks meanwhile into a crash.
        table = parquet.ParquetFile(arrow.PythonFile(file, mode="r"), pre_buffer=False)
        facts, names = table.metadata, table.schema_arrow.names
    except errors as error:
        raise_real(error)
        if after == 0:
            yield Unreadable(0, source.name, f"damaged Parquet: {short(error)}")
        return
    wanted = [n for n in (fields.text, fields.html, fields.id, fields.url) if n in names]
    if reason := _wrong_columns(names, wanted, fields):
        if after == 0:
            yield Unreadable(0, source.name, reason)
        return
    rows = _Rows(source.name, table, wanted, fields, limits, errors)
    first = 0
    for group in range(facts.num_row_groups):
        count = facts.row_group(group).num_rows
        if first + count > after:
            yield from rows.read(group, first, after)
        first += count


@dataclass(frozen=True, slots=True)
class _Rows:
    """Reads row groups.

    Attributes:
        name: Of the file.
        table: The open file.
        wanted: Columns to read.
        fields: Which of them are which.
        limits: How much is read.
        errors: What pyarrow raises over damaged data.
    """

    name: str
    table: Any
    wanted: list[str]
    fields: Fields
    limits: ReadLimits
    errors: tuple[type[Exception], ...]

    def read(self, group: int, first: int, after: int) -> Iterator[Record | Unreadable]:
        """Yield the rows of a group, of which the first has the number `first`."""
        number = first
        try:
            rows = self._batch_rows(group)
            batches = self.table.iter_batches(
                rows, row_groups=[group], columns=self.wanted, use_threads=False
            )
            for batch in batches:
                for values in batch.to_pylist():
                    if number >= after:
                        yield self._record(values, number)
                    number += 1
            return
        except _BombError as error:
            reason = str(error)
        except self.errors as error:
            raise_real(error)
            reason = short(error)
        left = first + self.table.metadata.row_group(group).num_rows - number
        told = f"{left} rows of row group {group + 1} are not read: {reason}"
        yield Unreadable(max(number, after), self._where(number), told)

    def _batch_rows(self, group: int) -> int:
        """Return how many rows of a group to read at a time."""
        facts = self.table.metadata.row_group(group)
        columns = [facts.column(i) for i in range(facts.num_columns)]
        columns = [c for c in columns if c.path_in_schema in self.wanted]
        size: int = sum(c.total_uncompressed_size for c in columns)
        most = self.limits.most(sum(c.total_compressed_size for c in columns))
        if size > most:
            raise _BombError(f"{size:,} bytes of columns; the limit is {most:,}")
        # A dictionary may hold one value as large as all of it, and every row may repeat that.
        repeats = any("DICTIONARY" in encoding for c in columns for encoding in c.encodings)
        value = size if repeats else size // max(facts.num_rows, 1)
        return max(1, min(_BATCH_ROWS, _BATCH_BYTES // max(value, 1)))

    def _record(self, values: dict[str, Any], number: int) -> Record | Unreadable:
        where = self._where(number)
        size = sum(len(v) for v in values.values() if isinstance(v, (str, bytes)))
        if size > self.limits.record:
            reason = f"a row of {size:,} characters; the limit is {self.limits.record:,}"
            return Unreadable(number, where, reason)
        return record_of(values, self.fields, number=number, where=where)

    def _where(self, number: int) -> str:
        return f"{self.name} row {number + 1}"


class _BombError(Exception):
    """The columns would be far larger than the file."""


def _wrong_columns(names: list[str], wanted: list[str], fields: Fields) -> str | None:
    for name in wanted:
        if names.count(name) > 1:
            return f"column {name!r} is there twice"
    if fields.text not in names and fields.html not in names:
        return without_fields(names, fields).replace("field", "column")
    return None


def raise_real(error: Exception) -> None:
    """Raise an error of the disk; what is wrong with the data comes without a number."""
    if isinstance(error, OSError) and error.errno:
        raise error


def short(error: Exception) -> str:
    """Return what a parser said, cut to a line."""
    return (str(error).split("\n")[0] or type(error).__name__)[:200]

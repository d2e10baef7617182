"""Reading back the rows that a run has written."""

from __future__ import annotations

import csv
import gzip
import io
import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO, cast

from cleannews.batch.formats import OutputKind
from cleannews.batch.formats.parquet import import_parquet
from cleannews.batch.formats.streams import import_zstandard

BATCH = 256
"""Rows of a Parquet file that are held at once."""


def read_rows(path: Path, kind: OutputKind, columns: Sequence[str]) -> Iterator[dict[str, Any]]:
    """Yield some columns of the rows of a file that a run wrote; texts, numbers or None.

    Args:
        path: The file.
        kind: What it is.
        columns: Names of columns that hold no lists.

    Raises:
        OSError: It cannot be read.
    """
    if kind.kind == "parquet":
        _, parquet = import_parquet()
        with parquet.ParquetFile(path) as file:
            for batch in file.iter_batches(BATCH, columns=list(columns), use_threads=False):
                yield from batch.to_pylist()
        return
    with _plain(path, kind.compression) as stream:
        if kind.kind == "jsonl":
            for line in stream:
                row = json.loads(line)
                yield {name: row[name] for name in columns}
            return
        text = io.TextIOWrapper(stream, encoding="utf-8", newline="")
        csv.field_size_limit(1 << 30)
        for cells in csv.DictReader(text):
            yield {name: _cell(cells[name]) for name in columns}


def _cell(value: str) -> str | None:
    """Return a cell without what made it safe for spreadsheets."""
    from cleannews.batch.formats.write import spreadsheet_safe_cell

    if value[:1] == "'" and spreadsheet_safe_cell(value[1:]) == value:
        value = value[1:]
    return value or None


@contextmanager
def _plain(path: Path, compression: str | None) -> Iterator[BinaryIO]:
    with path.open("rb") as file:
        if compression == "gzip":
            with gzip.open(file) as stream:
                yield cast("BinaryIO", stream)
        elif compression == "zstd":
            inflate = import_zstandard().ZstdDecompressor()
            with inflate.stream_reader(file, read_across_frames=True) as stream:
                yield cast("BinaryIO", io.BufferedReader(stream))
        else:
            yield file

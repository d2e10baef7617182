"""Reading a source, whatever kind it is of."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator

from cleannews.batch.formats.archives import read_warc, read_wet
from cleannews.batch.formats.lines import read_jsonl
from cleannews.batch.formats.pages import read_html, read_text
from cleannews.batch.formats.parquet import read_parquet
from cleannews.batch.formats.records import ReadLimits, Record, Unreadable
from cleannews.batch.formats.sources import Source
from cleannews.batch.formats.streams import Stream
from cleannews.batch.formats.tables import read_csv
from cleannews.columns import Fields

_Reader = Callable[[Source, Stream, Fields, int, ReadLimits], Iterator[Record | Unreadable]]

_READERS: dict[str, _Reader] = {
    "text": read_text,
    "html": read_html,
    "jsonl": read_jsonl,
    "csv": read_csv,
    "warc": read_warc,
    "wet": read_wet,
}


def read(
    source: Source,
    *,
    fields: Fields | None = None,
    after: int = 0,
    limits: ReadLimits | None = None,
) -> Iterator[Record | Unreadable]:
    """Yield the documents of a source in order, and the places that hold none.

    Memory does not grow with the source: it is bounded by the limits.

    Args:
        source: What `find_sources` found.
        fields: Names of the fields of lines and columns; the default is ``Fields()``.
        after: Leave out what has a number below this one.
        limits: How much is read; the default is ``ReadLimits()``.

    Yields:
        Records with rising numbers. What is wrong with the content is an `Unreadable` in its place,
        and the last one says so when the rest of a file could not be read.

    Raises:
        OSError: The file cannot be opened or read; its name is in the error.
        InputError: The kind or the compression needs an extra that is not installed.
    """
    fields, limits = fields or Fields(), limits or ReadLimits()
    try:
        with source.open() as file:
            if source.kind == "parquet":
                yield from read_parquet(source, file, fields, after, limits)
            else:
                stream = Stream(file, limits)
                yield from _READERS[source.kind](source, stream, fields, after, limits)
    except OSError as error:
        raise OSError(
            error.errno, error.strerror or os.strerror(error.errno or 0), source.name
        ) from None

"""Writing rows of `cleannews.columns.COLUMNS` as JSON Lines, tables, Parquet or plain texts.

What one writer makes is a part. Parts of one kind can be joined into one file, so that work that
was interrupted goes on behind the last part that is whole. The same rows give the same bytes.
"""

from __future__ import annotations

import csv
import gzip
import io
import os
import re
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple, Protocol

from cleannews.batch.formats.parquet import import_parquet
from cleannews.batch.formats.streams import import_zstandard
from cleannews.columns import COLUMNS, json_text
from cleannews.errors import OptionError

Row = Mapping[str, Any]


class OutputKind(NamedTuple):
    """What an output is: ``jsonl``, ``csv`` or ``parquet``; ``gzip``, ``zstd`` or None."""

    kind: str
    compression: str | None = None


SUFFIXES = {
    ".jsonl": OutputKind("jsonl"),
    ".ndjson": OutputKind("jsonl"),
    ".jsonl.gz": OutputKind("jsonl", "gzip"),
    ".jsonl.zst": OutputKind("jsonl", "zstd"),
    ".csv": OutputKind("csv"),
    ".csv.gz": OutputKind("csv", "gzip"),
    ".parquet": OutputKind("parquet"),
}
"""What a file's name says that it is to be."""

_FORMULA = re.compile(r"[=+\-@\t\r＝＋－＠]")
_NUMBER = re.compile(r"[-+]?\d+(\.\d+)?([eE][-+]?\d+)?")
_CONTROL = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufffe\uffff]"
)  # fmt: skip
_UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")
_LONGEST_NAME = 80


class Writer(Protocol):
    """Writes rows in order. It is closed when they are all there; its file stays open."""

    def write(self, rows: Sequence[Row]) -> None:
        """Write rows of the columns of `COLUMNS`."""

    def close(self) -> None:
        """Write what is still held back."""


def kind_of_output(name: str | os.PathLike[str]) -> OutputKind:
    """Return what an output of this name is to be.

    Raises:
        OptionError: The name says nothing that can be written.

    >>> kind_of_output("clean.jsonl.gz")
    OutputKind(kind='jsonl', compression='gzip')
    """
    lower = Path(name).name.lower()
    for suffix in sorted(SUFFIXES, key=len, reverse=True):
        if lower.endswith(suffix) and lower != suffix:
            return SUFFIXES[suffix]
    known = ", ".join(SUFFIXES)
    raise OptionError(f"{os.fspath(name)!r} tells no kind of output; a file ends in one of {known}")


def open_writer(
    file: BinaryIO,
    kind: OutputKind,
    *,
    header: bool = True,
    spreadsheet_safe: bool = True,
) -> Writer:
    r"""Return what writes rows into an open file.

    Args:
        file: Takes the bytes; it is neither closed nor sought in.
        kind: What to write; not ``text``, which is many files (`TextFolder`).
        header: Begin a table with the names of its columns; off for any part but the first.
        spreadsheet_safe: Put an apostrophe before cells of a table that a spreadsheet would take
            for formulas.

    Raises:
        InputError: The kind needs an extra that is not installed.
        OptionError: There is no such kind.

    >>> file = io.BytesIO()
    >>> writer = open_writer(file, OutputKind("jsonl"))
    >>> writer.write([{"id": "a", "text": "The bridge is shut."}])
    >>> writer.close()
    >>> file.getvalue()
    b'{"id": "a", "text": "The bridge is shut."}\n'
    """
    if kind.kind == "parquet":
        return _Parquet(file)
    if kind.kind == "jsonl":
        return _Jsonl(_compressed(file, kind.compression))
    if kind.kind == "csv":
        stream = _compressed(file, kind.compression)
        return _Csv(stream, header=header, spreadsheet_safe=spreadsheet_safe)
    raise OptionError(f"no writer for {kind.kind!r}")


def join_parts(parts: Sequence[Path], file: BinaryIO, kind: OutputKind) -> None:
    """Make one file of parts, in their order.

    Args:
        parts: What writers of this kind made; of a table, only the first has a header.
        file: Takes the bytes.
        kind: What the parts are.

    Raises:
        OSError: A part cannot be read, or `file` not be written.
    """
    if kind.kind != "parquet":
        for part in parts:
            with part.open("rb") as stream:
                shutil.copyfileobj(stream, file, 1 << 20)
        return
    arrow, parquet = import_parquet()
    from cleannews.arrow import CLEANED

    with parquet.ParquetWriter(arrow.PythonFile(file, mode="w"), CLEANED) as writer:
        for part in parts:
            table = parquet.ParquetFile(part)
            for group in range(table.metadata.num_row_groups):
                writer.write_table(table.read_row_group(group, use_threads=False))
            table.close()


class _Jsonl:
    """Writes an object a line; lone surrogates, which no reader takes, become escapes."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream

    def write(self, rows: Sequence[Row]) -> None:
        self._stream.write("".join(json_text(row) + "\n" for row in rows).encode())

    def close(self) -> None:
        self._stream.close()


class _Plain(csv.excel):
    lineterminator = "\n"


class _Quoted(_Plain):
    quoting = csv.QUOTE_ALL


class _Csv:
    """Writes a table of `COLUMNS`; lists are JSON texts, missing values empty cells."""

    def __init__(self, stream: BinaryIO, *, header: bool, spreadsheet_safe: bool) -> None:
        self._stream = stream
        self._is_safe = spreadsheet_safe
        if header:
            self._rows([COLUMNS])

    def write(self, rows: Sequence[Row]) -> None:
        self._rows([[self._cell(row[name]) for name in COLUMNS] for row in rows])

    def close(self) -> None:
        self._stream.close()

    def _rows(self, rows: Sequence[Sequence[str]]) -> None:
        made = io.StringIO(newline="")
        for row in rows:
            # Before 3.13, csv leaves a lone CR without quotes, and its own reader ends a row there.
            dialect = _Quoted if any("\r" in cell for cell in row) else _Plain
            csv.writer(made, dialect).writerow(row)
        self._stream.write(made.getvalue().encode("utf-8", "backslashreplace"))

    def _cell(self, value: Any) -> str:
        if value is None:
            return ""
        if isinstance(value, float):
            return repr(value)
        if not isinstance(value, str):
            return json_text(value)
        value = value.replace("\0", "\\x00")
        return spreadsheet_safe_cell(value) if self._is_safe else value


def spreadsheet_safe_cell(value: str) -> str:
    """Return a cell that a spreadsheet shows, and does not run.

    >>> [spreadsheet_safe_cell(v) for v in ("=1+1", "-3.5", "a=b")]
    ["'=1+1", '-3.5', 'a=b']
    """
    if _FORMULA.match(value) and not _NUMBER.fullmatch(value):
        return "'" + value
    return value


class _Parquet:
    """Writes row groups, one for each call, with the schema of `cleannews.arrow.CLEANED`."""

    def __init__(self, file: BinaryIO) -> None:
        arrow, parquet = import_parquet()
        from cleannews.arrow import CLEANED, batch_of

        self._batch_of = batch_of
        self._writer = parquet.ParquetWriter(arrow.PythonFile(file, mode="w"), CLEANED)

    def write(self, rows: Sequence[Row]) -> None:
        columns = {name: [row[name] for row in rows] for name in COLUMNS}
        self._writer.write_batch(self._batch_of(columns))

    def close(self) -> None:
        self._writer.close()


class TextFolder:
    r"""Writes the text of each row into a file of its own.

    A name is the row's place and its id, so that no two rows meet in one file and nothing in an id
    leads out of the folder. Control and direction characters are shown as escapes; rows without a
    text make no file.

    Args:
        folder: Where the files go; it must be there.
        first: Place of the first row.

    >>> TextFolder.name_of(7, "../a b.html")
    '00000007-a-b.html.txt'
    """

    def __init__(self, folder: Path, *, first: int = 0) -> None:
        self._folder = folder
        self._next = first

    @staticmethod
    def name_of(number: int, name: str | None) -> str:
        """Return the name of the file for a row."""
        tail = _UNSAFE.sub("-", name or "")[-_LONGEST_NAME:].strip(".-")
        return f"{number:08d}-{tail}.txt" if tail else f"{number:08d}.txt"

    def write(self, rows: Sequence[Row]) -> None:
        """Write the texts; a file is there whole or not at all."""
        for row in rows:
            number, self._next = self._next, self._next + 1
            if row["text"] is None:
                continue
            path = self._folder / self.name_of(number, row["id"])
            draft = path.with_name(f".{path.name}.part")
            draft.write_bytes(shown_text(row["text"]).encode("utf-8", "backslashreplace"))
            draft.replace(path)

    def close(self) -> None:
        """Do nothing: every file is whole already."""


def shown_text(text: str) -> str:
    r"""Return a text that is safe to print, with a line end at its end.

    >>> shown_text("a\x1b[31mb\r\nc")
    'a\\x1b[31mb\nc\n'
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = _CONTROL.sub(lambda m: _escape(ord(m[0])), text)
    return text if text.endswith("\n") or not text else text + "\n"


def _escape(code: int) -> str:
    return f"\\x{code:02x}" if code < 256 else f"\\u{code:04x}"


def _compressed(file: BinaryIO, compression: str | None) -> BinaryIO:
    """Return a stream whose end is not the file's end."""
    if compression == "gzip":
        # Name and time would make the same rows different bytes.
        return gzip.GzipFile(filename="", mode="wb", fileobj=file, compresslevel=6, mtime=0)  # type: ignore[return-value]
    if compression == "zstd":
        stream: BinaryIO = import_zstandard().ZstdCompressor().stream_writer(file, closefd=False)
        return stream
    return _Kept(file)  # type: ignore[return-value]


class _Kept(io.RawIOBase):
    """A file that stays open when this is closed."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file

    def write(self, data: Any) -> int:
        return self._file.write(data)

    def writable(self) -> bool:
        return True

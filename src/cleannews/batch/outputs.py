"""Reading what a run wrote: its summary, its rows, and what stands beside them.

Everything is read as a stream. A file can have been cut, edited or mixed up since it was written:
what does not fit is told in `Output.problems` and passed over.
"""

from __future__ import annotations

import csv
import gzip
import io
import json
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

from cleannews.batch.formats import SUFFIXES
from cleannews.batch.formats.parquet import import_parquet
from cleannews.batch.formats.streams import import_zstandard
from cleannews.batch.formats.write import spreadsheet_safe_cell
from cleannews.columns import COLUMNS
from cleannews.errors import InputError

ENDINGS = tuple(sorted(SUFFIXES, key=len, reverse=True))
"""Of the files that hold rows, a longer one before a shorter one that it ends in."""
SUMMARY, QUARANTINE, LINKS, CLUSTERS = (
    "summary.json",
    "quarantine.jsonl",
    "links.jsonl",
    "clusters.jsonl",
)
LONGEST_LINE = 256 * 1024 * 1024
"""Bytes of a line of JSON from which on it is passed over."""
MOST_PROBLEMS = 20
"""Problems that are told one by one."""

_LISTS = ("authors", "editors", "warnings", "removed")
_ROWS_AT_A_TIME = 64

Reader = Callable[[Path, Callable[[str], None]], Iterator[dict[str, Any]]]
"""Reads the rows of a file and tells what it passes over."""


@dataclass(slots=True)
class Output:
    """What a run wrote.

    Attributes:
        path: As it was named.
        summary: The summary file.
        files: The files that hold rows, in order; none for an output of plain texts.
        problems: What could not be read, in words for people; it grows while rows are read.
        problem_count: How many problems there were, those not told included.
    """

    path: Path
    summary: Mapping[str, Any]
    files: tuple[Path, ...]
    problems: list[str] = field(default_factory=list)
    problem_count: int = 0

    @property
    def stem(self) -> str:
        """What the names beside the rows begin with; empty in a folder."""
        return "" if self.path.is_dir() else _stem(self.path)

    def rows(self) -> Iterator[dict[str, Any]]:
        """Yield the rows, in order."""
        for path in self.files:
            yield from self._told(path, _reader(path))

    def beside(self, name: str) -> Iterator[dict[str, Any]]:
        """Yield the objects of a file beside the rows; nothing when it is not there."""
        path = self.path / name if self.path.is_dir() else self.path.with_name(self.stem + name)
        if path.is_file():
            yield from self._told(path, _jsonl)

    def _told(self, path: Path, read: Reader) -> Iterator[dict[str, Any]]:
        try:
            yield from read(path, self.tell)
        except (EOFError, ValueError, zlib.error, gzip.BadGzipFile) as error:
            self.tell(f"{path.name}: it is damaged and was read up to there: {error}")
        except OSError as error:
            if error.filename is not None and error.errno is not None:
                raise
            self.tell(f"{path.name}: it is damaged and was read up to there: {error}")

    def tell(self, problem: str) -> None:
        """Note a problem; of very many only the first are kept in words."""
        self.problem_count += 1
        if len(self.problems) < MOST_PROBLEMS:
            self.problems.append(problem)


def open_output(path: Path) -> Output:
    """Find what a run wrote.

    Args:
        path: What was given to ``run`` with ``-o``: a file of rows, or a folder of parts.

    Raises:
        InputError: There is no summary beside it, so that it is no finished output of a run; the
            summary is broken or of another version; or an extra is missing that its kind needs.
        OSError: It is not there or cannot be read.
    """
    if not path.is_dir():
        path.stat()  # a missing file is an error of its own
        if not path.name.lower().endswith(ENDINGS):
            raise InputError(
                f"{path}: no output of 'cleannews run'; a file ends in one of {', '.join(ENDINGS)}"
            )
    summary = path / SUMMARY if path.is_dir() else path.with_name(_stem(path) + SUMMARY)
    work = path / ".run" if path.is_dir() else path.with_name(f".{path.name}.run")
    if not summary.is_file():
        why = f"there is no {summary.name} beside it"
        if path.is_dir():
            why = f"there is no {SUMMARY} in it"
        if work.exists():
            raise InputError(f"{path}: the run has not finished; run it again with --resume")
        raise InputError(f"{path}: no output of 'cleannews run': {why}")
    told = _summary(summary)
    files = _parts(path, told) if path.is_dir() else (path,)
    for file in files:
        _reader(file)
    output = Output(path, told, files)
    names = told.get("outputs")
    if not path.is_dir() and isinstance(names, list) and path.name not in names:
        output.tell(f"{summary.name} is of another output, {', '.join(map(str, names[:1]))}")
    return output


def _stem(path: Path) -> str:
    suffix = next(s for s in ENDINGS if path.name.lower().endswith(s))
    return path.name[: -len(suffix)] + "."


def _summary(path: Path) -> dict[str, Any]:
    try:
        told = json.loads(path.read_bytes())
    except (ValueError, RecursionError) as error:
        raise InputError(f"{path}: not JSON: {error}") from None
    if not isinstance(told, dict) or not isinstance(told.get("records"), int):
        raise InputError(f"{path}: no summary of 'cleannews run'")
    if told.get("schema_version") != 1:
        raise InputError(
            f"{path}: schema version {told.get('schema_version')!r}; this cleannews reads version 1"
        )
    return told


def _parts(folder: Path, told: Mapping[str, Any]) -> tuple[Path, ...]:
    """Return the files of rows that the summary names; only such as lie in the folder."""
    names = told.get("outputs")
    names = [n for n in names if isinstance(n, str)] if isinstance(names, list) else []
    beside = {SUMMARY, QUARANTINE, LINKS, CLUSTERS}
    return tuple(
        folder / name
        for name in names
        if name not in beside and name.lower().endswith(ENDINGS) and Path(name).name == name
    )


def _reader(path: Path) -> Reader:
    name = path.name.lower()
    if name.endswith(".parquet"):
        import_parquet()
        return _parquet
    if name.endswith(".zst"):
        import_zstandard()
    return _csv if name.endswith((".csv", ".csv.gz")) else _jsonl


@contextmanager
def _bytes_of(path: Path) -> Iterator[BinaryIO]:
    with path.open("rb") as file:
        if path.name.lower().endswith(".gz"):
            with gzip.GzipFile(fileobj=file) as stream:
                yield stream  # type: ignore[misc]
        elif path.name.lower().endswith(".zst"):
            zstandard = import_zstandard()
            reader = zstandard.ZstdDecompressor().stream_reader(file, read_across_frames=True)
            try:
                with io.BufferedReader(reader) as stream:
                    yield stream
            except zstandard.ZstdError as error:
                raise ValueError(str(error)) from None
        else:
            yield file


def _jsonl(path: Path, tell: Callable[[str], None]) -> Iterator[dict[str, Any]]:
    with _bytes_of(path) as stream:
        number = 0
        while line := stream.readline(LONGEST_LINE):
            number += 1
            if len(line) == LONGEST_LINE:
                tell(f"{path.name}:{number}: the line is too long")
                while line and not line.endswith(b"\n"):
                    line = stream.readline(LONGEST_LINE)
                continue
            if not line.strip():
                continue
            try:
                row = json.loads(line)
            except (ValueError, RecursionError) as error:
                tell(f"{path.name}:{number}: not JSON: {error}")
                continue
            if isinstance(row, dict):
                yield row
            else:
                tell(f"{path.name}:{number}: not an object")


def _csv(path: Path, tell: Callable[[str], None]) -> Iterator[dict[str, Any]]:
    most = csv.field_size_limit()
    with _bytes_of(path) as stream, io.TextIOWrapper(stream, "utf-8", newline="") as text:
        cells = csv.reader(text)
        header = next(cells, [])
        if not set(COLUMNS) <= set(header):
            tell(f"{path.name}: its columns are not those of a run")
            return
        while True:
            # The limit is the process's, so that it is ours only while a row is read.
            csv.field_size_limit(LONGEST_LINE)
            try:
                values = next(cells, None)
            except csv.Error as error:
                raise ValueError(str(error)) from None
            finally:
                csv.field_size_limit(most)
            if values is None:
                return
            try:
                yield _row(header, values)
            except (ValueError, RecursionError) as error:
                tell(f"{path.name}:{cells.line_num}: not a row of a run: {error}")


def _row(header: list[str], cells: list[str]) -> dict[str, Any]:
    """Return a row of a table as it was before it was written; empty cells count as None."""
    row: dict[str, Any] = dict(zip(header, map(_cell, cells), strict=True))
    for name in _LISTS:
        row[name] = json.loads(row[name] or "[]")
    row["confidence"] = float(row["confidence"] or 0)
    return row


def _cell(value: str) -> str | None:
    is_guarded = value[:1] == "'" and spreadsheet_safe_cell(value[1:]) == value
    return (value[1:] if is_guarded else value) or None


def _parquet(path: Path, tell: Callable[[str], None]) -> Iterator[dict[str, Any]]:
    pyarrow, parquet = import_parquet()
    try:
        with parquet.ParquetFile(path) as file:
            names = set(file.schema_arrow.names)
            if not set(COLUMNS) <= names:
                tell(f"{path.name}: its columns are not those of a run")
                return
            batches = file.iter_batches(_ROWS_AT_A_TIME, columns=list(COLUMNS), use_threads=False)
            for batch in batches:
                yield from batch.to_pylist()
    except pyarrow.ArrowException as error:
        raise ValueError(str(error)) from None

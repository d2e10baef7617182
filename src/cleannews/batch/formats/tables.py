"""Comma-separated values: rows below a header."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from typing import NamedTuple

from cleannews.batch.formats.records import (
    ReadLimits,
    Record,
    Unreadable,
    digest,
    record_of,
    without_fields,
)
from cleannews.batch.formats.sources import Source
from cleannews.batch.formats.streams import Stream, read_lines
from cleannews.columns import Fields

_DELIMITERS = (",", ";", "\t")


class _BadRowError(Exception):
    """A row has no end: a quote that nobody closed, or more bytes than are allowed."""


class _Row(NamedTuple):
    """A row: its cells, the number of its first line, its bytes; or what is wrong with it."""

    cells: list[str]
    line: int
    raw: bytes
    reason: str | None = None


def read_csv(
    source: Source, stream: Stream, fields: Fields, after: int, limits: ReadLimits
) -> Iterator[Record | Unreadable]:
    """Yield the rows below the header; numbers count rows, places are lines.

    The delimiter is the one of comma, semicolon and tab that finds the columns in the header. A row
    with more or fewer cells than the header is unreadable, as nobody can say which cell is which.
    """
    lines = _Lines(stream, limits.record)
    head = lines.peek()
    delimiter, header = _header(head.decode("utf-8", "surrogateescape"), fields)
    reason = _wrong_header(header, fields)
    if head and reason:
        if after == 0:
            yield Unreadable(0, f"{source.name}:1", reason, digest(head))
        return
    number = -1
    for number, row in enumerate(_rows(lines, delimiter, len(header))):
        if number < after:
            continue
        where = f"{source.name}:{row.line}"
        wrong = row.reason or _undecodable(header, row.cells, fields)
        if wrong:
            yield Unreadable(number, where, wrong, digest(row.raw))
        else:
            # An empty cell is how a table says that there is no value.
            values = {n: cell or None for n, cell in zip(header, row.cells, strict=True)}
            yield record_of(values, fields, number=number, where=where, raw=row.raw)
    if stream.fault and number + 1 >= after:
        yield Unreadable(number + 1, f"{source.name}:{lines.taken + 1}", stream.fault)


class _Lines:
    """Lines of a table, taken as rows need them; those of a broken row can be given back."""

    def __init__(self, stream: Stream, longest: int) -> None:
        self._source = self._cut(stream, longest)
        self._waiting: deque[bytes | int] = deque()
        self.longest = longest
        self.taken = 0
        self.since: list[bytes] = []
        self.size = 0

    def _cut(self, stream: Stream, longest: int) -> Iterator[bytes | int]:
        """Yield lines with their ends, and of a line that is too long only its length."""
        for line in read_lines(stream, longest=longest):
            if line.data is None:
                yield line.size
            elif b"\r" in line.data.rstrip(b"\r"):
                yield from line.data.splitlines(keepends=True)  # old Macs end lines so
            else:
                yield line.data + b"\n"

    def peek(self) -> bytes:
        """Return the next line, which stays the next one; nothing at the end."""
        if not self._waiting:
            self._waiting.extend(item for item in [next(self._source, b"")] if item)
        first = self._waiting[0] if self._waiting else b""
        return first if isinstance(first, bytes) else b""

    def begin(self) -> None:
        """Forget the lines of the row before."""
        self.since, self.size = [], 0

    def give_back(self) -> None:
        """Make all lines since `begin` but the first the next ones again."""
        again = self.since[1:]
        self.taken -= len(again)
        self._waiting.extendleft(reversed(again))

    def take(self) -> str | None:
        """Return the next line; None at the end.

        Raises:
            _BadRowError: The row has too many bytes by now.
        """
        item = self._waiting.popleft() if self._waiting else next(self._source, None)
        if item is None:
            return None
        self.taken += 1
        self.size += item if isinstance(item, int) else len(item)
        self.since.append(b"" if isinstance(item, int) else item)
        if isinstance(item, int) or self.size > self.longest:
            reason = f"a row of {self.size:,} bytes or more; the limit is {self.longest:,}"
            if len(self.since) > 1:
                reason = f"a quote is opened and not closed within {self.longest:,} bytes"
            raise _BadRowError(reason)
        return item.decode("utf-8", "surrogateescape")


def _rows(lines: _Lines, delimiter: str, width: int) -> Iterator[_Row]:
    """Yield the rows that are not empty, after the header."""
    is_header = True
    while True:
        lines.begin()
        first = lines.taken + 1
        reason, cells = None, []
        try:
            found = _cells(lines.take, delimiter)
        except _BadRowError as error:
            reason = str(error)
            # The next row may well be sound: only the line where this one began is given up.
            lines.give_back()
        else:
            if found is None:
                return
            if not found:
                continue
            cells = found
            if len(cells) != width:
                reason = f"{len(cells)} cells; the header has {width}"
        if is_header:
            is_header = False
            continue
        yield _Row(cells, first, lines.since[0] if reason else b"".join(lines.since), reason)


def _cells(take: Callable[[], str | None], delimiter: str) -> list[str] | None:
    """Return the cells of the next row; none of an empty line, None at the end of the lines.

    As csv reads them, but for a quote that is never closed; csv has one limit of a cell's length
    for the whole process, which a library must not change.
    """
    line = take()
    if line is None:
        return None
    stop, at = len(line.rstrip("\r\n")), 0
    if not stop:
        return []
    cells: list[str] = []
    while True:
        start = ""
        if line.startswith('"', at):
            start, line, at = _quoted(take, line, at + 1)
            stop = len(line.rstrip("\r\n"))
        end = line.find(delimiter, at, stop)
        if end < 0:
            cells.append(start + line[at:stop])
            return cells
        cells.append(start + line[at:end])
        at = end + 1


def _quoted(take: Callable[[], str | None], line: str, at: int) -> tuple[str, str, int]:
    """Return what is up to the closing quote, the line that has it, and the place behind it."""
    parts = []
    while True:
        end = line.find('"', at)
        if end < 0:
            parts.append(line[at:])
            following = take()
            if following is None:
                raise _BadRowError("a quote is opened and not closed")
            line, at = following, 0
        elif line.startswith('"', end + 1):
            parts.append(line[at : end + 1])
            at = end + 2
        else:
            parts.append(line[at:end])
            return "".join(parts), line, end + 1


def _header(line: str, fields: Fields) -> tuple[str, list[str]]:
    """Return the delimiter and the names of the columns."""
    best = (",", _split(line, ","))
    wanted = {fields.text, fields.html, fields.id, fields.url}
    for delimiter in _DELIMITERS:
        names = _split(line, delimiter)
        if len(wanted & set(names)) > len(wanted & set(best[1])):
            best = (delimiter, names)
    return best


def _split(line: str, delimiter: str) -> list[str]:
    lines = iter([line])
    try:
        return _cells(lambda: next(lines, None), delimiter) or []
    except _BadRowError:
        return []


def _wrong_header(header: list[str], fields: Fields) -> str | None:
    for name in (fields.text, fields.html, fields.id, fields.url):
        if header.count(name) > 1:
            return f"column {name!r} is there twice"
    if fields.text not in header and fields.html not in header:
        return without_fields(header, fields).replace("field", "column")
    return None


def _undecodable(header: list[str], cells: list[str], fields: Fields) -> str | None:
    """Say which of the cells that count holds bytes that are no UTF-8."""
    wanted = {fields.text, fields.html, fields.id, fields.url}
    for name, cell in zip(header, cells, strict=True):
        if name in wanted and any("\udc80" <= c <= "\udcff" for c in cell):
            return f"column {name!r} is not UTF-8"
    return None

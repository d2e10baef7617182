"""Archives of the web: WARC with the pages themselves, WET with their text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from cleannews.batch.formats.http import BadBodyError, body_of, split_response
from cleannews.batch.formats.parquet import short
from cleannews.batch.formats.records import ReadLimits, Record, Unreadable, digest
from cleannews.batch.formats.sources import Source
from cleannews.batch.formats.streams import Stream
from cleannews.columns import Fields
from cleannews.errors import InputError
from cleannews.reading.charset import decode, signature_of

_HEADER = 262_144
"""Most bytes of a record's header."""

_HEAD = 65_536
"""Bytes of a record that is too long that are looked at, to tell whether it is a page."""

_WINDOW = 1_048_576
"""Bytes behind the last read among which the next record is looked for after a damaged one."""

_START = re.compile(rb"(?:\A|\n)(WARC/[01]\.)")


def read_warc(
    source: Source, stream: Stream, fields: Fields, after: int, limits: ReadLimits
) -> Iterator[Record | Unreadable]:
    """Yield the pages of an archive: HTTP responses of HTML that succeeded.

    Requests, images, redirects and error pages have a number and are passed over. The id is the
    record's, the address its target; the charset is that of the HTTP header.
    """
    for number, place in enumerate(_records(source, stream, limits)):
        if number < after:
            continue
        if isinstance(place, Unreadable):
            yield place
        elif place.is_torn:
            yield place.unreadable(number, place.reason)
        elif place.kind == "response" and (made := _page(place, number, limits)):
            yield made


def read_wet(
    source: Source, stream: Stream, fields: Fields, after: int, limits: ReadLimits
) -> Iterator[Record | Unreadable]:
    """Yield the texts of an archive, which are its conversion records."""
    for number, place in enumerate(_records(source, stream, limits)):
        if number < after:
            continue
        if isinstance(place, Unreadable):
            yield place
        elif place.is_torn:
            yield place.unreadable(number, place.reason)
        elif place.kind == "conversion":
            yield _text(place, number)


class _Place:
    """A record of an archive.

    Attributes:
        kind: Its type.
        id: Its name.
        url: What it is about.
        block: What it holds; of one that is too long, the beginning.
        reason: Why `block` is not all of it.
        is_torn: The file ends within it.
    """

    __slots__ = ("block", "end", "id", "is_torn", "kind", "reason", "url", "where")

    def __init__(self, record: Any, where: str, limits: ReadLimits) -> None:
        self.kind = str(record.record_type)
        self.id = (record.record_id or "").strip("<>") or None
        self.url = record.headers.get("WARC-Target-URI") or None
        self.where = where
        self.reason = ""
        size = record.content_length
        most = size if size <= limits.record else _HEAD
        is_wanted = self.kind in ("response", "conversion")
        self.block = record.reader.read(most) if is_wanted and most else b""
        there = len(self.block)
        if there < size:
            there += record.reader.consume(size - there)
        self.is_torn = there < size
        self.end = record.stream_pos + there
        if self.is_torn:
            self.reason = f"the archive ends within it: {there:,} of {size:,} bytes are there"
        elif size > limits.record:
            self.reason = f"a record of {size:,} bytes; the limit is {limits.record:,}"

    def unreadable(self, number: int, reason: str) -> Unreadable:
        sha256 = digest(self.block) if self.block else None
        return Unreadable(number, self.where, reason, sha256, self.id)


class _Tap:
    """What fastwarc reads from: a stream, of which the last bytes can be looked at again."""

    def __init__(self, stream: Stream, ahead: bytes) -> None:
        self._stream = stream
        self._ahead = ahead
        self.window = b""
        self.given = 0

    def read(self, size: int = -1) -> bytes:
        data = self._ahead or self._stream.read()
        if 0 <= size < len(data):
            data, self._ahead = data[:size], data[size:]
        else:
            self._ahead = b""
        self.window = (self.window + data)[-_WINDOW:]
        self.given += len(data)
        return data

    def tell(self) -> int:
        return self.given

    def seek(self, offset: int, whence: int = 0) -> int:
        raise OSError("a stream cannot be sought in")

    def close(self) -> None:
        pass

    def rest_after(self, place: int) -> bytes | None:
        """Return what was read from the first record behind a place on; None if there is none."""
        before = self.given - len(self.window)
        found = _START.search(self.window, max(place - before, 0))
        return self.window[found.start(1) :] + self._ahead if found else None


def _records(source: Source, stream: Stream, limits: ReadLimits) -> Iterator[_Place | Unreadable]:
    """Yield every record of an archive, and where it is damaged what that means."""
    number = 0
    ahead: bytes | None = b""
    while ahead is not None:
        tap = _Tap(stream, ahead)
        ahead = None
        # Where the last sound record ends at the earliest: the next one is looked for behind it.
        end = 1
        try:
            for record in _iterate(tap):
                where = f"{source.name} record {number + 1}"
                place = _Place(record, where, limits)
                end = place.end + 1
                is_one = place.kind != "unknown" or place.id
                yield place if is_one else Unreadable(number, where, "a record without a type")
                number += 1
        except _DamagedError as error:
            where = f"{source.name} record {number + 1}"
            ahead = tap.rest_after(end)
            rest = "" if ahead is not None else "; the rest of the archive is not read"
            yield Unreadable(number, where, f"damaged WARC: {error}{rest}")
            number += 1
    if stream.fault:
        yield Unreadable(number, f"{source.name} record {number + 1}", stream.fault)


class _DamagedError(Exception):
    """The archive is no archive at this place."""


def _iterate(tap: _Tap) -> Iterator[Any]:
    try:
        from fastwarc.warc import ArchiveIterator
    except ImportError:
        raise InputError("WARC needs fastwarc: pip install 'cleannews[warc]'") from None
    try:
        yield from ArchiveIterator(
            tap,
            parse_http=False,
            max_header_len=_HEADER,
            stream_detect=False,
            fsspec_args=False,
        )
    except OSError as error:
        if error.errno:
            raise
        raise _DamagedError(short(error)) from None
    except ValueError as error:
        raise _DamagedError(short(error)) from None


def _page(place: _Place, number: int, limits: ReadLimits) -> Record | Unreadable | None:
    """Return the page of a response, or None if it is none, or not one that succeeded."""
    response = split_response(place.block)
    if not response.is_page:
        return None
    if place.reason:
        return place.unreadable(number, place.reason)
    try:
        body = body_of(response, limits)
    except BadBodyError as error:
        return place.unreadable(number, str(error))
    if what := signature_of(body):
        return place.unreadable(number, f"this is {what}, which is not read as HTML")
    return Record(number, place.id, place.url, None, body, place.where, response.charset)


def _text(place: _Place, number: int) -> Record | Unreadable:
    if place.reason:
        return place.unreadable(number, place.reason)
    try:
        text = decode(place.block)
    except InputError as error:
        return place.unreadable(number, str(error))
    return Record(number, place.id, place.url, text, None, place.where)

"""Files that are one document each: flat texts and pages."""

from __future__ import annotations

from collections.abc import Iterator

from cleannews.batch.formats.records import ReadLimits, Record, Unreadable, digest
from cleannews.batch.formats.sources import Source
from cleannews.batch.formats.streams import Stream
from cleannews.columns import Fields
from cleannews.errors import InputError
from cleannews.reading.charset import decode, signature_of


def read_text(
    source: Source, stream: Stream, fields: Fields, after: int, limits: ReadLimits
) -> Iterator[Record | Unreadable]:
    """Yield the one text of a file: UTF-8, UTF-16 with a mark, or a page that says what it is in.

    Its id is the path.
    """
    data = _whole(source, stream, limits)
    if after > 0:
        return
    if isinstance(data, Unreadable):
        yield data
        return
    name = source.name
    try:
        yield Record(0, name, None, decode(data), None, name)
    except InputError as error:
        if _is_page(data):
            yield Record(0, name, None, None, data, name)
        else:
            yield Unreadable(0, name, str(error), digest(data), name)


def read_html(
    source: Source, stream: Stream, fields: Fields, after: int, limits: ReadLimits
) -> Iterator[Record | Unreadable]:
    """Yield the one page of a file, as bytes. Its id is the path."""
    data = _whole(source, stream, limits)
    if after > 0:
        return
    name = source.name
    if isinstance(data, Unreadable):
        yield data
    elif what := signature_of(data):
        yield Unreadable(0, name, f"this is {what}, which is not read as HTML", digest(data), name)
    else:
        yield Record(0, name, None, None, data, name)


def _whole(source: Source, stream: Stream, limits: ReadLimits) -> bytes | Unreadable:
    """Return the bytes of a file, unless there are too many or they are not all there."""
    parts, size = [], 0
    while chunk := stream.read():
        size += len(chunk)
        if size > limits.record:
            reason = f"more than {limits.record:,} bytes, which is the limit of a document"
            return Unreadable(0, source.name, reason, None, source.name)
        parts.append(chunk)
    data = b"".join(parts)
    if stream.fault:
        return Unreadable(0, source.name, stream.fault, digest(data), source.name)
    return data


def _is_page(data: bytes) -> bool:
    """Tell whether bytes are HTML that names its encoding, where a flat text cannot."""
    if signature_of(data):
        return False
    from cleannews.reading.encoding import decode_html
    from cleannews.reading.sniff import looks_like_html

    try:
        return looks_like_html(decode_html(data).text)
    except InputError:
        return False

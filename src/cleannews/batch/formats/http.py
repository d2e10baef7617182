"""What an HTTP response in an archive says about its body, and the body itself."""

from __future__ import annotations

import io
import re
import zlib
from typing import NamedTuple

from cleannews.batch.formats.records import ReadLimits
from cleannews.reading.sniff import looks_like_html

_END = re.compile(rb"\r?\n\r?\n")
_STATUS = re.compile(rb"HTTP/\d(?:\.\d)? +(\d{3})")
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([^\s\"';,]{1,40})", re.IGNORECASE)
_CHUNK = re.compile(rb"([0-9A-Fa-f]{1,16})[^\r\n]{0,1000}\r?\n")
_PAGES = ("text/html", "application/xhtml+xml")
_SNIFFED = 4096


class BadBodyError(Exception):
    """A body cannot be had from the bytes of the response."""


class Response(NamedTuple):
    """An HTTP response.

    Attributes:
        is_page: It succeeded and is HTML.
        charset: Encoding that its header names.
        codings: Its transfer and content encodings, the outermost first.
        body: Its body as it was sent.
    """

    is_page: bool
    charset: str | None
    codings: tuple[str, ...]
    body: bytes


def split_response(block: bytes) -> Response:
    r"""Return what a response says.

    >>> head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=koi8-r"
    >>> split_response(head + b"\r\n\r\n<p>").charset
    'koi8-r'
    """
    status = _STATUS.match(block)
    if not status:
        # Some tools leave the header out; a page tells itself.
        return Response(_looks_like_page(block), None, (), block)
    end = _END.search(block)
    head, body = (block[: end.start()], block[end.end() :]) if end else (block, b"")
    headers: dict[str, str] = {}
    for line in head.decode("latin-1").splitlines()[1:]:
        name, _, value = line.partition(":")
        headers.setdefault(name.strip().lower(), value.strip())
    kind = headers.get("content-type", "")
    media = kind.partition(";")[0].strip().lower()
    # In a header the innermost stands first.
    codings = [
        coding.strip().lower()
        for name in ("transfer-encoding", "content-encoding")
        for coding in reversed(headers.get(name, "").split(","))
        if coding.strip()
    ]
    is_page = media in _PAGES or (not media and _looks_like_page(body))
    charset = _CHARSET.search(kind)
    return Response(
        is_page and status[1].startswith(b"2"),
        charset[1] if charset else None,
        tuple(codings),
        body,
    )


def _looks_like_page(body: bytes) -> bool:
    return looks_like_html(body[:_SNIFFED].decode("latin-1"))


def body_of(response: Response, limits: ReadLimits) -> bytes:
    """Return the body of a response without its encodings.

    An encoding that the header names and the body has not is left alone: many crawlers store bodies
    decoded under the header of the encoded ones.

    Raises:
        BadBodyError: The body is torn, or grows beyond the limits.
    """
    body = response.body
    for coding in response.codings:
        if coding == "chunked":
            body = _without_chunks(body)
        elif coding in ("gzip", "x-gzip") and body.startswith(b"\x1f\x8b"):
            body = _inflated(body, 31, limits)
        elif coding == "deflate" and body[:1] == b"\x78":
            body = _inflated(body, 15, limits)
        elif coding in ("br", "zstd"):
            body = _other(body, coding, limits)
    return body


def _without_chunks(body: bytes) -> bytes:
    if not _CHUNK.match(body):
        return body
    parts: list[bytes] = []
    at = 0
    while found := _CHUNK.match(body, at):
        size = int(found[1], 16)
        if size == 0:
            return b"".join(parts)
        at = found.end() + size
        if at > len(body):
            break
        parts.append(body[found.end() : at])
        at += 2 if body.startswith(b"\r\n", at) else 1
    raise BadBodyError("the chunks of the body are torn")


def _inflated(body: bytes, window: int, limits: ReadLimits) -> bytes:
    decoder = zlib.decompressobj(window)
    most = min(limits.most(len(body)), limits.record)
    try:
        made = decoder.decompress(body, most)
    except zlib.error:
        raise BadBodyError("the compressed body is damaged") from None
    if decoder.eof:
        return made
    if len(made) >= most:
        raise BadBodyError(f"the compressed body grows beyond {most:,} bytes")
    raise BadBodyError("the compressed body ends early")


def _other(body: bytes, coding: str, limits: ReadLimits) -> bytes:
    """Return a body whose encoding leaves no mark at its beginning, unless it is a page already."""
    if _looks_like_page(body):
        return body
    from fastwarc.stream_io import BrotliReader, ZstdReader

    most = min(limits.most(len(body)), limits.record)
    reader = (BrotliReader if coding == "br" else ZstdReader)(io.BytesIO(body))
    parts: list[bytes] = []
    size = 0
    try:
        while piece := reader.read(65_536):
            size += len(piece)
            if size > most:
                raise BadBodyError(f"the compressed body grows beyond {most:,} bytes")
            parts.append(piece)
    except (OSError, ValueError):
        raise BadBodyError("the compressed body is damaged") from None
    return b"".join(parts)

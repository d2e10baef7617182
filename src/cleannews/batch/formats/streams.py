"""Bytes of a file as they were before they were compressed, never more of them than a limit."""

from __future__ import annotations

import codecs
import hashlib
import os
import zlib
from collections.abc import Iterator
from typing import Any, BinaryIO, NamedTuple

from cleannews.batch.formats.records import ReadLimits
from cleannews.errors import InputError

CHUNK = 65_536

_GZIP = b"\x1f\x8b"
_ZSTD = b"\x28\xb5\x2f\xfd"
_COMPRESSED = 16_384
"""Compressed bytes at a time. Where a file is made of many tiny members, each of them copies what
is left of the piece."""

_ZSTD_COMPRESSED = 256
"""Compressed bytes at a time: four of them can make 128 KiB, and the decoder takes no limit."""

_ZSTD_WINDOW = 1 << 27


class _TornError(Exception):
    """The compressed data ends early, or is none."""


class Stream:
    """Reads a file, decompressed if its first bytes say that it is compressed.

    What is wrong with the data is no exception: reading ends there, and `fault` says why.

    Args:
        file: The file, at its beginning.
        limits: How much may come out of it.

    Attributes:
        fault: Why there is no more to read, if that is not the end of the file.

    >>> import gzip, io
    >>> stream = Stream(io.BytesIO(gzip.compress(b"abc")[:-1]), ReadLimits())
    >>> stream.read(), stream.read(), stream.fault
    (b'abc', b'', 'the compressed data ends early')
    """

    def __init__(self, file: BinaryIO, limits: ReadLimits) -> None:
        self.fault: str | None = None
        head = file.read(4)
        self._is_compressed = head.startswith(_GZIP) or head == _ZSTD
        self._pieces = self._decoded(file, head)
        self._most = limits.most(_size(file)) if self._is_compressed else None
        self._rest = b""
        self._read = 0

    def _decoded(self, file: BinaryIO, head: bytes) -> Iterator[bytes]:
        if head.startswith(_GZIP):
            return _gunzip(file, head)
        if head == _ZSTD:
            return _unzstd(file, head)
        return _plain(file, head)

    def read(self, size: int = CHUNK) -> bytes:
        """Return the next bytes, at most `size`; none at the end."""
        while not self._rest:
            piece = self._next()
            if piece is None:
                return b""
            self._rest = piece
        data, self._rest = self._rest[:size], self._rest[size:]
        return data

    def peek(self, size: int) -> bytes:
        """Return the next bytes, at most `size`, and leave them to be read."""
        while len(self._rest) < size and (piece := self._next()) is not None:
            self._rest += piece
        return self._rest[:size]

    def _next(self) -> bytes | None:
        if self.fault:
            return None
        try:
            piece = next(self._pieces, None)
        except (_TornError, zlib.error) as error:
            self.fault = str(error) if isinstance(error, _TornError) else "damaged gzip data"
            return None
        if piece is None:
            return None
        self._read += len(piece)
        if self._most is not None and self._read > self._most:
            self.fault = (
                f"decompression was stopped: more than {self._most:,} bytes came out; "
                "this may be a decompression bomb"
            )
            return None
        return piece


def _size(file: BinaryIO) -> int:
    here = file.tell()
    size = file.seek(0, os.SEEK_END)
    file.seek(here)
    return size


def _plain(file: BinaryIO, head: bytes) -> Iterator[bytes]:
    while head:
        yield head
        head = file.read(CHUNK)


def _gunzip(file: BinaryIO, data: bytes) -> Iterator[bytes]:
    """Decompress all members of a file; zeros at the end are padding."""
    decoder = zlib.decompressobj(31)
    while data or (data := file.read(_COMPRESSED)):
        made = decoder.decompress(data, CHUNK)
        data = decoder.unconsumed_tail
        if made:
            yield made
        if not decoder.eof:
            continue
        data = decoder.unused_data
        if len(data) < len(_GZIP):
            data += file.read(_COMPRESSED)
        if data and not data.startswith(_GZIP):
            _check_padding(file, data)
            return
        decoder = zlib.decompressobj(31)
        if not data:
            return
    while made := decoder.decompress(b"", CHUNK):
        yield made
    if not decoder.eof:
        raise _TornError("the compressed data ends early")


def _check_padding(file: BinaryIO, data: bytes) -> None:
    while data:
        if data.strip(b"\0"):
            raise _TornError("what follows the compressed data is not compressed")
        data = file.read(_COMPRESSED)


def _unzstd(file: BinaryIO, data: bytes) -> Iterator[bytes]:
    """Decompress all frames of a file."""
    zstandard = import_zstandard()
    make = zstandard.ZstdDecompressor(max_window_size=_ZSTD_WINDOW)
    decoder = make.decompressobj()
    try:
        while data or (data := file.read(_ZSTD_COMPRESSED)):
            made = decoder.decompress(data)
            data = b""
            # What comes out of one piece can be megabytes; whoever asks for 64 KiB gets those.
            for at in range(0, len(made), CHUNK):
                yield made[at : at + CHUNK]
            if decoder.eof:
                data = decoder.unused_data or file.read(_ZSTD_COMPRESSED)
                decoder = make.decompressobj()
                if not data:
                    return
    except zstandard.ZstdError as error:
        raise _TornError(f"damaged zstd data ({error})") from None
    raise _TornError("the compressed data ends early")


def import_zstandard() -> Any:
    """Return the module `zstandard`.

    Raises:
        InputError: It is not installed; the message names the extra.
    """
    try:
        import zstandard
    except ImportError:
        raise InputError("zstd needs zstandard: pip install 'cleannews[zstd]'") from None
    return zstandard


class Line(NamedTuple):
    """A line without its end.

    Attributes:
        data: Its bytes; None where there are more than allowed.
        size: How many there are.
        sha256: Their hash, where `data` is None.
    """

    data: bytes | None
    size: int
    sha256: str | None = None


def read_lines(stream: Stream, *, longest: int) -> Iterator[Line]:
    r"""Yield the lines of a text in UTF-8, or in UTF-16 with a byte order mark, as UTF-8.

    Args:
        stream: The bytes; a mark at the beginning is left out.
        longest: Most bytes of a line. What is longer is passed over, not held.

    >>> import io
    >>> stream = Stream(io.BytesIO(b"\xef\xbb\xbfa\nbcd"), ReadLimits())
    >>> [line.data for line in read_lines(stream, longest=2)]
    [b'a', None]
    """
    held = _Held(longest)
    for chunk in _utf8(stream):
        *whole, tail = chunk.split(b"\n")
        for piece in whole:
            held.add(piece)
            yield held.take()
        held.add(tail)
    if held.size:
        yield held.take()


class _Held:
    """What was read of a line so far: its bytes, or their hash once there are too many."""

    def __init__(self, longest: int) -> None:
        self.longest = longest
        self._clear()

    def _clear(self) -> None:
        self.size = 0
        self.parts: list[bytes] = []
        self.hashed: Any = None

    def add(self, piece: bytes) -> None:
        self.size += len(piece)
        if self.hashed is None:
            self.parts.append(piece)
            if self.size > self.longest:
                self.hashed = hashlib.sha256(b"".join(self.parts))
                self.parts = []
        else:
            self.hashed.update(piece)

    def take(self) -> Line:
        if self.hashed is None:
            line = Line(b"".join(self.parts), self.size)
        else:
            line = Line(None, self.size, self.hashed.hexdigest())
        self._clear()
        return line


def _utf8(stream: Stream) -> Iterator[bytes]:
    head = stream.peek(3)
    decoder = None
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        # A half pair passes, and makes its own line unreadable instead of the file.
        decoder = codecs.getincrementaldecoder("utf-16")("surrogatepass")
    elif head == codecs.BOM_UTF8:
        stream.read(3)
    while chunk := stream.read():
        yield decoder.decode(chunk).encode("utf-8", "surrogatepass") if decoder else chunk
    if decoder and decoder.getstate()[0] and not stream.fault:
        stream.fault = "the text ends within a character"

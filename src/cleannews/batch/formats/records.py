"""What reading gives: documents, places that hold none, paths that were not read at all."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cleannews.columns import Fields, is_missing
from cleannews.errors import OptionError

_SHOWN = 8
"""Names of fields that a message lists."""


@dataclass(frozen=True, slots=True)
class Record:
    """One document as read.

    Attributes:
        number: Place in its source, from 0; the same in every run over the same bytes. Numbers go
            up, and may leave some out: an empty line has one too.
        id: The document's own name, as text.
        url: Address of the page.
        text: Flat text, or HTML that tells itself by its tags.
        html: HTML; counts before `text`.
        where: The place in words for people, counted from 1: ``news.jsonl:12``.
        charset: Encoding of `html` from outside the page, such as the HTTP header's.
    """

    number: int
    id: str | None
    url: str | None
    text: str | None
    html: str | bytes | None
    where: str
    charset: str | None = None


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A place that holds no document: a bad line, a torn end, a bomb.

    Attributes:
        number: Place in its source, as of a record.
        where: The place in words.
        reason: What is wrong there.
        sha256: Of the bytes at that place, where there are bytes to point at.
        id: Name of the document, where that much could be read.
    """

    number: int
    where: str
    reason: str
    sha256: str | None = None
    id: str | None = None


@dataclass(frozen=True, slots=True)
class Skipped:
    """A path that was not read at all, and why: a pipe, a device, a link out of the folder."""

    path: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadLimits:
    """How much is read. What lies beyond a limit is an `Unreadable` that names it.

    Attributes:
        ratio: Compressed data may grow by this factor, ...
        floor: ... or to this many bytes, whichever is more.
        record: Most bytes of one document with all its fields: a line, a row, a page.

    Raises:
        OptionError: A limit is not a whole number above 0.

    >>> ReadLimits().most(1_000_000)
    100000000
    """

    ratio: int = 100
    floor: int = 64 * 1024 * 1024
    record: int = 20_000_000

    def __post_init__(self) -> None:
        for name in ("ratio", "floor", "record"):
            value = getattr(self, name)
            if not isinstance(value, int) or isinstance(value, bool) or value < 1:
                raise OptionError(f"limit {name!r} takes a whole number above 0, not {value!r}")

    def most(self, compressed: int) -> int:
        """Return how many bytes may come out of so many compressed ones."""
        return max(self.ratio * compressed, self.floor)


def shown_name(name: str | os.PathLike[str]) -> str:
    r"""Return a path as text that every output can hold; bytes that are no UTF-8 become escapes.

    >>> shown_name(b"caf\xe9.html".decode("utf-8", "surrogateescape"))
    'caf\\xe9.html'
    """
    return os.fsencode(name).decode("utf-8", "backslashreplace")


def digest(data: bytes) -> str:
    """Return the SHA-256 of bytes in hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def record_of(
    values: Mapping[str, Any], fields: Fields, *, number: int, where: str, raw: bytes | None = None
) -> Record | Unreadable:
    """Make a record of the fields of a line or a row, whatever their values are.

    Args:
        values: The fields by their names.
        fields: Which of them are which.
        number: The place.
        where: The place in words.
        raw: Bytes of the place, which `Unreadable` gives the hash of.
    """
    name, url = _scalar(values.get(fields.id)), _scalar(values.get(fields.url))
    html, text = values.get(fields.html), values.get(fields.text)
    html = None if is_missing(html) else html
    text = None if is_missing(text) else text

    if html is None and text is None:
        reason = _without_text(values, fields)
    elif html is not None and not isinstance(html, (str, bytes)):
        reason = f"{fields.html!r} is no text but {type(html).__name__}"
    elif html is None and not isinstance(text, (str, bytes)):
        reason = f"{fields.text!r} is no text but {type(text).__name__}"
    elif html is None and isinstance(text, bytes):
        # A column of bytes is decoded as a page is; flat text in UTF-8 comes out as it is.
        return Record(number, name, url, None, text, where)
    else:
        return Record(number, name, url, text if isinstance(text, str) else None, html, where)
    return Unreadable(number, where, reason, None if raw is None else digest(raw), name)


def _scalar(value: object) -> str | None:
    """Return an id or an address as text; a list or an object is none."""
    if is_missing(value) or isinstance(value, (list, dict)):
        return None
    return value.decode("utf-8", "backslashreplace") if isinstance(value, bytes) else str(value)


def _without_text(values: Mapping[str, Any], fields: Fields) -> str:
    if fields.text in values or fields.html in values:
        return "no text"
    return without_fields(list(values), fields)


def without_fields(known: list[str], fields: Fields) -> str:
    """Say that there is neither a text nor a page, and what there is instead."""
    names = ", ".join(name[:40] for name in known[:_SHOWN]) or "none"
    more = f" and {len(known) - _SHOWN} more" if len(known) > _SHOWN else ""
    return f"no field {fields.text!r} or {fields.html!r}; the fields are: {names}{more}"

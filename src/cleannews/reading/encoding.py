"""The encoding of an HTML page's bytes, by the table of the WHATWG. Any bytes give a text."""

from __future__ import annotations

import codecs
import re
from typing import NamedTuple

from cleannews.errors import InputError
from cleannews.reading.charset import signature_of

_MARKS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16le"), (b"\xfe\xff", "utf-16be"))
# What the WHATWG means by these names is more than Python's codecs of the same name hold.
_CODECS = {
    "big5": "big5hkscs",
    "euc-kr": "cp949",
    "gbk": "gb18030",
    "iso-8859-8-i": "iso-8859-8",
    "macintosh": "mac-roman",
    "shift_jis": "cp932",
    "utf-16be": "utf-16-be",
    "utf-16le": "utf-16-le",
    "windows-874": "cp874",
    "x-mac-cyrillic": "mac-cyrillic",
}
# Encodings that a page cannot be in, or that nobody could read, when it says so in ASCII letters.
_IMPOSSIBLE = {
    "utf-16be": "utf-8",
    "utf-16le": "utf-8",
    "x-user-defined": "windows-1252",
    "replacement": None,
}

FEWEST_CONTROLS = 8
"""Control characters at the start that are taken for dirt, not for binary data."""
_HEAD = 4096
"""Bytes in which a page may say its encoding; browsers look at the first 1,024."""
_META = re.compile(rb"<!--.*?-->|<meta[\s/][^<>]{0,1000}", re.IGNORECASE | re.DOTALL)
_XML = re.compile(rb"\s*<\?xml\s[^<>]{0,200}?encoding\s{0,9}=\s{0,9}[\"']([\w.:-]{1,40})")
_CHARSET = re.compile(rb"charset\s{0,9}=\s{0,9}[\"']?\s{0,9}([\w.:-]{1,40})", re.IGNORECASE)
_TAG = re.compile(
    rb"<(?:!doctype|/?(?:html|head|body|p|div|span|meta|title|script|a|h[1-6]|br|table))[\s>/]",
    re.IGNORECASE,
)
_MULTIBYTE = re.compile(
    rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}"
)
# How Japanese text in seven bits changes to its own characters and back.
_ESCAPES = (b"\x1b$B", b"\x1b$@", b"\x1b(J", b"\x1b(I")
_CONTROLS = bytes([*range(9), 11, *range(14, 27), *range(28, 32)])


class Decoded(NamedTuple):
    """The text of a page's bytes.

    Attributes:
        text: The text.
        utf8: The same in UTF-8, where that was at hand.
        encoding: WHATWG name of the encoding.
        bad: Places that are not in this encoding; each is U+FFFD in the text.
    """

    text: str
    utf8: bytes | None
    encoding: str
    bad: int


def decode_html(data: bytes, *, charset: str | None = None) -> Decoded:
    r"""Return the text of an HTML page's bytes, whatever they are.

    Strict UTF-8 comes first, because what is valid UTF-8 is hardly ever anything else, whatever a
    page says of itself; then a byte order mark, `charset`, what the page says, windows-1252. Bytes
    that are UTF-8 but for a few are read as UTF-8 all the same.

    Args:
        data: The bytes.
        charset: Encoding from outside the page; a label that the WHATWG does not know is as none.

    Raises:
        InputError: The bytes are no text.

    Source:
        https://encoding.spec.whatwg.org/, and "prescan a byte stream" of the HTML standard.

    >>> decode_html(b"<meta charset=latin2><p>\xb9koda").text
    '<meta charset=latin2><p>škoda'
    """
    if what := signature_of(data):
        raise InputError(f"this is {what}, which is not read as HTML")
    for mark, marked in _MARKS:
        if data.startswith(mark):
            return _decoded(data[len(mark) :], marked)
    head = data[:_HEAD]
    if 0 in head and (wide := _unmarked_utf16(head)):
        return _decoded(data, wide)
    _refuse_binary(head)
    try:
        text = data.decode()
    except UnicodeDecodeError:
        return _decoded(data, _encoding_of(data, charset))
    if b"\x1b" in data and any(e in data for e in _ESCAPES):
        return _decoded(data, "iso-2022-jp")
    return Decoded(text, data, "utf-8", 0)


def _decoded(data: bytes, encoding: str) -> Decoded:
    if encoding == "utf-8":
        text = data.decode("utf-8", "replace")
        bad = text.count("\ufffd") - data.count(b"\xef\xbf\xbd")
        return Decoded(text, None if bad else data, encoding, bad)
    if encoding == "x-user-defined":
        encoding = "windows-1252"
    codec = codecs.lookup(_CODECS.get(encoding, encoding))
    text, _ = codec.decode(data, "replace")
    return Decoded(text, None, encoding, text.count("\ufffd"))


def _unmarked_utf16(head: bytes) -> str | None:
    """Return which UTF-16 it is when every other byte is mostly NUL and the rest mostly is not."""
    even, odd = head[::2].count(0), head[1::2].count(0)
    half = len(head) // 2
    if odd * 2 > half and even * 20 < half:
        return "utf-16le"
    if even * 2 > half and odd * 20 < half:
        return "utf-16be"
    return None


def _refuse_binary(head: bytes) -> None:
    """Raise when one byte in twenty is a control character and there is no tag."""
    controls = len(head) - len(head.translate(None, _CONTROLS))
    if controls > FEWEST_CONTROLS and controls * 20 > len(head) and not _TAG.search(head):
        raise InputError(
            f"this is binary data ({controls} control characters in the first {len(head)} bytes)"
        )


def _encoding_of(data: bytes, charset: str | None) -> str:
    """Return the WHATWG name of the encoding of bytes that are not all UTF-8."""
    said = _known(charset) or _said_in(data[:_HEAD])
    if said == "utf-8" or _is_nearly_utf8(data):
        return "utf-8"
    return said or "windows-1252"


def _known(label: str | None) -> str | None:
    if not label:
        return None
    import webencodings

    found = webencodings.lookup(label)
    name: str | None = found.name if found else None
    return _IMPOSSIBLE.get(name, name) if name else None


def _said_in(head: bytes) -> str | None:
    """Return the encoding that a page says it is in."""
    if (m := _XML.match(head)) and (known := _known(m[1].decode())):
        return known
    for tag in _META.finditer(head):
        m = None if tag[0].startswith(b"<!") else _CHARSET.search(tag[0])
        if m and (known := _known(m[1].decode())):
            return known
    return None


def _is_nearly_utf8(data: bytes) -> bool:
    """Tell whether of the characters that are not ASCII 19 in 20 are UTF-8, or all but the last."""
    bad = data.decode("utf-8", "replace").count("\ufffd") - data.count(b"\xef\xbf\xbd")
    good = len(_MULTIBYTE.findall(data))
    if bad == 1 and good:
        try:
            data[:-3].decode()
        except UnicodeDecodeError as error:
            return good >= 20 or error.end == len(data) - 3
        return True
    return good >= 20 * bad

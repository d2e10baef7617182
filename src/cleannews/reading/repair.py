"""Mending the source of a page that the parser would lose text of. Bytes in UTF-8 to the same.

Everything here takes one walk over the source, whatever it holds.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

RAW = (b"script", b"style", b"title", b"textarea", b"iframe", b"xmp", b"noframes", b"noembed")
"""Elements that hold text until their closing tag, whatever looks like a tag in between."""

_OPENING = re.compile(rb"<(?:!--|(%b)(?=[\s/>]))" % b"|".join(RAW), re.IGNORECASE)
_CLOSING = {name: re.compile(rb"</%b(?=[\s/>])" % name, re.IGNORECASE) for name in RAW}
_CLOSING[b""] = re.compile(rb"--!?>")  # of a comment
_COMMENT = re.compile(rb"<!--(?:[^<>]*>)?")
MOST_ATTRIBUTES = 2_000
"""Attributes of one tag that are read. libxml2 takes time by the square of their number: with 2,000
it is 6 ms, with 40,000 three seconds."""
_ATTRIBUTE = rb"[\s/]++[^\s/>=]++(?:\s*+=\s*+(?:\"[^\"]*+\"|'[^']*+'|[^\s>\"']++))?+"
# Attributes up to that number, and the last of them as a group.
_CROWDED = re.compile(
    rb"<[a-zA-Z][^\s/<>]*+(?:%b){0,%d}+(%b)?" % (_ATTRIBUTE, MOST_ATTRIBUTES - 1, _ATTRIBUTE)
)
# The last quotation mark of a page, if it opens the value of an attribute.
_OPEN_VALUE = re.compile(rb"<[a-zA-Z](?:[^<>\"']++|\"[^\"]*+\"|'[^']*+')*+[\"']$")
_BLOCKS = (
    rb"p|div|h[1-6]|article|section|main|header|footer|nav|aside|ul|ol|li|dl|dt|dd|table|tr|td|th"
    rb"|blockquote|figure|figcaption|form|pre|hr|br|body|html|address|center"
)
# Where page begins again: a tag of a block that does not stand inside a string of a script.
_PAGE = re.compile(rb"(?<=[\s>;}])</?(?:%b|head)(?=[\s>])" % _BLOCKS, re.IGNORECASE)
_TAG = re.compile(rb"<(/?)([a-zA-Z][a-zA-Z0-9:-]*)(?:[\s/][^<>]*)?>")
_BLOCK = re.compile(_BLOCKS, re.IGNORECASE)
# Tags that open no level, or that the next of their kind closes.
_FLAT = frozenset(
    b"area base br col embed hr img input link meta param source track wbr html head body".split()
)
_SELF_CLOSING = frozenset(b"p li dt dd td th tr tbody thead tfoot option colgroup".split())


def may_end_in_comment(data: bytes) -> bool:
    """Tell quickly whether the last comment lacks its end; True is no proof."""
    last = data.rfind(b"<!--")
    return last >= 0 and data.find(b"-->", last + 2) < 0 and data.find(b"--!>", last) < 0


def close_unclosed(data: bytes) -> tuple[bytes, list[str]]:
    """Close comments, scripts and the like that would swallow the rest of the page.

    An unclosed comment ends at its first ``>`` if that stands before any ``<``, else at once; an
    unclosed script where the tag of a block follows, an unclosed title at the next tag.

    Returns:
        The source, and what was done or could not be done, for people.

    >>> close_unclosed(b"<!-- menu <p>Snow fell.")
    (b' menu <p>Snow fell.', ['a comment is never closed; the text behind it was kept'])
    """
    out: list[bytes] = []
    said: list[str] = []
    unclosed: set[bytes] = set()  # names that no tag closes from here on
    at = done = 0
    while m := _OPENING.search(data, at):
        name = (m[1] or b"").lower()
        if name not in unclosed:
            end = _CLOSING[name].search(data, m.end() if name else m.start() + 2)
            if end:
                at = end.end()
                continue
        if not name:
            # As no comment ends behind this place, none that begins there does.
            out.append(data[done : m.start()])
            data = _COMMENT.sub(b"", data[m.start() :])
            at = done = 0
            said.append("a comment is never closed; the text behind it was kept")
            continue
        unclosed.add(name)
        again = data.find(b"<", m.end()) if name == b"title" else _page_after(data, m.end())
        if again < 0:
            said.append(f"<{name.decode()}> is never closed; nothing behind it was read")
            break
        out += [data[done:again], b"</" + name + b">"]
        said.append(f"<{name.decode()}> is never closed; the text behind it was kept")
        done = at = again
    out.append(data[done:])
    return b"".join(out), list(dict.fromkeys(said))


def close_value(data: bytes) -> tuple[bytes, bool]:
    """Close the value of an attribute that no quotation mark closes, at the next ``>``.

    Returns:
        The source, and whether there was such a value with more of the page behind it.

    >>> close_value(b'<p class="lead>Snow fell.</p>')
    (b'<p class="lead">Snow fell.</p>', True)
    """
    for mark in (b'"', b"'"):
        last = data.rfind(mark)
        if last < 1 or data[last - 1 : last] not in (b"=", b" "):
            continue
        end = data.find(b">", last)
        tag = data.rfind(b"<", max(0, last - 2000), last)
        if tag >= 0 and end >= 0 and _OPEN_VALUE.match(data, tag, last + 1):
            return data[:end] + mark + data[end:], True
    return data, False


def cut_attributes(data: bytes, gaps: Iterable[tuple[int, int]]) -> tuple[bytes, int]:
    """Leave out the attributes of a tag beyond the number that is read.

    Args:
        data: The source.
        gaps: Stretches of it without a ``>``, in order, that are long enough for such a tag.

    Returns:
        The source, and how many tags had too many.
    """
    out: list[bytes] = []
    done = 0
    for start, end in gaps:
        at = start
        while m := _CROWDED.search(data, at, end):
            if m[1]:
                out.append(data[done : m.end()])
                done = end
                break
            at = m.end()
    out.append(data[done:])
    return b"".join(out), len(out) - 1


def _page_after(data: bytes, at: int) -> int:
    m = _PAGE.search(data, at)
    return m.start() if m else -1


def flatten(data: bytes, depth: int) -> bytes:
    """Leave out the tags that would nest elements deeper than `depth`; their text stays."""
    level = skipped = 0
    most = max(1, depth // 4)  # what closes itself, such as table cells, is not counted

    def keep(m: re.Match[bytes]) -> bytes:
        nonlocal level, skipped
        name = m[2].lower()
        if name in _FLAT or (name in _SELF_CLOSING and level < most):
            return m[0]
        if not m[1]:
            if level >= most:
                skipped += name not in _SELF_CLOSING
                return b"<p>" if _BLOCK.fullmatch(name) else b" "
            level += 1
            return m[0]
        if skipped or name in _SELF_CLOSING:
            skipped -= name not in _SELF_CLOSING
            return b"<p>" if _BLOCK.fullmatch(name) else b" "
        level = max(0, level - 1)
        return m[0]

    return _TAG.sub(keep, data)


def strip_tags(data: bytes) -> bytes:
    """Leave text, and ``<p>`` where blocks began or ended: nothing that a parser gives up on."""
    pieces: list[bytes] = []
    at = 0
    while m := _OPENING.search(data, at):
        name = (m[1] or b"").lower()
        end = _CLOSING[name].search(data, m.end() if name else m.start() + 2)
        if end is None:
            break
        pieces.append(data[at : m.start()])
        at = end.end()
    pieces.append(data[at:])
    text = _TAG.sub(lambda m: b"<p>" if _BLOCK.fullmatch(m[2]) else b" ", b"".join(pieces))
    return re.sub(rb"<(?!p>)", b"&lt;", text)

"""HTML, as bytes or as a string, to a tree: the one safe parse. Only this module uses lxml.

libxml2 loses text without a word: what is nested deeper than its limit, what follows an unclosed
comment or script, what follows ``</html>``. Here each of these either keeps its text or gives a
warning that names what was lost. Looking for them costs next to nothing on ordinary pages: what is
slow runs only where a quick look saw a sign.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from lxml import etree

from cleannews.document import Warning_
from cleannews.errors import InputError
from cleannews.reading import repair
from cleannews.reading.charset import signature_of
from cleannews.reading.encoding import decode_html
from cleannews.reading.limits import DEFAULT, PARSER_DEPTH, Limits
from cleannews.reading.sniff import looks_like_html

__all__ = ["Tree", "looks_like_html", "parse_html", "walk"]

# Of the control characters, those that HTML knows as white space stay; those that stand for a break
# become one; the others go, as a tag's name or a word goes on behind them.
_TO_BREAKS = bytes.maketrans(b"\x0b\x1c\x1d\x1e\x1f", b"\n    ")
_CONTROLS = bytes([*range(9), *range(14, 28), 127])
SHORTEST_CROWDED = 65_536
"""Bytes of a page that may hold a tag with so many attributes that reading them takes a second."""
SHORTEST_GAP = 4 * repair.MOST_ATTRIBUTES
_OF_HEAD = frozenset(
    (
        "base",
        "basefont",
        "bgsound",
        "link",
        "meta",
        "noscript",
        "script",
        "style",
        "template",
        "title",
    )
)
_RAW = frozenset(name.decode() for name in repair.RAW)
# libxml2 goes through the texts itself, twice as fast as a loop over them.
_WHOLE_TEXT = etree.XPath("string()", smart_strings=False)
_TEXTS = etree.XPath("descendant::text()[normalize-space()]", smart_strings=False)
_LONG_TEXTS = etree.XPath("/html/body/descendant-or-self::*/text()[string-length() > $length]")


@dataclass(frozen=True, slots=True)
class Tree:
    """A parsed page.

    Attributes:
        root: The ``html`` element; None when there is nothing in the page.
        warnings: What was cut, repaired or replaced on the way.
        encoding: WHATWG name of the encoding the bytes were read in; None for a string.
    """

    root: etree._Element | None
    warnings: tuple[Warning_, ...] = ()
    encoding: str | None = None


def parse_html(
    source: str | bytes, *, limits: Limits = DEFAULT, charset: str | None = None
) -> Tree:
    r"""Return the tree of an HTML page. Any string and any bytes give a tree or an `InputError`.

    Args:
        source: The page. Bytes are decoded as UTF-8 if they are that, else by byte order mark,
            `charset`, ``<meta>`` and content, in this order.
        limits: How much is read.
        charset: Encoding from outside the page, such as the HTTP header's.

    Returns:
        The tree, without comments and processing instructions.

    Raises:
        InputError: The source is no HTML at all: a PDF, an image, an archive, binary data.

    >>> tree = parse_html(b"<p>Caf\xe9</p></html><p>closed", charset="latin1")
    >>> [p.text for p in tree.root.iter("p")], tree.encoding
    (['Café', 'closed'], 'windows-1252')
    """
    warnings: list[Warning_] = []
    encoding = None
    is_cut = False
    if isinstance(source, bytes):
        # No encoding needs more bytes for a character.
        source, is_cut = _cut_bytes(source, 4 * limits.characters)
        decoded = decode_html(source, charset=charset)
        encoding = decoded.encoding
        text, data = decoded.text, decoded.utf8
        if decoded.bad:
            warnings.append(_undecodable(decoded.bad, f"not {encoding}"))
    else:
        if what := signature_of(source[:16].encode("latin-1", "replace")):
            raise InputError(f"this is {what}, which is not read as HTML")
        text, data = source.lstrip("\ufeff"), None
    if len(text) > limits.characters:
        text, data, is_cut = text[: limits.characters], None, True
    if is_cut:
        warnings.append(_over("characters", limits.characters))
    if data is None:
        data, surrogates = _encode(text)
        if surrogates:
            warnings.append(_undecodable(surrogates, "a lone surrogate"))
    del text
    root = _parse_repaired(_mend(data, limits, warnings), limits, warnings)
    return Tree(root, tuple(warnings), encoding)


def _undecodable(count: int, what: str) -> Warning_:
    places = "1 place is" if count == 1 else f"{count:,} places are each"
    return Warning_("undecodable", f"{places} {what}; shown as U+FFFD")


def _over(name: str, most: int) -> Warning_:
    return Warning_("over_limit", f"limit {name!r} ({most:,}): the rest of the page was not read")


def _cut_bytes(data: bytes, most: int) -> tuple[bytes, bool]:
    """Return the first bytes, not cut within a character of UTF-8, and whether there were more."""
    if len(data) <= most:
        return data, False
    end = most
    while end > most - 3 and data[end] & 0xC0 == 0x80:
        end -= 1
    return data[:end], True


def _encode(text: str) -> tuple[bytes, int]:
    """Return a string as UTF-8, surrogate pairs joined, and how many lone surrogates it held."""
    try:
        return text.encode(), 0
    except UnicodeEncodeError:
        before = text.count("\ufffd")
        text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
        return text.encode(), text.count("\ufffd") - before


def _has_controls(data: bytes) -> bool:
    """Tell whether there is any control character but tab, line feed, form feed and return."""
    values = np.frombuffer(data, np.uint8)
    # Unsigned values below 14 wrap around, so that one comparison asks for 14 to 31.
    is_low = values.min() < 9 or (values - np.uint8(14)).min() < 18
    return bool(is_low) or 11 in data or 127 in data


def _place_of_tag(data: bytes, number: int) -> int:
    """Return where the tag with a number, from 0, begins; -1 when there are not so many."""
    places = np.flatnonzero(np.frombuffer(data, np.uint8) == ord("<"))
    return int(places[number]) if len(places) > number else -1


def _gaps(data: bytes) -> list[tuple[int, int]]:
    """Return the stretches without a ``>`` that are long enough for a tag with too many attributes.

    Nearly all of them are scripts.
    """
    found: list[tuple[int, int]] = []
    at, size = 0, len(data)
    while size - at > SHORTEST_GAP:
        # The last one in reach; what lies between is no gap.
        end = data.rfind(b">", at + 1, at + SHORTEST_GAP + 1)
        if end < 0:
            end = data.find(b">", at + SHORTEST_GAP + 1)
            end = size if end < 0 else end
            found.append((at, end))
        at = end
    return found


def _mend(data: bytes, limits: Limits, warnings: list[Warning_]) -> bytes:
    """Take out of a source what the parser cannot take."""
    if not data:
        return data
    if _has_controls(data):
        data = data.translate(_TO_BREAKS, _CONTROLS)
    if len(data) > limits.tags and (cut := _place_of_tag(data, limits.tags)) >= 0:
        warnings.append(_over("tags", limits.tags))
        data = data[:cut]
    if len(data) > SHORTEST_CROWDED and (gaps := _gaps(data)):
        data, tags = repair.cut_attributes(data, gaps)
        if tags:
            detail = f"{tags} {'tag has' if tags == 1 else 'tags have'} more than"
            detail += f" {repair.MOST_ATTRIBUTES:,} attributes; those beyond were not read"
            warnings.append(Warning_("over_limit", detail))
    data, was_open = repair.close_value(data)
    if was_open:
        said = "the value of an attribute is never closed; the text behind it was kept"
        warnings.append(Warning_("unclosed_markup", said))
    return data


def _parse_repaired(data: bytes, limits: Limits, warnings: list[Warning_]) -> etree._Element | None:
    """Parse; where the parser lost something, mend the source and parse again."""
    root, is_cut = _parse(data)
    if repair.may_end_in_comment(data) or (root is not None and _may_end_raw(root, data)):
        mended, said = repair.close_unclosed(data)
        warnings += [Warning_("unclosed_markup", what) for what in said]
        if mended != data:
            data = mended
            root, is_cut = _parse(data)
    if is_cut or (limits.depth < PARSER_DEPTH and root is not None and _is_deep(root, limits)):
        detail = f"limit 'depth' ({limits.depth:,}): what is nested deeper lost its tags"
        warnings.append(Warning_("over_limit", detail))
        root, is_cut = _parse(repair.flatten(data, limits.depth))
        if is_cut:
            root, _ = _parse(repair.strip_tags(data))
    if root is not None and root.getnext() is not None:
        _adopt_siblings(root)
    if root is not None:
        _empty_head(root)
    return root


def _parse(data: bytes) -> tuple[etree._Element | None, bool]:
    """Return the root element, if any, and whether the parser gave up before the end."""
    # A parser of its own for every page: parsers keep their error log and the ids they saw.
    parser = etree.HTMLParser(
        encoding="utf-8",
        huge_tree=True,
        collect_ids=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError:  # nothing in it
        root = None
    last = parser.error_log.last_error
    return root, last is not None and last.type == etree.ErrorTypes.ERR_RESOURCE_LIMIT


def _may_end_raw(root: etree._Element, data: bytes) -> bool:
    """Tell whether the page may end inside a script or the like that is never closed."""
    node = root
    while node.getnext() is not None:
        node = node.getnext()
    while len(node) and not node.tail:
        node = node[-1]
    if node.tail or node.tag not in _RAW or not node.text:
        return False
    name, tail = node.tag.encode(), data[-300:].lower()
    return tail.rfind(b"</" + name) <= tail.rfind(b"<" + name)  # neither, or the opening one last


def _is_deep(root: etree._Element, limits: Limits) -> bool:
    depth = 0
    for event, _ in etree.iterwalk(root, events=("start", "end")):
        depth += 1 if event == "start" else -1
        if depth > limits.depth:
            return True
    return False


def _adopt_siblings(root: etree._Element) -> None:
    """Put what stands behind the root into its body, as divisions: what follows ``</html>``."""
    body = root.find("body")
    if body is None:
        body = etree.SubElement(root, "body")
    while (other := root.getnext()) is not None:
        body.append(other)
        if other.tag == "html":
            other.tag = "div"
            for part in other.findall("head") + other.findall("body"):
                part.tag = "div"
                for title in part.findall("title"):
                    part.remove(title)


def _empty_head(root: etree._Element) -> None:
    """Move into the body what the parser left in the head: new elements without a body.

    As in browsers, the first element that cannot be in a head ends it.
    """
    head = root.find("head")
    if head is None:
        return
    first = next((i for i, e in enumerate(head) if e.tag not in _OF_HEAD), len(head))
    if misplaced := head[first:]:
        body = root.find("body")
        if body is None:
            body = etree.SubElement(root, "body")
        text, body.text = body.text, None
        body[:0] = misplaced
        misplaced[-1].tail = (misplaced[-1].tail or "") + (text or "")


def long_texts(root: etree._Element, length: int) -> list[etree._ElementUnicodeResult]:
    """Return the texts of a page's body that are longer than `length`; each knows its element."""
    found: list[etree._ElementUnicodeResult] = _LONG_TEXTS(root, length=length)
    return found


def texts_of(element: etree._Element, *, as_one: bool) -> list[str]:
    """Return the texts in an element that are more than white space; or all of them as one."""
    found: list[str] = [_WHOLE_TEXT(element)] if as_one else _TEXTS(element)
    return found


def take_out(root: etree._Element, tags: Iterable[str]) -> None:
    """Take elements out of a tree; the text behind them stays."""
    etree.strip_elements(root, *tags, with_tail=False)


def walk(root: etree._Element) -> etree.iterwalk:
    """Return the events of a walk: each element at its start and at its end, without recursion."""
    return etree.iterwalk(root, events=("start", "end"))

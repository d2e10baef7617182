"""HTML, as bytes or as a string, to a tree: the one safe parse. Only this module uses lxml.

libxml2 loses text without a word: what is nested deeper than its limit, what follows an unclosed
comment or script, what follows ``</html>``. Here each of these either keeps its text or gives a
warning that names what was lost. Looking for them costs next to nothing on ordinary pages: what is
slow runs only where a quick look saw a sign.
"""

from __future__ import annotations

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

__all__ = ["Tree", "looks_like_html", "parse_html"]

# Of the control characters, those that HTML knows as white space stay; those that stand for a break
# become one; the others go, as a tag's name or a word goes on behind them.
_TO_BREAKS = bytes.maketrans(b"\x0b\x1c\x1d\x1e\x1f", b"\n    ")
_CONTROLS = bytes([*range(9), *range(14, 28), 127])
_RAW = frozenset(name.decode() for name in repair.RAW)


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
    if isinstance(source, bytes):
        most = 4 * limits.characters  # no encoding needs more bytes for a character
        if len(source) > most:
            warnings.append(_over("characters", limits.characters, len(source) - most))
            source = source[:most]
        decoded = decode_html(source, charset=charset)
        encoding = decoded.encoding
        text, data = decoded.text, decoded.utf8
        if decoded.bad:
            warnings.append(_undecodable(f"{decoded.bad} places are not {encoding}"))
    else:
        if what := signature_of(source[:16].encode("latin-1", "replace")):
            raise InputError(f"this is {what}, which is not read as HTML")
        text, data = source, None
    if len(text) > limits.characters:
        warnings.append(_over("characters", limits.characters, len(text) - limits.characters))
        text, data = text[: limits.characters], None
    if data is None:
        data, surrogates = _encode(text)
        if surrogates:
            warnings.append(_undecodable(f"{surrogates} lone surrogates"))
    del text
    if _has_controls(data):
        data = data.translate(_TO_BREAKS, _CONTROLS)
    if len(data) > limits.tags and (cut := _place_of_tag(data, limits.tags)) >= 0:
        warnings.append(_over("tags", limits.tags, len(data) - cut))
        data = data[:cut]
    root = _parse_repaired(data, limits, warnings)
    return Tree(root, tuple(warnings), encoding)


def _undecodable(what: str) -> Warning_:
    return Warning_("undecodable", f"{what}; shown as U+FFFD")


def _over(name: str, most: int, rest: int) -> Warning_:
    return Warning_("over_limit", f"limit {name!r} ({most:,}): the last {rest:,} were not read")


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
    return bool((values < 9).any() or (values - np.uint8(14) < 18).any() or 11 in data)


def _place_of_tag(data: bytes, number: int) -> int:
    """Return where the tag with a number, from 0, begins; -1 when there are not so many."""
    places = np.flatnonzero(np.frombuffer(data, np.uint8) == ord("<"))
    return int(places[number]) if len(places) > number else -1


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
    return b"</" + node.tag.encode() not in data[-300:].lower()


def _is_deep(root: etree._Element, limits: Limits) -> bool:
    depth = 0
    for event, _ in etree.iterwalk(root, events=("start", "end")):
        depth += 1 if event == "start" else -1
        if depth > limits.depth:
            return True
    return False


def _adopt_siblings(root: etree._Element) -> None:
    """Put what stands outside the root into its body: what follows ``</html>``."""
    body = root.find("body")
    if body is None:
        body = etree.SubElement(root, "body")
    while (other := root.getnext()) is not None:
        inner = list(other) if other.tag == "html" else []
        _append_text(body, other.text if inner or other.tag == "html" else None)
        for child in inner:
            if child.tag not in ("head", "body"):
                body.append(child)
                continue
            _append_text(body, child.text)
            for grandchild in list(child):
                if grandchild.tag != "title":
                    body.append(grandchild)
            _append_text(body, child.tail)
        body.append(other)
        if other.tag == "html":
            body.remove(other)


def _append_text(body: etree._Element, text: str | None) -> None:
    if not text:
        return
    if len(body):
        body[-1].tail = (body[-1].tail or "") + text
    else:
        body.text = (body.text or "") + text

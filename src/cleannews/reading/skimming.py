"""The quick look at a page's tree: a few pieces, each of which is part of the story or is not.

Long texts show where a page's prose is. The elements around them are opened; of what is in these,
each paragraph is a piece, and so is each element without any long text, a menu or a heading,
however much else there is in it. Most of a page is never walked through.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from cleannews.reading.html import long_texts, take_out, texts_of
from cleannews.reading.rendering import HOLDS, SKIPS, UNSHOWN, what_does

if TYPE_CHECKING:
    from lxml import etree

LONG, LONG_UNSPACED = 80, 25
"""Length, in code points, from which on a text is prose; of scripts without spaces."""
_UNSPACED_MARKS = ("。", "，")
NO_TEXT = UNSHOWN - {"head", "title", "frameset", "noframes"}
"""Elements that are taken out of the body before the look."""
HEADINGS = {"h1": 1, "h2": 2, "h3": 3, "h4": 4}
COUNTED = ("a", "img", "picture", "figure", *HEADINGS)
"""Elements in a piece that tell of it."""


class Piece(NamedTuple):
    """A part of a page that stays or goes as a whole.

    Attributes:
        node: Index of its element; of a run of text among other pieces, of the element around.
        is_run: Whether it is such a run.
        lines: Its texts, white space folded.
        is_prose: It holds a long text.
        links: Number of its links.
        linked: Characters in them.
        heading: Level of its first heading, from 1; 0 without any.
        pictures: Number of its pictures.
    """

    node: int
    is_run: bool
    lines: list[str]
    is_prose: bool
    links: int
    linked: int
    heading: int
    pictures: int


@dataclass(slots=True)
class Skim:
    """What the quick look saw, elements and pieces in order.

    Attributes:
        elements: The elements that were opened and what stands in them.
        parents: Index of the element around each; -1 for the body.
        tags: Names of the elements.
        names: ``class`` and ``id`` of each, as one string.
        pieces: The pieces.
    """

    elements: list[etree._Element] = field(default_factory=list)
    parents: list[int] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    pieces: list[Piece] = field(default_factory=list)

    def add(self, element: etree._Element, parent: int) -> int:
        """Add an element and return its index."""
        name, own_id = element.get("class") or "", element.get("id")
        self.elements.append(element)
        self.parents.append(parent)
        self.tags.append(element.tag)
        self.names.append(f"{name} {own_id}" if own_id else name)
        return len(self.parents) - 1


def length_of_prose(source: str) -> int:
    """Return the length from which on a text of a page is prose."""
    return LONG_UNSPACED if any(mark in source for mark in _UNSPACED_MARKS) else LONG


def skim(root: etree._Element, length: int = LONG) -> Skim:
    """Return the pieces of a page; what shows no text is taken out of its tree.

    Args:
        root: The page's tree.
        length: From which length on a text is prose.

    >>> from cleannews.reading.html import parse_html
    >>> page = "<div><ul><li>Home<li>News</ul><div><h1>Old bridge</h1><p>It will close.</div></div>"
    >>> [piece.lines for piece in skim(parse_html(page).root, 12).pieces]
    [['Home', 'News'], ['Old bridge'], ['It will close.']]
    """
    seen = Skim()
    body = root.find("body")
    if body is None:
        return seen
    take_out(body, NO_TEXT)
    around = _around_prose(root, length)
    waiting = [(iter(body), seen.add(body, -1))]
    run: list[str | etree._Element] = _text(body.text)
    while waiting:
        children, parent = waiting[-1]
        for element in children:
            does, is_prose = what_does(element.tag), element in around
            is_open = is_prose and len(element) > 0 and _has_parts(element, around)
            if not does & HOLDS and not is_open:
                if not does & SKIPS:
                    run.append(element)
            else:
                if run:
                    _end(run, parent, seen, length)
                    run = []
                node = seen.add(element, parent)
                if is_open:
                    run = _text(element.text)
                    waiting.append((iter(element), node))
                    break
                if lines := _lines(element, is_one=is_prose):
                    seen.pieces.append(_piece(node, lines, (element,), is_prose=is_prose))
            run += _text(element.tail)
        else:
            if run:
                _end(run, parent, seen, length)
            waiting.pop()
            run = _text(seen.elements[parent].tail) if waiting else []
    return seen


def _text(text: str | None) -> list[str | etree._Element]:
    return [text] if text and not text.isspace() else []


def _around_prose(root: etree._Element, length: int) -> set[etree._Element]:
    """Return the elements around long texts."""
    around: set[etree._Element] = set()
    for text in long_texts(root, length):
        if text.isspace():
            continue
        element = text.getparent()
        if text.is_tail and element is not None:
            element = element.getparent()
        while element is not None and element not in around:
            around.add(element)
            element = element.getparent()
    return around


def _has_parts(element: etree._Element, around: set[etree._Element]) -> bool:
    """Tell whether long texts stand in elements within this one that begin and end lines."""
    return any(what_does(child.tag) & HOLDS and child in around for child in element)


def _lines(element: etree._Element, *, is_one: bool) -> list[str]:
    """Return the texts of an element, white space folded; as one line where it is one."""
    lines = [" ".join(text.split()) for text in texts_of(element, as_one=is_one)]
    return [line for line in lines if line]


def _end(run: list[str | etree._Element], node: int, seen: Skim, length: int) -> None:
    """Make a piece of a run of texts and elements that stand in a line."""
    elements = [part for part in run if not isinstance(part, str)]
    texts = [
        part if isinstance(part, str) else "\n" if part.tag == "br" else "".join(part.itertext())
        for part in run
    ]
    text = " ".join("".join(texts).split())
    if text:
        is_prose = len(text) > length
        seen.pieces.append(_piece(node, [text], elements, is_prose=is_prose, is_run=True))


def _piece(
    node: int,
    lines: list[str],
    elements: Iterable[etree._Element],
    *,
    is_prose: bool,
    is_run: bool = False,
) -> Piece:
    """Return a piece with what there is in it."""
    links = linked = heading = pictures = 0
    for element in elements:
        for found in element.iter(*COUNTED):
            tag = found.tag
            if tag == "a":
                links += 1
                linked += len("".join(found.itertext()) if len(found) else found.text or "")
            elif tag in HEADINGS:
                heading = heading or HEADINGS[tag]
            else:
                pictures += 1
    return Piece(node, is_run, lines, is_prose, links, linked, heading, pictures)

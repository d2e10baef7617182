"""What one pass over a page's tree finds: lines, marked elements, tags of the head, scripts.

Only the element interface of the tree is used (``tag``, ``text``, ``tail``, ``get``, children), so
that nothing here knows which parser made it. The walk keeps its own stack; depth costs nothing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from cleannews.metadata.places import (
    AUTHOR,
    CAPTION,
    DATE,
    FAR,
    HEAD,
    INLINE,
    SILENT,
    TAG_MARKS,
    inherited_marks,
    leads_to_person,
    own_marks,
)  # fmt: skip

_SPOT_PROPS = re.compile(
    r"\b(?:author|creator|headline|name|datePublished|dateCreated|dateModified|datepublished"
    r"|datemodified|editor|publisher|copyrightHolder|articleSection|dateline|contributor)\b"
)
_SCRIPTED = re.compile(
    r"\"(?:datePublished|date_?[pP]ublished|published_?[aA]t|publish_?[dD]ate|publication_?[dD]ate|pubDate|pub_date"
    r"|first_?[pP]ublish(?:ed)?(?:_?[aA]t|_?[dD]ate)?|published(?:Date|Time|_time|_date|On|_on)|displayDate|publishTime)"
    r"\"\s{0,3}:\s{0,3}\"([^\"]{8,40})\""
)
MOST_ELEMENTS = 200_000
"""Elements of a page that are looked at; what stands behind is not read for metadata."""
MOST_METAS, MOST_LINKS, MOST_SCRIPTS, MOST_HEADINGS, MOST_SCRIPTED = 400, 200, 50, 5, 6
"""Elements of a kind that are kept."""
_SPECIAL = frozenset(["meta", "link", "title", "base", "br", "hr", "img"])
_TELLING_TAGS = frozenset(["a", "time", "amp-timeago", "relative-time", "address", "cite"])
_TIMES = frozenset(["time", "amp-timeago", "relative-time"])
MOST_SPOTS = 1000
"""Marked elements that are kept."""
MOST_SPOT = 300
"""Code points of a marked element's text that are kept."""


class Line(NamedTuple):
    """A line as a reader sees it.

    Attributes:
        text: Its words, white space collapsed.
        tag: Name of the block element around it.
        marks: Marks of its place.
        links: Share, 0..1, of its characters that are link text.
    """

    text: str
    tag: str
    marks: int
    links: float


class Spot(NamedTuple):
    """An element that says what it holds.

    Attributes:
        kind: ``time``, ``rel``, ``prop`` or ``class``.
        name: The property's or relation's name, else the element's marks in words.
        text: Its text, white space collapsed.
        value: What its attributes say in machine form: ``datetime``, ``content``, ``title``.
        line: Index of the line it stands in.
        marks: Marks of its place, its own among them.
        scope: Type of the item around it (microdata), else empty.
        href: Where it links to.
    """

    kind: str
    name: str
    text: str
    value: str
    line: int
    marks: int
    scope: str
    href: str


@dataclass(slots=True)
class Seen:
    """Everything one pass collects.

    Attributes:
        lines: Lines in order.
        spots: Elements that say what they hold, in the order in which they end.
        metas: Name (lower case) and content of the head's tags, in order.
        links: Relation and target of ``<link>`` elements.
        scripts: Contents of JSON-LD scripts.
        title: Content of the first ``<title>``.
        language: ``lang`` of the root.
        anchors: Text, target and line of links that may name a source.
        base: Target of ``<base>``.
        is_flat: It is a flat text: there are lines and nothing else.
        scripted: Dates of publication in the data of other scripts.
        headings: Parts of first-level headings that are made of several elements.
    """

    lines: list[Line] = field(default_factory=list)
    spots: list[Spot] = field(default_factory=list)
    metas: list[tuple[str, str]] = field(default_factory=list)
    links: list[tuple[str, str]] = field(default_factory=list)
    scripts: list[str] = field(default_factory=list)
    title: str = ""
    language: str = ""
    anchors: list[tuple[str, str, int]] = field(default_factory=list)
    base: str = ""
    is_flat: bool = False
    scripted: list[str] = field(default_factory=list)
    headings: list[tuple[str, ...]] = field(default_factory=list)


class _Walk:
    """The pass itself: a stack of open elements and of the text since the last line break."""

    def __init__(self, root: Any) -> None:
        self.seen = Seen()
        self.pieces: list[str] = []  # text of the line so far
        self.linked = 0
        self.tag = "body"
        self.marks = 0
        self.root = root
        self.texts: list[str] = []  # all text of the page, for the text of marked elements

    def run(self) -> Seen:
        """Walk the tree in document order."""
        # An entry is an element to open (five values) or one to close (eight).
        stack: list[Any] = [(self.root, 0, "body", "", False)]
        count = 0
        while stack:
            entry = stack.pop()
            if len(entry) == 5:
                count += 1
                if count > MOST_ELEMENTS:
                    break
                self._open(entry, stack)
            else:
                self._close(entry)
        self._flush()
        return self.seen

    def _open(self, entry: Any, stack: list[Any]) -> None:
        element, marks, block, scope, in_link = entry
        tag = element.tag
        if not isinstance(tag, str):  # a comment or a processing instruction
            self._add(element.tail, in_link)
            return
        if tag == "html":
            self._language(element.get)
        elif (tag in SILENT or tag in _SPECIAL) and self._special(element, tag, stack, entry):
            return
        own, spot, attributes = 0, None, element.items()
        if attributes:
            get = dict(attributes).get
            own = own_marks(tag, get)
            if own & (AUTHOR | DATE) or tag in _TELLING_TAGS or get("itemprop") or get("rel"):
                spot = self._spot_start(tag, own, get, scope)
            if get("itemtype"):
                scope = _scope(get, scope)
        else:
            own = TAG_MARKS.get(tag, 0)
        is_block = tag not in INLINE
        around = (self.tag, self.marks)
        inherited = inherited_marks(tag, marks, own)
        if is_block:
            if self.pieces:
                self._flush()
            self.tag, self.marks, block = tag, inherited, tag
            if tag == "h1":
                self._heading(element)
        elif not self.pieces:
            self.marks |= inherited
        link = in_link or tag == "a"
        stack.append((element, is_block, around, spot, len(self.texts), inherited, in_link, tag))
        self._add(element.text, link)
        children = element[:]
        if children:
            children.reverse()
            stack.extend([(child, inherited, block, scope, link) for child in children])

    def _language(self, get: Any) -> None:
        told = get("lang") or get("{http://www.w3.org/XML/1998/namespace}lang") or ""
        self.seen.language = self.seen.language or told

    def _heading(self, element: Any) -> None:
        if len(self.seen.headings) < MOST_HEADINGS:
            parts = tuple(t for p in element.itertext() if (t := " ".join(p.split())))
            if 1 < len(parts) < 8:
                self.seen.headings.append(parts)

    def _close(self, entry: Any) -> None:
        element, is_block, around, spot, start, marks, in_link, tag = entry
        if spot is not None and len(self.seen.spots) < MOST_SPOTS:
            text = " ".join("".join(self.texts[start : start + 60]).split())[:MOST_SPOT]
            kind, name, value, scope, href = spot
            self.seen.spots.append(
                Spot(kind, name, text, value, len(self.seen.lines), marks, scope, href)
            )
        if tag == "a" and (href := element.get("href")):
            text = " ".join("".join(self.texts[start : start + 20]).split())[:120]
            if text:
                self.seen.anchors.append((text, href[:500], len(self.seen.lines)))
        if is_block:
            if self.pieces:
                self._flush()
            self.tag, self.marks = around
        self._add(element.tail, in_link)

    def _special(self, element: Any, tag: str, stack: list[Any], entry: Any) -> bool:
        """Read an element that shows nothing; tell that it is done with."""
        seen, get = self.seen, element.get
        if tag == "meta":
            self._meta(get, entry)
        elif tag == "link":
            rel = (get("rel") or get("itemprop") or "").lower()
            if (href := get("href")) and len(seen.links) < MOST_LINKS:
                seen.links.append((rel, href.strip()[:500]))
        elif tag == "base":
            seen.base = seen.base or (get("href") or "")
        elif tag == "title":
            seen.title = seen.title or " ".join("".join(element.itertext()).split())[:500]
        elif tag == "script":
            self._script(element.text or "", get("type") or "")
        elif tag in ("br", "hr"):
            self._flush()
        if tag in ("meta", "link", "base") and len(element):
            # Old pages leave these open, and the rest of the page hangs inside.
            self._add(element.text, entry[4])
            stack.extend([(c, *entry[1:]) for c in reversed(element[:])])
        self._add(element.tail, entry[4])
        return True

    def _meta(self, get: Any, entry: Any) -> None:
        name = get("property") or get("name") or get("itemprop") or get("http-equiv")
        content = get("content") or get("value")
        if not name or not content:
            return
        if len(self.seen.metas) < MOST_METAS:
            self.seen.metas.append((name.strip().lower()[:80], content.strip()[:1000]))
        if prop := get("itemprop"):
            value = content.strip()[:MOST_SPOT]
            here = len(self.seen.lines)
            self.seen.spots.append(Spot("prop", prop, "", value, here, entry[1], entry[3], ""))

    def _script(self, text: str, kind: str) -> None:
        seen = self.seen
        if "ld+json" in kind:
            if len(seen.scripts) < MOST_SCRIPTS:
                seen.scripts.append(text)
        elif len(seen.scripted) < MOST_SCRIPTED and "ublish" in text:
            seen.scripted += _scripted_dates(text)

    def _spot_start(self, tag: str, own: int, get: Any, scope: str) -> Any:
        """Tell what an element says it holds: kind, name, value, scope, target; else None."""
        href = get("href", "")[:500] if tag == "a" else ""
        value = get("datetime") or get("content") or ""
        if (prop := get("itemprop")) and _SPOT_PROPS.search(prop):
            value = value or (get("title", "") if "date" in prop else "")
            return ("prop", prop, value, scope, href)
        if tag in _TIMES:
            named = (own & DATE and get("class", "")) or ""
            kind = "pubdate" if get("pubdate") is not None else named
            return ("time", str(kind)[:80], value, scope, href)
        if (rel := get("rel")) and "author" in rel.split():
            return ("rel", "author", get("title", "")[:80] if tag != "a" else "", scope, href)
        if own & (AUTHOR | DATE):
            value = get("datetime") or get("title") or get("data-date") or ""
            return ("class", (get("class") or get("id") or "")[:80], value, scope, href)
        if tag in ("address", "cite"):
            return ("class", tag, "", scope, href)
        if href and leads_to_person(href):
            return ("href", "author", "", scope, href)
        return None

    def _add(self, text: str | None, in_link: bool) -> None:
        if text:
            self.pieces.append(text)
            self.texts.append(text)
            if in_link:
                self.linked += len(text)

    def _flush(self) -> None:
        if self.pieces:
            text = " ".join("".join(self.pieces).split())
            if text:
                links = min(1.0, self.linked / len(text))
                self.seen.lines.append(Line(text, self.tag, self.marks, links))
            self.pieces, self.linked = [], 0
            self.texts.append("\n")


def _scripted_dates(script: str) -> list[str]:
    """Return what a script's data states as dates of publication, at most three."""
    found: list[str] = []
    at = script.find("ublish")
    for _ in range(60):
        if at < 0 or len(found) >= 3:
            break
        if m := _SCRIPTED.search(script, max(0, at - 14), at + 90):
            found.append(m[1])
        at = script.find("ublish", at + 60)
    return found


def _scope(get: Any, scope: str) -> str:
    """Return the microdata item that holds inside an element, led by its property."""
    kind = get("itemtype")
    if not kind or get("itemscope") is None:
        return scope
    scope = kind.rsplit("/", 1)[-1][:40]
    prop = get("itemprop")
    return f"{prop}.{scope}" if prop and prop not in ("mainEntity", "mainEntityOfPage") else scope


def look(root: Any) -> Seen:
    """Return what one pass over a tree finds.

    Args:
        root: Root element of a parsed page.
    """
    return _Walk(root).run()


HEAD_BEFORE, HEAD_AFTER, TAIL, CAPTIONS = 4, 10, 8, 6
"""Lines around the first heading, at the end of the page and under pictures that tell something."""
LONGEST_LINE, SHORT_LINE = 400, 160
"""Code points of a line that are kept, and of one that may be a credit as a whole."""


def telling_lines(seen: Seen) -> list[str]:
    """Return the lines in which a byline, a credit or a source may stand, in order.

    Those around the first heading, the captions, and the last lines that are not the site's own.
    """
    lines = seen.lines
    heads = [i for i, line in enumerate(lines) if line.tag == "h1" and not line.marks & HEAD]
    first = heads[0] if heads else next((i for i, ln in enumerate(lines) if ln.tag == "h1"), 0)
    chosen = set(range(max(0, first - HEAD_BEFORE), min(len(lines), first + HEAD_AFTER)))
    story = [i for i, line in enumerate(lines) if line.tag == "p" and not line.marks & FAR]
    last = story[-1] if story else len(lines) - 1
    chosen.update(range(max(0, last - TAIL), min(len(lines), last + 6)))
    captions = [i for i, line in enumerate(lines) if line.marks & CAPTION and not line.marks & FAR]
    chosen.update(captions[:CAPTIONS])
    told = [lines[i].text[:LONGEST_LINE] for i in sorted(chosen)]
    return [t for t in told if len(t) <= SHORT_LINE or "(" in t[:80] or t[-1] in ")]"]

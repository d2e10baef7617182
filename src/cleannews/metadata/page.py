"""What one pass over a page's tree finds: lines, marked elements, tags of the head, scripts.

The pass is the same iterative walk that the page's text is rendered by; depth costs nothing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, NamedTuple

from cleannews.metadata.places import (
    ASIDE,
    AUTHOR,
    CAPTION,
    DATE,
    FAR,
    HEAD,
    INHERITED,
    INLINE,
    RESETTING,
    SILENT,
    TAG_MARKS,
    inherited_marks,
    is_aside,
    leads_to_person,
    marks_of,
)
from cleannews.reading.html import walk

_SPOT_PROPS = re.compile(
    r"\b(?:author|creator|headline|name|datePublished|dateCreated|dateModified|datepublished"
    r"|datemodified|editor|publisher|copyrightHolder|articleSection|dateline|contributor)\b"
)
_SCRIPTED = re.compile(
    r"(?<![A-Za-z_-])(?:(?:article|page|content|post|news|story|first|original|dc|date)[_.-]?)?"
    r"(?:date_?published|published(?:_?(?:at|date|time|on))?|publish_?(?:date|time|ed_?date)|publication_?(?:date|time))"
    r"[\"']?\s{0,3}[:=]\s{0,3}[\"']([^\"']{8,40})[\"']",
    re.IGNORECASE,
)
MOST_STATEMENTS, MOST_OF_SCRIPT = 60, 3
"""Places of a script that are looked at, and dates of it that are kept."""
_PUBLISHED = re.compile("ubli(?:sh|cat)")
"""What a script's statement of a date of publication holds, for speed."""
MOST_ELEMENTS = 200_000
"""Elements of a page that are looked at; what stands behind is not read for metadata."""
MOST_METAS, MOST_LINKS, MOST_SCRIPTS, MOST_HEADINGS, MOST_SCRIPTED = 400, 200, 50, 5, 6
"""Elements of a kind that are kept."""
_TELLING_KEYS = frozenset(["role", "hidden", "itemprop", "rel", "itemtype"])
_TIMES = frozenset(["time", "amp-timeago", "relative-time"])
_IS_APART, _IS_READ, _ENDS_LINE, _IS_INLINE, _IS_RESETTING, _IS_LINK, _TELLS = (
    1 << i for i in range(16, 23)
)
"""What an element is: it shows no text itself, is read for what it says instead, ends a line;
breaks none, ends marks of places around it, is a link, tells something even without a mark."""
_READ = frozenset(["meta", "link", "title", "base", "script"])
_TAGS_BY_KIND = (
    (_IS_APART, SILENT | _READ | {"br", "hr", "img"}),
    (_IS_READ, _READ),
    (_ENDS_LINE, frozenset(["br", "hr"])),
    (_IS_INLINE, INLINE),
    (_IS_RESETTING, RESETTING),
    (_IS_LINK, frozenset(["a"])),
    (_TELLS, _TIMES | {"address", "cite"}),
)
_MARKS = _IS_APART - 1
_KINDS = {
    tag: TAG_MARKS.get(tag, 0) | sum(kind for kind, tags in _TAGS_BY_KIND if tag in tags)
    for tag in TAG_MARKS.keys() | frozenset().union(*(tags for _, tags in _TAGS_BY_KIND))
}
"""What an element is and what it marks its place as, asked at once."""
MOST_SPOTS = 1000
"""Marked elements that are kept."""
MOST_SPOT = 300
"""Code points of a marked element's text that are kept."""
MOST_PIECES, MOST_ANCHOR = 20, 120
"""Pieces of a link's text that are looked at, and code points of it."""
_make = tuple.__new__  # half the cost of Line(...), and there are many


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


class Anchor(NamedTuple):
    """A link: its target, the line it ends in, and where its text begins and ends in pieces."""

    href: str
    line: int
    start: int
    end: int


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
        anchors: Links in the order in which they end.
        texts: All text of the page in pieces.
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
    anchors: list[Anchor] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    base: str = ""
    is_flat: bool = False
    scripted: list[str] = field(default_factory=list)
    headings: list[tuple[str, ...]] = field(default_factory=list)

    def text_of(self, anchor: Anchor) -> str:
        """Return the first words of a link, white space collapsed."""
        pieces = self.texts[anchor.start : min(anchor.end, anchor.start + MOST_PIECES)]
        return " ".join("".join(pieces).split())[:MOST_ANCHOR]


class _Walk:
    """The pass itself: what is open, and the text since the last line break."""

    def __init__(self, root: Any) -> None:
        self.seen = Seen()
        self.root = root
        self.texts = self.seen.texts

    def run(self) -> Seen:  # noqa: C901
        """Walk the tree in document order.

        One long function, because it is asked for every element of every page.
        """
        texts, spots, anchors, kind_of = self.texts, self.seen.spots, self.seen.anchors, _KINDS.get
        pieces: list[str] = []  # text of the line so far, from its first word on
        is_open = False  # there is text since the last break, if only white space
        line_tag, line_marks = "body", 0
        marks = linked = count = in_link = 0
        scope = ""
        stack: list[Any] = []
        events = walk(self.root)
        for event, element in events:
            if event == "end":
                entry = stack.pop()
                if entry is None:
                    continue
                kind, spot, href, start, tag, marks_around, before, scope, in_link = entry
                if spot is not None and len(spots) < MOST_SPOTS:
                    self._spot_end(spot, start, marks)
                if href:
                    made = (href, len(self.seen.lines), start, len(texts))
                    anchors.append(_make(Anchor, made))
                if not kind & _IS_INLINE:
                    if is_open:
                        self._end_line(pieces, linked, line_tag, line_marks)
                        linked, is_open = 0, False
                    line_tag, line_marks = tag, marks_around
                marks = before
                text = element.tail
            elif (count := count + 1) > MOST_ELEMENTS:
                break
            elif (kind := kind_of(tag := element.tag, 0)) & _IS_APART:
                if kind & _ENDS_LINE and is_open:
                    self._end_line(pieces, linked, line_tag, line_marks)
                    linked, is_open = 0, False
                text = element.tail
                if kind & _IS_READ and self._read(element, tag, marks, scope):
                    # Old pages leave these open, and the rest of the page hangs inside.
                    text = (element.text or "") + (text or "")
                else:
                    events.skip_subtree()
                stack.append(None)
            else:
                own, spot, inner, href = kind & _MARKS, None, scope, ""
                if keys := element.keys():
                    get = element.get
                    name, own_id = get("class"), get("id")
                    if name or own_id:
                        own |= marks_of(f"{name or ''} {own_id or ''}"[:200])
                    if kind & _IS_LINK:
                        href = get("href", "")[:500]
                    if not _TELLING_KEYS.isdisjoint(keys):
                        if is_aside(get):
                            own |= ASIDE
                        if get("itemtype"):
                            inner = _scope(get, scope)
                        spot = self._spot_start(tag, own, get, scope, href)
                    elif own & (AUTHOR | DATE) or kind & _TELLS:
                        spot = self._spot_start(tag, own, get, scope, href)
                    elif href and leads_to_person(href):
                        spot = ("href", "author", "", scope, href)
                if kind & _IS_RESETTING:
                    inherited = inherited_marks(tag, marks, own)
                else:
                    inherited = (marks & INHERITED) | own
                is_block = not kind & _IS_INLINE
                if is_block and is_open:
                    self._end_line(pieces, linked, line_tag, line_marks)
                    linked, is_open = 0, False
                around = (kind, spot, href, len(texts), line_tag, line_marks, marks, scope, in_link)
                stack.append(around)
                if is_block:
                    line_tag, line_marks = tag, inherited
                    if tag == "h1":
                        self._heading(element)
                    elif tag == "html":
                        self._language(element.get)
                elif not is_open:
                    line_marks |= inherited
                marks, scope = inherited, inner
                in_link |= kind & _IS_LINK
                text = element.text
            if text:
                texts.append(text)
                is_open = True
                if in_link:
                    linked += len(text)
                if pieces or not text.isspace():
                    pieces.append(text)
        self._end_line(pieces, linked, line_tag, line_marks)
        return self.seen

    def _spot_end(self, spot: Any, start: int, marks: int) -> None:
        """Take down a marked element whose text begins at a piece."""
        text = " ".join("".join(self.texts[start : start + 60]).split())[:MOST_SPOT]
        kind, name, value, scope, href = spot
        here = len(self.seen.lines)
        self.seen.spots.append(Spot(kind, name, text, value, here, marks, scope, href))

    def _language(self, get: Any) -> None:
        told = get("lang") or get("{http://www.w3.org/XML/1998/namespace}lang") or ""
        self.seen.language = self.seen.language or told

    def _heading(self, element: Any) -> None:
        if len(self.seen.headings) < MOST_HEADINGS:
            parts = tuple(t for p in element.itertext() if (t := " ".join(p.split())))
            if 1 < len(parts) < 8:
                self.seen.headings.append(parts)

    def _read(self, element: Any, tag: str, marks: int, scope: str) -> bool:
        """Read an element that shows nothing itself; tell whether what it holds is shown."""
        seen, get = self.seen, element.get
        if tag == "meta":
            self._meta(get, marks, scope)
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
        return tag in ("meta", "link", "base") and len(element) > 0

    def _meta(self, get: Any, marks: int, scope: str) -> None:
        name = get("property") or get("name") or get("itemprop") or get("http-equiv")
        content = get("content") or get("value")
        if not name or not content:
            return
        if len(self.seen.metas) < MOST_METAS:
            self.seen.metas.append((name.strip().lower()[:80], content.strip()[:1000]))
        if prop := get("itemprop"):
            value = content.strip()[:MOST_SPOT]
            here = len(self.seen.lines)
            self.seen.spots.append(Spot("prop", prop, "", value, here, marks, scope, ""))

    def _script(self, text: str, kind: str) -> None:
        seen = self.seen
        if "ld+json" in kind:
            if len(seen.scripts) < MOST_SCRIPTS:
                seen.scripts.append(text)
        elif len(seen.scripted) < MOST_SCRIPTED and "ubli" in text:
            seen.scripted += _scripted_dates(text)

    def _spot_start(self, tag: str, own: int, get: Any, scope: str, href: str) -> Any:
        """Tell what an element says it holds: kind, name, value, scope, target; else None."""
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

    def _end_line(self, pieces: list[str], linked: int, tag: str, marks: int) -> None:
        """Make a line of the pieces, if there are any, and take them away."""
        if pieces:
            text = " ".join((pieces[0] if len(pieces) == 1 else "".join(pieces)).split())
            links = min(1.0, linked / len(text)) if linked else 0.0
            self.seen.lines.append(_make(Line, (text, tag, marks, links)))
            pieces.clear()
        self.texts.append("\n")


def _scripted_dates(script: str) -> list[str]:
    """Return what a script's data states as dates of publication, at most three."""
    found: list[str] = []
    for hit in islice(_PUBLISHED.finditer(script), MOST_STATEMENTS):
        if len(found) >= MOST_OF_SCRIPT:
            break
        if m := _SCRIPTED.search(script, max(0, hit.start() - 14), hit.end() + 90):
            found.append(m[1])
    return list(dict.fromkeys(found))


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

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
_SPECIAL = frozenset(["meta", "link", "title", "base", "br", "hr", "img"])
_APART = SILENT | _SPECIAL
"""Elements that show no text themselves."""
_TELLING_KEYS = frozenset(["role", "hidden", "itemprop", "rel", "itemtype"])
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
    """The pass itself: what is open, and the text since the last line break."""

    def __init__(self, root: Any) -> None:
        self.seen = Seen()
        self.root = root
        self.texts: list[str] = []  # all text of the page, for the text of marked elements

    def run(self) -> Seen:  # noqa: C901
        """Walk the tree in document order.

        One long function, because it is asked for every element of every page.
        """
        texts, spots, anchors = self.texts, self.seen.spots, self.seen.anchors
        pieces: list[str] = []  # text of the line so far
        line_tag, line_marks = "body", 0
        marks = linked = count = 0
        scope, in_link = "", False
        stack: list[Any] = []
        events = walk(self.root)
        for event, element in events:
            if event == "start":
                count += 1
                if count > MOST_ELEMENTS:
                    break
                tag = element.tag
                if tag in _APART:
                    if tag in ("br", "hr") and pieces:
                        self._flush(pieces, linked, line_tag, line_marks)
                        linked = 0
                    shown = self._special(element, tag, marks, scope)
                    if not shown:
                        events.skip_subtree()
                    # Old pages leave these open, and the rest of the page hangs inside.
                    for text in (element.text if shown else None, element.tail):
                        if text:
                            pieces.append(text)
                            texts.append(text)
                            linked += len(text) if in_link else 0
                    stack.append(None)
                    continue
                own, spot, inner = TAG_MARKS.get(tag, 0), None, scope
                keys = element.keys()
                if keys:
                    get = element.get
                    name, own_id = get("class"), get("id")
                    if name or own_id:
                        own |= marks_of(f"{name or ''} {own_id or ''}"[:200])
                    is_told = tag in _TELLING_TAGS
                    if not _TELLING_KEYS.isdisjoint(keys):
                        if is_aside(get):
                            own |= ASIDE
                        is_told = is_told or bool(get("itemprop") or get("rel"))
                        if get("itemtype"):
                            inner = _scope(get, scope)
                    if is_told or own & (AUTHOR | DATE):
                        spot = self._spot_start(tag, own, get, scope)
                if tag in RESETTING:
                    inherited = inherited_marks(tag, marks, own)
                else:
                    inherited = (marks & INHERITED) | own
                is_block = tag not in INLINE
                if is_block and pieces:
                    self._flush(pieces, linked, line_tag, line_marks)
                    linked = 0
                around = line_tag, line_marks, marks, scope, in_link
                stack.append((tag, is_block, spot, len(texts), *around))
                if is_block:
                    line_tag, line_marks = tag, inherited
                    if tag == "h1":
                        self._heading(element)
                    elif tag == "html":
                        self._language(element.get)
                elif not pieces:
                    line_marks |= inherited
                marks, scope, in_link = inherited, inner, in_link or tag == "a"
                text = element.text
            else:
                entry = stack.pop()
                if entry is None:
                    continue
                tag, is_block, spot, start, tag_around, marks_around, before, scope, in_link = entry
                if spot is not None and len(spots) < MOST_SPOTS:
                    self._spot_end(spot, start, marks)
                if tag == "a" and (href := element.get("href")):
                    told = " ".join("".join(texts[start : start + 20]).split())[:120]
                    if told:
                        anchors.append((told, href[:500], len(self.seen.lines)))
                if is_block:
                    if pieces:
                        self._flush(pieces, linked, line_tag, line_marks)
                        linked = 0
                    line_tag, line_marks = tag_around, marks_around
                marks = before
                text = element.tail
            if text:
                pieces.append(text)
                texts.append(text)
                if in_link:
                    linked += len(text)
        self._flush(pieces, linked, line_tag, line_marks)
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

    def _special(self, element: Any, tag: str, marks: int, scope: str) -> bool:
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

    def _flush(self, pieces: list[str], linked: int, tag: str, marks: int) -> None:
        """Make a line of the pieces, if there are any, and take them away."""
        if pieces:
            words = (pieces[0] if len(pieces) == 1 else "".join(pieces)).split()
            if words:
                text = " ".join(words)
                links = min(1.0, linked / len(text)) if linked else 0.0
                self.seen.lines.append(Line(text, tag, marks, links))
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

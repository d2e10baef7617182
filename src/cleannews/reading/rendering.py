"""A page's tree to its text: one iterative walk, one block for each line a reader sees.

Nothing that stands in the page as text is left out: what is hidden on the page becomes a block too,
marked as hidden, so that whoever judges the blocks can say why it went. Left out are only what no
browser shows as text: scripts, styles, drawings, the lists of form controls.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from cleannews.document import Block
from cleannews.reading.data_body import hidden_body
from cleannews.reading.facts import Facts, facts_of
from cleannews.reading.html_page import Elements, HtmlPage, Link, Seen
from cleannews.reading.limits import DEFAULT, Deadline
from cleannews.reading.plain import LONG_PROSE_WORDS, shape_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from lxml import etree

INLINE = frozenset(
    (
        "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn",
        "em", "font", "i", "img", "ins", "kbd", "label", "mark", "math", "nobr", "picture", "q",
        "rp", "rt", "ruby", "s", "samp", "small", "source", "span", "strike", "strong", "sub",
        "sup", "time", "tt", "u", "var", "wbr",
    )
)  # fmt: skip
"""Elements that stand in a line; all others begin and end one."""
UNSHOWN = frozenset(
    (
        "applet", "audio", "canvas", "datalist", "embed", "frameset", "head", "iframe", "map",
        "meter", "noframes", "object", "progress", "script", "select", "style", "svg", "template",
        "textarea", "title", "video",
    )
)  # fmt: skip
"""Elements without text of the page; they are not walked into."""
MEDIA = frozenset(("audio", "embed", "iframe", "img", "object", "svg", "video"))
MARKS = {
    "h1": "#", "h2": "##", "h3": "###", "h4": "####", "h5": "#####", "h6": "######",
    "blockquote": ">", "dd": "*", "dt": "*", "li": "*", "td": "|", "th": "|", "tr": "|",
}  # fmt: skip
"""What a block is, by the element that it is in; the marks are those of Markdown."""
_TIGHT = frozenset(("*", "|"))
_LINE, _LINE_AGAIN, _PARAGRAPH = 1, 2, 3
"""What separates two blocks: a ``br``, several of them, an element that begins or ends."""
_BREAKS, HOLDS, SKIPS, _SHOWS, _LINKS, _BOLDS, _VERBATIM, _HIDES = (1 << i for i in range(8))
"""What an element does: begins and ends lines, holds blocks, is not walked into, shows a picture,
links, is bold, keeps its line breaks, is not shown."""
_KINDS = (
    dict.fromkeys(INLINE, 0)
    | {tag: SKIPS | (_SHOWS if tag in MEDIA else 0) for tag in UNSHOWN}
    | {"a": _LINKS, "b": _BOLDS, "strong": _BOLDS, "img": _SHOWS, "br": _BREAKS}
    | {"pre": _BREAKS | HOLDS | _VERBATIM, "noscript": _BREAKS | HOLDS | _HIDES}
)
_OTHERS = _BREAKS | HOLDS


def what_does(tag: str) -> int:
    """Return what an element does, as bits: `HOLDS` blocks, or `SKIPS`, for two."""
    return _KINDS.get(tag, _OTHERS)


DATA = 0.97
"""Probability, as measured, that what a page holds as data only belongs to its story."""
MOST_OPEN = 8
"""Links within one another that are followed; real pages have one, broken ones two."""
# Characters that show nothing and that a reference such as ``&#1;`` can put into a page.
_CONTROLS = dict.fromkeys([*range(9), *range(14, 28), 127])
_make = tuple.__new__  # half the cost of Block(...), and there are many
OFTEN = 512
"""Steps of the walk between two looks at the clock."""


class Told(NamedTuple):
    """What a quick look said of a part of a tree before it is rendered.

    Attributes:
        keep: Probability that it belongs to the story.
        lines: What is read of it as one block, without another look; None to render it.
    """

    keep: float
    lines: list[str] | None = None


def render(
    root: etree._Element | None,
    deadline: Deadline | None = None,
    *,
    most: int = DEFAULT.blocks,
    shows_all: bool = False,
    facts: Facts | None = None,
    told: Mapping[etree._Element, Told] | None = None,
) -> HtmlPage:
    """Return the page of a tree.

    Args:
        root: What `cleannews.reading.html.parse_html` made; None is an empty page.
        deadline: When to stop; what was read until then is returned.
        most: Blocks after which to stop.
        shows_all: Do not look for a story that the page keeps as data.
        facts: What the page says of its story elsewhere, where that is known already.
        told: What a quick look said of its elements.

    >>> from cleannews.reading.html import parse_html
    >>> page = render(parse_html("<h1>Old bridge</h1><p>It will <b>close</b>.<br>In May.").root)
    >>> [b.text for b in page.blocks], page.xpath(2)
    (['Old bridge', 'It will close.', 'In May.'], '/html/body[1]/p[1]')
    """
    if root is None:
        return HtmlPage("", ())
    walker = _Walker(deadline or Deadline(None), most, told)
    walker.walk(root)
    facts = facts or facts_of(root)
    shown = len(walker.blocks)
    if not shows_all:
        walker.add_lines(hidden_body(root, walker.blocks, facts.bodies))
    return walker.page(facts, shown)


class _Walker:
    """One walk through a tree; collects the page on its way."""

    def __init__(
        self, deadline: Deadline, most: int, told: Mapping[etree._Element, Told] | None
    ) -> None:
        self.deadline, self.most, self.told = deadline, most, told
        self.keeps: dict[int, float] = {}
        self.limit = ""
        self.elements = Elements()
        self.blocks: list[Block] = []
        self.seen: list[Seen] = []
        self.links: list[Link] = []
        self.text: list[str] = []
        self.size = 0
        # The line so far: its pieces, its length, whether white space is due before what follows.
        self.line: list[str] = []
        self.length = 0
        self.is_spaced = False
        self.linked = self.bold_length = self.anchors = 0
        self.open_links: list[tuple[int, str]] = []
        self.line_links: list[tuple[int, int, str]] = []
        self.leaf = -1
        self.media = 0
        self.gap = _PARAGRAPH
        # Where the walk is: the innermost element that is no inline, and what holds there.
        self.block = -1
        self.inside = 0

    def walk(self, root: etree._Element) -> None:  # noqa: C901
        """Walk through the tree.

        The loop is where reading takes its time, so that it is one long function: it takes the
        short way past what most elements are, without text before the next tag.
        """
        from cleannews.reading.html import walk  # a parser, which flat texts never need

        events = walk(root)
        stack: list[tuple[int, int, int, int]] = []
        kind_of, line, elements = _KINDS.get, self.line, self.elements
        parents, tags, lasts = elements.parents, elements.tags, elements.lasts
        names, told = elements.names, self.told
        node = block = -1
        inside = steps = 0
        for event, element in events:
            if event == "start":
                steps += 1
                if not steps % OFTEN and self._is_over():
                    break
                tag = element.tag
                kind = kind_of(tag, _OTHERS)
                stack.append((node, block, inside, kind))
                parents.append(node)
                node = len(tags)
                tags.append(tag)
                lasts.append(-1)
                # Most elements have one attribute or none: asking all for four takes longer.
                name, own_id, is_hiding = "", None, False
                keys = element.keys()
                for key in keys:
                    if key == "class":
                        name = element.get(key)
                    elif key == "id":
                        own_id = element.get(key)
                    elif key == "style":
                        is_hiding = is_hiding or _is_undisplayed(element.get(key))
                    elif key == "hidden":
                        is_hiding = True
                names.append(f"{name} {own_id}" if own_id else name)
                if kind & _BREAKS:
                    if line or not kind & HOLDS:
                        self._end_line(_PARAGRAPH if kind & HOLDS else _LINE)
                    else:
                        self.gap, self.is_spaced = _PARAGRAPH, False
                    if kind & HOLDS:
                        self.block = block = node
                        inside |= kind & (_VERBATIM | _HIDES)
                        if told is not None and (own := told.get(element)) is not None:
                            self.keeps[node] = own.keep
                            if own.lines is not None:
                                self.inside = inside | _HIDES if is_hiding else inside
                                self._fold(own.lines)
                                events.skip_subtree()
                                continue
                elif kind & _LINKS:
                    self.anchors += 1
                    self.open_links.append((-1, element.get("href") or ""))
                    inside |= _LINKS
                elif kind & _SHOWS:
                    self.media += 1
                else:
                    inside |= kind & _BOLDS
                if is_hiding:
                    inside |= _HIDES
                if kind & SKIPS:
                    events.skip_subtree()
                    continue
                text = element.text
            else:
                lasts[node] = len(tags) - 1
                node, block, inside, kind = stack.pop()
                if kind & HOLDS:
                    if line:
                        self._flush(_PARAGRAPH)
                    else:
                        self.gap, self.is_spaced = _PARAGRAPH, False
                elif kind & _LINKS and self.open_links:
                    self._close_link()
                self.block = block
                text = element.tail if stack else None
            self.inside = inside
            if text and (line or not text.isspace()):
                self._add(text, node)
        self._end_line(_PARAGRAPH)
        end = len(tags) - 1
        lasts[:] = [end if last < 0 else last for last in lasts]  # where a limit broke off

    def _fold(self, lines: list[str]) -> None:
        """Make one block of lines that need no look at what they stand in."""
        text = "\n".join(lines)
        # Words are counted by what parts them: nobody compares such a block with a rule.
        number = len(self.blocks)
        if number >= self.most:
            self.limit = "blocks"
            return
        self._put(number, text, (text.count(" ") + len(lines), False, text))
        self.gap = _PARAGRAPH

    def _is_over(self) -> bool:
        """Tell whether the walk has come to a limit, by now or earlier."""
        if not self.limit and self.deadline.is_over():
            self.limit = "seconds"
        return self.limit != ""

    def _end_line(self, gap: int) -> None:
        """End the line, if there is one; what separates it from the next is `gap` at least."""
        if self.line:
            self._flush(gap)
            return
        if gap > self.gap:
            self.gap = gap
        elif gap == self.gap == _LINE:
            self.gap = _LINE_AGAIN
        self.is_spaced = False

    def _add(self, text: str, node: int) -> None:
        """Add a piece of text to the line, white space folded; `node` is the element around it."""
        inside = self.inside
        if inside & _VERBATIM and "\n" in text:
            first, *others = text.split("\n")
            self._add(first, node)
            for other in others:
                if self.limit:
                    return
                self._end_line(_LINE)
                self._add(other, node)
            return
        words = text.split()
        piece = words[0] if len(words) == 1 else " ".join(words)
        if not piece.isprintable():
            piece = piece.translate(_CONTROLS)
        if not piece:
            self.is_spaced = True
            return
        size = len(piece)
        if self.length and (self.is_spaced or text[0].isspace()):
            self.line.append(" ")
            self.length += 1
        if self.leaf < 0:
            self.leaf = node
        if inside & _LINKS:
            links = self.open_links
            if links and links[-1][0] < 0 and len(links) <= MOST_OPEN:
                links[-1] = (self.length, links[-1][1])
            self.linked += size
        if inside & _BOLDS:
            self.bold_length += size
        self.line.append(piece)
        self.length += size
        self.is_spaced = text[-1].isspace()

    def _close_link(self) -> None:
        start, target = self.open_links.pop()
        if target and 0 <= start < self.length:
            self.line_links.append((start, self.length, target))

    def _flush(self, gap: int) -> None:
        """Make a block of the line."""
        line = self.line
        text = line[0] if len(line) == 1 else "".join(line)
        line.clear()
        number = len(self.blocks)
        if number < self.most:
            self._put(number, text)
        else:
            self.limit = "blocks"
        self.length, self.is_spaced = 0, False
        self.linked = self.bold_length = self.anchors = self.media = 0
        self.leaf, self.gap = -1, gap

    def _put(self, number: int, text: str, shape: tuple[int, bool, str] | None = None) -> None:
        node, size = self.block, len(text)
        mark = MARKS.get(self.elements.tags[node], "") if node >= 0 else ""
        breaks, separator = self._separator(mark)
        start = self.size + len(separator)
        self.text += (separator, text)
        self.size = end = start + size
        if self.open_links:
            self._break_links(size)
        if self.line_links:
            self.links += [_make(Link, (start + a, start + b, t)) for a, b, t in self.line_links]
            self.line_links = []
        words, is_prose, key = shape or shape_of(text)
        if is_prose and mark[:1] == "#" and words < LONG_PROSE_WORDS:
            is_prose = False
        linked = min(1.0, self.linked / size) if self.linked else 0.0
        made = (number, start, end, breaks, text, words, is_prose, key, text, linked, mark)
        self.blocks.append(_make(Block, made))
        bold = min(1.0, self.bold_length / size) if self.bold_length else 0.0
        hides = self.inside & _HIDES > 0
        seen = (node, self.leaf, self.anchors, bold, self.media, self.gap, hides)
        self.seen.append(_make(Seen, seen))

    def _break_links(self, end: int) -> None:
        """End the links of a line that go on in the next one."""
        for i, (at, target) in enumerate(self.open_links[:MOST_OPEN]):
            if 0 <= at < end and target:
                self.line_links.append((at, end, target))
            self.open_links[i] = (-1, target)

    def _separator(self, mark: str) -> tuple[int, str]:
        """Return the line breaks before a block, and what is written there."""
        if not self.blocks:
            return 0, ""
        before = self.blocks[-1]
        if mark == before.mark == "|" and self.gap == _PARAGRAPH:
            parents = self.elements.parents
            if parents[self.block] == parents[self.seen[-1].node] and self.block > 0:
                return 0, "\t"
        if self.gap == _LINE or (mark == before.mark and mark in _TIGHT):
            return 1, "\n"
        return 2, "\n\n"

    def add_lines(self, lines: Sequence[str]) -> None:
        """Add lines that no element shows, in an element of their own below the root."""
        if not lines:
            return
        elements = self.elements
        self.block, self.inside = len(elements.tags), 0
        elements.parents.append(0)
        elements.tags.append("script")
        elements.names.append("")
        elements.lasts.append(self.block)
        elements.lasts[0] = self.block
        for text in lines:
            if self.limit:
                return
            self._add(text, self.block)
            self._end_line(_PARAGRAPH)

    def page(self, facts: Facts, shown: int) -> HtmlPage:
        """Return what was collected."""
        return HtmlPage(
            "".join(self.text),
            tuple(self.blocks),
            tuple(self.seen),
            self.elements,
            tuple(sorted(self.links)),
            facts,
            shown,
            self.limit,
            self._keeps() if self.told else (),
        )

    def _keeps(self) -> tuple[float, ...]:
        """Return what the quick look said of each block, by the innermost element it spoke of."""
        parents, keeps = self.elements.parents, self.keeps
        found: list[float] = []
        for seen in self.seen:
            node = seen.node
            while node >= 0 and node not in keeps:
                node = parents[node]
            found.append(keeps.get(node, DATA))
        return tuple(found)


def _is_undisplayed(style: str) -> bool:
    return "display:none" in style.replace(" ", "").lower()

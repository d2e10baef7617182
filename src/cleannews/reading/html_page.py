"""A rendered HTML page: its blocks, the elements around them, its links."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import accumulate
from typing import Any, NamedTuple

from cleannews.document import Block, Page, Span
from cleannews.reading.facts import Facts
from cleannews.reading.plain import count_breaks


class Seen(NamedTuple):
    """What the walk saw of a block.

    Attributes:
        node: The innermost element that begins and ends lines around it.
        leaf: The innermost element around its first characters.
        anchors: Number of its links.
        bold: Share, 0..1, of its characters in bold.
        media: Pictures and players between the block before and this one.
        gap: What separates it from the block before: 1 a line break, 2 several, 3 an element.
        is_hidden: The page does not show it: ``hidden``, ``display: none``, ``noscript``.
    """

    node: int
    leaf: int
    anchors: int
    bold: float
    media: int
    gap: int
    is_hidden: bool


class Link(NamedTuple):
    """A link: where its words stand in the page's text, and where it goes, as written."""

    start: int
    end: int
    target: str


@dataclass(frozen=True, slots=True)
class Elements:
    """The elements of a page in the order in which they begin.

    Attributes:
        parents: Index of each element's parent; -1 for the root.
        tags: Names.
        names: ``class`` and ``id`` of each, as one string; empty without them.
        lasts: Index of the last element inside each, or its own.
    """

    parents: list[int] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    lasts: list[int] = field(default_factory=list)
    _numbers: list[int] = field(default_factory=list, repr=False, compare=False)

    def _count(self) -> None:
        """Number each element among the siblings of its tag, from 1, all in one walk."""
        counts: dict[tuple[int, str], int] = {}
        numbers: list[int] = []
        for of in zip(self.parents, self.tags, strict=True):
            counts[of] = number = counts.get(of, 0) + 1
            numbers.append(number)
        self._numbers[:] = numbers

    def path(self, element: int) -> str:
        """Return the XPath of an element."""
        if not self._numbers:
            self._count()
        steps: list[str] = []
        while element >= 0:
            parent, tag = self.parents[element], self.tags[element]
            steps.append(f"/{tag}[{self._numbers[element]}]" if parent >= 0 else f"/{tag}")
            element = parent
        return "".join(reversed(steps))


@dataclass(frozen=True, slots=True)
class HtmlPage(Page):
    """A rendered page and what the reader saw beside its text.

    Attributes:
        seen: One for each block.
        elements: The page's elements.
        links: In order of position.
        facts: What the page says of its story elsewhere.
        shown: Number of the blocks that the page shows; those behind them hold its story, which it
            keeps as data only.
        limit: Name of the limit at which the walk ended before the page did; empty without one.
        keeps: Probability of each block to belong to the story, where a quick look told them before
            the page was rendered; else empty.
        memory: What a look at the page worked out that the next one needs again. It changes no
            result, and is shared with what is left of the page.
    """

    seen: tuple[Seen, ...] = ()
    elements: Elements = field(default_factory=Elements)
    links: tuple[Link, ...] = ()
    facts: Facts = field(default_factory=Facts)
    shown: int = 0
    limit: str = ""
    keeps: tuple[float, ...] = ()
    memory: dict[str, Any] = field(default_factory=dict, repr=False, compare=False)

    def without(self, removed: Sequence[Span], text: str) -> HtmlPage:
        """Return the page that is left when whole blocks go.

        Args:
            removed: What went, in order: blocks and the white space that went with them.
            text: What is left of the page's text.
        """
        gone = [0, *accumulate(map(len, removed))]
        starts = [span.start for span in removed]
        blocks: list[Block] = []
        seen: list[Seen] = []
        end = shown = 0
        for block, own in zip(self.blocks, self.seen, strict=True):
            cut = bisect_right(starts, block.start)
            if cut and removed[cut - 1].end >= block.end:
                continue
            start, stop = block.start - gone[cut], block.end - gone[cut]
            breaks = count_breaks(text[end:start]) if blocks else 0
            made = (len(blocks), start, stop, breaks, *block[4:])
            blocks.append(tuple.__new__(Block, made))
            seen.append(own)
            shown += block.index < self.shown
            end = stop
        links = [
            Link(link.start - gone[cut], link.end - gone[cut], link.target)
            for link in self.links
            if not (cut := bisect_right(starts, link.start)) or removed[cut - 1].end <= link.start
        ]
        return replace(
            self, text=text, blocks=tuple(blocks), seen=tuple(seen), links=tuple(links),
            shown=shown, keeps=(),
        )  # fmt: skip

    def xpath(self, index: int) -> str:
        """Return the XPath of the element that a block is in."""
        return self.elements.path(self.seen[index].node)

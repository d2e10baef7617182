"""Units: blocks that are judged together, because they are pieces of one paragraph.

Some extractors break a paragraph at every inline tag: "The" / "Harbour Daily" / "reported that" is
one sentence. The joined text is for judging only; spans still point at the blocks.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from cleannews.document import Block
from cleannews.reading.folding import fold
from cleannews.reading.plain import count_words, reads_like_prose

# Joining broken lines: what may open or close a piece of a sentence.
_CONTINUES = ",.;:)!?’”%]»"
_OPENS = '(“"‘[–—-,;&'
_OPENS_NAME = "(“‘[,"
SHORTEST_BROKEN = 24
"""Shortest line that may break off before a linked name, in code points."""
LONGEST_UNIT = 4000
"""Longest run of joined lines, in code points."""


class Unit(NamedTuple):
    """One or more blocks that are judged together.

    Attributes:
        first: Index of its first block.
        last: Index of its last block.
        text: What is shown of the blocks, joined by spaces.
        words: Its length in words.
        is_prose: It reads like running text.
        key: Its comparison form.
        breaks: Line breaks before it; 0 for a later piece of the same line.
        links: Share, 0..1, of the text that is link text or a bare URL.
        mark: What opens its first line, see `cleannews.document.Block`.
    """

    first: int
    last: int
    text: str
    words: int
    is_prose: bool
    key: str
    breaks: int
    links: float = 0.0
    mark: str = ""


def units_of(blocks: Sequence[Block]) -> list[Unit]:
    """Return the blocks with those that are pieces of one paragraph put together."""
    units: list[Unit] = []
    i, end = 0, len(blocks)
    while i < end:
        j, size = i, len(blocks[i].shown)
        # Pieces of one line, without breaks between them, were cut apart because they are no one
        # paragraph.
        while j + 1 < end and blocks[j + 1].breaks == 1 and size < LONGEST_UNIT:
            after = blocks[j + 2] if j + 2 < end and blocks[j + 2].breaks == 1 else None
            if not _goes_on(blocks[j].shown, blocks[j + 1].shown, after.shown if after else ""):
                break
            j += 1
            size += len(blocks[j].shown)
        first = blocks[i]
        if i == j:
            seen = (first.shown, first.words, first.is_prose, first.key)
            links = first.links
        else:
            text = " ".join([b.shown for b in blocks[i : j + 1]])
            links = sum([b.links * len(b.shown) for b in blocks[i : j + 1]]) / len(text)
            words = count_words(text)
            seen = (text, words, reads_like_prose(text, words), fold(text))
        units.append(Unit(i, j, *seen, first.breaks, links, first.mark))
        i = j + 1
    return units


def _goes_on(line: str, after: str, second: str) -> bool:
    """Tell whether `after` is the same sentence as `line`; `second` is what follows `after`."""
    last, first = line[-1], after[0]
    if len(line) < SHORTEST_BROKEN and first.isupper() and last not in _OPENS_NAME:
        return False
    if first in _CONTINUES and not after.startswith("..."):
        return not (first == "’" and after[1:2].isupper())
    if first.islower() and (last.isalnum() or last in _OPENS or last in "'’"):
        return True
    spaces = line.count(" ")
    if last in _OPENS_NAME and spaces >= 3:
        return True
    # A linked name inside a sentence: the sentence breaks off before it and goes on after it.
    breaks_off = (last.islower() or last in ",—–-") and spaces >= 3 and len(line) >= SHORTEST_BROKEN
    goes_on_after = bool(second) and (second[0].islower() or second[0] in ",.;)’”")
    return breaks_off and goes_on_after and after.count(" ") <= 6

"""Where a page's title stands: the places around which bylines and dates are looked for."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable

from cleannews.metadata.page import Seen
from cleannews.metadata.places import FAR
from cleannews.metadata.words import key

MOST = 6
"""Places of a title that count."""
SHORTEST = 8
"""Letters and digits of a title that is looked for inside longer lines."""


class Anchors:
    """The lines that hold the title.

    Attributes:
        lines: Their indices, rising.
    """

    def __init__(self, lines: Iterable[int]) -> None:
        self.lines = sorted(set(lines))

    def gap(self, line: int) -> int:
        """Return how far a line is behind the nearest of them, below 0 before it."""
        if not self.lines:
            return 99
        at = bisect_left(self.lines, line)
        beside = self.lines[max(0, at - 1) : at + 1]
        return min((line - a for a in beside), key=abs)

    def is_near(self, line: int, before: int, after: int) -> bool:
        """Tell whether a line stands at most `before` lines before or `after` behind one."""
        at = bisect_left(self.lines, line)
        return (at > 0 and line - self.lines[at - 1] <= after) or (
            at < len(self.lines) and self.lines[at] - line <= before
        )

    def near(self, before: int, after: int) -> frozenset[int]:
        """Return the indices for which `is_near` holds, of lines that are there and others.

        >>> sorted(Anchors([4, 6]).near(1, 2))
        [3, 4, 5, 6, 7, 8]
        """
        return frozenset(i for a in self.lines for i in range(a - before, a + after + 1))


def anchors_of(seen: Seen, title: str, line: int) -> Anchors:
    """Return where a title stands.

    Args:
        seen: What the pass over the page found.
        title: The title, ``""`` for none.
        line: Line that is known to hold it, -1 for none.
    """
    wanted, longest = key(title), 1.5 * len(title) + 12
    found = [line] if line >= 0 else []
    if len(wanted) >= SHORTEST:
        for i, one in enumerate(seen.lines):
            size = len(one.text)
            # A key is as long as its text at most, but where compatibility forms are spelt out.
            is_too_short = size < len(wanted) and (size < SHORTEST or one.text.isascii())
            if size <= longest and not is_too_short and wanted in key(one.text):
                found.append(i)
                if len(found) >= MOST:
                    break
    return Anchors(found)


def last_story_line(seen: Seen) -> int:
    """Return the index of the last line that reads like a paragraph of the story."""
    return max(
        (i for i, ln in enumerate(seen.lines) if len(ln.text) > 160 and not ln.marks & FAR),
        default=len(seen.lines),
    )

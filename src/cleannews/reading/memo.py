"""A memory of what was worked out about lines of text."""

from __future__ import annotations

from typing import Generic, TypeVar

T = TypeVar("T")

LARGEST = 1_000_000
"""Code points of short lines that a memory holds before it starts anew; some 6 MB."""
LARGEST_OF_PARAGRAPHS = 300_000
"""The same for paragraphs: of a dozen articles, where the second look comes right after the first;
some 1 MB."""
LONGEST_PARAGRAPH = 10_000
"""Code points of the longest text that is remembered."""
LONGEST_LINE = 120
"""Code points of a line of a menu; what is longer is a paragraph, and seldom comes back."""


class Memo(Generic[T]):
    """Values that hang on a line of text alone, kept for when the line comes back.

    A remembered value is the value that would be worked out again, so that a memory can change no
    result; it saves time, because menus and footers come back on every page of a site, and because
    every text is looked at twice. Paragraphs, which come back on the second look only, go first, so
    that the stories of other pages do not take the place of a menu. It is bounded, and safe to
    share between threads: the worst that a race can do is to forget something.
    """

    __slots__ = ("_lines", "_long", "_paragraphs", "get", "known")

    def __init__(self) -> None:
        self.known: dict[str, T] = {}
        self.get = self.known.get
        self._lines = self._long = 0
        self._paragraphs: list[str] = []

    def put(self, text: str, value: T) -> T:
        """Remember and return a value."""
        size = len(text)
        if size <= LONGEST_LINE:
            self._lines += size
            if self._lines > LARGEST:
                self.known.clear()
                self._lines = size
        elif size <= LONGEST_PARAGRAPH:
            self._long += size
            if self._long > LARGEST_OF_PARAGRAPHS:
                self._forget_paragraphs()
                self._long = size
            self._paragraphs.append(text)
        else:
            return value
        self.known[text] = value
        return value

    def _forget_paragraphs(self) -> None:
        known, self._paragraphs = self._paragraphs, []
        for text in known:
            self.known.pop(text, None)

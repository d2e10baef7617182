"""A memory of what was worked out about lines of text."""

from __future__ import annotations

from typing import Generic, TypeVar

T = TypeVar("T")

LARGEST = 1_000_000
"""Code points of text that a memory holds before it starts anew; some 4 MB in all."""


class Memo(Generic[T]):
    """Values that hang on a line of text alone, kept for when the line comes back.

    A remembered value is the value that would be worked out again, so that a memory can change no
    result; it saves time, because menus and footers come back on every page of a site, and because
    every text is looked at twice. It is bounded, and safe to share between threads: the worst that
    a race can do is to forget something.
    """

    __slots__ = ("_size", "get", "known")

    def __init__(self) -> None:
        self.known: dict[str, T] = {}
        self.get = self.known.get
        self._size = 0

    def put(self, text: str, value: T) -> T:
        """Remember and return a value."""
        self._size += len(text)
        if self._size > LARGEST:
            self.known.clear()
            self._size = len(text)
        if len(text) <= LARGEST // 100:
            self.known[text] = value
        return value

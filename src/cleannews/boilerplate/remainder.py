"""What is left of a document after removals, and where in the document it stands."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate

from cleannews.document import Span


class Remainder:
    """The pieces of a document that are left, in order; offsets of their text map back.

    >>> left = Remainder.of("one two three").without([Span(3, 7)])
    >>> left.text, left.origins(Span(2, 5))
    ('one three', [Span(start=2, end=3), Span(start=7, end=9)])
    """

    def __init__(self, source: str, pieces: Sequence[Span]) -> None:
        self.source = source
        self.pieces = tuple(pieces)
        self._starts = [0, *accumulate(len(p) for p in self.pieces)]
        self._is_whole = self._starts[-1] == len(source)

    @classmethod
    def of(cls, source: str) -> Remainder:
        """Return the whole of `source`."""
        return cls(source, [Span(0, len(source))])

    @property
    def text(self) -> str:
        """The text that is left."""
        if len(self.pieces) == 1:
            return self.pieces[0].of(self.source)
        return "".join([self.source[p.start : p.end] for p in self.pieces])

    def origins(self, span: Span) -> list[Span]:
        """Return the source spans of a span of `text`; several where something was taken out."""
        start, end = span.start, span.end
        if self._is_whole:
            return [span] if start < end else []
        found: list[Span] = []
        i = bisect_right(self._starts, start) - 1
        while start < end and i < len(self.pieces):
            away = self.pieces[i].start - self._starts[i]
            stop = min(end, self._starts[i + 1])
            found.append(Span(start + away, stop + away))
            start, i = stop, i + 1
        return found

    def origin(self, span: Span) -> Span:
        """Return the source span from the first to the last character of a span of `text`."""
        parts = self.origins(span)
        return Span(parts[0].start, parts[-1].end) if parts else Span(0, 0)

    def without(self, spans: Sequence[Span]) -> Remainder:
        """Return what is left when spans of `text`, in order, are taken out."""
        left: list[Span] = []
        at = 0
        for span in spans:
            if span.start > at:
                left += self.origins(Span(at, span.start))
            at = max(at, span.end)
        if at < self._starts[-1]:
            left += self.origins(Span(at, self._starts[-1]))
        return Remainder(self.source, left)

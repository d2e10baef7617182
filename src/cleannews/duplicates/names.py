"""Spellings of names and numbers by their hash, a few bytes each."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Words = NDArray[np.uint32]
Counts = NDArray[np.int64]

_SEEN_BITS = 22
"""Words of 2 ** 22 slots are remembered, one each, so that few are added again."""
_SETTLE = 1 << 19
"""New spellings from which they are put in order and repeats go."""


class Names:
    """The first spelling of every hash that was added.

    >>> names = Names()
    >>> names.add(np.array([7, 5, 7], np.uint32), [b"Li", b"Mr", b"LI"])
    >>> names.of(np.array([7, 6, 5], np.uint32))
    {7: 'Li', 5: 'Mr'}
    """

    def __init__(self) -> None:
        self._hashes = np.zeros(0, np.uint32)
        self._ends = np.zeros(0, np.int64)
        self._text = b""
        self._new: list[tuple[Words, list[bytes]]] = []
        self._waiting = 0
        self._seen = np.zeros(1, np.uint32)

    def __len__(self) -> int:
        self._settle()
        return len(self._hashes)

    def unseen(self, words: Words) -> Counts:
        """Return the places of words that may not have been added yet, and remember those words."""
        if len(self._seen) == 1:
            self._seen = np.zeros(1 << _SEEN_BITS, np.uint32)
        slot = words >> np.uint32(32 - _SEEN_BITS)
        new = np.flatnonzero(self._seen[slot] != words)
        self._seen[slot[new]] = words[new]
        return new

    def add(self, words: Words, spellings: list[bytes]) -> None:
        """Add spellings in UTF-8; of a hash that is there nothing changes."""
        self._new.append((words, spellings))
        self._waiting += len(words)
        if self._waiting >= max(_SETTLE, len(self._hashes)):
            self._settle()

    def of(self, words: Words) -> dict[int, str]:
        """Return the spellings of those hashes that were added."""
        self._settle()
        if not len(self._hashes):
            return {}
        place = np.minimum(np.searchsorted(self._hashes, words), len(self._hashes) - 1)
        known = self._hashes[place] == words
        place = place[known]
        stops = self._ends[place].tolist()
        starts = np.where(place > 0, self._ends[place - 1], 0).tolist()
        return {
            word: self._text[start:stop].decode("utf-8", "replace")
            for word, start, stop in zip(words[known].tolist(), starts, stops, strict=True)
        }

    def _settle(self) -> None:
        """Put what is new among what is known."""
        if not self._new:
            return
        hashes = np.concatenate([self._hashes, *(words for words, _ in self._new)])
        added = [spelling for _, spellings in self._new for spelling in spellings]
        lengths = np.concatenate(
            [np.diff(self._ends, prepend=0), np.fromiter(map(len, added), np.int64, len(added))]
        )
        text = np.frombuffer(self._text + b"".join(added), np.uint8)
        order = np.argsort(hashes, kind="stable")
        first = np.ones(len(order), np.bool_)
        first[1:] = hashes[order[1:]] != hashes[order[:-1]]
        order = order[first]
        starts = np.cumsum(lengths) - lengths
        self._hashes, kept = hashes[order], lengths[order]
        self._ends = np.cumsum(kept)
        at = np.arange(int(kept.sum())) + np.repeat(starts[order] - self._ends + kept, kept)
        self._text = text[at].tobytes()
        self._new, self._waiting = [], 0

"""What an index keeps of a document, and what two such sketches say about each other."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cleannews.duplicates.anchors import rarest
from cleannews.duplicates.collection import Collection
from cleannews.duplicates.signatures import LONG_LIMIT, Hashes
from cleannews.duplicates.values import Kind
from cleannews.duplicates.weights import prior_weights

POSTED_BITS = 4
"""One shingle in 2 ** 4 leads back to the documents that have it (of short texts one in 2)."""
SHORT_SAMPLE = 40
"""Sampled shingles up to which all of them lead back."""
NEAR, HOLDS, REWRITTEN = 0.45, 0.6, 0.1
"""Shares of the sample from which a pair is near, one holds the other, or it may be rewritten."""
FEWEST = 4
"""Sampled shingles that a pair must share at least."""
SAME_FACTS, FACTS_DIFFER = 0.6, 0.2
"""Share of the rarest names and numbers of the one that the other has."""

HASH_BITS = 40


@dataclass(frozen=True, slots=True)
class IndexMatch:
    """A document of an index that carries the story of a given one.

    Attributes:
        id: Its id.
        kind: ``exact``, ``near``, ``contains`` (one holds most of the other) or ``rewritten``.
        similarity: Share, 0..1, of the sampled shingles of both that both have.
        containment: Share of the given document's sampled shingles that it has.
        contained: Share of its sampled shingles that the given document has.
    """

    id: str
    kind: Kind
    similarity: float
    containment: float
    contained: float


@dataclass(frozen=True, slots=True)
class Sketch:
    """What is kept of a document."""

    whole: int
    shingles: NDArray[np.uint64]
    anchors: NDArray[np.uint32]

    def posted(self) -> list[int]:
        """Return the shingles that lead back to the document."""
        if len(self.shingles) <= SHORT_SAMPLE:
            return [int(x) for x in self.shingles]
        chosen = self.shingles % (1 << (POSTED_BITS - 3)) == 0
        return [int(x) for x in self.shingles[chosen]]

    def pack(self) -> bytes:
        """Return it as bytes: number of shingles, five bytes for each, four for each anchor."""
        five = self.shingles.astype("<u8").view(np.uint8).reshape(-1, 8)[:, :5]
        head = np.array([len(self.shingles)], "<u4").tobytes()
        return head + five.tobytes() + self.anchors.astype("<u4").tobytes()

    @classmethod
    def unpack(cls, whole: int, data: bytes) -> Sketch:
        """Return what was packed."""
        number = int(np.frombuffer(data, "<u4", 1)[0])
        wide = np.zeros((number, 8), np.uint8)
        wide[:, :5] = np.frombuffer(data, np.uint8, 5 * number, 4).reshape(-1, 5)
        anchors = np.frombuffer(data, "<u4", offset=4 + 5 * number)
        return cls(whole, wide.view("<u8").ravel().astype(np.uint64), anchors.astype(np.uint32))


def sketches(collection: Collection) -> Iterator[Sketch]:
    """Yield the sketch of each document, in order."""
    tokens = collection.tokens
    anchors, offsets = rarest(collection, prior_weights())
    words = (anchors & np.uint64(0xFFFFFFFF)).astype(np.uint32)
    ends = np.cumsum(tokens.sizes)
    for i, (size, end) in enumerate(zip(tokens.sizes.tolist(), ends.tolist(), strict=True)):
        hashes: Hashes = np.unique(tokens.sampled[end - size : end])
        whole = int(tokens.whole[i].astype(np.int64))
        shingles = hashes >> np.uint64(63 - HASH_BITS)
        yield Sketch(whole, shingles, np.sort(words[offsets[i] : offsets[i + 1]]))


def match_of(name: str, given: Sketch, other: Sketch) -> IndexMatch | None:
    """Return what another document is to the given one, or None."""
    if given.whole and given.whole == other.whole:
        return IndexMatch(name, "exact", 1.0, 1.0, 1.0)
    a, b = _alike(given.shingles, other.shingles)
    if not len(a) or not len(b):
        return None
    both = len(np.intersect1d(a, b, assume_unique=True))
    held, holds = both / len(a), both / len(b)
    similarity = both / (len(a) + len(b) - both)
    kind: Kind | None = None
    if similarity >= NEAR and _same_facts(given, other) >= FACTS_DIFFER:
        kind = "near"
    elif both >= FEWEST and max(held, holds) >= HOLDS:
        kind = "contains"
    elif both >= FEWEST and similarity >= REWRITTEN and _same_facts(given, other) >= SAME_FACTS:
        kind = "rewritten"
    if kind is None:
        return None
    return IndexMatch(name, kind, round(similarity, 4), round(held, 4), round(holds, 4))


_LONG = np.uint64(int(LONG_LIMIT) >> (63 - HASH_BITS))


def _alike(
    first: NDArray[np.uint64], second: NDArray[np.uint64]
) -> tuple[NDArray[np.uint64], NDArray[np.uint64]]:
    """Return both samples at the same rate: short texts are sampled more densely."""
    dense = [bool(len(x)) and x.max() >= _LONG for x in (first, second)]
    if all(dense) or not any(dense):
        return first, second
    return first[first < _LONG], second[second < _LONG]


def _same_facts(first: Sketch, second: Sketch) -> float:
    fewer = min(len(first.anchors), len(second.anchors))
    if not fewer:
        return 0.5  # nothing to tell by
    return len(np.intersect1d(first.anchors, second.anchors)) / fewer

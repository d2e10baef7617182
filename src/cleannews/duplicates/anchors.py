"""Names and numbers that two texts share: evidence for people."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from cleannews.duplicates.collection import Collection
from cleannews.duplicates.signatures import NAME, NUMBER, Counts, Words
from cleannews.duplicates.values import Anchors
from cleannews.duplicates.verify import ANCHOR_WEIGHT, Flags, Share, looked_up, table_bits
from cleannews.duplicates.weights import MOST as MOST_WEIGHT
from cleannews.duplicates.weights import slots

MOST = 8
"""Most names, and most numbers, that a link tells."""
CHUNK = 200
"""Pairs looked at at once."""


def shared_anchors(
    collection: Collection,
    a: Counts,
    b: Counts,
    quotes: Share,
    weights: NDArray[np.float32],
) -> list[Anchors]:
    """Return what each pair shares, the rarest first.

    Args:
        collection: The documents.
        a: First document of each pair.
        b: Second document.
        quotes: Quotations that begin alike, by pair.
        weights: Weight of the words of each slot.
    """
    if not len(a):
        return []
    words, marks, offsets = _anchors_only(collection, weights)
    made: list[Anchors] = []
    for start in range(0, len(a), CHUNK):
        part = slice(start, start + CHUNK)
        made += _chunk(
            collection.names, words, marks, offsets, weights, a[part], b[part], quotes[part]
        )
    return made


def _anchors_only(
    collection: Collection, weights: NDArray[np.float32]
) -> tuple[NDArray[np.uint32], NDArray[np.uint8], Counts]:
    tokens = collection.tokens
    at = np.flatnonzero(tokens.marks & (NAME | NUMBER))
    words = tokens.words[at]
    heavy = weights[slots(words)] > ANCHOR_WEIGHT
    at, words = at[heavy], words[heavy]
    return words, tokens.marks[at], np.searchsorted(at, tokens.offsets)


def _chunk(
    names: dict[int, str],
    words: NDArray[np.uint32],
    marks: NDArray[np.uint8],
    offsets: Counts,
    weights: NDArray[np.float32],
    a: Counts,
    b: Counts,
    quotes: Share,
) -> list[Anchors]:
    at, pair = _gather(offsets, a)
    other, other_pair = _gather(offsets, b)
    hit = _looked_up(words[at], pair, words[other], other_pair, len(a))
    at, pair = at[hit], pair[hit]
    found, number = words[at], (marks[at] & NUMBER) // NUMBER
    common = (MOST_WEIGHT - weights[slots(found)]) * 8
    packed = (pair.astype(np.uint64) << np.uint64(48)) | (number.astype(np.uint64) << np.uint64(47))
    packed |= common.astype(np.uint64) << np.uint64(32)
    packed = _distinct(packed | found)
    kind = (packed >> np.uint64(47)).astype(np.int64)
    found = packed & np.uint64(0xFFFFFFFF)
    place = np.arange(len(kind)) - np.searchsorted(kind, kind)
    chosen = place < MOST
    lists: list[list[str]] = [[] for _ in range(2 * len(a))]
    for key, where in zip(found[chosen].tolist(), kind[chosen].tolist(), strict=True):
        if key in names:
            lists[where].append(names[key])
    return [
        Anchors(tuple(lists[2 * i]), tuple(lists[2 * i + 1]), int(count))
        for i, count in enumerate(quotes.tolist())
    ]


def _looked_up(
    asked: Words, asked_pair: Counts, known: Words, known_pair: Counts, pairs: int
) -> Flags:
    most = np.bincount(known_pair, minlength=pairs).max(initial=1)
    bits = int(table_bits(np.array([most]))[0])
    first, second = ((p << bits).astype(np.uint32) for p in (asked_pair, known_pair))
    return looked_up(asked, first, known, second, pairs, bits)


def _distinct(packed: NDArray[np.uint64]) -> NDArray[np.uint64]:
    packed.sort()
    new = np.ones(len(packed), np.bool_)
    new[1:] = packed[1:] != packed[:-1]
    return packed[new]


def _gather(offsets: Counts, numbers: Counts) -> tuple[Counts, Counts]:
    start = offsets[numbers]
    length = offsets[numbers + 1] - start
    first = np.cumsum(length) - length
    at = np.arange(int(length.sum())) + np.repeat(start - first, length)
    return at, np.repeat(np.arange(len(numbers)), length)

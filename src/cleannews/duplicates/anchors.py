"""Names and numbers that two texts share: evidence for people."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from cleannews.duplicates.collection import Collection
from cleannews.duplicates.signatures import NAME, NUMBER, Counts
from cleannews.duplicates.values import Anchors
from cleannews.duplicates.verify import ANCHOR_WEIGHT, Share, found_in
from cleannews.duplicates.weights import slots

MOST = 8
"""Most names, and most numbers, that a link tells."""
CHUNK = 2_000
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
    hit = found_in(words[at], pair, words[other], other_pair, len(a))
    at, pair = at[hit], pair[hit]
    found, mark = words[at], marks[at]
    number = (mark & NUMBER) != 0
    order = np.lexsort((found, -weights[slots(found)], number, pair))
    found, pair, number = found[order], pair[order], number[order]
    new = np.ones(len(found), np.bool_)
    new[1:] = (found[1:] != found[:-1]) | (pair[1:] != pair[:-1])
    found, pair, number = found[new], pair[new], number[new]
    kind = pair * 2 + number
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


def _gather(offsets: Counts, numbers: Counts) -> tuple[Counts, Counts]:
    start = offsets[numbers]
    length = offsets[numbers + 1] - start
    first = np.cumsum(length) - length
    at = np.arange(int(length.sum())) + np.repeat(start - first, length)
    return at, np.repeat(np.arange(len(numbers)), length)

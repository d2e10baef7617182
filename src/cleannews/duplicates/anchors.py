"""Names and numbers that two texts share: evidence for people."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from cleannews.duplicates.collection import Collection
from cleannews.duplicates.signatures import NAME, NUMBER, Counts, Hashes, Tokens
from cleannews.duplicates.values import Anchors
from cleannews.duplicates.verify import ANCHOR_WEIGHT, Share
from cleannews.duplicates.weights import MOST as MOST_WEIGHT
from cleannews.duplicates.weights import slots

MOST = 8
"""Most names, and most numbers, that a link tells."""
KEPT = 24
"""Rarest names and numbers of a document, among which the shared ones are looked for."""
CHUNK = 100_000
"""Pairs looked at at once."""
WORDS = 1_000_000
"""Words of documents looked at at once."""

_WORD = np.uint64(0xFFFFFFFF)
_IS_NUMBER = np.uint64(1 << 32)
_KEY_BITS = np.uint64(40)
_KEY = np.uint64((1 << 40) - 1)


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
    linked = np.zeros(len(collection), np.bool_)
    linked[a] = linked[b] = True
    keys, offsets = rarest(collection, weights, linked)
    made: list[Anchors] = []
    for start in range(0, len(a), CHUNK):
        part = slice(start, start + CHUNK)
        shared = _shared(keys, offsets, a[part], b[part])
        names = collection.names.of(np.unique((shared & _WORD).astype(np.uint32)))
        made += _named(names, shared, quotes[part].astype(np.int64).tolist())
    return made


def rarest(
    collection: Collection, weights: NDArray[np.float32], asked: NDArray[np.bool_] | None = None
) -> tuple[Hashes, Counts]:
    """Return the rarest names and numbers of each document, and where each one's begin.

    Args:
        collection: The documents.
        weights: Weight of the words of each slot.
        asked: Which documents are asked about; None means all.

    A key is 7 bits of how common the word is, one that says whether it is a number, and its hash:
    keys sort as people should see them.
    """
    lengths = np.diff(collection.tokens.offsets)
    bounds = np.searchsorted(np.cumsum(lengths) // WORDS, np.arange(lengths.sum() // WORDS + 1))
    parts = []
    for low, high in pairwise([*bounds.tolist(), len(lengths)]):
        chosen = np.arange(low, high)
        if asked is not None:
            chosen = chosen[asked[low:high]]
        parts.append((chosen, *_rarest(collection.tokens, weights, chosen)))
    counts = np.zeros(len(lengths), np.int64)
    for chosen, _, many in parts:
        counts[chosen] = many
    offsets = np.concatenate([[0], np.cumsum(counts)])
    return np.concatenate([keys for _, keys, _ in parts]), offsets


def _rarest(tokens: Tokens, weights: NDArray[np.float32], chosen: Counts) -> tuple[Hashes, Counts]:
    """Return the rarest names and numbers of some documents, and how many each one has."""
    start, length = tokens.offsets[chosen], np.diff(tokens.offsets)[chosen]
    places = list(zip(start.tolist(), (start + length).tolist(), strict=True))
    if not places:
        return np.zeros(0, np.uint64), length
    marks = np.concatenate([tokens.marks[i:j] for i, j in places])
    at = np.flatnonzero((marks & (NAME | NUMBER)) != 0)
    words = np.concatenate([tokens.words[i:j] for i, j in places])[at]
    weight = weights[slots(words)]
    heavy = weight > ANCHOR_WEIGHT
    at, words, weight = at[heavy], words[heavy], weight[heavy]
    keys = np.repeat(np.arange(len(chosen), dtype=np.uint64) << _KEY_BITS, length)[at]
    keys |= ((MOST_WEIGHT - weight) * 8).astype(np.uint64) << np.uint64(33)
    keys |= ((marks[at] & NUMBER) != 0) * _IS_NUMBER
    keys |= words
    keys.sort()
    keys = keys[_new(keys)]
    document = (keys >> _KEY_BITS).view(np.int64)
    first = np.searchsorted(document, np.arange(len(chosen)))
    kept = np.arange(len(keys)) - first[document] < KEPT
    return keys[kept] & _KEY, np.bincount(document[kept], minlength=len(chosen))


def _shared(keys: Hashes, offsets: Counts, a: Counts, b: Counts) -> Hashes:
    """Return the keys that both documents of a pair have, below the pair's number."""
    both = np.concatenate([_of_pairs(keys, offsets, a), _of_pairs(keys, offsets, b)])
    both.sort()
    return np.asarray(both[1:][both[1:] == both[:-1]])


def _of_pairs(keys: Hashes, offsets: Counts, documents: Counts) -> Hashes:
    start = offsets[documents]
    length = offsets[documents + 1] - start
    at = np.arange(int(length.sum())) + np.repeat(start - np.cumsum(length) + length, length)
    pair = np.repeat(np.arange(len(documents), dtype=np.uint64), length)
    return np.asarray(keys[at] | (pair << _KEY_BITS))


def _named(names: dict[int, str], shared: Hashes, quotes: list[int]) -> list[Anchors]:
    """Give the shared keys their spellings; a key without one is left out."""
    words, place = np.unique((shared & _WORD).astype(np.uint32), return_inverse=True)
    spelled = np.array([names.get(word, "") for word in words.tolist()], np.object_)
    known = (spelled != "")[place]  # a word has a character at least
    is_number = (shared & _IS_NUMBER) != 0
    pairs = np.arange(len(quotes) + 1)
    columns: list[list[tuple[str, ...]]] = []
    for chosen in (known & ~is_number, known & is_number):
        told = spelled[place[chosen]].tolist()
        bounds = np.searchsorted((shared[chosen] >> _KEY_BITS).astype(np.int64), pairs)
        stops = np.minimum(bounds[1:], bounds[:-1] + MOST)
        ends = zip(bounds[:-1].tolist(), stops.tolist(), strict=True)
        columns.append([tuple(told[start:stop]) for start, stop in ends])
    return [Anchors(*values) for values in zip(*columns, quotes, strict=True)]


def _new(values: Hashes) -> NDArray[np.bool_]:
    new = np.ones(len(values), np.bool_)
    new[1:] = values[1:] != values[:-1]
    return new

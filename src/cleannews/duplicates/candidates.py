"""Which pairs of texts are worth a closer look.

A fixed share of every text's 3-word shingles is kept: those whose hash is small. Equal hashes of
different texts meet by sorting. A pair is a candidate when it shares enough of them, rare ones
counting most; nothing is compared that does not meet.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from cleannews.duplicates.signatures import Counts, Hashes

CAP = 24
"""Texts that may share a shingle for all their pairs to be looked at."""
WINDOW = 6
"""Neighbours that are looked at, of texts sharing a shingle with more than `CAP` others."""
BLOCK = 1_000_000
"""Places looked at at once; bounds the memory."""
MEETINGS = 12_000_000
"""Meetings counted at once, of the same reason: eight bytes each, and sorted beside a copy."""
FADES = 40
"""Number of unrelated texts with a shingle from which it weighs next to nothing."""
LEAST_WEIGHT = 0.02
LEAST_SHARED = 2
"""Sampled shingles a pair must share."""
LEAST_SHARE = 0.04
"""Weighted share of the smaller sample that a pair must share."""
COLLAPSE = 0.6
"""Estimated similarity from which two texts count once when it is counted who has a shingle."""

_DOC_BITS = np.uint64(24)
_DOC_MASK = np.uint64((1 << 24) - 1)
MOST_TEXTS = 1 << 24
"""Most texts of one collection."""
_ONE = np.uint64(1)
_SCALE = 1000


@dataclass(frozen=True, slots=True)
class Candidates:
    """Pairs of texts, `a` < `b`, in order.

    Attributes:
        a: Number of the first text. (n,) int64.
        b: Number of the second.
        shared: Sampled shingles of both. (n,) int64.
        weighted: Weighted share, 0..1, of the smaller sample that the other has, too. (n,) float64.
    """

    a: Counts
    b: Counts
    shared: Counts
    weighted: NDArray[np.float64]


def postings(hashes: Hashes, counts: Counts, numbers: Counts) -> Hashes:
    """Return every (shingle, text) once, sorted: 40 bits of the hash, then 24 of the number.

    Args:
        hashes: Sampled shingles, text by text.
        counts: How many each text has.
        numbers: Number of each text.
    """
    packed = (hashes << _ONE) & ~_DOC_MASK
    packed |= np.repeat(numbers.astype(np.uint64), counts)
    packed.sort()
    return packed[_changes(packed)]


def pairs_of(packed: Hashes, texts: int) -> Candidates:
    """Return the pairs of texts that share enough.

    Args:
        packed: What `postings` returned.
        texts: Number of texts.
    """
    sizes = _sizes(packed, texts)
    packed, first, size = _shared(packed)
    weight = _weights(size)
    alike: list[tuple[Counts, ...]] = []
    for a, b, number, _ in _counted(packed, first, size, weight, texts):
        same = number >= COLLAPSE * (sizes[a] + sizes[b] - number)
        alike.append((a[same], b[same]))
    labels = components(texts, *map(np.concatenate, zip(*alike, strict=True)))
    weight = _weights(_spread(packed, first, size, labels))
    own = _own(packed, first, size, weight, sizes)
    parts = [_enough(*counted, own) for counted in _counted(packed, first, size, weight, texts)]
    return Candidates(*map(np.concatenate, zip(*parts, strict=True)))


def _enough(
    a: Counts, b: Counts, number: Counts, total: Counts, own: NDArray[np.float64]
) -> tuple[Counts, Counts, Counts, NDArray[np.float64]]:
    """Return the pairs of these that share enough, and their weighted share."""
    often = np.flatnonzero(number >= LEAST_SHARED)
    a, b, number, total = (values[often] for values in (a, b, number, total))
    share = total / _SCALE / np.maximum(np.minimum(own[a], own[b]), 1e-9)
    share = np.minimum(share, 1.0)
    chosen = share >= LEAST_SHARE
    return a[chosen], b[chosen], number[chosen], share[chosen]


def components(texts: int, a: Counts, b: Counts) -> Counts:
    """Return for every text the smallest number it is connected with. (texts,) int64."""
    labels = np.arange(texts)
    while len(a):
        low = np.minimum(labels[a], labels[b])
        before = labels.copy()
        np.minimum.at(labels, labels[a], low)
        np.minimum.at(labels, labels[b], low)
        labels = labels[labels]
        labels = labels[labels]
        if np.array_equal(before, labels):
            break
    return labels


def _changes(values: Hashes) -> NDArray[np.bool_]:
    """Tell where a sorted array has a value that it did not have before."""
    new = np.ones(len(values), np.bool_)
    np.not_equal(values[1:], values[:-1], out=new[1:])
    return new


def _runs(values: Hashes) -> tuple[Counts, Counts]:
    """Return where runs of equal values begin, and their lengths."""
    first = np.flatnonzero(_changes(values))
    return first, np.diff(np.append(first, len(values)))


def _sizes(packed: Hashes, texts: int) -> Counts:
    """Return how many shingles of each text there are."""
    made = np.zeros(texts, np.int64)
    for start in range(0, len(packed), BLOCK):
        text = packed[start : start + BLOCK] & _DOC_MASK
        made += np.bincount(text.view(np.int64), minlength=texts)
    return made


def _shared(packed: Hashes) -> tuple[Hashes, Counts, Counts]:
    """Return the postings of shingles that two texts have, where each one's begin, and how many."""
    shingle = packed >> _DOC_BITS
    same = np.zeros(len(packed) + 1, np.bool_)  # as the one before
    np.equal(shingle[1:], shingle[:-1], out=same[1:-1])
    kept = same[1:] | same[:-1]
    first = np.flatnonzero(~same[:-1][kept])
    ends = np.append(first, np.count_nonzero(kept))[1:]
    return packed[kept], first, ends - first


def _weights(spread: Counts) -> NDArray[np.float64]:
    made = 1 - np.log(np.maximum(spread, 1)) / np.log(FADES)
    return np.asarray(np.clip(made, LEAST_WEIGHT, 1))


def _blocks(first: Counts, size: Counts) -> Iterator[tuple[slice, slice]]:
    """Yield runs some at a time, and the places of their members."""
    start = 0
    while start < len(first):
        stop = max(start + 1, int(np.searchsorted(first, first[start] + BLOCK)))
        yield slice(start, stop), slice(int(first[start]), int(first[stop - 1] + size[stop - 1]))
        start = stop


def _spread(packed: Hashes, first: Counts, size: Counts, labels: Counts) -> Counts:
    """Return for every shared shingle how many groups of near copies have it."""
    made = []
    for part, places in _blocks(first, size):
        run = np.repeat(np.arange(part.stop - part.start, dtype=np.uint64), size[part])
        keys = labels[(packed[places] & _DOC_MASK).view(np.int64)].astype(np.uint64)
        keys |= run << _DOC_BITS
        keys.sort()
        run = keys[_changes(keys)] >> _DOC_BITS
        made.append(np.bincount(run.astype(np.int64), minlength=part.stop - part.start))
    return np.concatenate(made) if made else size


def _own(
    packed: Hashes,
    first: Counts,
    size: Counts,
    weight: NDArray[np.float64],
    sizes: Counts,
) -> NDArray[np.float64]:
    """Return the weight of every text's whole sample; a shingle that nobody shares weighs 1."""
    own = sizes.astype(np.float64)
    for part, places in _blocks(first, size):
        text = (packed[places] & _DOC_MASK).view(np.int64)
        own -= np.bincount(text, np.repeat(1 - weight[part], size[part]), minlength=len(own))
    return own


def _counted(
    packed: Hashes, first: Counts, size: Counts, weight: NDArray[np.float64], texts: int
) -> Iterator[tuple[Counts, Counts, Counts, Counts]]:
    """Yield what `_count` says of all meetings, those of some first texts at a time, in order."""
    reach = _reach(size)
    many = int((size * reach - reach * (reach + 1) // 2).sum())
    rounds = max(1, -(-many // MEETINGS))
    heavy = np.repeat((weight * _SCALE).astype(np.uint16), size)
    left = _left(first, size, reach)
    bounds = np.linspace(0, texts, rounds + 1).astype(np.uint64)
    for low, high in pairwise(bounds):
        yield _count(_meetings(packed, heavy, left, (low, high)))


def _reach(size: Counts) -> Counts:
    """Return with how many texts behind it a text meets, for every shared shingle."""
    return np.where(size > CAP, WINDOW, size - 1)


def _left(first: Counts, size: Counts, reach: Counts) -> NDArray[np.uint8]:
    """Return for every posting with how many behind it it meets."""
    made = np.empty(int(size.sum()), np.uint8)
    for part, places in _blocks(first, size):
        behind = np.repeat(first[part] + size[part] - 1, size[part])
        behind -= np.arange(places.start, places.stop)
        made[places] = np.minimum(behind, np.repeat(reach[part], size[part]))
    return made


def _meetings(
    packed: Hashes,
    heavy: NDArray[np.uint16],
    left: NDArray[np.uint8],
    limits: tuple[np.uint64, np.uint64],
) -> Hashes:
    """Return one number for every meeting of two texts: 24 bits, 24 bits, 16 bits of weight.

    Args:
        packed: Postings of shared shingles.
        heavy: Weight of each one's shingle.
        left: With how many behind it each one meets.
        limits: The first text's number is not below the first one, and below the second.
    """
    found = []
    for start in range(0, len(packed), BLOCK):
        text = packed[start : start + BLOCK + CAP] & _DOC_MASK
        second = text << np.uint64(16)
        weight, many = heavy[start : start + BLOCK], left[start : start + BLOCK]
        own = text[: len(many)]
        here = np.flatnonzero((many > 0) & (own >= limits[0]) & (own < limits[1]))
        many, pair = many[here], (own[here] << np.uint64(40)) | weight[here]
        for lag in range(1, CAP):
            if not len(here):
                break
            found.append(pair | second[here + lag])
            more = np.flatnonzero(many > lag)
            here, many, pair = here[more], many[more], pair[more]
    return np.concatenate(found) if found else np.zeros(0, np.uint64)


def _count(meetings: Hashes) -> tuple[Counts, Counts, Counts, Counts]:
    """Return pairs, how often they meet, and the sum of the weights."""
    meetings.sort()
    first, number = _runs(meetings >> np.uint64(16))
    pair = meetings[first] >> np.uint64(16)
    if not len(first):
        return (first, first, number, first)
    meetings &= np.uint64(0xFFFF)
    sums = np.cumsum(meetings.view(np.int64))
    total = np.diff(sums[first + number - 1], prepend=0)
    a = (pair >> _DOC_BITS).view(np.int64)
    b = (pair & _DOC_MASK).view(np.int64)
    return a, b, number, total

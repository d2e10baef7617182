"""What a pair of texts really shares, counted word by word.

For every candidate pair the words and 3-word shingles of each text are looked up in the other's:
exact membership, by small hash tables built for many pairs at once.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from cleannews.duplicates.signatures import (
    NAME,
    NUMBER,
    QUOTED,
    Counts,
    Tokens,
    Words,
    mix,
)

Share = NDArray[np.float64]
Flags = NDArray[np.bool_]

CHUNK_WORDS = 60_000
"""Words of the pairs that are verified at once; their tables fit the processor's cache."""
ANCHOR_WEIGHT = 1.5
"""Weight from which a capitalised word or a number is an anchor."""

_ODD = np.uint64(0x9E3779B97F4A7C15)
_HALF = np.uint64(32)
_TAKEN, _WANTED, _BOTH, _KEY = (np.uint32(v) for v in (1, 2, 3, 0xFFFFFFFC))
_ODDS = tuple(np.uint32(v) for v in (0x9E3779B1, 0x85EBCA77, 0xC2B2AE3D, 0x27D4EB2F, 0x165667B1))


@dataclass(frozen=True, slots=True)
class Evidence:
    """What each pair shares. Arrays of one value a pair; ``_a`` is about the first text.

    Attributes:
        words_a: Words of the text.
        copied_a: Share of its 3-word shingles that the other text has.
        runs_a: Share of its 5-word runs that the other text has.
        said_a: Share of its words' weight that the other text has.
        anchors_a: The same of its names and numbers.
        pairs_a: Share of its neighbouring anchors that are neighbours in the other text.
        plain_a: The same as `said_a` of words that are no anchors.
        covered_a: Share of its words that stand in a shared shingle.
        left_a: Share of the weight outside shared shingles that the other text has.
        quotes: Shared shingles that begin a quotation.
        longest: Words of the longest stretch that both have.
    """

    words_a: Share
    words_b: Share
    copied_a: Share
    copied_b: Share
    runs_a: Share
    runs_b: Share
    said_a: Share
    said_b: Share
    anchors_a: Share
    anchors_b: Share
    pairs_a: Share
    pairs_b: Share
    plain_a: Share
    plain_b: Share
    covered_a: Share
    covered_b: Share
    left_a: Share
    left_b: Share
    quotes: Share
    longest: Share

    def __len__(self) -> int:
        return len(self.words_a)

    def take(self, chosen: NDArray[np.int64] | Flags) -> Evidence:
        """Return the evidence of some of the pairs."""
        return Evidence(*(getattr(self, f.name)[chosen] for f in fields(self)))

    def shorter(self, name: str) -> Share:
        """Return a measure of the shorter text of each pair."""
        a: Share = getattr(self, f"{name}_a")
        b: Share = getattr(self, f"{name}_b")
        return np.where(self.words_a <= self.words_b, a, b)


def verify(tokens: Tokens, a: Counts, b: Counts, weights: NDArray[np.float32]) -> Evidence:
    """Count what pairs of texts share.

    Args:
        tokens: Words of all texts.
        a: Number of each pair's first text.
        b: Number of its second.
        weights: Weight of every word of `tokens`.

    Returns:
        The evidence, pair by pair.
    """
    if not len(a):
        return Evidence(*([np.zeros(0)] * len(fields(Evidence))))
    lengths = np.diff(tokens.offsets)
    longer = np.maximum(lengths[a], lengths[b])
    order = np.argsort(longer, kind="stable")  # tables of one chunk have one size
    bits = table_bits(longer[order])
    cost = np.cumsum(lengths[a][order] + lengths[b][order])
    columns: list[list[Share]] = []
    at = 0
    while at < len(order):
        spent = cost[at - 1] if at else 0
        stop = max(at + 1, int(np.searchsorted(cost, spent + CHUNK_WORDS)))
        stop = min(stop, int(np.searchsorted(bits, bits[at], "right")))
        part = order[at:stop]
        columns.append(_Chunk(tokens, a[part], b[part], weights, int(bits[at])).measure())
        at = stop
    back = np.empty(len(order), np.int64)
    back[order] = np.arange(len(order))
    return Evidence(*(np.concatenate(parts)[back] for parts in zip(*columns, strict=True)))


def table_bits(words: Counts) -> Counts:
    """Return the size of a table for so many words, as a power of 2: at most half of it is used."""
    return np.ceil(np.log2(np.maximum(words, 2) * 2)).astype(np.int64)


class _Side:
    """The words of one text of every pair of a chunk, behind each other."""

    def __init__(
        self, tokens: Tokens, numbers: Counts, weights: NDArray[np.float32], bits: int
    ) -> None:
        start = tokens.offsets[numbers]
        self.length = tokens.offsets[numbers + 1] - start
        self.first = np.cumsum(self.length) - self.length
        total = int(self.length.sum())
        at = np.arange(total) + np.repeat(start - self.first, self.length)
        self.pair = np.repeat(np.arange(len(numbers), dtype=np.uint32), self.length)
        self.base = self.pair << np.uint32(bits)
        self.words = tokens.words[at]
        self.marks = tokens.marks[at]
        self.weight = weights[at]
        self.shingles, self.whole = _shingles(self.words, self.first, self.length)
        anchor = (self.marks & (NAME | NUMBER)) != 0
        self.anchor = anchor & (self.weight > ANCHOR_WEIGHT)
        chain = np.flatnonzero(self.anchor)
        same = self.pair[chain[1:]] == self.pair[chain[:-1]]
        self.chain = chain[:-1][same]
        words = self.words.astype(np.uint64)
        links = mix(words[chain[:-1]] * _ODD + words[chain[1:]])[same]
        self.links = (links >> _HALF).astype(np.uint32)

    def total(self, values: NDArray[np.generic]) -> Share:
        """Sum values of words by pair."""
        kind = np.float32 if values.dtype.kind == "f" else np.int32
        summed = np.add.reduceat(values, self.first, dtype=kind)
        return np.asarray(summed, np.float64)

    def share(self, hit: Flags, weight: NDArray[np.float32]) -> Share:
        """Return which share of a weight was hit, by pair; 0 where there is none."""
        return _ratio(self.total(hit * weight), self.total(weight))


class _Chunk:
    """Some pairs, both ways."""

    def __init__(
        self, tokens: Tokens, a: Counts, b: Counts, weights: NDArray[np.float32], bits: int
    ) -> None:
        self.number = len(a)
        self.bits = bits
        self.sides = (_Side(tokens, a, weights, bits), _Side(tokens, b, weights, bits))

    def measure(self) -> list[Share]:
        """Return the columns of `Evidence`."""
        ways = [self._way(0), self._way(1)]
        columns = [way[i] for i in range(len(ways[0]) - 2) for way in ways]
        return [*columns, ways[0][-2], ways[0][-1]]

    def _way(self, which: int) -> list[Share]:
        """Return what of one side stands in the other, and quotes and longest stretch."""
        side, other = self.sides[which], self.sides[1 - which]
        known = other.whole
        copied = side.whole & looked_up(
            side.shingles, side.base, other.shingles[known], other.base[known], self.number, self.bits
        )
        word = looked_up(
            side.words, side.base, other.words, other.base, self.number, self.bits
        )
        linked = looked_up(
            side.links,
            side.base[side.chain],
            other.links,
            other.base[other.chain],
            self.number,
            self.bits,
        )
        five = copied.copy()
        five[:-2] &= copied[1:-1] & copied[2:]
        five[-2:] = False
        covered = copied.copy()
        covered[1:] |= copied[:-1]
        covered[2:] |= copied[:-2]
        size = side.length.astype(np.float64)
        chained = side.pair[side.chain]
        anchored = side.weight * side.anchor
        return [
            size,
            _ratio(side.total(copied), np.maximum(size - 2, 0)),
            _ratio(side.total(five), np.maximum(size - 4, 0)),
            side.share(word, side.weight),
            side.share(word, anchored),
            _ratio(
                np.bincount(chained[linked], minlength=self.number),
                np.bincount(chained, minlength=self.number),
            ),
            side.share(word, side.weight - anchored),
            _ratio(side.total(covered), size),
            side.share(word, side.weight * ~covered),
            side.total(copied & ((side.marks & QUOTED) != 0)),
            _longest(covered, side),
        ]


def _longest(covered: Flags, side: _Side) -> Share:
    """Return the length of the longest covered stretch, by pair."""
    open_ = ~covered
    open_[side.first] = True  # a stretch ends where its text does
    number = np.arange(len(covered), dtype=np.int32)
    begun = np.maximum.accumulate(np.where(open_, number, 0))
    run = np.where(covered, number - begun + covered[begun], 0)
    return np.maximum.reduceat(run, side.first).astype(np.float64)


def _ratio(part: NDArray[np.generic], whole: NDArray[np.generic]) -> Share:
    made: Share = np.divide(part, whole, out=np.zeros(len(part)), where=np.asarray(whole) > 0)
    return np.minimum(made, 1.0)


def _shingles(words: Words, first: Counts, length: Counts) -> tuple[Words, Flags]:
    """Return the shingle that begins at each word, and whether it ends in the same text."""
    wide = words.astype(np.uint64)
    made = wide * _ODD
    for back in (1, 2):
        made = mix(made)
        made[:-back] += wide[back:]
    whole = np.ones(len(words), np.bool_)
    last = first + length
    whole[last - 1] = False
    whole[last[length >= 2] - 2] = False
    return (mix(made) >> _HALF).astype(np.uint32), whole


def looked_up(
    asked: Words, asked_base: Words, known: Words, known_base: Words, pairs: int, bits: int
) -> Flags:
    """Tell for every hash whether the same pair has it among the known ones.

    Each pair has a table of its own. A slot that two different hashes want is marked; who found no
    place goes on to a second table with other slots, and so does who asks for a marked one.

    Args:
        asked: Hashes of one side. (n,) uint32.
        asked_base: Where the table of each one's pair begins.
        known: Hashes of the other side.
        known_base: The same of these.
        pairs: Number of pairs.
        bits: Each table has 2 ** bits slots.
    """
    hit, open_, lost = _first_look(
        asked, asked_base | (asked & np.uint32((1 << bits) - 1)), known, known_base, pairs, bits
    )
    shift, place = np.uint32(32 - bits), open_
    for odd in _ODDS:
        if not len(open_) or not len(lost):
            break
        known, known_base = known[lost], known_base[lost]
        asked, asked_base = asked[open_], asked_base[open_]
        slots = asked_base | ((asked * odd) >> shift)
        found, open_, lost = _first_look(asked, slots, known, known_base, pairs, bits, odd)
        hit[place[found]] = True
        place = place[open_]
    return hit


def _first_look(
    asked: Words,
    asked_slot: Words,
    known: Words,
    known_base: Words,
    pairs: int,
    bits: int,
    odd: np.uint32 | None = None,
) -> tuple[Flags, Counts, Counts]:
    """Return what was found, who has to ask again, and who found no place."""
    table = np.zeros(pairs << bits, np.uint32)
    if odd is None:
        slot = known_base | (known & np.uint32((1 << bits) - 1))
    else:
        slot = known_base | ((known * odd) >> np.uint32(32 - bits))
    # Lowest bit: the slot is taken. Next: others wanted it, too.
    entry = known & _KEY | _TAKEN
    table[slot] = entry
    lost = np.flatnonzero(table[slot] != entry)
    table[slot[lost]] |= _WANTED
    seen = table[asked_slot]
    hit = (seen | _WANTED) == (asked & _KEY | _BOTH)
    open_ = np.flatnonzero(((seen & _WANTED) != 0) & ~hit)
    return hit, open_, lost

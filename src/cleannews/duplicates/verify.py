"""What a pair of texts really shares, counted word by word.

For every candidate pair the words and 3-word shingles of each text are looked up in the other's:
exact membership, by small hash tables built for many pairs at once.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

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
from cleannews.duplicates.weights import slots

Share = NDArray[np.float64]
Flags = NDArray[np.bool_]

CHUNK_WORDS = 120_000
"""Words of the pairs that are verified at once; their tables fit the processor's cache."""
MOSTLY_COPIED = 0.85
"""Share of copied shingles of the shorter text from which its words are not looked up, too."""
ANCHOR_WEIGHT = 1.5
"""Weight from which a capitalised word or a number is an anchor."""

_ODD = np.uint64(0x9E3779B97F4A7C15)
_HALF = np.uint64(32)
_TWO = np.uint32(2)
_TAKEN, _WANTED, _BOTH, _KEY = (np.uint32(v) for v in (1, 2, 3, 0xFFFFFFFC))


@dataclass(frozen=True, slots=True)
class Evidence:
    """What each pair shares. Arrays of one value a pair; ``_a`` is about the first text.

    Attributes:
        words_a: Words of the text.
        copied_a: Share of its 3-word shingles that the other text has.
        runs_a: Share of its 5-word runs that the other text has.
        covered_a: Share of its words that stand in a shared shingle.
        pieces_a: Stretches of such words that it has.
        ends_a: How many of its two ends, 0..2, stand in such a stretch.
        said_a: Share of its words' weight that the other text has.
        anchors_a: The same of its names and numbers.
        pairs_a: Share of its neighbouring anchors that are neighbours in the other text.
        plain_a: The same as `said_a` of words that are no anchors.
        left_a: Share of the weight outside shared shingles that the other text has.
        quotes: Shared shingles that begin a quotation.
    """

    words_a: Share
    words_b: Share
    copied_a: Share
    copied_b: Share
    runs_a: Share
    runs_b: Share
    covered_a: Share
    covered_b: Share
    pieces_a: Share
    pieces_b: Share
    ends_a: Share
    ends_b: Share
    said_a: Share
    said_b: Share
    anchors_a: Share
    anchors_b: Share
    pairs_a: Share
    pairs_b: Share
    plain_a: Share
    plain_b: Share
    left_a: Share
    left_b: Share
    quotes: Share

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
        weights: Weight of the words of each slot.

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
        columns.append(_measure(tokens, a[part], b[part], weights, int(bits[at])))
        at = stop
    back = np.empty(len(order), np.int64)
    back[order] = np.arange(len(order))
    return Evidence(*(np.concatenate(parts)[back] for parts in zip(*columns, strict=True)))


def _measure(
    tokens: Tokens, a: Counts, b: Counts, weights: NDArray[np.float32], bits: int
) -> list[Share]:
    """Return the columns of `Evidence` for some pairs."""
    table = np.zeros(len(a) << bits, np.uint32)
    sides = (_Side(tokens, a, bits), _Side(tokens, b, bits))
    columns = _interleaved(
        _copied(sides[0], sides[1], table, bits), _copied(sides[1], sides[0], table, bits)
    )
    length = np.minimum(sides[0].length, sides[1].length)
    shorter = np.where(sides[0].length <= sides[1].length, columns[2], columns[3])
    # Of a text that is copied anyway, the rest is the same by and large.
    columns += [columns[2], columns[3]] * 4 + [np.ones(len(a)), np.ones(len(a))]
    other = np.flatnonzero((shorter < MOSTLY_COPIED) | (length < 40))
    if len(other):
        first = _Words(tokens, sides[0], other, weights, bits)
        second = _Words(tokens, sides[1], other, weights, bits)
        said = _interleaved(_said(first, second, table, bits), _said(second, first, table, bits))
        for i, column in enumerate(said, 12):
            columns[i] = columns[i].copy()
            columns[i][other] = column
    quoted = (_pieces(tokens.marks, sides[0].slices) & QUOTED) != 0
    return [*columns, sides[0].total(sides[0].copied & quoted)]


def _interleaved(a: list[Share], b: list[Share]) -> list[Share]:
    return [column for both in zip(a, b, strict=True) for column in both]


def table_bits(words: Counts) -> Counts:
    """Return the size of a table for so many words, as a power of 2; an eighth of it is used."""
    return np.asarray(np.ceil(np.log2(np.maximum(words, 2) * 8)), np.int64)


class _Side:
    """The shingles of one text of every pair of a chunk, behind each other."""

    def __init__(self, tokens: Tokens, numbers: Counts, bits: int) -> None:
        start = tokens.offsets[numbers]
        self.length = tokens.offsets[numbers + 1] - start
        self.first = np.cumsum(self.length) - self.length
        self.slices = [
            slice(i, i + n) for i, n in zip(start.tolist(), self.length.tolist(), strict=True)
        ]
        self.base = np.repeat(np.arange(len(numbers)) << bits, self.length)
        self.shingles = _pieces(tokens.shingles, self.slices)
        self.copied: Flags = np.zeros(0, np.bool_)
        self.covered: Flags = np.zeros(0, np.bool_)

    def total(self, values: NDArray[np.generic]) -> Share:
        """Sum values of words by pair."""
        return np.add.reduceat(values.astype(np.int32), self.first).astype(np.float64)


def _copied(side: _Side, other: _Side, table: Words, bits: int) -> list[Share]:
    """Return length, and shares of shingles, runs and words of one side that the other has."""
    hit = _looked_up(table, side.shingles, side.base, other.shingles, other.base, bits)
    side.copied = hit & (side.shingles != 0)
    covered = side.copied.copy()
    covered[1:] |= side.copied[:-1]
    covered[2:] |= side.copied[:-2]
    side.covered = covered
    begun = covered.copy()
    begun[1:] &= ~covered[:-1]
    begun[side.first] = covered[side.first]  # not by where the text before it ends
    five = side.copied.copy()
    five[:-2] &= side.copied[1:-1] & side.copied[2:]
    five[-2:] = False
    size = side.length.astype(np.float64)
    return [
        size,
        _ratio(side.total(side.copied), np.maximum(size - 2, 0)),
        _ratio(side.total(five), np.maximum(size - 4, 0)),
        _ratio(side.total(covered), size),
        side.total(begun),
        covered[side.first].astype(np.float64) + covered[side.first + side.length - 1],
    ]


class _Words:
    """The words of one text of those pairs that are not simply copies."""

    def __init__(
        self,
        tokens: Tokens,
        side: _Side,
        chosen: Counts,
        weights: NDArray[np.float32],
        bits: int,
    ) -> None:
        self.length = side.length[chosen]
        self.first = np.cumsum(self.length) - self.length
        slices = [side.slices[i] for i in chosen.tolist()]
        here = [
            slice(i, i + n)
            for i, n in zip(side.first[chosen].tolist(), self.length.tolist(), strict=True)
        ]
        self.pair = np.repeat(np.arange(len(chosen)), self.length)
        self.base = self.pair << bits
        self.covered = _pieces(side.covered, here)
        self.words = _pieces(tokens.words, slices)
        self.weight = weights[slots(self.words)]
        self.anchor = (_pieces(tokens.marks, slices) & (NAME | NUMBER)) != 0
        self.anchor &= self.weight > ANCHOR_WEIGHT
        chain = np.flatnonzero(self.anchor)
        same = self.pair[chain[1:]] == self.pair[chain[:-1]]
        self.chain = chain[:-1][same]
        words = self.words.astype(np.uint64)
        links = mix(words[chain[:-1]] * _ODD + words[chain[1:]])[same]
        self.links = (links >> _HALF).astype(np.uint32)

    def total(self, weight: NDArray[np.float32]) -> Share:
        """Sum a weight of words by pair."""
        return np.add.reduceat(weight, self.first).astype(np.float64)


def _said(side: _Words, other: _Words, table: Words, bits: int) -> list[Share]:
    """Return the shares of weight that stand in the other side, copied or not."""
    number = len(side.length)
    word = _looked_up(table, side.words, side.base, other.words, other.base, bits)
    linked = _looked_up(
        table, side.links, side.base[side.chain], other.links, other.base[other.chain], bits
    )
    chained = side.pair[side.chain]
    anchored = np.where(side.anchor, side.weight, np.float32(0))
    pairs = _ratio(
        np.bincount(chained[linked], minlength=number), np.bincount(chained, minlength=number)
    )
    none = np.float32(0)
    found, found_anchored = np.where(word, side.weight, none), np.where(word, anchored, none)
    every, anchors = side.total(side.weight), side.total(anchored)
    said, said_anchors = side.total(found), side.total(found_anchored)
    inside, said_inside = (
        side.total(np.where(side.covered, w, none)) for w in (side.weight, found)
    )
    return [
        _ratio(said, every),
        _ratio(said_anchors, anchors),
        pairs,
        _ratio(said - said_anchors, every - anchors),
        _ratio(said - said_inside, every - inside),
    ]


def _pieces(values: NDArray[Any], slices: list[slice]) -> NDArray[Any]:
    """Return pieces of an array behind each other."""
    return np.concatenate([values[piece] for piece in slices])


def _ratio(part: NDArray[np.generic], whole: NDArray[np.generic]) -> Share:
    made: Share = np.divide(part, whole, out=np.zeros(len(part)), where=np.asarray(whole) > 1e-6)
    return np.clip(made, 0.0, 1.0)


def _looked_up(
    table: Words, asked: Words, asked_base: Counts, known: Words, known_base: Counts, bits: int
) -> Flags:
    """Tell for every hash whether the same pair has it among the known ones.

    Each pair has a table of its own. A slot that two different hashes want is marked; who found no
    place there is looked for by sorting, by those who asked for a marked slot in vain.

    Args:
        table: Zeros, enough for all pairs; zeros again in the end.
        asked: Hashes of one side. (n,) uint32.
        asked_base: Where the table of each one's pair begins. (n,) int64.
        known: Hashes of the other side.
        known_base: The same of these.
        bits: Each table has 2 ** bits slots.
    """
    mask = np.uint32((1 << bits) - 1)
    slot = (known >> _TWO & mask).astype(np.int64)
    slot += known_base
    # Lowest bit: the slot is taken. Next: others wanted it, too.
    entry = known & _KEY | _TAKEN
    table[slot] = entry
    lost = np.flatnonzero(table[slot] != entry)
    table[slot[lost]] |= _WANTED
    asked_slot = (asked >> _TWO & mask).astype(np.int64)
    asked_slot += asked_base
    seen = table[asked_slot]
    table[slot] = 0
    hit: Flags = (seen | _WANTED) == (asked & _KEY | _BOTH)
    if len(lost):
        open_ = np.flatnonzero((seen & _WANTED > 0) & ~hit)
        left = (known_base[lost].astype(np.uint64) << _HALF) | known[lost]
        left.sort()
        wanted = (asked_base[open_].astype(np.uint64) << _HALF) | asked[open_]
        place = np.minimum(np.searchsorted(left, wanted), len(left) - 1)
        hit[open_[left[place] == wanted]] = True
    return hit

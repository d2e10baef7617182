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
    Hashes,
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
        lead_a: Words before its first shared shingle of any length.
        anchor_words_a: How many anchors it has.
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
    lead_a: Share
    lead_b: Share
    anchor_words_a: Share
    anchor_words_b: Share
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
    lengths = np.diff(tokens.offsets)
    cost = np.cumsum(lengths[a] + lengths[b])
    columns: list[list[Share]] = []
    at = 0
    while at < len(a):
        spent = cost[at - 1] if at else 0
        stop = max(at + 1, int(np.searchsorted(cost, spent + CHUNK_WORDS)))
        columns.append(_Chunk(tokens, a[at:stop], b[at:stop], weights).measure())
        at = stop
    if not columns:
        return Evidence(*([np.zeros(0)] * len(fields(Evidence))))
    return Evidence(*(np.concatenate(parts) for parts in zip(*columns, strict=True)))


class _Side:
    """The words of one text of every pair of a chunk, behind each other."""

    def __init__(self, tokens: Tokens, numbers: Counts, weights: NDArray[np.float32]) -> None:
        start = tokens.offsets[numbers]
        self.length = tokens.offsets[numbers + 1] - start
        self.first = np.cumsum(self.length) - self.length
        total = int(self.length.sum())
        at = np.arange(total) + np.repeat(start - self.first, self.length)
        self.pair = np.repeat(np.arange(len(numbers)), self.length)
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
        self.links = mix(words[chain[:-1]] * _ODD + words[chain[1:]])[same]

    def total(self, values: NDArray[np.generic]) -> Share:
        """Sum values of words by pair."""
        return np.bincount(self.pair, values, minlength=len(self.length))

    def share(self, hit: Flags, weight: NDArray[np.generic]) -> Share:
        """Return which share of a weight was hit, by pair; 0 where there is none."""
        whole = self.total(weight)
        return _ratio(self.total(np.where(hit, weight, 0)), whole)


class _Chunk:
    """Some pairs, both ways."""

    def __init__(self, tokens: Tokens, a: Counts, b: Counts, weights: NDArray[np.float32]) -> None:
        self.number = len(a)
        self.sides = (_Side(tokens, a, weights), _Side(tokens, b, weights))

    def measure(self) -> list[Share]:
        """Return the columns of `Evidence`."""
        ways = [self._way(0), self._way(1)]
        columns = [way[i] for i in range(len(ways[0]) - 2) for way in ways]
        return [*columns, ways[0][-2], ways[0][-1]]

    def _way(self, which: int) -> list[Share]:
        """Return what of one side stands in the other, and quotes and longest stretch."""
        side, other = self.sides[which], self.sides[1 - which]
        copied = side.whole & found_in(
            side.shingles,
            side.pair,
            other.shingles[other.whole],
            other.pair[other.whole],
            self.number,
        )
        word = found_in(side.words, side.pair, other.words, other.pair, self.number)
        linked = found_in(
            side.links, side.pair[side.chain], other.links, other.pair[other.chain], self.number
        )
        five = copied.copy()
        five[:-2] &= copied[1:-1] & copied[2:]
        five[-2:] = False
        covered = copied.copy()
        covered[1:] |= copied[:-1]
        covered[2:] |= copied[:-2]
        size = side.length.astype(np.float64)
        place = np.arange(len(copied)) - np.repeat(side.first, side.length)
        lead = (
            np.minimum.reduceat(
                np.append(np.where(five, place, np.repeat(side.length, side.length)), 0), side.first
            )
            if len(copied)
            else np.zeros(self.number)
        )
        anchor_links = side.pair[side.chain]
        return [
            size,
            _ratio(side.total(copied), np.maximum(size - 2, 0)),
            _ratio(side.total(five), np.maximum(size - 4, 0)),
            side.share(word, side.weight),
            side.share(word, side.weight * side.anchor),
            _ratio(
                np.bincount(anchor_links, linked, minlength=self.number),
                np.bincount(anchor_links, minlength=self.number),
            ),
            side.share(word, side.weight * ~side.anchor),
            _ratio(side.total(covered), size),
            side.share(word, side.weight * ~covered),
            lead.astype(np.float64),
            side.total(side.anchor),
            side.total(copied & ((side.marks & QUOTED) != 0)),
            _longest(covered, side),
        ]


def _longest(covered: Flags, side: _Side) -> Share:
    """Return the length of the longest covered stretch, by pair."""
    number = np.arange(len(covered))
    open_ = np.ones(len(covered), np.bool_)
    open_[1:] = ~covered[:-1] | (side.pair[1:] != side.pair[:-1])
    begun = np.maximum.accumulate(np.where(open_, number, 0))
    run = np.where(covered, number - begun + 1, 0)
    made = np.zeros(len(side.length))
    filled = np.flatnonzero(side.length)
    if len(filled):
        made[filled] = np.maximum.reduceat(run, side.first[filled])
    return made


def _ratio(part: NDArray[np.generic], whole: NDArray[np.generic]) -> Share:
    made: Share = np.divide(part, whole, out=np.zeros(len(part)), where=np.asarray(whole) > 0)
    return np.minimum(made, 1.0)


def _shingles(words: Words, first: Counts, length: Counts) -> tuple[Hashes, Flags]:
    """Return the shingle that begins at each word, and whether it ends in the same text."""
    wide = words.astype(np.uint64)
    made = wide * _ODD
    for back in (1, 2):
        made = mix(made)
        made[:-back] += wide[back:]
    whole = np.ones(len(words), np.bool_)
    last = first + length
    whole[last[length >= 1] - 1] = False
    whole[last[length >= 2] - 2] = False
    return mix(made), whole


def found_in(
    asked: Hashes | Words, asked_pair: Counts, known: Hashes | Words, known_pair: Counts, pairs: int
) -> Flags:
    """Tell for every hash whether the same pair has it among the known ones. Exact.

    Each pair has a table of its own. A slot that two different hashes want is marked, and the
    later one goes to another table, until everyone has a place.
    """
    asked, known = asked.astype(np.uint64), known.astype(np.uint64)
    hit = np.zeros(len(asked), np.bool_)
    many = np.bincount(known_pair, minlength=pairs)
    bits = np.ceil(np.log2(np.maximum(many, 1) * 4)).astype(np.int64)
    base = np.cumsum(1 << bits) - (1 << bits)
    shift = (64 - bits).astype(np.uint64)
    question = np.arange(len(asked))
    for turn in range(64):
        if not len(known) or not len(question):
            break
        odd = np.uint64((0x9E3779B97F4A7C15 * (2 * turn + 1)) % 2**64)
        table = np.zeros(int(base[-1] + (1 << bits[-1])), np.uint64)
        slot = base[known_pair] + ((known * odd) >> shift[known_pair]).astype(np.int64)
        # The lowest bit says that the slot is taken, the next that others wanted it.
        entry = (known << np.uint64(2)) | np.uint64(1)
        table[slot] = entry
        lost = table[slot] != entry
        table[slot[lost]] |= np.uint64(2)
        pair, value = asked_pair[question], asked[question]
        seen = table[base[pair] + ((value * odd) >> shift[pair]).astype(np.int64)]
        same = (seen | np.uint64(2)) == (value << np.uint64(2)) | np.uint64(3)
        hit[question[same]] = True
        question = question[~same & ((seen & np.uint64(2)) != 0)]
        known, known_pair = known[lost], known_pair[lost]
    return hit

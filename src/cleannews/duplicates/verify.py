"""What a pair of texts really shares, counted word by word.

The words and 3-word shingles of the texts of a small circle are looked up once, and each gets a
mask of the texts that have it; what a pair shares is then one bit of the masks of its texts.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cleannews.duplicates.circles import circles
from cleannews.duplicates.masks import Masks, mask_type, masks_of
from cleannews.duplicates.signatures import (
    NAME,
    NUMBER,
    QUOTED,
    Counts,
    Tokens,
    Words,
    mix,
    shingles_of,
)
from cleannews.duplicates.weights import slots

Share = NDArray[np.float64]
Flags = NDArray[np.bool_]

CHUNK_WORDS = 60_000
"""Words of the texts whose masks are made at once; they fit the processor's cache."""
CHUNK_CIRCLES = 1 << 12
"""Most circles looked at at once."""
PAIR_WORDS = 120_000
"""Words of the pairs that are counted at once."""
MOSTLY_COPIED = 0.85
"""Share of copied shingles of the shorter text from which its words are not looked up, too."""
SHORT = 40
"""Words of the shorter text below which its words are looked up in any case."""
ANCHOR_WEIGHT = 1.5
"""Weight from which a capitalised word or a number is an anchor."""

_ODD = np.uint64(0x9E3779B97F4A7C15)
_HALF = np.uint64(32)


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
    made = np.zeros((len(fields(Evidence)), len(a)))
    if not len(a):
        return Evidence(*made)
    lengths = np.diff(tokens.offsets)
    found = circles(a, b, lengths)
    for members, pairs in found.chunks(lengths, CHUNK_WORDS, CHUNK_CIRCLES):
        texts = _Texts(tokens, found.text[members], found.circle[members])
        sides = texts.at[found.a[pairs] - members.start], texts.at[found.b[pairs] - members.start]
        made[:, found.pair[pairs]] = _measure(texts, *sides, weights)
    return Evidence(*made)


def _measure(
    texts: _Texts, a: Counts, b: Counts, weights: NDArray[np.float32]
) -> NDArray[np.float64]:
    """Return the columns of `Evidence` for the pairs of some circles, one row a column."""
    pairs = len(a)
    masks = texts.masks_of_shingles()
    quoted = (texts.marks & QUOTED) != 0
    copied = np.concatenate(
        [_copied(texts, masks, quoted, a[part], b[part]) for part in _parts(texts, a, b)], 1
    )
    columns = np.empty((len(fields(Evidence)), pairs))
    columns[:12], columns[22] = copied[:12], copied[12]
    length = np.minimum(columns[0], columns[1])
    shorter = np.where(columns[0] <= columns[1], columns[2], columns[3])
    # Of a text that is copied anyway, the rest is the same by and large.
    columns[12:20:2], columns[13:20:2], columns[20:22] = columns[2], columns[3], 1
    other = np.flatnonzero((shorter < MOSTLY_COPIED) | (length < SHORT))
    if len(other):
        a, b = a[other], b[other]
        asked = np.zeros(len(texts.length), np.bool_)
        asked[a] = asked[b] = True
        words = _Words(texts, asked, weights)
        parts = [_said(texts, words, masks, a[part], b[part]) for part in _parts(texts, a, b)]
        columns[12:22, other] = np.concatenate(parts, 1)
    return columns


def _parts(texts: _Texts, a: Counts, b: Counts) -> Iterator[slice]:
    """Yield some of the pairs at a time, at least one."""
    cost = np.cumsum(texts.length[a] + texts.length[b])
    at = 0
    while at < len(a):
        spent = int(cost[at - 1]) if at else 0
        stop = max(at + 1, int(np.searchsorted(cost, spent + PAIR_WORDS, "right")))
        yield slice(at, stop)
        at = stop


class _Texts:
    """The members of some circles: the first ones of all circles, then the second ones, and so on.

    Attributes:
        at: Where each member is that was given. (members,) int64.
        circle: Circle of each member, the first one being 0. (members,) int64.
        place: Which of its circle's members each one is. (members,) int64.
        bit: Its bit in the masks. (members,) of the masks' type.
        length: Words of each one. (members,) int64.
        first: Where they begin. (members,) int64.
        words: The members' words, behind each other. uint32.
        marks: Their marks. uint8.
        slices: Where each member's words are.
    """

    def __init__(self, tokens: Tokens, numbers: Counts, circle: Counts) -> None:
        number = np.arange(len(numbers))
        new = np.ones(len(numbers), np.bool_)
        new[1:] = circle[1:] != circle[:-1]
        place = number - np.maximum.accumulate(np.where(new, number, 0))
        order = np.argsort(place, kind="stable")
        self.at = np.empty(len(order), np.int64)
        self.at[order] = number
        self.circle, self.place = circle[order] - circle[0], place[order]
        self.bit = np.left_shift(1, self.place).astype(mask_type(int(self.place[-1]) + 1))
        start = tokens.offsets[numbers[order]]
        self.length = tokens.offsets[numbers[order] + 1] - start
        self.first = np.cumsum(self.length) - self.length
        self.slices = _slices(self.first, self.length)
        here = _slices(start, self.length)
        self.words = _pieces(tokens.words, here)
        self.marks = _pieces(tokens.marks, here)
        self._shingles = shingles_of(self.words, np.append(self.first, len(self.words)))

    def masks_of_shingles(self) -> Masks:
        """Return for every word which members of the circle have the shingle that begins there."""
        made = self.masks(self._shingles, self.length)
        made *= self._shingles != 0
        return made

    def masks(self, hashes: Words, lengths: Counts) -> Masks:
        """Return for every hash which members of its circle have it, too, as bits.

        Args:
            hashes: Hashes, member by member.
            lengths: How many each member has.
        """
        return masks_of(hashes, lengths, self.circle, self.place, self.bit.dtype)


def _slices(start: Counts, length: Counts) -> list[slice]:
    return [slice(i, i + n) for i, n in zip(start.tolist(), length.tolist(), strict=True)]


def _covered(copied: Flags) -> Flags:
    """Tell which words stand in a shared shingle."""
    covered = copied.copy()
    covered[1:] |= copied[:-1]
    covered[2:] |= copied[:-2]
    return covered


class _Sides:
    """Both directions of some pairs: what the first text has of the second, then the other way.

    Attributes:
        asked: Member whose words are looked at. (2 * pairs,) int64.
        other: Member in which they are looked for.
        length: Words of `asked`.
        first: Where they begin, when they stand behind each other.
        pieces: Where they are among the members' words.
    """

    def __init__(self, texts: _Texts, a: Counts, b: Counts) -> None:
        self.asked, self.other = np.concatenate([a, b]), np.concatenate([b, a])
        self.length = texts.length[self.asked]
        self.first = np.cumsum(self.length) - self.length
        self.pieces = list(map(texts.slices.__getitem__, self.asked.tolist()))
        self._bits = np.repeat(texts.bit[self.other], self.length)

    def shared(self, masks: Masks, pieces: list[slice]) -> Flags:
        """Tell which words of each side the other one has, by the masks of all members."""
        found = _pieces(masks, pieces)
        found &= self._bits
        made: Flags = found != 0
        return made


def _copied(
    texts: _Texts, masks: Masks, quoted: Flags, a: Counts, b: Counts
) -> NDArray[np.float64]:
    """Return the first columns of `Evidence`, those that shingles tell, and the last one."""
    sides = _Sides(texts, a, b)
    length, first = sides.length, sides.first
    copied = sides.shared(masks, sides.pieces)
    covered = _covered(copied)
    begun = covered.copy()
    begun[1:] &= ~covered[:-1]
    begun[first] = covered[first]  # not by where the text before it ends
    five = copied.copy()
    five[:-2] &= copied[1:-1] & copied[2:]
    five[-2:] = False
    size = length.astype(np.float64)
    made = np.empty((13, len(a)))
    for i, column in enumerate(
        (
            size,
            _ratio(_total(copied, first), np.maximum(size - 2, 0)),
            _ratio(_total(five, first), np.maximum(size - 4, 0)),
            _ratio(_total(covered, first), size),
            _total(begun, first),
            covered[first].astype(np.float64) + covered[first + length - 1],
        )
    ):
        made[2 * i], made[2 * i + 1] = column[: len(a)], column[len(a) :]
    quotes = _pieces(quoted, sides.pieces[: len(a)])
    quotes &= copied[: len(quotes)]
    made[12] = _total(quotes, first[: len(a)])
    return made


def _total(flags: Flags, first: Counts) -> Share:
    return np.add.reduceat(flags, first, dtype=np.int32).astype(np.float64)


class _Words:
    """The words of those members that have a pair which is not simply copied.

    Attributes:
        masks: For every word of the members, which members of the circle have it, too.
        weight: Weight of every word, below 0 if it is an anchor. float32.
        every: Sum of the weights. (members,) float64.
        anchors: The same of the anchors.
        links: How many neighbouring anchors each member has. (members,) int64.
    """

    def __init__(self, texts: _Texts, asked: Flags, weights: NDArray[np.float32]) -> None:
        lengths = np.where(asked, texts.length, 0)
        members = np.flatnonzero(asked)
        here = list(map(texts.slices.__getitem__, members.tolist()))
        words = _pieces(texts.words, here)
        first = np.cumsum(lengths) - lengths
        self.slices = _slices(first, lengths)
        self.masks = texts.masks(words, lengths)
        self.weight = weights[slots(words)]
        anchor = (_pieces(texts.marks, here) & (NAME | NUMBER)) != 0
        anchor &= self.weight > ANCHOR_WEIGHT
        self.every, self.anchors = np.zeros((2, len(asked)))
        self.every[members] = np.add.reduceat(self.weight, first[members])
        self.anchors[members] = np.add.reduceat(self.weight * anchor, first[members])
        self.weight *= 1 - 2 * anchor.view(np.int8)
        chain = np.flatnonzero(anchor)
        member = np.repeat(np.arange(len(asked)), lengths)[chain]
        same = member[1:] == member[:-1]
        wide = words[chain].astype(np.uint64)
        links = (mix(wide[:-1] * _ODD + wide[1:])[same] >> _HALF).astype(np.uint32)
        self.links = np.bincount(member[1:][same], minlength=len(asked))
        self._links_at = np.cumsum(self.links) - self.links
        self._links_masks = texts.masks(links, self.links)

    def linked(self, texts: _Texts, a: Counts, b: Counts) -> Share:
        """Return how many neighbouring anchors of the members `a` are neighbours in `b`."""
        many = self.links[a]
        ends = np.cumsum(many)
        at = np.arange(int(ends[-1])) + np.repeat(self._links_at[a] - ends + many, many)
        found = (self._links_masks[at] & np.repeat(texts.bit[b], many)) != 0
        sums = np.concatenate([[0], np.cumsum(found)])
        return np.asarray(sums[ends] - sums[ends - many], np.float64)


def _said(texts: _Texts, words: _Words, masks: Masks, a: Counts, b: Counts) -> NDArray[np.float64]:
    """Return the columns of `Evidence` about words, copied or not."""
    sides = _Sides(texts, a, b)
    asked, first = sides.asked, sides.first
    pieces = list(map(words.slices.__getitem__, asked.tolist()))
    covered = _covered(sides.shared(masks, sides.pieces))
    found = sides.shared(words.masks, pieces)
    weight = _pieces(words.weight, pieces)
    anchored = np.minimum(weight, np.float32(0))
    np.abs(weight, out=weight)

    def total(values: NDArray[np.float32]) -> Share:
        return np.add.reduceat(values, first).astype(np.float64)

    # Weights times False are 0, as where nothing was found.
    anchored *= found
    said_anchors = -total(anchored)
    inside = total(weight * covered)
    weight *= found
    said = total(weight)
    weight *= covered
    said_inside = total(weight)
    every, anchors = words.every[asked], words.anchors[asked]
    made = np.empty((10, len(a)))
    for i, column in enumerate(
        (
            _ratio(said, every),
            _ratio(said_anchors, anchors),
            _ratio(words.linked(texts, asked, sides.other), words.links[asked]),
            _ratio(said - said_anchors, every - anchors),
            _ratio(said - said_inside, every - inside),
        )
    ):
        made[2 * i], made[2 * i + 1] = column[: len(a)], column[len(a) :]
    return made


def _pieces(values: NDArray[Any], slices: list[slice]) -> NDArray[Any]:
    """Return pieces of an array behind each other."""
    return np.concatenate(list(map(values.__getitem__, slices)))


def _ratio(part: NDArray[np.generic], whole: NDArray[np.generic]) -> Share:
    made: Share = np.divide(part, whole, out=np.zeros(len(part)), where=np.asarray(whole) > 1e-6)
    return np.clip(made, 0.0, 1.0)

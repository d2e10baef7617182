"""Texts to hashed words, many at once: one pass over the bytes, no Python object for a word.

Words are found by a table over UTF-8 bytes, made lower case in place, and hashed from their first
and last eight bytes. Chinese, Japanese, Thai, Lao, Khmer and Burmese have no spaces: there every
character starts a "word" of two or three characters.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cleannews.duplicates.names import Names
from cleannews.duplicates.spilling import Column
from cleannews.reading.folding import mixed_words, visible

Words = NDArray[np.uint32]
Hashes = NDArray[np.uint64]
Counts = NDArray[np.int64]
Bytes = NDArray[np.uint8]

NAME, NUMBER, QUOTED = 1, 2, 4
"""Marks of a word: it begins with a capital, with a digit, right after a quotation mark opens."""

BATCH = 300_000
"""Characters hashed at once: small enough for the processor's cache."""

_SPACE = 32
_TABLE = bytes(
    (c | 32) if 65 <= c <= 90 else (c if 48 <= c <= 57 or 97 <= c <= 122 or c >= 128 else _SPACE)
    for c in range(256)
)
_MASK = np.array([(1 << (8 * i)) - 1 for i in range(8)] + [(1 << 64) - 1], np.uint64)
_ODD = np.uint64(0x9E3779B97F4A7C15)
_ODD2 = np.uint64(0xC2B2AE3D27D4EB4F)
_HALF, _LESS, _EIGHTH = np.uint64(32), np.uint64(29), np.uint64(8)
_TAIL = b" " * 16
_FORMS = re.compile("[\u0300-\u036f\uff10-\uff5a]")


SIZE = 3
"""Words per shingle."""
SHORT = 200
"""Most words of a short text."""
SHORT_LIMIT, LONG_LIMIT = np.uint64(1 << 63), np.uint64(1 << 61)
"""A shingle is sampled when its hash is smaller: every other one of short texts, else one in 8."""


@dataclass(frozen=True, slots=True)
class Tokens:
    """The words of many texts.

    Attributes:
        words: Hash of every word, in order of text and position. (n,) uint32.
        marks: `NAME`, `NUMBER`, `QUOTED` or their sum. (n,) uint8.
        offsets: Where each text's words begin, and one past the last. (texts + 1,) int64.
        sampled: Hashes of the sampled shingles, text by text, repeats included. (m,) uint64.
        sizes: How many of them each text has. (texts,) int64.
        whole: One hash of each text's words in order; 0 for a text without words. (texts,) uint64.
    """

    words: Words
    marks: NDArray[np.uint8]
    offsets: Counts
    sampled: Hashes
    sizes: Counts
    whole: Hashes

    def __len__(self) -> int:
        return len(self.offsets) - 1


def shingles_of(words: Words, offsets: Counts) -> Words:
    """Return the hash of the three words from each one on; 0 where a text ends. (n,) uint32.

    Args:
        words: Words of texts, behind each other.
        offsets: Where each text's words begin, and one past the last.
    """
    made, inside = _shingles(words, offsets)
    made >>= _EIGHTH
    short = made.astype(np.uint32)
    short |= np.uint32(1)
    short *= inside
    return short


def read_tokens(texts: Iterable[str], *, names: Names | None = None) -> Tokens:
    """Hash the words of texts.

    Args:
        texts: Any texts; lone surrogates are allowed.
        names: Given the first spelling of each name and number, for evidence.

    Returns:
        The words of all texts, in order.

    >>> tokens = read_tokens(["Mr Li paid 5", "", "mr li"], names=(names := Names()))
    >>> tokens.offsets.tolist(), tokens.marks.tolist()
    ([0, 4, 4, 6], [1, 1, 0, 2, 0, 0])
    >>> sorted(names.of(tokens.words).values())
    ['5', 'Li', 'Mr']
    """
    columns = [Column() for _ in fields(Tokens)]
    try:
        _fill(columns, texts, names)
        if columns[0].empty:
            return _Batch([]).tokens(0)
        return Tokens(*(column.whole() for column in columns))
    finally:
        for column in columns:
            column.close()


def _fill(columns: Sequence[Column], texts: Iterable[str], names: Names | None) -> None:
    total = 0
    for batch in batches(texts):
        found = _Batch(batch)
        tokens = found.tokens(total)
        total += len(found.words)
        for column, field in zip(columns, fields(Tokens), strict=True):
            values = getattr(tokens, field.name)
            is_first = field.name != "offsets" or column.empty
            column.append(values if is_first else values[1:])
        if names is not None:
            found.learn_names(names)


def batches(texts: Iterable[str]) -> Iterator[list[str]]:
    """Yield the texts in lists of about `BATCH` characters."""
    batch: list[str] = []
    size = 0
    for text in texts:
        batch.append(text)
        size += len(text)
        if size >= BATCH:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def mix(hashes: Hashes) -> Hashes:
    """Return hashes whose every bit depends on all bits. Wraps around."""
    return (hashes ^ (hashes >> _LESS)) * _ODD2


def _shingles(words: Words, offsets: Counts) -> tuple[Hashes, NDArray[np.bool_]]:
    """Return the hash of the three words from each one on, and whether they are of one text."""
    wide = words.astype(np.uint64)
    made = wide * _ODD
    for ahead in range(1, SIZE):
        made ^= made >> _LESS
        made *= _ODD2
        made[:-ahead] += wide[ahead:]
    made ^= made >> _LESS
    made *= _ODD2
    made ^= made >> _HALF
    inside = np.ones(len(words), np.bool_)
    ends, lengths = offsets[1:], np.diff(offsets)
    for back in range(1, SIZE):
        inside[ends[lengths >= back] - back] = False
    return made, inside


def _whole(words: Words, offsets: Counts) -> Hashes:
    """Return one hash of each text's words in order; 0 for a text without words."""
    lengths = np.diff(offsets)
    place = np.arange(len(words), dtype=np.uint64)
    place -= np.repeat(offsets[:-1].astype(np.uint64), lengths)
    parts = mix(words * _ODD + place * _ODD2)
    parts ^= parts >> _HALF
    made = np.zeros(len(lengths), np.uint64)
    filled = np.flatnonzero(lengths)
    if len(filled):
        made[filled] = mix(np.add.reduceat(parts, offsets[:-1][filled]))
    return made


class _Batch:
    """One batch of texts as bytes, and the words found in them."""

    def __init__(self, texts: Sequence[str]) -> None:
        raw, ends, leads = _encode(texts)
        self._raw = raw
        self._bytes = np.frombuffer(raw, np.uint8)
        low = np.frombuffer(bytearray(raw.translate(_TABLE)), np.uint8)
        dense = None
        if len(leads):
            _plain(low, leads)
            dense = _dense_starts(low, leads)
        starts, stops = _bounds(low)
        if dense is not None and len(dense[0]):
            starts, stops, low = _with_dense(starts, stops, low, dense)
        self._starts, self._stops = starts, stops
        self.words = _hash(low, starts, stops)
        self.marks = self._mark(low, wide=len(leads) > 0)
        self.offsets = np.concatenate([[0], np.searchsorted(starts, ends)]).astype(np.int64)

    def tokens(self, start: int) -> Tokens:
        """Return what was found; offsets begin at `start`."""
        words, offsets = self.words, self.offsets
        made, inside = _shingles(words, offsets)
        lengths = np.diff(offsets)
        limit = np.repeat(np.where(lengths <= SHORT, SHORT_LIMIT, LONG_LIMIT), lengths)
        chosen = np.flatnonzero(inside & (made < limit))
        bounds = np.searchsorted(chosen, offsets)
        return Tokens(
            words,
            self.marks,
            offsets + start,
            made[chosen],
            np.diff(bounds),
            _whole(words, offsets),
        )

    def _mark(self, low: Bytes, *, wide: bool) -> NDArray[np.uint8]:
        raw, at = self._bytes, self._starts
        first, before = raw[at], raw[at - 1]
        capital = first != low[at]
        quoted = before == 0x22
        if wide:
            some = np.flatnonzero((first >= 0xC3) & (first <= 0xE1))
            after = at[some] + 1
            capital[some] |= raw[after] != low[after]
            some = np.flatnonzero((before == 0x9C) | (before == 0xAB))
            last, second, third = before[some], raw[at[some] - 2], raw[at[some] - 3]
            quoted[some] = (last == 0x9C) & (second == 0x80) & (third == 0xE2)
            quoted[some] |= (last == 0xAB) & (second == 0xC2)
        digit = first - np.uint8(48) < 10
        capital &= ~digit
        marks: NDArray[np.uint8] = capital.view(np.uint8)
        marks |= digit.view(np.uint8) * np.uint8(NUMBER)
        marks |= quoted.view(np.uint8) * np.uint8(QUOTED)
        return marks

    def learn_names(self, names: Names) -> None:
        """Add the first spelling of each name and number that `names` may not have yet."""
        at = np.flatnonzero((self.marks & (NAME | NUMBER)) != 0)
        at = at[names.unseen(self.words[at])]
        if not len(at):
            return
        new, first = np.unique(self.words[at], return_index=True)
        at, raw = at[first], self._raw
        places = zip(self._starts[at].tolist(), self._stops[at].tolist(), strict=True)
        names.add(new, [raw[start:stop] for start, stop in places])


def _encode(texts: Sequence[str]) -> tuple[bytes, Counts, Counts]:
    """Return the texts as UTF-8, where each one ends, and where characters beyond ASCII begin.

    Look-alike letters and combining marks are made plain. A line end stands behind each text, and
    blanks behind all.
    """
    encoded = [text.encode("utf-8", "surrogatepass") for text in texts]
    raw, leads = _joined(encoded)
    first = np.frombuffer(raw, np.uint8)[leads]
    # Greek, Cyrillic, combining marks and full-width forms: bytes CC to D3, and EF BC or EF BD.
    if ((first >= 0xCC) & (first <= 0xD3) | (first == 0xEF)).any():
        encoded = [
            visible(text).encode("utf-8", "surrogatepass")
            if len(data) != len(text) and (mixed_words(text) or _FORMS.search(text))
            else data
            for text, data in zip(texts, encoded, strict=True)
        ]
        raw, leads = _joined(encoded)
    lengths = np.fromiter(map(len, encoded), np.int64, len(encoded))
    return raw, np.cumsum(lengths + 1), leads


def _joined(encoded: Sequence[bytes]) -> tuple[bytes, Counts]:
    raw = b"\n".join([*encoded, _TAIL])
    if raw.isascii():
        return raw, np.zeros(0, np.int64)
    return raw, np.flatnonzero(np.frombuffer(raw, np.uint8) >= 0xC2)


def _plain(low: Bytes, at: Counts) -> None:
    """Make non-ASCII letters lower case and punctuation blank, in place, without moving a byte.

    Args:
        low: Bytes of texts.
        at: Where characters beyond ASCII begin.
    """
    lead, after = low[at], low[at + 1]
    for width, test in (
        (3, (lead == 0xE2) & (after == 0x80)),
        (3, (lead == 0xE3) & (after == 0x80)),
        (3, (lead == 0xEF) & (after == 0xBC) & (low[at + 2] < 0x90)),
        (2, (lead == 0xC2) & (after != 0xAA) & (after != 0xB5) & (after != 0xBA)),
        (2, (lead == 0xD8) & ((after == 0x8C) | (after == 0x9B) | (after == 0x9F))),
        (2, (lead == 0xD9) & (after == 0x80)),
    ):
        place = at[test]
        for i in range(width):
            low[place + i] = _SPACE
    if not ((lead >= 0xC3) & (lead != 0xE2)).any():
        return
    for test, lead_by, after_by in _lower_rules(lead, after):
        place = at[test]
        low[place] += np.uint8(lead_by % 256)
        low[place + 1] += np.uint8(after_by % 256)
    place = at[(lead == 0xE1) & (after >= 0xB8) & (after <= 0xBB)]
    low[place + 2] |= 1


def _lower_rules(lead: Bytes, after: Bytes) -> Iterator[tuple[NDArray[np.bool_], int, int]]:
    """Yield which two-byte letters are capitals, and what to add to both bytes.

    Latin-1, Latin Extended-A, Greek and Cyrillic.
    """
    yield (lead == 0xC3) & (after <= 0x9E) & (after != 0x97), 0, 32
    pairs = (lead == 0xC4) & (after <= 0xB7) | (lead == 0xC5) & (after >= 0x8A) & (after <= 0xB7)
    yield pairs & (after % 2 == 0), 0, 1
    shifted = (lead == 0xC4) & (after >= 0xB9)
    shifted |= (lead == 0xC5) & ((after <= 0x88) | (after >= 0xB9) & (after <= 0xBE))
    yield shifted & (after % 2 == 1) & (after != 0xBF), 0, 1
    yield (lead == 0xD0) & (after >= 0x90) & (after <= 0x9F), 0, 32
    yield (lead == 0xD0) & (after >= 0xA0) & (after <= 0xAF), 1, -32
    yield (lead == 0xD0) & (after <= 0x8F), 1, 16
    yield (lead == 0xCE) & (after >= 0x91) & (after <= 0x9F), 0, 32
    yield (lead == 0xCE) & (after >= 0xA0) & (after <= 0xA9), 1, -32


def _bounds(low: Bytes) -> tuple[Counts, Counts]:
    """Return where words start and stop."""
    inside = low != _SPACE
    edges = np.flatnonzero(inside[1:] != inside[:-1])
    edges += 1
    if inside[0]:
        edges = np.concatenate([[0], edges])
    return np.ascontiguousarray(edges[0::2]), np.ascontiguousarray(edges[1::2])


def _dense_starts(low: Bytes, leads: Counts) -> tuple[Counts, Counts] | None:
    """Return where characters of scripts without spaces start, and their windows' lengths."""
    first = low[leads]
    lead = leads[(first >= 0xE0) & (first <= 0xE9)]
    if not len(lead):
        return None
    first, after = low[lead], low[lead + 1]
    han = (first >= 0xE3) | ((first == 0xE2) & (after >= 0xBA))
    south = ((first == 0xE0) & (after >= 0xB8) & (after <= 0xBB)) | (
        (first == 0xE1) & ((after == 0x80) | (after == 0x81) | (after == 0x9E) | (after == 0x9F))
    )
    chosen = han | south
    return lead[chosen], np.where(han, 6, 9)[chosen]


def _with_dense(
    starts: Counts, stops: Counts, low: Bytes, dense: tuple[Counts, Counts]
) -> tuple[Counts, Counts, Bytes]:
    """Replace runs of dense characters by one word for every character."""
    at, width = dense
    blank = low.copy()
    for i in range(3):
        blank[at + i] = _SPACE
    starts, stops = _bounds(blank)
    edges = np.flatnonzero(low == _SPACE)
    limit = edges[np.searchsorted(edges, at)]
    end = np.minimum(at + width, limit)
    every = np.concatenate([starts, at])
    order = np.argsort(every, kind="stable")
    return every[order], np.concatenate([stops, end])[order], low


def _hash(low: Bytes, starts: Counts, stops: Counts) -> Words:
    """Hash words from their first and last eight bytes and their length. (n,) uint32."""
    lengths = stops - starts
    # Eight bytes from any place on: a view whose elements overlap.
    eight: Any = np.ndarray((len(low) - 8,), "<u8", low, strides=(1,))
    made = (eight[starts] & _MASK[np.minimum(lengths, 8)]) * _ODD
    long = np.flatnonzero(lengths > 8)
    made[long] ^= (eight[stops[long] - 8] + lengths[long].astype(np.uint64)) * _ODD2
    made ^= made >> _HALF
    made *= _ODD2
    return np.asarray(made >> _HALF, np.uint32)

"""Characters and words of many lines at once, in numpy: what the learned scorer sees of a line.

All lines of a page are joined and looked at together; a loop over characters in Python would cost
more than everything else. No word list, no stop words, no language: a letter is a letter in any
script, and where a script puts no space between words, every character counts as one.

Source:
    Shape features after Kohlschütter et al., "Boilerplate Detection using Shallow Text Features"
    (2010); hashed words after Weinberger et al., "Feature Hashing for Large Scale Multitask
    Learning" (2009).
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Integers = NDArray[np.int64]
Hashes = NDArray[np.uint32]

(
    LOWER, UPPER, DIGIT, UNSPACED, SPACE, STOP, ELLIPSIS, COMMA, COLON, SEPARATOR, BULLET,
    OPENING, CLOSING, QUOTE, DASH, SYMBOL,
) = range(16)  # fmt: skip
"""Classes of characters. Letters without case count as lower case."""

_UNSPACED = (
    (0x0E00, 0x0F00), (0x1000, 0x10A0), (0x1780, 0x1800), (0x3040, 0x3100), (0x3400, 0xA000),
    (0xF900, 0xFB00),
)  # fmt: skip
"""Scripts that put no space between words: Thai, Lao, Burmese, Khmer, kana, Han."""
_MARKS = {
    STOP: ".!?。！？．।॥؟۔։",
    ELLIPSIS: "…",
    COMMA: ",、،，;؛；",
    COLON: ":：",
    SEPARATOR: "|»›/·•▪●■◦‣>→~",
    BULLET: "*+#",
    QUOTE: "\"'“”‘’„«`",
}
_BY_CATEGORY = {"Ps": OPENING, "Pe": CLOSING, "Pi": QUOTE, "Pf": QUOTE, "Pd": DASH}
_TABLE_SIZE = 0x10000
_FIRST_LETTERS = 6
"""A word's first letters tell what it is about, in any inflection."""
_SHORTEST_STEM = 4
"""Least letters of a word that says what a text is about."""
SHORT_WORD = 3
"""Most letters of a short word."""

STEMS = 1 << 14
"""Stems are told apart by their hash below this."""
_MULTIPLIER = 0x9E3779B1
_SCRAMBLER = np.uint32(0x85EBCA6B)
_FIRST, _LAST, _PAIR = np.uint32(0xC2B2AE35), np.uint32(0x27D4EB2F), np.uint32(0x165667B1)

SHAPE = (
    "letters_per_word", "ends_sentence", "ends_colon", "ends_ellipsis", "first_character",
    "last_character", "capitals", "upper_case", "short_words", "digits", "separators", "sentences",
    "commas", "openings", "quotes", "colons", "unspaced", "symbols", "dashes", "characters",
)  # fmt: skip
"""Names of a line's shape columns, in order."""


class Looked(NamedTuple):
    """What is seen of lines.

    Attributes:
        shape: (lines, len(SHAPE)), columns as in `SHAPE`.
        stems: Hashes, below `STEMS`, of the lines' longer words, line after line.
        stem_lines: The line of each stem.
        tokens: Hashes of words, of pairs of neighbours, and of first and last words.
        token_lines: The line of each token.
    """

    shape: Floats
    stems: Integers
    stem_lines: Integers
    tokens: Hashes
    token_lines: Integers


def _class_of(category: str) -> int:
    """The class of a Unicode category's characters, but for those that are named one by one."""
    if category[0] == "C":
        return SPACE
    if category in ("Lu", "Lt"):
        return UPPER
    if category[0] in "LM":
        return LOWER
    return DIGIT if category[0] == "N" else _BY_CATEGORY.get(category, SYMBOL)


@cache
def _tables() -> tuple[NDArray[np.uint8], Hashes]:
    """Class and lower-case form of every character of the basic plane; digits are all alike."""
    characters = list(map(chr, range(_TABLE_SIZE)))
    categories = list(map(unicodedata.category, characters))
    known = {category: _class_of(category) for category in set(categories)}
    classes = np.array([known[category] for category in categories], dtype=np.uint8)
    for kind, marks in _MARKS.items():
        for code in map(ord, marks):
            if categories[code][0] not in "CLMN":
                classes[code] = kind
    classes[np.fromiter(map(str.isspace, characters), np.bool_, _TABLE_SIZE)] = SPACE
    for low, high in _UNSPACED:
        for code in range(low, min(high, _TABLE_SIZE)):
            if categories[code][0] in "LM":
                classes[code] = UNSPACED
    lower = [
        ord(low) if len(low) == 1 else code for code, low in enumerate(map(str.lower, characters))
    ]
    lowered = np.array(lower, dtype=np.uint32)
    lowered[classes == DIGIT] = ord("0")
    return classes, lowered


@cache
def _powers(size: int) -> tuple[Hashes, Hashes]:
    """Powers of the hash's multiplier and of its inverse, modulo 2 ** 32."""
    told = []
    for base in (_MULTIPLIER, pow(_MULTIPLIER, -1, 1 << 32)):
        factors = np.full(size, base, dtype=np.uint32)
        factors[0] = 1
        told.append(np.cumprod(factors, dtype=np.uint32))
    return told[0], told[1]


def look_at(lines: Sequence[str]) -> Looked:
    """Return what is seen of lines, none of them empty."""
    table, lowered = _tables()
    text = "\n".join(lines) + "\n"
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    small = np.minimum(codes, _TABLE_SIZE - 1)
    kinds = table[small]
    if (beyond := codes >= _TABLE_SIZE).any():
        is_han = (codes >= 0x20000) & (codes < 0x40000)
        kinds = np.where(beyond, np.where(is_han, UNSPACED, SYMBOL), kinds).astype(np.uint8)
    count = len(lines)
    sizes = np.fromiter(map(len, lines), dtype=np.int64, count=count)
    ends = np.cumsum(sizes + 1) - 1
    starts = ends - sizes
    line_of = np.repeat(np.arange(count), sizes + 1)
    per_class = np.bincount(line_of * 16 + kinds, minlength=count * 16).reshape(count, 16)

    is_letter = kinds <= DIGIT
    edges = np.diff(is_letter.view(np.int8), prepend=np.int8(0))
    first, stop = np.flatnonzero(edges == 1), np.flatnonzero(edges == -1)
    if per_class[:, UNSPACED].any():
        alone = np.flatnonzero(kinds == UNSPACED)
        first = np.concatenate([first, alone])
        order = np.argsort(first, kind="stable")
        first, stop = first[order], np.concatenate([stop, alone + 1])[order]
    up, down = _powers(1 << max(16, len(codes).bit_length()))
    hashes = np.zeros(len(codes) + 1, dtype=np.uint32)
    np.cumsum(lowered[small] * up[: len(codes)], dtype=np.uint32, out=hashes[1:])
    back, before = down[first], hashes[first]
    words = (hashes[stop] - before) * back
    stems = (hashes[np.minimum(stop, first + _FIRST_LETTERS)] - before) * back * _SCRAMBLER
    word_line, length, kind = line_of[first], stop - first, kinds[first]
    says = (length >= _SHORTEST_STEM) | (kind == UNSPACED)
    tokens, token_line = _tokens(words, word_line)
    return Looked(
        _shape(kinds, per_class, starts, ends, word_line, first, stop),
        (stems[says] >> np.uint32(32 - STEMS.bit_length() + 1)).astype(np.int64),
        word_line[says],
        tokens,
        token_line,
    )


def _tokens(words: Hashes, lines: Integers) -> tuple[Hashes, Integers]:
    """Words, pairs of neighbours, first and last words, as hashes, and the line of each."""
    if not len(words):
        return words, lines
    same = lines[1:] == lines[:-1]
    opens = np.concatenate([[True], ~same])
    closes = np.concatenate([~same, [True]])
    pairs = (words[:-1] * _PAIR + words[1:])[same]
    tokens = np.concatenate([words, pairs, words[opens] * _FIRST, words[closes] * _LAST])
    return (
        tokens * _SCRAMBLER,
        np.concatenate([lines, lines[1:][same], lines[opens], lines[closes]]),
    )


def _shape(
    kinds: NDArray[np.uint8],
    per_class: Integers,
    starts: Integers,
    ends: Integers,
    word_line: Integers,
    first: Integers,
    stop: Integers,
) -> Floats:
    """The columns of `SHAPE`."""
    count = len(starts)
    counts = per_class.astype(np.float32)
    size = (ends - starts).astype(np.float32)
    spaced = np.bincount(word_line, minlength=count).astype(np.float32)
    words, gaps = np.maximum(spaced, 1), counts[:, SPACE]
    length, kind = stop - first, kinds[first]
    uppers = np.concatenate([[0], np.cumsum(kinds == UPPER)])
    is_upper = (uppers[stop] - uppers[first] == length) & (length > 1)
    flags = (kind == UPPER) + 2 * is_upper + 4 * (length <= SHORT_WORD)
    by_flags = np.bincount(word_line * 8 + flags, minlength=count * 8).reshape(count, 2, 2, 2)
    capitals, upper_case = by_flags[:, :, :, 1].sum((1, 2)), by_flags[:, :, 1, :].sum((1, 2))
    short = by_flags[:, 1].sum((1, 2))
    last = kinds[ends - 1]
    one, two = kinds[np.maximum(ends - 2, starts)], kinds[np.maximum(ends - 3, starts)]
    closing = _closes(last)
    mark = np.where(closing, np.where(_closes(one), two, one), last)
    full = np.flatnonzero((kinds[:-1] == STOP) & (kinds[1:] >= SPACE))
    sentences = np.bincount(np.searchsorted(ends, full), minlength=count)
    letters = counts[:, LOWER] + counts[:, UPPER] + counts[:, DIGIT] + counts[:, UNSPACED]
    return np.stack(
        [
            letters / words,
            mark == STOP,
            last == COLON,
            mark == ELLIPSIS,
            kinds[starts],
            last,
            capitals / words,
            upper_case / words,
            short / words,
            counts[:, DIGIT] / size,
            (counts[:, SEPARATOR] + counts[:, BULLET]) / (gaps + 1),
            np.log1p(sentences),
            counts[:, COMMA] / (gaps + 1),
            counts[:, OPENING] / (gaps + 1),
            counts[:, QUOTE] / (gaps + 1),
            counts[:, COLON] / (gaps + 1),
            counts[:, UNSPACED] / size,
            counts[:, SYMBOL] / size,
            counts[:, DASH] / (gaps + 1),
            np.log1p(size),
        ],
        axis=1,
    ).astype(np.float32)


def _closes(kinds: NDArray[np.uint8]) -> NDArray[np.bool_]:
    closes: NDArray[np.bool_] = (kinds == QUOTE) | (kinds == CLOSING)
    return closes

"""What words say about a line: the weights that training gave them, and a memory of lines.

A word, a pair of neighbours, a line's first and last word each have a weight, told apart by hash;
most have none. A line in words that training did not meet has no weight, and a low share of known
words tells the scorer not to ask.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

import numpy as np

from cleannews.boilerplate.characters import Floats, Hashes, Integers, look_at

WORDING = ("lexical", "lexical_mean", "known")
"""Names of the columns that a lexicon adds to a line's shape."""
SLOT_BITS = 19
"""Bits of a word's hash that say where its weight is kept."""
LARGEST = 1_000_000
"""Code points of lines that are remembered before the memory starts anew; some 8 MB in all."""
LONGEST = 4000
"""Longest part of a line that is looked at, in code points."""

Line = tuple[Floats, Integers]
"""A line's columns, its shape and then its wording, and the hashes of its stems."""


class Lexicon:
    """Weights of words.

    Args:
        hashes: Of the words that have a weight, each in a slot of its own, see `slots_of`.
        weights: Above zero for what stands in stories, below for what stands around them.
    """

    def __init__(self, hashes: Hashes, weights: Floats) -> None:
        # What has no weight is of number 0. A hash of 0 would pass for it, and so weighs nothing.
        self._numbers = np.zeros(1 << SLOT_BITS, dtype=np.min_scalar_type(len(hashes)))
        self._numbers[slots_of(hashes)] = np.arange(1, len(hashes) + 1)
        self._hashes = np.concatenate([np.zeros(1, dtype=np.uint32), hashes])
        self._weights = np.concatenate([np.zeros(1, dtype=np.float32), weights])

    def weigh(self, tokens: Hashes) -> Floats:
        """Return the weight of each token, 0 where there is none."""
        numbers = self._numbers[slots_of(tokens)]
        weights: Floats = np.where(self._hashes[numbers] == tokens, self._weights[numbers], 0)
        return weights


def slots_of(hashes: Hashes) -> Hashes:
    """Return where the weights of words are kept."""
    slots: Hashes = hashes >> np.uint32(32 - SLOT_BITS)
    return slots


class Lines:
    """What is known of single lines, whatever page they stand on, under one lexicon.

    A line that comes back, in a menu, in a footer or in a second look at a page, is not looked at
    again. What is remembered is what would be worked out again, so that the memory can change no
    result; it is bounded, and safe to share between threads.
    """

    def __init__(self, lexicon: Lexicon) -> None:
        self.lexicon = lexicon
        self._known: dict[str, Line] = {}
        self._size = 0

    def of(self, texts: Sequence[str]) -> tuple[Floats, Integers, Integers]:
        """Return what is known of lines.

        Args:
            texts: The lines, at least one, none of them empty.

        Returns:
            Their columns, (lines, columns); the hashes of their stems, line after line; and the
            line that each stem belongs to.
        """
        known = self._known.get
        found = [known(text) for text in texts]
        if None in found:
            new = list(dict.fromkeys(t for t, line in zip(texts, found, strict=True) if not line))
            looked = dict(zip(new, self._look(new), strict=True))
            self._remember(looked)
            found = [line or looked[text] for text, line in zip(texts, found, strict=True)]
        lines = [line for line in found if line]
        stems = [stem for _, stem in lines]
        owners = np.repeat(np.arange(len(lines)), list(map(len, stems)))
        return np.stack([columns for columns, _ in lines]), np.concatenate(stems), owners

    def _look(self, texts: list[str]) -> list[Line]:
        looked = look_at([text[:LONGEST] for text in texts])
        size = len(texts)
        weights, owner = self.lexicon.weigh(looked.tokens), looked.token_lines
        tokens = np.maximum(np.bincount(owner, minlength=size), 1)
        total = np.bincount(owner, weights=weights, minlength=size)
        known = np.bincount(owner, weights=weights != 0, minlength=size)
        wording = np.stack(
            [total / np.sqrt(tokens), total / np.maximum(known, 1), known / tokens], axis=1
        )
        table = np.concatenate([looked.shape, wording.astype(np.float32)], axis=1)
        ends = np.cumsum(np.bincount(looked.stem_lines, minlength=size)).tolist()
        stems = [looked.stems[start:end] for start, end in pairwise([0, *ends])]
        return list(zip(table, stems, strict=True))

    def _remember(self, looked: dict[str, Line]) -> None:
        self._size += sum(map(len, looked))
        if self._size > LARGEST:
            self._known = {}
            self._size = sum(map(len, looked))
        self._known.update(looked)


def lines_of(told: Mapping[str, Any]) -> Lines:
    """Return what is known of lines under the lexicon among a model's arrays."""
    weights = told["weights"].astype(np.float32) * np.float32(told["weight_unit"])
    return Lines(Lexicon(told["hashes"], weights))

"""How much a word tells: next to nothing when everybody uses it, most when it is rare.

Frequencies of the collection itself are blended with those of a table that ships with the package,
so that two texts alone are judged as if they stood among many.
"""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from cleannews.duplicates.signatures import Words

SLOTS_BITS = 20
"""Words are counted in 2 ** 20 slots, by the upper bits of their hash."""

COMMON = 2e-3
"""Frequency from which a word weighs nothing."""
MOST = 9.0
"""Greatest weight, in bits below `COMMON`."""
PRIOR_WORDS = 2e6
"""Words that the shipped table stands for when it is blended with a collection."""
UNKNOWN = 1e-6
"""Frequency of a word that the shipped table does not have."""

_SHIFT = np.uint32(32 - SLOTS_BITS)


def slots(words: Words) -> NDArray[np.uint32]:
    """Return the slot in which each word is counted."""
    return words >> _SHIFT


def count_words(words: Words) -> NDArray[np.int64]:
    """Return how often words of each slot occur. (2 ** 20,) int64."""
    counts = np.zeros(1 << SLOTS_BITS, np.int64)
    for start in range(0, len(words), 1 << 16):
        np.add.at(counts, slots(words[start : start + (1 << 16)]), 1)
    return counts


def word_weights(counts: NDArray[np.int64]) -> NDArray[np.float32]:
    """Return the weight of the words of each slot. (2 ** 20,) float32, 0..9.

    Args:
        counts: What `count_words` returned for the collection.
    """
    blended = (counts + PRIOR_WORDS * _prior()) / (counts.sum() + PRIOR_WORDS)
    return np.asarray(np.clip(np.log2(COMMON / blended), 0, MOST), np.float32)


@lru_cache(maxsize=1)
def prior_weights() -> NDArray[np.float32]:
    """Return the weights of words by the shipped table alone, whatever a collection holds."""
    return word_weights(np.zeros(1 << SLOTS_BITS, np.int64))


@lru_cache(maxsize=1)
def _prior() -> NDArray[np.float64]:
    """Read the shipped frequencies: hashes of common words, and eighths of a bit below 1."""
    frequency = np.full(1 << SLOTS_BITS, UNKNOWN)
    path = files("cleannews.duplicates") / "frequencies.npz"
    with path.open("rb") as stream, np.load(stream) as table:
        frequency[slots(table["words"])] = 2.0 ** (-table["eighths"].astype(np.float64) / 8)
    return frequency

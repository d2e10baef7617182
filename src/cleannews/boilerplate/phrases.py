"""Phrases of rules: which part of a block they stand for, and what they are filed under."""

from __future__ import annotations

import re

from cleannews.reading.folding import fold

FEW_WORDS = 4
"""A phrase of fewer words may also begin or end a sentence of a story."""
WORDS = re.compile(r"[^\W_]+")
"""Words of a comparison form."""
_LETTERS = bytes(c if chr(c).isalnum() else 32 for c in range(128)) + bytes(128)
"""ASCII letters and digits as they are, anything else as a space."""
UNSPACED = "\u2e80"
"""From here on, scripts that put no space between words."""


def words_of(key: str) -> list[str]:
    """Return what `WORDS` finds in a comparison form; most are ASCII, for which this is faster."""
    if key.isascii():
        return key.encode().translate(_LETTERS).decode().split()
    return WORDS.findall(key)


def first_words(key: str) -> str:
    """What a start phrase is filed under: its first two words, or its first character."""
    words = WORDS.findall(key)
    # A second word may go on: "e-mails" begins with the phrase "e-mail".
    return key[0] if key[0] >= UNSPACED else " ".join(words[: 2 if len(words) > 2 else 1])


def last_word(key: str) -> str:
    """What an end phrase is filed under: its last word, or its last character."""
    return key[-1] if key[-1] >= UNSPACED else WORDS.findall(key)[-1]


def fold_phrase(phrase: str) -> tuple[str, str]:
    """Return a phrase's comparison form and which part of a block it stands for.

    Punctuation next to the "…" counts; at the other end it does not, as in any folded text.

    >>> fold_phrase("Also read: …"), fold_phrase("… is over"), fold_phrase("Read more:")
    (('also read:', 'start'), ('is over', 'end'), ('read more', 'whole'))
    """
    if phrase.endswith("…"):
        return fold(phrase.rstrip("… ") + " x")[:-1].rstrip(), "start"
    if phrase.startswith("…"):
        return fold("x " + phrase.lstrip("… "))[1:].lstrip(), "end"
    key = fold(phrase)
    return phrase if key == phrase else key, "whole"  # one string where two would be alike


def is_loose(phrase: str) -> bool:
    """Tell whether a phrase may also begin or end a sentence of a story; "read more:" may not."""
    spaces = phrase.count(" ")
    is_label = spaces > 0 and phrase[-1] in ":|"
    return spaces + 1 < FEW_WORDS and phrase[0] < UNSPACED and not is_label


def ends_word(key: str, at: int) -> bool:
    """Tell whether no word goes on at a place of a comparison form."""
    return at == len(key) or not (
        key[at].isalnum() and key[at - 1].isalnum() and key[at] < UNSPACED
    )


def starts_word(key: str, at: int) -> bool:
    """Tell whether no word has begun before a place of a comparison form."""
    return at == 0 or not (key[at - 1].isalnum() and key[at].isalnum() and key[at] < UNSPACED)

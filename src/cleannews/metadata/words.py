"""Forms in which titles and names are compared."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_LOWER = bytes(range(128)).lower() + bytes(128)
_ASCII_SIGNS = bytes(c for c in range(128) if not chr(c).isalnum())
_SIGNS_TO_SPACES = bytes(c if chr(c).isalnum() else 32 for c in range(128)) + bytes(128)
WORDS = re.compile(r"[^\W_]+")
"""A word of folded text."""

LONGEST_KNOWN = 200
"""Code points of a text whose key is remembered: menus and footers come again on every page."""


def folded(text: str) -> str:
    """Return `text` in the form in which its words are compared; its length may change."""
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
    return text.casefold()


def key(text: str) -> str:
    """Return letters and digits of `text`, lower case.

    >>> key("The Harbour – Daily!")
    'theharbourdaily'
    """
    return _known_key(text) if len(text) <= LONGEST_KNOWN else _key(text)


@lru_cache(maxsize=8192)
def _known_key(text: str) -> str:
    return _key(text)


def _key(text: str) -> str:
    if text.isascii():
        return text.encode().translate(_LOWER, _ASCII_SIGNS).decode()
    return "".join(WORDS.findall(folded(text)))


def words(text: str) -> list[str]:
    """Return the words of `text`, lower case.

    >>> words("The 2nd Harbour-Daily")
    ['the', '2nd', 'harbour', 'daily']
    """
    return words_of_folded(folded(text))


def words_of_folded(text: str) -> list[str]:
    """Return the words of a folded text."""
    if text.isascii():
        return text.encode().translate(_SIGNS_TO_SPACES).decode().split()
    return WORDS.findall(text)


def share_in(part: set[str], whole: set[str]) -> float:
    """Return the share of the words of `part` that are in `whole`; 0.0 when there are none."""
    return len(part & whole) / len(part) if part else 0.0

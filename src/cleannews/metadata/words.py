"""Forms in which titles and names are compared."""

from __future__ import annotations

import re
import unicodedata

_NOT_ALNUM = re.compile(r"[\W_]+")
_WORDS = re.compile(r"[^\W_]+")


def key(text: str) -> str:
    """Return letters and digits of `text`, lower case.

    >>> key("The Harbour – Daily!")
    'theharbourdaily'
    """
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
    return _NOT_ALNUM.sub("", text.casefold())


def words(text: str) -> list[str]:
    """Return the words of `text`, lower case.

    >>> words("The 2nd Harbour-Daily")
    ['the', '2nd', 'harbour', 'daily']
    """
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
    return _WORDS.findall(text.casefold())


def share_in(part: set[str], whole: set[str]) -> float:
    """Return the share of the words of `part` that are in `whole`; 0.0 when there are none."""
    return len(part & whole) / len(part) if part else 0.0

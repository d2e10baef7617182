"""Folding: the form in which texts are compared. Never the form in which they are returned.

Folded text is lower case, NFKC, without zero-width characters, with single spaces, with every run of
digits as ``0``, and without punctuation at its ends. ``"  LEAVE A REPLY:"`` and ``"leave a reply"``
fold alike, and so do ``"12 Comments"`` and ``"0 comments"``.
"""

from __future__ import annotations

import re
import unicodedata

# Characters that show nothing and break comparisons: zero-width, bidi controls, soft hyphen, BOM.
INVISIBLE = "\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff"
_INVISIBLE = re.compile(f"[{INVISIBLE}]")

_SIMPLE = str.maketrans(
    {
        **dict.fromkeys("‘’‚‛ʼ´`′", "'"),
        **dict.fromkeys("“”„‟″", '"'),
        **dict.fromkeys("‐‑‒–—―−", "-"),
        "…": "...",
    }
)

# Cyrillic and Greek letters that look like Latin ones; used only inside words that mix scripts.
HOMOGLYPHS = str.maketrans(
    "аеорсухіјѕԁһԛԝАВЕКМНОРСТУХІЈЅαονρτυικΑΒΕΖΗΙΚΜΝΟΡΤΥΧ",
    "aeopcyxijsdhqwABEKMHOPCTYXIJSaovptuikABEZHIKMNOPTYX",
)
MIXED_WORD = re.compile(
    r"\w*(?:[A-Za-z][\u0370-\u03ff\u0400-\u052f]|[\u0370-\u03ff\u0400-\u052f][A-Za-z])\w*"
)

_DIGITS = re.compile(r"\d+(?:[.,]\d+)*")
EDGE = " \t.,:;!?|»«›‹<>-_·•*#()[]{}\"'←→↑↓▼▲►▶◄+=~/\\■□●○★☆✔✓¿¡、。・：；！？｜（）「」『』【】《》।॥،؛؟…"
"""Characters stripped from both ends."""


def visible(text: str) -> str:
    """Return `text` NFKC-normalised, without invisible characters, quotes and dashes made plain.

    Case is kept. Words that mix Latin with look-alike letters are read as Latin.
    """
    if text.isascii():
        return text
    # An ellipsis is three dots to NFKC too; mapping first keeps the function the same on both paths.
    text = unicodedata.normalize("NFKC", _INVISIBLE.sub("", text.translate(_SIMPLE)))
    if text.isascii():
        return text
    text = text.translate(_SIMPLE)
    return MIXED_WORD.sub(lambda m: m.group().translate(HOMOGLYPHS), text)


def fold(text: str) -> str:
    """Return the comparison form of `text`.

    >>> fold("  LEAVE A REPLY: ")
    'leave a reply'
    >>> fold("Mоrena: 12 comments »")  # the first o is Cyrillic
    'morena: 0 comments'
    """
    text = _DIGITS.sub("0", visible(text).casefold())
    return " ".join(text.split()).strip(EDGE)

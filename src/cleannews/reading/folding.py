"""Folding: the form in which texts are compared. Never the form in which they are returned.

Folded text is lower case, NFKC, without zero-width characters, with single spaces, with every run
of digits as ``0``, and without punctuation at its ends. ``"  LEAVE A REPLY:"`` and ``"leave a
reply"`` fold alike, and so do ``"12 Comments"`` and ``"0 comments"``.
"""

from __future__ import annotations

import re
import unicodedata

# Characters that show nothing and break comparisons: zero-width, bidi controls, soft hyphen, BOM.
INVISIBLE = "\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff"
_INVISIBLE = re.compile(f"[{INVISIBLE}]")

_SIMPLE = {
    **dict.fromkeys("‘’‚‛ʼ´′", "'"),
    **dict.fromkeys("“”„‟″", '"'),
    **dict.fromkeys("‐‑‒–—―−", "-"),
    "…": "...",
    **dict.fromkeys("ⓒⒸ", "©"),
}
_TO_SIMPLE = re.compile("[" + "".join(_SIMPLE) + "]")

# Cyrillic and Greek letters that look like Latin ones; used only inside words that mix scripts.
HOMOGLYPHS = str.maketrans(
    "аеорсухіјѕԁһԛԝАВЕКМНОРСТУХІЈЅαονρτυικΑΒΕΖΗΙΚΜΝΟΡΤΥΧ",
    "aeopcyxijsdhqwABEKMHOPCTYXIJSaovptuikABEZHIKMNOPTYX",
)
_SCRIPT_CHANGE = re.compile(
    r"[A-Za-z][\u0370-\u03ff\u0400-\u052f]|[\u0370-\u03ff\u0400-\u052f][A-Za-z]"
)
_GREEK_OR_CYRILLIC = re.compile(r"[\u0370-\u052f]")
_WORD = re.compile(r"\w+")

# One letter written in several ways: dotted and dotless i of Turkish capitals; Arabic alef with its
# hamza, vowel signs and the stretching line.
_VARIANTS = {"ı": "i", "أ": "ا", "إ": "ا", "آ": "ا"}
_VARIANT = re.compile("[ıأإآ\u0307\u0640\u064b-\u0652]")

_DIGITS = re.compile(r"\d+(?:[.,]\d+)*")
_ZEROS = re.compile("0+(?:[.,]0+)*")
# Of ASCII: lower case, 0 for every digit, a space for every white space. One table does in one step
# what takes several otherwise, and most text is ASCII.
_FOLDED = bytes(
    ord("0" if chr(c).isdigit() else " " if chr(c).isspace() else chr(c).lower())
    for c in range(128)
) + bytes(128)
EDGE = (
    " \t.,:;!?|»«›‹<>-_·•*#()[]{}\"'←→↑↓▼▲►▶◄+=~/\\■□●○★☆✔✓¿¡"
    "、。・：；！？｜（）「」『』【】《》।॥،؛؟…"
)
"""Characters stripped from both ends."""
_ASCII_EDGE = "".join(filter(str.isascii, EDGE))


def visible(text: str) -> str:
    """Return `text` NFKC-normalised, without invisible characters, quotes and dashes made plain.

    Case is kept. Words that mix Latin with look-alike letters are read as Latin.
    """
    if text.isascii():
        return text
    text = _TO_SIMPLE.sub(lambda m: _SIMPLE[m.group()], text)
    if text.isascii():
        return text
    text = _INVISIBLE.sub("", text)
    if not unicodedata.is_normalized("NFKC", text):
        text = unicodedata.normalize("NFKC", text)
        if text.isascii():
            return text
        # NFKC makes new quotes and dashes out of full-width and compatibility forms.
        text = _TO_SIMPLE.sub(lambda m: _SIMPLE[m.group()], text)
    if _GREEK_OR_CYRILLIC.search(text) and _SCRIPT_CHANGE.search(text):
        text = _WORD.sub(lambda m: _plain_word(m.group()), text)
    return text


def _plain_word(word: str) -> str:
    return word.translate(HOMOGLYPHS) if _SCRIPT_CHANGE.search(word) else word


def mixed_words(text: str) -> list[re.Match[str]]:
    """Return the words of `text` that mix Latin with Cyrillic or Greek letters."""
    if text.isascii() or not _GREEK_OR_CYRILLIC.search(text):
        return []
    if not _SCRIPT_CHANGE.search(text):
        return []
    return [m for m in _WORD.finditer(text) if _SCRIPT_CHANGE.search(m.group())]


def fold(text: str) -> str:
    """Return the comparison form of `text`.

    >>> fold("  LEAVE A REPLY: ")
    'leave a reply'
    >>> fold("Mоrena: 12 comments »")  # the first o is Cyrillic
    'morena: 0 comments'
    >>> fold("İLGİLİ HABERLER") == fold("ilgili haberler"), fold("AÇIK") == fold("açık")
    (True, True)
    """
    if text.isascii() or (text := visible(text)).isascii():
        text = text.encode().translate(_FOLDED).decode()
        text = _ZEROS.sub("0", text) if "0" in text else text
        return (" ".join(text.split()) if "  " in text else text).strip(_ASCII_EDGE)
    text = _VARIANT.sub(lambda m: _VARIANTS.get(m.group(), ""), text.casefold())
    text = _DIGITS.sub("0", text)
    if "  " in text or not text.isprintable():  # printable text has no white space but spaces
        text = " ".join(text.split())
    return text.strip(EDGE)

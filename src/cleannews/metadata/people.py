"""Names of people: tell them from other words, split lists of them."""

from __future__ import annotations

import re
import unicodedata

# Small words inside names. Conventions of name writing, not of any site.
_PARTICLES = frozenset(
    [
        "de",
        "del",
        "della",
        "der",
        "den",
        "di",
        "da",
        "das",
        "dos",
        "du",
        "des",
        "van",
        "von",
        "zu",
        "zum",
        "zur",
        "bin",
        "ibn",
        "bint",
        "al",
        "el",
        "la",
        "le",
        "lo",
        "y",
        "e",
        "ter",
        "ten",
        "te",
        "tot",
        "ben",
        "abu",
        "ap",
        "af",
        "av",
        "und",
    ]
)
_SPLIT = re.compile(
    r"\s*(?:,|;|\||·|•|／|、|，|،)\s*|\s+(?:and|&|und|y|et|e|en|i|oraz|и|ve|dan|và|與|和|と|및|و)\s+"
    r"|\s*&\s*",
    re.IGNORECASE,
)
_TOKEN = re.compile(r"[^\s]+")
_TITLES = frozenset(
    [
        "dr",
        "dr.",
        "prof",
        "prof.",
        "mr",
        "mr.",
        "mrs",
        "mrs.",
        "ms",
        "ms.",
        "sir",
        "jr",
        "jr.",
        "sr",
        "sr.",
        "ph.d.",
        "phd",
    ]
)
_HANDLE = re.compile(r"@\w|https?:|www\.|[\d<>{}\[\]=_#|/\\!?\"“”:;]")

MAX_PEOPLE = 6
"""Most people that one line names; more are a list of something else."""
MAX_NAME_WORDS = 6
"""Most words of one name."""


def split_people(value: str) -> tuple[str, ...]:
    """Return the names in `value`, or nothing when it does not look like names.

    Args:
        value: What follows "by" or stands below a label.

    >>> split_people("Ana María López and J. P. O'Neill")
    ('Ana María López', "J. P. O'Neill")
    >>> split_people("the numbers"), split_people("bus to the airport")
    ((), ())
    """
    value = " ".join(value.split()).strip(" .,|–—-")
    if not value or len(value) > 160:
        return ()
    names = [part.strip(" .") if len(part) > 3 else part for part in _SPLIT.split(value) if part]
    names = [n for n in names if n.casefold() not in _TITLES]
    if not 1 <= len(names) <= MAX_PEOPLE or not all(looks_like_name(n) for n in names):
        return ()
    return tuple(names)


def looks_like_name(name: str) -> bool:
    """Tell whether `name` has the shape of a person's or an organisation's name.

    Scripts with capitals need them; scripts without only need to be short and free of digits,
    handles and sentence marks.
    """
    if _HANDLE.search(name) or not 2 <= len(name) <= 60:
        return False
    tokens = _TOKEN.findall(name)
    if not 1 <= len(tokens) <= MAX_NAME_WORDS:
        return False
    if not any(_has_case(c) for c in name):
        letters = sum(unicodedata.category(c)[0] in "LM" for c in name)
        return letters >= 2 and len(name) <= 30 and name[-1] not in "。.！？।؟"
    if tokens[0].casefold() in ("the", "a", "an") and len(tokens) == 1:
        return False
    for i, token in enumerate(tokens):
        core = token.removeprefix("d'").removeprefix("d’").lstrip("('’\"“") or token
        if core[0].isupper() or token[0].isupper() or not _has_case(core[0]):
            continue
        if i and i < len(tokens) - 1 and token.casefold() in _PARTICLES:
            continue
        if i == 0 and len(tokens) > 1 and token.casefold() in _PARTICLES:
            continue
        return False
    return True


def _has_case(c: str) -> bool:
    return c.lower() != c.upper()

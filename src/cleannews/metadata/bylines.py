"""From what a page calls its author to names: cues, roles, dates, credentials and handles go."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterable
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any, NamedTuple

from cleannews.metadata.dates import find_dates
from cleannews.metadata.given import begins_with_given_name
from cleannews.metadata.people import looks_like_name
from cleannews.metadata.words import key

MOST_NAMES = 12
LONGEST_NEWSROOM, LONGEST_VALUE = 5, 60
"""Words and code points of a newsroom's signature."""
_AROUND = " \t.,:;|*_~\"'“”„«»‹›()[]-–—•·…!>"
"""Signs around a name that are no part of it."""
LONGEST_CUE = 25
"""Code points of a line that only introduces a name."""
_SEPARATOR = re.compile(
    r"\s*[,;|•·∙⋅●／、，،\n\t‧★»«→›‹]\s*|\s+[-–—/]+\s+|\s*/\s*|\s*\|\s*|\s*[–—]\s*|\s+(?:-|@)\s*"
)
_AND_WORDS = (
    "and", "und", "et", "y", "e", "en", "och", "og", "i", "oraz", "и", "та", "ve", "dan", "và",
    "與", "和", "と", "및", "و", "a", "sowie", "with", "mit", "avec", "ja",
)  # fmt: skip
_AND = re.compile(rf"\s+(?:{'|'.join(_AND_WORDS)})\s+|\s*[&+]\s*", re.IGNORECASE)
_ANDS = frozenset(_AND_WORDS)
_BEHIND = re.compile(
    r"\s(?:published|updated|posted|last (?:updated|modified)|reviewed|veröffentlicht"
    r"|aktualisiert|stand|publié|mis à jour|publicado|actualizado|pubblicato|aggiornato"
    r"|gepubliceerd|bijgewerkt)\b[\s:].*$",
    re.IGNORECASE,
)
_SIGN = re.compile(r"[^\w\s.'’]|\d|www\.")
"""What an address, a bracket, a date, a count or a mark between names holds one of: most values
hold none."""
_DIGIT = re.compile(r"\d")
_CLOCK = re.compile(r"\b\d{1,2}[:.h]\d\d\b.*|\d{1,2}\s?(?:am|pm|uhr)\b.*", re.IGNORECASE)
_BRACKET = re.compile(r"\s*[(\[（【<][^()\[\]]{0,80}[)\]）】>]?\s*")
_ADDRESS = re.compile(r"https?://\S+|www\.\S+|\S+@\S+\.\S+|@\w+")
_GLUED_ROLE = re.compile(
    r"\s+(?:in|aus|für|for|at|of|on|from|is|am|um|le|el|om|as|über|bei|writes|schreibt|says|sagt|via)(?:\s.*)?$"
)
_GLUED = re.compile(
    r"(?<=[a-zäöüéß])(?:Updated|Published|Posted|Last|Date|Share|Follow|Read|Senior|Staff|Editor|Contributor|Reporter|Comments|Aktualisiert|Stand|Redakteur|Veröffentlicht)\b.*$"
)
_COUNT = re.compile(
    r"\s*\d[\d.,]*\s*(?:min\b|mins\b|minutes?|comments?|kommentare?|shares?|views?|posts?).*$",
    re.IGNORECASE,
)
_NOBLE = re.compile(
    r"^(?:dr|prof|mr|mrs|ms|sir|dipl|ing|mag|med|rev|fr|ra|pd|hon)\.?(?:-ing\.?)?\s+", re.IGNORECASE
)
_DEGREE = re.compile(
    r"(?:\s*,)?\s+(?:ph\.?\s?d\.?|m\.?\s?d\.?|r\.?d\.?n?|dvm|mba|esq\.?|msc?|m\.a\.|b\.a\.|rn|cfa|cpa|jd|mph|dds|lcsw|faan|facs|fnp|aprn|do)\.?$",
    re.IGNORECASE,
)
_SUFFIX = re.compile(r"(?:\s*(?:기자|記者|记者|通讯员|特派員|さん|氏))+$")
_PICTURE_OF = re.compile(
    r"['’]s? (?:avatar|photo|picture|profile|image|headshot)$"
    r"|^(?:avatar|photo|picture|profile|headshot|foto|profilbild) (?:of|for|von|de|di) ",
    re.IGNORECASE,
)
_HAS_CASE = re.compile(r"[A-Za-zÀ-žА-яΑ-ω]")


_GLUED_CUE = re.compile(r"(?i:((?:written|posted)?\s?by|von|par|por))(?=[A-ZÀ-Þ][a-zà-ÿ])")
_PEN_NAME = re.compile(r"[\w.'’ -]{2,40}")
_TWICE = re.compile(r"(.{3,60}?)\s+\1")


class Lexicon(NamedTuple):
    """Words around names, folded."""

    cues: frozenset[str]
    roles: dict[str, str]
    after: frozenset[str]
    never: frozenset[str]
    needs_colon: frozenset[str]
    sentence: frozenset[str]
    first: frozenset[str]
    start: re.Pattern[str]
    newsroom: frozenset[str]
    small: frozenset[str]


_FIRST_WORD = re.compile(r"[\s\"'“„(\[|•·*>~_–—-]*([^\W\d_]+)")


def first_words(phrases: Iterable[str]) -> frozenset[str]:
    """Return the words with which phrases begin; of scripts without spaces the first sign."""
    found = (m[1].lower() for p in phrases if (m := _FIRST_WORD.match(p)))
    return frozenset(w if w < "\u2fff" else w[0] for w in found)


def may_begin(text: str, first: frozenset[str]) -> bool:
    """Tell cheaply whether a text may begin with one of some phrases."""
    m = _FIRST_WORD.match(text)
    if not m:
        return False
    word = m[1].lower()
    return word in first or (word > "\u2fff" and word[0] in first)


def _alternatives(words: set[str]) -> str:
    return "|".join(re.escape(w) for w in sorted(words, key=lambda w: (-len(w), w)))


@cache
def lexicon() -> Lexicon:
    """Return the words that ``names.toml`` holds."""
    path = files("cleannews.metadata").joinpath("names.toml")
    table: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
    cues = {w for words in table["cues"].values() for w in words}
    roles = {w: role for role, t in table["roles"].items() for w in t["words"]}
    start = re.compile(
        rf"^[\s\"'“„(\[|•·*>~_–—-]*(?P<cue>{_alternatives(cues | set(roles))})"
        r"(?:(?P<colon>\s*[:：]|\s*\|)\s*|(?P<space>\s+)|(?<=[^\x00-\u2fff])|(?P<end>$))",
        re.IGNORECASE,
    )
    return Lexicon(
        frozenset(cues),
        roles,
        frozenset(table["after"]["words"]),
        frozenset(table["never"]["words"]),
        frozenset(table["needs_colon"]["words"]),
        frozenset(table["sentence"]["words"]),
        first_words([*cues, *roles]),
        start,
        frozenset(table["newsroom"]["words"]),
        frozenset(table["newsroom"]["small"]),
    )


class Byline(NamedTuple):
    """Names and how they were introduced.

    Attributes:
        names: Names in order.
        role: ``author``, ``editor``, ``photographer``, ``translator`` or ``contributor``.
        cue: What introduced them, lower case; empty when nothing did.
    """

    names: tuple[str, ...]
    role: str
    cue: str


@lru_cache(maxsize=4096)
def read_byline(raw: str, *, marked: bool = False) -> Byline:
    """Return the names that a value holds.

    Args:
        raw: What a page states as its author, or a line.
        marked: The page says that this names an author; a cue then needs nothing to be one.

    >>> read_byline("Written by Dr. Ana Ruiz, Staff Writer | 3 May 2021").names
    ('Ana Ruiz',)
    >>> read_byline("Fotos: Ben Okoro")
    Byline(names=('Ben Okoro',), role='photographer', cue='fotos')
    >>> read_byline("Von Ana Ruiz und Ben Okoro (dpa)").names
    ('Ana Ruiz', 'Ben Okoro')
    """
    value, role, cue = strip_cue(raw, marked)
    names: list[str] = []
    for part in _parts(value):
        inner, inner_role, inner_cue = strip_cue(part)
        if inner_cue and inner_role not in ("author", role):
            if names:
                break
            role, cue = inner_role, inner_cue
        elif inner_cue:
            cue = cue or inner_cue
        # "Ana Ruiz, Staff": a word alone behind a name is her role.
        is_role = bool(names) and " " not in inner.strip()
        signed = newsroom_name(inner) if (marked or cue) and not is_role else ""
        name = signed or tidy_name(inner)
        if not name:
            continue
        if name not in names:
            names.append(name)
    return Byline(tuple(names[:MOST_NAMES]), role, cue)


@lru_cache(maxsize=8192)
def strip_cue(raw: str, marked: bool = False) -> tuple[str, str, str]:
    """Return a value without what introduces it, the role that this gives, and the cue."""
    words = lexicon()
    value, role, cue = " ".join(raw.split())[:400], "author", ""
    if marked and (glued := _GLUED_CUE.match(value)):
        value, cue = value[glued.end() :], glued[1].lower()
    for _ in range(3):
        if not may_begin(value, words.first):
            break
        m = words.start.match(value)
        if not m or (m["end"] is not None and cue):
            break
        found = m["cue"].lower()
        rest = value[m.end() :].strip()
        # "Text" and its like need a colon; "Mit" is a name too rarely to matter.
        if not m["colon"] and (found not in _BARE_CUES and not found[:1] > "\u2fff"):
            break
        if (
            m["space"] is not None
            and rest[:1].islower()
            and not marked
            and found not in words.roles
        ):
            nxt = words.start.match(rest)
            if not nxt:
                break
        role, cue, value = words.roles.get(found, role), cue or found, rest
    return value.strip(" :："), role, cue


def lone_cue(line: str) -> str:
    """Return a line that is a cue and nothing else: the name stands in the next one.

    >>> lone_cue("Written by"), lone_cue("By Ana Ruiz"), lone_cue("Text")
    ('Written by', '', '')
    """
    if len(line) > LONGEST_CUE:
        return ""
    rest, _, cue = strip_cue(line)
    return line.strip() if cue and not rest else ""


@cache
def _bare() -> frozenset[str]:
    words = lexicon()
    keep = {w for w in (*words.cues, *words.roles) if w not in words.needs_colon}
    return frozenset(keep | {"von", "by", "di", "de", "van", "autor", "author"})


class _Bare:
    def __contains__(self, word: str) -> bool:
        return word in _bare()


_BARE_CUES = _Bare()


def _parts(value: str) -> list[str]:
    """Split at marks; at "and" only when both sides look like names."""
    has_sign = _SIGN.search(value) is not None
    has_digit = False
    if has_sign:
        value = _BRACKET.sub(" ", _ADDRESS.sub(" ", value))
        has_digit = _DIGIT.search(value) is not None
        if has_digit and (found := find_dates(value)):
            start, end = found[0].span.start, found[0].span.end
            value = value[:start] if value[:start].strip(" ,|-–—·•") else value[end:]
    value = _BEHIND.sub("", value)
    if has_digit:
        value = _COUNT.sub("", _CLOCK.sub("", value))
    value = _GLUED.sub("", value)
    parts: list[str] = []
    for piece in _SEPARATOR.split(value)[:20] if has_sign else [value]:
        if not piece:
            continue
        halves = _halves(piece)
        named = [bool(tidy_name(strip_cue(h)[0])) for h in halves] if len(halves) > 1 else []
        if named and (all(named) or (any(named) and not tidy_name(strip_cue(piece)[0]))):
            parts += halves
        else:
            parts.append(piece)
    return parts


def _halves(piece: str) -> list[str]:
    """Split at "and"; nothing is lost but what is empty."""
    is_plain = piece.isascii() and "&" not in piece and "+" not in piece
    if is_plain and _ANDS.isdisjoint(piece.lower().split()):
        return [piece]
    return [h for h in _AND.split(piece) if h.strip()]


@lru_cache(maxsize=4096)
def tidy_name(part: str) -> str:
    """Return a name without titles and credentials, ``""`` when it is none.

    >>> tidy_name("Prof. Ana Ruiz, PhD"), tidy_name("staff writer"), tidy_name("Last Updated")
    ('Ana Ruiz', '', '')
    """
    name = _PICTURE_OF.sub("", part).strip(_AROUND)
    name = (name if name.isascii() else _SUFFIX.sub("", name)).strip()
    for _ in range(3):
        shorter = _DEGREE.sub("", _NOBLE.sub("", name))
        if shorter == name:
            break
        name = shorter.strip(" ,.")
    name = _GLUED_ROLE.sub("", name).strip(" ,.:-–—|")
    if name.find(name[:3], 4) > 0 and (twice := _TWICE.fullmatch(name)):
        name = twice[1]
    if (at := name.find(" The ")) > 0 and " " in name[:at]:
        name = name[:at]
    if not name or len(name) < 2 or len(name) > 60:
        return ""
    tokens = name.split()
    low = [t.casefold().strip(".,:") for t in tokens]
    known = lexicon()
    if name.casefold().strip(" .") in known.never or not any(c.isalpha() for c in name):
        return ""
    # "Ana Ruiz Staff Writer": what follows a name and is a role goes with it.
    for i in range(2, len(tokens)):
        if low[i] in known.after and all(t[:1].isupper() for t in tokens[:i]):
            tokens, low = tokens[:i], low[:i]
            break
    if all(w in known.after or w in known.never for w in low):
        return ""
    name = " ".join(tokens)
    if len(tokens) > 1 and not name.replace(" ", "").isalpha() and any(map(str.isdigit, name)):
        return ""
    # A name all in small letters, or a pen name of one word, is one where a page says so.
    is_pen_name = len(tokens) <= 3 and _PEN_NAME.fullmatch(name) and not _is_sentence(low)
    if not looks_like_name(name) and not is_pen_name:
        return ""
    return unicodedata.normalize("NFC", name)


def newsroom_name(part: str) -> str:
    """Return the signature of a newsroom as a whole, ``""`` when it is none.

    >>> newsroom_name("Harbour Daily Staff"), newsroom_name("Die Redaktion")
    ('Harbour Daily Staff', 'Die Redaktion')
    >>> newsroom_name("Staff only"), newsroom_name("Ana Ruiz Staff")
    ('', '')
    """
    name = " ".join(part.strip(_AROUND).split())
    tokens = name.split()
    if not 1 <= len(tokens) <= LONGEST_NEWSROOM or len(name) > LONGEST_VALUE:
        return ""
    if begins_with_given_name(name):
        return ""
    known = lexicon()
    low = [t.casefold() for t in tokens]
    is_signed = low[-1].rpartition("-")[2] in known.newsroom or (
        low[0] in known.small and low[min(1, len(low) - 1)] in known.newsroom
    )
    is_titled = all(t[:1].isupper() or t[:1].isdigit() or w in known.small
                    for t, w in zip(tokens[:-1], low[:-1], strict=True))  # fmt: skip
    return name if is_signed and is_titled and low[-1] not in known.small else ""


def _is_sentence(low: list[str]) -> bool:
    small = lexicon().sentence
    return len(low) > 1 and any(w in small for w in low)


@lru_cache(maxsize=4096)
def name_key(name: str) -> str:
    """Return the form in which names are compared: words in order of the alphabet."""
    return " ".join(sorted(w for w in (key(t) for t in name.split()) if w))

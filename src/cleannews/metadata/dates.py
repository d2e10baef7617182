"""Dates in running text: find them, read them, never invent one.

A date needs a day, a month and a year that are all written there. Month names come from
``months.json`` (Unicode CLDR, rebuilt by ``training/months.py``). No clock, no locale, no network.
"""

from __future__ import annotations

import json
import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from importlib.resources import files

from cleannews.document import Span
from cleannews.reading.folding import fold

_DAY, _YEAR = r"(\d{1,2})", r"((?:19|20)\d\d)"
_NOT_DIGIT_BEFORE, _NOT_DIGIT_AFTER = r"(?<![\d.,/:@©-])", r"(?!\d|[-/.]\d)"
_SOME_YEAR = re.compile("(?:19|20)[0-9]{2}")
_OTHER_DIGIT = re.compile(r"[^\D0-9]")
_MONTH = r"([^\W\d_][^\s\d,;:()|/@]{1,15}?)"
_ORDINAL, _OF_YEAR = r"(?:st|nd|rd|th|er|[.ºª°])?", r"(?:del?\s|of\s)?"
_OF = r"(?:de\s|of\s|d['’]|से\s)?"

# The order of the groups says what a form's numbers mean.
_FORMS = tuple(
    (
        order,
        re.compile(needed, re.IGNORECASE),
        re.compile(_NOT_DIGIT_BEFORE + pattern + _NOT_DIGIT_AFTER, re.IGNORECASE),
    )
    for order, needed, pattern in (
        (
            "ymd",
            rf"{_YEAR}[-/.]\d",
            rf"{_YEAR}([-/.])(\d{{1,2}})\2{_DAY}(?:T[\d:.]{{4,15}}(?:Z|[+-][\d:]{{4,5}})?)?",
        ),
        ("ymd", "[年년]", rf"{_YEAR}\s?([年년])\s?(\d{{1,2}})\s?[月월]\s?{_DAY}\s?[日일]"),
        ("ymd", rf"{_YEAR}[.]\s", rf"{_YEAR}([.])\s(\d{{1,2}})\.\s{_DAY}(?!\d)\.?"),
        ("d/m", rf"[-/.]\s?{_YEAR}", rf"{_DAY}([-/.])\s?(\d{{1,2}})\2\s?{_YEAR}"),
        (
            "dmy",
            "tháng",
            rf"{_DAY}\s?(tháng)\s(\d{{1,2}}),?\s(?:năm\s)?{_YEAR}",
        ),
        (
            "dMy",
            rf"[,\s-]{_OF_YEAR}{_YEAR}",
            rf"{_DAY}{_ORDINAL}[\s-]{{1,2}}{_OF}{_MONTH}[.,]?[,\s-]{{1,2}}{_OF_YEAR}{_YEAR}",
        ),
        (
            "Mdy",
            rf"\d(?:st|nd|rd|th)?,?\s{{1,2}}{_YEAR}",
            rf"{_MONTH}\.?\s{_DAY}(?:st|nd|rd|th)?,?\s{{1,2}}{_YEAR}",
        ),
    )
)
"""What each form's numbers mean, a part of it that is found faster, and the form."""


@dataclass(frozen=True, slots=True)
class FoundDate:
    """A date and where it is written.

    Attributes:
        value: The day.
        span: Where it stands in the text that was searched.
        is_ambiguous: Day and month could be swapped (``03/04/2021``); it was read day first.
    """

    value: date
    span: Span
    is_ambiguous: bool = False


@cache
def month_names() -> dict[str, int]:
    """Return folded month names of some forty languages, mapped to 1..12."""
    table: dict[str, int] = _table()["months"]
    return table


@cache
def weekday_names() -> frozenset[str]:
    """Return folded weekday names of some forty languages."""
    return frozenset(_table()["weekdays"])


@cache
def _table() -> dict[str, dict[str, int]]:
    path = files("cleannews.metadata").joinpath("months.json")
    table: dict[str, dict[str, int]] = json.loads(path.read_text(encoding="utf-8"))
    return table


def ascii_digits(text: str) -> str:
    """Return `text` with every decimal digit as ASCII; the length stays the same."""
    if text.isascii():
        return text
    plain = _OTHER_DIGIT.sub(lambda m: str(unicodedata.digit(m.group())), text)
    return plain.replace("\u202f", " ")


def find_dates(text: str) -> list[FoundDate]:
    """Return the dates written in `text`, in order of position.

    Args:
        text: A line or a short text; cost is linear in its length.

    Returns:
        Dates with day, month and year; none for a bare year, ``@2020`` or a date without a year.

    >>> [str(d.value) for d in find_dates("Published Sep 14, 2023, updated 15. September 2023")]
    ['2023-09-14', '2023-09-15']
    >>> find_dates("Copyright @2020")
    []
    """
    return list(_find_dates(text))


@lru_cache(maxsize=4096)
def _find_dates(text: str) -> tuple[FoundDate, ...]:
    plain = ascii_digits(text)
    if not _SOME_YEAR.search(plain):
        return ()
    found: list[FoundDate] = []
    for order, needed, form in _FORMS:
        if needed.search(plain):
            found += [
                FoundDate(read[0], Span(*m.span()), read[1])
                for m in form.finditer(plain)
                if (read := _read(order, m))
            ]
    found.sort(key=lambda f: (f.span.start, -f.span.end))
    kept: list[FoundDate] = []
    for f in found:
        if not kept or f.span.start >= kept[-1].span.end:
            kept.append(f)
    return tuple(kept)


def _read(order: str, m: re.Match[str]) -> tuple[date, bool] | None:
    is_ambiguous = False
    if order == "ymd":
        year, month, day = int(m[1]), int(m[3]), int(m[4])
    elif order in ("d/m", "dmy"):
        day, month, year = int(m[1]), int(m[3]), int(m[4])
        if order == "d/m":
            if month > 12 >= day:
                day, month = month, day
            is_ambiguous = day <= 12 and month <= 12 and day != month and m[2] != "."
    else:
        day_text, name = (m[1], m[2]) if order == "dMy" else (m[2], m[1])
        day, year = int(day_text), int(m[3])
        month = month_names().get(fold(name), 0)
    try:
        return date(year, month, day), is_ambiguous
    except ValueError:
        return None

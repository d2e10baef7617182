"""Names inside the lines of a flat text that lost its breaks: behind "By", in front of a day."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain, islice

from cleannews.metadata.bylines import tidy_name
from cleannews.metadata.dates import find_dates, month_names
from cleannews.metadata.given import begins_with_given_name
from cleannews.reading.folding import fold

CAPITAL = r"[A-ZÀ-Þ][\w.'’-]{0,20}"
"""A word of a name."""
FURTHER = rf"(?:{CAPITAL}|de|van|von|der|del|la|al|el|bin)"
"""A further word of a name, which may be a small one."""
_NEXT = rf"\s{FURTHER}"
_BYLINE = re.compile(
    rf"(?:^|[\s|•·,])(?:Written by|Posted by|Reported by|Story by|By|BY):?\s+"
    rf"(?P<name>{CAPITAL}(?:{_NEXT}){{1,2}})"
)
"""A by-line inside a line; in a sentence "by" is written small."""
_LAST = re.compile(
    rf"(?:^|(?<=\s))(?P<name>{CAPITAL}(?:{_NEXT}){{1,2}})\s?[-–—|•·,]?\s?"
    r"(?:(?:[Ll]ast\s)?(?:[Uu]pdated|[Pp]ublished)(?:\s[Oo]n)?:?\s?)?$"
)
"""Words that could be a name, at the end of what stands in front of a day."""
_FIRST = re.compile(rf"{CAPITAL}(?:\s{CAPITAL}){{1,2}}(?=\s)")
READING_TIME = re.compile(r"\d{1,3}\s?[Mm]in(?:ute)?s?\b")
"""How long reading takes, which stands beside an author as a day does."""
MOST = 3
"""Names of a kind inside one line."""
LONGEST = 1500
"""Code points at the start of a line in which a day is looked for."""
BEFORE_STAMP = 70
"""Code points in front of a day in which a name is looked for."""


def bylines_inside(text: str) -> Iterator[tuple[str, str]]:
    """Yield names behind "By" inside a long line, each with the words that say so.

    >>> list(bylines_inside("Bridge to close By Ana Ruiz May 3, 2021 The council said by Monday"))
    [('Ana Ruiz', 'By Ana Ruiz May')]
    """
    if "By" not in text and "BY" not in text and " by" not in text:
        return
    for m in islice(_BYLINE.finditer(text), MOST):
        if name := _given(m["name"]):
            yield name, m[0].strip(" |•·,")


def names_before_stamps(text: str, at_end: bool) -> Iterator[tuple[str, str]]:
    """Yield names that stand directly in front of a day or a reading time.

    Args:
        text: A line of a flat text.
        at_end: A day stands in the next line, so that a name at the end of this one counts.

    >>> list(names_before_stamps("Bridge to close Ana Ruiz 3 May 2021 The council", False))
    [('Ana Ruiz', 'Ana Ruiz')]
    """
    head = text[:LONGEST]
    days = (d.span.start for d in find_dates(head))
    times = (m.start() for m in READING_TIME.finditer(head))
    ends = chain(islice(days, MOST), islice(times, MOST), [len(text)] if at_end else [])
    for end in ends:
        m = _LAST.search(text[max(0, end - BEFORE_STAMP) : end])
        # One word in front of a name at the start of a line is a part of it: "Sena Ana Ruiz".
        if m and (name := _given(m["name"])) and text.partition(name)[0].count(" ") != 1:
            yield name, name


def name_in_front(text: str) -> str:
    """Return the name at the start of a line that goes on behind it, ``""`` if there is none.

    >>> name_in_front("Ana Ruiz Junior Content Writer Advertising"), name_in_front("Last Updated")
    ('Ana Ruiz', '')
    """
    m = _FIRST.match(text)
    if not m:
        return ""
    words = m[0].split()
    return _given(" ".join(words[:2]))


def _given(words: str) -> str:
    """The name among two or three words: what begins with a common given name."""
    parts = words.split()
    if len(parts) > 2 and fold(parts[-1].strip(".")) in month_names():
        parts.pop()
    for at in range(len(parts) - 1):
        rest = " ".join(parts[at:])
        if begins_with_given_name(rest):
            return tidy_name(rest)
    return ""

"""What a page's lines tell of its authors: by-lines, lines about somebody, and bare names."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from itertools import islice
from typing import NamedTuple

from cleannews.metadata.anchors import Anchors, last_story_line
from cleannews.metadata.bylines import (
    lexicon,
    lone_cue,
    may_begin,
    read_byline,
    strip_cue,
    tidy_name,
)
from cleannews.metadata.dates import find_dates, month_names
from cleannews.metadata.given import begins_with_given_name
from cleannews.metadata.page import Line, Seen
from cleannews.metadata.places import COMMENT
from cleannews.reading.folding import fold

BEFORE, AFTER = 8, 25
"""Lines before and after the title in which a byline is looked for."""
LONGEST = 160
"""Code points of a line that may be a byline."""
_DIGIT = re.compile(r"\d")
_CAPITAL = r"[A-ZÀ-Þ][\w.'’-]{0,20}"
_ABOUT = re.compile(
    rf"(?P<name>(?:(?:Dr|Prof)\.? )?{_CAPITAL}"
    rf"(?: (?:{_CAPITAL}|de|van|von|der|del|la|al|el|bin)){{1,3}})"
    r" (?:is (?:an?|the|our|co-?founder|editor|senior|currently|based|head|president|ceo"
    r"|director)\b|has (?:been|worked|written|over|more|\d)|covers\b|writes\b|joined\b"
    r"|ist (?:ein|der|die|seit|freie|redakt|autor|journalist|gründer)|schreibt\b|arbeitet\b"
    r"|est (?:un|journaliste|le|la)\b|es (?:un|una|periodista)\b|was born|graduated"
    r"|holds\b|works\b|lives\b|specializes\b)",
)
_MIDDLE = re.compile(r"(?:^|[\s|•·,])(?i:by|von|por|par|door|przez|oleh|av)\s+(?=[A-ZÀ-Þ@])")
_INLINE = re.compile(
    rf"(?:^|[\s|•·,])(?:Written by|Posted by|Reported by|Story by|By|BY):?\s+"
    rf"(?P<name>{_CAPITAL}(?:\s(?:{_CAPITAL}|de|van|von|der|del|la|al|el|bin)){{1,2}})"
)
"""A by-line inside a line that lost its breaks; in a sentence "by" is written small."""
_READING_TIME = re.compile(r"\d{1,3}\s?[Mm]in(?:ute)?s?\b")
_DAY_ALONE = re.compile(r"^\W{0,2}(?:([^\W\d_]{3,9})\.?\s\d{1,2}|\d{1,2}\.?\s([^\W\d_]{3,9})\.?)$")
LONGEST_STAMP = 40
"""Code points of a line that is a day without its year, or a reading time."""
LONGEST_NAME = 40
"""Code points of a line that is a name and stands anywhere."""
MOST_LINES = 3000
"""Lines of a page in which a name is looked for."""
MOST_INLINE = 3
"""By-lines inside one long line."""
LONGEST_BARE = 100
"""Code points of a line that begins with a name and no cue."""


class Told(NamedTuple):
    """One place that names somebody."""

    name: str
    code: str
    origin: str
    raw: str
    role: str
    line: int
    marks: int
    size: int
    rank: int


def told_by_lines(seen: Seen, anchors: Anchors) -> Iterator[Told]:
    """Yield names in lines: after a cue, before what tells of them, and bare near the title.

    Args:
        seen: What the pass over the page found.
        anchors: Where the title stands.
    """
    last, titles = last_story_line(seen), frozenset(anchors.lines)
    around, first = anchors.near(BEFORE, AFTER), lexicon().first
    loose = _loose_lines(seen) if seen.is_flat else frozenset()
    for i, line in enumerate(seen.lines[:MOST_LINES]):
        if line.marks & COMMENT:
            continue
        yield from _in_sentence(line, i, seen.is_flat)
        if len(line.text) > LONGEST:
            continue
        near = i in around
        text, code = line.text, "cue" if near else "cue-far"
        cue = strip_cue(text)[2] if may_begin(text, first) else ""
        if not cue and seen.is_flat and i and (cue := lone_cue(seen.lines[i - 1].text)):
            text = f"{cue} {text}"
        elif not cue and near and (m := _MIDDLE.search(text)) and m.start():
            text, cue, code = text[m.start() :].strip(), "by", "cue-middle"
        at_end = last <= i <= last + 6
        may_be_bare = near or at_end or i in loose
        if not cue and (not may_be_bare or len(text) > LONGEST_BARE):
            continue
        is_heading = line.tag[:1] == "h"
        if not cue and is_heading and not (seen.is_flat and begins_with_given_name(text)):
            continue
        byline = read_byline(text)
        if not byline.names:
            continue
        if not byline.cue:
            if seen.is_flat and i in titles:
                continue
            if len(byline.names) == 1 and byline.names[0] == text:
                code = "bare" if near else "bare-end" if at_end else "bare-loose"
            elif _is_composite(text, byline.names[0], near, seen.is_flat):
                code = "composite"
            else:
                continue
        raw = text if text in line.text else line.text
        size = len(byline.names)
        for rank, name in enumerate(byline.names):
            yield Told(name, code, f"line:{code}", raw, byline.role, i, line.marks, size, rank)


def _in_sentence(line: Line, i: int, is_flat: bool) -> Iterator[Told]:
    """Somebody whom a line tells of, and names behind "By" inside a long one of a flat text."""
    if (m := _ABOUT.match(line.text)) and (name := tidy_name(m["name"])):
        raw = line.text[:LONGEST]
        yield Told(name, "about", "line:about", raw, "author", i, line.marks, 1, 0)
    if not is_flat or len(line.text) <= LONGEST:
        return
    for m in islice(_INLINE.finditer(line.text), MOST_INLINE):
        name = tidy_name(m["name"])
        if name and begins_with_given_name(name):
            raw = m[0].strip(" |•·,")
            yield Told(name, "cue-inline", "line:cue-inline", raw, "author", i, line.marks, 1, 0)


def holds_date(text: str) -> bool:
    """Tell whether a line that may stand beside an author holds a date."""
    return len(text) < LONGEST and bool(_DIGIT.search(text) and find_dates(text))


@lru_cache(maxsize=4096)
def is_stamp(text: str) -> bool:
    """Tell whether a line is what stands beside an author: a date, or how long reading takes."""
    if holds_date(text):
        return True
    if len(text) > LONGEST_STAMP or not _DIGIT.search(text):
        return False
    day = _DAY_ALONE.match(text)
    is_day = day is not None and fold(day[1] or day[2]) in month_names()
    return is_day or bool(_READING_TIME.search(text))


def _loose_lines(seen: Seen) -> frozenset[int]:
    """Lines of a flat text that could be a name, or hold one beside a date.

    Printed twice, near a date, or beginning with a given name.
    """
    short = {
        i: line.text
        for i, line in enumerate(seen.lines[:MOST_LINES])
        if len(line.text) <= LONGEST_NAME and 2 <= len(line.text.split()) <= 4
    }
    times = Counter(short.values())
    stamped = {i for i, line in enumerate(seen.lines[:MOST_LINES]) if is_stamp(line.text)}
    beside = {i + d for i in stamped for d in (-3, -2, -1, 1, 2, 3)}
    named = (
        i
        for i, text in short.items()
        if times[text] > 1 or i in beside or begins_with_given_name(text)
    )
    return frozenset(stamped.union(named))


def _is_composite(text: str, name: str, near: bool, is_flat: bool) -> bool:
    """Tell whether a line is a name beside a date, a count or a role."""
    if len(text) > LONGEST_BARE or " " not in name:
        return False
    if near:
        return text.startswith(name) or text.endswith(name)
    return is_flat and text.endswith(name) and is_stamp(text) and begins_with_given_name(name)


def lines_with(seen: Seen, anchors: Anchors, test: Callable[[str], bool]) -> list[int]:
    """Return the indices of lines that pass a test: near the title, of a flat text anywhere."""
    size = min(len(seen.lines), MOST_LINES)
    asked: Iterable[int] = range(size)
    if not seen.is_flat:
        asked = sorted(i for i in anchors.near(BEFORE, AFTER) if 0 <= i < size)
    return [i for i in asked if test(seen.lines[i].text)]

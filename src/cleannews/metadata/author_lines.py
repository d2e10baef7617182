"""What a page's lines tell of its authors: by-lines, lines about somebody, and bare names."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
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
from cleannews.metadata.inline_names import (
    CAPITAL,
    FURTHER,
    READING_TIME,
    bylines_inside,
    name_in_front,
    names_before_stamps,
)
from cleannews.metadata.page import Seen
from cleannews.metadata.places import COMMENT
from cleannews.reading.folding import fold

BEFORE, AFTER = 8, 25
"""Lines before and after the title in which a byline is looked for."""
LONGEST = 160
"""Code points of a line that may be a byline."""
_DIGIT = re.compile(r"\d")
_ABOUT = re.compile(
    rf"(?P<name>(?:(?:Dr|Prof)\.? )?{CAPITAL}"
    rf"(?: {FURTHER}){{1,3}})"
    r" (?:is (?:an?|the|our|co-?founder|editor|senior|currently|based|head|president|ceo"
    r"|director)\b|has (?:been|worked|written|over|more|\d)|covers\b|writes\b|joined\b"
    r"|ist (?:ein|der|die|seit|freie|redakt|autor|journalist|gründer)|schreibt\b|arbeitet\b"
    r"|est (?:un|journaliste|le|la)\b|es (?:un|una|periodista)\b|was born|graduated"
    r"|holds\b|works\b|lives\b|specializes\b)",
)
_MIDDLE = re.compile(r"(?:^|[\s|•·,])(?i:by|von|por|par|door|przez|oleh|av)\s+(?=[A-ZÀ-Þ@])")
_HANDLE = re.compile(r"[Bb]y\s\S{2,30}$")
"""A by-line of one word, which may be written small: "by harbourcat"."""
_DAY_ALONE = re.compile(r"^\W{0,2}(?:([^\W\d_]{3,9})\.?\s\d{1,2}|\d{1,2}\.?\s([^\W\d_]{3,9})\.?)$")
LONGEST_STAMP = 40
"""Code points of a line that is a day without its year, or a reading time."""
LONGEST_NAME = 40
"""Code points of a line that is a name and stands anywhere."""
MOST_LINES = 3000
"""Lines of a page in which a name is looked for."""
LONGEST_BARE = 100
"""Code points of a line that begins with a name and no cue."""
BELOW_STORY = 6
"""Lines below the story in which a name may stand alone."""
NONE: frozenset[int] = frozenset()


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
    lines = _Lines(seen, anchors)
    above = ""
    for i, line in enumerate(seen.lines[:MOST_LINES]):
        text = line.text
        cue, above = lone_cue(above) if seen.is_flat else "", text
        if line.marks & COMMENT:
            continue
        if (m := _ABOUT.match(text)) and (name := tidy_name(m["name"])):
            yield Told(name, "about", "line:about", text[:LONGEST], "author", i, line.marks, 1, 0)
        found = [] if len(text) > LONGEST else lines.as_a_whole(i, cue)
        yield from found
        if seen.is_flat:
            yield from lines.inside(i, cue, found)


class _Lines:
    """The lines of a page, as far as they may name somebody."""

    def __init__(self, seen: Seen, anchors: Anchors) -> None:
        self.seen, self.around = seen, anchors.near(BEFORE, AFTER)
        self.first = lexicon().first
        self.last, self.titles = last_story_line(seen), frozenset(anchors.lines)
        self.loose, self.stamps = _loose_lines(seen) if seen.is_flat else (NONE, NONE)

    def as_a_whole(self, i: int, above: str) -> list[Told]:
        """Return the names in a line that says little else; `above` is a lone cue above it."""
        line, near = self.seen.lines[i], i in self.around
        text, code = line.text, "cue" if near else "cue-far"
        is_handle = self.seen.is_flat and near and bool(_HANDLE.match(text))
        cue = strip_cue(text, is_handle)[2] if may_begin(text, self.first) else ""
        if not cue and above:
            text, cue = f"{above} {text}", above
            is_handle = near and " " not in line.text
        elif not cue and near and (m := _MIDDLE.search(text)) and m.start():
            text, cue, code = text[m.start() :].strip(), "by", "cue-middle"
        if not cue and not self._may_be_bare(i, text, near):
            return []
        byline = read_byline(text, marked=is_handle)
        if byline.names and not byline.cue:
            code = self._code_of_bare(i, text, byline.names, near)
        if not byline.names or not code:
            return []
        raw = text if text in line.text else line.text
        size = len(byline.names)
        return [
            Told(name, code, f"line:{code}", raw, byline.role, i, line.marks, size, rank)
            for rank, name in enumerate(byline.names)
        ]

    def _may_be_bare(self, i: int, text: str, near: bool) -> bool:
        """Tell whether a line without a cue stands where a name may stand alone."""
        if len(text) > LONGEST_BARE or not (near or self._is_at_end(i) or i in self.loose):
            return False
        is_heading = self.seen.lines[i].tag[:1] == "h"
        return not is_heading or (self.seen.is_flat and begins_with_given_name(text))

    def _is_at_end(self, i: int) -> bool:
        return self.last <= i <= self.last + BELOW_STORY

    def _code_of_bare(self, i: int, text: str, names: Sequence[str], near: bool) -> str:
        """Return what kind of place a line without a cue is, ``""`` when it is none."""
        is_flat = self.seen.is_flat
        if is_flat and i in self.titles:
            return ""
        if len(names) == 1 and names[0] == text:
            return "bare" if near else "bare-end" if self._is_at_end(i) else "bare-loose"
        return "composite" if _is_composite(text, names[0], near, is_flat) else ""

    def inside(self, i: int, above: str, whole: Sequence[Told]) -> list[Told]:
        """Return the names inside a line that lost its breaks, but those it tells as a `whole`."""
        line = self.seen.lines[i]
        text = line.text
        is_stamped = i + 1 in self.stamps or i + 2 in self.stamps
        found: list[tuple[str, str, str]] = []
        if is_stamped or _DIGIT.search(text):
            found = [("bare-inline", *n) for n in names_before_stamps(text, is_stamped)]
        if len(text) > LONGEST:
            found += [("cue-inline", *n) for n in bylines_inside(text)]
        if above and (name := name_in_front(text)):
            found.append(("cue-inline", name, f"{above} {name}"))
        if not found:
            return []
        known = {t.name for t in whole}
        first: dict[str, tuple[str, str]] = {}
        for code, name, raw in found:
            if name not in known:
                first.setdefault(name, (code, raw))
        return [
            Told(name, code, f"line:{code}", raw, "author", i, line.marks, 1, 0)
            for name, (code, raw) in first.items()
        ]


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
    return is_day or bool(READING_TIME.search(text))


def _loose_lines(seen: Seen) -> tuple[frozenset[int], frozenset[int]]:
    """Lines of a flat text that could hold a name wherever they stand, and those that are stamps.

    The former are printed twice, are or stand near a date, or begin with a given name.
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
    return frozenset(stamped.union(named)), frozenset(stamped)


def _is_composite(text: str, name: str, near: bool, is_flat: bool) -> bool:
    """Tell whether a line is a name beside a date, a count or a role."""
    if len(text) > LONGEST_BARE:
        return False
    if " " not in name:
        # "Susan December 9, 2024": a given name alone, directly in front of the day.
        return (
            is_flat
            and near
            and text.startswith(name)
            and begins_with_given_name(name)
            and (is_stamp(text))
        )
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

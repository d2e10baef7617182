"""Lines that hold nothing but dates, times and the words around them.

The words ("published", "updated", weekdays, time zones …) come from the rules' phrases; month and
weekday names from the calendar table. A rule that captures ``published`` or ``modified`` says
what its words mean; the first date after such a word belongs to it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from cleannews.boilerplate.context import Context
from cleannews.boilerplate.matching import DateLine, Matcher
from cleannews.document import Block, Capture, Rule
from cleannews.metadata.dates import FoundDate, ascii_digits, find_dates, weekday_names
from cleannews.reading.folding import fold

_TIME = re.compile(
    r"(?<!\d)\d{1,2}\s?[:.h時시点]\s?\d{0,2}(?:[:.]\d{2})?(?:분)?\s*(?:[ap]\.?\s?m\.?(?![a-z]))?"
    r"|(?<!\d)\d{1,2}\s*[ap]\.?m\.?(?![a-z])",
    re.IGNORECASE,
)
_TOKEN = re.compile(r"[^\W\d_](?:[^\s\d,;:()|/•·–—+]{0,40})|\d+", re.IGNORECASE)
_OFFSET = re.compile(r"(?:UTC|GMT)?\s?[+-]\d{2}:?\d{2}\b")

LONGEST_LINE = 300
"""Longest line, in code points, that can be a date line."""


def find_date_lines(context: Context) -> None:
    """Claim blocks that consist of a date and words about dates."""
    rules = list(context.detector_rules("date_lines"))
    if not rules:
        return
    longest = max(r.max_words for r in rules)
    plain = next((r for r in rules if not r.captures), rules[0])
    # Folding writes every number as 0.
    lines = [b for b in context.page.blocks if b.words <= longest and "0" in b.key]
    for block in lines:
        if block.is_prose or len(block.shown) > LONGEST_LINE:
            continue
        if (line := read_line(block.shown, context.matcher)) is None:
            continue
        rule, captures = _meaning(block, *line)
        rule = rule or plain
        if context.in_zone(block.index, rule.zone):
            context.claim(block, rule, "only a date and words about it", captures)


def read_line(text: str, matcher: Matcher) -> DateLine | None:
    """Return the dates and the known words of a line that holds nothing else."""
    if (known := matcher.date_lines.get(text)) is not None:
        return known or None
    dates = find_dates(text)
    words = matcher.detector_words["date_lines"]
    seen = _words_around(text, dates, words) if dates else None
    line = () if seen is None else (dates, seen)
    matcher.date_lines.put(text, line)
    return line or None


def _words_around(
    text: str, dates: list[FoundDate], words: Mapping[str, Rule]
) -> list[tuple[int, Rule]] | None:
    """Place and rule of each known word outside the dates; None when an unknown word is there."""
    rest = list(ascii_digits(text))
    for found in dates:
        rest[found.span.start : found.span.end] = " " * len(found.span)
    line = "".join(rest)
    for form in (_TIME, _OFFSET):
        line = form.sub(lambda m: " " * len(m.group()), line)
    tokens = [(m.start(), m.end()) for m in _TOKEN.finditer(line)]
    seen: list[tuple[int, Rule]] = []
    i = 0
    while i < len(tokens):
        for j in range(min(i + 4, len(tokens)), i, -1):
            key = fold(text[tokens[i][0] : tokens[j - 1][1]])
            if key in words:
                seen.append((tokens[i][0], words[key]))
                break
            if j == i + 1 and (key in weekday_names() or not key):
                break
        else:
            return None
        i = j
    return seen


def _meaning(
    block: Block, dates: list[FoundDate], seen: list[tuple[int, Rule]]
) -> tuple[Rule | None, tuple[Capture, ...]]:
    """The rule that names the line, and a capture for each date that a word gives a meaning."""
    captures: dict[str, Capture] = {}
    naming: Rule | None = None
    labels = [(place, rule) for place, rule in seen if rule.captures]
    for found in dates:
        before = [rule for place, rule in labels if place < found.span.start]
        # "5:47 am, May 22 updated": a word may follow the only date.
        rule = before[-1] if before else labels[0][1] if labels and len(dates) == 1 else None
        if rule is None and found is not dates[0]:
            continue
        field = rule.captures[0][0] if rule else "published"
        naming = naming or rule
        value = found.span.of(block.shown)
        is_plain = block.shown is block.text
        span = found.span.shift(block.start) if is_plain else block.place_of(value)
        captures.setdefault(field, Capture(field, value, span))
    return naming, tuple(captures.values())

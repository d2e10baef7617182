"""Kinds of value that a rule may capture, and how to tell that a text is one."""

from __future__ import annotations

import re

from cleannews.metadata.dates import find_dates
from cleannews.metadata.people import split_people
from cleannews.reading.plain import count_words

_URL = re.compile(
    r"(?:https?://|www\.)\S{3,300}|[\w-]{1,60}(?:\.[\w-]{1,40}){0,4}\.[a-z]{2,12}\S{0,200}"
)


def is_value(kind: str, value: str) -> bool:
    """Tell whether `value` is of a kind: ``people``, ``date``, ``site``, ``text`` or ``url``.

    >>> is_value("people", "Ana Ruiz"), is_value("people", "the numbers")
    (True, False)
    """
    value = value.strip()
    if not value:
        return False
    if kind == "people":
        return bool(split_people(value))
    if kind == "date":
        return len(value) <= 80 and bool(find_dates(value))
    if kind == "url":
        return _URL.fullmatch(value) is not None
    if kind == "site":
        return count_words(value) <= 8 and any(c.isupper() or not c.isascii() for c in value)
    return count_words(value) <= 40

"""Dates as machines write them: a day, with the time and the zone where they are written."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, timezone

from cleannews.metadata.dates import ascii_digits, find_dates

_ISO = re.compile(
    r"(?<!\d)((?:19|20)\d\d)-?(\d\d)-?(\d\d)"
    r"(?:(?:[T\s]\s?|\s?,\s?)(\d\d):?(\d\d)(?::?(\d\d)(?:[.,]\d{1,9})?)?\s?(Z|UTC|GMT|[+-]\d\d:?(?:\d\d)?)?)?(?!\d)"
)
_CLOCK = re.compile(
    r"(?<![\d.,:])([01]?\d|2[0-3])[:.h]([0-5]\d)(?::([0-5]\d))?\s?([ap]\.?m\.?)?(?![\d:.]\d)",
    re.IGNORECASE,
)
_ZONE = re.compile(r"^\s*(?:\(?(Z|UTC|GMT)\b\)?\s?([+-]\d\d?(?::?\d\d)?)?|([+-]\d\d:?\d\d))")
_NAMED = {"IST": 330, "CET": 60, "CEST": 120, "MEZ": 60, "MESZ": 120, "EST": -300, "EDT": -240,
          "PST": -480, "PDT": -420, "CDT": -300, "MDT": -360, "BST": 60, "JST": 540, "KST": 540,
          "WIB": 420, "MSK": 180, "AEST": 600, "AEDT": 660, "HKT": 480, "SGT": 480, "EET": 120,
          "EEST": 180}  # fmt: skip
_NAMED_ZONE = re.compile(rf"^\s*\(?({'|'.join(_NAMED)})\b")


def read_moment(raw: str) -> date | datetime | None:
    """Return the moment that a machine's string states: aware with a zone, else naive, else a day.

    Args:
        raw: An attribute's value. A bare year or month gives nothing.

    >>> read_moment("2023-09-14T08:05:00+05:30").isoformat()
    '2023-09-14T08:05:00+05:30'
    >>> read_moment("Thu, 14 Sep 2023 08:05:00 GMT").isoformat()
    '2023-09-14T08:05:00+00:00'
    >>> read_moment("20230914"), read_moment("2023"), read_moment("2023-02-31")
    (datetime.date(2023, 9, 14), None, None)
    """
    text = ascii_digits(raw.strip()[:80])
    if m := _ISO.search(text):
        return _from_iso(m)
    found = find_dates(text)
    if not found or found[0].is_ambiguous:
        return None
    return with_clock(found[0].value, text[found[0].span.end :])


def _from_iso(m: re.Match[str]) -> date | datetime | None:
    try:
        day = date(int(m[1]), int(m[2]), int(m[3]))
        if m[4] is None:
            return day
        return datetime(
            day.year, day.month, day.day, int(m[4]), int(m[5]), int(m[6] or 0), tzinfo=_zone(m[7])
        )
    except ValueError:
        return None


def with_clock(day: date, after: str) -> date | datetime:
    """Return the day with the time that is written right behind it, if there is one.

    >>> with_clock(date(2023, 9, 14), " | Updated 10:05 AM IST").isoformat()
    '2023-09-14T10:05:00+05:30'
    """
    m = _CLOCK.search(after[:40])
    if not m:
        return day
    hour = int(m[1])
    if m[4]:
        if hour > 12:
            return day
        hour = hour % 12 + (12 if m[4][0] in "pP" else 0)
    rest = after[m.end() : m.end() + 20]
    zone = _zone_behind(rest)
    return datetime(day.year, day.month, day.day, hour, int(m[2]), int(m[3] or 0), tzinfo=zone)


def _zone_behind(rest: str) -> timezone | None:
    if m := _NAMED_ZONE.match(rest):
        return timezone(timedelta(minutes=_NAMED[m[1]]))
    if m := _ZONE.match(rest):
        return _zone(m[2] or m[3] or m[1])
    return None


def _zone(text: str | None) -> timezone | None:
    if not text:
        return None
    if text in ("Z", "UTC", "GMT"):
        return UTC
    digits = text[1:].replace(":", "")
    hours, minutes = int(digits[:2]), int(digits[2:4] or 0)
    if hours > 14 or minutes > 59:
        return None
    offset = timedelta(hours=hours, minutes=minutes)
    return timezone(-offset if text[0] == "-" else offset)


def day_of(value: date | datetime) -> date:
    """Return the day in the zone in which it is written."""
    return value.date() if isinstance(value, datetime) else value

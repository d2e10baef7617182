"""A row of an output checked, and cut to what a page of a report can show."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from cleannews.report.values import SeenPage, Stretch

Row = Mapping[str, Any]

FIRST, LAST = 40, 16
"""Stretches of a page that are shown from its beginning and its end."""
LONGEST_KEPT, LONGEST_REMOVED = 480, 360
"""Code points that are shown of a stretch that stayed, and of one that went."""
_SPARED = 80
"""Code points that are shown rather than left out: leaving out a few words would save nothing."""
LONGEST_VALUE = 400
"""Code points of an id, a title or an address that are shown."""

_NAMES = ("id", "url", "title", "published", "site", "publisher", "language")


def checked(row: Mapping[str, Any]) -> Row:
    """Return a row whose columns have the types that a run writes.

    Raises:
        TypeError: A column has another type.
        ValueError: A value is out of range.
    """
    text = row.get("text")
    if text is not None and not isinstance(text, str):
        raise TypeError("text")
    confidence = float(row.get("confidence") or 0)
    if not 0 <= confidence <= 1:
        raise ValueError("confidence")
    made: dict[str, Any] = {name: _cut(row.get(name)) for name in _NAMES}
    made |= {"text": text, "confidence": confidence}
    made["authors"] = [str(name)[:LONGEST_VALUE] for name in _list(row.get("authors"))[:8]]
    made["warnings"] = [
        {"code": str(w["code"])[:LONGEST_VALUE], "detail": str(w.get("detail") or "")}
        for w in _list(row.get("warnings"))
    ]
    made["removed"] = list(map(_removal, _list(row.get("removed"))))
    return made


def _cut(value: object) -> str | None:
    if value is None:
        return None
    text = str(value)
    return text if len(text) <= LONGEST_VALUE else text[: LONGEST_VALUE - 1] + "…"


def _list(value: object) -> list[Any]:
    if value is None:
        return []
    if not isinstance(value, list):
        raise TypeError("not a list")
    return value


def _removal(value: Mapping[str, Any]) -> dict[str, Any]:
    start, end, text = value["start"], value["end"], value["text"]
    if not isinstance(start, int) or not isinstance(end, int) or not isinstance(text, str):
        raise TypeError("removed")
    if not 0 <= start <= end:
        raise ValueError("removed")
    return {
        "start": start,
        "end": end,
        "text": text,
        "rule": str(value["rule"])[:LONGEST_VALUE],
        "category": str(value["category"])[:LONGEST_VALUE],
        "confidence": float(value.get("confidence") or 0),
        "evidence": str(value.get("evidence") or "")[:LONGEST_VALUE],
        "language": str(value.get("language") or "und")[:LONGEST_VALUE],
    }


def shown_row(row: Row) -> dict[str, Any]:
    """Return a row's columns without its texts, and how long its text is."""
    made = {name: row[name] for name in (*_NAMES, "confidence", "authors")}
    made["warnings"] = [{**w, "detail": w["detail"][:LONGEST_VALUE]} for w in row["warnings"][:12]]
    made["characters_kept"] = len(row["text"] or "")
    return made


def seen_page(row: Row) -> SeenPage:
    r"""Return a row cut to what a page can show.

    >>> from cleannews.columns import clean_row
    >>> page = seen_page(checked(clean_row(text="The bridge is shut.\n\n[ad_1]")))
    >>> [(s.text, s.why and s.why["rule"]) for s in page.stretches]
    [('The bridge is shut.', None), ('\n\n[ad_1]', 'placeholder/wp-automatic')]
    """
    first: list[Stretch] = []
    last: list[Stretch] = []
    count = 0
    for text, why in _pieces(row["text"], row["removed"]):
        for stretch in _shortened(text, why):
            count += 1
            if len(first) < FIRST:
                first.append(stretch)
            else:
                last.append(stretch)
                del last[:-LAST]
    gone = sum(removal["end"] - removal["start"] for removal in row["removed"])
    return SeenPage(
        row=shown_row(row),
        stretches=(*first, *last),
        hidden=count - len(first) - len(last),
        hidden_at=len(first),
        characters=len(row["text"]) + gone,
        gone=gone,
        pieces=len(row["removed"]),
    )


def _pieces(text: str, removed: list[dict[str, Any]]) -> Iterator[tuple[str, Row | None]]:
    """Put the text as it was read together again, from what stayed and what went."""
    at = place = 0
    for removal in removed:
        length = max(0, removal["start"] - place)
        if kept := text[at : at + length]:
            yield kept, None
        at += length
        if removal["text"]:
            yield removal["text"], removal
        place = removal["end"]
    if text[at:]:
        yield text[at:], None


def _shortened(text: str, why: Row | None) -> Iterator[Stretch]:
    """Yield a stretch as it is shown: of a long one, how it begins and, if it stayed, ends."""
    longest = LONGEST_KEPT if why is None else LONGEST_REMOVED
    if len(text) <= longest + _SPARED:
        yield Stretch(text, why)
        return
    head = longest if why is not None else longest * 2 // 3
    begin = text.rfind(" ", head - 60, head)
    begin = head if begin < 0 else begin
    rest = len(text) - begin
    if why is None:
        tail = longest // 3
        end = text.find(" ", len(text) - tail, len(text) - tail + 60)
        end = len(text) - tail if end < 0 else end
        yield Stretch(text[:begin], None, end - begin)
        yield Stretch(text[end:])
    else:
        yield Stretch(text[:begin], why, rest)

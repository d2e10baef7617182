"""The day of publication: every date a page holds, who states it and as what."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import islice
from typing import NamedTuple
from urllib.parse import urlsplit

from cleannews.metadata.anchors import Anchors
from cleannews.metadata.dates import ascii_digits, find_dates
from cleannews.metadata.jsonld import Item, Items, text_of
from cleannews.metadata.moments import day_of, read_moment, with_clock
from cleannews.metadata.page import Seen, Spot
from cleannews.metadata.places import ASIDE, CAPTION, COMMENT, DATE, FAR, FOOT, HEAD, RELATED
from cleannews.metadata.sources import tag_names

_URL = (
    ("ymd", re.compile(r"(?<!\d)((?:19|20)\d\d)([/_.-])(\d{1,2})\2(\d{1,2})(?!\d)")),
    ("ymd", re.compile(r"(?<!\d)((?:19|20)\d\d)()([01]\d)([0-3]\d)(?!\d)")),
    ("dmy", re.compile(r"(?<!\d)(\d{1,2})([-_.])(\d{1,2})\2((?:19|20)\d\d)(?!\d)")),
    ("ymd", re.compile(r"(?<!\d)((?:19|20)\d\d)([/_.-])([01]\d)([0-3]\d)(?!\d)")),
    ("ymd", re.compile(r"(?<!\d)(20\d\d)()([01]\d)([0-3]\d)(?=\d{2,12}(?!\d))")),
)
_NAMED_PUBLISHED = re.compile(
    r"publi(?:sh|cation).{0,12}(?:date|time|at\b|on\b)|(?:date|time).{0,6}publi|pub.?date"
)
_SHORT = re.compile(r"(?<![\d.,/:-])(\d{1,2})([./-])\s?(\d{1,2})\2\s?(\d\d)(?![\d.,/:-]?\d)")
_UPDATED = re.compile(
    r"updat|modif|aktualisier|zuletzt|geändert|\bstand\b|actuali[sz]|atualiz|aggiorn"
    r"|mise? à jour|bijgewerkt|laatst|revis|review|обновл|измен|güncel|diperbarui|cập nhật|更新"
    r"|最終|수정|oppdater|uppdater|opdater|päivite|aktualiz|تحديث|अपडेट|edited on|last edit|changed"
    r"|correct(?:ion|ed)|clarification|berichtig|korrektur|korrigiert|corrección|rectific",
    re.IGNORECASE,
)
_ISSUED = re.compile(
    r"publi[sc]|posted|veröffentlicht|erschienen|erstellt|\bdatum\b|publikat|pubbl|gepubliceerd"
    r"|geplaatst|опублик|yayın|dipublikasi|diterbitkan|đăng|发布|發布|公開|掲載|입력|등록|publiser"
    r"|publicerad|udgivet|julkaist|نشر|प्रकाशित|\bdate\b|\bon\b|written|created|online seit"
    r"|\bam\b|\ble\b|created",
    re.IGNORECASE,
)
_EVENT = re.compile(
    r"©|copyright|\bborn\b|\bgeboren|since|\bseit\b|expires|\bbis\b|until|deadline|event|termin"
    r"|founded",
    re.IGNORECASE,
)
_DIGIT = re.compile(r"\d")
BEFORE, AFTER = 10, 30
LONGEST = 220
MOST_LINES, LAST_LINES = 60, 30
"""Lines with a digit that are read far from the title, and lines at the end that are always."""
MOST_STATED = 500
"""Places with a date that are weighed."""


class Stated(NamedTuple):
    """One place that holds a date."""

    day: date
    value: date | datetime
    code: str
    origin: str
    raw: str
    line: int
    marks: int
    is_swapped: bool
    is_ambiguous: bool


@dataclass(slots=True)
class DayGroup:
    """A day and everything that states it."""

    day: date
    stated: list[Stated] = field(default_factory=list)
    features: dict[str, float] = field(default_factory=dict)


def stated_dates(
    seen: Seen,
    items: Items,
    url: str | None,
    anchors: Anchors,
    captured: Iterable[tuple[str, str, str, int]] = (),
) -> list[Stated]:
    """Return every date of a page, with who states it.

    Args:
        seen: What the pass over the page found.
        items: Its JSON-LD.
        url: Address of the page.
        anchors: Where the title stands.
        captured: What rules captured as a date: value, ``published`` or ``modified``, rule, line.
    """
    found: list[Stated] = []
    for raw, kind, rule, line in captured:
        found += _written(
            raw, "rule-mod" if kind == "modified" else "rule-pub", f"text:{rule}", line, 0
        )
    for raw, code, origin, line, marks in _machine(seen, items):
        value = read_moment(raw)
        if value is not None:
            found.append(Stated(day_of(value), value, code, origin, raw, line, marks, False, False))
        else:
            found += _written(raw, code, origin, line, marks)
    for address in dict.fromkeys([url or "", *(h for r, h in seen.links if r == "canonical")]):
        if day := url_day(address):
            found.append(Stated(day, day, "url", "url", address, -1, 0, False, False))
    found += islice(_shown(seen, anchors), MOST_STATED)
    return found[:MOST_STATED]


def url_day(url: str) -> date | None:
    """Return the day that an address's path holds.

    >>> url_day("https://example.org/2023/09/14/bridge"), url_day("https://example.org/20230914-1")
    (datetime.date(2023, 9, 14), datetime.date(2023, 9, 14))
    """
    try:
        path = urlsplit(url).path
    except ValueError:
        return None
    if path.count("/http") and "web/" in path:
        path = path[path.index("/http") :]
    for order, form in _URL:
        for m in form.finditer(path[:500]):
            year, month, day = int(m[1]), int(m[3]), int(m[4])
            if order == "dmy":
                year, day = day, year
            try:
                return date(year, month, day)
            except ValueError:
                continue
    return None


_META_CODES = {"published": "meta-pub", "some": "meta-date", "modified": "meta-mod"}
_LD = {
    "datePublished": "pub", "dateCreated": "created", "uploadDate": "created",
    "dateModified": "mod",
}  # fmt: skip


def _machine(seen: Seen, items: Items) -> Iterator[tuple[str, str, str, int, int]]:
    articles = items.articles()
    for n, article in enumerate(articles[:4]):
        yield from _item(article, "ld" if n == 0 else "ld-more", "json-ld:Article")
    for page in items.pages()[:3]:
        yield from _item(page, "ld-page", "json-ld:WebPage")
    others = [i for i in items.top if i not in articles and i not in items.pages()]
    for item in others[:10]:
        yield from _item(item, "ld-other", "json-ld:item")
    codes = tag_names("dates")
    for name, content in seen.metas:
        code = _META_CODES.get(codes.get(name, ""), "")
        code = "meta-main" if name == "article:published_time" else code
        code = code or ("meta-pub" if "pub" in name and _NAMED_PUBLISHED.search(name) else "")
        if name == "og:image" and (day := url_day(content)):
            yield day.isoformat(), "image", "meta:og:image", -1, 0
        if code:
            yield content, code, f"meta:{name}", -1, 0
    for raw in seen.scripted[:6]:
        yield raw, "script", "script", -1, 0
    for spot in seen.spots:
        yield from _spot(spot)


def _item(item: Item, prefix: str, origin: str) -> Iterator[tuple[str, str, str, int, int]]:
    for name, code in _LD.items():
        if value := text_of(item.get(name)):
            yield value, f"{prefix}-{code}", f"{origin}.{name}", -1, 0


def _spot(spot: Spot) -> Iterator[tuple[str, str, str, int, int]]:
    name = spot.name.lower()
    text = spot.value if any(c.isdigit() for c in spot.value) else spot.text
    if not text or len(text) > LONGEST:
        return
    if spot.kind == "prop":
        code = (
            "micro-mod"
            if "modified" in name
            else "micro-pub"
            if "date" in name and "dateline" not in name
            else ""
        )
    elif spot.kind == "time":
        code = (
            "time-mod"
            if "updat" in name or "modif" in name
            else "time-pub"
            if name and name != "date"
            else "time"
        )
    elif spot.kind == "class" and spot.marks & DATE:
        code = "class-mod" if "updat" in name or "modif" in name else "class"
        if len(text) > 100:
            return
    else:
        return
    if code:
        yield text, code, f"{spot.kind}:{spot.name[:40]}", spot.line, spot.marks


def _written(raw: str, code: str, origin: str, line: int, marks: int) -> Iterator[Stated]:
    """Dates as people write them; day and month both ways when nothing tells which is which."""
    plain = ascii_digits(raw)
    for found in find_dates(raw)[:3]:
        value = with_clock(found.value, plain[found.span.end :])
        yield Stated(found.value, value, code, origin, raw, line, marks, False, found.is_ambiguous)
        if found.is_ambiguous:
            day = found.value.replace(month=found.value.day, day=found.value.month)
            value = with_clock(day, plain[found.span.end :])
            yield Stated(day, value, code, origin, raw, line, marks, True, True)
    if len(raw) <= 60 and (m := _SHORT.search(plain)):
        first, second, year = int(m[1]), int(m[3]), 2000 + int(m[4])
        orders = [(first, second)] if m[2] == "." else [(first, second), (second, first)]
        for n, (d, month) in enumerate(orders):
            try:
                day = date(year, month, d)
            except ValueError:
                continue
            yield Stated(
                day,
                day,
                f"{code}-short",
                origin,
                raw,
                line,
                marks,
                n == 1,
                len(orders) == 2 and d <= 12,
            )


def _shown(seen: Seen, anchors: Anchors) -> Iterator[Stated]:
    """Dates in lines: near the title, and the first ones elsewhere."""
    far, around, end = 0, anchors.near(BEFORE, AFTER), len(seen.lines) - LAST_LINES
    for i, line in enumerate(seen.lines):
        text = line.text
        near = i in around
        if not near and far >= MOST_LINES and i < end:
            continue
        if not _DIGIT.search(text, 0, 400):
            continue
        far += not near
        code = "near" if near else "far"
        if len(text) > LONGEST:
            if not near and far > 20:
                continue
            text, code = text[:LONGEST], f"{code}-prose"
        for one in _written(text, code, f"line:{code}", i, line.marks):
            yield one._replace(code=_cued(one.code, text))


def _cued(code: str, text: str) -> str:
    """Add to a line's code what stands around the date."""
    if code.endswith("prose"):
        return code
    updated, issued = _UPDATED.search(text), _ISSUED.search(text)
    if updated and issued and updated.start() > issued.start():
        return f"{code}-both"
    if updated:
        return f"{code}-updated"
    if issued:
        return f"{code}-issued"
    return code


_KINDS = (
    "rule-pub", "rule-mod", "script", "image", "ld-pub", "ld-mod", "ld-page-pub", "ld-page-mod",
    "meta-main", "meta-pub", "meta-date", "meta-mod", "micro-pub", "time", "time-pub", "class",
    "near", "near-issued", "near-updated", "url", "far", "ld-created",
)  # fmt: skip
_STRONG = frozenset(
    ["ld-pub", "ld-page-pub", "meta-main", "meta-pub", "meta-date", "micro-pub", "time",
     "time-pub", "url", "near", "near-issued", "class", "near-both"]
)  # fmt: skip


def day_groups(stated: list[Stated], seen: Seen, anchors: Anchors) -> list[DayGroup]:
    """Return the days of a page, with features."""
    groups: dict[date, DayGroup] = {}
    for one in stated:
        groups.setdefault(one.day, DayGroup(one.day)).stated.append(one)
    days = sorted(groups)
    by_code: dict[str, set[date]] = {}
    for one in stated:
        by_code.setdefault(one.code, set()).add(one.day)
    shown = [s for s in stated if s.line >= 0]
    order = {
        d: n
        for n, d in enumerate(dict.fromkeys(s.day for s in sorted(shown, key=lambda s: s.line)))
    }
    month_first = _month_first(seen)
    language = seen.language[:2].lower()
    for n, day in enumerate(days):
        group = groups[day]
        f = group.features
        _describe(group, anchors)
        for kind in _KINDS:
            f[f"all-{kind}"] = len(by_code.get(kind, ()))
        f["rank"], f["from-last"] = n, len(days) - 1 - n
        f["days"] = len(days)
        f["order"] = order.get(day, 30)
        f["beside"] = sum(
            day + timedelta(d) in groups
            for d in (-1, 1)
            if date(1900, 1, 3) < day < date(9000, 1, 1)
        )
        f["next-strong"] = float(
            any(
                s.code in _STRONG
                for d in (-1, 1)
                if (near := _shifted(day, d)) and (g := groups.get(near))
                for s in g.stated
            )
        )
        f["month-first"] = month_first
        f["english"] = float(language == "en")
        f["kinds-rank"] = 0.0
        for kind in ("ld-pub", "ld-mod", "meta-main", "url", "ld-page-pub", "near"):
            other = by_code.get(kind)
            gap = min(((day - o).days for o in other), key=abs) if other else 9999
            f[f"gap-{kind}"] = max(-9999, min(9999, gap))
    ranked = sorted(groups.values(), key=lambda g: -g.features["kinds"])
    for n, group in enumerate(ranked):
        group.features["kinds-rank"] = n
        group.features["most-kinds"] = ranked[0].features["kinds"]
    return ranked


def _shifted(day: date, by: int) -> date | None:
    try:
        return day + timedelta(by)
    except OverflowError:
        return None


def _month_first(seen: Seen) -> float:
    """Whether the page's other dates put the month first: 1 yes, -1 no, 0 unknown."""
    votes = 0
    for line in seen.lines:
        if len(line.text) < 200 and "/" in line.text:
            for m in re.finditer(r"(?<![\d/])(\d{1,2})/(\d{1,2})/(?:20)?\d\d(?!\d)", line.text):
                a, b = int(m[1]), int(m[2])
                votes += (a <= 12 < b <= 31) - (b <= 12 < a <= 31)
    return float((votes > 0) - (votes < 0))


def _describe(group: DayGroup, anchors: Anchors) -> None:
    f = group.features
    for one in group.stated:
        f[one.code] = f.get(one.code, 0.0) + 1
    f["kinds"] = len(
        {
            one.code.replace("-more", "").split("-")[0]
            if one.code.startswith(("ld", "near", "far"))
            else one.code.split("-")[0]
            for one in group.stated
            if "mod" not in one.code
        }
    )
    f["strong"] = len({one.code for one in group.stated if one.code in _STRONG})
    f["modified-only"] = float(
        all("mod" in one.code or "updated" in one.code for one in group.stated)
    )
    f["swapped"] = float(all(one.is_swapped for one in group.stated))
    f["ambiguous"] = float(all(one.is_ambiguous for one in group.stated))
    places = [one for one in group.stated if one.line >= 0]
    f["places"] = len(places)
    near = [one for one in places if not one.marks & FAR]
    f["near-places"] = len(near)
    gaps = [anchors.gap(one.line) for one in near] if anchors.lines else []
    f["gap"] = min(gaps, key=abs) if gaps else 200
    f["gap-size"] = abs(f["gap"])
    for name, mark in (
        ("comment", COMMENT),
        ("aside", ASIDE),
        ("related", RELATED),
        ("foot", FOOT),
        ("caption", CAPTION),
        ("date", DATE),
        ("head", HEAD),
    ):
        f[f"in-{name}"] = (
            sum(bool(one.marks & mark) for one in places) / len(places) if places else -1.0
        )
    f["year"] = group.day.year
    f["first-of-month"] = float(group.day.day == 1)
    f["event"] = float(any(_EVENT.search(one.raw[:LONGEST]) for one in places))
    f["line-size"] = min((len(one.raw) for one in places), default=0)
    f["clock"] = float(any(isinstance(one.value, datetime) for one in group.stated))

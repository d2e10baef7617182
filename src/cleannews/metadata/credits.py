"""Credit lines: editor, photographer, agency, dateline and source, in whatever language.

A line is read by its label or by its shape. What follows must look like what the label promises, so
that "Editor: how we choose our stories" names nobody.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from functools import cache, lru_cache
from importlib.resources import files
from typing import NamedTuple

from cleannews.document import Metadata, Person, Sourced
from cleannews.metadata.bylines import first_words, may_begin, read_byline
from cleannews.metadata.people import looks_like_name
from cleannews.metadata.site import is_agency, looks_like_organisation
from cleannews.reading.folding import fold

LONGEST = 300
"""Code points of a line that may be a credit; a dateline is read from longer ones."""
LONGEST_VALUE = 90
LONGEST_MARK = 40
"""Code points of an agency in brackets at the end of a line."""
CONFIDENCE = 0.85
"""Confidence of a credit: lower than that of a rule that knows the line as a whole."""
_MARK = r"\s{0,2}(?:[:：=/／|]|[-–—]\s|﹕)\s{0,2}"
_DATELINE = re.compile(
    r"^(?:\(?(?P<before>[^()\s][^()]{0,24}?)\)\s?[-–—]{1,2}\s?)?(?P<place>[^\W\d_][^\n:;!?()\[\]]{1,50}?)"
    r"(?::?\s?[(（](?P<agency>[^()（）]{2,40})[)）])?\.?(?:\s[-–—]{1,2}\s?|[-–—]{1,2}\s|[:：]\s)(?=\S)"
)
_BRACKETED = re.compile(
    r"^[(\[（【](?P<inside>[^()\[\]（）【】]{3,60})[)\]）】]\s?(?:\S.{0,20}[=＝]\s?)?"
)
_END_MARK = re.compile(r"[(\[（【/]\s?(?P<agency>[^()\[\]（）【】/]{2,30})\s?[)\]）】]?\.?$")
_DATE_PART = re.compile(
    r",?\s+(?:\d{1,2}\.?\s?(?:de\s)?[^\s\d,]{3,12}|[^\s\d,]{3,12}\s\d{1,2}\.?)(?:,?\s(?:19|20)\d\d)?\.?$"
)
_CHINESE_LINE = re.compile(
    r"^(?P<agency>新华社|新華社|中新社|中新网|中央社)(?P<place>[\u4e00-\u9fff]{2,6}?)(?:\d{1,2}月)?\d{1,2}日[电電讯訊]"
)
_PHOTO_END = re.compile(
    r"(?:[(（\[]\s?|[／/＝=]\s?)(?P<who>[^()（）\[\]/／＝=]{2,40}?)\s?(?:撮影|摄影|攝影|提供|摄|촬영|제공)[)）\]]?$"
    r"|^(?P<alone>[^\s:：＝=／/（(]{2,12}?)\s?(?:撮影|摄影|攝影|촬영|摄)$"
)
_COPYRIGHT = re.compile(r"^(?:©|\(c\))\s?(?!\d{4}\b)(?P<who>[^©|]{3,60}?)\.?$", re.IGNORECASE)
_STEMS = (
    "appeared", "publish", "posted on", "erschien", "erschienen", "apareció", "public", "apparu",
    "publié", "pubblicato", "proviene", "apareceu", "verscheen", "pojawił", "pochodzi", "ukazał",
    "впервые", "yayın", "tayang", "diterbitkan", "đăng", "xuất hiện", "首发", "最早", "最初",
    "最初に", "처음", "نشر", "نُشر", "प्रकाशित",
)  # fmt: skip
"""Of which a line must hold one before the phrases are tried; for speed only."""
_IDEOGRAPHS = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_SMALL_START = re.compile(
    r"^(?:the |der |die |das |el |la |le |l'|il |lo |o |a |de |het )", re.IGNORECASE
)


class Credit(NamedTuple):
    """What a line says.

    Attributes:
        field: ``editor``, ``photo``, ``agency``, ``dateline`` or ``source``.
        value: Who or where.
    """

    field: str
    value: str


@cache
def _labels() -> dict[str, tuple[str, ...]]:
    """Folded label to the fields it may stand for."""
    found: dict[str, tuple[str, ...]] = {}
    for field, table in _table().items():
        for label in table["labels"]:
            found[fold(label)] = (*found.get(fold(label), ()), field)
    return found


@cache
def _table() -> dict[str, dict[str, list[str]]]:
    path = files("cleannews.metadata").joinpath("credits.toml")
    return tomllib.loads(path.read_text(encoding="utf-8"))


@cache
def _first_words() -> frozenset[str]:
    return first_words(label for table in _table().values() for label in table["labels"])


@cache
def _label_start() -> re.Pattern[str]:
    labels = {label for table in _table().values() for label in table["labels"]}
    either = "|".join(re.escape(w) for w in sorted(labels, key=lambda w: (-len(w), w)))
    return re.compile(
        rf"^[\s(\[（【*•|>–—-]{{0,4}}(?P<label>{either})(?:(?P<mark>{_MARK})|(?P<space>\s{{1,2}}))",
        re.IGNORECASE,
    )


@cache
def _phrase() -> re.Pattern[str]:
    either = "|".join(map(re.escape, _table()["source"]["phrases"]))
    return re.compile(rf"(?:{either})[\s:：]{{0,2}}", re.IGNORECASE)


@lru_cache(maxsize=4096)
def read_credits(line: str) -> tuple[Credit, ...]:
    """Return what a line says about who made the story; empty for a line of the story.

    Args:
        line: One line, as a reader sees it.

    >>> read_credits("Edited by: Ana Ruiz")
    (Credit(field='editor', value='Ana Ruiz'),)
    >>> read_credits("HARBOUR, June 2 (Reuters) - The bridge will close.")
    (Credit(field='dateline', value='HARBOUR'), Credit(field='agency', value='Reuters'))
    >>> read_credits("Photo: how to hold a camera")
    ()
    """
    line = " ".join(line.split())
    found: list[Credit] = []
    if len(line) <= LONGEST:
        found += _labelled(line) or _phrased(line) or _shaped(line)
    if not found or all(c.field == "agency" for c in found):
        found = [*_dateline(line), *found]
    return tuple(dict.fromkeys(found))


def _labelled(line: str) -> list[Credit]:
    m = _label_start().match(line) if may_begin(line, _first_words()) else None
    if not m:
        return []
    label, rest = fold(m["label"]), line[m.end() :].strip(" )]）】")
    fields = _labels().get(label, ())
    if not rest or len(rest) > LONGEST_VALUE:
        return []
    if m["space"] is not None and not label.endswith(_BARE_ENDS):
        return []
    for field in fields:
        if found := _values(field, rest, is_marked=m["mark"] is not None):
            return found
    return []


_BARE_ENDS = (
    " by", " von", " de", " di", " par", " por", " door", " from", " in", " on", " of", " van",
    " от", " dari", " da", " do", " sur", " su", " em", " en", " auf", " bei", "عن", "تصوير",
    "تحرير", "редакцией", "материалам",
)  # fmt: skip
"""Ends of labels that need no mark behind them."""


def _values(field: str, rest: str, *, is_marked: bool) -> list[Credit]:
    if field == "editor":
        names = [n for n in read_byline(rest, marked=True).names if _is_person(n)]
        return [Credit(field, n) for n in names] if names and _all_names(rest, names) else []
    if field == "photo":
        return [Credit(field, n) for n in _makers(rest)]
    if field == "agency":
        return [Credit(field, n) for n in _agencies(rest)]
    if is_agency(rest.strip(" .")):
        return [Credit("agency", rest.strip(" ."))]
    if agencies := _agencies(rest):
        return [Credit("agency", n) for n in agencies]
    value = _outlet(rest)
    return [Credit("source", value)] if value and is_marked else []


def _is_person(name: str) -> bool:
    words = name.split()
    if is_agency(name) or len(words) > 5:
        return False
    if any(c.lower() != c.upper() for c in name):
        return looks_like_name(name) and words[0][:1].isupper()
    return len(name) <= 6 if _IDEOGRAPHS.search(name) else len(words) <= 3


def _all_names(rest: str, names: list[str]) -> bool:
    """Tell whether little but the names stands there."""
    return len(rest) <= sum(len(n) + 22 for n in names)


def _makers(rest: str) -> list[str]:
    """Who made a picture: a person or a firm, parts at a slash are one credit's."""
    rest = re.sub(
        r"\s?[(（\[](?:archiv|symbolbild|file|archivo|archives?|arşiv|архив)[^()]{0,20}[)）\]]$",
        "",
        rest,
        flags=re.IGNORECASE,
    )
    parts = [p.strip(" .©") for p in re.split(r"\s?[/／|,，、]\s?", rest) if p.strip(" .©")]
    if not 1 <= len(parts) <= 4 or not all(_looks_like_maker(p) for p in parts):
        return []
    return parts


def _looks_like_maker(part: str) -> bool:
    if is_agency(part):
        return True
    words = part.split()
    if len(words) > 5 or any(c in part for c in '?!:;"“”'):
        return False
    if not any(c.lower() != c.upper() for c in part):
        return (
            2 <= len(part) <= 10 and part[-1] not in "。！？"
            if _IDEOGRAPHS.search(part)
            else len(words) <= 4
        )
    return looks_like_name(part) and (words[0][:1].isupper() or len(words) == 1)


def _agencies(rest: str) -> list[str]:
    parts = [
        p.strip(" .()")
        for p in re.split(r"\s?[/,，、]\s?|\s(?:and|und|y|et|e|en|i|и|ve|dan|và|و|और)\s", rest)
    ]
    return parts if parts and all(is_agency(p) for p in parts) else []


def _outlet(rest: str) -> str:
    """The name of who published something; nothing when it reads like a sentence."""
    value = re.split(r"\s(?:on|am|el|le|il|em|op|dnia|on the)\s\d|\s?[(（|]|\.\s", rest)[0].strip(
        " .,。»«\"“”'’"
    )
    words = value.split()
    if not value or len(words) > 6 or len(value) > 60 or any(c in value for c in "?!;"):
        return ""
    if re.fullmatch(r"(?:https?://)?(?:www\.)?[\w-]+(?:\.[\w-]+)+(?:/\S*)?", value):
        return value
    if not any(c.lower() != c.upper() for c in value):
        return (
            value
            if 2 <= len(value) <= (10 if _IDEOGRAPHS.search(value) else 25) and len(words) <= 4
            else ""
        )
    plain = _SMALL_START.sub("", value)
    if not plain[:1].isupper() and not plain[:1].isdigit():
        return ""
    small = sum(w[:1].islower() for w in plain.split())
    return value if small <= 2 and small < len(plain.split()) else ""


def _phrased(line: str) -> list[Credit]:
    low = line.lower()
    m = _phrase().search(line) if any(stem in low for stem in _STEMS) else None
    if not m:
        return []
    value = (
        _outlet(line[m.end() :])
        if line[m.end() :].strip(" .。")
        else _outlet_before(line[: m.start()])
    )
    return [Credit("source", value)] if value else []


def _outlet_before(text: str) -> str:
    """The outlet where a language names it before the verb."""
    m = re.search(
        r"(?:この記事は|이 기사는|यह लेख|本文)\s?(?P<who>\S.{1,30}?)\s?(?:に|에|में|पर)?$", text
    )
    return m["who"].strip(' 「」『』"“”') if m else ""


def _shaped(line: str) -> list[Credit]:
    found: list[Credit] = []
    if not line.isascii() and (m := _PHOTO_END.search(line)):
        found += [Credit("photo", n) for n in _makers(m["who"] or m["alone"])]
    elif (m := _COPYRIGHT.match(line)) and (makers := _makers(m["who"])):
        found += [Credit("photo", n) for n in makers]
    elif m := _END_MARK.search(line, max(0, len(line) - LONGEST_MARK)):
        found += [Credit("agency", n) for n in _agencies(m["agency"])]
    if not found and is_agency(line.strip(" ()[]/–—-.")):
        found.append(Credit("agency", line.strip(" ()[]/–—-.")))
    return found


def _dateline(line: str) -> list[Credit]:
    """Place and agency in front of the first sentence."""
    if m := _CHINESE_LINE.match(line):
        return [Credit("dateline", m["place"]), Credit("agency", m["agency"])]
    if found := _bracketed(line):
        return found
    m = _DATELINE.match(line[:120])
    if not m or len(line) < m.end() + 8:
        return []
    agency = (m["agency"] or m["before"] or "").strip(" .")
    place = m["place"].strip(" ,.")
    inner = re.split(r"\s?[/|]\s?|,\s", agency)
    if agency and not any(is_agency(a) for a in inner):
        return []
    before_dash = line[: m.end()].rstrip()
    has_date = bool(_DATE_PART.search(place))
    place = _DATE_PART.sub("", place).strip(" ,.")
    if " /" in place or place.endswith(":") or not place:
        return []
    first = place.split(",")[0]
    is_upper = first.isupper() and len(first) > 2
    trailing = before_dash[-1] in ":：" and not agency
    if trailing or not (agency or is_upper or has_date) or len(place.split()) > 6:
        return []
    if not all(
        w[:1].isupper() or w in _OF or not any(c.lower() != c.upper() for c in w)
        for w in place.split()
    ):
        return []
    if is_upper and not agency and not has_date and looks_like_organisation(place):
        return []
    if is_agency(place) and agency == "":
        return []
    found = [Credit("dateline", place)]
    found += [Credit("agency", a) for a in inner if a and is_agency(a)]
    return found


_OF = frozenset(
    [
        "de",
        "del",
        "la",
        "le",
        "les",
        "los",
        "las",
        "am",
        "im",
        "an",
        "der",
        "di",
        "du",
        "da",
        "do",
        "dos",
        "das",
        "el",
        "al",
        "na",
        "nad",
        "of",
        "and",
        "on",
        "the",
        "upon",
        "i",
        "sur",
        "sous",
        "in",
    ]
)


def _bracketed(line: str) -> list[Credit]:
    """Place and agency, or an agency, in brackets in front: "(서울=연합뉴스)", "(ANSA) - ROMA"."""
    m = _BRACKETED.match(line)
    if not m:
        return []
    inside = re.split(r"\s?[=＝]\s?", m["inside"])
    if len(inside) == 2:
        place, who = inside[0].strip(), inside[1].strip()
        name = re.split(r"\s", who)[0]
        if not is_agency(name) and not _IDEOGRAPHS.search(place):
            return []
        found = [Credit("dateline", place)]
        return [*found, Credit("agency", name)] if is_agency(name) else found
    if is_agency(inside[0].strip()):
        rest = line[m.end() :].lstrip(" -–—")
        place = re.match(
            r"([^\W\d_][^,;:.!?–—()\n-]{1,30}?)(?:,\s?\d{1,2}\s[^\W\d_]{3,9}\.?)?\s?[-–—]\s", rest
        )
        found = [Credit("dateline", place[1].strip())] if place and place[1].isupper() else []
        return [*found, Credit("agency", inside[0].strip())]
    return []


def metadata_of_lines(lines: Iterable[str]) -> Metadata:
    """Return what credit lines say, as metadata without places.

    Args:
        lines: Lines in which a credit may stand, in order; the story's own are better left out.
    """
    found: dict[str, dict[str, Sourced[str]]] = {}
    for line in lines:
        for credit in read_credits(line):
            value = Sourced(credit.value, line[:LONGEST], f"line:{credit.field}", None, CONFIDENCE)
            found.setdefault(credit.field, {}).setdefault(fold(credit.value), value)
    editors = found.get("editor", {}).values()
    source = next(iter(found.get("source", {}).values()), None)
    return Metadata(
        editors=tuple(
            Sourced(Person(e.value, "editor"), e.raw, e.origin, None, e.confidence) for e in editors
        ),
        agencies=tuple(found.get("agency", {}).values()),
        dateline=next(iter(found.get("dateline", {}).values()), None),
        photo_credits=tuple(found.get("photo", {}).values()),
        publisher=source,
        based_on=source,
    )

"""Authors: every name a page puts forward for one, and what speaks for each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from cleannews.metadata.bylines import name_key, read_byline
from cleannews.metadata.dates import find_dates
from cleannews.metadata.identity import Identity
from cleannews.metadata.jsonld import Items, text_of, tidy, types_of
from cleannews.metadata.page import (
    ASIDE, AUTHOR, BIO, CAPTION, COMMENT, FAR, FOOT, HEAD, RELATED, TAGS, Line, Seen, Spot,
)  # fmt: skip
from cleannews.metadata.site import looks_like_organisation
from cleannews.metadata.words import key

_METAS = {
    "author": "meta", "dc.creator": "dc", "dcterms.creator": "dc", "article:author": "article",
    "parsely-author": "parsely", "sailthru.author": "parsely", "byl": "parsely", "dc:creator": "dc",
    "citation_author": "parsely", "og:author": "article", "article:author_name": "parsely",
    "cxenseparse:author": "parsely", "shareaholic:article_author_name": "parsely", "authors": "meta",
    "article.author": "parsely", "creator": "meta", "og:article:author": "article", "vr:author": "parsely",
    "lp.article:author": "parsely", "rbauthors": "parsely", "bt:author": "parsely", "article_author": "parsely",
    "dc.contributor": "dc", "twitter:author": "parsely", "xen:author": "parsely", "web_author": "web",
    "mediator_author": "parsely", "weibo: article:author": "parsely", "analyticsattributes.author": "parsely",
}  # fmt: skip
_LABELS = ("written by", "verfasst von", "geschrieben von", "escrito por", "écrit par", "scritto da",
           "geschreven door", "author", "by", "autor", "from", "napisane przez", "skrevet av",
           "skriven av", "автор", "作者", "par", "por", "von", "skrevet af", "yazan", "ditulis oleh")  # fmt: skip
BEFORE, AFTER = 8, 25
"""Lines before and after the title in which a byline is looked for."""
LONGEST = 160
"""Code points of a line that may be a byline."""
MOST_FAR_LINES = 40


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


@dataclass(slots=True)
class NameGroup:
    """A name and everything that puts it forward."""

    name: str
    told: list[Told] = field(default_factory=list)
    features: dict[str, float] = field(default_factory=dict)


def told_names(
    seen: Seen, items: Items, title_line: int, captured: Iterable[tuple[str, str, int]] = ()
) -> list[Told]:
    """Return every place of a page that names somebody as its author or in another role.

    Args:
        seen: What the pass over the page found.
        items: Its JSON-LD.
        title_line: Index of the title's line, -1 for unknown.
        captured: What rules captured as an author: value, rule, line.
    """
    found: list[Told] = []
    for raw, rule, line in captured:
        found += _read(raw, "rule", f"text:{rule}", line, 0)
    for raw, code, origin, line, marks in _raws(seen, items):
        found += _read(raw, code, origin, line, marks)
    found += list(_lines(seen, title_line))
    return found


def _read(raw: str, code: str, origin: str, line: int, marks: int) -> Iterator[Told]:
    byline = read_byline(raw, marked=True)
    for rank, name in enumerate(byline.names):
        yield Told(name, code, origin, raw, byline.role, line, marks, len(byline.names), rank)


def _raws(seen: Seen, items: Items) -> Iterator[tuple[str, str, str, int, int]]:
    yield from _json_ld(items)
    tags = dict(reversed(seen.metas))
    for name, content in seen.metas:
        if code := _METAS.get(name):
            yield tidy(content), f"meta-{code}", f"meta:{name}", -1, 0
    for n in ("1", "2"):
        if tags.get(f"twitter:label{n}", "").strip(" :").lower() in _LABELS:
            yield tidy(tags.get(f"twitter:data{n}", "")), "twitter-data", f"meta:twitter:data{n}", -1, 0
    for spot in seen.spots:
        yield from _spot(spot)


def _json_ld(items: Items) -> Iterator[tuple[str, str, str, int, int]]:
    for n, article in enumerate(items.articles()[:4]):
        for name in ("author", "creator"):
            for person in _people(article.get(name), items):
                kinds = types_of(person) if isinstance(person, dict) else ("text",)
                code = "ld-org" if "Organization" in str(kinds) else "ld" if name == "author" else "ld-creator"
                yield text_of(person), code if n == 0 else "ld-more", f"json-ld:Article.{name}", -1, 0
        for name in ("editor", "contributor"):
            for person in _people(article.get(name), items):
                yield f"{'edited by' if name == 'editor' else 'contributors:'} {text_of(person)}", "ld-role", f"json-ld:Article.{name}", -1, 0
    for page in items.pages()[:3]:
        for person in _people(page.get("author"), items):
            yield text_of(person), "ld-page", "json-ld:WebPage.author", -1, 0
    persons = [i for i in items.top if "Person" in types_of(i)]
    persons += [i for under, i in items.inner if under in ("author", "creator", "mainEntityOfPage") and "Person" in types_of(i)]
    for person in persons[:8]:
        if value := text_of(person.get("name")):
            yield value, "ld-person", "json-ld:Person", -1, 0


def _people(value: Any, items: Items) -> list[Any]:
    value = items.resolve(value)
    parts = value if isinstance(value, list) else [value]
    return [p for one in parts[:20] if (p := items.resolve(one))]


def _spot(spot: Spot) -> Iterator[tuple[str, str, str, int, int]]:
    text = spot.text or spot.value
    if not text or len(text) > LONGEST:
        return
    code = ""
    if spot.kind == "prop":
        scope = spot.scope
        if "author" in spot.name or "creator" in spot.name:
            code = "micro"
        elif spot.name == "name" and scope.startswith(("author", "creator")):
            code = "micro"
        elif spot.name == "name" and scope == "Person":
            code = "micro-person"
    elif spot.kind in ("rel", "href"):
        code = spot.kind
    elif spot.kind == "class" and spot.name in ("cite", "address"):
        code = spot.name if spot.name == "address" else ""
    elif spot.kind == "class" and "author" in spot.name.lower():
        code = "class"
    elif spot.kind == "class" and spot.marks & AUTHOR:
        code = "class-byline"
    if code:
        yield text, code, f"{spot.kind}:{spot.name[:40]}", spot.line, spot.marks


def _lines(seen: Seen, title_line: int) -> Iterator[Told]:
    """Names in lines: after a cue anywhere, and bare near the title."""
    far = 0
    start, stop = max(0, title_line - BEFORE), title_line + AFTER
    for i, line in enumerate(seen.lines):
        if len(line.text) > LONGEST or line.marks & COMMENT:
            continue
        near = start <= i <= stop and title_line >= 0
        if not near and not (line.marks & AUTHOR) and far > MOST_FAR_LINES:
            continue
        far += not near
        byline = read_byline(line.text)
        if not byline.names:
            continue
        if byline.cue:
            code = "cue" if near else "cue-far"
        elif near and line.tag[:1] != "h" and len(byline.names) == 1 and byline.names[0] == line.text:
            code = "bare"
        elif near and _is_composite(line, byline.names[0]):
            code = "composite"
        else:
            continue
        size = len(byline.names)
        for rank, name in enumerate(byline.names):
            yield Told(name, code, f"line:{code}", line.text, byline.role, i, line.marks, size, rank)


def _is_composite(line: Line, name: str) -> bool:
    """Tell whether a line begins with a name and holds a date, a count or a role behind it."""
    return line.text.startswith(name) and len(line.text) < 100 and " " in name


_FLAGS = {"comment": COMMENT, "aside": ASIDE, "bio": BIO, "caption": CAPTION, "foot": FOOT,
          "head": HEAD, "related": RELATED, "tags": TAGS, "author": AUTHOR}  # fmt: skip


def name_groups(told: list[Told], seen: Seen, identity: Identity, title_line: int, title: str) -> list[NameGroup]:
    """Return the names put forward, with features."""
    groups: dict[str, NameGroup] = {}
    for one in told:
        name = name_key(one.name)
        if name:
            groups.setdefault(name, NameGroup(one.name)).told.append(one)
    _join_parts(groups)
    for name in [n for n, g in groups.items() if all(t.role != "author" for t in g.told)]:
        del groups[name]
    codes = {one.code for one in told}
    counts = {c: len({name_key(t.name) for t in told if t.code == c}) for c in codes}
    exact: dict[str, int] = {}
    for line in seen.lines:
        if len(line.text) <= 60:
            exact[line.text] = exact.get(line.text, 0) + 1
    small = _small_words(seen)
    dated = _dated_lines(seen, title_line)
    for group in groups.values():
        _describe(group, counts, exact, identity, title_line, title)
        _describe_place(group, seen, small, dated)
    _describe_mates(groups)
    ordered = sorted(groups.values(), key=lambda g: -g.features["kinds"])
    for rank, group in enumerate(ordered):
        group.features["by-kinds"] = rank
        group.features["most-kinds"] = ordered[0].features["kinds"]
        group.features["groups"] = len(ordered)
    return ordered


def _join_parts(groups: dict[str, NameGroup]) -> None:
    """Let a name that is part of a longer one count for that."""
    names = {name: set(name.split()) for name in groups}
    for name, parts in list(names.items()):
        if len(parts) < 2:
            continue
        for other, wider in names.items():
            if other != name and other in groups and name in groups and parts < wider and len(wider) <= 4:
                groups[other].told += [t._replace(code=f"{t.code}-part") for t in groups[name].told if "-part" not in t.code]


def _small_words(seen: Seen) -> set[str]:
    """Words that the page writes small somewhere."""
    found: set[str] = set()
    for line in seen.lines:
        if len(line.text) > 80:
            found.update(w for w in line.text[:2000].split() if w[:1].islower())
    return found


def _dated_lines(seen: Seen, title_line: int) -> list[int]:
    """Indices of lines near the title that hold a date."""
    start, stop = max(0, title_line - BEFORE), title_line + AFTER
    return [
        i
        for i, line in enumerate(seen.lines[start:stop], start)
        if len(line.text) < LONGEST and any(c.isdigit() for c in line.text) and find_dates(line.text)
    ]


def _describe_place(group: NameGroup, seen: Seen, small: set[str], dated: list[int]) -> None:
    f = group.features
    tokens = group.name.split()
    f["small"] = sum(t.casefold() in small for t in tokens) / len(tokens)
    lines = {t.line for t in group.told if t.line >= 0 and t.line < len(seen.lines) and "-part" not in t.code}
    f["date-gap"] = min((abs(i - d) for i in lines for d in dated), default=50)
    f["page-dates"] = len(dated)
    shown = [seen.lines[i] for i in lines if group.name in seen.lines[i].text]
    f["list"] = float(any(line.tag == "li" for line in shown))
    f["heading"] = float(any(line.tag[:1] == "h" for line in shown))
    f["link"] = max((line.links for line in shown), default=-1.0)
    f["line-size"] = min((len(line.text) for line in shown), default=0)


def _describe_mates(groups: dict[str, NameGroup]) -> None:
    """A name in a list is as good as the best name of the list."""
    kinds: dict[tuple[str, str], float] = {}
    for group in groups.values():
        for one in group.told:
            if one.size > 1 and "-part" not in one.code:
                place = (one.code, one.raw)
                kinds[place] = max(kinds.get(place, 0.0), group.features["kinds"])
    beside: dict[str, float] = {}
    for group in groups.values():
        for one in group.told:
            if one.code in ("ld", "meta-dc", "meta-parsely", "meta-article", "rel", "micro"):
                beside[one.code] = max(beside.get(one.code, 0.0), group.features["kinds"])
    for group in groups.values():
        places = [(t.code, t.raw) for t in group.told if t.size > 1]
        group.features["mates"] = max((kinds.get(p, 0.0) for p in places), default=0.0)
        group.features["peers"] = max((beside.get(t.code, 0.0) for t in group.told), default=0.0)


def _describe(group: NameGroup, counts: dict[str, int], exact: dict[str, int], identity: Identity, title_line: int, title: str) -> None:
    f = group.features
    for one in group.told:
        f[one.code] = f.get(one.code, 0.0) + 1
    direct = [t for t in group.told if "-part" not in t.code]
    f["kinds"] = len({t.code.split("-")[0] for t in direct})
    f["origins"] = len({t.origin for t in direct})
    for name in ("ld", "ld-org", "meta-meta", "meta-article", "meta-parsely", "micro", "rel", "href", "class",
                 "class-byline", "cue", "bare", "ld-page", "ld-person", "composite", "cue-far", "twitter-data"):
        f[f"all-{name}"] = counts.get(name, 0)
    f["any-structured"] = float(any(c.startswith(("ld", "meta-", "micro", "twitter")) for c in counts))
    places = [t for t in direct if t.line >= 0]
    near = [t for t in places if not t.marks & FAR]
    for name, mark in _FLAGS.items():
        f[f"in-{name}"] = sum(bool(t.marks & mark) for t in places) / len(places) if places else -1.0
    f["places"], f["near-places"] = len(places), len(near)
    if near and title_line >= 0:
        gaps = [t.line - title_line for t in near]
        f["gap"] = min(gaps, key=abs)
        f["gap-size"] = abs(f["gap"])
    else:
        f["gap"], f["gap-size"] = 99, 99
    f["role"] = sum(t.role != "author" for t in direct) / len(direct) if direct else 0.0
    f["size"] = max((t.size for t in direct), default=0)
    f["rank"] = min((t.rank for t in direct), default=0)
    tokens = group.name.split()
    f["tokens"] = len(tokens)
    f["length"] = len(group.name)
    f["capital"] = float(all(t[:1].isupper() for t in tokens))
    f["shouted"] = float(group.name.isupper())
    f["digit"] = float(any(c.isdigit() for c in group.name))
    f["organisation"] = float(looks_like_organisation(group.name))
    f["site"] = identity.matches(group.name)
    f["in-title"] = float(key(group.name) in key(title)) if title else 0.0
    f["lines"] = exact.get(group.name, 0)
    f["ascii"] = float(group.name.isascii())

"""Authors: every name a page puts forward for one, and what speaks for each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from cleannews.metadata.anchors import Anchors, last_story_line
from cleannews.metadata.author_lines import (
    LONGEST,
    Told,
    holds_date,
    is_stamp,
    lines_with,
    told_by_lines,
)
from cleannews.metadata.bylines import name_key, newsroom_name, read_byline
from cleannews.metadata.given import begins_with_given_name
from cleannews.metadata.identity import Identity
from cleannews.metadata.jsonld import Items, text_of, tidy, types_of
from cleannews.metadata.page import Seen, Spot
from cleannews.metadata.places import (
    ASIDE,
    AUTHOR,
    BIO,
    CAPTION,
    COMMENT,
    FAR,
    FOOT,
    HEAD,
    RELATED,
    TAGS,
)
from cleannews.metadata.site import looks_like_organisation
from cleannews.metadata.sources import listed, tag_names
from cleannews.metadata.words import key

MOST_TOLD = 500
"""Places that name somebody which are weighed."""
LONGEST_EXACT = 60
"""Code points of a line that is counted as a name alone."""
LONG, LONGEST_READ = 81, 2000
"""Code points of a line whose words tell how the page writes them, and how many are read."""


@dataclass(slots=True)
class NameGroup:
    """A name and everything that puts it forward."""

    name: str
    order: int = 0
    told: list[Told] = field(default_factory=list)
    features: dict[str, float] = field(default_factory=dict)


def told_names(
    seen: Seen, items: Items, anchors: Anchors, captured: Iterable[tuple[str, str, int]] = ()
) -> list[Told]:
    """Return every place of a page that names somebody as its author or in another role.

    Args:
        seen: What the pass over the page found.
        items: Its JSON-LD.
        anchors: Where the title stands.
        captured: What rules captured as an author: value, rule, line.
    """
    found: list[Told] = []
    for raw, rule, line in captured:
        found += _read(raw, "rule", f"text:{rule}", line, 0)
    for raw, code, origin, line, marks in _raws(seen, items):
        found += _read(raw, code, origin, line, marks)
    found += list(islice(told_by_lines(seen, anchors), MOST_TOLD))
    return found[:MOST_TOLD]


def _read(raw: str, code: str, origin: str, line: int, marks: int) -> Iterator[Told]:
    byline = read_byline(raw, marked=True)
    for rank, name in enumerate(byline.names):
        yield Told(name, code, origin, raw, byline.role, line, marks, len(byline.names), rank)


def _raws(seen: Seen, items: Items) -> Iterator[tuple[str, str, str, int, int]]:
    yield from _json_ld(items)
    metas, labels = tag_names("authors"), listed("authors", "labels")
    tags = dict(reversed(seen.metas))
    for name, content in seen.metas:
        if code := metas.get(name):
            yield tidy(content), f"meta-{code}", f"meta:{name}", -1, 0
    for n in ("1", "2"):
        if tags.get(f"twitter:label{n}", "").strip(" :").lower() in labels:
            yield (
                tidy(tags.get(f"twitter:data{n}", "")),
                "twitter-data",
                f"meta:twitter:data{n}",
                -1,
                0,
            )
    for spot in seen.spots:
        yield from _spot(spot)


def _json_ld(items: Items) -> Iterator[tuple[str, str, str, int, int]]:
    for n, article in enumerate(items.articles()[:4]):
        for name in ("author", "creator"):
            for person in _people(article.get(name), items):
                kinds = types_of(person) if isinstance(person, dict) else ("text",)
                code = (
                    "ld-org"
                    if "Organization" in str(kinds)
                    else "ld"
                    if name == "author"
                    else "ld-creator"
                )
                yield (
                    text_of(person),
                    code if n == 0 else "ld-more",
                    f"json-ld:Article.{name}",
                    -1,
                    0,
                )
        for name in ("editor", "contributor"):
            for person in _people(article.get(name), items):
                yield (
                    f"{'edited by' if name == 'editor' else 'contributors:'} {text_of(person)}",
                    "ld-role",
                    f"json-ld:Article.{name}",
                    -1,
                    0,
                )
    for page in items.pages()[:3]:
        for person in _people(page.get("author"), items):
            yield text_of(person), "ld-page", "json-ld:WebPage.author", -1, 0
    persons = [i for i in items.top if "Person" in types_of(i)]
    persons += [
        i
        for under, i in items.inner
        if under in ("author", "creator", "mainEntityOfPage") and "Person" in types_of(i)
    ]
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
        if (
            "author" in spot.name
            or "creator" in spot.name
            or (spot.name == "name" and scope.startswith(("author", "creator")))
        ):
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


_FLAGS = {"in-comment": COMMENT, "in-aside": ASIDE, "in-bio": BIO, "in-caption": CAPTION,
          "in-foot": FOOT, "in-head": HEAD, "in-related": RELATED, "in-tags": TAGS,
          "in-author": AUTHOR}  # fmt: skip
_NOWHERE = dict.fromkeys(_FLAGS, -1.0)


def name_groups(
    told: list[Told], seen: Seen, identity: Identity, anchors: Anchors, title: str
) -> list[NameGroup]:
    """Return the names put forward, with features."""
    groups: dict[str, NameGroup] = {}
    for one in told:
        name = name_key(one.name)
        if name:
            groups.setdefault(name, NameGroup(one.name, len(groups))).told.append(one)
    _join_parts(groups)
    for name in [n for n, g in groups.items() if not _may_be_author(g)]:
        del groups[name]
    common = _common_features(told)
    wanted = {g.name for g in groups.values() if len(g.name) <= LONGEST_EXACT}
    exact = Counter(line.text for line in seen.lines if line.text in wanted)
    small = _small_words(groups.values(), seen)
    dated = lines_with(seen, anchors, holds_date)
    stamped = lines_with(seen, anchors, is_stamp)
    last = last_story_line(seen)
    title = key(title)
    for group in groups.values():
        group.features |= common
        _describe(group, exact, identity, anchors, title)
        _describe_place(group, seen, small, dated, stamped, last)
    _describe_mates(groups)
    ordered = sorted(groups.values(), key=lambda g: -g.features["kinds"])
    for rank, group in enumerate(ordered):
        group.features["by-kinds"] = rank
        group.features["most-kinds"] = ordered[0].features["kinds"]
        group.features["groups"] = len(ordered)
    return [g for g in ordered if not seen.is_flat or _is_introduced(g)]


def _is_introduced(group: NameGroup) -> bool:
    """Tell whether more than its shape makes a line a name: a cue, or a given name in front.

    In a text without markup two capitalised words alone are mostly a menu's, but seldom beside a
    date; where a script has no capitals nothing tells a name from any other short line. Who is
    named in furniture only made the site's theme or another story.
    """
    name = group.name
    if all(t.marks & FAR for t in group.told):
        return False
    if begins_with_given_name(name) and not name.split()[-1][0].islower():
        return True
    if group.features["stamp-gap"] <= 1 and name != name.casefold():
        return True
    return any(not t.code.startswith(("bare", "composite")) for t in group.told)


def _may_be_author(group: NameGroup) -> bool:
    """Tell whether somebody is named in no other role only, and not among the comments only."""
    return any(t.role == "author" and not t.marks & COMMENT for t in group.told)


def _join_parts(groups: dict[str, NameGroup]) -> None:
    """Let a name that is part of a longer one count for that."""
    names = {name: set(name.split()) for name in groups}
    for name, parts in list(names.items()):
        if len(parts) < 2:
            continue
        for other, wider in names.items():
            if (
                other != name
                and other in groups
                and name in groups
                and parts < wider
                and len(wider) <= 4
            ):
                groups[other].told += [
                    t._replace(code=f"{t.code}-part")
                    for t in groups[name].told
                    if "-part" not in t.code
                ]


def _small_words(groups: Iterable[NameGroup], seen: Seen) -> set[str]:
    """Words of names that the page writes small somewhere."""
    asked = {t.casefold() for g in groups for t in g.name.split()}
    long = " ".join([t[:LONGEST_READ] for line in seen.lines if len(t := line.text) >= LONG])
    return asked.intersection(long.split())


def _describe_place(
    group: NameGroup, seen: Seen, small: set[str], dated: list[int], stamped: list[int], last: int
) -> None:
    f = group.features
    tokens = group.name.split()
    f["small"] = sum(t.casefold() in small for t in tokens) / len(tokens)
    lines = {
        t.line
        for t in group.told
        if t.line >= 0 and t.line < len(seen.lines) and "-part" not in t.code
    }
    f["date-gap"] = min((abs(i - d) for i in lines for d in dated), default=50)
    f["page-dates"] = len(dated)
    f["stamp-gap"] = min((abs(i - d) for i in lines for d in stamped), default=50)
    f["end-gap"] = min((abs(i - last) for i in lines), default=99)
    f["first-line"] = min(lines, default=-1) / max(1, len(seen.lines))
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


_COUNTED = (
    "ld", "ld-org", "meta-meta", "meta-article", "meta-parsely", "micro", "rel", "href", "class",
    "class-byline", "cue", "bare", "ld-page", "ld-person", "composite", "cue-far", "twitter-data",
    "about", "cue-middle", "cue-inline", "bare-inline", "bare-loose", "rule",
)  # fmt: skip
"""Places whose number of different names is a feature of every name of the page."""


def _common_features(told: list[Told]) -> dict[str, float]:
    """What holds for all names of a page: how many each kind of place tells."""
    names: dict[str, set[str]] = {}
    for one in told:
        names.setdefault(one.code, set()).add(name_key(one.name))
    common = {f"all-{code}": float(len(names.get(code, ()))) for code in _COUNTED}
    common["any-structured"] = float(
        any(c.startswith(("ld", "meta-", "micro", "twitter")) for c in names)
    )
    return common


def _describe(
    group: NameGroup,
    exact: Counter[str],
    identity: Identity,
    anchors: Anchors,
    title: str,
) -> None:
    f = group.features
    for one in group.told:
        f[one.code] = f.get(one.code, 0.0) + 1
    direct = [t for t in group.told if "-part" not in t.code]
    f["kinds"] = len({t.code.split("-")[0] for t in direct})
    f["origins"] = len({t.origin for t in direct})
    places = [t for t in direct if t.line >= 0]
    near = [t for t in places if not t.marks & FAR]
    f |= _NOWHERE
    if places:
        for name, mark in _FLAGS.items():
            f[name] = sum([t.marks & mark > 0 for t in places]) / len(places)
    f["places"], f["near-places"] = len(places), len(near)
    if near and anchors.lines:
        f["gap"] = min((anchors.gap(t.line) for t in near), key=abs)
        f["gap-size"] = abs(f["gap"])
    else:
        f["gap"], f["gap-size"] = 99, 99
    f["role"] = sum([t.role != "author" for t in direct]) / len(direct) if direct else 0.0
    f["size"] = max((t.size for t in direct), default=0)
    f["rank"] = min((t.rank for t in direct), default=0)
    tokens = group.name.split()
    f["tokens"] = len(tokens)
    f["length"] = len(group.name)
    f["capital"] = float(all(t[0].isupper() for t in tokens))
    f["shouted"] = float(group.name.isupper())
    f["digit"] = float(not group.name.isalpha() and any(map(str.isdigit, group.name)))
    f["organisation"] = float(looks_like_organisation(group.name))
    f["site"] = identity.matches(group.name)
    f["in-title"] = float(key(group.name) in title)
    f["lines"] = exact[group.name]
    f["ascii"] = float(group.name.isascii())
    f["newsroom"] = float(bool(newsroom_name(group.name)))
    f["given"] = float(begins_with_given_name(group.name))

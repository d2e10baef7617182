"""The title: candidates from everywhere, the site's name taken off, one chosen by agreement."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from itertools import accumulate
from urllib.parse import unquote, urlsplit

from cleannews.metadata.identity import Identity
from cleannews.metadata.jsonld import Items, text_of, tidy, types_of
from cleannews.metadata.page import Seen
from cleannews.metadata.places import ASIDE, COMMENT, FAR, FOOT, HEAD, RELATED, TITLE
from cleannews.metadata.sources import tag_names
from cleannews.metadata.words import key, share_in, words

_SPACED = re.compile(
    r"\s+[-–—|•·∙:⋆*~»›«<>/\\&]{1,3}\s+|\s*[|｜︱⎮»›⋆]{1,2}\s*|:\s+|\s*[_—－–＿‒]\s*|\s+[-–—]|[-–—]\s+|\s+(?:@|\(|\[)\s*"
)
_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_UNSPACED = re.compile(r"[-_—|]")
MOST_CUTS = 6
"""Marks of a title, counted from its end, at which it is cut."""
MOST_HEADINGS = 30
"""First-level headings that are candidates."""
MOST_GROUPS = 150
"""Candidates of a page."""
LONGEST_LINE = 300
"""Code points of a line that may be the title."""
SLUG_WORD = re.compile(r"[^\W_]{2,}")


@dataclass(slots=True)
class Group:
    """Candidates that say the same, and what speaks for them.

    Attributes:
        value: As it is to be given.
        raw: As it was read.
        origins: Who says so, the strongest first.
        features: What the model asks.
        line: Index of the line that says so, -1 for none.
    """

    value: str
    raw: str
    origins: list[str] = field(default_factory=list)
    features: dict[str, float] = field(default_factory=dict)
    line: int = -1

    def count(self, name: str, amount: float = 1.0) -> None:
        """Raise a feature."""
        self.features[name] = self.features.get(name, 0.0) + amount


def cuts(raw: str, identity: Identity) -> Iterator[tuple[str, str, float, str]]:
    """Yield what is left of a title when a part goes.

    Each with the part, how surely that is the site's name, and on which side it stood.
    """
    spots = [m.span() for m in _SPACED.finditer(raw)][:12]
    if not raw.isascii() and _CJK.search(raw):
        spots += [m.span() for m in _UNSPACED.finditer(raw)][:8]
    spots = sorted(set(spots))
    for start, end in spots[-MOST_CUTS:]:
        if left := raw[:start].strip():
            yield left, raw[end:], identity.matches(raw[end:].strip(" )]")), "right"
    for start, end in spots[:3]:
        if right := raw[end:].strip():
            yield right, raw[:start], identity.matches(raw[:start]), "left"
    if len(spots) >= 2 and (middle := raw[spots[0][1] : spots[-1][0]].strip()):
        sure = min(identity.matches(raw[: spots[0][0]]), identity.matches(raw[spots[-1][1] :]))
        yield middle, raw[spots[-1][1] :], sure, "both"
    # A site's name at an end without any mark between: "Bridge closed Harbour Daily" stays whole.


class _Pool:
    def __init__(self, identity: Identity) -> None:
        self.groups: dict[str, Group] = {}
        self.identity = identity
        self.raws: list[tuple[str, str]] = []

    def add(self, raw: str, code: str, origin: str, line: int = -1, cut: bool = True) -> None:
        raw = tidy(raw)
        if not raw or len(raw) > 400:
            return
        self.raws.append((code, raw))
        group = self._group(raw, raw, line)
        if group is None:
            return
        group.count(code)
        group.origins.append(origin)
        if cut:
            for left, gone, sure, side in cuts(raw, self.identity):
                cut_group = self._group(left, raw, -1)
                if cut_group is None or cut_group is group:
                    continue
                kind = "site" if sure >= 0.6 else "part"
                cut_group.count(f"{code}-{kind}" if kind == "site" else "part")
                name = "cut-sure"
                cut_group.features[name] = max(cut_group.features.get(name, 0.0), sure)
                if sure >= 0.6:
                    cut_group.count("cut-site")
                    cut_group.origins.append(origin)
                    group.features["holds-site"] = max(group.features.get("holds-site", 0.0), sure)
                del side, gone

    def _group(self, text: str, raw: str, line: int) -> Group | None:
        name = key(text)
        if len(name) < 2:
            return None
        group = self.groups.get(name)
        if group is None and len(self.groups) >= MOST_GROUPS:
            return None
        if group is None:
            group = self.groups[name] = Group(text, raw, line=line)
        elif line >= 0 and group.line < 0:
            group.value, group.raw, group.line = text, raw, line
        return group


def title_groups(seen: Seen, items: Items, identity: Identity, url: str | None) -> list[Group]:
    """Return the candidates of a page, with features."""
    pool = _Pool(identity)
    _structured(pool, seen, items)
    _visible(pool, seen)
    news = any("News" in t for a in items.articles() for t in types_of(a))
    _describe(pool, seen, url, news)
    return list(pool.groups.values())


def _structured(pool: _Pool, seen: Seen, items: Items) -> None:
    articles = items.articles()
    for n, article in enumerate(articles[:5]):
        for name in ("headline", "name", "alternativeHeadline"):
            if value := text_of(article.get(name)):
                code = {"headline": "ld", "name": "ld-name", "alternativeHeadline": "ld-alt"}[name]
                pool.add(value, code if n == 0 else "ld-more", f"json-ld:Article.{name}")
    for page in items.pages()[:3]:
        for name in ("headline", "name"):
            if value := text_of(page.get(name)):
                pool.add(value, "ld-page", f"json-ld:WebPage.{name}")
    codes = tag_names("titles")
    for name, content in seen.metas:
        if kind := codes.get(name):
            pool.add(content, kind, f"meta:{name}")
    if seen.title:
        pool.add(seen.title, "html-title", "html:title")
    for spot in seen.spots:
        if spot.kind == "prop" and spot.name in ("headline", "name") and not spot.marks & FAR:
            scope = spot.scope
            if spot.name == "headline" or (
                re.search("Article|Posting|Recipe|Review", scope) and "." not in scope
            ):
                pool.add(spot.value or spot.text, "micro", f"microdata:{spot.name}")


def _visible(pool: _Pool, seen: Seen) -> None:
    h1 = h2 = marked = 0
    total = [line.tag for line in seen.lines].count("h1")
    for i, line in enumerate(seen.lines):
        if len(line.text) > LONGEST_LINE:
            continue
        if line.tag == "h1" and h1 < MOST_HEADINGS:
            h1 += 1
            code = "h1" if h1 == 1 else "h1-more"
            pool.add(line.text, code, "line:h1", i)
            group = pool.groups.get(key(line.text))
            if group:
                group.features["h1-rank"] = h1
                group.features["h1-total"] = total
                group.features["h1-head"] = float(bool(line.marks & HEAD))
                group.features["h1-far"] = float(bool(line.marks & FAR))
                group.features["h1-marked"] = float(bool(line.marks & TITLE))
                group.features["h1-links"] = line.links
            if i + 1 < len(seen.lines) and seen.lines[i + 1].tag == "h1":
                pool.add(
                    f"{line.text} {seen.lines[i + 1].text}", "h1-joined", "line:h1", i, cut=False
                )
        elif (
            line.tag in ("h2", "h3")
            and h2 < 12
            and not line.marks & (ASIDE | FOOT | COMMENT | RELATED)
        ):
            h2 += 1
            pool.add(line.text, "h2" if h2 == 1 else "h2-more", f"line:{line.tag}", i, cut=False)
        elif (
            line.marks & TITLE
            and marked < 8
            and line.tag not in ("h4", "h5", "h6")
            and not line.marks & FAR
        ):
            marked += 1
            pool.add(line.text, "marked", "line:class", i, cut=False)

    for parts in seen.headings:
        pool.add(" ".join(parts[1:]), "h1-tail", "line:h1", cut=False)
        pool.add(" ".join(parts[:-1]), "h1-front", "line:h1", cut=False)
        pool.add(max(parts, key=len), "h1-longest", "line:h1", cut=False)


_SOURCES = ("ld", "og", "twitter", "meta", "html-title", "h1", "micro", "ld-page", "ld-name")


def _describe(pool: _Pool, seen: Seen, url: str | None, news: bool) -> None:
    by_code: dict[str, str] = {}
    for code, raw in pool.raws:
        by_code.setdefault(code, raw)
    bags = {c: set(words(r)) for c, r in by_code.items() if c in _SOURCES}
    keys = {c: key(r) for c, r in by_code.items() if c in _SOURCES}
    slug = _slug(url) or _slug(next((h for r, h in seen.links if r == "canonical"), ""))
    at = _places_of(pool.groups, seen)
    longer, shorter = inside_each_other(list(pool.groups))
    common = {
        f"same-{a}-{b}": float(keys[a] == keys[b]) if a in keys and b in keys else -1.0
        for a, b in (
            ("ld", "og"),
            ("ld", "h1"),
            ("og", "h1"),
            ("og", "html-title"),
            ("h1", "html-title"),
        )
    }
    common["h1-is-site"] = pool.identity.matches(by_code["h1"]) if "h1" in by_code else -1.0
    common["h1-none"] = float("h1" not in keys)
    common["news"] = float(news)
    for n, (name, group) in enumerate(pool.groups.items()):
        f = group.features
        bag = set(words(group.value))
        inside = exact = starts = 0
        for code, other in keys.items():
            exact += other == name
            inside += name in other
            starts += other.startswith(name)
            f[f"in-{code}"] = share_in(bag, bags[code])
            f[f"of-{code}"] = share_in(bags[code], bag)
        f["sources"], f["exact"], f["inside"], f["starts"] = len(keys), exact, inside, starts
        f["inside-share"] = inside / len(keys) if keys else 0.0
        f["exact-share"] = exact / len(keys) if keys else 0.0
        f["length"] = len(name)
        f["words"] = len(bag)
        f["is-site"] = pool.identity.matches(group.value)
        f["truncated"] = float(group.value.endswith(("…", "...")))
        f["slug"] = share_in(slug, bag) if slug else -1.0
        f["in-slug"] = share_in({w for w in bag if len(w) > 2}, slug) if slug else -1.0
        spot = at.get(name, -1)
        f["line"] = min(spot, 60) if spot >= 0 else 99
        f["shown"] = float(spot >= 0)
        if spot >= 0:
            place = seen.lines[spot]
            f["line-far"], f["line-head"] = (
                float(bool(place.marks & FAR)),
                float(bool(place.marks & HEAD)),
            )
            f["line-links"] = place.links
            group.line = spot
            group.value = place.text
        f["longer"], f["shorter"] = longer[n], shorter[n]
        f["separators"] = len(_SPACED.findall(group.value))
        f["cjk"] = float(bool(_CJK.search(group.value)))
        f.update(common)


def _places_of(names: Collection[str], seen: Seen) -> dict[str, int]:
    """Return the first line that says each of some names, of those that a line says."""
    firsts, shortest = {n[0] for n in names}, min(map(len, names), default=0)
    found: dict[str, int] = {}
    for i, line in enumerate(seen.lines):
        text = line.text
        if text[:2].isascii():  # nothing joins the first letter
            first = text[0].lower()
            if first.isalnum() and first not in firsts:
                continue
        is_too_short = len(text) < shortest and text.isascii()  # else its key may be longer
        if not is_too_short and len(text) <= LONGEST_LINE and (name := key(text)) in names:
            found.setdefault(name, i)
    return found


def inside_each_other(names: list[str]) -> tuple[list[float], list[float]]:
    """Return for each name in how many others it stands, and how many others stand in it."""
    longer, shorter = [0.0] * len(names), [0.0] * len(names)
    together = "\n".join(names)
    starts = list(accumulate((len(n) + 1 for n in names), initial=0))
    for i, name in enumerate(names):
        at = together.find(name)
        while at >= 0:
            other = bisect_left(starts, at + 1) - 1
            if other != i:
                longer[i] += 1
                shorter[other] += 1
            at = together.find(name, starts[other + 1])
    return longer, shorter


def _slug(url: str | None) -> set[str]:
    """Return the words of an address's last long part."""
    if not url:
        return set()
    try:
        path = urlsplit(url).path
    except ValueError:
        return set()
    parts = [p for p in unquote(path[:1000]).casefold().split("/") if p]
    for part in reversed(parts):
        found = {w for w in SLUG_WORD.findall(re.sub(r"\.\w{2,5}$", "", part)) if not w.isdigit()}
        if len(found) >= 2:
            return found
    return set()

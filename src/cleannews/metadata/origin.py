"""What a page says about itself: where the story was first, language, section, picture, licence."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import urljoin, urlsplit

from cleannews.document import Sourced
from cleannews.metadata.jsonld import Item, Items, text_of, texts_of, tidy
from cleannews.metadata.page import Seen
from cleannews.metadata.site import host_of
from cleannews.reading.folding import fold

Texts = Iterator[tuple[str, str, float]]
"""Values with where they were read and how often such a source is right, the best first."""

_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8}){0,3}")
_SOURCE_LINKS = frozenset(
    ["source link", "source", "original source", "original article", "read the original article",
     "read original article", "view original", "read the full article", "originalartikel", "quelle",
     "zum originalartikel", "fuente", "enlace fuente", "article original", "source de l'article",
     "fonte", "bron", "źródło", "источник", "kaynak", "sumber", "nguồn", "المصدر", "来源", "原文"]
)  # fmt: skip
_FIRST_ON = re.compile(
    r"appeared first on|first appeared (?:on|in|at)|originally (?:published|appeared|posted)|"
    r"was (?:first )?published (?:on|by|at)|(?:re)?published with permission|"
    r"erschien zuerst (?:auf|bei)|zuerst erschienen|apareció primero en|publicado originalmente|"
    r"est apparu en premier sur|"
    r"publié initialement|pubblicato originariamente|apareceu primeiro em|verscheen eerst op|"
    r"pojawił się poprzednio|впервые опубликован", re.IGNORECASE,
)  # fmt: skip
_FIRST_ON_STEMS = (
    "publi", "first", "origin", "zuerst", "apare", "appar", "verscheen", "pojawi", "впервые",
)  # fmt: skip
"""Of which a line must hold one before the phrases are tried; for speed only."""
_SECOND_LEVEL = frozenset(["co", "com", "net", "org", "gov", "edu", "ac", "or", "ne", "go"])
_CC = re.compile(r"creativecommons\.org/(?:licenses|publicdomain)/[\w./-]+", re.IGNORECASE)
MOST_TAGS = 40
LONGEST_SOURCE = 300
"""Code points from which a line is too long to say where the story was first."""
LONGEST_LINK = 32
"""Code points of a link that says nothing but that it leads to the source."""


def _one(values: Iterable[tuple[str, str, float]], longest: int = 300) -> Sourced[str] | None:
    """The first value that is there; surer when another source says the same."""
    told = [(tidy(v), origin, sure) for v, origin, sure in values if v]
    found = [f for f in told if 0 < len(f[0]) <= longest]
    if not found:
        return None
    value, origin, sure = found[0]
    if any(o != origin and (v == value or fold(v) == fold(value)) for v, o, _ in found[1:]):
        sure = min(0.97, sure + 0.05)
    return Sourced(value, value, origin, None, sure)


def _metas(seen: Seen, names: dict[str, float]) -> Texts:
    told = [(names[n], n, c) for n, c in seen.metas if n in names and c]
    for sure, name, content in sorted(told, key=lambda t: -t[0]):
        yield content, f"meta:{name}", sure


def _articles(items: Items, name: str, sure: float) -> Texts:
    for article in items.articles()[:3]:
        if value := text_of(article.get(name)):
            yield value, f"json-ld:Article.{name}", sure


def absolute(address: str, seen: Seen, url: str | None) -> str:
    """Return a web address as a whole one, ``""`` when it cannot be made one.

    >>> absolute("/a", Seen(), "https://example.org/b/c"), absolute("mailto:a@b", Seen(), None)
    ('https://example.org/a', '')
    """
    try:
        whole = urljoin(urljoin(url or "", seen.base), address.strip())
        parts = urlsplit(whole)
        return whole if parts.scheme in ("http", "https") and parts.hostname else ""
    except ValueError:
        return ""


def registered(url: str | None) -> str:
    """Return the registered part of an address's host.

    >>> registered("https://news.example.co.uk/a"), registered("https://m.example.org")
    ('example.co.uk', 'example.org')
    """
    labels = host_of(url).split(".")
    if len(labels) > 2 and labels[-2] in _SECOND_LEVEL and len(labels[-1]) == 2:
        return ".".join(labels[-3:])
    return ".".join(labels[-2:])


def language_of(seen: Seen, items: Items) -> Sourced[str] | None:
    """Return the page's language as it states it."""

    def values() -> Texts:
        yield seen.language, "html:lang", 0.9
        yield from _articles(items, "inLanguage", 0.9)
        yield from _metas(
            seen,
            {"content-language": 0.85, "og:locale": 0.85, "dc.language": 0.85, "language": 0.8},
        )

    good = [(v.replace("_", "-"), o, s) for v, o, s in values() if _LANGUAGE.fullmatch(v.strip())]
    return _one(good)


def canonical_of(seen: Seen, url: str | None) -> Sourced[str] | None:
    """Return the page's address as it states it."""

    def values() -> Texts:
        for rel, href in seen.links:
            if "canonical" in rel.split():
                yield absolute(href, seen, url), "link:canonical", 0.95
        for content, origin, sure in _metas(seen, {"og:url": 0.9}):
            yield absolute(content, seen, url), origin, sure

    return _one(values(), 1000)


def image_of(seen: Seen, items: Items, url: str | None) -> Sourced[str] | None:
    """Return the address of the page's lead picture."""

    def values() -> Texts:
        for content, origin, sure in _metas(
            seen,
            {
                "og:image": 0.9,
                "og:image:url": 0.9,
                "og:image:secure_url": 0.88,
                "twitter:image": 0.85,
                "twitter:image:src": 0.85,
            },
        ):
            yield absolute(content, seen, url), origin, sure
        for article in items.articles()[:2]:
            image = items.resolve(article.get("image"))
            for one in (image if isinstance(image, list) else [image])[:3]:
                told = items.resolve(one)
                is_item = isinstance(told, dict)
                address = told.get("url") or told.get("contentUrl") if is_item else told
                if isinstance(address, str):
                    yield absolute(address, seen, url), "json-ld:Article.image", 0.85

    return _one(values(), 1000)


def description_of(seen: Seen, items: Items) -> Sourced[str] | None:
    """Return the summary that the page gives of itself."""

    def values() -> Texts:
        yield from _metas(
            seen,
            {
                "og:description": 0.9,
                "description": 0.88,
                "twitter:description": 0.85,
                "dc.description": 0.8,
            },
        )
        yield from _articles(items, "description", 0.85)

    return _one(values(), 1000)


def section_of(seen: Seen, items: Items) -> Sourced[str] | None:
    """Return the section of the site."""

    def values() -> Texts:
        yield from _articles(items, "articleSection", 0.9)
        yield from _metas(
            seen,
            {
                "article:section": 0.9,
                "parsely-section": 0.88,
                "section": 0.8,
                "cxenseparse:section": 0.8,
                "article.section": 0.85,
            },
        )
        for spot in seen.spots:
            if spot.kind == "prop" and spot.name == "articleSection":
                yield spot.value or spot.text, "microdata:articleSection", 0.85

    return _one(values(), 80)


def tags_of(seen: Seen, items: Items) -> tuple[Sourced[str], ...]:
    """Return the page's tags; of several sources the surest counts."""
    for values in (
        _ld_tags(items),
        *(
            _meta_tags(seen, n)
            for n in ("article:tag", "news_keywords", "parsely-tags", "sailthru.tags", "keywords")
        ),
    ):
        found: dict[str, Sourced[str]] = {}
        for value, origin, sure in values:
            for part in re.split(r"[,;|]", value):
                if (part := part.strip(" #\t")) and len(part) <= 80:
                    found.setdefault(fold(part), Sourced(part, value, origin, None, sure))
        if found:
            return tuple(found.values())[:MOST_TAGS]
    return ()


def _ld_tags(items: Items) -> Texts:
    for article in items.articles()[:1]:
        for value in texts_of(article.get("keywords")):
            yield value, "json-ld:Article.keywords", 0.9


def _meta_tags(seen: Seen, name: str) -> Texts:
    for found, content in seen.metas:
        if found == name:
            yield tidy(content), f"meta:{name}", 0.7 if name == "keywords" else 0.85


def licence_of(seen: Seen, items: Items) -> Sourced[str] | None:
    """Return the licence, an address where there is one."""

    def values() -> Texts:
        for rel, href in seen.links:
            if "license" in rel.split() or "licence" in rel.split():
                yield href, "link:license", 0.9
        yield from _articles(items, "license", 0.9)
        yield from _metas(
            seen, {"dcterms.license": 0.9, "dcterms.rights": 0.6, "dc.rights": 0.6, "license": 0.8}
        )
        for anchor in seen.anchors:
            href = anchor.href
            if "ecommon" in href.lower() and _CC.search(href) and seen.text_of(anchor):
                yield href, "link:creativecommons", 0.8
                return

    return _one(values())


def paywall_of(seen: Seen, items: Items) -> Sourced[bool] | None:
    """Tell whether the page says that reading it costs something; None when it is silent."""
    for article in items.articles()[:1]:
        value = article.get("isAccessibleForFree")
        if isinstance(value, (bool, str)) and str(value).casefold() in ("true", "false"):
            paid = str(value).casefold() == "false"
            return Sourced(paid, str(value), "json-ld:Article.isAccessibleForFree", None, 0.9)
    for name, content in seen.metas:
        if name in ("article:content_tier", "og:article:content_tier"):
            return Sourced(content.casefold() != "free", content, f"meta:{name}", None, 0.85)
    return None


def _reference(value: Any) -> str:
    """The address, else the name, of what an item refers to."""
    if isinstance(value, list):
        value = next((v for v in value if v), None)
    if isinstance(value, dict):
        value = value.get("url") or value.get("@id") or value.get("name")
    return value if isinstance(value, str) else ""


def based_on_of(seen: Seen, items: Items, url: str | None) -> Sourced[str] | None:
    """Return what the story is based on: the address or the name of the original."""
    host = registered(url)

    def foreign(address: str) -> str:
        whole = absolute(address, seen, url)
        return whole if whole and registered(whole) != host else ""

    def values() -> Texts:
        for article in items.articles()[:1]:
            told = _reference(article.get("isBasedOn") or article.get("isBasedOnUrl"))
            yield told, "json-ld:Article.isBasedOn", 0.9
        for value, origin, sure in _other_addresses(seen, host):
            yield foreign(value), origin, sure

    return _one(values(), 1000)


def _other_addresses(seen: Seen, own: str) -> Texts:
    """Addresses that may be an original's; the page's own ones count if its host is known."""
    yield from _metas(seen, {"syndication-source": 0.9, "original-source": 0.9})
    if own:
        for rel, href in seen.links:
            if "canonical" in rel.split():
                yield href, "link:canonical", 0.75
        yield from _metas(seen, {"og:url": 0.6})
    for anchor in seen.anchors:
        href = anchor.href
        if not href.startswith("http") or (own and own in href):
            continue
        if not (text := seen.text_of(anchor)):
            continue
        if len(text) <= LONGEST_LINK and fold(text) in _SOURCE_LINKS:
            yield href, "link:source", 0.85
        elif text.casefold() != "the post" and _says_first_on(seen, anchor.line):
            yield href, "link:first-on", 0.85


def _says_first_on(seen: Seen, line: int) -> bool:
    text = seen.lines[line].text if line < len(seen.lines) else ""
    if len(text) >= LONGEST_SOURCE:
        return False
    low = text.lower()
    return any(s in low for s in _FIRST_ON_STEMS) and _FIRST_ON.search(text) is not None


def publisher_of(seen: Seen, items: Items) -> Sourced[str] | None:
    """Return who published the story, as the page states it."""

    def values() -> Texts:
        for article in items.articles()[:1]:
            publisher = items.resolve(article.get("publisher"))
            one: Item | Any = (
                publisher[0] if isinstance(publisher, list) and publisher else publisher
            )
            yield text_of(items.resolve(one)), "json-ld:Article.publisher", 0.85
        yield from _metas(
            seen,
            {
                "dc.publisher": 0.8,
                "dcterms.publisher": 0.8,
                "og:article:publisher": 0.5,
                "publisher": 0.6,
            },
        )

    return _one([v for v in values() if not v[0].startswith("http")], 100)

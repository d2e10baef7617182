"""What a page says its site is called: needed to tell the site from titles and from people."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from cleannews.metadata.jsonld import Items, text_of, tidy
from cleannews.metadata.page import Seen
from cleannews.metadata.places import HEAD
from cleannews.metadata.site import host_core, host_of
from cleannews.metadata.sources import listed
from cleannews.metadata.words import key, words

_NAMES = {
    "og:site_name": 0.9, "application-name": 0.85, "apple-mobile-web-app-title": 0.8,
    "al:ios:app_name": 0.6, "al:android:app_name": 0.6, "dc.publisher": 0.7, "publisher": 0.7,
    "cre": 0.7, "citation_journal_title": 0.6, "dcterms.publisher": 0.7, "copyright": 0.5,
    "twitter:app:name:iphone": 0.6, "twitter:app:name:googleplay": 0.6, "og:provider_name": 0.8,
}  # fmt: skip
LONGEST = 80
"""Code points of a site's name."""
_COPYRIGHT = re.compile(r"(?:©|\(c\)|copyright)[\s©@\d,–-]*([^©|.•\d\n]{2,60})", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Named:
    """A name of the site: what, where it was read, how often such a source is right."""

    name: str
    origin: str
    weight: float


class Identity:
    """The names of a page's site and of its host.

    Attributes:
        names: Names in order of trust.
        host: Host of the page, as far as known.
        core: Name part of the host, letters and digits only.
    """

    def __init__(self, seen: Seen, items: Items, url: str | None) -> None:
        self.host = host_of(url) or host_of(_own_address(seen))
        self.core = key(host_core(self.host))
        found = [*_of_tags(seen), *_of_items(items), *_of_page(seen, self.core)]
        self.names = sorted(found, key=lambda n: -n.weight)
        self.keys = {k for n in self.names if len(k := key(n.name)) > 1}
        self.keys |= {k.removesuffix(s) for k in self.keys for s in ("com", "de", "online", "news")
                      if len(k) - len(s) > 3}  # fmt: skip

    def matches(self, text: str) -> float:
        """Return how surely `text` names the site, 0..1.

        1.0 is an equal name, .8 the host's, .6 a part of a name or a name with something around it.
        """
        own = key(text)
        if not own:
            return 0.0
        if own in self.keys:
            return 1.0
        if self.core and len(self.core) > 2:
            plain = own.removeprefix("www")
            if (
                self.core == plain
                or key(self.host) == plain
                or plain.removeprefix("the") == self.core
            ):
                return 0.9
            parts = words(text)
            if len(parts) > 1 and "".join(w[0] for w in parts) == self.core:
                return 0.8
            if len(self.core) > 3 and (self.core in own or (len(own) > 3 and own in self.core)):
                return 0.7
        for name in self.keys:
            if len(own) > 3 and len(name) > 3 and (name in own or own in name):
                return 0.6
        return 0.0


def _of_tags(seen: Seen) -> Iterator[Named]:
    for name, content in seen.metas:
        if (weight := _NAMES.get(name)) and 1 < len(value := tidy(content)) <= LONGEST:
            yield Named(value, f"meta:{name}", weight)


def _of_items(items: Items) -> Iterator[Named]:
    for article in items.articles()[:3]:
        publisher = items.resolve(article.get("publisher"))
        for one in (publisher if isinstance(publisher, list) else [publisher])[:2]:
            if value := text_of(items.resolve(one)):
                yield Named(value, "json-ld:publisher", 0.8)
    for kind, weight in (("WebSite", 0.92), ("NewsMediaOrganization", 0.8), ("Organization", 0.7)):
        for item in list(items.of_type(kind))[:3]:
            for name in ("name", "alternateName"):
                if (value := text_of(item.get(name))) and len(value) <= LONGEST:
                    yield Named(value, f"json-ld:{kind}.{name}", weight)


@cache
def _rights() -> re.Pattern[str]:
    """Return what tells where the holder's name ends in a copyright line."""
    phrases = sorted(listed("rights", "phrases"), key=lambda p: (-len(p), p))
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, phrases))})\b", re.IGNORECASE)


def _of_page(seen: Seen, core: str) -> Iterator[Named]:
    for spot in seen.spots:
        is_name = spot.kind == "prop" and "name" in spot.name
        if is_name and "publisher" in spot.scope.lower() and (value := spot.value or spot.text):
            yield Named(value[:LONGEST], "microdata:publisher", 0.75)
    for line in seen.lines[-15:]:
        if m := _COPYRIGHT.search(line.text[:200]):
            name = _rights().split(m[1], maxsplit=1)[0].strip(" ,-–@")
            if any(c.isalpha() for c in name):
                yield Named(name, "line:copyright", 0.5)
    for line in seen.lines[:6]:
        if line.marks & HEAD and len(line.text) <= 40 and key(line.text) == core:
            yield Named(line.text, "line:masthead", 0.6)


def _own_address(seen: Seen) -> str:
    for rel, href in seen.links:
        if rel == "canonical" and href.startswith("http"):
            return href
    for name, content in seen.metas:
        if name == "og:url" and content.startswith("http"):
            return content
    return ""

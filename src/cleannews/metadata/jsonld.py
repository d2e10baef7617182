"""JSON-LD: which items a page states, and which of them is its article.

Pages state their data as one item, as a list, as a graph whose parts refer to each other. Sizes are
capped, depth is walked with a stack.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from typing import Any

from cleannews.reading.data_script import read_script

MOST_ITEMS = 400
"""Items of a page that are looked at."""
_ARTICLE = re.compile(
    r"(?:Article|BlogPosting|SocialMediaPosting|Report|Review|Recipe|PodcastEpisode)$"
)
_PAGE = re.compile(r"(?:WebPage|ItemPage|CollectionPage|AboutPage|FAQPage|QAPage)$")
_NOT_MAIN = frozenset(
    [
        "itemListElement",
        "hasPart",
        "mentions",
        "comment",
        "comments",
        "video",
        "audio",
        "associatedMedia",
        "about",
        "image",
        "isPartOf",
        "review",
        "reviews",
        "aggregateRating",
        "citation",
        "relatedLink",
        "subjectOf",
        "breadcrumb",
        "potentialAction",
        "speakable",
        "offers",
        "itemReviewed",
        "mainEntityOfPage",
        "isBasedOn",
        "author",
        "publisher",
        "creator",
        "editor",
        "contributor",
        "primaryImageOfPage",
        "logo",
        "thumbnail",
        "address",
        "sponsor",
    ]
)
Item = dict[str, Any]


def types_of(item: Item) -> tuple[str, ...]:
    """Return the names of an item's types, without their vocabulary's address."""
    kinds = item.get("@type") or item.get("type") or ()
    kinds = kinds if isinstance(kinds, list) else [kinds]
    names = (k for k in kinds if isinstance(k, str))
    return tuple(k if k.isalnum() else re.split(r"[/#:]", k)[-1] for k in names)


def is_article(item: Item) -> bool:
    """Tell whether an item is an article of some kind."""
    return any(_ARTICLE.search(k) for k in types_of(item))


def is_page(item: Item) -> bool:
    """Tell whether an item is a page."""
    return any(_PAGE.search(k) for k in types_of(item))


class Items:
    """The items of a page: those that stand for themselves first, then parts of others.

    Attributes:
        top: Items that are not part of another one.
        inner: Items inside other items, with the property they stand under.
        ids: Items by their ``@id``.
    """

    def __init__(self, scripts: list[str]) -> None:
        self.top: list[Item] = []
        self.inner: list[tuple[str, Item]] = []
        self.ids: dict[str, Item] = {}
        for script in scripts:
            for value in read_script(script):
                self._add(value)
        self._articles = [i for i in self.top if is_article(i)]
        inner = [i for under, i in self.inner if under in ("mainEntityOfPage", "isPartOf")]
        self._pages = [i for i in [*self.top, *inner] if is_page(i)]

    def _add(self, value: Any) -> None:
        stack: list[tuple[Any, str]] = [(value, "")]
        while stack and len(self.top) + len(self.inner) < MOST_ITEMS:
            node, under = stack.pop()
            if isinstance(node, list):
                stack.extend((n, under) for n in reversed(node[:MOST_ITEMS]))
                continue
            if not isinstance(node, dict):
                continue
            if types_of(node):
                if isinstance(name := node.get("@id"), str) and len(node) > 2:
                    self.ids.setdefault(name, node)
                if under:
                    self.inner.append((under, node))
                else:
                    self.top.append(node)
            for name, part in reversed(list(node.items())):
                if isinstance(part, (dict, list)):
                    inside = under if name in ("@graph", "mainEntity") else under or name
                    stack.append((part, inside if name in _NOT_MAIN or under else ""))

    def resolve(self, value: Any) -> Any:
        """Return the item that a reference means, else the value itself."""
        if isinstance(value, dict) and set(value) <= {"@id", "@type"}:
            return self.ids.get(str(value.get("@id")), value)
        return value

    def articles(self) -> list[Item]:
        """Return the articles among the items that stand for themselves."""
        return self._articles

    def pages(self) -> list[Item]:
        """Return the pages; an article's own page counts."""
        return self._pages

    def of_type(self, *kinds: str) -> Iterator[Item]:
        """Yield items of the given types, wherever they stand."""
        for item in [*self.top, *(i for _, i in self.inner)]:
            if set(types_of(item)) & set(kinds):
                yield item


def text_of(value: Any) -> str:
    """Return a value as one line of text, ``""`` when it is not text.

    >>> text_of(["", {"@value": "A &amp; B <b>c</b>"}])
    'A & B c'
    """
    for _ in range(4):
        if isinstance(value, list):
            value = next((v for v in value if v), None)
        elif isinstance(value, dict):
            value = value.get("@value") or value.get("name") or value.get("headline")
    if not isinstance(value, str):
        return ""
    return tidy(value)


_TAGS = re.compile(r"<[^<>]{1,200}>")


def tidy(value: str) -> str:
    """Return text without markup and entities, white space collapsed, at most 1000 code points."""
    value = value[:2000]
    if "&" in value:
        value = html.unescape(value)
        if "&" in value:
            value = html.unescape(value)
    if "<" in value:
        value = _TAGS.sub("", value)
    return " ".join(value.split())[:1000]


def texts_of(value: Any) -> list[str]:
    """Return every text of a value; a list of keywords in one string is one text."""
    parts = value if isinstance(value, list) else [value]
    return [t for p in parts[:100] if (t := text_of(p))]

"""What a place of a page is for: marks read from the class, id, role and tag of elements."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

AUTHOR, DATE, TITLE, COMMENT, ASIDE, CAPTION, FOOT, HEAD, BIO, RELATED, TAGS, ARTICLE, LEAD = (
    1 << i for i in range(13)
)
"""Marks of a place: what its class, id, role and tag say, its own and those around it."""
FAR = COMMENT | ASIDE | FOOT | RELATED
"""Marks of places that tell of something else than the story."""

_MARKS = tuple(
    (mark, words)
    for mark, words in (
        (AUTHOR, (
            "author", "byline", "by-line", r"\bautor", "writer", "creator", "reporter", "redakteur",
            "journalist", "contributor", r"\bvcard", "auteur", "verfasser", "signature", r"firma\b",
            "signatura", "posted-by",
        )),
        (DATE, (
            "date", "time(?!line)", "publish", "datum", "posted", "updated", "fecha", "created",
            "veroeffentlicht", r"\bago\b", "meta",
        )),
        (TITLE, ("title", "headline", "heading", "titulo", "titel", "überschrift")),
        (COMMENT, (
            "comment", r"\breply", r"\breplies", "disqus", "kommentar", "respond", "discussion",
            "feedback", "opinions",
        )),
        (ASIDE, (
            "sidebar", "widget", r"\baside", "menu", r"\bnav", "breadcrumb", "cookie", "consent",
            "popup", "modal", "banner", "newsletter", "subscribe", "advert", "promo", "overlay",
            "toolbar", "login",
        )),
        (CAPTION, (
            "caption", "figure", "credit", "copyright", "bildunter", "photo-?by", "gallery",
            "slideshow", "legende",
        )),
        (FOOT, ("footer", "colophon", "copyright", "imprint")),
        (HEAD, (
            "header", "masthead", "logo", "branding", "site-?title", "site-?name", "topbar",
        )),
        (BIO, (
            r"bio\b", "biograph", "about-?(?:the-?)?(?:author|me)",
            "author-?(?:box|info|desc|bio|card)", "profile", "abouttheauthor",
        )),
        (RELATED, (
            "related", "recommend", "popular", "trending", "teaser", "more-", "latest", "recent",
            "most-?read", "also-?read", "read-?(?:more|next)", "suggest", "promo", "similar",
            "carousel", "list-?item", "feed", "prev", "next", r"\bcard", "outbrain", "taboola",
            "adjacent",
        )),
        (TAGS, (
            r"\btags?\b", "keywords", "topics", "categor", "ressort", "kicker", "section-name",
            "rubri",
        )),
        (ARTICLE, ("article", "entry", "story", "content", "post(?!ed)", "main")),
        (LEAD, (
            "intro", "lead", "teaser-?text", "standfirst", r"deck\b", r"dek\b", "excerpt",
            "summary", "subtitle", "subhead",
        )),
    )
)  # fmt: skip


def _by_start() -> dict[tuple[str, ...], tuple[tuple[int, re.Pattern[str]], ...]]:
    found: dict[tuple[str, ...], dict[int, list[str]]] = {}
    for mark, words in _MARKS:
        for word in words:
            start = tuple(word.removeprefix(r"\b")[:3])
            found.setdefault(start, {}).setdefault(mark, []).append(word)
    return {
        start: tuple((mark, re.compile("|".join(words))) for mark, words in marks.items())
        for start, marks in found.items()
    }


_STARTS = _by_start()
"""The first three letters of the marks' words, and what may match where they stand."""
_STARTING = frozenset(_STARTS)
TAG_MARKS = {
    "nav": ASIDE, "aside": ASIDE, "footer": FOOT, "header": HEAD, "figcaption": CAPTION,
    "figure": CAPTION, "article": ARTICLE, "main": ARTICLE, "form": ASIDE,
}  # fmt: skip
INHERITED = COMMENT | ASIDE | CAPTION | FOOT | HEAD | BIO | RELATED | TAGS | ARTICLE | AUTHOR | DATE
INLINE = frozenset(
    [
        "a",
        "abbr",
        "acronym",
        "b",
        "bdi",
        "bdo",
        "big",
        "cite",
        "code",
        "data",
        "dfn",
        "em",
        "font",
        "i",
        "ins",
        "kbd",
        "label",
        "mark",
        "q",
        "s",
        "samp",
        "small",
        "span",
        "strong",
        "sub",
        "sup",
        "time",
        "tt",
        "u",
        "var",
        "wbr",
        "nobr",
        "bdi",
        "amp-timeago",
        "del",
    ]
)
"""Elements that do not break a line."""
SILENT = frozenset(
    [
        "script",
        "style",
        "noscript",
        "template",
        "svg",
        "math",
        "iframe",
        "object",
        "canvas",
        "textarea",
        "select",
        "option",
        "button",
        "video",
        "audio",
        "map",
    ]
)
"""Elements whose text nobody reads."""
_ASIDE_ROLES = frozenset(["navigation", "complementary", "banner", "search"])
_ABOUT_PEOPLE = re.compile(
    r"/(?:author|autor|people|profile|by/|staff|auteur|redaktion/|journalist|contributor)|author="
)


def leads_to_person(href: str) -> bool:
    """Tell whether a link's target is a page about a person."""
    return _ABOUT_PEOPLE.search(href) is not None


def is_aside(get: Any) -> bool:
    """Tell whether attributes, which `get` reads, set an element apart from the story."""
    return get("role") in _ASIDE_ROLES or get("hidden") is not None


RESETTING = frozenset(("article", "body", "html", "main"))
"""Elements in which some of the marks around no longer hold."""


def inherited_marks(tag: str, around: int, own: int) -> int:
    """Return the marks that hold inside an element."""
    marks = (around & INHERITED) | own
    if tag in ("body", "html", "main"):
        return marks & ~(ASIDE | RELATED | COMMENT | FOOT | HEAD | DATE | AUTHOR | TAGS | BIO)
    if tag == "article" and not around & (ASIDE | RELATED | COMMENT):
        return marks & ~(RELATED | ASIDE | DATE | AUTHOR | TAGS | BIO | COMMENT)
    return marks


@lru_cache(maxsize=20_000)
def marks_of(words: str) -> int:
    """Return the marks that the words of class and id give.

    >>> marks_of("entry byline-date") == ARTICLE | AUTHOR | DATE
    True
    """
    known = 0
    for word in words.split():
        known |= _marks_of_word(word)
    return known


@lru_cache(maxsize=50_000)
def _marks_of_word(word: str) -> int:
    low = word.lower().replace("_", "-")
    known = 0
    for start in _STARTING.intersection(zip(low, low[1:], low[2:], strict=False)):
        for mark, pattern in _STARTS[start]:
            if pattern.search(low):
                known |= mark
    return known

"""What a page says of its story outside the text it shows: titles, descriptions, the body as data.

Evidence for judging the blocks, not metadata: nothing here is given out as a value.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from cleannews.reading.data_script import read_script

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml import etree

LONGEST_DATA = 600_000
"""Longest script of data that is read, in code points."""
MOST_SCRIPTS, MOST_VALUES = 20, 5_000
SHORTEST_BODY = 200
"""Shortest value that counts as a story's body, in code points."""
DEEPEST = 60
"""Brackets within brackets at which a script of data is left alone."""
_TITLES = frozenset(("og:title", "twitter:title", "title"))
_DESCRIPTIONS = frozenset(("description", "og:description"))
_TAG = re.compile("<[^<>]{0,300}>")
_TYPE = re.compile(r'"@type"\s{0,9}:\s{0,9}"([A-Za-z]{1,60})"')


@dataclass(frozen=True, slots=True)
class Facts:
    """What a page says of its story.

    Attributes:
        titles: Of the page and of the story.
        descriptions: Summaries for search engines and for sharing.
        bodies: The story as data, without tags, as written in ``articleBody``.
        kinds: What the page calls itself: types of data and of the page's card, in lower case.
    """

    titles: tuple[str, ...] = ()
    descriptions: tuple[str, ...] = ()
    bodies: tuple[str, ...] = ()
    kinds: frozenset[str] = frozenset()


def facts_of(root: etree._Element | None) -> Facts:
    """Return what a page says of its story.

    >>> from cleannews.reading.html import parse_html
    >>> facts_of(parse_html("<title>Old bridge closes</title>").root).titles
    ('Old bridge closes',)
    """
    if root is None:
        return Facts()
    titles: dict[str, None] = {}
    descriptions: dict[str, None] = {}
    scripts: list[str] = []
    kinds: set[str] = set()
    for element in root.iter("title", "meta", "script"):
        if element.tag == "meta":
            name = (element.get("property") or element.get("name") or "").lower()
            if name in _TITLES:
                titles[element.get("content") or ""] = None
            elif name in _DESCRIPTIONS:
                descriptions[element.get("content") or ""] = None
            elif name == "og:type":
                kinds.add((element.get("content") or "").strip().lower())
        elif element.tag == "title":
            titles[element.text or ""] = None
        elif "ld+json" in (element.get("type") or "") and len(scripts) < MOST_SCRIPTS:
            scripts.append(element.text or "")
    for script in scripts:
        kinds.update(name.lower() for name in _TYPE.findall(script[:LONGEST_DATA]))
    bodies = dict.fromkeys(body for script in scripts for body in _bodies(script))
    return Facts(_told(titles), _told(descriptions), _told(bodies), frozenset(kinds))


def _told(values: dict[str, None]) -> tuple[str, ...]:
    return tuple(v for v in values if v.strip())


def _bodies(script: str) -> Iterator[str]:
    """Yield the bodies of articles in a script of data."""
    if "articleBody" not in script or len(script) > LONGEST_DATA or _depth(script) > DEEPEST:
        return
    waiting: list[Any] = list(read_script(script))
    for _ in range(MOST_VALUES):
        if not waiting:
            return
        value = waiting.pop()
        if isinstance(value, list):
            waiting += value
        elif isinstance(value, dict):
            body = value.get("articleBody")
            if isinstance(body, str) and len(body) >= SHORTEST_BODY:
                # Publishing systems escape it once for their store and once for the page.
                yield _TAG.sub(" ", html.unescape(html.unescape(body)))
            waiting += [v for v in value.values() if isinstance(v, dict | list)]


def _depth(script: str) -> int:
    """Return how deep brackets nest, those in strings included."""
    deepest = depth = 0
    for bracket in re.findall(r"[\[\]{}]", script):
        depth += 1 if bracket in "[{" else -1
        deepest = max(deepest, depth)
    return deepest

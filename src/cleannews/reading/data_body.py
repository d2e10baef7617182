"""The story of a page that does not show it: the body that its data or its scripts hold.

Pages that a script puts together carry their story as data, for search engines or for the script
itself. It is read only where the page shows less than half of it, and then it is part of the text
that the result is made of, behind what the page shows.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from cleannews.document import Block
from cleannews.reading.plain import count_words

if TYPE_CHECKING:
    from lxml import etree

LEAST_SHOWN = 0.5
"""Share of a body's word runs from which on the page shows it."""
HARDLY_ANY = 60
"""Words of running text below which a page's scripts are searched for a body."""
LEAST_WORDS = 80
"""Fewest words of a body that was found in a script."""
MOST_SCRIPTS, LONGEST_SCRIPT = 200, 2_000_000
_STRING = re.compile(r'"((?:[^"\\]|\\.){400,})"', re.DOTALL)
_MARKUP = re.compile(r"<(?:p|div|br)[\s>/]", re.IGNORECASE)
_CODE = re.compile(r"function\s*\(|=>|\{\\?\"|;\s*\}|\$L\d")


def hidden_body(root: etree._Element, blocks: Sequence[Block], bodies: Sequence[str]) -> list[str]:
    """Return the lines of the body that a page holds but does not show; most pages have none.

    Args:
        root: The page's tree.
        blocks: What the page shows.
        bodies: Bodies that its data hold.
    """
    prose = sum([b.words for b in blocks if b.is_prose])
    candidates = [*bodies]
    if not bodies and prose < HARDLY_ANY:
        candidates += _in_scripts(root)
    if not candidates:
        return []
    body = max(candidates, key=len)
    wanted = _runs(body)
    # Nearly always the running text holds it already.
    shown: set[tuple[str, ...]] = set()
    for is_prose in (True, False):
        shown = shown.union(*[_runs(b.text) for b in blocks if b.is_prose is is_prose])
        if len(wanted & shown) >= LEAST_SHOWN * len(wanted):
            return []
    return _lines(body)


def _runs(text: str) -> set[tuple[str, ...]]:
    words = text.casefold().split()
    return set(zip(words, words[1:], words[2:], strict=False)) or {tuple(words)}


def _lines(body: str) -> list[str]:
    """Return the lines of a body, which may be HTML itself."""
    if not _MARKUP.search(body):
        return [" ".join(line.split()) for line in body.splitlines() if line.strip()]
    from cleannews.reading.html import parse_html
    from cleannews.reading.rendering import render

    return [b.text for b in render(parse_html(body).root, shows_all=True).blocks]


def _in_scripts(root: etree._Element) -> Iterator[str]:
    """Yield strings of scripts that are pieces of HTML with a story's worth of words."""
    for script in _some(root.iter("script")):
        text = script.text or ""
        if len(text) > LONGEST_SCRIPT or ("<" not in text and "u003c" not in text):
            continue
        for match in _STRING.finditer(text):
            try:
                value = json.loads(f'"{match[1]}"', strict=False)
            except ValueError:
                continue  # another language's string
            is_html = len(_MARKUP.findall(value)) > 1 and not _CODE.search(value)
            if is_html and count_words(re.sub("<[^<>]{0,2000}>", " ", value)) >= LEAST_WORDS:
                yield value


def _some(scripts: Iterable[etree._Element]) -> Iterator[etree._Element]:
    for number, script in enumerate(scripts):
        if number >= MOST_SCRIPTS:
            return
        yield script

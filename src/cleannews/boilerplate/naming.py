"""What the names of elements say: the words in ``class`` and ``id``, and the tags themselves.

Sites name their boxes for their own people: "related-posts", "c-share-bar", "commentList". The
words are known twice: in groups that a person wrote down, so that a reason can name them, and with
weights that training gave them, which reach further than any list.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from typing import NamedTuple

_WORD = re.compile("[A-Za-z]{2,}")
_CAMEL = re.compile("(?<=[a-z])(?=[A-Z])")
MOST_NAMES = 12
"""Names of one element that are looked at; style systems give dozens, none of which says more."""
LONGEST_NAME = 60
"""Longest part of a name that is looked at, in characters."""
_MOST_PARTS = 4
_TO_WORDS = bytes(
    ord(c.lower()) if c.isascii() and c.isalpha() else 32 for c in map(chr, range(256))
)
TAG_GROUPS = ("aside", "figcaption", "footer", "form", "header", "nav")
"""Elements that say what they hold by what they are."""
FRAME = 2
"""First elements of the tree whose names never count: the root, the head or the body."""
MOST_REMEMBERED = 10_000
"""Elements' names that are remembered before the memory starts anew; some 4 MB."""


class Said(NamedTuple):
    """What an element's tag and names say.

    Attributes:
        groups: Bit i is set for the i-th of `GROUPS`.
        own: Weight of the words for the lines in the element itself.
        around: Weight of the words for the lines in elements within it.
        known: Number of words that have a weight.
    """

    groups: int
    own: float
    around: float
    known: int


def words_of(tag: str, names: str) -> list[str]:
    """Return the words of an element's tag and names, in lower case.

    >>> words_of("div", "commentList c-share")
    ['<div', 'comment', 'list', 'comment-list', 'share']
    """
    words = ["<" + tag]
    for name in names.split()[:MOST_NAMES]:
        words += words_in(name)
    return words


def words_in(name: str) -> list[str]:
    """Return the words of one name.

    >>> words_in("commentList")
    ['comment', 'list', 'comment-list']
    """
    if name.isalpha() and name.islower() and name.isascii() and 1 < len(name) <= LONGEST_NAME:
        return [name]  # as most are; the general case is below
    name = name[:LONGEST_NAME]
    if not name.islower():
        name = _CAMEL.sub("-", name)
    if name.isascii():
        split = name.encode().translate(_TO_WORDS).decode().split()
        parts = [part for part in split if len(part) > 1]
    else:
        parts = [part.lower() for part in _WORD.findall(name)]
    if len(parts) > 1:
        parts.append("-".join(parts[:_MOST_PARTS]))
    return parts


@cache
def _groups() -> dict[str, int]:
    """The bits of each word."""
    path = files("cleannews.boilerplate").joinpath("class_words.json")
    told: dict[str, str] = json.loads(path.read_text(encoding="utf-8"))
    bits: dict[str, int] = {}
    for i, words in enumerate([*told.values(), *("<" + tag for tag in TAG_GROUPS)]):
        for word in words.split():
            bits[word] = bits.get(word, 0) | 1 << i
    return bits


@cache
def group_names() -> tuple[str, ...]:
    """Return the names of the groups, in the order of their bits."""
    path = files("cleannews.boilerplate").joinpath("class_words.json")
    told = json.loads(path.read_text(encoding="utf-8"))
    return (*told, *(f"<{tag}>" for tag in TAG_GROUPS))


class Names:
    """Weights of the words of names, and a memory of what names say.

    Args:
        own: Weight of each word for the lines in the element itself.
        around: Weight of each word for the lines in elements within it.
    """

    def __init__(self, own: dict[str, float], around: dict[str, float]) -> None:
        bits = _groups()
        self._words = {
            word: (bits.get(word, 0), own.get(word, 0.0), around.get(word, 0.0), word in around)
            for word in {*bits, *own, *around}
        }
        self._names: dict[str, Said] = {}
        self._elements: dict[tuple[str, str], Said] = {}
        self._last: tuple[Sequence[str], list[Said]] = ((), [])

    def of_all(self, tags: Sequence[str], names: Sequence[str]) -> list[Said]:
        """Return what the elements of a page say; the same page is asked for twice in a row."""
        last, said = self._last
        if last is not names:
            known, of = self._elements.get, self.of
            said = [known(key) or of(*key) for key in zip(tags, names, strict=True)]
            self._last = names, said
        return said

    def of(self, tag: str, names: str) -> Said:
        """Return what an element's tag and names say."""
        key = (tag, names)
        if (known := self._elements.get(key)) is not None:
            return known
        known_name = self._names.get
        groups, own, around, number = self._name("<" + tag)
        for name in names.split(None, MOST_NAMES)[:MOST_NAMES]:
            more = known_name(name) or self._name(name)
            groups |= more[0]
            own += more[1]
            around += more[2]
            number += more[3]
        said = Said(groups, own, around, number)
        # What is remembered is what would be worked out again, so that it can change no result.
        if len(self._elements) >= MOST_REMEMBERED:
            self._elements = {}
        if len(names) <= MOST_NAMES * LONGEST_NAME:
            self._elements[key] = said
        return said

    def _name(self, name: str) -> Said:
        if (known := self._names.get(name)) is not None:
            return known
        groups, inner, outer, number = 0, 0.0, 0.0, 0
        for word in [name] if name[0] == "<" else words_in(name):
            if (told := self._words.get(word)) is not None:
                groups |= told[0]
                inner += told[1]
                outer += told[2]
                number += told[3]
        said = Said(groups, inner, outer, number)
        if len(self._names) >= MOST_REMEMBERED:
            self._names = {}
        if len(name) <= LONGEST_NAME:
            self._names[name] = said
        return said

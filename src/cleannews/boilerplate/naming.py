"""What the names of elements say: the words in ``class`` and ``id``, and the tags themselves.

Sites name their boxes for their own people: "related-posts", "c-share-bar", "commentList". The
words are known twice: in groups that a person wrote down, so that a reason can name them, and with
weights that training gave them, which reach further than any list.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from functools import cache
from importlib.resources import files
from typing import NamedTuple, cast

_WORD = re.compile("[A-Za-z]{2,}")
_CAMEL = re.compile("(?<=[a-z])(?=[A-Z])")
MOST_NAMES = 12
"""Names of one element that are looked at; style systems give dozens, none of which says more."""
LONGEST_NAME = 60
"""Longest part of a name that is looked at, in characters."""
_MOST_PARTS = 4
_TO_WORDS = bytes(
    ord(c.lower()) if c.isascii() and (c.isalpha() or c == "\n") else 32
    for c in map(chr, range(256))
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
    name = name[:LONGEST_NAME] if name.islower() else _with_humps(name)
    if name.isascii():
        split = name.encode().translate(_TO_WORDS).decode().split()
        parts = [part for part in split if len(part) > 1]
    else:
        parts = [part.lower() for part in _WORD.findall(name)]
    if len(parts) > 1:
        parts.append("-".join(parts[:_MOST_PARTS]))
    return parts


def _words_in_all(names: Sequence[str]) -> list[list[str]]:
    """Return the words of each of many names; most are ASCII, which are looked at together."""
    joined = "\n".join([n[:LONGEST_NAME] if n.islower() else _with_humps(n) for n in names])
    if "<" in joined or not joined.isascii():
        return [[name] if name[0] == "<" else words_in(name) for name in names]
    rows: list[list[str]] = []
    for row in joined.encode().translate(_TO_WORDS).decode().split("\n"):
        parts = [part for part in row.split(" ") if len(part) > 1]
        if len(parts) > 1:
            parts.append("-".join(parts[:_MOST_PARTS]))
        rows.append(parts)
    return rows


def _with_humps(name: str) -> str:
    """Return a name, cut, with a hyphen where a capital letter begins a word."""
    return _CAMEL.sub("-", name[:LONGEST_NAME])


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


_Known = tuple[int, float, float, int]
"""The fields of `Said`."""
_NOTHING: _Known = (0, 0.0, 0.0, 0)


class Names:
    """Weights of the words of names, and a memory of what names say.

    Args:
        own: Weight of each word for the lines in the element itself.
        around: Weight of each word for the lines in elements within it.
    """

    def __init__(self, own: dict[str, float], around: dict[str, float]) -> None:
        bits = _groups()
        self._words: dict[str, _Known] = {
            word: (
                bits.get(word, 0),
                own.get(word, 0.0),
                around.get(word, 0.0),
                int(word in around),
            )
            for word in {*bits, *own, *around}
        }
        # Plain tuples: unlike named ones they cost the garbage collector nothing once it saw them.
        self._names: dict[str, _Known] = {}
        self._elements: dict[tuple[str, str], _Known] = {}
        self._last: tuple[Sequence[str], list[_Known]] = ((), [])

    def of_all(self, tags: Sequence[str], names: Sequence[str]) -> list[_Known]:
        """Return what the elements of a page say; the same page is asked for twice in a row."""
        last, said = self._last
        if last is not names:
            known = self._elements.get
            told = [known(key) for key in zip(tags, names, strict=True)]
            if None in told:
                new = [i for i, own in enumerate(told) if own is None]
                looked = self._look({(tags[i], names[i]) for i in new})
                for i in new:
                    told[i] = looked[tags[i], names[i]]
            said = cast("list[_Known]", told)
            self._last = names, said
        return said

    def of(self, tag: str, names: str) -> Said:
        """Return what an element's tag and names say."""
        key = (tag, names)
        return Said(*(self._elements.get(key) or self._look((key,))[key]))

    def _look(self, elements: Iterable[tuple[str, str]]) -> dict[tuple[str, str], _Known]:
        """Return and remember what elements say by their tags and names."""
        split = {key: key[1].split(None, MOST_NAMES)[:MOST_NAMES] for key in elements}
        told = self._told({name for parts in split.values() for name in parts})
        tag = self._words.get
        looked: dict[tuple[str, str], _Known] = {}
        for key, parts in split.items():
            groups, own, around, number = tag("<" + key[0], _NOTHING)
            for name in parts:
                more = told[name]
                groups |= more[0]
                own += more[1]
                around += more[2]
                number += more[3]
            looked[key] = groups, own, around, number
        # What is remembered is what would be worked out again, so that it can change no result.
        if len(self._elements) >= MOST_REMEMBERED:
            self._elements = {}
        self._elements.update(
            (key, said) for key, said in looked.items() if len(key[1]) <= MOST_NAMES * LONGEST_NAME
        )
        return looked

    def _told(self, names: set[str]) -> dict[str, _Known]:
        """Return and remember what single names say."""
        known = self._names
        told = {name: known[name] for name in names if name in known}
        new = [name for name in names if name not in told]
        if new:
            found = self._words.get
            looked: dict[str, _Known] = {}
            for name, words in zip(new, _words_in_all(new), strict=True):
                groups, inner, outer, number = 0, 0.0, 0.0, 0
                for own in filter(None, map(found, words)):
                    groups |= own[0]
                    inner += own[1]
                    outer += own[2]
                    number += own[3]
                looked[name] = groups, inner, outer, number
            if len(known) >= MOST_REMEMBERED:
                self._names = known = {}
            known.update((name, said) for name, said in looked.items() if len(name) <= LONGEST_NAME)
            told |= looked
        return told

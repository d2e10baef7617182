"""Given names: what tells a by-line without a cue from any other short line."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files

CHINESE_NAME = 3
"""Ideographs of most Chinese names: a surname of one and two more."""


@cache
def _table() -> dict[str, dict[str, str]]:
    path = files("cleannews.metadata").joinpath("given.toml")
    return tomllib.loads(path.read_text(encoding="utf-8"))


@cache
def given_names() -> frozenset[str]:
    """Return common given names of many languages, lower case."""
    return frozenset(name for names in _table()["given"].values() for name in names.split())


@cache
def _surnames() -> frozenset[str]:
    return frozenset(_table()["surnames"]["zh"]) - {"\n"}


def begins_with_given_name(name: str) -> bool:
    """Tell whether a name begins with a common given name; of two joined ones the first counts.

    In Chinese the surname stands first, and tells as much.

    >>> begins_with_given_name("Ana Ruiz"), begins_with_given_name("Jean-Luc Roux")
    (True, True)
    >>> begins_with_given_name("王小明")
    True
    >>> begins_with_given_name("Daily Mail")
    False
    """
    words = name.split()
    if not words:
        return False
    if name[0] in _surnames():
        return len(name) == CHINESE_NAME
    first = words[0].casefold().strip(".,")
    return first in given_names() or first.split("-")[0] in given_names()

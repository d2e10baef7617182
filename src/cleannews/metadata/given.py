"""Given names: what tells a by-line without a cue from any other short line."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files


@cache
def given_names() -> frozenset[str]:
    """Return common given names of many languages, lower case."""
    path = files("cleannews.metadata").joinpath("given.toml")
    table: dict[str, str] = tomllib.loads(path.read_text(encoding="utf-8"))
    return frozenset(name for names in table.values() for name in names.split())


def begins_with_given_name(name: str) -> bool:
    """Tell whether a name begins with a common given name; of two joined ones the first counts.

    >>> begins_with_given_name("Ana Ruiz"), begins_with_given_name("Jean-Luc Roux")
    (True, True)
    >>> begins_with_given_name("Daily Mail")
    False
    """
    words = name.split()
    if not words:
        return False
    first = words[0].casefold().strip(".,")
    return first in given_names() or first.split("-")[0] in given_names()

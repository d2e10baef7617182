"""Names of tags that state something, from ``sources.toml``."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files


@cache
def _table() -> dict[str, dict[str, list[str]]]:
    path = files("cleannews.metadata").joinpath("sources.toml")
    return tomllib.loads(path.read_text(encoding="utf-8"))


@cache
def tag_names(field: str) -> dict[str, str]:
    """Return for each tag that states a field the kind of source that it is.

    >>> tag_names("titles")["og:title"], tag_names("dates")["lastmod"]
    ('og', 'modified')
    """
    return {name: kind for kind, names in _table()[field].items() for name in names}


@cache
def listed(field: str, kind: str) -> frozenset[str]:
    """Return the names of one kind."""
    return frozenset(_table()[field][kind])

"""Who served the page, and telling an organisation from a person."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib.resources import files
from urllib.parse import urlsplit

from cleannews.reading.folding import fold

_SECOND_LEVEL = frozenset(["co", "com", "net", "org", "gov", "edu", "ac", "or", "ne", "go"])
_SCHEME = re.compile(r"[A-Za-z][\w+.-]{0,20}:(?!\d)|//")
_WORD = re.compile(r"[^\W\d_]+")


@cache
def organisation_words() -> frozenset[str]:
    """Return folded words that name organisations, not people ("news", "blogs", "redaktion")."""
    path = files("cleannews.metadata").joinpath("organisations.toml")
    table = tomllib.loads(path.read_text(encoding="utf-8"))
    return frozenset(fold(w) for words in table["words"].values() for w in words)


def looks_like_organisation(name: str) -> bool:
    """Tell whether a name is an organisation's by its words.

    >>> looks_like_organisation("The Technical Blogs"), looks_like_organisation("Ana Ruiz")
    (True, False)
    """
    folded = fold(name)
    if folded.startswith("the "):
        return True
    return not organisation_words().isdisjoint(_WORD.findall(folded))


@cache
def agency_names() -> frozenset[str]:
    """Return folded names of news agencies."""
    path = files("cleannews.metadata").joinpath("organisations.toml")
    table = tomllib.loads(path.read_text(encoding="utf-8"))
    return frozenset(fold(w) for w in table["agencies"]["names"])


def is_agency(name: str) -> bool:
    """Tell whether a name is a news agency's.

    >>> is_agency("Agence France-Presse"), is_agency("dpa"), is_agency("Ana Ruiz")
    (True, True, False)
    """
    return fold(name).removeprefix("the ") in agency_names()


def _host_in(url: str | None) -> str:
    """The host of a web address, lower case; nothing where there is none."""
    if not url:
        return ""
    try:
        parts = urlsplit(url if _SCHEME.match(url) else f"//{url}")
        return (parts.hostname or "").lower() if parts.scheme in ("", "http", "https") else ""
    except ValueError:
        return ""


def host_of(url: str | None) -> str:
    """Return a URL's host in its one form, or ``""``: lower case, no port, no ``www.``, ASCII.

    A host alone is fine too.

    >>> host_of("https://www.Example.org:443/news/1"), host_of("Bücher.example."), host_of(None)
    ('example.org', 'xn--bcher-kva.example', '')
    """
    host = _host_in(url)
    host = host.strip(".").removeprefix("www.")
    try:
        return host if host.isascii() else host.encode("idna").decode("ascii")
    except UnicodeError:
        return host


def host_core(url: str | None) -> str:
    """Return the name part of a URL's host, without ``www`` and public suffix, or ``""``.

    >>> host_core("https://www.the-technical-blogs.co.uk/x"), host_core(None)
    ('the-technical-blogs', '')
    """
    host = _host_in(url)
    labels = [part for part in host.split(".") if part and part != "www"]
    if len(labels) > 2 and labels[-2] in _SECOND_LEVEL and len(labels[-1]) == 2:
        labels = labels[:-1]
    return labels[-2] if len(labels) > 1 else "".join(labels)


def matches_host(name: str, url: str | None) -> bool:
    """Tell whether a name spells a host: "The Technical Blogs" and technicalblogs.com."""
    core = re.sub(r"[\W_]", "", host_core(url))
    words = _WORD.findall(fold(name))
    if not core or not words:
        return False
    joined = "".join(words)
    return core in (joined, joined.removeprefix("the"), "".join(w[0] for w in words))

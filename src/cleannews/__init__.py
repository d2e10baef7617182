"""cleannews: clean scraped and spun news, find duplicates, recover metadata, and say why.

>>> import cleannews
>>> cleannews.clean("Leave a Comment").text
''
"""

from __future__ import annotations

from cleannews._version import __version__

TYPE_CHECKING = False  # type checkers know the name; importing `typing` costs more than all of this
if TYPE_CHECKING:
    from typing import Any

    from cleannews.api import clean, clean_pages, detect
    from cleannews.boilerplate.explain import explain
    from cleannews.boilerplate.rulebook import Rulebook, load_rulebook
    from cleannews.boilerplate.sites import SiteProfile, SiteProfiles, learn_site
    from cleannews.document import (
        CleanResult,
        Document,
        Finding,
        Metadata,
        Person,
        Removal,
        Sourced,
        Span,
        Warning_,
        delete_spans,
    )
    from cleannews.errors import CleanNewsError, InputError, OptionError, RuleError, SiteError
    from cleannews.options import CleanOptions, Limits
    from cleannews.report.page import render_page
    from cleannews.schema import json_schema

__all__ = [
    "CleanNewsError",
    "CleanOptions",
    "CleanResult",
    "Document",
    "Finding",
    "InputError",
    "Limits",
    "Metadata",
    "OptionError",
    "Person",
    "Removal",
    "RuleError",
    "Rulebook",
    "SiteError",
    "SiteProfile",
    "SiteProfiles",
    "Sourced",
    "Span",
    "Warning_",
    "__version__",
    "clean",
    "clean_pages",
    "delete_spans",
    "detect",
    "explain",
    "json_schema",
    "learn_site",
    "load_rulebook",
    "render_page",
]

# Names are loaded at first use: importing the package must cost next to nothing.
_HOMES = {
    "cleannews.api": ("clean", "clean_pages", "detect"),
    "cleannews.boilerplate.explain": ("explain",),
    "cleannews.boilerplate.rulebook": ("Rulebook", "load_rulebook"),
    "cleannews.boilerplate.sites": ("SiteProfile", "SiteProfiles", "learn_site"),
    "cleannews.document": (
        "CleanResult",
        "Document",
        "Finding",
        "Metadata",
        "Person",
        "Removal",
        "Sourced",
        "Span",
        "Warning_",
        "delete_spans",
    ),
    "cleannews.errors": (
        "CleanNewsError",
        "InputError",
        "OptionError",
        "RuleError",
        "SiteError",
    ),
    "cleannews.options": ("CleanOptions", "Limits"),
    "cleannews.report.page": ("render_page",),
    "cleannews.schema": ("json_schema",),
}
_HOME_OF = {name: module for module, names in _HOMES.items() for name in names}


def __getattr__(name: str) -> Any:
    if name not in _HOME_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    value = getattr(import_module(_HOME_OF[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})

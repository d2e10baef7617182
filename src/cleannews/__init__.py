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

    from cleannews.api import clean, clean_pages, detect, extract_metadata
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
    from cleannews.duplicates.explain import Comparison, compare
    from cleannews.duplicates.find import find_duplicates
    from cleannews.duplicates.index import DuplicateIndex
    from cleannews.duplicates.sketch import IndexMatch
    from cleannews.duplicates.values import (
        DuplicateCluster,
        DuplicateLink,
        DuplicateOptions,
        Duplicates,
    )
    from cleannews.errors import (
        CleanNewsError,
        IndexFileError,
        InputError,
        OptionError,
        RuleError,
        SiteError,
    )
    from cleannews.options import CleanOptions, Limits
    from cleannews.report.page import render_page
    from cleannews.schema import json_schema

__all__ = [
    "CleanNewsError",
    "CleanOptions",
    "CleanResult",
    "Comparison",
    "Document",
    "DuplicateCluster",
    "DuplicateIndex",
    "DuplicateLink",
    "DuplicateOptions",
    "Duplicates",
    "Finding",
    "IndexFileError",
    "IndexMatch",
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
    "compare",
    "delete_spans",
    "detect",
    "explain",
    "extract_metadata",
    "find_duplicates",
    "json_schema",
    "learn_site",
    "load_rulebook",
    "render_page",
]

# Names are loaded at first use: importing the package must cost next to nothing.
_HOMES = {
    "cleannews.api": ("clean", "clean_pages", "detect", "extract_metadata"),
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
    "cleannews.duplicates.explain": ("Comparison", "compare"),
    "cleannews.duplicates.find": ("find_duplicates",),
    "cleannews.duplicates.index": ("DuplicateIndex",),
    "cleannews.duplicates.sketch": ("IndexMatch",),
    "cleannews.duplicates.values": (
        "DuplicateCluster",
        "DuplicateLink",
        "DuplicateOptions",
        "Duplicates",
    ),
    "cleannews.errors": (
        "CleanNewsError",
        "IndexFileError",
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

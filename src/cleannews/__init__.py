"""cleannews: clean scraped and spun news, find duplicates, recover metadata, and say why.

>>> import cleannews
>>> cleannews.clean("Leave a Comment").text
''
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cleannews._version import __version__
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
from cleannews.errors import CleanNewsError, InputError, OptionError, RuleError
from cleannews.options import CleanOptions

if TYPE_CHECKING:
    from cleannews.api import clean, detect
    from cleannews.boilerplate.explain import explain
    from cleannews.boilerplate.rulebook import Rulebook, load_rulebook
    from cleannews.report.page import render_page
    from cleannews.schema import json_schema

__all__ = [
    "CleanNewsError",
    "CleanOptions",
    "CleanResult",
    "Document",
    "Finding",
    "InputError",
    "Metadata",
    "OptionError",
    "Person",
    "Removal",
    "RuleError",
    "Rulebook",
    "Sourced",
    "Span",
    "Warning_",
    "__version__",
    "clean",
    "delete_spans",
    "detect",
    "explain",
    "json_schema",
    "load_rulebook",
    "render_page",
]

# Verbs are loaded at first use: importing the package must cost next to nothing.
_LAZY = {
    "clean": "cleannews.api",
    "detect": "cleannews.api",
    "explain": "cleannews.boilerplate.explain",
    "Rulebook": "cleannews.boilerplate.rulebook",
    "load_rulebook": "cleannews.boilerplate.rulebook",
    "json_schema": "cleannews.schema",
    "render_page": "cleannews.report.page",
}


def __getattr__(name: str) -> Any:
    if name not in _LAZY:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    value = getattr(import_module(_LAZY[name]), name)
    globals()[name] = value
    return value

"""Every exception that cleannews raises on purpose. All of them can be pickled."""

from __future__ import annotations

from collections.abc import Iterable


class CleanNewsError(Exception):
    """The root of cleannews' own errors."""


class OptionError(CleanNewsError, ValueError):
    """An option has an unknown name or a value it cannot have."""


class RuleError(CleanNewsError, ValueError):
    """A rule file is broken. The message names file, rule, thing and way out."""


class SiteError(CleanNewsError, ValueError):
    """A site profile is broken, of another version, or of another site."""


class IndexFileError(CleanNewsError):
    """A file of known documents is no index, of another version or options, or being written."""


class InputError(CleanNewsError):
    """An input cannot be read, or is not text."""


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """Return `` (did you mean 'x'?)`` for the nearest known name, or an empty string.

    >>> did_you_mean("patern", ["pattern", "phrases"])
    " (did you mean 'pattern'?)"
    """
    # Imported here: difflib is slow to load and only a person in trouble needs it.
    from difflib import get_close_matches

    near = get_close_matches(name, list(known), n=1, cutoff=0.6)
    return f" (did you mean {near[0]!r}?)" if near else ""

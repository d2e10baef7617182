"""Patterns of rules: macros, and the check that their time grows linearly."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib.resources import files

_MACRO = re.compile(r"<([A-Z_]{2,20})>")
_COUNT = re.compile(r"\{(\d{0,4})(?:(,)(\d{0,4}))?\}")

_CLASS = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]", re.DOTALL)
_CASELESS = re.compile("[\u2e80-\u9fff]-[\u2e80-\u9fff]|[\uac00-\ud7a3]-[\uac00-\ud7a3]")
"""A range of Han, kana or Hangul, which know no case."""

LARGEST_COUNT = 600
"""Largest upper bound of a quantifier."""
LARGEST_PRODUCT = 2000
"""Largest product of the upper bounds of quantifiers that stand inside one another."""


@cache
def macros() -> dict[str, str]:
    """Return the named parts that a pattern may hold as ``<NAME>``."""
    path = files("cleannews.boilerplate").joinpath("rules", "macros.toml")
    table: dict[str, str] = tomllib.loads(path.read_text(encoding="utf-8"))
    return table


def expand_macros(pattern: str) -> str:
    """Return `pattern` with its macros filled in.

    Raises:
        KeyError: It names a macro that does not exist.
    """

    def fill(m: re.Match[str]) -> str:
        if m[1] not in macros():
            raise KeyError(f"unknown macro <{m[1]}>; there are {', '.join(sorted(macros()))}")
        return f"(?:{macros()[m[1]]})"

    # Macros are built from macros; three levels are the deepest.
    for _ in range(4):
        pattern = _MACRO.sub(fill, pattern)
    return pattern


def without_case(pattern: str) -> str:
    r"""Return a pattern that says which of its classes of characters know no case.

    Without that the compiler looks up every character of ``[一-鿿]`` in either case, which takes a
    fifth of the time that all patterns together take.

    >>> without_case("[一-鿿]{2,4}[a-z]")
    '(?-i:[一-鿿]){2,4}[a-z]'
    >>> without_case(r"\[[\[(]") == r"\[[\[(]"
    True
    """
    return _CLASS.sub(_without_case, pattern)


def _without_case(m: re.Match[str]) -> str:
    told = m[0]
    left, ranges = _CASELESS.subn("", told)
    is_caseless = ranges and "-" not in left and left.lower() == left.upper()
    return f"(?-i:{told})" if is_caseless else told


def pattern_problem(pattern: str) -> str | None:
    """Return why a pattern may be slow, or None.

    Every quantifier must have an upper bound, and quantifiers inside one another must stay small
    together, so that the time for a block is bounded whatever it holds.

    >>> pattern_problem("by .*")
    "'*' has no upper bound; write {0,80} or the like"
    """
    depth_max = [1]  # for each open group: the largest product of bounds inside it
    in_class, i = False, 0
    closed = 1  # product inside the group that has just been closed
    while i < len(pattern):
        c = pattern[i]
        if c == "\\":
            i, closed = i + 2, 1
            continue
        if in_class:
            in_class = c != "]" or pattern[i - 1] == "["
            i += 1
            continue
        if c == "[":
            in_class, closed = True, 1
        elif c == "(":
            depth_max.append(1)
            closed = 1
            # "(?" opens a group kind, it quantifies nothing
            i += 1 if pattern[i + 1 : i + 2] == "?" else 0
        elif c == ")":
            closed = depth_max.pop() if len(depth_max) > 1 else 1
            depth_max[-1] = max(depth_max[-1], closed)
        elif c in "*+":
            return f"{c!r} has no upper bound; write {{0,80}} or the like"
        elif c == "{" and (m := _COUNT.match(pattern, i)):
            if m[2] and not m[3]:
                return f"{m[0]!r} has no upper bound; write {{{m[1] or 0},80}} or the like"
            bound = int(m[3] or m[1] or 0)
            if bound > LARGEST_COUNT:
                return f"{m[0]!r} is above {LARGEST_COUNT}"
            product = max(bound, 1) * closed
            if product > LARGEST_PRODUCT:
                return f"{m[0]!r} repeats a group that repeats; together {product} times"
            depth_max[-1] = max(depth_max[-1], product)
            i += len(m[0])
            closed = 1
            continue
        else:
            closed = 1
        i += 1
    return None

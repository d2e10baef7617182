"""Options, and how they are read from TOML."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Literal, Self, get_args

from cleannews.errors import InputError, OptionError, did_you_mean

Choice = Literal["keep", "remove"]
Strictness = Literal["keep_more", "balanced", "strict"]

MINIMUM_CONFIDENCE: dict[str, float] = {"keep_more": 0.95, "balanced": 0.80, "strict": 0.50}
"""Least confidence, 0..1, at which a rule's finding is removed, for each strictness."""
MINIMUM_SCORED: dict[str, dict[str, float]] = {
    "keep_more": {"outside": 0.80, "inside": 0.90},
    "balanced": {"outside": 0.66, "inside": 0.60},
    "strict": {"outside": 0.45, "inside": 0.50},
}
"""The same for the learned scorer's findings, points on its measured curve of harm and residue.

A line between paragraphs of the story is more often a part of it than one above or below. Measured
by ``benchmarks/cross_validated.py``: with `balanced` one text in twelve is damaged.
"""


MINIMUM_BLOCK: dict[str, float] = {"keep_more": 0.75, "balanced": 0.50, "strict": 0.35}
"""The same for what the scorer of HTML blocks doubts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CleanOptions:
    """How to clean.

    Attributes:
        select: Prefixes of the rule ids and categories in force; empty means all. Naming an
            `unsafe` rule here turns it on.
        ignore: Prefixes of rule ids and categories to leave out; wins over `select`.
        headline: Keep the title line in the text, or remove it after lifting it into metadata.
        byline: The same for bylines, editor and agency sign-off lines.
        dates: The same for date lines.
        captions: The same for captions and photo credits.
        standfirst: The same for the paragraph between title and story, where an HTML page sets it
            apart. One that reads on into the story is kept either way.
        comments: The same for readers' comments and what belongs to them.
        subheads: Keep headings inside the story of an HTML page, or remove them.
        tables: The same for tables.
        strictness: ``keep_more`` removes only what is nearly certain, ``strict`` also uses the
            unsafe rules.
        rules: Paths of the caller's own rule files.

    Raises:
        OptionError: A value is not one of those listed.

    >>> CleanOptions(captions="keep").captions
    'keep'
    """

    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    headline: Choice = "remove"
    byline: Choice = "remove"
    dates: Choice = "remove"
    captions: Choice = "remove"
    standfirst: Choice = "remove"
    comments: Choice = "remove"
    subheads: Choice = "keep"
    tables: Choice = "keep"
    strictness: Strictness = "balanced"
    rules: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for name in ("select", "ignore", "rules"):
            value = getattr(self, name)
            if isinstance(value, str) or not isinstance(value, Iterable):
                raise OptionError(f"option {name!r} takes a list of strings, not {value!r}")
            items = tuple(str(v) if isinstance(v, Path) else v for v in value)
            if bad := [v for v in items if not isinstance(v, str) or not v]:
                raise OptionError(f"option {name!r} takes a list of strings, not {bad[0]!r} in it")
            object.__setattr__(self, name, items)
        for name, kind in CHOICES.items():
            value = getattr(self, name)
            if value not in kind:
                hint = did_you_mean(str(value), kind)
                raise OptionError(
                    f"option {name!r} is {value!r}; it takes one of {', '.join(kind)}{hint}"
                )

    @classmethod
    def from_mapping(cls, values: Mapping[str, Any], *, where: str = "options") -> Self:
        """Build from a mapping, for example a TOML table.

        Args:
            values: Option names and values.
            where: Named in errors.

        Raises:
            OptionError: A name is unknown, or a value is not one it takes.
        """
        known = [f.name for f in fields(cls)]
        for name in values:
            if name not in known:
                raise OptionError(f"{where}: unknown option {name!r}{did_you_mean(name, known)}")
        try:
            return cls(**values)
        except OptionError as error:
            raise OptionError(f"{where}: {error}") from None


CHOICES: dict[str, tuple[str, ...]] = {
    "headline": get_args(Choice),
    "byline": get_args(Choice),
    "dates": get_args(Choice),
    "captions": get_args(Choice),
    "standfirst": get_args(Choice),
    "comments": get_args(Choice),
    "subheads": get_args(Choice),
    "tables": get_args(Choice),
    "strictness": get_args(Strictness),
}


def read_options(path: str | Path) -> dict[str, Any]:
    """Return the option table of a TOML file.

    Args:
        path: ``cleannews.toml`` (the options are its top level) or a ``pyproject.toml`` (they are
            its table ``[tool.cleannews]``). Paths in `rules` are relative to the file.

    Raises:
        InputError: The file cannot be read.
        OptionError: The file is not TOML, or names an unknown option.
    """
    path = Path(path)
    try:
        table: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise InputError(f"{path}: {error.strerror or error}") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise OptionError(f"{path}: not valid TOML: {error}") from None
    if path.name == "pyproject.toml":
        table = table.get("tool", {}).get("cleannews", {})
    checked = CleanOptions.from_mapping(table, where=str(path))
    if checked.rules:
        table["rules"] = tuple(str(path.parent / rule) for rule in checked.rules)
    return table


def find_options(folder: str | Path) -> Path | None:
    """Return the options file in force for `folder`: in it, or in the nearest folder above.

    ``cleannews.toml`` wins over a ``pyproject.toml``, which counts only when it has a table
    ``[tool.cleannews]``.
    """
    folder = Path(folder).resolve()
    for place in (folder, *folder.parents):
        if (own := place / "cleannews.toml").is_file():
            return own
        project = place / "pyproject.toml"
        if project.is_file():
            try:
                table = tomllib.loads(project.read_text(encoding="utf-8"))
            except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError):
                continue  # another tool's file; that tool will say what is wrong with it
            if "cleannews" in table.get("tool", {}):
                return project
    return None

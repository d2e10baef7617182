"""Options, and how they are read from TOML."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, Literal, Self, get_args

from cleannews.errors import InputError, OptionError, did_you_mean

Choice = Literal["keep", "remove"]
Strictness = Literal["keep_more", "balanced", "strict"]
SourceKind = Literal["auto", "html", "text"]

MINIMUM_CONFIDENCE: dict[str, float] = {"keep_more": 0.95, "balanced": 0.80, "strict": 0.50}
"""Least confidence, 0..1, at which a rule's finding is removed, for each strictness."""
MINIMUM_SCORED: dict[str, dict[str, float]] = {
    "keep_more": {"outside": 0.75, "inside": 0.70},
    "balanced": {"outside": 0.60, "inside": 0.50},
    "strict": {"outside": 0.45, "inside": 0.40},
}
"""The same for the learned scorer's findings, points on its measured curve of harm and residue.

Confidences are shares of boilerplate, told apart by place: above and below the story seven lines
in ten are boilerplate even where the scorer is of two minds, between its paragraphs one in two.
Measured by ``benchmarks/cross_validated.py``: with `balanced` one text in eleven is damaged.
"""


MINIMUM_BLOCK: dict[str, float] = {"keep_more": 0.75, "balanced": 0.50, "strict": 0.35}
"""The same for what the scorer of HTML blocks doubts."""


PARSER_DEPTH = 2_000
"""Elements within elements that libxml2 takes, a little less than its own 2,048."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How much of a page is read. What lies beyond a limit is named in a warning.

    The defaults lie far above any page that a person would read: of 1,826 pages of the evaluation's
    development part the largest has 1.8 million characters, 19,437 tags, a depth of 56 and
    2,738 blocks.

    Attributes:
        characters: Most characters of a page's source; the rest is cut off.
        tags: Most tags of a page's source; the rest is cut off. A tag takes 130 bytes of memory and
            more, 500 with three attributes.
        depth: Most elements within one another, at most 2,000, which is what the parser takes.
            What is nested deeper keeps its text and loses its tags.
        blocks: Most lines of a page's text; what follows is not read. A line takes a tenth of a
            millisecond and 4 kB of memory.
        seconds: Most time for a page, looked at between steps; None is no limit. With one, the
            result hangs on how fast the computer is.

    Raises:
        OptionError: A limit is not above zero, or `depth` is above what the parser takes.

    >>> Limits(tags=5).tags
    5
    """

    characters: int = 20_000_000
    tags: int = 500_000
    depth: int = PARSER_DEPTH
    blocks: int = 30_000
    seconds: float | None = None

    def __post_init__(self) -> None:
        for name in ("characters", "tags", "depth", "blocks"):
            value = getattr(self, name)
            if not isinstance(value, int) or isinstance(value, bool) or value < 1:
                raise OptionError(f"limit {name!r} takes a whole number above 0, not {value!r}")
        if self.depth > PARSER_DEPTH:
            raise OptionError(f"limit 'depth' is at most {PARSER_DEPTH}, not {self.depth}")
        seconds = self.seconds
        if seconds is not None and not (isinstance(seconds, int | float) and seconds > 0):
            raise OptionError(f"limit 'seconds' takes a number above 0 or None, not {seconds!r}")


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
        source: What the input is, ``html`` or ``text``; with ``auto`` the input itself tells.
        limits: How much of an HTML page is read.
        fast: Judge boxes and paragraphs of HTML pages at a glance, before they are read, and read
            metadata from the text only: more than twice as fast, less exact. Flat texts are read
            as ever.
        metadata: Read metadata as well; without, ``result.metadata`` is empty and a page costs two
            fifths less time. The text is the same.

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
    source: SourceKind = "auto"
    limits: Limits = field(default_factory=Limits)
    fast: bool = False
    metadata: bool = True

    def __post_init__(self) -> None:
        for name in ("select", "ignore", "rules"):
            value = getattr(self, name)
            if isinstance(value, str) or not isinstance(value, Iterable):
                raise OptionError(f"option {name!r} takes a list of strings, not {value!r}")
            items = tuple(str(v) if isinstance(v, Path) else v for v in value)
            if bad := [v for v in items if not isinstance(v, str) or not v]:
                raise OptionError(f"option {name!r} takes a list of strings, not {bad[0]!r} in it")
            object.__setattr__(self, name, items)
        for name in ("fast", "metadata"):
            if not isinstance(getattr(self, name), bool):
                value = getattr(self, name)
                raise OptionError(f"option {name!r} takes true or false, not {value!r}")
        if isinstance(self.limits, Mapping):
            object.__setattr__(self, "limits", _limits(self.limits))
        elif not isinstance(self.limits, Limits):
            raise OptionError(f"option 'limits' takes Limits, not {self.limits!r}")
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
    "source": get_args(SourceKind),
}


def _limits(table: Mapping[str, Any]) -> Limits:
    """Return limits from a table of an options file."""
    known = [f.name for f in fields(Limits)]
    for name in table:
        if name not in known:
            raise OptionError(f"unknown limit {name!r}{did_you_mean(name, known)}")
    return Limits(**table)


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

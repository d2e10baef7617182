"""What a run is told to do, and how that is read from a job file."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any

from cleannews.columns import Fields
from cleannews.duplicates.values import DuplicateOptions
from cleannews.errors import InputError, OptionError, did_you_mean
from cleannews.options import CleanOptions

SECONDS, MEMORY_MB = 10.0, 1024
"""Limits of one record: CPU time, and memory beyond what a worker needs anyhow."""
BYTES_A_COMPARED, BYTES_A_FURTHER, FURTHER = 9_000, 4_000, 100_000
"""Memory that the search for duplicates takes for a document of 440 words, up to 100,000 and for
each one beyond: words then lie on disk. ``benchmarks/duplicates_scale.py`` measures it."""


def bytes_compared(documents: int) -> int:
    """Return the memory that a search for duplicates among so many documents takes."""
    near = min(documents, FURTHER)
    return near * BYTES_A_COMPARED + (documents - near) * BYTES_A_FURTHER


def usable_cpus() -> int:
    """Return how many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """Everything that a run depends on.

    Attributes:
        paths: Files, folders and patterns to read.
        output: A file, or a folder when it ends with ``/``, has no suffix, or is one; ``-`` writes
            JSON Lines to standard output.
        fields: Names of the columns to read.
        kind: Kind of all inputs, where their suffixes do not say it.
        format: Kind of the output, where its suffix does not say it.
        spreadsheet_safe: Write CSV cells so that a spreadsheet takes none for a formula.
        options: How to clean.
        site: Path of a file of site profiles.
        learn_sites: Learn a profile of every host in a first pass over the input.
        dedup: How to look for duplicates afterwards; None does not.
        report: Path of a corpus report to write at the end.
        workers: Worker processes.
        max_error_rate: Share of records, 0..1, that may fail before the run stops.
        timeout: Most CPU seconds for a record.
        memory_mb: Most megabytes that a record may take beyond what a worker needs anyhow.
        resume: Go on with an unfinished run.

    Raises:
        OptionError: A value is not one it can have.

    >>> Job(paths=("news.jsonl",), output="clean.parquet", workers=2).timeout
    10.0
    """

    paths: tuple[str, ...]
    output: str
    fields: Fields = field(default_factory=Fields)
    kind: str | None = None
    format: str | None = None
    spreadsheet_safe: bool = True
    options: CleanOptions = field(default_factory=CleanOptions)
    site: str | None = None
    learn_sites: bool = False
    dedup: DuplicateOptions | None = None
    report: str | None = None
    workers: int = field(default_factory=usable_cpus)
    max_error_rate: float = 1.0
    timeout: float = SECONDS
    memory_mb: int = MEMORY_MB
    resume: bool = False

    def __post_init__(self) -> None:
        checks = (
            ("workers", self.workers, 1, 1024),
            ("max_error_rate", self.max_error_rate, 0, 1),
            ("timeout", self.timeout, 0.01, 86_400),
            ("memory", self.memory_mb, 16, 1 << 20),
        )
        for name, value, least, most in checks:
            good = isinstance(value, int | float) and not isinstance(value, bool)
            if not good or not least <= value <= most:
                raise OptionError(
                    f"{name!r} is {value!r}; it takes a number from {least} to {most}"
                )


def _text(value: object) -> bool:
    return isinstance(value, str) and bool(value)


def _texts(value: object) -> bool:
    return isinstance(value, list) and all(map(_text, value))


def _number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


KEYS: dict[str, dict[str, tuple[str, Any]]] = {
    "input": {
        "paths": ("a list of paths", _texts),
        "fields": ("a table", lambda v: isinstance(v, dict)),
        "kind": ("a text", _text),
    },
    "output": {
        "path": ("a path", _text),
        "format": ("a text", _text),
        "spreadsheet_safe": ("true or false", lambda v: isinstance(v, bool)),
        "report": ("a path", _text),
    },
    "run": {
        "workers": ("a whole number", lambda v: isinstance(v, int) and not isinstance(v, bool)),
        "max_error_rate": ("a number", _number),
        "timeout": ("a number", _number),
        "memory": ("a whole number", lambda v: isinstance(v, int) and not isinstance(v, bool)),
        "resume": ("true or false", lambda v: isinstance(v, bool)),
        "learn_sites": ("true or false", lambda v: isinstance(v, bool)),
    },
}
"""Keys of a job file's tables, what they take, and the test of it. `clean` takes the options of
`CleanOptions` and `site`; `dedup` those of `DuplicateOptions`, or true."""
TABLES = ("input", "clean", "run", "dedup", "output")


def read_job(path: str | Path) -> dict[str, Any]:
    """Return the values of a job file as arguments of `Job`; paths are relative to the file.

    Args:
        path: A TOML file.

    Raises:
        InputError: It cannot be read.
        OptionError: It is not TOML, has a key that is none, or a value that a key does not take.
    """
    path = Path(path)
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise InputError(f"{path}: {error.strerror or error}") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise OptionError(f"{path}: not valid TOML: {error}") from None
    _check(table, TABLES, str(path), "table")
    for name, keys in KEYS.items():
        values = _table(table, name, str(path))
        _check(values, keys, f"{path}: {name}", "key")
        for key, value in values.items():
            takes, is_good = keys[key]
            if not is_good(value):
                raise OptionError(f"{path}: '{name}.{key}' is {value!r}; it takes {takes}")
    return _arguments(table, path)


def _table(table: Mapping[str, Any], name: str, where: str) -> dict[str, Any]:
    value = table.get(name, {})
    if not isinstance(value, dict):
        raise OptionError(f"{where}: {name!r} takes a table, not {value!r}")
    return value


def _check(table: Mapping[str, Any], known: Any, where: str, what: str) -> None:
    for name in table:
        if name not in known:
            raise OptionError(f"{where}: unknown {what} {name!r}{did_you_mean(name, known)}")


def _arguments(table: Mapping[str, Any], path: Path) -> dict[str, Any]:
    where, beside = str(path), path.parent
    found: dict[str, Any] = {}
    given, written, run = (table.get(name, {}) for name in ("input", "output", "run"))
    if "paths" in given:
        found["paths"] = tuple(str(beside / name) for name in given["paths"])
    if "fields" in given:
        found["fields"] = fields_of(given["fields"], where=f"{where}: input.fields")
    if "kind" in given:
        found["kind"] = given["kind"]
    if "path" in written:
        name = written["path"]
        # Path() drops the slash that says: a folder.
        slash = "/" if name.endswith("/") else ""
        found["output"] = name if name == "-" else f"{beside / name}{slash}"
    if "report" in written:
        found["report"] = str(beside / written["report"])
    found |= {key: written[key] for key in ("format", "spreadsheet_safe") if key in written}
    found |= {"memory_mb" if key == "memory" else key: value for key, value in run.items()}
    found |= _cleaning(_table(table, "clean", where), where, beside)
    if (dedup := table.get("dedup")) is not None and dedup is not False:
        found["dedup"] = duplicates_of({} if dedup is True else dedup, where=f"{where}: dedup")
    return found


def _cleaning(values: dict[str, Any], where: str, beside: Path) -> dict[str, Any]:
    values = dict(values)
    found: dict[str, Any] = {}
    if (site := values.pop("site", None)) is not None:
        if not _text(site):
            raise OptionError(f"{where}: 'clean.site' is {site!r}; it takes a path")
        found["site"] = str(beside / site)
    known = [f.name for f in fields(CleanOptions)]
    _check(values, [*known, "site"], f"{where}: clean", "key")
    options = CleanOptions.from_mapping(values, where=f"{where}: clean")
    if options.rules:
        values["rules"] = tuple(str(beside / rule) for rule in options.rules)
    found["options"] = values
    return found


def fields_of(table: object, *, where: str) -> Fields:
    """Return `Fields` from a table of names.

    Raises:
        OptionError: It is none, or names a field that is none.
    """
    known = [f.name for f in fields(Fields)]
    if not isinstance(table, Mapping):
        raise OptionError(f"{where}: takes a table, not {table!r}")
    _check(table, known, where, "key")
    for name, value in table.items():
        if not _text(value):
            raise OptionError(f"{where}: {name!r} is {value!r}; it takes the name of a column")
    return replace(Fields(), **table)


def duplicates_of(table: object, *, where: str) -> DuplicateOptions:
    """Return `DuplicateOptions` from a table.

    Raises:
        OptionError: It is none, or has a key or value that these do not have.
    """
    if not isinstance(table, Mapping):
        raise OptionError(f"{where}: takes a table or true, not {table!r}")
    known = [f.name for f in fields(DuplicateOptions) if f.name != "clean"]
    _check(table, known, where, "key")
    for name, value in table.items():
        is_good = isinstance(value, bool) if name == "related" else _number(value)
        if not is_good:
            raise OptionError(f"{where}: {name!r} is {value!r}; it cannot be that")
    try:
        return DuplicateOptions(**table)
    except OptionError as error:
        raise OptionError(f"{where}: {error}") from None

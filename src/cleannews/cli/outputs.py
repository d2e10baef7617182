"""Where output goes: names worked out and checked before any work starts, files written whole."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import click

from cleannews.cli.inputs import Inputs, Source
from cleannews.writing import replacing

COLLECTION = ".jsonl"
"""Ending of a file that collects the JSON of several inputs, one object a line."""


def plan(inputs: Inputs, output: str, *, as_json: bool) -> list[Path]:
    """Return the output path of each input: one file for all of them, or one in a folder for each.

    Raises:
        click.UsageError: Two inputs would be written to one path, or one over an input, or a
            folder is needed and `output` is a file.
    """
    target = Path(output)
    collects = as_json and target.suffix.lower() == COLLECTION and not target.is_dir()
    is_folder = target.is_dir() or output.endswith(("/", os.sep)) or inputs.is_many
    if collects or not is_folder:
        paths = [target] * len(inputs.sources)
    else:
        if target.exists() and not target.is_dir():
            raise click.UsageError(f"{target} is a file; several inputs need a folder")
        paths = [target / _name(source, as_json=as_json) for source in inputs.sources]
        _check_distinct(inputs.sources, paths)
    for path in dict.fromkeys(paths):
        check_not_input(path, inputs.sources)
    return paths


def _name(source: Source, *, as_json: bool) -> str:
    if source.path is None:
        raise click.UsageError("standard input has no name to use in a folder; give -o a file")
    return source.path.name + (".json" if as_json else "")


def _check_distinct(sources: Sequence[Source], paths: Sequence[Path]) -> None:
    seen: dict[str, Source] = {}
    for source, path in zip(sources, paths, strict=True):
        key = os.path.normcase(path)
        if key in seen:
            raise click.UsageError(
                f"{seen[key].name} and {source.name} would both be written to {path}"
            )
        seen[key] = source


def check_not_input(path: Path, sources: Sequence[Source]) -> None:
    """Refuse to write over a file that is read.

    Raises:
        click.UsageError: `path` is one of the sources.
    """
    for source in sources:
        if source.path is None or not path.is_file() or not source.path.exists():
            continue
        if path.samefile(source.path):
            raise click.UsageError(f"{path} is an input; it would be overwritten")


def save(path: Path, text: str, *, folder: bool = False) -> None:
    """Write a text as UTF-8, whole or not at all; lone surrogates come out as escapes.

    Raises:
        OSError: It cannot be written.
    """
    with replacing(path, folder=folder) as stream:
        stream.write(text.encode("utf-8", "backslashreplace"))


def check_own(path: Path) -> None:
    """Refuse to write over a file that is not a page of ours.

    Raises:
        click.UsageError: `path` is such a file.
    """
    from cleannews.report.parts import GENERATOR

    if path.is_file():
        with path.open("rb") as stream:
            start = stream.read(2000)
        if start.strip() and f'name="generator" content="{GENERATOR} '.encode() not in start:
            raise click.UsageError(
                f"{path} is there and is no page of cleannews; name another file with -o"
            )

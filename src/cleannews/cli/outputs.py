"""Where output goes: names worked out and checked before any work starts, files written whole."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

import click

from cleannews.cli.inputs import Inputs, Source

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


@contextmanager
def replacing(path: Path, *, folder: bool = False) -> Iterator[BinaryIO]:
    """Open a file to write that appears under its name whole, or not at all.

    Args:
        path: The file. A link is written through; a device or a pipe is written directly.
        folder: Make the folder if it is not there.

    Raises:
        OSError: It cannot be written; the error names `path`.
    """
    try:
        if folder:
            path.parent.mkdir(parents=True, exist_ok=True)
        if path.exists() and not path.is_file():
            # Replacing /dev/null by a file would be a disaster; a folder fails here, with its name.
            with path.open("wb") as stream:
                yield stream
            return
        real = Path(os.path.realpath(path))
        draft = real.with_name(f".{real.name[:80]}.{secrets.token_hex(4)}.tmp")
        try:
            with draft.open("xb") as stream:
                yield stream
            if real.exists():
                draft.chmod(real.stat().st_mode & 0o7777)
            draft.replace(real)
        except BaseException:
            draft.unlink(missing_ok=True)
            raise
    except OSError as error:
        raise OSError(error.errno, error.strerror or str(error), str(path)) from None


def save(path: Path, text: str, *, folder: bool = False) -> None:
    """Write a text as UTF-8, whole or not at all; lone surrogates come out as escapes.

    Raises:
        OSError: It cannot be written.
    """
    with replacing(path, folder=folder) as stream:
        stream.write(text.encode("utf-8", "backslashreplace"))

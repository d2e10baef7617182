"""Which inputs the arguments mean, and reading them without replacing a single byte in silence."""

from __future__ import annotations

import errno
import glob
import os
import stat
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import click

from cleannews.cli.console import Exit, Outcome, tell
from cleannews.document import Document
from cleannews.errors import InputError
from cleannews.reading.charset import decode

STDIN = "standard input"

_KINDS = (
    (stat.S_ISFIFO, "a pipe"),
    (stat.S_ISSOCK, "a socket"),
    (stat.S_ISCHR, "a device"),
    (stat.S_ISBLK, "a device"),
)


@dataclass(frozen=True, slots=True)
class Source:
    """One input: its name for messages, and its path unless it is standard input."""

    name: str
    path: Path | None


@dataclass(frozen=True, slots=True)
class Inputs:
    """All inputs in order. `is_many`: the arguments could have meant several files."""

    sources: tuple[Source, ...]
    is_many: bool


def expand(arguments: Sequence[str], outcome: Outcome) -> Inputs:
    """Return the inputs that arguments mean: files, folders, patterns, ``-`` for standard input.

    A folder means its regular files, hidden ones left out, sorted, and no folder below it. What
    cannot be an input is told and counted in `outcome`.

    Raises:
        click.UsageError: Standard input is named twice.
    """
    arguments = arguments or ("-",)
    if list(arguments).count("-") > 1:
        raise click.UsageError("standard input ('-') can be read only once")
    sources: list[Source] = []
    is_many = len(arguments) > 1
    for argument in arguments:
        if argument == "-":
            sources.append(Source(STDIN, None))
        elif Path(argument).is_dir():
            is_many = True
            sources += _folder(Path(argument), outcome)
        elif not Path(argument).exists() and glob.has_magic(argument):
            is_many = True
            matches = sorted(glob.glob(argument))  # noqa: PTH207 (Path.glob takes no absolute one)
            if not matches:
                outcome.fail(argument, "no file matches this pattern", Exit.IO)
            sources += [Source(m, Path(m)) for m in matches if not Path(m).is_dir()]
        else:
            sources.append(Source(argument, Path(argument)))
    return Inputs(tuple(sources), is_many)


def _folder(folder: Path, outcome: Outcome) -> Iterator[Source]:
    try:
        entries = sorted(e for e in folder.iterdir() if not e.name.startswith("."))
    except OSError as error:
        outcome.fail_io(folder, error)
        return
    found = False
    for entry in entries:
        if entry.is_file():
            found = True
            yield Source(str(entry), entry)
        elif not entry.is_dir():
            tell(f"{entry}: skipped: {_kind(entry) or 'a link to nothing'}, not a regular file")
    if not found:
        outcome.fail(str(folder), "there is no file in this folder", Exit.UNUSABLE)


def _kind(path: Path) -> str | None:
    """Return what a path is when reading it could block or never end, else None."""
    try:
        mode = path.stat().st_mode
    except OSError:
        return None
    return next((name for test, name in _KINDS if test(mode)), None)


def documents(
    inputs: Inputs,
    outcome: Outcome,
    *,
    url: str | None,
    name: str | None,
    quiet: bool,
) -> Iterator[tuple[Source, Document]]:
    """Yield every input that can be read, in order; failures are told and counted.

    Args:
        inputs: What `expand` returned.
        outcome: Where failures are counted.
        url: Address of the only input.
        name: Id of the only input; a file's own id is its path.
        quiet: Leave warnings out.

    Raises:
        click.UsageError: An address or an id was given for several inputs.
    """
    if len(inputs.sources) > 1 and (url or name):
        raise click.UsageError("--url and --id are about one text; leave them out for several")
    for source in inputs.sources:
        try:
            text = _text(source, quiet=quiet)
        except OSError as error:
            outcome.fail_io(source.name, error)
        except InputError as error:
            outcome.fail(source.name, str(error), Exit.UNUSABLE)
        else:
            known = name or (source.name if source.path else None)
            yield source, Document(text, id=known, url=url)


def _text(source: Source, *, quiet: bool) -> str:
    """Return the text of an input: flat text as it is, HTML in the encoding that it says it has.

    Raises:
        InputError: The bytes are no text, or flat text that is not UTF-8.
    """
    data = _bytes(source)
    try:
        return decode(data)
    except InputError:
        # The page says what it is in, where a flat text cannot.
        from cleannews.reading.encoding import decode_html
        from cleannews.reading.sniff import looks_like_html

        decoded = decode_html(data)
        if not looks_like_html(decoded.text):
            raise
        if decoded.bad:
            detail = f"{decoded.bad} places are not {decoded.encoding}; shown as U+FFFD"
            tell(f"{source.name}: warning: undecodable: {detail}", quiet=quiet)
        return decoded.text


def _bytes(source: Source) -> bytes:
    if source.path is None:
        if sys.stdin is None:
            raise OSError(errno.EBADF, os.strerror(errno.EBADF))
        if sys.stdin.isatty():
            end = "Ctrl-Z and Enter" if sys.platform == "win32" else "Ctrl-D"
            tell(f"Reading from standard input; end with {end}. --help tells what else there is.")
        return sys.stdin.buffer.read()
    if kind := _kind(source.path):
        raise InputError(f"skipped: {kind}, not a regular file; pipe it to 'cleannews … -' instead")
    return source.path.read_bytes()

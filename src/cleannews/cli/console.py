"""What every command says and how it says it: data to stdout, talk to stderr, exit codes."""

from __future__ import annotations

import errno
import os
import shutil
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from enum import IntEnum
from pathlib import Path
from typing import Any, TextIO

import click

from cleannews.errors import CleanNewsError


class Exit(IntEnum):
    """Exit codes. A closed pipe is no failure: whoever closed it had what they wanted."""

    DONE = 0
    PARTLY = 1
    USAGE = 2
    UNUSABLE = 3
    IO = 74
    LOCKED = 75
    INTERRUPTED = 130


class _ClosedPipeError(Exception):
    """Whoever read our output has gone."""


class Group(click.Group):
    """The command group that turns every foreseen failure into one line and an exit code."""

    def main(self, *args: Any, **extra: Any) -> Any:
        """Run the command line; see `click.Group.main`."""
        if not extra.pop("standalone_mode", True):
            return self._run(*args, **extra)
        _speak_utf8()
        sys.exit(self._code(*args, **extra))

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command; see `click.Group.invoke`."""
        try:
            return super().invoke(ctx)
        except OSError as error:
            # click would end with 1 when a pipe is closed, before anybody here hears of it.
            if _is_closed_pipe(error):
                raise _ClosedPipeError from error
            raise

    def _run(self, *args: Any, **extra: Any) -> Any:
        run: Callable[..., Any] = super().main
        return run(*args, standalone_mode=False, **extra)

    def _code(self, *args: Any, **extra: Any) -> int:
        try:
            code = self._run(*args, **extra)
            flush()
            return int(code) if isinstance(code, int) else Exit.DONE
        except click.Abort:
            tell("Interrupted.")
            return Exit.INTERRUPTED
        except click.ClickException as error:
            error.show()
            return error.exit_code
        except CleanNewsError as error:
            tell(f"Error: {error}")
            return Exit.USAGE
        except UnicodeEncodeError as error:
            character = ascii(error.object[error.start])
            tell(f"Error: the output's encoding {error.encoding} has no {character}")
            return Exit.IO
        except (OSError, _ClosedPipeError) as error:
            if isinstance(error, _ClosedPipeError) or _is_closed_pipe(error):
                _forget_streams()
                return Exit.DONE
            tell(f"Error: {error.filename or 'standard output'}: {error.strerror or error}")
            _forget_streams()
            return Exit.IO


def _is_closed_pipe(error: OSError) -> bool:
    # Windows reports a closed pipe as EINVAL on a stream without a name.
    closed = {errno.EPIPE, errno.EINVAL} if sys.platform == "win32" else {errno.EPIPE}
    return error.errno in closed and error.filename is None


def _speak_utf8() -> None:
    """Write UTF-8 on any console, with line ends as they are, unless the user said otherwise.

    Lone surrogates, which a file name can hold, come out as the escape that JSON reads back.
    """
    if "PYTHONIOENCODING" in os.environ:
        return
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace", newline="\n")


def _forget_streams() -> None:
    """Point stdout at nothing, so that the interpreter's last flush cannot fail again."""
    with suppress(OSError, ValueError, AttributeError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def flush() -> None:
    """Push out what was written; a full disk or a closed pipe shows here at the latest."""
    for stream in (sys.stdout, sys.stderr):
        if stream is not None:
            stream.flush()


def write(text: str) -> None:
    """Write data to stdout, unchanged but for the newline at its end.

    Not `click.echo`: that drops escape sequences, which may be part of the data.
    """
    if not text:
        return
    if sys.stdout is None:
        raise OSError(errno.EBADF, os.strerror(errno.EBADF), "standard output")
    sys.stdout.write(ended(text))


def ended(text: str) -> str:
    """Return `text` with a newline at its end; nothing stays nothing."""
    return text if not text or text.endswith("\n") else text + "\n"


def tell(message: str, *, quiet: bool = False) -> None:
    """Say one line on stderr. Control characters of file names and texts come out as escapes."""
    from cleannews.boilerplate.explain import printable

    if not quiet and sys.stderr is not None:
        sys.stderr.write(printable(message) + "\n")


def show(view: str, *, stream: TextIO) -> None:
    """Write a view that is ready for a terminal, colours and all."""
    click.echo(view, file=stream, color=True)


def wants_color(stream: TextIO, when: str = "auto") -> bool:
    """Tell whether to colour: as asked, else on a terminal and not against ``NO_COLOR``."""
    if when != "auto":
        return when == "always"
    plain = os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb"
    return not plain and stream is not None and stream.isatty()


def columns(stream: TextIO) -> int:
    """Return the width to draw for: the terminal's, within reason, or 100."""
    if stream is None or not stream.isatty():
        return 100
    return min(max(shutil.get_terminal_size((100, 24)).columns, 60), 140)


@dataclass(slots=True)
class Outcome:
    """What became of the inputs, and the exit code that says so."""

    done: int = 0
    found: bool = False
    failures: set[Exit] = field(default_factory=set)

    def fail(self, name: str, reason: str, kind: Exit) -> None:
        """Say why an input failed, and remember it."""
        tell(f"{name}: error: {reason}")
        self.failures.add(kind)

    def fail_io(self, name: str | Path, error: OSError) -> None:
        """Remember that reading or writing failed; `error` says why."""
        self.fail(str(name), error.strerror or str(error), Exit.IO)

    @property
    def code(self) -> Exit:
        """One bad input among good ones is 1; when all were bad, the reason counts."""
        if self.found or (self.failures and self.done):
            return Exit.PARTLY
        return max(self.failures, default=Exit.DONE)

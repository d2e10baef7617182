"""Which files the inputs mean, and opening them without ever hanging or leaving a folder."""

from __future__ import annotations

import errno
import glob
import hashlib
import os
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from cleannews.batch.formats.records import Skipped, shown_name
from cleannews.errors import OptionError, did_you_mean

KINDS = ("text", "html", "jsonl", "csv", "parquet", "warc", "wet")

_SUFFIXES = {
    ".txt": "text", ".text": "text", ".md": "text", ".markdown": "text",
    ".html": "html", ".htm": "html", ".xhtml": "html",
    ".jsonl": "jsonl", ".ndjson": "jsonl",
    ".csv": "csv", ".tsv": "csv",
    ".parquet": "parquet", ".pq": "parquet",
    ".warc": "warc", ".wet": "wet",
}  # fmt: skip
_COMPRESSIONS = {".gz": "gzip", ".zst": "zstd"}
_HEAD = 65_536
"""Bytes at the beginning of a file that its fingerprint counts in."""

_SPECIAL = (
    (stat.S_ISFIFO, "a pipe"),
    (stat.S_ISSOCK, "a socket"),
    (stat.S_ISCHR, "a device"),
    (stat.S_ISBLK, "a device"),
    (stat.S_ISDIR, "a folder"),
)


@dataclass(frozen=True, slots=True)
class Source:
    """A file to read.

    Attributes:
        path: As it was given, or below a folder as that was given.
        kind: One of `KINDS`.
        compression: ``gzip``, ``zstd`` or None, as the name says; the first bytes decide.
        target: The file itself where `path` is a link to it.
    """

    path: Path
    kind: str
    compression: str | None = None
    target: Path | None = None

    @property
    def name(self) -> str:
        """The path as text that every output can hold."""
        return shown_name(self.path)

    def name_of(self, number: int) -> str:
        """Return the name of a record that brings no id of its own."""
        return f"{self.name}#{number}"

    def open(self) -> BinaryIO:
        """Open the file.

        Raises:
            OSError: It cannot be opened, or is no regular file.
        """
        # Without O_NONBLOCK, opening a pipe waits for somebody who writes to it.
        flags = os.O_RDONLY
        for name in ("O_NONBLOCK", "O_NOFOLLOW", "O_CLOEXEC", "O_BINARY"):
            flags |= getattr(os, name, 0)
        handle = os.open(self.target or self.path, flags)
        try:
            if kind := _special(os.fstat(handle).st_mode):
                raise OSError(errno.EINVAL, f"this is {kind}, not a regular file", self.name)
            return os.fdopen(handle, "rb")
        except BaseException:
            os.close(handle)
            raise

    def fingerprint(self) -> str:
        """Return what tells that a file is not the one that it was: size, time, first bytes.

        Raises:
            OSError: It cannot be opened.
        """
        with self.open() as file:
            facts = os.fstat(file.fileno())
            head = hashlib.sha256(file.read(_HEAD)).hexdigest()
        return f"{facts.st_size}-{facts.st_mtime_ns}-{head[:32]}"


def find_sources(
    inputs: Sequence[str | os.PathLike[str]], *, kind: str | None = None
) -> tuple[list[Source], list[Skipped]]:
    """Return the files that inputs mean, and the paths that are not read, each with its reason.

    Args:
        inputs: Files, folders, patterns (``*``, ``?``, ``[…]``). A folder means the files below it,
            at any depth, whose names end in a known suffix, or all of them where `kind` is given;
            hidden files and folders are left out, and no link leads out of it.
        kind: One of `KINDS`, for all inputs; by default the suffix of each name tells.

    Returns:
        The files in the order of the inputs, those of a folder sorted by their bytes, none twice;
        and what was skipped.

    Raises:
        OptionError: There is no such kind.
    """
    if kind is not None and kind not in KINDS:
        known = ", ".join(KINDS)
        raise OptionError(f"no kind of file {kind!r}{did_you_mean(kind, KINDS)}; known: {known}")
    finder = _Finder(kind)
    for argument in inputs:
        finder.add(os.fspath(argument))
    return finder.sources, finder.skipped


class _Finder:
    """Collects sources; `seen` has the real path of each and the name it was first met under."""

    def __init__(self, kind: str | None) -> None:
        self.kind = kind
        self.sources: list[Source] = []
        self.skipped: list[Skipped] = []
        self.seen: dict[str, str] = {}

    def add(self, argument: str) -> None:
        if os.path.lexists(argument) or not glob.has_magic(argument):
            self._named(argument)
            return
        matches = sorted(glob.glob(argument, recursive=True), key=os.fsencode)  # noqa: PTH207
        if not matches:
            self._skip(argument, "no file matches this pattern")
        for match in matches:
            self._named(match)

    def _named(self, path: str) -> None:
        """Take a path that was given: a link is followed wherever it leads."""
        try:
            real = os.path.realpath(path, strict=True)
        except (OSError, ValueError) as error:
            self._skip(path, _why(error))
            return
        if Path(real).is_dir():
            self._folder(path, real)
        else:
            self._file(path, real)

    def _folder(self, folder: str, root: str) -> None:
        for path in self._below(folder):
            try:
                real = os.path.realpath(path, strict=True) if Path(path).is_symlink() else path
            except (OSError, ValueError) as error:
                self._skip(path, _why(error))
                continue
            if real is not path and os.path.commonpath((root, real)) != root:
                self._skip(path, "a link out of the folder")
            elif real is not path and Path(real).is_dir():
                self._skip(path, "a link to a folder")
            else:
                self._file(path, os.path.realpath(real))

    def _below(self, folder: str) -> Iterator[str]:
        """Yield what is below a folder and no folder itself, in the order of the paths' bytes."""
        waiting = [folder]
        while waiting:
            place = waiting.pop()
            if place is not folder and not self._is_true_folder(place):
                yield place
                continue
            try:
                with os.scandir(place) as entries:
                    names = [entry.path for entry in entries if not entry.name.startswith(".")]
            except OSError as error:
                self._skip(place, _why(error))
                continue
            # A stack gives back last what came first.
            waiting += sorted(names, key=os.fsencode, reverse=True)

    def _is_true_folder(self, path: str) -> bool:
        try:
            return stat.S_ISDIR(os.lstat(path).st_mode)
        except OSError:
            return False

    def _file(self, path: str, real: str) -> None:
        try:
            mode = Path(real).stat().st_mode
        except OSError as error:
            self._skip(path, _why(error))
            return
        if special := _special(mode):
            self._skip(path, f"{special}, not a regular file")
        elif not os.access(real, os.R_OK):
            self._skip(path, os.strerror(errno.EACCES))
        elif (first := self.seen.setdefault(real, path)) is not path:
            self._skip(path, f"the same file as {shown_name(first)}")
        else:
            kind, compression = kind_of(Path(path).name)
            if self.kind or kind:
                link = Path(real) if Path(path).is_symlink() else None
                self.sources.append(Source(Path(path), self.kind or kind or "", compression, link))
            else:
                self._skip(path, "its name tells no kind of file that is read")

    def _skip(self, path: str, reason: str) -> None:
        self.skipped.append(Skipped(shown_name(path), reason))


def kind_of(name: str) -> tuple[str | None, str | None]:
    """Return the kind of a file and its compression, as its name tells them.

    >>> kind_of("CC-NEWS-1.warc.gz"), kind_of("a.warc.wet.gz"), kind_of("a.zip")
    (('warc', 'gzip'), ('wet', 'gzip'), (None, None))
    """
    path = Path(name.lower())
    compression = _COMPRESSIONS.get(path.suffix)
    kind = _SUFFIXES.get(Path(path.stem).suffix if compression else path.suffix)
    return (kind, compression) if kind else (None, None)


def _special(mode: int) -> str | None:
    """Return what is not a regular file, else None."""
    if stat.S_ISREG(mode):
        return None
    return next((name for test, name in _SPECIAL if test(mode)), "something special")


def _why(error: Exception) -> str:
    return (error.strerror if isinstance(error, OSError) else None) or str(error)

"""Where rows go: one file, a folder of parts, or a stream; written in parts that appear whole."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

from cleannews.batch.formats import SUFFIXES, OutputKind, join_parts, kind_of_output, open_writer
from cleannews.batch.formats.write import TextFolder
from cleannews.batch.journal import Part, WorkFolder
from cleannews.batch.rows import read_rows
from cleannews.errors import OptionError, did_you_mean

PART = "part-"
TEXT = "text"
FORMATS = {TEXT: ".txt", **{suffix[1:]: suffix for suffix in SUFFIXES}}
"""Formats of the parts of a folder, by name, and their suffixes."""
ROW_GROUP = 2_000
"""Most rows that are given to a writer at once; of Parquet, a row group."""
BESIDE = ("summary.json", "quarantine.jsonl", "links.jsonl", "clusters.jsonl")
"""What stands beside the rows at the end, each only if there is something to say; the summary
always does."""


@contextmanager
def naming(path: Path) -> Iterator[None]:
    """Put a path into the `OSError` of what is done to it."""
    try:
        yield
    except OSError as error:
        raise OSError(error.errno, error.strerror or str(error), str(path)) from None


def sync_folder(path: Path) -> None:
    """Make the names in a folder last through a power cut, where that can be done."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    except OSError:
        pass  # some file systems cannot
    finally:
        os.close(handle)


class Output:
    """An output on the disk.

    Args:
        name: Of the file or, with a slash at its end or no suffix, of the folder.
        format: Name of a format (`FORMATS`), for a folder; JSON Lines by default.
        spreadsheet_safe: See `formats.open_writer`.

    Attributes:
        path: As the user named it.
        is_folder: Parts stay files of their own in a folder, instead of becoming one file.
        suffix: Of the file or of the parts.
        work: The hidden folder that is there while the run is not finished.

    Raises:
        OptionError: There is no such format, or the name tells none.
    """

    def __init__(
        self,
        name: str,
        *,
        format: str | None = None,  # noqa: A002
        spreadsheet_safe: bool = True,
    ) -> None:
        self.path = Path(name)
        self.is_folder = name.endswith("/") or self.path.is_dir() or not self.path.suffix
        self._is_safe = spreadsheet_safe
        if format is not None and format not in FORMATS:
            known = ", ".join(FORMATS)
            raise OptionError(
                f"no format {format!r}{did_you_mean(format, FORMATS)}; known: {known}"
            )
        if self.is_folder:
            self.suffix = FORMATS[format or "jsonl"]
        else:
            told = kind_of_output(name)
            self.suffix = next(
                s for s, kind in SUFFIXES.items() if kind == told and name.lower().endswith(s)
            )
            if format is not None and FORMATS[format] != self.suffix:
                raise OptionError(f"{name}: is not {format}; the format counts for folders")
        self.kind = SUFFIXES.get(self.suffix, OutputKind(TEXT))
        self.work = WorkFolder(
            self.path / ".cleannews.run"
            if self.is_folder
            else self.path.with_name(f".{self.path.name}.run")
        )

    # --- names ---

    @property
    def stem(self) -> str:
        """The name that `x.summary.json` and the others begin with; empty in a folder."""
        return "" if self.is_folder else self.path.name[: -len(self.suffix)] + "."

    def beside(self, name: str) -> Path:
        """Return the final path of one of `BESIDE`."""
        return self.path / name if self.is_folder else self.path.with_name(self.stem + name)

    def names(self, parts: int) -> list[str]:
        """Return the names of the files that hold the rows at the end; of texts, none."""
        if not self.is_folder:
            return [self.path.name]
        return [] if self.kind.kind == TEXT else [self._part(n).name for n in range(parts)]

    def all_names(self, parts: int) -> list[str]:
        """Return the names of all files that the run leaves, but for the summary."""
        beside = [name for name in BESIDE[1:] if (self.work.path / name).exists()]
        return [*self.names(parts), *(self.beside(name).name for name in beside)]

    def _part(self, number: int) -> Path:
        folder = self.path if self.is_folder else self.work.path
        return folder / f"{PART}{number:05d}{self.suffix}"

    @property
    def _draft(self) -> Path:
        return self.work.path / f"draft{self.suffix}"

    @property
    def _appends(self) -> bool:
        return self.kind.kind != "parquet" and not self.is_folder

    def exists(self) -> bool:
        """Tell whether there is something that a run would write over."""
        if self.is_folder:
            return self.beside(BESIDE[0]).exists() or any(self._own_parts())
        return self.path.exists()

    def _own_parts(self) -> Iterator[Path]:
        """Yield the files in the folder that hold rows, of whatever run."""
        is_text = self.kind.kind == TEXT
        pattern = f"{'[0-9]' * 8}*.txt" if is_text else f"{PART}[0-9]*{self.suffix}"
        return self.path.glob(pattern) if self.path.is_dir() else iter(())

    # --- while running ---

    def prepare(self) -> None:
        """Make what is missing of the folder that the output is in."""
        if self.is_folder:
            with naming(self.path):
                self.path.mkdir(parents=True, exist_ok=True)

    def clear(self) -> None:
        """Remove the parts of an earlier run from the folder."""
        for name in BESIDE if self.is_folder else ():
            self.beside(name).unlink(missing_ok=True)
        for part in list(self._own_parts()) if self.is_folder else ():
            part.unlink()

    def write(self, number: int, rows: Sequence[bytes], *, before: int, first: int) -> int:
        """Write a part and see it on the disk.

        Args:
            number: Of the part.
            rows: JSON of its rows.
            before: What this returned for the part before, 0 for the first.
            first: How many rows are in the parts before.

        Returns:
            Bytes of the output up to the part's end, or of the part; 0 for texts.
        """
        if self.kind.kind == TEXT:
            with naming(self.path):
                TextFolder(self.path, first=first).write([json.loads(row) for row in rows])
                sync_folder(self.path)
            return 0
        if self._appends:
            with naming(self.path), self._draft.open("ab") as stream:
                stream.truncate(before)  # what a run that died wrote after its last commit
                self._write(stream, rows, header=number == 0)
                return _synced(stream)
        temporary = self.work.path / "part"
        with naming(self.path):
            with temporary.open("wb") as stream:
                self._write(stream, rows, header=True)
                size = _synced(stream)
            temporary.replace(self._part(number))
            sync_folder(self._part(number).parent)
        return size

    def _write(self, stream: BinaryIO, rows: Sequence[bytes], *, header: bool) -> None:
        if self.kind == SUFFIXES[".jsonl"]:
            stream.writelines(row + b"\n" for row in rows)  # as they are
            return
        writer = open_writer(stream, self.kind, header=header, spreadsheet_safe=self._is_safe)
        for place in range(0, len(rows), ROW_GROUP):
            writer.write([json.loads(row) for row in rows[place : place + ROW_GROUP]])
        writer.close()

    def cut(self, parts: Sequence[Part]) -> None:
        """Keep only these parts.

        Raises:
            OSError: One of them is not there as it was written.
        """
        if self._appends:
            size = self._draft.stat().st_size if self._draft.exists() else 0
            if parts and size < parts[-1].size:
                raise FileNotFoundError(2, "is shorter than its journal says", str(self._draft))
            if self._draft.exists():
                os.truncate(self._draft, parts[-1].size if parts else 0)
            return
        if self.kind.kind == TEXT:
            kept_rows = sum(part.rows for part in parts)
            for path in list(self._own_parts()):
                if int(path.name[:8]) >= kept_rows:
                    path.unlink()
            for path in list(self.path.glob(f".{'[0-9]' * 8}*.part")):
                path.unlink()  # a kill came between writing and naming it
            return
        for part in parts:
            path = self._part(part.number)
            if not path.exists() or path.stat().st_size != part.size:
                raise FileNotFoundError(2, "is not as its journal says", str(path))
        kept = {self._part(part.number) for part in parts}
        for path in list(self._part(0).parent.glob(f"{PART}[0-9]*{self.suffix}")):
            if path not in kept:
                path.unlink()

    def rows(self, parts: Sequence[Part], columns: Sequence[str]) -> Iterator[dict[str, Any]]:
        """Yield columns of the rows of all parts, before these get their final names."""
        for path in [self._draft] if self._appends else [self._part(p.number) for p in parts]:
            yield from read_rows(path, self.kind, columns)

    # --- at the end ---

    def assemble(self, parts: Sequence[Part]) -> None:
        """Make one file of parts that cannot simply stand one behind the other."""
        if self._appends or self.is_folder:
            return
        with naming(self.path), self._draft.open("wb") as stream:
            join_parts([self._part(part.number) for part in parts], stream, self.kind)
            _synced(stream)

    def publish(self) -> None:
        """Give everything its final name; the summary last. May be done again after a kill."""
        moves = [(self.work.path / name, self.beside(name)) for name in reversed(BESIDE)]
        if not self.is_folder:
            moves.insert(0, (self._draft, self.path))
        summary = moves[-1][0]
        if not summary.exists():
            return  # everything has its name already
        for draft, final in moves:
            with naming(final):
                if draft.exists():
                    draft.replace(final)
                elif final != self.path and not self._is_mine(draft.name):
                    final.unlink(missing_ok=True)  # an earlier run's
        sync_folder(self.beside(BESIDE[0]).parent)

    def _is_mine(self, name: str) -> bool:
        return (self.work.path / f"{name}.has").exists()

    def add_beside(self, name: str, lines: Iterator[str]) -> bool:
        """Write a file that will stand beside the output, unless there are no lines.

        Returns:
            Whether there were any.
        """
        path = self.work.path / name
        written = False
        with naming(self.beside(name)):
            with path.open("wb") as stream:
                for line in lines:
                    stream.write(line.encode("utf-8", "backslashreplace") + b"\n")
                    written = True
                _synced(stream)
            if written:
                (self.work.path / f"{name}.has").touch()
            else:
                path.unlink()
        return written


def _synced(stream: BinaryIO) -> int:
    stream.flush()
    os.fsync(stream.fileno())
    return stream.tell()

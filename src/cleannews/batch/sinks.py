"""What becomes of the answers of a pass: rows on the disk or on a stream, pages in profiles."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Mapping
from typing import Any, BinaryIO

from cleannews.batch.counts import QUARANTINED, UNREADABLE, add
from cleannews.batch.journal import Journal, Part, Place
from cleannews.batch.output import Output
from cleannews.batch.sites import TABLE, add_page
from cleannews.batch.worker import Answer
from cleannews.errors import CleanNewsError

PART_ROWS, PART_BYTES = 10_000, 16 * 1024 * 1024
"""Most rows and, about, most bytes of a part: they hang on the rows alone, never on the clock, so
that parts have the same borders however often a run is interrupted."""
MOST_TOLD = 20
"""Failures that are told one by one; millions of lines on a terminal help nobody."""
FEWEST = 1_000
"""Records before which a run is not stopped for its errors."""


class TooManyFailedError(CleanNewsError):
    """More records failed than the run was told to bear."""


class Tally:
    """How many records came and how many failed, and whether that is still borne."""

    def __init__(self, most: float, *, seen: int = 0, failed: int = 0) -> None:
        self.most, self.seen, self.failed = most, seen, failed

    def check(self, *, least: int = FEWEST) -> None:
        """Look at the share of failures.

        Raises:
            TooManyFailedError: It is too high.
        """
        if self.seen >= least and self.failed > self.most * self.seen:
            raise TooManyFailedError(
                f"{self.failed:,} of {self.seen:,} records failed, more than the error rate of "
                f"{self.most:g} that is allowed"
            )


class Few:
    """Says the first sentences of a kind, and that there are more.

    Args:
        tell: Is told a sentence for people.
        where: Says where the others stand.
    """

    def __init__(self, tell: Callable[[str], None], where: str) -> None:
        self._tell, self._where, self._left = tell, where, MOST_TOLD

    def __call__(self, message: str) -> None:
        """Say a sentence, or that there are more, or nothing."""
        if self._left > 0:
            self._tell(message)
        elif self._left == 0:
            self._tell(self._where)
        self._left -= 1


class DiskSink:
    """Rows to parts of an output, and everything else to the journal.

    Args:
        journal: Of the run; what is in it already is gone on with.
        output: Where parts go.
        tally: Failures.
        tell: Is told a sentence for people.
    """

    def __init__(
        self, journal: Journal, output: Output, tally: Tally, tell: Callable[[str], None]
    ) -> None:
        self._journal, self._output, self._tally = journal, output, tally
        self._failure = Few(tell, "there are more failures; the quarantine lists them all")
        self._double = Few(tell, "there are more ids that come twice; the summary counts them")
        self._place = journal.place()
        parts = journal.parts()
        self._number = len(parts)
        self._size = parts[-1].size if parts else 0
        self._written = sum(part.rows for part in parts)
        self._rows = journal.pending()
        self._bytes = sum(map(len, self._rows))
        self._stored = len(self._rows)
        """How many of the rows the journal has already."""
        self._reset()

    def _reset(self) -> None:
        self._counts: dict[str, int] = {}
        self._quarantine: list[Mapping[str, Any]] = []
        self._ends: dict[int, int] = {}
        self._ids: list[str] = []

    def row(self, after: Place, name: str, answer: Answer) -> None:
        """See `passes.Sink`."""
        self._rows.append(answer.body)
        self._bytes += len(answer.body)
        self._ids.append(name)
        add(self._counts, answer.facts)
        self._place = after
        self._tally.seen += 1
        if len(self._rows) >= PART_ROWS or self._bytes >= PART_BYTES:
            self._write_part()

    def give_up(self, after: Place, told: dict[str, Any], *, count: str | None) -> None:
        """See `passes.Sink`."""
        self._quarantine.append(told)
        self._place = after
        self._tally.failed += 1
        if count is not None:
            add(self._counts, {count: 1})
            self._tally.seen += 1
        what = "failed" if count == QUARANTINED else "unreadable"
        self._failure(f"{told['where']}: {what}: {told['reason']}")

    def end(self, source: int, records: int) -> None:
        """See `passes.Sink`."""
        self._ends[source] = records

    def commit(self) -> None:
        """See `passes.Sink`."""
        self._commit(self._rows[self._stored :], None)
        self._stored = len(self._rows)
        self._tally.check()

    def finish(self) -> None:
        """Write what is left as the last part; an empty output is one empty part."""
        if self._rows or not self._number:
            self._write_part()
        self._tally.check(least=1)

    def _write_part(self) -> None:
        self._size = self._output.write(
            self._number, self._rows, before=self._size, first=self._written
        )
        part = Part(self._number, len(self._rows), self._size, self._place)
        self._commit((), part)
        self._number += 1
        self._written += len(self._rows)
        self._rows, self._bytes, self._stored = [], 0, 0

    def _commit(self, rows: list[bytes] | tuple[()], part: Part | None) -> None:
        double = self._journal.commit(
            self._place,
            rows=rows,
            counts=self._counts,
            number=self._number,
            quarantine=self._quarantine,
            read=self._ends,
            ids=self._ids,
            part=part,
        )
        for name in double:
            self._double(f"warning: more than one record has the id {name!r}")
        self._reset()


class StreamSink:
    """Rows to a stream as they come; nothing is kept and nothing can be gone on with."""

    def __init__(self, stream: BinaryIO, tally: Tally, tell: Callable[[str], None]) -> None:
        self._stream, self._tally, self._tell = stream, tally, tell
        self.counts: dict[str, int] = {}

    def row(self, after: Place, name: str, answer: Answer) -> None:
        """See `passes.Sink`."""
        self._stream.write(answer.body + b"\n")
        self._tally.seen += 1
        add(self.counts, answer.facts)

    def give_up(self, after: Place, told: dict[str, Any], *, count: str | None) -> None:
        """See `passes.Sink`."""
        self._tally.failed += 1
        if count is not None:
            self._tally.seen += 1
            add(self.counts, {count: 1})
        self._tell(f"{told['where']}: {(count or UNREADABLE).split()[1]}: {told['reason']}")

    def end(self, source: int, records: int) -> None:
        """See `passes.Sink`."""

    def commit(self) -> None:
        """See `passes.Sink`."""
        self._stream.flush()
        self._tally.check()


class LearnSink:
    """What pages teach of their sites, to a SQLite file; then where reading is, to the journal.

    A page that is added again after a kill changes nothing, so that the two need no common
    transaction.
    """

    def __init__(self, journal: Journal, path: str) -> None:
        self._journal = journal
        self._place = journal.place()
        self._file = sqlite3.connect(path, isolation_level=None)
        self._file.execute("PRAGMA journal_mode = TRUNCATE")
        self._file.execute("PRAGMA synchronous = NORMAL")
        self._file.execute(TABLE)
        self._pages: list[str] = []

    def row(self, after: Place, name: str, answer: Answer) -> None:
        """See `passes.Sink`."""
        self._place = after
        if answer.body:
            self._pages.append(answer.body.decode())

    def give_up(self, after: Place, told: dict[str, Any], *, count: str | None) -> None:
        """See `passes.Sink`; the pass that cleans will tell."""
        self._place = after

    def end(self, source: int, records: int) -> None:
        """See `passes.Sink`."""

    def commit(self) -> None:
        """See `passes.Sink`."""
        with self._journal.told(self._file):
            self._file.execute("BEGIN")
            for page in self._pages:
                add_page(self._file, page)
            self._file.execute("COMMIT")
        self._pages = []
        self._journal.put(place=list(self._place))

    def close(self) -> int:
        """Close the file and return of how many hosts it knows something."""
        hosts: int = self._file.execute("SELECT count(DISTINCT host) FROM learned").fetchone()[0]
        self._file.close()
        return hosts

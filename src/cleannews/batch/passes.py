"""One pass over the records: read, hand out to workers, take the answers in order."""

from __future__ import annotations

import hashlib
import time
from collections import deque
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple, Protocol

from cleannews.batch.counts import QUARANTINED, UNREADABLE
from cleannews.batch.formats import Record, Source, Unreadable, read
from cleannews.batch.journal import Place
from cleannews.batch.signals import Signals
from cleannews.batch.worker import Answer, Setup
from cleannews.batch.workers import Failure, Pool
from cleannews.columns import Fields
from cleannews.errors import CleanNewsError

AT_ONCE = 16
"""Records read before the workers are looked after again."""
COMMIT_SECONDS = 1.0
"""Most time for which done work is not written down."""


class ChangedError(CleanNewsError):
    """A source is not what it was when the run began to read it."""


class Sink(Protocol):
    """Where a pass puts what it gets, in the order of the input."""

    def row(self, after: Place, name: str, answer: Answer) -> None:
        """Take the answer to a record; `after` is where reading goes on behind it."""

    def give_up(self, after: Place, told: dict[str, Any], *, count: str | None) -> None:
        """Take a row of the quarantine, and under what it counts unless it has been counted."""

    def end(self, source: int, records: int) -> None:
        """Take note that a source has been read to its end."""

    def commit(self) -> None:
        """Write down everything that came so far."""


class Watch(Protocol):
    """Who is told how far a pass is."""

    def tick(self, done: int) -> None:
        """Hear how many places have been handled since the pass began; called often."""


class _Given(NamedTuple):
    """What is known of a key that was handed out, or the end of a source (no record)."""

    source: int
    number: int
    record: Record | Unreadable | None


def name_of(record: Record, source: Source) -> str:
    """Return the id of a record: its own, or its place in its source."""
    return record.id if record.id is not None else source.name_of(record.number)


class Reading:
    """The records of all sources behind a place, and a check that sources stay as they were.

    Args:
        sources: All of them.
        prints: Their fingerprints as the run took them at its beginning; None does not check.
        start: Where to begin.
        fields: Which columns are which.
    """

    def __init__(
        self,
        sources: Sequence[Source],
        *,
        prints: Sequence[str] | None,
        start: Place,
        fields: Fields,
    ) -> None:
        self._sources, self._prints, self._start, self._fields = sources, prints, start, fields

    def __iter__(self) -> Iterator[_Given]:
        for number in range(self._start.source, len(self._sources)):
            source = self._sources[number]
            after = self._start.record if number == self._start.source else 0
            last = after
            for record in read(source, fields=self._fields, after=after):
                last = record.number + 1
                yield _Given(number, record.number, record)
            if self._prints is not None and source.fingerprint() != self._prints[number]:
                raise ChangedError(
                    f"{source.name}: changed while it was read; what was read of it is not in the "
                    "output"
                )
            yield _Given(number, last, None)


def run_pass(
    reading: Reading,
    sources: Sequence[Source],
    sink: Sink,
    *,
    setup: Setup,
    workers: int,
    signals: Signals,
    watch: Watch,
) -> bool:
    """Do all records that are left, in order.

    Returns:
        Whether the end was reached; if not, a signal came, and what is done is written down.

    Raises:
        ChangedError: A source changed while it was read.
        WorkerError: No worker process can be started.
        OSError: Something cannot be read or written.
    """
    pool = Pool(setup, workers=workers, wake=signals.wake)
    try:
        return _Pass(pool, iter(reading), sources, sink).run(signals, watch)
    finally:
        pool.close()


class _Pass:
    def __init__(
        self, pool: Pool, reading: Iterator[_Given], sources: Sequence[Source], sink: Sink
    ) -> None:
        self._pool, self._reading, self._sources, self._sink = pool, reading, sources, sink
        self._given: deque[_Given] = deque()
        self._is_read = False
        self._done = 0

    def run(self, signals: Signals, watch: Watch) -> bool:
        due = time.monotonic() + COMMIT_SECONDS
        while signals.got is None and not (self._is_read and not self._given):
            self._read()
            wait = self._is_read or not self._pool.has_room
            for answer in self._pool.results(wait=wait):
                self._ends()
                self._settle(answer)
            self._ends()
            watch.tick(self._done)
            if time.monotonic() >= due:
                self._sink.commit()
                due = time.monotonic() + COMMIT_SECONDS
        self._sink.commit()
        return signals.got is None

    def _read(self) -> None:
        for _ in range(AT_ONCE):
            if self._is_read or not self._pool.has_room:
                return
            given = next(self._reading, None)
            if given is None:
                self._is_read = True
                return
            self._given.append(given)
            record = given.record
            if isinstance(record, Unreadable):
                self._pool.settle(record.reason)
            elif record is not None:
                name = name_of(record, self._sources[given.source])
                self._pool.give(name, record)

    def _ends(self) -> None:
        """Pass on the ends of sources that are next in order."""
        while self._given and self._given[0].record is None:
            end = self._given.popleft()
            self._sink.end(end.source, end.number)

    def _settle(self, answer: Answer | Failure) -> None:
        given = self._given.popleft()
        after = Place(given.source, given.number + 1)
        self._done += 1
        record = given.record
        assert record is not None  # noqa: S101 (`_ends` took the others)
        if isinstance(record, Unreadable):
            told = {"id": record.id, "where": record.where, "reason": record.reason}
            self._sink.give_up(after, {**told, "sha256": record.sha256}, count=UNREADABLE)
            return
        name = name_of(record, self._sources[given.source])
        if isinstance(answer, Failure):
            told = {"id": name, "where": record.where, "reason": answer.reason}
            self._sink.give_up(after, {**told, "sha256": _digest(record)}, count=QUARANTINED)
            return
        self._sink.row(after, name, answer)
        if UNREADABLE in answer.facts:
            told = {"id": name, "where": record.where, "reason": "there is no text to read"}
            self._sink.give_up(after, {**told, "sha256": _digest(record)}, count=None)


def _digest(record: Record) -> str | None:
    """Return the SHA-256 of what was to be cleaned, as UTF-8 if it is text."""
    body = record.text if record.html is None else record.html
    if body is None:
        return None
    data = body.encode("utf-8", "surrogatepass") if isinstance(body, str) else body
    return hashlib.sha256(data).hexdigest()

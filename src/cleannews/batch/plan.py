"""What a run would do: sources, records, time and disk; from names, sizes and a sample."""

from __future__ import annotations

import time
import zlib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from cleannews.batch.engine import output_of, setup_of
from cleannews.batch.formats import Record, Skipped, Source, find_sources, read
from cleannews.batch.job import Job, bytes_compared
from cleannews.batch.passes import name_of
from cleannews.batch.workers import Failure, Pool

LOOKED_AT = 1 << 20
"""Bytes at the beginning of a source from which the number of its records is estimated."""
MOST_LOOKED_AT = 32
"""Sources that are looked into; the others are taken to be like them."""
SAMPLE, SAMPLE_SECONDS = 200, 20.0
"""Records that are cleaned to estimate time and disk, and the time that this may take."""
SHOWN = 20

_MARKS = {
    "jsonl": b"\n",
    "csv": b"\n",
    "warc": b"WARC-Type: response",
    "wet": b"WARC-Type: conversion",
}


class Estimate:
    """About how many records sources hold.

    >>> Estimate([]).total(7)
    7
    """

    def __init__(self, sources: Sequence[Source]) -> None:
        known = 0
        open_: list[tuple[str, int]] = []
        densities: dict[str, list[float]] = {}
        looked = 0
        for source in sources:
            if source.kind in ("text", "html"):
                known += 1
                continue
            if looked < MOST_LOOKED_AT or source.kind not in densities:
                looked += 1
                rows, density = _look(source)
                if rows is not None:
                    known += rows
                    continue
                densities.setdefault(source.kind, []).append(density)
            open_.append((source.kind, source.path.stat().st_size))
        guessed = 0.0
        for kind, size in open_:
            some = densities[kind]
            guessed += size * sum(some) / len(some)
        self.known, self.guessed = known, round(guessed)

    def total(self, done: int) -> int | None:
        """Return about how many records there are, not fewer than are done."""
        return max(done, self.known + self.guessed)


def _look(source: Source) -> tuple[int | None, float]:
    """Return how many records a source has, if that is cheap to know, or records for each byte."""
    if source.kind == "parquet":
        import pyarrow.parquet as pq

        try:
            with source.open() as stream:
                return int(pq.ParquetFile(stream).metadata.num_rows), 0.0
        except Exception:  # noqa: BLE001 (a broken file is told when it is read)
            return 0, 0.0
    with source.open() as stream:
        head = stream.read(LOOKED_AT)
    size = source.path.stat().st_size
    data, used = _plain(head)
    count = data.count(_MARKS[source.kind])
    if used >= size:
        return count, 0.0
    return None, count / max(used, 1)


def _plain(head: bytes) -> tuple[bytes, int]:
    """Return what compressed bytes hold, as far as that is easy, and how many were used."""
    if head[:2] != b"\x1f\x8b":
        if head[:4] == b"\x28\xb5\x2f\xfd":
            return _plain_zstd(head)
        return head, len(head)
    found, rest = bytearray(), head
    while rest and len(found) < 16 * LOOKED_AT:
        inflate = zlib.decompressobj(wbits=31)
        try:
            found += inflate.decompress(rest, 16 * LOOKED_AT)
        except zlib.error:
            break
        if not inflate.eof:
            rest = inflate.unconsumed_tail
            break
        rest = inflate.unused_data
    return bytes(found), len(head) - len(rest)


def _plain_zstd(head: bytes) -> tuple[bytes, int]:
    import zstandard

    inflate = zstandard.ZstdDecompressor().decompressobj()
    try:
        return inflate.decompress(head), len(head)
    except zstandard.ZstdError:
        return b"", len(head)


@dataclass(frozen=True, slots=True)
class Plan:
    """What a job would do.

    Attributes:
        job: The job.
        sources: What is read, in order.
        skipped: What is not, and why.
        records: About how many records there are.
        is_exact: Whether that is known and not guessed.
        sampled: Records that were cleaned to measure.
        seconds: About how long the run takes.
        disk: About how many bytes it writes at most, with what it needs on the way.
    """

    job: Job
    sources: list[Source]
    skipped: list[Skipped]
    records: int
    is_exact: bool
    sampled: int
    seconds: float
    disk: float

    def lines(self) -> Iterator[str]:
        """Yield the plan for people."""
        kinds = Counter(source.kind for source in self.sources)
        told = ", ".join(f"{n:,} {kind}" for kind, n in sorted(kinds.items()))
        size = sum(source.path.stat().st_size for source in self.sources)
        yield f"sources: {len(self.sources):,} ({told}), {_bytes(size)}"
        for source in self.sources[:SHOWN]:
            yield f"  {source.kind:<8}{_bytes(source.path.stat().st_size):>10}  {source.name}"
        if len(self.sources) > SHOWN:
            yield f"  and {len(self.sources) - SHOWN:,} more"
        for path in self.skipped[:SHOWN]:
            yield f"  skipped {path.path}: {path.reason}"
        if len(self.skipped) > SHOWN:
            yield f"  and {len(self.skipped) - SHOWN:,} more skipped"
        about = "" if self.is_exact else "about "
        yield f"records: {about}{self.records:,}"
        yield f"output:  {self.job.output}, at most about {_bytes(self.disk)} of disk"
        passes = "two passes, the first learns the sites; " if self.job.learn_sites else ""
        yield (
            f"time:    about {_time(self.seconds)} with {self.job.workers} workers "
            f"({passes}measured on {self.sampled} records)"
        )
        if self.job.dedup is not None:
            need = _bytes(bytes_compared(self.records))
            yield f"memory:  about {need} to look for duplicates, after the cleaning"


def plan(job: Job) -> Plan:
    """Work out what a job would do; nothing is written.

    Raises:
        OptionError: The output's format is none.
    """
    sources, skipped = find_sources(job.paths, kind=job.kind)
    doubled = 1.0
    if job.output != "-":
        output = output_of(job)
        doubled = 2.0 if output.suffix == ".parquet" and not output.is_folder else 1.0
    estimate = Estimate(sources)
    number, seconds, size = _sample(job, sources)
    records = estimate.total(0) or 0
    each = seconds / number if number else 0.0
    total = each * records / job.workers * (1.5 if job.learn_sites else 1.0)
    return Plan(
        job=job,
        sources=sources,
        skipped=skipped,
        records=records,
        is_exact=not estimate.guessed,
        sampled=number,
        seconds=total,
        disk=doubled * (size / number if number else 0.0) * records,
    )


def _sample(job: Job, sources: Sequence[Source]) -> tuple[int, float, int]:
    """Clean some records of some sources; return how many, the time and the bytes of the rows."""
    step = max(1, len(sources) // MOST_LOOKED_AT)
    chosen = sources[::step]
    each = max(1, SAMPLE // max(1, len(chosen)))
    pool = Pool(setup_of(job), workers=1)
    number = size = 0
    began: float | None = None
    try:
        for source in chosen:
            for record in islice(read(source, fields=job.fields), each):
                if not isinstance(record, Record):
                    continue
                pool.give(name_of(record, source), record)
                while not pool.is_idle:
                    for answer in pool.results(wait=True):
                        number += 1
                        size += 0 if isinstance(answer, Failure) else len(answer.body)
                if began is None:  # the first one pays for loading the rules
                    began, number, size = time.monotonic(), 0, 0
            if began is not None and time.monotonic() - began > SAMPLE_SECONDS:
                break
    finally:
        pool.close()
    return number, time.monotonic() - began if began is not None else 0.0, size


def _bytes(number: float) -> str:
    """Return a size as a person says it.

    >>> _bytes(999), _bytes(1_234_567)
    ('999 B', '1.2 MB')
    """
    for unit in ("B", "kB", "MB", "GB", "TB"):
        if number < 1000 or unit == "TB":
            break
        number /= 1000
    return f"{number:.0f} B" if unit == "B" else f"{number:.1f} {unit}"


def _time(seconds: float) -> str:
    minutes = seconds / 60
    if minutes < 2:
        return f"{seconds:.0f} s"
    return f"{minutes:.0f} min" if minutes < 120 else f"{minutes / 60:.1f} h"

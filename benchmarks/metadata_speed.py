"""CPU time of `extract_metadata` beside a peer's, on the same pages in turn.

    python benchmarks/metadata_speed.py DATA [PAGES]

DATA holds ``pages.<set>.jsonl.gz``. Before the clock starts both read other pages of the same sets,
so that imports and tables are nobody's cost and no page has been seen before. What counts is the
ratio of two runs on one computer.
"""

from __future__ import annotations

import gzip
import json
import sys
import time
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path

import trafilatura

import cleannews

SETS = ("trafilatura", "wcxb", "fundus")
FIRST = 40
"""Pages of each set that are read before the clock starts."""


def pages(data: Path, start: int, stop: int) -> Iterator[tuple[str, str | None]]:
    """Yield source and address of some pages of each set."""
    for name in SETS:
        with gzip.open(data / f"pages.{name}.jsonl.gz", "rt", encoding="utf-8") as lines:
            for line in islice(lines, start, stop):
                page = json.loads(line)
                yield page["html"], page["url"]


def seconds(call: Callable[[str, str | None], object], page: tuple[str, str | None]) -> float:
    """Return the CPU seconds of one call."""
    start = time.process_time()
    call(*page)
    return time.process_time() - start


def ours(html: str, url: str | None) -> object:
    """Read one page with cleannews."""
    return cleannews.extract_metadata(html, url=url)


def theirs(html: str, url: str | None) -> object:
    """Read one page with the peer."""
    return trafilatura.extract_metadata(html, default_url=url)


def main() -> None:
    """Print milliseconds a page and the ratio."""
    data, most = Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 240
    for page in pages(data, 0, FIRST):
        ours(*page)
        theirs(*page)
    every = list(pages(data, FIRST, FIRST + most))
    spent = [(seconds(ours, page), seconds(theirs, page)) for page in every]
    own, other = (sum(column) * 1000 / len(every) for column in zip(*spent, strict=True))
    print(f"{len(every)} pages: cleannews {own:.1f} ms, trafilatura {other:.1f} ms, "
          f"ratio {own / other:.2f}")  # fmt: skip


if __name__ == "__main__":
    main()

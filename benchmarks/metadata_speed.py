"""CPU time of `extract_metadata` beside a peer's, on the same pages in turn.

    python benchmarks/metadata_speed.py DATA [PAGES]

DATA holds ``pages.<set>.jsonl.gz``. Both read every page once before the clock starts, so that
imports, tables and caches are nobody's cost. What counts is the ratio of two runs on one computer.
"""

from __future__ import annotations

import gzip
import json
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import trafilatura

import cleannews

SETS = ("trafilatura", "wcxb", "fundus")


def pages(data: Path, most: int) -> Iterator[tuple[str, str | None]]:
    """Yield source and address of the first pages of each set."""
    for name in SETS:
        with gzip.open(data / f"pages.{name}.jsonl.gz", "rt", encoding="utf-8") as lines:
            for _, line in zip(range(most), lines, strict=False):
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
    data, most = Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 50
    every = list(pages(data, most))
    for page in every[:20]:
        ours(*page)
        theirs(*page)
    spent = [(seconds(ours, page), seconds(theirs, page)) for page in every]
    own, other = (sum(column) * 1000 / len(every) for column in zip(*spent, strict=True))
    print(f"{len(every)} pages: cleannews {own:.1f} ms, trafilatura {other:.1f} ms, "
          f"ratio {own / other:.2f}")  # fmt: skip


if __name__ == "__main__":
    main()

"""The index on disk: bytes a document, time of adding, time of a query, as it grows.

    python benchmarks/duplicates_index.py [--sizes 10000 100000] [--folder DIR]

Documents are made by the generator of labelled corpora; beyond `--distinct` of them, numbers and
names are varied so that every one is another story with the same kind of words.
"""

from __future__ import annotations

import argparse
import importlib
import itertools
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from cleannews import DuplicateIndex

EVAL = Path(__file__).parent.parent.parent / "shared" / "eval"


def made(count: int, seed: int, distinct: int) -> Iterator[dict[str, str]]:
    """Yield generated documents; after `distinct` of them, with every third word marked."""
    sys.path.insert(0, str(EVAL))
    maker = importlib.import_module("make_dup_corpus")
    number = min(count, distinct)
    base = [d["text"] for d in itertools.islice(maker.make(number, seed), number)]
    for number in range(count):
        turn, place = divmod(number, len(base))
        text = base[place]
        if turn:
            words = text.split(" ")
            words[::3] = [f"{w}{turn}" for w in words[::3]]
            text = " ".join(words)
        yield {"id": f"doc-{number:08}", "text": text}


def one_query(index: DuplicateIndex, document: dict[str, str]) -> float:
    """Return the CPU milliseconds of a query; waiting for a busy computer is not counted."""
    begun = time.process_time()
    index.query(document)
    return (time.process_time() - begun) * 1e3


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--sizes", type=int, nargs="+", default=[10_000, 100_000])
    parser.add_argument("--distinct", type=int, default=20_000)
    parser.add_argument("--folder", type=Path)
    args = parser.parse_args()
    asked = list(itertools.islice(made(2_300, 99, 2_300), 2_000, 2_300))
    print("| documents | bytes a document | added a CPU s | query, median CPU ms | 99 % below |")
    print("|---|---|---|---|---|", flush=True)
    with tempfile.TemporaryDirectory(dir=args.folder) as folder:
        path, source, size = Path(folder) / "index.db", made(max(args.sizes), 7, args.distinct), 0
        for target in sorted(args.sizes):
            with DuplicateIndex(path) as index:
                start = time.process_time()
                index.add(itertools.islice(source, target - size))
                spent, grown, size = time.process_time() - start, target - size, target
            with DuplicateIndex(path, read_only=True) as index:
                times = sorted(one_query(index, document) for document in asked)
            print(
                f"| {target:,} | {path.stat().st_size / target:,.0f} | {grown / spent:,.0f} "
                f"| {statistics.median(times):.1f} | {times[len(times) * 99 // 100]:.1f} |",
                flush=True,
            )


if __name__ == "__main__":
    main()

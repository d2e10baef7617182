"""Where the postings of an index could lie: SQLite, LMDB, or own files of sorted numbers.

    python benchmarks/index_storage.py [--documents 100000] [--folder DIR]

Random postings, 37 a document, written 2,000 documents at a time, then 37 look-ups a query: bytes a
document, CPU microseconds to add one, CPU milliseconds of a query. Needs `lmdb` beside numpy.
"""

from __future__ import annotations

import argparse
import sqlite3
import struct
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import lmdb
import numpy as np
from numpy.typing import NDArray

POSTINGS, BATCH, QUERIES = 37, 2_000, 200
Lookup = Callable[[list[int]], int]


def by_sqlite(path: Path, batches: list[NDArray[np.uint64]]) -> Lookup:
    """Rows of a table without row ids, in write-ahead mode."""
    file = sqlite3.connect(path, isolation_level=None)
    file.execute("PRAGMA journal_mode = WAL")
    file.execute("PRAGMA synchronous = NORMAL")
    file.execute("CREATE TABLE p (h INTEGER, n INTEGER, PRIMARY KEY (h, n)) WITHOUT ROWID")
    for batch in batches:
        rows = np.sort(batch)
        pairs = zip((rows >> np.uint64(24)).tolist(), (rows & _LOW).tolist(), strict=True)
        file.execute("BEGIN")
        file.executemany("INSERT OR IGNORE INTO p VALUES (?, ?)", pairs)
        file.execute("COMMIT")
    file.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    ask = "SELECT n FROM p WHERE h = ? LIMIT 200"
    return lambda hashes: sum(len(file.execute(ask, (h,)).fetchall()) for h in hashes)


def by_lmdb(path: Path, batches: list[NDArray[np.uint64]]) -> Lookup:
    """Sorted duplicates of fixed size under each key."""
    file = lmdb.open(str(path), subdir=False, map_size=1 << 34, max_dbs=1)
    table = file.open_db(b"p", dupsort=True, dupfixed=True)
    for batch in batches:
        rows = np.sort(batch)
        items = [
            (struct.pack(">Q", h)[3:], struct.pack(">I", n))
            for h, n in zip((rows >> np.uint64(24)).tolist(), (rows & _LOW).tolist(), strict=True)
        ]
        with file.begin(write=True, db=table) as change:
            change.cursor().putmulti(items)

    def look(hashes: list[int]) -> int:
        with file.begin(db=table) as view, view.cursor() as cursor:
            keys = [struct.pack(">Q", h)[3:] for h in hashes]
            return len(cursor.getmulti(keys, dupdata=True))

    return look


def by_segments(path: Path, batches: list[NDArray[np.uint64]]) -> Lookup:
    """Sorted files, mapped; two of a size are merged into one of twice the size."""
    levels: list[NDArray[np.uint64] | None] = []
    for number, batch in enumerate(batches):
        made, level = np.sort(batch), 0
        while level < len(levels) and levels[level] is not None:
            made = np.sort(np.concatenate([made, levels[level]]))  # type: ignore[list-item]
            levels[level], level = None, level + 1
        levels += [None] * (level + 1 - len(levels))
        name = path.with_name(f"{path.name}.{number}")
        made.tofile(name)
        levels[level] = np.memmap(name, np.uint64, "r")
    segments = [s for s in levels if s is not None]
    kept = {str(s.filename) for s in segments}  # type: ignore[attr-defined]
    for file in path.parent.glob(f"{path.name}.*"):
        if str(file) not in kept:
            file.unlink()

    def look(hashes: list[int]) -> int:
        low = np.array(hashes, np.uint64) << np.uint64(24)
        high = low | _LOW
        return sum(
            int((s.searchsorted(high, "right") - s.searchsorted(low)).sum()) for s in segments
        )

    return look


_LOW = np.uint64((1 << 24) - 1)
ENGINES = {"SQLite": by_sqlite, "LMDB": by_lmdb, "sorted files": by_segments}


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--documents", type=int, default=100_000)
    parser.add_argument("--folder", type=Path)
    args = parser.parse_args()
    rng = np.random.default_rng(7)
    batches = []
    for start in range(0, args.documents, BATCH):
        hashes = rng.integers(0, 1 << 40, BATCH * POSTINGS, dtype=np.uint64)
        numbers = np.repeat(np.arange(start, start + BATCH, dtype=np.uint64), POSTINGS)
        batches.append(hashes << np.uint64(24) | numbers)
    print("| storage | bytes a document | microseconds to add one | query, ms |\n|---|---|---|---|")
    for name, function in ENGINES.items():
        with tempfile.TemporaryDirectory(dir=args.folder) as folder:
            begun = time.process_time()
            look = function(Path(folder) / "postings", batches)
            spent = (time.process_time() - begun) / args.documents * 1e6
            size = sum(
                f.stat().st_blocks * 512 for f in Path(folder).iterdir() if "lock" not in f.name
            )
            begun = time.process_time()
            for query in range(QUERIES):
                rows = batches[query % len(batches)][query * POSTINGS : (query + 1) * POSTINGS]
                assert look((rows >> np.uint64(24)).tolist()) >= POSTINGS
            asked = (time.process_time() - begun) / QUERIES * 1e3
            print(
                f"| {name} | {size / args.documents:.0f} | {spent:.0f} | {asked:.2f} |", flush=True
            )


if __name__ == "__main__":
    main()

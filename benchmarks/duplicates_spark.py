"""Cleaning and the search for duplicates on Spark against the local engine, on the same documents.

    python benchmarks/duplicates_spark.py [--n 20000] [--seed 7] [--copies 0] [--master local[2]]

Documents come from the generator of labelled corpora; `--copies` adds that many copies of one of
them, and as many near copies. Results are compared to the last digit. CPU is that of all processes,
JVM and Python workers, without the start of the session. Needs ``cleannews[spark]`` and Java 17.
"""

from __future__ import annotations

import argparse
import importlib
import itertools
import os
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from pyspark.sql import SparkSession

import cleannews
from cleannews.columns import clean_columns
from cleannews.integrations import spark as on_spark

EVAL = Path(__file__).parent.parent.parent / "shared" / "eval"
FIELDS = ("id", "text", "title", "url", "date")
TICKS = os.sysconf("SC_CLK_TCK")
PAGE_MB = os.sysconf("SC_PAGE_SIZE") / 2**20


def made(count: int, seed: int, copies: int) -> list[dict[str, str | None]]:
    """Return generated documents in order of their ids."""
    sys.path.insert(0, str(EVAL))
    maker = importlib.import_module("make_dup_corpus")
    documents = [
        {name: None if d.get(name) is None else str(d[name]) for name in FIELDS}
        for d in itertools.islice(maker.make(count, seed), count)
    ]
    words = (documents[9]["text"] or "").split(" ")
    for i in range(copies):
        documents.append(documents[5] | {"id": f"z-copy-{i:06}"})
        at = 40 + i % 50
        edited = " ".join([*words[:at], f"edit{i}", *words[at:]])
        documents.append(documents[9] | {"id": f"z-near-{i:06}", "text": edited})
    return sorted(documents, key=lambda d: str(d["id"]))


def family() -> Iterator[list[str]]:
    """Yield the status fields of this process and all below it."""
    stats = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            told = path.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        stats[int(path.parent.name)] = told
    known = {os.getpid()}
    for _ in range(6):
        known |= {pid for pid, told in stats.items() if int(told[1]) in known}
    yield from (stats[pid] for pid in known if pid in stats)


def cpu() -> float:
    """Return the CPU seconds of this process and all below it, those that ended included."""
    return sum(sum(map(int, told[11:15])) for told in family()) / TICKS


def memory() -> float:
    """Return the megabytes that all processes hold now."""
    return sum(int(told[21]) for told in family()) * PAGE_MB


def timed(what: str, act: Callable[[], Any]) -> Any:
    """Do something and print what it took."""
    spent, begun = cpu(), time.perf_counter()
    done = act()
    wall = time.perf_counter() - begun
    print(f"| {what} | {wall:.1f} | {cpu() - spent:.1f} | {memory():,.0f} |", flush=True)
    return done


def rows(frame: Any) -> list[dict[str, Any]]:
    """Return a frame's rows as dictionaries."""
    return [row.asDict(recursive=True) for row in frame.collect()]


def same(name: str, first: list[Any], second: list[Any]) -> None:
    """Print how many rows there are, and whether they are the same."""
    first, second = (sorted(r, key=lambda x: str(sorted(x.items()))) for r in (first, second))
    print(f"{name}: {len(first):,} and {len(second):,}, equal: {first == second}", flush=True)


def main() -> None:
    """Print the table and the comparison."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--n", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--copies", type=int, default=0)
    parser.add_argument("--master", default="local[2]")
    parser.add_argument("--partitions", type=int, default=8)
    parser.add_argument("--checkpoints", type=Path, help="folder; its size is told in the end")
    parser.add_argument("--clean", type=int, default=2_000, help="documents to clean")
    args = parser.parse_args()
    documents = made(args.n, args.seed, args.copies)
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    session = (
        SparkSession.builder.master(args.master)
        .config("spark.driver.memory", "4g")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.sql.shuffle.partitions", str(args.partitions))
        .config("spark.ui.enabled", "false")
        .config("spark.ui.showConsoleProgress", "false")
        .getOrCreate()
    )
    session.sparkContext.setLogLevel("ERROR")
    if args.checkpoints:
        session.sparkContext.setCheckpointDir(str(args.checkpoints))
    schema = ", ".join(f"{name} string" for name in FIELDS)
    frame = session.createDataFrame(documents, schema).repartition(args.partitions).cache()
    frame.count()
    some = documents[: args.clean]
    columns = {name: [d[name] for d in some] for name in ("id", "text", "url")}
    few = session.createDataFrame(some, schema).repartition(args.partitions).cache()
    few.count()
    rows(on_spark.clean(few.limit(20)))  # workers are up, rules are loaded

    print(f"{len(documents):,} documents, {len(some):,} cleaned, {args.master}\n")
    print("| | seconds | CPU seconds | MB at the end |\n|---|---|---|---|", flush=True)
    local = timed("find, local", lambda: cleannews.find_duplicates(documents))
    found = timed("find, Spark", lambda: on_spark.find_duplicates(frame))
    flat = timed("clean, local", lambda: clean_columns(columns))
    cleaned = timed("clean, Spark", lambda: rows(on_spark.clean(few)))
    print()
    same("links", rows(found.links), [x.to_dict() for x in local.links])
    same("clusters", rows(found.clusters), [c.to_dict() for c in local.clusters])
    same(
        "cleaned",
        cleaned,
        [dict(zip(flat, v, strict=True)) for v in zip(*flat.values(), strict=True)],
    )
    print(f"largest component of story links: {largest(local):,} documents")
    if args.checkpoints:
        size = sum(p.stat().st_size for p in args.checkpoints.rglob("part-*"))
        print(f"checkpoints: {size / len(documents):,.0f} bytes a document")
    session.stop()


def largest(found: cleannews.Duplicates) -> int:
    """Return how many documents the largest connected component of story links has."""
    parent: dict[str, str] = {}

    def root(name: str) -> str:
        while parent.setdefault(name, name) != name:
            parent[name] = name = parent[parent[name]]
        return name

    for link in found.links:
        if link.is_same_story:
            parent[root(link.a)] = root(link.b)
    sizes: dict[str, int] = {}
    for name in list(parent):
        sizes[root(name)] = sizes.get(root(name), 0) + 1
    return max(sizes.values(), default=0)


if __name__ == "__main__":
    main()

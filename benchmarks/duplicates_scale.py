"""Cost and memory of a search as the collection grows.

    python benchmarks/duplicates_scale.py [--sizes 10000 30000 100000 300000 1000000]

Documents come from a generator, one process a size. What making them costs is measured apart and
taken off. Beyond `--distinct` documents, every third word is marked so that stories are new.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import time
from collections import deque

from duplicates_index import made

import cleannews


def run(size: int, distinct: int) -> None:
    """Search one collection and print what it cost as JSON."""
    begun = time.process_time()
    deque(made(size, 7, distinct), maxlen=0)
    making = time.process_time() - begun
    before, begun = peak_mb(), time.process_time()
    found = cleannews.find_duplicates(made(size, 7, distinct))
    spent = time.process_time() - begun - making
    told = {"cpu": spent, "mb": peak_mb(), "extra": peak_mb() - before, "links": len(found.links)}
    print(json.dumps({**told, "clusters": len(found.clusters)}))


def peak_mb() -> float:
    """Return the most memory this process has had."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--sizes", type=int, nargs="+", default=[10_000, 30_000, 100_000])
    parser.add_argument("--distinct", type=int, default=10_000)
    parser.add_argument("--one", type=int, help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.one:
        run(args.one, args.distinct)
        return
    print("| documents | CPU s | microseconds a document | peak MB | links | clusters |")
    print("|---|---|---|---|---|---|", flush=True)
    for size in args.sizes:
        command = [sys.executable, __file__, "--one", str(size), "--distinct", str(args.distinct)]
        told = json.loads(subprocess.run(command, capture_output=True, check=True).stdout)
        each = told["cpu"] / size * 1e6
        print(
            f"| {size:,} | {told['cpu']:.1f} | {each:.0f} | {told['mb']:,.0f} "
            f"| {told['links']:,} | {told['clusters']:,} |",
            flush=True,
        )


if __name__ == "__main__":
    main()

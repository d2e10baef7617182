"""Kill a long run, measure its memory and its throughput.

    python benchmarks/batch_run.py --folder scratch kill --records 100000 --kills 20
    python benchmarks/batch_run.py --folder scratch memory --records 10000 100000
    python benchmarks/batch_run.py --folder scratch workers --records 5000 --rounds 5

The records are made up: a moulded story with furniture around it, the same for the same number.
`kill` compares the Parquet file of a run that was killed at random with that of one that was left
alone, byte for byte. `memory` tells the largest sum of resident memory over all processes of a run,
shared pages counted once in each. `workers` compares one worker with two in alternating rounds, by
the clock and by processor time; the clock means something on a quiet machine only.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

WORDS = (
    "council bridge river winter repair stone ferry budget mayor vote street school harbour "
    "engineer plan market station valley teacher library storm bakery court festival"
).split()
GROUP = 5_000


def record(number: int) -> dict[str, str]:
    """Return the record of a number."""
    draw = random.Random(number)
    story = "\n\n".join(
        " ".join(draw.choices(WORDS, k=draw.randint(15, 45))).capitalize() + "."
        for _ in range(draw.randint(2, 5))
    )
    text = f"Story {number}\n\nby Desk\n\n[ad_1]\n\n{story}\n\n[ad_2]\n\nSource link\n"
    url = f"https://site{number % 97}.example/story/{number}"
    return {"id": f"r{number:07d}", "url": url, "text": text}


def make_input(path: Path, records: int) -> Path:
    """Write a Parquet file of so many records, unless it is there."""
    if not path.exists():
        schema = pa.schema([(name, pa.string()) for name in ("id", "url", "text")])
        with pq.ParquetWriter(path, schema) as writer:
            for start in range(0, records, GROUP):
                rows = [record(n) for n in range(start, min(start + GROUP, records))]
                writer.write_table(pa.Table.from_pylist(rows, schema=schema))
    return path


def command(source: Path, output: Path, workers: int, *more: str) -> list[str]:
    """Return the command of a run."""
    run = [sys.executable, "-m", "cleannews", "run", str(source), "-o", str(output)]
    return [
        *run,
        "--config",
        str(source.parent / "job.toml"),
        "--workers",
        str(workers),
        "--quiet",
        *more,
    ]


def start(argv: list[str]) -> subprocess.Popen[bytes]:
    """Start a run in a process group of its own."""
    return subprocess.Popen(argv, start_new_session=True)


def family(pid: int) -> Iterator[int]:
    """Yield a process and those that it started."""
    yield pid
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in task.read_text().split():
            yield from family(int(child))


def resident(pid: int) -> int:
    """Return the resident memory of a process and its children, in bytes."""
    total = 0
    for one in family(pid):
        try:
            total += int(Path(f"/proc/{one}/statm").read_text().split()[1])
        except OSError:
            continue
    return total * os.sysconf("SC_PAGE_SIZE")


def measured(argv: list[str]) -> dict[str, float]:
    """Run to the end; return seconds, processor seconds and the peak of resident memory."""
    began, peak = time.monotonic(), 0
    process = start(argv)
    while True:
        with suppress(OSError):
            peak = max(peak, resident(process.pid))
        pid, status, usage = os.wait4(process.pid, os.WNOHANG)
        if pid:
            break
        time.sleep(0.1)
    code = os.waitstatus_to_exitcode(status)
    assert code == 0, f"the run ended with code {code}"
    cpu = usage.ru_utime + usage.ru_stime
    return {"seconds": time.monotonic() - began, "cpu": cpu, "peak_mb": peak / 1e6}


def digest(path: Path) -> str:
    """Return the SHA-256 of a file."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def kill(
    folder: Path, records: int, kills: int, workers: int, apart: float | None, seed: int
) -> dict[str, object]:
    """Compare a run that was killed again and again with one that was not."""
    draw = random.Random(seed)
    source = make_input(folder / f"in-{records}.parquet", records)
    alone, killed = folder / "alone.parquet", folder / "killed.parquet"
    undisturbed = measured(command(source, alone, workers, "--force"))
    apart = undisturbed["seconds"] / kills + 2.0 if apart is None else apart
    for path in (killed, folder / "killed.summary.json"):
        path.unlink(missing_ok=True)
    argv = command(source, killed, workers, "--resume")
    hits, began = 0, time.monotonic()
    for _ in range(kills):
        process = start(argv)
        # A start takes two seconds, so that some of the kills come before there is anything.
        time.sleep(draw.uniform(1.0, 2.0 * apart))
        hits += process.poll() is None
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    measured(argv)
    left = sorted(p.name for p in folder.iterdir() if p.name.startswith((".killed", "killed.p")))
    return {
        "records": records,
        "undisturbed": undisturbed,
        "kills_that_hit": hits,
        "killed_seconds": time.monotonic() - began,
        "identical": digest(alone) == digest(killed),
        "rows": pq.ParquetFile(killed).metadata.num_rows,
        "left": left,
    }


def memory(folder: Path, sizes: list[int], workers: int) -> dict[str, object]:
    """Tell the peak of memory for several numbers of records."""
    found = {}
    for records in sizes:
        source = make_input(folder / f"in-{records}.parquet", records)
        argv = command(source, folder / "memory.parquet", workers, "--force")
        found[str(records)] = measured(argv)
    return {"workers": workers, "runs": found}


def compare(folder: Path, records: int, rounds: int) -> dict[str, object]:
    """Compare one worker with two."""
    source = make_input(folder / f"in-{records}.parquet", records)
    runs: dict[int, list[dict[str, float]]] = {1: [], 2: []}
    for number in range(rounds):
        for workers in (1, 2) if number % 2 else (2, 1):
            argv = command(source, folder / f"speed-{workers}.parquet", workers, "--force")
            runs[workers].append(measured(argv))
    best = {w: min(r["seconds"] for r in told) for w, told in runs.items()}
    cpu = {w: min(r["cpu"] for r in told) for w, told in runs.items()}
    return {
        "records": records,
        "seconds": best,
        "cpu_seconds": cpu,
        "times_as_fast": best[1] / best[2],
        "runs": runs,
    }


def main() -> None:
    """Measure what the arguments ask for."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("what", choices=["kill", "memory", "workers"])
    parser.add_argument("--records", type=int, nargs="+", default=[100_000])
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--apart", type=float, help="mean seconds between kills")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--no-metadata", action="store_true", help="clean only: far quicker")
    parser.add_argument("--seed", type=int, default=1)
    a = parser.parse_args()
    a.folder.mkdir(parents=True, exist_ok=True)
    (a.folder / "job.toml").write_text(f"clean.metadata = {str(not a.no_metadata).lower()}\n")
    if a.what == "kill":
        told = kill(a.folder, a.records[0], a.kills, a.workers, a.apart, a.seed)
    elif a.what == "memory":
        told = memory(a.folder, a.records, a.workers)
    else:
        told = compare(a.folder, a.records[0], a.rounds)
    print(json.dumps(told, indent=1))


if __name__ == "__main__":
    main()

"""Speed of finding duplicates against datasketch and rensa, on the same texts in one run.

    python benchmarks/duplicates_speed.py [--n 20000] [--seed 7] [--rounds 1] [--engines ...]

Each engine gets the same list of texts in memory and gives pairs back: hashing, candidates and
verification are all in its time. datasketch and rensa sketch word 5-grams with 128 hashes, 32 bands
of 4, and verify on the sketch (Jaccard from 0.4); cleannews verifies on the words and makes typed
links with evidence, clusters and originals. One process an engine, engines in turn; the figure to
quote is the ratio of CPU seconds, computers differ. Needs an environment with the two peers.
"""

from __future__ import annotations

import argparse
import importlib
import itertools
import json
import os
import random
import re
import resource
import statistics
import subprocess
import sys
import time
from pathlib import Path

EVAL = Path(__file__).parent.parent.parent / "shared" / "eval"
ENGINES = ("datasketch", "rensa", "cleannews")
WORD = re.compile(r"\w+")
FORMAT = argparse.RawDescriptionHelpFormatter


def shingles(text: str) -> set[str]:
    """Return the word 5-grams of a text."""
    words = WORD.findall(text.lower())
    return {" ".join(words[i : i + 5]) for i in range(max(1, len(words) - 4))}


def by_datasketch(texts: list[str]) -> int:
    """Return how many pairs datasketch finds."""
    from datasketch import MinHash, MinHashLSH

    encoded = ([s.encode("utf-8", "replace") for s in shingles(t)] for t in texts)
    sketches = list(MinHash.generator(encoded, num_perm=128, seed=1))
    index = MinHashLSH(num_perm=128, params=(32, 4))
    for i, sketch in enumerate(sketches):
        index.insert(i, sketch, check_duplication=False)
    return sum(
        j > i and sketch.jaccard(sketches[j]) >= 0.4
        for i, sketch in enumerate(sketches)
        for j in index.query(sketch)
    )


def by_rensa(texts: list[str]) -> int:
    """Return how many pairs rensa finds."""
    from rensa import RMinHash, RMinHashLSH

    sketches = []
    for text in texts:
        sketches.append(RMinHash(num_perm=128, seed=42))
        sketches[-1].update(shingles(text))
    index = RMinHashLSH(threshold=0.5, num_perm=128, num_bands=32)
    index.insert_pairs(enumerate(sketches))
    return sum(
        j > i and sketches[i].jaccard(sketches[j]) >= 0.4
        for i, near in enumerate(index.query_all(sketches))
        for j in near
    )


def by_cleannews(texts: list[str]) -> int:
    """Return how many links of one story cleannews finds."""
    import cleannews

    found = cleannews.find_duplicates([{"id": i, "text": t} for i, t in enumerate(texts)])
    return sum(link.is_same_story for link in found.links)


def texts(n: int, seed: int) -> list[str]:
    """Return the texts of a generated corpus, shuffled."""
    sys.path.insert(0, str(EVAL))
    maker = importlib.import_module("make_dup_corpus")
    made = [d["text"] for d in itertools.islice(maker.make(n, seed), n)]
    random.Random(seed).shuffle(made)
    return made


def peak_mb() -> float:
    """Return the most memory this process has had."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def run(engine: str, path: Path) -> None:
    """Time one engine on the texts of a file and print what came of it as JSON."""
    batch = json.loads(path.read_text(encoding="utf-8"))
    function = {"datasketch": by_datasketch, "rensa": by_rensa, "cleannews": by_cleannews}[engine]
    function(batch[:50])
    before, start, wall = peak_mb(), time.process_time(), time.perf_counter()
    pairs = function(batch)
    spent = time.process_time() - start
    told = {"engine": engine, "cpu": spent, "wall": time.perf_counter() - wall, "pairs": pairs}
    print(json.dumps({**told, "extra_mb": peak_mb() - before}))


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=FORMAT)
    parser.add_argument("--n", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--engines", nargs="+", default=ENGINES, choices=ENGINES)
    parser.add_argument("--one", help=argparse.SUPPRESS)
    parser.add_argument("--texts", type=Path, default=Path("texts.json"), help="scratch file")
    args = parser.parse_args()
    if args.one:
        run(args.one, args.texts)
        return
    args.texts.write_text(json.dumps(texts(args.n, args.seed)), encoding="utf-8")
    rows: dict[str, list[dict[str, float]]] = {engine: [] for engine in args.engines}
    one_thread = {**os.environ, "RAYON_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
    for _, engine in itertools.product(range(args.rounds), args.engines):
        command = [sys.executable, __file__, "--one", engine, "--texts", str(args.texts)]
        done = subprocess.run(command, capture_output=True, check=True, env=one_thread)
        rows[engine].append(json.loads(done.stdout))
    args.texts.unlink()
    print(f"{args.n:,} documents, seed {args.seed}, {args.rounds} rounds\n")
    print("| engine | CPU s | documents a CPU s | extra MB | pairs | cleannews is faster by |")
    print("|---|---|---|---|---|---|")
    ours = rows.get("cleannews")
    for engine, runs in rows.items():
        spent = statistics.median(r["cpu"] for r in runs)
        ratios = [r["cpu"] / o["cpu"] for r, o in zip(runs, ours or [], strict=False)]
        ratio = f"{statistics.median(ratios):.1f}" if ratios else "-"
        memory, pairs = max(r["extra_mb"] for r in runs), runs[0]["pairs"]
        print(
            f"| {engine} | {spent:.1f} | {args.n / spent:,.0f} | {memory:.0f} | {pairs:,} "
            f"| {ratio} |"
        )


if __name__ == "__main__":
    main()

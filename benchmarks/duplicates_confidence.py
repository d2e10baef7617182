"""Reliability of links that say "one story": which share of them is right, by confidence.

    python benchmarks/duplicates_confidence.py [--n 20000] [--seed 4242]

On labelled real pairs, which the calibration was read off, and on a generated corpus, which it was
not. A pair that carries a part of the story counts as right, as a link to it does.
"""

from __future__ import annotations

import argparse
import gzip
import importlib
import itertools
import json
import sys
from collections.abc import Iterable
from itertools import pairwise
from pathlib import Path

import cleannews

SHARED = Path(__file__).parent.parent.parent / "shared"
BOUNDS = (0.12, 0.3, 0.75, 0.95, 0.985, 0.995, 1.01)
FIELDS = ("id", "text", "title", "url", "date")
FORMAT = argparse.RawDescriptionHelpFormatter

Told = list[tuple[float, bool]]
"""Confidence of a link, and whether the pair carries one story."""


def real() -> Told:
    """Return the links between labelled pairs."""
    documents = [{k: d[k] for k in FIELDS} for d in _lines("dup.docs")]
    labels = {frozenset((p["a"], p["b"])): p["label"] >= 0.5 for p in _lines("dup.pairs")}
    links = cleannews.find_duplicates(documents).links
    pairs = ((frozenset((x.a, x.b)), x.confidence) for x in links if x.is_same_story)
    return [(confidence, labels[pair]) for pair, confidence in pairs if pair in labels]


def _lines(name: str) -> Iterable[dict[str, object]]:
    with gzip.open(SHARED / "data" / f"{name}.jsonl.gz", "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def generated(n: int, seed: int) -> Told:
    """Return the links of a generated corpus."""
    sys.path.insert(0, str(SHARED / "eval"))
    maker = importlib.import_module("make_dup_corpus")
    made = list(itertools.islice(maker.make(n, seed), n))
    stories = {str(d["id"]): set(d["stories"]) for d in made}
    texts = [{"id": str(d["id"]), "text": d["text"]} for d in made]
    links = cleannews.find_duplicates(texts).links
    told = (x for x in links if x.is_same_story)
    return [(x.confidence, bool(stories[x.a] & stories[x.b])) for x in told]


def cells(told: Told, low: float, high: float) -> str:
    """Return how many links lie in a range, and which share of them is right."""
    here = [right for confidence, right in told if low <= confidence < high]
    return f"{len(here):,} | {sum(here) / len(here):.3f}" if here else "0 | -"


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=FORMAT)
    parser.add_argument("--n", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=4242)
    args = parser.parse_args()
    columns = (real(), generated(args.n, args.seed))
    print("| confidence | real pairs | one story | generated pairs | one story |")
    print("|---|---|---|---|---|")
    for low, high in pairwise(BOUNDS):
        print(
            f"| {low} to {min(high, 1)} | "
            + " | ".join(cells(c, low, high) for c in columns)
            + " |"
        )


if __name__ == "__main__":
    main()

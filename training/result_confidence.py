"""Rebuild ``src/cleannews/boilerplate/trust.json``: what a result's confidence means.

    python training/scorer.py --models FOLDER && python training/result_confidence.py FOLDER
        [--data DIR]

A result's confidence is the expected share of the kept words that belong to the story. It is read
off one number that needs no truth, the share of the kept words that stand in prose blocks. This
script measures, on labelled development texts, how the one follows from the other: pool adjacent
violators over texts in order of the prose share, then a table of steps. The report checks it site
by site: the table is built on four fifths of the sites and tried on the rest. Each text is cleaned
with the scorer's model that has not seen its site.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "benchmarks"))
from cross_validated import with_folds
from rule_precision import DATA, records

import cleannews
from cleannews.boilerplate.trust import prose_share, step_of
from cleannews.reading.plain import read_plain

TARGET = Path(__file__).parent.parent / "src" / "cleannews" / "boilerplate" / "trust.json"
FOLDS = 5
STEPS = 12
FORMAT = argparse.RawTextHelpFormatter


def samples(data: Path, use: Callable[[str], None]) -> list[tuple[float, float, float, str]]:
    """Return (prose share, share of kept words that are story, kept words, site) of each text."""
    found = []
    for record in records(data):
        text = record["text"]
        use(record["domain"])
        result = cleannews.clean(text)
        words = prose_words = 0
        kept = set(result.text.split("\n"))
        for line in record["lines"]:
            source = text.split("\n")[line["i"]]
            if line["label"] == "ignore" or source not in kept:
                continue
            words += len(source.split())
            prose_words += len(source.split()) * (line["label"] == "keep")
        if words >= 20:
            share = prose_share(read_plain(result.text))
            found.append((share, prose_words / words, float(words), record["domain"]))
    return found


def fit(points: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """Return steps (least prose share, confidence), both rising: isotonic regression by pooling."""
    pools: list[list[float]] = []  # [sum of truths, number, least share]
    for share, truth in sorted(points):
        pools.append([truth, 1.0, share])
        while len(pools) > 1 and pools[-2][0] / pools[-2][1] >= pools[-1][0] / pools[-1][1]:
            last = pools.pop()
            pools[-1] = [pools[-1][0] + last[0], pools[-1][1] + last[1], pools[-1][2]]
    # Few, well-filled steps: merge the smallest into its smaller neighbour.
    while len(pools) > STEPS:
        i = min(range(len(pools)), key=lambda k: pools[k][1])
        left = i - 1 if i and (i + 1 == len(pools) or pools[i - 1][1] <= pools[i + 1][1]) else i
        a, b = pools[left], pools[left + 1]
        pools[left : left + 2] = [[a[0] + b[0], a[1] + b[1], a[2]]]
    steps = [(round(p[2], 3), round(p[0] / p[1], 3)) for p in pools]
    return [(0.0, steps[0][1]), *steps[1:]]


def main() -> None:
    """Write the table and print the check."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=FORMAT)
    parser.add_argument("models", type=Path, metavar="FOLDER")
    parser.add_argument("--data", type=Path, default=DATA)
    args = parser.parse_args()
    found = samples(args.data, with_folds(args.models))
    told: list[tuple[float, float]] = []
    for fold in range(FOLDS):
        digest = {s: hashlib.sha1(s.encode(), usedforsecurity=False).digest()[1] for *_, s in found}
        table = fit([(x, y) for x, y, _, s in found if digest[s] % FOLDS != fold])
        told += [(step_of(x, table), y) for x, y, _, s in found if digest[s] % FOLDS == fold]
    print(f"{len(found)} texts, {len({s for *_, s in found})} sites; told confidence against truth")
    print("| confidence | texts | mean told | mean true |\n|---|---|---|---|")
    for low, high in ((0, 0.3), (0.3, 0.5), (0.5, 0.7), (0.7, 0.8), (0.8, 0.9), (0.9, 1.01)):
        chosen = [(c, y) for c, y in told if low <= c < high]
        if chosen:
            mean = [sum(p[i] for p in chosen) / len(chosen) for i in (0, 1)]
            print(f"| {low}-{min(high, 1)} | {len(chosen)} | {mean[0]:.2f} | {mean[1]:.2f} |")
    table = fit([(x, y) for x, y, *_ in found])
    TARGET.write_text(json.dumps(table) + "\n", encoding="utf-8")
    print("table:", table)


if __name__ == "__main__":
    main()

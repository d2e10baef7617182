"""Rebuild ``src/cleannews/boilerplate/page_trust.json``: how far the text of a page can be trusted.

    pip install '.[train]'
    python training/page_confidence.py FOLDER [--data DIR]

Each page is cleaned with the model that has not seen its site (`FOLDER` holds one for each fold, as
``training/blocks.py --models`` writes them). Isotonic regression maps the word F1 that the model
expects to the one that the labelled body shows; its steps are the table. The reliability table, by
confidence, goes to stdout: pages whose table was fitted on the other folds.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from itertools import pairwise
from multiprocessing import Pool
from pathlib import Path
from typing import Any

import numpy as np
from labelling import words_of
from pages import DATA, fold_of, records
from scorer import FORMAT
from sklearn.isotonic import IsotonicRegression

import cleannews
from cleannews import api
from cleannews.boilerplate import block_scorer

TARGET = Path(__file__).parent.parent / "src" / "cleannews" / "boilerplate" / "page_trust.json"
STEPS = 40
"""Most steps of the table."""
BINS = (0.0, 0.5, 0.7, 0.8, 0.9, 0.95, 0.98, 1.01)


def measured(job: tuple[dict[str, Any], Path, int]) -> tuple[int, float, float]:
    """Return a page's fold, the word F1 expected and the one found."""
    record, folder, folds = job
    fold = fold_of(record["site_key"], folds)
    model = block_scorer.read_model(folder / f"{fold}.npz")
    block_scorer.model = lambda: model
    seen: list[float] = []
    real = api.page_confidence_of
    api.page_confidence_of = lambda expected, kinds: seen.append(expected) or 1.0
    try:
        text = cleannews.clean(record["html"], url=record["url"]).text
    finally:
        api.page_confidence_of = real
    return fold, seen[0], word_f1(text, record["body"])


def word_f1(text: str, body: str) -> float:
    """Return the F1 of two texts' words as multisets."""
    own, wanted = (np.unique(words_of(t), return_counts=True) for t in (text, body))
    common, i, j = np.intersect1d(own[0], wanted[0], return_indices=True)
    hits = float(np.minimum(own[1][i], wanted[1][j]).sum()) if len(common) else 0.0
    total = float(own[1].sum() + wanted[1].sum())
    return 2 * hits / total if total else 1.0


def jobs(data: Path, folder: Path) -> Iterator[tuple[dict[str, Any], Path, int]]:
    """Yield the pages whose body is known."""
    folds = len(list(folder.glob("*.npz")))
    for record in records(data):
        if record["body"]:
            yield record, folder, folds


def main() -> None:
    """Measure, print the reliability, write the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=FORMAT)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--data", type=Path, default=DATA)
    args = parser.parse_args()
    with Pool() as pool:
        rows = np.array(list(pool.imap(measured, jobs(args.data, args.folder), chunksize=16)))
    folds, expected, found = rows.T
    told = np.zeros(len(rows))
    for fold in np.unique(folds):
        own = folds == fold
        told[own] = fitted(expected[~own], found[~own]).predict(expected[own])
    print("| confidence | pages | told | word F1 | below .8 |\n|---|---|---|---|---|")
    for low, high in pairwise(BINS):
        here = (told >= low) & (told < high)
        if here.any():
            cells = told[here].mean(), found[here].mean(), (found[here] < 0.8).mean()
            shown = " | ".join(f"{value:.3f}" for value in cells)
            print(f"| {low} to {min(high, 1.0)} | {here.sum()} | {shown} |")
    whole = fitted(expected, found)
    grid = np.quantile(expected, np.linspace(0, 1, STEPS))
    steps = {round(float(x), 4): round(float(whole.predict([x])[0]), 4) for x in grid}
    table = [[0.0, min(steps.values())], *([x, y] for x, y in sorted(steps.items()) if x > 0)]
    TARGET.write_text(json.dumps(table) + "\n", encoding="utf-8")


def fitted(expected: np.ndarray, found: np.ndarray) -> IsotonicRegression:
    """Return the rising function that fits best."""
    return IsotonicRegression(out_of_bounds="clip", y_min=0, y_max=1).fit(expected, found)


if __name__ == "__main__":
    main()

"""Rebuild ``src/cleannews/boilerplate/scorer.json``: the learned main-text scorer.

    pip install '.[train]' && python training/scorer.py [--data DIR] [--folds 5] [--models DIR]

Texts with a label on every line, and whole pages in a dozen languages that are flattened here and
labelled by comparing their lines with the body. The sites are dealt into folds by a hash of their
name, so that a site is never in training and test at once. Every page counts twice: as it is, and
with the lines labelled as boilerplate taken out, so that the scorer leaves clean texts alone. Trees
are oblivious (one question per level), which numpy answers for all lines of a page at once. The
result is the same, bit for bit, for the same data and the same CatBoost release.
"""

from __future__ import annotations

import argparse
import gzip
import json
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from catboost import CatBoostClassifier

sys.path.insert(0, str(Path(__file__).parent.parent / "benchmarks"))
from cross_validated import fold_of
from flattening import SHORTEST, article_pages, flattened
from rules_only import OPTIONS as RULES_ONLY

from cleannews.boilerplate.detect import detect_page
from cleannews.boilerplate.features import FEATURES, features_of
from cleannews.boilerplate.matching import matcher_of
from cleannews.boilerplate.rulebook import load_rulebook
from cleannews.boilerplate.units import units_of
from cleannews.reading.plain import read_plain

HERE = Path(__file__).parent
DATA = HERE.parent.parent / "shared" / "data"
TARGET = HERE.parent / "src" / "cleannews" / "boilerplate" / "scorer.json"
SETS = ("wcxb", "fundus_eval", "scrapinghub")
SHORTEST_ALIGNED = 16
"""Lines of fewer characters are compared with whole lines of the body."""
STYLES = ("container", "htmltext", "inscriptis", "soup", "markdown")
FORMAT = argparse.RawTextHelpFormatter

TREES, DEPTH, RATE = 220, 6, 0.12
BORDERS = 48
"""Most questions per feature; fewer make a smaller model and lose nothing."""
RANGES = (0, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99, 0.995, 1.01)
"""Raw probabilities among which the share of boilerplate is measured."""


@dataclass
class Text:
    """One text with its units, features and labels."""

    dataset: str
    style: str
    site: str
    fold: int
    features: np.ndarray
    labels: np.ndarray  # 1 keep, 0 drop, -1 not known
    words: np.ndarray
    claimed: np.ndarray  # a rule has claimed it already
    is_cleaned: bool


def labelled_texts(data: Path, folds: int) -> list[Text]:
    """Return all texts, each also in its cleaned form."""
    # Without the scorer's own rules: its features are what the others found.
    rulebook = load_rulebook(RULES_ONLY)
    matcher = matcher_of(rulebook)
    found: list[Text] = []
    files = [(s, t, data / f"text.{s}.{t}.jsonl.gz") for s in SETS for t in STYLES]
    files.append(("labelled", "labelled", data / "text.labelled.jsonl.gz"))
    for dataset, style, path in files:
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            for line in lines:
                record = json.loads(line)
                site = record.get("domain") or record.get("site") or record["id"]
                fold = fold_of(site, folds)
                labels = {x["i"]: _label(x) for x in record["lines"]}
                for is_cleaned in (False, True):
                    made = _text(record["text"], labels, is_cleaned, rulebook, matcher)
                    if made is not None:
                        found.append(Text(dataset, style, site, fold, *made, is_cleaned))
    for page, text, labels in flattened_pages(data):
        dataset, site = page["dataset"], page["site"]
        for is_cleaned in (False, True):
            made = _text(text, labels, is_cleaned, rulebook, matcher)
            if made is not None:
                found.append(Text(dataset, "page", site, fold_of(site, folds), *made, is_cleaned))
    return found


def flattened_pages(data: Path) -> Iterator[tuple[dict[str, Any], str, dict[int, int]]]:
    """Yield pages with their text and labels, flattened in two ways."""
    for page in article_pages(data):
        for is_broken in (False, True):
            text = flattened(page["html"], is_broken)
            if len(text) > SHORTEST:
                yield page, text, aligned(text, page["body"], page["title"] or "")


def aligned(text: str, body: str, title: str) -> dict[int, int]:
    """Label each line by how much of it the body holds; -1 where that cannot be told."""
    squeezed = "".join(body.split())
    body_lines = {"".join(line.split()) for line in body.split("\n")}
    known = {squeezed[i : i + 8] for i in range(len(squeezed) - 7)}
    heading = "".join(title.split())
    labels = {}
    for number, line in enumerate(text.split("\n")):
        own = "".join(line.split())
        if own == heading:
            labels[number] = -1
        elif len(own) < SHORTEST_ALIGNED:
            labels[number] = 1 if own in body_lines else -1 if own in squeezed else 0
        else:
            grams = [own[i : i + 8] for i in range(len(own) - 7)]
            share = sum(g in known for g in grams) / len(grams)
            labels[number] = 1 if share >= 0.8 else 0 if share <= 0.2 else -1
    return labels


def _label(line: dict[str, Any]) -> int:
    if line.get("optional"):
        return -1
    return {"keep": 1, "drop": 0}.get(line["label"], -1)


def _text(
    text: str, labels: dict[int, int], is_cleaned: bool, rulebook: Any, matcher: Any
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray] | None:
    """Features, labels and words of a text's units."""
    lines = text.split("\n")
    if is_cleaned:
        kept = [i for i in range(len(lines)) if labels.get(i, 1) != 0]
        if len(kept) == len(lines):
            return None
        lines, labels = [lines[i] for i in kept], {n: labels.get(i, -1) for n, i in enumerate(kept)}
        text = "\n".join(lines)
    at, label_at = 0, {}
    for i, line in enumerate(lines):
        if line.strip():
            label_at[at + len(line) - len(line.lstrip())] = labels.get(i, -1)
        at += len(line) + 1
    page = read_plain(text)
    if not page.blocks:
        return None
    units = units_of(page.blocks)
    context = detect_page(page, rulebook, matcher)
    features = features_of(units, context.claims)
    truth = []
    for unit in units:
        weights = {1: 0, 0: 0, -1: 0}
        for block in page.blocks[unit.first : unit.last + 1]:
            weights[label_at.get(block.start, -1)] += block.words + 1
        truth.append(-1 if weights[1] == weights[0] else int(weights[1] > weights[0]))
    words = np.array([u.words for u in units], dtype=np.float64)
    claimed = [all(map(context.is_removable, range(u.first, u.last + 1))) for u in units]
    return features.astype(np.float32), np.array(truth, dtype=np.int8), words, np.array(claimed)


def fit(texts: list[Text], trees: int = TREES) -> CatBoostClassifier:
    """Train on texts; a line weighs as the root of its words, a cleaned text a third."""
    features = np.concatenate([t.features for t in texts])
    labels = np.concatenate([t.labels for t in texts])
    weights = np.concatenate(
        [(np.sqrt(np.minimum(t.words, 60)) + 0.5) * (0.33 if t.is_cleaned else 1) for t in texts]
    )
    known = labels >= 0
    model = CatBoostClassifier(
        iterations=trees, depth=DEPTH, learning_rate=RATE, l2_leaf_reg=5, random_seed=1,
        verbose=False, thread_count=2, border_count=BORDERS, bootstrap_type="No",
    )  # fmt: skip
    model.fit(features[known], labels[known], sample_weight=weights[known])
    return model


def exported(model: CatBoostClassifier, calibration: list[list[float]]) -> str:
    """The trees as JSON: feature and border of each level, value of each leaf."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "model.json"
        model.save_model(str(path), format="json")
        raw = json.loads(path.read_text(encoding="utf-8"))
    trees = raw["oblivious_trees"]
    scale, bias = raw["scale_and_bias"]
    told = {
        "features": list(FEATURES),
        "bias": float(np.asarray(bias).ravel()[0]),
        "scale": float(scale),
        "calibration": calibration,
        "columns": [[s["float_feature_index"] for s in t["splits"]] for t in trees],
        "borders": [[round(s["border"], 5) for s in t["splits"]] for t in trees],
        "leaves": [[round(v, 4) for v in t["leaf_values"]] for t in trees],
    }
    return json.dumps(told, separators=(",", ":")) + "\n"


def calibrate(doubts: np.ndarray, is_drop: np.ndarray) -> list[list[float]]:
    """Share of boilerplate among the lines of each range of raw probability, made to rise."""
    steps, least = [[0.0, 0.0]], 0.0
    print("| raw probability | lines | boilerplate |\n|---|---|---|")
    for low, high in pairwise(RANGES):
        inside = (doubts >= low) & (doubts < high)
        share = float(is_drop[inside].mean())
        print(f"| {low} to {min(high, 1)} | {int(inside.sum())} | {share:.3f} |")
        least = max(least, share)
        steps.append([round(float(doubts[inside].mean()), 4), round(least, 4)])
    return [*steps, [1.0, steps[-1][1]]]


def cross_validated(
    texts: list[Text], folds: int, start: float
) -> tuple[list[CatBoostClassifier], list[list[float]]]:
    """Train without each fold, score it, and calibrate on all of these scores."""
    models, doubts, drops = [], [], []
    for fold in range(folds):
        models.append(fit([t for t in texts if t.fold != fold]))
        for text in texts:
            if text.fold == fold and not text.is_cleaned:
                known = (text.labels >= 0) & ~text.claimed
                if known.any():
                    doubts.append(models[-1].predict_proba(text.features[known])[:, 0])
                    drops.append(text.labels[known] == 0)
        print(f"fold {fold} done, {_since(start)}", flush=True)
    return models, calibrate(np.concatenate(doubts), np.concatenate(drops))


def _since(start: float) -> str:
    return f"{time.time() - start:.0f} s"


def main() -> None:
    """Cross-validate, then train on everything and write the model."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=FORMAT)
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--folds", type=int, default=5)
    parser.add_argument("--models", type=Path, help="write each fold's model into this folder")
    args = parser.parse_args()
    start = time.time()
    texts = labelled_texts(args.data, args.folds)
    print(f"{len(texts)} texts, {sum(len(t.labels) for t in texts)} units, {_since(start)}")
    models, calibration = cross_validated(texts, args.folds, start)
    if args.models:
        args.models.mkdir(parents=True, exist_ok=True)
        for fold, model in enumerate(models):
            told = exported(model, calibration)
            (args.models / f"{fold}.json").write_text(told, encoding="utf-8")
    TARGET.write_text(exported(fit(texts), calibration), encoding="utf-8")
    print(f"{TARGET.name}: {TARGET.stat().st_size} bytes, {_since(start)}")


if __name__ == "__main__":
    main()

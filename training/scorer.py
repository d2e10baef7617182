"""Rebuild ``src/cleannews/boilerplate/scorer.npz``: the learned main-text scorer.

    pip install '.[train]' && python training/scorer.py [--data DIR] [--folds 5] [--models DIR]

The sites are dealt into folds by a hash of their name, so that a site is never in training and test
at once. First the lexicon: weights of words, by logistic regression. Then trees over the features
of lines, oblivious ones (one question per level), which numpy answers for all lines of a page at
once. What the lexicon says of a training text comes from a lexicon that has not seen its site, as
it will for the pages of users. ``--models`` writes one model for each fold, trained without that
fold's sites, lexicon included: those are what quality is measured with. The result is the same, bit
for bit, for the same data and the same releases of CatBoost, scikit-learn and numpy.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from catboost import CatBoostClassifier
from lexicon import UNIT, Words
from texts import DATA, UNKNOWN, Text, labelled_texts

from cleannews.boilerplate.features import FEATURES, features_of
from cleannews.boilerplate.lexicon import Lexicon, Lines

HERE = Path(__file__).parent
TARGET = HERE.parent / "src" / "cleannews" / "boilerplate" / "scorer.npz"
FORMAT = argparse.RawTextHelpFormatter

TREES, DEPTH, RATE = 260, 6, 0.1
BORDERS = 48
"""Most questions per feature; fewer make a smaller model and lose nothing."""
SIDES = 0.33
"""Weight of a cleaned text beside the text as it is."""
UNSURE = 0.5
"""Weight of a label that was worked out beside one that was given."""
LEAF_UNIT = 1 / 4096
RANGES = (0, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99, 0.995, 1.01)
"""Raw probabilities among which the share of boilerplate is measured."""

Found = tuple[np.ndarray, np.ndarray]


def table_of(texts: Sequence[Text], lexicon: Found) -> list[np.ndarray]:
    """Return the features of texts under one lexicon."""
    lines = Lines(Lexicon(lexicon[0], lexicon[1].astype(np.float32) * np.float32(UNIT)))
    return [features_of(t.units, t.claims, lines).astype(np.float32) for t in texts]


def tables(
    texts: Sequence[Text], words: Words, folds: Sequence[int], without: Sequence[int] = ()
) -> dict[int, list[np.ndarray]]:
    """Return the features of each fold's texts, by a lexicon without it and without others."""
    return {
        fold: table_of([t for t in texts if t.fold == fold], words.fit([fold, *without]))
        for fold in folds
    }


def weights_of(text: Text) -> np.ndarray:
    """Return the weight of each unit: a line weighs as the root of its words."""
    size = np.array([u.words for u in text.units], dtype=np.float64)
    weights = np.sqrt(np.minimum(size, 60)) + 0.5
    return weights * np.where(text.is_sure, 1, UNSURE) * (SIDES if text.is_cleaned else 1)


def fit(texts: Sequence[Text], features: Sequence[np.ndarray]) -> CatBoostClassifier:
    """Train trees."""
    labels = np.concatenate([t.labels for t in texts])
    weights = np.concatenate([weights_of(t) for t in texts])
    known = labels != UNKNOWN
    table = np.concatenate(features)[known]
    model = CatBoostClassifier(
        iterations=TREES, depth=DEPTH, learning_rate=RATE, l2_leaf_reg=8, random_seed=1,
        verbose=False, thread_count=2, border_count=BORDERS, bootstrap_type="No", rsm=0.3,
    )  # fmt: skip
    model.fit(table, labels[known], sample_weight=weights[known])
    return model


def exported(model: CatBoostClassifier, lexicon: Found, calibration: Found) -> dict[str, Any]:
    """The model as plain arrays: question of each level, value of each leaf, weights of words."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "model.json"
        model.save_model(str(path), format="json")
        raw = json.loads(path.read_text(encoding="utf-8"))
    trees = raw["oblivious_trees"]
    scale, bias = raw["scale_and_bias"]
    leaves = np.array([t["leaf_values"] for t in trees]) * float(scale) / LEAF_UNIT
    return {
        "features": np.array(FEATURES),
        "columns": np.array(
            [[s["float_feature_index"] for s in t["splits"]] for t in trees], dtype=np.int16
        ).T.copy(),
        "borders": np.array(
            [[s["border"] for s in t["splits"]] for t in trees], dtype=np.float32
        ).T.copy(),
        "leaves": np.round(leaves).astype(np.int16),
        "leaf_unit": np.float64(LEAF_UNIT),
        "bias": np.float64(np.asarray(bias).ravel()[0]),
        "hashes": lexicon[0],
        "weights": lexicon[1],
        "weight_unit": np.float64(UNIT),
        "raw": calibration[0],
        "shares": calibration[1],
    }


def calibrate(doubts: np.ndarray, is_drop: np.ndarray) -> Found:
    """Share of boilerplate among the lines of each range of raw probability, made to rise."""
    raw, shares, least = [0.0], [0.0], 0.0
    print("| raw probability | lines | boilerplate |\n|---|---|---|")
    for low, high in pairwise(RANGES):
        inside = (doubts >= low) & (doubts < high)
        share = float(is_drop[inside].mean())
        print(f"| {low} to {min(high, 1)} | {int(inside.sum())} | {share:.3f} |")
        least = max(least, share)
        raw.append(round(float(doubts[inside].mean()), 4))
        shares.append(round(least, 4))
    return np.array([*raw, 1.0]), np.array([*shares, shares[-1]])


def cross_validated(
    texts: Sequence[Text], words: Words, folds: int, start: float
) -> tuple[list[tuple[CatBoostClassifier, Found]], Found]:
    """Train without each fold, score it, and calibrate on all of these scores."""
    models, doubts, drops = [], [], []
    for fold in range(folds):
        inner = tables(texts, words, [f for f in range(folds) if f != fold], [fold])
        rest = [t for other in inner for t in texts if t.fold == other]
        model = fit(rest, [f for found in inner.values() for f in found])
        del inner
        lexicon = words.fit([fold])
        models.append((model, lexicon))
        tests = [t for t in texts if t.fold == fold and not t.is_cleaned]
        for text, features in zip(tests, table_of(tests, lexicon), strict=True):
            claimed = np.array([u.first in text.claims for u in text.units])
            known = text.is_sure & ~claimed
            if known.any():
                doubts.append(model.predict_proba(features[known])[:, 0])
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
    words = Words(texts)
    models, calibration = cross_validated(texts, words, args.folds, start)
    if args.models:
        args.models.mkdir(parents=True, exist_ok=True)
        for fold, (model, lexicon) in enumerate(models):
            np.savez(args.models / f"{fold}.npz", **exported(model, lexicon, calibration))
    found = tables(texts, words, range(args.folds))
    ordered = [t for fold in found for t in texts if t.fold == fold]
    model = fit(ordered, [f for features in found.values() for f in features])
    np.savez(TARGET, **exported(model, words.fit([]), calibration))
    print(f"{TARGET.name}: {TARGET.stat().st_size} bytes, {_since(start)}")


if __name__ == "__main__":
    main()

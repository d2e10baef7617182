"""Rebuild ``src/cleannews/boilerplate/scorer.npz``: the learned main-text scorer.

    pip install '.[train]'
    python training/scorer.py [--data DIR] [--folds 5] [--models DIR] [--lines-alone DIR]

The sites are dealt into folds by a hash of their name, so that a site is never in training and test
at once. First the lexicon: weights of words, by logistic regression. Then trees over the features
of lines, oblivious ones (one question per level), and small convolutional networks over the lines
of a page; numpy answers both for all lines of a page at once, and their scores are averaged. What
the lexicon says of a training text comes from a lexicon that has not seen its site, as it will for
the pages of users. ``--models`` writes one model for each fold, trained without that fold's sites,
lexicon included: those are what quality is measured with. The result is the same, bit for bit, for
the same data, the same kind of processor and the same releases of CatBoost, JAX, scikit-learn and
numpy.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from catboost import CatBoostClassifier
from lexicon import UNIT, Words
from network import Make, Pages, fit_networks
from texts import DATA, UNKNOWN, Text, labelled_texts

from cleannews.boilerplate.characters import SHAPE
from cleannews.boilerplate.features import FEATURES, features_of
from cleannews.boilerplate.forest import logistic
from cleannews.boilerplate.lexicon import WORDING, Lexicon, Lines
from cleannews.boilerplate.network import network_of
from cleannews.boilerplate.scorer import story_of

HERE = Path(__file__).parent
TARGET = HERE.parent / "src" / "cleannews" / "boilerplate" / "scorer.npz"
FORMAT = argparse.RawTextHelpFormatter

BAGS, TREES, DEPTH, RATE = 2, 80, 6, 0.2
"""Sets of trees, trees in each, questions of a tree, step of each tree."""
SHARE = 0.5
"""Share of the sites that a set of trees is trained on."""
BORDERS = 32
"""Most questions per feature; fewer make a smaller model and lose nothing."""
SIDES = 0.33
"""Weight of a cleaned text beside the text as it is."""
UNSURE = 0.5
"""Weight of a label that was worked out beside one that was given."""
NET_SHARE = 0.6
"""What the networks' score counts; the trees' counts the rest."""
KINDS = {"claim_category": (-1, 23), "mark": (0, 8)}
"""Columns that name one of several kinds: least value, number of values."""
MAKE = Make(
    columns=len(FEATURES),
    choices=tuple((FEATURES.index(name), *values) for name, values in KINDS.items()),
    networks=2, channels=32, epochs=6, rows=6144, warm=200,
)  # fmt: skip
SURE = 0.8
"""Confidence from which on the rules decide and the score does not matter."""
LEAF_UNIT = 1 / 8192
RANGES = (0, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99, 0.995, 1.01)
"""Raw probabilities among which the share of boilerplate is measured."""

OWN_COLUMNS = len(SHAPE) + len(WORDING)
"""The first columns, which tell of a line itself."""

Found = tuple[np.ndarray, np.ndarray]


@dataclass(frozen=True)
class Judges:
    """What gives a line its score.

    Attributes:
        trees: Sets of trees.
        networks: The networks' arrays; none where lines are judged alone.
    """

    trees: list[CatBoostClassifier]
    networks: dict[str, Any] = field(default_factory=dict)


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


def fit(texts: Sequence[Text], features: Sequence[np.ndarray], *, alone: bool = False) -> Judges:
    """Train the sets of trees and, unless lines are to be judged alone, the networks."""
    weights = [weights_of(t) for t in texts]
    trees = fit_trees(texts, features, weights)
    if alone:
        return Judges(trees)
    pages = Pages(
        MAKE,
        np.concatenate(features),
        [len(t.labels) for t in texts],
        np.concatenate([t.labels for t in texts]),
        np.concatenate(weights),
        np.concatenate([free_words(t) for t in texts]),
        [SIDES if t.is_cleaned else 1.0 for t in texts],
    )
    return Judges(trees, fit_networks(pages))


def free_words(text: Text) -> np.ndarray:
    """Return the words of each unit; 0 where the rules decide."""
    sure = {i for i, c in text.claims.items() if c.safety == "safe" and c.confidence >= SURE}
    return np.array(
        [0 if sure.issuperset(range(u.first, u.last + 1)) else u.words for u in text.units]
    )


def fit_trees(
    texts: Sequence[Text], features: Sequence[np.ndarray], weights: Sequence[np.ndarray]
) -> list[CatBoostClassifier]:
    """Train the sets of trees."""
    labels = [t.labels for t in texts]
    models = []
    for bag in range(BAGS):
        own = [i for i, t in enumerate(texts) if site_draw(t.site, bag) < SHARE]
        truth = np.concatenate([labels[i] for i in own])
        known = truth != UNKNOWN
        model = CatBoostClassifier(
            iterations=TREES, depth=DEPTH, learning_rate=RATE, l2_leaf_reg=8, random_seed=bag,
            verbose=False, thread_count=2, border_count=BORDERS, bootstrap_type="No", rsm=0.4,
        )  # fmt: skip
        table = np.concatenate([features[i] for i in own])[known]
        weight = np.concatenate([weights[i] for i in own])[known]
        model.fit(table, truth[known], sample_weight=weight)
        models.append(model)
    return models


def site_draw(site: str, bag: int) -> float:
    """A number in 0..1 that is a site's own, and another one in each bag."""
    digest = hashlib.sha1(f"{bag} {site}".encode(), usedforsecurity=False).digest()
    return int.from_bytes(digest[:4], "big") / 2**32


def keep_of(judges: Judges, features: np.ndarray) -> np.ndarray:
    """Return the probability that each line of a page belongs to the story."""
    raw = [m.predict(features, prediction_type="RawFormulaVal") for m in judges.trees]
    scores = np.mean(raw, axis=0)
    if networks := network_of(judges.networks):
        scores = (1 - NET_SHARE) * scores + NET_SHARE * networks.scores(features)
    return logistic(scores)


def forest_of(models: Sequence[CatBoostClassifier], name: str = "") -> dict[str, Any]:
    """The trees as plain arrays, averaged: question of each level, value of each leaf."""
    trees, leaves, bias = [], [], 0.0
    with tempfile.TemporaryDirectory() as folder:
        for model in models:
            path = Path(folder) / "model.json"
            model.save_model(str(path), format="json")
            raw = json.loads(path.read_text(encoding="utf-8"))
            scale, own_bias = raw["scale_and_bias"]
            trees += raw["oblivious_trees"]
            share = float(scale) / len(models) / LEAF_UNIT
            leaves += [np.array(t["leaf_values"]) * share for t in raw["oblivious_trees"]]
            bias += float(np.asarray(own_bias).ravel()[0]) / len(models)
    levels = max(len(t["splits"]) for t in trees)
    # A tree that found less to ask asks for the rest whether a column is beyond all bounds.
    missing = {"float_feature_index": 0, "border": np.inf}
    splits = [[*t["splits"], *[missing] * (levels - len(t["splits"]))] for t in trees]
    leaves = [np.resize(own, 1 << levels) for own in leaves]
    columns = [[s["float_feature_index"] for s in own] for own in splits]
    borders = [[s["border"] for s in own] for own in splits]
    return {
        f"{name}columns": np.array(columns, dtype=np.int16).T.copy(),
        f"{name}borders": np.array(borders, dtype=np.float32).T.copy(),
        f"{name}leaves": np.round(leaves).astype(np.int16),
        f"{name}leaf_unit": np.float64(LEAF_UNIT),
        f"{name}bias": np.float64(bias),
    }


def exported(judges: Judges, lexicon: Found, calibration: Found) -> dict[str, Any]:
    """The model as plain arrays: trees, networks, weights of words, calibration."""
    share = {"net_share": np.float64(NET_SHARE)} if judges.networks else {}
    return {
        "features": np.array(FEATURES),
        **forest_of(judges.trees),
        **judges.networks,
        **share,
        "hashes": lexicon[0],
        "weights": lexicon[1],
        "weight_unit": np.float64(UNIT),
        "raw": calibration[0],
        "shares": calibration[1],
    }


def calibrate(doubts: np.ndarray, is_inside: np.ndarray, is_drop: np.ndarray) -> Found:
    """Share of boilerplate among the lines of each range of raw probability, made to rise."""
    middles, rows = [], []
    print("| raw probability | outside: lines | boilerplate | inside: lines | boilerplate |")
    print("|---|---|---|---|---|")
    for low, high in pairwise(RANGES):
        here = (doubts >= low) & (doubts < high)
        middles.append(round(float(doubts[here].mean()), 4))
        own = [here & side for side in (~is_inside, is_inside)]
        rows.append([float(is_drop[lines].mean()) for lines in own])
        cells = " | ".join(
            f"{int(lines.sum())} | {share:.3f}" for lines, share in zip(own, rows[-1], strict=True)
        )
        print(f"| {low} to {min(high, 1)} | {cells} |")
    shares = np.maximum.accumulate(np.array(rows).T, axis=1)
    ends = np.zeros((2, 1)), shares[:, -1:]
    return np.array([0.0, *middles, 1.0]), np.round(np.hstack([ends[0], shares, ends[1]]), 4)


def cross_validated(
    texts: Sequence[Text], words: Words, folds: int, start: float, columns: slice = slice(None)
) -> tuple[list[tuple[Judges, Found]], Found]:
    """Train without each fold, score it, and calibrate on all of these scores.

    Columns that are not wanted are emptied, so that no question is asked of them; then no network
    sees a line's neighbours either.
    """
    unwanted = np.setdiff1d(np.arange(len(FEATURES)), np.arange(len(FEATURES))[columns])
    models = []
    doubts: list[np.ndarray] = []
    insides: list[np.ndarray] = []
    drops: list[np.ndarray] = []
    for fold in range(folds):
        inner = tables(texts, words, [f for f in range(folds) if f != fold], [fold])
        rest = [t for other in inner for t in texts if t.fold == other]
        features = [f for found in inner.values() for f in found]
        for table in features:
            table[:, unwanted] = 0
        model = fit(rest, features, alone=len(unwanted) > 0)
        del inner, features
        lexicon = words.fit([fold])
        models.append((model, lexicon))
        tests = [t for t in texts if t.fold == fold and not t.is_cleaned]
        for text, features in zip(tests, table_of(tests, lexicon), strict=True):
            claimed = np.array([u.first in text.claims for u in text.units])
            size = np.array([u.words for u in text.units])
            keep = keep_of(model, features)
            story = story_of(keep, np.where(claimed, 0, size))
            known = text.is_sure & ~claimed
            if story is not None and known.any():
                index = np.flatnonzero(known)
                doubts.append(1 - keep[known])
                insides.append((index >= story[0]) & (index <= story[1]))
                drops.append(text.labels[known] == 0)
        print(f"fold {fold} done, {_since(start)}", flush=True)
    return models, calibrate(*map(np.concatenate, (doubts, insides, drops)))


def _since(start: float) -> str:
    return f"{time.time() - start:.0f} s"


def write_folds(folder: Path, models: Sequence[tuple[Judges, Found]], calibration: Found) -> None:
    """Write one file for each fold."""
    folder.mkdir(parents=True, exist_ok=True)
    for fold, (model, lexicon) in enumerate(models):
        np.savez(folder / f"{fold}.npz", **exported(model, lexicon, calibration))


def main() -> None:
    """Cross-validate, then train on everything and write the model."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=FORMAT)
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--folds", type=int, default=5)
    parser.add_argument("--models", type=Path, help="write each fold's model into this folder")
    parser.add_argument("--lines-alone", type=Path, help="and those of the comparison into this")
    args = parser.parse_args()
    start = time.time()
    texts = labelled_texts(args.data, args.folds)
    print(f"{len(texts)} texts, {sum(len(t.labels) for t in texts)} units, {_since(start)}")
    words = Words(texts)
    if args.lines_alone:
        own = cross_validated(texts, words, args.folds, start, slice(OWN_COLUMNS))
        write_folds(args.lines_alone, *own)
        if not args.models:
            return
    models, calibration = cross_validated(texts, words, args.folds, start)
    if args.models:
        write_folds(args.models, models, calibration)
    found = tables(texts, words, range(args.folds))
    ordered = [t for fold in found for t in texts if t.fold == fold]
    model = fit(ordered, [f for features in found.values() for f in features])
    np.savez(TARGET, **exported(model, words.fit([]), calibration))
    print(f"{TARGET.name}: {TARGET.stat().st_size} bytes, {_since(start)}")


if __name__ == "__main__":
    main()

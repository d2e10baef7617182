"""Quality on flattened pages of sites unseen in training: settings, ablation, reliability, dial.

    python training/scorer.py --models FOLDER [--lines-alone FOLDER]
    python benchmarks/cross_validated.py FOLDER [--lines-alone FOLDER] [--every N] [--json FILE]

Each text is cleaned with the model that was trained without its site (`FOLDER` holds one model for
each fold). The measures are the evaluation script's: word F1 against the body, harm (share of texts
that lose more than 5 % of their body), residue (median words beyond the body), line F1. Texts in
one line, the style `para`, have no line labels and stand apart. `--lines-alone` names models that
see single lines only, for the ablation. Reliability: of the labelled lines that the default setting
removed with a confidence, the share that is boilerplate. The dial: harm and residue at other
thresholds of the scorer.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import importlib
import json
import sys
from bisect import bisect_right
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from rules_only import OPTIONS as RULES_ONLY

import cleannews
from cleannews import CleanOptions, CleanResult, options
from cleannews.boilerplate import scorer

SHARED = Path(__file__).parent.parent.parent / "shared"
SETS = ("wcxb", "fundus_eval", "scrapinghub")
STYLES = ("container", "htmltext", "inscriptis", "soup", "markdown", "para")
FORMAT = argparse.RawTextHelpFormatter
SETTINGS = {
    "rules alone": RULES_ONLY,
    "keep_more": CleanOptions(strictness="keep_more"),
    "balanced": CleanOptions(),
    "strict": CleanOptions(strictness="strict"),
}
ALONE = "single lines"
"""The ablation's setting: a scorer that sees no line's neighbours."""
BINS = (0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.98, 1.01)
DIAL = (0.95, 0.9, 0.8, 0.7, 0.6, 0.4)


def fold_of(site: str, folds: int) -> int:
    """Return the fold that a site is dealt into, as the training script does."""
    return int(hashlib.sha1(site.encode(), usedforsecurity=False).hexdigest(), 16) % folds


def with_folds(folder: Path) -> Callable[[str], None]:
    """Return a function that makes cleannews use the model that has not seen a site."""
    models = [scorer.read_model(path) for path in sorted(folder.glob("*.npz"))]
    if not models:
        raise SystemExit(f"{folder}: no models; write them with training/scorer.py --models")

    def use(site: str) -> None:
        scorer.model = lambda: models[fold_of(site, len(models))]  # type: ignore[assignment]

    return use


def records(data: Path, every: int) -> Iterator[dict[str, Any]]:
    """Yield every n-th text of each set and style."""
    for dataset in SETS:
        for style in STYLES:
            path = data / f"text.{dataset}.{style}.jsonl.gz"
            with gzip.open(path, "rt", encoding="utf-8") as lines:
                for number, line in enumerate(lines):
                    if number % every == 0:
                        yield {**json.loads(line), "dataset": dataset}


def groups_of(record: dict[str, Any]) -> tuple[str, ...]:
    """Return what a text counts in; texts in one line count apart."""
    if record["style"] == "para":
        return ("para",)
    return ("all", record["dataset"], record["style"])


def spans_of(result: CleanResult) -> list[dict[str, int]]:
    """Return what went as the evaluation script takes it: exact where lines are alike."""
    return [{"start": r.span.start, "end": r.span.end} for r in result.removed]


def removed_lines(record: dict[str, Any], result: CleanResult) -> Iterator[tuple[float, bool]]:
    """Yield confidence and rightness of each labelled line that is gone as a whole."""
    starts, at = [], 0
    lines = record["text"].split("\n")
    for line in lines:
        starts.append(at)
        at += len(line) + 1
    labels = {x["i"]: x["label"] for x in record["lines"]}
    for removal in result.removed:
        first = bisect_right(starts, removal.span.start) - 1
        for i in range(first, len(lines)):
            line = lines[i].strip()
            start = starts[i] + lines[i].find(line)
            if start >= removal.span.end:
                break
            is_whole = line and removal.span.start <= start <= removal.span.end - len(line)
            if is_whole and labels.get(i) in ("keep", "drop"):
                yield removal.confidence, labels[i] == "drop"


def dial(texts: list[dict[str, Any]], use: Callable[[str], None], flat: Any) -> list[list[float]]:
    """Harm, median residue and word F1 at several thresholds of the scorer."""
    told = []
    before = options.MINIMUM_SCORED["balanced"]
    for threshold in DIAL:
        options.MINIMUM_SCORED["balanced"] = {"outside": threshold, "inside": threshold}
        score = flat.Score()
        for record in texts:
            use(record["domain"])
            spans = spans_of(cleannews.clean(record["text"]))
            score.add(record, *flat.measure(record, spans))
        row = score.row()
        told.append([threshold, row["harm"], row["resMed"], row["wordF1"]])
    options.MINIMUM_SCORED["balanced"] = before
    return told


def main() -> None:
    """Print one table for each setting."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=FORMAT)
    parser.add_argument("models", type=Path, metavar="FOLDER")
    parser.add_argument("--lines-alone", type=Path, metavar="FOLDER")
    parser.add_argument("--data", type=Path, default=SHARED / "data")
    parser.add_argument("--eval", type=Path, default=SHARED / "eval")
    parser.add_argument("--every", type=int, default=1)
    parser.add_argument("--json", type=Path)
    args = parser.parse_args()
    sys.path.insert(0, str(args.eval))
    flat = importlib.import_module("flat")
    passes = [(SETTINGS, with_folds(args.models))]
    if args.lines_alone:
        passes.append(({ALONE: CleanOptions()}, with_folds(args.lines_alone)))
    order = [name for settings, _ in passes for name in settings]
    scores: dict[tuple[str, str], Any] = {}
    right: dict[str, list[list[int]]] = {}
    for settings, use in passes:
        for record in records(args.data, args.every):
            use(record["domain"])
            for name, chosen in settings.items():
                result = cleannews.clean(record["text"], options=chosen)
                measured = flat.measure(record, spans_of(result))
                for group in groups_of(record):
                    scores.setdefault((name, group), flat.Score()).add(record, *measured)
                bins = right.setdefault(name, [[0, 0] for _ in BINS])
                for confidence, is_right in removed_lines(record, result):
                    here = bins[max(0, bisect_right(BINS, confidence) - 1)]
                    here[0] += 1
                    here[1] += is_right
    print("| setting | texts | word F1 | line F1 | harm | residue |\n|---|---|---|---|---|---|")
    rows = {}
    for (name, group), score in sorted(scores.items(), key=lambda s: order.index(s[0][0])):
        row = rows[f"{name}, {group}"] = score.row()
        line_f1 = "-" if row["lineF1"] is None else f"{row['lineF1']:.3f}"
        print(
            f"| {name}, {group} | {row['docs']} | {row['wordF1']:.3f} | {line_f1} "
            f"| {row['harm']:.3f} | {row['resMed']:.0f} |"
        )
    bins = right["balanced"]
    print("\n| removed with confidence | lines | boilerplate |\n|---|---|---|")
    for low, high, (count, good) in zip(BINS, BINS[1:], bins, strict=False):
        if count:
            print(f"| {low} to {min(high, 1)} | {count} | {good / count:.3f} |")
    sure = [sum(b[i] for low, b in zip(BINS, bins, strict=True) if low >= 0.9) for i in (0, 1)]
    print(f"| 0.9 and up | {sure[0]} | {sure[1] / max(1, sure[0]):.3f} |")
    texts = [r for i, r in enumerate(records(args.data, args.every)) if i % 3 == 0 and r["lines"]]
    curve = dial(texts, passes[0][1], flat)
    print("\n| scorer's threshold | harm | residue | word F1 |\n|---|---|---|---|")
    for threshold, harm, residue, word_f1 in curve:
        print(f"| {threshold} | {harm:.3f} | {residue:.0f} | {word_f1:.3f} |")
    if args.json:
        told = {"rows": rows, "bins": list(zip(BINS, bins, strict=True)), "dial": curve}
        args.json.write_text(json.dumps(told, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()

"""Quality on flattened pages of sites unseen in training, with the learned scorer and without.

    python training/scorer.py --models FOLDER && python benchmarks/cross_validated.py FOLDER
        [--data DIR] [--eval DIR] [--every N]

Each text is cleaned with the model that was trained without its site (`FOLDER` holds one model for
each fold). The measures are the evaluation script's: word F1 against the body, harm (share of texts
that lose more than 5 % of their body), residue (median words beyond the body), line F1.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import importlib
import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from rules_only import OPTIONS as RULES_ONLY

import cleannews
from cleannews import CleanOptions
from cleannews.boilerplate import scorer

SHARED = Path(__file__).parent.parent.parent / "shared"
SETS = ("wcxb", "fundus_eval", "scrapinghub")
STYLES = ("container", "htmltext", "inscriptis", "soup", "markdown")
FORMAT = argparse.RawTextHelpFormatter
SETTINGS = {
    "rules alone": RULES_ONLY,
    "keep_more": CleanOptions(strictness="keep_more"),
    "balanced": CleanOptions(),
    "strict": CleanOptions(strictness="strict"),
}


def fold_of(site: str, folds: int) -> int:
    """Return the fold that a site is dealt into, as the training script does."""
    return int(hashlib.sha1(site.encode(), usedforsecurity=False).hexdigest(), 16) % folds


def with_folds(folder: Path) -> Callable[[str], None]:
    """Return a function that makes cleannews use the model that has not seen a site."""
    paths = sorted(folder.glob("*.json"))
    models = [scorer.read_model(path.read_text(encoding="utf-8")) for path in paths]

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


def main() -> None:
    """Print one table for each setting."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=FORMAT)
    parser.add_argument("models", type=Path, metavar="FOLDER")
    parser.add_argument("--data", type=Path, default=SHARED / "data")
    parser.add_argument("--eval", type=Path, default=SHARED / "eval")
    parser.add_argument("--every", type=int, default=1)
    args = parser.parse_args()
    sys.path.insert(0, str(args.eval))
    flat = importlib.import_module("flat")
    use = with_folds(args.models)
    scores: dict[tuple[str, str], Any] = {}
    for record in records(args.data, args.every):
        use(record["domain"])
        for name, options in SETTINGS.items():
            text = cleannews.clean(record["text"], options=options).text
            measured = flat.measure(record, text)
            for group in ("all", record["dataset"], record["style"]):
                scores.setdefault((name, group), flat.Score()).add(record, *measured)
    print("| setting | texts | word F1 | line F1 | harm | residue |\n|---|---|---|---|---|---|")
    for (name, group), score in sorted(scores.items(), key=lambda s: list(SETTINGS).index(s[0][0])):
        row = score.row()
        print(
            f"| {name}, {group} | {row['docs']} | {row['wordF1']:.3f} | {row['lineF1']:.3f} "
            f"| {row['harm']:.3f} | {row['resMed']:.0f} |"
        )


if __name__ == "__main__":
    main()

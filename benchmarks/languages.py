"""Quality by language, on pages flattened here, of sites unseen in training.

    python training/scorer.py --models FOLDER && python benchmarks/languages.py FOLDER
        [--data DIR] [--eval DIR]

Whole pages of newspapers in a dozen languages, one line for each block. The measures are those of
``cross_validated.py``; languages with fewer than three pages count in the total only. A second
table tells what is taken from the bodies alone, which hold nothing to remove but what their
collection left in.
"""

from __future__ import annotations

import argparse
import importlib
import re
import sys
from pathlib import Path
from typing import Any

from cross_validated import FORMAT, SETTINGS, SHARED, with_folds
from flattening import SHORTEST, article_pages, flattened

import cleannews

FEWEST = 3
ALONE = ("rules alone", "balanced")
"""Settings under which the bodies are cleaned alone."""
_HAN = re.compile("[\u4e00-\u9fff]")


def language_of(record: dict[str, Any]) -> str:
    """Return a page's language, Chinese where the body is mostly Han characters."""
    body = record["body"]
    is_han = len(_HAN.findall(body)) > 0.3 * len(body)
    return str(record["lang"] or ("zh" if is_han else "not told"))


def letters(text: str) -> int:
    """Return the number of characters that are no white space."""
    return len("".join(text.split()))


def main() -> None:
    """Print one table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=FORMAT)
    parser.add_argument("models", type=Path, metavar="FOLDER")
    parser.add_argument("--data", type=Path, default=SHARED / "data")
    parser.add_argument("--eval", type=Path, default=SHARED / "eval")
    args = parser.parse_args()
    sys.path.insert(0, str(args.eval))
    flat = importlib.import_module("flat")
    use = with_folds(args.models)
    scores: dict[tuple[str, str], Any] = {}
    bodies: dict[str, list[int]] = {}
    for page in article_pages(args.data):
        use(page["site"])
        groups = ("all", language_of(page))
        left = [letters(cleannews.clean(page["body"], options=SETTINGS[s]).text) for s in ALONE]
        for group in groups:
            counted = bodies.setdefault(group, [0] * (2 + len(ALONE)))
            for i, value in enumerate((1, letters(page["body"]), *left)):
                counted[i] += value
        text = flattened(page["html"], is_broken=False)
        if len(text) <= SHORTEST:
            continue
        record = {"text": text, "body": page["body"], "style": "htmltext", "lines": []}
        for name, options in SETTINGS.items():
            out = cleannews.clean(text, options=options).text
            measured = flat.measure(record, out)
            for group in groups:
                scores.setdefault((group, name), flat.Score()).add(record, *measured)
    print("| language | setting | pages | word F1 | harm | residue |\n|---|---|---|---|---|---|")
    for (group, name), score in sorted(scores.items(), key=lambda s: s[0][0]):
        row = score.row()
        if row["docs"] >= FEWEST:
            print(
                f"| {group} | {name} | {row['docs']} | {row['wordF1']:.3f} "
                f"| {row['harm']:.3f} | {row['resMed']:.0f} |"
            )
    print(f"\n| bodies alone | pages | removed, {' | '.join(ALONE)} |\n|---|---|---|---|")
    for group, (count, before, *after) in sorted(bodies.items()):
        if count >= FEWEST:
            shares = " | ".join(f"{1 - left / before:.2%}" for left in after)
            print(f"| {group} | {count} | {shares} |")


if __name__ == "__main__":
    main()

"""Choice of the original in generated clusters whose dates are partly missing or wrong.

    python benchmarks/duplicates_original.py [--n 6000] [--seed 56] [--missing 0.1] [--wrong 0.05]

A wrong date is up to ten days off. Titles and addresses are not shown. Of every cluster with
exactly one true original it is asked whether that one was chosen, and if the confidence is true.
"""

from __future__ import annotations

import argparse
import importlib
import itertools
import random
import sys
from collections import Counter
from datetime import date, timedelta
from pathlib import Path

import cleannews

EVAL = Path(__file__).parent.parent.parent / "shared" / "eval"
BINS = (0.0, 0.5, 0.7, 0.9, 1.01)


def main() -> None:
    """Print accuracy, the kinds chosen wrongly, and a reliability table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--n", type=int, default=6000)
    parser.add_argument("--seed", type=int, default=56)
    parser.add_argument("--missing", type=float, default=0.1)
    parser.add_argument("--wrong", type=float, default=0.05)
    args = parser.parse_args()
    sys.path.insert(0, str(EVAL))
    maker = importlib.import_module("make_dup_corpus")
    made = list(itertools.islice(maker.make(args.n, args.seed), args.n))
    rng = random.Random(args.seed)
    given = []
    for document in made:
        draw, day = rng.random(), date.fromisoformat(document["date"])
        if args.missing <= draw < args.missing + args.wrong:
            day += timedelta(rng.randint(-10, 10))
        told = None if draw < args.missing else day.isoformat()
        given.append({"id": str(document["id"]), "text": document["text"], "date": told})
    rng.shuffle(given)
    by_id = {str(d["id"]): d for d in made}
    chosen: Counter[str] = Counter()
    judged = []
    for cluster in cleannews.find_duplicates(given).clusters:
        true = [m for m in cluster.members if by_id[m]["is_original"]]
        if len(true) == 1:
            is_right = cluster.original == true[0]
            judged.append((cluster.confidence, is_right))
            chosen[by_id[cluster.original]["kind"]] += not is_right
    share = sum(right for _, right in judged) / len(judged)
    print(f"{len(judged)} clusters with one original, {share:.3f} right")
    print("chosen instead:", ", ".join(f"{k} {n}" for k, n in chosen.most_common() if n))
    for low, high in itertools.pairwise(BINS):
        some = [right for confidence, right in judged if low <= confidence < high]
        if some:
            right = sum(some) / len(some)
            print(f"confidence {low:.1f} to {min(high, 1):.1f}: {len(some)}, right {right:.2f}")


if __name__ == "__main__":
    main()

"""What a site profile adds: pages of a site, cleaned with what was learned from 0 to 4 others.

    python training/scorer.py --models FOLDER && python benchmarks/site_profiles.py FOLDER
        [--data DIR] [--eval DIR] [--style NAME ...] [--strictness NAME] [--rules-alone] [--first]

Pages of eight news sites, five each, fetched on one day. Every page is cleaned with a profile of
every choice of 0, 1, 2, 3 and 4 other pages of its site, and with the scorer's model that has not
seen the site; the confidences of template lines are measured without the site, too. A page counts
as much whether it has four choices or six. The measures are the evaluation script's: word F1, harm
(share of texts that lose more than 5 % of their body), residue (median words beyond the body); and
of the lines labelled as boilerplate, the share that is on another page (named), and of the body's
lines, the share that a template finding hits.
"""

from __future__ import annotations

import argparse
import importlib
import itertools
import statistics
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

sys.path.insert(0, str(Path(__file__).parent.parent / "training"))
from cross_validated import with_folds
from rules_only import SCORED
from site_template import STYLES, count, labels_of, sites, table_of

import cleannews
from cleannews import CleanOptions, SiteProfile
from cleannews.boilerplate.detectors import DETECTORS, site_template
from cleannews.boilerplate.sites import learn_site, merged
from cleannews.options import MINIMUM_CONFIDENCE
from cleannews.reading.plain import read_plain

SHARED = Path(__file__).parent.parent.parent / "shared"
FORMAT = argparse.RawTextHelpFormatter
MOST = 4


class Row(NamedTuple):
    """One page cleaned with one choice of other pages."""

    weight: float
    word_f1: float
    harm: float
    residue: float
    named: tuple[int, int]
    hit: tuple[int, int]


def choices(records: list[dict[str, Any]], i: int) -> Iterator[tuple[int, SiteProfile, int]]:
    """Yield number of other pages, their profile, and how many such choices there are."""
    profiles = [learn_site([r["text"]]) for j, r in enumerate(records) if j != i]
    for number in range(MOST + 1):
        chosen = list(itertools.combinations(profiles, number))
        for some in chosen:
            yield number, merged(some), len(chosen)


def named(record: dict[str, Any], profile: SiteProfile, least: float) -> tuple[Any, Any]:
    """Return named and all lines of boilerplate, and hit and all lines of the body."""
    blocks, labels = read_plain(record["text"]).blocks, labels_of(record)
    seen = profile.seen(blocks)
    numbers = {"drop": [0, 0], "keep": [0, 0]}
    for k, (unit, on) in enumerate(zip(seen.units, seen.counts, strict=True)):
        shape = site_template.shape_of(seen, k)
        sure = site_template.confidence_of(shape, on, seen.pages) if on else None
        for block in blocks[unit.first : unit.last + 1]:
            if (pair := numbers.get(labels[block.start])) is not None:
                pair[0] += sure is not None and sure >= least
                pair[1] += 1
    return tuple(numbers["drop"]), tuple(numbers["keep"])


def show(name: str, rows: dict[int, list[Row]]) -> None:
    """Print the rows of one group of pages."""
    for number, some in sorted(rows.items()):
        total = sum(r.weight for r in some)
        f1, harm = (sum(r.weight * r[i] for r in some) / total for i in (1, 2))
        # A choice among six weighs half of one among three: repeat by the smallest common number.
        residue = statistics.median([r.residue for r in some for _ in range(round(12 * r.weight))])
        of_drop, of_keep = (
            sum(r.weight * r[i][0] for r in some) / max(1, sum(r.weight * r[i][1] for r in some))
            for i in (4, 5)
        )
        print(
            f"| {name} | {number} | {f1:.3f} | {harm:.3f} | {residue:.0f} | {of_drop:.1%} "
            f"| {of_keep:.2%} |",
            flush=True,
        )


def main() -> None:
    """Print one table over styles and numbers of other pages."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=FORMAT)
    parser.add_argument("models", type=Path, metavar="FOLDER")
    parser.add_argument("--data", type=Path, default=SHARED / "data")
    parser.add_argument("--eval", type=Path, default=SHARED / "eval")
    parser.add_argument("--style", nargs="+", default=STYLES, choices=STYLES)
    parser.add_argument("--rules-alone", action="store_true", help="without the learned scorer")
    parser.add_argument("--first", action="store_true", help="the template before the scorer")
    parser.add_argument("--strictness", default="balanced", choices=list(MINIMUM_CONFIDENCE))
    args = parser.parse_args()
    sys.path.insert(0, str(args.eval))
    flat = importlib.import_module("flat")
    if args.first:
        DETECTORS["scorer"] = DETECTORS.pop("scorer")
    use, counts = with_folds(args.models), count(args.data)
    ignored = SCORED if args.rules_alone else ()
    options = CleanOptions(strictness=args.strictness, ignore=ignored)
    least = MINIMUM_CONFIDENCE[args.strictness]
    everything: dict[int, list[Row]] = defaultdict(list)
    print("| pages | other pages | word F1 | harm | residue | lines named | body lines hit |")
    print("|---|---|---|---|---|---|---|")
    for style in args.style:
        rows: dict[int, list[Row]] = defaultdict(list)
        for site, records in sites(args.data, style).items():
            use(site)
            table = table_of(counts, without=site)
            site_template._table = lambda table=table: table  # type: ignore[assignment]  # noqa: SLF001
            for i, record in enumerate(records):
                for number, profile, many in choices(records, i):
                    text = cleannews.clean(record["text"], options=options, site=profile).text
                    _, words, _, harm, residue = flat.measure(record, text)
                    both = named(record, profile, least)
                    rows[number].append(Row(1 / many, words[2], float(harm), residue, *both))
        show(style, rows)
        for number, some in rows.items():
            everything[number] += some
    if len(args.style) > 1:
        show("all", everything)


if __name__ == "__main__":
    main()

"""What a site profile adds: pages of a site, cleaned with what was learned from 0 to 4 others.

    python training/scorer.py --models FOLDER && python benchmarks/site_profiles.py FOLDER
        [--data DIR] [--eval DIR] [--style NAME ...] [--strictness NAME] [--rules-alone]
        [--other-days]

Pages of eight news sites, five each, fetched on one day. Every page is cleaned with a profile of
every choice of 0, 1, 2, 3 and 4 other pages of its site, and with the scorer's model that has not
seen the site; the confidences of template lines are measured without the site, too. A page counts
as much whether it has four choices or six. The measures are the evaluation script's: word F1, harm
(share of texts that lose more than 5 % of their body), residue (median words beyond the body); and
of the lines labelled as boilerplate, the share that is on another page (named), and of the body's
lines, the share that a template finding hits.

With ``--other-days`` the pages are those of sites of which the collections of whole pages hold
several, most of them months apart, in a dozen languages, flattened by ``flattening.py``.
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
from flattening import SHORTEST, aligned, article_pages, flattened
from rules_only import SCORED
from site_template import STYLES, count, labels_of, sites, table_of

import cleannews
from cleannews import CleanOptions, SiteProfile
from cleannews.boilerplate.detectors import site_template
from cleannews.boilerplate.sites import learn_site, merged
from cleannews.metadata.site import host_of
from cleannews.options import MINIMUM_CONFIDENCE
from cleannews.reading.plain import read_plain

SHARED = Path(__file__).parent.parent.parent / "shared"
FORMAT = argparse.RawTextHelpFormatter
MOST = 4
NAMES = {1: "keep", 0: "drop", -1: "ignore"}


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
            if (pair := numbers.get(labels.get(block.start, ""))) is not None:
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


def other_days(data: Path) -> dict[str, list[dict[str, Any]]]:
    """Return labelled pages of sites of which there are several, most of different days."""
    found: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for page in article_pages(data):
        text = flattened(page["html"], is_broken=False)
        host = host_of(page["url"])
        if host and len(text) > SHORTEST:
            labels = aligned(text.split("\n"), page["body"], page["title"] or "")
            lines = [{"i": i, "label": NAMES[label]} for i, label in enumerate(labels)]
            record = {"text": text, "body": page["body"], "style": "htmltext", "lines": lines}
            found[host].append({**record, "site": page["site"]})
    return {host: records for host, records in sorted(found.items()) if len(records) > 1}


class Measure:
    """Cleans pages with profiles of others and measures what comes out."""

    def __init__(self, args: argparse.Namespace) -> None:
        sys.path.insert(0, str(args.eval))
        self.flat = importlib.import_module("flat")
        self.use, self.counts = with_folds(args.models), count(args.data)
        ignored = SCORED if args.rules_alone else ()
        self.options = CleanOptions(strictness=args.strictness, ignore=ignored)
        self.least = MINIMUM_CONFIDENCE[args.strictness]

    def rows(self, by_site: dict[str, list[dict[str, Any]]]) -> dict[int, list[Row]]:
        """Return the measured rows by number of other pages."""
        rows: dict[int, list[Row]] = defaultdict(list)
        for site, records in by_site.items():
            table = table_of(self.counts, without=site)
            site_template._table = lambda table=table: table  # type: ignore[assignment]  # noqa: SLF001
            for i, record in enumerate(records):
                self.use(record.get("site", site))
                for number, profile, many in choices(records, i):
                    text = cleannews.clean(record["text"], options=self.options, site=profile).text
                    _, words, _, harm, residue = self.flat.measure(record, text)
                    both = named(record, profile, self.least)
                    rows[number].append(Row(1 / many, words[2], float(harm), residue, *both))
        return rows


def main() -> None:
    """Print one table over styles and numbers of other pages."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=FORMAT)
    parser.add_argument("models", type=Path, metavar="FOLDER")
    parser.add_argument("--data", type=Path, default=SHARED / "data")
    parser.add_argument("--eval", type=Path, default=SHARED / "eval")
    parser.add_argument("--style", nargs="+", default=STYLES, choices=STYLES)
    parser.add_argument("--rules-alone", action="store_true", help="without the learned scorer")
    parser.add_argument("--other-days", action="store_true", help="pages of different days instead")
    parser.add_argument("--strictness", default="balanced", choices=list(MINIMUM_CONFIDENCE))
    args = parser.parse_args()
    measure = Measure(args)
    print("| pages | other pages | word F1 | harm | residue | lines named | body lines hit |")
    print("|---|---|---|---|---|---|---|")
    if args.other_days:
        sites_of = other_days(args.data)
        for least in (2, 3):
            some = {host: pages for host, pages in sites_of.items() if len(pages) >= least}
            rows = measure.rows(some)
            name = f"{sum(map(len, some.values()))} of {len(some)} sites"
            show(name, {number: rows[number] for number in range(least)})
        return
    everything: dict[int, list[Row]] = defaultdict(list)
    for style in args.style:
        rows = measure.rows(sites(args.data, style))
        show(style, rows)
        for number, some_rows in rows.items():
            everything[number] += some_rows
    if len(args.style) > 1:
        show("all", everything)


if __name__ == "__main__":
    main()

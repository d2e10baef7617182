"""Rebuild ``src/cleannews/boilerplate/site_template.json``: how sure a line of the template is.

    python training/site_template.py [--data DIR]

Pages of a few sites, flattened in several ways, with a label on every line. Each page is looked at
with profiles of every choice of other pages of its site, and the lines seen there are sorted by
their shape and by the number of pages they are on. A line counts once for its site, however often
it comes. The confidence is the lower end of the 95 % Wilson interval of the share that is
boilerplate, so that few examples make a low one; it is made to rise with the number of pages a line
is on.
"""

from __future__ import annotations

import argparse
import gzip
import itertools
import json
import math
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from cleannews.boilerplate.detectors.site_template import LEAST_PAGES, MOST_MEASURED, shape_of
from cleannews.boilerplate.sites import learn_site, merged
from cleannews.reading.plain import read_plain

HERE = Path(__file__).parent
DATA = HERE.parent.parent / "shared" / "data"
TARGET = HERE.parent / "src" / "cleannews" / "boilerplate" / "site_template.json"
STYLES = ("container", "htmltext", "inscriptis", "soup", "markdown")
FORMAT = argparse.RawTextHelpFormatter
Z = 1.96

Case = tuple[str, int, int]
"""Shape, other pages, pages the line is on."""
Counts = dict[Case, dict[tuple[str, str], list[float]]]
"""Case to a line of a site to the labels of its sightings: 1 drop, 0 keep."""


def sites(data: Path, style: str) -> dict[str, list[dict[str, Any]]]:
    """Return the labelled pages of one style by site."""
    found: dict[str, list[dict[str, Any]]] = defaultdict(list)
    with gzip.open(data / f"text.fundus_eval.{style}.jsonl.gz", "rt", encoding="utf-8") as lines:
        for line in lines:
            record = json.loads(line)
            found[record["domain"]].append(record)
    return dict(sorted(found.items()))


def labels_of(record: dict[str, Any]) -> dict[int, str]:
    """Return where each line of a page begins, and its label."""
    labels = {line["i"]: line["label"] for line in record["lines"] if not line.get("optional")}
    at, found = 0, {}
    for number, line in enumerate(record["text"].split("\n")):
        found[at + len(line) - len(line.lstrip())] = labels.get(number, "ignore")
        at += len(line) + 1
    return found


def count(data: Path, styles: tuple[str, ...] = STYLES) -> Counts:
    """Count boilerplate among the lines seen on other pages."""
    counts: Counts = defaultdict(lambda: defaultdict(list))
    for style in styles:
        for site, records in sites(data, style).items():
            for case, key, label in _sightings(records):
                counts[case][site, key].append(label)
    return counts


def _sightings(records: list[dict[str, Any]]) -> Iterator[tuple[Case, str, float]]:
    profiles = [learn_site([r["text"]]) for r in records]
    for i, record in enumerate(records):
        blocks, labels = read_plain(record["text"]).blocks, labels_of(record)
        others = [p for j, p in enumerate(profiles) if j != i]
        for number in range(1, MOST_MEASURED + 1):
            for chosen in itertools.combinations(others, number):
                seen = merged(chosen).seen(blocks)
                for k, (unit, on) in enumerate(zip(seen.units, seen.counts, strict=True)):
                    told = {labels.get(b.start) for b in blocks[unit.first : unit.last + 1]}
                    if on and len(told) == 1 and told <= {"drop", "keep"}:
                        case = (shape_of(seen, k), seen.pages, on)
                        yield case, unit.key, float(told == {"drop"})


def table_of(counts: Counts, *, without: str | None = None) -> dict[str, list[list[float | None]]]:
    """Return the confidences by shape, number of other pages, and pages a line is on.

    Args:
        counts: What `count` returned.
        without: A site to leave out.
    """
    table: dict[str, list[list[float | None]]] = {}
    for shape, least in LEAST_PAGES.items():
        table[shape] = []
        for pages in range(1, MOST_MEASURED + 1):
            row: list[float | None] = []
            for on in range(1, pages + 1):
                lines = counts.get((shape, pages, on), {})
                shares = [sum(v) / len(v) for (site, _), v in lines.items() if site != without]
                low = round(wilson(sum(shares), len(shares)), 3)
                before = next((c for c in reversed(row) if c is not None), 0.0)
                row.append(max(low, before) if on >= least else None)
            table[shape].append(row)
    return table


def wilson(hits: float, number: int) -> float:
    """Return the lower end of the 95 % Wilson interval of a share."""
    if not number:
        return 0.0
    share = hits / number
    middle = share + Z * Z / (2 * number)
    half = Z * math.sqrt(share * (1 - share) / number + Z * Z / (4 * number * number))
    return (middle - half) / (1 + Z * Z / number)


def main() -> None:
    """Print what was counted and write the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=FORMAT)
    parser.add_argument("--data", type=Path, default=DATA)
    args = parser.parse_args()
    counts = count(args.data)
    table = table_of(counts)
    print(
        "| shape | other pages | on | lines | boilerplate | confidence |\n|---|---|---|---|---|---|"
    )
    for shape, pages, on in sorted(counts):
        shares = [sum(v) / len(v) for v in counts[shape, pages, on].values()]
        share, given = sum(shares) / len(shares), table[shape][pages - 1][on - 1]
        print(f"| {shape} | {pages} | {on} | {len(shares)} | {share:.3f} | {given or 'none'} |")
    TARGET.write_text(json.dumps(table) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()

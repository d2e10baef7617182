"""Precision of every rule on labelled lines, with the lines it gets wrong.

    python benchmarks/rule_precision.py [--data DIR] [--rule PREFIX] [--wrong N] [--json FILE]

For each rule: blocks it would remove (safe findings, balanced), how many of these lines are
labelled drop and keep, on how many sites. Lines whose label is "ignore" (headlines, optional
paragraphs) do not count. Pages are counted once each: the styles of one page are the same lines
over and over, so one style is drawn for each page by a hash of its id.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import cleannews

DATA = Path(__file__).parent.parent.parent / "shared" / "data"
STYLES = ("container", "htmltext", "inscriptis", "soup", "markdown")
FORMAT = argparse.RawTextHelpFormatter


def records(data: Path) -> Iterator[dict[str, Any]]:
    """Yield labelled texts, one style for each flattened page."""
    with gzip.open(data / "text.labelled.jsonl.gz", "rt", encoding="utf-8") as lines:
        for line in lines:
            record = json.loads(line)
            record["domain"] = record["site"]
            yield record
    for name in ("scrapinghub", "fundus_eval", "wcxb"):
        for number, style in enumerate(STYLES):
            path = data / f"text.{name}.{style}.jsonl.gz"
            with gzip.open(path, "rt", encoding="utf-8") as lines:
                for line in lines:
                    record = json.loads(line)
                    digest = hashlib.sha1(record["id"].encode(), usedforsecurity=False).digest()
                    if digest[0] % len(STYLES) == number:
                        yield record


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=FORMAT)
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--rule", default="", help="only rules whose id starts so")
    parser.add_argument("--wrong", type=int, default=0, help="wrong lines to show for each rule")
    parser.add_argument("--json", type=Path)
    args = parser.parse_args()
    hits: dict[str, Counter[str]] = defaultdict(Counter)
    sites: dict[str, set[str]] = defaultdict(set)
    wrong: dict[str, list[str]] = defaultdict(list)
    for record in records(args.data):
        text = record["text"]
        starts, at = {}, 0
        for i, line in enumerate(text.split("\n")):
            starts[at + len(line) - len(line.lstrip())] = i
            at += len(line) + 1
        labels = {x["i"]: x["label"] for x in record["lines"] if not x.get("uncertain")}
        for finding in cleannews.detect(text):
            rule = f"{finding.rule} ({finding.language})"
            line_number = starts.get(finding.span.start)
            if finding.safety != "safe" or line_number is None or not rule.startswith(args.rule):
                continue
            line = text.split("\n")[line_number]
            if len(line.strip()) != len(finding.span):
                continue
            label = labels.get(line_number, "ignore")
            hits[rule][label] += 1
            sites[rule].add(record["domain"])
            if label == "keep":
                wrong[rule].append(f"{record['domain']}: {line.strip()[:110]}")
    rows = []
    for rule, count in hits.items():
        n = count["drop"] + count["keep"]
        precision = count["drop"] / n if n else None
        rows.append((rule, count["drop"], count["keep"], len(sites[rule]), precision))
    rows.sort(key=lambda r: (-r[2], r[0]))
    print(f"{'rule':44} {'drop':>6} {'keep':>5} {'sites':>5}  precision")
    for rule, drop, keep, count, precision in rows:
        shown = "-" if precision is None else f"{precision:.3f}"
        print(f"{rule:44} {drop:6} {keep:5} {count:5}  {shown}")
        for line in wrong[rule][: args.wrong]:
            print("      ", line)
    total = [sum(r[i] for r in rows) for i in (1, 2)]
    print(f"{'all':44} {total[0]:6} {total[1]:5}        {total[0] / max(1, sum(total)):.3f}")
    if args.json:
        keys = ("rule", "drop", "keep", "sites", "precision")
        args.json.write_text(json.dumps([dict(zip(keys, r, strict=True)) for r in rows], indent=1))


if __name__ == "__main__":
    main()

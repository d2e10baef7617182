"""Speed of flat cleaning against jusText on the same texts, interleaved in one run.

    python benchmarks/speed.py [--data DIR] [--texts N] [--rounds N]

jusText gets each text as a page with one <p> per line, as its own users would have to feed it, and
its stop list once. Each way of calling cleannews has a process of its own, in which jusText takes
turns with it; the figure to quote is the ratio of CPU seconds, computers differ. Both are warmed up
on other texts. The first round meets the lines for the first time; in later ones cleannews
remembers them, as it does the menus and footers of further pages of a site. A second table tells
how the cost of one text grows with its lines: pages put behind each other.
"""

from __future__ import annotations

import argparse
import gzip
import html
import json
import statistics
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from itertools import cycle
from multiprocessing import get_context
from pathlib import Path

import justext
from rules_only import SCORED

import cleannews

DATA = Path(__file__).parent.parent.parent / "shared" / "data"
FILES = ("text.scrapinghub.htmltext", "text.fundus_eval.htmltext", "text.wcxb.htmltext")
SIZES = (1_000, 3_000, 10_000, 30_000, 100_000)
FORMAT = argparse.RawTextHelpFormatter


def texts(data: Path, count: int) -> tuple[list[str], list[str]]:
    """Return every n-th full-page text, `count` in all, and as many others to warm up with."""
    found = []
    for name in FILES:
        with gzip.open(data / f"{name}.jsonl.gz", "rt", encoding="utf-8") as lines:
            found += [json.loads(line)["text"] for line in lines]
    step = max(1, len(found) // count)
    return found[::step][:count], found[step // 2 :: step][:count]


STOP_WORDS = justext.get_stoplist("English")


def by_justext(text: str) -> None:
    """Classify the lines of a text with jusText."""
    lines = "".join(f"<p>{html.escape(line)}</p>" for line in text.split("\n") if line.strip())
    justext.justext(f"<html><body>{lines}</body></html>", STOP_WORDS)


def cleaning(options: cleannews.CleanOptions) -> Callable[[str], object]:
    """Return a function that cleans a text."""
    return lambda text: cleannews.clean(text, options=options)


TOOLS: dict[str, Callable[[str], object]] = {
    "the text alone, by rules": cleaning(cleannews.CleanOptions(ignore=SCORED, metadata=False)),
    "the text alone": cleaning(cleannews.CleanOptions(metadata=False)),
    "text and metadata, the default": cleannews.clean,
}


def cpu(function: Callable[[str], object], batch: list[str]) -> float:
    """Return the CPU seconds that a batch takes."""
    start = time.process_time()
    for text in batch:
        function(text)
    return time.process_time() - start


def growth(pages: list[str]) -> None:
    """Print the cost of texts of ever more lines."""
    lines = [line for page in pages for line in page.split("\n") if line.strip()]
    cpu(cleannews.clean, pages)
    print("\n| lines of one text | microseconds a line |\n|---|---|")
    for size in SIZES:
        text = "\n".join(
            f"{line} {i // len(lines) or ''}" for i, line in zip(range(size), cycle(lines))
        )
        spent = cpu(cleannews.clean, [text])
        print(f"| {size:,} | {spent / size * 1e6:.0f} |")


def race(name: str, batch: list[str], others: list[str], rounds: int) -> list[float]:
    """Print and return how many times jusText's speed one way of cleaning has: first and later."""
    tool = TOOLS[name]
    for function in (by_justext, tool):
        cpu(function, others)
    spent = [(cpu(by_justext, batch), cpu(tool, batch)) for _ in range(rounds)]
    ratios = [theirs / ours for theirs, ours in spent]
    told = [ratios[0], statistics.median(ratios[1:])]
    first, later = spent[0][1], statistics.median(ours for _, ours in spent[1:])
    print(f"| {name} | {first:.2f} | {later:.2f} | {told[0]:.1f} | {told[1]:.1f} |", flush=True)
    return told


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=FORMAT)
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--texts", type=int, default=120)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--json", type=Path)
    args = parser.parse_args()
    batch, others = texts(args.data, args.texts)
    size = sum(map(len, batch)) / 1e6
    print(f"{len(batch)} texts, {size:.2f} million characters, {args.rounds} rounds\n")
    print("| cleannews | first, CPU s | later | first, times jusText's speed | later |")
    print("|---|---|---|---|---|", flush=True)
    told = {}
    for name in TOOLS:
        with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
            told[name] = pool.submit(race, name, batch, others, args.rounds).result()
    growth(batch + others)
    if args.json:
        args.json.write_text(json.dumps(told))


if __name__ == "__main__":
    main()

"""Rebuild the table of common words' frequencies that the search for duplicates ships.

    python training/word_frequencies.py [--data DIR]

It holds 32-bit hashes of words and how common they are, in eighths of a bit; no word, no text.
"""

from __future__ import annotations

import argparse
import gzip
import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from cleannews.duplicates.signatures import read_tokens

ROOT = Path(__file__).parent.parent
DATA = ROOT.parent / "shared" / "data"
TABLE = ROOT / "src" / "cleannews" / "duplicates" / "frequencies.npz"
FILES = ("dup.docs", "text.wcxb.para", "text.scrapinghub.para", "text.fundus_eval.para")
LEAST = 4e-6
"""Frequency of the rarest words in the table."""
FEWEST = 12
"""Texts a word must be in: names of one story are nobody's common words."""


def texts(data: Path) -> Iterator[str]:
    """Yield the development texts."""
    for name in FILES:
        with gzip.open(data / f"{name}.jsonl.gz", "rt", encoding="utf-8") as lines:
            for line in lines:
                yield json.loads(line)["text"]


def main() -> None:
    """Write the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=DATA)
    args = parser.parse_args()
    tokens = read_tokens(texts(args.data))
    words, counts = np.unique(tokens.words, return_counts=True)
    place = np.repeat(np.arange(len(tokens)), np.diff(tokens.offsets))
    pairs = np.unique((tokens.words.astype(np.uint64) << np.uint64(32)) | place.astype(np.uint64))
    spread = np.unique(pairs >> np.uint64(32), return_counts=True)[1]
    frequency = counts / counts.sum()
    chosen = (frequency >= LEAST) & (spread >= FEWEST)
    eighths = np.round(-8 * np.log2(frequency[chosen])).astype(np.uint8)
    np.savez_compressed(TABLE, words=words[chosen], eighths=eighths)
    print(f"{chosen.sum():,} words, {TABLE.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()

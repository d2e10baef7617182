"""Credit lines in eighteen languages: a labelled set of our own, near misses among them."""

from pathlib import Path

import pytest

from cleannews.metadata.credits import read_credits

LABELLED = Path(__file__).parent / "labelled" / "credits.tsv"
LEAST_RIGHT = 0.95


def rows():
    for line in LABELLED.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            yield line.split("\t")


def told(line):
    return ";".join(f"{c.field}={c.value}" for c in read_credits(line)) or "-"


def test_the_set_is_as_large_as_promised():
    found = list(rows())
    assert len(found) >= 200
    assert len({language for language, _, _ in found}) >= 15


@pytest.mark.parametrize("kind", ["editor", "photo", "agency", "dateline", "source", "-"])
def test_credit_lines_are_read(kind):
    of_kind = [(line, wanted) for _, wanted, line in rows() if wanted.split("=")[0] == kind]
    wrong = [(line, wanted, told(line)) for line, wanted in of_kind if told(line) != wanted]
    assert len(wrong) <= (1 - LEAST_RIGHT) * len(of_kind), wrong


def test_near_misses_name_nobody():
    assert [line for _, wanted, line in rows() if wanted == "-" and told(line) != "-"] == []

"""Columns in, columns out: the same rows whatever the values, and nothing lost on the way."""

import json
import math

import pyarrow as pa
import pytest

from cleannews import CleanOptions, Document, InputError, clean
from cleannews.arrow import CLEANED, clean_batch
from cleannews.columns import COLUMNS, Fields, clean_columns, clean_row, row_of

STORY = "The council voted to close the old bridge, the mayor said on Monday."
FLAT = (
    f"Bridge to close\n\nBy Ana Ruiz\n\n[ad_1]\n\n{STORY}\n\nEdited By:\n\nJo Park\n\nSource link"
)
HTML = f"<html><body><nav>Home</nav><article><h1>Bridge</h1><p>{STORY}</p></article></body></html>"


class Missing:
    """A value of pandas' kind: comparing it gives neither yes nor no."""

    def __eq__(self, other):
        raise TypeError("boolean value of NA is ambiguous")

    __hash__ = None


Missing.__name__ = "NAType"


def test_a_row_says_what_the_result_says():
    result = clean(Document(FLAT, "a", "https://example.org/1"))
    row = clean_row(text=FLAT, id="a", url="https://example.org/1")
    assert row == row_of(result)
    assert tuple(row) == COLUMNS
    assert row["text"] == result.text == STORY
    assert (row["authors"], row["editors"]) == (["Ana Ruiz"], ["Jo Park"])
    assert json.loads(row["metadata"]) == result.metadata.to_dict()


@pytest.mark.parametrize("text", [FLAT, HTML])
def test_text_and_removals_rebuild_the_document(text):
    row = clean_row(text=text)
    rest, at, built = iter(row["text"]), 0, []
    for removal in row["removed"]:
        built += [next(rest) for _ in range(removal["start"] - at)]
        built.append(removal["text"])
        at = removal["end"]
    assert "".join([*built, *rest]) == clean(text).document.text


@pytest.mark.parametrize(
    ("value", "why"),
    [
        (None, "no text"),
        (math.nan, "no text"),
        (Missing(), "no text"),
        (12, "not a text but int"),
        (["a"], "not a text but list"),
        (b"%PDF-1.7 and more", "PDF"),
    ],
)
def test_what_cannot_be_read_is_a_row_and_says_why(value, why):
    row = clean_row(text=value, id=3)
    assert tuple(row) == COLUMNS
    assert (row["id"], row["text"], row["confidence"]) == ("3", None, 0.0)
    (warning,) = row["warnings"]
    assert warning["code"] == "unreadable"
    assert why in warning["detail"]


def test_html_counts_before_text():
    made = clean_columns({"text": ["Flat text.", "Flat text."], "html": [HTML, None]})
    assert made["text"] == [STORY, "Flat text."]


@pytest.mark.parametrize("kind", [bytes, bytearray, memoryview])
def test_html_may_be_bytes(kind):
    assert clean_row(html=kind(HTML.encode()))["text"] == STORY


def test_names_of_columns_are_the_callers():
    fields = Fields(text="body", id="key", url="link")
    made = clean_columns(
        {"body": [FLAT], "key": [1], "link": ["https://example.org/"]}, fields=fields
    )
    assert (made["id"], made["url"]) == (["1"], ["https://example.org/"])


def test_options_count():
    made = clean_columns({"text": [FLAT]}, options=CleanOptions(byline="keep"))
    assert "By Ana Ruiz" in made["text"][0]


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        ({"body": ["a"]}, "no column 'text' and no column 'html'; the columns are: body"),
        ({}, "the columns are: none"),
        ({"text": ["a", "b"], "id": [1]}, "differ in length: text 2, id 1"),
    ],
)
def test_wrong_columns_are_an_error(columns, said):
    with pytest.raises(InputError, match=said):
        clean_columns(columns)


def test_no_rows_are_no_rows():
    assert clean_columns({"text": []}) == {name: [] for name in COLUMNS}


def test_arrow_gives_the_same_rows():
    columns = {"text": [FLAT, HTML, None, ""], "id": ["a", "b", "c", None]}
    batch = clean_batch(pa.RecordBatch.from_pydict(columns))
    assert batch.schema == CLEANED
    assert batch.to_pydict() == clean_columns(columns)


@pytest.mark.parametrize("kind", [pa.large_string(), pa.string_view(), pa.binary()])
def test_arrow_takes_every_kind_of_text(kind):
    batch = pa.RecordBatch.from_arrays([pa.array([HTML], pa.string()).cast(kind)], ["html"])
    assert clean_batch(batch)["text"].to_pylist() == [STORY]


def test_arrow_keeps_what_utf8_cannot_hold():
    batch = pa.RecordBatch.from_pydict({"html": [f"<p>{STORY} &#xD800;x</p>".encode()]})
    clean_batch(batch).validate(full=True)


def test_an_empty_batch_has_the_schema():
    batch = pa.RecordBatch.from_pydict({"text": pa.array([], pa.string())})
    assert clean_batch(batch).schema == CLEANED

"""The values: spans, deletion, dictionary form."""

import json
import pickle
from dataclasses import replace

import pytest

import cleannews
from cleannews import CleanResult, Document, Metadata, Span, delete_spans


def test_spans_must_be_in_order_and_inside():
    with pytest.raises(ValueError, match="not a span"):
        Span(3, 2)
    with pytest.raises(ValueError, match="overlaps"):
        delete_spans("abcdef", [Span(0, 3), Span(2, 4)])
    with pytest.raises(ValueError, match="outside"):
        delete_spans("abc", [Span(2, 9)])


def test_a_span_is_a_value():
    span = Span(start=2, end=5)
    assert span == pickle.loads(pickle.dumps(span)) == replace(Span(2, 9), end=5)
    assert hash(span) == hash(Span(2, 5))
    assert sorted([Span(2, 9), Span(3, 3), span]) == [span, Span(2, 9), Span(3, 3)]


def test_values_are_frozen():
    with pytest.raises(AttributeError):
        Document("x").text = "y"
    with pytest.raises(AttributeError):
        Span(0, 1).start = 4


def test_the_dictionary_form_is_plain_json():
    text = "Old bridge to close\n\nBy Ana Ruiz\n\n12 May 2021\n\nThe council voted on Monday to close it.\n\nSource"
    result = cleannews.clean(text, url="https://x.org/é", id="1")
    told = json.loads(result.to_json())
    assert told == json.loads(json.dumps(result.to_dict()))
    assert told["schema_version"] == 1
    assert CleanResult.from_dict(told) == result
    assert "é" in result.to_json()
    assert result.to_json(indent=1).count("\n") > 10


def test_another_schema_version_is_refused():
    told = cleannews.clean("x").to_dict() | {"schema_version": 99}
    with pytest.raises(ValueError, match="schema_version is 99, expected 1"):
        CleanResult.from_dict(told)


def test_unknown_metadata_is_refused():
    with pytest.raises(ValueError, match="'titel'"):
        Metadata.from_dict({"titel": None})


def test_only_text_is_cleaned():
    with pytest.raises(TypeError, match="takes a str or bytes, not int"):
        cleannews.clean(12)


def test_a_document_brings_its_own_names():
    result = cleannews.clean(Document("x", id="7", url="https://x.org", language="en"))
    assert result.document.id == "7"
    assert cleannews.detect(Document("Leave a Comment"))[0].category == "comments"


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("A.\n\n[ad_1]\n\nB.", "A.\n\nB."),
        ("A.\n[ad_1]\n\nB.", "A.\n\nB."),
        ("A.\n\n[ad_1]\nB.", "A.\n\nB."),
        ("[ad_1]\n\nB.\n", "B.\n"),
        ("A.\n\n[ad_1]\n", "A.\n"),
        ("\n\n[ad_1]\n\n", ""),
        ("A [ad_1] b.", "A b."),
        ("[ad_1] A b.", "A b."),
        ("A b. [ad_1]", "A b."),
        ("A b. [ad_1] [ad_2]", "A b."),
        ("A [ad_1] [ad_2] b.", "A b."),
        ("A\r\n\r\n[ad_1]\r\n\r\nB", "A\r\n\r\nB"),
        ("  A.  ", "  A.  "),
    ],
)
def test_a_seam_keeps_the_stronger_gap(text, cleaned):
    assert cleannews.clean(text).text == cleaned

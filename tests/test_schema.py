"""The JSON Schema: what `to_dict` gives is valid, and the schema forgets no field."""

from __future__ import annotations

import json
from dataclasses import fields
from datetime import date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator, ValidationError

from cleannews import (
    CleanOptions,
    CleanResult,
    Document,
    Finding,
    Metadata,
    Person,
    Removal,
    Sourced,
    Span,
    Warning_,
    clean,
)
from cleannews.document import SCHEMA_VERSION, Capture
from cleannews.schema import json_schema

SCHEMA = json_schema()
VALIDATOR = Draft202012Validator(SCHEMA, format_checker=Draft202012Validator.FORMAT_CHECKER)


def sourced(value: Any) -> Sourced[Any]:
    return Sourced(value, "raw", "url", None, 0.5)


FULL = CleanResult(
    document=Document("[ad_1] x", id="1", url="https://a.example/", language="en"),
    text="x",
    removed=(Removal(Span(0, 7), "placeholder/x", "placeholder", 0.9, "because"),),
    flagged=(
        Finding(
            Span(7, 8),
            "tags/x",
            "tags",
            "report",
            0.5,
            "perhaps",
            "en",
            (Capture("tags", "x", Span(7, 8)),),
        ),
    ),
    metadata=Metadata(
        title=sourced("T"),
        authors=(sourced(Person("A")),),
        editors=(sourced(Person("E", "editor")),),
        agencies=(sourced("X"),),
        published=sourced(date(2024, 2, 29)),
        modified=sourced(datetime.fromisoformat("2024-02-29T10:00:00+01:00")),
        site=sourced("S"),
        publisher=sourced("P"),
        based_on=sourced("https://b.example/"),
        language=sourced("en"),
        section=sourced("C"),
        tags=(sourced("t"),),
        image=sourced("https://a.example/i.png"),
        canonical_url=sourced("https://a.example/"),
        dateline=sourced("LONDON"),
        photo_credits=(Sourced("N", "N", "text:caption/x", Span(0, 1), 0.9),),
    ),
    warnings=(Warning_("spintax", "1", Span(0, 1)), Warning_("empty_body", "x")),
    confidence=0.5,
    rules_hash="0123456789abcdef",
    version="0",
)


def test_the_schema_is_a_schema() -> None:
    Draft202012Validator.check_schema(SCHEMA)


def test_each_call_gives_a_dictionary_of_its_own() -> None:
    json_schema().clear()
    assert json_schema() == SCHEMA


def test_a_result_with_every_field_is_valid() -> None:
    assert not [f.name for f in fields(Metadata) if not getattr(FULL.metadata, f.name)]
    VALIDATOR.validate(FULL.to_dict())
    VALIDATOR.validate(json.loads(FULL.to_json()))


@given(
    st.lists(
        st.sampled_from(
            ["[ad_1]", "By Ada Corran", "Edited By:", "Mar 4, 2022", "Published On:", "[tags]",
             "Leave a Comment", "Tags: a, b", "The council voted on Monday to close the bridge."]
        ),
        max_size=9,
    ).map("\n\n".join),
    st.sampled_from(["keep", "remove"]),
)  # fmt: skip
def test_what_clean_returns_is_valid(text: str, choice: Any) -> None:
    options = CleanOptions(headline=choice, byline=choice, dates=choice, captions=choice)
    VALIDATOR.validate(clean(text, url="https://a.example/x", options=options).to_dict())


SHAPES = [
    pytest.param(CleanResult, SCHEMA, {"schema_version"}, id="result"),
    pytest.param(Document, SCHEMA["properties"]["document"], set(), id="document"),
    pytest.param(Metadata, SCHEMA["$defs"]["metadata"], set(), id="metadata"),
    pytest.param(Span, SCHEMA["$defs"]["span"], set(), id="span"),
    pytest.param(Removal, SCHEMA["$defs"]["removal"], set(), id="removal"),
    pytest.param(Finding, SCHEMA["$defs"]["finding"], set(), id="finding"),
    pytest.param(Capture, SCHEMA["$defs"]["capture"], set(), id="capture"),
    pytest.param(Warning_, SCHEMA["$defs"]["warning"], set(), id="warning"),
    pytest.param(Sourced, SCHEMA["$defs"]["sourced_text"], set(), id="sourced text"),
    pytest.param(Sourced, SCHEMA["$defs"]["sourced_date"], set(), id="sourced date"),
    pytest.param(Sourced, SCHEMA["$defs"]["sourced_person"], set(), id="sourced person"),
]


@pytest.mark.parametrize(("kind", "shape", "more"), SHAPES)
def test_schema_and_dataclass_have_the_same_fields(
    kind: Any, shape: dict[str, Any], more: set[str]
) -> None:
    names = {f.name for f in fields(kind) if f.metadata.get("is_encoded", True)} | more
    assert set(shape["properties"]) == names
    assert set(shape["required"]) == (set() if kind is Metadata else names)
    assert shape["additionalProperties"] is False


def test_the_schema_is_of_the_version_in_force() -> None:
    assert SCHEMA["properties"]["schema_version"]["const"] == SCHEMA_VERSION


def changed(path: tuple[str | int, ...], value: Any) -> dict[str, Any]:
    told = FULL.to_dict()
    place: Any = told
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    return told


WRONG = [
    pytest.param(changed(("schema_version",), 99), id="another version"),
    pytest.param(changed(("confidence",), 1.5), id="a confidence above 1"),
    pytest.param(changed(("text",), None), id="no text"),
    pytest.param(changed(("more",), 1), id="an unknown field"),
    pytest.param(changed(("removed", 0, "span"), {"start": -1, "end": 2}), id="a negative offset"),
    pytest.param(changed(("removed", 0, "rule"), "nameless"), id="a rule without category"),
    pytest.param(changed(("flagged", 0, "safety"), "sure"), id="an unknown safety"),
    pytest.param(changed(("metadata", "published", "value"), "soon"), id="a date that is none"),
    pytest.param(changed(("metadata", "authors", 0, "value"), "Ada"), id="a person as a string"),
]


@pytest.mark.parametrize("told", WRONG)
def test_what_is_wrong_is_refused(told: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        VALIDATOR.validate(told)

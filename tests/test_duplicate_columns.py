"""Signatures, links, clusters and verified pairs as columns: what the verbs say, row by row."""

import datetime
import math

import pyarrow as pa
import pytest

from cleannews import DuplicateOptions, InputError, compare, find_duplicates
from cleannews.arrow import (
    CLUSTERED,
    LINKED,
    SIGNED,
    cluster_batch,
    link_batch,
    signature_batch,
    verify_batch,
)
from cleannews.columns import (
    CLUSTER_COLUMNS,
    LINK_COLUMNS,
    SIGNATURE_COLUMNS,
    DuplicateFields,
    PairFields,
    clean_columns,
    cluster_columns,
    link_columns,
    signature_columns,
    verify_columns,
)

FIRST = (
    "The council of Vostok voted 12 to 3 on Monday to close the old bridge for good. "
    "Mayor Irina Belova said that repairs would have cost 4.7 million euros, more than the town "
    "spends on its schools in a year. Engineers of Ostrava had found cracks in two of the five "
    "pillars in March. Until a ferry runs in June, drivers must go by way of Lipnik."
)
SECOND = FIRST.replace("Until a ferry runs in June, drivers must go", "Drivers have to go")
LONGER = f"{FIRST} The fair of Lipnik opens on Friday. Its stalls sell glass, honey and cheese."
OTHER = (
    "Snow fell in the mountains of Tatra on Sunday, and nobody was there to see it. The huts had "
    "closed in October, said warden Jan Novak, and the road is open only up to kilometre 19."
)
TEXTS = {"a": FIRST, "b": SECOND, "c": LONGER, "d": OTHER, "e": FIRST}
COLUMNS = {"id": list(TEXTS), "text": list(TEXTS.values())}


def rows(columns):
    return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]


def test_links_are_those_of_the_verb():
    made = link_columns(COLUMNS)
    found = find_duplicates({"id": k, "text": t} for k, t in TEXTS.items())
    assert tuple(made) == LINK_COLUMNS
    assert rows(made) == [link.to_dict() for link in found.links]
    assert len(found.links) >= 4


def test_clusters_are_those_of_the_verb():
    made = cluster_columns(COLUMNS)
    found = find_duplicates({"id": k, "text": t} for k, t in TEXTS.items())
    assert tuple(made) == CLUSTER_COLUMNS
    assert made["id"] == list(TEXTS)
    (cluster,) = found.clusters
    assert made["cluster"] == [cluster.original if k in cluster.members else k for k in TEXTS]
    assert [r["id"] for r in rows(made) if not r["is_original"]] == list(found.redundant())


def test_dates_titles_and_options_count():
    day = datetime.date(2024, 5, 1)
    columns = {**COLUMNS, "published": [day, day, day, None, "2024-04-30"]}
    assert set(cluster_columns(columns)["cluster"]) == {"e", "d"}
    columns["title"] = ["Bridge", "Bridge", "Bridge", "Snow", "Cheese and honey"]
    exact = [r for r in rows(link_columns(columns)) if r["kind"] == "exact"]
    assert [r["other_title"] for r in exact] == [True]
    least = link_columns(COLUMNS, options=DuplicateOptions(minimum=0.9995))
    assert not set(least["kind"]) & {"exact", "near", "contains", "rewritten"}


def test_a_cleaned_batch_goes_straight_on():
    cleaned = clean_columns({"id": ["a", "b"], "text": [f"[ad_1]\n\n{FIRST}", FIRST]})
    assert link_columns(cleaned)["kind"] == ["exact"]


@pytest.mark.parametrize("missing", [None, math.nan, 5, ""])
def test_rows_without_a_text_have_no_links(missing):
    columns = {"id": ["a", "b", "c", "d"], "text": [FIRST, missing, FIRST, missing]}
    assert rows(link_columns(columns))[0]["a"] == "a"
    assert cluster_columns(columns)["cluster"] == ["a", "b", "a", "d"]


def test_documents_without_an_id_go_by_their_url_or_their_row():
    columns = {"text": [FIRST, FIRST, FIRST], "url": [None, "https://x.org/", math.nan]}
    assert cluster_columns(columns)["id"] == ["0", "https://x.org/", "2"]
    assert len(link_columns(columns)["a"]) == 3


# Signatures


def test_a_signature_depends_on_its_text_alone():
    whole = rows(signature_columns(COLUMNS))
    alone = [rows(signature_columns({"id": [k], "text": [t]}))[0] for k, t in TEXTS.items()]
    assert whole == alone
    assert tuple(whole[0]) == SIGNATURE_COLUMNS
    assert all(0 <= n < 2**63 for row in whole for n in [row["whole"], *row["shingles"]])


def test_signatures_meet_where_texts_do():
    made = {row["id"]: row for row in rows(signature_columns(COLUMNS))}
    shared = {k: len(set(made["a"]["shingles"]) & set(made[k]["shingles"])) for k in TEXTS}
    assert made["a"]["whole"] == made["e"]["whole"] != made["b"]["whole"]
    assert shared["e"] >= shared["b"] > 8 > 2 > shared["d"]


@pytest.mark.parametrize("missing", [None, math.nan, 5, "", "…"])
def test_a_text_without_words_has_an_empty_signature(missing):
    made = signature_columns({"id": [3], "text": [missing]})
    assert rows(made) == [{"id": "3", "url": None, "words": 0, "whole": None, "shingles": []}]


# Pairs


PAIRS = [(x, y) for x in TEXTS for y in TEXTS]


def pairs(names):
    return {
        "a": [x for x, _ in names],
        "b": [y for _, y in names],
        "text_a": [TEXTS[x] for x, _ in names],
        "text_b": [TEXTS[y] for _, y in names],
    }


def test_pairs_are_judged_as_compare_does():
    made = rows(verify_columns(pairs(PAIRS)))
    kinds = set()
    for (x, y), row in zip(PAIRS, made, strict=True):
        link = compare(TEXTS[x], TEXTS[y]).link
        kinds.add(row["kind"])
        assert (row["a"], row["b"], row["kind"]) == (x, y, link.kind if link else None)
        if link:
            turned = link.a != "a"
            held = (link.containment_a, link.containment_b)
            assert row["similarity"] == pytest.approx(link.similarity, abs=0.01)
            assert row["confidence"] == pytest.approx(link.confidence, abs=0.01)
            told = (row["containment_a"], row["containment_b"])
            assert told == pytest.approx(held[::-1] if turned else held, abs=0.01)
            assert set(row["anchors"]["names"]) == set(link.anchors.names)
    assert kinds >= {"exact", "near", None}


def test_a_verdict_depends_on_its_pair_alone():
    whole = rows(verify_columns(pairs(PAIRS)))
    assert whole == [rows(verify_columns(pairs([p])))[0] for p in PAIRS]


@pytest.mark.parametrize("missing", [None, math.nan, 5, "", "Snow."])
def test_nothing_connects_a_text_with_none(missing):
    made = verify_columns({"text_a": [missing, FIRST], "text_b": [FIRST, missing]})
    assert (made["kind"], made["confidence"], made["a"]) == ([None] * 2, [0.0] * 2, [None] * 2)


def test_columns_have_the_callers_names():
    fields = PairFields(a="left", b="right", text_a="x", text_b="y")
    made = verify_columns({"left": [1], "right": [2], "x": [FIRST], "y": [FIRST]}, fields=fields)
    assert (made["a"], made["b"], made["kind"]) == (["1"], ["2"], ["exact"])
    made = link_columns(
        {"key": [1, 2], "body": [FIRST] * 2}, fields=DuplicateFields(id="key", text="body")
    )
    assert (made["a"], made["b"]) == (["1"], ["2"])


# Shapes


@pytest.mark.parametrize("verb", [signature_columns, link_columns, cluster_columns])
@pytest.mark.parametrize(
    ("columns", "said"),
    [
        ({"body": ["a"]}, "no column 'text'; the columns are: body"),
        ({"text": ["a", "b"], "id": [1]}, "differ in length"),
    ],
)
def test_wrong_columns_are_an_error(verb, columns, said):
    with pytest.raises(InputError, match=said):
        verb(columns)


def test_pairs_need_both_texts():
    with pytest.raises(InputError, match="no column 'text_b'; the columns are: text_a"):
        verify_columns({"text_a": ["a"]})


def test_two_documents_with_one_id_are_an_error():
    with pytest.raises(InputError, match="two documents have the id '1'"):
        link_columns({"id": [1, "1"], "text": [FIRST, OTHER]})


@pytest.mark.parametrize(
    ("verb", "plain", "schema", "columns"),
    [
        (signature_batch, signature_columns, SIGNED, COLUMNS),
        (link_batch, link_columns, LINKED, COLUMNS),
        (cluster_batch, cluster_columns, CLUSTERED, COLUMNS),
        (verify_batch, verify_columns, LINKED, pairs(PAIRS)),
    ],
)
def test_arrow_gives_the_same_rows(verb, plain, schema, columns):
    for make in (pa.RecordBatch.from_pydict, pa.table):
        batch = verb(make(columns))
        assert batch.schema == schema
        assert batch.to_pydict() == plain(columns)
    empty = {name: [] for name in columns}
    assert verb(pa.table(empty)).schema == schema
    assert verb(pa.table(empty)).num_rows == 0

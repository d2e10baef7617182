"""Spark: a session is started and stopped here, and gives what the local engine gives.

What needs pyspark is in the group ``frameworks_large``; the steps themselves are tried without it.
"""

import doctest
import itertools
import os
import random
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

import newsroom
from cleannews import CleanOptions, Document, DuplicateOptions, InputError, clean, find_duplicates
from cleannews.boilerplate.sites import learn_sites
from cleannews.columns import COLUMNS, Fields, clean_columns
from cleannews.duplicates.candidates import components, pairs_of, postings
from cleannews.integrations import spark as on_spark
from cleannews.integrations.spark import meeting, tables

large = pytest.mark.frameworks_large
pytestmark = pytest.mark.filterwarnings(
    "ignore:PySpark does not yet fully support pandas:FutureWarning"
)
SCHEMA = "id string, text string, title string, url string, date string"


@pytest.fixture(scope="module")
def session():
    from pyspark.sql import SparkSession

    os.environ["PYSPARK_PYTHON"] = sys.executable
    made = (
        SparkSession.builder.master("local[2]")
        .appName("cleannews tests")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.driver.memory", "3g")
        .config("spark.sql.shuffle.partitions", "3")
        .config("spark.sql.execution.arrow.maxRecordsPerBatch", "400")
        .config("spark.ui.enabled", "false")
        .config("spark.ui.showConsoleProgress", "false")
        .getOrCreate()
    )
    made.sparkContext.setLogLevel("ERROR")
    yield made
    made.stop()
    assert SparkSession.getActiveSession() is None


def frame_of(session, documents, partitions=5):
    """A frame of the documents in no order."""
    rows = list(documents)
    random.Random(3).shuffle(rows)
    return session.createDataFrame(rows, SCHEMA).repartition(partitions)


def rows_of(frame):
    return [row.asDict(recursive=True) for row in frame.collect()]


def assert_same(made, local):
    """The same links and clusters, to the last digit."""
    links = sorted(rows_of(made.links), key=lambda x: (x["a"], x["b"]))
    known = sorted((x.to_dict() for x in local.links), key=lambda x: (x["a"], x["b"]))
    clusters = sorted(rows_of(made.clusters), key=lambda c: c["members"])
    assert made.documents == local.documents
    assert len(links) == len(known)
    assert links == known
    assert clusters == [c.to_dict() for c in local.clusters]


# --- whole runs ---------------------------------------------------------------------------------

SIZES = [pytest.param(1_500, id="1500"), pytest.param(20_000, id="20000", marks=pytest.mark.long)]


@large
@pytest.mark.parametrize("count", SIZES)
def test_duplicates_are_those_of_the_local_engine(session, count):
    documents = list(newsroom.documents(count))
    local = find_duplicates(documents)
    assert {x.kind for x in local.links} == {
        "exact", "near", "contains", "rewritten", "template", "related"
    }  # fmt: skip
    assert_same(on_spark.find_duplicates(frame_of(session, documents)), local)


@large
@pytest.mark.parametrize(
    "count",
    [pytest.param(900, id="300"), pytest.param(30_000, id="10000", marks=pytest.mark.long)],
)
def test_a_story_with_many_copies(session, count):
    """A third are copies word for word, a third near copies: more than any cap lets through."""
    documents = sorted(newsroom.skewed(count), key=lambda d: d["id"])
    local = find_duplicates(documents)
    assert max(len(c.members) for c in local.clusters) >= count // 3 * 2
    assert_same(on_spark.find_duplicates(frame_of(session, documents)), local)


@large
def test_duplicates_among_cleaned_pages(session):
    pages = list(newsroom.pages(300))
    local = find_duplicates([clean(Document(p["text"], p["id"], p["url"])) for p in pages])
    cleaned = on_spark.clean(frame_of(session, pages))
    made = on_spark.find_duplicates(cleaned)
    assert_same(made, local)
    assert local.clusters


@large
def test_options_and_names_of_columns(session):
    documents = list(newsroom.pages(200, seed=2))
    options = DuplicateOptions(clean=True, minimum=0.9, related=False)
    local = find_duplicates(documents, options=options)
    frame = frame_of(session, documents).withColumnsRenamed({"text": "body", "id": "key"})
    frame = frame.withColumn("date", frame["date"].cast("date"))
    fields = on_spark.DuplicateFields(text="body", id="key")
    assert_same(on_spark.find_duplicates(frame, fields=fields, options=options), local)


FEW = {
    "none": [],
    "one": ["The council voted to close the old bridge for good on Monday."],
    "without words": ["", "", "..."],
    "equal": ["The council voted to close the old bridge for good on Monday."] * 3,
}


@large
@pytest.mark.parametrize("texts", FEW.values(), ids=FEW)
def test_few_documents(session, texts):
    documents = [
        {"id": f"d{i}", "text": t, "title": None, "url": None, "date": None}
        for i, t in enumerate(texts)
    ]
    made = on_spark.find_duplicates(frame_of(session, documents, partitions=1))
    assert_same(made, find_duplicates(documents))


WRONG = {
    "no text": ([("a", None, None)], "1 documents have no text; leave them out"),
    "no name": ([(None, "x", "")], "1 documents have neither an id nor a URL"),
    "one id twice": ([("a", "x", None), ("a", "y", None)], "two documents have the id 'a'"),
    "an id in two partitions": (
        [(f"{i % 300}", "x", None) for i in range(600)],
        "two documents have the id '0'",
    ),
    "an id and a URL": ([("a", "x", None), (None, "y", "a")], "two documents have the id 'a'"),
}


@large
@pytest.mark.parametrize(("rows", "said"), WRONG.values(), ids=WRONG)
def test_wrong_documents_are_told(session, rows, said):
    frame = session.createDataFrame(rows, "id string, text string, url string")
    with pytest.raises(InputError, match=said):
        on_spark.find_duplicates(frame)


@large
def test_a_frame_without_texts_is_told(session):
    with pytest.raises(InputError, match="no column 'text'; the columns are: body"):
        on_spark.find_duplicates(session.createDataFrame([("x",)], "body string"))


@large
def test_a_checkpoint_directory_is_used(session, tmp_path):
    session.sparkContext.setCheckpointDir(str(tmp_path))
    try:
        documents = list(newsroom.documents(60))
        made = on_spark.find_duplicates(frame_of(session, documents))
        assert_same(made, find_duplicates(documents))
        assert any(tmp_path.rglob("part-*"))
    finally:
        session._jsc.sc().setCheckpointDir(None)


# --- cleaning -----------------------------------------------------------------------------------


@large
@pytest.mark.parametrize("count", SIZES)
def test_cleaned_rows_are_those_of_the_local_function(session, count):
    pages = list(newsroom.pages(count))
    made = rows_of(on_spark.clean(frame_of(session, pages)))
    columns = {name: [page[name] for page in pages] for name in ("id", "text", "url")}
    local = clean_columns(columns)
    assert list(made[0]) == list(COLUMNS)
    made.sort(key=lambda row: row["id"])
    assert made == [
        dict(zip(local, values, strict=True)) for values in zip(*local.values(), strict=True)
    ]


@large
def test_profiles_are_learned_and_used(session):
    pages = list(newsroom.pages(400))
    frame = frame_of(session, pages)
    local = learn_sites(Document(p["text"], url=p["url"]) for p in pages)
    learned = on_spark.learn_sites(frame)
    assert learned == local
    assert len(learned.profiles) == len(newsroom.SITES)
    made = {row["id"]: row["text"] for row in on_spark.clean(frame, site=learned).collect()}
    page = next(p for p in pages if "The Tarnow Record" in p["text"])
    assert "The Tarnow Record" not in made[page["id"]]
    assert made[page["id"]] == clean(page["text"], url=page["url"], site=local).text


@large
def test_pages_without_a_host_and_without_text_teach_nothing_unless_named(session):
    rows = [(None, "Our papers\nSnow fell."), (None, None), ("https://a.example/1", " ")]
    frame = session.createDataFrame(rows, "url string, text string")
    assert on_spark.learn_sites(frame).profiles == ()
    (profile,) = on_spark.learn_sites(frame, host="b.example").profiles
    assert (profile.host, len(profile.pages)) == ("b.example", 1)


@large
def test_bytes_of_html_are_learned_from_and_cleaned(session):
    html = "<html><body><p>Grüße</p><p>The bridge is shut.</p></body></html>".encode()
    frame = session.createDataFrame(
        [
            ("https://a.example/1", bytearray(html)),
            ("https://a.example/2", bytearray(b"%PDF-1.7 x")),
        ],
        "url string, html binary",
    )
    local = learn_sites([Document(html.decode(), url="https://a.example/1")])
    assert on_spark.learn_sites(frame) == local
    told = {row["url"][-1]: row for row in rows_of(on_spark.clean(frame))}
    assert told["1"]["text"] == clean(html).text
    assert told["2"]["warnings"][0]["code"] == "unreadable"


@large
def test_other_columns_of_any_type_are_carried_along(session):
    frame = session.sql(
        "select 7 as id, 'By Ana Ruiz\\n\\nThe bridge is shut.' as text, timestamp '2024-05-06 07:08:09' as seen, "
        "map('a', 1) as counts, array(struct(1 as n, 'x' as s)) as parts, cast(1.5 as decimal(9,3)) as price"
    )
    kept = ["seen", "counts", "parts", "price"]
    made = on_spark.clean(frame, keep=kept, options=CleanOptions(byline="keep"))
    assert made.columns == [*kept, *COLUMNS]
    assert made.select(*kept).schema.simpleString() == frame.select(*kept).schema.simpleString()
    (row,), (before,) = rows_of(made), rows_of(frame)
    assert {name: row[name] for name in kept} == {name: before[name] for name in kept}
    assert (row["id"], row["text"]) == ("7", "By Ana Ruiz\n\nThe bridge is shut.")


@large
@pytest.mark.parametrize(
    ("kwargs", "said"),
    [
        ({"keep": ["txt"]}, r"no column 'txt' to keep \(did you mean 'text'\?\)"),
        ({"keep": ["id"]}, "'id' cannot be kept"),
        ({"fields": Fields(text="x", html="y")}, "no column 'x' and no column 'y'"),
    ],
)
def test_wrong_columns_are_told_at_once(session, kwargs, said):
    frame = session.createDataFrame([("a", "b")], "id string, text string")
    with pytest.raises(InputError, match=said):
        on_spark.clean(frame, **kwargs)


@large
def test_the_guide_does_what_it_says(session, tmp_path):
    guide = Path(__file__).parent.parent / "docs" / "how-to" / "spark.md"
    pages = list(newsroom.pages(80))
    frame = frame_of(session, pages).withColumnRenamed("date", "crawled")
    frame.write.parquet(f"{tmp_path}/pages.parquet")
    names = {}
    for block in re.findall(r"^```python\n(.*?)^```", guide.read_text("utf-8"), re.M | re.S):
        code = re.sub(r'"(\w+\.(?:parquet|json))"', rf'"{tmp_path}/\1"', block)
        exec(code, names)  # noqa: S102 (our own page)
    options = CleanOptions(captions="keep")
    local = [clean(Document(p["text"], p["id"], p["url"]), options=options) for p in pages]
    texts = find_duplicates(local)
    kept = {row["id"] for row in names["kept"].collect()}
    assert kept == {p["id"] for p in pages} - set(texts.redundant())
    assert session.read.parquet(f"{tmp_path}/links.parquet").count() == len(texts.links)


# --- connected components -----------------------------------------------------------------------


def graphs():
    rng = random.Random(5)
    numbers = rng.sample(range(10**12), 400)
    yield "a path", list(itertools.pairwise(range(200)))
    yield "a shuffled path", list(itertools.pairwise(numbers))
    yield "a star with its centre last", [(i, 999) for i in range(300)]
    yield "many small ones", [(rng.choice(numbers), rng.choice(numbers)) for _ in range(150)]
    yield "loops and repeats", [(4, 4), (5, 6), (6, 5), (5, 6), (7, 7)]
    yield "none", []


@large
@pytest.mark.parametrize("edges", [e for _, e in graphs()], ids=[n for n, _ in graphs()])
def test_components(session, edges):
    from cleannews.integrations.spark.components import components as by_stars

    nodes = sorted({node for edge in edges for node in edge})
    place = {node: i for i, node in enumerate(nodes)}
    a, b = (np.array([place[edge[end]] for edge in edges], np.int64) for end in (0, 1))
    labels = components(len(nodes), a, b)
    expected = {n: nodes[low] for n, low in zip(nodes, labels.tolist(), strict=True)}
    frame = session.createDataFrame(edges, "a long, b long").repartition(3)
    made = {row["node"]: row["component"] for row in by_stars(frame).collect()}
    alone = {n for n, low in expected.items() if list(expected.values()).count(low) == 1}
    assert made == {n: low for n, low in expected.items() if n not in alone}


# --- steps, without Spark -----------------------------------------------------------------------


@pytest.mark.parametrize("least", [0, 1, 5, 1000])
@pytest.mark.parametrize("size", [1, 2, 3, 50])
def test_groups_are_never_split(size, least):
    keys = [1, 1, 1, 1, 2, 3, 3, 4, 4, 4, 4, 4, 4, 4, 5]
    whole = pa.RecordBatch.from_pydict({"key": keys, "place": list(range(len(keys)))})
    batches = [whole.slice(i, size) for i in range(0, len(keys), size)]
    empty = whole.slice(0, 0)
    made = list(tables.grouped([empty, *batches, empty], "key", least))
    assert [p for t in made for p in t["place"].to_pylist()] == list(range(len(keys)))
    owners = [set(t["key"].to_pylist()) for t in made]
    assert sum(map(len, owners)) == len(set(keys))
    assert all(len(t) >= least for t in made[:-1])


@pytest.mark.parametrize("texts", [2, 24, 25, 26, 60])
def test_texts_meet_as_in_the_local_engine(texts):
    """The pairs that share two shingles, with as many texts as caps let through, and more."""
    rng = np.random.default_rng(texts)
    hashes = np.concatenate([[1 << 50, 1 << 51], rng.integers(1 << 40, 1 << 62, 40)]).astype(
        np.uint64
    )
    sampled = np.concatenate([hashes[:2] for _ in range(texts)])
    packed = postings(sampled, np.full(texts, 2), np.arange(texts))
    local = pairs_of(packed, texts)
    keys = (packed >> np.uint64(24)).astype(np.int64)
    number = (packed & np.uint64((1 << 24) - 1)).astype(np.int64)
    met = [
        pair
        for left, right, _ in meeting.meetings(keys)
        for pair in zip(number[left].tolist(), number[right].tolist(), strict=True)
    ]
    assert sorted(set(met)) == list(zip(local.a.tolist(), local.b.tolist(), strict=True))
    assert all(met.count(pair) == 2 for pair in met)


def test_words_survive_the_way_there_and_back():
    from cleannews.duplicates.collection import Collection
    from cleannews.integrations.spark.signing import _signed, tokens_of

    documents = list(newsroom.documents(40))
    local = Collection.read(documents).tokens
    (batch,) = _signed([dict(d) for d in documents], clean=False)
    made = tokens_of(pa.Table.from_batches([batch]))
    for name in ("words", "marks", "offsets"):
        assert np.array_equal(getattr(made, name), getattr(local, name)), name


def test_importing_loads_no_pyspark():
    program = "import sys, cleannews.integrations.spark; print('pyspark' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True)
    assert done.stdout.split() == [b"False"]


@pytest.mark.parametrize("module", [meeting, tables], ids=lambda m: m.__name__)
def test_examples_in_docstrings(module):
    done = doctest.testmod(module)
    assert done.attempted > 0
    assert done.failed == 0

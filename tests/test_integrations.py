"""Each adapter in its real framework: the rows are those of the columns function.

A framework that is not installed skips its test; with CLEANNEWS_ALL_FRAMEWORKS in the environment
that is an error.
"""

import asyncio
import importlib
import json
import os
import re
from pathlib import Path

import pytest

from cleannews import CleanOptions
from cleannews.columns import COLUMNS, Fields, clean_columns, cluster_columns, link_columns

# Frameworks warn about each other; what they say is not ours to mend.
pytestmark = pytest.mark.filterwarnings("ignore")

STORY = (
    "The council of Vostok voted 12 to 3 on Monday to close the old bridge for good. Mayor Irina "
    "Belova said that repairs would have cost 4.7 million euros, more than schools cost in a year."
)
FLAT = f"Bridge to close\n\nBy Ana Ruiz\n\n[ad_1]\n\n{STORY}\n\nSource link"
TEXTS = [FLAT, STORY, None, "", "Snow fell in the mountains of Tatra on Sunday, said Jan Novak."]
COLUMNS_IN = {
    "id": ["a", "b", "c", "d", "e"],
    "url": ["https://example.org/1", None, None, None, None],
    "text": TEXTS,
    "more": [1, 2, 3, 4, 5],
}
ROWS_IN = [
    dict(zip(COLUMNS_IN, row, strict=True)) for row in zip(*COLUMNS_IN.values(), strict=True)
]
KEPT = CleanOptions(byline="keep")


def need(name):
    """Import a framework; where it is promised to be there, its absence is no reason to skip."""
    if os.environ.get("CLEANNEWS_ALL_FRAMEWORKS"):
        return importlib.import_module(name)
    return pytest.importorskip(name)


def rows(columns):
    return [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]


def expected(**settings):
    return rows(clean_columns(COLUMNS_IN, **settings))


def plain(made):
    """Return rows with plain lists, whatever a framework makes of them."""
    return json.loads(json.dumps(made, default=list))


def test_expected_rows_are_not_trivial():
    first, *_ = expected()
    assert (first["title"], first["authors"]) == ("Bridge to close", ["Ana Ruiz"])
    assert first["text"] == STORY
    assert expected(options=KEPT) != expected()


# Frames


def test_pandas():
    pd = need("pandas")
    from cleannews.integrations.pandas import clean, find_clusters, find_links

    frame = pd.DataFrame(COLUMNS_IN, index=[10, 11, 12, 13, 14])
    made = clean(frame)
    assert tuple(made.columns) == COLUMNS
    assert made.index.tolist() == frame.index.tolist()
    assert made.replace({float("nan"): None}).to_dict("records") == expected()
    assert clean(frame, options=KEPT).iloc[0]["text"] == expected(options=KEPT)[0]["text"]
    assert find_links(made).to_dict("list") == link_columns(clean_columns(COLUMNS_IN))
    clusters = find_clusters(made)
    assert clusters.to_dict("list") == cluster_columns(clean_columns(COLUMNS_IN))
    assert frame[clusters["is_original"]]["id"].tolist() == ["a", "c", "d", "e"]


@pytest.mark.parametrize("kind", ["str", "string[pyarrow]", "category", "object"])
def test_pandas_kinds_of_text(kind):
    pd = need("pandas")
    from cleannews.integrations.pandas import clean

    frame = pd.DataFrame({"body": pd.Series(TEXTS, dtype=kind)})
    made = clean(frame, fields=Fields(text="body"))
    assert [t if isinstance(t, str) else None for t in made["text"]] == [
        row["text"] for row in expected()
    ]


def test_polars():
    pl = need("polars")
    from cleannews.integrations.polars import clean, find_clusters, find_links

    frame = pl.DataFrame(COLUMNS_IN)
    made = clean(frame)
    assert made.to_dicts() == expected()
    lazy = clean(frame.lazy(), options=KEPT)
    assert isinstance(lazy, pl.LazyFrame)
    assert lazy.collect().to_dicts() == expected(options=KEPT)
    assert lazy.select("title").filter(pl.col("title").is_not_null()).collect().height >= 1
    assert find_links(made).to_dict(as_series=False) == link_columns(clean_columns(COLUMNS_IN))
    clusters = find_clusters(made).to_dict(as_series=False)
    assert clusters == cluster_columns(clean_columns(COLUMNS_IN))


def test_hugging_face(tmp_path, monkeypatch):
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    datasets = need("datasets")
    from cleannews.integrations.huggingface import clean

    dataset = datasets.Dataset.from_dict(COLUMNS_IN)
    made = clean(dataset, batch_size=2)
    assert tuple(made.column_names) == COLUMNS
    assert plain(made.to_list()) == expected()
    splits = clean(datasets.DatasetDict({"train": dataset, "test": dataset}), options=KEPT)
    assert list(splits) == ["train", "test"]
    assert plain(splits["test"].to_list()) == expected(options=KEPT)
    stream = clean(dataset.to_iterable_dataset(), batch_size=2)
    assert plain(list(stream)) == expected()
    stored = tmp_path / "stored"
    dataset.save_to_disk(stored)
    many = clean(datasets.load_from_disk(stored), num_proc=2)
    assert plain(many.to_list()) == expected()


def test_hugging_face_takes_the_columns_function_as_it_is():
    datasets = need("datasets")
    dataset = datasets.Dataset.from_dict(COLUMNS_IN)
    made = dataset.map(clean_columns, batched=True, remove_columns=dataset.column_names)
    assert [row["text"] for row in made] == [row["text"] for row in expected()]


def test_duckdb(tmp_path):
    duckdb = need("duckdb")
    import pyarrow as pa

    from cleannews.integrations.duckdb import clean, register

    connection = duckdb.connect()
    documents = pa.table(COLUMNS_IN)
    relation = connection.from_arrow(documents)
    made = clean(relation, connection=connection, options=KEPT)
    assert tuple(made.columns) == COLUMNS
    for _ in range(2):
        assert made.to_arrow_table().to_pylist() == expected(options=KEPT)
    path = tmp_path / "clean.parquet"
    clean(relation, connection=connection).write_parquet(str(path))
    counted = connection.sql(f"SELECT count(text) FROM '{path}'")  # noqa: S608
    assert counted.fetchall() == [(4,)]
    register(connection)
    found = connection.sql("SELECT clean_news(text) AS row FROM documents").fetchall()
    texts = clean_columns({"text": TEXTS})
    assert [row["text"] for (row,) in found] == texts["text"]
    assert plain([row["authors"] for (row,) in found]) == texts["authors"]


def test_duckdb_joins_signatures():
    duckdb = need("duckdb")
    from cleannews.arrow import clean_batch, signature_batch, verify_batch

    connection = duckdb.connect()
    import pyarrow as pa

    cleaned = pa.Table.from_batches([clean_batch(pa.table(COLUMNS_IN))])
    signed = signature_batch(cleaned)
    connection.register("signed", signed)
    connection.register("cleaned", cleaned)
    pairs = connection.sql(
        """
        WITH met AS (SELECT id, unnest(shingles) AS shingle FROM signed),
             pairs AS (SELECT x.id AS a, y.id AS b FROM met x JOIN met y USING (shingle)
                       WHERE x.id < y.id GROUP BY ALL HAVING count(*) >= 2)
        SELECT a, b, p.text AS text_a, q.text AS text_b
        FROM pairs JOIN cleaned p ON p.id = a JOIN cleaned q ON q.id = b
        """
    ).to_arrow_table()
    verified = verify_batch(pairs)
    assert verified.select(["a", "b", "kind"]).to_pylist() == [
        {"a": "a", "b": "b", "kind": "exact"}
    ]


def test_dask():
    pd = need("pandas")
    dd = need("dask.dataframe")
    from cleannews.integrations.dask import clean

    frame = dd.from_pandas(pd.DataFrame(COLUMNS_IN), npartitions=2)
    lazy = clean(frame, options=KEPT)
    assert tuple(lazy.columns) == COLUMNS
    made = lazy.compute(scheduler="sync")
    assert made["text"].fillna("-").tolist() == [
        "-" if row["text"] is None else row["text"] for row in expected(options=KEPT)
    ]
    assert [list(a) for a in made["authors"]] == [row["authors"] for row in expected(options=KEPT)]


# Documents


def test_scrapy():
    scrapy = need("scrapy")
    from itemadapter import ItemAdapter
    from scrapy.pipelines import ItemPipelineManager
    from scrapy.utils.test import get_crawler

    class Story(scrapy.Item):
        text = scrapy.Field()
        link = scrapy.Field()
        cleaned = scrapy.Field()

    settings = {
        "ITEM_PIPELINES": {"cleannews.integrations.scrapy.CleanNewsPipeline": 300},
        "CLEANNEWS_FIELDS": {"url": "link"},
        "CLEANNEWS_OPTIONS": {"byline": "keep"},
    }
    crawler = get_crawler(settings_dict=settings)
    manager = ItemPipelineManager.from_crawler(crawler)

    async def run(item):
        return await manager.process_item_async(item)

    items = [Story(text=FLAT, link="https://example.org/1"), {"text": None}]
    made = [ItemAdapter(asyncio.run(run(item)))["cleaned"] for item in items]
    wanted = clean_columns(
        {"text": [FLAT, None], "url": ["https://example.org/1", None]}, options=KEPT
    )
    assert made == rows(wanted)
    assert crawler.stats.get_stats() == {"cleannews/cleaned": 1, "cleannews/unreadable": 1}


def test_scrapy_says_what_is_wrong_in_its_settings():
    need("scrapy")
    from scrapy.utils.test import get_crawler

    from cleannews import OptionError
    from cleannews.integrations.scrapy import CleanNewsPipeline

    crawler = get_crawler(settings_dict={"CLEANNEWS_OPTIONS": {"bylines": "keep"}})
    with pytest.raises(OptionError, match="did you mean 'byline'"):
        CleanNewsPipeline.from_crawler(crawler)


def test_datatrove(tmp_path):
    need("datatrove")
    from datatrove.executor import LocalPipelineExecutor
    from datatrove.pipeline.readers import JsonlReader
    from datatrove.pipeline.writers import JsonlWriter

    from cleannews.integrations.datatrove import CleanNews

    (tmp_path / "in").mkdir()
    texts = [row for row in ROWS_IN if row["text"]]
    with (tmp_path / "in" / "a.jsonl").open("w", encoding="utf-8") as file:
        file.writelines(json.dumps(row) + "\n" for row in texts)
    pipeline = [
        JsonlReader(str(tmp_path / "in")),
        CleanNews(options=KEPT),
        JsonlWriter(str(tmp_path / "out"), compression=None),
    ]
    stats = LocalPipelineExecutor(pipeline, logging_dir=str(tmp_path / "logs")).run()
    (path,) = (tmp_path / "out").iterdir()
    made = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    wanted = [row for row in expected(options=KEPT) if row["text"]]
    assert [(m["id"], m["text"]) for m in made] == [(w["id"], w["text"]) for w in wanted]
    assert made[0]["metadata"]["authors"] == ["Ana Ruiz"]
    assert made[0]["metadata"]["more"] == 1
    assert stats.stats[1].to_dict()["stats"]["cleaned"] == 3


# What the guides show


GUIDES = {
    "integrations": "json",
    "pandas": "pandas",
    "polars": "polars",
    "huggingface": "datasets",
    "duckdb": "duckdb",
    "dask": "dask.dataframe",
    "scrapy": "scrapy",
    "datatrove": "datatrove",
}
DOCS = Path(__file__).parent.parent / "docs" / "how-to"


@pytest.mark.parametrize("page", GUIDES)
def test_guides_run(page, tmp_path, monkeypatch, capfd):
    need(GUIDES[page])
    monkeypatch.chdir(tmp_path)
    text = (DOCS / f"{page}.md").read_text(encoding="utf-8")
    blocks = re.findall(r"^```python\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    assert blocks
    # As a file, so that other processes can find what it defines.
    path = tmp_path / "guide.py"
    code = "\n".join(blocks)
    path.write_text(code, encoding="utf-8")
    exec(compile(code, str(path), "exec"), {"__name__": "guide", "__file__": str(path)})  # noqa: S102
    if page == "duckdb":
        assert "exact" in capfd.readouterr().out
    elif page == "pandas":
        assert re.search(r"a\s+b\s+exact", capfd.readouterr().out)

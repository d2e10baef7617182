"""From verdicts on texts to links between documents."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from cleannews import arrow
from cleannews.duplicates.anchors import _named as named
from cleannews.duplicates.anchors import _shared as shared_keys
from cleannews.duplicates.collection import Collection, Facts
from cleannews.duplicates.find import (
    FEWEST_EXACT,
    MOST_ALIKE,
    MOST_TOGETHER,
    Found,
)
from cleannews.duplicates.find import _links as links_of
from cleannews.duplicates.find import _of_series as of_series
from cleannews.duplicates.find import _oriented as oriented
from cleannews.duplicates.links import CONTAINS, EXACT, NEAR, REWRITTEN, TEMPLATE
from cleannews.duplicates.names import Names
from cleannews.duplicates.signatures import read_tokens
from cleannews.duplicates.values import DuplicateOptions
from cleannews.integrations.spark.tables import (
    Batches,
    batches_of,
    column,
    list_values,
    stepped,
)
from cleannews.integrations.spark.verifying import FOUND

if TYPE_CHECKING:
    from pyspark.sql import Column, DataFrame

STORY = (EXACT, NEAR, CONTAINS, REWRITTEN)
"""Kinds of link that say that one text carries the other's story."""

_ENDS = [(f"{what}_{end}", pa.string()) for end in "ab" for what in ("id", "title")]
LINKED: pa.Schema = pa.schema([*FOUND, *_ENDS])
"""Rows of `FOUND` in their final direction and kind, with ids and titles of both ends."""

LINKS: pa.Schema = arrow.LINKED
"""The columns of ``DuplicateLink.to_dict()``."""


def with_equal(found: DataFrame, numbered: DataFrame) -> DataFrame:
    """Add the documents with the same words as those that were compared.

    Args:
        found: Rows of `FOUND` between texts of which all others of a group go by the first.
        numbered: Columns `number`, `head` (the first document with the same words), `size` (how
            many there are) and `length`.

    Returns:
        Rows of `FOUND`. Big groups become stars, as in `cleannews.duplicates.find`.
    """
    from pyspark.sql import functions as f

    many = numbered.where("size > 1")
    groups = many.where(f.col("size") <= MOST_TOGETHER).groupBy("head")
    members = groups.agg(f.array_sort(f.collect_list("number")).alias("members"))
    heads = many.where("number = head").select("head", "size").join(members, "head", "left")
    grown = found
    for end in ("a", "b"):
        own = heads.withColumnsRenamed(
            {"head": end, "size": f"size_{end}", "members": f"members_{end}"}
        )
        grown = grown.join(own, end, "left")
    both = f.coalesce("size_a", f.lit(1)) * f.coalesce("size_b", f.lit(1))
    for end in ("a", "b"):
        every = f.when(both <= MOST_TOGETHER, f.col(f"members_{end}"))
        grown = grown.withColumn(f"all_{end}", f.coalesce(every, f.array(end)))
    rest = [name for name in FOUND.names if name not in ("a", "b")]
    grown = grown.select(f.explode("all_a").alias("a"), "all_b", *rest)
    grown = grown.select("a", f.explode("all_b").alias("b"), *rest)
    return grown.select(*FOUND.names).union(_equal(many, members))


def _equal(many: DataFrame, members: DataFrame) -> DataFrame:
    """Return the links of documents with the same words: all of a small group, or a star."""
    from pyspark.sql import functions as f

    others = many.where((f.col("size") > MOST_ALIKE) & (f.col("number") != f.col("head")))
    star = others.select(f.col("head").alias("a"), f.col("number").alias("b"), "length")
    small = many.where((f.col("size") <= MOST_ALIKE) & (f.col("number") == f.col("head")))
    small = small.select("head", "length").join(members, "head")
    pairs = small.select("length", "members", f.explode("members").alias("a"))
    pairs = pairs.select("a", f.explode("members").alias("b"), "length").where("a < b")
    sure: Column = f.when(f.col("length") < FEWEST_EXACT, 0.6).otherwise(0.999)
    values: dict[str, Any] = dict.fromkeys(FOUND.names, f.lit(1.0))
    values |= {"a": f.col("a"), "b": f.col("b"), "kind": f.lit(EXACT).cast("tinyint")}
    values |= {"ends_a": f.lit(2.0), "ends_b": f.lit(2.0), "quotes": f.lit(0.0)}
    values["confidence"] = sure
    return star.union(pairs).select(*(value.alias(name) for name, value in values.items()))


def directed(found: DataFrame, facts: DataFrame, options: DuplicateOptions) -> DataFrame:
    """Return the links that were asked for as rows of `LINKED`.

    Args:
        found: Rows of `FOUND`.
        facts: Columns `number`, `id` and `title`.
        options: How to look.
    """
    from pyspark.sql import functions as f

    story = f.col("kind").isin(*STORY)
    asked = f.when(story, f.col("confidence") >= options.minimum).otherwise(options.related)
    made = found.where(asked)
    for end in ("a", "b"):
        own = facts.select(
            f.col("number").alias(end),
            f.col("id").alias(f"id_{end}"),
            f.col("title").alias(f"title_{end}"),
        )
        made = made.join(own, end)

    def step(batches: Batches) -> Iterator[pa.RecordBatch]:
        for batch in batches:
            if batch.num_rows:
                yield from _directed(pa.Table.from_batches([batch]))

    return stepped(made.select(*LINKED.names), step, LINKED)


@dataclass(frozen=True, slots=True)
class Batch:
    """Some links, as the local engine sees them: their ends are places in `collection`.

    Attributes:
        collection: The documents at their ends; facts, no words.
        numbers: Number of each. (documents,) int64.
        ranks: Place of each in the order of ids. (documents,) int64.
        found: The links.
    """

    collection: Collection
    numbers: NDArray[np.int64]
    ranks: NDArray[np.int64]
    found: Found

    @classmethod
    def of(cls, table: pa.Table) -> Batch:
        """Read rows of `LINKED`."""
        a, b = column(table, "a"), column(table, "b")
        numbers, first, place = np.unique(
            np.concatenate([a, b]), return_index=True, return_inverse=True
        )
        ids = table["id_a"].to_pylist() + table["id_b"].to_pylist()
        titles = table["title_a"].to_pylist() + table["title_b"].to_pylist()
        facts = [Facts(ids[i], titles[i]) for i in first.tolist()]
        collection = Collection(facts, read_tokens([]), Names())
        values = {f.name: column(table, f.name).copy() for f in fields(Found)}
        values |= {"a": place[: len(a)], "b": place[len(a) :]}
        return cls(collection, numbers, collection.ranks(), Found(**values))


def _directed(table: pa.Table) -> Iterator[pa.RecordBatch]:
    batch = Batch.of(table)
    found = oriented(batch.found, batch.ranks)
    found.kind[of_series(batch.collection, found)] = TEMPLATE
    made: dict[str, Any] = {f.name: getattr(found, f.name) for f in fields(Found)}
    for end, places in (("a", found.a), ("b", found.b)):
        made[end] = batch.numbers[places]
        facts = [batch.collection.facts[place] for place in places.tolist()]
        made[f"id_{end}"] = [fact.id for fact in facts]
        made[f"title_{end}"] = [fact.title for fact in facts]
    yield from batches_of(made, LINKED)


def finished(links: DataFrame, spelled: DataFrame) -> DataFrame:
    """Return links as people read them, rows of `LINKS`.

    Args:
        links: Rows of `LINKED`.
        spelled: What `signing.spelled` returned.
    """
    from pyspark.sql import functions as f

    made = links
    for end in ("a", "b"):
        own = spelled.select(
            f.col("number").alias(end),
            f.col("told.key").alias(f"keys_{end}"),
            f.col("told.spelling").alias(f"spellings_{end}"),
        )
        made = made.join(own, end, "left")

    def step(batches: Batches) -> Iterator[pa.RecordBatch]:
        for batch in batches:
            if batch.num_rows:
                yield from _finished(pa.Table.from_batches([batch]))

    return stepped(made, step, LINKS)


def _finished(table: pa.Table) -> Iterator[pa.RecordBatch]:
    batch = Batch.of(table)
    names: dict[int, str] = {}
    sides = []
    for end in ("a", "b"):
        values, lengths = list_values(table[f"keys_{end}"])
        spellings, _ = list_values(table[f"spellings_{end}"])
        keys = values.to_numpy(zero_copy_only=False).astype(np.uint64)
        words = (keys & np.uint64((1 << 32) - 1)).tolist()
        names.update(zip(words, spellings.to_pylist(), strict=True))
        sides.append((keys, lengths))
    (keys_a, lengths_a), (keys_b, lengths_b) = sides
    offsets = np.concatenate([[0], np.cumsum(np.concatenate([lengths_a, lengths_b]))])
    row = np.arange(len(table))
    shared = shared_keys(np.concatenate([keys_a, keys_b]), offsets, row, row + len(table))
    anchors = named(names, shared, batch.found.quotes.astype(np.int64).tolist())
    rows = [link.to_dict() for link in links_of(batch.collection, batch.found, anchors)]
    yield from pa.Table.from_pylist(rows, schema=LINKS).to_batches()

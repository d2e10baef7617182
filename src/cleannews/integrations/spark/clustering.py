"""From links to clusters with their originals, by the local engine's rules.

How documents group, and which was first, depends on the documents of one connected component of
the story links alone. So components are found by joins, and each is grouped in one place.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from cleannews.duplicates.clusters import group
from cleannews.duplicates.find import Found
from cleannews.duplicates.links import CONTAINS, EXACT, NEAR, REWRITTEN
from cleannews.duplicates.original import clusters_of
from cleannews.integrations.spark.components import components
from cleannews.integrations.spark.linking import STORY
from cleannews.integrations.spark.signing import FACTS, facts_of
from cleannews.integrations.spark.tables import Batches, column, grouped, stepped
from cleannews.integrations.spark.verifying import BLOCK_BITS, FOUND

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

CLUSTERS: pa.Schema = pa.schema(
    [
        ("members", pa.list_(pa.string())),
        ("attached", pa.list_(pa.string())),
        ("original", pa.string()),
        ("reasons", pa.list_(pa.string())),
        ("confidence", pa.float64()),
    ]
)
"""The columns of ``DuplicateCluster.to_dict()``."""


def clusters(links: DataFrame, facts: DataFrame, traits: DataFrame) -> DataFrame:
    """Return the clusters of two and more documents.

    Args:
        links: Rows of `LINKED`.
        facts: Columns `number`, `length` and those of `FACTS`.
        traits: Rows of `TRAITS`.
    """
    from pyspark.sql import functions as f

    story = links.where(f.col("kind").isin(*STORY))
    parts = components(story).select(
        f.col("node").alias("number"), f.shiftright("component", BLOCK_BITS).alias("block")
    )
    documents = parts.join(facts.select("number", "length", *FACTS.names), "number")
    documents = documents.join(traits.select("number", "odd"), "number")
    placed = story.select(*FOUND.names).join(parts.withColumnRenamed("number", "a"), "a")
    blocks = documents.unionByName(placed, allowMissingColumns=True)
    blocks = blocks.repartition("block").sortWithinPartitions("block")
    return stepped(blocks, _clusters, CLUSTERS)


def _clusters(batches: Batches) -> Iterator[pa.RecordBatch]:
    for table in grouped(batches, "block"):
        is_document = pc.is_valid(table["number"])
        rows = _grouped(table.filter(is_document), table.filter(pc.invert(is_document)))
        yield from pa.Table.from_pylist(rows, schema=CLUSTERS).to_batches()


def _grouped(documents: pa.Table, links: pa.Table) -> list[dict[str, object]]:
    documents = documents.sort_by("id")  # the place of a document is its rank
    number = column(documents, "number")
    order = np.argsort(number)
    values = {f.name: column(links, f.name) for f in fields(Found)}
    for end in ("a", "b"):
        values[end] = order[np.searchsorted(number, values[end], sorter=order)]
    found = Found(**values)
    found = found.take(np.lexsort((found.b, found.a)))
    whole = np.isin(found.kind, (EXACT, NEAR, REWRITTEN))
    partial = found.kind == CONTAINS
    grouping = group(
        len(documents),
        (found.a[whole], found.b[whole]),
        (found.a[partial], found.b[partial]),
        found.held_a[partial],
        found.held_b[partial],
    )
    count, length = column(documents, "odd"), column(documents, "length")
    share = count / np.maximum(1, length)
    odd = dict(enumerate(zip(count.tolist(), share.tolist(), strict=True)))
    made = clusters_of(facts_of(documents), found, grouping, odd)
    return [cluster.to_dict() for cluster in made]

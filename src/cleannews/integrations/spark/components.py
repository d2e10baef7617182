"""Which nodes of a graph are connected, by joins that no big group can break.

Source:
    Large-star and small-star: Kiveris, Lattanzi, Mirrokni, Rastogi and Vassilvitskii, "Connected
    Components in MapReduce and Beyond" (2014). GraphFrames has the same method; it is a Scala
    package that pip cannot install, and its runs need a checkpoint directory.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from cleannews.duplicates.candidates import components as local_components
from cleannews.integrations.spark.tables import Batches, batches_of, cut, stepped, whole_table

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

_EDGES = pa.schema([("a", pa.int64()), ("b", pa.int64())])


def components(edges: DataFrame) -> DataFrame:
    """Return each node of a graph with the smallest number it is connected with.

    Args:
        edges: Columns `a` and `b`, numbers of nodes; of any direction, and repeated at will.

    Returns:
        Columns `node` and `component`; nodes without an edge are not there.
    """
    from pyspark.sql import functions as f

    # Every partition first shrinks its own part of the graph to stars.
    now = cut(stepped(edges.select("a", "b"), _stars_of_partition, _EDGES))
    before = None
    while (seen := _fingerprint(now)) != before:
        before = seen
        now = cut(_small_star(_large_star(now)))
    roots = now.select(f.col("b").alias("node"), f.col("b").alias("component")).distinct()
    return now.select(f.col("a").alias("node"), f.col("b").alias("component")).union(roots)


def _stars_of_partition(batches: Batches) -> Iterator[pa.RecordBatch]:
    edges = whole_table(batches, ("a", "b"))
    if edges is None:
        return
    a, b = edges["a"], edges["b"]
    nodes, place = np.unique(np.concatenate([a, b]), return_inverse=True)
    roots = nodes[local_components(len(nodes), place[: len(a)], place[len(a) :])]
    far = roots != nodes
    yield from batches_of({"a": nodes[far], "b": roots[far]}, _EDGES)


def _large_star(edges: DataFrame) -> DataFrame:
    """Join every greater neighbour of a node with the least one."""
    from pyspark.sql import functions as f

    both = edges.union(edges.select(f.col("b").alias("a"), f.col("a").alias("b")))
    least = both.groupBy("a").agg(f.min("b").alias("low"))
    near = both.join(least, "a").where(f.col("b") > f.col("a"))
    made = near.select(f.col("b").alias("a"), f.least("a", "low").alias("b"))
    return made.distinct()


def _small_star(edges: DataFrame) -> DataFrame:
    """Join a node and its lesser neighbours with the least of these."""
    from pyspark.sql import functions as f

    least = edges.groupBy("a").agg(f.min("b").alias("low"))
    near = edges.join(least, "a").where(f.col("b") != f.col("low"))
    made = near.select(f.col("b").alias("a"), f.col("low").alias("b"))
    return made.union(least.select("a", f.col("low").alias("b"))).distinct()


def _fingerprint(edges: DataFrame) -> tuple[int, int]:
    """Return the number of edges and a sum of their 64-bit hashes."""
    from pyspark.sql import functions as f

    hashes = f.xxhash64("a", "b").cast("decimal(38,0)")
    row = edges.agg(f.count(f.lit(1)).alias("n"), f.sum(hashes).alias("sum")).first()
    return (0, 0) if row is None or not row["n"] else (int(row["n"]), int(row["sum"]))

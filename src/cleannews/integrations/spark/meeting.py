"""Which pairs of texts are worth a closer look: the rule of `cleannews.duplicates.candidates`.

The texts that have a sampled shingle come together in one partition, by a shuffle instead of one
sort. Everything that goes by the texts' order there goes by their numbers here, too.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from cleannews.duplicates.candidates import _SCALE as SCALE
from cleannews.duplicates.candidates import (
    CAP,
    COLLAPSE,
    LEAST_SHARE,
    LEAST_SHARED,
    WINDOW,
)
from cleannews.duplicates.candidates import _weights as spread_weights
from cleannews.integrations.spark.components import components
from cleannews.integrations.spark.tables import (
    Batches,
    batches_of,
    column,
    cut,
    grouped,
    stepped,
)

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

Numbers: TypeAlias = NDArray[np.int64]

AT_ONCE = 100_000
"""Places (a shingle in a text) looked at at once, more only where one shingle has more."""

_MET = pa.schema(
    [("a", pa.int64()), ("b", pa.int64()), ("size_a", pa.int64()), ("size_b", pa.int64())]
)
_WEIGHED = pa.schema(
    [
        ("a", pa.int64()),
        ("b", pa.int64()),
        ("weight", pa.int64()),
        ("key", pa.int64()),
        ("size", pa.int64()),
        ("less", pa.float64()),
    ]
)


def candidates(texts: DataFrame) -> DataFrame:
    """Return the pairs of texts that share enough.

    Args:
        texts: Columns `number` and `keys`, the sampled shingles; texts with the same words stand
            here once.

    Returns:
        Columns `a`, `b` and `weighted`, as `cleannews.duplicates.candidates.Candidates` has them.
    """
    from pyspark.sql import functions as f

    alike = components(_alike(texts)).withColumnRenamed("node", "number")
    labelled = texts.join(alike, "number", "left").select(
        "number",
        f.size("keys").cast("long").alias("size"),
        f.coalesce("component", "number").alias("label"),
        f.explode("keys").alias("key"),
    )
    weighed = cut(stepped(_by_key(labelled), _weigh, _WEIGHED))
    own = _own(weighed.where("b is null"))
    met = weighed.where("b is not null").groupBy("a", "b")
    met = met.agg(f.count(f.lit(1)).alias("shared"), f.sum("weight").alias("total"))
    met = met.where(f.col("shared") >= LEAST_SHARED)
    pairs = met.join(own.withColumnsRenamed({"a": "a", "own": "own_a"}), "a")
    pairs = pairs.join(own.withColumnsRenamed({"a": "b", "own": "own_b"}), "b")
    lighter = f.greatest(f.least("own_a", "own_b"), f.lit(1e-9))
    weighted = f.least(f.col("total") / f.lit(float(SCALE)) / lighter, f.lit(1.0))
    pairs = pairs.select("a", "b", weighted.alias("weighted"))
    return pairs.where(f.col("weighted") >= LEAST_SHARE)


def _alike(texts: DataFrame) -> DataFrame:
    """Return the pairs that count once when it is counted who has a shingle."""
    from pyspark.sql import functions as f

    places = texts.select(
        "number", f.size("keys").cast("long").alias("size"), f.explode("keys").alias("key")
    )
    met = stepped(_by_key(places), _meet, _MET)
    pairs = met.groupBy("a", "b", "size_a", "size_b").agg(f.count(f.lit(1)).alias("shared"))
    either = f.col("size_a") + f.col("size_b") - f.col("shared")
    return pairs.where(f.col("shared") >= f.lit(COLLAPSE) * either).select("a", "b")


def _by_key(places: DataFrame) -> DataFrame:
    return places.repartition("key").sortWithinPartitions("key", "number")


def _meet(batches: Batches) -> Iterator[pa.RecordBatch]:
    for table in grouped(batches, "key", AT_ONCE):
        number, size = column(table, "number"), column(table, "size")
        for left, right, _ in meetings(column(table, "key")):
            made = {"a": number[left], "b": number[right]}
            made |= {"size_a": size[left], "size_b": size[right]}
            yield from batches_of(made, _MET)


def _weigh(batches: Batches) -> Iterator[pa.RecordBatch]:
    """Yield the meetings with their weights, and then what each text's shared shingles lack."""
    for table in grouped(batches, "key", AT_ONCE):
        key, number = column(table, "key"), column(table, "number")
        first, run = _runs(key)
        weight = spread_weights(_groups(run, column(table, "label"), len(first)))
        scaled = (weight * SCALE).astype(np.int64)
        for left, right, of in meetings(key):
            made = {"a": number[left], "b": number[right], "weight": scaled[of]}
            yield from batches_of(made | _nothing(len(left), "key", "size", "less"), _WEIGHED)
        shared = np.flatnonzero(np.bincount(run, minlength=len(first))[run] > 1)
        made = {
            "a": number[shared],
            "key": key[shared],
            "size": column(table, "size")[shared],
            "less": (1 - weight)[run[shared]],
        }
        yield from batches_of(made | _nothing(len(shared), "b", "weight"), _WEIGHED)


def _nothing(rows: int, *names: str) -> dict[str, pa.Array]:
    return {name: pa.nulls(rows, _WEIGHED.field(name).type) for name in names}


def _runs(keys: Numbers) -> tuple[Numbers, Numbers]:
    """Return where runs of equal keys begin, and for each place the number of its run."""
    new = np.ones(len(keys), np.bool_)
    new[1:] = keys[1:] != keys[:-1]
    return np.flatnonzero(new), np.cumsum(new) - 1


def _groups(run: Numbers, label: Numbers, runs: int) -> Numbers:
    """Return for each run how many different labels it has."""
    order = np.lexsort((label, run))
    run, label = run[order], label[order]
    new = np.ones(len(run), np.bool_)
    new[1:] = (run[1:] != run[:-1]) | (label[1:] != label[:-1])
    return np.bincount(run[new], minlength=runs)


def meetings(keys: Numbers) -> Iterator[tuple[Numbers, Numbers, Numbers]]:
    """Yield the places that meet, and the number of their run, some at a time.

    Args:
        keys: Shingles, sorted; those of one shingle are in order of the texts' numbers.

    >>> [(a.tolist(), b.tolist()) for a, b, _ in meetings(np.array([5, 7, 7, 7]))]
    [([1, 2], [2, 3]), ([1], [3])]
    """
    first, run = _runs(keys)
    size = np.diff(np.append(first, len(keys)))[run]
    reach = np.where(size > CAP, WINDOW, size - 1)
    left = np.minimum(size - 1 - (np.arange(len(keys)) - first[run]), reach)
    here = np.arange(len(keys))
    for lag in range(1, CAP):
        here = here[left[here] >= lag]
        for start in range(0, len(here), AT_ONCE):
            part = here[start : start + AT_ONCE]
            yield part, part + lag, run[part]


def _own(places: DataFrame) -> DataFrame:
    """Return the weight of every text's whole sample; a shingle that nobody shares weighs 1."""
    from pyspark.sql import functions as f

    # Summed by rising shingle, as the local engine does: sums of fractions depend on the order.
    lacks = f.array_sort(f.collect_list(f.struct("key", "less")))
    sums = places.groupBy("a").agg(f.min("size").alias("size"), lacks.alias("lacks"))
    total = f.aggregate("lacks", f.lit(0.0), lambda so_far, place: so_far + place["less"])
    return sums.select("a", (f.col("size").cast("double") - total).alias("own"))

"""What pairs of texts share, and what they are: the local engine's own judgement, block by block.

A block is a few hundred texts that follow each other in the numbering, so that near copies stand
together, with all pairs that begin there. It gets every text that its pairs need once.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from cleannews.duplicates.find import Found
from cleannews.duplicates.links import judge
from cleannews.duplicates.verify import verify
from cleannews.integrations.spark.signing import tokens_of
from cleannews.integrations.spark.tables import Batches, batches_of, column, grouped, stepped

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

BLOCK_BITS = 9
"""A block is 2 ** 9 following numbers."""

_TYPES = {"a": pa.int64(), "b": pa.int64(), "kind": pa.int8()}
FOUND: pa.Schema = pa.schema([(f.name, _TYPES.get(f.name, pa.float64())) for f in fields(Found)])
"""Links as `cleannews.duplicates.find.Found` has them; `a` and `b` are numbers of texts."""


def judged(pairs: DataFrame, texts: DataFrame, weights: NDArray[np.float32]) -> DataFrame:
    """Return the pairs that are something to each other.

    Args:
        pairs: Columns `a`, `b` and `weighted`.
        texts: Columns `number`, `words` and `marks`.
        weights: Weight of the words of each slot.

    Returns:
        Rows of `FOUND`.
    """
    from pyspark.sql import functions as f

    shared = texts.sparkSession.sparkContext.broadcast(weights)
    pairs = pairs.withColumn("block", f.shiftright("a", BLOCK_BITS))
    needed = pairs.select("block", f.col("a").alias("number"))
    needed = needed.union(pairs.select("block", f.col("b").alias("number"))).distinct()
    sent = needed.join(texts.select("number", "words", "marks"), "number")
    blocks = sent.unionByName(pairs, allowMissingColumns=True)
    blocks = blocks.repartition("block").sortWithinPartitions("block")

    def step(batches: Batches) -> Iterator[pa.RecordBatch]:
        for table in grouped(batches, "block"):
            yield from _judged(table, shared.value)

    return stepped(blocks, step, FOUND)


def _judged(table: pa.Table, weights: NDArray[np.float32]) -> Iterator[pa.RecordBatch]:
    is_text = pc.is_valid(table["number"])
    texts, pairs = table.filter(is_text), table.filter(pc.invert(is_text))
    number = column(texts, "number")
    order = np.argsort(number)
    ends = column(pairs, "a"), column(pairs, "b")
    a, b = (order[np.searchsorted(number, end, sorter=order)] for end in ends)
    evidence = verify(tokens_of(texts), a, b, weights)
    verdicts = judge(evidence, column(pairs, "weighted"))
    told = verdicts.kind >= 0
    made = {
        "a": ends[0][told],
        "b": ends[1][told],
        "kind": verdicts.kind[told],
        "similarity": verdicts.similarity[told],
        "held_a": evidence.covered_a[told],
        "held_b": evidence.covered_b[told],
        "pieces_a": evidence.pieces_a[told],
        "pieces_b": evidence.pieces_b[told],
        "ends_a": evidence.ends_a[told],
        "ends_b": evidence.ends_b[told],
        "confidence": verdicts.confidence[told],
        "quotes": evidence.quotes[told],
    }
    yield from batches_of(made, FOUND)

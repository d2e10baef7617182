"""The search for duplicates in a frame, from documents to links and clusters."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cleannews.duplicates.values import DuplicateOptions
from cleannews.duplicates.weights import word_weights
from cleannews.integrations.spark import signing
from cleannews.integrations.spark.clustering import clusters
from cleannews.integrations.spark.linking import directed, finished, with_equal
from cleannews.integrations.spark.meeting import candidates
from cleannews.integrations.spark.signing import FACTS, DuplicateFields
from cleannews.integrations.spark.tables import cut
from cleannews.integrations.spark.verifying import judged

if TYPE_CHECKING:
    from pyspark.sql import DataFrame


@dataclass(frozen=True, slots=True)
class FrameDuplicates:
    """All links and clusters of a frame.

    Attributes:
        links: Columns as ``DuplicateLink.to_dict()`` has them, in no order.
        clusters: Columns as ``DuplicateCluster.to_dict()`` has them, in no order.
        documents: How many documents were compared.
    """

    links: DataFrame
    clusters: DataFrame
    documents: int


def find_duplicates(
    frame: DataFrame,
    *,
    fields: DuplicateFields | None = None,
    options: DuplicateOptions | None = None,
) -> FrameDuplicates:
    """Find documents that carry the same story, and the probable originals.

    Links and clusters are those that `cleannews.find_duplicates` finds among the same documents in
    order of their ids. A frame that `clean` made, with all of its columns, counts as results of
    cleaning: sources, agencies, dates and what was removed tell about the original.

    Args:
        frame: Rows with the columns that `fields` names.
        fields: Which columns are which; the default is ``DuplicateFields()``.
        options: How to look; the default is ``DuplicateOptions()``.

    Returns:
        Two frames. What they are made of is computed once and kept by Spark as long as they live:
        in the session's checkpoint directory where there is one, else on the executors' disks.

    Raises:
        InputError: A document has no text, or neither id nor URL, or two have the same.
    """
    fields = fields or DuplicateFields()
    options = options or DuplicateOptions()
    signed = signing.read(frame, fields, options).persist()
    try:
        signing.check(signed)
        texts = _numbered(signed)
    finally:
        signed.unpersist()
    counts = signing.corpus_counts(texts)
    weights = word_weights(counts)
    facts = texts.select("number", "length", *FACTS.names)
    places = cut(_with_heads(texts))
    doubles = places.where("number != head").select("number")
    heads = texts.where("length > 0").join(doubles, "number", "left_anti")
    pairs = candidates(heads.select("number", "keys"))
    found = cut(judged(pairs, texts, weights))
    links = cut(directed(with_equal(found, places), facts, options))
    traits = cut(signing.traits(_linked(texts, links), weights, counts == 1))
    made = cut(finished(links, signing.spelled(traits, texts)))
    return FrameDuplicates(made, cut(clusters(links, facts, traits)), texts.count())


def _numbered(signed: DataFrame) -> DataFrame:
    """Give texts the numbers that everything goes by: near copies come to stand together."""
    from pyspark.sql import functions as f

    ordered = signed.orderBy("smallest", "whole", "id")
    return cut(ordered.withColumn("number", f.monotonically_increasing_id()))


def _with_heads(texts: DataFrame) -> DataFrame:
    """Return texts that have words, with the first one of the same words, and how many there are.

    Counted before it is joined, so that a text with ten thousand copies is one row.
    """
    from pyspark.sql import functions as f

    same = ["smallest", "whole", "length"]
    words = texts.where("length > 0").select("number", *same)
    groups = words.groupBy(*same).agg(
        f.min("number").alias("head"), f.count(f.lit(1)).alias("size")
    )
    made = words.join(groups.where("size > 1"), same, "left")
    return made.select(
        "number",
        f.coalesce("head", "number").alias("head"),
        f.coalesce("size", f.lit(1).cast("long")).alias("size"),
        "length",
    )


def _linked(texts: DataFrame, links: DataFrame) -> DataFrame:
    """Return the texts that have a link."""
    from pyspark.sql import functions as f

    ends = links.select(f.col("a").alias("number")).union(links.select("b"))
    return texts.join(ends.distinct(), "number", "left_semi")

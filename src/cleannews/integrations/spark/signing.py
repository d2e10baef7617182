"""Documents to rows that a search works on: facts, hashed words, sampled shingles."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from operator import itemgetter
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from cleannews.columns import COLUMNS
from cleannews.duplicates.anchors import rarest
from cleannews.duplicates.candidates import postings
from cleannews.duplicates.collection import Collection, Facts, day_of
from cleannews.duplicates.find import _smallest as smallest_sampled
from cleannews.duplicates.names import Names
from cleannews.duplicates.signatures import NAME, NUMBER, Tokens, read_tokens
from cleannews.duplicates.values import DuplicateOptions
from cleannews.duplicates.weights import SLOTS_BITS, count_words, slots
from cleannews.errors import InputError
from cleannews.integrations.spark.tables import (
    Batches,
    batches_of,
    column,
    joined,
    lists,
    pieces,
    quoted,
    signed,
    stepped,
)

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

AT_ONCE = 2_000
"""Documents hashed at once."""
_KEY_SHIFT = np.uint64(24)
_NUMBER_MASK = np.uint64((1 << 24) - 1)

FACTS = pa.schema(
    [
        ("id", pa.string()),
        ("title", pa.string()),
        ("url", pa.string()),
        ("date", pa.date32()),
        ("source", pa.string()),
        ("agency", pa.string()),
        ("residue", pa.int64()),
    ]
)
"""What is known about a document beside its words, as `Facts`."""

_SPELLED = pa.struct([("word", pa.int64()), ("spelling", pa.string())])
SIGNED: pa.Schema = pa.schema(
    [
        *FACTS,
        ("length", pa.int64()),
        ("smallest", pa.int64()),
        ("whole", pa.int64()),
        ("keys", pa.list_(pa.int64())),
        ("words", pa.binary()),
        ("marks", pa.binary()),
        ("names", pa.list_(_SPELLED)),
        ("fault", pa.string()),
    ]
)
"""Facts, and: number of words; smallest sampled shingle and hash of all words, in an order that
signed numbers keep; sampled shingles; the columns of `Tokens`; the names and numbers that the batch
first has here; and, of a document that cannot be read, what it lacks."""
NO_TEXT, NO_NAME, TWICE = "no text", "no name", "its id was there before"

TRAITS: pa.Schema = pa.schema(
    [("number", pa.int64()), ("odd", pa.int64()), ("rarest", pa.list_(pa.int64()))]
)
"""What is only known once all words are counted: how many of a text's words nobody else has, and
its rarest names and numbers, as `rarest` returns them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DuplicateFields:
    """Names of the columns that a search reads.

    Only `text` and one of `id` and `url` must be there.

    Attributes:
        text: The story.
        id: Name of the document, unique in the frame; one without goes by its URL.
        title: Headline.
        url: Address.
        date: Day of publication: a date, a timestamp, or ISO text.
    """

    text: str = "text"
    id: str = "id"
    title: str = "title"
    url: str = "url"
    date: str = "date"


def read(frame: DataFrame, fields: DuplicateFields, options: DuplicateOptions) -> DataFrame:
    """Return the documents as rows of `SIGNED`.

    Raises:
        InputError: There is no column of texts.
    """
    from pyspark.sql import functions as f

    cleaned = set(COLUMNS) <= set(frame.columns)
    told = ("published", "based_on", "metadata", "removed") if cleaned else ()
    if fields.text not in frame.columns:
        known = ", ".join(frame.columns[:8]) or "none"
        raise InputError(f"there is no column {fields.text!r}; the columns are: {known}")
    columns = [
        (f.col(quoted(name)) if name in frame.columns else f.lit(None)).cast("string").alias(role)
        for role, name in (
            ("id", fields.id),
            ("text", fields.text),
            ("title", fields.title),
            ("url", fields.url),
            ("date", fields.date),
        )
    ]
    more = [f.size(name).alias(name) if name == "removed" else f.col(name) for name in told]
    documents = frame.select(*columns, *more)
    clean = options.clean and not cleaned

    def step(batches: Batches) -> Iterator[pa.RecordBatch]:
        for batch in batches:
            for start in range(0, batch.num_rows, AT_ONCE):
                yield from _signed(batch.slice(start, AT_ONCE).to_pylist(), clean=clean)

    return stepped(documents, step, SIGNED)


def check(signed: DataFrame) -> None:
    """Look whether all documents have texts and names of their own.

    Raises:
        InputError: A document has no text, or no name, or two have one name.
    """
    from pyspark.sql import functions as f

    faults = {row["fault"]: row["count"] for row in signed.groupBy("fault").count().collect()}
    if lacking := faults.get(NO_TEXT):
        raise InputError(
            f"{lacking:,} documents have no text; leave them out with "
            "frame.where('text is not null')"
        )
    if lacking := faults.get(NO_NAME):
        raise InputError(
            f"{lacking:,} documents have neither an id nor a URL; rows of a frame have no place "
            "they could go by, so every document needs a name"
        )
    twice = signed.groupBy("id").agg(f.count(f.lit(1)).alias("rows")).where("rows > 1")
    row = twice.agg(f.min("id").alias("id")).collect()[0]
    if row["id"] is not None:
        raise InputError(
            f"two documents have the id {row['id']!r}; links name documents by their ids, so "
            "every document needs its own"
        )


def _signed(rows: list[dict[str, Any]], *, clean: bool) -> Iterator[pa.RecordBatch]:
    for row in rows:
        row["url"] = row["url"] or None
        row["id"] = row["url"] if row["id"] is None else row["id"]
    faults = _faults(rows)
    bad = [{"id": r["id"], "fault": fault} for r, fault in zip(rows, faults, strict=True) if fault]
    yield from pa.Table.from_pylist(bad, schema=SIGNED).to_batches()
    rows = [row for row, fault in zip(rows, faults, strict=True) if not fault]
    # In order of ids: the spelling of a name is that of the first document that has it.
    rows.sort(key=itemgetter("id"))
    if rows and "metadata" in rows[0]:
        names = Names()
        facts = [_facts_of_cleaned(row) for row in rows]
        tokens = read_tokens([row["text"] for row in rows], names=names)
        collection = Collection(facts, tokens, names)
    else:
        collection = Collection.read(rows, clean=clean)
    made = {**facts_columns(collection.facts), **_hashed(collection)}
    yield from batches_of(made | {"fault": pa.nulls(len(collection), pa.string())}, SIGNED)


def _faults(rows: list[dict[str, Any]]) -> list[str | None]:
    """Return what each row lacks, None for nothing."""
    made: list[str | None] = []
    known: set[str] = set()
    for row in rows:
        name = row["id"]
        lacks = NO_TEXT if row["text"] is None else NO_NAME if name is None else None
        made.append(TWICE if not lacks and name in known else lacks)
        known.add(name)
    return made


def _facts_of_cleaned(row: Mapping[str, Any]) -> Facts:
    """Return the facts of a cleaned row, those that a `CleanResult` would give."""
    told = json.loads(row["metadata"] or "{}")
    canonical = told.get("canonical_url") or {}
    agencies = told.get("agencies") or [{}]
    return Facts(
        row["id"],
        title=row["title"],
        url=row["url"],
        date=day_of(row["published"]),
        source=row["based_on"] or canonical.get("value"),
        agency=agencies[0].get("value"),
        residue=max(0, row["removed"] or 0),
    )


def facts_columns(facts: list[Facts]) -> dict[str, list[Any]]:
    """Return facts as columns of `FACTS`."""
    return {name: [getattr(fact, name) for fact in facts] for name in FACTS.names}


def facts_of(table: pa.Table) -> list[Facts]:
    """Return the facts of rows with the columns of `FACTS`."""
    return [Facts(**row) for row in table.select(FACTS.names).to_pylist()]


def _hashed(collection: Collection) -> dict[str, Any]:
    tokens = collection.tokens
    length = np.diff(tokens.offsets)
    packed = postings(tokens.sampled, tokens.sizes, np.arange(len(tokens)))
    text = (packed & _NUMBER_MASK).astype(np.int64)
    keys = (packed >> _KEY_SHIFT).astype(np.int64)[np.argsort(text, kind="stable")]
    return {
        "length": length,
        "smallest": signed(smallest_sampled(tokens.sampled, tokens.sizes)),
        "whole": signed(tokens.whole),
        "keys": lists(keys, np.bincount(text, minlength=len(tokens))),
        "words": pieces(tokens.words, length),
        "marks": pieces(tokens.marks, length),
        "names": _names(collection),
    }


def _names(collection: Collection) -> pa.Array:
    """Return for each document the names and numbers that no document before it has."""
    tokens = collection.tokens
    at = np.flatnonzero(tokens.marks & (NAME | NUMBER))
    words, first = np.unique(tokens.words[at], return_index=True)
    place = at[first]
    order = np.argsort(place, kind="stable")
    words, place = words[order], place[order]
    document = np.searchsorted(tokens.offsets, place, "right") - 1
    told = collection.names.of(words)
    known = np.isin(words, np.fromiter(told, np.uint32, len(told)))
    words, document = words[known], document[known]
    spelled = [told[word] for word in words.tolist()]
    values = pa.StructArray.from_arrays(
        [pa.array(words.astype(np.int64)), pa.array(spelled, pa.string())], fields=list(_SPELLED)
    )
    counts = np.bincount(document, minlength=len(tokens))
    offsets = np.concatenate([[0], np.cumsum(counts)]).astype(np.int32)
    return pa.ListArray.from_arrays(pa.array(offsets), values)


def tokens_of(table: pa.Table) -> Tokens:
    """Return the words of rows with the columns `words` and `marks`."""
    words, marks = joined(table["words"], np.uint32), joined(table["marks"], np.uint8)
    lengths = np.fromiter((len(v.as_buffer()) for v in table["marks"]), np.int64, len(table))
    return Tokens(
        words,
        marks,
        np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64),
        np.zeros(0, np.uint64),
        np.zeros(len(table), np.int64),
        np.zeros(len(table), np.uint64),
    )


def corpus_counts(texts: DataFrame) -> NDArray[np.int64]:
    """Return how often words of each slot occur in all texts. (2 ** 20,) int64.

    What comes to the driver is this table of 8 MB, whatever the corpus holds.
    """
    from pyspark.sql import functions as f

    schema = pa.schema([("slot", pa.int64()), ("n", pa.int64())])
    packed = pa.schema([("counts", pa.binary())])

    def count(batches: Batches) -> Iterator[pa.RecordBatch]:
        made = np.zeros(1 << SLOTS_BITS, np.int64)
        for batch in batches:
            made += count_words(joined(batch["words"], np.uint32))
        found = np.flatnonzero(made)
        yield from batches_of({"slot": found, "n": made[found]}, schema)

    def pack(batches: Batches) -> Iterator[pa.RecordBatch]:
        made = np.zeros(1 << SLOTS_BITS, np.int64)
        for batch in batches:
            made[column(batch, "slot")] = column(batch, "n")
        yield pa.RecordBatch.from_pydict({"counts": [made.tobytes()]}, schema=packed)

    by_slot = stepped(texts.select("words"), count, schema)
    by_slot = by_slot.groupBy("slot").agg(f.sum("n").alias("n"))
    rows = stepped(by_slot.repartition(1), pack, packed).collect()
    made = np.zeros(1 << SLOTS_BITS, np.int64)
    for row in rows:
        made += np.frombuffer(bytes(row["counts"]), np.int64)
    return made


def traits(texts: DataFrame, weights: NDArray[np.float32], rare: NDArray[np.bool_]) -> DataFrame:
    """Return rows of `TRAITS`.

    Args:
        texts: Columns `number`, `words` and `marks`.
        weights: Weight of the words of each slot.
        rare: For the words of each slot, whether the corpus has only one of them.
    """
    shared = texts.sparkSession.sparkContext.broadcast((weights, rare))

    def step(batches: Batches) -> Iterator[pa.RecordBatch]:
        weights, rare = shared.value
        for batch in batches:
            for start in range(0, batch.num_rows, AT_ONCE):
                part = pa.Table.from_batches([batch.slice(start, AT_ONCE)])
                tokens = tokens_of(part)
                keys, offsets = rarest(Collection([], tokens, Names()), weights)
                odd = rare[slots(tokens.words)].astype(np.int64)
                before = np.concatenate([[0], np.cumsum(odd)])
                made = {
                    "number": column(part, "number"),
                    "odd": np.diff(before[tokens.offsets]),
                    "rarest": lists(keys.astype(np.int64), np.diff(offsets)),
                }
                yield from batches_of(made, TRAITS)

    return stepped(texts.select("number", "words", "marks"), step, TRAITS)


def spelled(traits: DataFrame, texts: DataFrame) -> DataFrame:
    """Give every text its rarest names and numbers with their spellings.

    Args:
        traits: Rows of `TRAITS`.
        texts: Columns `id` and `names`.

    Returns:
        Columns `number` and `told`, a list of ``{key, spelling}`` by rising key; texts without
        names and numbers are not there.
    """
    from pyspark.sql import functions as f

    first = (
        texts.select("id", f.explode("names").alias("name"))
        .groupBy(f.col("name.word").alias("word"))
        .agg(f.min(f.struct("id", "name.spelling")).alias("first"))
        .select("word", f.col("first.spelling").alias("spelling"))
    )
    keys = traits.select("number", f.explode("rarest").alias("key"))
    keys = keys.withColumn("word", f.col("key").bitwiseAND(f.lit((1 << 32) - 1)))
    named = keys.join(first, "word")
    told = f.array_sort(f.collect_list(f.struct("key", "spelling")))
    return named.groupBy("number").agg(told.alias("told"))

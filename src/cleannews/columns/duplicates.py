"""Duplicates from columns to columns: signatures, links, clusters, and verified pairs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from cleannews.columns.cleaning import is_missing, rows_of, text_of
from cleannews.errors import InputError

if TYPE_CHECKING:
    from cleannews.duplicates.values import DuplicateOptions

SIGNATURE_COLUMNS = ("id", "url", "words", "whole", "shingles")
"""Columns of signatures, in order.

``id``, ``url``: as they came, as text; None where there was none.
``words``: number of words; 0 where there was no text.
``whole``: a hash of all words in order, below 2 ** 63: equal for texts with the same words. None
without words.
``shingles``: hashes, below 2 ** 63, of a fixed sample of the runs of three words, each once and
sorted. Texts that share two or more of them are worth a closer look; `verify_columns` takes it.
"""

LINK_COLUMNS = (
    "a",
    "b",
    "kind",
    "similarity",
    "containment_a",
    "containment_b",
    "anchors",
    "confidence",
    "other_title",
)
"""Columns of links, in order: those of `DuplicateLink.to_dict()`.

``anchors`` is ``{names, numbers, quotes}``.
"""

CLUSTER_COLUMNS = ("id", "cluster", "is_original", "is_attached")
"""Columns of clustered documents, in order, one row for each document.

``id``: the document's.
``cluster``: id of the cluster's probable original; the document's own where it stands alone. Rows
with the same value carry one story.
``is_original``: keep these rows, and one of each story is left.
``is_attached``: the document is an excerpt or holds one, and connects nothing else.
"""

_AT_ONCE = 1000
"""Pairs verified at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DuplicateFields:
    """Names of the columns that a search for duplicates reads.

    Attributes:
        text: The story.
        id: The document's name, unique; one without goes by its URL, and else by its row from 0.
        title: Headline.
        url: Address.
        date: Day of publication: a date, or ISO text. The default is that of cleaned batches.
    """

    text: str = "text"
    id: str = "id"
    title: str = "title"
    url: str = "url"
    date: str = "published"


@dataclass(frozen=True, slots=True, kw_only=True)
class PairFields:
    """Names of the columns that hold pairs of texts.

    Attributes:
        a: Name of the first document.
        b: Name of the second.
        text_a: The first text.
        text_b: The second.
    """

    a: str = "a"
    b: str = "b"
    text_a: str = "text_a"
    text_b: str = "text_b"


def signature_columns(
    columns: Mapping[str, Sequence[Any]], *, fields: DuplicateFields | None = None
) -> dict[str, list[Any]]:
    """Return what tells texts that are alike, for a join in the caller's own database or engine.

    A signature depends on its text alone, not on the rest of the batch.

    Args:
        columns: Lists of equal length, cleaned texts best.
        fields: Which columns are which; the default is ``DuplicateFields()``.

    Returns:
        The columns of `SIGNATURE_COLUMNS`, one row for each that came in and in the same order.

    Raises:
        InputError: There is no column of texts, or the lists differ in length.

    >>> made = signature_columns({"id": [1, 2], "text": ["The old bridge is shut."] * 2})
    >>> made["words"], made["whole"][0] == made["whole"][1]
    ([5, 5], True)
    """
    import numpy as np

    from cleannews.duplicates.signatures import read_tokens

    fields = fields or DuplicateFields()
    _check(columns, fields.text)
    rows = list(rows_of(columns, (fields.id, fields.url, fields.text)))
    tokens = read_tokens(_text(text) for _, _, text in rows)
    ends = np.cumsum(tokens.sizes)
    # Half of the bits' range: not every engine has unsigned numbers.
    half = np.uint64(1)
    wholes = (tokens.whole >> half).tolist()
    made: dict[str, list[Any]] = {name: [] for name in SIGNATURE_COLUMNS}
    lengths = np.diff(tokens.offsets).tolist()
    for (name, url, _), length, whole, end, size in zip(
        rows, lengths, wholes, ends.tolist(), tokens.sizes.tolist(), strict=True
    ):
        made["id"].append(text_of(name))
        made["url"].append(text_of(url))
        made["words"].append(length)
        made["whole"].append(whole if length else None)
        made["shingles"].append(np.unique(tokens.sampled[end - size : end] >> half).tolist())
    return made


def link_columns(
    columns: Mapping[str, Sequence[Any]],
    *,
    fields: DuplicateFields | None = None,
    options: DuplicateOptions | None = None,
) -> dict[str, list[Any]]:
    """Find the documents of some columns that carry the same story, and return the links.

    Args:
        columns: Lists of equal length: all documents, as every one is compared with every other.
            Rows without a text have no links.
        fields: Which columns are which; the default is ``DuplicateFields()``.
        options: As for `find_duplicates`.

    Returns:
        The columns of `LINK_COLUMNS`, one row a link, in order of the ids.

    Raises:
        InputError: There is no column of texts, the lists differ in length, or two rows have one
            id.

    >>> story = "The council of Vostok voted 12 to 3 on Monday to close the old bridge for good. "
    >>> links = link_columns({"id": ["a", "b"], "text": [story * 2] * 2})
    >>> links["a"], links["b"], links["kind"]
    (['a'], ['b'], ['exact'])
    """
    from cleannews.duplicates.find import find_duplicates

    found = find_duplicates(_documents(columns, fields or DuplicateFields()), options=options)
    return _columns([link.to_dict() for link in found.links], LINK_COLUMNS)


def cluster_columns(
    columns: Mapping[str, Sequence[Any]],
    *,
    fields: DuplicateFields | None = None,
    options: DuplicateOptions | None = None,
) -> dict[str, list[Any]]:
    """Find the documents of some columns that carry the same story, and say so for each of them.

    Args:
        columns: As for `link_columns`.
        fields: Which columns are which; the default is ``DuplicateFields()``.
        options: As for `find_duplicates`.

    Returns:
        The columns of `CLUSTER_COLUMNS`, one row for each that came in and in the same order.

    Raises:
        InputError: As for `link_columns`.

    >>> story = "The council of Vostok voted 12 to 3 on Monday to close the old bridge for good. "
    >>> made = cluster_columns({"id": ["a", "b", "c"], "text": [story * 2, story * 2, "Snow."]})
    >>> made["cluster"], made["is_original"]
    (['a', 'a', 'c'], [True, False, True])
    """
    from cleannews.duplicates.find import find_duplicates

    fields = fields or DuplicateFields()
    found = find_duplicates(_documents(columns, fields), options=options)
    original = {m: c.original for c in found.clusters for m in c.members}
    attached = {m for c in found.clusters for m in c.attached}
    rows = []
    for row, (name, url) in enumerate(rows_of(columns, (fields.id, fields.url))):
        key = text_of(name) or text_of(url) or str(row)
        cluster = original.get(key, key)
        rows.append(
            {
                "id": key,
                "cluster": cluster,
                "is_original": cluster == key,
                "is_attached": key in attached,
            }
        )
    return _columns(rows, CLUSTER_COLUMNS)


def verify_columns(
    columns: Mapping[str, Sequence[Any]], *, fields: PairFields | None = None
) -> dict[str, list[Any]]:
    """Say of pairs of texts what one is to the other.

    A verdict depends on its pair alone: texts are judged as `compare` does, as if they stood among
    many others.

    Args:
        columns: Lists of equal length.
        fields: Which columns are which; the default is ``PairFields()``.

    Returns:
        The columns of `LINK_COLUMNS`, one row for each pair and in the same order; `a` and `b` stay
        as they are. Where nothing connects a pair, `kind` is None and `confidence` 0.0.

    Raises:
        InputError: A column of texts is not there, or the lists differ in length.

    >>> story = "The council of Vostok voted 12 to 3 on Monday to close the old bridge for good. "
    >>> verify_columns({"text_a": [story, story], "text_b": [story, "Snow."]})["kind"]
    ['exact', None]
    """
    from cleannews.duplicates.pairs import verify_pairs

    fields = fields or PairFields()
    _check(columns, fields.text_a, fields.text_b)
    rows = list(rows_of(columns, (fields.a, fields.b, fields.text_a, fields.text_b)))
    made = []
    for start in range(0, len(rows), _AT_ONCE):
        part = rows[start : start + _AT_ONCE]
        texts = [(_text(row[2]), _text(row[3])) for row in part]
        for row, verdict in zip(part, verify_pairs(texts), strict=True):
            made.append({"a": text_of(row[0]), "b": text_of(row[1]), **verdict})
    return _columns(made, LINK_COLUMNS)


def _documents(
    columns: Mapping[str, Sequence[Any]], fields: DuplicateFields
) -> Iterator[dict[str, Any]]:
    """Yield the rows as documents that `find_duplicates` takes."""
    _check(columns, fields.text)
    names = (fields.id, fields.url, fields.text, fields.title, fields.date)
    for row, (name, url, text, title, date) in enumerate(rows_of(columns, names)):
        yield {
            "id": text_of(name) or text_of(url) or str(row),
            "url": text_of(url),
            "text": _text(text),
            "title": text_of(title),
            "date": None if is_missing(date) else date,
        }


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _check(columns: Mapping[str, Sequence[Any]], *names: str) -> None:
    for name in names:
        if name not in columns:
            known = ", ".join(map(str, list(columns)[:8])) or "none"
            raise InputError(f"there is no column {name!r}; the columns are: {known}")


def _columns(rows: list[dict[str, Any]], names: Sequence[str]) -> dict[str, list[Any]]:
    return {name: [row[name] for row in rows] for name in names}

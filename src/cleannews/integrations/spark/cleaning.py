"""Cleaning and learning of sites: frames in, frames out, over `cleannews.arrow`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from cleannews.arrow import CLEANED, clean_batch
from cleannews.boilerplate.sites import SiteProfile, SiteProfiles
from cleannews.boilerplate.sites import learn_sites as learn_locally
from cleannews.columns import COLUMNS, Fields, is_missing
from cleannews.document import Document
from cleannews.errors import InputError, did_you_mean
from cleannews.integrations.spark.tables import Batches, ddl, quoted, stepped
from cleannews.options import CleanOptions

if TYPE_CHECKING:
    from pyspark.sql import DataFrame

_PROFILES = pa.schema([("host", pa.string()), ("profile", pa.string())])


def clean(
    frame: DataFrame,
    *,
    fields: Fields | None = None,
    options: CleanOptions | None = None,
    site: SiteProfile | SiteProfiles | None = None,
    keep: Sequence[str] = (),
) -> DataFrame:
    """Clean a frame of documents, one a row.

    Args:
        frame: Rows with the columns that `fields` names.
        fields: Which columns are which; the default is ``Fields()``.
        options: As for `cleannews.clean`.
        site: As for `cleannews.clean`; sent to each executor once. Profiles of many sites are
            chosen by the URL of each row.
        keep: More columns of the frame, of any type, that the result has in front.

    Returns:
        A lazy frame with the columns of `cleannews.columns.COLUMNS`, one row for each that came
        in. A row that cannot be read has no text and a warning ``unreadable``.

    Raises:
        InputError: There is neither a column of texts nor one of HTML, or a column to keep is not
            there or has the name of one that the result has.
        RuleError: An option names a rule or a rule file that is not there; when the frame is used.
    """
    fields = fields or Fields()
    wanted = _present(frame, fields)
    _check_kept(frame, keep)
    kept = [frame.schema[name] for name in keep]
    shared = frame.sparkSession.sparkContext.broadcast(site)

    def step(batches: Batches) -> Iterator[pa.RecordBatch]:
        for batch in batches:
            made = clean_batch(batch, fields=fields, options=options, site=shared.value)
            front = [batch.column(name) for name in keep]
            told = [batch.schema.field(name) for name in keep]
            yield pa.RecordBatch.from_arrays(
                [*front, *made.columns], schema=pa.schema([*told, *CLEANED])
            )

    schema: Any = ddl(CLEANED)
    if kept:
        from pyspark.sql.types import StructType

        schema = StructType([*kept, *StructType.fromDDL(schema).fields])
    names = dict.fromkeys([*wanted, *keep])
    made: DataFrame = frame.select(*(quoted(name) for name in names)).mapInArrow(step, schema)
    return made


def learn_sites(
    frame: DataFrame, *, fields: Fields | None = None, host: str | None = None
) -> SiteProfiles:
    """Learn a profile for each host among the pages of a frame.

    Every batch of rows is boiled down to profiles, and those of one host are merged; a host with
    millions of pages costs its merging no more than a few thousand small rows.

    Args:
        frame: Uncleaned pages, with the columns that `fields` names. Rows without text are passed
            over.
        fields: Which columns are which; the default is ``Fields()``.
        host: Host of the pages without a URL; without it they are passed over.

    Returns:
        The profiles, the same that `cleannews.boilerplate.sites.learn_sites` learns from the same
        pages. They come to the driver: at most 32 pages a host, 17 bytes a line.

    Raises:
        InputError: There is neither a column of texts nor one of HTML.
    """
    fields = fields or Fields()
    wanted = [name for name in _present(frame, fields) if name != fields.id]

    def learn(batches: Batches) -> Iterator[pa.RecordBatch]:
        for batch in batches:
            yield _profiles(learn_locally(_pages(batch, fields), host=host))

    def merge(batches: Batches) -> Iterator[pa.RecordBatch]:
        known: dict[str, SiteProfiles] = {}
        for batch in batches:
            for row in batch.to_pylist():
                more = SiteProfiles.from_json(row["profile"])
                known[row["host"]] = known.get(row["host"], SiteProfiles()).merge(more)
        for store in known.values():
            yield _profiles(store)

    learned = stepped(frame.select(*(quoted(name) for name in wanted)), learn, _PROFILES)
    merged = stepped(learned.repartition("host"), merge, _PROFILES)
    stores = [SiteProfiles.from_json(row["profile"]) for row in merged.collect()]
    return SiteProfiles(tuple(p for store in stores for p in store.profiles))


def _profiles(store: SiteProfiles) -> pa.RecordBatch:
    told = [SiteProfiles((profile,)).to_json() for profile in store.profiles]
    hosts = [profile.host for profile in store.profiles]
    return pa.RecordBatch.from_pydict({"host": hosts, "profile": told}, schema=_PROFILES)


def _pages(batch: pa.RecordBatch, fields: Fields) -> Iterator[Document]:
    names = set(batch.schema.names)
    for row in batch.to_pylist():
        html = row[fields.html] if fields.html in names else None
        text = row[fields.text] if fields.text in names else None
        page = text if is_missing(html) else html
        url = row[fields.url] if fields.url in names else None
        if isinstance(page, (bytes, bytearray)):
            page = _decoded(bytes(page))
        if isinstance(page, str) and page.strip():
            yield Document(page, url=None if is_missing(url) else str(url))


def _decoded(data: bytes) -> str | None:
    from cleannews.reading.encoding import decode_html

    try:
        return decode_html(data).text
    except InputError:
        return None


def _present(frame: DataFrame, fields: Fields) -> list[str]:
    """Return the columns to read, those that are there."""
    if not {fields.text, fields.html} & set(frame.columns):
        known = ", ".join(frame.columns[:8]) or "none"
        raise InputError(
            f"there is no column {fields.text!r} and no column {fields.html!r}; "
            f"the columns are: {known}"
        )
    names = (fields.text, fields.html, fields.id, fields.url)
    return [name for name in names if name in frame.columns]


def _check_kept(frame: DataFrame, keep: Sequence[str]) -> None:
    for name in keep:
        if name not in frame.columns:
            hint = did_you_mean(name, frame.columns)
            raise InputError(f"there is no column {name!r} to keep{hint}")
        if name in COLUMNS:
            raise InputError(
                f"the column {name!r} cannot be kept: the result has one of that name; "
                "rename it first with withColumnRenamed"
            )

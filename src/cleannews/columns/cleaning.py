"""Cleaning as a function from columns to columns: what every framework's adapter is made of.

A batch is a mapping from a column's name to a list with one value a row. The result has the columns
of `COLUMNS`, always all of them, always in that order, one row for each row that came in.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cleannews._version import __version__
from cleannews.api import clean
from cleannews.boilerplate.sites import SiteProfile, SiteProfiles
from cleannews.document import CleanResult, Document, Removal, Sourced, Warning_
from cleannews.errors import InputError
from cleannews.options import CleanOptions

COLUMNS = (
    "id",
    "url",
    "text",
    "title",
    "authors",
    "editors",
    "published",
    "modified",
    "site",
    "publisher",
    "based_on",
    "language",
    "confidence",
    "warnings",
    "removed",
    "metadata",
    "rules_hash",
    "version",
)
"""Columns of a cleaned batch, in order.

``id``, ``url``: as they came, as text; None where there was none.
``text``: the main text; None when the row could not be read, and `warnings` says why.
``title``, ``site``, ``publisher``, ``based_on``, ``language``: text or None.
``authors``, ``editors``: lists of names.
``published``, ``modified``: ISO 8601, a day or a moment with the zone as written; None.
``confidence``: as in `CleanResult`, 0..1; 0.0 when the row could not be read.
``warnings``: list of ``{code, detail}``.
``removed``: list of ``{start, end, text, rule, category, confidence, evidence, language}`` in order
of position; with it and `text` the document as it was read can be put together again.
``metadata``: all metadata with origin and confidence, as JSON text.
``rules_hash``, ``version``: what the row was made with; None and the version for unreadable rows.
"""

_SURROGATE = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Fields:
    """Names of the columns to read; a name that is not there counts as a column without values.

    Attributes:
        text: Flat text, or HTML that tells itself by its tags.
        html: HTML, text or bytes. Where a row has both, this one counts.
        id: The caller's name for the document.
        url: Address of the page; evidence only, never fetched.
    """

    text: str = "text"
    html: str = "html"
    id: str = "id"
    url: str = "url"


def clean_columns(
    columns: Mapping[str, Sequence[Any]],
    *,
    fields: Fields | None = None,
    options: CleanOptions | None = None,
    site: SiteProfile | SiteProfiles | None = None,
) -> dict[str, list[Any]]:
    r"""Clean a batch of documents that comes as columns.

    Args:
        columns: Lists of equal length. Columns that `fields` does not name are not looked at.
        fields: Which columns are which; the default is ``Fields()``.
        options: As for `clean`.
        site: As for `clean`; profiles of many sites are chosen by the URL of each row.

    Returns:
        The columns of `COLUMNS`, one row for each that came in and in the same order. A row that
        cannot be read has no text and a warning ``unreadable``; it never ends the batch.

    Raises:
        InputError: There is neither a column of texts nor one of HTML, or the lists differ in
            length.
        RuleError: An option names a rule or a rule file that is not there.

    >>> made = clean_columns({"id": [7, 8], "text": ["[ad_1]\n\nThe bridge is shut.", None]})
    >>> made["id"], made["text"], made["warnings"][1]
    (['7', '8'], ['The bridge is shut.', None], [{'code': 'unreadable', 'detail': 'no text'}])
    """
    fields = fields or Fields()
    rows = _rows(columns, fields)
    made: dict[str, list[Any]] = {name: [] for name in COLUMNS}
    for text, html, name, url in rows:
        row = clean_row(text=text, html=html, id=name, url=url, options=options, site=site)
        for column, values in made.items():
            values.append(row[column])
    return made


def clean_row(
    *,
    text: object = None,
    html: object = None,
    id: object = None,  # noqa: A002 (the column's name)
    url: object = None,
    options: CleanOptions | None = None,
    site: SiteProfile | SiteProfiles | None = None,
    charset: str | None = None,
) -> dict[str, Any]:
    """Clean one row; the columns of `COLUMNS`, whatever the values are.

    Args:
        text: Flat text, or HTML that tells itself by its tags. Missing values of any framework
            (None, NaN, NA) count as none.
        html: HTML, text or bytes; counts before `text`.
        id: The caller's name for the document.
        url: Address of the page.
        options: As for `clean`.
        site: As for `clean`.
        charset: Encoding of bytes from outside the page.

    Raises:
        RuleError: An option names a rule or a rule file that is not there.

    >>> row = clean_row(text="The council voted to close the old bridge.", id="a")
    >>> row["text"], row["warnings"]
    ('The council voted to close the old bridge.', [])
    """
    name, address = text_of(id), text_of(url)
    source = text if is_missing(html) else html
    if is_missing(source):
        return _unreadable(name, address, "no text")
    if isinstance(source, (bytearray, memoryview)):
        source = bytes(source)
    if not isinstance(source, (str, bytes)):
        return _unreadable(name, address, f"not a text but {type(source).__name__}")
    try:
        if isinstance(source, str):
            result = clean(Document(source, name, address), options=options, site=site)
        else:
            result = clean(
                source, id=name, url=address, options=options, site=site, charset=charset
            )
    except InputError as error:
        return _unreadable(name, address, str(error))
    return row_of(result)


def row_of(result: CleanResult) -> dict[str, Any]:
    """Return a result as a row of `COLUMNS`.

    >>> from cleannews import clean
    >>> row_of(clean("The bridge is shut.", id="a"))["id"]
    'a'
    """
    document, meta = result.document, result.metadata
    return {
        "id": document.id,
        "url": document.url,
        "text": result.text,
        "title": _value(meta.title),
        "authors": [person.value.name for person in meta.authors],
        "editors": [person.value.name for person in meta.editors],
        "published": _moment(meta.published),
        "modified": _moment(meta.modified),
        "site": _value(meta.site),
        "publisher": _value(meta.publisher),
        "based_on": _value(meta.based_on),
        "language": _value(meta.language),
        "confidence": result.confidence,
        "warnings": [_warning(warning) for warning in result.warnings],
        "removed": [_removal(removal, document.text) for removal in result.removed],
        "metadata": json_text(meta.to_dict()),
        "rules_hash": result.rules_hash,
        "version": result.version,
    }


def _unreadable(name: str | None, url: str | None, why: str) -> dict[str, Any]:
    row: dict[str, Any] = dict.fromkeys(COLUMNS)
    row |= {
        "id": name,
        "url": url,
        "authors": [],
        "editors": [],
        "confidence": 0.0,
        "warnings": [_warning(Warning_("unreadable", why))],
        "removed": [],
        "metadata": "{}",
        "version": __version__,
    }
    return row


def _rows(columns: Mapping[str, Sequence[Any]], fields: Fields) -> zip[tuple[Any, ...]]:
    if fields.text not in columns and fields.html not in columns:
        known = ", ".join(map(str, list(columns)[:8])) or "none"
        raise InputError(
            f"there is no column {fields.text!r} and no column {fields.html!r}; "
            f"the columns are: {known}"
        )
    return rows_of(columns, (fields.text, fields.html, fields.id, fields.url))


def rows_of(columns: Mapping[str, Sequence[Any]], names: Sequence[str]) -> zip[tuple[Any, ...]]:
    """Return the rows of some columns; one that is not there has no values.

    Raises:
        InputError: The columns differ in length.
    """
    lengths = {name: len(columns[name]) for name in names if name in columns}
    if len(set(lengths.values())) > 1:
        told = ", ".join(f"{name} {length}" for name, length in lengths.items())
        raise InputError(f"the columns differ in length: {told}")
    none = [None] * next(iter(lengths.values()), 0)
    return zip(*(columns.get(name, none) for name in names), strict=True)


def is_missing(value: object) -> bool:
    """Tell whether a value is one of the frameworks' ways of saying that there is none.

    >>> is_missing(None), is_missing(float("nan")), is_missing("")
    (True, True, False)
    """
    # pandas.NA and NaT are told by their class: comparing them gives neither yes nor no.
    if value is None or type(value).__name__ in ("NAType", "NaTType"):
        return True
    return isinstance(value, float) and value != value  # only NaN is not itself


def text_of(value: object) -> str | None:
    """Return an id or an address as text; None where there is none.

    >>> text_of(7), text_of(float("nan"))
    ('7', None)
    """
    return None if is_missing(value) else str(value)


def _value(sourced: Sourced[str] | None) -> str | None:
    return None if sourced is None else sourced.value


def _moment(sourced: Sourced[Any] | None) -> str | None:
    return None if sourced is None else sourced.value.isoformat()


def _warning(warning: Warning_) -> dict[str, str]:
    return {"code": warning.code, "detail": warning.detail}


def _removal(removal: Removal, text: str) -> dict[str, Any]:
    return {
        "start": removal.span.start,
        "end": removal.span.end,
        "text": removal.span.of(text),
        "rule": removal.rule,
        "category": removal.category,
        "confidence": removal.confidence,
        "evidence": removal.evidence,
        "language": removal.language,
    }


def json_text(value: Any) -> str:
    r"""Return a value as JSON text that every reader takes.

    Lone surrogates, which UTF-8 cannot hold, become escapes: a backslash and what follows, not
    escapes of JSON, which would be lone surrogates again once they are read.

    Raises:
        ValueError: A number is none.

    >>> json_text({"title": "\ud800"})
    '{"title": "\\\\ud800"}'
    """
    text = json.dumps(value, ensure_ascii=False, allow_nan=False)
    if text.isascii():
        return text
    return _SURROGATE.sub(lambda m: f"\\\\u{ord(m[0]):04x}", text)

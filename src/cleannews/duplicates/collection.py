"""Documents of any kind, read into hashed words; the texts themselves are not kept."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple, TypeAlias

import numpy as np

from cleannews.document import CleanResult, Document
from cleannews.duplicates.names import Names
from cleannews.duplicates.signatures import Counts, Hashes, Tokens, read_tokens
from cleannews.errors import InputError

Input: TypeAlias = Document | CleanResult | Mapping[str, Any]
"""What a search for duplicates takes: a mapping has ``id``, ``text`` and maybe ``title``, ``url``
and ``date``."""


class Facts(NamedTuple):
    """What is known about a document beside its words.

    A named tuple: there is one for each of millions of documents, and making them is felt.

    Attributes:
        id: Its name, unique in a collection.
        title: Headline.
        url: Address.
        date: Day of publication.
        source: Address of the page it says it was taken from, or its canonical address.
        agency: Name of the agency it credits.
        residue: Pieces of boilerplate in it, where it was looked for.
    """

    id: str
    title: str | None = None
    url: str | None = None
    date: date | None = None
    source: str | None = None
    agency: str | None = None
    residue: int = 0


@dataclass(slots=True)
class Collection:
    """Documents in the order in which they came.

    Attributes:
        facts: One for each document.
        tokens: Their words.
        names: Spellings of names and numbers, by hash.
    """

    facts: list[Facts]
    tokens: Tokens
    names: Names

    def __len__(self) -> int:
        return len(self.facts)

    @classmethod
    def read(cls, documents: Iterable[Input], *, clean: bool = False) -> Collection:
        """Read documents one after the other.

        Args:
            documents: Of any kind; they may come from a generator.
            clean: Clean the text first. Slow: a few thousandths of a second a text.

        Raises:
            InputError: Two documents have one id, or one has no text.
            TypeError: Something is no document.
        """
        facts: list[Facts] = []
        names = Names()
        known: set[str] = set()

        def texts() -> Iterator[str]:
            for place, item in enumerate(documents):
                fact, text = _read(item, place, clean=clean)
                if fact.id in known:
                    raise InputError(
                        f"two documents have the id {fact.id!r}; links name documents by their "
                        "ids, so every document needs its own"
                    )
                known.add(fact.id)
                facts.append(fact)
                yield text

        tokens = read_tokens(texts(), names=names)
        return cls(facts, tokens, names)

    def numbering(self, smallest: Hashes) -> Counts:
        """Return the documents in an order that does not depend on how they came.

        Args:
            smallest: Smallest sampled shingle of each document; near copies often have the same,
                and so come to stand next to each other.
        """
        return np.lexsort((self.ranks(), self.tokens.whole, smallest))

    def ranks(self) -> Counts:
        """Return the place of each document in the order of ids."""
        ids = [fact.id for fact in self.facts]
        ranks = np.empty(len(ids), np.int64)
        ranks[sorted(range(len(ids)), key=ids.__getitem__)] = np.arange(len(ids))
        return ranks


def _read(item: Input, place: int, *, clean: bool) -> tuple[Facts, str]:
    if isinstance(item, CleanResult):
        return _of_result(item, place), item.text
    if isinstance(item, Document):
        document, title, day = item, None, None
    elif isinstance(item, Mapping):
        name, text, url, title, day = _fields(item, place)
        if not clean:
            name = url if name is None else name
            return Facts(str(place) if name is None else name, title, url, day), text
        document = Document(text, id=name, url=url)
    else:
        raise TypeError(
            "a document is a Document, a CleanResult or a mapping with 'id' and 'text', "
            f"not {type(item).__name__}"
        )
    if clean:
        from cleannews.api import clean as clean_text

        result = clean_text(document)
        fact = _of_result(result, place)
        return _with(fact, title, day), result.text
    name = document.id if document.id is not None else document.url
    return Facts(str(place) if name is None else name, url=document.url), document.text


def _with(fact: Facts, title: str | None, day: date | None) -> Facts:
    return Facts(
        fact.id,
        title or fact.title,
        fact.url,
        day or fact.date,
        fact.source,
        fact.agency,
        fact.residue,
    )


def _fields(
    item: Mapping[str, Any], place: int
) -> tuple[str | None, str, str | None, str | None, date | None]:
    """Return the id, the text, the address, the title and the day that a mapping tells."""
    name, text = item.get("id"), item.get("text")
    if not isinstance(text, str):
        known = ", ".join(map(str, list(item)[:8]))
        where = f"document {name!r}" if name is not None else f"document {place + 1}"
        raise InputError(f"{where} has no text: 'text' is {text!r}; its fields are {known}")
    url, title = item.get("url") or None, item.get("title") or None
    return None if name is None else str(name), text, url, title, day_of(item.get("date"))


def _of_result(result: CleanResult, place: int) -> Facts:
    document, meta = result.document, result.metadata
    name = document.id if document.id is not None else document.url
    source = meta.based_on or meta.canonical_url
    return Facts(
        str(place) if name is None else name,
        title=meta.title.value if meta.title else None,
        url=document.url,
        date=day_of(meta.published.value) if meta.published else None,
        source=source.value if source else None,
        agency=meta.agencies[0].value if meta.agencies else None,
        residue=len(result.removed),
    )


def day_of(value: object) -> date | None:
    """Return the day that a date, a date with time or an ISO text means, or None.

    >>> day_of("2024-05-06T07:08:09Z"), day_of("yesterday")
    (datetime.date(2024, 5, 6), None)
    """
    if value is None:
        return None
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(str(value)[:10])
    except ValueError:
        return None

"""The values that flow through cleannews. No I/O, no regular expressions, no third-party import.

Every value is frozen. Offsets are code points of `Document.text`; spans are half-open.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields, is_dataclass
from datetime import date, datetime
from typing import Any, Generic, NamedTuple, Self, TypeVar

SCHEMA_VERSION = 1
"""Version of the dictionary form of `CleanResult`; it rises when old readers would break."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True, order=True, init=False)
class Span:
    """A half-open range of code points, ``start <= position < end``.

    >>> Span(2, 5).of("abcdefg")
    'cde'
    """

    start: int
    end: int

    # Written out, because a page has hundreds: a generated one with a check behind it takes longer.
    def __init__(self, start: int, end: int) -> None:
        if not 0 <= start <= end:
            raise ValueError(f"not a span: start {start}, end {end}")
        object.__setattr__(self, "start", start)
        object.__setattr__(self, "end", end)

    def __len__(self) -> int:
        return self.end - self.start

    def of(self, text: str) -> str:
        """Return the characters of `text` that lie in the span."""
        return text[self.start : self.end]

    def shift(self, by: int) -> Span:
        """Return the span moved by `by` code points."""
        return Span(self.start + by, self.end + by)


@dataclass(frozen=True, slots=True)
class Document:
    """A text as it was read. It is never modified.

    Attributes:
        text: The text, any Unicode.
        id: The caller's own name for the document.
        url: Address the text was read from, used as evidence only; nothing is ever fetched.
        language: BCP 47 tag where the caller knows it. Nothing depends on it being there.
    """

    text: str
    id: str | None = None
    url: str | None = None
    language: str | None = None


class Block(NamedTuple):
    """A paragraph-like unit of a document and what the reader saw of it.

    A named tuple, not a dataclass: a page has hundreds, and making them is what reading costs.

    Attributes:
        index: Position among the document's blocks, from 0.
        start: First code point in the document's text, white space left out.
        end: One past the last.
        breaks: Line breaks between the block before and this one; 0 for the first block, and for
            one that stands on the same line as the block before.
        text: The characters from `start` to `end`.
        words: Its length in words; scripts without spaces are counted by characters (two CJK
            characters, five Thai characters to a word).
        is_prose: It reads like running text: a sentence, not a heading, a label or a list entry.
        key: Its comparison form, see `cleannews.reading.folding`.
        shown: What a reader sees of it: Markdown's marks, link targets and pictures taken out;
            never empty, and the same object as `text` when there are none. `words`, `is_prose` and
            `key` are of what is shown.
        links: Share, 0..1, of the shown characters that are link text or a bare URL.
        mark: What opens the line: ``#`` to ``######`` a heading, ``>`` a quotation, ``|`` a table
            row, ``*``, ``+`` or ``-`` an entry of a list, ``!`` pictures or links without words
            and nothing else (a picture's description is then shown); else nothing.
    """

    index: int  # type: ignore[assignment]  # the field hides tuple.index, which nobody needs here
    start: int
    end: int
    breaks: int
    text: str
    words: int
    is_prose: bool
    key: str
    shown: str
    links: float = 0.0
    mark: str = ""

    @property
    def span(self) -> Span:
        """Where the block stands."""
        return Span(self.start, self.end)

    def place_of(self, shown: str) -> Span:
        """Return where a part of what is shown stands; the block, where it is not literally there.

        >>> Block(0, 5, 14, 0, "# *Big* news", 2, False, "big news", "Big news").place_of("news")
        Span(start=13, end=17)
        """
        at = self.text.find(shown)
        return self.span if at < 0 else Span(self.start + at, self.start + at + len(shown))


@dataclass(frozen=True, slots=True)
class Page:
    """A rendered document: its text and the blocks that point into it, in order."""

    text: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Rule:
    """One piece of knowledge about boilerplate, as read from a TOML table.

    Attributes:
        id: ``category/name``; stable, and the same for one idea in several languages.
        category: What kind of boilerplate it is.
        language: BCP 47 tag, or ``und`` for any.
        describe: One sentence for people.
        zone: Where it may look: ``any``, ``head`` (before the first story block), ``tail`` (after
            the last one), ``edge`` (head or tail).
        extent: How far a match reaches: ``inline``, ``block``, ``label`` (this block and the value
            after it), ``section`` (and what follows, up to the next story block or rule).
        safety: Who removes it: ``safe`` by default, ``unsafe`` on request, ``report`` nobody.
        phrases: Whole blocks, compared after folding; ``x …`` means "starts with x", ``… x`` "ends
            with x".
        pattern: Regular expression, bounded quantifiers only; the whole block must match, for
            `inline` a part of it.
        hints: Words of which a block must hold one before `pattern` is tried; for speed only.
        captures: Metadata field to kind of value, filled from the pattern's groups or the label's
            value.
        near: Categories of which one must stand right before or after, or ``end`` (nothing but
            boilerplate follows); empty means no condition.
        detector: Name of the detector that finds it, where a table cannot say it.
        max_words: Longest block it may claim.
        confidence: Share of its removals that are right, measured or taken from its category.
        warns: Code of the warning that a match adds to the result.
        aliases: Former ids, still accepted by `select` and `ignore`.
        match: Blocks it must find.
        keep: Blocks it must leave alone, near misses.
    """

    id: str
    category: str
    language: str
    describe: str
    zone: str = "any"
    extent: str = "block"
    safety: str = "safe"
    phrases: tuple[str, ...] = ()
    pattern: str | None = None
    hints: tuple[str, ...] = ()
    captures: tuple[tuple[str, str], ...] = ()
    near: tuple[str, ...] = ()
    detector: str | None = None
    max_words: int = 14
    confidence: float = 0.95
    warns: str | None = None
    aliases: tuple[str, ...] = ()
    match: tuple[str, ...] = ()
    keep: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Capture:
    """A value that a rule read on its way: which metadata field, what, and where it stands."""

    field: str
    value: str
    span: Span


@dataclass(frozen=True, slots=True)
class Finding:
    """A claim that a span is boilerplate, and who makes it.

    Attributes:
        span: What is claimed.
        rule: Id of the rule.
        category: Category of the rule.
        safety: ``safe``, ``unsafe`` or ``report``.
        confidence: Probability, 0..1, that a person would call the span boilerplate.
        evidence: Why, in words for people.
        language: Language of the rule that matched, ``und`` for any.
        captures: Values read from the span.
    """

    span: Span
    rule: str
    category: str
    safety: str
    confidence: float
    evidence: str
    language: str = "und"
    captures: tuple[Capture, ...] = ()


@dataclass(frozen=True, slots=True)
class Removal:
    """A piece that was removed, with the rule, the category and the evidence it went for.

    The span includes the white space that went with the piece, so that the removals of a result
    account for every removed character.
    """

    span: Span
    rule: str
    category: str
    confidence: float
    evidence: str
    language: str = "und"


@dataclass(frozen=True, slots=True)
class Warning_:  # noqa: N801 (Warning is a builtin)
    """Something a reader of the result should know. `code` is stable, `detail` is for people."""

    code: str
    detail: str
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class Person:
    """A person and the role in which the page names them.

    The role is ``author``, ``editor``, ``contributor``, ``translator`` or ``photographer``; among
    authors also ``organisation``: the newsroom, agency or site that the page states as its author.
    """

    name: str
    role: str = "author"


@dataclass(frozen=True, slots=True)
class Sourced(Generic[T]):
    """A metadata value and where it was read.

    Attributes:
        value: The value.
        raw: The characters it was read from.
        origin: Where it was read: ``text:`` and the rule's id, ``line:``, ``json-ld:``, ``meta:``,
            ``microdata:``, ``link:``, ``html:``, or ``url``.
        where: Span of `raw` in the document's text; None when it was not in the text.
        confidence: Probability, 0..1, that the value is right.
    """

    value: T
    raw: str
    origin: str
    where: Span | None
    confidence: float


@dataclass(frozen=True, slots=True)
class Metadata:
    """What is known about the article. Absent is None or an empty tuple, never a marker string.

    Dates are days where only a day is written, else moments with the zone as it is written.
    `conflicts` names the fields of which strong sources say different things.
    """

    title: Sourced[str] | None = None
    authors: tuple[Sourced[Person], ...] = ()
    editors: tuple[Sourced[Person], ...] = ()
    contributors: tuple[Sourced[Person], ...] = ()
    agencies: tuple[Sourced[str], ...] = ()
    published: Sourced[date] | None = None
    modified: Sourced[date] | None = None
    displayed: Sourced[date] | None = None
    site: Sourced[str] | None = None
    publisher: Sourced[str] | None = None
    based_on: Sourced[str] | None = None
    language: Sourced[str] | None = None
    section: Sourced[str] | None = None
    tags: tuple[Sourced[str], ...] = ()
    image: Sourced[str] | None = None
    canonical_url: Sourced[str] | None = None
    description: Sourced[str] | None = None
    dateline: Sourced[str] | None = None
    photo_credits: tuple[Sourced[str], ...] = ()
    licence: Sourced[str] | None = None
    is_paywalled: Sourced[bool] | None = None
    conflicts: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Return plain dictionaries, lists, strings and numbers; absent fields are left out."""
        return {k: v for k, v in _encode(self).items() if v not in (None, [])}

    def _repr_html_(self) -> str:
        """Show what is known in a notebook."""
        from cleannews.report.page import render_metadata

        return render_metadata(self)

    def to_schema_org(self) -> dict[str, Any]:
        """Return a schema.org ``NewsArticle`` as JSON-LD; what is not known is left out."""
        from cleannews.metadata.schema_org import to_schema_org

        return to_schema_org(self)

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """Build from what `to_dict` returns."""
        known = {f.name for f in fields(cls)}
        if unknown := sorted(set(data) - known):
            raise ValueError(f"unknown metadata field {unknown[0]!r}")
        values: dict[str, Any] = {}
        for name, value in data.items():
            if name == "conflicts":
                values[name] = tuple(value)
            elif isinstance(value, list):
                values[name] = tuple(_sourced(name, v) for v in value)
            else:
                values[name] = None if value is None else _sourced(name, value)
        return cls(**values)


@dataclass(frozen=True, slots=True)
class CleanResult:
    """A cleaned document: what stayed, what went, and why.

    ``text == delete_spans(document.text, removed)`` always holds.

    Attributes:
        document: What was read.
        text: The main text: the document's text minus the removed spans.
        removed: What went, in order of position, without overlaps.
        flagged: What looks like boilerplate and was kept.
        metadata: Values read before anything was removed.
        warnings: What a reader of the result should know.
        confidence: Of a flat text, the expected share, 0..1, of the kept words that belong to the
            story; of an HTML page, the expected word F1 of the text against the story.
        rules_hash: Fingerprint of the rules in force, and of the site profile if there was one.
        version: Version of cleannews that made the result.
        page: Of an HTML page, its blocks, elements and links; not part of the dictionary form.
    """

    document: Document
    text: str
    removed: tuple[Removal, ...] = ()
    flagged: tuple[Finding, ...] = ()
    metadata: Metadata = field(default_factory=Metadata)
    warnings: tuple[Warning_, ...] = ()
    confidence: float = 1.0
    rules_hash: str = ""
    version: str = ""
    page: Page | None = field(
        default=None, repr=False, compare=False, metadata={"is_encoded": False}
    )

    def to_dict(self) -> dict[str, Any]:
        """Return plain dictionaries, lists, strings and numbers, as the JSON Schema says."""
        return {
            "schema_version": SCHEMA_VERSION,
            **_encode(self),
            "metadata": self.metadata.to_dict(),
        }

    def to_json(self, *, indent: int | None = None) -> str:
        """Return `to_dict` as JSON text; characters are not escaped to ASCII."""
        return json.dumps(self.to_dict(), ensure_ascii=False, indent=indent)

    def to_markdown(self) -> str:
        """Return the story as Markdown, with the page's headings, lists, tables and links.

        A result without its page, of a flat text or read back by `from_dict`, gives paragraphs.
        """
        from cleannews.report.formats import to_markdown

        return to_markdown(self)

    def to_html(self) -> str:
        """Return the story as minimal HTML, safe to show: plain elements, escaped, web links only.

        A result without its page, of a flat text or read back by `from_dict`, gives paragraphs.
        """
        from cleannews.report.formats import to_html

        return to_html(self)

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """Build from what `to_dict` returns.

        Raises:
            ValueError: `data` was written under another schema version.
        """
        if data.get("schema_version") != SCHEMA_VERSION:
            raise ValueError(
                f"schema_version is {data.get('schema_version')!r}, expected {SCHEMA_VERSION}"
            )
        return cls(
            document=Document(**data["document"]),
            text=data["text"],
            removed=tuple(_spanned(Removal, r) for r in data["removed"]),
            flagged=tuple(_finding(f) for f in data["flagged"]),
            metadata=Metadata.from_dict(data["metadata"]),
            warnings=tuple(_spanned(Warning_, w) for w in data["warnings"]),
            confidence=data["confidence"],
            rules_hash=data["rules_hash"],
            version=data["version"],
        )

    def _repr_html_(self) -> str:
        """Show the result in a notebook."""
        from cleannews.report.page import render_fragment

        return render_fragment(self)


def delete_spans(text: str, spans: Iterable[Span | Removal]) -> str:
    """Return `text` without the given spans.

    Args:
        text: Any text.
        spans: Spans or removals, in order of position and without overlaps.

    Raises:
        ValueError: The spans overlap, are out of order or reach beyond the text.

    >>> delete_spans("one two three", [Span(3, 7)])
    'one three'
    """
    kept, at = [], 0
    for item in spans:
        span = item if isinstance(item, Span) else item.span
        if span.start < at or span.end > len(text):
            raise ValueError(f"span {span.start}..{span.end} overlaps, or lies outside the text")
        kept.append(text[at : span.start])
        at = span.end
    kept.append(text[at:])
    return "".join(kept)


def covered(spans: Sequence[Span]) -> int:
    """Return how many code points the spans cover; they must not overlap."""
    return sum(len(s) for s in spans)


def _encode(value: Any) -> Any:
    if is_dataclass(value):
        told = [f.name for f in fields(value) if f.metadata.get("is_encoded", True)]
        return {name: _encode(getattr(value, name)) for name in told}
    if isinstance(value, tuple):
        return [_encode(v) for v in value]
    if isinstance(value, date):
        return value.isoformat()
    return value


def _span(data: Mapping[str, int] | None) -> Span | None:
    return None if data is None else Span(data["start"], data["end"])


def _spanned(cls: type[T], data: Mapping[str, Any]) -> T:
    return cls(**{**data, "span": _span(data["span"])})


def _finding(data: Mapping[str, Any]) -> Finding:
    captures = tuple(_spanned(Capture, c) for c in data["captures"])
    return _spanned(Finding, {**data, "captures": captures})


def _sourced(name: str, data: Mapping[str, Any]) -> Sourced[Any]:
    value = data["value"]
    if name in ("authors", "editors", "contributors"):
        value = Person(**value)
    elif name in ("published", "modified", "displayed"):
        value = datetime.fromisoformat(value) if "T" in value else date.fromisoformat(value)
    return Sourced(**{**data, "value": value, "where": _span(data["where"])})

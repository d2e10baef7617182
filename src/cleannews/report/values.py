"""What the report on an output is drawn from: plain values, and no more of them than a page shows.

Whoever reads an output (`cleannews.batch.survey`) fills them in; here nothing is read.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple


class Stretch(NamedTuple):
    """A piece of a page's text that shares one fate.

    Attributes:
        text: The characters that are shown.
        why: The row's entry in ``removed`` if the piece went, else None.
        left_out: How many characters of the piece, after those shown, are not shown.
    """

    text: str
    why: Mapping[str, Any] | None = None
    left_out: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenPage:
    """A record of the output, cut to what a page can show.

    Attributes:
        row: The record's columns without its texts.
        stretches: Its text as it was read, in order, long stretches shortened.
        hidden: How many stretches in the middle are not among `stretches`.
        hidden_at: Where in `stretches` they stood.
        characters: Length of the text as it was read, in code points.
        gone: How many of them were removed.
        pieces: In how many pieces.
    """

    row: Mapping[str, Any]
    stretches: tuple[Stretch, ...]
    hidden: int
    hidden_at: int
    characters: int
    gone: int
    pieces: int


class Step(NamedTuple):
    """A step of a word by word comparison; put together, the steps are both texts.

    Attributes:
        kind: ``same``, ``removed``, ``added`` or ``replaced``.
        a: The words in the first text, with what stands up to the next word.
        b: The same in the second text.
    """

    kind: str
    a: str
    b: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """A member of a cluster beside the original.

    Attributes:
        id: Of the record.
        row: Its columns without texts; None when the record was not found in the output.
        link: What it is to the original, as `DuplicateLink.to_dict` says; None when the two are
            connected through other members.
        steps: From the original's text to this one's; empty when one of them has no text.
        left_out: Characters of both texts, from a point on, that were not compared.
        is_attached: It belongs to the cluster by containment only.
    """

    id: str
    row: Mapping[str, Any] | None
    link: Mapping[str, Any] | None
    steps: tuple[Step, ...]
    left_out: int = 0
    is_attached: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Cluster:
    """A cluster with some of its members.

    Attributes:
        size: How many members it has.
        original: Id of the probable original.
        row: The original's columns without texts; None when it was not found.
        reasons: Why it is the original.
        confidence: Probability, 0..1, that it is.
        copies: Some of the other members.
    """

    size: int
    original: str
    row: Mapping[str, Any] | None
    reasons: tuple[str, ...]
    confidence: float
    copies: tuple[Copy, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Corpus:
    """All that the report says.

    Attributes:
        name: What the output is called.
        summary: The run's summary.
        rows: How many rows were read; None when the output holds no rows but plain texts.
        lowest: The pages of lowest confidence, the lowest first.
        chance: Pages chosen by a hash of their id, which is as good as chance.
        examples: Some removed texts for each category.
        rules: How often each rule removed something: (rule, category, count), most frequent first.
        rule_count: How many rules that are.
        warned: For each warning's code, some records that have it: (id, detail).
        unread: Some of the records without text: (id, reason).
        clusters: The largest clusters, then some others.
        cluster_count: How many there are.
        quarantine: Some of the quarantined places.
        quarantine_count: How many there are.
        problems: What of the output could not be read.
        problem_count: How many problems there were.
    """

    name: str
    summary: Mapping[str, Any]
    rows: int | None = None
    lowest: tuple[SeenPage, ...] = ()
    chance: tuple[SeenPage, ...] = ()
    examples: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    rules: tuple[tuple[str, str, int], ...] = ()
    rule_count: int = 0
    warned: Mapping[str, tuple[tuple[str, str], ...]] = field(default_factory=dict)
    unread: tuple[tuple[str, str], ...] = ()
    clusters: tuple[Cluster, ...] = ()
    cluster_count: int = 0
    quarantine: tuple[Mapping[str, Any], ...] = ()
    quarantine_count: int = 0
    problems: tuple[str, ...] = ()
    problem_count: int = 0

"""What a search for duplicates returns. Frozen values; no numpy in them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal, get_args

from cleannews.errors import OptionError

Kind = Literal["exact", "near", "contains", "rewritten", "template", "related"]
KINDS: tuple[Kind, ...] = get_args(Kind)
STORY_KINDS: tuple[Kind, ...] = ("exact", "near", "contains", "rewritten")
"""Kinds of link that say: one text carries the other's story."""

SCHEMA_VERSION = 1
"""Version of the dictionary form of `Duplicates`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DuplicateOptions:
    """How to look for duplicates.

    Attributes:
        clean: Clean every text before it is compared. Without it texts are trusted to be the story;
            a `CleanResult` is always taken at its cleaned text.
        minimum: Least confidence, 0..1, of a link that says two texts carry one story. Links of the
            kinds `template` and `related` are evidence against and have no minimum.
        related: Also report pairs that share something and are no duplicates.

    Raises:
        OptionError: `minimum` is not between 0 and 1.

    >>> DuplicateOptions(minimum=0.9).minimum
    0.9
    """

    clean: bool = False
    minimum: float = 0.0
    related: bool = True

    def __post_init__(self) -> None:
        if not 0 <= self.minimum <= 1:
            raise OptionError(
                f"option 'minimum' is {self.minimum!r}; it takes a number from 0 to 1"
            )


@dataclass(frozen=True, slots=True)
class Anchors:
    """What two texts share that cannot be put in other words.

    Attributes:
        names: Words with a capital that both have, the rarest first, at most eight.
        numbers: The same of numbers.
        quotes: How many quotations begin alike in both.
    """

    names: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
    quotes: int = 0


@dataclass(frozen=True, slots=True)
class DuplicateLink:
    """Two documents, what one is to the other, and why.

    Attributes:
        a: Id of the first document; for `contains`, of the one that contains the other.
        b: Id of the second document.
        kind: ``exact`` the same words in the same order, ``near`` nearly the same text,
            ``contains`` most of `b` stands in `a`, ``rewritten`` the same story in other words,
            ``template`` the same mould with other facts, or the same furniture around other
            stories, ``related`` something is shared and neither carries the other's story.
        similarity: Share, 0..1, of the 3-word shingles of both that both have (Jaccard).
        containment_a: Share of `a`'s words that stand in a stretch that `b` has, too.
        containment_b: The same of `b`'s words.
        anchors: Names, numbers and quotations that both have.
        confidence: Probability, 0..1, that both carry one story.
        other_title: The text is the same and the titles are not: one of them may have got a wrong
            body.
    """

    a: str
    b: str
    kind: Kind
    similarity: float
    containment_a: float
    containment_b: float
    anchors: Anchors
    confidence: float
    other_title: bool = False

    @property
    def is_same_story(self) -> bool:
        """Whether one text carries the other's story."""
        return self.kind in STORY_KINDS

    def to_dict(self) -> dict[str, Any]:
        """Return plain dictionaries, lists, strings and numbers."""
        return {
            "a": self.a,
            "b": self.b,
            "kind": self.kind,
            "similarity": self.similarity,
            "containment_a": self.containment_a,
            "containment_b": self.containment_b,
            "anchors": {
                "names": list(self.anchors.names),
                "numbers": list(self.anchors.numbers),
                "quotes": self.anchors.quotes,
            },
            "confidence": self.confidence,
            "other_title": self.other_title,
        }


@dataclass(frozen=True, slots=True)
class DuplicateCluster:
    """Documents that carry one story.

    Attributes:
        members: Ids of documents connected by verified links of the kinds `exact`, `near` and
            `rewritten`, and of those attached by `contains`; in order.
        attached: Those of `members` that belong here by `contains` only. Nothing is connected
            through them.
        original: Id of the member that was probably first.
        reasons: Why, the weightiest first.
        confidence: Probability, 0..1, that `original` is right.
    """

    members: tuple[str, ...]
    attached: tuple[str, ...]
    original: str
    reasons: tuple[str, ...]
    confidence: float

    def to_dict(self) -> dict[str, Any]:
        """Return plain lists, strings and numbers."""
        return {
            "members": list(self.members),
            "attached": list(self.attached),
            "original": self.original,
            "reasons": list(self.reasons),
            "confidence": self.confidence,
        }

    def _repr_html_(self) -> str:
        """Show the cluster in a notebook."""
        from cleannews.report.duplicates import render_cluster

        return render_cluster(self.to_dict())


@dataclass(frozen=True, slots=True)
class Duplicates:
    """All links and clusters of a collection.

    Attributes:
        links: In order of the documents' ids.
        clusters: Of two and more documents, in order of their first member.
        documents: How many documents were compared.
    """

    links: tuple[DuplicateLink, ...]
    clusters: tuple[DuplicateCluster, ...]
    documents: int

    def redundant(self) -> tuple[str, ...]:
        """Return the ids that can go while every cluster keeps its original, in order."""
        return tuple(
            sorted(m for cluster in self.clusters for m in cluster.members if m != cluster.original)
        )

    def templates(self) -> tuple[tuple[str, ...], ...]:
        """Return the families of documents that share a mould and not a story."""
        return tuple(_families((x.a, x.b) for x in self.links if x.kind == "template"))

    def to_dict(self) -> dict[str, Any]:
        """Return plain dictionaries, lists, strings and numbers."""
        return {
            "schema_version": SCHEMA_VERSION,
            "documents": self.documents,
            "links": [link.to_dict() for link in self.links],
            "clusters": [cluster.to_dict() for cluster in self.clusters],
        }

    def _repr_html_(self) -> str:
        """Show the clusters in a notebook, the largest first."""
        from cleannews.report.duplicates import render_duplicates

        return render_duplicates({**self.to_dict(), "redundant": len(self.redundant())})


def _families(pairs: Iterable[tuple[str, str]]) -> list[tuple[str, ...]]:
    parent: dict[str, str] = {}

    def root(name: str) -> str:
        while parent.setdefault(name, name) != name:
            parent[name] = name = parent[parent[name]]
        return name

    for a, b in pairs:
        parent[root(a)] = root(b)
    groups: dict[str, list[str]] = {}
    for name in sorted(parent):
        groups.setdefault(root(name), []).append(name)
    return sorted(tuple(group) for group in groups.values())

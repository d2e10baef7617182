"""The search itself: read, meet, verify, judge, group."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from cleannews.duplicates.anchors import shared_anchors
from cleannews.duplicates.candidates import MOST_TEXTS, Candidates, pairs_of, postings
from cleannews.duplicates.clusters import Grouping, group
from cleannews.duplicates.collection import Collection, Input
from cleannews.duplicates.links import (
    CONTAINS,
    EXACT,
    NEAR,
    RELATED,
    REWRITTEN,
    TEMPLATE,
    judge,
)
from cleannews.duplicates.original import choose_originals
from cleannews.duplicates.signatures import Counts, Tokens
from cleannews.duplicates.values import (
    KINDS,
    Anchors,
    DuplicateLink,
    DuplicateOptions,
    Duplicates,
)
from cleannews.duplicates.verify import Share, verify
from cleannews.duplicates.weights import count_words, word_weights
from cleannews.errors import InputError

MOST_ALIKE = 32
"""Most documents with the same words that are all linked; of more, each is linked with one."""
PAIRS = 1 << 19
"""Pairs whose evidence is held at once."""
MOST_TOGETHER = 64
"""Most links between two groups of documents with the same words."""
HELD_WHOLE, SAME_PAGE = 0.95, 0.95
"""Share of a text that another holds whole, and similarity of what is one page under two titles."""
FEWEST_EXACT = 8
"""Words below which equal texts may be equal by chance."""


_SERIES = re.compile(r"(\S{1,40}(?: \S{1,40}){1,5}?)(?::| [|–—-]) ")


@dataclass(slots=True)
class Found:
    """Links between documents as arrays of one value a link; `a` and `b` are places in the input.

    Attributes:
        a: First document.
        b: Second document.
        kind: Index in `KINDS`.
        similarity: Share of all shingles that both have.
        held_a: Share of the first one's words that stand in the second.
        held_b: The same of the second one's words.
        pieces_a: In how many stretches they stand in the first.
        pieces_b: The same in the second.
        ends_a: How many of the first one's two ends are shared.
        ends_b: The same of the second.
        confidence: Probability that both carry one story.
        quotes: Quotations that begin alike.
    """

    a: Counts
    b: Counts
    kind: NDArray[np.int8]
    similarity: Share
    held_a: Share
    held_b: Share
    pieces_a: Share
    pieces_b: Share
    ends_a: Share
    ends_b: Share
    confidence: Share
    quotes: Share

    @classmethod
    def joined(cls, parts: Sequence[Found]) -> Found:
        """Return the links of all parts."""
        return cls(*(np.concatenate([getattr(p, f.name) for p in parts]) for f in fields(cls)))

    def take(self, chosen: NDArray[np.bool_] | Counts) -> Found:
        """Return some of the links."""
        return Found(*(getattr(self, f.name)[chosen] for f in fields(self)))

    def turned(self, swap: NDArray[np.bool_]) -> Found:
        """Return the links, some of them with their ends exchanged."""
        made = self.take(np.arange(len(self.a)))
        for name in ("a", "held_a", "pieces_a", "ends_a"):
            other = name.replace("_a", "_b") if "_" in name else "b"
            first, second = getattr(self, name), getattr(self, other)
            setattr(made, name, np.where(swap, second, first))
            setattr(made, other, np.where(swap, first, second))
        return made


def find_duplicates(
    documents: Iterable[Input], *, options: DuplicateOptions | None = None
) -> Duplicates:
    """Find documents that carry the same story: copies, excerpts and rewrites, and the original.

    Nothing depends on the order of the documents. Their texts are not kept, so that a generator is
    fine; while it runs, the search needs about 9 kB of memory a document of 440 words, and half of
    that of a million, as long arrays lie in temporary files.

    Args:
        documents: `Document`, `CleanResult` (its cleaned text counts) or mappings with ``id`` and
            ``text`` and, if known, ``title``, ``url`` and ``date``. Ids must be unique; a document
            without one goes by its URL, and else by its place from 0.
        options: How to look; the default is ``DuplicateOptions()``, which trusts the given texts.

    Returns:
        Links with evidence, and clusters with their probable original.

    Raises:
        InputError: Two documents have one id, or a mapping has no text.
        TypeError: Something is no document.

    >>> story = "The council of Vostok voted 12 to 3 on Monday to close the old bridge for good. "
    >>> found = find_duplicates(
    ...     [
    ...         {"id": "a", "text": story * 3, "date": "2024-05-01"},
    ...         {"id": "b", "text": story * 3, "date": "2024-05-02"},
    ...         {"id": "c", "text": "Snow fell in the mountains and nobody was there to see it."},
    ...     ]
    ... )
    >>> [(x.a, x.b, x.kind) for x in found.links], found.clusters[0].original
    ([('a', 'b', 'exact')], 'a')
    """
    options = options or DuplicateOptions()
    collection = Collection.read(documents, clean=options.clean)
    if len(collection) >= MOST_TEXTS:
        raise InputError(f"one search takes at most {MOST_TEXTS:,} documents; use an index")
    counts = count_words(collection.tokens.words)
    weights = word_weights(counts)
    found = search(collection, weights)
    story = np.isin(found.kind, (EXACT, NEAR, CONTAINS, REWRITTEN))
    keep = np.where(story, found.confidence >= options.minimum, options.related)
    return _result(collection, found.take(keep.astype(np.bool_)), weights, counts)


def search(collection: Collection, weights: NDArray[np.float32]) -> Found:
    """Return all links of a collection, in an order that depends on the documents alone.

    Args:
        collection: The documents.
        weights: Weight of the words of each slot.
    """
    tokens = collection.tokens
    hashes, counts = tokens.sampled, tokens.sizes
    order = collection.numbering(_smallest(hashes, counts))
    number = np.empty(len(order), np.int64)
    number[order] = np.arange(len(order))
    head = _heads(tokens.whole[order], np.diff(tokens.offsets)[order])
    is_head = (head == np.arange(len(head)))[number]
    kept = np.repeat(is_head, counts)
    pairs = pairs_of(postings(hashes[kept], np.where(is_head, counts, 0), number), len(collection))
    parts = [slice(at, at + PAIRS) for at in range(0, max(1, len(pairs.a)), PAIRS)]
    found = Found.joined([_judged(tokens, pairs, part, order, weights) for part in parts])
    found = _with_equal(found, head, tokens, order)
    found.a, found.b = order[found.a], order[found.b]
    return found


def _judged(
    tokens: Tokens, pairs: Candidates, part: slice, order: Counts, weights: NDArray[np.float32]
) -> Found:
    """Return what some of the pairs are, those that are something to each other."""
    a, b = pairs.a[part], pairs.b[part]
    evidence = verify(tokens, order[a], order[b], weights)
    verdicts = judge(evidence, pairs.weighted[part])
    found = Found(
        a,
        b,
        verdicts.kind,
        verdicts.similarity,
        evidence.covered_a,
        evidence.covered_b,
        evidence.pieces_a,
        evidence.pieces_b,
        evidence.ends_a,
        evidence.ends_b,
        verdicts.confidence,
        evidence.quotes,
    )
    return found.take(verdicts.kind >= 0)


def _smallest(hashes: NDArray[np.uint64], counts: Counts) -> NDArray[np.uint64]:
    """Return the smallest sampled shingle of each text; the largest number where there is none."""
    made = np.full(len(counts), np.uint64(2**64 - 1))
    filled = np.flatnonzero(counts)
    if len(filled):
        made[filled] = np.minimum.reduceat(hashes, (np.cumsum(counts) - counts)[filled])
    return made


def _heads(whole: NDArray[np.uint64], lengths: Counts) -> Counts:
    """Return for each text the first one with the same words; texts without words stand alone."""
    number = np.arange(len(whole))
    new = np.ones(len(whole), np.bool_)
    new[1:] = (whole[1:] != whole[:-1]) | (lengths[1:] == 0) | (lengths[1:] != lengths[:-1])
    return np.maximum.accumulate(np.where(new, number, 0)) if len(whole) else number


def _with_equal(found: Found, head: Counts, tokens: Tokens, order: Counts) -> Found:
    """Add the texts with the same words as those that were compared."""
    size = np.bincount(head, minlength=len(head))
    if size.max(initial=1) == 1:
        return found
    grown = _spread_links(found, size)
    a, b = _equal_pairs(head, size)
    words = np.diff(tokens.offsets)[order[a]]
    one = np.ones(len(a))
    return Found(
        np.concatenate([grown.a, a]),
        np.concatenate([grown.b, b]),
        np.concatenate([grown.kind, np.full(len(a), EXACT, np.int8)]),
        np.concatenate([grown.similarity, one]),
        np.concatenate([grown.held_a, one]),
        np.concatenate([grown.held_b, one]),
        np.concatenate([grown.pieces_a, one]),
        np.concatenate([grown.pieces_b, one]),
        np.concatenate([grown.ends_a, 2 * one]),
        np.concatenate([grown.ends_b, 2 * one]),
        np.concatenate([grown.confidence, np.where(words < FEWEST_EXACT, 0.6, 0.999)]),
        np.concatenate([grown.quotes, np.zeros(len(a))]),
    )


def _spread_links(found: Found, size: Counts) -> Found:
    """Repeat links for the texts with the same words; texts of a group have following numbers."""
    many_a, many_b = size[found.a], size[found.b]
    big = many_a * many_b > MOST_TOGETHER
    many_b = np.where(big, 1, many_b)
    many_a = np.where(big, 1, many_a)
    times = many_a * many_b
    at = np.repeat(np.arange(len(times)), times)
    place = np.arange(len(at)) - np.repeat(np.cumsum(times) - times, times)
    grown = found.take(at)
    grown.a = grown.a + place // np.repeat(many_b, times)
    grown.b = grown.b + place % np.repeat(many_b, times)
    return grown


def _equal_pairs(head: Counts, size: Counts) -> tuple[Counts, Counts]:
    """Return the pairs of texts with the same words: all of a small group, a star of a big one."""
    number = np.arange(len(head))
    star = number[(head != number) & (size[head] > MOST_ALIKE)]
    first, second = [head[star]], [star]
    for lag in range(1, MOST_ALIKE):
        later = number[lag:]
        same = (head[later] == head[later - lag]) & (size[head[later]] <= MOST_ALIKE)
        if not same.any():
            break
        first.append(later[same] - lag)
        second.append(later[same])
    return np.concatenate(first), np.concatenate(second)


def _result(
    collection: Collection, found: Found, weights: NDArray[np.float32], counts: Counts
) -> Duplicates:
    """Make the values that the caller gets."""
    rank = collection.ranks()
    found = _oriented(found, rank)
    found.kind[_of_series(collection, found)] = TEMPLATE
    whole = np.isin(found.kind, (EXACT, NEAR, REWRITTEN))
    partial = found.kind == CONTAINS
    grouping = group(
        len(collection),
        (rank[found.a[whole]], rank[found.b[whole]]),
        (rank[found.a[partial]], rank[found.b[partial]]),
        found.held_a[partial],
        found.held_b[partial],
    )
    grouping = Grouping(grouping.cluster[rank], grouping.attached[rank])
    clusters = choose_originals(collection, found, grouping, counts == 1)
    anchors = shared_anchors(collection, found.a, found.b, found.quotes, weights)
    links = _links(collection, found, anchors)
    return Duplicates(links, clusters, len(collection))


def _of_series(collection: Collection, found: Found) -> list[int]:
    """Return the links between two issues of a series whose pages carry the issues before.

    Such a page holds another one whole, beneath a story of its own; the titles begin alike, up to
    a colon or a bar, and go on differently.
    """
    held = np.maximum(found.held_a, found.held_b) >= HELD_WHOLE
    asked = np.isin(found.kind, (NEAR, CONTAINS)) & held & (found.similarity < SAME_PAGE)
    facts = collection.facts
    made = []
    for link in np.flatnonzero(asked).tolist():
        first, second = facts[found.a[link]].title, facts[found.b[link]].title
        if first and second and _are_issues(first, second):
            made.append(link)
    return made


def _are_issues(first: str, second: str) -> bool:
    a, b = _SERIES.match(first.strip()), _SERIES.match(second.strip())
    if not a or not b or a[1].casefold() != b[1].casefold():
        return False
    return not _same_title(first[a.end() :], second[b.end() :])


def _oriented(found: Found, rank: Counts) -> Found:
    """Put links in order of ids; a document that contains another comes first."""
    swap = rank[found.a] > rank[found.b]
    contains = found.kind == CONTAINS
    swap = np.where(contains & (found.held_a != found.held_b), found.held_a > found.held_b, swap)
    found = found.turned(swap)
    return found.take(np.lexsort((rank[found.b], rank[found.a])))


def _links(
    collection: Collection, found: Found, anchors: list[Anchors]
) -> tuple[DuplicateLink, ...]:
    facts = collection.facts
    links = []
    columns = (
        found.a.tolist(),
        found.b.tolist(),
        found.kind.tolist(),
        found.similarity.round(4).tolist(),
        found.held_a.round(4).tolist(),
        found.held_b.round(4).tolist(),
        found.confidence.round(4).tolist(),
        anchors,
    )
    for a, b, kind, similarity, held_a, held_b, confidence, shared in zip(*columns, strict=True):
        first, second = facts[a], facts[b]
        other = (
            kind in (EXACT, NEAR)
            and first.title is not None
            and second.title is not None
            and not _same_title(first.title, second.title)
        )
        links.append(
            DuplicateLink(
                first.id,
                second.id,
                KINDS[kind],
                similarity,
                held_a,
                held_b,
                shared,
                confidence,
                other,
            )
        )
    return tuple(links)


def _same_title(a: str, b: str) -> bool:
    """Tell whether two titles share at least a third of their words."""
    if a == b:
        return True
    first, second = set(a.casefold().split()), set(b.casefold().split())
    return 3 * len(first & second) >= min(len(first), len(second)) > 0


__all__ = ["RELATED", "TEMPLATE", "find_duplicates", "search"]

"""Two texts side by side, for people: the verdict, what stands in both, and every difference."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from cleannews.boilerplate.explain import printable
from cleannews.document import CleanResult, Document, Span
from cleannews.duplicates.candidates import pairs_of, postings
from cleannews.duplicates.collection import Collection
from cleannews.duplicates.find import find_duplicates
from cleannews.duplicates.links import judge
from cleannews.duplicates.values import DuplicateLink
from cleannews.duplicates.verify import verify
from cleannews.duplicates.weights import count_words, word_weights
from cleannews.report.duplicates import Compared, render_comparison, render_comparison_fragment
from cleannews.report.values import Step

LEAST_WORDS = 5
"""Fewest words of a passage."""

_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of words that stands in both texts.

    Attributes:
        a: Where it stands in the first text.
        b: Where it stands in the second.
        words: Its length.
        moved: It does not stand in the order of the passages before it.
    """

    a: Span
    b: Span
    words: int
    moved: bool


@dataclass(frozen=True, slots=True)
class Change:
    """A step of the word by word comparison.

    Attributes:
        kind: ``same``, ``removed`` (only in the first text), ``added`` (only in the second) or
            ``replaced``.
        a: What it is about in the first text; empty for ``added``.
        b: The same in the second text; empty for ``removed``.
    """

    kind: str
    a: str
    b: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """What two texts have to do with each other.

    Attributes:
        a: The first text.
        b: The second text.
        link: What one is to the other; None when nothing connects them.
        score: Probability, 0..1, that both carry one story.
        passages: What stands in both, in order of the first text.
        changes: From the first text to the second, word by word.
    """

    a: str
    b: str
    link: DuplicateLink | None
    score: float
    passages: tuple[Passage, ...]
    changes: tuple[Change, ...]

    @property
    def kind(self) -> str | None:
        """Kind of the link, or None."""
        return self.link.kind if self.link else None

    def to_dict(self) -> dict[str, Any]:
        """Return plain dictionaries, lists, strings and numbers."""
        return {
            "kind": self.kind,
            "score": self.score,
            "link": self.link.to_dict() if self.link else None,
            "passages": [
                {
                    "a": [p.a.start, p.a.end],
                    "b": [p.b.start, p.b.end],
                    "words": p.words,
                    "moved": p.moved,
                }
                for p in self.passages
            ],
            "changes": [{"kind": c.kind, "a": c.a, "b": c.b} for c in self.changes],
        }

    def to_text(self) -> str:
        """Return a few lines for a terminal: the verdict, the evidence, and the differences."""
        return "\n".join(_lines(self)) + "\n"

    def to_html(self) -> str:
        """Return a self-contained page with both texts, their common passages marked."""
        return render_comparison(self._compared())

    def _repr_html_(self) -> str:
        """Show the comparison in a notebook."""
        return render_comparison_fragment(self._compared())

    def _compared(self) -> Compared:
        return Compared(
            a=self.a,
            b=self.b,
            kind=self.kind,
            said=_SAID[self.kind],
            score=self.score,
            link=self.link.to_dict() if self.link else None,
            passages=[(p.a, p.b, p.moved) for p in self.passages],
            steps=[Step(c.kind, c.a, c.b) for c in aligned(self.a, self.b)],
        )


def compare(a: str | Document | CleanResult, b: str | Document | CleanResult) -> Comparison:
    """Compare two texts: what one is to the other, what they share and where they differ.

    The texts are judged as `find_duplicates` would, as if they stood among many others.

    Args:
        a: A text, a `Document`, or a `CleanResult`, of which the cleaned text counts.
        b: The other one.

    Returns:
        Verdict, evidence, common passages and word-by-word differences.

    Raises:
        TypeError: An argument is no text.

    >>> both = compare("The old bridge is closed.", "The new bridge is closed.")
    >>> [(c.kind, c.a, c.b) for c in both.changes if c.kind != "same"]
    [('replaced', 'old', 'new')]
    """
    first, second = _text(a), _text(b)
    pair = [{"id": "a", "text": first}, {"id": "b", "text": second}]
    found = find_duplicates(pair)
    link = found.links[0] if found.links else None
    words_a, words_b = list(_WORD.finditer(first)), list(_WORD.finditer(second))
    keys_a = [m.group().casefold() for m in words_a]
    keys_b = [m.group().casefold() for m in words_b]
    return Comparison(
        first,
        second,
        link,
        link.confidence if link else _score(pair),
        tuple(_passages(words_a, words_b, keys_a, keys_b)),
        tuple(_changes(first, second, words_a, words_b, keys_a, keys_b)),
    )


def _text(value: str | Document | CleanResult) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, Document | CleanResult):
        return value.text
    raise TypeError(f"compare() takes texts, not {type(value).__name__}")


def _score(pair: list[dict[str, str]]) -> float:
    """Return the probability of one story for two texts without a link."""
    collection = Collection.read(pair)
    tokens = collection.tokens
    if not np.diff(tokens.offsets).all():
        return 0.0
    packed = postings(tokens.sampled, tokens.sizes, np.arange(2))
    pairs = pairs_of(packed, 2)
    weighted = pairs.weighted if len(pairs.a) else np.zeros(1)
    weights = word_weights(count_words(tokens.words))
    evidence = verify(tokens, np.array([0]), np.array([1]), weights)
    return round(float(judge(evidence, weighted).confidence[0]), 4)


def _passages(
    words_a: Sequence[re.Match[str]],
    words_b: Sequence[re.Match[str]],
    keys_a: Sequence[str],
    keys_b: Sequence[str],
) -> Iterator[Passage]:
    """Yield the longest stretches of both, greedily along the first text."""
    places: dict[tuple[str, ...], list[int]] = {}
    for j in range(len(keys_b) - LEAST_WORDS + 1):
        places.setdefault(tuple(keys_b[j : j + LEAST_WORDS]), []).append(j)
    taken = bytearray(len(keys_b))
    at, last = 0, -1
    while at <= len(keys_a) - LEAST_WORDS:
        starts = places.get(tuple(keys_a[at : at + LEAST_WORDS]), [])
        lengths = [(_common(keys_a, keys_b, at, j, taken), -j) for j in starts[:50]]
        length, where = max(lengths, default=(0, 0))
        if length < LEAST_WORDS:
            at += 1
            continue
        j = -where
        taken[j : j + length] = b"\1" * length
        yield Passage(
            Span(words_a[at].start(), words_a[at + length - 1].end()),
            Span(words_b[j].start(), words_b[j + length - 1].end()),
            length,
            moved=j < last,
        )
        last = max(last, j)
        at += length


def _common(a: Sequence[str], b: Sequence[str], i: int, j: int, taken: bytearray) -> int:
    length = 0
    while (
        i + length < len(a)
        and j + length < len(b)
        and not taken[j + length]
        and a[i + length] == b[j + length]
    ):
        length += 1
    return length


def aligned(a: str, b: str) -> tuple[Change, ...]:
    """Compare two texts word by word, without judging them.

    Args:
        a: The first text.
        b: The second text.

    Returns:
        The steps from one to the other. Put together, their parts are both texts: white space and
        punctuation stand with the word before them and do not count as differences. A text without
        a word has no part in it.

    >>> [(c.kind, c.a, c.b) for c in aligned("The old bridge.", "The new bridge!")]
    [('same', 'The ', 'The '), ('replaced', 'old ', 'new '), ('same', 'bridge.', 'bridge!')]
    """
    words_a, words_b = list(_WORD.finditer(a)), list(_WORD.finditer(b))

    def part(text: str, words: Sequence[re.Match[str]], start: int, stop: int) -> str:
        if stop == start:
            return ""
        first = words[start].start() if start else 0
        return text[first : words[stop].start() if stop < len(words) else len(text)]

    return tuple(
        Change(kind, part(a, words_a, *from_a), part(b, words_b, *from_b))
        for kind, from_a, from_b in _steps(
            [m.group().casefold() for m in words_a], [m.group().casefold() for m in words_b]
        )
    )


def _changes(
    text_a: str,
    text_b: str,
    words_a: Sequence[re.Match[str]],
    words_b: Sequence[re.Match[str]],
    keys_a: Sequence[str],
    keys_b: Sequence[str],
) -> Iterator[Change]:
    """Yield the steps from the first text to the second."""

    def part(text: str, words: Sequence[re.Match[str]], start: int, stop: int) -> str:
        return text[words[start].start() : words[stop - 1].end()] if stop > start else ""

    for kind, from_a, from_b in _steps(keys_a, keys_b):
        yield Change(kind, part(text_a, words_a, *from_a), part(text_b, words_b, *from_b))


_NAMES = {"equal": "same", "insert": "added", "delete": "removed", "replace": "replaced"}


def _steps(
    keys_a: Sequence[str], keys_b: Sequence[str]
) -> Iterator[tuple[str, tuple[int, int], tuple[int, int]]]:
    """Yield the kind of each step and the words that it is about in both texts."""
    from rapidfuzz.distance import Levenshtein

    for step in Levenshtein.opcodes(keys_a, keys_b):
        yield _NAMES[step.tag], (step.src_start, step.src_end), (step.dest_start, step.dest_end)


_SAID = {
    "exact": "the same words in the same order",
    "near": "nearly the same text",
    "contains": "most of one text stands in the other",
    "rewritten": "the same story in other words",
    "template": "the same mould, other facts",
    "related": "something is shared, and neither carries the other's story",
    None: "nothing connects them",
}


def _lines(made: Comparison) -> Iterator[str]:
    yield f"{made.kind or 'unrelated'} ({made.score:.2f}): {_SAID[made.kind]}"
    if made.link:
        link = made.link
        yield (
            f"similarity {link.similarity:.2f}, of the first {link.containment_a:.0%} and of the "
            f"second {link.containment_b:.0%} stand in the other"
        )
        for name, values in (("names", link.anchors.names), ("numbers", link.anchors.numbers)):
            if values:
                yield f"shared {name}: {printable(', '.join(values))}"
    for change in made.changes:
        if change.kind in ("removed", "replaced"):
            yield f"- {printable(change.a)}"
        if change.kind in ("added", "replaced"):
            yield f"+ {printable(change.b)}"

"""Pairs of texts put into small circles, so that a text is looked up once for all its pairs there.

A circle is a set of texts with all the pairs that are asked about among them. Texts that stand near
each other by their pairs make a circle; the pairs between two circles are gathered around the text
that has the most of them. No pair is in two circles, a text may be.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from cleannews.duplicates.signatures import Counts

MOST = 32
"""Most texts of a circle: the bits of a mask that tells who has a word."""
LONG = 65_536
"""Words of a circle that takes no more texts, and of a pair that is a circle of its own."""
_HALF = 32


@dataclass(frozen=True, slots=True)
class Circles:
    """Circles, the smallest first.

    Attributes:
        text: Number of each member's text, circle by circle. (members,) int64.
        circle: Circle of each member. (members,) int64.
        pair: Which pair of those given, circle by circle. (pairs,) int64.
        a: Which member is its first text. (pairs,) int64.
        b: Which member is its second text. (pairs,) int64.
    """

    text: Counts
    circle: Counts
    pair: Counts
    a: Counts
    b: Counts

    def chunks(self, lengths: Counts, words: int, circles: int) -> Iterator[tuple[slice, slice]]:
        """Yield the members and the pairs of some whole circles at a time.

        Args:
            lengths: Words of each text.
            words: Words of the members from which no more circles are added.
            circles: Most circles.
        """
        number = int(self.circle[-1]) + 1 if len(self.circle) else 0
        ends = np.searchsorted(self.circle, np.arange(number), "right")
        spent = np.cumsum(lengths[self.text])[ends - 1]
        done = np.searchsorted(self.circle[self.a], np.arange(number), "right")
        at = member = pair = 0
        while at < number:
            before = int(spent[at - 1]) if at else 0
            stop = max(at + 1, int(np.searchsorted(spent, before + words, "right")))
            stop = min(stop, at + circles)
            yield slice(member, int(ends[stop - 1])), slice(pair, int(done[stop - 1]))
            at, member, pair = stop, int(ends[stop - 1]), int(done[stop - 1])


def circles(a: Counts, b: Counts, lengths: Counts) -> Circles:
    """Put pairs into circles.

    Args:
        a: Number of each pair's first text.
        b: Number of its second.
        lengths: Words of each text.
    """
    texts, ends = np.unique(np.concatenate([a, b]), return_inverse=True)
    x, y = ends[: len(a)], ends[len(a) :]
    circle = _of_pairs(x, y, lengths[texts])
    keys = np.concatenate([(circle << _HALF) | x, (circle << _HALF) | y])
    members, place = np.unique(keys, return_inverse=True)
    size = np.bincount(members >> _HALF)
    rank = np.empty(len(size), np.int64)
    rank[np.argsort(size, kind="stable")] = np.arange(len(size))
    own = rank[members >> _HALF]
    order = np.argsort(own, kind="stable")
    moved = np.empty(len(order), np.int64)
    moved[order] = np.arange(len(order))
    pair = np.argsort(rank[circle], kind="stable")
    return Circles(
        texts[members[order] & ((1 << _HALF) - 1)],
        own[order],
        pair,
        moved[place[: len(a)]][pair],
        moved[place[len(a) :]][pair],
    )


def _of_pairs(x: Counts, y: Counts, lengths: Counts) -> Counts:
    """Return the circle of each pair of texts numbered from 0 on without gaps."""
    labels = _near(x, y, lengths)
    inside = labels[x] == labels[y]
    rest = np.flatnonzero(~inside)
    degree = np.bincount(x[rest], minlength=len(lengths))
    degree += np.bincount(y[rest], minlength=len(lengths))
    hub = np.where(degree[x[rest]] >= degree[y[rest]], x[rest], y[rest])
    order = np.argsort(hub, kind="stable")
    rest, hub = rest[order], hub[order]
    number = np.arange(len(rest))
    new = np.ones(len(rest), np.bool_)
    new[1:] = hub[1:] != hub[:-1]
    since = number - np.maximum.accumulate(np.where(new, number, 0))
    new |= since % (MOST - 1) == 0
    alone = lengths[x[rest]] + lengths[y[rest]] > LONG
    new |= alone
    new[1:] |= alone[:-1]
    made = labels[x]
    made[rest] = len(lengths) + np.cumsum(new)
    return np.unique(made, return_inverse=True)[1]


def _near(x: Counts, y: Counts, lengths: Counts) -> Counts:
    """Return texts connected by the pairs as they come, in sets that do not grow too big."""
    parent = list(range(len(lengths)))
    size, words = [1] * len(parent), lengths.tolist()

    def root(text: int) -> int:
        while parent[text] != text:
            parent[text] = text = parent[parent[text]]
        return text

    for first, second in zip(map(root, x.tolist()), map(root, y.tolist()), strict=True):
        many, long = size[first] + size[second], words[first] + words[second]
        if first != second and many <= MOST and long <= LONG:
            parent[first] = second
            size[second], words[second] = many, long
    labels = np.array(parent, np.int64)
    while True:
        above = labels[labels]
        if np.array_equal(above, labels):
            return labels
        labels = above

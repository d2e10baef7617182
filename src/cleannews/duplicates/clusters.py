"""From links to clusters: closed over whole stories only.

Links that say "the same story, both ways" connect. A text that contains another, or is contained,
is attached to one cluster and connects nothing: else a digest would melt five stories into one.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cleannews.duplicates.candidates import components
from cleannews.duplicates.signatures import Counts

HOLDS = 0.6
"""Share of a text from which the other one holds it."""
MOST_HELD = 40
"""Held texts among which it is checked whether they are of one story."""


@dataclass(frozen=True, slots=True)
class Grouping:
    """Which cluster each document is in.

    Attributes:
        cluster: Smallest number of the cluster's connected members. (documents,) int64.
        attached: Whether the document is there by `contains` only. (documents,) bool.
    """

    cluster: Counts
    attached: NDArray[np.bool_]


def group(
    documents: int,
    whole: tuple[Counts, Counts],
    partial: tuple[Counts, Counts],
    held_a: NDArray[np.float64],
    held_b: NDArray[np.float64],
) -> Grouping:
    """Group documents by their links.

    Args:
        documents: Number of documents.
        whole: Both ends of the links of the kinds `exact`, `near` and `rewritten`.
        partial: Both ends of the links of the kind `contains`.
        held_a: Of each partial link, the share of the first document that the second one has.
        held_b: The same of the second document.
    """
    labels = components(documents, *whole)
    a, b = partial
    attached = np.zeros(documents, np.bool_)
    if not len(a):
        return Grouping(labels, attached)
    size = np.bincount(labels, minlength=documents)
    linked = _Linked(labels, a, b)
    digests = _digests(a, b, held_a, held_b, linked)
    degree = np.bincount(a, minlength=documents) + np.bincount(b, minlength=documents)
    strength = np.minimum(held_a, held_b) + 0.01 * np.maximum(held_a, held_b)
    order = np.lexsort((b, a, -strength))
    core = size[labels] > 1
    final = labels.copy()
    for x, y in zip(a[order].tolist(), b[order].tolist(), strict=True):
        if attached[x] or attached[y] or labels[x] == labels[y] or (core[x] and core[y]):
            continue
        if not core[x] and not core[y]:
            first = (x in digests, -degree[x], x) <= (y in digests, -degree[y], y)
            host, guest = (x, y) if first else (y, x)
            if host in digests:
                continue
            core[host] = True
        else:
            host, guest = (x, y) if core[x] else (y, x)
        attached[guest] = True
        final[guest] = final[host]
    return Grouping(final, attached)


class _Linked:
    """Which documents have to do with each other, directly or by their clusters."""

    def __init__(self, labels: Counts, a: Counts, b: Counts) -> None:
        self.labels = labels
        x, y = labels[a], labels[b]
        self.known = set(zip(np.minimum(x, y).tolist(), np.maximum(x, y).tolist(), strict=True))

    def __call__(self, x: int, y: int) -> bool:
        p, q = int(self.labels[x]), int(self.labels[y])
        return p == q or (min(p, q), max(p, q)) in self.known


def _digests(
    a: Counts,
    b: Counts,
    held_a: NDArray[np.float64],
    held_b: NDArray[np.float64],
    linked: _Linked,
) -> set[int]:
    """Return the documents that hold others which have nothing to do with each other."""
    holds: dict[int, list[int]] = defaultdict(list)
    for holders, held_ones, held in ((a, b, held_b), (b, a, held_a)):
        chosen = held >= HOLDS
        for x, y in zip(holders[chosen].tolist(), held_ones[chosen].tolist(), strict=True):
            holds[x].append(y)
    found = set()
    for holder, texts in holds.items():
        some = sorted(texts)[:MOST_HELD]
        if any(not linked(x, y) for i, x in enumerate(some) for y in some[:i]):
            found.add(holder)
    return found

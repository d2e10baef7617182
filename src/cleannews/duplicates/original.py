"""Which document of a cluster was probably first, and why.

Every reason is worth some evidence, in natural logarithms of odds; the probabilities of the members
follow from their sums.
"""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import numpy as np

from cleannews.duplicates.clusters import Grouping
from cleannews.duplicates.collection import Collection, Facts
from cleannews.duplicates.links import CONTAINS, EXACT, NEAR, REWRITTEN
from cleannews.duplicates.values import DuplicateCluster

if TYPE_CHECKING:
    from cleannews.duplicates.find import Found

NAMED = 4.0
"""Worth of being named as the source by another member."""
EARLIEST = 1.2
"""Worth of the earliest date; every day later costs `PER_DAY`, up to `MOST_DAYS` days."""
PER_DAY = 0.35
MOST_DAYS = 6
UNDATED = 0.9
"""Cost of having no date where others have one."""
CENTRAL = 8.0
"""Worth of holding what all the others have: mean share of the others' words, above the best."""
LEAN = 3.0
"""Worth of having nothing but that: mean share of its own words that the others have."""
ATTACHED = 2.0
"""Cost of being an excerpt or a compilation of another member."""
RESIDUE = 0.15
"""Cost of a piece of boilerplate that was found in it, up to ten."""
AGENCY = 0.7
"""Worth of crediting nobody where others credit an agency."""


@dataclass(slots=True)
class _Member:
    facts: Facts
    score: float = 0.0
    reasons: list[tuple[float, str]] = field(default_factory=list)

    def add(self, worth: float, reason: str) -> None:
        self.score += worth
        if worth > 0:
            self.reasons.append((worth, reason))


def choose_originals(
    collection: Collection, found: Found, grouping: Grouping
) -> tuple[DuplicateCluster, ...]:
    """Return the clusters of two and more documents, each with its probable original."""
    members: dict[int, list[int]] = defaultdict(list)
    size = np.bincount(grouping.cluster, minlength=len(collection))
    many = np.flatnonzero(size[grouping.cluster] > 1)
    for document, cluster in zip(many.tolist(), grouping.cluster[many].tolist(), strict=True):
        members[cluster].append(document)
    shares = _shares(found, grouping)
    made = [_cluster(collection, numbers, grouping, shares) for numbers in members.values()]
    return tuple(sorted(made, key=lambda c: c.members))


def _shares(found: Found, grouping: Grouping) -> dict[int, tuple[float, float, int]]:
    """Return for each document what it has of its neighbours, they of it, and how many there are."""
    inside = np.isin(found.kind, (EXACT, NEAR, REWRITTEN, CONTAINS))
    inside &= grouping.cluster[found.a] == grouping.cluster[found.b]
    a, b = found.a[inside], found.b[inside]
    total = len(grouping.cluster)
    has = np.bincount(a, found.held_b[inside], total) + np.bincount(b, found.held_a[inside], total)
    own = np.bincount(a, found.held_a[inside], total) + np.bincount(b, found.held_b[inside], total)
    number = np.bincount(a, minlength=total) + np.bincount(b, minlength=total)
    at = np.flatnonzero(number)
    return {
        i: (x, y, n)
        for i, x, y, n in zip(
            at.tolist(), has[at].tolist(), own[at].tolist(), number[at].tolist(), strict=True
        )
    }


def _cluster(
    collection: Collection,
    numbers: list[int],
    grouping: Grouping,
    shares: dict[int, tuple[float, float, int]],
) -> DuplicateCluster:
    made = {n: _Member(collection.facts[n]) for n in numbers}
    _by_source(made)
    _by_date(made)
    _by_text(made, shares, grouping)
    ranked = sorted(made.values(), key=lambda m: (-m.score, m.facts.id))
    best = ranked[0]
    odds = sum(math.exp(m.score - best.score) for m in ranked)
    reasons = tuple(r for _, r in sorted(best.reasons, key=lambda r: (-r[0], r[1])))
    return DuplicateCluster(
        members=tuple(sorted(m.facts.id for m in ranked)),
        attached=tuple(sorted(collection.facts[n].id for n in numbers if grouping.attached[n])),
        original=best.facts.id,
        reasons=reasons or ("nothing tells the members apart; the first id was taken",),
        confidence=round(1 / odds, 4),
    )


def _by_source(made: dict[int, _Member]) -> None:
    named = [(m.facts.id, _address(m.facts.source)) for m in made.values() if m.facts.source]
    for member in made.values():
        address = _address(member.facts.url)
        naming = [i for i, source in named if source and source == address and i != member.facts.id]
        if naming:
            member.add(NAMED, f"{naming[0]} names it as its source")
    if any(m.facts.agency for m in made.values()):
        for member in made.values():
            if member.facts.agency is None:
                member.add(AGENCY, "others credit an agency, it does not")


def _by_date(made: dict[int, _Member]) -> None:
    days = sorted({m.facts.date for m in made.values() if m.facts.date})
    if not days:
        return
    for member in made.values():
        if member.facts.date is None:
            member.add(-UNDATED, "")
            continue
        late = min((member.facts.date - days[0]).days, MOST_DAYS)
        if late:
            member.add(-PER_DAY * late, "")
        elif len(days) > 1:
            member.add(EARLIEST, f"the earliest date, {days[0].isoformat()}")


def _by_text(
    made: dict[int, _Member], shares: dict[int, tuple[float, float, int]], grouping: Grouping
) -> None:
    rest = max(1, len(made) - 1)
    has = {n: shares.get(n, (0.0, 0.0, 0))[0] / rest for n in made}
    own = {n: shares.get(n, (0.0, 0.0, 0))[1] / rest for n in made}
    most_has, most_own = max(has.values()), max(own.values())
    for number, member in made.items():
        member.add(CENTRAL * (has[number] - most_has), "")
        member.add(LEAN * (own[number] - most_own), "")
        if has[number] == most_has and len(set(has.values())) > 1:
            member.reasons.append((0.5, "it has the most of what the others have"))
        if own[number] == most_own and len(set(own.values())) > 1:
            member.reasons.append((0.4, "it has the least of its own beside the shared text"))
        if grouping.attached[number]:
            member.add(-ATTACHED, "")
        member.add(-RESIDUE * min(member.facts.residue, 10), "")


def _address(url: str | None) -> str | None:
    """Return host and path of an address, without what changes from link to link."""
    if not url:
        return None
    try:
        parts = urlsplit(url if "//" in url else f"//{url}")
    except ValueError:
        return None
    host = (parts.hostname or "").removeprefix("www.")
    return f"{host}{parts.path.rstrip('/')}" if host else None

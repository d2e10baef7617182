"""Which document of a cluster was probably first, and why.

Every reason is worth some evidence, in natural logarithms of odds; the probabilities of the members
follow from their sums.
"""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import numpy as np
from numpy.typing import NDArray

from cleannews.duplicates.clusters import Grouping
from cleannews.duplicates.collection import Collection, Facts, day_of
from cleannews.duplicates.links import CONTAINS, EXACT, NEAR, REWRITTEN
from cleannews.duplicates.signatures import Counts
from cleannews.duplicates.values import DuplicateCluster
from cleannews.duplicates.weights import slots

if TYPE_CHECKING:
    from cleannews.duplicates.find import Found

NAMED = 4.0
"""Worth of being named as the source by another member."""
LATER = 2.5
"""Cost of a later date than the earliest; every day adds `PER_DAY`, up to `MOST_DAYS` days."""
PER_DAY = 0.05
MOST_DAYS = 10
ADDED = 4.0
"""Cost of holding another member whole, in few pieces, beside text of its own."""
CUT = 1.5
"""Worth of text that another member leaves out here and there, or after its beginning."""
ODD = 2.0
"""Cost of words that nobody else has: misspellings, another's furniture, odd synonyms."""
ODD_WORDS, ODD_SHARE = 2, 0.004
"""How many more of them than the member with the fewest, by number and by share, count."""
SHARED = 4.0
"""Cost of having little of the others: mean share of the others' words, below the best."""
ATTACHED = 1.0
"""Cost of being an excerpt or a compilation of another member."""
COMPILED = 3.0
"""Cost of carrying another cluster's story, too."""
RESIDUE = 0.15
"""Cost of a piece of boilerplate that was found in it, up to ten."""
AGENCY = 0.7
"""Worth of crediting nobody where others credit an agency."""
WHOLE = 0.97
"""Share of a text's words from which the other one holds it whole."""
SPARE = 0.06
"""Share of a text's words from which it has text of its own."""
FEW_PIECES = 3
LONG_END = 0.35
"""Share of own text from which it was added though it stands at one end only."""
EXCERPT = 0.7
"""Share of a text's words from which it is an excerpt with a few words of its own."""
MOST_ADDED = 0.7
"""Share of own text up to which it was added; with more, the other one is an excerpt."""

AT_ONCE = 256
"""Documents whose words are counted at once."""

_URL_MONTH = re.compile(r"/((?:19|20)\d\d)[/-](0[1-9]|1[0-2])(?:[/-]([0-3]\d))?(?=[/-]|$)")


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
    collection: Collection, found: Found, grouping: Grouping, rare: NDArray[np.bool_]
) -> tuple[DuplicateCluster, ...]:
    """Return the clusters of two and more documents, each with its probable original.

    Args:
        collection: The documents.
        found: Their links.
        grouping: Which cluster each one is in.
        rare: For the words of each slot, whether the collection has only one of them.
    """
    size = np.bincount(grouping.cluster, minlength=len(collection))
    many = np.flatnonzero(size[grouping.cluster] > 1)
    odd = _odd_words(collection, many, rare)
    return clusters_of(collection.facts, found, grouping, odd)


def clusters_of(
    facts: Sequence[Facts],
    found: Found,
    grouping: Grouping,
    odd: Mapping[int, tuple[int, float]],
) -> tuple[DuplicateCluster, ...]:
    """Return the clusters of two and more documents, as `choose_originals` does, without words.

    Args:
        facts: What is known about each document.
        found: Their links.
        grouping: Which cluster each one is in.
        odd: For each document of a cluster, how many of its words nobody else has, and their share.
    """
    members: dict[int, list[int]] = defaultdict(list)
    size = np.bincount(grouping.cluster, minlength=len(facts))
    many = np.flatnonzero(size[grouping.cluster] > 1)
    for document, cluster in zip(many.tolist(), grouping.cluster[many].tolist(), strict=True):
        members[cluster].append(document)
    texts = _text_evidence(found, grouping)
    made = [_cluster(facts, numbers, grouping, texts, odd) for numbers in members.values()]
    return tuple(sorted(made, key=lambda c: c.members))


@dataclass(frozen=True, slots=True)
class _Texts:
    """What the texts say, by document, from its links inside the cluster.

    Attributes:
        added: 1 where it holds another one whole, in few pieces, beside text of its own.
        cut: 1 where another one is an excerpt of it, or leaves out pieces here and there.
        has: Mean share of the others' words that stand in it.
        compiled: It is linked with a document of another cluster that is not merely attached there.
    """

    added: NDArray[np.float64]
    cut: NDArray[np.float64]
    has: NDArray[np.float64]
    compiled: NDArray[np.bool_]


def _text_evidence(found: Found, grouping: Grouping) -> _Texts:
    """Return who adds to others, who is cut by others, and how much of the others each one has."""
    inside = np.isin(found.kind, (EXACT, NEAR, REWRITTEN, CONTAINS))
    compiled = _compiled(found.take(inside), grouping)
    inside &= grouping.cluster[found.a] == grouping.cluster[found.b]
    found = found.take(inside)
    total = len(grouping.cluster)
    added, cut, has, links = (np.zeros(total) for _ in range(4))
    for link in (found, found.turned(np.ones(len(found.a), np.bool_))):
        own = 1 - link.held_a
        few = (link.pieces_a <= FEW_PIECES) & (link.ends_a < 2)
        few &= (link.ends_a == 0) | (own >= LONG_END)
        more = own - (1 - link.held_b) > SPARE
        adds = (link.held_b >= WHOLE) & few & (own >= SPARE) & (own <= MOST_ADDED)
        cuts = (link.held_b >= WHOLE) & ~few & (own >= SPARE)
        cuts |= (link.held_b >= EXCERPT) & (link.held_b < WHOLE) & few & more & (own >= 0.3)
        np.maximum.at(added, link.a, adds)
        np.maximum.at(cut, link.a, cuts)
        has += np.bincount(link.a, link.held_b, minlength=total)
        links += np.bincount(link.a, minlength=total)
    return _Texts(added, cut, has / np.maximum(links, 1), compiled)


def _compiled(found: Found, grouping: Grouping) -> NDArray[np.bool_]:
    """Tell which documents carry the story of another cluster, too."""
    made = np.zeros(len(grouping.cluster), np.bool_)
    across = grouping.cluster[found.a] != grouping.cluster[found.b]
    for one, other in ((found.a, found.b), (found.b, found.a)):
        made[one[across & ~grouping.attached[other]]] = True
    return made


def _cluster(
    facts: Sequence[Facts],
    numbers: list[int],
    grouping: Grouping,
    texts: _Texts,
    odd: Mapping[int, tuple[int, float]],
) -> DuplicateCluster:
    made = {n: _Member(facts[n]) for n in numbers}
    _by_source(made)
    _by_date(made)
    _by_text(made, texts, grouping)
    _by_words(made, odd)
    ranked = sorted(made.values(), key=lambda m: (-m.score, m.facts.id))
    best = ranked[0]
    odds = sum(math.exp(m.score - best.score) for m in ranked)
    reasons = tuple(r for _, r in sorted(best.reasons, key=lambda r: (-r[0], r[1])))
    return DuplicateCluster(
        members=tuple(sorted(m.facts.id for m in ranked)),
        attached=tuple(sorted(facts[n].id for n in numbers if grouping.attached[n])),
        original=best.facts.id,
        reasons=reasons or ("nothing tells the members apart; the first id was taken",),
        confidence=round(1 / odds, 4),
    )


def _by_source(made: dict[int, _Member]) -> None:
    ordered = sorted(made.values(), key=lambda m: m.facts.id)  # the reason names the first id
    named = [(m.facts.id, _address(m.facts.source)) for m in ordered if m.facts.source]
    for member in made.values() if named else ():
        address = _address(member.facts.url)
        naming = [i for i, source in named if source and source == address and i != member.facts.id]
        if naming:
            member.add(NAMED, f"{naming[0]} names it as its source")
    if any(m.facts.agency for m in made.values()):
        for member in made.values():
            if member.facts.agency is None:
                member.add(AGENCY, "others credit an agency, it does not")


def _by_date(made: dict[int, _Member]) -> None:
    known = {n: _day(m.facts) for n, m in made.items()}
    days = sorted({day for day in known.values() if day})
    if not days:
        return
    for number, member in made.items():
        day = known[number]
        if day is None:
            # Of two, the undated one is as likely the first; of many, the earliest one is likelier.
            member.add(-math.log(max(1, len(made) - 1)), "")
        elif day > days[0]:
            member.add(-LATER - PER_DAY * min((day - days[0]).days, MOST_DAYS), "")
        elif len(days) > 1 or None in known.values():
            member.reasons.append((LATER, f"the earliest date, {day.isoformat()}"))


def _day(facts: Facts) -> date | None:
    """Return the date of a document, else the day in its address."""
    if facts.date or not facts.url:
        return facts.date
    match = _URL_MONTH.search(facts.url)
    return day_of("-".join(match.groups())) if match and match[3] else None


def _by_text(made: dict[int, _Member], texts: _Texts, grouping: Grouping) -> None:
    numbers = list(made)
    columns = (texts.added, texts.cut, texts.has, texts.compiled, grouping.attached)
    rows = list(zip(*(column[numbers].tolist() for column in columns), strict=True))
    most = max(has for _, _, has, _, _ in rows)
    is_added = any(added for added, *_ in rows)
    for member, (added, cut, has, compiled, attached) in zip(made.values(), rows, strict=True):
        if added:
            member.score -= ADDED * added
        if cut:
            member.add(CUT * cut, "others leave out what it has")
        member.score -= SHARED * (most - has)
        if attached:
            member.score -= ATTACHED
        if compiled:
            member.score -= COMPILED
        if member.facts.residue:
            member.score -= RESIDUE * min(member.facts.residue, 10)
        if not added and is_added:
            member.reasons.append((ADDED / 2, "others hold all of it and add to it"))


def _odd_words(
    collection: Collection, documents: Counts, rare: NDArray[np.bool_]
) -> dict[int, tuple[int, float]]:
    """Return how many words of each document no other one has, and their share of its words."""
    words, offsets = collection.tokens.words, collection.tokens.offsets
    made = {}
    for at in range(0, len(documents), AT_ONCE):
        some = documents[at : at + AT_ONCE]
        places = zip(offsets[some].tolist(), offsets[some + 1].tolist(), strict=True)
        is_odd = rare[slots(np.concatenate([words[i:j] for i, j in places]))]
        length = offsets[some + 1] - offsets[some]  # texts without words are in no cluster
        count = np.add.reduceat(is_odd, np.cumsum(length) - length, dtype=np.int32)
        share = count / np.maximum(length, 1)
        columns = (some.tolist(), count.tolist(), share.tolist())
        made.update({number: (many, part) for number, many, part in zip(*columns, strict=True)})
    return made


def _by_words(made: dict[int, _Member], odd: Mapping[int, tuple[int, float]]) -> None:
    rows = [odd[n] for n in made]
    counts = [count for count, _ in rows]
    fewest, least = min(counts), min(share for _, share in rows)
    more = max(counts) >= fewest + ODD_WORDS
    for member, (count, share) in zip(made.values(), rows, strict=True):
        if count >= fewest + ODD_WORDS and share >= least + ODD_SHARE:
            member.add(-ODD, "")
        elif count == fewest and more:
            member.reasons.append((ODD / 2, "others have words that nobody else uses"))


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

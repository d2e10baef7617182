"""One pass over an output that keeps what a report shows, and no more whatever the output's size.

What is kept by chance is kept by the hash of its id: the same output gives the same report.
"""

from __future__ import annotations

import hashlib
import heapq
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Generic, TypeVar

from cleannews.batch.abridge import Row, checked, seen_page, shown_row
from cleannews.batch.outputs import CLUSTERS, LINKS, QUARANTINE, Output, open_output
from cleannews.duplicates.explain import aligned
from cleannews.report.values import Cluster, Copy, Corpus, SeenPage, Step

LOWEST, CHANCE = 20, 8
"""Pages that are shown because of their confidence, and by chance."""
LARGEST, OTHERS, COPIES = 12, 8, 4
"""Clusters shown because of their size and by chance; copies shown of each."""
COMPARED = 8_000
"""Code points of a text that are compared with another."""
EXAMPLES, EXAMPLE = 3, 200
"""Examples of each category and each warning, and their longest."""
RULES, MOST_RULES = 40, 5_000
"""Rules that are shown; rules that are counted."""
KEYS = 200
"""Categories and codes of which examples are kept."""
PLACES = 100
"""Quarantined places and records without text that are shown."""

T = TypeVar("T")


def mark(*names: object) -> bytes:
    """Return the hash that chooses by chance."""
    text = "\0".join(map(str, names))
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest()


class Least(Generic[T]):
    """Keeps the items with the least keys, at most a number of them.

    >>> least = Least(2)
    >>> for number in (5, 3, 9, 1):
    ...     _ = least.offer((number, b""), str(number))
    >>> least.items()
    ['1', '3']
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._heap: list[tuple[float, int, int, T]] = []
        self.seen = 0

    def wants(self, key: tuple[float, bytes]) -> bool:
        """Tell whether an item with this key would be kept."""
        return len(self._heap) < self._most or self._turned(key) > self._heap[0][:2]

    def offer(self, key: tuple[float, bytes], item: T) -> bool:
        """Keep an item if its key is low enough; tell whether it was."""
        self.seen += 1
        if not self.wants(key):
            return False
        # The count decides between equal keys, so that items themselves are never compared.
        entry = (*self._turned(key), -self.seen, item)
        if len(self._heap) < self._most:
            heapq.heappush(self._heap, entry)
        else:
            heapq.heapreplace(self._heap, entry)
        return True

    @staticmethod
    def _turned(key: tuple[float, bytes]) -> tuple[float, int]:
        return -key[0], -int.from_bytes(key[1])

    def items(self) -> list[T]:
        """Return what was kept, the least first."""
        return [entry[3] for entry in sorted(self._heap, key=lambda e: e[:3], reverse=True)]


def survey(path: Path) -> Corpus:
    """Read an output and keep what the report shows.

    Args:
        path: What was given to ``run`` with ``-o``.

    Returns:
        The values for `cleannews.report.corpus.render_corpus`.

    Raises:
        InputError: It is no output of a run.
        OSError: It cannot be read.
    """
    output = open_output(path)
    clusters, cluster_count = _clusters(output)
    links = _links(output, clusters)
    wanted = {name for cluster in clusters for name in _members(cluster)}
    rows = _Rows(wanted)
    for row in output.rows():
        rows.see(row)
    quarantine: Least[Mapping[str, Any]] = Least(PLACES)
    for number, place in enumerate(output.beside(QUARANTINE)):
        quarantine.offer((number, b""), {k: _text(place.get(k)) for k in _PLACE})
    if rows.unfit:
        output.problem_count += 1
        output.problems.append(f"{rows.unfit:,} rows are not as a run writes them")
    return Corpus(
        name=path.name or str(path),
        summary=output.summary,
        rows=rows.count if output.files else None,
        lowest=tuple(rows.lowest.items()),
        chance=tuple(rows.chance.items()),
        examples={name: tuple(kept.items()) for name, kept in rows.examples.items()},
        rules=tuple(rows.rules()),
        rule_count=len(rows.by_rule),
        warned={code: tuple(kept.items()) for code, kept in rows.warned.items()},
        unread=tuple(rows.unread.items()),
        clusters=tuple(_cluster(cluster, links, rows.texts) for cluster in clusters),
        cluster_count=cluster_count,
        quarantine=tuple(quarantine.items()),
        quarantine_count=quarantine.seen,
        problems=tuple(output.problems),
        problem_count=output.problem_count,
    )


_PLACE = ("id", "where", "reason", "sha256")


class _Rows:
    """What is kept of the rows."""

    def __init__(self, wanted: set[str]) -> None:
        self.wanted = wanted
        self.count = self.unfit = 0
        self.lowest: Least[SeenPage] = Least(LOWEST)
        self.chance: Least[SeenPage] = Least(CHANCE)
        self.examples: dict[str, Least[str]] = {}
        self.warned: dict[str, Least[tuple[str, str]]] = {}
        self.unread: Least[tuple[str, str]] = Least(PLACES)
        self.by_rule: dict[tuple[str, str], int] = {}
        self.texts: dict[str, tuple[Row, str]] = {}

    def see(self, raw: dict[str, Any]) -> None:
        number, self.count = self.count, self.count + 1
        try:
            row = checked(raw)
        except (TypeError, ValueError):
            self.unfit += 1
            return
        name = str(raw["id"])
        by_chance = mark(name, number)
        for warning in row["warnings"]:
            kept = _kept(self.warned, warning["code"])
            if kept is not None:
                kept.offer((0, by_chance), (name, warning["detail"][:EXAMPLE]))
        if row["text"] is None:
            detail = row["warnings"][0]["detail"] if row["warnings"] else ""
            self.unread.offer((number, b""), (name, detail[:EXAMPLE]))
            return
        self._count_removed(row, by_chance)
        for kept_pages, key in (
            (self.lowest, (row["confidence"], by_chance)),
            (self.chance, (0, by_chance)),
        ):
            if kept_pages.wants(key):
                kept_pages.offer(key, seen_page(row))
        self._keep_text(row, name, number)

    def _count_removed(self, row: Row, by_chance: bytes) -> None:
        for removal in row["removed"]:
            rule = removal["rule"], removal["category"]
            if rule in self.by_rule or len(self.by_rule) < MOST_RULES:
                self.by_rule[rule] = self.by_rule.get(rule, 0) + 1
            kept = _kept(self.examples, removal["category"])
            if kept is not None and kept.wants(key := (0, by_chance)):
                text = removal["text"].strip()
                if text and text[:EXAMPLE] not in kept.items():
                    kept.offer(key, text[:EXAMPLE])

    def _keep_text(self, row: Row, name: str, number: int) -> None:
        # A second record of one id goes by another name, as the search for duplicates calls it.
        if name in self.texts:
            name = f"{name}#{number}"
        if name in self.wanted and name not in self.texts:
            self.texts[name] = shown_row(row), row["text"][:COMPARED]

    def rules(self) -> Iterator[tuple[str, str, int]]:
        ranked = sorted(self.by_rule.items(), key=lambda entry: (-entry[1], entry[0]))
        for (rule, category), count in ranked[:RULES]:
            yield rule, category, count


def _kept(kept: dict[str, Least[T]], key: str) -> Least[T] | None:
    if key not in kept:
        if len(kept) >= KEYS:
            return None
        kept[key] = Least(EXAMPLES)
    return kept[key]


# --- duplicates -----------------------------------------------------------------------------------


def _clusters(output: Output) -> tuple[list[dict[str, Any]], int]:
    """Return the largest clusters and some others, cut to the members that are shown."""
    largest: Least[dict[str, Any]] = Least(LARGEST)
    others: Least[dict[str, Any]] = Least(LARGEST + OTHERS)
    count = 0
    for raw in output.beside(CLUSTERS):
        members, original = raw.get("members"), raw.get("original")
        if not isinstance(members, list) or not isinstance(original, str):
            continue
        count += 1
        by_chance = mark(original)
        keys = (-len(members), by_chance), (0, by_chance)
        if largest.wants(keys[0]) or others.wants(keys[1]):
            cluster = _cut(raw, original, [m for m in members if isinstance(m, str)])
            largest.offer(keys[0], cluster)
            others.offer(keys[1], cluster)
    shown = largest.items()
    known = {id(cluster) for cluster in shown}
    shown += [c for c in others.items() if id(c) not in known][:OTHERS]
    return shown, count


def _cut(raw: Mapping[str, Any], original: str, members: list[str]) -> dict[str, Any]:
    attached = raw.get("attached")
    rest = (member for member in members if member != original)
    copies = heapq.nsmallest(COPIES, rest, key=lambda name: mark(original, name))
    reasons = raw.get("reasons")
    return {
        "size": len(members),
        "original": original,
        "copies": sorted(copies, key=members.index),
        "attached": set(copies) & set(attached if isinstance(attached, list) else ()),
        "reasons": [str(r)[:EXAMPLE] for r in reasons[:8]] if isinstance(reasons, list) else [],
        "confidence": _number(raw.get("confidence")),
    }


def _members(cluster: Mapping[str, Any]) -> Iterable[str]:
    return cluster["original"], *cluster["copies"]


def _links(
    output: Output, clusters: Iterable[Mapping[str, Any]]
) -> dict[frozenset[str], dict[str, Any]]:
    """Return the links between the originals and the copies that are shown."""
    wanted = {frozenset((c["original"], copy)) for c in clusters for copy in c["copies"]}
    if not wanted:
        return {}
    found = {}
    for link in output.beside(LINKS):
        pair = frozenset((str(link.get("a")), str(link.get("b"))))
        if pair in wanted:
            found[pair] = link
    return found


def _cluster(
    cut: Mapping[str, Any],
    links: Mapping[frozenset[str], Mapping[str, Any]],
    texts: Mapping[str, tuple[Row, str]],
) -> Cluster:
    original = texts.get(cut["original"])
    copies = []
    for name in cut["copies"]:
        copy = texts.get(name)
        steps: tuple[Step, ...] = ()
        left_out = 0
        if original and copy:
            lengths = original[0]["characters_kept"], copy[0]["characters_kept"]
            left_out = sum(max(0, length - COMPARED) for length in lengths)
            steps = tuple(Step(c.kind, c.a, c.b) for c in aligned(original[1], copy[1]))
        copies.append(
            Copy(
                id=name,
                row=copy[0] if copy else None,
                link=links.get(frozenset((cut["original"], name))),
                steps=steps,
                left_out=left_out,
                is_attached=name in cut["attached"],
            )
        )
    return Cluster(
        size=cut["size"],
        original=cut["original"],
        row=original[0] if original else None,
        reasons=tuple(cut["reasons"]),
        confidence=cut["confidence"],
        copies=tuple(copies),
    )


def _number(value: object) -> float:
    is_number = isinstance(value, int | float) and 0 <= value <= 1
    return float(value) if is_number else 0.0  # type: ignore[arg-type]


def _text(value: object) -> str:
    return "" if value is None else str(value)[:1_000]

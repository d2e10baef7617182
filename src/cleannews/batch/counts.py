"""What is counted over all records, and the summary that is made of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

MOST_SITES = 1_000
"""Sites that the summary names; the others are one number."""
BINS = 20
"""Bins of the confidence's histogram."""
OTHER, NONE = "other", "none"

CLEANED, UNREADABLE, QUARANTINED = "rows\tcleaned", "rows\tunreadable", "rows\tquarantined"

# A fact is counted under "<kind>\t<name>".


def facts_of(row: Mapping[str, Any]) -> dict[str, int]:
    r"""Return what a row adds to the counts.

    >>> from cleannews.columns import clean_row
    >>> facts = facts_of(clean_row(text="The bridge is shut.\n\n[ad_1]"))
    >>> facts["words\tkept"], facts["words\tread"], facts["pieces\tplaceholder"]
    (4, 5, 1)
    """
    facts: dict[str, int] = {}
    if row["text"] is None:
        facts[UNREADABLE] = 1
    else:
        facts[CLEANED] = 1
        kept = len(row["text"].split())
        facts["words\tkept"] = facts["words\tread"] = kept
    for removal in row["removed"]:
        facts["words\tread"] += len(removal["text"].split())
        for kind, number in (("pieces", 1), ("characters", removal["end"] - removal["start"])):
            key = f"{kind}\t{removal['category']}"
            facts[key] = facts.get(key, 0) + number
    facts[f"site\t{row['site'] or NONE}"] = 1
    facts[f"language\t{row['language'] or NONE}"] = 1
    for code in {warning["code"] for warning in row["warnings"]}:
        facts[f"warning\t{code}"] = 1
    facts[f"confidence\t{min(int(row['confidence'] * BINS), BINS - 1):02d}"] = 1
    return facts


def add(counts: dict[str, int], facts: Mapping[str, int]) -> None:
    """Add facts to counts."""
    for key, number in facts.items():
        counts[key] = counts.get(key, 0) + number


def summary_of(counts: Iterable[tuple[str, int]]) -> dict[str, Any]:
    r"""Return the part of the summary that is made of counts.

    >>> summary_of([("rows\tcleaned", 2), ("site\tA", 2)])["sites"]
    {'A': 2}
    """
    by_kind: dict[str, dict[str, int]] = {}
    for key, number in counts:
        kind, _, name = key.partition("\t")
        by_kind.setdefault(kind, {})[name] = number
    rows, words = by_kind.get("rows", {}), by_kind.get("words", {})
    pieces, characters = by_kind.get("pieces", {}), by_kind.get("characters", {})
    confidence = by_kind.get("confidence", {})
    return {
        "cleaned": rows.get("cleaned", 0),
        "unreadable": rows.get("unreadable", 0),
        "quarantined": rows.get("quarantined", 0),
        "words": {"read": words.get("read", 0), "kept": words.get("kept", 0)},
        "categories": {
            name: {"pieces": pieces[name], "characters": characters.get(name, 0)}
            for name in _ranked(pieces)
        },
        "sites": _most(by_kind.get("site", {})),
        "languages": {n: by_kind["language"][n] for n in _ranked(by_kind.get("language", {}))},
        "warnings": {n: by_kind["warning"][n] for n in _ranked(by_kind.get("warning", {}))},
        "confidence": [confidence.get(f"{n:02d}", 0) for n in range(BINS)],
    }


def _ranked(counts: Mapping[str, int]) -> list[str]:
    return sorted(counts, key=lambda name: (-counts[name], name))


def _most(sites: Mapping[str, int]) -> dict[str, int]:
    ranked = _ranked(sites)
    told = {name: sites[name] for name in ranked[:MOST_SITES]}
    if rest := sum(sites[name] for name in ranked[MOST_SITES:]):
        told[OTHER] = told.get(OTHER, 0) + rest
    return told

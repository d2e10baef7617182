"""Pairs of texts that somebody else found, judged many at once and each for itself."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cleannews.duplicates.anchors import shared_anchors
from cleannews.duplicates.candidates import pairs_of, postings
from cleannews.duplicates.collection import Collection
from cleannews.duplicates.find import FEWEST_EXACT
from cleannews.duplicates.links import judge
from cleannews.duplicates.signatures import Counts, Tokens
from cleannews.duplicates.values import KINDS
from cleannews.duplicates.verify import verify
from cleannews.duplicates.weights import prior_weights


def verify_pairs(pairs: Sequence[tuple[str, str]]) -> list[dict[str, Any]]:
    """Return what the first of each pair is to the second.

    Args:
        pairs: Texts. Words weigh what the shipped table says, so that a verdict does not depend on
            the other pairs.

    Returns:
        For each pair the fields of `DuplicateLink.to_dict()` but `a` and `b`; `kind` is None where
        nothing connects the two.

    >>> [v["kind"] for v in verify_pairs([("Snow fell.", "Rain fell."), ("Snow.", "Snow.")])]
    [None, 'exact']
    """
    number: dict[str, int] = {}
    ends = np.array(
        [[number.setdefault(text, len(number)) for text in pair] for pair in pairs], np.int64
    ).reshape(-1, 2)
    collection = Collection.read({"id": str(i), "text": text} for text, i in number.items())
    tokens, weights = collection.tokens, prior_weights()
    made: list[dict[str, Any]] = [_nothing() for _ in pairs]
    length = np.diff(tokens.offsets)
    same = (tokens.whole[ends[:, 0]] == tokens.whole[ends[:, 1]]) & (length[ends[:, 0]] > 0)
    _judge_unequal(collection, ends, same, made)
    equal = np.flatnonzero(same)
    a, b = ends[equal, 0], ends[equal, 1]
    for at, shared in zip(
        equal.tolist(),
        shared_anchors(collection, a, b, np.zeros(len(a)), weights),
        strict=True,
    ):
        made[at] |= {
            "kind": "exact",
            "similarity": 1.0,
            "containment_a": 1.0,
            "containment_b": 1.0,
            "anchors": _anchors(shared),
            "confidence": 0.6 if length[ends[at, 0]] < FEWEST_EXACT else 0.999,
        }
    return made


def _judge_unequal(
    collection: Collection, ends: Counts, same: NDArray[np.bool_], made: list[dict[str, Any]]
) -> None:
    """Fill in what the pairs are whose words are not the same."""
    tokens, weights = collection.tokens, prior_weights()
    share = np.array([0.0 if s else _share(tokens, *e) for e, s in zip(ends, same, strict=True)])
    asked = np.flatnonzero(share > 0)
    if not len(asked):
        return
    a, b = ends[asked, 0], ends[asked, 1]
    evidence = verify(tokens, a, b, weights)
    verdicts = judge(evidence, share[asked])
    anchors = shared_anchors(collection, a, b, evidence.quotes, weights)
    for i, at in enumerate(asked.tolist()):
        if verdicts.kind[i] < 0:
            continue
        made[at] |= {
            "kind": KINDS[verdicts.kind[i]],
            "similarity": round(float(verdicts.similarity[i]), 4),
            "containment_a": round(float(evidence.covered_a[i]), 4),
            "containment_b": round(float(evidence.covered_b[i]), 4),
            "anchors": _anchors(anchors[i]),
            "confidence": round(float(verdicts.confidence[i]), 4),
        }


def _share(tokens: Tokens, a: int, b: int) -> float:
    """Return the weighted share of the smaller sample that both have; 0.0 for next to nothing."""
    sizes = tokens.sizes[[a, b]]
    starts: Counts = (np.cumsum(tokens.sizes) - tokens.sizes)[[a, b]]
    sampled = np.concatenate(
        [tokens.sampled[s : s + n] for s, n in zip(starts, sizes, strict=True)]
    )
    found = pairs_of(postings(sampled, sizes, np.arange(2)), 2)
    return float(found.weighted[0]) if len(found.a) else 0.0


def _nothing() -> dict[str, Any]:
    return {
        "kind": None,
        "similarity": 0.0,
        "containment_a": 0.0,
        "containment_b": 0.0,
        "anchors": {"names": [], "numbers": [], "quotes": 0},
        "confidence": 0.0,
        "other_title": False,
    }


def _anchors(shared: Any) -> dict[str, Any]:
    return {
        "names": list(shared.names),
        "numbers": list(shared.numbers),
        "quotes": shared.quotes,
    }

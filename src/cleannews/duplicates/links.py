"""From what a pair shares to what one text is to the other.

A text carries another's story when enough of its shorter half is said in the other one, word for
word or in other words around the same names and numbers. The weights of the first were fitted on
labelled real pairs, split by cluster; ``benchmarks/duplicates.md`` holds the figures.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cleannews.duplicates.values import KINDS
from cleannews.duplicates.verify import Evidence, Flags, Share

EXACT, NEAR, CONTAINS, REWRITTEN, TEMPLATE, RELATED = range(len(KINDS))

BASE = -4.412
"""Constant of the copy score; the weights stand in `_copy_score`."""
THRESHOLD = 0.36
"""Least score of a link; 1 % of the labelled negatives are above it."""
CALIBRATION = (
    (0.0, 0.1, 0.2, 0.36, 0.45, 0.55, 0.65, 0.8, 0.95, 1.0),
    (0.0, 0.007, 0.02, 0.12, 0.3, 0.75, 0.95, 0.985, 0.99, 0.999),
)
"""Score and the share of labelled pairs with it that carry one story, both rising; between them a
straight line. ``benchmarks/duplicates_confidence.py`` prints how it holds."""
MOULDED = 0.1
"""Most score of two texts of one mould with other facts."""
REWRITTEN_FROM = 0.95
"""Least score of two texts with the same names and numbers in the same order."""
NEAR_FROM = 0.5
"""Similarity from which a pair is a near duplicate."""
BOTH_SAY = 0.45
"""Share of either text's weighted words from which a link is of the whole story, both ways."""
LEAST_RELATED = 0.08
"""Weighted share of the sample from which a pair without a link is worth a word."""


@dataclass(frozen=True, slots=True)
class Verdicts:
    """What each pair is. Arrays of one value a pair.

    Attributes:
        kind: Index in `KINDS`, or -1 for nothing.
        confidence: Probability that both carry one story. (n,) float64.
        similarity: Jaccard of 3-word shingles. (n,) float64.
    """

    kind: NDArray[np.int8]
    confidence: Share
    similarity: Share


def judge(evidence: Evidence, weighted: Share) -> Verdicts:
    """Say what each pair is.

    Args:
        evidence: What the pairs share.
        weighted: Share of the smaller sample that both have, rare shingles counting most.
    """
    similarity = jaccard(evidence)
    copied = _copy_score(evidence, weighted)
    is_rewritten = _is_rewritten(evidence)
    moulded = _is_moulded(evidence)
    score = np.where(is_rewritten, np.maximum(copied, REWRITTEN_FROM), copied)
    score = np.where(moulded, np.minimum(score, MOULDED), score)
    linked = score >= THRESHOLD
    near = linked & (similarity >= NEAR_FROM)
    both = np.minimum(evidence.said_a, evidence.said_b) >= BOTH_SAY
    half = np.maximum(evidence.covered_a, evidence.covered_b)
    lopsided = np.minimum(evidence.covered_a, evidence.covered_b) < 0.6 * half
    kind = np.full(len(evidence), -1, np.int8)
    kind[(weighted >= LEAST_RELATED)] = RELATED
    kind[moulded & (half >= 0.25)] = TEMPLATE
    kind[linked] = CONTAINS
    kind[linked & both & (is_rewritten | ~lopsided)] = REWRITTEN
    kind[near] = NEAR
    return Verdicts(kind, np.interp(score, *CALIBRATION), similarity)


def jaccard(evidence: Evidence) -> Share:
    """Return the similarity of each pair: shared 3-word shingles over all of them."""
    size_a = np.maximum(evidence.words_a - 2, 0)
    size_b = np.maximum(evidence.words_b - 2, 0)
    both = np.minimum(evidence.copied_a * size_a, evidence.copied_b * size_b)
    every = size_a + size_b - both
    made: Share = np.divide(both, every, out=np.zeros(len(both)), where=every > 0)
    return made


def _copy_score(evidence: Evidence, weighted: Share) -> Share:
    """Return a score, 0..1, that rises with the chance of the shorter story being in the longer."""
    runs, copied = evidence.shorter("runs"), evidence.shorter("copied")
    said, plain = evidence.shorter("said"), evidence.shorter("plain")
    anchors, pairs = evidence.shorter("anchors"), evidence.shorter("pairs")
    length = np.log1p(np.minimum(evidence.words_a, evidence.words_b))
    facts_differ = np.where(pairs < 0.2, np.maximum(0, plain - anchors - 0.2), 0)
    score = (
        BASE
        + 2.037 * runs
        + 2.265 * np.sqrt(runs)
        + 2.544 * copied
        + 5.5 * said
        + 0.8 * weighted
        - 2.486 * facts_differ
        - 0.543 * length
        - 2.688 * np.maximum(0, 5 - length)
    )
    return np.asarray(1 / (1 + np.exp(-score)))


def _is_rewritten(evidence: Evidence) -> Flags:
    """Tell which pairs have the same names and numbers in the same order, and other words."""
    size = np.log1p(np.maximum(evidence.words_a, evidence.words_b)) - np.log1p(
        np.minimum(evidence.words_a, evidence.words_b)
    )
    longer = np.where(evidence.words_a <= evidence.words_b, evidence.said_b, evidence.said_a)
    return np.asarray(
        (np.minimum(evidence.pairs_a, evidence.pairs_b) >= 0.55)
        & (np.minimum(evidence.anchors_a, evidence.anchors_b) >= 0.6)
        & (evidence.shorter("copied") >= 0.25)
        & (size <= 0.3)
        & (longer >= 0.4)
    )


def _is_moulded(evidence: Evidence) -> Flags:
    """Tell which pairs share a mould and not the facts, or furniture and not the story."""
    plain, anchors = evidence.shorter("plain"), evidence.shorter("anchors")
    pairs = evidence.shorter("pairs")
    other_facts = ((plain - anchors >= 0.35) & (pairs < 0.12)) | (
        (plain - anchors >= 0.25) & (pairs < 0.1)
    )
    # One stretch is shared, and what stands around it has nothing in common.
    furniture = (
        (evidence.shorter("left") < 0.12)
        & (evidence.shorter("covered") < 0.62)
        & (np.minimum(evidence.words_a, evidence.words_b) < 220)
        & (evidence.shorter("copied") > 0.3)
    )
    return np.asarray(other_facts | furniture)

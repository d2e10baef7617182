"""Measures of extraction as sums over pages, and intervals of their differences.

Every measure here is a function of sums over pages, the evaluation script's odd ones too: shingle
F1 comes from two means, segment F1 from pooled counts. So a resample of sites is one matrix
product. Pages of one site are alike and succeed or fail together: whole sites are drawn, with
replacement (cluster bootstrap), the same ones for both tools of a pair. Intervals that draw single
pages would be too narrow.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Row = dict[str, Any]
"""What the evaluation script says of one page."""
Values = NDArray[np.float64]
RESAMPLES = 5000
LOW = 0.8
"""Word F1 under which the body of a page counts as missed."""


@dataclass(frozen=True, slots=True)
class Measure:
    """A number for a set of pages.

    Attributes:
        name: What the tables call it.
        parts: The summands of one page.
        value: The number, from sums of the parts along the last axis.
        key: Its name in the evaluation script's summary, where it has one.
        less_is_better: Whether a smaller number is the better one.
        needs: Key that a page's row must have to count.
    """

    name: str
    parts: Callable[[Row], tuple[float, ...]]
    value: Callable[[Values], Values]
    key: str = ""
    less_is_better: bool = False
    needs: str = "word"


@dataclass(frozen=True, slots=True)
class Difference:
    """One tool's number minus another's on the same pages, with its 95 % interval.

    Attributes:
        ours: The number of the one.
        theirs: The number of the other.
        low: Lower end of the interval of ``ours - theirs``.
        high: Upper end.
        pages: Pages that count.
        sites: Sites they come from.
    """

    ours: float
    theirs: float
    low: float
    high: float
    pages: int
    sites: int

    @property
    def is_sure(self) -> bool:
        """Whether the interval leaves zero out."""
        return self.low > 0 or self.high < 0


def _mean(sums: Values) -> Values:
    return sums[..., 0] / np.maximum(sums[..., 1], 1)


def _shingle_parts(row: Row) -> tuple[float, ...]:
    tp, fp, fn, _ = row["sh"]
    p, r = (tp / (tp + wrong) if tp + wrong else 0.0 for wrong in (fp, fn))
    return p, float(tp + fp > 0), r, float(tp + fn > 0)


def _shingle_f1(sums: Values) -> Values:
    p, r = (sums[..., i] / np.maximum(sums[..., i + 1], 1) for i in (0, 2))
    return 2 * p * r / np.maximum(p + r, 1e-12)


def _segment_f1(sums: Values) -> Values:
    tp, fp, fn = (sums[..., i] for i in range(3))
    return 2 * tp / np.maximum(2 * tp + fp + fn, 1e-12)


SHINGLES = Measure("shingle F1", _shingle_parts, _shingle_f1, "shF1", needs="sh")
WORDS = Measure("word F1", lambda r: (r["word"][2], 1.0), _mean, "wF1")
CJK = Measure("CJK word F1", lambda r: (r["cjk"][2], 1.0), _mean, "cjkF1", needs="cjk")
PARAGRAPHS = Measure("paragraph F1", lambda r: (r["para"][2], 1.0), _mean, "para", needs="para")
SEGMENTS = Measure(
    "segment F1", lambda r: tuple(map(float, r["seg"][:3])), _segment_f1, "segF1", needs="seg"
)
EXACT = Measure("exact", lambda r: (r["sh"][3], 1.0), _mean, "exact", needs="sh")
MISSED = Measure(
    f"word F1 < {LOW}", lambda r: (float(r["word"][2] < LOW), 1.0), _mean, less_is_better=True
)
EMPTY = Measure(
    "empty", lambda r: (float(r["story"]), 1.0), _mean, less_is_better=True, needs="story"
)


def parts_of(measure: Measure, rows: Sequence[Row]) -> Values:
    """Return the summands of the pages, (pages, parts)."""
    return np.array([measure.parts(row) for row in rows], dtype=np.float64)


def number(measure: Measure, rows: Sequence[Row]) -> float | None:
    """Return the measure of these pages; None where none of them has what it takes."""
    counted = [row for row in rows if measure.needs in row]
    return float(measure.value(parts_of(measure, counted).sum(axis=0))) if counted else None


def difference(
    measure: Measure, ours: Sequence[Row], theirs: Sequence[Row], sites: Sequence[str]
) -> Difference | None:
    """Return the paired difference of two tools with its 95 % interval over sites.

    Args:
        measure: What is measured.
        ours: The one tool's rows.
        theirs: The other's, of the same pages in the same order.
        sites: The site of each page.

    Returns:
        The difference; the same at every call. None where no page has what the measure needs.
    """
    counted = [i for i, row in enumerate(ours) if measure.needs in row]
    if not counted:
        return None
    names = sorted({sites[i] for i in counted})
    place = {name: i for i, name in enumerate(names)}
    where = np.array([place[sites[i]] for i in counted])
    sums = []
    for rows in (ours, theirs):
        parts = parts_of(measure, [rows[i] for i in counted])
        per_site = np.zeros((len(names), parts.shape[1]))
        np.add.at(per_site, where, parts)
        sums.append(per_site)
    draws = np.random.default_rng(1).multinomial(
        len(names), np.full(len(names), 1 / len(names)), size=RESAMPLES
    )
    one, other = (measure.value(draws @ per_site) for per_site in sums)
    low, high = np.percentile(one - other, (2.5, 97.5))
    a, b = (float(measure.value(per_site.sum(axis=0))) for per_site in sums)
    return Difference(a, b, float(low), float(high), len(counted), len(names))


def ratio_interval(ours: Sequence[float], theirs: Sequence[float]) -> tuple[float, float]:
    """Return the 95 % interval of ``sum(theirs) / sum(ours)`` when pages are drawn anew."""
    pages = len(ours)
    draws = np.random.default_rng(1).multinomial(pages, np.full(pages, 1 / pages), size=RESAMPLES)
    low, high = np.percentile(draws @ np.array(theirs) / (draws @ np.array(ours)), (2.5, 97.5))
    return float(low), float(high)

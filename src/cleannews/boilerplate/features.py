"""Features of lines for the learned scorer: how a line looks, and where on the page it stands.

No word list, no stop words, no language: what the rules found enters as categories.

Source:
    Shape and neighbour features after Kohlschütter et al., "Boilerplate Detection using Shallow
    Text Features" (2010); the place relative to the main run of prose and to the rules' findings
    is ours.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from cleannews.boilerplate.units import Unit
from cleannews.document import Finding
from cleannews.reading.memo import Memo

Floats = NDArray[np.float64]

_WORD = re.compile(r"[^\W\d_]+")
_SENTENCE = re.compile(r"[^.…\s][.!?。！？।؟۔][\"'”’»)\]]{0,2}(?=\s|$|[\u3040-\u9fff])")
_LINK = re.compile(r"\]\(|https?://|www\.")
_DIGIT = re.compile(r"\d")
_SEPARATOR = re.compile(r"[|»›/·•]")
_BULLETS = "-*•·–—>|#+▪●■◦‣"
_ENDS = ".!?。！？।؟۔"
_UNSPACED = "\u2e80"
_UNSPACED_CHARACTER = re.compile("[\u2e80-\U0010ffff]")

GROUPS = (
    "placeholder", "advertisement", "source_credit", "share", "newsletter", "related", "comments",
    "author_box", "cookie", "paywall", "copyright", "policy", "navigation", "tags", "photo_credit",
    "caption", "byline", "date", "headline", "agency",
)  # fmt: skip
"""Categories that the scorer tells apart; all others are one."""
_GROUP = {name: i for i, name in enumerate(GROUPS)}
_CUES = {
    "related": ("related",),
    "comments": ("comments",),
    "footer": ("copyright", "policy", "cookie"),
    "share": ("share", "newsletter"),
    "meta": ("byline", "date"),
}
FAR = 60
"""Distances in lines are cut off here."""


_shapes: Memo[tuple[float, ...]] = Memo()
SHAPE = (
    "letters_per_word", "ends_sentence", "ends_colon", "ends_ellipsis", "starts_lower",
    "starts_bullet", "capitals", "upper_case", "digits", "separators", "sentences", "commas",
    "has_link", "short_words", "brackets", "unspaced",
)  # fmt: skip


def _shape(text: str, words: int) -> tuple[float, ...]:
    if (known := _shapes.get(text)) is not None:
        return known
    size, tokens = len(text), _WORD.findall(text)
    count = len(tokens) or 1
    lengths = list(map(len, tokens))
    tail = text[-3:].rstrip("\"'”’»)]* ")
    single = sum(map(str.isupper, [t for t in tokens if len(t) == 1]))
    shape = (
        sum(lengths) / count,
        float(tail[-1:] in _ENDS) if tail else 0.0,
        float(text[-1] in ":："),
        float(text.endswith(("...", "…"))),
        float(text[0].islower()),
        float(text[0] in _BULLETS),
        sum(map(str.isupper, [t[0] for t in tokens])) / count,
        (sum(map(str.isupper, tokens)) - single) / count,
        len(_DIGIT.findall(text)) / size,
        len(_SEPARATOR.findall(text)) / (words + 1),
        float(len(_SENTENCE.findall(text))),
        text.count(",") / (words + 1),
        len(_LINK.findall(text)) / (words + 1),
        (lengths.count(1) + lengths.count(2) + lengths.count(3)) / count,
        text.count("(") / (words + 1),
        0.0 if text.isascii() else len(_UNSPACED_CHARACTER.findall(text)) / size,
    )
    return _shapes.put(text, shape)


_stems: Memo[frozenset[str]] = Memo()


def _stems_of(text: str) -> frozenset[str]:
    """The text's longer words, cut to six letters: what it is about, in any inflection."""
    if (known := _stems.get(text)) is not None:
        return known
    words = _WORD.findall(text.casefold())
    return _stems.put(text, frozenset([w[:6] for w in words if len(w) >= 4 or w[0] >= _UNSPACED]))


def features_of(units: Sequence[Unit], claims: Mapping[int, Finding]) -> Floats:
    """Return one row of features for each unit, columns as in `FEATURES`.

    Args:
        units: The page's units, at least one.
        claims: Block index to what the rules found there.
    """
    table = _Table(units, claims)
    return table.rows()


class _Table:
    """The columns of one page, worked out from what all of them need."""

    def __init__(self, units: Sequence[Unit], claims: Mapping[int, Finding]) -> None:
        self.units = units
        size = self.size = len(units)
        self.index = np.arange(size)
        self.words = np.array([u.words for u in units], dtype=np.float64)
        self.prose = np.array([u.is_prose for u in units], dtype=np.float64)
        self.category, self.confidence = self._claims(claims)
        self.claimed = (self.confidence > 0).astype(np.float64)
        self.good = self.prose * (1 - self.claimed) * self.words
        self.sums = {
            name: np.concatenate([[0.0], np.cumsum(values)])
            for name, values in (
                ("one", np.ones(size)),
                ("words", self.words),
                ("good", self.good),
                ("claimed", self.claimed),
            )
        }
        self.total = max(1.0, float(self.sums["good"][-1]))
        self.columns: dict[str, Floats] = {}

    def _claims(self, claims: Mapping[int, Finding]) -> tuple[Floats, Floats]:
        """Category and confidence of what the rules say of each whole unit."""
        category, confidence = np.full(self.size, -1.0), np.zeros(self.size)
        if claims:
            for i, unit in enumerate(self.units):
                found = claims.get(unit.first)
                if found is None:
                    continue
                if unit.last > unit.first:
                    rest = [claims.get(j) for j in range(unit.first, unit.last + 1)]
                    if None in rest:
                        continue
                category[i] = _GROUP.get(found.category, len(GROUPS))
                confidence[i] = found.confidence if found.safety == "safe" else -0.5
        return category, confidence

    def rows(self) -> Floats:
        """Return the table."""
        self._own()
        self._place()
        self._prose_places()
        self._neighbours()
        main = self._main_run()
        self._topic(main)
        self._cues()
        self._short_runs()
        return np.stack([self.columns[name] for name in FEATURES], axis=1)

    def _put(self, name: str, values: Floats | float) -> None:
        self.columns[name] = (
            np.full(self.size, values) if isinstance(values, (int, float)) else values
        )

    def _window(self, name: str, low: int, high: int) -> Floats:
        """Sum over the units from `low` to `high` places away."""
        sums: Floats = self.sums[name]
        start = np.clip(self.index + low, 0, self.size)
        stop = np.clip(self.index + high + 1, 0, self.size)
        window: Floats = sums[stop] - sums[start]
        return window

    def _own(self) -> None:
        shapes = np.array([_shape(u.text, u.words) for u in self.units])
        for i, name in enumerate(SHAPE):
            self._put(name, shapes[:, i])
        self._put("sentences", np.log1p(self.columns["sentences"]))
        self._put("words", np.log1p(self.words))
        self._put("characters", np.log1p([float(len(u.text)) for u in self.units]))
        self._put("prose", self.prose)
        self._put("claim_category", self.category)
        self._put("claim_confidence", self.confidence)
        breaks = np.minimum([float(u.breaks) for u in self.units], 4.0)
        self._put("mean_breaks", float(breaks[1:].mean()) if self.size > 1 else 0.0)
        copies = Counter(u.key for u in self.units)
        self._put("copies", np.array([min(3.0, copies[u.key] - 1.0) for u in self.units]))

    def _place(self) -> None:
        words, good = self.sums["words"], self.sums["good"]
        self._put("units", float(np.log1p(self.size)))
        self._put("total_words", float(np.log1p(words[-1])))
        self._put("prose_share", float(good[-1] / max(1.0, words[-1])))
        self._put("place", self.index / max(1, self.size - 1))
        self._put("words_before", np.log1p(words[:-1]))
        self._put("words_after", np.log1p(words[-1] - words[1:]))
        self._put("prose_share_before", good[:-1] / self.total)
        self._put("prose_share_after", 1 - good[1:] / self.total)
        self._put("prose_before", np.log1p(good[:-1]))
        self._put("prose_after", np.log1p(np.maximum(0.0, good[-1] - good[1:])))

    def _prose_places(self) -> None:
        """Distances, in units, to prose and to long prose."""
        long = (self.words >= 18) & (self.good > 0)
        for name, mask in (("prose", self.good > 0), ("long", long)):
            where = np.flatnonzero(mask)
            if len(where):
                self._put(f"{name}_first", np.clip(self.index - where[0], -FAR, FAR) * 1.0)
                self._put(f"{name}_last", np.clip(self.index - where[-1], -FAR, FAR) * 1.0)
            else:
                self._put(f"{name}_first", -99.0)
                self._put(f"{name}_last", 99.0)
            self._put(f"{name}_above", self._since(where))
            self._put(f"{name}_below", self._until(where))

    def _since(self, where: NDArray[np.intp]) -> Floats:
        """Distance to the nearest of `where` above, `FAR` if there is none."""
        if not len(where):
            return np.full(self.size, float(FAR))
        at = np.searchsorted(where, self.index, side="left")
        found = self.index - where[np.maximum(at - 1, 0)]
        return np.where(at > 0, np.minimum(found, FAR), FAR) * 1.0

    def _until(self, where: NDArray[np.intp]) -> Floats:
        """Distance to the nearest of `where` below, `FAR` if there is none."""
        if not len(where):
            return np.full(self.size, float(FAR))
        at = np.searchsorted(where, self.index, side="right")
        found = where[np.minimum(at, len(where) - 1)] - self.index
        return np.where(at < len(where), np.minimum(found, FAR), FAR) * 1.0

    def _neighbours(self) -> None:
        words, capitals = self.columns["words"], self.columns["capitals"]
        for step, side in ((1, "above"), (-1, "below")):
            self._put(f"words_{side}", _shift(words, step, -1.0))
            self._put(f"words_{side}_2", _shift(words, 2 * step, -1.0))
            self._put(f"confidence_{side}", _shift(self.confidence, step, -1.0))
            self._put(f"capitals_{side}", _shift(capitals, step, -1.0))
            self._put(f"length_step_{side}", np.abs(words - _shift(words, step, 9.0)))
        for size in (3, 10, 30):
            for side, low, high in (("above", -size, -1), ("below", 1, size)):
                near = self._window("words", low, high)
                share = self._window("good", low, high) / np.maximum(1, near)
                self._put(f"prose_share_{side}_{size}", share)
                self._put(f"words_{side}_{size}", np.log1p(near))
                self._put(f"claims_{side}_{size}", self._window("claimed", low, high))
        count = self._window("one", -4, 4)
        for name, values in (("length", words), ("square", words**2), ("capital", capitals)):
            self.sums[name] = np.concatenate([[0.0], np.cumsum(values)])
        mean = self._window("length", -4, 4) / count
        self._put("length_mean", mean)
        self._put("length_variance", np.maximum(0, self._window("square", -4, 4) / count - mean**2))
        self._put("capitals_mean", self._window("capital", -4, 4) / count)

    def _main_run(self) -> list[int]:
        """Features of the heaviest run of prose with little between; returns its units."""
        where = np.flatnonzero(self.good > 0)
        inside: Floats = np.zeros(self.size)
        mass: Floats = np.zeros(self.size)
        start: Floats = np.zeros(self.size)
        stop: Floats = np.zeros(self.size)
        claims_after: Floats = np.zeros(self.size)
        claims_before: Floats = np.zeros(self.size)
        words_after: Floats = np.zeros(self.size)
        share, runs = 0.0, 0
        main: list[int] = []
        if len(where):
            groups = self._runs_of_prose(where)
            weights = [float(self.good[g].sum()) for g in groups]
            heaviest = int(np.argmax(weights))
            main, runs = groups[heaviest], len(groups)
            low, high = main[0], main[-1]
            share = weights[heaviest] / self.total
            for group, weight in zip(groups, weights, strict=True):
                mass[group[0] : group[-1] + 1] = weight / max(1.0, weights[heaviest])
            inside = ((self.index >= low) & (self.index <= high)).astype(np.float64)
            start = np.clip(low - self.index, -30, FAR).astype(np.float64)
            stop = np.clip(self.index - high, -30, FAR).astype(np.float64)
            claimed, words = self.sums["claimed"], self.sums["words"]
            below, above = self.index > high, self.index < low
            claims_after = np.where(below, claimed[:-1] - claimed[high + 1], 0.0)
            claims_before = np.where(above, claimed[low] - claimed[1:], 0.0)
            gone = np.maximum(0.0, words[:-1] - words[high + 1])
            words_after = np.where(below, np.log1p(gone), 0.0)
        self._put("run_mass", mass)
        self._put("in_main", inside)
        self._put("to_main_start", start)
        self._put("to_main_end", stop)
        self._put("claims_after_main", claims_after)
        self._put("claims_before_main", claims_before)
        self._put("words_after_main", words_after)
        self._put("main_share", share)
        self._put("prose_runs", float(runs))
        return main

    def _runs_of_prose(self, where: NDArray[np.intp]) -> list[list[int]]:
        words, claimed = self.sums["words"], self.sums["claimed"]
        groups = [[int(where[0])]]
        for a, b in zip(where[:-1].tolist(), where[1:].tolist(), strict=True):
            is_far = b - a > 7 or words[b] - words[a + 1] > 60 or claimed[b] - claimed[a + 1] >= 4
            if is_far:
                groups.append([b])
            else:
                groups[-1].append(b)
        return groups

    def _topic(self, main: list[int]) -> None:
        """How much of a unit's vocabulary the main run shares."""
        stems = [_stems_of(u.text) for u in self.units]
        counts: Counter[str] = Counter()
        for i in main:
            counts.update(stems[i])
        members = set(main)
        shared = np.zeros(self.size)
        known, repeated = set(counts), {s for s, count in counts.items() if count > 1}
        for i, own in enumerate(stems):
            if own:
                shared[i] = len(own & (repeated if i in members else known)) / len(own)
        has_any = np.array([float(bool(s)) for s in stems])
        self.sums["shared"] = np.concatenate([[0.0], np.cumsum(shared * has_any)])
        self.sums["stems"] = np.concatenate([[0.0], np.cumsum(has_any)])
        self._put("topic", shared)
        self._put("stems", np.log1p([float(len(s)) for s in stems]))
        for side, low, high in (("above", -5, -1), ("below", 1, 5)):
            count = np.maximum(1.0, self._window("stems", low, high))
            self._put(f"topic_{side}", self._window("shared", low, high) / count)

    def _cues(self) -> None:
        """Distance, in units and in words of prose, from what the rules found above."""
        good = self.sums["good"]
        for name, categories in _CUES.items():
            codes = [_GROUP[c] for c in categories]
            where = np.flatnonzero(np.isin(self.category, codes) & (self.confidence > 0))
            self._put(f"since_{name}", self._since(where))
            self._put(f"until_{name}", self._until(where))
            if len(where):
                at = np.searchsorted(where, self.index, side="left")
                cue = where[np.maximum(at - 1, 0)]
                prose = np.log1p(np.maximum(0.0, good[self.index] - good[cue]))
                self._put(f"prose_since_{name}", np.where(at > 0, prose, 9.0))
            else:
                self._put(f"prose_since_{name}", 9.0)

    def _short_runs(self) -> None:
        """Length of the run of units without prose that a unit stands in, and its place there."""
        run, place, words = np.zeros(self.size), np.zeros(self.size), np.zeros(self.size)
        edges = np.flatnonzero(np.diff(np.concatenate([[1.0], self.prose, [1.0]])))
        for low, high in zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True):
            run[low:high] = high - low
            place[low:high] = np.arange(high - low)
            words[low:high] = (self.sums["words"][high] - self.sums["words"][low]) / (high - low)
        self._put("short_run", np.minimum(run, FAR))
        self._put("short_run_place", np.minimum(place, FAR))
        self._put("short_run_left", np.minimum(run - place, FAR))
        self._put("short_run_words", np.log1p(words))


def _shift(values: Floats, by: int, fill: float) -> Floats:
    """Values of the unit `by` places above (below when negative)."""
    shifted = np.full_like(values, fill)
    if 0 < by < len(values):
        shifted[by:] = values[:-by]
    elif 0 < -by < len(values):
        shifted[:by] = values[-by:]
    return shifted


FEATURES: tuple[str, ...] = (
    *SHAPE,
    "words", "characters", "prose", "claim_category", "claim_confidence", "mean_breaks", "copies",
    "units", "total_words", "prose_share", "place", "words_before", "words_after",
    "prose_share_before", "prose_share_after", "prose_before", "prose_after",
    "prose_first", "prose_last", "prose_above", "prose_below",
    "long_first", "long_last", "long_above", "long_below",
    *(f"{name}_{side}" for side in ("above", "below")
      for name in ("words", "confidence", "capitals", "length_step")),
    "words_above_2", "words_below_2",
    *(f"{name}_{side}_{size}" for size in (3, 10, 30) for side in ("above", "below")
      for name in ("prose_share", "words", "claims")),
    "length_mean", "length_variance", "capitals_mean",
    "run_mass", "in_main", "to_main_start", "to_main_end", "claims_after_main",
    "claims_before_main", "words_after_main", "main_share", "prose_runs",
    "topic", "stems", "topic_above", "topic_below",
    *(f"{name}_{cue}" for cue in _CUES for name in ("since", "until", "prose_since")),
    "short_run", "short_run_place", "short_run_left", "short_run_words",
)  # fmt: skip
"""Names of the columns, in order."""

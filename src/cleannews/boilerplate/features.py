"""Features of lines for the learned scorer: how a line looks, and where on the page it stands.

No stop words and no language: what the rules found enters as categories, and words count only by
the lexicon that came out of training, where it knows them.

Source:
    Shape and neighbour features after Kohlschütter et al., "Boilerplate Detection using Shallow
    Text Features" (2010); the runs of prose, the place relative to them and to the rules' findings
    are ours. The heaviest run is found by Kadane's algorithm.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cleannews.boilerplate.characters import SHAPE, STEMS, Floats, Integers
from cleannews.boilerplate.lexicon import WORDING, Lines
from cleannews.boilerplate.units import Unit
from cleannews.document import Finding

GROUPS = (
    "placeholder", "advertisement", "source_credit", "share", "newsletter", "related", "comments",
    "author_box", "cookie", "paywall", "copyright", "policy", "navigation", "tags", "photo_credit",
    "caption", "byline", "date", "headline", "agency",
)  # fmt: skip
"""Categories that the scorer tells apart; all others are one."""
_GROUP = {name: i for i, name in enumerate(GROUPS)}
CUES = {
    "related": ("related", "tags"),
    "comments": ("comments",),
    "furniture": ("copyright", "policy", "cookie", "navigation", "advertisement"),
    "share": ("share", "newsletter", "paywall"),
    "people": ("byline", "date", "author_box", "agency"),
    "picture": ("photo_credit", "caption"),
}
"""What a finding of the rules says about the lines around it, by category."""
_CUE_OF = np.zeros((len(CUES), len(GROUPS) + 2), dtype=np.float32)
for _i, _names in enumerate(CUES.values()):
    _CUE_OF[_i, [_GROUP[name] for name in _names]] = 1
_NO_CLAIM = len(GROUPS) + 1

FAR = 60
"""Distances in lines are cut off here."""
_NEVER = 1 << 20
_NO_PROSE = 8000.0
"""Words of prose that count as between a line and a finding that is not there."""
_PENALTIES = ((3.0, 10.0), (10.0, 40.0))
"""What a line without prose, and one that a rule claims, take from a run of prose, in words."""
_MOST_PROSE = 120.0
"""Words that one paragraph counts at most in a run."""
_LONG, _LONGER = 18, 40
_WINDOWS = (4, 12, 40)
_SHORTEST_HEADLINE, _LONGEST_HEADLINE = 2, 40
_LEAST_HEADLINE = 0.3
"""Least product of the shares of words that a headline and the page's first line have in common."""
_MARKS = {"": 0, "*": 1, "-": 1, "+": 1, "#": 2, "##": 3, ">": 5, "|": 6, "!": 7}
_OTHER_MARK = 4


def features_of(units: Sequence[Unit], claims: Mapping[int, Finding], lines: Lines) -> Floats:
    """Return one row of features for each unit, columns as in `FEATURES`.

    Args:
        units: The page's units, at least one.
        claims: Block index to what the rules found there.
        lines: What is known of single lines.
    """
    return _Table(units, claims, lines).rows()


class _Table:
    """The columns of one page, worked out from what all of them need."""

    def __init__(self, units: Sequence[Unit], claims: Mapping[int, Finding], lines: Lines) -> None:
        size = self.size = len(units)
        self.index = np.arange(size)
        self.names: list[str] = []
        self.blocks: list[Floats] = []
        _, _, texts, words, is_prose, self.keys, breaks, self.links, self.marks = zip(
            *units, strict=True
        )
        looks, self.stems, self.stem_unit = lines.of(texts)
        self.looks = looks.T
        for name, column in zip((*SHAPE, *WORDING), self.looks, strict=True):
            setattr(self, name, column)
        self.words = np.array(words, dtype=np.float32)
        self.log_words = np.log1p(self.words)
        self.prose = np.array(is_prose, dtype=np.float32)
        self.breaks = np.minimum(np.array(breaks, dtype=np.float32), 4)
        self.category, self.confidence = self._claims(units, claims)
        self.claimed = (self.confidence > 0).astype(np.float32)
        self.cues = _CUE_OF[:, self.category] * self.claimed
        self.good = self.prose * (1 - self.claimed) * self.words

    capitals: Floats
    digits: Floats
    ends_sentence: Floats
    first_character: Floats
    last_character: Floats
    lexical: Floats
    known: Floats

    def _claims(
        self, units: Sequence[Unit], claims: Mapping[int, Finding]
    ) -> tuple[Integers, Floats]:
        """Category and confidence of what the rules say of each whole unit."""
        category = np.full(self.size, _NO_CLAIM)
        confidence = np.zeros(self.size, dtype=np.float32)
        for i, unit in enumerate(units) if claims else ():
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

    def _put(self, names: Sequence[str], rows: Iterable[Any]) -> None:
        """Add columns."""
        block = np.empty((len(names), self.size), dtype=np.float32)
        for i, values in enumerate(rows):
            block[i] = values
        self._put_all(names, block)

    def _put_all(self, names: Sequence[str], block: Floats) -> None:
        self.names += names
        self.blocks.append(block)

    def rows(self) -> Floats:
        """Return the table."""
        self._put_all((*SHAPE, *WORDING), self.looks)
        inside, end = self._runs()
        self._topic(inside, end)
        self._own(inside)
        sums = self._sums()
        self._place(sums)
        self._windows(sums)
        self._neighbours()
        self._distances(sums)
        if tuple(self.names) != FEATURES:
            raise AssertionError("the columns are not those of FEATURES")
        table: Floats = np.concatenate(self.blocks).T
        return table

    def _runs(self) -> tuple[NDArray[np.bool_], int]:
        """Place relative to the heaviest runs of prose; returns the first one's units and end."""
        index, good = self.index, self.good
        hard, bare = np.minimum(good, _MOST_PROSE), (good == 0).astype(np.float32)
        weight = np.minimum(np.maximum(self.lexical, -3), 3) * np.sqrt(self.words + 0.5) * 2
        gains = [
            *(hard - short * bare - claim * self.claimed for short, claim in _PENALTIES),
            weight + hard * 0.3 - self.claimed * 10 - 1,
        ]
        sums = np.zeros((len(gains), self.size + 1), dtype=np.float32)
        np.cumsum(np.stack(gains), axis=1, out=sums[:, 1:])
        rise = sums - np.minimum.accumulate(sums, axis=1)
        stops = np.argmax(rise, axis=1)
        main, end = np.zeros(self.size, dtype=bool), 0
        for number, (total, stop) in enumerate(zip(sums, stops.tolist(), strict=True)):
            start = int(np.argmin(total[: stop + 1]))
            last = max(start, stop - 1)
            mass = max(0.0, float(total[stop] - total[start]))
            is_in = (index >= start) & (index <= last)
            scale = max(mass, 20.0)
            self._put(
                [f"{n}_{number}" for n in _RUN],
                [
                    is_in,
                    _near(index - start),
                    _near(index - last),
                    float(np.log1p(mass)),
                    np.where(index > last, (total[last + 1] - total[1:]) / scale, 0),
                    np.where(index < start, (total[start] - total[:-1]) / scale, 0),
                ],
            )
            if number == 0:
                main, end = is_in & (good > 0), last
            elif number == 1:
                self.in_tight = is_in.astype(np.float32)
        return main, end

    def _topic(self, main: NDArray[np.bool_], end: int) -> None:
        """How much of a unit's vocabulary the main run shares, and the page's first line."""
        stems, unit = self.stems, self.stem_unit
        count = np.bincount(unit, minlength=self.size).astype(np.float32)
        least = np.maximum(count, 1)
        is_main = main[unit]
        times = np.bincount(stems[is_main], minlength=STEMS)
        is_shared = times[stems] > is_main  # a member's own word must come back
        shared = np.bincount(unit, weights=is_shared, minlength=self.size) / least
        opening = stems[unit == 0]
        is_title = np.zeros(STEMS, dtype=bool)
        is_title[opening] = True
        hits = np.bincount(unit, weights=is_title[stems], minlength=self.size)
        share = hits / least
        cover = np.minimum(hits / max(1, len(set(opening.tolist()))), 1)
        is_line = (count >= _SHORTEST_HEADLINE) & (self.words < _LONGEST_HEADLINE)
        likeness = np.where(is_line & (self.index > 0) & (self.index <= end + 1), share * cover, 0)
        best = int(np.argmax(likeness))
        is_there = likeness[best] > _LEAST_HEADLINE
        headline = _near(self.index - best) if is_there else -99.0
        self.topic, self.title = shared.astype(np.float32), share.astype(np.float32)
        self.has_stems = (count > 0).astype(np.float32)
        self._put(_TOPIC, [shared, np.log1p(count), share, cover, headline])

    def _own(self, main: NDArray[np.bool_]) -> None:
        """What a unit is by itself, and how those that look like it fare."""
        copies = Counter(self.keys)
        length = np.minimum(np.round(self.log_words * 1.5), 7).astype(np.int64)
        look = (length * 16 + self.first_character.astype(np.int64)) * 16
        look = (look + self.last_character.astype(np.int64)) * 4
        look += np.minimum(self.capitals * 3.99, 3).astype(np.int64)
        _, kind, alike = np.unique(look, return_inverse=True, return_counts=True)
        number = alike[kind]
        self._put(
            _OWN,
            [
                self.log_words,
                self.prose,
                np.where(self.category == _NO_CLAIM, -1, self.category),
                self.confidence,
                self.links,
                [_MARKS.get(mark, _OTHER_MARK) for mark in self.marks],
                self.breaks,
                float(self.breaks[1:].mean()) if self.size > 1 else 0.0,
                [min(3, copies[key] - 1) for key in self.keys],
                np.log1p(number),
                np.bincount(kind, weights=self.lexical)[kind] / number,
                np.bincount(kind, weights=self.in_tight)[kind] / number,
            ],
        )

    def _sums(self) -> Floats:
        """Running totals of what windows are made of, one row for each of `_TOTALS`."""
        root = np.sqrt(self.words + 0.5)
        rows = np.empty((len(_TOTALS) + len(CUES), self.size), dtype=np.float32)
        for i, values in enumerate(
            (
                1.0, self.words, self.good, self.claimed, self.lexical * root, root,
                self.known * root, self.capitals, self.log_words, self.topic * self.has_stems,
                self.has_stems, self.ends_sentence, self.digits,
            )
        ):  # fmt: skip
            rows[i] = values
        rows[len(_TOTALS) :] = self.cues
        sums = np.zeros((len(rows), self.size + 1), dtype=np.float32)
        np.cumsum(rows, axis=1, dtype=np.float64, out=sums[:, 1:])
        return sums

    def _place(self, sums: Floats) -> None:
        words, good, claimed = sums[1], sums[2], sums[3]
        total, prose = sums[:, -1], max(1.0, float(sums[2, -1]))
        weight = max(float(total[5]), 0.5)
        self._put(
            _PLACE,
            [
                float(np.log1p(self.size)),
                float(np.log1p(total[1])),
                float(total[2] / max(1.0, total[1])),
                float(total[4] / weight),
                float(total[6] / weight),
                self.index / max(1, self.size - 1),
                np.log1p(words[:-1]),
                np.log1p(np.maximum(0, words[-1] - words[1:])),
                good[:-1] / prose,
                1 - good[1:] / prose,
                np.log1p(good[:-1]),
                np.log1p(np.maximum(0, good[-1] - good[1:])),
                claimed[:-1],
                claimed[-1] - claimed[1:],
            ],
        )
        cues = sums[len(_TOTALS) :]
        self._put_all([f"cue_before_{c}" for c in CUES], cues[:, :-1])
        self._put_all([f"cue_after_{c}" for c in CUES], cues[:, -1:] - cues[:, 1:])

    def _windows(self, sums: Floats) -> None:
        """Averages and counts over the units above, below and around."""
        start = np.minimum(np.maximum(self.index + _LOW, 0), self.size)
        stop = np.minimum(np.maximum(self.index + _HIGH, 0), self.size)
        # All windows at once: (totals, windows, units).
        near = sums[: len(_TOTALS), stop] - sums[: len(_TOTALS), start]
        one, root = np.maximum(near[0], 1), np.maximum(near[5], 0.5)
        block = np.empty((len(_SPANS), len(_WINDOW), self.size), dtype=np.float32)
        for i, values in enumerate(
            (
                near[2] / np.maximum(near[1], 1), np.log1p(near[1]), near[3], near[4] / root,
                near[6] / root, near[7] / one, near[8] / one, near[9] / np.maximum(near[10], 1),
                near[11] / one, near[12] / one,
            )
        ):  # fmt: skip
            block[:, i] = values
        names = [f"{n}_{name}" for name, _, _ in _SPANS for n in _WINDOW]
        self._put_all(names, block.reshape(-1, self.size))

    def _neighbours(self) -> None:
        rows = []
        for step in _STEPS.values():
            near = np.full(self.size, -1, dtype=np.float32)
            if 0 < step < self.size:
                near[step:] = self.lexical[:-step]
            elif 0 < -step < self.size:
                near[:step] = self.lexical[-step:]
            rows.append(near)
        self._put([f"lexical_{name}" for name in _STEPS], rows)

    def _distances(self, sums: Floats) -> None:
        """Distances, in units and in words of prose, from prose and from what the rules found."""
        index, size, good = self.index, self.size, sums[2]
        is_good = self.good > 0
        where = np.concatenate(
            [
                np.stack([is_good & (self.words >= least) for least in (0, _LONG, _LONGER)]),
                self.claimed[None] > 0,
                self.cues > 0,
            ]
        )
        last = np.full((len(where), size + 1), -_NEVER)
        np.maximum.accumulate(np.where(where, index, -_NEVER), axis=1, out=last[:, 1:])
        first = np.full((len(where), size + 1), _NEVER)
        backwards = np.where(where, index, _NEVER)[:, ::-1]
        first[:, :-1] = np.minimum.accumulate(backwards, axis=1)[:, ::-1]
        since, until = index - last[:, :-1], first[:, 1:] - index
        near = slice(len(_NEAR))
        self._put([f"since_{n}" for n in _NEAR], np.minimum(since[near], FAR))
        self._put([f"until_{n}" for n in _NEAR], np.minimum(until[near], FAR))
        back, ahead = since[len(_NEAR) - 1 :], until[len(_NEAR) - 1 :]
        above = np.maximum(0, good[index] - good[np.maximum(index - back, 0)])
        below = np.maximum(0, good[np.minimum(index + ahead, size)] - good[index + 1])
        nothing = np.log1p(_NO_PROSE)
        self._put(
            [f"prose_since_{n}" for n in _FOUND], np.where(back > size, nothing, np.log1p(above))
        )
        self._put(
            [f"prose_until_{n}" for n in _FOUND], np.where(ahead > size, nothing, np.log1p(below))
        )
        up, down = np.minimum(since[0], index + 1), np.minimum(until[0], size - index)
        run = np.maximum(up + down - 1, 1)
        words = (sums[1][index + down] - sums[1][index - up + 1]) / run
        edges = []
        for row in (0, 1):
            at = np.flatnonzero(where[row])
            for place, none in ((0, -99.0), (-1, 99.0)):
                edges.append(_near(index - at[place]) if len(at) else none)
        self._put(_RUNS, [np.where(is_good, 0, np.minimum(run, FAR)), np.log1p(words), *edges])


def _near(distance: Integers) -> Integers:
    return np.minimum(np.maximum(distance, -FAR), FAR)


_RUN = ("in_run", "to_start", "to_end", "mass", "fall_below", "fall_above")
_TOPIC = ("topic", "stems", "title_share", "title_cover", "to_headline")
_OWN = (
    "words", "prose", "claim_category", "claim_confidence", "links", "mark", "breaks",
    "mean_breaks", "copies", "alike", "lexical_alike", "in_run_alike",
)  # fmt: skip
_TOTALS = (
    "one", "words", "good", "claimed", "lexical", "root_words", "known", "capitals", "log_words",
    "topic", "has_stems", "ends_sentence", "digits",
)  # fmt: skip
_PLACE = (
    "units", "total_words", "prose_share", "page_lexical", "page_known", "place", "words_before",
    "words_after", "prose_share_before", "prose_share_after", "prose_before", "prose_after",
    "claims_before", "claims_after",
)  # fmt: skip
_WINDOW = (
    "prose_share", "words", "claims", "lexical", "known", "capitals", "length", "topic",
    "sentence_ends", "digits",
)  # fmt: skip
_SPANS = (
    *((f"above_{n}", -n, -1) for n in _WINDOWS),
    *((f"below_{n}", 1, n) for n in _WINDOWS),
    ("around", -3, 3),
)
_LOW = np.array([[low] for _, low, _ in _SPANS])
_HIGH = np.array([[high + 1] for _, _, high in _SPANS])
_STEPS = {"above": 1, "two_above": 2, "below": -1, "two_below": -2}
_NEAR = ("prose", "long", "longer", "claim")
_FOUND = ("claim", *CUES)
_RUNS = (
    "short_run", "short_run_words", "from_first_prose", "from_last_prose", "from_first_long",
    "from_last_long",
)  # fmt: skip
FEATURES: tuple[str, ...] = (
    *SHAPE, *WORDING,
    *(f"{n}_{number}" for number in range(len(_PENALTIES) + 1) for n in _RUN),
    *_TOPIC, *_OWN, *_PLACE,
    *(f"cue_before_{c}" for c in CUES), *(f"cue_after_{c}" for c in CUES),
    *(f"{n}_{name}" for name, _, _ in _SPANS for n in _WINDOW),
    *(f"lexical_{name}" for name in _STEPS),
    *(f"since_{n}" for n in _NEAR), *(f"until_{n}" for n in _NEAR),
    *(f"prose_since_{n}" for n in _FOUND), *(f"prose_until_{n}" for n in _FOUND),
    *_RUNS,
)  # fmt: skip
"""Names of the columns, in order."""

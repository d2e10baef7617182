"""The learned scorer of the quick look: how likely each piece of a page belongs to the story.

It sees where a piece stands, what the elements around it are called and how long its texts are, and
reads none of them. ``training/skims.py`` rebuilds the model.

Source:
    Containers scored by the prose right below them after Readability (Arc90, 2009); link density
    after Kohlschütter et al. (2010).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import as_file, files
from itertools import repeat
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cleannews.boilerplate.block_scorer import names_of
from cleannews.boilerplate.characters import Floats, Integers
from cleannews.boilerplate.likeness import likenesses
from cleannews.boilerplate.mixture import Mixture, mixture_of
from cleannews.boilerplate.naming import Names, group_names
from cleannews.reading.facts import Facts
from cleannews.reading.skimming import Skim

TAGS = (
    "p", "li", "div", "td", "h1", "h2", "h3", "h4", "span", "a", "figcaption", "blockquote",
    "section", "article", "pre", "ul", "ol", "table", "tr", "nav", "header", "footer", "aside",
    "form", "figure", "main", "body", "dl", "dd",
)  # fmt: skip
_TAG = {tag: i for i, tag in enumerate(TAGS)}
MOST_PROSE = 700
"""Characters that one piece counts at most where the heaviest container is looked for."""
FAR = 30
"""Distances in pieces are cut off here."""
LONGEST_TITLE = 300
"""Longest piece, in code points, that is compared with the page's titles."""
_ENDS = frozenset('.!?。！？…"”’»')
_GROUPS = group_names()
_BITS = np.arange(len(_GROUPS))[:, None]
_BESIDE = ("prose", "length", "linked", "named", "tag", "path", "heading")
_NO_NEIGHBOUR = np.array([[-1], [-1], [-1], [0], [-1], [0], [-1]], dtype=np.float32)
_STEPS = (1, 2, -1, -2)
COLUMNS = (
    "prose", "lines", "length", "longest", "mean_length", "links", "linked", "links_per_line",
    "pictures", "heading", "ends_sentence", "upper", "is_run", "like_title", "tag", "tag_up",
    "named", "named_around", "named_up", "path", "low", "high", "known", "depth", "from_best_depth",
    "in_best", "in_best_up", "in_best_up2", "score", "best_share", "place", "prose_before",
    "prose_after", "from_best_first", "from_best_last", "up_good", "up_length", "up_linked",
    "up_pieces", "up_prose", "up2_good", "up2_prose", "make_good", "make_pieces", "make_length",
    "make_linked", "beside_longest", "beside_longest_up", "from_h1", "from_before", "all_prose",
    "pieces", *(f"says_{g}" for g in _GROUPS), *(f"says_{g}_up" for g in _GROUPS),
    *(f"within_{g}" for g in _GROUPS), *(f"{what}_{step}" for step in _STEPS for what in _BESIDE),
)  # fmt: skip
"""Names of the columns."""


@dataclass(frozen=True, slots=True)
class SkimModel:
    """A model.

    Attributes:
        judges: Trees and networks.
        names: What names of elements say.
        raw: Calibration: raw probabilities of boilerplate, rising.
        shares: Share of the pieces so scored that are boilerplate, for each of `raw`.
    """

    judges: Mixture
    names: Names
    raw: NDArray[np.float64]
    shares: NDArray[np.float64]

    def calibrated(self, keep: Floats) -> NDArray[np.float64]:
        """Return the share of boilerplate among pieces with such probabilities to stay."""
        shares: NDArray[np.float64] = np.interp(1.0 - keep, self.raw, self.shares)
        return shares


@cache
def model() -> SkimModel:
    """Return the model that comes with cleannews."""
    with as_file(files("cleannews.boilerplate").joinpath("skims.npz")) as path:
        return read_model(path)


def read_model(path: Path) -> SkimModel:
    """Return the model that the training script wrote.

    Raises:
        ValueError: It was trained on other features.
    """
    with np.load(path, allow_pickle=False) as told:
        if tuple(bytes(told["features"]).decode().split("\n")) != COLUMNS:
            raise ValueError("the model of pieces was trained on other features; rebuild it")
        return SkimModel(mixture_of(told), names_of(told), told["raw"], told["shares"])


def judge_pieces(seen: Skim, facts: Facts, trained: SkimModel | None = None) -> Floats:
    """Return the probability of each piece that it belongs to the story.

    Args:
        seen: A page, with one piece at least.
        facts: What it says of its story elsewhere.
        trained: Another model than the one that comes with cleannews.
    """
    trained = trained or model()
    return trained.judges.probabilities(features_of_pieces(seen, facts, trained.names))


def features_of_pieces(seen: Skim, facts: Facts, names: Names) -> Floats:
    """Return one row of features for each piece, columns as in `COLUMNS`."""
    pieces, parents, count = seen.pieces, np.array(seen.parents), len(seen.parents)
    node, is_run, lines, is_prose, links, linked, heading, pictures = zip(*pieces, strict=True)
    said = names.of_all(seen.tags, seen.names)
    path, low, high, known, depth, side = _carried(seen.parents, said)
    groups, own, around, _ = zip(*said, strict=True)
    at = np.array(node)
    up = np.maximum(parents[at], 0)
    up2 = np.maximum(parents[up], 0)
    size, index = len(pieces), np.arange(len(pieces), dtype=np.float32)
    prose = np.array(is_prose, dtype=np.float32)
    number = np.array(list(map(len, lines)), dtype=np.float32)
    length = np.array([sum(map(len, own)) for own in lines], dtype=np.float32)
    longest = np.array([max(map(len, own)) for own in lines], dtype=np.float32)
    link_count, chars = np.array(links, dtype=np.float32), np.array(linked, dtype=np.float32)
    share = np.minimum(1, chars / length)
    good = np.where(share < 0.5, np.minimum(length, MOST_PROSE), 0) * (1 - share) * prose
    total = max(float(good.sum()), 1.0)

    def within(element: Integers, values: Any) -> Any:
        return np.bincount(element, weights=values, minlength=count)[element]

    tags = np.array(list(map(_TAG.get, seen.tags, repeat(len(TAGS)))))
    score = np.bincount(up, weights=good, minlength=count)
    score += np.bincount(up2, weights=good * 0.5, minlength=count)
    best = int(np.argmax(score))
    above = max(int(parents[best]), 0)
    lasts = _lasts(seen.parents)
    inside = [(at >= e) & (at <= lasts[e]) for e in (best, above, max(int(parents[above]), 0))]
    where = np.flatnonzero(inside[0])
    first, last = (where[0], where[-1]) if len(where) else (0, size - 1)
    before = np.zeros(size + 1)
    np.cumsum(good, out=before[1:])
    before /= total
    kinds: dict[tuple[str, str, int], int] = {}
    make = np.array(
        [
            kinds.setdefault((seen.tags[i], seen.names[i], p), len(kinds))
            for i, p in zip(node, _makes(seen)[up].tolist(), strict=True)
        ]
    )
    alike = np.bincount(make)
    level, depths = np.array(heading), np.array(depth)
    headings = np.flatnonzero(level == 1)
    from_h1 = _clipped(index - headings[0]) if len(headings) else np.full(size, -FAR - 1)
    longest_at = int(np.argmax(good))
    up_length, up2_length = within(up, length), within(up2, length)
    columns = np.empty((len(COLUMNS), size), dtype=np.float32)
    log_length, named = np.log1p(length), np.array(own, dtype=np.float32)
    paths = np.array(path, dtype=np.float32)[at]
    single = (
        prose, number, log_length, np.log1p(longest), log_length - np.log1p(number),
        np.minimum(link_count, 20), share, link_count / number, np.minimum(pictures, 5), level,
        [own[-1][-1] in _ENDS for own in lines], [own[0][0].isupper() for own in lines], is_run,
        _like_titles(lines, facts), tags[at], tags[up], named[at], np.array(around)[at],
        np.array(around)[up], paths, np.array(low)[at], np.array(high)[at], np.array(known)[at],
        depths[at], depths[at] - depths[best], *inside, score[up] / max(float(score[best]), 1.0),
        float(score[best]) / total, index / max(1, size - 1), before[:-1], 1 - before[1:],
        _clipped(index - first), _clipped(index - last), within(up, good) / total,
        np.log1p(up_length), within(up, chars) / up_length, np.minimum(within(up, None), 40),
        within(up, good) / up_length, within(up2, good) / total, within(up2, good) / up2_length,
        np.bincount(make, weights=good)[make] / total, np.minimum(alike, 40)[make],
        np.log1p(np.bincount(make, weights=length) / alike)[make],
        (np.bincount(make, weights=chars) / np.bincount(make, weights=length))[make],
        up == up[longest_at], up2 == up2[longest_at], from_h1,
        np.minimum(np.diff(at, prepend=0), 20), np.log1p(total), size,
    )  # fmt: skip
    for row, column in zip(columns, single, strict=False):
        row[:] = column
    end = len(single)
    told = np.array(groups)
    for bits in (told[at], told[up], np.array(side)[at]):
        columns[end : end + len(_GROUPS)] = (bits >> _BITS) & 1
        end += len(_GROUPS)
    beside = np.empty((len(_BESIDE), size + 4), dtype=np.float32)
    beside[:] = _NO_NEIGHBOUR
    seen_beside = (prose, log_length, share, named[at], tags[at], paths, level)
    for row, column in zip(beside, seen_beside, strict=True):
        row[2:-2] = column
    for step in _STEPS:
        columns[end : end + len(_BESIDE)] = beside[:, 2 - step : size + 2 - step]
        end += len(_BESIDE)
    return columns.T


def _clipped(distances: Any) -> Any:
    return np.minimum(np.maximum(distances, -FAR), FAR)


def _carried(
    parents: list[int], said: list[tuple[int, float, float, int]]
) -> tuple[list[float], list[float], list[float], list[int], list[int], list[int]]:
    """Carry what names say down from each element to those within it.

    Returns:
        Of each element, from the body to itself: sum of the names' weights, least and greatest of
        them, number of words with a weight, number of elements around, groups of names.
    """
    path, low, high = [0.0], [0.0], [0.0]
    known, depth, side = [0], [0], [0]
    for parent, (groups, _, weight, number) in zip(parents[1:], said[1:], strict=True):
        path.append(path[parent] + weight)
        low.append(min(low[parent], weight))
        high.append(max(high[parent], weight))
        known.append(known[parent] + number)
        depth.append(depth[parent] + 1)
        side.append(side[parent] | groups)
    return path, low, high, known, depth, side


def _lasts(parents: list[int]) -> list[int]:
    """Return the last element inside each, or its own."""
    lasts = list(range(len(parents)))
    for element in range(len(parents) - 1, 0, -1):
        parent = parents[element]
        lasts[parent] = max(lasts[parent], lasts[element])
    return lasts


def _makes(seen: Skim) -> Integers:
    """Number the elements by their tags and names."""
    kinds: dict[tuple[str, str], int] = {}
    return np.array(
        [kinds.setdefault(own, len(kinds)) for own in zip(seen.tags, seen.names, strict=True)]
    )


def _like_titles(lines: tuple[list[str], ...], facts: Facts) -> list[float]:
    """Return how alike each piece is to the page's titles; -1 where there is none."""
    words = [
        own[0].casefold().split() if len(own) == 1 and len(own[0]) < LONGEST_TITLE else []
        for own in lines
    ]
    return likenesses(words, [facts.titles])[0]

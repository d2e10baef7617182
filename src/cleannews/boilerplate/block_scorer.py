"""The learned scorer of HTML blocks: how likely each block belongs to the story.

Two looks. The first sees what rules, words and the tree say of each block; the second also sees how
the first judged what stands around it. ``training/blocks.py`` rebuilds the model.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cleannews.boilerplate.characters import SHAPE, Floats
from cleannews.boilerplate.features import FEATURES, features_of
from cleannews.boilerplate.forest import Forest, forest_arrays
from cleannews.boilerplate.layout import Layout, shifted
from cleannews.boilerplate.lexicon import Lines, lines_of
from cleannews.boilerplate.mixture import Mixture, mixture_of
from cleannews.boilerplate.naming import Names
from cleannews.boilerplate.surroundings import surroundings_of
from cleannews.boilerplate.units import Unit
from cleannews.document import Finding
from cleannews.reading.html_page import HtmlPage

_LEXICAL = len(SHAPE)
_ENDS = frozenset('.!?。！？…"”’»')
_TREE = (
    "log_words", "log_length", "prose", "ends_sentence", "upper", "place", "prose_before",
    "prose_after", *(f"{n}_{s}" for s in ("above", "below", "two_above", "two_below")
                     for n in ("log_words", "prose")),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class BlockModel:
    """A model.

    Attributes:
        first: Trees of the first look.
        second: Trees of the second look.
        columns: Names of the features of the second look; the first sees those of it that come
            first.
        tree: Trees and networks of the judgement by the tree alone.
        tree_columns: Names of its features.
        lines: What is known of single lines under the model's lexicon.
        names: What names of elements say.
        raw: Calibration: raw probabilities of boilerplate, rising.
        shares: Share of the blocks so scored that are boilerplate, one for each of `raw`: in the
            first row for blocks outside the story, in the second for blocks inside it.
        tree_raw: The same for the judgement by the tree.
        tree_shares: The same for the judgement by the tree.
    """

    first: Forest
    second: Forest
    columns: tuple[str, ...]
    tree: Mixture
    tree_columns: tuple[str, ...]
    lines: Lines
    names: Names
    raw: NDArray[np.float64]
    shares: NDArray[np.float64]
    tree_raw: NDArray[np.float64]
    tree_shares: NDArray[np.float64]


@cache
def model() -> BlockModel:
    """Return the model that comes with cleannews."""
    with as_file(files("cleannews.boilerplate").joinpath("blocks.npz")) as path:
        return read_model(path)


def read_model(path: Path) -> BlockModel:
    """Return the model that the training script wrote."""
    with np.load(path, allow_pickle=False) as told:
        return BlockModel(
            first=Forest(**forest_arrays(told, "first_")),
            second=Forest(**forest_arrays(told, "second_")),
            columns=tuple(bytes(told["features"]).decode().split("\n")),
            tree=mixture_of(told, "tree_"),
            tree_columns=tuple(bytes(told["tree_features"]).decode().split("\n")),
            lines=lines_of(told),
            names=names_of(told),
            raw=told["raw"],
            shares=told["shares"],
            tree_raw=told["tree_raw"],
            tree_shares=told["tree_shares"],
        )


def names_of(told: Mapping[str, Any]) -> Names:
    """Return what names say under the weights among a model's arrays."""
    unit = float(told["name_unit"])
    own, around = (
        dict(
            zip(
                bytes(told[f"{side}_words"]).decode().split("\n"),
                (told[f"{side}_weights"] * unit).tolist(),
                strict=True,
            )
        )
        for side in ("own", "around")
    )
    return Names(own, around)


def unit_of_each(page: HtmlPage) -> list[Unit]:
    """Return the blocks as units, each one of its own: the page says what belongs together."""
    return [
        Unit(b.index, b.index, b.text, b.words, b.is_prose, b.key, b.breaks, b.links, b.mark)
        for b in page.blocks
    ]


def first_look(
    page: HtmlPage, claims: Mapping[int, Finding], lines: Lines, names: Names
) -> tuple[Layout, tuple[str, ...], Floats]:
    """Return the page's layout, the names of the first look's columns, and a row for each block.

    Args:
        page: The page, with one block at least.
        claims: Block index to what the rules found there.
        lines: What is known of single lines.
        names: What names of elements say.
    """
    own = features_of(unit_of_each(page), claims, lines)
    layout = Layout(page, names, own[:, _LEXICAL])
    return layout, (*FEATURES, *layout.columns), np.hstack([own, layout.table()])


def tree_look(page: HtmlPage, names: Names) -> tuple[Layout, tuple[str, ...], Floats]:
    """Return the page's layout, and of the judgement by the tree the columns' names and rows.

    Args:
        page: The page, with one block at least.
        names: What names of elements say.
    """
    layout = Layout(page, names, np.zeros(len(page.blocks), dtype=np.float32))
    texts = [b.text for b in page.blocks]
    words, is_prose = np.log1p(layout.words), layout.is_prose.astype(np.float32)
    ends = [text[-1] in _ENDS for text in texts]
    length = np.log1p(np.array(list(map(len, texts)), dtype=np.float32))
    good = np.concatenate([[0.0], np.cumsum(layout.good)]) / layout.total
    place = layout.index / max(1, layout.size - 1)
    own: list[Any] = [words, length, is_prose, ends, [text[0].isupper() for text in texts]]
    own += [place, good[:-1], 1 - good[1:]]
    for step in (1, -1, 2, -2):
        own += [shifted(words, step, -1), shifted(is_prose, step, -1)]
    return layout, (*layout.columns, *_TREE), layout.table(own)


def judge_by_tree(page: HtmlPage, trained: BlockModel | None = None) -> tuple[Layout, Floats]:
    """Return the same as `judge` with one look at the tree, and none at the words."""
    trained = trained or model()
    layout, columns, table = tree_look(page, trained.names)
    if columns != trained.tree_columns:
        raise ValueError("the model of blocks was trained on other features; rebuild it")
    return layout, trained.tree.probabilities(table)


def judge(
    page: HtmlPage, claims: Mapping[int, Finding], trained: BlockModel | None = None
) -> tuple[Layout, Floats]:
    """Return the page's layout and the probability of each block that it belongs to the story.

    Args:
        page: The page, with one block at least.
        claims: Block index to what the rules found there.
        trained: Another model than the one that comes with cleannews.

    Raises:
        ValueError: The model was trained on other features.
    """
    trained = trained or model()
    layout, columns, table = first_look(page, claims, trained.lines, trained.names)
    keep = trained.first.probabilities(table)
    more, around = surroundings_of(layout, keep)
    if (*columns, *more) != trained.columns:
        raise ValueError("the model of blocks was trained on other features; rebuild it")
    return layout, trained.second.probabilities(np.hstack([table, around]))


def calibrated(
    keep: Floats,
    is_inside: NDArray[np.bool_],
    trained: BlockModel | None = None,
    *,
    by_tree: bool = False,
) -> NDArray[np.float64]:
    """Return the share of boilerplate among blocks with such probabilities.

    Args:
        keep: Probabilities by `judge`, or with `by_tree` by `judge_by_tree`.
        is_inside: The block stands inside the story.
        trained: Another model than the one that comes with cleannews.
        by_tree: See `keep`.

    Source:
        Piecewise linear through the shares measured on pages of sites unseen in training.
    """
    own = trained or model()
    raw, told = (own.tree_raw, own.tree_shares) if by_tree else (own.raw, own.shares)
    outside, inside = (np.interp(1.0 - keep, raw, shares) for shares in told)
    shares: NDArray[np.float64] = np.where(is_inside, inside, outside)
    return shares

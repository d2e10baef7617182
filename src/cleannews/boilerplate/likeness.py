"""How alike the blocks of an HTML page are to what the page says of its story elsewhere."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from cleannews.boilerplate.characters import Floats
from cleannews.reading.html_page import HtmlPage

LONGEST_LIKENESS = 600
"""Longest block that can be a title or a description, in code points."""


def likes_of(page: HtmlPage) -> tuple[Floats, Floats, Floats]:
    """Return of each block what `shares_in` says of the bodies, and `likeness` of the others.

    What was worked out for a block is kept with the page, for its second look.

    Args:
        page: The page, with one block at least.

    Returns:
        Shares in the bodies, likeness to the titles, likeness to the descriptions.
    """
    facts = page.facts
    known: dict[str, tuple[float, float, float]] = page.memory.setdefault("likeness", {})
    texts = [b.text for b in page.blocks]
    if new := [text for text in dict.fromkeys(texts) if text not in known]:
        short = [text.casefold().split() if len(text) < LONGEST_LIKENESS else [] for text in new]
        words = short
        if facts.bodies:
            words = [own or text.casefold().split() for text, own in zip(new, short, strict=True)]
        found = (
            shares_in(words, facts.bodies),
            *likenesses(short, [facts.titles, facts.descriptions]),
        )
        known.update(zip(new, zip(*found, strict=True), strict=True))
    bodies, titles, descriptions = zip(*[known[text] for text in texts], strict=True)
    return (
        np.array(bodies, dtype=np.float32),
        np.array(titles, dtype=np.float32),
        np.array(descriptions, dtype=np.float32),
    )


def shares_in(blocks: Sequence[list[str]], bodies: Sequence[str]) -> list[float]:
    """Return the share of each block's runs of three words that the bodies hold; -1 without any.

    >>> shares_in([["snow", "fell", "in", "june"]], ["Snow fell in the night."])
    [0.5]
    """
    if not bodies:
        return [-1.0] * len(blocks)
    known = set().union(*(_runs(body.casefold().split()) for body in bodies))
    shares = []
    for words in blocks:
        own = _runs(words)
        shares.append(len(own & known) / len(own))
    return shares


def _runs(words: list[str]) -> set[tuple[str, ...]]:
    if len(words) < 3:
        return {tuple(words)}
    return set(zip(words, words[1:], words[2:], strict=False))


def likeness(blocks: Sequence[Sequence[str]], texts: Sequence[str]) -> list[float]:
    """Return how alike the words of each block and of the likest of some texts are; -1 without any.

    The measure is the product of the shares of words that the two have in common, 0..1.

    >>> likeness([["snow", "fell"]], ["Snow in June"])
    [0.16666666666666666]
    """
    return likenesses(blocks, [texts])[0]


def likenesses(
    blocks: Sequence[Sequence[str]], kinds: Sequence[Sequence[str]]
) -> list[list[float]]:
    """Return `likeness` to each of several kinds of texts."""
    wanted = [_wanted(texts) for texts in kinds]
    told = [[0.0 if words else -1.0] * len(blocks) for words in wanted]
    every = frozenset().union(*(words for own in wanted for words in own))
    if not every:
        return told
    asked = [(likest, w, len(w)) for likest, own in zip(told, wanted, strict=True) for w in own]
    for i, own in enumerate(blocks):
        if every.isdisjoint(own):
            continue
        known = set(own)
        size, shared = len(known), known & every
        for likest, words, count in asked:
            common = len(shared & words)
            if common and (like := common / size * common / count) > likest[i]:
                likest[i] = like
    return told


def _wanted(texts: Sequence[str]) -> list[frozenset[str]]:
    """Return the words of texts of more than one, each set of words once."""
    sets = dict.fromkeys(frozenset(text.casefold().split()) for text in texts)
    return [words for words in sets if len(words) > 1]

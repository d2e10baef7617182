"""Weights of the words in elements' names, from labelled pages: what ``class`` and ``id`` say."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from labelling import UNKNOWN
from pages import LabelledPage
from scipy import sparse
from sklearn.linear_model import SGDClassifier

from cleannews.boilerplate.naming import words_of

LEAST_SITES = 5
"""Words that fewer sites use say more about the site than about a block."""
NAME_UNIT = 1 / 32
"""Weights are kept as multiples of this, in a byte."""
ALPHA, ROUNDS = 1e-5, 5


class NameWords:
    """The names around all blocks: a matrix with a row for each block.

    The first columns are words of the elements that a block is in itself, the others those of all
    elements around it, as often as they come.
    """

    def __init__(self, pages: Sequence[LabelledPage]) -> None:
        number: dict[str, int] = {}
        memo: dict[tuple[str, str], list[int]] = {}
        own: tuple[list[int], list[int]] = ([], [])
        around: tuple[list[int], list[int]] = ([], [])
        users: dict[int, set[str]] = {}
        at = 0
        for page in pages:
            elements = page.page.elements
            said = []
            for key in zip(elements.tags, elements.names, strict=True):
                if key not in memo:
                    memo[key] = [number.setdefault(w, len(number)) for w in words_of(*key)]
                said.append(memo[key])
            for words in said:
                for word in words:
                    users.setdefault(word, set()).add(page.site)
            for seen in page.page.seen:
                leaf = seen.node if seen.leaf < 0 else seen.leaf
                inner = sorted({*said[seen.node], *said[leaf]})
                own[0].extend([at] * len(inner))
                own[1].extend(inner)
                element = leaf
                while element >= 0:
                    around[0].extend([at] * len(said[element]))
                    around[1].extend(said[element])
                    element = elements.parents[element]
                at += 1
        common = np.array([i for i in number.values() if len(users[i]) >= LEAST_SITES])
        self.words = np.array(list(number))[common]
        place = np.full(len(number), -1)
        place[common] = np.arange(len(common))
        parts = [_matrix(*side, place, at, len(common)) for side in (own, around)]
        self.table = sparse.hstack(parts).tocsr()
        self.folds = np.concatenate([np.full(len(p.labels), p.fold) for p in pages])
        self.labels = np.concatenate([p.labels for p in pages])
        size = np.concatenate([[b.words for b in p.page.blocks] for p in pages])
        self.weights = np.sqrt(np.minimum(size, 60)) + 0.5

    def fit(self, without: Sequence[int]) -> dict[str, Any]:
        """Return the words and weights of both sides, from all folds but some."""
        known = (self.labels != UNKNOWN) & ~np.isin(self.folds, without)
        model = SGDClassifier(
            loss="log_loss", alpha=ALPHA, max_iter=ROUNDS, tol=None, random_state=1, average=True
        )
        model.fit(self.table[known], self.labels[known], sample_weight=self.weights[known])
        weights = np.clip(np.round(model.coef_[0] / NAME_UNIT), -127, 127).astype(np.int8)
        told = {}
        for side, own in zip(("own", "around"), np.split(weights, 2), strict=True):
            told[f"{side}_words"] = as_bytes(self.words[own != 0])
            told[f"{side}_weights"] = own[own != 0]
        return told


def _matrix(rows: list[int], words: list[int], place: np.ndarray, height: int, width: int) -> Any:
    column = place[words]
    used = column >= 0
    ones = np.ones(int(used.sum()), dtype=np.float32)
    return sparse.csr_matrix((ones, (np.array(rows)[used], column[used])), shape=(height, width))


def as_bytes(words: Iterable[str]) -> np.ndarray:
    """Return words as one array of bytes, a line each."""
    return np.frombuffer("\n".join(words).encode(), dtype=np.uint8)

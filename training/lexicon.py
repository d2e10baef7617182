"""Weights of words, from labelled texts: the lexicon of the learned scorer."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy import sparse
from sklearn.linear_model import SGDClassifier
from texts import UNKNOWN, Text

from cleannews.boilerplate.characters import look_at
from cleannews.boilerplate.lexicon import LONGEST, slots_of

LEAST_SITES = 6
"""Words that fewer sites use say more about the site than about a line."""
SIZE = 24_000
"""Words that have a weight."""
UNIT = 1 / 16
"""Weights are kept as multiples of this, in a byte."""
ALPHA, ROUNDS = 2e-6, 6


class Words:
    """The words of all texts: a matrix with a row for each unit.

    Args:
        texts: The texts; cleaned ones are left out, their words are there already.
    """

    def __init__(self, texts: Sequence[Text]) -> None:
        texts = [t for t in texts if not t.is_cleaned]
        sites: dict[str, int] = {}
        rows, tokens, users, at = [], [], [], 0
        for text in texts:
            looked = look_at([u.text[:LONGEST] for u in text.units])
            rows.append(looked.token_lines + at)
            tokens.append(looked.tokens)
            site = sites.setdefault(text.site, len(sites))
            users.append(np.full(len(looked.tokens), site, dtype=np.uint64))
            at += len(text.units)
        token, row, user = map(np.concatenate, (tokens, rows, users))
        pairs = np.unique(token.astype(np.uint64) << np.uint64(32) | user)
        words, used = np.unique(pairs >> np.uint64(32), return_counts=True)
        common = used >= LEAST_SITES
        self.hashes, self.sites = words[common].astype(np.uint32), used[common]
        column = np.searchsorted(self.hashes, token)
        column = np.minimum(column, len(self.hashes) - 1)
        is_common = self.hashes[column] == token
        shape = (at, len(self.hashes))
        ones = np.ones(int(is_common.sum()), dtype=np.float32)
        table = sparse.csr_matrix((ones, (row[is_common], column[is_common])), shape=shape)
        lengths = np.maximum(np.bincount(row, minlength=at), 1)
        scale = sparse.diags((1 / np.sqrt(lengths)).astype(np.float32))
        self.table = sparse.csr_matrix(scale @ table)
        self.folds = np.concatenate([np.full(len(t.units), t.fold) for t in texts])
        self.labels = np.concatenate([t.labels for t in texts])
        size = np.concatenate([[u.words for u in t.units] for t in texts])
        self.weights = np.sqrt(np.minimum(size, 60)) + 0.5

    def fit(self, without: Sequence[int]) -> tuple[np.ndarray, np.ndarray]:
        """Return hashes, rising, and weights in `UNIT`, from all folds but some."""
        known = (self.labels != UNKNOWN) & ~np.isin(self.folds, without)
        model = SGDClassifier(
            loss="log_loss", alpha=ALPHA, max_iter=ROUNDS, tol=None, random_state=1, average=True
        )
        model.fit(self.table[known], self.labels[known], sample_weight=self.weights[known])
        weights = np.clip(np.round(model.coef_[0] / UNIT), -127, 127).astype(np.int8)
        worth = np.abs(weights.astype(float)) * np.sqrt(self.sites)
        # Each slot holds the word that is worth most, and the lexicon the best of them.
        order = np.lexsort((self.hashes, -worth))
        _, first = np.unique(slots_of(self.hashes[order]), return_index=True)
        best = order[np.sort(first)][:SIZE]
        best = np.sort(best[weights[best] != 0])
        return self.hashes[best], weights[best]



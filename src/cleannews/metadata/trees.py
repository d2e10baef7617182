"""The questions of oblivious trees, answered by numpy alone.

Every level of such a tree asks one question of all rows, so that a page is scored by a few
operations on arrays. Many questions are asked by several trees: each is answered once.

Source:
    Prokhorenkova et al., "CatBoost: unbiased boosting with categorical features" (2018), section on
    oblivious trees.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray


class Questions:
    """What trees ask.

    Args:
        columns: Index of the feature that each level of each tree asks about, (levels, trees); the
            first level's answer is the highest bit of a leaf's number.
        borders: What it is compared with, same shape; a greater value sets the level's bit.
    """

    __slots__ = ("_answers", "_borders", "_columns")

    def __init__(self, columns: NDArray[np.intp], borders: NDArray[Any]) -> None:
        order = np.lexsort((borders.ravel(), columns.ravel()))
        asked, limits = columns.ravel()[order], borders.ravel()[order]
        is_new = np.ones(len(order), dtype=np.bool_)
        is_new[1:] = (asked[1:] != asked[:-1]) | (limits[1:] != limits[:-1])
        answers = np.empty(len(order), dtype=np.intp)
        answers[order] = np.cumsum(is_new) - 1
        self._columns, self._borders = asked[is_new], limits[is_new][:, None]
        self._answers = answers.reshape(columns.shape)

    def leaves(self, features: NDArray[np.float32]) -> NDArray[np.uint8]:
        """Return the number of the leaf of each tree that each row falls into, (trees, rows).

        Args:
            features: (rows, features)
        """
        rows = np.ascontiguousarray(features.T, dtype=np.float32)
        answers = (rows.take(self._columns, axis=0) > self._borders).view(np.uint8)
        first, *others = self._answers
        leaf: NDArray[np.uint8] = answers.take(first, axis=0)
        for level in others:  # doubling makes room for the next bit
            leaf += leaf
            leaf += answers.take(level, axis=0)
        return leaf

"""Trees answered by numpy."""

import numpy as np
import pytest

from cleannews.boilerplate.forest import Forest

RANDOM = np.random.default_rng(7)
COLUMNS = RANDOM.integers(0, 5, (4, 9))
# Few borders, so that several trees ask the same question.
BORDERS = RANDOM.integers(-1, 2, (4, 9)).astype(np.float32)
LEAVES = RANDOM.normal(size=(9, 16)).astype(np.float32)
FOREST = Forest(COLUMNS, BORDERS, LEAVES, 0.25)


def one_by_one(row):
    """Return a row's score, each tree asked by itself."""
    bits = (row[COLUMNS] > BORDERS) << np.arange(4)[:, None]
    return LEAVES[np.arange(9), bits.sum(axis=0)].sum() + 0.25


@pytest.mark.parametrize("count", [1, 2, 50])
def test_a_question_of_several_trees_is_answered_for_each(count):
    rows = RANDOM.normal(size=(count, 5)).astype(np.float32)
    wanted = [one_by_one(row) for row in rows]
    assert FOREST.scores(rows) == pytest.approx(wanted, abs=1e-5)


def test_a_value_on_the_border_is_not_above_it():
    rows = np.ones((1, 5), dtype=np.float32)
    assert FOREST.scores(rows)[0] == pytest.approx(one_by_one(rows[0]), abs=1e-5)

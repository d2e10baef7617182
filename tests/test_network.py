"""The networks over the lines of a page: what numpy answers is what they are."""

import numpy as np
import pytest

from cleannews.boilerplate.features import FEATURES
from cleannews.boilerplate.network import FARTHEST, network_of
from cleannews.boilerplate.scorer import model

NETWORK = model().judges.network


def rows(size, seed=0):
    """Made-up lines: every column within some deviations, kinds among those there are."""
    draw = np.random.default_rng(seed)
    deviations = draw.normal(scale=2, size=(size, len(FEATURES)))
    made = (NETWORK.means + deviations / np.maximum(NETWORK.scales, 1e-3)).astype(np.float32)
    made[:, FEATURES.index("claim_category")] = draw.integers(-1, 21, size)
    made[:, FEATURES.index("mark")] = draw.integers(0, 8, size)
    return made


def by_definition(features):
    """The score of each line, one line, one network and one step at a time."""
    networks, _, channels = NETWORK.page.shape
    values = (features - NETWORK.means) * NETWORK.scales
    inputs = np.zeros((len(features), len(NETWORK.first)), dtype=np.float64)
    inputs[:, : values.shape[1]] = np.clip(values, -FARTHEST, FARTHEST)
    for column, least, row in NETWORK.choices:
        for i, value in enumerate(features[:, column]):
            inputs[i, row + int(value) - least] = 1
    scores = []
    for net in range(networks):
        own = slice(net * channels, (net + 1) * channels)
        before = np.maximum(inputs @ NETWORK.first[:, own] + NETWORK.first_bias[own], 0)
        state = before
        for step in range(len(NETWORK.steps)):
            new = np.zeros_like(state)
            for i in range(len(state)):
                new[i] = NETWORK.step_biases[step, net, 0]
                for side, j in enumerate((i - 2**step, i, i + 2**step)):
                    if 0 <= j < len(state):
                        new[i] += state[j] @ NETWORK.steps[step, side, net]
                if step == len(NETWORK.steps) // 2:
                    ends = np.concatenate([state.mean(axis=0), state.max(axis=0)])
                    new[i] += ends @ NETWORK.page[net]
            state = state + np.maximum(new, 0)
        scores.append(state @ NETWORK.last[net, 0] + before @ NETWORK.last[net, 1])
    return np.mean(scores, axis=0)[:, 0] + NETWORK.bias


@pytest.mark.parametrize("size", [1, 2, 9, 70])
def test_networks_are_answered_as_written(size):
    page = rows(size)
    assert NETWORK.scores(page) == pytest.approx(by_definition(page), rel=1e-3, abs=2e-3)


def test_features_are_left_as_they_are():
    page = rows(9)
    before = page.copy()
    NETWORK.scores(page)
    assert np.array_equal(page, before)


def test_a_line_hangs_on_its_neighbours_and_on_the_page():
    page = rows(200)
    whole = NETWORK.scores(page)
    assert not np.allclose(NETWORK.scores(page[::-1])[::-1], whole, atol=1e-3)
    assert not np.allclose(NETWORK.scores(page[:100]), whole[:100], atol=1e-3)


def test_a_model_may_have_no_network():
    assert network_of({}) is None

"""Training of the networks over the lines or blocks of a page, by JAX on one processor."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

os.environ.setdefault(
    "XLA_FLAGS", "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"
)

import jax
import jax.numpy as jnp
import numpy as np
from jax import nn
from jax.ops import segment_max, segment_sum
from labelling import KEEP, UNKNOWN

from cleannews.boilerplate.network import FARTHEST

STEPS = 6
RATE, DECAY, CLIP = 2e-3, 0.02, 1.0
"""Learning rate, decay of weights, greatest norm of a step's gradient."""
LOST, LOST_COLUMNS = 0.3, 0.2
"""Shares of channels, line by line, and of columns, batch by batch, that training leaves out."""
PAGES = 160
"""Most pages of a batch."""
GAP = 1 << (STEPS - 1)
"""Empty lines between the pages of a batch, so that none sees another."""
SHORTEST = 20
"""Least words of a story whose word F1 is learned from."""
Parameters = dict[str, Any]


@dataclass(frozen=True)
class Make:
    """What networks are made of, and how they are trained.

    Attributes:
        columns: How many columns a line has.
        choices: Columns that name one of several kinds: index, least value, number of values.
        networks: Networks that are averaged.
        channels: Numbers that each step passes on.
        epochs: How often all pages are seen.
        rows: Lines of a batch.
        warm: Steps until the full learning rate.
    """

    columns: int
    choices: tuple[tuple[int, int, int], ...]
    networks: int
    channels: int
    epochs: int
    rows: int
    warm: int

    @property
    def numbers(self) -> list[int]:
        """The columns that are quantities."""
        kinds = {column for column, _, _ in self.choices}
        return [i for i in range(self.columns) if i not in kinds]

    @property
    def inputs(self) -> int:
        """What a network sees of a line: the quantities, and one input for each kind."""
        return len(self.numbers) + sum(count for _, _, count in self.choices)


class Pages:
    """The lines of all pages as arrays.

    Args:
        make: What networks will be trained.
        table: The columns of all lines, those of a page behind each other.
        sizes: How many lines each page has.
        labels: The label of each line.
        weights: The weight of each line.
        words: Words of each line, 0 where its score does not matter.
        shares: The weight of each page.
    """

    def __init__(
        self,
        make: Make,
        table: np.ndarray,
        sizes: Sequence[int],
        labels: np.ndarray,
        weights: np.ndarray,
        words: np.ndarray,
        shares: Sequence[float],
    ) -> None:
        self.make = make
        numbers = table[:, make.numbers]
        self.means = numbers.mean(axis=0, dtype=np.float64).astype(np.float32)
        deviations = numbers.std(axis=0, dtype=np.float64) + 1e-3
        self.scales = (1 / deviations).astype(np.float32)
        numbers -= self.means
        numbers *= self.scales
        np.clip(numbers, -FARTHEST, FARTHEST, out=numbers)
        kinds = [
            table[:, [column]] == np.arange(least, least + count, dtype=np.float32)
            for column, least, count in make.choices
        ]
        self.inputs = np.concatenate([numbers, *kinds], axis=1, dtype=np.float32)
        is_known = labels != UNKNOWN
        self.labels = (labels == KEEP).astype(np.float32)
        self.weights = np.where(is_known, weights, 0).astype(np.float32)
        self.words = np.where(is_known, words, 0).astype(np.float32)
        self.shares = np.array(shares, dtype=np.float32)
        self.sizes = np.array(sizes)
        self.starts = np.cumsum(self.sizes) - self.sizes

    def batches(self, order: np.ndarray) -> Iterator[list[int]]:
        """Yield the texts of each batch."""
        batch: list[int] = []
        rows = 0
        for i in order.tolist():
            size = int(self.sizes[i]) + GAP
            if size > self.make.rows:
                continue
            if rows + size > self.make.rows or len(batch) == PAGES:
                yield batch
                batch, rows = [], 0
            batch.append(i)
            rows += size
        if batch:
            yield batch

    def filled(self, batch: Sequence[int]) -> tuple[np.ndarray, ...]:
        """Return inputs, labels, weights, words, page of each line and weight of each page."""
        sources = (self.inputs, self.labels, self.weights, self.words)
        height = self.make.rows
        made = [np.zeros((height, *source.shape[1:]), dtype=np.float32) for source in sources]
        page = np.full(height, PAGES, dtype=np.int32)
        share = np.zeros(PAGES, dtype=np.float32)
        at = 0
        for number, i in enumerate(batch):
            size, start = self.sizes[i], self.starts[i]
            for target, source in zip(made, sources, strict=True):
                target[at : at + size] = source[start : start + size]
            page[at : at + size] = number
            share[number] = self.shares[i]
            at += size + GAP
        return (*made, page, share)


def _begun(make: Make, key: jax.Array) -> Parameters:
    """Random weights."""
    keys, channels = jax.random.split(key, STEPS + 2), make.channels

    def weights(key: jax.Array, inputs: int, gain: float = 1.0) -> tuple[jax.Array, jax.Array]:
        values = jax.random.normal(key, (inputs, channels)) * np.sqrt(gain / inputs)
        return values, jnp.zeros(channels)

    return {
        "first": weights(keys[0], make.inputs),
        "page": weights(keys[1], 2 * channels, 0.5),
        "steps": [weights(k, 3 * channels) for k in keys[2:]],
        "last": (jax.random.normal(keys[-1], (2 * channels, 1)) * 0.02, jnp.zeros(1)),
    }


def _scores(net: Parameters, inputs: jax.Array, page: jax.Array, key: jax.Array) -> jax.Array:
    """The score of each line of a batch, some channels and columns left out."""
    is_line = (page < PAGES).astype(jnp.float32)[:, None]
    keys = jax.random.split(key, STEPS + 1)
    stays = jax.random.bernoulli(keys[-1], 1 - LOST_COLUMNS, (1, inputs.shape[1]))
    weights, bias = net["first"]
    state = nn.relu(inputs * stays / (1 - LOST_COLUMNS) @ weights + bias) * is_line
    before = state
    for step, (weights, bias) in enumerate(net["steps"]):
        away = 1 << step
        own = state * jax.random.bernoulli(keys[step], 1 - LOST, state.shape) / (1 - LOST)
        near = jnp.concatenate([jnp.roll(own, away, 0), own, jnp.roll(own, -away, 0)], axis=1)
        new = near @ weights + bias
        if step == STEPS // 2:
            count = jnp.maximum(segment_sum(is_line, page, PAGES + 1), 1)
            mean = segment_sum(own, page, PAGES + 1) / count
            # Nothing is below zero: an empty page's greatest is taken for zero.
            most = jnp.maximum(segment_max(own, page, PAGES + 1), 0)
            ends = jnp.concatenate([mean, most], axis=1)
            new += (ends @ net["page"][0] + net["page"][1])[page]
        state = (state + nn.relu(new)) * is_line
    weights, bias = net["last"]
    return (jnp.concatenate([state, before], axis=1) @ weights + bias)[:, 0]


def _loss(net: Parameters, key: jax.Array, *batch: jax.Array) -> jax.Array:
    """Log loss of the lines, and what the pages lack of a word F1 of 1."""
    inputs, labels, weights, words, page, share = batch
    scores = _scores(net, inputs, page, key)
    each = jnp.maximum(scores, 0) - scores * labels + jnp.log1p(jnp.exp(-jnp.abs(scores)))
    of_lines = (each * weights).sum() / jnp.maximum(weights.sum(), 1)
    keep = nn.sigmoid(scores) * words
    right, kept, story = (
        segment_sum(values, page, PAGES + 1)[:PAGES]
        for values in (keep * labels, keep, words * labels)
    )
    lack = 1 - 2 * right / jnp.maximum(kept + story, 1)
    share = share * (story > SHORTEST)
    return of_lines + (lack * share).sum() / jnp.maximum(share.sum(), 1)


@partial(jax.jit, static_argnames=("total", "warm"))
def _step(
    state: tuple[Parameters, Parameters, Parameters],
    time: float,
    total: int,
    warm: int,
    key: jax.Array,
    *batch: jax.Array,
) -> tuple[Parameters, Parameters, Parameters]:
    """One step of Adam with decay of weights, the rate falling as a cosine does."""
    net, first, second = state
    slope = jax.grad(_loss)(net, key, *batch)
    norm = jnp.sqrt(sum((g**2).sum() for g in jax.tree.leaves(slope)))
    slope = jax.tree.map(lambda g: g * jnp.minimum(1, CLIP / norm), slope)
    rate = RATE * jnp.minimum(1, time / warm) * 0.5 * (1 + jnp.cos(jnp.pi * time / total))
    first = jax.tree.map(lambda a, g: 0.9 * a + 0.1 * g, first, slope)
    second = jax.tree.map(lambda a, g: 0.99 * a + 0.01 * g * g, second, slope)

    def moved(weights: jax.Array, a: jax.Array, b: jax.Array) -> jax.Array:
        direction = a / (1 - 0.9**time) / (jnp.sqrt(b / (1 - 0.99**time)) + 1e-8)
        return weights - rate * (direction + DECAY * weights)

    return jax.tree.map(moved, net, first, second), first, second


def _trained(pages: Pages, seed: int) -> Parameters:
    """One network."""
    draw = np.random.default_rng(seed)
    key = jax.random.PRNGKey(seed)
    make, net = pages.make, _begun(pages.make, key)
    zero = jax.tree.map(jnp.zeros_like, net)
    state = (net, zero, zero)
    orders = [draw.permutation(len(pages.sizes)) for _ in range(make.epochs)]
    batches = [batch for order in orders for batch in pages.batches(order)]
    for time, batch in enumerate(batches, 1):
        key, own = jax.random.split(key)
        state = _step(state, float(time), len(batches), make.warm, own, *pages.filled(batch))
    return jax.tree.map(np.asarray, state[0])


def fit_networks(pages: Pages, prefix: str = "net_") -> dict[str, Any]:
    """Train the networks and return them as plain arrays, whose names begin with `prefix`."""
    make = pages.make
    nets = [_trained(pages, seed) for seed in range(make.networks)]
    row, choices = make.columns, []
    for column, least, count in make.choices:
        choices.append((column, least, row))
        row += count

    def spread(values: np.ndarray) -> np.ndarray:
        # The rows of quantities where their columns are, with nothing for the others.
        rows = np.zeros((make.columns, *values.shape[1:]), dtype=values.dtype)
        rows[make.numbers] = values
        return rows

    first = np.concatenate([n["first"][0] for n in nets], axis=1)
    numbers, kinds = np.split(first, [len(make.numbers)])
    steps = [[np.stack(np.split(n["steps"][step][0], 3)) for n in nets] for step in range(STEPS)]
    biases = np.array([[n["steps"][step][1] for n in nets] for step in range(STEPS)])
    biases[STEPS // 2] += np.stack([n["page"][1] for n in nets])
    last = [n["last"][0].reshape(2, make.channels, 1) for n in nets]
    half, whole = np.float16, np.float32
    arrays = {
        "choices": np.array(choices, dtype=np.int16).reshape(-1, 3),
        "means": spread(pages.means),
        "scales": spread(pages.scales),
        "first": np.concatenate([spread(numbers), kinds]).astype(half),
        "first_bias": np.concatenate([n["first"][1] for n in nets]).astype(whole),
        "steps": np.array(steps).transpose(0, 2, 1, 3, 4).astype(half),
        "step_biases": biases[:, :, None].astype(whole),
        "page": np.stack([n["page"][0] for n in nets]).astype(half),
        "last": np.stack(last).astype(half),
        "bias": np.float64(np.mean([n["last"][1][0] for n in nets])),
    }
    return {f"{prefix}{name}": values for name, values in arrays.items()}

"""Parts of the search for duplicates against slow and simple ones."""

import random

import numpy as np
import pytest

from cleannews.batch.job import bytes_compared
from cleannews.duplicates import masks as masks_module
from cleannews.duplicates import spilling
from cleannews.duplicates.circles import LONG, MOST, circles
from cleannews.duplicates.masks import mask_type, masks_of
from cleannews.duplicates.names import Names
from cleannews.duplicates.signatures import read_tokens
from cleannews.duplicates.spilling import Column
from cleannews.duplicates.verify import verify
from cleannews.duplicates.weights import prior_weights


def random_pairs(texts, pairs, seed):
    some = random.Random(seed)
    made = {tuple(sorted(some.sample(range(texts), 2))) for _ in range(pairs)}
    return np.array(sorted(made)).T


SHAPES = {
    "one pair": np.array([[3], [8]]),
    "a clique": np.array([(i, j) for i in range(20) for j in range(i)]).T,
    "a clique too big for a circle": np.array([(i, j) for i in range(70) for j in range(i)]).T,
    "a star": np.array([(0, i) for i in range(1, 200)]).T,
    "a chain": np.array([(i, i + 1) for i in range(100)]).T,
    "at random": random_pairs(80, 300, 1),
    "many at random": random_pairs(400, 5_000, 2),
    "a pair twice, and turned": np.array([(1, 2), (1, 2), (2, 1)]).T,
}


@pytest.mark.parametrize("pairs", SHAPES.values(), ids=SHAPES.keys())
@pytest.mark.parametrize("words", [9, LONG // 3], ids=["short", "long"])
def test_every_pair_is_in_one_small_circle(pairs, words):
    a, b = pairs
    made = circles(a, b, np.full(int(pairs.max()) + 1, words))
    assert sorted(made.pair.tolist()) == list(range(len(a)))
    assert np.array_equal(made.text[made.a], a[made.pair])
    assert np.array_equal(made.text[made.b], b[made.pair])
    assert np.array_equal(made.circle[made.a], made.circle[made.b])
    sizes = np.bincount(made.circle)
    assert sizes.max() <= MOST
    assert (np.diff(sizes) >= 0).all()
    members = set(zip(made.circle.tolist(), made.text.tolist(), strict=True))
    assert len(members) == len(made.text)


def test_a_clique_is_one_circle():
    a, b = SHAPES["a clique"]
    assert len(circles(a, b, np.full(20, 9)).text) == 20


@pytest.mark.parametrize("words", [5, 50, 5_000])
def test_chunks_hold_all_circles_whole(words):
    a, b = SHAPES["at random"]
    lengths = np.arange(1, 81)
    made = circles(a, b, lengths)
    parts = list(made.chunks(lengths, words, 7))
    assert parts[0][0].start == parts[0][1].start == 0
    assert [m.start for m, _ in parts[1:]] == [m.stop for m, _ in parts[:-1]]
    assert parts[-1][0].stop == len(made.text)
    assert parts[-1][1].stop == len(made.pair)
    for members, pairs in parts:
        assert ((made.a[pairs] >= members.start) & (made.a[pairs] < members.stop)).all()
        assert ((made.b[pairs] >= members.start) & (made.b[pairs] < members.stop)).all()


@pytest.mark.parametrize("table", [1, 8], ids=["crowded", "roomy"])
@pytest.mark.parametrize("most", [2, 12, 32])
def test_masks_are_those_of_sets(monkeypatch, table, most):
    monkeypatch.setattr(masks_module, "TABLE", table)
    some = np.random.default_rng(most)
    place = np.repeat(np.arange(most), 3)  # three circles
    circle = np.tile(np.arange(3), most)
    lengths = some.integers(0, 60, len(place))
    values = some.integers(0, 2**32, 400, dtype=np.uint32) & np.uint32(0xFFFFFFFC)
    hashes = some.choice(values, lengths.sum())
    made = masks_of(hashes, lengths, circle, place, mask_type(most))
    ends = np.cumsum(lengths)
    own = [set(hashes[e - n : e].tolist()) for e, n in zip(ends, lengths, strict=True)]
    member = np.repeat(np.arange(len(place)), lengths)
    for value, mask, who in zip(hashes.tolist(), made.tolist(), member.tolist(), strict=True):
        have = [m for m in range(len(place)) if circle[m] == circle[who] and value in own[m]]
        assert mask == sum(1 << int(place[m]) for m in have)


def test_a_pair_is_judged_the_same_in_any_company():
    some = random.Random(3)
    words = [f"{x}{n}" for x in ("Word", "thing", "place", "7") for n in range(60)]
    texts = [" ".join(some.choices(words, k=some.randint(3, 400))) for _ in range(30)]
    tokens = read_tokens(texts + [t + " and no more than that" for t in texts])
    a, b = random_pairs(60, 400, 4)
    together = verify(tokens, a, b, prior_weights())
    for at in range(0, len(a), 7):
        alone = verify(tokens, a[at : at + 1], b[at : at + 1], prior_weights())
        both = [(getattr(e, f)) for e in (alone, together.take([at])) for f in e.__slots__]
        assert both[: len(both) // 2] == both[len(both) // 2 :]


def test_of_names_the_first_spelling_stays():
    names = Names()
    assert len(names) == 0
    assert names.of(np.array([1], np.uint32)) == {}
    names.add(np.array([9, 4], np.uint32), [b"Li", "Žan".encode()])
    names.add(np.array([4, 9, 11], np.uint32), [b"ZAN", b"LI", b"\xff"])
    assert len(names) == 3
    asked = np.array([4, 5, 9, 11, 12], np.uint32)
    assert names.of(asked) == {4: "Žan", 9: "Li", 11: "�"}
    names.add(np.array([5], np.uint32), [b"Mo"])
    assert names.of(asked)[5] == "Mo"


@pytest.mark.parametrize("spill", [10, 10**9], ids=["on disk", "in memory"])
def test_a_column_gives_back_what_it_was_given(monkeypatch, spill):
    monkeypatch.setattr(spilling, "SPILL", spill)
    column = Column()
    assert column.empty
    for start in range(0, 12, 4):
        column.append(np.arange(start, start + 4, dtype=np.uint32)[::1])
    column.append(np.zeros(0, np.uint32))
    whole = column.whole()
    column.close()
    assert whole.dtype == np.uint32
    assert whole.tolist() == list(range(12))


def test_memory_told_grows_slower_where_words_lie_on_disk():
    assert bytes_compared(0) == 0
    assert bytes_compared(50_000) == 50_000 * 9_000
    assert 4e9 < bytes_compared(1_000_000) < 5e9

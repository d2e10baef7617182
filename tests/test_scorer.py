"""The learned scorer: its trees, its features, its lexicon, and what it may touch."""

import re
import time

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleannews import CleanOptions, clean
from cleannews.boilerplate.characters import SHAPE, look_at
from cleannews.boilerplate.features import FEATURES, features_of
from cleannews.boilerplate.lexicon import Lexicon, Lines
from cleannews.boilerplate.payoff import best_expected_f1, paying, whole_expected_f1
from cleannews.boilerplate.rulebook import load_rulebook
from cleannews.boilerplate.scorer import (
    calibrated,
    model,
    read_model,
    story_of,
)
from cleannews.boilerplate.units import units_of
from cleannews.reading.plain import read_plain

MENU = [
    "World",
    "Harbour and coast",
    "Puzzles of the day",
    "Letters page",
    "Tide tables",
    "Shop floor",
    "Boats for hire",
    "Village halls",
    "Weather at sea",
    "Courts",
    "Quiz",
    "Northern coast",
    "Southern coast",
    "Islands",
]
TEASERS = [
    "Storm Ottilie nears the northern coast",
    "Schools to stay shut until Wednesday",
    "Mayor asks the ferry crews for calm",
    "Why the old lamps are coming back",
    "Ten harbours to see before they silt up",
    "The cook who feeds a whole lighthouse",
]
MONTHS = ["May", "June", "July", "August", "September"]
STORY = [
    "The council voted on Monday to close the old bridge, which has carried trams since 1911.",
    "Repairs would cost 40 million crowns, the engineers wrote in a report of 60 pages on the bridge.",
    "“We heard every side,” the mayor said, “and the river will not wait for any bridge or tram.”",
    "The trams will cross the river by the new bridge from June, the council said after the vote.",
    "What happens next",
    "The old bridge will be taken down in the spring, when the river is low, the engineers said.",
]
PAGE = "\n".join([*MENU, *STORY, *TEASERS])


def units(text):
    return units_of(read_plain(text).blocks)


def table(text):
    return features_of(units(text), {}, model().lines)


def test_what_stands_outside_the_story_goes_and_says_where_it_stood():
    result = clean(PAGE)
    assert [line for line in STORY if line not in result.text] == []
    gone = {r.span.of(PAGE).strip(): r for r in result.removed}
    assert [gone[line].rule for line in MENU[:4]] == ["before_article/line"] * 4
    assert re.match(r"1[0-9] lines above the story's first line, ", gone[MENU[0]].evidence)
    assert 0.5 <= gone[MENU[0]].confidence < 1


def test_a_page_with_next_to_no_furniture_is_its_story():
    # Eight short lines make it look like a page; but what is doubted is two or three of them.
    checklist = [f"{thing}, mended in {month}" for thing in ("Nets", "Sails") for month in MONTHS]
    article = "\n".join([*STORY[:4], *checklist, *STORY[4:]])
    assert clean(article).text == article


def test_without_its_categories_only_rules_are_left():
    off = CleanOptions(
        ignore=("before_article", "after_article", "short_line_block", "inside_article")
    )
    assert clean(PAGE, options=off).text == PAGE


@pytest.mark.parametrize(
    "text", ["\n\n".join(STORY), "\n".join(MENU), "\n".join(STORY[:2] + TEASERS[:2]), ""]
)
def test_short_texts_and_texts_without_a_story_are_left_alone(text):
    assert not any(r.rule.partition("/")[0].endswith("_article") for r in clean(text).removed)


def test_stricter_settings_remove_what_milder_ones_do():
    kept = [
        set(clean(PAGE, options=CleanOptions(strictness=s)).text.split("\n"))
        for s in ("keep_more", "balanced", "strict")
    ]
    assert kept[0] >= kept[1] >= kept[2]


def test_pieces_of_a_sentence_are_one_unit():
    text = "The fire was seen from afar, the\nHarbour Daily\nreported, and it burned\n.\nNext line\nMenu"
    joined = [(u.first, u.last) for u in units(text)]
    assert joined == [(0, 3), (4, 4), (5, 5)]
    assert (
        units(text)[0].text
        == "The fire was seen from afar, the Harbour Daily reported, and it burned ."
    )


@pytest.mark.parametrize(
    "text", ["World\nTide tables", "One sentence ends.\nanother begins", "A\n\nb"]
)
def test_lines_that_end_or_stand_apart_stay_apart(text):
    assert len(units(text)) == 2


@pytest.mark.parametrize("text", ["Word", PAGE, "投票は可決された。\n広告", "…\n—\n1", "a\n" * 300])
def test_features_are_finite_for_any_page(text):
    rows = table(text)
    assert rows.shape == (len(units(text)), len(FEATURES))
    assert np.isfinite(rows).all()


@given(st.lists(st.text(min_size=1).filter(str.strip), min_size=1, max_size=6))
def test_features_of_a_line_do_not_hang_on_the_other_lines(lines):
    together, alone = look_at(lines), [look_at([line]) for line in lines]
    assert np.array_equal(together.shape, np.concatenate([a.shape for a in alone]))
    for i, a in enumerate(alone):
        assert np.array_equal(together.stems[together.stem_lines == i], a.stems)
        tokens = together.tokens[together.token_lines == i]
        assert np.array_equal(np.sort(tokens), np.sort(a.tokens))


@pytest.mark.parametrize(
    ("column", "line", "expected"),
    [
        ("ends_sentence", "He said “no.”", 1),
        ("ends_sentence", "投票は可決された。", 1),
        ("ends_sentence", "Read more", 0),
        ("ends_colon", "Edited By:", 1),
        ("ends_ellipsis", "Storm nears the coast…", 1),
        ("capitals", "Tide Tables today", 2 / 3),
        ("upper_case", "TIDE tables", 1 / 2),
        ("short_words", "We go on to sea", 1),
        ("digits", "2020", 1),
        ("unspaced", "広告", 1),
        ("unspaced", "𠀀𠀁", 1),
        ("letters_per_word", "أخبار العالم", 5.5),
        ("commas", "one, two, three four", 2 / 5),
    ],
)
def test_shape_of_a_line(column, line, expected):
    assert look_at([line]).shape[0, SHAPE.index(column)] == pytest.approx(expected)


def test_numbers_and_case_do_not_tell_words_apart():
    def words(line):
        return set(look_at([line]).tokens.tolist())

    assert words("12 COMMENTS") == words("34 comments")
    assert words("12 comments") != words("comments 12")


def test_a_lexicon_weighs_what_it_knows():
    known = look_at(["leave a comment"])
    lexicon = Lexicon(known.tokens, np.full(len(known.tokens), -1, dtype=np.float32))
    assert lexicon.weigh(known.tokens).tolist() == [-1] * len(known.tokens)
    assert not lexicon.weigh(look_at(["die Brücke bleibt zu"]).tokens).any()


def test_what_is_known_of_lines_is_what_would_be_found_again():
    lines, texts = Lines(model().lines.lexicon), ["Menu", "The bridge is shut.", "Menu"]
    first, again = lines.of(texts), lines.of(texts)
    fresh = Lines(model().lines.lexicon).of(texts)
    for a, b, c in zip(first, again, fresh, strict=True):
        assert np.array_equal(a, b)
        assert np.array_equal(a, c)


def test_trees_are_walked_as_written():
    trees, rows = model().judges.trees, table(PAGE)
    for row, told in zip(rows, trees.all_scores(rows), strict=True):
        score = trees.bias
        for tree in range(trees.columns.shape[1]):
            leaf = 0
            for level in range(trees.columns.shape[0]):
                leaf |= int(row[trees.columns[level, tree]] > trees.borders[level, tree]) << level
            score += trees.leaves[tree, leaf]
        assert told == pytest.approx(score, abs=1e-4)


def test_scores_of_trees_and_networks_are_averaged():
    judges, rows = model().judges, table(PAGE)
    score = judges.trees.all_scores(rows) * (1 - judges.share)
    score += judges.network.scores(rows) * judges.share
    assert judges.probabilities(rows) == pytest.approx(1 / (1 + np.exp(-score)), abs=1e-5)


@pytest.mark.parametrize(
    ("keep", "words", "expected"),
    [
        ([0.1, 0.9, 0.8, 0.2], [9, 9, 9, 9], (1, 2)),
        ([0.9, 0.4, 0.9], [20, 5, 20], (0, 2)),  # a doubted line between is inside
        ([0.9, 0.1, 0.6], [20, 50, 20], (0, 0)),
        ([0.9, 0.1, 0.9], [20, 0, 20], (0, 2)),  # what a rule claims is no matter of doubt
        ([0.4, 0.3], [9, 9], None),
    ],
)
def test_the_story_is_the_heaviest_run(keep, words, expected):
    assert story_of(np.array(keep, dtype=np.float32), np.array(words)) == expected


@pytest.mark.parametrize("is_inside", [True, False])
def test_calibration_rises_from_nothing_to_nearly_one(is_inside):
    told = calibrated(np.linspace(0, 1, 101), np.full(101, is_inside))
    assert told[0] == 0
    assert 0.9 < told[-1] <= 1
    assert (np.diff(told) >= 0).all()


def test_a_model_of_other_features_is_refused(tmp_path):
    np.savez(tmp_path / "model.npz", features=np.array(["words"]))
    with pytest.raises(ValueError, match="other features"):
        read_model(tmp_path / "model.npz")


def test_its_categories_are_rules_like_all_others():
    found = {r.id for r in load_rulebook().rules if r.detector == "scorer"}
    assert found == {
        "before_article/line", "after_article/line", "short_line_block/line",
        "inside_article/paragraph",
    }  # fmt: skip


def test_cost_grows_linearly_with_lines():
    def seconds(pages):
        text = "\n".join(f"{line} {i}" for i in range(pages) for line in PAGE.split("\n"))
        best = 99.0
        for _ in range(2):
            start = time.process_time()
            clean(text)
            best = min(best, time.process_time() - start)
        return best

    small, large = seconds(50), seconds(200)
    assert large / small < 4 * 2.3


@pytest.mark.parametrize(
    ("hopes", "from_where"),
    [
        pytest.param([0.98, 0.95, 0.1], 1.0, id="little doubt: as usual"),
        pytest.param([0.5, 0.4, 0.3], 0.3, id="much doubt: half of the best F1"),
        pytest.param([0.0, 0.0], 0.0, id="no hope"),
        pytest.param([], 0.0, id="nothing"),
    ],
)
def test_from_where_on_a_line_pays(hopes, from_where):
    words, hopes = np.full(len(hopes), 20.0), np.array(hopes)
    assert paying(best_expected_f1(words, hopes)) == pytest.approx(from_where, abs=0.02)


def test_keeping_everything_is_never_better_than_the_best():
    words, hopes = np.array([30.0, 5.0, 40.0]), np.array([0.9, 0.5, 0.05])
    assert whole_expected_f1(words, hopes) < best_expected_f1(words, hopes)
    assert whole_expected_f1(words, np.ones(3)) == best_expected_f1(words, np.ones(3)) == 1.0

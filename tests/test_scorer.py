"""The learned scorer: its trees, its features, and what it may touch."""

import json

import numpy as np
import pytest

from cleannews import CleanOptions, clean
from cleannews.boilerplate.features import FEATURES, features_of
from cleannews.boilerplate.rulebook import load_rulebook
from cleannews.boilerplate.scorer import calibrated, keep_probabilities, model, read_model
from cleannews.boilerplate.units import units_of
from cleannews.reading.plain import read_plain

MENU = [
    "World",
    "Harbour and coast",
    "Puzzles of the day",
    "Letters page",
    "Tide tables",
    "Shop floor",
]
TEASERS = [
    "Storm Ottilie nears the northern coast",
    "Schools to stay shut until Wednesday",
    "Mayor asks the ferry crews for calm",
    "Why the old lamps are coming back",
    "Ten harbours to see before they silt up",
    "The cook who feeds a whole lighthouse",
]
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


def test_what_stands_outside_the_story_goes_and_says_where_it_stood():
    result = clean(PAGE)
    assert [line for line in STORY if line not in result.text] == []
    gone = {r.span.of(PAGE).strip(): r for r in result.removed}
    assert [gone[line].rule for line in MENU[:4]] == ["before_article/line"] * 4
    assert gone[MENU[0]].evidence.startswith("6 lines above the story's first paragraph")
    assert 0.55 <= gone[MENU[0]].confidence < 1


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
    table = features_of(units(text), {})
    assert table.shape == (len(units(text)), len(FEATURES))
    assert np.isfinite(table).all()


def test_trees_are_walked_as_written():
    trees = model()
    table = features_of(units(PAGE), {})
    for row, probability in zip(table.astype(np.float32), keep_probabilities(table), strict=True):
        score = trees.bias
        for tree in range(trees.columns.shape[1]):
            leaf = 0
            for level in range(trees.columns.shape[0]):
                leaf |= int(row[trees.columns[level, tree]] > trees.borders[level, tree]) << level
            score += trees.leaves[tree, leaf]
        assert probability == pytest.approx(1 / (1 + np.exp(-score)))


def test_calibration_rises_from_nothing_to_nearly_one():
    told = calibrated(np.linspace(0, 1, 101))
    assert told[0] == 0
    assert 0.98 < told[-1] <= 1
    assert (np.diff(told) >= 0).all()


def test_a_model_of_other_features_is_refused():
    with pytest.raises(ValueError, match="other features"):
        read_model(json.dumps({"features": ["words"]}))


def test_its_categories_are_rules_like_all_others():
    found = {r.id for r in load_rulebook().rules if r.detector == "scorer"}
    assert found == {
        "before_article/line", "after_article/line", "short_line_block/line",
        "inside_article/paragraph",
    }  # fmt: skip

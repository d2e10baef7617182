"""The learned scorer of HTML blocks: what it looks at, and that it answers for that alone."""

from dataclasses import replace

import numpy as np
import pytest

from cleannews.boilerplate.block_scorer import (
    calibrated,
    first_look,
    judge,
    judge_by_tree,
    model,
    tree_look,
)
from cleannews.boilerplate.layout import shifted
from cleannews.boilerplate.likeness import likeness, likenesses, likes_of, shares_in
from cleannews.boilerplate.outline import Outline, outline_of
from cleannews.boilerplate.surroundings import surroundings_of
from cleannews.document import delete_spans
from cleannews.reading.html import parse_html
from cleannews.reading.rendering import render

PAGES = {
    "one block": "<p>Snow fell.",
    "a page": "<nav><a href=/>News</a></nav><article><h1>Snow</h1><p>Snow fell in the night.<p>By noon "
    "the harbour was white, and the boats lay still.</article><footer>The end</footer>",
    "the same line often": "<ul>" + "<li>Snow</li>" * 50 + "</ul>",
    "deep": "<div>" * 200 + "Snow fell." + "</div>" * 200,
    "tables": "<table>" + "<tr><td>Snow<td>12</tr>" * 9 + "</table>",
    "no words": "<p>—</p><p>12</p>",
}


def page_of(html):
    return render(parse_html(f"<html><body>{html}").root)


@pytest.fixture(params=PAGES, ids=list(PAGES))
def page(request):
    return page_of(PAGES[request.param])


def test_the_columns_are_those_that_the_model_knows(page):
    known = model()
    layout, columns, table = first_look(page, {}, known.lines, known.names)
    more, around = surroundings_of(layout, known.first.probabilities(table))
    assert (*columns, *more) == known.columns
    assert table.shape == (len(page.blocks), len(columns))
    assert around.shape == (len(page.blocks), len(more))
    assert len(set(known.columns)) == len(known.columns)
    assert np.isfinite(table).all()
    assert np.isfinite(around).all()


def test_the_tree_has_columns_of_its_own(page):
    _, columns, table = tree_look(page, model().names)
    assert table.shape == (len(page.blocks), len(columns))
    assert len(set(columns)) == len(columns)
    assert np.isfinite(table).all()


@pytest.mark.parametrize("look", [judge_by_tree, lambda page: judge(page, {})])
def test_a_probability_for_each_block_and_the_same_again(page, look):
    keep = look(page)[1]
    assert keep.shape == (len(page.blocks),)
    assert ((keep >= 0) & (keep <= 1)).all()
    look(page_of(PAGES["a page"]))
    assert (look(page)[1] == keep).all()


def test_a_model_of_other_features_is_refused():
    page = page_of(PAGES["a page"])
    other = replace(model(), columns=model().columns[1:])
    with pytest.raises(ValueError, match="other features"):
        judge(page, {}, other)


def test_what_is_surely_a_story_is_calibrated_below_what_is_surely_not():
    keep = np.array([0.0, 0.3, 0.7, 1.0], dtype=np.float32)
    for is_inside in (np.zeros(4, dtype=bool), np.ones(4, dtype=bool)):
        doubts = calibrated(keep, is_inside)
        assert (np.diff(doubts) <= 0).all()
        assert ((doubts >= 0) & (doubts <= 1)).all()


@pytest.mark.parametrize(
    ("step", "expected"),
    [(1, [-1, 1, 2]), (-1, [2, 3, -1]), (2, [-1, -1, 1]), (5, [-1, -1, -1]), (-5, [-1, -1, -1])],
)
def test_shifted(step, expected):
    assert shifted(np.array([1, 2, 3]), step, -1).tolist() == expected


def test_shares_in_bodies():
    blocks = page_of("<p>Snow fell in the night.<p>Nobody saw it.<p>Snow fell in June.").blocks
    words = [b.text.casefold().split() for b in blocks]
    assert shares_in(words, []) == [-1, -1, -1]
    shares = shares_in(words, ["Snow fell in the night. By noon it had gone."])
    assert shares == pytest.approx([1.0, 0.0, 0.5])


def test_likeness_to_titles():
    words = [frozenset(w.split()) for w in ("snow in june", "snow", "the pier")]
    assert likeness(words, []) == [-1, -1, -1]
    assert likeness(words, ["Snow in June"]) == pytest.approx([1.0, 1 / 3, 0.0])


def test_likeness_to_several_kinds_of_texts():
    blocks = [["snow", "fell"], ["rain"], []]
    kinds = [["Snow in June", "Snow fell"], [], ["one"], ["Rain, rain", "rain and snow"]]
    assert likenesses(blocks, kinds) == [likeness(blocks, texts) for texts in kinds]


def test_what_a_page_knows_of_its_blocks_is_what_would_be_worked_out_again():
    html = "<title>Snow in June</title><h1>Snow in June</h1><p>The pier<p>Snow in June<p>Snow"
    page = render(parse_html(html).root)
    first = [values.tolist() for values in likes_of(page)]
    assert first[1] == [1, 0, 1, pytest.approx(1 / 3)]
    assert [values.tolist() for values in likes_of(page)] == first
    assert [values.tolist() for values in likes_of(replace(page, memory={}))] == first
    part = replace(page, blocks=page.blocks[2:])
    assert [values.tolist() for values in likes_of(part)] == [values[2:] for values in first]


def test_the_outline_of_what_is_left_is_what_would_be_made_anew():
    names = model().names
    body = "".join(
        f"<div class='story x{i}'><ul><li>Snow<li><a href=/>Pier {i}</a></ul></div>"
        for i in range(9)
    )
    page = page_of(f"<nav class=menu>News</nav>{body}<footer id=end>The end</footer>")
    outline_of(page, names)
    for gone in (range(3), range(4, 15), [0, 5, 18], range(1, 19), []):
        spans = [page.blocks[i].span for i in gone]
        left = page.without(spans, delete_spans(page.text, spans))
        narrowed, anew = outline_of(left, names), Outline(left, names)
        assert narrowed is not page.memory["outline"][1]
        for name, value in vars(anew).items():
            assert np.array_equal(getattr(narrowed, name), value), name


def test_a_page_with_more_blocks_has_an_outline_of_its_own():
    names = model().names
    page = page_of(PAGES["a page"])
    span = page.blocks[0].span
    left = page.without([span], delete_spans(page.text, [span]))
    outline_of(left, names)
    assert np.array_equal(outline_of(page, names).origins, Outline(page, names).origins)

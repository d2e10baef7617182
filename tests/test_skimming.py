"""The quick look of the option ``fast``: its pieces, what it judges, and what becomes of a page."""

import time
from itertools import pairwise

import numpy as np
import pytest

from cleannews import CleanOptions, clean
from cleannews.boilerplate.glance import glance
from cleannews.boilerplate.skim_scorer import (
    COLUMNS,
    features_of_pieces,
    judge_pieces,
    model,
    read_model,
)
from cleannews.reading.facts import Facts, facts_of
from cleannews.reading.html import parse_html
from cleannews.reading.rendering import Told, render
from cleannews.reading.skimming import LONG, LONG_UNSPACED, length_of_prose, skim

LONG_LINE = (
    "The harbour office has bought a second bell, which is to ring when the first one is too cold."
)
STORY = "".join(
    f"<p>{LONG_LINE} It was cast in a village that has made bells since 1720 and {what}.</p>"
    for what in ("nothing else", "one very large spoon", "two gates", "a weather vane")
)
PAGE = f"""<html><head><title>Second bell for the harbour</title></head><body>
<nav><ul><li><a href=/a>Home</a><li><a href=/b>News</a><li><a href=/c>Sport</a></ul></nav>
<main><article><h1>Second bell for the harbour</h1>{STORY}</article></main>
<aside class=related><h3>More</h3><p><a href=/1>Snow in June</a><p><a href=/2>Ferry late</a></aside>
<footer>All rights reserved</footer></body></html>"""
FAST = CleanOptions(fast=True)


def pieces_of(html, length=LONG):
    return skim(parse_html(html).root, length).pieces


def test_a_page_falls_into_its_paragraphs_and_what_stands_beside_them():
    pieces = pieces_of(PAGE)
    assert [p.is_prose for p in pieces] == [False, False, True, True, True, True, False, False]
    assert [len(p.lines) for p in pieces] == [3, 1, 1, 1, 1, 1, 3, 1]
    assert (pieces[0].links, pieces[0].linked, pieces[1].heading) == (3, len("HomeNewsSport"), 1)


@pytest.mark.parametrize(
    ("html", "lines"),
    [
        (f"<div>{LONG_LINE} It <b>rang</b> at noon.</div>", [[f"{LONG_LINE} It rang at noon."]]),
        (f"<div>By Ana<p>{LONG_LINE}</p>Harbour<i> news</i></div>", [["By Ana"], [LONG_LINE], ["Harbour news"]]),
        (f"<font><p>{LONG_LINE}<p>{LONG_LINE}</font>", [[LONG_LINE], [LONG_LINE]]),
        (f"<ul><li>{LONG_LINE}<li>Snow</ul>", [[LONG_LINE], ["Snow"]]),
        (f"<script>{LONG_LINE}</script><style>{LONG_LINE}</style><p>Snow", [["Snow"]]),
        (f"<p>{' ' * 100}</p><p>Snow", [["Snow"]]),
        ("<p></p><div><span> </span></div>", []),
        ("", []),
    ],
    ids=["a line with tags in it", "text beside paragraphs", "a wrapper within lines", "a list of prose",
         "scripts", "white space", "nothing shown", "an empty page"],
)  # fmt: skip
def test_pieces(html, lines):
    assert [p.lines for p in pieces_of(f"<html><body>{html}")] == lines


def test_prose_is_shorter_where_words_are_not_spaced():
    assert length_of_prose(LONG_LINE) == LONG
    assert length_of_prose("橋は来年閉鎖される。") == LONG_UNSPACED


def test_every_text_of_the_body_is_in_one_piece():
    texts = " ".join(" ".join(p.lines) for p in pieces_of(PAGE)).split()
    shown = render(parse_html(PAGE).root).text.split()
    assert sorted(texts) == sorted(shown)


def test_the_columns_are_those_that_the_model_knows():
    seen = skim(parse_html(PAGE).root)
    table = features_of_pieces(seen, Facts(), model().names)
    assert table.shape == (len(seen.pieces), len(COLUMNS))
    assert len(set(COLUMNS)) == len(COLUMNS)
    assert np.isfinite(table).all()


def test_one_piece_is_enough_to_be_judged():
    seen = skim(parse_html("<html><body>Snow").root)
    assert judge_pieces(seen, Facts()).shape == (1,)


def test_a_model_of_other_features_is_refused(tmp_path):
    path = tmp_path / "old.npz"
    np.savez(path, features=np.frombuffer(b"prose", dtype=np.uint8))
    with pytest.raises(ValueError, match="other features"):
        read_model(path)


def test_a_page_without_a_story_needs_a_closer_look():
    root = parse_html("<html><body><ul><li>Home<li>News</ul>").root
    assert glance(root, facts_of(root), LONG) is None
    empty = parse_html("<html><head></head></html>").root
    assert empty is None or glance(empty, Facts(), LONG) is None


def test_what_goes_is_one_block_and_the_rest_is_rendered():
    root = parse_html(PAGE).root
    nav = root.find(".//nav")
    page = render(root, told={nav: Told(0.1, ["Home", "News"]), root.find(".//main"): Told(0.9)})
    assert page.blocks[0].text == "Home\nNews"
    assert page.blocks[1].text == "Second bell for the harbour"
    assert page.keeps[:2] == (0.1, 0.9)
    assert len(page.keeps) == len(page.blocks)
    assert page.xpath(0) == "/html/body[1]/nav[1]"
    assert page.without([], page.text).keeps == ()


def test_the_story_stays_and_each_box_goes_with_its_reason():
    result = clean(PAGE, options=FAST)
    assert result.text == clean(PAGE).text
    told = {result.document.text[r.span.start : r.span.end].strip(): r for r in result.removed}
    assert told["Home\nNews\nSport"].category == "navigation"
    assert told["Home\nNews\nSport"].evidence.startswith("in <nav>")
    assert told["More\nSnow in June\nFerry late"].category == "related"
    assert told["Second bell for the harbour"].category == "headline"


def test_nothing_is_lost():
    result = clean(PAGE, options=FAST)
    whole = clean(PAGE)
    assert result.document.text.split() == whole.document.text.split()
    spans = [r.span for r in result.removed]
    assert all(a.end <= b.start for a, b in pairwise(spans))


def test_what_a_page_hides_can_be_its_story_and_data_too():
    body = " ".join([LONG_LINE] * 5)
    page = f'<html><script type="application/ld+json">{{"@type": "NewsArticle", "articleBody": "{body}"}}</script>'
    assert LONG_LINE in clean(f"{page}<body><p>Subscribe", options=FAST).text


def test_a_strictness_that_keeps_more_keeps_no_less():
    more = clean(PAGE, options=CleanOptions(fast=True, strictness="keep_more"))
    assert set(clean(PAGE, options=FAST).text.split("\n")) <= set(more.text.split("\n"))


def test_options_that_rules_know_best_get_the_whole_page_read():
    kept = clean(PAGE, options=CleanOptions(fast=True, headline="keep"))
    assert kept.text.startswith("Second bell for the harbour")


@pytest.mark.parametrize("bait", ["<div>", "<div><a>", "<ul><li>", "<span><p>"])
def test_the_look_takes_time_in_step_with_the_page(bait):
    def seconds(count):
        html = f"<html><body>{bait * count}{LONG_LINE}{'<p>Snow</p>' * count}"
        root = parse_html(html).root
        start = time.process_time()
        skim(root)
        return time.process_time() - start

    least = min(seconds(400) for _ in range(3))
    assert min(seconds(1600) for _ in range(3)) < 16 * max(least, 0.001)

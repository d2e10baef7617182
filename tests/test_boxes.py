"""What goes from an HTML page, under which name, and what never does."""

import json

import numpy as np
import pytest

from cleannews import CleanOptions, clean, detect
from cleannews.boilerplate import boxes
from cleannews.boilerplate.boxes import (
    HEAD,
    LEAST_DOUBT,
    _Namer,
    never_too_little,
    settled,
    undecided,
)
from cleannews.boilerplate.detectors.boxes import unwanted
from cleannews.boilerplate.layout import Layout
from cleannews.boilerplate.naming import Names
from cleannews.document import Span, delete_spans
from cleannews.reading.html import parse_html
from cleannews.reading.rendering import render

STORY = """<p>The harbour office has bought a second bell, which is to ring when the first one is too
cold to be heard across the bay.</p><p>It was cast in a village that has made bells since 1720 and nothing
else, apart from one very large spoon.</p>"""
SHOWN = "The council will meet the ferry people again on Thursday, in the school."


def page_of(body, title="Second bell for the harbour"):
    return render(parse_html(f"<html><head><title>{title}</title></head><body>{body}").root)


def name_of(body, words):
    """The category and reason of the block with some words, told the blocks of STORY are it."""
    page = page_of(body)
    layout = Layout(page, Names({}, {}), np.zeros(len(page.blocks), dtype=np.float32))
    story = [
        b.index for b in page.blocks if b.text.startswith(("The harbour office", "It was cast"))
    ]
    at = next(b.index for b in page.blocks if words in b.text)
    return _Namer(layout, (story[0], story[-1])).name(at)


NAMED = [
    ("comments", f"{STORY}<div class=comment-list><p>I heard it!", "comments", "in <div> named “comment-list”"),
    ("a menu in comments", f"{STORY}<div id=comments><nav>I heard it!", "comments", ""),
    ("a share bar in a footer", f"{STORY}<footer><div class=share>I heard it!", "share", "in <div> named “share”"),
    ("a footer", f"{STORY}<footer>I heard it!", "navigation", "in <footer>"),
    ("a caption", f"<figure><figcaption>I heard it!</figcaption></figure>{STORY}", "caption", "in <figcaption>"),
    ("a caption named like tags", f"<figure><figcaption class=label>I heard it!</figcaption></figure>{STORY}", "caption", ""),
    ("a short author's name", f"<p class=author>I heard it!</p>{STORY}", "byline", ""),
    ("about the author", f"{STORY}<div class=author><p>I heard it, says the man who wrote all this about bells and spoons.", "author_box", ""),
    ("a date", f"<p class=date>I heard it!</p>{STORY}", "date", ""),
    ("a consent window", f"<div class=cookie-modal><p>I heard it!</div>{STORY}", "cookie", ""),
    ("a consent window named after a banner", f"<div class='banner consent'><p>I heard it!</div>{STORY}", "cookie", ""),
    ("hidden", f"<p hidden>I heard it!</p>{STORY}", "hidden", "not shown on the page"),
    ("hidden by style", f"{STORY}<p style='display: none'>I heard it!", "hidden", "not shown on the page"),
    ("the headline", f"<h1>I heard it!</h1>{STORY}", "headline", "the page's title"),
    ("the title again", f"<p>Second bell for the harbour I heard it!</p>{STORY}", "headline", "the page's title"),
    ("above", f"<p>I heard it!</p>{STORY}", "before_article", ""),
    ("below", f"{STORY}<p>I heard it!", "after_article", ""),
    ("between", STORY.replace("</p><p>", "</p><div>I heard it!</div><p>"), "short_line_block", ""),
    ("a standfirst", f"<p class=standfirst>I heard it, and so did everybody else within four miles of the old pier.</p>{STORY}", "standfirst", ""),
]  # fmt: skip


@pytest.mark.parametrize(
    ("body", "category", "why"), [pytest.param(*row[1:], id=row[0]) for row in NAMED]
)
def test_names(body, category, why):
    named, reason = name_of(body, "I heard it")
    assert named == category
    assert why in reason


def test_the_pages_own_frame_names_nothing():
    # The body and what holds nearly all words are named after everything that is somewhere in them.
    body = f"<div class='comments share'>{STORY}<p>I heard it!</p></div>"
    assert name_of(body, "I heard it")[0] == "after_article"


ASKED = [
    ("nothing", CleanOptions(), []),
    ("subheads", CleanOptions(subheads="remove"), ["What it cost"]),
    ("tables", CleanOptions(tables="remove"), ["Bell", "12", "Spoon", "3"]),
]


@pytest.mark.parametrize(("options", "texts"), [pytest.param(*r[1:], id=r[0]) for r in ASKED])
def test_what_is_unwanted(options, texts):
    page = page_of(
        f"{STORY}<h2>What it cost</h2><table><tr><td>Bell<td>12<tr><td>Spoon<td>3</table>"
    )
    found = unwanted(page, options)
    assert [f.span.of(page.text) for f in found] == texts
    assert all(f.rule.startswith("option/") for f in found)


@pytest.mark.parametrize(
    ("html", "doubts", "left"),
    [
        pytest.param(STORY, [0.9, 0.99], [LEAST_DOUBT, 0.99], id="a story never goes whole"),
        pytest.param(STORY, [0.2, 0.99], [0.2, 0.99], id="one that stays is enough"),
        pytest.param(STORY, [0.6, 0.65], [LEAST_DOUBT, LEAST_DOUBT], id="both pay"),
        pytest.param(STORY, [0.02, 0.7], [0.02, 0.7], id="what pays little goes as usual"),
        pytest.param("<p>Home</p><p>News</p>", [0.9, 0.99], [0.9, 0.99], id="a menu holds none"),
        pytest.param("<p>Home</p><p>News</p>", [0.6, 0.6], [LEAST_DOUBT] * 2, id="a list may"),
    ],
)
def test_not_more_goes_than_pays(html, doubts, left):
    page = page_of(html)
    words = np.array([b.words for b in page.blocks], dtype=np.float32)
    assert never_too_little(page, words, np.array(doubts)).tolist() == left


SHORT = "<p>It rang on Monday, and nobody on the pier slept.</p>"


@pytest.mark.parametrize(
    ("name", "title", "body", "goes"),
    [
        ("like the title", "Second bell", f"<h1>Second bell</h1>{STORY}", True),
        ("unlike the title", "Harbour Post", f"<h1>Second bell</h1>{STORY}", False),
        ("on a page without a title", "", f"<h1>Second bell</h1>{STORY}", True),
        ("above a short paragraph", "", f"<h1>Second bell</h1>{SHORT}", True),
        ("no main heading", "", f"<h2>Second bell</h2>{STORY}", False),
        ("below the story", "", f"{STORY}<h1>Second bell</h1>", False),
    ],
)
def test_a_headline_above_the_story_is_not_its_body(name, title, body, goes):
    page = page_of(body, title)
    layout = Layout(page, Names({}, {}), np.zeros(len(page.blocks), dtype=np.float32))
    keep, _, _ = settled(layout, np.full(layout.size, 0.9, dtype=np.float32))
    at = next(b.index for b in page.blocks if b.text == "Second bell")
    assert (keep[at] <= HEAD) == goes, name


def test_a_doubtful_heading_stays_above_what_stays():
    page = page_of(f"{STORY}<h2>What comes next</h2><p>{SHOWN}</p><h2>Elsewhere</h2><p>More</p>")
    layout = Layout(page, Names({}, {}), np.zeros(len(page.blocks), dtype=np.float32))
    kept, _, _ = undecided(layout, np.array([0.9, 0.9, 0.3, 0.9, 0.3, 0.1]))
    assert (kept >= 0.5).tolist() == [True, True, True, True, False, False]


@pytest.mark.parametrize("fast", [False, True])
@pytest.mark.parametrize("box", ["aside", "footer", "nav", "div class=comments", "form"])
def test_a_page_with_sentences_is_never_empty(box, fast):
    result = clean(f"<html><body><{box}>{STORY}", options=CleanOptions(fast=fast))
    assert result.text.strip()


def data_page(shown):
    body = " ".join(STORY.replace("<p>", "").replace("</p>", " ").split()) + " " + SHOWN
    data = json.dumps({"@type": "NewsArticle", "articleBody": f"{body}\n{SHOWN}"})
    return (
        f'<html><head><script type="application/ld+json">{data}</script></head><body>{shown}'
        "<p>To read on, log in.</p>"
    )


@pytest.mark.parametrize("fast", [False, True])
def test_a_story_that_is_data_only_is_kept_and_its_teaser_goes(fast):
    teaser = (
        "<p>The harbour office has bought a second bell, which is to ring when the first one is"
    )
    result = clean(data_page(teaser), options=CleanOptions(fast=fast))
    assert result.text.count("has bought a second bell") == 1
    assert "one very large spoon" in result.text
    assert result.page.shown == 2


def test_a_story_that_is_shown_is_not_read_twice():
    more = (
        "<p>It can be heard as far as the lighthouse, whose keeper has asked for a third one.</p>"
    )
    result = clean(data_page(f"<article>{STORY}<p>{SHOWN}</p>{more}</article>"))
    assert result.document.text.count("has bought a second bell") == 1
    assert result.page.shown == len(result.page.blocks)


# --- what is left of a page ---------------------------------------------------------------------

THREE = "<p>One <a href=/1>link</a>.</p><h2>Two</h2><p><a href=/3>Three</a> ends.</p>"


@pytest.mark.parametrize("gone", [(), (0,), (1,), (2,), (0, 2), (0, 1, 2)])
def test_a_page_without_some_blocks(gone):
    page = page_of(THREE)
    spans = []
    for i in gone:  # with the white space behind it, as removals have it
        end = page.blocks[i + 1].start if i + 1 < len(page.blocks) else len(page.text)
        spans.append(Span(page.blocks[i].start, end))
    text = delete_spans(page.text, spans)
    left = page.without(spans, text)
    kept = [b for b in page.blocks if b.index not in gone]
    assert [b.text for b in left.blocks] == [b.text for b in kept]
    assert [text[b.start : b.end] for b in left.blocks] == [b.text for b in kept]
    assert [b.index for b in left.blocks] == list(range(len(kept)))
    assert left.seen == tuple(page.seen[b.index] for b in kept)
    assert left.shown == len(kept)
    words = {"/1": "link", "/3": "Three"}
    assert [text[link.start : link.end] for link in left.links] == [
        words[link.target] for link in left.links
    ]
    assert len(left.links) == sum(b.index != 1 for b in kept)
    if kept:
        assert left.xpath(0) == page.xpath(kept[0].index)


@pytest.mark.parametrize("fast", [False, True], ids=["both looks", "the tree alone"])
def test_detect_sees_of_a_page_what_clean_sees(fast):
    html = (
        "<title>Second bell</title><nav><ul>" + "<li><a href=/a>Harbour</a>" * 9 + "</ul></nav>"
        f"<article><h1>Second bell</h1>{STORY}<p>Also read: the first bell</p></article>"
        "<div class=comment-list><p>I heard it from the pier, and so did my dog.</div>"
        "<footer><a href=/b>Imprint</a> <a href=/c>Contact</a></footer>"
    )
    options = CleanOptions(fast=fast)
    result = clean(html, options=options)
    found = detect(html, options=options)
    starts = [f.span.start for f in found]
    assert starts == sorted(starts)
    assert all(f.span.end <= len(result.document.text) for f in found)
    by_tree = [r for r in result.removed if "likely part of the story" in r.evidence]
    assert by_tree
    spans = {(f.rule, f.span.start, f.span.end) for f in found}
    for removal in by_tree:
        assert any(
            rule == removal.rule and removal.span.start <= start and end <= removal.span.end
            for rule, start, end in spans
        )


def test_what_tells_of_the_story_is_read_however_certainly_it_goes(monkeypatch):
    monkeypatch.setattr(boxes, "CERTAIN", LEAST_DOUBT)  # all that goes is certain to go
    shot = (
        "<figure><figcaption>The bell on the pier. Photo: Runa Ekskog / Skerry Press</figcaption>"
    )
    html = f"<title>A bell</title><article>{shot}</figure>{STORY}</article><footer>Skerry Press"
    result = clean(f"<html>{html}</footer></html>")
    assert "Runa Ekskog" not in result.text
    assert [c.value for c in result.metadata.photo_credits] == ["Runa Ekskog / Skerry Press"]

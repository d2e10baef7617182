"""The promises for HTML pages. Their text is what the page shows; spans point into that."""

import pickle
from dataclasses import replace
from html import escape

from hypothesis import given
from hypothesis import strategies as st

import cleannews
from cleannews import CleanOptions, CleanResult, delete_spans
from strategies import texts
from test_properties import EXAMPLES, budget, check_threads

SCORED = ("before_article", "after_article", "short_line_block", "inside_article")
WRAPPINGS = [
    "<p>{}</p>", "<li>{}</li>", "<div>{}</div>", "<h2>{}</h2>", "<td>{}</td>", "<blockquote>{}",
    "<aside>{}</aside>", "<nav><a href=/a>{}</a></nav>", "<div class='share-bar'>{}</div>",
    "<div class=comments><p>{}</p></div>", "<p hidden>{}</p>", "<figure><figcaption>{}</figcaption>",
    "{}<br>", "<pre>{}</pre>", "<footer>{}</footer>", "<form>{}</form>", "<b>{}</b>", "<!--{}",
]  # fmt: skip
PAGE_OPTIONS = [
    CleanOptions(),
    CleanOptions(fast=True),
    CleanOptions(strictness="strict"),
    CleanOptions(subheads="remove", tables="remove", comments="keep"),
    CleanOptions(headline="keep", byline="keep", dates="keep", captions="keep"),
]


@st.composite
def pages(draw):
    """A page of our own pieces of text in elements of all kinds."""
    lines = [line for line in draw(texts()).splitlines() if line.strip()][:60]
    title = draw(st.sampled_from([*lines, "Old bridge closes"]))
    wrapped = [draw(st.sampled_from(WRAPPINGS)).format(escape(line)) for line in lines]
    return f"<!doctype html><title>{escape(title)}</title><body>{''.join(wrapped)}"


def check_page(html, options):
    result = cleannews.clean(html, options=options)
    assert delete_spans(result.document.text, result.removed) == result.text
    for removal in result.removed:
        assert removal.evidence
        assert 0 < removal.confidence <= 1
    # What is left of a page is flat text: the rules have nothing to add, and lines are not scored.
    again = replace(options, source="text", ignore=(*options.ignore, *SCORED))
    assert cleannews.clean(result.text, options=again).text == result.text
    assert cleannews.clean(html, options=options) == result
    assert CleanResult.from_dict(result.to_dict()) == result
    assert pickle.loads(pickle.dumps(result)) == result
    for found in (*result.removed, *result.flagged, *result.warnings):
        if found.span is not None:
            assert found.span.end <= len(result.document.text)
    assert 0 <= result.confidence <= 1
    result.to_markdown()
    result.to_html()


@budget(max(60, EXAMPLES // 20))
@given(pages(), st.sampled_from(PAGE_OPTIONS))
def test_promises_hold_for_pages(html, options):
    check_page(html, options)


@budget(max(60, EXAMPLES // 20))
@given(
    st.lists(
        st.sampled_from(
            ["<p>", "</p>", "<div>", "<td>", "<!--", "<br>", "&amp", "<a href=", ">", "word "]
        ),
        max_size=60,
    )
)
def test_promises_hold_for_broken_pages(pieces):
    check_page("<html>" + "".join(pieces), CleanOptions(source="html"))


@budget(10)
@given(st.lists(pages(), min_size=2, max_size=4))
def test_threads_change_no_page(many):
    check_threads(many)


def test_a_line_that_a_page_showed_is_still_markdown_in_a_text():
    line, story = (
        '* [Home](/home "Home")',
        "The council voted on Monday to close the old bridge for good.",
    )
    # Rules of their own have a memory of their own, which nothing has looked into yet.
    options = CleanOptions(ignore=("placeholder/wp-shortcode",))
    fresh = CleanOptions(ignore=("placeholder/wp-shortcode", "comments/counter"))
    cleannews.clean(f"<p>{line}</p><p>{story}</p>", options=options)
    told = cleannews.clean(f"{story}\n\n{line}", options=options).text
    assert told == cleannews.clean(f"{story}\n\n{line}", options=fresh).text == story

"""What a page is told to be when it is no article."""

import pytest

from cleannews.boilerplate.page_kinds import LEAST_STORY, kinds_of
from cleannews.document import Removal
from cleannews.reading.html import parse_html
from cleannews.reading.rendering import render

STORY = "".join(
    f"<p>The {day} boat brought the post, two goats and a sack of flour to the island.</p>"
    for day in ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday")
)
BRIEF = "<p>The boat brought the post to the island on Monday.</p>"
LINKS = "".join(f"<li><a href=/{i}>Story of the island, part {i}</a></li>" for i in range(40))
CONSENT = "<p>We and our partners keep cookies on your device and read them again later.</p>" * 3


def typed(kind):
    return f'<script type="application/ld+json">{{"@type": "{kind}"}}</script>'


def card(kind):
    return f'<meta property="og:type" content="{kind}">'


def kinds(html, gone=()):
    """Codes for a page of which blocks with some words went under a category."""
    page = render(parse_html(html).root)
    removed = [
        Removal(b.span, f"{category}/x", category, 1.0, "asked for")
        for b in page.blocks
        for word, category in gone
        if word in b.text
    ]
    left = [b for b in page.blocks if b.span not in {r.span for r in removed}]
    return [w.code for w in kinds_of(page, left, removed)]


ROWS = [
    ("a story", STORY, []),
    ("a brief story", BRIEF, []),
    ("nothing", "", []),
    ("a live blog, whatever it holds", typed("LiveBlogPosting") + STORY, ["live_blog"]),
    ("a forum, whatever it holds", typed("DiscussionForumPosting") + STORY, ["forum"]),
    ("questions and answers", typed("QAPage") + BRIEF, ["forum"]),
    ("a video with hardly a story", typed("VideoObject") + BRIEF, ["video_page"]),
    ("a video's card", card("video.other") + BRIEF, ["video_page"]),
    ("a story with a video", typed("VideoObject") + STORY, []),
    ("a gallery with hardly a story", typed("ImageGallery") + BRIEF, ["gallery"]),
    ("a story with a gallery", typed("ImageGallery") + STORY, []),
    ("a list of pages", BRIEF + f"<ul>{LINKS}</ul>", ["index_page"]),
    ("a story above a list of pages", STORY + f"<ul>{LINKS}</ul>", []),
    ("a short list of pages", BRIEF + "<ul><li><a href=/a>Goats</a></ul>", []),
    ("an unknown type", typed("Island") + BRIEF, []),
]  # fmt: skip


@pytest.mark.parametrize(("html", "codes"), [pytest.param(*r[1:], id=r[0]) for r in ROWS])
def test_kinds(html, codes):
    assert kinds(f"<html><body>{html}") == codes


def test_a_page_of_consent():
    assert kinds(CONSENT + BRIEF, [("cookies", "cookie")]) == ["consent_page"]
    assert kinds(STORY + CONSENT, [("cookies", "cookie")]) == []
    assert kinds(CONSENT + BRIEF, [("cookies", "related")]) == []


def test_the_rows_lie_on_both_sides_of_a_brief_story():
    words = [sum(b.words for b in render(parse_html(h).root).blocks) for h in (BRIEF, STORY)]
    assert words[0] < LEAST_STORY <= words[1]

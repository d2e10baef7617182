"""What an HTML page is when it is no article, told as warnings."""

from __future__ import annotations

from collections.abc import Sequence

from cleannews.document import Block, Removal, Warning_
from cleannews.reading.html_page import HtmlPage

LEAST_STORY = 60
"""Fewest words of a story; a page with fewer may be of another kind."""
LEAST_LISTED, LISTED = 30, 0.5
"""Fewest blocks that are links, and their least share, on a page that lists other pages."""
LEAST_CONSENT = 0.5
"""Least share of a page's words in a consent window, when there is hardly a story."""
_TYPES = {
    "live_blog": frozenset({"liveblogposting"}),
    "forum": frozenset({"discussionforumposting", "qapage"}),
    "video_page": frozenset(
        {"videoobject", "video.other", "video.movie", "video", "video.episode"}
    ),
    "gallery": frozenset({"imagegallery", "mediagallery", "gallery"}),
}
_ALWAYS = frozenset({"live_blog", "forum"})
"""Kinds that a page is whatever it holds; the others only when there is hardly a story."""
DETAILS = {
    "live_blog": "this is a live blog: entries by time, not one story",
    "forum": "this is a forum or a page of questions: posts by readers, not one story",
    "video_page": "this is a page for a video; what is left is hardly a story",
    "gallery": "this is a gallery; what is left is hardly a story",
    "index_page": "this page lists other pages; what is left is hardly a story",
    "consent_page": "most of this page asks for consent; the story may not have been loaded",
}


def kinds_of(page: HtmlPage, left: Sequence[Block], removed: Sequence[Removal]) -> list[Warning_]:
    """Return warnings for what a page is instead of an article.

    Args:
        page: The page as it was read.
        left: Blocks that cleaning left of it.
        removed: What went.
    """
    kinds = page.facts.kinds
    is_brief = sum([b.words for b in left if b.is_prose]) < LEAST_STORY
    found = [
        name for name, types in _TYPES.items() if kinds & types and (name in _ALWAYS or is_brief)
    ]
    if is_brief and not found:
        links = sum([b.links > LISTED for b in page.blocks])
        words = sum([b.words for b in page.blocks])
        consent = sum([len(r.span) for r in removed if r.category == "cookie"])
        if words and consent > LEAST_CONSENT * len(page.text):
            found.append("consent_page")
        elif links >= LEAST_LISTED and links > LISTED * len(page.blocks):
            found.append("index_page")
    return [Warning_(name, DETAILS[name]) for name in found]

"""What every page and notebook view is made of: escaping, links, colours, the page's frame."""

from __future__ import annotations

import hashlib
import html
import re
from collections.abc import Iterable
from functools import lru_cache
from importlib.resources import files
from urllib.parse import urlsplit

from cleannews._version import __version__
from cleannews.boilerplate.explain import UNPRINTABLE, escape_character, printable
from cleannews.boilerplate.shipped import shipped_rules

GENERATOR = "cleannews"
"""Name in the page's generator mark, by which a later run knows a page of our own."""

POLICY = "default-src 'none'; style-src 'unsafe-inline'"
"""What a browser may load for a page of ours: nothing."""

# Hues (degrees on the oklch wheel) by family: what looks for clicks is warm, what names people and
# dates is blue, what tells where the text came from is green. A name is always printed beside it.
HUES = {
    "advertisement": 35, "placeholder": 20, "share": 45, "newsletter": 60, "paywall": 75,
    "related": 90, "comments": 105,
    "source_credit": 135, "agency": 150, "dateline": 160, "copyright": 170, "site_credit": 180,
    "caption": 195, "photo_credit": 205, "video": 215, "embed": 225,
    "headline": 245, "byline": 260, "author_box": 272, "date": 285,
    "navigation": 300, "policy": 310, "tags": 320, "cookie": 330, "disclaimer": 340, "notice": 350,
    "live_blog": 120, "truncation": 5, "residue": 290, "repeat": 355,
    "before_article": 12, "after_article": 28, "short_line_block": 52, "inside_article": 68,
    "site_template": 305, "standfirst": 250, "hidden": 335,
}  # fmt: skip


def document(title: str, body: Iterable[str], *, sheets: Iterable[str] = ("page.css",)) -> str:
    """Return a page of one file that loads nothing.

    Args:
        title: Of the page; it is escaped here.
        body: Pieces of HTML.
        sheets: Names of style sheets of this package, written into the page.
    """
    return "".join(
        [
            '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n',
            f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">\n',
            '<meta name="viewport" content="width=device-width, initial-scale=1">\n',
            f'<meta name="generator" content="{GENERATOR} {__version__}">\n',
            '<meta name="color-scheme" content="light dark">\n',
            f"<title>{attribute(title)} – cleannews</title>\n",
            f"<style>\n{''.join(map(stylesheet, sheets))}</style>\n</head>\n<body>\n",
            *body,
            "</body>\n</html>\n",
        ]
    )


def fragment(body: Iterable[str], *, sheets: Iterable[str] = ("page.css",)) -> str:
    """Return a notebook cell's HTML: scoped style sheets and the pieces."""
    return "".join([f"<style>\n{''.join(map(stylesheet, sheets))}</style>\n", *body])


def shown(value: str) -> str:
    r"""Return text for an element: escaped, and nothing in it can move, hide or reorder.

    >>> shown("a<b\x1b")
    'a&lt;b<span class="unprintable">\\u001b</span>'
    """

    def escape(match: re.Match[str]) -> str:
        character = match.group()
        if character in "\t\n":
            return character
        return f'<span class="unprintable">{escape_character(character)}</span>'

    return UNPRINTABLE.sub(escape, html.escape(value, quote=True))


def attribute(value: str) -> str:
    """Return text for an attribute's value."""
    return html.escape(printable(value), quote=True)


def linked(value: str) -> str:
    """Return text, as a link when it is a web address and nothing else."""
    try:
        parts = urlsplit(value)
    except ValueError:
        return shown(value)
    plain = printable(value) == value and not any(c.isspace() for c in value)
    if parts.scheme not in ("http", "https") or not parts.netloc or not plain:
        return shown(value)
    return f'<a href="{attribute(value)}" rel="noopener nofollow">{shown(value)}</a>'


def plural(count: int, noun: str) -> str:
    """Return a noun in the number that a count asks for.

    >>> plural(1, "page"), plural(2, "page")
    ('page', 'pages')
    """
    return noun if count == 1 else f"{noun}s"


def hue(category: str) -> int:
    """Return the category's hue; a category of the caller gets one from its name."""
    digest = hashlib.sha256(category.encode("utf-8", "surrogatepass")).digest()
    return HUES.get(category, digest[0] * 360 // 256)


def chip(category: str, *, is_flagged: bool = False) -> str:
    """Return a category's label in its colour."""
    classes, end = ("chip ask", "?") if is_flagged else ("chip", "")
    return f'<span class="{classes}" style="--h:{hue(category)}">{shown(category)}{end}</span>'


@lru_cache(maxsize=1)
def descriptions() -> dict[str, str]:
    """What each shipped rule and category is, by its id or name; the caller's own are not known."""
    rules, categories = shipped_rules()
    described = {name: category.describe for name, category in categories.items()}
    for rule in rules:
        described.setdefault(rule.id, rule.describe)
    return described


@lru_cache(maxsize=4)
def stylesheet(name: str) -> str:
    """Return a style sheet of this package."""
    return files("cleannews.report").joinpath(name).read_text(encoding="utf-8")

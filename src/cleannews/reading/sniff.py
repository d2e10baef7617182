"""Whether a string is HTML or flat text. Loads no parser, as it is asked of every flat text."""

from __future__ import annotations

import re

LOOKED_AT = 50_000
"""Characters at the start of a string that are looked at."""

_BLOCKS = (
    "p|div|h[1-6]|article|section|main|header|footer|nav|aside|ul|ol|li|dl|dt|dd|table|tbody|tr|td"
    "|th|blockquote|figure|figcaption|form|pre|hr|address|center|script|style|iframe|noscript"
)
_COMMENT = r"<!--(?:(?!-->)[\s\S]){0,2000}-->"
_ATTRIBUTES = r"(?:\s[^<>]{0,2000})?/?"
# What a page begins with: marks, white space, comments, declarations, then one of its own tags.
_OPENING = re.compile(
    rf"(?:[\ufeff\s]|{_COMMENT}|<\?xml[^<>]{{0,200}}\?>)*+"
    rf"<(?:!doctype\s+html|(?:html|head|body|meta|title|link|base|{_BLOCKS})(?=[\s/>]))",
    re.IGNORECASE,
)
_PAGE = re.compile(
    r"^[ \t]{0,99}<(?:!doctype\s+html|html|head|body)(?=[\s>])", re.IGNORECASE | re.MULTILINE
)
# Other languages of angle brackets, which are read as the flat text they are.
_OTHER_XML = re.compile(
    rf"(?:[\ufeff\s]|{_COMMENT}|<\?xml[^<>]{{0,200}}\?>)*+"
    r"<(?!html)(?:rss|feed|rdf:rdf|urlset|sitemapindex|opml|svg|plist|tei|nitf|newsml|[a-z]+:[a-z]+)"
    r"(?=[\s>])",
    re.IGNORECASE,
)
# Where tags of blocks meet as only markup has it: at the start of a line or behind another tag an
# opening one, in front of another tag or at the end of a line a closing one. Between backquotes it
# is somebody's talk about tags.
_JOINTS = re.compile(
    rf"(?:^|>)\s{{0,20}}<(?:{_BLOCKS}){_ATTRIBUTES}>(?!`)"
    rf"|(?<!`)</(?:{_BLOCKS})\s{{0,9}}>\s{{0,20}}(?=<|$)",
    re.IGNORECASE | re.MULTILINE,
)
_BREAKS = re.compile(r"<br\s{0,9}/?>", re.IGNORECASE)
_MARKDOWN = re.compile(r"^\s{0,3}(?:#{1,6}\s|[*+-]\s|>\s|\||```|\d{1,3}\.\s)|\]\(", re.MULTILINE)

# A line with text in it, or a piece of a long one.
_LINE = re.compile(r"\S.{0,999}")
_TAG = re.compile(r"</?[a-z][a-z0-9]{0,10}[\s/>]", re.IGNORECASE)

JOINTS = 2
"""Least joints of blocks' tags in a string that begins with none."""
FIRST_TAG = 1_500
"""Most characters in front of the first tag in such a string."""
BREAKS = 4
"""Least ``<br>`` in a string without tags of blocks."""


def looks_like_html(text: str) -> bool:
    r"""Tell whether a string is HTML, a whole page or a part of one, rather than flat text.

    It is HTML when its first 50,000 characters

    - begin with ``<!doctype html>`` or a tag of the page (``html``, ``head``, ``body``, ``meta``,
      ``title``) or of a block (``p``, ``div``, ``h1``, ...), comments and an XML declaration aside,
      or have ``<!doctype html>``, ``<html>``, ``<head>`` or ``<body>`` at the start of a line; or
    - hold at least 2 joints: an opening tag of a block at the start of a line or behind another
      tag, a closing one in front of another tag or at the end of a line; or
    - hold at least 4 ``<br>``;

    where in the last two cases the first 1,500 characters hold a tag, half of the lines or more do
    (a long line counts as one for every 1,000 characters), and there are at most half as many signs
    of Markdown as joints or ``<br>``. It is never HTML when it begins with the root of another XML
    language, such as a feed's. So a text that talks about tags, or has some code or a box with code
    to copy in it, is flat text.

    Args:
        text: Any string.

    >>> looks_like_html("<p>Snow fell.</p>"), looks_like_html("Close it with </p>, a tag.")
    (True, False)
    """
    if "<" not in text:
        return False
    head = text[:LOOKED_AT]
    if "<" not in head or _OTHER_XML.match(head):
        return False
    if _OPENING.match(head) or _PAGE.search(head):
        return True
    signs = _count(_JOINTS, head)
    if signs < JOINTS:
        signs = _count(_BREAKS, head)
        if signs < BREAKS:
            return False
    if not _TAG.search(head, 0, FIRST_TAG):
        return False
    lines = _LINE.findall(head)
    tagged = sum(1 for line in lines if _TAG.search(line))
    return 2 * tagged >= len(lines) and 2 * _count(_MARKDOWN, head) <= signs


def _count(pattern: re.Pattern[str], text: str) -> int:
    return sum(1 for _ in pattern.finditer(text))

"""Pages flattened to text, as simple extractors do it, to train and measure the scorer on."""

from __future__ import annotations

import lxml.html
from lxml import etree

BLOCKS = frozenset(
    [
        "p",
        "div",
        "li",
        "ul",
        "ol",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "br",
        "tr",
        "td",
        "th",
        "table",
        "section",
        "article",
        "header",
        "footer",
        "nav",
        "aside",
        "figure",
        "figcaption",
        "blockquote",
        "form",
        "button",
        "option",
        "dd",
        "dt",
        "pre",
        "main",
        "body",
    ]
)
"""Elements that begin and end a line."""


def flattened(html: str, is_broken: bool) -> str:
    """Return a page's text, one line for each block, or for each piece of text when broken."""
    page = lxml.html.document_fromstring(html)
    for element in page.xpath("//script|//style|//noscript|//template|//head|//comment()"):
        if element.getparent() is not None:
            element.drop_tree()
    pieces: list[str] = []
    for event, element in etree.iterwalk(page, events=("start", "end")):
        if is_broken or element.tag in BLOCKS:
            pieces.append("\n")
        text = element.text if event == "start" else element.tail
        pieces.append(" ".join((text or "").split()))
        pieces.append(" ")
    lines = "".join(pieces).split("\n")
    return "\n".join(stripped for line in lines if (stripped := line.strip()))

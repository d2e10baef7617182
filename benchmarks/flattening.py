"""Pages flattened to text, as simple extractors do it, to train and measure the scorer on."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import lxml.html
from lxml import etree

BLOCKS = frozenset(
    """p div li ul ol h1 h2 h3 h4 h5 h6 br tr td th table section article header footer nav aside
    figure figcaption blockquote form button option dd dt pre main body""".split()
)
"""Elements that begin and end a line."""
PAGES = ("fundus", "fundus_history", "magic_html")
KEEP, DROP, UNKNOWN = 1, 0, -1
"""Labels of pieces of text."""
SHORTEST_ALIGNED = 16
"""Pieces of fewer characters are compared with whole lines of the body."""
SHORTEST = 200
"""Shortest flattened page, in code points, that counts."""


def article_pages(data: Path) -> Iterator[dict[str, Any]]:
    """Yield the whole article pages whose body is known."""
    for dataset in PAGES:
        with gzip.open(data / f"pages.{dataset}.jsonl.gz", "rt", encoding="utf-8") as lines:
            for line in lines:
                page = json.loads(line)
                if page["body"] and page["page_type"] == "article":
                    yield page


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


def aligned(pieces: Sequence[str], body: str, title: str) -> list[int]:
    """Label each piece by how much of it the body holds; unknown where that cannot be told."""
    squeezed = "".join(body.split())
    body_lines = {"".join(line.split()) for line in body.split("\n")}
    known = {squeezed[i : i + 8] for i in range(len(squeezed) - 7)}
    heading = "".join(title.split())
    labels = []
    for piece in pieces:
        own = "".join(piece.split())
        if own == heading:
            labels.append(UNKNOWN)
        elif len(own) < SHORTEST_ALIGNED:
            labels.append(KEEP if own in body_lines else UNKNOWN if own in squeezed else DROP)
        else:
            grams = [own[i : i + 8] for i in range(len(own) - 7)]
            share = sum(g in known for g in grams) / len(grams)
            labels.append(KEEP if share >= 0.8 else DROP if share <= 0.2 else UNKNOWN)
    return labels

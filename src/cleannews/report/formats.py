"""The story of a result as Markdown or as minimal clean HTML, from the blocks that were kept."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from html import escape
from itertools import groupby
from typing import NamedTuple, TypeVar
from urllib.parse import urljoin

from cleannews.document import CleanResult, Span
from cleannews.reading.html_page import HtmlPage, Link
from cleannews.reading.plain import read_plain

T = TypeVar("T")

_MARKDOWN = re.compile(r"([\\`*_\[\]<>])")
_OPENING = re.compile(r"^(#{1,6}(?=\s|$)|[+-](?=\s)|\d{1,9}(?=[.)]\s)|[|=~])")
_SCHEME = re.compile(r"([a-z][a-z0-9+.-]*):", re.IGNORECASE)
_SAFE = frozenset(("http", "https", "mailto"))
_CELLS = frozenset(("td", "th"))


class Piece(NamedTuple):
    """What was kept of a block.

    Attributes:
        text: Its text.
        kind: ``p``, ``h1`` to ``h6``, ``li``, ``quote``, ``row`` or ``code``.
        group: Pieces of one list, table or code that follow each other have the same.
        runs: The text cut where links begin and end, each with its target; empty without one.
        is_first: It begins a new line; only a later cell of a table's row does not.
        is_numbered: It is an entry of a numbered list.
    """

    text: str
    kind: str
    group: int
    runs: tuple[tuple[str, str], ...]
    is_first: bool = True
    is_numbered: bool = False


def to_markdown(result: CleanResult) -> str:
    """Return the story as Markdown.

    Headings, lists, quotations, tables, code and links are those of the page. A result without its
    page, of a flat text or read back from JSON, gives plain paragraphs.
    """
    parts = []
    for (kind, _), group in groupby(_pieces(result), key=lambda p: (p.kind, p.group)):
        parts.append(_markdown(kind, list(group)))
    return "\n\n".join(parts) + ("\n" if parts else "")


def to_html(result: CleanResult) -> str:
    """Return the story as HTML: an ``article`` of plain elements without attributes but links.

    Everything is escaped; links go to ``http``, ``https`` and ``mailto`` only.
    """
    parts = []
    for (kind, _), group in groupby(_pieces(result), key=lambda p: (p.kind, p.group)):
        parts.append(_html(kind, list(group)))
    return "<article>\n" + "".join(f"{part}\n" for part in parts) + "</article>\n"


def _pieces(result: CleanResult) -> Iterator[Piece]:
    page = result.page
    if not isinstance(page, HtmlPage):
        for i, block in enumerate(read_plain(result.text).blocks):
            yield Piece(block.text, "p", i, ((block.text, ""),))
        return
    removed = [r.span for r in result.removed]
    ends = [span.end for span in removed]
    tags, parents = page.elements.tags, page.elements.parents
    row = -1
    for block, seen in zip(page.blocks, page.seen, strict=True):
        gone = _from(removed, bisect_right(ends, block.start))
        runs = tuple(_runs(block.span, gone, page, result.document.url))
        text = "".join(run for run, _ in runs)
        if not text.strip():
            continue
        tag, parent = tags[seen.node], max(parents[seen.node], 0)
        kind, group = _kind(tag), seen.node
        is_first = True
        if kind == "row":
            is_first, row = parent != row, parent
            group = max(parents[parent], 0)
        elif kind in ("li", "quote"):
            group = parent if kind == "li" else seen.node
        yield Piece(text, kind, group, runs, is_first, tags[parent] == "ol")


def _kind(tag: str) -> str:
    if tag in _CELLS:
        return "row"
    if len(tag) == 2 and tag[0] == "h" and tag[1].isdigit():
        return tag
    return {"li": "li", "dt": "li", "dd": "li", "blockquote": "quote", "pre": "code"}.get(tag, "p")


def _from(items: Sequence[T], first: int) -> Iterator[T]:
    """Yield items from one on, without a copy of them all."""
    for i in range(first, len(items)):
        yield items[i]


def _runs(
    span: Span, gone: Iterator[Span], page: HtmlPage, base: str | None
) -> Iterator[tuple[str, str]]:
    """Yield what is left of a block, cut at its links, with their targets."""
    links = page.links
    first = bisect_left(links, Link(span.start, 0, ""))
    for kept in _left(span, gone):
        at = kept.start
        for link in _from(links, first):
            if link.start >= kept.end:
                break
            if link.start < at or link.end > kept.end:
                continue
            yield page.text[at : link.start], ""
            yield page.text[link.start : link.end], _target(link.target, base)
            at = link.end
        yield page.text[at : kept.end], ""


def _left(span: Span, gone: Iterator[Span]) -> Iterator[Span]:
    at = span.start
    for cut in gone:
        if cut.start >= span.end:
            break
        if cut.start > at:
            yield Span(at, cut.start)
        at = max(at, min(cut.end, span.end))
    if at < span.end:
        yield Span(at, span.end)


def _target(target: str, base: str | None) -> str:
    """Return a link's target, whole where the page's address is known; empty for a script."""
    target = "".join(target.split())
    if base:
        try:
            target = urljoin(base, target)
        except ValueError:
            return ""  # no address at all
    scheme = _SCHEME.match(target)
    return target if scheme is None or scheme[1].lower() in _SAFE else ""


def _markdown(kind: str, pieces: Sequence[Piece]) -> str:
    if kind == "code":
        return "\n".join(["```", *(p.text for p in pieces), "```"])
    lines = ["".join(map(_markdown_run, p.runs)).strip() for p in pieces]
    if kind == "row":
        return _markdown_table(pieces, lines)
    if kind == "li":
        numbers = [f"{n}." if p.is_numbered else "-" for n, p in enumerate(pieces, 1)]
        return "\n".join(f"{n} {line}" for n, line in zip(numbers, lines, strict=True))
    if kind == "quote":
        return "\n>\n".join(f"> {line}" for line in lines)
    if kind[0] == "h":
        return "\n\n".join(f"{'#' * int(kind[1])} {line}" for line in lines)
    return "\n\n".join(_OPENING.sub(r"\\\1", line) for line in lines)


def _markdown_run(run: tuple[str, str]) -> str:
    text = _MARKDOWN.sub(r"\\\1", run[0])
    target = run[1].replace("(", "%28").replace(")", "%29")
    return f"[{text}]({target})" if target else text


def _markdown_table(pieces: Sequence[Piece], lines: Sequence[str]) -> str:
    rows: list[list[str]] = []
    for piece, line in zip(pieces, lines, strict=True):
        if piece.is_first or not rows:
            rows.append([])
        rows[-1].append(line.replace("|", "\\|"))
    width = max(map(len, rows))
    shown = ["| " + " | ".join([*row, *[""] * (width - len(row))]) + " |" for row in rows]
    return "\n".join([shown[0], "|" + " --- |" * width, *shown[1:]])


def _html(kind: str, pieces: Sequence[Piece]) -> str:
    if kind == "code":
        return "<pre>" + "\n".join(escape(p.text) for p in pieces) + "</pre>"
    lines = ["".join(map(_html_run, p.runs)).strip() for p in pieces]
    if kind == "row":
        cells = [
            ("</tr>\n<tr>" if p.is_first and i else "") + f"<td>{line}</td>"
            for i, (p, line) in enumerate(zip(pieces, lines, strict=True))
        ]
        return "<table>\n<tr>" + "".join(cells) + "</tr>\n</table>"
    if kind == "li":
        tag = "ol" if pieces[0].is_numbered else "ul"
        return f"<{tag}>\n" + "".join(f"<li>{line}</li>\n" for line in lines) + f"</{tag}>"
    if kind == "quote":
        return "<blockquote>" + "".join(f"<p>{line}</p>" for line in lines) + "</blockquote>"
    return "\n".join(f"<{kind}>{line}</{kind}>" for line in lines)


def _html_run(run: tuple[str, str]) -> str:
    text = escape(run[0])
    return f'<a href="{escape(run[1])}" rel="noopener nofollow">{text}</a>' if run[1] else text

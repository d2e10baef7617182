"""The HTML page of a result, and the same in short for notebooks.

The page is one file without script, network, font or image: it can be mailed, archived and printed.
Every text is escaped; control and bidirectional characters are shown as escapes.
"""

from __future__ import annotations

import hashlib
import html
from collections.abc import Iterable, Iterator
from functools import lru_cache
from importlib.resources import files
from typing import Any
from urllib.parse import urlsplit

from cleannews._version import __version__
from cleannews.boilerplate.explain import (
    UNPRINTABLE,
    Fate,
    Line,
    Piece,
    counts,
    escape_character,
    lines_of,
    printable,
)
from cleannews.boilerplate.shipped import shipped_rules
from cleannews.document import CleanResult, Finding, Person, Removal, Sourced, covered

GENERATOR = "cleannews"
"""Name in the page's generator mark, by which a later run knows a page of our own."""

MOST_STRIPES = 600
"""Most stretches that the map of the text shows; beyond that it would say nothing."""

# Hues (degrees on the oklch wheel) by family: what looks for clicks is warm, what names people and
# dates is blue, what tells where the text came from is green. A name is always printed beside it.
_HUES = {
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

_LABELS = {
    "based_on": "Based on",
    "canonical_url": "Canonical address",
    "photo_credits": "Photo credits",
}

Made = Removal | Finding


def render_page(result: CleanResult) -> str:
    """Return a self-contained HTML page that shows what was removed, and why.

    Args:
        result: What `clean` returned.

    Returns:
        The page, to be written as UTF-8. It holds no script and loads nothing.

    >>> from cleannews import clean
    >>> "<script" in render_page(clean("He wrote <script>alert(1)</script> on the wall."))
    False
    """
    title = _title(result)
    policy = "default-src 'none'; style-src 'unsafe-inline'"
    return "".join(
        [
            '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n',
            f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n',
            '<meta name="viewport" content="width=device-width, initial-scale=1">\n',
            f'<meta name="generator" content="{GENERATOR} {__version__}">\n',
            '<meta name="color-scheme" content="light dark">\n',
            f"<title>{_attribute(title)} – cleannews</title>\n",
            f"<style>\n{_css()}</style>\n</head>\n<body>\n",
            *_Renderer(result, links=True).page(title),
            "</body>\n</html>\n",
        ]
    )


def render_fragment(result: CleanResult) -> str:
    """Return the same view for a notebook cell: shorter, scoped, and without links inside the page.

    Args:
        result: What `clean` returned.
    """
    return "".join(
        [
            f"<style>\n{_css()}</style>\n",
            *_Renderer(result, links=False).fragment(_title(result)),
        ]
    )


class _Renderer:
    """One rendering of one result."""

    def __init__(self, result: CleanResult, *, links: bool) -> None:
        self.result = result
        self.links = links
        self.lines = list(lines_of(result))
        self.described = _descriptions()
        # Several fragments can stand in one notebook, so that ids must differ from page to page.
        mark = "\0".join((result.document.id or "", result.document.text, result.rules_hash))
        self.key = "cn" + hashlib.sha256(mark.encode("utf-8", "surrogatepass")).hexdigest()[:8]

    def page(self, title: str) -> Iterator[str]:
        yield '<div class="cleannews page">\n'
        yield from self.header(title, "h1")
        yield from self.warnings()
        yield '<div class="columns">\n<main>\n'
        yield from self.text()
        yield '</main>\n<aside aria-label="Legend">\n'
        yield from self.legend()
        yield "</aside>\n</div>\n"
        yield from self.metadata()
        yield from self.pieces("removed", "What went, and why", self.result.removed)
        yield from self.pieces("flagged", "What was flagged and kept", self.result.flagged)
        yield from self.footer()
        yield "</div>\n"

    def fragment(self, title: str) -> Iterator[str]:
        yield '<div class="cleannews fragment">\n'
        yield from self.header(title, "h3")
        yield from self.warnings()
        yield from self.legend()
        yield from self.text()
        yield "<details><summary>Metadata</summary>\n"
        yield from self.metadata()
        yield "</details>\n</div>\n"

    def header(self, title: str, level: str) -> Iterator[str]:
        result = self.result
        length = len(result.document.text)
        gone = covered([r.span for r in result.removed])
        share = f"{gone / length:.0%}" if length else "0%"
        yield '<header>\n<p class="brand">cleannews <span>what went, and why</span></p>\n'
        yield f'<{level} dir="auto">{_text(title)}</{level}>\n'
        if result.document.url:
            yield f'<p class="address">{_link(result.document.url)}</p>\n'
        if result.document.id and result.document.id != title:
            yield f'<p class="address">{_text(result.document.id)}</p>\n'
        yield '<dl class="figures">\n'
        for value, name, detail in (
            (str(len(result.removed)), "removed", _plural(len(result.removed), "piece")),
            (share, "of the text", f"{gone:,} of {length:,} characters"),
            (f"{result.confidence:.2f}", "confidence", "share of story in what stays"),
            (str(len(result.flagged)), "flagged", "looks like boilerplate, was kept"),
        ):
            yield f"<div><dt>{name}</dt><dd><b>{value}</b> <span>{detail}</span></dd></div>\n"
        yield "</dl>\n"
        yield from self.map()
        yield "</header>\n"

    def map(self) -> Iterator[str]:
        """A strip in which the whole text is drawn to scale, and what went has its colour."""
        length = len(self.result.document.text)
        if not self.result.removed or 2 * len(self.result.removed) > MOST_STRIPES:
            return
        yield '<div class="map" role="img" aria-label="Where in the text the removed pieces stand">'
        at = 0
        for removal in self.result.removed:
            if removal.span.start > at:
                yield f'<i style="flex-grow:{removal.span.start - at}"></i>'
            hue = _hue(removal.category)
            yield f'<i class="gone" style="--h:{hue};flex-grow:{len(removal.span)}"></i>'
            at = removal.span.end
        if at < length:
            yield f'<i style="flex-grow:{length - at}"></i>'
        yield "</div>\n"

    def warnings(self) -> Iterator[str]:
        if not self.result.warnings:
            return
        yield '<section class="warnings" aria-label="Warnings">\n<ul>\n'
        for warning in self.result.warnings:
            code, detail = _text(warning.code), _text(warning.detail)
            yield f"<li><strong>Warning: <code>{code}</code></strong> {detail}</li>\n"
        yield "</ul>\n</section>\n"

    def legend(self) -> Iterator[str]:
        gone, flagged = counts(self.result.removed), counts(self.result.flagged)
        yield '<section class="legend">\n'
        if self.links:
            yield "<h2>Legend</h2>\n"
        if gone:
            yield '<ul aria-label="Removed, by category">\n'
            for name, number in gone.items():
                what = _attribute(self.described.get(name, ""))
                label = f'<span class="chip" style="--h:{_hue(name)}">{_text(name)}</span>'
                yield f'<li title="{what}">{label} <b>{number}</b></li>\n'
            yield "</ul>\n"
        else:
            yield "<p>Nothing was removed.</p>\n"
        if flagged:
            yield '<ul class="kept" aria-label="Flagged and kept, by category">\n'
            for name, number in flagged.items():
                label = f'<span class="chip ask" style="--h:{_hue(name)}">{_text(name)}?</span>'
                yield f"<li>{label} <b>{number}</b></li>\n"
            yield "</ul>\n"
        key = f"{self.key}-only"
        yield f'<p class="switch"><input type="checkbox" class="only" id="{key}"> '
        yield f'<label for="{key}">Show only what stays</label></p>\n'
        if self.links:
            yield '<p class="hint">Struck text went. Point at a label, or reach it with the Tab '
            yield "key, to see the rule and its evidence.</p>\n"
        yield "</section>\n"

    def text(self) -> Iterator[str]:
        metadata = self.result.metadata
        known = metadata.language.value if metadata.language else self.result.document.language
        yield f'<section class="text" lang="{_attribute(known or "")}" aria-label="The text"'
        yield ">\n" if self.links else ' tabindex="0">\n'
        told: set[Fate] = set()
        for line in self.lines:
            yield self.line(line, told)
        if not self.lines:
            yield '<p class="nothing">The text is empty.</p>\n'
        yield "</section>\n"

    def line(self, line: Line, told: set[Fate]) -> str:
        gone = all(p.fate is not None and p.fate[0] == "removed" for p in line.pieces)
        parts = "".join(self.piece(p, told) for p in line.pieces)
        return f'<p class="line{" gone" if gone else ""}" dir="auto">{parts}</p>\n'

    def piece(self, piece: Piece, told: set[Fate]) -> str:
        shown = _text(piece.span.of(self.result.document.text))
        if piece.fate is None:
            return shown
        kind, index = piece.fate
        made: Made = getattr(self.result, kind)[index]
        first = piece.fate not in told
        told.add(piece.fate)
        label = self.label(made, kind, index) if first else ""
        tag, name = ("del", "cut") if kind == "removed" else ("mark", "ask")
        body = f"<{tag}>{shown}</{tag}>"
        return f'<span class="{name}" style="--h:{_hue(made.category)}">{label}{body}</span>'

    def label(self, made: Made, kind: str, index: int) -> str:
        """The chip before a piece and the note that it opens when pointed at or focused."""
        note = f"{self.key}-{kind}-{index}-why"
        row = f"#{self.key}-{kind}-{index}"
        name = _text(made.category) + ("?" if kind == "flagged" else "")
        said = "Removed: " if kind == "removed" else "Flagged and kept: "
        inner = f'<span class="said">{said}</span>{name}'
        opening = f'a href="{row}"' if self.links else 'span tabindex="0"'
        tag = opening.split(maxsplit=1)[0]
        what = self.described.get(made.rule)
        return (
            f'<{opening} class="chip" lang="en" dir="ltr" aria-describedby="{note}">{inner}</{tag}>'
            f'<span class="why" role="tooltip" id="{note}" lang="en" dir="ltr">'
            f"<code>{_text(made.rule)}</code>{_language(made)} "
            + (f'<span class="what">{_text(what)}</span> ' if what else "")
            + f'<span class="evidence">Evidence: {_text(made.evidence)}</span> '
            f'<span class="sure">confidence {made.confidence:.2f}, characters '
            f"{made.span.start}–{made.span.end}</span></span>"
        )

    def metadata(self) -> Iterator[str]:
        rows = list(_metadata_rows(self.result))
        yield '<section class="metadata">\n'
        if self.links:
            yield "<h2>Metadata</h2>\n"
        if not rows:
            yield "<p>No metadata was found in the text.</p>\n</section>\n"
            return
        yield '<div class="wide"><table>\n<thead><tr><th scope="col">Field</th>'
        yield '<th scope="col">Value</th><th scope="col">Read by</th>'
        yield '<th scope="col" class="number">Confidence</th></tr></thead>\n<tbody>\n'
        for name, value, found in rows:
            yield f'<tr><th scope="row">{name}</th><td dir="auto">{value}</td>'
            yield f"<td><code>{_text(found.origin)}</code></td>"
            yield f'<td class="number">{found.confidence:.2f}</td></tr>\n'
        yield "</tbody></table></div>\n</section>\n"

    def pieces(self, kind: str, title: str, items: Iterable[Made]) -> Iterator[str]:
        """The same in a table: it can be read aloud, printed, and shows what no line does."""
        if not (numbered := list(enumerate(items))):
            return
        yield f'<section class="pieces">\n<h2>{title}</h2>\n<div class="wide"><table>\n<thead><tr>'
        for name in ("Category", "Text", "Rule and evidence"):
            yield f'<th scope="col">{name}</th>'
        yield '<th scope="col" class="number">Confidence</th></tr></thead>\n<tbody>\n'
        for index, made in numbered:
            chip = "chip ask" if kind == "flagged" else "chip"
            text = made.span.of(self.result.document.text).strip()
            yield f'<tr id="{self.key}-{kind}-{index}"><td>'
            yield f'<span class="{chip}" style="--h:{_hue(made.category)}">{_text(made.category)}'
            yield f'</span></td><td dir="auto">{_text(text) or "<i>white space</i>"}</td>'
            yield f"<td><code>{_text(made.rule)}</code>{_language(made)} "
            yield f'<span class="evidence">{_text(made.evidence)}</span></td>'
            yield f'<td class="number">{made.confidence:.2f}</td></tr>\n'
        yield "</tbody></table></div>\n</section>\n"

    def footer(self) -> Iterator[str]:
        version, rules = _text(self.result.version), _text(self.result.rules_hash)
        yield f"<footer><p>Made by cleannews {version} with the rules <code>{rules}</code>. "
        yield "The text is the original minus the struck pieces; nothing was added. Confidence is "
        yield "a probability from 0 to 1.</p></footer>\n"


def _title(result: CleanResult) -> str:
    if result.metadata.title:
        return result.metadata.title.value
    return result.document.id or "Untitled text"


def _metadata_rows(result: CleanResult) -> Iterator[tuple[str, str, Sourced[Any]]]:
    """(field, value as HTML, value) for everything known, in the fields' order."""
    metadata = result.metadata
    for name in type(metadata).__dataclass_fields__:
        value = getattr(metadata, name)
        for found in value if isinstance(value, tuple) else [value] if value is not None else []:
            if not isinstance(found, Sourced):  # the names of fields in conflict
                continue
            label = _LABELS.get(name, name.replace("_", " ").capitalize())
            shown = found.value.name if isinstance(found.value, Person) else str(found.value)
            yield label, _link(shown), found


def _text(value: str) -> str:
    """Return text for an element: escaped, and nothing in it can move, hide or reorder."""

    def shown(match: Any) -> str:
        character = match.group()
        if character in "\t\n":
            return str(character)
        return f'<span class="unprintable">{escape_character(character)}</span>'

    return UNPRINTABLE.sub(shown, html.escape(value, quote=True))


def _attribute(value: str) -> str:
    return html.escape(printable(value), quote=True)


def _link(value: str) -> str:
    """Return text, as a link when it is a web address and nothing else."""
    try:
        parts = urlsplit(value)
    except ValueError:
        return _text(value)
    plain = printable(value) == value and not any(c.isspace() for c in value)
    if parts.scheme not in ("http", "https") or not parts.netloc or not plain:
        return _text(value)
    return f'<a href="{_attribute(value)}" rel="noopener nofollow">{_text(value)}</a>'


def _language(made: Made) -> str:
    return "" if made.language == "und" else f' <span class="tongue">{_text(made.language)}</span>'


def _plural(count: int, noun: str) -> str:
    return noun if count == 1 else f"{noun}s"


def _hue(category: str) -> int:
    """Return the category's hue; a category of the caller gets one from its name."""
    digest = hashlib.sha256(category.encode("utf-8", "surrogatepass")).digest()
    return _HUES.get(category, digest[0] * 360 // 256)


@lru_cache(maxsize=1)
def _descriptions() -> dict[str, str]:
    """What each shipped rule and category is, by its id or name; the caller's own are not known."""
    rules, categories = shipped_rules()
    described = {name: category.describe for name, category in categories.items()}
    for rule in rules:
        described.setdefault(rule.id, rule.describe)
    return described


@lru_cache(maxsize=1)
def _css() -> str:
    return files("cleannews.report").joinpath("page.css").read_text(encoding="utf-8")


__all__ = ["GENERATOR", "render_fragment", "render_page"]

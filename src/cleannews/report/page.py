"""The HTML page of a result, and the same in short for notebooks.

The page is one file without script, network, font or image: it can be mailed, archived and printed.
Every text is escaped; control and bidirectional characters are shown as escapes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from typing import Any

from cleannews.boilerplate.explain import Fate, Line, Piece, counts, lines_of
from cleannews.document import CleanResult, Finding, Metadata, Person, Removal, Sourced, covered
from cleannews.report.parts import (
    GENERATOR,
    attribute,
    descriptions,
    document,
    fragment,
    hue,
    linked,
    plural,
    shown,
)

MOST_STRIPES = 600
"""Most stretches that the map of the text shows; beyond that it would say nothing."""

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
    return document(title, _Renderer(result, links=True).page(title))


def render_fragment(result: CleanResult) -> str:
    """Return the same view for a notebook cell: shorter, scoped, and without links inside the page.

    Args:
        result: What `clean` returned.
    """
    return fragment(_Renderer(result, links=False).fragment(_title(result)))


class _Renderer:
    """One rendering of one result."""

    def __init__(self, result: CleanResult, *, links: bool) -> None:
        self.result = result
        self.links = links
        self.lines = list(lines_of(result))
        self.described = descriptions()
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
        yield f'<{level} dir="auto">{shown(title)}</{level}>\n'
        if result.document.url:
            yield f'<p class="address">{linked(result.document.url)}</p>\n'
        if result.document.id and result.document.id != title:
            yield f'<p class="address">{shown(result.document.id)}</p>\n'
        yield '<dl class="figures">\n'
        for value, name, detail in (
            (str(len(result.removed)), "removed", plural(len(result.removed), "piece")),
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
            color = f"--h:{hue(removal.category)}"
            yield f'<i class="gone" style="{color};flex-grow:{len(removal.span)}"></i>'
            at = removal.span.end
        if at < length:
            yield f'<i style="flex-grow:{length - at}"></i>'
        yield "</div>\n"

    def warnings(self) -> Iterator[str]:
        if not self.result.warnings:
            return
        yield '<section class="warnings" aria-label="Warnings">\n<ul>\n'
        for warning in self.result.warnings:
            code, detail = shown(warning.code), shown(warning.detail)
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
                what = attribute(self.described.get(name, ""))
                label = f'<span class="chip" style="--h:{hue(name)}">{shown(name)}</span>'
                yield f'<li title="{what}">{label} <b>{number}</b></li>\n'
            yield "</ul>\n"
        else:
            yield "<p>Nothing was removed.</p>\n"
        if flagged:
            yield '<ul class="kept" aria-label="Flagged and kept, by category">\n'
            for name, number in flagged.items():
                label = f'<span class="chip ask" style="--h:{hue(name)}">{shown(name)}?</span>'
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
        yield f'<section class="text" lang="{attribute(known or "")}" aria-label="The text"'
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
        body = shown(piece.span.of(self.result.document.text))
        if piece.fate is None:
            return body
        kind, index = piece.fate
        made: Made = getattr(self.result, kind)[index]
        first = piece.fate not in told
        told.add(piece.fate)
        label = self.label(made, kind, index) if first else ""
        tag, name = ("del", "cut") if kind == "removed" else ("mark", "ask")
        struck = f"<{tag}>{body}</{tag}>"
        return f'<span class="{name}" style="--h:{hue(made.category)}">{label}{struck}</span>'

    def label(self, made: Made, kind: str, index: int) -> str:
        """The chip before a piece and the note that it opens when pointed at or focused."""
        note = f"{self.key}-{kind}-{index}-why"
        row = f"#{self.key}-{kind}-{index}"
        name = shown(made.category) + ("?" if kind == "flagged" else "")
        said = "Removed: " if kind == "removed" else "Flagged and kept: "
        inner = f'<span class="said">{said}</span>{name}'
        opening = f'a href="{row}"' if self.links else 'span tabindex="0"'
        tag = opening.split(maxsplit=1)[0]
        what = self.described.get(made.rule)
        return (
            f'<{opening} class="chip" lang="en" dir="ltr" aria-describedby="{note}">{inner}</{tag}>'
            f'<span class="why" role="tooltip" id="{note}" lang="en" dir="ltr">'
            f"<code>{shown(made.rule)}</code>{_language(made)} "
            + (f'<span class="what">{shown(what)}</span> ' if what else "")
            + f'<span class="evidence">Evidence: {shown(made.evidence)}</span> '
            f'<span class="sure">confidence {made.confidence:.2f}, characters '
            f"{made.span.start}–{made.span.end}</span></span>"
        )

    def metadata(self) -> Iterator[str]:
        yield '<section class="metadata" aria-label="Metadata">\n'
        if self.links:
            yield "<h2>Metadata</h2>\n"
        yield from metadata_table(self.result.metadata)
        yield "</section>\n"

    def pieces(self, kind: str, title: str, items: Iterable[Made]) -> Iterator[str]:
        """The same in a table: it can be read aloud, printed, and shows what no line does."""
        if not (numbered := list(enumerate(items))):
            return
        yield f'<section class="pieces" aria-label="{title}">\n<h2>{title}</h2>\n'
        yield '<div class="wide"><table>\n<thead><tr>'
        for name in ("Category", "Text", "Rule and evidence"):
            yield f'<th scope="col">{name}</th>'
        yield '<th scope="col" class="number">Confidence</th></tr></thead>\n<tbody>\n'
        for index, made in numbered:
            chip = "chip ask" if kind == "flagged" else "chip"
            text = made.span.of(self.result.document.text).strip()
            yield f'<tr id="{self.key}-{kind}-{index}"><td>'
            yield f'<span class="{chip}" style="--h:{hue(made.category)}">{shown(made.category)}'
            yield f'</span></td><td dir="auto">{shown(text) or "<i>white space</i>"}</td>'
            yield f"<td><code>{shown(made.rule)}</code>{_language(made)} "
            yield f'<span class="evidence">{shown(made.evidence)}</span></td>'
            yield f'<td class="number">{made.confidence:.2f}</td></tr>\n'
        yield "</tbody></table></div>\n</section>\n"

    def footer(self) -> Iterator[str]:
        version, rules = shown(self.result.version), shown(self.result.rules_hash)
        yield f"<footer><p>Made by cleannews {version} with the rules <code>{rules}</code>. "
        yield "The text is the original minus the struck pieces; nothing was added. Confidence is "
        yield "a probability from 0 to 1.</p></footer>\n"


def _title(result: CleanResult) -> str:
    if result.metadata.title:
        return result.metadata.title.value
    return result.document.id or "Untitled text"


def render_metadata(metadata: Metadata) -> str:
    """Return metadata for a notebook cell.

    Args:
        metadata: Of a result, or what `extract_metadata` returned.
    """
    body = metadata_table(metadata)
    return fragment(['<div class="cleannews fragment">\n<h3>Metadata</h3>\n', *body, "</div>\n"])


def metadata_table(metadata: Metadata) -> Iterator[str]:
    """Yield a table of everything known, or a sentence when nothing is."""
    rows = list(_metadata_rows(metadata))
    if not rows:
        yield "<p>No metadata was found in the text.</p>\n"
        return
    yield '<div class="wide"><table>\n'
    yield '<thead><tr><th scope="col">Field</th>'
    yield '<th scope="col">Value</th><th scope="col">Read by</th>'
    yield '<th scope="col" class="number">Confidence</th></tr></thead>\n<tbody>\n'
    for name, value, found in rows:
        yield f'<tr><th scope="row">{name}</th><td dir="auto">{value}</td>'
        yield f"<td><code>{shown(found.origin)}</code></td>"
        yield f'<td class="number">{found.confidence:.2f}</td></tr>\n'
    yield "</tbody></table></div>\n"
    if metadata.conflicts:
        told = ", ".join(_label(name) for name in metadata.conflicts)
        yield f'<p class="hint">Strong sources say different things of: {shown(told)}</p>\n'


def _label(field: str) -> str:
    return _LABELS.get(field, field.replace("_", " ").capitalize())


def _metadata_rows(metadata: Metadata) -> Iterator[tuple[str, str, Sourced[Any]]]:
    """(field, value as HTML, value) for everything known, in the fields' order."""
    for name in type(metadata).__dataclass_fields__:
        value = getattr(metadata, name)
        for found in value if isinstance(value, tuple) else [value] if value is not None else []:
            if not isinstance(found, Sourced):  # the names of fields in conflict
                continue
            named = found.value.name if isinstance(found.value, Person) else str(found.value)
            yield _label(name), linked(named), found


def _language(made: Made) -> str:
    return "" if made.language == "und" else f' <span class="tongue">{shown(made.language)}</span>'


__all__ = ["GENERATOR", "metadata_table", "render_fragment", "render_metadata", "render_page"]

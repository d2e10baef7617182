"""Records and clusters in the report on an output: one folded entry each."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from cleannews.report.aligned import side_by_side
from cleannews.report.parts import chip, hue, linked, plural, shown
from cleannews.report.values import Cluster, Copy, SeenPage, Stretch

MOST_RULES = 16
"""Rules that are named under a record."""

_BREAKS = re.compile(r"(?:\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029])+")

Row = Mapping[str, Any]


def page_entry(page: SeenPage) -> Iterator[str]:
    """Yield a record: folded, its confidence, title and loss; unfolded, what went and why."""
    row = page.row
    share = page.gone / page.characters if page.characters else 0
    yield '<details class="entry"><summary>'
    yield f'<span class="score">{row["confidence"]:.2f}</span> '
    yield f'<span class="name" dir="auto">{_name(row)}</span> '
    yield f'<span class="side">{_site(row)}<span class="nowrap">{share:.0%} removed</span></span>'
    yield "</summary>\n<div>\n"
    yield from _facts(row)
    for warning in row["warnings"]:
        yield f'<p class="warned"><code>{shown(warning["code"])}</code> {shown(warning["detail"])}'
        yield "</p>\n"
    pieces = f"{page.pieces:,} {plural(page.pieces, 'piece')} removed"
    yield f'<p class="hint">{pieces}: {page.gone:,} of {page.characters:,} characters. Struck text '
    yield "went.</p>\n"
    yield '<div class="text">\n'
    yield from _lines(page)
    yield "</div>\n"
    yield from _reasons(page.stretches)
    yield "</div></details>\n"


def _name(row: Row) -> str:
    return shown(row["title"] or row["id"] or "Untitled")


def _site(row: Row) -> str:
    site = row["site"] or row["publisher"]
    return f'<span dir="auto">{shown(site)}</span> · ' if site else ""


def _facts(row: Row) -> Iterator[str]:
    """Yield the line under a title: id, address, day, language."""
    facts = []
    if row["id"]:
        facts.append(f"<code>{shown(row['id'])}</code>")
    if row["url"] and row["url"] != row["id"]:
        facts.append(linked(row["url"]))
    facts += [shown(row[name]) for name in ("published", "language") if row[name]]
    facts += [shown(", ".join(row["authors"]))] if row["authors"] else []
    if facts:
        yield f'<p class="facts" dir="auto">{" · ".join(facts)}</p>\n'


def _lines(page: SeenPage) -> Iterator[str]:
    """Yield the text's lines, cut where a stretch begins or ends."""
    line: list[str] = []
    only_gone = True
    for i, stretch in enumerate(page.stretches):
        if i == page.hidden_at and page.hidden:
            yield from _line(line, gone=only_gone)
            line, only_gone = [], True
            hidden = f"{page.hidden:,} {plural(page.hidden, 'piece')}"
            yield f'<p class="gap">{hidden} not shown</p>\n'
        told = False
        for number, part in enumerate(_BREAKS.split(stretch.text)):
            if number:
                yield from _line(line, gone=only_gone)
                line, only_gone = [], True
            if not part.strip():
                line += [shown(part)] if line and part else []
                continue
            only_gone = only_gone and stretch.why is not None
            line.append(_part(part, stretch, is_first=not told))
            told = True
        if stretch.left_out and stretch.why is None:
            yield from _line(line, gone=only_gone)
            line, only_gone = [], True
            yield f'<p class="gap">{stretch.left_out:,} characters that stay</p>\n'
        elif stretch.left_out:
            line.append(f' <span class="left">… {stretch.left_out:,} more characters</span> ')
    yield from _line(line, gone=only_gone)


def _line(parts: Sequence[str], *, gone: bool) -> Iterator[str]:
    if parts:
        yield f'<p class="line{" gone" if gone else ""}" dir="auto">{"".join(parts)}</p>\n'


def _part(text: str, stretch: Stretch, *, is_first: bool) -> str:
    if stretch.why is None:
        return shown(text)
    category = stretch.why["category"]
    label = f'<span class="said">Removed: </span>{chip(category)} ' if is_first else ""
    style = f'style="--h:{hue(category)}"'
    return f'<span class="cut" {style}>{label}<del>{shown(text)}</del></span>'


def _reasons(stretches: Sequence[Stretch]) -> Iterator[str]:
    """Yield the rules that took something, each once, with the evidence of its first piece."""
    found: dict[str, tuple[Row, int]] = {}
    for stretch in stretches:
        if stretch.why is not None:
            first, count = found.get(stretch.why["rule"], (stretch.why, 0))
            found[first["rule"]] = first, count + 1
    if not found:
        return
    yield '<table class="why-table"><thead><tr><th scope="col">Rule</th><th scope="col">Evidence'
    yield '</th><th scope="col" class="number">Confidence</th></tr></thead>\n<tbody>\n'
    for why, count in list(found.values())[:MOST_RULES]:
        times = f' <span class="times">× {count}</span>' if count > 1 else ""
        yield f"<tr><td><code>{shown(why['rule'])}</code>{times}</td>"
        yield f'<td dir="auto">{shown(why["evidence"])}</td>'
        yield f'<td class="number">{why["confidence"]:.2f}</td></tr>\n'
    yield "</tbody></table>\n"
    if (left := len(found) - MOST_RULES) > 0:
        yield f'<p class="hint">{left} more {plural(left, "rule")}.</p>\n'


# --- duplicates -----------------------------------------------------------------------------------

_KINDS = {
    "exact": "the same words",
    "near": "nearly the same text",
    "contains": "one holds most of the other",
    "rewritten": "the same story in other words",
}


def cluster_entry(cluster: Cluster) -> Iterator[str]:
    """Yield a cluster: folded, its size and original; unfolded, the reasons and the copies."""
    row = cluster.row
    name = _name(row) if row else shown(cluster.original)
    yield f'<details class="entry"><summary><span class="score">{cluster.size:,}×</span> '
    yield f'<span class="name" dir="auto">{name}</span> '
    yield f'<span class="side">{_site(row) if row else ""}'
    yield f'<span class="nowrap">original {cluster.confidence:.2f}</span></span></summary>\n<div>\n'
    yield '<h3>Why this one is the original</h3>\n<ol class="reasons">\n'
    yield from (f"<li>{shown(reason)}</li>\n" for reason in cluster.reasons)
    yield "</ol>\n"
    if row:
        yield from _facts(row)
    else:
        yield '<p class="hint">The record is not in the output.</p>\n'
    if (left := cluster.size - 1 - len(cluster.copies)) > 0:
        yield f'<p class="hint">{len(cluster.copies)} of {cluster.size - 1:,} copies, chosen by '
        yield f"chance; {left:,} are not shown.</p>\n"
    for copy in cluster.copies:
        yield from _copy(copy)
    yield "</div></details>\n"


def _copy(copy: Copy) -> Iterator[str]:
    row, link = copy.row, copy.link
    yield '<section class="copy">\n'
    yield f'<h3 dir="auto">Copy: {_name(row) if row else shown(copy.id)}</h3>\n'
    if link is None:
        yield '<p class="kind">linked through another copy</p>\n'
    else:
        kind = str(link.get("kind"))
        told = f"<strong>{shown(kind)}</strong>, {_KINDS.get(kind, '')}".rstrip(", ")
        yield f'<p class="kind">{told}; similarity {_share(link.get("similarity"))}, confidence '
        yield f"{_share(link.get('confidence'))}"
        yield "; linked through another copy" if kind not in _KINDS else ""
        yield "; belongs here by containment only" if copy.is_attached else ""
        yield "; the titles differ" if link.get("other_title") is True else ""
        yield "</p>\n"
    if row:
        yield from _facts(row)
    if copy.steps:
        yield from side_by_side(copy.steps, first="Original", second="Copy")
    else:
        yield '<p class="hint">There are not two texts to compare.</p>\n'
    if copy.left_out:
        yield f'<p class="hint">{copy.left_out:,} characters further on were not compared.</p>\n'
    yield "</section>\n"


def _share(value: object) -> str:
    return f"{value:.2f}" if isinstance(value, int | float) else "unknown"

"""What a search for duplicates found, for notebooks, and two texts compared, as a page."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from cleannews.document import Span
from cleannews.report.aligned import side_by_side
from cleannews.report.parts import document, fragment, plural, shown
from cleannews.report.values import Step

SHEETS = ("page.css", "corpus.css")
MOST = 12
"""Clusters, members and reasons that a cell shows."""

_BREAKS = re.compile(r"(\s*\n\s*)")

Row = Mapping[str, Any]


class Compared(NamedTuple):
    """Two texts and what they have to do with each other.

    Attributes:
        a: The first text.
        b: The second text.
        kind: What one is to the other; None for nothing.
        said: The same in words.
        score: Probability, 0..1, that both carry one story.
        link: The link as `DuplicateLink.to_dict` says; None without one.
        passages: Where what both have stands in the first text and in the second, and whether it
            moved; in order of the first text.
        steps: From the first text to the second, word by word.
    """

    a: str
    b: str
    kind: str | None
    said: str
    score: float
    link: Row | None
    passages: Sequence[tuple[Span, Span, bool]]
    steps: Sequence[Step]


def render_comparison(compared: Compared) -> str:
    """Return a self-contained page with both texts, their common passages marked."""
    body = ['<div class="cleannews page corpus">\n<main>\n']
    body += [*_comparison(compared, "h1", "h2"), "</main>\n</div>\n"]
    return document("Two texts compared", body, sheets=SHEETS)


def render_comparison_fragment(compared: Compared) -> str:
    """Return the same for a notebook cell."""
    return _cell(_comparison(compared, "h3", "h4"))


def render_duplicates(found: Row) -> str:
    """Return links and clusters for a notebook cell.

    Args:
        found: As `Duplicates.to_dict` says, and ``redundant``, the number of documents that can go.
    """
    return _cell(_duplicates(found))


def render_cluster(cluster: Row) -> str:
    """Return a cluster for a notebook cell.

    Args:
        cluster: As `DuplicateCluster.to_dict` says.
    """
    return _cell(_cluster(cluster))


def _cell(body: Iterable[str]) -> str:
    return fragment(['<div class="cleannews fragment">\n', *body, "</div>\n"], sheets=SHEETS)


def _figures(*figures: tuple[str, str, str]) -> Iterator[str]:
    yield '<dl class="figures">\n'
    for name, value, detail in figures:
        yield f"<div><dt>{name}</dt><dd><b>{value}</b> <span>{detail}</span></dd></div>\n"
    yield "</dl>\n"


def _comparison(made: Compared, title: str, subtitle: str) -> Iterator[str]:
    yield '<p class="brand">cleannews <span>two texts compared</span></p>\n'
    yield f"<{title}>{shown(made.kind or 'unrelated')}</{title}>\n"
    yield f'<p class="address">{shown(made.said)}</p>\n'
    figures = [("one story", f"{made.score:.2f}", "probability that both carry it")]
    if made.link:
        a, b = made.link["containment_a"], made.link["containment_b"]
        figures += [
            ("similarity", f"{made.link['similarity']:.2f}", "of all that both say"),
            ("of the first", f"{a:.0%}", "of its words stand in the second"),
            ("of the second", f"{b:.0%}", "of its words stand in the first"),
        ]
    yield from _figures(*figures)
    if made.link:
        for name in ("names", "numbers"):
            if values := made.link["anchors"][name]:
                yield f'<p class="facts">Both have the {name} {shown(", ".join(values))}</p>\n'
    yield f'<{subtitle} class="part">What differs</{subtitle}>\n'
    yield from side_by_side(made.steps, first="First text", second="Second text")
    yield f'<{subtitle} class="part">What stands in both</{subtitle}>\n'
    if not made.passages:
        yield '<p class="hint">No passage of five words.</p>\n'
    words = "The texts, their common passages marked"
    yield f'<details open><summary>{words}</summary>\n<div class="both">\n'
    for text, spans in (
        (made.a, [(a, moved) for a, _, moved in made.passages]),
        (made.b, sorted((b, moved) for _, b, moved in made.passages)),
    ):
        yield '<div class="marked" dir="auto">'
        yield from _marked(text, spans)
        yield "</div>\n"
    yield "</div>\n</details>\n"


def _marked(text: str, spans: Sequence[tuple[Span, bool]]) -> Iterator[str]:
    at = 0
    for span, moved in spans:
        yield shown(text[at : span.start])
        opening = '<mark class="moved"><span class="said">Moved: </span>' if moved else "<mark>"
        # Line by line, as an empty line has nothing to mark.
        for line in _BREAKS.split(span.of(text)):
            yield f"{opening}{shown(line)}</mark>" if line.strip() else shown(line)
        at = span.end
    yield shown(text[at:])


def _duplicates(found: Row) -> Iterator[str]:
    clusters, links, documents = found["clusters"], found["links"], found["documents"]
    kinds: dict[str, int] = {}
    for link in links:
        kinds[link["kind"]] = kinds.get(link["kind"], 0) + 1
    told = ", ".join(f"{count:,} {kind}" for kind, count in sorted(kinds.items())) or "none"
    yield "<h3>Duplicates</h3>\n"
    yield from _figures(
        ("documents", f"{documents:,}", "compared"),
        ("clusters", f"{len(clusters):,}", "that carry one story each"),
        ("redundant", f"{found['redundant']:,}", "can go without losing a story"),
        ("links", f"{len(links):,}", shown(told)),
    )
    if not clusters:
        return
    yield '<table class="clusters"><thead><tr><th scope="col">Original</th>'
    yield '<th scope="col">Copies</th><th scope="col">Why</th></tr></thead>\n<tbody>\n'
    largest = sorted(clusters, key=lambda c: -len(c["members"]))
    for cluster in largest[:MOST]:
        copies = [m for m in cluster["members"] if m != cluster["original"]]
        yield f"<tr><td><code>{shown(cluster['original'])}</code></td><td>{_names(copies, 4)}</td>"
        yield f"<td>{shown('; '.join(cluster['reasons'][:2]))}</td></tr>\n"
    yield "</tbody></table>\n"
    if (left := len(clusters) - MOST) > 0:
        yield f'<p class="hint">{left:,} smaller {plural(left, "cluster")} not shown.</p>\n'


def _cluster(cluster: Row) -> Iterator[str]:
    members, attached = cluster["members"], set(cluster["attached"])
    yield f"<h3>{len(members):,} documents, one story</h3>\n"
    yield f'<p class="address">The original is probably <code>{shown(cluster["original"])}</code> '
    yield f"({cluster['confidence']:.2f}):</p>\n"
    yield '<ol class="reasons">\n'
    yield from (f"<li>{shown(reason)}</li>\n" for reason in cluster["reasons"][:MOST])
    yield "</ol>\n"
    copies = [m for m in members if m != cluster["original"] and m not in attached]
    if copies:
        yield f'<p class="facts">Copies: {_names(copies, MOST)}</p>\n'
    if held := [m for m in members if m in attached]:
        yield f'<p class="facts">Here by containment only: {_names(held, MOST)}</p>\n'


def _names(names: Sequence[str], most: int) -> str:
    told = ", ".join(f"<code>{shown(name)}</code>" for name in names[:most])
    left = len(names) - most
    return f"{told} and {left:,} more" if left > 0 else told

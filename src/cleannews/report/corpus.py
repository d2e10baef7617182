"""The report on an output of a run: one page that says what millions of records came to.

It is one file without script, network, font or image. Its size is bounded: whatever there can be
any number of is shown in part, and the page says of how many. Every text is escaped; control and
bidirectional characters are shown as escapes.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from cleannews.report.charts import bar, histogram, histogram_table
from cleannews.report.parts import chip, descriptions, document, hue, plural, shown
from cleannews.report.records import cluster_entry, page_entry
from cleannews.report.values import Corpus, SeenPage

LONG, SHORT = 60, 12
"""Rows of a table that are there at all, and those that are there unfolded."""
LONGEST = 400
"""Code points that are shown of a name, a path or a reason."""
MOST_OPTIONS = 40
"""Options of the run that are listed."""


def render_corpus(corpus: Corpus) -> str:
    """Return the report as a self-contained HTML page.

    Args:
        corpus: What there is to say.

    Returns:
        The page, to be written as UTF-8. It holds no script and loads nothing.

    >>> page = render_corpus(Corpus(name="<b>.jsonl", summary={"records": 2, "cleaned": 2}))
    >>> "&lt;b&gt;.jsonl" in page, "<script" in page
    (True, False)
    """
    body = _Report(corpus).page()
    return document(f"Report on {corpus.name}", body, sheets=("page.css", "corpus.css"))


class _Report:
    """One rendering of one report."""

    def __init__(self, corpus: Corpus) -> None:
        self.corpus = corpus
        self.summary = corpus.summary
        self.sections = [
            (name, title, made)
            for name, title, made in (
                ("confidence", "Confidence", list(self.confidence())),
                ("removed", "What went", list(self.removed())),
                ("lowest", "Least sure", list(self.lowest())),
                ("chance", "Picked by chance", list(self.chance())),
                ("duplicates", "Duplicates", list(self.duplicates())),
                ("places", "Sites and languages", list(self.places())),
                ("warnings", "Warnings", list(self.warnings())),
                ("unread", "Not cleaned", list(self.unread())),
                ("run", "The run", list(self.run())),
            )
            if made
        ]

    def count(self, name: str, *, of: str | None = None) -> int:
        """Return a number of the summary; 0 when it is not there or none."""
        value = self.summary.get(name)
        if of is not None:
            value = value.get(of) if isinstance(value, dict) else None
        return value if isinstance(value, int) and value > 0 else 0

    def counts(self, name: str) -> dict[str, int]:
        """Return the numbers of a table in the summary, the greatest first."""
        found = self.summary.get(name)
        rows = found.items() if isinstance(found, dict) else ()
        told = {str(k): v for k, v in rows if isinstance(v, int) and v > 0}
        return dict(sorted(told.items(), key=lambda entry: (-entry[1], entry[0])))

    def page(self) -> Iterator[str]:
        yield '<div class="cleannews page corpus">\n'
        yield '<a class="skip" href="#main">Skip to the report</a>\n'
        yield from self.header()
        yield '<nav aria-label="On this page"><ul>\n'
        for name, title, _ in self.sections:
            yield f'<li><a href="#{name}">{title}</a></li>\n'
        yield '</ul></nav>\n<main id="main">\n'
        for name, title, made in self.sections:
            yield f'<section id="{name}" aria-labelledby="{name}-title">\n'
            yield f'<h2 id="{name}-title">{title}</h2>\n'
            yield from made
            yield "</section>\n"
        yield "</main>\n"
        yield from self.footer()
        yield "</div>\n"

    def header(self) -> Iterator[str]:
        records, read = self.count("records"), self.count("words", of="read")
        kept = self.count("words", of="kept")
        yield '<header>\n<p class="brand">cleannews <span>report on a run</span></p>\n'
        yield f'<h1 dir="auto">{_cut(self.corpus.name)}</h1>\n<dl class="figures">\n'
        unreadable, quarantined = self.count("unreadable"), self.count("quarantined")
        for name, value, detail in (
            ("records", f"{records:,}", _inputs(self.summary)),
            ("cleaned", f"{self.count('cleaned'):,}", _percent(self.count("cleaned"), records)),
            (
                "not cleaned",
                f"{unreadable + quarantined:,}",
                f"{unreadable:,} unreadable, {quarantined:,} quarantined",
            ),
            ("words kept", _percent(kept, read, of=""), f"{kept:,} of {read:,}"),
        ):
            yield f"<div><dt>{name}</dt><dd><b>{value}</b> <span>{detail}</span></dd></div>\n"
        yield "</dl>\n"
        yield from self.notes()
        yield "</header>\n"

    def notes(self) -> Iterator[str]:
        """Yield what makes the report less than the whole truth."""
        rows, records = self.corpus.rows, self.count("records")
        expected = records - self.count("quarantined")
        if rows is None and records:
            yield '<p class="note">The output holds plain texts: the report knows the counts of '
            yield "the run, and nothing of single records.</p>\n"
        elif rows is not None and rows != expected and records:
            yield f'<p class="note warn">The output holds {rows:,} rows and the run wrote '
            yield f"{expected:,}: it was changed since.</p>\n"
        for problem in self.corpus.problems:
            yield f'<p class="note warn">{_cut(problem)}</p>\n'
        if (left := self.corpus.problem_count - len(self.corpus.problems)) > 0:
            yield f'<p class="note warn">{left:,} more {plural(left, "problem")} like these.</p>\n'
        shown_pages = len({id(p) for p in (*self.corpus.lowest, *self.corpus.chance)})
        if rows is not None and rows > shown_pages:
            yield '<p class="note">Counts are of all records. Records, examples and clusters are '
            yield "samples, the same whenever the report is made of this output again.</p>\n"

    # --- sections ---

    def confidence(self) -> Iterator[str]:
        found = self.summary.get("confidence")
        bins = found if isinstance(found, list) else []
        counts = [n if isinstance(n, int) and n > 0 else 0 for n in bins[:100]]
        if not sum(counts):
            return
        yield '<p class="lead">How sure cleannews is of each record: the share of what it kept '
        yield "that should be the story, 0 to 1.</p>\n"
        yield histogram(counts, label="Records by confidence")
        yield "<details><summary>The numbers</summary>\n"
        yield histogram_table(counts)
        yield "</details>\n"

    def removed(self) -> Iterator[str]:
        found = self.summary.get("categories")
        rows = [
            (str(name), _whole(told.get("pieces")), _whole(told.get("characters")))
            for name, told in (found.items() if isinstance(found, dict) else ())
            if isinstance(told, dict)
        ]
        rows = sorted(rows, key=lambda row: (-row[1], row[0]))
        if not rows:
            return
        pieces, characters = sum(r[1] for r in rows), sum(r[2] for r in rows)
        yield f'<p class="lead">{pieces:,} {plural(pieces, "piece")} of boilerplate, '
        yield f"{characters:,} characters, with examples picked by chance.</p>\n"
        most = max(row[1] for row in rows)
        lines = [self.category(row, most) for row in rows[:LONG]]
        yield from _folded(lines, _CATEGORY_HEAD, len(rows), "category", "categories")
        yield from self.rules()

    def category(self, row: tuple[str, int, int], most: int) -> str:
        name, pieces, characters = row
        what = descriptions().get(name, "")
        examples = self.corpus.examples.get(name, ())
        told = "".join(f'<li dir="auto">{_cut(text, 120)}</li>' for text in examples)
        return (
            f'<tr style="--h:{hue(name)}"><td>{chip(name[:60])}<span class="what">{shown(what)}'
            f'</span></td><td class="examples">{f"<ul>{told}</ul>" if told else ""}</td>'
            f'<td class="number">{pieces:,}{bar(pieces, most)}</td>'
            f'<td class="number extra">{characters:,}</td></tr>\n'
        )

    def rules(self) -> Iterator[str]:
        if not self.corpus.rules:
            return
        count = self.corpus.rule_count
        yield f"<details><summary>By rule, the {len(self.corpus.rules)} most frequent"
        yield f" of {count:,}</summary>\n" if count > len(self.corpus.rules) else "</summary>\n"
        most = self.corpus.rules[0][2]
        yield '<table><thead><tr><th scope="col">Rule</th><th scope="col">What it is</th>'
        yield '<th scope="col" class="number">Pieces</th></tr></thead>\n<tbody>\n'
        for rule, category, number in self.corpus.rules:
            what = descriptions().get(rule, "")
            yield f'<tr style="--h:{hue(category)}"><td><code>{_cut(rule)}</code></td>'
            yield f'<td>{shown(what)}</td><td class="number">{number:,}{bar(number, most)}</td>'
            yield "</tr>\n"
        yield "</tbody></table>\n</details>\n"

    def lowest(self) -> Iterator[str]:
        yield from _pages(
            self.corpus.lowest,
            f"The {len(self.corpus.lowest):,} records of lowest confidence. Where something is "
            "wrong, it is most likely here.",
        )

    def chance(self) -> Iterator[str]:
        yield from _pages(
            self.corpus.chance,
            f"{len(self.corpus.chance):,} records that stand for all of them, good and bad.",
        )

    def duplicates(self) -> Iterator[str]:
        dedup = self.summary.get("dedup")
        if not isinstance(dedup, dict):
            return
        count = self.corpus.cluster_count
        redundant, documents = _whole(dedup.get("redundant")), _whole(dedup.get("documents"))
        links = dedup.get("links")
        yield f'<p class="lead">{count:,} {plural(count, "cluster")} of records that carry one '
        yield f"story; {redundant:,} of {documents:,} could go without losing a story.</p>\n"
        if isinstance(links, dict) and links:
            told = (f"{shown(str(k))} {_whole(v):,}" for k, v in list(links.items())[:12])
            yield f'<p class="facts">Links: {" · ".join(told)}</p>\n'
        if left := count - len(self.corpus.clusters):
            yield f'<p class="hint">{len(self.corpus.clusters)} are shown: the largest, then some '
            yield f"picked by chance; {left:,} are not.</p>\n"
        for cluster in self.corpus.clusters:
            yield from cluster_entry(cluster)

    def places(self) -> Iterator[str]:
        tables = (("sites", "Site", "site"), ("languages", "Language", "language"))
        made = [(self.counts(name), head, noun) for name, head, noun in tables]
        if not any(counts for counts, _, _ in made):
            return
        yield '<div class="pair">\n'
        for counts, head, noun in made:
            yield "<div>\n"
            yield from _counted(counts, head, noun)
            yield "</div>\n"
        yield "</div>\n"

    def warnings(self) -> Iterator[str]:
        counts = self.counts("warnings")
        if not counts:
            return
        yield '<p class="lead">What a reader of a record should know, by code. '
        yield "One record can have several.</p>\n"
        most = max(counts.values())
        lines = []
        for code, number in list(counts.items())[:LONG]:
            told = "".join(
                f"<li><code>{_cut(name, 120)}</code> {shown(detail)}</li>"
                for name, detail in self.corpus.warned.get(code, ())
            )
            lines.append(
                f'<tr><td><code>{_cut(code)}</code></td><td class="examples">'
                f"{f'<ul>{told}</ul>' if told else ''}</td>"
                f'<td class="number">{number:,}{bar(number, most)}</td></tr>\n'
            )
        yield from _folded(lines, _WARNING_HEAD, len(counts), "code", "codes")

    def unread(self) -> Iterator[str]:
        unread, places = self.corpus.unread, self.corpus.quarantine
        skipped = self.summary.get("skipped")
        skipped = [s for s in skipped if isinstance(s, dict)] if isinstance(skipped, list) else []
        total = self.corpus.quarantine_count
        if total:
            yield f"<h3>Quarantine</h3>\n{_part(len(places), total, 'place', 'in its order')}"
            rows = [
                f"<tr><td>{_cut(p['where'])}</td><td><code>{_cut(p['id'])}</code></td>"
                f"<td>{_cut(p['reason'])}"
                + (f'<span class="digest">sha256 {_cut(p["sha256"])}</span>' if p["sha256"] else "")
                + "</td></tr>\n"
                for p in places
            ]
            yield from _folded(rows, _heads("Where", "Id", "Reason"), len(rows), "place", "places")
        if unread:
            count = self.count("unreadable")
            yield "<h3>Records without text</h3>\n"
            yield _part(len(unread), max(count, len(unread)), "record", "the first")
            rows = [
                f"<tr><td><code>{_cut(n)}</code></td><td>{_cut(why)}</td></tr>\n"
                for n, why in unread
            ]
            yield from _folded(rows, _heads("Id", "Reason"), len(rows), "record", "records")
        if skipped:
            yield f"<h3>Skipped paths</h3>\n{_part(min(LONG, len(skipped)), len(skipped), 'path')}"
            rows = [
                f"<tr><td>{_cut(str(s.get('path')))}</td><td>{_cut(str(s.get('reason')))}</td></tr>\n"
                for s in skipped[:LONG]
            ]
            yield from _folded(rows, _heads("Path", "Reason"), len(rows), "path", "paths")

    def run(self) -> Iterator[str]:
        inputs = self.summary.get("inputs")
        inputs = [i for i in inputs if isinstance(i, dict)] if isinstance(inputs, list) else []
        if inputs:
            head = _heads("Input", "Kind") + '<th scope="col" class="number">Records</th>'
            rows = [
                f"<tr><td>{_cut(str(i.get('path')))}</td><td>{_cut(str(i.get('kind')))}</td>"
                f'<td class="number">{_whole(i.get("records")):,}</td></tr>\n'
                for i in inputs[:LONG]
            ]
            yield from _folded(rows, head, len(inputs), "input", "inputs")
        options = self.summary.get("options")
        given = list(options.items())[:MOST_OPTIONS] if isinstance(options, dict) else []
        if given:
            yield "<details><summary>Options</summary>\n<table><thead><tr>"
            yield f"{_heads('Option', 'Value')}</tr></thead>\n<tbody>\n"
            for name, value in given:
                told = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
                yield f"<tr><td><code>{_cut(str(name))}</code></td><td>{_cut(told)}</td></tr>\n"
            yield "</tbody></table>\n</details>\n"

    def footer(self) -> Iterator[str]:
        version, rules = self.summary.get("version"), self.summary.get("rules_hash")
        yield f"<footer><p>Cleaned by cleannews {_cut(str(version))} with the rules "
        yield f"<code>{_cut(str(rules))}</code>. Removed pieces are shown as they stood; nothing "
        yield "was added to any text. Confidences are probabilities from 0 to 1.</p></footer>\n"


# --- small parts ----------------------------------------------------------------------------------


def _heads(*names: str) -> str:
    return "".join(f'<th scope="col">{name}</th>' for name in names)


_CATEGORY_HEAD = (
    _heads("Category", "For example")
    + '<th scope="col" class="number">Pieces</th>'
    + '<th scope="col" class="number extra">Characters</th>'
)
_WARNING_HEAD = _heads("Code", "For example") + '<th scope="col" class="number">Records</th>'


def _folded(rows: Sequence[str], head: str, total: int, noun: str, nouns: str) -> Iterator[str]:
    """Yield a table: the first rows to see, more to unfold, and a word on those that are not."""
    table = f"<table><thead><tr>{head}</tr></thead>\n<tbody>\n"
    # Folding away one or two rows would cost more than it saves.
    split = SHORT if len(rows) > SHORT + 3 else len(rows)
    yield table + "".join(rows[:split]) + "</tbody></table>\n"
    if rest := rows[split:]:
        yield f"<details><summary>{len(rest)} more {nouns}</summary>\n{table}{''.join(rest)}"
        yield "</tbody></table>\n</details>\n"
    if (left := total - len(rows)) > 0:
        yield f'<p class="hint">{left:,} rarer {noun if left == 1 else nouns} not shown.</p>\n'


def _counted(counts: Mapping[str, int], head: str, noun: str) -> Iterator[str]:
    most = max(counts.values(), default=0)
    rows = [
        f'<tr><td dir="auto">{_cut(name, 120)}</td><td class="number">{number:,}'
        f"{bar(number, most)}</td></tr>\n"
        for name, number in list(counts.items())[:LONG]
    ]
    heads = _heads(head) + '<th scope="col" class="number">Records</th>'
    yield from _folded(rows, heads, len(counts), noun, f"{noun}s")


def _pages(pages: Iterable[SeenPage], lead: str) -> Iterator[str]:
    entries = [part for page in pages for part in page_entry(page)]
    if entries:
        yield f'<p class="lead">{lead}</p>\n'
        yield from entries


def _part(number: int, total: int, noun: str, which: str = "") -> str:
    if number >= total:
        return f'<p class="hint">{total:,} {plural(total, noun)}.</p>\n'
    which = f", {which}" if which else ""
    return f'<p class="hint">{number:,} of {total:,} {plural(total, noun)}{which}.</p>\n'


def _cut(value: str, most: int = LONGEST) -> str:
    return shown(value if len(value) <= most else value[: most - 1] + "…")


def _whole(value: object) -> int:
    return value if isinstance(value, int) and value > 0 else 0


def _percent(part: int, whole: int, *, of: str = " of the records") -> str:
    return f"{part / whole:.0%}{of}" if whole else "–"


def _inputs(summary: Mapping[str, Any]) -> str:
    inputs = summary.get("inputs")
    count = len(inputs) if isinstance(inputs, list) else 0
    return f"from {count:,} {plural(count, 'input')}" if count else "&nbsp;"

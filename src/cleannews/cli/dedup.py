"""``cleannews dedup``: `cleannews.find_duplicates` over files, folders and JSON lines."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cleannews.cli.console import Exit, Outcome, tell, write
from cleannews.cli.inputs import Inputs, Source, documents, expand
from cleannews.cli.outputs import check_not_input, save
from cleannews.cli.shared import quiet_option

if TYPE_CHECKING:
    from cleannews.duplicates.index import DuplicateIndex
    from cleannews.duplicates.sketch import IndexMatch
    from cleannews.duplicates.values import Duplicates

_DEDUP_EXAMPLES = """\b
Examples:
  cleannews dedup pages/
  cleannews dedup pages/ --clean --links links.jsonl --clusters clusters.jsonl
  cleannews dedup news.jsonl -o kept.jsonl
  cleannews dedup today.jsonl --against seen.db
  cleannews dedup today.jsonl --against seen.db --new-only -o new.jsonl

\b
A line of JSON is an object with "text" and, if known, "id", "title", "url" and "date".

\b
Exit codes: 0 done; 1 some inputs failed; 2 wrong use; 3 nothing to compare;
74 cannot read or write; 130 interrupted.
"""

LINES = (".jsonl", ".ndjson")
"""Endings of files that hold one JSON object a line."""
TOLD_EVERY = 1_000
"""Documents after which progress is told on a terminal."""


@dataclass(slots=True)
class _Records:
    """The documents of all inputs, as they will be written again."""

    written: dict[str, str] = field(default_factory=dict)

    def read(self, inputs: Inputs, outcome: Outcome, *, quiet: bool) -> Iterator[dict[str, Any]]:
        """Yield one mapping for each document; what cannot be read is told and counted."""
        progress = not quiet and sys.stderr is not None and sys.stderr.isatty()
        flat = Inputs(tuple(s for s in inputs.sources if not _is_lines(s)), inputs.is_many)
        for source in inputs.sources:
            if _is_lines(source):
                yield from self._counted(_lines(source, outcome), outcome, progress=progress)
        texts = (
            {"id": document.id or source.name, "text": document.text}
            for source, document in documents(flat, outcome, url=None, name=None, quiet=quiet)
        )
        yield from self._counted(texts, outcome, progress=progress)
        if progress and outcome.done >= TOLD_EVERY:
            sys.stderr.write(f"\r{outcome.done:,} documents read\n")

    def _counted(
        self, found: Iterable[dict[str, Any]], outcome: Outcome, *, progress: bool
    ) -> Iterator[dict[str, Any]]:
        for record in found:
            name = str(record["id"])
            self.written.setdefault(name, json.dumps(record, ensure_ascii=False))
            outcome.done += 1
            if progress and outcome.done % TOLD_EVERY == 0:
                sys.stderr.write(f"\r{outcome.done:,} documents read")
            yield {**record, "id": name}


def _is_lines(source: Source) -> bool:
    return source.path is not None and source.path.suffix.lower() in LINES


def _lines(source: Source, outcome: Outcome) -> Iterator[dict[str, Any]]:
    """Yield the objects of a file of JSON lines."""
    assert source.path is not None  # noqa: S101 (standard input is a text)
    try:
        with source.path.open(encoding="utf-8-sig", errors="surrogateescape") as lines:
            for number, line in enumerate(lines, 1):
                if not line.strip():
                    continue
                where = f"{source.name}:{number}"
                try:
                    record = json.loads(line)
                except ValueError as error:
                    outcome.fail(where, f"not JSON: {error}", Exit.UNUSABLE)
                    continue
                if not isinstance(record, dict) or not isinstance(record.get("text"), str):
                    outcome.fail(where, "not an object with a string 'text'", Exit.UNUSABLE)
                    continue
                if record.get("id") is None:
                    record["id"] = where
                yield record
    except OSError as error:
        outcome.fail_io(source.name, error)


@click.command("dedup", epilog=_DEDUP_EXAMPLES)
@click.argument("files", nargs=-1, metavar="[FILE|FOLDER|JSONL|-]...", type=click.Path())
@click.option(
    "-o",
    "--output",
    metavar="FILE",
    type=click.Path(),
    help="Write the kept documents here, one JSON object a line, instead of their ids to stdout.",
)
@click.option("--links", metavar="FILE", type=click.Path(), help="Write all links here.")
@click.option("--clusters", metavar="FILE", type=click.Path(), help="Write all clusters here.")
@click.option(
    "--against",
    metavar="INDEX",
    type=click.Path(),
    help="Leave out what is known to this index, too.",
)
@click.option("--new-only", is_flag=True, help="Add what is kept to the index of --against.")
@click.option("--clean", is_flag=True, help="Clean every text before it is compared.")
@click.option(
    "--minimum",
    type=click.FloatRange(0, 1),
    default=0.0,
    metavar="SHARE",
    help="Least confidence of a link, 0 to 1.",
)
@quiet_option
@click.pass_context
def dedup_command(
    context: click.Context,
    /,
    files: tuple[str, ...],
    output: str | None,
    links: str | None,
    clusters: str | None,
    against: str | None,
    new_only: bool,
    clean: bool,
    minimum: float,
    quiet: bool,
) -> None:
    """Keep one document of every story and tell which ones are copies, and of what.

    Of every cluster the probable original is kept. Files are compared as they are unless --clean is
    given; files that end in .jsonl hold one document a line.
    """
    if new_only and not against:
        raise click.UsageError("--new-only adds to an index; name it with --against")
    outcome = Outcome()
    inputs = expand(files, outcome)
    targets = [Path(name) for name in (output, links, clusters) if name and name != "-"]
    for path in targets:
        check_not_input(path, inputs.sources)

    from cleannews.duplicates.find import find_duplicates
    from cleannews.duplicates.values import DuplicateOptions

    records = _Records()
    options = DuplicateOptions(clean=clean, minimum=minimum)
    found = find_duplicates(records.read(inputs, outcome, quiet=quiet), options=options)
    if not found.documents:
        tell("there is nothing to compare", quiet=quiet)
        context.exit(outcome.code or Exit.UNUSABLE)
    gone = set(found.redundant())
    kept = [name for name in records.written if name not in gone]
    with _index(against, clean=clean, new_only=new_only) as index:
        known = _known(index, records, kept, new_only=new_only) if index is not None else {}
        kept = [name for name in kept if name not in known]
        _write_out(records, found, known, kept, output=output, links=links, clusters=clusters)
    _sum_up(found, known, kept, quiet=quiet)
    context.exit(outcome.code)


@contextmanager
def _index(path: str | None, *, clean: bool, new_only: bool) -> Iterator[DuplicateIndex | None]:
    if path is None:
        yield None
        return
    from cleannews.duplicates.index import DuplicateIndex

    with DuplicateIndex(path, clean=clean, read_only=not new_only) as index:
        yield index


def _known(
    index: DuplicateIndex, records: _Records, kept: list[str], *, new_only: bool
) -> dict[str, list[IndexMatch]]:
    """Return the matches of documents whose story the index has; add the others if asked to."""
    made = {name: {**json.loads(records.written[name]), "id": name} for name in kept}
    known = {}
    for name, record in made.items():
        matches = index.query(record)
        if matches or name in index:
            known[name] = matches
    if new_only:
        index.add(record for name, record in made.items() if name not in known)
    return known


def _write_out(
    records: _Records,
    found: Duplicates,
    known: dict[str, list[IndexMatch]],
    kept: list[str],
    *,
    output: str | None,
    links: str | None,
    clusters: str | None,
) -> None:
    if output and output != "-":
        save(Path(output), "".join(f"{records.written[name]}\n" for name in kept))
    elif output:
        for name in kept:
            write(records.written[name])
    else:
        for name in kept:
            write(name)
    if links:
        rows = [link.to_dict() for link in found.links]
        rows += [
            {"a": name, "b": m.id, "kind": m.kind, "similarity": m.similarity, "known": True}
            for name, matches in known.items()
            for m in matches
        ]
        save(Path(links), _json_lines(rows))
    if clusters:
        save(Path(clusters), _json_lines(c.to_dict() for c in found.clusters))


def _json_lines(rows: Iterable[dict[str, Any]]) -> str:
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def _sum_up(
    found: Duplicates, known: dict[str, list[IndexMatch]], kept: list[str], *, quiet: bool
) -> None:
    counts: dict[str, int] = {}
    for link in found.links:
        counts[link.kind] = counts.get(link.kind, 0) + 1
    told = ", ".join(f"{count} {kind}" for kind, count in sorted(counts.items())) or "none"
    tell(
        f"{found.documents} documents, {len(found.clusters)} clusters, {len(kept)} kept"
        + (f", {len(known)} known before" if known else "")
        + f"; links: {told}",
        quiet=quiet,
    )

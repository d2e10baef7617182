"""``cleannews meta``: the metadata of pages and of flat texts."""

from __future__ import annotations

import csv
import io
import json
import sys
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

import click

from cleannews.cli.console import Exit, Outcome, tell, wants_color, write
from cleannews.cli.inputs import documents, expand
from cleannews.cli.shared import (
    cleaning_options,
    color_option,
    is_empty,
    options_from,
    quiet_option,
)
from cleannews.document import Document, Metadata, Person, Sourced
from cleannews.options import CleanOptions

_META_EXAMPLES = """\b
Examples:
  cleannews meta story.txt
  cleannews meta story.txt --json | jq -r .published.value
  cleannews meta page.html --url https://example.org/bridge
  cleannews meta pages/ --json > metadata.jsonl
  cleannews meta pages/ --csv > metadata.csv
"""


@click.command("meta", epilog=_META_EXAMPLES)
@click.argument("files", nargs=-1, metavar="[FILE|FOLDER|-]...", type=click.Path())
@click.option("--json", "as_json", is_flag=True, help="JSON, one line for each input.")
@click.option("--csv", "as_csv", is_flag=True, help="CSV, one row for each input, values only.")
@cleaning_options
@color_option
@quiet_option
@click.pass_context
def meta_command(
    context: click.Context,
    /,
    files: tuple[str, ...],
    as_json: bool,
    as_csv: bool,
    color: str,
    quiet: bool,
    **given: Any,
) -> None:
    """Show title, people, dates and sources, and where they were read."""
    options = options_from(context, given)
    if as_json and as_csv:
        raise click.UsageError("--json and --csv exclude each other")
    outcome = Outcome()
    inputs = expand(files, outcome)
    colored = wants_color(sys.stdout, color)
    read = documents(inputs, outcome, url=given["url"], name=given["name"], quiet=quiet)
    if as_csv:
        write(csv_line(["id", "url", *Metadata.__dataclass_fields__]))
    for source, document in read:
        metadata, is_blank = _read(document, options, source.name, quiet=quiet)
        if as_json:
            told = {"id": document.id, "url": document.url, **metadata.to_dict()}
            write(json.dumps(told, ensure_ascii=False))
        if as_csv:
            write(csv_line([document.id or "", document.url or "", *cells(metadata)]))
        if is_blank:
            outcome.fail(source.name, "empty input: there is no text in it", Exit.UNUSABLE)
            continue
        outcome.done += 1
        if as_json or as_csv:
            continue
        if len(inputs.sources) > 1:
            write(f"{source.name}:")
        rows = list(metadata_rows(metadata, color=colored))
        if not rows:
            tell(f"{source.name}: no metadata was found", quiet=quiet)
        for row in rows:
            write(row)
    context.exit(outcome.code)


def _read(
    document: Document, options: CleanOptions, name: str, *, quiet: bool
) -> tuple[Metadata, bool]:
    """Return the metadata of a page or a text, and whether there was nothing to read."""
    from cleannews.api import clean, page_metadata
    from cleannews.reading.sniff import looks_like_html

    is_blank = False
    if looks_like_html(document.text):
        metadata, warnings = page_metadata(document.text, url=document.url)
    else:
        result = clean(document, options=options)
        metadata, warnings, is_blank = result.metadata, result.warnings, is_empty(result)
    for warning in () if is_blank else warnings:
        tell(f"{name}: warning: {warning.code}: {warning.detail}", quiet=quiet)
    return metadata, is_blank


def csv_line(values: Sequence[str]) -> str:
    """Return one line of CSV. What a spreadsheet would run as a formula gets a quote in front."""
    out = io.StringIO()
    safe = [f"'{v}" if v[:1] in ("=", "+", "-", "@", "\t", "\r") else v for v in values]
    csv.writer(out, lineterminator="").writerow(safe)
    return out.getvalue()


def cells(metadata: Metadata) -> Iterator[str]:
    """Yield each field's values, several joined by a semicolon."""
    for name in type(metadata).__dataclass_fields__:
        yield "; ".join(shown(found) for found in _values(metadata, name))


def _values(metadata: Metadata, name: str) -> list[Any]:
    value = getattr(metadata, name)
    return list(value) if isinstance(value, tuple) else [] if value is None else [value]


def shown(found: Any) -> str:
    """Return a value as people read it."""
    value = found.value if isinstance(found, Sourced) else found
    if isinstance(value, Person):
        return value.name
    return value.isoformat() if isinstance(value, date) else str(value)


def metadata_rows(metadata: Metadata, *, color: bool) -> Iterator[str]:
    """Yield one row for each value: field, value, confidence, where it was read."""
    from cleannews.boilerplate.explain import printable

    for name in type(metadata).__dataclass_fields__:
        for found in _values(metadata, name):
            label = f"{name:<14}"
            origin = ""
            if isinstance(found, Sourced):
                origin = f"  ({found.confidence:.2f}, {found.origin})"
            if color:
                label, origin = click.style(label, fg="cyan"), click.style(origin, dim=True)
            yield f"{label}{printable(shown(found))}{origin}"

"""``cleannews meta``: the metadata of `cleannews.clean`, without the text."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
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
from cleannews.document import Metadata, Person

_META_EXAMPLES = """\b
Examples:
  cleannews meta story.txt
  cleannews meta story.txt --json | jq -r .published.value
  cleannews meta pages/ --json > metadata.jsonl
"""


@click.command("meta", epilog=_META_EXAMPLES)
@click.argument("files", nargs=-1, metavar="[FILE|FOLDER|-]...", type=click.Path())
@click.option("--json", "as_json", is_flag=True, help="JSON, one line for each input.")
@cleaning_options
@color_option
@quiet_option
@click.pass_context
def meta_command(
    context: click.Context,
    /,
    files: tuple[str, ...],
    as_json: bool,
    color: str,
    quiet: bool,
    **given: Any,
) -> None:
    """Show title, people, dates and sources, and who read them."""
    options = options_from(context, given)
    outcome = Outcome()
    inputs = expand(files, outcome)
    colored = wants_color(sys.stdout, color)

    from cleannews.api import clean

    read = documents(inputs, outcome, url=given["url"], name=given["name"], quiet=quiet)
    for source, document in read:
        result = clean(document, options=options)
        if as_json:
            told = {"id": document.id, "url": document.url, **result.metadata.to_dict()}
            write(json.dumps(told, ensure_ascii=False))
        if is_empty(result):
            outcome.fail(source.name, "empty input: there is no text in it", Exit.UNUSABLE)
            continue
        outcome.done += 1
        for warning in result.warnings:
            tell(f"{source.name}: warning: {warning.code}: {warning.detail}", quiet=quiet)
        if as_json:
            continue
        if len(inputs.sources) > 1:
            write(f"{source.name}:")
        rows = list(metadata_rows(result.metadata, color=colored))
        if not rows:
            tell(f"{source.name}: no metadata was found", quiet=quiet)
        for row in rows:
            write(row)
    context.exit(outcome.code)


def metadata_rows(metadata: Metadata, *, color: bool) -> Iterator[str]:
    """Yield one row for each value: field, value, confidence, who read it."""
    from cleannews.boilerplate.explain import printable

    for name in type(metadata).__dataclass_fields__:
        value = getattr(metadata, name)
        for found in value if isinstance(value, tuple) else [value] if value is not None else []:
            shown = found.value.name if isinstance(found.value, Person) else str(found.value)
            label, origin = f"{name:<14}", f"({found.confidence:.2f}, {found.origin})"
            if color:
                label, origin = click.style(label, fg="cyan"), click.style(origin, dim=True)
            yield f"{label}{printable(shown)}  {origin}"

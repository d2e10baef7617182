"""``cleannews explain``: `cleannews.explain` of one file, in the terminal, as JSON or as a page."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import click

from cleannews.cli.console import Exit, Outcome, columns, show, tell, wants_color, write
from cleannews.cli.inputs import documents, expand
from cleannews.cli.outputs import check_not_input, save
from cleannews.cli.shared import (
    cleaning_options,
    color_option,
    is_empty,
    options_from,
    quiet_option,
    site_from,
    site_options,
)

_EXPLAIN_EXAMPLES = """\b
Examples:
  cleannews explain story.txt
  cleannews explain story.txt --color always | less -R
  cleannews explain story.txt --html why.html
  cleannews explain story.txt --site site.json
  cleannews explain story.txt --json | jq -r '.removed[] | [.line, .rule, .text] | @tsv'
"""


@click.command("explain", epilog=_EXPLAIN_EXAMPLES)
@click.argument("file", default="-", metavar="[FILE|-]", type=click.Path())
@click.option("--json", "as_json", is_flag=True, help="The result with the words of each finding.")
@click.option("--html", metavar="FILE", type=click.Path(), help="Write a self-contained page.")
@site_options
@cleaning_options
@color_option
@quiet_option
@click.pass_context
def explain_command(
    context: click.Context,
    /,
    file: str,
    as_json: bool,
    html: str | None,
    color: str,
    quiet: bool,
    **given: Any,
) -> None:
    """Show what would be removed from a text, by which rule, on what evidence.

    Marks: - a line that goes, ~ a line that loses a part, ? a line that looks like boilerplate and
    stays. Control characters are shown as escapes.
    """
    options = options_from(context, given)
    site = site_from(given)
    outcome = Outcome()
    inputs = expand((file,), outcome)
    if inputs.is_many:
        raise click.UsageError("explain takes one file, not a folder or a pattern")
    if html and html != "-":
        check_not_input(Path(html), inputs.sources)

    from cleannews.api import clean
    from cleannews.boilerplate.explain import explain, explanation

    read = documents(inputs, outcome, url=given["url"], name=given["name"], quiet=quiet)
    for source, document in read:
        result = clean(document, options=options, site=site)
        if is_empty(result):
            outcome.fail(source.name, "empty input: there is no text in it", Exit.UNUSABLE)
            continue
        outcome.done += 1
        if html:
            from cleannews.report.page import render_page

            if html == "-":
                write(render_page(result))
            else:
                save(Path(html), render_page(result))
                tell(f"{source.name}: the page is in {html}", quiet=quiet)
        if as_json:
            write(json.dumps(explanation(result), ensure_ascii=False, indent=2))
        elif not html:
            colored = wants_color(sys.stdout, color)
            show(explain(result, color=colored, width=columns(sys.stdout)), stream=sys.stdout)
    context.exit(outcome.code)

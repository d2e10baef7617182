"""``cleannews demo``: clean a sample that comes with the package."""

from __future__ import annotations

import sys
from importlib.resources import files
from pathlib import Path

import click

from cleannews.cli.console import columns, show, tell, wants_color, write
from cleannews.cli.meta import metadata_rows
from cleannews.cli.outputs import check_own, save
from cleannews.cli.shared import color_option, quiet_option

PAGE = "cleannews-demo.html"
SITE = "https://tidewater-ledger.example/pell-rock-lighthouse"


_DEMO_EXAMPLES = """\b
Examples:
  cleannews demo
  cleannews demo -o /tmp/demo.html
"""


@click.command("demo", epilog=_DEMO_EXAMPLES)
@click.option(
    "-o", "--output", metavar="FILE", type=click.Path(), default=PAGE, show_default=True,
    help="Where to write the page.",
)  # fmt: skip
@color_option
@quiet_option
def demo_command(output: str, color: str, quiet: bool) -> None:
    """Clean a made-up story, show what went and why."""
    from cleannews.api import clean
    from cleannews.boilerplate.explain import explain
    from cleannews.report.page import render_page

    path = Path(output)
    check_own(path)
    text = files("cleannews.cli").joinpath("demo_sample.txt").read_text(encoding="utf-8")
    result = clean(text, url=SITE)
    colored = wants_color(sys.stdout, color)
    show(explain(result, color=colored, width=columns(sys.stdout)), stream=sys.stdout)
    write("\nRead before anything was removed:")
    for row in metadata_rows(result.metadata, color=colored):
        write("  " + row)
    save(path, render_page(result))
    tell(f"The same as a page to look at: {path}", quiet=quiet)

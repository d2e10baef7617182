"""The command line. A command parses, calls one function of the library, and prints."""

from __future__ import annotations

import click

from cleannews._version import __version__
from cleannews.cli.clean import clean_command
from cleannews.cli.console import Group
from cleannews.cli.dedup import dedup_command
from cleannews.cli.demo import demo_command
from cleannews.cli.explain import explain_command
from cleannews.cli.learn import learn_command
from cleannews.cli.meta import meta_command
from cleannews.cli.report import report_command
from cleannews.cli.rules import rules_group
from cleannews.cli.run import run_command

_EPILOG = """\b
Examples:
  cleannews demo
  cleannews clean story.txt
  cleannews explain story.txt --html why.html
  cleannews learn pages/ -o site.json
  cleannews dedup pages/
  cleannews run news.jsonl.gz -o clean.parquet --resume

\b
Options come from flags, then CLEANNEWS_* variables, then --config, or else the
nearest cleannews.toml or [tool.cleannews] in pyproject.toml.

\b
Completion of commands and options, for bash (zsh and fish alike):
  eval "$(_CLEANNEWS_COMPLETE=bash_source cleannews)"
"""


@click.group(
    cls=Group,
    epilog=_EPILOG,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(__version__, "--version", "-V", prog_name="cleannews")
def cli() -> None:
    """Clean scraped and spun news: remove boilerplate, say why, recover metadata."""


for _command in (
    clean_command,
    explain_command,
    meta_command,
    learn_command,
    dedup_command,
    run_command,
    report_command,
    rules_group,
    demo_command,
):
    cli.add_command(_command)


def main() -> None:
    """Run the command line; the entry point of the ``cleannews`` command."""
    cli(prog_name="cleannews")


__all__ = ["cli", "main"]

"""``cleannews report``: a page on what a run wrote."""

from __future__ import annotations

from pathlib import Path

import click

from cleannews.cli.console import Exit, tell, write
from cleannews.cli.outputs import check_own, save
from cleannews.cli.shared import quiet_option

PAGE = "report.html"

_REPORT_EXAMPLES = """\b
Examples:
  cleannews report clean.parquet
  cleannews report clean/ -o report.html
  cleannews report clean.jsonl.gz -o - > report.html

\b
Exit codes: 0 done; 1 done, but a part of the output could not be read (the page says
which); 2 OUT is no finished output of 'run'; 74 cannot read or write.
"""


@click.command("report", epilog=_REPORT_EXAMPLES)
@click.argument("out", metavar="OUT", type=click.Path())
@click.option(
    "-o", "--output", metavar="FILE", type=click.Path(), default=PAGE, show_default=True,
    help="Where to write the page, or - for stdout.",
)  # fmt: skip
@quiet_option
@click.pass_context
def report_command(context: click.Context, /, out: str, output: str, quiet: bool) -> None:
    """Make a page of what a run wrote: counts, the least sure records, duplicates, failures.

    OUT is what 'run' was given with -o. The page is one file that loads nothing. It shows samples,
    so that it stays small however many records there are; the same output gives the same page.
    """
    from cleannews.batch.survey import survey
    from cleannews.report.corpus import render_corpus

    path = Path(output)
    if output != "-":
        check_own(path)
    corpus = survey(Path(out))
    page = render_corpus(corpus)
    if output == "-":
        write(page)
    else:
        save(path, page)
        tell(f"{out}: the report is in {output}", quiet=quiet)
    for problem in corpus.problems:
        tell(f"{out}: {problem}")
    context.exit(Exit.PARTLY if corpus.problem_count else Exit.DONE)

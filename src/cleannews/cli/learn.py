"""``cleannews learn``: `cleannews.learn_site` over files, into a file of site profiles."""

from __future__ import annotations

from pathlib import Path

import click

from cleannews.cli.console import Exit, Outcome, tell, write
from cleannews.cli.inputs import documents, expand
from cleannews.cli.outputs import check_not_input, save
from cleannews.cli.shared import quiet_option

_LEARN_EXAMPLES = """\b
Examples:
  cleannews learn pages/ -o site.json
  cleannews clean story.txt --site site.json
  cleannews learn harbour/*.txt --host harbour.example -o sites.json
  cleannews learn hill/*.txt --host hill.example --merge sites.json -o sites.json
  cleannews learn --merge monday.json --merge tuesday.json -o week.json
"""


@click.command("learn", epilog=_LEARN_EXAMPLES)
@click.argument("files", nargs=-1, metavar="[FILE|FOLDER|-]...", type=click.Path())
@click.option(
    "-o", "--output", metavar="FILE", type=click.Path(), help="Write here instead of stdout."
)
@click.option("--host", metavar="HOST", help="Host of the site that all these pages are of.")
@click.option(
    "--merge",
    "old",
    multiple=True,
    metavar="FILE",
    type=click.Path(),
    help="Add what this file of profiles knows. May be repeated.",
)
@quiet_option
@click.pass_context
def learn_command(
    context: click.Context,
    /,
    files: tuple[str, ...],
    output: str | None,
    host: str | None,
    old: tuple[str, ...],
    quiet: bool,
) -> None:
    """Learn which lines come back on the pages of one site.

    Give it several whole pages of the site, as your extractor makes them and uncleaned. The file
    holds hashes of lines, no text. All pages are taken to be of one site; without --host its
    profile counts for every text that has none of its own.
    """
    outcome = Outcome()
    inputs = expand(files, outcome) if files or not old else None
    if output and output != "-" and inputs:
        check_not_input(Path(output), inputs.sources)

    from cleannews.boilerplate.sites import SiteProfiles, learn_site

    store = SiteProfiles()
    for path in old:
        store = store.merge(SiteProfiles.load(path))
    if inputs:
        pages = []
        for source, document in documents(inputs, outcome, url=None, name=None, quiet=quiet):
            if not document.text.strip():
                reason = "empty input: there is no text in it"
                outcome.fail(source.name, reason, Exit.UNUSABLE)
                continue
            outcome.done += 1
            pages.append(document)
        learned = learn_site(pages, host=host)
        if not learned.pages:
            tell("nothing was learned", quiet=quiet)
            context.exit(outcome.code or Exit.UNUSABLE)
        store = store.merge(learned)
    told = store.to_json()
    if output and output != "-":
        save(Path(output), told)
    else:
        write(told)
    for profile in store.profiles:
        number = len(profile.pages)
        pages_told = f"{number} page{'' if number == 1 else 's'}"
        tell(f"{profile.host or 'a site without a host'}: {pages_told}", quiet=quiet)
    context.exit(outcome.code)

"""``cleannews clean``: `cleannews.clean` over files."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

import click

from cleannews.cli.console import Exit, Outcome, columns, ended, show, tell, wants_color, write
from cleannews.cli.inputs import Inputs, Source, documents, expand
from cleannews.cli.outputs import COLLECTION, plan, save
from cleannews.cli.shared import (
    cleaning_options,
    is_empty,
    options_from,
    quiet_option,
    site_from,
    site_options,
)
from cleannews.document import CleanResult, Document
from cleannews.writing import replacing

if TYPE_CHECKING:
    from cleannews.boilerplate.sites import SiteProfile, SiteProfiles

_CLEAN_EXAMPLES = """\b
Examples:
  cleannews clean story.txt
  cleannews clean story.txt --explain > clean.txt
  curl -s https://example.org/story.txt | cleannews clean --json | jq .metadata
  cleannews clean pages/ -o clean/
  cleannews clean pages/*.txt --json -o all.jsonl
  cleannews clean --check inbox/
  cleannews clean pages/ --learn-site -o clean/
  cleannews clean story.txt --site site.json
  cleannews clean page.html --format markdown > story.md

\b
Exit codes: 0 done; 1 some inputs failed, or --check found something; 2 wrong use;
3 no text in the input, or none left; 74 cannot read or write; 130 interrupted.
"""


@click.command("clean", epilog=_CLEAN_EXAMPLES)
@click.argument("files", nargs=-1, metavar="[FILE|FOLDER|-]...", type=click.Path())
@click.option(
    "-o",
    "--output",
    metavar="FILE|FOLDER",
    type=click.Path(),
    help="Write here instead of stdout; into a folder under the inputs' own names.",
)
@click.option("--json", "as_json", is_flag=True, help="The whole result as JSON, one line each.")
@click.option(
    "--format",
    "shape",
    type=click.Choice(["text", "markdown", "html"]),
    default="text",
    help="What to write of the story: its text, or Markdown or HTML with headings, lists, links.",
)
@click.option("--explain", "explained", is_flag=True, help="Say on stderr what went, and why.")
@click.option("--check", is_flag=True, help="Write nothing; exit 1 if something would go.")
@click.option(
    "--learn-site",
    "learn",
    is_flag=True,
    help="Learn the site's template from these inputs first; all are taken to be of one site.",
)
@site_options
@cleaning_options
@quiet_option
@click.pass_context
def clean_command(
    context: click.Context,
    /,
    files: tuple[str, ...],
    output: str | None,
    as_json: bool,
    shape: str,
    explained: bool,
    check: bool,
    learn: bool,
    quiet: bool,
    **given: Any,
) -> None:
    """Remove boilerplate and write the story to stdout.

    Reads standard input when no FILE is named. A folder means the files in it. What was removed is
    summed up on stderr.
    """
    if check and (output or as_json):
        raise click.UsageError("--check writes nothing; leave out -o and --json")
    if as_json and shape != "text":
        raise click.UsageError("--json holds the text; leave out --format")
    options = options_from(context, given)
    site = site_from({**given, "learn": learn})
    outcome = Outcome()
    inputs = expand(files, outcome)
    job = _Job(inputs, None if output == "-" else output, as_json, shape, check, outcome)

    from cleannews.api import clean

    with job.collection():
        read = documents(inputs, outcome, url=given["url"], name=given["name"], quiet=quiet)
        if learn:
            read, site = _learned(read, site, given)
        for source, document in read:
            result = clean(document, options=options, site=site)
            _report(source, result, explained=explained, check=check, quiet=quiet)
            job.deliver(source, result)
    context.exit(outcome.code)


def _learned(
    read: Iterator[tuple[Source, Document]],
    site: SiteProfile | SiteProfiles | None,
    given: Mapping[str, Any],
) -> tuple[Iterator[tuple[Source, Document]], SiteProfile]:
    """Return the inputs again, and a profile of them and of what was known before."""
    from cleannews.boilerplate.sites import SiteProfile, SiteProfiles, learn_site

    if isinstance(site, SiteProfiles):
        if not given["url"]:
            raise click.UsageError(
                f"--learn-site takes all inputs to be of one site; {given['site']} knows "
                f"{len(site.profiles)}, say with --host which it is"
            )
        site = site.for_url(given["url"])
    every = list(read)
    learned = learn_site([d for _, d in every], host=given["host"] or given["url"])
    known = SiteProfile() if site is None else SiteProfile(site.pages, learned.host)
    return iter(every), known.merge(learned)


class _Job:
    """Where each result goes."""

    def __init__(
        self,
        inputs: Inputs,
        output: str | None,
        as_json: bool,
        shape: str,
        check: bool,
        outcome: Outcome,
    ) -> None:
        self.as_json = as_json
        self.shape = shape
        self.check = check
        self.outcome = outcome
        self.paths: dict[Source, Path] = {}
        self.stream: BinaryIO | None = None
        self.collected: Path | None = None
        if output:
            paths = plan(inputs, output, as_json=as_json)
            self.paths = dict(zip(inputs.sources, paths, strict=True))
            if paths and as_json and paths[0].suffix.lower() == COLLECTION:
                self.collected = paths[0] if len(set(paths)) == 1 else None
            self.makes_folder = bool(paths) and paths[0] != Path(output)
        elif len(inputs.sources) > 1 and not (as_json or check):
            raise click.UsageError(
                f"{len(inputs.sources)} inputs do not fit one text; "
                "add --json for one line each, or -o FOLDER for one file each"
            )

    @contextmanager
    def collection(self) -> Iterator[None]:
        """Keep the one file open that collects everything, if there is one."""
        if self.collected is None:
            yield
            return
        with replacing(self.collected) as self.stream:
            yield

    def deliver(self, source: Source, result: CleanResult) -> None:
        """Write one result and count what became of it."""
        if self.check:
            self.outcome.found = self.outcome.found or bool(result.removed)
        elif not self.write(source, ended(self.shown(result))):
            return
        if is_empty(result):
            self.outcome.fail(source.name, "empty input: there is no text in it", Exit.UNUSABLE)
        elif not result.text.strip() and not self.check:
            reason = "nothing is left: all of it is boilerplate"
            self.outcome.fail(source.name, reason, Exit.UNUSABLE)
        else:
            self.outcome.done += 1

    def shown(self, result: CleanResult) -> str:
        """Return what is written of a result."""
        if self.as_json:
            return result.to_json()
        if self.shape == "markdown":
            return result.to_markdown()
        return result.to_html() if self.shape == "html" else result.text

    def write(self, source: Source, text: str) -> bool:
        if self.stream is not None:
            self.stream.write(text.encode("utf-8", "backslashreplace"))
        elif path := self.paths.get(source):
            try:
                save(path, text, folder=self.makes_folder)
            except OSError as error:
                self.outcome.fail_io(path, error)
                return False
        else:
            write(text)
        return True


def _report(
    source: Source, result: CleanResult, *, explained: bool, check: bool, quiet: bool
) -> None:
    from cleannews.boilerplate.explain import counts, explain, summary

    if explained:
        # Told even under --quiet: it was asked for.
        view = explain(result, color=wants_color(sys.stderr), width=columns(sys.stderr))
        tell(f"{source.name}:")
        show(view, stream=sys.stderr)
        return
    if check:
        kinds = ", ".join(f"{name} {number}" for name, number in counts(result.removed).items())
        number = len(result.removed)
        pieces = f"{number} piece{'s' if number > 1 else ''} would be removed ({kinds})"
        tell(f"{source.name}: {pieces if number else 'nothing to remove'}", quiet=quiet)
        return
    tell(f"{source.name}: {summary(result)}", quiet=quiet)
    for warning in result.warnings:
        tell(f"{source.name}: warning: {warning.code}: {warning.detail}", quiet=quiet)

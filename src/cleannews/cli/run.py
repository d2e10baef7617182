"""``cleannews run``: `cleannews.batch` over files of records, with progress and exit codes."""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cleannews.cli.console import Exit, tell
from cleannews.cli.outputs import check_own, save
from cleannews.cli.shared import options_from, quiet_option, tuning_options

if TYPE_CHECKING:
    from cleannews.batch.engine import Done, Talk
    from cleannews.batch.formats import Source
    from cleannews.batch.job import Job
    from cleannews.batch.journal import Place

_RUN_EXAMPLES = """\b
Examples:
  cleannews run news.jsonl.gz -o clean.parquet --resume
  cleannews run pages/ -o clean.jsonl --learn-sites --workers 4
  cleannews run CC-NEWS-*.warc.gz -o clean/ --format parquet
  cleannews run --config job.toml --dry-run
  cleannews run --config job.toml --resume
  cleannews run news.jsonl -o - | jq -r .title

\b
Exit codes: 0 done; 1 done, but some records failed; 2 wrong use, or the output is
there already; 3 nothing to read, or too many records failed; 74 cannot read or write
(run again with --resume); 75 another run writes this output; 130, 143 interrupted.
"""

TERMINAL_SECONDS = 0.2
"""Seconds between two updates of the progress on a terminal."""


@click.command("run", epilog=_RUN_EXAMPLES)
@click.argument("paths", nargs=-1, metavar="[INPUT]...", type=click.Path())
@click.option(
    "-o",
    "--output",
    metavar="OUT",
    help="File (.jsonl, .jsonl.gz, .jsonl.zst, .csv, .parquet), folder, or - for stdout.",
)
@click.option("--config", metavar="JOB.toml", type=click.Path(dir_okay=False), help="A job file.")
@click.option("--workers", type=int, metavar="N", help="Worker processes (default: processors).")
@click.option("--resume", is_flag=True, help="Go on with an unfinished run, or begin one.")
@click.option("--force", is_flag=True, help="Begin anew and write over what is there.")
@click.option("--dry-run", is_flag=True, help="Say what would be done; write nothing.")
@click.option("--from", "kind", metavar="KIND", help="Kind of all inputs, whatever their suffix.")
@click.option("--format", "format_", metavar="KIND", help="Kind of the parts of a folder.")
@click.option("--text-field", metavar="NAME", help="Column of texts (default: text).")
@click.option("--html-field", metavar="NAME", help="Column of HTML pages (default: html).")
@click.option("--id-field", metavar="NAME", help="Column of ids (default: id).")
@click.option("--url-field", metavar="NAME", help="Column of addresses (default: url).")
@click.option("--site", metavar="FILE", type=click.Path(), help="Site profiles to clean with.")
@click.option("--learn-sites", is_flag=True, help="Learn every site's template in a first pass.")
@click.option("--dedup", is_flag=True, help="Look for duplicates among the cleaned records.")
@click.option(
    "--report", metavar="FILE", type=click.Path(), help="Write a page on the output, see 'report'."
)
@click.option("--timeout", type=float, metavar="SECONDS", help="CPU time of a record (10).")
@click.option("--memory", type=int, metavar="MB", help="Memory of a record (1024).")
@click.option(
    "--max-error-rate", type=float, metavar="SHARE", help="Stop when more records fail (1)."
)
@click.option(
    "--progress-every",
    type=click.FloatRange(0.1),
    default=30.0,
    metavar="SECONDS",
    help="Time between lines of progress where there is no terminal (30).",
)
@tuning_options
@quiet_option
@click.pass_context
def run_command(
    context: click.Context,
    /,
    paths: tuple[str, ...],
    config: str | None,
    force: bool,
    dry_run: bool,
    progress_every: float,
    quiet: bool,
    **given: Any,
) -> None:
    """Clean files of millions of records, with workers, a journal and a summary.

    Reads text, HTML, JSON Lines, CSV, Parquet, WARC and WET. The records come out in the order of
    the input. A run that was interrupted, even by a power cut, goes on with --resume; nothing is
    lost or doubled. A record that a worker dies of is tried once more and then listed in the
    quarantine.
    """
    if sys.platform == "win32":
        raise click.UsageError("'run' needs Linux or macOS; on Windows, use WSL")
    from cleannews.batch.engine import (
        NothingToReadError,
        OutputExistsError,
        run,
        run_to_stream,
    )
    from cleannews.batch.journal import LockedError
    from cleannews.batch.passes import ChangedError
    from cleannews.batch.sinks import TooManyFailedError
    from cleannews.batch.workers import WorkerError

    job = _job(context, paths, config, given)
    talk = _talk(quiet=quiet, every=progress_every)
    again = "nothing is kept" if job.output == "-" else f"run again with --resume: {job.output}"
    try:
        if dry_run:
            from cleannews.batch.plan import plan

            for line in plan(job).lines():
                click.echo(line)
            return
        if job.output == "-":
            done = run_to_stream(job, sys.stdout.buffer, talk=talk)
        else:
            done = run(job, talk=talk, force=force)
            if job.report and done.summary is not None:
                _report(job, talk)
    except NothingToReadError as error:
        _end(context, f"Error: {error}", Exit.UNUSABLE)
    except TooManyFailedError as error:
        _end(context, f"Error: {error}; {again}", Exit.UNUSABLE)
    except LockedError as error:
        _end(context, f"Error: {error}", Exit.LOCKED)
    except OutputExistsError as error:
        _end(context, f"Error: {error}", Exit.USAGE)
    except (ChangedError, WorkerError) as error:
        _end(context, f"Error: {error}; {again}", Exit.IO)
    except OSError as error:
        if error.filename is None:
            raise  # standard output, which the group knows about
        _end(context, f"Error: {error.filename}: {error.strerror or error}; {again}", Exit.IO)
    else:
        _sum_up(context, done, again, quiet=quiet)


def _end(context: click.Context, message: str, code: Exit) -> None:
    tell(message)
    context.exit(code)


def _job(
    context: click.Context, paths: tuple[str, ...], config: str | None, given: dict[str, Any]
) -> Job:
    """Return the job: flags, then the job file, then CLEANNEWS_* and an options file."""
    from cleannews.batch.job import Job, read_job
    from cleannews.columns import Fields
    from cleannews.duplicates.values import DuplicateOptions

    values = read_job(config) if config else {}
    values["options"] = options_from(context, given, values.get("options", {}))
    if paths:
        values["paths"] = paths
    named = {n: given[f"{n}_field"] for n in ("text", "html", "id", "url") if given[f"{n}_field"]}
    values["fields"] = replace(values.get("fields", Fields()), **named)
    for name, key in (
        ("output", "output"), ("workers", "workers"), ("kind", "kind"), ("format_", "format"),
        ("site", "site"), ("timeout", "timeout"), ("memory", "memory_mb"),
        ("max_error_rate", "max_error_rate"), ("report", "report"),
    ):  # fmt: skip
        if given[name] is not None:
            values[key] = given[name]
    for name in ("resume", "learn_sites"):
        if given[name]:
            values[name] = True
    if given["dedup"]:
        values.setdefault("dedup", DuplicateOptions())
    if not values.get("paths"):
        raise click.UsageError("there is no input; name files or folders, or input.paths in a job")
    if values.get("report") and values.get("output") == "-":
        raise click.UsageError("--report needs an output on the disk, not standard output")
    if values.get("report"):
        check_own(Path(values["report"]))
    if not values.get("output"):
        raise click.UsageError("there is no output; name it with -o, or output.path in a job")
    return Job(**values)


def _report(job: Job, talk: Talk) -> None:
    """Write the page on a finished output; it can be made again at any time by 'report'."""
    from cleannews.batch.survey import survey
    from cleannews.report.corpus import render_corpus

    assert job.report is not None  # noqa: S101 (the caller asked)
    corpus = survey(Path(job.output))
    save(Path(job.report), render_corpus(corpus))
    talk.tell(f"{job.output}: the report is in {job.report}")
    for problem in corpus.problems:
        talk.tell(f"{job.output}: {problem}")


def _sum_up(context: click.Context, done: Done, again: str, *, quiet: bool) -> None:
    if done.signal is not None:
        tell(f"Interrupted; {again}")
        context.exit(128 + done.signal)
    told = done.summary or {}
    failed = f", {done.failed:,} failed" if done.failed else ""
    dedup = told.get("dedup")
    copies = f", {dedup['redundant']:,} of them copies" if dedup else ""
    tell(f"{told['records']:,} records, {told['cleaned']:,} cleaned{failed}{copies}", quiet=quiet)
    if not told["cleaned"]:
        context.exit(Exit.UNUSABLE)
    context.exit(Exit.PARTLY if done.failed else Exit.DONE)


# --- progress -----------------------------------------------------------------------------------


def _talk(*, quiet: bool, every: float) -> Talk:
    from cleannews.batch.engine import Talk

    line = Line(quiet=quiet, every=every)

    def watch(stage: str, sources: Sequence[Source], place: Place, done: int) -> Progress:
        return Progress(line, stage, sources, place, done)

    return Talk(line.tell, watch)


class Line:
    """Standard error: sentences, and below them a line of progress that is drawn over."""

    def __init__(self, *, quiet: bool, every: float) -> None:
        self.is_terminal = sys.stderr is not None and sys.stderr.isatty()
        self.quiet = quiet
        self.every = TERMINAL_SECONDS if self.is_terminal else every
        self._drawn = 0

    def tell(self, message: str) -> None:
        """Say a sentence."""
        self.wipe()
        tell(message, quiet=self.quiet)

    def draw(self, message: str) -> None:
        """Say how far it is."""
        if self.quiet or sys.stderr is None:
            return
        if not self.is_terminal:
            tell(message)
            return
        sys.stderr.write("\r" + message.ljust(self._drawn))
        sys.stderr.flush()
        self._drawn = len(message)

    def wipe(self) -> None:
        """Take the line of progress away."""
        if self._drawn and sys.stderr is not None:
            sys.stderr.write("\r" + " " * self._drawn + "\r")
        self._drawn = 0


class Progress:
    """How far a stage is, how fast, and when it will be done."""

    def __init__(
        self, line: Line, stage: str, sources: Sequence[Source], place: Place, done: int
    ) -> None:
        from cleannews.batch.plan import Estimate

        self._line, self._stage, self._before = line, stage, done
        self._estimate = Estimate(sources)
        self._began = self._last = time.monotonic()

    def tick(self, done: int) -> None:
        """See `cleannews.batch.passes.Watch`."""
        now = time.monotonic()
        if now - self._last < self._line.every:
            return
        self._last = now
        rate = done / (now - self._began)
        total = self._estimate.total(self._before + done)
        self._line.draw(progress_line(self._stage, self._before + done, rate, total))


def progress_line(stage: str, done: int, rate: float, total: int | None) -> str:
    """Return one line on how far a stage is.

    >>> progress_line("clean", 1200, 400.0, 10_000)
    'clean: 1,200 of about 10,000 records, 400/s, 22 s left'
    """
    if total is None:
        return f"{stage}: {done:,} records, {rate:,.0f}/s"
    left = f", {duration((total - done) / rate)} left" if rate and total > done else ""
    return f"{stage}: {done:,} of about {total:,} records, {rate:,.0f}/s{left}"


def duration(seconds: float) -> str:
    """Return a time as a person says it.

    >>> duration(22), duration(150), duration(9000)
    ('22 s', '2 min 30 s', '2 h 30 min')
    """
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60:02d} s"
    return f"{whole // 3600} h {whole % 3600 // 60:02d} min"

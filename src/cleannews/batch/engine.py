"""A run from its beginning, or from where it was left, to its end.

Stages: learn the sites (if asked to), clean, then the end: duplicates, summary, names. The journal
says which one a run is in; each can be interrupted anywhere and gone on with.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, BinaryIO

from cleannews.batch.counts import CLEANED, QUARANTINED, UNREADABLE, summary_of
from cleannews.batch.formats import Skipped, Source, find_sources
from cleannews.batch.job import Job
from cleannews.batch.journal import NAME, Journal, Place
from cleannews.batch.output import TEXT, Output
from cleannews.batch.passes import Reading, Watch, run_pass
from cleannews.batch.signals import Signals, Stopped
from cleannews.batch.sinks import DiskSink, LearnSink, StreamSink, Tally
from cleannews.batch.summary import conditions_of, whole_summary
from cleannews.batch.worker import Setup
from cleannews.boilerplate.rulebook import load_rulebook
from cleannews.errors import CleanNewsError, InputError, OptionError

LEARN, CLEAN, PUBLISH = "learn", "clean", "publish"


class NothingToReadError(InputError):
    """The inputs mean no file that can be read."""


class OutputExistsError(CleanNewsError):
    """The output is there already, finished or not."""


@dataclass(frozen=True, slots=True)
class Done:
    """What became of a run.

    Attributes:
        summary: As in the summary file; None when the run was interrupted.
        signal: Number of the signal that interrupted it.
    """

    summary: dict[str, Any] | None
    signal: int | None = None

    @property
    def failed(self) -> int:
        """How many records were given up or could not be read."""
        told = self.summary or {}
        return int(told.get("quarantined", 0)) + int(told.get("unreadable", 0))


@dataclass(frozen=True, slots=True)
class Talk:
    """Who hears what a run has to say.

    Attributes:
        tell: Takes a sentence.
        watch: Gives who hears of a stage's progress: its name, the sources, where it begins.
    """

    tell: Callable[[str], None]
    watch: Callable[[str, Sequence[Source], Place, int], Watch]


def output_of(job: Job) -> Output:
    """Return the output that a job names.

    Raises:
        OptionError: Its format is none, or its name tells none.
    """
    output = Output(job.output, format=job.format, spreadsheet_safe=job.spreadsheet_safe)
    if output.kind.kind == TEXT and job.dedup is not None:
        raise OptionError("'dedup' needs an output with metadata; format 'text' has none")
    return output


def run(job: Job, *, talk: Talk, force: bool = False) -> Done:
    """Run a job to its end, or until a signal comes.

    Args:
        job: What to do.
        talk: Who hears of it.
        force: Write over an output that is there, finished or not.

    Raises:
        NothingToReadError: No input can be read.
        OutputExistsError: The output is there already.
        OptionError: The run that is gone on with was another job.
        LockedError: Another run is writing this output.
        TooManyFailedError: Too many records failed.
        OSError: Something cannot be read or written.
    """
    rules_hash = load_rulebook(job.options).hash
    output = output_of(job)
    sources, skipped = _sources(job, output)
    prints = [source.fingerprint() for source in sources]
    output.prepare()
    with Signals() as signals, output.work.locked():
        one = _Run(job, output, sources, prints, skipped, rules_hash, signals, talk)
        finished = one.prepare(force=force)
        if finished is not None:
            output.work.remove()
            return Done(finished)
        try:
            return one.go()
        finally:
            one.close()


def run_to_stream(job: Job, stream: BinaryIO, *, talk: Talk) -> Done:
    """Run a job and write JSON Lines to a stream; there is nothing to go on with afterwards.

    Raises:
        NothingToReadError: No input can be read.
        OptionError: The job asks for what needs a file.
        TooManyFailedError: Too many records failed.
        OSError: Something cannot be read or written.
    """
    for name, asked in (("learn_sites", job.learn_sites), ("dedup", job.dedup is not None)):
        if asked:
            raise OptionError(f"{name!r} needs an output on the disk, not standard output")
    load_rulebook(job.options)
    sources, skipped = _sources(job, None)
    for path in skipped:
        talk.tell(f"{path.path}: skipped: {path.reason}")
    tally = Tally(job.max_error_rate)
    sink = StreamSink(stream, tally, talk.tell)
    with Signals() as signals:
        finished = run_pass(
            Reading(sources, prints=None, start=Place(0, 0), fields=job.fields),
            sources,
            sink,
            setup=setup_of(job),
            workers=job.workers,
            signals=signals,
            watch=talk.watch(CLEAN, sources, Place(0, 0), 0),
        )
        if not finished:
            return Done(None, signals.got)
    tally.check(least=1)
    return Done({"records": tally.seen, **summary_of(sink.counts.items())})


def setup_of(job: Job, *, task: str = CLEAN, learned: str | None = None) -> Setup:
    """Return what the workers of a job are told."""
    return Setup(
        task=task,
        options=asdict(job.options),
        site=job.site,
        learned=learned,
        seconds=job.timeout,
        memory=job.memory_mb << 20,
    )


def _sources(job: Job, output: Output | None) -> tuple[list[Source], list[Skipped]]:
    found, skipped = find_sources(job.paths, kind=job.kind)
    sources = []
    for source in found:
        if output is None or not _is_output(source.path, output):
            sources.append(source)
        elif str(source.path) in job.paths:
            raise OptionError(f"{source.name} is an input; it would be overwritten")
        else:
            skipped.append(Skipped(source.name, "belongs to the output of this run"))
    if not sources:
        told = "; ".join(f"{s.path}: {s.reason}" for s in skipped[:3]) or "no file was found"
        raise NothingToReadError(f"there is nothing to read: {told}")
    return sources, skipped


def _is_output(path: Path, output: Output) -> bool:
    if output.is_folder:
        return output.path.resolve() in path.resolve().parents
    names = [output.path, *map(output.beside, ("quarantine.jsonl", "links.jsonl"))]
    return any(path.exists() and other.exists() and path.samefile(other) for other in names)


class _Run:
    def __init__(
        self,
        job: Job,
        output: Output,
        sources: list[Source],
        prints: list[str],
        skipped: list[Skipped],
        rules_hash: str,
        signals: Signals,
        talk: Talk,
    ) -> None:
        self._job, self._output, self._sources, self._prints = job, output, sources, prints
        self._skipped, self._signals, self._talk = skipped, signals, talk
        self._told = conditions_of(job, output.suffix, rules_hash)
        self._journal: Journal | None = None

    @property
    def journal(self) -> Journal:
        assert self._journal is not None  # noqa: S101 (`prepare` comes first)
        return self._journal

    def close(self) -> None:
        if self._journal is not None:
            self._journal.close()

    # --- beginning ---

    def prepare(self, *, force: bool) -> dict[str, Any] | None:
        """Open the journal of this run; return the summary if there is nothing left to do."""
        work, output = self._output.work, self._output
        unfinished = (work.path / NAME).exists() and not force
        if unfinished and not self._job.resume:
            raise OutputExistsError(
                f"{output.path}: an unfinished run is there; go on with it by --resume, or begin "
                "anew with --force"
            )
        if not unfinished:
            work.clear()
            if output.exists() and not force:
                summary = self._finished()
                if summary is not None:
                    return summary
            if not force:
                self._check_neighbour()
            output.clear()
        self._journal = Journal(work.path)
        if unfinished and self.journal.get("job") is not None:
            self._go_on()
        else:
            self._begin()
        return None

    def _finished(self) -> dict[str, Any] | None:
        """Return the summary of the run that made the output, if this run would make the same."""
        path = self._output.path
        try:
            summary = json.loads(self._output.beside("summary.json").read_bytes())
        except (OSError, ValueError):
            summary = None
        if not self._job.resume or not isinstance(summary, dict):
            what = "--force writes over it"
            raise OutputExistsError(f"{path}: is there already; {what}")
        self._check_job({k: summary.get(k) for k in self._told})
        known = [(i["path"], i["fingerprint"]) for i in summary["inputs"]]
        if known == [(s.name, p) for s, p in zip(self._sources, self._prints, strict=True)]:
            self._talk.tell(f"{path}: is finished already; there is nothing to do")
            return summary
        self._talk.tell(f"{path}: the inputs have changed since it was made; it is made anew")
        return None

    def _check_neighbour(self) -> None:
        """Refuse to write over the summary of another output, such as x.csv beside x.parquet."""
        beside = self._output.beside("summary.json")
        try:
            others = json.loads(beside.read_bytes())["outputs"]
        except (OSError, ValueError, KeyError, TypeError):
            return  # there is none, or it is no summary of a run: `publish` replaces it
        if not self._output.is_folder and others != [self._output.path.name]:
            raise OutputExistsError(
                f"{beside}: belongs to {', '.join(map(str, others))}; choose another name, or "
                "--force to write over it"
            )

    def _check_job(self, known: dict[str, Any]) -> None:
        for name, value in self._told.items():
            if known.get(name) != value:
                raise OptionError(
                    f"{self._output.path}: {name!r} is not what this output was begun with; go on "
                    "with the same job, or begin anew with --force"
                )

    def _begin(self) -> None:
        self.journal.set_sources(self._rows_of_sources())
        stage = LEARN if self._job.learn_sites else CLEAN
        self.journal.put(job=self._told, stage=stage, changed=[], place=[0, 0])
        for path in self._skipped:
            self._talk.tell(f"{path.path}: skipped: {path.reason}")

    def _rows_of_sources(self) -> list[tuple[str, str, int, str]]:
        # A fingerprint begins with the size.
        return [
            (source.name, source.kind, int(told.partition("-")[0]), told)
            for source, told in zip(self._sources, self._prints, strict=True)
        ]

    def _go_on(self) -> None:
        """Compare the sources with those the run began with; take back what is not so any more."""
        journal = self.journal
        self._check_job(journal.get("job"))
        if journal.get("stage") == PUBLISH:
            return
        old = [row[:4] for row in journal.sources()]
        new = self._rows_of_sources()
        same = next((n for n, (a, b) in enumerate(zip(old, new, strict=False)) if a != b), None)
        first = min(len(old), len(new)) if same is None else same
        place = journal.place()
        if old != new:
            changed = old[first][0] if first < len(old) else new[first][0]
            learned = self._job.learn_sites
            if learned or first <= place.source:
                self._cut(0 if learned else first, changed)
            journal.set_sources(new, keep=0 if learned else first)
        self._output.cut(journal.parts())
        place = journal.place()
        if journal.get("stage") == CLEAN:
            done = sum(part.rows for part in journal.parts()) + len(journal.pending())
            self._talk.tell(f"{self._output.path}: going on after {done:,} records")

    def _cut(self, first: int, changed: str) -> None:
        journal = self.journal
        before = sum(part.rows for part in journal.parts()) + len(journal.pending())
        journal.cut(first)
        left = sum(part.rows for part in journal.parts())
        journal.put(changed=[*journal.get("changed"), changed])
        if self._job.learn_sites:
            (self._output.work.path / "sites.db").unlink(missing_ok=True)
            journal.put(stage=LEARN)
        self._talk.tell(
            f"{changed}: is not what it was when the run began; {before - left:,} of "
            f"{before:,} records are taken back and read again"
        )

    # --- stages ---

    def go(self) -> Done:
        """Do the stages that are left."""
        try:
            if self.journal.get("stage") == LEARN and not self._learn():
                return Done(None, self._signals.got)
            if self.journal.get("stage") == CLEAN:
                if not self._clean():
                    return Done(None, self._signals.got)
                self._end()
        except Stopped:
            return Done(None, self._signals.got)
        self._output.publish()
        summary = json.loads(self._output.beside("summary.json").read_bytes())
        self.close()
        self._output.work.remove()
        return Done(summary)

    @property
    def _learned(self) -> str | None:
        return str(self._output.work.path / "sites.db") if self._job.learn_sites else None

    def _learn(self) -> bool:
        assert self._learned is not None  # noqa: S101 (the stage says so)
        sink = LearnSink(self.journal, self._learned)
        finished = self._pass(LEARN, sink, 0)
        hosts = sink.close()
        if finished:
            self.journal.put(stage=CLEAN, place=[0, 0])
            self._talk.tell(f"learned the pages of {hosts:,} site{'' if hosts == 1 else 's'}")
        return finished

    def _clean(self) -> bool:
        counts = dict(self.journal.counts())
        failed = counts.get(UNREADABLE, 0) + counts.get(QUARANTINED, 0)
        seen = counts.get(CLEANED, 0) + failed
        tally = Tally(self._job.max_error_rate, seen=seen, failed=failed)
        sink = DiskSink(self.journal, self._output, tally, self._talk.tell)
        finished = self._pass(CLEAN, sink, seen)
        if finished:
            sink.finish()
        return finished

    def _pass(self, stage: str, sink: DiskSink | LearnSink, done: int) -> bool:
        place = self.journal.place()
        return run_pass(
            Reading(self._sources, prints=self._prints, start=place, fields=self._job.fields),
            self._sources,
            sink,
            setup=setup_of(
                self._job, task=stage, learned=self._learned if stage == CLEAN else None
            ),
            workers=self._job.workers,
            signals=self._signals,
            watch=self._talk.watch(stage, self._sources, place, done),
        )

    def _end(self) -> None:
        """Make everything that stands beside the rows, then say that only names are missing."""
        self._signals.check()
        self._signals.raises = True  # from here on, nothing is lost by stopping anywhere
        output, journal = self._output, self.journal
        parts = journal.parts()
        summary = whole_summary(journal, self._told, self._skipped)
        if self._job.dedup is not None:
            from cleannews.batch.duplicates import duplicates_of_rows

            summary["dedup"] = duplicates_of_rows(
                output, parts, self._job.dedup, workers_tell=self._talk.tell
            )
        output.add_beside("quarantine.jsonl", journal.quarantine())
        output.assemble(parts)
        summary["outputs"] = output.all_names(len(parts))
        output.add_beside("summary.json", iter([json.dumps(summary, ensure_ascii=False, indent=1)]))
        self._signals.raises = False
        self._signals.check()
        journal.put(stage=PUBLISH)

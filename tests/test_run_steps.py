"""A run that dies at each of its steps in turn, and is gone on with."""

import json
import os
import sys

import pytest

from cleannews.batch import passes, sinks
from cleannews.batch.engine import Talk, run
from cleannews.batch.job import Job
from cleannews.batch.journal import Journal
from cleannews.batch.worker import Answer, Task, _cleaner, _learner
from test_run import beside, ids, rows, write_lines

if not hasattr(os, "fork"):
    pytest.skip("needs fork", allow_module_level=True)

RECORDS = 14
STEPS = ("open", "os.mkdir", "os.rename", "os.remove", "os.rmdir", "os.truncate")
"""Events of Python's audit hooks before something on the disk changes."""


class HerePool:
    """Does the records in this process: starting workers for hundreds of runs takes too long."""

    def __init__(self, setup, **_):
        self._work = _learner() if setup.task == "learn" else _cleaner(setup)
        self._done = []
        self.has_room = True

    def give(self, name, record):
        task = Task(0, name, record.url, record.text, record.html, None)
        self._done.append(Answer(0, *self._work(task)))

    def settle(self, reason):
        self._done.append(None)

    def results(self, *, wait):
        found, self._done = self._done, []
        return found

    def close(self):
        pass


class Silent:
    def tick(self, done):
        pass


@pytest.fixture
def quick(monkeypatch):
    """Small parts, a commit after each turn, no worker processes."""
    monkeypatch.setattr(passes, "Pool", HerePool)
    monkeypatch.setattr(passes, "AT_ONCE", 2)
    monkeypatch.setattr(passes, "COMMIT_SECONDS", 0.0)
    monkeypatch.setattr(sinks, "PART_ROWS", 5)


def go(job):
    return run(job, talk=Talk(lambda _: None, lambda *_: Silent()))


def run_until(job, folder, step):
    """Run in a child process that dies before its `step`-th change on the disk.

    Returns:
        Whether it died; if not, it had fewer steps.
    """
    child = os.fork()
    if child == 0:
        left = [step]
        prefix = os.fspath(folder)

        def count(event, arguments):
            if event == "open" and not (arguments[2] or 0) & (os.O_WRONLY | os.O_RDWR):
                return
            if event in STEPS and str(arguments[0]).startswith(prefix):
                left[0] -= 1
                if left[0] == 0:
                    os._exit(9)

        inside = Journal._transaction

        def transaction(self):
            # Both before a transaction and, by the next step, after it.
            count("os.mkdir", (prefix,))
            return inside(self)

        Journal._transaction = transaction
        sys.addaudithook(count)
        try:
            go(job)
        except BaseException:  # noqa: BLE001 (a child must never come back into the test run)
            os._exit(1)
        os._exit(0)
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    assert code in (0, 9)
    return code == 9


def pages():
    records = rows(RECORDS)
    for number, record in enumerate(records):
        record["url"] = f"https://{'ab'[number % 2]}.example/{number}"
        record["text"] = f"Our papers\n\n{record['text']}"
    records[9] = {"id": "r0009"}  # one for the quarantine
    records.append({**records[2], "id": "copy"})
    return records


@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")  # nothing here has threads at work
@pytest.mark.parametrize(
    ("name", "more"),
    [
        ("out.jsonl", {}),
        pytest.param("out.jsonl.gz", {"dedup": True}, marks=pytest.mark.long),
        pytest.param("out.csv", {"learn_sites": True}, marks=pytest.mark.long),
        ("out/", {"format": "jsonl"}),
        pytest.param("out/", {"format": "text"}, marks=pytest.mark.long),
    ],
    ids=["one file", "compressed, duplicates", "table, learned sites", "folder", "texts"],
)
def test_dying_at_any_step_changes_nothing_in_the_end(tmp_path, quick, name, more):
    from cleannews.duplicates.values import DuplicateOptions

    source = write_lines(tmp_path / "in.jsonl", pages())
    if more.pop("dedup", None):
        more["dedup"] = DuplicateOptions()

    def job(folder):
        (tmp_path / folder).mkdir()
        output = f"{tmp_path / folder}/{name}"
        return Job(paths=(str(source),), output=output, workers=1, resume=True, **more)

    def made(folder):
        files = sorted(p for p in (tmp_path / folder).rglob("*") if p.is_file())
        return {str(p.relative_to(tmp_path / folder)): p.read_bytes() for p in files}

    go(job("whole"))
    whole = made("whole")
    step = 1
    while run_until(one := job(f"dies-{step}"), tmp_path / f"dies-{step}", step):
        # Once more at an odd place while going on, then to the end.
        run_until(one, tmp_path / f"dies-{step}", step % 7 + 2)
        done = go(one)
        assert done.summary["records"] == RECORDS + 1
        assert made(f"dies-{step}") == whole, f"step {step}"
        step += 1
    assert step > 20


def test_a_source_that_changes_while_it_is_read_is_told(tmp_path, quick, monkeypatch):
    source = write_lines(tmp_path / "in.jsonl", rows(6))
    out = tmp_path / "out.jsonl"
    real = passes.read

    def read(*arguments, **named):
        for number, record in enumerate(real(*arguments, **named)):
            if number == 4:
                with source.open("a") as stream:
                    stream.write(json.dumps(rows(7)[6]) + "\n")
            yield record

    monkeypatch.setattr(passes, "read", read)
    job = Job(paths=(str(source),), output=str(out), workers=1, resume=True)
    with pytest.raises(passes.ChangedError, match="changed while it was read"):
        go(job)
    monkeypatch.setattr(passes, "read", real)
    assert go(job).summary["changed"] == [str(source)]
    assert ids(out) == [r["id"] for r in rows(7)]
    assert beside(out) == ["out.jsonl", "out.summary.json"]

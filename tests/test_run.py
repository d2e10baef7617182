"""``cleannews run``: what goes in comes out once, whatever happens on the way."""

import contextlib
import hashlib
import inspect
import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from click.testing import CliRunner

from cleannews import CleanOptions, Document, clean_pages
from cleannews.batch.formats import Record
from cleannews.batch.job import Job, read_job
from cleannews.batch.worker import Setup
from cleannews.batch.workers import AHEAD_RECORDS, Pool, WorkerError
from cleannews.cli import cli
from cleannews.columns import COLUMNS, clean_row
from cleannews.errors import CleanNewsError, OptionError

fcntl, resource = (pytest.importorskip(name) for name in ("fcntl", "resource"))  # POSIX

WORDS = "council bridge river winter repair stone ferry budget mayor vote street school".split()
POISON = "CLEANNEWS_TEST_POISON"


def story(number, words=30):
    draw = random.Random(number)
    body = "\n\n".join(" ".join(draw.choices(WORDS, k=words)).capitalize() + "." for _ in range(3))
    return f"Story {number}\n\nby Desk\n\n[ad_1]\n\n{body}\n\n[ad_2]\n\nSource link\n"


def rows(count):
    return [{"id": f"r{n:04d}", "text": story(n)} for n in range(count)]


def write_lines(path, records):
    path.write_text("".join(json.dumps(r) + "\n" for r in records), encoding="utf-8")
    return path


@pytest.fixture
def source(tmp_path):
    return write_lines(tmp_path / "in.jsonl", rows(60))


def command(*arguments):
    told = [str(argument) for argument in arguments]
    if "--workers" not in told and "--config" not in told:
        told += ["--workers", "1"]  # each takes a second to start
    return [sys.executable, "-m", "cleannews", "run", *told]


def run(*arguments, expect=0, cwd=".", env=None, preexec_fn=None):
    """Run to the end and return what was said; the exit code is `expect` and nobody panics."""
    if preexec_fn is not None:
        done = subprocess.run(
            command(*arguments),
            capture_output=True,
            timeout=120,
            check=False,
            preexec_fn=preexec_fn,
        )
        said, code = done.stderr.decode(), done.returncode
    else:
        old = "mix_stderr" in inspect.signature(CliRunner).parameters
        runner = CliRunner(**({"mix_stderr": False} if old else {}))
        with contextlib.chdir(cwd):
            done = runner.invoke(cli, command(*arguments)[3:], env=env, prog_name="cleannews")
        said, code = done.stderr, done.exit_code
    assert "Traceback" not in said, said
    assert code == expect, said
    return said


def read(path):
    return [json.loads(line) for line in path.read_bytes().splitlines()]


def ids(path):
    return [row["id"] for row in read(path)]


def beside(path):
    """Names beside an output that have to do with it."""
    stem = path.name.partition(".")[0]
    return sorted(p.name for p in path.parent.iterdir() if p.name.lstrip(".").startswith(stem))


# --- what comes out -----------------------------------------------------------------------------


def test_rows_are_those_of_clean_row_in_the_order_of_the_input(source, tmp_path):
    out = tmp_path / "out.jsonl"
    said = run(source, "-o", out, "--workers", 2)
    made = read(out)
    assert made == [clean_row(text=r["text"], id=r["id"]) for r in rows(60)]
    assert all(list(row) == list(COLUMNS) for row in made)
    assert "60 records, 60 cleaned" in said
    assert beside(out) == ["out.jsonl", "out.summary.json"]


def test_the_number_of_workers_does_not_show(source, tmp_path):
    for workers in (1, 3):
        run(source, "-o", tmp_path / f"o{workers}.jsonl", "--workers", workers)
    assert (tmp_path / "o1.jsonl").read_bytes() == (tmp_path / "o3.jsonl").read_bytes()
    one, three = ((tmp_path / f"o{n}.summary.json").read_text() for n in (1, 3))
    assert one.replace("o1.", "o3.") == three


def test_summary_counts_what_was_done(source, tmp_path):
    out = tmp_path / "out.jsonl"
    run(source, "-o", out)
    told = json.loads((tmp_path / "out.summary.json").read_text())
    made = read(out)
    assert told["records"] == told["cleaned"] == 60
    assert told["words"]["kept"] == sum(len(row["text"].split()) for row in made)
    pieces = sum(counts["pieces"] for counts in told["categories"].values())
    assert pieces == sum(len(row["removed"]) for row in made)
    assert sum(told["confidence"]) == 60
    assert told["inputs"][0]["records"] == 60
    assert told["outputs"] == ["out.jsonl"]


@pytest.mark.parametrize("name", ["o.jsonl", "o.jsonl.gz", "o.jsonl.zst", "o.csv", "o.parquet"])
def test_every_kind_of_file_holds_every_row(source, tmp_path, name):
    if name.endswith("zst"):
        pytest.importorskip("zstandard")
    from cleannews.batch.formats import kind_of_output
    from cleannews.batch.rows import read_rows

    out = tmp_path / name
    run(source, "-o", out)
    made = list(read_rows(out, kind_of_output(out), ["id", "text"]))
    assert made == [{"id": r["id"], "text": clean_row(text=r["text"])["text"]} for r in rows(60)]
    assert set(beside(out)) == {name, "o.summary.json"}


@pytest.mark.parametrize(
    ("format_", "files"),
    [("parquet", ["part-00000.parquet"]), ("jsonl.gz", ["part-00000.jsonl.gz"])],
)
def test_a_folder_takes_parts(source, tmp_path, format_, files):
    out = tmp_path / "out"
    run(source, "-o", f"{out}/", "--format", format_)
    assert sorted(p.name for p in out.iterdir()) == sorted([*files, "summary.json"])


def test_a_folder_of_texts_has_one_file_a_record(source, tmp_path):
    out = tmp_path / "out"
    run(source, "-o", f"{out}/", "--format", "text")
    texts = sorted(out.glob("*.txt"))
    assert [p.read_text().rstrip() for p in texts] == [
        clean_row(text=r["text"])["text"].rstrip() for r in rows(60)
    ]


def test_standard_output_has_the_rows_and_nothing_else(source):
    done = subprocess.run(command(source, "-o", "-"), capture_output=True, timeout=120, check=True)
    made = [json.loads(line) for line in done.stdout.splitlines()]
    assert [row["id"] for row in made] == [r["id"] for r in rows(60)]


def test_places_without_a_document_are_told_and_the_rest_comes_out(tmp_path):
    source = tmp_path / "in.jsonl"
    good = rows(3)
    lines = [json.dumps(good[0]), "{torn", json.dumps({"id": "empty"}), *map(json.dumps, good[1:])]
    source.write_text("\n".join(lines) + "\n")
    out = tmp_path / "out.jsonl"
    run(source, "-o", out, expect=1)
    told = read(tmp_path / "out.quarantine.jsonl")
    assert ids(out) == ["r0000", "r0001", "r0002"]
    assert [q["where"].rpartition(":")[2] for q in told] == ["2", "3"]
    assert told[0]["sha256"] == hashlib.sha256(b"{torn").hexdigest()
    assert told[1]["id"] == "empty"
    summary = json.loads((tmp_path / "out.summary.json").read_text())
    assert (summary["records"], summary["cleaned"], summary["unreadable"]) == (5, 3, 2)
    assert summary["outputs"] == ["out.jsonl", "out.quarantine.jsonl"]


def test_a_record_without_an_id_goes_by_its_place(tmp_path):
    source = write_lines(tmp_path / "in.jsonl", [{"text": story(1)}])
    run(source, "-o", tmp_path / "out.jsonl")
    assert ids(tmp_path / "out.jsonl") == [f"{source}#0"]


def test_ids_that_come_twice_are_told(tmp_path):
    source = write_lines(tmp_path / "in.jsonl", [*rows(3), *rows(1)])
    said = run(source, "-o", tmp_path / "out.jsonl", "--dedup")
    assert "more than one record has the id 'r0000'" in said
    assert json.loads((tmp_path / "out.summary.json").read_text())["double_ids"] == 1
    link = read(tmp_path / "out.links.jsonl")[0]
    assert (link["a"], link["b"], link["kind"]) == ("r0000", "r0000#3", "exact")


def test_duplicates_stand_beside_the_output(tmp_path):
    records = [*rows(5), {"id": "copy", "text": story(2)}]
    source = write_lines(tmp_path / "in.jsonl", records)
    out = tmp_path / "out.parquet"
    said = run(source, "-o", out, "--dedup")
    assert "1 of them copies" in said
    cluster = read(tmp_path / "out.clusters.jsonl")[0]
    assert cluster["members"] == ["copy", "r0002"]
    assert json.loads((tmp_path / "out.summary.json").read_text())["dedup"]["clusters"] == 1


def test_learned_sites_are_those_of_clean_pages(tmp_path):
    pages = [
        {
            "id": f"p{n}",
            "url": f"https://{'ab'[n % 2]}.example/{n}",
            "text": f"Our papers {n % 2}\n\n{story(n)}\n\nThe Harbour Press since 1{n % 2}02",
        }
        for n in range(12)
    ]
    source = write_lines(tmp_path / "in.jsonl", pages)
    out = tmp_path / "out.jsonl"
    said = run(source, "-o", out, "--learn-sites", "--workers", 2)
    wanted = clean_pages([Document(p["text"], p["id"], p["url"]) for p in pages])
    assert [row["text"] for row in read(out)] == [result.text for result in wanted]
    assert any("other pages" in r["evidence"] for row in read(out) for r in row["removed"])
    assert "2 sites" in said


# --- what is refused ----------------------------------------------------------------------------


def test_a_finished_output_is_not_written_over(source, tmp_path):
    out = tmp_path / "out.jsonl"
    run(source, "-o", out)
    before = out.read_bytes()
    assert "--force" in run(source, "-o", out, expect=2)
    assert "finished already" in run(source, "-o", out, "--resume")
    assert out.read_bytes() == before
    run(source, "-o", out, "--force", "--captions", "keep")
    assert "'options'" in run(source, "-o", out, "--resume", expect=2)
    assert beside(out) == ["out.jsonl", "out.summary.json"]


def test_somebody_elses_file_is_not_written_over(source, tmp_path):
    out = tmp_path / "out.jsonl"
    out.write_text("mine\n")
    for more in ((), ("--resume",)):
        run(source, "-o", out, *more, expect=2)
    assert out.read_text() == "mine\n"


def test_an_input_is_not_written_over(source):
    before = source.read_bytes()
    assert "is an input" in run(source, "-o", source, "--force", expect=2)
    assert source.read_bytes() == before


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (["missing.jsonl", "-o", "o.jsonl"], 3, "nothing to read"),
        (["-o", "o.jsonl"], 2, "no input"),
        (["in.jsonl"], 2, "no output"),
        (["in.jsonl", "-o", "o.doc"], 2, "o.doc"),
        (["in.jsonl", "-o", "o/", "--format", "parket"], 2, "did you mean 'parquet'"),
        (["in.jsonl", "-o", "o.jsonl", "--workers", "0"], 2, "'workers' is 0"),
        (["in.jsonl", "-o", "-", "--dedup"], 2, "'dedup' needs an output"),
        (["in.jsonl", "-o", "no/such/o.jsonl"], 74, "no/such"),
        (["in.jsonl", "-o", "o.jsonl", "--select", "no/such"], 2, "no/such"),
        (["in.jsonl", "-o", "o.jsonl", "--from", "jsnl"], 2, "did you mean 'jsonl'"),
    ],
)
def test_wrong_use_is_one_line_and_leaves_nothing(source, tmp_path, arguments, code, told):
    said = run(*arguments, expect=code, cwd=tmp_path)
    assert told in said.splitlines()[-1]
    assert sorted(p.name for p in tmp_path.iterdir()) == ["in.jsonl"]


# --- faults -------------------------------------------------------------------------------------


@pytest.mark.parametrize("how", ["segv", "exit", "hang", "memory"])
def test_a_record_that_kills_its_worker_is_quarantined_alone(source, tmp_path, how):
    out = tmp_path / "out.jsonl"
    run(
        source, "-o", out, "--workers", 2, "--timeout", 1, "--memory", 200,
        expect=1, env={POISON: f"r0030:{how}"},
    )  # fmt: skip
    assert ids(out) == [r["id"] for r in rows(60) if r["id"] != "r0030"]
    (told,) = read(tmp_path / "out.quarantine.jsonl")
    assert told["id"] == "r0030"
    assert told["sha256"] == hashlib.sha256(story(30).encode()).hexdigest()
    reasons = {"segv": "SIGSEGV", "exit": "code 7", "hang": "1 seconds", "memory": "200 MB"}
    assert reasons[how] in told["reason"]


@pytest.mark.parametrize("content", ["", "{torn", '{"id": "a"}'])
def test_an_input_with_nothing_to_clean_is_told_by_the_exit_code(tmp_path, content):
    source = tmp_path / "in.jsonl"
    source.write_text(content, encoding="utf-8")
    assert " 0 cleaned" in run(source, "-o", tmp_path / "out.jsonl", expect=3)


def test_the_summary_of_another_output_is_not_written_over(source, tmp_path):
    run(source, "-o", tmp_path / "x.csv")
    before = (tmp_path / "x.summary.json").read_bytes()
    said = run(source, "-o", tmp_path / "x.jsonl", expect=2)
    assert "belongs to x.csv" in said
    assert (tmp_path / "x.summary.json").read_bytes() == before
    assert not (tmp_path / "x.jsonl").exists()
    run(source, "-o", tmp_path / "x.jsonl", "--force")


def test_lone_surrogates_stay_escapes_wherever_they_are_written(tmp_path):
    # As an escape of JSON they would come back when a line is read, and no reader could write them.
    page = story(1).replace("council", "coun\ud800cil")
    records = [{"id": f"{n}\ud800", "text": page} for n in range(2)] + [{"id": "\udfff"}]
    source, out = write_lines(tmp_path / "in.jsonl", records), tmp_path / "out.jsonl"
    run(source, "-o", out, "--dedup", expect=1)
    lines = [*read(out), *read(tmp_path / "out.quarantine.jsonl")]
    lines += [*read(tmp_path / "out.links.jsonl"), *read(tmp_path / "out.clusters.jsonl")]
    assert len(lines) == 2 + 1 + 1 + 1
    for line in lines:
        told = json.dumps(line, ensure_ascii=False)
        assert "ud800" in told or "udfff" in told
        told.encode("utf-8")


def children(pid):
    told = Path(f"/proc/{pid}/task").glob("*/children")
    return [int(child) for path in told for child in path.read_text().split()]


def started(*arguments, children_wanted=1, **extra):
    """Start a run and wait until it has workers."""
    process = subprocess.Popen(
        command(*arguments), stderr=subprocess.PIPE, start_new_session=True, **extra
    )
    while len(children(process.pid)) < children_wanted and process.poll() is None:
        time.sleep(0.02)
    return process


def wait_for_rows(folder, process, least=1):
    """Wait until the journal has done something."""
    import sqlite3

    while process.poll() is None:
        try:
            file = sqlite3.connect(f"file:{folder}/journal.db?mode=ro", uri=True, timeout=0.01)
            if file.execute("SELECT count(*) FROM pending").fetchone()[0] >= least:
                return
        except sqlite3.Error:
            pass
        time.sleep(0.02)


needs_proc = pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="needs /proc")


@pytest.fixture
def longer(tmp_path):
    return write_lines(tmp_path / "in.jsonl", rows(800))


@needs_proc
def test_a_worker_killed_from_outside_loses_nothing(longer, tmp_path):
    out = tmp_path / "out.jsonl"
    process = started(longer, "-o", out, "--workers", 2, children_wanted=2)
    os.kill(children(process.pid)[0], signal.SIGKILL)
    _, said = process.communicate(timeout=120)
    assert process.returncode == 0, said
    assert ids(out) == [r["id"] for r in rows(800)]


def pool_of(**setup):
    told = Setup("clean", {}, **{"seconds": 10.0, "memory": 1 << 30, **setup})
    return Pool(told, workers=1)


def answers_of(pool, count):
    found, end = [], time.monotonic() + 60
    while len(found) < count and time.monotonic() < end:
        found += pool.results(wait=True)
    return found


def a_record(number):
    return Record(number, f"r{number}", None, story(number), None, f"in.jsonl:{number + 1}")


def test_a_worker_that_stands_still_is_replaced():
    pool = pool_of(seconds=0.2)
    try:
        pool.give("r0", a_record(0))
        assert [a.key for a in answers_of(pool, 1)] == [0]
        os.kill(pool._workers[0].process.pid, signal.SIGSTOP)
        pool.give("r1", a_record(1))
        assert [(a.key, a.what) for a in answers_of(pool, 1)] == [(1, "row")]
        assert pool.replaced == 1
    finally:
        pool.close()


def test_workers_that_cannot_start_end_the_run():
    pool = Pool(Setup("clean", {"no_option": 1}, seconds=1.0, memory=1 << 30), workers=1)
    try:
        pool.give("r0", a_record(0))
        with pytest.raises(WorkerError, match="in a row"):
            answers_of(pool, 1)
    finally:
        pool.close()


def test_a_pool_holds_a_bounded_number_of_records():
    pool = pool_of()
    try:
        given = 0
        while pool.has_room:
            pool.give(f"r{given}", a_record(given))
            given += 1
        assert given == AHEAD_RECORDS
        assert [a.key for a in answers_of(pool, given)] == list(range(given))
        assert pool.is_idle
    finally:
        pool.close()


@needs_proc
@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 143), (signal.SIGINT, 130)])
def test_a_signal_stops_it_where_it_can_go_on(longer, tmp_path, number, code):
    out = tmp_path / "out.jsonl"
    process = started(longer, "-o", out, "--workers", 1)
    workers = children(process.pid)
    began = time.monotonic()
    process.send_signal(number)
    _, said = process.communicate(timeout=30)
    assert process.returncode == code, said
    assert time.monotonic() - began < 5
    assert b"--resume" in said
    assert b"Traceback" not in said
    assert not out.exists()
    assert not any(Path(f"/proc/{worker}/exe").exists() for worker in workers)
    run(longer, "-o", out, "--resume")
    assert ids(out) == [r["id"] for r in rows(800)]
    assert beside(out) == ["out.jsonl", "out.summary.json"]


@needs_proc
@pytest.mark.parametrize(
    "name",
    [
        "out.parquet",
        *(
            pytest.param(n, marks=pytest.mark.long)
            for n in ("out.jsonl", "out.jsonl.gz", "out.csv")
        ),
    ],
)
def test_killed_runs_end_like_one_that_was_not(tmp_path, monkeypatch, name):
    source = write_lines(tmp_path / "in.jsonl", rows(400))
    whole, out = tmp_path / "whole" / name, tmp_path / "killed" / name
    for path in (whole, out):
        path.parent.mkdir()
    run(source, "-o", whole)
    draw = random.Random(name)
    for _ in range(3):
        process = started(source, "-o", out, "--resume", "--workers", 2)
        time.sleep(draw.uniform(0.1, 2.0))
        with contextlib.suppress(ProcessLookupError):  # it was quicker
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
    run(source, "-o", out, "--resume")
    assert out.read_bytes() == whole.read_bytes()
    told = [path.with_name("out.summary.json").read_bytes() for path in (whole, out)]
    assert told[0] == told[1]
    assert beside(out) == [name, "out.summary.json"]


@needs_proc
def test_what_is_done_is_not_done_again(longer, tmp_path):
    out = tmp_path / "out.jsonl"
    process = started(longer, "-o", out, "--workers", 1)
    wait_for_rows(tmp_path / ".out.jsonl.run", process, 100)
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate()
    said = run(longer, "-o", out, "--resume")
    done = int(said.partition("going on after ")[2].partition(" records")[0])
    assert done >= 100


@needs_proc
def test_an_unfinished_run_is_not_begun_anew_by_accident(longer, tmp_path):
    out = tmp_path / "out.jsonl"
    process = started(longer, "-o", out, "--workers", 1)
    wait_for_rows(tmp_path / ".out.jsonl.run", process)
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate()
    assert "unfinished run" in run(longer, "-o", out, expect=2)
    assert "'options'" in run(longer, "-o", out, "--resume", "--dates", "keep", expect=2)
    run(longer, "-o", out, "--force")
    assert ids(out) == [r["id"] for r in rows(800)]


@needs_proc
def test_a_changed_input_is_noticed_and_never_mixed(longer, tmp_path):
    out = tmp_path / "out.jsonl"
    first = write_lines(tmp_path / "a.jsonl", rows(20))
    process = started(first, longer, "-o", out, "--workers", 1)
    wait_for_rows(tmp_path / ".out.jsonl.run", process, 100)
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate()
    edited = [{"id": "new", "text": "A new first record."}, *rows(800)]
    write_lines(longer, edited)
    said = run(first, longer, "-o", out, "--resume")
    assert "is not what it was" in said
    assert ids(out) == [r["id"] for r in [*rows(20), *edited]]
    summary = json.loads((tmp_path / "out.summary.json").read_text())
    assert summary["changed"] == [str(longer)]
    assert summary["records"] == 821


def test_two_runs_never_write_one_output(source, tmp_path):
    out = tmp_path / "out.jsonl"
    work = tmp_path / ".out.jsonl.run"
    work.mkdir()
    lock = os.open(work, os.O_RDONLY)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        assert "another run" in run(source, "-o", out, "--resume", expect=75)
    finally:
        os.close(lock)
    run(source, "-o", out, "--resume")
    assert beside(out) == ["out.jsonl", "out.summary.json"]


def test_a_full_disk_is_told_and_gone_on_from(source, tmp_path):
    def limited():
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (60_000, 60_000))

    out = tmp_path / "out.jsonl"
    said = run(source, "-o", out, "--resume", expect=74, preexec_fn=limited)
    assert str(tmp_path) in said
    assert "--resume" in said
    run(source, "-o", out, "--resume")
    assert ids(out) == [r["id"] for r in rows(60)]


def test_a_closed_pipe_is_quiet(longer):
    argv = command(longer, "-o", "-", "--quiet")
    with subprocess.Popen(argv, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        process.stdout.readline()
        process.stdout.close()
        said = process.stderr.read()
    assert (process.returncode, said) == (0, b"")


def test_too_many_failures_stop_it(tmp_path):
    source = tmp_path / "in.jsonl"
    source.write_text("{torn\n" * 5 + "".join(json.dumps(r) + "\n" for r in rows(5)))
    out = tmp_path / "out.jsonl"
    said = run(source, "-o", out, "--max-error-rate", 0.1, expect=3)
    assert "5 of 10 records failed" in said
    assert not out.exists()
    run(source, "-o", out, "--resume", "--max-error-rate", 0.5, expect=1)
    assert len(ids(out)) == 5


# --- job files ----------------------------------------------------------------------------------


def job_file(tmp_path, text):
    path = tmp_path / "job.toml"
    path.write_text(text)
    return path


def test_a_job_file_says_everything(tmp_path):
    path = job_file(
        tmp_path,
        """
input.paths = ["data/*.parquet"]
input.fields = { text = "body", id = "doc_id" }
clean.captions = "keep"
clean.limits = { seconds = 2, characters = 10_000_000 }
clean.site = "sites.json"
dedup = { minimum = 0.8 }
run = { workers = 8, max_error_rate = 0.01, timeout = 5, memory = 512 }
output.path = "clean/"
output.format = "parquet"
""",
    )
    values = read_job(path)
    options = values.pop("options")
    job = Job(**values, options=CleanOptions.from_mapping(options))
    assert job.paths == (str(tmp_path / "data/*.parquet"),)
    assert (job.fields.text, job.fields.id, job.fields.url) == ("body", "doc_id", "url")
    assert (job.options.captions, job.options.limits.seconds) == ("keep", 2)
    assert (job.workers, job.max_error_rate, job.timeout, job.memory_mb) == (8, 0.01, 5, 512)
    assert (job.output, job.format) == (f"{tmp_path / 'clean'}/", "parquet")
    assert job.dedup.minimum == 0.8
    assert job.site == str(tmp_path / "sites.json")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("runs = 1", "unknown table 'runs' (did you mean 'run'?)"),
        ("run.worker = 1", "run: unknown key 'worker' (did you mean 'workers'?)"),
        ("run.workers = 'two'", "'run.workers' is 'two'; it takes a whole number"),
        ("input.path = ['a']", "unknown key 'path' (did you mean 'paths'?)"),
        ("input.fields = { txt = 'a' }", "unknown key 'txt' (did you mean 'text'?)"),
        ("clean.caption = 'keep'", "clean: unknown key 'caption' (did you mean 'captions'?)"),
        ("clean.captions = 'drop'", "'captions' is 'drop'"),
        ("clean.limits = { second = 2 }", "unknown limit 'second' (did you mean 'seconds'?)"),
        ("dedup = { minimun = 0.8 }", "dedup: unknown key 'minimun' (did you mean 'minimum'?)"),
        ("dedup = { minimum = 8 }", "'minimum' is 8"),
        ("output = 'x'", "'output' takes a table"),
        ("run =", "not valid TOML"),
    ],
)
def test_a_wrong_job_file_names_the_key_and_the_way_out(tmp_path, text, told):
    path = job_file(tmp_path, text)
    with pytest.raises(OptionError) as error:
        read_job(path)
    assert str(error.value).startswith(str(path))
    assert told in str(error.value)
    run("--config", path, expect=2)


def test_a_job_file_that_is_not_there_is_told(tmp_path):
    with pytest.raises(CleanNewsError, match="No such file"):
        read_job(tmp_path / "job.toml")


def test_flags_win_over_the_job_file(source, tmp_path):
    path = job_file(
        tmp_path, "input.paths = ['in.jsonl']\noutput.path = 'a.jsonl'\nclean.byline = 'keep'\n"
    )
    run("--config", path)
    run("--config", path, "-o", tmp_path / "b.jsonl", "--byline", "remove")
    kept, gone = (read(tmp_path / name)[0]["text"] for name in ("a.jsonl", "b.jsonl"))
    assert "by Desk" in kept
    assert "by Desk" not in gone


def test_a_dry_run_says_what_would_be_done_and_writes_nothing(source, tmp_path):
    before = sorted(tmp_path.iterdir())
    done = subprocess.run(
        command(source, tmp_path / "gone.txt", "-o", tmp_path / "o.parquet", "--dry-run"),
        capture_output=True, text=True, timeout=120, check=True,
    )  # fmt: skip
    assert "records: 60\n" in done.stdout
    assert "gone.txt" in done.stdout
    assert "measured on 59 records" in done.stdout
    assert sorted(tmp_path.iterdir()) == before


# --- progress -----------------------------------------------------------------------------------


def test_progress_without_a_terminal_is_a_line_now_and_then(longer, tmp_path):
    said = run(longer, "-o", tmp_path / "o.jsonl", "--progress-every", 0.3)
    lines = [line for line in said.splitlines() if line.startswith("clean: ")]
    assert lines
    assert all("of about 800 records" in line for line in lines)
    assert run(longer, "-o", tmp_path / "q.jsonl", "--quiet") == ""


def test_many_failures_are_not_told_one_by_one(tmp_path):
    source = tmp_path / "in.jsonl"
    source.write_text("{torn\n" * 50 + json.dumps(rows(1)[0]) + "\n")
    said = run(source, "-o", tmp_path / "out.jsonl", expect=1).splitlines()
    assert sum("in.jsonl:" in line for line in said) == 20
    assert "the quarantine lists them all" in said[-2]
    assert len(read(tmp_path / "out.quarantine.jsonl")) == 50


def test_a_work_folder_that_is_a_link_is_not_followed(source, tmp_path):
    other = tmp_path / "precious"
    other.mkdir()
    (other / "file").write_text("mine")
    (tmp_path / ".out.jsonl.run").symlink_to(other)
    run(source, "-o", tmp_path / "out.jsonl", "--force", expect=74)
    assert (other / "file").read_text() == "mine"

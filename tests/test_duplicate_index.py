"""The index on disk: what it knows after adding, removing, crashing and opening again."""

import os
import pickle
import signal
import subprocess
import sys
import time

import pytest

from cleannews import DuplicateIndex, IndexFileError, InputError
from test_duplicates import FILLER, spun, story, text


@pytest.fixture
def path(tmp_path):
    return tmp_path / "seen.db"


def docs(*texts):
    return [{"id": f"d{i}", "text": t} for i, t in enumerate(texts)]


def test_what_was_added_is_found_again(path):
    with DuplicateIndex(path) as index:
        assert index.add(docs(text(1), text(2), *FILLER)) == 32
    with DuplicateIndex(path, read_only=True) as index:
        assert len(index) == 32
        assert "d0" in index
        assert "other" not in index
        for given, kind in (
            (text(1), "exact"),
            (text(1) + " Read more about it tomorrow.", "near"),
            (" ".join(story(1)[:4]), "contains"),
            (" ".join(spun(story(1))), "rewritten"),
        ):
            (match,) = index.query({"id": "new", "text": given})
            assert (match.id, match.kind) == ("d0", kind), given
        assert index.query({"id": "new", "text": text(3)}) == []
        assert index.query({"id": "new", "text": ""}) == []


def test_a_document_does_not_match_itself_and_is_replaced(path):
    with DuplicateIndex(path) as index:
        index.add(docs(text(1)))
        assert index.query(docs(text(1))[0]) == []
        index.add(docs(text(2)))
        assert len(index) == 1
        assert index.query({"id": "new", "text": text(1)}) == []
        assert [m.id for m in index.query({"id": "new", "text": text(2)})] == ["d0"]


def test_ids_with_lone_surrogates(path):
    with DuplicateIndex(path) as index:
        index.add([{"id": "a\udce4", "text": text(1)}])
        assert "a\udce4" in index
        assert index.query({"id": "a\udce4", "text": text(1)}) == []
        assert [m.id for m in index.query({"id": "b", "text": text(1)})] == ["a\\udce4"]
        assert index.remove(["a\udce4"]) == 1


def test_removing(path):
    with DuplicateIndex(path) as index:
        index.add(docs(text(1), text(2)))
        assert index.remove(["d0", "nobody"]) == 1
        assert index.query({"id": "new", "text": text(1)}) == []
        assert len(index.query({"id": "new", "text": text(2)})) == 1


def test_new_only(path):
    given = docs(text(1), text(2), text(1), " ".join(spun(story(2))), text(3))
    with DuplicateIndex(path) as index:
        assert [d["id"] for d in index.new_only(given)] == ["d0", "d1", "d4"]
        assert list(index.new_only(given)) == []
        assert len(index) == 3


def test_other_options_are_an_error(path):
    DuplicateIndex(path).close()
    with pytest.raises(IndexFileError, match="made with clean=False, opened with clean=True"):
        DuplicateIndex(path, clean=True)


def test_other_versions_and_other_files_are_an_error(path, tmp_path):
    with DuplicateIndex(path) as index:
        index._file.execute("UPDATE options SET value = '99' WHERE name = 'version'")
    with pytest.raises(IndexFileError, match="version 99"):
        DuplicateIndex(path)
    text_file = tmp_path / "notes.txt"
    text_file.write_text("These are notes. " * 100)
    with pytest.raises(IndexFileError, match="not an index"):
        DuplicateIndex(text_file)
    with pytest.raises(IndexFileError, match="there is no index"):
        DuplicateIndex(tmp_path / "nowhere.db", read_only=True)


def test_errors_can_be_pickled():
    assert str(pickle.loads(pickle.dumps(IndexFileError("a.db: x")))) == "a.db: x"


def test_a_failing_batch_leaves_nothing(path):
    with DuplicateIndex(path) as index:
        with pytest.raises(InputError):
            index.add([*docs(text(1)), {"id": "d0", "text": text(2)}])
        assert len(index) == 0
        assert index.query({"id": "new", "text": text(1)}) == []


def test_readers_read_while_one_writes(path):
    with DuplicateIndex(path) as writer, DuplicateIndex(path, read_only=True) as reader:
        writer.add(docs(text(1)))
        writer._file.execute("BEGIN IMMEDIATE")
        assert [m.id for m in reader.query({"id": "new", "text": text(1)})] == ["d0"]
        with pytest.raises(IndexFileError, match=r"read-?only"):
            reader.add(docs(text(2)))
        writer._file.execute("ROLLBACK")


def test_a_second_writer_is_told(path, monkeypatch):
    monkeypatch.setattr("cleannews.duplicates.index.WAIT_SECONDS", 0.05)
    with DuplicateIndex(path) as first, DuplicateIndex(path) as second:
        first._file.execute("BEGIN IMMEDIATE")
        with pytest.raises(IndexFileError, match="another process is writing"):
            second.add(docs(text(1)))
        first._file.execute("ROLLBACK")


KILLED = """
import sys
sys.path[:0] = {path!r}
from test_duplicates import text
from cleannews import DuplicateIndex
import cleannews.duplicates.index as module
module.BATCH = 5
with DuplicateIndex(sys.argv[1]) as index:
    def documents():
        for i in range(4000):
            if i == 60:
                print("going", flush=True)
            yield {{"id": f"d{{i}}", "text": text(i, sentences=3)}}
    index.add(documents())
"""


@pytest.mark.skipif(sys.platform == "win32", reason="needs SIGKILL")
def test_killed_while_adding_loses_and_doubles_nothing(path):
    program = KILLED.format(path=sys.path)
    for _ in range(3):
        run = subprocess.Popen([sys.executable, "-c", program, str(path)], stdout=subprocess.PIPE)
        run.stdout.readline()
        time.sleep(0.02)
        os.kill(run.pid, signal.SIGKILL)
        run.wait()
        run.stdout.close()
        with DuplicateIndex(path) as index:
            count = len(index)
            assert count >= 55
            assert count % 5 == 0  # whole batches
            numbers = {n for (n,) in index._file.execute("SELECT DISTINCT number FROM postings")}
            known = {n for (n,) in index._file.execute("SELECT number FROM documents")}
            assert numbers <= known
            assert index._file.execute("PRAGMA integrity_check").fetchone() == ("ok",)
            for i in range(0, 55, 7):
                matches = index.query({"id": "new", "text": text(i, sentences=3)})
                assert [m.id for m in matches if m.kind == "exact"] == [f"d{i}"]

"""The command ``dedup``."""

import json

import pytest
from click.testing import CliRunner

from cleannews.cli import cli
from test_duplicates import spun, story, text


@pytest.fixture
def run(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    def call(*arguments, **kw):
        return CliRunner().invoke(cli, ["dedup", *map(str, arguments)], **kw)

    return call


@pytest.fixture
def pages(tmp_path):
    folder = tmp_path / "pages"
    folder.mkdir()
    for name, body in {
        "a.txt": text(1),
        "b.txt": text(1) + "\n",
        "c.txt": " ".join(spun(story(1))),
        "d.txt": text(2),
    }.items():
        (folder / name).write_text(body, encoding="utf-8")
    return folder


def lines(path):
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def write_lines(path, rows):
    path.write_text("".join(json.dumps(r) + "\n" for r in rows), encoding="utf-8")


def test_folder(run, pages, tmp_path):
    done = run(pages, "--links", "links.jsonl", "--clusters", "clusters.jsonl")
    assert done.exit_code == 0, done.output
    assert done.stdout.split() == [str(pages / "a.txt"), str(pages / "d.txt")]
    assert "4 documents, 1 clusters, 2 kept; links: 1 exact, 2 rewritten" in done.stderr
    assert [x["kind"] for x in lines(tmp_path / "links.jsonl")] == [
        "exact",
        "rewritten",
        "rewritten",
    ]
    (cluster,) = lines(tmp_path / "clusters.jsonl")
    assert len(cluster["members"]) == 3


def test_json_lines(run, tmp_path):
    rows = [
        {"id": "late", "text": text(1), "date": "2024-05-02", "extra": [1]},
        {"id": "first", "text": text(1), "date": "2024-05-01", "extra": [2]},
        {"text": text(2)},
    ]
    write_lines(tmp_path / "news.jsonl", rows)
    done = run("news.jsonl", "-o", "kept.jsonl")
    assert done.exit_code == 0, done.output
    assert lines(tmp_path / "kept.jsonl") == [rows[1], {"text": text(2), "id": "news.jsonl:3"}]


def test_bad_lines_are_told(run, tmp_path):
    (tmp_path / "news.jsonl").write_text('{"id": 1, "text": "x"}\nnot json\n{"id": 2}\n')
    done = run("news.jsonl")
    assert done.exit_code == 1
    assert done.stdout == "1\n"
    assert "news.jsonl:2: error: not JSON" in done.stderr
    assert "news.jsonl:3: error: not an object with a string 'text'" in done.stderr


def test_against_an_index(run, tmp_path):
    write_lines(
        tmp_path / "monday.jsonl", [{"id": "m1", "text": text(1)}, {"id": "m2", "text": text(2)}]
    )
    write_lines(
        tmp_path / "tuesday.jsonl", [{"id": "t1", "text": text(1)}, {"id": "t3", "text": text(3)}]
    )
    assert run("monday.jsonl", "--against", "seen.db", "--new-only", "-q").stdout == "m1\nm2\n"
    done = run("tuesday.jsonl", "--against", "seen.db", "--links", "links.jsonl")
    assert done.stdout == "t3\n"
    assert "1 known before" in done.stderr
    assert [(x["a"], x["b"], x["known"]) for x in lines(tmp_path / "links.jsonl")] == [
        ("t1", "m1", True)
    ]
    assert run("tuesday.jsonl", "--against", "seen.db", "--new-only").stdout == "t3\n"
    assert run("tuesday.jsonl", "--against", "seen.db", "--new-only").stdout == ""


def test_wrong_use(run, pages):
    assert run(pages, "--new-only").exit_code == 2
    assert run(pages, "--against", "nowhere.db").exit_code == 2
    assert run(pages, "-o", pages / "a.txt").exit_code == 2
    assert run("nowhere.txt").exit_code == 74


def test_ids_twice(run, tmp_path):
    write_lines(tmp_path / "news.jsonl", [{"id": "a", "text": "x"}, {"id": "a", "text": "y"}])
    done = run("news.jsonl")
    assert done.exit_code == 2
    assert "two documents have the id 'a'" in done.stderr


def test_standard_input_and_nothing(run):
    assert run("-", input=text(1)).stdout == "standard input\n"
    assert run("empty/").exit_code == 74

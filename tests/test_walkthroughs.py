"""The first five minutes, and ten million rows with fewer of them, as a user would type them."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

pa = pytest.importorskip("pyarrow")
pq = pytest.importorskip("pyarrow.parquet")

from test_run import needs_proc, read, started, story  # noqa: E402

STORY = (Path(__file__).parent.parent / "docs" / "tutorial" / "story.txt").read_text("utf-8")
PAGE = """<!doctype html><html lang="en"><title>Old bridge closes - The Harbour</title>
<nav><a href="/">News</a> <a href="/sport">Sport</a></nav>
<article><h1>Old bridge closes</h1><p>By Ana Ruiz</p>
<p>The council voted on Monday to close the old bridge, which opened in 1911.</p>
<p>A ferry will run from May, and the road fund is to pay for it, the mayor said.</p></article>
"""


@pytest.fixture
def shell(tmp_path):
    """Run a command in an empty folder; return what it wrote to stdout and stderr."""

    def run(*words, expect=0, given=None):
        done = subprocess.run(
            [sys.executable, "-m", "cleannews", *words],
            capture_output=True, text=True, cwd=tmp_path, input=given, timeout=180, check=False,
        )  # fmt: skip
        assert done.returncode == expect, done.stderr
        assert "Traceback" not in done.stderr
        return done.stdout, done.stderr

    return run


def test_the_first_five_minutes(shell, tmp_path):
    (tmp_path / "story.txt").write_text(STORY, encoding="utf-8")
    pages = tmp_path / "pages"
    pages.mkdir()
    for name, day in (("a", "Monday"), ("b", "Monday"), ("c", "Friday")):
        text = PAGE if name != "c" else PAGE.replace("bridge", "mill").replace("May", "June")
        (pages / f"{name}.html").write_text(text.replace("Monday", day), encoding="utf-8")

    text, said = shell("clean", "story.txt")
    assert text.strip()
    assert "[ad_1]" not in text
    assert "removed" in said
    assert "[ad_1]" in shell("explain", "story.txt")[0]
    (meta,) = [json.loads(shell("meta", "story.txt", "--json")[0])]
    assert meta
    page = json.loads(shell("clean", "--json", given=PAGE)[0])
    assert page["metadata"]["title"]["value"] == "Old bridge closes"
    shell("clean", "pages/a.html", "pages/b.html", "pages/c.html", "-o", "out/")
    assert sorted(p.name for p in (tmp_path / "out").iterdir()) == ["a.html", "b.html", "c.html"]
    assert len(shell("dedup", "out/")[0].split()) == 2
    shell("clean", "--check", "pages/", expect=1)


JOB = """
input.paths = ["data/*.parquet"]
input.fields = { text = "text", url = "url", id = "doc_id" }
clean.limits = { seconds = 2 }
dedup = { minimum = 0.8 }
run = { workers = 2, max_error_rate = 0.01, learn_sites = true }
output.path = "clean/"
output.format = "parquet"
output.report = "report.html"
"""


@needs_proc
@pytest.mark.parametrize("rows", [300, pytest.param(20_000, marks=pytest.mark.long)])
def test_ten_million_rows_with_fewer_of_them(shell, tmp_path, rows):
    data = tmp_path / "data"
    data.mkdir()
    for part in range(3):
        numbers = range(part * rows // 3, (part + 1) * rows // 3)
        table = {
            "doc_id": [f"d{n:08d}" for n in numbers],
            "url": [f"https://site{n % 7}.example/{n}" for n in numbers],
            # Every hundredth story is the one before once more.
            "text": [story(n - 1 if n % 100 == 99 else n) for n in numbers],
        }
        pq.write_table(pa.table(table), data / f"{part}.parquet")
    (tmp_path / "job.toml").write_text(JOB)

    plan, _ = shell("run", "--config", "job.toml", "--dry-run")
    assert f"records: {rows:,}\n" in plan
    assert not (tmp_path / "clean").exists()
    process = started("--config", tmp_path / "job.toml", "--resume", children_wanted=2)
    process.send_signal(2)
    process.communicate(timeout=60)
    assert process.returncode == 130
    _, said = shell("run", "--config", "job.toml", "--resume")
    assert f"{rows:,} records, {rows:,} cleaned, {rows // 100:,} of them copies" in said
    made = [
        name
        for part in sorted((tmp_path / "clean").glob("part-*.parquet"))
        for name in pq.read_table(part, columns=["id"])["id"].to_pylist()
    ]
    assert made == [f"d{n:08d}" for n in range(rows)]
    assert len(read(tmp_path / "clean" / "clusters.jsonl")) == rows // 100
    assert f"{rows:,}" in (tmp_path / "report.html").read_text("utf-8")
    assert "finished already" in shell("run", "--config", "job.toml", "--resume")[1]

"""The report on an output: it says what the output says, stays small, and no value breaks out."""

from __future__ import annotations

import gzip
import json
import re
import tracemalloc
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

import sample_corpus
from cleannews import compare
from cleannews.batch import abridge, outputs, survey
from cleannews.boilerplate.explain import UNPRINTABLE
from cleannews.cli import cli
from cleannews.columns import clean_row
from cleannews.document import Metadata, Sourced
from cleannews.duplicates.explain import aligned
from cleannews.duplicates.values import Anchors, DuplicateCluster, DuplicateLink, Duplicates
from cleannews.errors import InputError
from cleannews.report.aligned import hunks, side_by_side
from cleannews.report.charts import histogram
from cleannews.report.corpus import render_corpus
from cleannews.report.parts import stylesheet
from cleannews.report.values import Cluster, Copy, Corpus, SeenPage, Step, Stretch
from test_report import ALLOWED, HOSTILE, Page

MORE = {"nav", "svg", "rect", "line", "text", "h3", "h4", "ol", "ins"}
QUARANTINE = (
    {"id": "q1", "where": "news.jsonl:7", "reason": "took too long", "sha256": "ab" * 32},
)


@pytest.fixture(scope="module")
def rows() -> list[dict]:
    docs = sample_corpus.documents(40)
    docs.append({"id": "gone", "url": "https://a.example/", "text": None})
    return sample_corpus.rows_of(docs)


@pytest.fixture(scope="module")
def out(rows, tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("out")
    return sample_corpus.write_output(folder / "clean.jsonl", rows, quarantine=QUARANTINE)


@pytest.fixture(scope="module")
def page(out) -> str:
    return render_corpus(survey.survey(out))


def run(*words: object):
    return CliRunner().invoke(cli, list(map(str, words)))


# --- what it says -------------------------------------------------------------------------------


def test_it_counts_what_the_summary_counts(page, out) -> None:
    told = json.loads(out.with_name("clean.summary.json").read_text())
    for name in ("records", "cleaned"):
        assert re.search(rf"<dt>{name}</dt><dd><b>{told[name]:,}</b>", page)
    assert f"{told['words']['kept']:,} of {told['words']['read']:,}" in page
    for category, counts in told["categories"].items():
        row = re.search(rf"<tr[^>]*><td><span class=\"chip\"[^>]*>{category}<.*?</tr>", page)
        assert row, category
        assert f">{counts['pieces']:,}<" in row[0]
        assert f">{counts['characters']:,}<" in row[0]
    for name in (*told["sites"], *told["languages"], *told["warnings"]):
        assert f">{name}<" in page
    assert "took too long" in page
    assert "inbox/pipe" in page
    assert "1 record.</p>" in page


def test_the_least_sure_records_come_first_and_unreadable_ones_are_not_among_them(
    out, rows
) -> None:
    corpus = survey.survey(out)
    read = sorted(row["confidence"] for row in rows if row["text"] is not None)
    assert [p.row["confidence"] for p in corpus.lowest] == read[: survey.LOWEST]
    assert corpus.unread == (("gone", "no text"),)


def test_a_record_shows_every_piece_that_went_with_its_rule(rows) -> None:
    for row in rows[:10]:
        seen = abridge.seen_page(abridge.checked(row))
        gone = [s for s in seen.stretches if s.why is not None]
        assert [s.why["rule"] for s in gone] == [r["rule"] for r in row["removed"]]
        page = render_corpus(Corpus(name="x", summary={}, rows=1, lowest=(seen,)))
        assert len(Page(page).all("del")) >= sum(bool(s.text.strip()) for s in gone)
        assert all(f"<code>{r['rule']}</code>" in page for r in row["removed"])


def test_a_short_text_is_shown_whole(rows) -> None:
    documents = {doc["id"]: doc["text"] for doc in sample_corpus.documents(40)}
    for row in rows:
        if row["text"] is None or len(row["text"]) > abridge.LONGEST_KEPT:
            continue
        seen = abridge.seen_page(abridge.checked(row))
        assert "".join(s.text for s in seen.stretches) == documents[row["id"]]
        assert seen.characters == len(documents[row["id"]])


@given(st.lists(st.tuples(st.text(min_size=1), st.booleans()), max_size=120))
def test_what_is_shown_and_what_is_left_out_is_the_whole_text(parts) -> None:
    text, removed, at = "", [], 0
    for part, is_gone in [*parts, ("story " * 300, False), ("menu " * 200, True)]:
        if is_gone:
            removed.append({"start": at, "end": at + len(part), "text": part, "rule": "a/b",
                            "category": "a"})  # fmt: skip
        else:
            text += part
        at += len(part)
    seen = abridge.seen_page(abridge.checked({"text": text, "removed": removed}))
    shown = sum(len(s.text) + s.left_out for s in seen.stretches)
    assert seen.characters == at
    assert shown == at if not seen.hidden else shown < at
    assert len(seen.stretches) <= abridge.FIRST + abridge.LAST
    assert all(len(s.text) <= 600 for s in seen.stretches)


def test_clusters_stand_with_reasons_and_aligned_copies(out) -> None:
    corpus = survey.survey(out)
    assert corpus.clusters
    assert corpus.cluster_count >= len(corpus.clusters)
    sizes = [cluster.size for cluster in corpus.clusters[: survey.LARGEST]]
    assert sizes == sorted(sizes, reverse=True)
    page = render_corpus(corpus)
    for cluster in corpus.clusters:
        assert cluster.reasons
        assert all(reason in page for reason in cluster.reasons)
        assert all(copy.steps and copy.row for copy in cluster.copies)
    assert '<table class="aligned">' in page


def test_records_of_one_id_are_told_apart_as_the_search_for_duplicates_does(rows, tmp_path) -> None:
    first, second = dict(rows[0], id="a"), dict(rows[1], id="a")
    path = sample_corpus.write_output(tmp_path / "x.jsonl", rows[:2])
    sample_corpus.write_rows(path, [first, second])
    cluster = {"members": ["a", "a#1"], "attached": [], "original": "a", "reasons": ["r"],
               "confidence": 0.5}  # fmt: skip
    path.with_name("x.clusters.jsonl").write_text(json.dumps(cluster))
    told = survey.survey(path).clusters[0]
    assert told.row["title"] == first["title"]
    assert [copy.row["title"] for copy in told.copies] == [second["title"]]


def test_the_histogram_has_its_numbers_as_text() -> None:
    drawn = histogram([1, 0, 3, 12], label="Records")
    assert len(re.findall("<rect", drawn)) == 4
    assert "Records: 1 of 16 records are below 0.5; most, 12, are from 0.75 to 1.00" in drawn
    heights = [float(h) for h in re.findall(r'<rect[^>]* height="([\d.]+)"', drawn)]
    assert heights[1] == 0 < heights[0] < heights[2] < heights[3]


# --- kinds of output ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name",
    ["clean.jsonl.gz", "clean.jsonl.zst", "clean.csv", "clean.parquet", "folder"],
)
def test_every_kind_of_output_gives_the_same_report(name, rows, page, tmp_path) -> None:
    if name.endswith(".zst"):
        pytest.importorskip("zstandard")
    path = sample_corpus.write_output(tmp_path / name, rows, quarantine=QUARANTINE)
    assert render_corpus(survey.survey(path)).replace(name, "clean.jsonl") == page


def test_plain_texts_have_counts_only(tmp_path, rows) -> None:
    (tmp_path / "00000000-a.txt").write_text("The bridge is shut.\n")
    told = sample_corpus.summary_of(rows, outputs=["00000000-a.txt"])
    (tmp_path / "summary.json").write_text(json.dumps(told))
    corpus = survey.survey(tmp_path)
    assert (corpus.rows, corpus.lowest, corpus.problem_count) == (None, (), 0)
    assert "plain texts" in render_corpus(corpus)


def test_the_same_output_gives_the_same_page(page, out) -> None:
    assert render_corpus(survey.survey(out)) == page


def test_only_parts_inside_the_folder_are_read(tmp_path, rows) -> None:
    secret = tmp_path / "secret.jsonl"
    sample_corpus.write_rows(secret, rows[:1])
    folder = sample_corpus.write_output(tmp_path / "out", rows[:4])
    told = json.loads((folder / "summary.json").read_text())
    told["outputs"] += ["../secret.jsonl", str(secret), "links.jsonl", 7]
    (folder / "summary.json").write_text(json.dumps(told))
    assert survey.survey(folder).rows == 4


# --- size ---------------------------------------------------------------------------------------


def big_row(number: int) -> dict:
    """A row with long texts and hundreds of removals, not worth cleaning for."""
    piece = f"Menu entry {number} " * 20
    removed = [
        {"start": i * 300, "end": i * 300 + len(piece), "text": piece, "rule": f"r/{i}",
         "category": f"c{(i + number) % 900}", "confidence": 0.9, "evidence": "e" * 900,
         "language": "en"}
        for i in range(120)
    ]  # fmt: skip
    row = clean_row(text="The bridge is shut.", id=f"row-{number}" * 80)
    return row | {"text": "The story goes on. " * 2_000, "removed": removed, "title": "t" * 9_000,
                  "confidence": (number * 37 % 1000) / 1000,
                  "warnings": [{"code": f"w{number % 700}", "detail": "d" * 5_000}]}  # fmt: skip


def test_page_and_memory_are_bounded_however_many_records_there_are(tmp_path) -> None:
    sizes, peaks = [], []
    for number in (30, 120):
        path = tmp_path / f"{number}.jsonl.gz"
        with gzip.open(path, "wt", compresslevel=1) as file:
            for i in range(number):
                file.write(json.dumps(big_row(i)) + "\n")
        sites = {f"site {i}" * 30: 1 for i in range(1_000)}
        told = sample_corpus.summary_of([], outputs=[path.name], sites=sites)
        told |= {"records": number, "warnings": {f"w{i}": 1 for i in range(700)},
                 "categories": {f"c{i}": {"pieces": 3, "characters": 9} for i in range(900)},
                 "skipped": [{"path": "p" * 5_000, "reason": "r"}] * 5_000,
                 "dedup": {"documents": number, "links": {}, "redundant": 0}}  # fmt: skip
        path.with_name(f"{number}.summary.json").write_text(json.dumps(told))
        members = [f"row-{i}" * 80 for i in range(600)]
        cluster = {"members": members, "attached": members, "original": members[0],
                   "reasons": ["r" * 9_000] * 50, "confidence": 1}  # fmt: skip
        with path.with_name(f"{number}.clusters.jsonl").open("w") as file:
            file.writelines(json.dumps(cluster) + "\n" for _ in range(30))
        tracemalloc.start()
        page = render_corpus(survey.survey(path))
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
        sizes.append(len(page))
        Page(page)
    assert sizes[1] < 1.3 * sizes[0]
    assert peaks[1] < 1.3 * peaks[0]
    assert sizes[1] < 4_000_000
    assert "not shown" in page


# --- damage -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        (lambda data: data[: len(data) // 2], "ended before"),
        (lambda data: data[:-20] + b"\0" * 20, "damaged"),
        (lambda data: gzip.compress(gzip.decompress(data) + b"{torn"), "not JSON"),
        (lambda data: gzip.compress(b"[1]\n" + gzip.decompress(data)), "not an object"),
        (lambda data: gzip.compress(b'{"id": 1, "text": 7}\n' + gzip.decompress(data)), "1 rows"),
        (lambda data: gzip.compress(b"[" * 100_000 + b"\n" + gzip.decompress(data)), "not JSON"),
    ],
    ids=["torn", "checksum", "last line", "list", "types", "deep"],
)
def test_damage_is_told_and_the_rest_reported(damage, said, rows, tmp_path) -> None:
    path = sample_corpus.write_output(tmp_path / "x.jsonl.gz", rows)
    path.write_bytes(damage(path.read_bytes()))
    done = run("report", path, "-o", tmp_path / "r.html")
    assert done.exit_code == 1
    assert said in done.output
    assert "note warn" in (tmp_path / "r.html").read_text()


@pytest.mark.parametrize("name", ["x.csv", "x.parquet"])
def test_files_with_other_columns_are_told(name, rows, tmp_path) -> None:
    path = sample_corpus.write_output(tmp_path / name, rows)
    if name.endswith(".csv"):
        path.write_text("a,b\n1,2\n")
    else:
        import pyarrow as pa
        import pyarrow.parquet as pq

        pq.write_table(pa.table({"a": [1]}), path)
    done = run("report", path, "-o", tmp_path / "r.html")
    assert (done.exit_code, "its columns are not those of a run" in done.output) == (1, True)


def test_an_output_that_was_changed_is_told(rows, tmp_path) -> None:
    path = sample_corpus.write_output(tmp_path / "x.jsonl", rows)
    sample_corpus.write_rows(path, rows[:5])
    assert "it was changed since" in render_corpus(survey.survey(path))


SUMMARY = {"schema_version": 1, "records": 0}


@pytest.mark.parametrize(
    ("files", "out", "code", "said"),
    [
        ({}, "none.jsonl", 74, "none.jsonl: No such file"),
        ({"a.jsonl": "{}"}, "a.jsonl", 2, "there is no a.summary.json beside it"),
        ({"a.txt": "x"}, "a.txt", 2, "no output of 'cleannews run'; a file ends in one of"),
        ({"d/a.txt": "x"}, "d", 2, "there is no summary.json in it"),
        ({"d/.run/journal": "x"}, "d", 2, "the run has not finished; run it again with --resume"),
        ({"a.csv": "x", ".a.csv.run/j": ""}, "a.csv", 2, "the run has not finished"),
        ({"a.jsonl": "", "a.summary.json": "{"}, "a.jsonl", 2, "a.summary.json: not JSON"),
        ({"a.jsonl": "", "a.summary.json": "[]"}, "a.jsonl", 2, "no summary of"),
        ({"a.jsonl": "", "a.summary.json": '{"records": 1, "schema_version": 9}'}, "a.jsonl", 2,
         "schema version 9"),
        ({"a.jsonl": "", "a.summary.json": json.dumps(SUMMARY)}, "a.jsonl", 0, "the report is in"),
    ],
)  # fmt: skip
def test_what_is_no_output_is_said(files, out, code, said, tmp_path) -> None:
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True, parents=True)
        (tmp_path / name).write_text(text)
    done = run("report", tmp_path / out, "-o", tmp_path / "r.html")
    assert (done.exit_code, said in done.output) == (code, True), done.output
    assert (tmp_path / "r.html").exists() == (code == 0)


def test_a_missing_extra_is_named(rows, tmp_path, monkeypatch) -> None:
    path = sample_corpus.write_output(tmp_path / "x.parquet", rows[:2])
    monkeypatch.setitem(__import__("sys").modules, "pyarrow", None)
    with pytest.raises(InputError, match=r"cleannews\[arrow\]"):
        outputs.open_output(path)


def test_the_page_goes_to_stdout_and_over_nothing_of_others(out, page, tmp_path) -> None:
    assert run("report", out, "-o", "-").output == page
    other = tmp_path / "thesis.html"
    other.write_text("<p>mine</p>")
    done = run("report", out, "-o", other)
    assert (done.exit_code, other.read_text()) == (2, "<p>mine</p>")
    assert run("report", out, "-o", out).exit_code == 2
    assert run("report").exit_code == run("report", out, "--sort").exit_code == 2


# --- what it never does -------------------------------------------------------------------------


def hostile_corpus(text: str) -> Corpus:
    """A report with the same text wherever text can stand."""
    why = {"rule": text, "category": text, "confidence": 0.5, "evidence": text, "language": text}
    row = dict.fromkeys(("id", "url", "title", "published", "site", "publisher", "language"), text)
    row |= {"confidence": 0.5, "authors": [text], "warnings": [{"code": text, "detail": text}]}
    seen = SeenPage(row=row, stretches=(Stretch(text), Stretch(text, why, 7), Stretch(text, None, 7)),
                    hidden=2, hidden_at=1, characters=9, gone=3, pieces=1)  # fmt: skip
    steps = (Step("same", text, text), Step("replaced", text, f"{text} x"))
    link = {"kind": text, "similarity": 0.5, "confidence": text}
    copies = (
        Copy(id=text, row=row, link=link, steps=steps, left_out=3, is_attached=True),
        Copy(id=text, row=None, link=None, steps=()),
    )
    cluster = Cluster(size=9, original=text, row=None, reasons=(text,), confidence=1, copies=copies)
    place = dict.fromkeys(("id", "where", "reason", "sha256"), text)
    summary = {
        "records": 1, "version": text, "rules_hash": text, "options": {text: text, "a": [text]},
        "inputs": [{"path": text, "kind": text, "records": text}],
        "skipped": [{"path": text, "reason": text}, 7], "confidence": [1, text],
        "categories": {text: {"pieces": 1}, "x": text}, "sites": {text: 2}, "languages": {text: 1},
        "warnings": {text: 1}, "dedup": {"links": {text: text}}, "words": text,
    }  # fmt: skip
    return Corpus(
        name=text, summary=summary, rows=3, lowest=(seen,), chance=(seen,),
        examples={text: (text,)}, rules=((text, text, 1),), rule_count=2,
        warned={text: ((text, text),)}, unread=((text, text),), clusters=(cluster,),
        cluster_count=3, quarantine=(place,), quarantine_count=2, problems=(text,),
        problem_count=2,
    )  # fmt: skip


def check_safe(made: str) -> None:
    page = Page(made)
    assert {tag for tag, _ in page.tags} <= ALLOWED | MORE
    assert not page.comments
    assert not any(name.startswith("on") or name == "src" for _, a in page.tags for name in a)
    links = [a for a in page.all("a") if not a["href"].startswith("#")]
    assert all(re.match("https?://", a["href"]) for a in links)
    assert all(a["rel"] == "noopener nofollow" for a in links)
    assert not UNPRINTABLE.search(re.sub(r"[\t\n]", "", made))
    ids = [a["id"] for _, a in page.tags if "id" in a]
    assert len(ids) == len(set(ids))
    made.encode("utf-8")


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(st.one_of(st.lists(st.sampled_from([*HOSTILE, "word", "\n"])).map("".join), st.text()))
@example("".join(HOSTILE))
@example("a\x1f\x1fb\n\x1f \u2028")
@example("\x1f")
def test_no_value_breaks_out_of_its_place(text: str) -> None:
    check_safe(render_corpus(hostile_corpus(text)))


def test_the_page_has_its_policy_and_loads_nothing(page) -> None:
    policy = [a["content"] for a in Page(page).all("meta") if "http-equiv" in a]
    assert policy == ["default-src 'none'; style-src 'unsafe-inline'"]
    assert not re.search(r"url\(|@import|@font-face|<script|<link|<iframe", page, re.IGNORECASE)
    check_safe(page)


def test_hostile_records_make_a_safe_page(tmp_path) -> None:
    docs = [
        {"id": bad, "url": f"https://a.example/{i}{bad}",
         "text": f"{bad} council votes\n\nby {bad}\n\n[ad_1]\n\nThe {bad} council voted on Monday.\n\n{bad}"}
        for i, bad in enumerate(HOSTILE)
    ]  # fmt: skip
    rows = sample_corpus.rows_of([*docs, *[dict(doc, id=doc["id"] + "2") for doc in docs]])
    made = run("report", sample_corpus.write_output(tmp_path / "x.jsonl", rows), "-o", "-").output
    check_safe(made)


# --- two texts side by side ---------------------------------------------------------------------

WORDS = st.lists(
    st.sampled_from("the old bridge, is shut. \n for — good! 7".split(" ")), max_size=60
)


@given(WORDS.map(" ".join), WORDS.map(" ".join))
def test_the_steps_put_together_are_both_texts(a: str, b: str) -> None:
    steps = aligned(a, b)
    for text, made in ((a, "".join(s.a for s in steps)), (b, "".join(s.b for s in steps))):
        assert made == (text if re.search(r"\w", text) else "")
    for step in steps:
        is_same = re.findall(r"\w+", step.a) == re.findall(r"\w+", step.b)
        assert is_same == (step.kind == "same")


@given(WORDS.map(" ".join), WORDS.map(" ".join))
def test_every_difference_is_shown(a: str, b: str) -> None:
    steps = [Step(c.kind, c.a, c.b) for c in aligned(a * 3, b * 2)]
    made = hunks(steps)
    assert [s for h in made for s in h.steps if s.kind != "same"] == [
        s for s in steps if s.kind != "same"
    ]
    words = sum(len(re.findall(r"\w+", s.a)) for h in made for s in h.steps) + sum(
        h.same for h in made
    )
    assert words == sum(len(re.findall(r"\w+", s.a)) for s in steps)


def test_equal_texts_make_no_table() -> None:
    steps = [Step(c.kind, c.a, c.b) for c in aligned("The bridge is shut.", "the bridge is SHUT")]
    assert "".join(side_by_side(steps, first="A", second="B")).startswith(
        '<p class="hint">Word for'
    )


# --- notebooks ----------------------------------------------------------------------------------


@pytest.mark.parametrize("bad", [*HOSTILE, "\x1f", "a\u2028\n\x1fb"])
def test_notebook_views_are_safe(bad: str) -> None:
    link = DuplicateLink(bad, f"{bad}2", "near", 0.5, 0.5, 0.5, Anchors((bad,), (bad,), 1), 0.9)
    cluster = DuplicateCluster((bad, f"{bad}2", "c"), ("c",), bad, (bad,), 0.5)
    value = Sourced(bad, bad, bad, None, 0.5)
    text = f"The bridge is\x1f\n\u2028 {bad} shut for good this year."
    both = compare(f"{bad} {text}", f"{text} {bad}")
    assert both.passages
    for seen in (
        Duplicates((link,), (cluster,), 2),
        cluster,
        Metadata(title=value, tags=(value,), conflicts=("title",)),
        both,
        replace(both, link=link),
    ):
        check_safe(seen._repr_html_())
    check_safe(both.to_html())


def test_notebook_views_say_what_there_is() -> None:
    names = tuple(f"doc-{i:02}" for i in range(20))
    cluster = DuplicateCluster(names, names[-1:], names[3], ("the earliest date",), 0.75)
    told = cluster._repr_html_()
    assert all(text in told for text in ("20 documents", "doc-03", "0.75", "the earliest date"))
    assert "Here by containment only: <code>doc-19</code>" in told
    assert "and 6 more" in told
    many = Duplicates((), (cluster,) * 15, 20)._repr_html_()
    assert "3 smaller clusters not shown" in many
    assert "Both" not in compare("One.", "Two.")._repr_html_()
    both = compare("The old bridge is shut for good.", "The new bridge is shut for good.")
    assert "<mark>bridge is shut for good</mark>" in both._repr_html_()


@pytest.mark.parametrize("name", ["page.css", "corpus.css"])
def test_style_sheets_touch_nothing_outside(name: str) -> None:
    css = re.sub(r"/\*.*?\*/", "", stylesheet(name), flags=re.DOTALL)
    selectors = re.findall(r"(?:^|[{}])\s*([^{}@;]+)\{", css)
    assert selectors
    assert all(".cleannews" in part for part in selectors)

"""Rows written as files: the same rows the same bytes, safe to open, whole when read again."""

import csv
import gzip
import io
import json
import sys

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import zstandard

from cleannews import InputError, OptionError
from cleannews.arrow import CLEANED
from cleannews.batch.formats import (
    OutputKind,
    TextFolder,
    find_sources,
    join_parts,
    kind_of_output,
    open_writer,
    read,
)
from cleannews.columns import COLUMNS, clean_row

STORY = "The council voted to close the old bridge, the mayor said on Monday."
ODD = "=1+1 \x1b[31m \u202e \ud800 \0 \u2028 é \ufeff \x85"
ROWS = [
    clean_row(text=f"Bridge to close\n\nBy Ana Ruiz\n\n[ad_1]\n\n{STORY}", id="a", url="=1+1"),
    clean_row(text=None, id=None),
    {**clean_row(text=f"{ODD}\n\n{STORY}", id="@b"), "title": ODD, "authors": [ODD]},
]
KINDS = [
    OutputKind("jsonl"),
    OutputKind("jsonl", "gzip"),
    OutputKind("jsonl", "zstd"),
    OutputKind("csv"),
    OutputKind("csv", "gzip"),
    OutputKind("parquet"),
]


def made(kind, *batches, **options):
    """Return what a writer makes of batches of rows."""
    file = io.BytesIO()
    writer = open_writer(file, kind, **options)
    for rows in batches:
        writer.write(rows)
    writer.close()
    return file.getvalue()


def plain(kind, data):
    if kind.compression == "gzip":
        return gzip.decompress(data)
    if kind.compression == "zstd":
        stream = zstandard.ZstdDecompressor().stream_reader(data, read_across_frames=True)
        return stream.read()
    return data


def cells(data):
    return list(csv.reader(io.StringIO(data.decode("utf-8"), newline="")))


def escaped(value):
    return value.encode("utf-8", "backslashreplace").decode()


@pytest.mark.parametrize("kind", KINDS, ids=lambda k: "-".join(filter(None, k)))
def test_the_same_rows_give_the_same_bytes(kind):
    assert made(kind, ROWS) == made(kind, ROWS)
    if kind.kind != "parquet":
        assert plain(kind, made(kind, ROWS)) == plain(kind, made(kind, ROWS[:1], ROWS[1:]))


@pytest.mark.parametrize("kind", KINDS, ids=lambda k: "-".join(filter(None, k)))
def test_parts_join_into_one_file(tmp_path, kind):
    parts = []
    for i, row in enumerate(ROWS):
        parts.append(tmp_path / f"{i}")
        parts[-1].write_bytes(made(kind, [row], header=i == 0))
    file = io.BytesIO()
    join_parts(parts, file, kind)
    if kind.kind == "parquet":
        whole = pq.read_table(io.BytesIO(made(kind, ROWS)))
        joined = pq.read_table(io.BytesIO(file.getvalue()))
        assert (joined.schema, joined.to_pylist()) == (CLEANED, whole.to_pylist())
    else:
        assert plain(kind, file.getvalue()) == plain(kind, made(kind, ROWS))


def shown(value):
    """Return a value of a row with its lone surrogates shown."""
    if isinstance(value, str):
        return escaped(value)
    if isinstance(value, list):
        return [shown(item) for item in value]
    return {k: shown(v) for k, v in value.items()} if isinstance(value, dict) else value


def test_lines_are_the_rows():
    lines = made(KINDS[0], ROWS).decode("utf-8").split("\n")
    assert lines.pop() == ""
    for line, row in zip(lines, ROWS, strict=True):
        assert tuple(json.loads(line)) == COLUMNS
        assert json.loads(line) == shown(row)


def test_lone_surrogates_do_not_come_back_when_json_is_read():
    row = clean_row(html=f"<title>A \ud800</title><p>{STORY} \ud800", id="\udfff")
    for kind in ("jsonl", "csv", "parquet"):
        data = made(OutputKind(kind), [row])
        if kind == "jsonl":
            back = json.loads(data)
        elif kind == "csv":
            header, cells_ = cells(data)
            back = dict(zip(header, cells_, strict=True))
        else:
            (back,) = pq.read_table(io.BytesIO(data)).to_pylist()
        json.dumps([back, json.loads(back["metadata"])], ensure_ascii=False).encode("utf-8")
        assert back["id"] == "\\udfff"


def test_a_table_is_safe_to_open_in_a_spreadsheet():
    header, *rows = cells(made(OutputKind("csv"), ROWS))
    assert tuple(header) == COLUMNS
    assert {len(row) for row in rows} == {len(COLUMNS)}
    assert rows[0][1] == "'=1+1"
    assert rows[2][0] == "'@b"
    assert rows[2][3] == "'" + escaped(ODD).replace("\0", "\\x00")
    assert json.loads(rows[0][COLUMNS.index("authors")]) == ["Ana Ruiz"]
    assert rows[1][:4] == ["", "", "", ""]
    for cell in (cell for row in rows for cell in row):
        assert cell[:1] not in ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
        assert "\0" not in cell


def test_the_apostrophe_can_be_switched_off():
    _, first, *_ = cells(made(OutputKind("csv"), ROWS, spreadsheet_safe=False))
    assert first[1] == "=1+1"


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        ("=cmd|' /C calc'!A0", "'=cmd|' /C calc'!A0"),
        ("+1", "+1"),
        ("-1.5e3", "-1.5e3"),
        ("-1+1", "'-1+1"),
        ("@SUM(1)", "'@SUM(1)"),
        ("\t=1", "'\t=1"),
        ("\r=1", "'\r=1"),
        ("＝1+1", "'＝1+1"),
        ("- a list", "'- a list"),
        ("a=1", "a=1"),
        ("", ""),
    ],
)
def test_cells(value, cell):
    row = {**ROWS[0], "title": value}
    assert cells(made(OutputKind("csv"), [row]))[1][3] == cell


def test_parquet_has_the_schema_and_the_rows():
    table = pq.read_table(io.BytesIO(made(OutputKind("parquet"), ROWS[:2])))
    assert table.schema == CLEANED
    assert table.to_pylist() == ROWS[:2]


@pytest.mark.parametrize("kind", ["jsonl", "csv", "parquet"])
def test_what_was_written_can_be_read(tmp_path, kind):
    path = tmp_path / f"a.{kind}"
    path.write_bytes(made(OutputKind(kind), ROWS[:1]))
    (source,), _ = find_sources([path])
    (found,) = read(source)
    assert (found.id, found.text) == ("a", STORY)


def test_no_rows():
    assert made(OutputKind("jsonl")) == b""
    assert cells(made(OutputKind("csv"))) == [list(COLUMNS)]
    assert made(OutputKind("csv"), header=False) == b""
    assert pq.read_table(io.BytesIO(made(OutputKind("parquet")))).schema == CLEANED


def test_the_file_stays_open():
    for kind in KINDS:
        file = io.BytesIO()
        open_writer(file, kind).close()
        assert not file.closed, kind
        join_parts([], file, kind)
        assert not file.closed, kind


# Folders of texts


def test_texts_go_into_files_of_their_own(tmp_path):
    folder = TextFolder(tmp_path, first=5)
    folder.write(ROWS[:2])
    folder.write(ROWS[2:])
    folder.close()
    assert sorted(p.name for p in tmp_path.iterdir()) == ["00000005-a.txt", "00000007-b.txt"]
    assert (tmp_path / "00000005-a.txt").read_text(encoding="utf-8") == STORY + "\n"


@pytest.mark.parametrize(
    ("name", "file"),
    [
        ("../../etc/passwd", "00000000-etc-passwd.txt"),
        ("/abs.html", "00000000-abs.html.txt"),
        ("a\nb\0c\x1b", "00000000-a-b-c.txt"),
        ("..\\a", "00000000-a.txt"),
        ("caf\udce9 é", "00000000-caf.txt"),
        ("..", "00000000.txt"),
        (None, "00000000.txt"),
        ("x" * 500, f"00000000-{'x' * 80}.txt"),
    ],
)
def test_names_stay_in_the_folder(name, file):
    assert TextFolder.name_of(0, name) == file


def test_texts_hold_no_control_characters(tmp_path):
    text = "a\x00b\x1b[31m\x7f\x85\u202ec\u2066\ufeff\ud800\r\nd\re\tf"
    TextFolder(tmp_path).write([{"id": "a", "text": text}])
    (path,) = tmp_path.iterdir()
    assert path.read_bytes().decode("utf-8") == (
        "a\\x00b\\x1b[31m\\x7f\\x85\\u202ec\\u2066\ufeff\\ud800\nd\ne\tf\n"
    )


# Names and extras


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("out/A.JSONL.GZ", OutputKind("jsonl", "gzip")),
        ("a.b.jsonl", OutputKind("jsonl")),
        ("a.parquet", OutputKind("parquet")),
    ],
)
def test_a_name_tells_the_kind(name, kind):
    assert kind_of_output(name) == kind


@pytest.mark.parametrize("name", ["a", "a.txt", ".jsonl", "a.zip"])
def test_a_name_that_tells_nothing(name):
    with pytest.raises(OptionError, match="tells no kind of output"):
        kind_of_output(name)


def test_text_is_many_files():
    with pytest.raises(OptionError, match="no writer for 'text'"):
        open_writer(io.BytesIO(), OutputKind("text"))


@pytest.mark.parametrize(
    ("kind", "module", "extra"),
    [(KINDS[2], "zstandard", "zstd"), (KINDS[5], "pyarrow", "arrow")],
)
def test_an_extra_that_is_missing_is_named(monkeypatch, kind, module, extra):
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(InputError, match=rf"pip install 'cleannews\[{extra}\]'"):
        open_writer(io.BytesIO(), kind)


def test_numbers_that_are_none_are_refused():
    with pytest.raises(ValueError, match="not JSON compliant"):
        made(OutputKind("jsonl"), [{**ROWS[0], "confidence": float("nan")}])


def test_a_batch_of_rows_is_a_row_group():
    file = pq.ParquetFile(io.BytesIO(made(OutputKind("parquet"), ROWS[:2], ROWS[2:])))
    assert [file.metadata.row_group(i).num_rows for i in range(file.num_row_groups)] == [2, 1]
    assert pa.Schema.equals(file.schema_arrow, CLEANED)

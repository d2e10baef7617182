"""Files of any kind, sound and hostile: what is read, what is told, and that nothing hangs."""

import bz2
import csv
import gzip
import hashlib
import io
import json
import os
import random
import socket
import struct
import subprocess
import sys
import zlib

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from cleannews import InputError, OptionError
from cleannews.batch.formats import (
    ReadLimits,
    Record,
    Skipped,
    Source,
    Unreadable,
    find_sources,
    read,
)
from cleannews.columns import Fields


def zipped(content):
    """Compress without the time, so that the names of tests are the same in every process."""
    return gzip.compress(content, mtime=0)


STORY = "The council voted to close the old bridge, the mayor said on Monday."
PAGE = f"<html><body><article><h1>Bridge</h1><p>{STORY}</p></article></body></html>"

RANDOM = random.Random(5)


def brief(value):
    """Return a name for a parameter: bytes of a whole file make none."""
    return value[:20].decode("ascii", "replace") if isinstance(value, bytes) else None


def zstd(data):
    return zstandard.ZstdCompressor().compress(data)


def lines(*rows):
    return b"".join((r if isinstance(r, bytes) else json.dumps(r).encode()) + b"\n" for r in rows)


def parquet(rows, **options):
    file = io.BytesIO()
    pq.write_table(pa.Table.from_pylist(rows), file, **options)
    return file.getvalue()


def response(body, *, head="Content-Type: text/html", status="200 OK", kind="response", **given):
    body = body if isinstance(body, bytes) else body.encode()
    block = f"HTTP/1.1 {status}\r\n{head}\r\n\r\n".encode() + body
    return record(block, kind=kind, **given)


def record(block, *, kind, length=None, url="https://example.org/a", extra=""):
    head = (
        f"WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Record-ID: <urn:uuid:1>\r\n"
        f"WARC-Target-URI: {url}\r\nWARC-Date: 2024-05-01T00:00:00Z\r\n{extra}"
        f"Content-Length: {len(block) if length is None else length}\r\n\r\n"
    )
    return head.encode() + block + b"\r\n\r\n"


def places(tmp_path, name, data, **options):
    """Return what is read of a file, its folder's name left out."""
    path = tmp_path / name
    path.write_bytes(data)
    (source,), skipped = find_sources([path], kind=options.pop("kind", None))
    assert skipped == []
    found = list(read(source, **options))
    numbers = [p.number for p in found]
    assert numbers == sorted(set(numbers))
    assert all(str(path) in p.where for p in found)
    return found


def outline(found):
    """Return texts of records, reasons of the rest."""
    return [
        (p.text if p.html is None else p.html) if isinstance(p, Record) else f"! {p.reason}"
        for p in found
    ]


@pytest.fixture(scope="module")
def scratch(tmp_path_factory):
    """A file that every example of a property writes anew."""
    return tmp_path_factory.mktemp("scratch") / "a"


# Sound files


@pytest.mark.parametrize(
    ("name", "data", "expected"),
    [
        ("a.txt", STORY.encode(), [STORY]),
        ("a.txt", STORY.encode("utf-16"), [STORY]),
        ("a.md", b"\xef\xbb\xbfA", ["A"]),
        ("a.html", PAGE.encode(), [PAGE.encode()]),
        ("a.html.gz", zipped(b"<p>a") + zipped(b"<p>b"), [b"<p>a<p>b"]),
        ("a.html.zst", zstd(b"<p>a") + zstd(b"<p>b"), [b"<p>a<p>b"]),
        ("a.jsonl", lines({"text": "a"}, b"", {"html": "<p>b"}), ["a", "<p>b"]),
        ("a.jsonl", b"\xef\xbb\xbf" + lines({"text": "a"}), ["a"]),
        ("a.jsonl", '{"text": "é"}\n{"text": "ü"}'.encode("utf-16"), ["é", "ü"]),
        ("a.jsonl", lines({"text": "a"}).replace(b"\n", b"\r\n"), ["a"]),
        ("a.ndjson.gz", zipped(lines({"text": "a"})), ["a"]),
        ("a.jsonl.zst", zstd(lines({"text": "a"})), ["a"]),
        ("a.jsonl", zipped(lines({"text": "a"})), ["a"]),
        ("a.jsonl.gz", lines({"text": "a"}), ["a"]),
        ("a.csv", b'id,text\n1,a\n2,"b\nc"\n', ["a", "b\nc"]),
        ("a.csv", b"id;text\r\n1;a,b\r\n", ["a,b"]),
        ("a.tsv", b"id\ttext\n1\ta\n", ["a"]),
        ("a.csv", b"id,text\r1,a\r2,b\r", ["a", "b"]),
        ("a.csv", b'text\n"a ""quoted"" word"\n5" nails\n', ['a "quoted" word', '5" nails']),
        ("a.csv", "text\né\n".encode("utf-16"), ["é"]),
        ("a.csv.gz", zipped(b"text\n" + b"x" * 200_000), ["x" * 200_000]),
        ("a.parquet", parquet([{"text": "a"}, {"text": "b"}]), ["a", "b"]),
        ("a.parquet", parquet([{"html": b"<p>"}]), [b"<p>"]),
        ("a.warc", response(PAGE), [PAGE.encode()]),
        ("a.warc.gz", zipped(response(PAGE)) * 2, [PAGE.encode()] * 2),
        ("a.warc.wet.gz", zipped(record(STORY.encode(), kind="conversion")), [STORY]),
    ],
    ids=brief,
)
def test_sound_files(tmp_path, name, data, expected):
    assert outline(places(tmp_path, name, data)) == expected


def test_a_record_says_what_it_is(tmp_path):
    data = lines({"key": 7, "body": "a", "link": "https://example.org/", "more": [1]})
    fields = Fields(text="body", id="key", url="link")
    (made,) = places(tmp_path, "a.jsonl", data, fields=fields)
    where = f"{tmp_path / 'a.jsonl'}:1"
    assert made == Record(0, "7", "https://example.org/", "a", None, where)


@pytest.mark.parametrize(
    ("name", "data", "where"),
    [
        ("a.jsonl", lines(b"", {"text": "a"}), ":2"),
        ("a.csv", b'id,text\n1,"b\nc"\n2,a\n', ":4"),
        ("a.parquet", parquet([{"text": "b"}, {"text": "a"}]), " row 2"),
        ("a.warc", response("", kind="request") + response("a"), " record 2"),
        ("a.txt", b"a", ""),
    ],
    ids=brief,
)
def test_places_are_counted_from_one(tmp_path, name, data, where):
    assert places(tmp_path, name, data)[-1].where == f"{tmp_path / name}{where}"


MANY = [{"id": str(i), "text": f"Story {i}."} for i in range(50)]


@pytest.mark.parametrize("after", [0, 1, 20, 49, 50, 99])
@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.jsonl", lines(*MANY)),
        ("b.jsonl.gz", zipped(lines(*MANY))[:-9]),
        ("a.csv", b"id,text\n" + b"".join(f"{r['id']},{r['text']}\n".encode() for r in MANY)),
        ("a.parquet", parquet(MANY, row_group_size=7)),
        ("a.warc", b"".join(response(r["text"]) for r in MANY)),
        ("a.wet", b"".join(record(r["text"].encode(), kind="conversion") for r in MANY)),
        ("a.txt", b"one"),
        ("a.html", b"%PDF-1.4"),
    ],
    ids=brief,
)
def test_reading_goes_on_where_it_stopped(tmp_path, name, data, after):
    whole = places(tmp_path, name, data)
    assert places(tmp_path, name, data, after=after) == [p for p in whole if p.number >= after]


# Lines


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b"{not json", "not JSON: Expecting property name"),
        (b'{"text": "a"} and more', "not JSON: Extra data"),
        (b'{"text": "a", "text": "b"}', "field 'text' is there twice"),
        (b'{"text": ' + b"[" * 100_000, "nested too deeply"),
        (b'{"id": ' + b"9" * 10_000 + b', "text": "a"}', "not JSON: Exceeds the limit"),
        (b'{"text": "\xff"}', "not UTF-8: byte 0xff at offset 10"),
        (b"[1]", "not an object but an array"),
        (b"null", "not an object but null"),
        (b"\0" * 4096, "not JSON"),
        (b'{"text": null}', "no text"),
        (b'{"text": NaN}', "no text"),
        (b'{"text": 5}', "'text' is no text but int"),
        (b'{"html": ["a"]}', "'html' is no text but list"),
        (b'{"body": "a", "id": 3}', "no field 'text' or 'html'; the fields are: body, id"),
    ],
    ids=brief,
)
def test_a_bad_line_stands_alone(tmp_path, line, reason):
    data = lines({"text": "a"}) + line + b"\n" + lines({"text": "b"})
    first, bad, last = places(tmp_path, "a.jsonl", data)
    assert (first.text, last.text) == ("a", "b")
    assert isinstance(bad, Unreadable)
    assert reason in bad.reason
    assert (bad.number, len(bad.sha256)) == (1, 64)


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"id": float("nan")}, None),
        ({"id": 5}, "5"),
        ({"id": None}, None),
        ({"id": ["a"]}, None),
        ({"id": "a\ud800"}, "a\ud800"),
        ({"score": float("inf")}, None),
    ],
)
def test_odd_ids(tmp_path, fields, expected):
    (made,) = places(tmp_path, "a.jsonl", lines({"text": "a", **fields}))
    assert (made.id, made.text) == (expected, "a")


def test_a_line_that_is_too_long_is_passed_over(tmp_path):
    data = lines({"text": "x" * 300_000}, {"text": "b"})
    bad, good = places(tmp_path, "a.jsonl", data, limits=ReadLimits(record=100_000))
    assert bad.reason == "a line of 300,012 bytes; the limit is 100,000"
    assert bad.sha256 == hashlib.sha256(data.split(b"\n")[0]).hexdigest()
    assert good.text == "b"


# Compression


TEN = lines(*({"text": f"Story {RANDOM.randbytes(300).hex()}"} for _ in range(10)))


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (zipped(TEN)[:-4], "ends early"),
        (zipped(TEN)[:-3000], "ends early"),
        (zipped(TEN)[:10], "ends early"),
        (zipped(TEN)[:-8] + bytes(8), "damaged gzip data"),
        (zipped(TEN) + b"garbage" * 100, "what follows the compressed data"),
        (zstd(TEN)[:-5], "ends early"),
        (zstd(TEN) + b"garbage" * 100, "damaged zstd data"),
    ],
    ids=brief,
)
def test_what_was_read_before_damage_is_kept(tmp_path, data, reason):
    found = places(tmp_path, "a.jsonl.gz", data)
    assert reason in found[-1].reason
    good = [p for p in found if isinstance(p, Record)]
    assert [p.text for p in good] == [json.loads(r)["text"] for r in TEN.splitlines()][: len(good)]
    assert len(found) - len(good) <= 2


def test_zeros_behind_compressed_data_are_padding(tmp_path):
    assert len(places(tmp_path, "a.jsonl.gz", zipped(TEN) + bytes(1000))) == 10


# Members one after another: made in no time, and as large as one when they are read.
LETTERS = b"a" * 5_000_000
UNIT = json.dumps({"text": "a" * 1_000_000}).encode() + b"\n"
BOMBS = {
    "a.jsonl.gz": zipped(UNIT) * 100,
    "a.jsonl.zst": zstd(UNIT) * 100,
    "a.csv.gz": zipped(b"text\n") + zipped(LETTERS) * 20,
    "a.html.gz": zipped(LETTERS) * 20,
    "a.html.zst": zstd(LETTERS) * 20,
    "a.warc.gz": zipped(response(b"<p>" + LETTERS)) * 20,
    "a.warc": response(
        zipped(LETTERS * 5), head="Content-Encoding: gzip\r\nContent-Type: text/html"
    ),
}


@pytest.mark.parametrize("name", BOMBS)
def test_bombs_are_stopped_with_a_reason(tmp_path, name):
    found = places(tmp_path, name, BOMBS[name])
    assert isinstance(found[-1], Unreadable)
    assert any(word in found[-1].reason for word in ("stopped", "limit", "grows beyond"))
    read_of_it = sum(len(p.html or p.text) for p in found if isinstance(p, Record))
    assert read_of_it <= 64 * 1024 * 1024


@pytest.mark.skipif(sys.platform != "linux", reason="reads the peak from /proc")
def test_a_bomb_takes_little_memory(tmp_path):
    (tmp_path / "a.jsonl.gz").write_bytes(zipped(LETTERS) * 60)
    program = (
        "import sys\n"
        "from cleannews.batch.formats import find_sources, read\n"
        "(source,), _ = find_sources(sys.argv[1:])\n"
        "assert 'stopped' in list(read(source))[-1].reason\n"
        "peak = [l for l in open('/proc/self/status') if l.startswith('VmHWM')]\n"
        "print(peak[0].split()[1])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, tmp_path / "a.jsonl.gz"], capture_output=True, check=True
    )
    assert int(done.stdout) < 200_000


@pytest.mark.parametrize("cut", [0.1, 0.5, 0.99])
def test_the_ratio_counts_where_it_is_more(tmp_path, cut):
    text = lines(*({"text": RANDOM.randbytes(50).hex() * 60} for _ in range(200)))
    packed = zipped(text)
    limits = ReadLimits(ratio=round(len(text) / len(packed) * cut) or 1, floor=1)
    found = places(tmp_path, "a.jsonl.gz", packed, limits=limits)
    assert "stopped" in found[-1].reason
    assert 0 < len(found) < 201


# Tables


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        (b"1,a,x,more\n2,b,y\n", ["! 4 cells; the header has 3", "y"]),
        (b"1\n2,b,y\n", ["! 1 cells; the header has 3", "y"]),
        (b'1,"a,x\n2,b,y\n', ["! a quote is opened and not closed", "y"]),
        (b"1,a,\xff\n2,b,y\n", ["! column 'text' is not UTF-8", "y"]),
        (b"1,\xff,x\n", ["x"]),
        (b"1,a,\n2,b,y\n", ["! no text", "y"]),
        (b"\n\n1,a,x\n\n", ["x"]),
        (b'1,"a"b,x\n', ["x"]),
        (b"1,a,x\0y\n", ["x\0y"]),
        (b"1,=1+1,=2+2\n", ["=2+2"]),
        (b'1,"' + b"a,b\n" * 3 + b'",y\n', ["y"]),
    ],
    ids=brief,
)
def test_rows_of_a_table(tmp_path, rows, expected):
    assert outline(places(tmp_path, "a.csv", b"id,title,text\n" + rows)) == expected


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"1,a\n", "no column 'text' or 'html'; the columns are: 1, a"),
        (b"text,text\na,b\n", "column 'text' is there twice"),
        (b",,\na,b,c\n", "no column"),
        (b'"text\n', "no column"),
    ],
    ids=brief,
)
def test_a_table_without_its_columns(tmp_path, data, reason):
    (bad,) = places(tmp_path, "a.csv", data)
    assert reason in bad.reason


def test_an_open_quote_does_not_take_the_table_with_it(tmp_path):
    data = b'text\n"open\n' + b"a\n" * 1000
    found = places(tmp_path, "a.csv", data, limits=ReadLimits(record=500))
    assert outline(found) == ["! a quote is opened and not closed within 500 bytes"] + ["a"] * 1000


def test_the_limit_of_csv_for_the_whole_process_stays(tmp_path):
    before = csv.field_size_limit()
    places(tmp_path, "a.csv", b"text\n" + b"x" * 500_000)
    assert csv.field_size_limit() == before


cells = st.text(st.characters(codec="utf-8", exclude_characters="\0\r"), max_size=20)


@given(st.lists(st.tuples(cells, cells), min_size=1, max_size=5))
def test_tables_are_read_as_they_were_written(scratch, rows):
    made = io.StringIO()
    csv.writer(made, lineterminator="\n").writerows([("id", "text"), *rows])
    scratch.write_bytes(made.getvalue().encode())
    found = [(p.id or "", getattr(p, "text", "")) for p in read(Source(scratch, "csv"))]
    assert found == rows


# Parquet


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"PAR1PAR1",
        b"id,text\n1,x\n",
        b"PAR1" + bytes(100) + struct.pack("<I", 0x7FFFFFFF) + b"PAR1",
        b"PAR1" + struct.pack("<I", 0) + b"PAR1",
        parquet(MANY)[:-30],
    ],
    ids=brief,
)
def test_damaged_parquet(tmp_path, data):
    (bad,) = places(tmp_path, "a.parquet", data)
    assert bad.reason.startswith("damaged Parquet")


def test_a_damaged_row_group_does_not_take_the_others_with_it(tmp_path):
    data = bytearray(parquet(MANY, row_group_size=10, compression="zstd", use_dictionary=False))
    start = pq.ParquetFile(io.BytesIO(bytes(data))).metadata.row_group(2).column(1).data_page_offset
    data[start + 20 : start + 60] = bytes(40)
    found = places(tmp_path, "a.parquet", bytes(data))
    (bad,) = [p for p in found if isinstance(p, Unreadable)]
    assert bad.reason.startswith("10 rows of row group 3 are not read")
    assert [p.number for p in found if isinstance(p, Record)] == [*range(20), *range(30, 50)]


def test_a_dictionary_that_repeats_a_large_value_is_read_row_by_row(tmp_path):
    large = pa.DictionaryArray.from_arrays(pa.array([0] * 50, pa.int32()), ["x" * 5_000_000])
    file = io.BytesIO()
    pq.write_table(pa.table({"text": large}), file, store_schema=False)
    before = pa.default_memory_pool().max_memory()
    found = places(tmp_path, "a.parquet", file.getvalue())
    assert [len(p.text) for p in found] == [5_000_000] * 50
    assert pa.default_memory_pool().max_memory() - before < 100_000_000


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([{"text": None}, {"text": "a"}], ["! no text", "a"]),
        ([{"text": 5}], ["! 'text' is no text but int"]),
        ([{"text": ["a"]}], ["! 'text' is no text but list"]),
        ([{"body": "a"}], ["! no column 'text' or 'html'; the columns are: body"]),
    ],
    ids=brief,
)
def test_values_of_parquet(tmp_path, rows, expected):
    assert outline(places(tmp_path, "a.parquet", parquet(rows))) == expected


# Archives


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (response("a", kind="request") + response("<p>b"), [b"<p>b"]),
        (response("a", head="Content-Type: image/png"), []),
        (response("<p>a", status="404 Not Found"), []),
        (response("<p>a", status="301 Moved"), []),
        (response("<html><p>a", head="Server: x"), [b"<html><p>a"]),
        (record(PAGE.encode(), kind="response"), [PAGE.encode()]),
        (response("4\r\n<p>a\r\n0\r\n\r\n", head="Content-Type: text/html\r\nTransfer-Encoding: chunked"), [b"<p>a"]),
        (response("<p>a", head="Content-Type: text/html\r\nTransfer-Encoding: chunked"), [b"<p>a"]),
        (response("FF\r\n<p>a\r\n", head="Content-Type: text/html\r\nTransfer-Encoding: chunked"), ["! the chunks of the body are torn"]),
        (response(zipped(b"<p>a"), head="Content-Type: text/html\r\nContent-Encoding: gzip"), [b"<p>a"]),
        (response(zipped(b"<p>a")[:-3], head="Content-Type: text/html\r\nContent-Encoding: gzip"), ["! the compressed body ends early"]),
        (response(zlib.compress(b"<p>a"), head="Content-Type: text/html\r\nContent-Encoding: deflate"), [b"<p>a"]),
        (response("<p>a", head="Content-Type: text/html\r\nContent-Encoding: gzip"), [b"<p>a"]),
        (response(zipped(zlib.compress(b"<p>a")), head="Content-Type: text/html\r\nContent-Encoding: deflate, gzip"), [b"<p>a"]),
        (response(zstd(b"<p>a"), head="Content-Type: text/html\r\nContent-Encoding: zstd"), [b"<p>a"]),
        (response(b"\x01\x02", head="Content-Type: text/html\r\nContent-Encoding: br"), ["! the compressed body is damaged"]),
        (response(b"%PDF-1.4"), ["! this is a PDF, which is not read as HTML"]),
        (response("<p>a") + response("<p>b")[:-45], [b"<p>a", "! the archive ends within it: 7 of 48 bytes are there"]),
        (response("<p>a", length=10**18), ["! the archive ends within it: 52 of 1,000,000,000,000,000,000 bytes are there"]),
        (response("<p>a", extra="X: " + "v" * 300_000 + "\r\n"), ["! damaged WARC: Maximum header length exceeded.; the rest of the archive is not read"]),
        (response("<p>a").replace(b"\r\n", b"\n"), ["! a record without a type"]),
        (RANDOM.randbytes(5000).replace(b"W", b"w"), ["! damaged WARC: Invalid WARC header; the rest of the archive is not read"]),
        (response("<p>a", length=5) + response("<p>b"), ["! damaged WARC: Invalid WARC header", b"<p>b"]),
        (b"", []),
    ],
    ids=brief,
)  # fmt: skip
def test_archives(tmp_path, data, expected):
    assert outline(places(tmp_path, "a.warc", data)) == expected


def test_a_page_of_an_archive_says_what_it_is(tmp_path):
    data = response(
        "<p>ж".encode("koi8-r"),
        head='Content-Type: text/html; Charset="koi8-r"',
        url="https://x.org/ж",
    )
    (page,) = places(tmp_path, "a.warc", data)
    assert (page.id, page.url, page.charset) == ("urn:uuid:1", "https://x.org/ж", "koi8-r")


def test_a_record_that_is_too_long(tmp_path):
    data = response("<p>" + "a" * 300_000) + response("x" * 300_000, head="Content-Type: image/png")
    found = places(tmp_path, "a.warc", data, limits=ReadLimits(record=100_000))
    assert outline(found) == ["! a record of 300,047 bytes; the limit is 100,000"]


def test_text_of_an_archive_that_is_no_text(tmp_path):
    data = record(b"\xff\xfe\xff", kind="conversion") + record(b"a", kind="conversion")
    found = places(tmp_path, "a.wet", data)
    assert found[0].reason.startswith("not UTF-16")
    assert found[1].text == "a"


# Finding


def test_a_folder_is_read_in_one_order_at_any_depth(tmp_path):
    for name in ("b.txt", "a/c.html", "a/b/d.jsonl", "a.csv", ".hidden.txt", ".git/x.txt"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("text\nx\n")
    (tmp_path / "picture.jpg").write_bytes(b"x")
    sources, skipped = find_sources([tmp_path])
    found = [(str(s.path.relative_to(tmp_path)), s.kind) for s in sources]
    assert found == [
        ("a.csv", "csv"), ("a/b/d.jsonl", "jsonl"), ("a/c.html", "html"), ("b.txt", "text")
    ] or found == [
        ("a/b/d.jsonl", "jsonl"), ("a/c.html", "html"), ("a.csv", "csv"), ("b.txt", "text")
    ]  # fmt: skip
    assert skipped == [
        Skipped(str(tmp_path / "picture.jpg"), "its name tells no kind of file that is read")
    ]


def test_what_is_no_regular_file_is_skipped_with_a_reason(tmp_path, monkeypatch):
    folder = tmp_path / "in"
    folder.mkdir()
    (tmp_path / "outside.txt").write_text("secret")
    (folder / "good.txt").write_text("a")
    os.mkfifo(folder / "fifo.txt")
    (folder / "device.txt").symlink_to("/dev/zero")
    (folder / "out.txt").symlink_to("../outside.txt")
    (folder / "up").symlink_to("..")
    (folder / "loop.txt").symlink_to("loop.txt")
    (folder / "nowhere.txt").symlink_to("nothing.txt")
    (folder / "same.txt").symlink_to("good.txt")
    monkeypatch.chdir(folder)
    with socket.socket(socket.AF_UNIX) as made:
        made.bind("socket.txt")
    sources, skipped = find_sources([folder])
    assert [s.path.name for s in sources] == ["good.txt"]
    assert {s.path.removeprefix(f"{folder}/"): s.reason for s in skipped} == {
        "device.txt": "a link out of the folder",
        "fifo.txt": "a pipe, not a regular file",
        "loop.txt": "Too many levels of symbolic links",
        "nowhere.txt": "No such file or directory",
        "out.txt": "a link out of the folder",
        "same.txt": f"the same file as {folder / 'good.txt'}",
        "socket.txt": "a socket, not a regular file",
        "up": "a link out of the folder",
    }


def test_a_link_within_the_folder_is_read(tmp_path):
    (tmp_path / ".store").mkdir()
    (tmp_path / ".store" / "x").write_text("a")
    (tmp_path / "a.txt").symlink_to(".store/x")
    (source,), skipped = find_sources([tmp_path])
    assert (skipped, [p.text for p in read(source)]) == ([], ["a"])


def test_a_link_that_was_named_is_followed(tmp_path):
    (tmp_path / "in").mkdir()
    (tmp_path / "out.txt").write_text("a")
    (tmp_path / "in" / "a.txt").symlink_to("../out.txt")
    (source,), _ = find_sources([tmp_path / "in" / "a.txt"])
    assert [(p.id, p.text) for p in read(source)] == [(str(tmp_path / "in" / "a.txt"), "a")]


@pytest.mark.parametrize(
    ("argument", "reason"),
    [
        ("missing.txt", "No such file or directory"),
        ("*.none", "no file matches this pattern"),
        ("a.zip", "its name tells no kind of file that is read"),
        ("bad\0name", "embedded null byte"),
    ],
)
def test_what_cannot_be_found_is_skipped(tmp_path, monkeypatch, argument, reason):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.zip").write_bytes(b"PK")
    (sources, (skipped,)) = find_sources([argument])
    assert sources == []
    assert reason in skipped.reason


@pytest.mark.parametrize(
    "name",
    [b"a\nb.html", b"--help.html", b"caf\xe9.html", b"a;b.html", b"*[?].html", b"a\\..\\b.html"],
)
def test_odd_names(tmp_path, name):
    path = tmp_path / os.fsdecode(name)
    path.write_bytes(b"<p>a")
    for inputs in ([tmp_path], [path]):
        (source,), skipped = find_sources(inputs)
        assert skipped == []
        (page,) = read(source)
        page.where.encode("utf-8")
        assert page.id.encode("utf-8").endswith(name.replace(b"\xe9", b"\\xe9"))


def test_patterns_and_kinds(tmp_path):
    for name in ("b.dat", "a.dat", "c.dat.gz"):
        (tmp_path / name).write_bytes(lines({"text": name}))
    sources, skipped = find_sources([str(tmp_path / "*.dat"), str(tmp_path)], kind="jsonl")
    assert [s.path.name for s in sources] == ["a.dat", "b.dat", "c.dat.gz"]
    assert [s.reason.split(" as ")[0] for s in skipped] == ["the same file"] * 2
    assert [p.text for s in sources for p in read(s)] == ["a.dat", "b.dat", "c.dat.gz"]


def test_a_kind_that_is_not_there():
    with pytest.raises(OptionError, match=r"no kind of file 'jsnl' \(did you mean 'jsonl'\?\)"):
        find_sources([], kind="jsnl")


def test_a_pipe_that_takes_a_files_place_is_not_waited_for(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text("a")
    (source,), _ = find_sources([path])
    path.unlink()
    os.mkfifo(path)
    with pytest.raises(OSError, match="a pipe, not a regular file"):
        list(read(source))


def test_a_file_that_is_gone_names_itself(tmp_path):
    with pytest.raises(FileNotFoundError) as caught:
        list(read(Source(tmp_path / "a.txt", "text")))
    assert caught.value.filename == str(tmp_path / "a.txt")


def test_a_fingerprint_tells_another_file(tmp_path):
    path = tmp_path / "a.txt"
    prints = set()
    for text, time in (("a", 1), ("b", 1), ("ab", 1), ("a", 2), ("a", 1)):
        path.write_text(text)
        os.utime(path, ns=(time, time))
        prints.add(Source(path, "text").fingerprint())
    assert len(prints) == 4


def test_huge_empty_files_are_not_read_through(tmp_path):
    path = tmp_path / "a.html"
    with path.open("wb") as file:
        file.truncate(20 << 30)
    (bad,) = read(Source(path, "html"))
    assert "limit of a document" in bad.reason


def test_bytes_that_are_no_text(tmp_path):
    found = [
        places(tmp_path, "a.txt", "naïve text".encode("latin-1")),
        places(tmp_path, "a.txt", bz2.compress(b"a")),
        places(tmp_path, "a.html", zipped(zipped(b"<p>a"))),
        places(tmp_path, "a.txt", b"\1\0\2" * 1000),
    ]
    reasons = ["not UTF-8: byte 0xef at offset 2", "is bzip2 data", "is gzip data", "binary data"]
    assert [r in f[0].reason for f, r in zip(found, reasons, strict=True)] == [True] * 4
    page = '<html><meta charset="latin1"><p>naïve</p></html>'.encode("latin-1")
    assert outline(places(tmp_path, "a.txt", page)) == [page]


@pytest.mark.parametrize(
    ("name", "data", "missing", "extra"),
    [
        ("a.parquet", parquet(MANY), "pyarrow", "arrow"),
        ("a.warc", response("a"), "fastwarc.warc", "warc"),
        ("a.jsonl.zst", zstd(b"{}"), "zstandard", "zstd"),
    ],
    ids=brief,
)
def test_an_extra_that_is_missing_is_named(tmp_path, monkeypatch, name, data, missing, extra):
    monkeypatch.setitem(sys.modules, missing, None)
    with pytest.raises(InputError, match=rf"pip install 'cleannews\[{extra}\]'"):
        places(tmp_path, name, data)


@given(st.sampled_from(["jsonl", "csv", "parquet", "warc", "wet", "text", "html"]), st.binary())
def test_any_bytes_are_read_or_told(scratch, kind, data):
    scratch.write_bytes(data)
    for place in read(Source(scratch, kind)):
        assert isinstance(place, (Record, Unreadable))


@given(st.integers(0, 3000), st.integers(0, 255), st.sampled_from(["gz", "zst", "warc", "parquet"]))
def test_a_changed_byte_never_ends_in_an_exception(scratch, at, value, kind):
    sound = {
        "gz": zipped(TEN), "zst": zstd(TEN), "parquet": parquet(MANY, row_group_size=10),
        "warc": response(PAGE) * 8,
    }[kind]  # fmt: skip
    data = bytearray(sound)
    data[at % len(data)] = value
    scratch.write_bytes(data)
    for place in read(Source(scratch, kind if kind in ("warc", "parquet") else "jsonl")):
        assert isinstance(place, (Record, Unreadable))

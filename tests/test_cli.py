"""The command line: what it prints where, its exit codes, and what it never does."""

from __future__ import annotations

import inspect
import json
import os
import re
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from cleannews import CleanResult, Document, clean
from cleannews.cli import cli
from cleannews.cli.outputs import replacing
from cleannews.errors import InputError
from cleannews.reading.charset import decode

COMMAND = [sys.executable, "-c", "from cleannews.cli import main; main()"]
posix = pytest.mark.skipif(os.name != "posix", reason="pipes, devices and signals of POSIX")

STORY = "The council voted on Monday to close the old bridge for good."
PAGE = f"[ad_1]\n\n{STORY}\n\n[ad_2]\n\nSource link\n\nLeave a Comment\n"
RULE = """
["shop/deal-box"]
describe = "Box with a deal"
phrases  = ["deal of the day"]
match    = ["Deal of the Day", "DEAL OF THE DAY:"]
keep     = ["Deal of the century signed"]
"""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working folder with no options around it."""
    for name in list(os.environ):
        if name.startswith("CLEANNEWS_") or name in ("NO_COLOR", "PYTHONIOENCODING"):
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*arguments: str, stdin: str | bytes | None = None, **env: str) -> Result:
    # click before 8.2 mixes the streams unless told not to.
    old = "mix_stderr" in inspect.signature(CliRunner).parameters
    runner = CliRunner(**({"mix_stderr": False} if old else {}))
    result = runner.invoke(cli, list(arguments), input=stdin, env=env, prog_name="cleannews")
    assert "Traceback" not in result.stderr
    return result


def start(*arguments: str, **how: object) -> subprocess.Popen[bytes]:
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    return subprocess.Popen([*COMMAND, *arguments], **{**pipes, **how})


def execute(*arguments: object, **how: object) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(*arguments, check=False, **how)


def put(name: str, content: str | bytes = PAGE) -> str:
    path = Path(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return name


# --- streams ------------------------------------------------------------------------------------


def test_data_goes_to_stdout_and_talk_to_stderr() -> None:
    result = run("clean", put("story.txt"))
    assert result.stdout == STORY + "\n"
    kinds = r"placeholder 2, comments 1, source_credit 1"
    said = rf"story\.txt: removed 4 pieces \({kinds}\), confidence \d\.\d\d\n"
    assert re.fullmatch(said, result.stderr)
    assert result.exit_code == 0


def test_no_file_and_a_dash_both_mean_standard_input() -> None:
    for arguments in (["clean"], ["clean", "-"]):
        result = run(*arguments, stdin=PAGE)
        assert (result.stdout, result.exit_code) == (STORY + "\n", 0)
        assert result.stderr.startswith("standard input: removed 4 pieces")


def test_quiet_leaves_only_errors_on_stderr() -> None:
    assert run("clean", "-q", put("story.txt")).stderr == ""
    assert "missing.txt" in run("clean", "-q", "missing.txt").stderr


def test_line_ends_and_escape_sequences_of_the_story_are_not_touched(folder: Path) -> None:
    text = f"{STORY}\r\n\r\nThen \x1b[31mred\x1b[0m paint was put on all of the railings there.\r\n"
    done = execute([*COMMAND, "clean", "-q"], input=text.encode(), capture_output=True)
    assert done.stdout == text.encode()


def test_json_is_the_dictionary_of_the_result() -> None:
    result = run("clean", "--json", put("story.txt"))
    expected = clean(Document(PAGE, id="story.txt"))
    assert CleanResult.from_dict(json.loads(result.stdout)) == expected
    assert result.stdout.count("\n") == 1


def test_url_and_id_reach_the_result() -> None:
    result = run("clean", "--json", "--url", "https://a.example/x", "--id", "7", stdin=PAGE)
    told = json.loads(result.stdout)["document"]
    assert (told["id"], told["url"]) == ("7", "https://a.example/x")


def test_several_inputs_make_one_json_line_each_in_their_order() -> None:
    put("b.txt"), put("a.txt")
    result = run("clean", "--json", "b.txt", "a.txt")
    ids = [json.loads(line)["document"]["id"] for line in result.stdout.splitlines()]
    assert ids == ["b.txt", "a.txt"]


def test_explanation_goes_to_stderr_beside_the_text() -> None:
    result = run("clean", "--explain", put("story.txt"))
    assert result.stdout == STORY + "\n"
    assert "╰ placeholder/wp-automatic" in result.stderr


def test_warnings_are_told() -> None:
    result = run("clean", stdin=STORY.replace("Monday", "\u202eMonday"))
    assert "standard input: warning: bidi_control: " in result.stderr


# --- exit codes ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class Case:
    name: str
    arguments: tuple[str, ...]
    code: int
    says: str


CASES = [
    Case("a cleaned file", ("clean", "story.txt"), 0, "removed 4 pieces"),
    Case("nothing to remove", ("clean", "plain.txt"), 0, "nothing to remove"),
    Case(
        "check finds something", ("clean", "--check", "story.txt"), 1, "4 pieces would be removed"
    ),
    Case("check finds nothing", ("clean", "--check", "plain.txt"), 0, "plain.txt: nothing to"),
    Case("one bad input of two", ("clean", "--json", "story.txt", "no.txt"), 1, "no.txt: error"),
    Case("one empty input of two", ("clean", "--json", "story.txt", "empty.txt"), 1, "empty input"),
    Case("an unknown option", ("clean", "--no-such"), 2, "--no-such"),
    Case("a wrong choice", ("clean", "--dates", "lose"), 2, "'lose' is not one of"),
    Case("an unknown rule", ("clean", "--ignore", "captoin"), 2, "did you mean 'caption'?"),
    Case("an empty name", ("clean", "--ignore", "a,,b"), 2, "a name is empty"),
    Case("a missing rule file", ("clean", "--rules", "no.toml"), 2, "no.toml: cannot read"),
    Case("a missing options file", ("clean", "--config", "no.toml"), 2, "no.toml: No such file"),
    Case("text of several", ("clean", "story.txt", "plain.txt"), 2, "add --json"),
    Case("standard input twice", ("clean", "--json", "-", "-"), 2, "only once"),
    Case("check with output", ("clean", "--check", "--json"), 2, "--check writes nothing"),
    Case(
        "an id for several", ("clean", "--json", "--id", "x", "story.txt", "plain.txt"), 2, "--id"
    ),
    Case("explain of a folder", ("explain", "."), 2, "one file"),
    Case("an empty file", ("clean", "empty.txt"), 3, "empty.txt: error: empty input"),
    Case("white space only", ("clean", "blank.txt"), 3, "empty input"),
    Case("nothing left", ("clean", "boilerplate.txt"), 3, "nothing is left"),
    Case("no metadata without text", ("meta", "empty.txt"), 3, "empty input"),
    Case("explain without text", ("explain", "empty.txt"), 3, "empty input"),
    Case("binary data", ("clean", "binary.dat"), 3, "a NUL byte at offset 3"),
    Case("a PDF", ("clean", "paper.pdf"), 3, "this is a PDF"),
    Case("windows-1252", ("clean", "old.txt"), 3, "not UTF-8: byte 0xe9 at offset 3"),
    Case("an empty folder", ("clean", "hollow"), 3, "no file in this folder"),
    Case("a missing file", ("clean", "no.txt"), 74, "no.txt: error: No such file"),
    Case("a pattern without a file", ("clean", "*.xyz"), 74, "*.xyz: error: no file matches"),
    Case("no folder for the output", ("clean", "story.txt", "-o", "no/out.txt"), 74, "no/out.txt"),
    Case("no command", (), 2, "Usage: cleannews"),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_exit_code_and_message(case: Case) -> None:
    put("story.txt"), put("plain.txt", STORY), put("empty.txt", ""), put("blank.txt", " \n\t\n")
    put("boilerplate.txt", "[ad_1]\n\nLeave a Comment\n"), put("binary.dat", b"abc\x00def")
    put("paper.pdf", b"%PDF-1.7 ..."), put("old.txt", b"caf\xe9 closed")
    Path("hollow").mkdir()
    result = run(*case.arguments)
    assert (result.exit_code, case.says in result.stderr) == (case.code, True), result.stderr
    if case.code in (2, 74):
        assert result.stdout == ""


def test_a_result_without_text_is_still_given_as_json() -> None:
    result = run("clean", "--json", stdin="[ad_1]\n")
    assert result.exit_code == 3
    assert json.loads(result.stdout)["removed"]


def test_check_prints_one_line_for_each_file_and_nothing_on_stdout() -> None:
    put("a.txt"), put("b.txt", STORY)
    result = run("clean", "--check", "a.txt", "b.txt")
    assert (result.stdout, len(result.stderr.splitlines()), result.exit_code) == ("", 2, 1)


@posix
def test_a_closed_pipe_is_quiet() -> None:
    # Longer than a pipe and Python's buffer hold, so that writing itself fails; every line its own.
    put("big.txt", "".join(f"{STORY[:-1]} number {i}.\n\n" for i in range(20_000)))
    process = start("clean", "big.txt", "-q")
    assert process.stdout is not None
    process.stdout.read(10)
    process.stdout.close()
    assert process.stderr is not None
    assert process.stderr.read() == b""
    assert process.wait(30) == 0
    process.stderr.close(), process.stdin and process.stdin.close()


@posix
@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_full_disk_is_told() -> None:
    with Path("/dev/full").open("wb") as full:
        done = execute(
            [*COMMAND, "clean", "-q"], input=PAGE.encode(), stdout=full, stderr=subprocess.PIPE
        )
    assert done.returncode == 74
    assert done.stderr == b"Error: standard output: No space left on device\n"


@posix
def test_an_interrupt_ends_with_130_and_no_traceback() -> None:
    process = start("clean", "-")
    time.sleep(1.0)  # it must have got as far as reading
    process.send_signal(signal.SIGINT)
    _, told = process.communicate(timeout=30)
    assert process.returncode == 130
    assert told.decode().strip() == "Interrupted."


def test_any_console_gets_utf_8() -> None:
    text = f"{STORY} “Ça ira”, 橋は閉鎖, said the mayor to the press on Tuesday.\n"
    environment = {**os.environ, "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    done = execute(
        [*COMMAND, "clean", "-q"], input=text.encode(), capture_output=True, env=environment
    )
    assert (done.stdout, done.stderr) == (text.encode(), b"")


def test_an_encoding_that_the_user_asked_for_is_kept_and_its_gaps_are_told() -> None:
    environment = {**os.environ, "PYTHONIOENCODING": "ascii"}
    done = execute(
        [*COMMAND, "clean", "-q"], input=f"{STORY} “Yes.”".encode(), capture_output=True,
        env=environment,
    )  # fmt: skip
    assert done.returncode == 74
    assert done.stderr == b"Error: the output's encoding ascii has no '\\u201c'\n"


# --- inputs -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "text"),
    [
        pytest.param("naïve".encode(), "naïve", id="UTF-8"),
        pytest.param(b"\xef\xbb\xbfna\xc3\xafve", "naïve", id="UTF-8 with a mark"),
        pytest.param("naïve".encode("utf-16"), "naïve", id="UTF-16 with a mark"),
        pytest.param(
            b"\xfe\xff" + "naïve".encode("utf-16-be"), "naïve", id="UTF-16, big end first"
        ),
        pytest.param(b"", "", id="nothing"),
    ],
)
def test_text_is_decoded(data: bytes, text: str) -> None:
    assert decode(data) == text


@pytest.mark.parametrize(
    ("data", "says"),
    [
        pytest.param(b"ab\xff", "not UTF-8: byte 0xff at offset 2", id="a wrong byte"),
        pytest.param(
            b"\xef\xbb\xbfab\xff", "byte 0xff at offset 5", id="a wrong byte after a mark"
        ),
        pytest.param(b"ab\xc3", "byte 0xc3 at offset 2", id="a character cut off"),
        pytest.param(b"\xff\xfea", "not UTF-16", id="half a UTF-16 unit"),
        pytest.param(b"\xff\xfea\x00\x00\x00", "a NUL at character 1", id="UTF-16 with a NUL"),
        pytest.param("hi".encode("utf-32"), "UTF-32", id="UTF-32"),
        pytest.param(b"\x1f\x8b\x08\x00", "gzip data", id="gzip"),
        pytest.param(b"PK\x03\x04\x14", "zip archive", id="zip"),
        pytest.param(b"WARC/1.0\r\n", "WARC", id="WARC"),
        pytest.param(b"text\x00text", "a NUL byte at offset 4", id="NUL"),
        pytest.param(b"\xed\xa0\x80", "byte 0xed at offset 0", id="a surrogate in UTF-8"),
    ],
)
def test_what_is_no_text_is_refused_by_name(data: bytes, says: str) -> None:
    with pytest.raises(InputError, match=re.escape(says)):
        decode(data)


@pytest.mark.parametrize(
    ("text", "is_html"),
    [
        ("<!DOCTYPE html><html><body>x</body></html>", True),
        ("\n<?xml version='1.0'?><!-- x --><html lang=en>", True),
        ("<p class='a'>The council voted.</p>", True),
        ("<b> is a tag, said the teacher.", False),
        ("Prices < 5 crowns > 3 crowns", False),
        (STORY, False),
    ],
)
def test_html_is_read_as_html(text: str, is_html: bool) -> None:
    told = run("clean", "--json", stdin=text).stdout
    shown = json.loads(told)["document"]["text"]
    assert (shown != text) == is_html
    assert "<html" not in shown


HTML = f"""<!doctype html><title>Old bridge closes</title>
<nav><a href="/">News</a> <a href="/sport">Sport</a></nav>
<article><h1>Old bridge closes</h1><p>{STORY}</p><h2>A café moves</h2>
<p>It will stand beside the <a href="/pier">new pier</a> from May on, the mayor told the harbour news.</p></article>
<div class="related-posts"><ul><li><a href="/storm">Storm nears the coast</a></li></ul></div>"""


@pytest.mark.parametrize(
    ("shape", "begins", "holds"),
    [
        ("text", STORY, "new pier from May"),
        ("markdown", STORY, "## A café moves\n\nIt will stand beside the [new pier](/pier) from"),
        ("html", "<article>", "<h2>A café moves</h2>"),
    ],
)
def test_the_story_of_a_page_in_each_format(shape: str, begins: str, holds: str) -> None:
    result = run("clean", put("page.html", HTML), "--format", shape)
    assert result.exit_code == 0
    assert result.stdout.startswith(begins)
    assert holds in result.stdout
    for gone in ("Sport", "Storm nears"):
        assert gone not in result.stdout


def test_a_format_and_json_exclude_each_other() -> None:
    result = run("clean", put("page.html", HTML), "--format", "html", "--json")
    assert (result.exit_code, result.stdout) == (2, "")


def test_a_page_is_read_in_its_own_encoding() -> None:
    page = HTML.replace("<title>", "<meta charset=iso-8859-1><title>").encode("latin-1")
    assert "A café moves" in run("clean", put("page.html", page)).stdout


def test_bytes_that_are_in_no_encoding_are_told() -> None:
    page = HTML.replace("café", "é" * 20).encode() + b"<p>one bad byte: \xff</p>"
    result = run("clean", put("page.html", page))
    assert "page.html: warning: undecodable: " in result.stderr
    assert result.exit_code == 0


def test_the_source_may_be_said() -> None:
    put("page.html", HTML)
    as_text = json.loads(run("clean", "--json", "--source", "text", "page.html").stdout)
    assert as_text["document"]["text"] == HTML
    flat = json.loads(run("clean", "--json", "--source", "html", stdin=STORY + " <b>So.").stdout)
    assert flat["document"]["text"] == STORY + " So."


def test_the_fast_way_leaves_the_story(folder: Path) -> None:
    result = run("clean", "--fast", put("page.html", HTML))
    assert STORY in result.stdout
    assert "Storm nears" not in result.stdout
    put("cleannews.toml", "fast = true\n")
    assert run("clean", "page.html").stdout == result.stdout


def test_parts_of_a_page_are_kept_on_request() -> None:
    put("page.html", HTML)
    kept = run("clean", "--headline", "keep", "--subheads", "remove", "page.html")
    assert "A café moves" not in kept.stdout
    why = run("explain", "page.html", "--no-config").stdout
    assert "related/box" in why


def test_limits_come_from_the_options_file() -> None:
    put("cleannews.toml", "[limits]\ntags = 3\n")
    result = run("clean", put("page.html", HTML))
    assert "over_limit" in result.stderr
    put("cleannews.toml", "[limits]\ntag = 3\n")
    wrong = run("clean", "page.html")
    assert wrong.exit_code == 2
    assert "did you mean 'tags'?" in wrong.stderr


def test_what_is_no_page_is_named() -> None:
    result = run("clean", put("page.html", b"%PDF-1.7\n<html>"))
    assert result.exit_code == 3
    assert "a PDF" in result.stderr


def test_a_folder_means_its_files_sorted_and_nothing_below() -> None:
    for name in ("in/b.txt", "in/a.txt", "in/.hidden", "in/deep/c.txt"):
        put(name)
    result = run("clean", "--json", "in")
    ids = [json.loads(line)["document"]["id"] for line in result.stdout.splitlines()]
    assert [Path(name).as_posix() for name in ids] == ["in/a.txt", "in/b.txt"]


def test_a_pattern_that_the_shell_left_is_expanded() -> None:
    put("a.txt"), put("b.txt"), put("c.md")
    result = run("clean", "--json", "*.txt")
    assert len(result.stdout.splitlines()) == 2


def test_a_file_whose_name_looks_like_a_pattern_is_that_file() -> None:
    assert run("clean", put("story[1].txt")).stdout == STORY + "\n"


@posix
def test_pipes_are_skipped_with_a_reason() -> None:
    put("in/a.txt")
    os.mkfifo("in/pipe")
    result = run("clean", "in")
    assert (result.stdout, result.exit_code) == (STORY + "\n", 0)
    assert "in/pipe: skipped: a pipe, not a regular file" in result.stderr
    assert run("clean", "in/pipe").exit_code == 3


# --- output files -------------------------------------------------------------------------------


def test_a_folder_as_output_takes_the_inputs_own_names() -> None:
    put("in/a.txt"), put("in/b.txt")
    assert run("clean", "in", "-o", "out").exit_code == 0
    assert Path("out/a.txt").read_text("utf-8") == STORY + "\n"
    assert sorted(p.name for p in Path("out").iterdir()) == ["a.txt", "b.txt"]


def test_json_in_a_folder_has_its_own_ending() -> None:
    put("in/a.txt"), put("in/b.txt")
    run("clean", "in", "--json", "-o", "out")
    assert sorted(p.name for p in Path("out").iterdir()) == ["a.txt.json", "b.txt.json"]
    assert json.loads(Path("out/a.txt.json").read_text("utf-8"))["text"].strip() == STORY


def test_a_jsonl_file_collects_several() -> None:
    put("in/a.txt"), put("in/b.txt")
    assert run("clean", "in", "--json", "-o", "all.jsonl").exit_code == 0
    assert len(Path("all.jsonl").read_text("utf-8").splitlines()) == 2


def test_one_input_goes_into_one_file_or_an_existing_folder() -> None:
    put("a.txt")
    Path("out").mkdir()
    for target, made in (("clean.txt", "clean.txt"), ("out", "out/a.txt"), ("new/", "new/a.txt")):
        assert run("clean", "a.txt", "-o", target).exit_code == 0
        assert Path(made).read_text("utf-8") == STORY + "\n"


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        pytest.param(("x/a.txt", "y/a.txt", "-o", "out"), "would both be", id="two for one path"),
        pytest.param(("x/a.txt", "-o", "x/a.txt"), "is an input", id="the input itself"),
        pytest.param(("x", "-o", "x"), "is an input", id="the folder of the inputs"),
        pytest.param(("x/a.txt", "-o", "link.txt"), "is an input", id="a link to the input"),
        pytest.param(("x", "y", "-o", "y/a.txt"), "is a file; several", id="a file for several"),
        pytest.param(
            ("-", "-o", "x"), "standard input has no name", id="standard input in a folder"
        ),
    ],
)
def test_output_that_would_destroy_something_is_refused_before_any_work(
    arguments: tuple[str, ...], says: str
) -> None:
    put("x/a.txt"), put("y/a.txt")
    Path("link.txt").symlink_to("x/a.txt")
    result = run("clean", *arguments, stdin=PAGE)
    assert (result.exit_code, says in result.stderr) == (2, True), result.stderr
    assert not Path("out").exists()
    assert Path("x/a.txt").read_text("utf-8") == PAGE


@posix
def test_a_device_is_written_to_and_not_replaced() -> None:
    assert run("clean", put("a.txt"), "-o", "/dev/null").exit_code == 0
    assert Path("/dev/null").is_char_device()


@posix
def test_an_existing_file_keeps_its_mode_and_a_new_one_gets_the_usual() -> None:
    put("a.txt"), put("old.txt", "old")
    Path("old.txt").chmod(0o640)
    run("clean", "a.txt", "-o", "old.txt")
    assert Path("old.txt").stat().st_mode & 0o777 == 0o640
    run("clean", "a.txt", "-o", "new.txt")
    assert Path("new.txt").stat().st_mode == Path(put("x")).stat().st_mode


def test_a_failed_write_leaves_the_old_file_and_no_draft() -> None:
    put("out.txt", "old")
    draft = replacing(Path("out.txt"))
    draft.__enter__().write(b"half")
    error = ZeroDivisionError()
    assert not draft.__exit__(ZeroDivisionError, error, None)
    assert [p.name for p in Path().iterdir()] == ["out.txt"]
    assert Path("out.txt").read_text("utf-8") == "old"


# --- options ------------------------------------------------------------------------------------


def strictness_in_force(*arguments: str, **env: str) -> str:
    """Which of several sources wins, seen by which caption option was in force."""
    page = f"{STORY}\n\nThe old bridge at dusk. (Photo: Ada Corran)\n\n{STORY[:-1]}, they said.\n"
    result = run("clean", "--json", *arguments, stdin=page, **env)
    assert result.exit_code == 0, result.stderr
    told = json.loads(result.stdout)
    return "keep" if "Ada Corran" in told["text"] else "remove"


def test_flags_win_over_environment_over_options_file_over_pyproject_over_defaults() -> None:
    assert strictness_in_force() == "remove"
    put("pyproject.toml", '[tool.cleannews]\ncaptions = "keep"\n')
    assert strictness_in_force() == "keep"
    assert strictness_in_force("--no-config") == "remove"
    put("cleannews.toml", 'captions = "remove"\n')
    assert strictness_in_force() == "remove"
    put("mine.toml", 'captions = "keep"\n')
    assert strictness_in_force("--config", "mine.toml") == "keep"
    assert strictness_in_force(CLEANNEWS_CONFIG="mine.toml") == "keep"
    assert strictness_in_force("--no-config", CLEANNEWS_CONFIG="mine.toml") == "remove"
    assert strictness_in_force("--config", "mine.toml", CLEANNEWS_CAPTIONS="remove") == "remove"
    assert strictness_in_force("--captions", "keep", CLEANNEWS_CAPTIONS="remove") == "keep"


def test_config_and_no_config_exclude_each_other() -> None:
    put("mine.toml", "")
    result = run("clean", "--config", "mine.toml", "--no-config", stdin=PAGE)
    assert (result.exit_code, "exclude" in result.stderr) == (2, True)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        pytest.param('capshuns = "keep"', "unknown option 'capshuns' (did you mean", id="name"),
        pytest.param('captions = "lose"', "option 'captions' is 'lose'", id="value"),
        pytest.param("captions = ", "not valid TOML", id="no TOML"),
    ],
)
def test_a_broken_options_file_is_one_clear_line(content: str, says: str) -> None:
    put("cleannews.toml", content)
    result = run("clean", stdin=PAGE)
    assert result.exit_code == 2
    assert result.stderr.count("\n") == 1
    assert says in result.stderr
    assert "cleannews.toml" in result.stderr


def test_lists_take_commas_and_repeats() -> None:
    for arguments in (
        ("--ignore", "placeholder,comments"),
        ("--ignore", "placeholder", "--ignore", "comments"),
    ):
        told = json.loads(run("clean", "--json", *arguments, stdin=PAGE).stdout)
        assert {r["category"] for r in told["removed"]} <= {"source_credit"}


def test_own_rules_are_used_from_flags_and_from_the_environment() -> None:
    put("my.toml", RULE)
    page = f"{STORY}\n\nDeal of the Day\n"
    assert run("clean", "--rules", "my.toml", stdin=page).stdout == STORY + "\n"
    assert run("clean", stdin=page, CLEANNEWS_RULES="my.toml").stdout == STORY + "\n"


def test_a_broken_rule_file_is_one_clear_line() -> None:
    put("my.toml", RULE.replace("phrases", "phraces"))
    result = run("clean", "--rules", "my.toml", stdin=PAGE)
    assert (result.exit_code, result.stderr.count("\n")) == (2, 1)
    assert "my.toml: rule 'shop/deal-box': unknown field 'phraces'" in result.stderr


# --- the other commands -------------------------------------------------------------------------


def test_explain_shows_controls_as_escapes_only() -> None:
    text = f"{STORY.replace('Monday', chr(0x202E) + 'Monday' + chr(27) + '[2J')}\n\n[ad_1]\n"
    for arguments in ((), ("--color", "never")):
        shown = run("explain", *arguments, stdin=text)
        assert r"\u202eMonday\u001b[2J" in shown.stdout
        assert not re.search("[\x1b\u202e]", shown.stdout + shown.stderr)


def test_colour_is_asked_for_or_left_out() -> None:
    assert "\x1b[" not in run("explain", stdin=PAGE).stdout
    assert "\x1b[" in run("explain", "--color", "always", stdin=PAGE).stdout


def test_explain_as_json_says_words_and_lines() -> None:
    told = json.loads(run("explain", "--json", stdin=PAGE).stdout)
    assert [(r["line"], r["text"].strip()) for r in told["removed"]] == [
        (1, "[ad_1]"), (5, "[ad_2]"), (7, "Source link"), (9, "Leave a Comment"),
    ]  # fmt: skip


def test_explain_writes_a_page_and_says_where() -> None:
    result = run("explain", put("story.txt"), "--html", "why.html")
    assert (result.stdout, result.exit_code) == ("", 0)
    assert "why.html" in result.stderr
    assert Path("why.html").read_text("utf-8").startswith("<!DOCTYPE html>")
    assert run("explain", "story.txt", "--html", "story.txt").exit_code == 2
    assert run("explain", "story.txt", "--html", "-").stdout.startswith("<!DOCTYPE html>")


def test_explain_of_a_text_that_is_all_boilerplate_succeeds() -> None:
    assert run("explain", stdin="[ad_1]\n").exit_code == 0


META = f"The bridge is closed\n\nBy Ada Corran\n\n{STORY}\n\nPublished On:\n\nMar 4, 2022\n"


def test_meta_shows_values_with_who_read_them() -> None:
    result = run("meta", stdin=META)
    assert re.search(r"^published +2022-03-04  \(0\.\d\d, text:date/\S+\)$", result.stdout, re.M)
    assert re.search(r"^authors +Ada Corran  ", result.stdout, re.M)


def test_meta_as_json_is_one_line_for_each_input() -> None:
    put("a.txt", META), put("b.txt", STORY)
    first, second = run("meta", "--json", "a.txt", "b.txt").stdout.splitlines()
    assert json.loads(first)["published"]["value"] == "2022-03-04"
    assert {k: v for k, v in json.loads(second).items() if k != "title"} == {
        "id": "b.txt",
        "url": None,
    }


def test_meta_tells_what_was_repaired_in_a_page() -> None:
    put("page.html", HTML.replace("<title>", "<!-- never closed <title>"))
    result = run("meta", "page.html")
    assert "page.html: warning: unclosed_markup: " in result.stderr
    assert result.exit_code == 0
    assert "warning" not in run("meta", "--quiet", "page.html").stderr


def test_rules_list_filters_and_names_the_hash() -> None:
    told = json.loads(run("rules", "list", "--category", "caption", "--json").stdout)
    assert told["hash"] == clean("").rules_hash
    assert {rule["category"] for rule in told["rules"]} == {"caption"}
    shown = run("rules", "list", "--language", "en").stdout
    assert re.search(r"^  byline/by-name +en +safe +\S", shown, re.M)
    assert not re.search(r"^  \S+ +und ", shown, re.M)
    assert "did you mean 'caption'?" in run("rules", "list", "--category", "captoin").stderr


def test_rules_list_shows_the_set_in_force() -> None:
    put("my.toml", RULE)
    assert "shop/deal-box" in run("rules", "list", "--rules", "my.toml").stdout
    assert "placeholder/" not in run("rules", "list", "--ignore", "placeholder").stdout


def test_rules_show_tells_every_field() -> None:
    shown = run("rules", "show", "comments/leave-a-comment").stdout
    assert shown.startswith("comments/leave-a-comment (")
    assert "keep " in shown
    told = json.loads(run("rules", "show", "comments/leave-a-comment", "--json").stdout)
    assert told[0]["match"]
    wrong = run("rules", "show", "comments/leave-a-coment")
    assert (wrong.exit_code, "did you mean" in wrong.stderr) == (2, True)


def test_rules_try_shows_only_what_these_rules_find() -> None:
    put("my.toml", RULE), put("page.txt", f"{PAGE}\nDeal of the Day\n")
    result = run("rules", "try", "my.toml", "page.txt")
    assert result.stdout == (
        "page.txt:11: shop/deal-box: Deal of the Day  [phrase “deal of the day”]\n"
    )


def test_rules_try_says_which_rule_finds_it_already() -> None:
    own = RULE.replace("the day", "a comment").replace("THE DAY", "A COMMENT")
    own = re.sub("deal of", "leave", own.replace("the Day", "a Comment"), flags=re.IGNORECASE)
    put("my.toml", own)
    shown = run("rules", "try", "my.toml", stdin=PAGE).stdout
    assert "(also comments/leave-a-comment)" in shown


def test_rules_check_runs_the_examples() -> None:
    (
        put("my.toml", RULE),
        put("bad.toml", RULE.replace("Deal of the century signed", "Deal of the day")),
    )
    good = run("rules", "check", "my.toml")
    assert (good.exit_code, good.stderr) == (0, "my.toml: 1 rule, 3 examples, all hold\n")
    bad = run("rules", "check", "bad.toml", "my.toml")
    assert bad.exit_code == 2
    assert "the 'keep' example 'Deal of the day' is found and must not be" in bad.stderr
    assert "my.toml: 1 rule" in bad.stderr


def test_rules_check_without_a_file_checks_those_shipped() -> None:
    result = run("rules", "check")
    assert (result.exit_code, "all hold" in result.stderr) == (0, True), result.stderr


def test_demo_explains_and_writes_a_page_again_and_again() -> None:
    for _ in range(2):
        result = run("demo")
        assert result.exit_code == 0
        assert "placeholder/wp-automatic" in result.stdout
        assert "cleannews-demo.html" in result.stderr
    assert "Berit Lindqvane" in Path("cleannews-demo.html").read_text("utf-8")


def test_demo_leaves_a_stranger_s_file_alone() -> None:
    put("cleannews-demo.html", "<p>mine</p>")
    assert run("demo").exit_code == 2
    assert Path("cleannews-demo.html").read_text("utf-8") == "<p>mine</p>"
    assert run("demo", "-o", "other.html").exit_code == 0


# --- help and start-up --------------------------------------------------------------------------


def commands(group: click.Group, *path: str) -> list[tuple[str, ...]]:
    found: list[tuple[str, ...]] = [path]
    for name, command in group.commands.items():
        inner = isinstance(command, click.Group)
        found += commands(command, *path, name) if inner else [(*path, name)]
    return found


@pytest.mark.parametrize("path", commands(cli), ids=lambda path: " ".join(path) or "cleannews")
def test_every_help_has_a_promise_and_examples(path: tuple[str, ...]) -> None:
    for flag in ("-h", "--help"):
        result = run(*path, flag)
        assert result.exit_code == 0
        assert re.search(r"^  [A-Z].+\.$", result.stdout, re.M)
        assert "\n  Examples:\n    cleannews " in result.stdout
        assert max(map(len, result.stdout.splitlines())) <= 100


def test_version_and_completion_are_there() -> None:
    assert re.fullmatch(r"cleannews, version \S+\n", run("--version").stdout)
    environment = {**os.environ, "_CLEANNEWS_COMPLETE": "bash_source"}
    done = execute(COMMAND, capture_output=True, env=environment)
    assert b"_CLEANNEWS_COMPLETE=bash_complete" in done.stdout
    assert "_CLEANNEWS_COMPLETE=bash_source" in run("--help").stdout


def test_importing_the_command_line_loads_no_rules_and_no_heavy_library() -> None:
    heavy = ["cleannews.api", "cleannews.boilerplate.rulebook", "lxml", "numpy", "rapidfuzz"]
    code = f"import sys, cleannews.cli; print([m for m in {heavy} if m in sys.modules])"
    done = execute([sys.executable, "-c", code], capture_output=True)
    assert done.stdout.strip() == b"[]"


# --- terminals ----------------------------------------------------------------------------------


def on_terminal(*arguments: str, **env: str) -> bytes:
    """Run with a pseudo-terminal as all three streams; return what it showed."""
    import pty

    ours, theirs = pty.openpty()
    environment = {**os.environ, "TERM": "xterm", **env}
    with start(*arguments, stdin=theirs, stdout=theirs, stderr=theirs, env=environment) as process:
        os.close(theirs)
        if arguments[-1] == "-":
            time.sleep(1.0)
            os.write(ours, b"Leave a Comment\n\x04")
        shown = b""
        while True:
            try:
                piece = os.read(ours, 4096)
            except OSError:
                break
            if not piece:
                break
            shown += piece
        process.wait(30)
    os.close(ours)
    return shown


@posix
def test_a_terminal_gets_colours_unless_no_color_is_set() -> None:
    put("story.txt")
    assert b"\x1b[9;31m" in on_terminal("explain", "story.txt")
    assert b"\x1b[" not in on_terminal("explain", "story.txt", NO_COLOR="1")
    assert b"\x1b[" not in on_terminal("explain", "story.txt", TERM="dumb")


@posix
def test_reading_from_a_terminal_is_announced() -> None:
    assert b"Reading from standard input" in on_terminal("clean", "-")

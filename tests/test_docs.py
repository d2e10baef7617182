"""What the documentation must say, and that what it says is true. Needs no Sphinx."""

import ast
import doctest
import importlib.util
import re
import shlex
import tomllib
from dataclasses import dataclass, fields
from pathlib import Path

import click
import pytest

import cleannews
from cleannews.batch.job import KEYS, read_job
from cleannews.boilerplate import page_kinds
from cleannews.boilerplate.rulebook import read_rules
from cleannews.boilerplate.shipped import shipped_rules
from cleannews.cli import cli
from cleannews.errors import did_you_mean
from cleannews.options import CHOICES, CleanOptions

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
PACKAGE = Path(cleannews.__file__).parent


def _load_generated():
    """Load the generator by its path, as Sphinx's own machinery is not there in every test run."""
    spec = importlib.util.spec_from_file_location("generated", DOCS / "_ext" / "generated.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


generated = _load_generated()
COMMANDS = list(generated.commands())
CLI_PAGE = generated.cli_reference()
RULE_PAGES = generated.rule_pages()
GENERATED = {"reference/cli.md": CLI_PAGE}
GENERATED |= {f"reference/rules/{name}": text for name, text in RULE_PAGES.items()}
WRITTEN = {
    str(path.relative_to(DOCS)): path.read_text(encoding="utf-8")
    for path in sorted(DOCS.rglob("*.md"))
    if str(path.relative_to(DOCS)) not in GENERATED
    and not {"_build", "_ext"} & set(path.parts)
    and path.parent != DOCS / "reference" / "rules"
}
PAGES = {**WRITTEN, **GENERATED}
OUTSIDE = {
    name: (ROOT / name).read_text(encoding="utf-8")
    for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md")
}


@dataclass(frozen=True)
class Fence:
    """A fenced block: its language, its lines, and the number of its first line."""

    language: str
    text: str
    line: int


def fences(page):
    """Return the fenced blocks of a page; a longer fence may hold shorter ones."""
    found, lines, i = [], page.split("\n"), 0
    while i < len(lines):
        if start := re.match(r" *(`{3,}|:{3,})\{?([\w-]*)", lines[i]):
            end = i + 1
            while end < len(lines) and lines[end].strip() != start[1]:
                end += 1
            found.append(Fence(start[2], "\n".join(lines[i + 1 : end]), i + 2))
            i = end
        i += 1
    return found


def unfenced(page):
    """Return a page with its fenced blocks blanked out."""
    lines = page.split("\n")
    for fence in fences(page):
        height = fence.text.count("\n") + 1
        lines[fence.line - 1 : fence.line - 1 + height] = [""] * height
    return "\n".join(lines)


def prose(page):
    """Return a page without its fenced blocks and inline code."""
    return re.sub(r"(?<!`)(`+)(?!`).+?(?<!`)\1(?!`)", "", unfenced(page))


# --- references are complete --------------------------------------------------------------------


@pytest.mark.parametrize(("path", "command"), COMMANDS, ids=[" ".join(p) for p, _ in COMMANDS])
def test_every_command_and_option_is_in_the_reference(path, command):
    name = " ".join(path)
    section = re.search(rf"^## {name}$(.*?)(?=^## |\Z)", CLI_PAGE, re.MULTILINE | re.DOTALL)
    assert section, f"no section for {name}"
    for parameter in command.get_params(generated.context_of(path)):
        if isinstance(parameter, click.Option):
            for flag in parameter.opts:
                assert re.search(rf"^`.*{re.escape(flag)}\b", section[1], re.MULTILINE), flag
        else:
            assert parameter.make_metavar(generated.context_of(path)) in section[1]
    assert "$ cleannews" in section[1], f"no example for {name}"


def test_every_rule_has_a_section():
    rules, categories = shipped_rules()
    for rule in rules:
        page = RULE_PAGES[f"{rule.category}.md"]
        assert f"\n({generated.anchor(rule.id)})=\n## {rule.id}\n" in page
        assert f"| {rule.language} | {rule.zone} | {rule.extent} | {rule.safety} |" in page
        for example in (*rule.match, *rule.keep):
            assert generated.code(example) in page
    used = {rule.category for rule in rules}
    assert set(RULE_PAGES) == {"index.md"} | {f"{name}.md" for name in used}
    assert all(f"]({name}.md)" in RULE_PAGES["index.md"] for name in used)
    assert used <= set(categories)


def test_anchors_of_rules_are_distinct():
    ids = {rule.id for rule in shipped_rules()[0]}
    assert len({generated.anchor(name) for name in ids}) == len(ids)


def test_generating_twice_writes_nothing_new(tmp_path):
    generated.generate(tmp_path)
    (tmp_path / "reference/rules/gone.md").write_text("old")
    before = {p: p.stat().st_mtime_ns for p in tmp_path.rglob("*.md") if p.stem != "gone"}
    generated.generate(tmp_path)
    assert {p: p.stat().st_mtime_ns for p in tmp_path.rglob("*.md")} == before


def test_every_option_is_documented():
    page = WRITTEN["reference/options.md"]
    for field in fields(CleanOptions):
        row = re.search(rf"^\| `{field.name}` \|(.*)$", page, re.MULTILINE)
        assert row, f"no row for {field.name}"
        assert all(f"`{value}`" in row[1] for value in CHOICES.get(field.name, ()))


def test_every_key_of_a_job_file_is_documented():
    listed = set(re.findall(r"^\| `([\w.]+)` \|", WRITTEN["reference/job-files.md"], re.MULTILINE))
    assert {f"{table}.{key}" for table, keys in KEYS.items() for key in keys} <= listed
    assert {"clean.site", "dedup"} <= listed


def warning_codes():
    """Codes that the package's code or rules can give."""
    codes = {rule.warns for rule in shipped_rules()[0] if rule.warns} | set(page_kinds.DETAILS)
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Warning_":
                first = node.args[0] if node.args else None
                if isinstance(first, ast.Constant):
                    codes.add(first.value)
    return codes


def test_every_warning_is_documented():
    listed = set(re.findall(r"^\| `(\w+)` \|", WRITTEN["reference/warnings.md"], re.MULTILINE))
    assert listed == warning_codes()


def test_every_public_name_is_documented():
    page = WRITTEN["reference/python.md"]
    directives = set(re.findall(r"^\.\. auto\w+:: (\w+)$", page, re.MULTILINE))
    assert directives == set(cleannews.__all__)


def test_every_field_of_a_result_is_documented():
    page = WRITTEN["reference/result.md"]
    schema = cleannews.json_schema()
    names = {*schema["properties"], *schema["$defs"]["metadata"]["properties"]}
    for definition in ("removal", "finding"):
        names |= set(schema["$defs"][definition]["properties"])
    listed = set(re.findall(r"^\| `(\w+)` \|", page, re.MULTILINE))
    assert names <= listed
    assert {"metadata", "span", "captures"} <= listed


def test_every_field_of_a_rule_is_documented():
    rules = {f.name for f in fields(cleannews.document.Rule)} - {"id", "category"}
    table = re.findall(r"^\| `(\w+)` \|", WRITTEN["reference/rule-files.md"], re.MULTILINE)
    assert rules <= set(table)


def test_every_module_has_a_line_in_the_architecture():
    page = WRITTEN["explanation/architecture.md"]
    for path in PACKAGE.rglob("*.py"):
        place = path.relative_to(PACKAGE)
        if place.name in ("__main__.py", "_version.py") or place.name == "__init__.py":
            continue
        known = [f"`{parent}/`" for parent in place.parents if str(parent) != "."]
        assert any(k in page for k in (f"`{place}`", *known)), place


# --- examples are true --------------------------------------------------------------------------

EXAMPLES = {**WRITTEN, **{k: v for k, v in OUTSIDE.items() if k != "CHANGELOG.md"}}
WITH_SESSIONS = [n for n, page in EXAMPLES.items() if any(">>> " in f.text for f in fences(page))]


@pytest.mark.parametrize("name", WITH_SESSIONS)
def test_sessions_run(name, tmp_path, monkeypatch):
    """The sessions of one page are one session; files that they write go to an empty folder."""
    monkeypatch.chdir(tmp_path)
    lines = [""] * (EXAMPLES[name].count("\n") + 1)
    for fence in fences(EXAMPLES[name]):
        if ">>> " in fence.text:
            assert fence.language == "pycon", f"{name}:{fence.line}: mark the session as pycon"
            text = fence.text.split("\n")
            lines[fence.line - 1 : fence.line - 1 + len(text)] = text
    test = doctest.DocTestParser().get_doctest("\n".join(lines), {}, name, name, 0)
    said = []
    doctest.DocTestRunner(optionflags=doctest.ELLIPSIS).run(test, out=said.append)
    assert not said, "".join(said)


@pytest.mark.parametrize("name", EXAMPLES)
def test_python_blocks_compile(name):
    for fence in fences(EXAMPLES[name]):
        if fence.language == "python" and ">>> " not in fence.text:
            compile(fence.text, f"{name}:{fence.line}", "exec")


TOML = [
    pytest.param(f.text, id=f"{name}:{f.line}")
    for name, page in EXAMPLES.items()
    for f in fences(page)
    if f.language == "toml" and "[build-system]" not in f.text
]


@pytest.mark.parametrize("text", TOML)
def test_rule_files_and_options_are_valid(text, tmp_path):
    """Every TOML block is a rule file whose examples hold, a job file, or a table of options."""
    if "describe" in text:
        categories = shipped_rules()[1]
        assert read_rules(text.replace("\n   ", "\n"), "own.toml", categories)
    elif "input.paths" in text:
        path = tmp_path / "job.toml"
        path.write_text(text, encoding="utf-8")
        read_job(path)
    else:
        table = tomllib.loads(text)
        assert CleanOptions.from_mapping(table.get("tool", {}).get("cleannews", table))


OPERATORS = {"|", "||", "&", "&&", ";", ">", ">>", "<"}


def calls(line):
    """Return the `cleannews` calls in a shell line, each as its arguments."""
    lexer = shlex.shlex(line, posix=True, punctuation_chars=True)
    lexer.whitespace_split = True
    found, words, skip = [], [], False
    for token in [*lexer, ";"]:
        if token in OPERATORS:
            if not skip:
                found.append(words)
            words, skip = [], token in (">", ">>", "<")
        else:
            words.append(token)
    stripped = [[w for w in ws if not re.match(r"[A-Z_]+=", w)] for ws in found]
    return [ws[1:] for ws in stripped if ws[:1] == ["cleannews"]]


def check_call(arguments):
    """Parse a call as click would, without running it."""
    path, command = ("cleannews",), cli
    while True:
        context = generated.context_of(path)
        values, rest, _ = command.make_parser(context).parse_args(list(arguments))
        for parameter in command.params:
            value = values.get(parameter.name)
            if isinstance(parameter.type, click.Choice) and isinstance(value, str):
                parameter.type.convert(value, parameter, context)
            if parameter.required and parameter.value_is_missing(value):
                raise click.UsageError(f"{parameter.name} is missing")
        if not isinstance(command, click.Group):
            if rest:
                raise click.UsageError(f"unexpected {rest}")
            return
        if not rest:
            return  # `cleannews --help`
        name, *arguments = rest
        if name not in command.commands:
            hint = did_you_mean(name, command.commands)
            raise click.UsageError(f"no command is named {name!r}{hint}")
        path, command = (*path, name), command.commands[name]


CALLS = [
    pytest.param(call, id=f"{name}:{fence.line + number}")
    for name, page in {**EXAMPLES, **GENERATED}.items()
    for fence in fences(page)
    if fence.language == "console"
    for number, line in enumerate(fence.text.split("\n"))
    if line.startswith("$ ")
    for call in calls(line.removeprefix("$ ").partition(" #")[0])
]


@pytest.mark.parametrize("call", CALLS)
def test_calls_name_existing_commands_and_options(call):
    check_call(call)


def test_there_are_calls_and_wrong_ones_are_noticed():
    assert len(CALLS) > 50
    assert calls("A=b cleannews clean x.txt --json > y && jq . y | cleannews meta") == [
        ["clean", "x.txt", "--json"],
        ["meta"],
    ]
    for wrong in (
        ["cleen"],
        ["clean", "--jsn"],
        ["clean", "--captions", "drop"],
        ["rules", "show"],
    ):
        with pytest.raises(click.UsageError):
            check_call(wrong)


def test_tutorial_output_is_current(monkeypatch):
    """What the tutorial shows of its story is what the program prints."""
    page = WRITTEN["tutorial/first-clean.md"]
    text = (DOCS / "tutorial" / "story.txt").read_text(encoding="utf-8")
    result = cleannews.clean(cleannews.Document(text, id="story.txt"))
    assert result.text in page
    shown = next(f.text for f in fences(page) if "$ cleannews explain" in f.text).split("\n")[1:]
    assert cleannews.explain(result).split("\n")[: len(shown)] == shown


# --- links lead somewhere -----------------------------------------------------------------------

LINK = re.compile(r"\]\(([^()\s]+)\)|\{download\}`[^`<]*<([^>]+)>`|\{include\} (\S+)")


def slug(heading):
    """Return the anchor that MyST gives a heading."""
    plain = re.sub(r"[`*]|\]\([^)]*\)|\[", "", heading).strip().lower()
    return re.sub(r"[^\w\- ]", "", plain).replace(" ", "-")


def anchors(page):
    page = unfenced(page)
    headings = re.findall(r"^#{1,3} (.+)$", page, re.MULTILINE)
    named = re.findall(r"^\(([\w-]+)\)=$", page, re.MULTILINE)
    return {slug(heading) for heading in headings} | set(named)


@pytest.mark.parametrize("name", [*PAGES, *OUTSIDE])
def test_links_lead_somewhere(name):
    page = PAGES.get(name, OUTSIDE.get(name))
    folder = DOCS / Path(name).parent if name in PAGES else ROOT
    known = {(DOCS / n).resolve(): text for n, text in PAGES.items()}
    for groups in LINK.findall(prose(page) + "\n".join(re.findall(r"\{include\} \S+", page))):
        target, _, anchor = next(filter(None, groups)).partition("#")
        if re.match(r"[a-z]+:", target):
            assert target.startswith("https:"), target
            continue
        path = (folder / target).resolve() if target else None
        text = page if path is None else known.get(path)
        assert path is None or path in known or path.exists(), f"{name}: {target}"
        if anchor and text is not None:
            assert anchor in anchors(text), f"{name}: {target}#{anchor}"


def test_every_page_is_in_a_table_of_contents():
    listed = set()
    for name, page in PAGES.items():
        for fence in fences(page):
            if fence.language == "toctree":
                entries = [e for e in fence.text.split() if re.fullmatch(r"[\w/-]+", e)]
                listed |= {str(Path(name).parent / f"{e}.md").removeprefix("./") for e in entries}
    assert set(PAGES) - listed == {"index.md"}


@pytest.mark.parametrize("name", [*WRITTEN, *OUTSIDE])
def test_pages_name_no_place_on_a_machine(name):
    page = {**WRITTEN, **OUTSIDE}[name]
    assert not re.search(r"/(?:home|work|root|tmp/w|Users)/", page)

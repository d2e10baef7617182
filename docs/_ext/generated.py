"""The generated pages of the reference: the command line and the rules.

Nothing here needs Sphinx until it calls `setup`; the tests load this file by its path.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator, Mapping
from pathlib import Path
from shutil import copy
from typing import Any

import click

from cleannews.boilerplate.explain import printable
from cleannews.boilerplate.rulebook import Category
from cleannews.boilerplate.shipped import shipped_rules
from cleannews.cli import cli
from cleannews.document import Rule

NOTE = "<!-- Written by docs/_ext/generated.py at every build; do not edit. -->"
_CLI_INTRODUCTION = (
    "Data goes to standard output, talk to standard error, and `-` means standard input or "
    "output. A flag wins over a `CLEANNEWS_…` variable, and a variable over the options file. "
    "[Exit codes](exit-codes.md) are the same for every command; [Options](options.md) says "
    "what the cleaning options mean."
)
MANY = 6
"""Rules of a category from which on its page begins with a list of them."""

_SPECIAL = re.compile(r"([\\`*_<>\[\]|{}])")


def escaped(text: str) -> str:
    """Return plain text as Markdown that shows the same characters."""
    return _SPECIAL.sub(r"\\\1", printable(text))


def code(text: str) -> str:
    """Return text as inline code, whatever back-quotes it holds."""
    text = printable(text)
    fence = "`" * (1 + max((len(run) for run in re.findall("`+", text)), default=0))
    pad = " " if text[:1] == "`" or text[-1:] == "`" else ""
    return f"{fence}{pad}{text}{pad}{fence}"


def cell(text: str) -> str:
    """Return inline code that may stand in a table."""
    return code(text).replace("|", "\\|")


def _joined(parts: list[str]) -> str:
    return "\n\n".join(part for part in parts if part) + "\n"


# --- command line -------------------------------------------------------------------------------


def commands(
    command: click.Command = cli, path: tuple[str, ...] = ("cleannews",)
) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    """Yield every command with the words that call it, groups before what they hold."""
    yield path, command
    if isinstance(command, click.Group):
        for name, child in command.commands.items():
            yield from commands(child, (*path, name))


def context_of(path: tuple[str, ...]) -> click.Context:
    """Return a context in which a command can be asked about itself."""
    context = click.Context(cli, info_name=path[0], **cli.context_settings)
    for name in path[1:]:
        command = context.command
        if not isinstance(command, click.Group) or name not in command.commands:
            raise click.UsageError(f"no command is named {name!r}")
        child = command.commands[name]
        context = click.Context(child, parent=context, info_name=name, **child.context_settings)
    return context


def cli_reference() -> str:
    """Return the page on the command line."""
    parts = [
        NOTE,
        "# Command line",
        _CLI_INTRODUCTION,
    ]
    for path, command in commands():
        parts += _command(path, command)
    return _joined(parts)


def _command(path: tuple[str, ...], command: click.Command) -> Iterator[str]:
    context = context_of(path)
    name = " ".join(path)
    yield f"({'-'.join(path)})=\n## {name}"
    usage = " ".join([name, *command.collect_usage_pieces(context)])
    yield f"```text\n{usage}\n```"
    yield from (escaped(p) for p in _paragraphs(command.help))
    if isinstance(command, click.Group):
        rows = [
            f"- [`{name} {child}`](#{'-'.join((*path, child))}): "
            f"{escaped(sub.get_short_help_str(limit=200))}"
            for child, sub in command.commands.items()
        ]
        yield "\n".join(rows)
    options = [p for p in command.get_params(context) if isinstance(p, click.Option)]
    yield "\n\n".join(_option(option, context) for option in options)
    yield from _epilog(command.epilog)


def _option(option: click.Option, context: click.Context) -> str:
    record = option.get_help_record(context)
    flags = record[0] if record else ", ".join(option.opts)
    told = [escaped(" ".join((option.help or "").split()))]
    if isinstance(option.envvar, str):
        told.append(f"Variable: {code(option.envvar)}.")
    if isinstance(option.default, str):
        told.append(f"Default: {code(option.default)}.")
    return f"{code(flags)}\n: {' '.join(told)}"


def _paragraphs(text: str | None) -> Iterator[str]:
    for paragraph in re.split(r"\n\s*\n", textwrap.dedent(text or "").strip()):
        if paragraph:
            yield " ".join(paragraph.split())


def _epilog(epilog: str | None) -> Iterator[str]:
    """Examples as console blocks, the rest as text; ``\\b`` marks a paragraph with lines."""
    for block in re.split(r"\n\s*\n", (epilog or "").strip()):
        lines = [line for line in block.replace("\b", "").split("\n") if line.strip()]
        examples = [line.strip() for line in lines if line.startswith("  ")]
        words = " ".join(line.strip() for line in lines if not line.startswith("  "))
        if words:
            yield escaped(words)
        if examples:
            yield "```console\n" + "\n".join(f"$ {e}" for e in examples) + "\n```"


# --- rules --------------------------------------------------------------------------------------


def anchor(rule: str) -> str:
    """Return the anchor of a rule's section on its category's page."""
    return "rule-" + re.sub(r"[^a-z0-9]+", "-", rule)


def rule_pages() -> dict[str, str]:
    """Return the rule reference: file name to text, one page a category and an index."""
    rules, categories = shipped_rules()
    by_category: dict[str, dict[str, list[Rule]]] = {}
    for rule in rules:
        by_category.setdefault(rule.category, {}).setdefault(rule.id, []).append(rule)
    pages = {"index.md": _index(categories, by_category)}
    for name, worded in by_category.items():
        pages[f"{name}.md"] = _category(categories[name], worded)
    return pages


def _index(
    categories: Mapping[str, Category], by_category: dict[str, dict[str, list[Rule]]]
) -> str:
    every = [r for rules in by_category.values() for worded in rules.values() for r in worded]
    languages = sorted({r.language for r in every} - {"und"})
    count = len({r.id for r in every})
    least = min(r.confidence for r in every if r.safety == "safe")
    rows = [
        "| category | what it is | rules | languages | kept by |",
        "|---|---|---|---|---|",
    ]
    for name in sorted(by_category):
        category, rules = categories[name], by_category[name]
        worded = {r.language for one in rules.values() for r in one}
        shown = ", ".join(sorted(worded - {"und"})) or "any"
        option = f"`{category.option}`" if category.option else ""
        rows.append(
            f"| [`{name}`]({name}.md) | {escaped(category.describe)} | {len(rules)} | {shown} "
            f"| {option} |"
        )
    names = "\n".join(sorted(by_category))
    return f"""{NOTE}
# Rules

Every rule that ships with cleannews, by category. A rule has one id in all languages that word it;
{count} rules are worded {len(every)} times: in {", ".join(languages)}, and for any language
(`und`). `cleannews rules show ID` prints a rule with its phrases and pattern;
[Rule files](../rule-files.md) says what the fields mean. "Kept by" names the
[option](../options.md) that keeps a category in the text.

{chr(10).join(rows)}

## Rules that are not safe

A `safe` rule removes by default, an `unsafe` one only on request, a `report` rule never.
{_not_safe(every)} The least confident `safe` rule has confidence {least:g}.

```{{toctree}}
:hidden:

{names}
```
"""


def _not_safe(rules: list[Rule]) -> str:
    told = []
    for safety in ("unsafe", "report"):
        found = sorted({(r.category, r.id) for r in rules if r.safety == safety})
        links = ", ".join(f"[`{name}`]({page}.md#{anchor(name)})" for page, name in found)
        told.append(f"`{safety}` are: {links}." if found else f"No rule is `{safety}`.")
    return " ".join(told)


def _category(category: Category, rules: dict[str, list[Rule]]) -> str:
    kept = (
        f" The option [`{category.option}`](../options.md) keeps it in the text."
        if category.option
        else ""
    )
    what = (
        f"{escaped(category.describe)}.{kept} Unless a rule says otherwise, it claims blocks of "
        f"up to {category.max_words} words, with confidence {category.confidence:g}."
    )
    parts = [NOTE, f"# {category.name}", what]
    if len(rules) >= MANY:
        parts.append("\n".join(f"- [`{r}`](#{anchor(r)}): {_first(w)}" for r, w in rules.items()))
    for worded in rules.values():
        parts += _rule(worded)
    return _joined(parts)


def _first(worded: list[Rule]) -> str:
    return escaped(_main(worded).describe)


def _main(worded: list[Rule]) -> Rule:
    """The wording that speaks for a rule: the one for any language, or else the English one."""
    order = {"und": 0, "en": 1}
    return min(worded, key=lambda r: (order.get(r.language, 2), r.language))


def _rule(worded: list[Rule]) -> Iterator[str]:
    rule = _main(worded)
    yield f"({anchor(rule.id)})=\n## {rule.id}"
    yield f"{_first(worded)}."
    if rule.detector:
        yield f"Found by the detector `{rule.detector}`, which is code; the examples describe it."
    rows = [
        "| language | zone | extent | safety | confidence | words | looks for |",
        "|---|---|---|---|---|---|---|",
    ]
    for one in sorted(worded, key=lambda r: (r is not rule, r.language)):
        limit = "any number" if one.detector and one.max_words >= 400 else f"up to {one.max_words}"
        rows.append(
            f"| {one.language} | {one.zone} | {one.extent} | {one.safety} | {one.confidence:g} "
            f"| {limit} | {_means(one)} |"
        )
    yield "\n".join(rows)
    yield "\n".join(_facts(worded))
    lists = []
    for one in sorted(worded, key=lambda r: (r is not rule, r.language)):
        language = f" ({one.language})" if len(worded) > 1 else ""
        for title, examples in (("Finds", one.match), ("Leaves alone", one.keep)):
            if examples:
                lists.append(f"- {title}{language}: {' · '.join(map(code, examples))}")
    yield "\n".join(lists)


def _facts(worded: list[Rule]) -> Iterator[str]:
    if near := sorted({n for one in worded for n in one.near}):
        yield f"- Only beside: {', '.join(map(_near, near))}"
    if captures := sorted({c for one in worded for c in one.captures}):
        told = ", ".join(f"`{field}` ({kind})" for field, kind in captures)
        yield f"- Reads for the metadata: {told}"
    for warning in sorted({one.warns for one in worded if one.warns}):
        yield f"- Adds the warning [`{warning}`](../warnings.md)"
    if aliases := sorted({a for one in worded for a in one.aliases}):
        yield f"- Former ids: {', '.join(map(code, aliases))}"


def _near(name: str) -> str:
    return "the end of the text" if name == "end" else f"`{name}`"


def _means(rule: Rule) -> str:
    means = []
    if rule.phrases:
        number = len(rule.phrases)
        means.append(f"{number} {'phrase' if number == 1 else 'phrases'}")
    if rule.pattern:
        means.append("a pattern")
    return " and ".join(means) or "what the detector says"


# --- Sphinx -------------------------------------------------------------------------------------


def generate(folder: Path) -> None:
    """Write all generated pages under `folder`; unchanged files stay untouched."""
    reference = folder / "reference"
    pages = {"cli.md": cli_reference()}
    pages |= {f"rules/{name}": text for name, text in rule_pages().items()}
    (reference / "rules").mkdir(parents=True, exist_ok=True)
    for old in (reference / "rules").glob("*.md"):
        if f"rules/{old.name}" not in pages:
            old.unlink()
    for name, text in pages.items():
        path = reference / name
        if not path.is_file() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8", newline="\n")


def _publish_schema(app: Any, error: Exception | None) -> None:
    """Put the JSON Schema where its own $id says it is."""
    if error is None and app.builder.format == "html":
        import cleannews

        schema = Path(cleannews.__file__).parent / "schemas" / "clean_result.schema.json"
        target = Path(app.outdir) / "schemas"
        target.mkdir(exist_ok=True)
        copy(schema, target / "clean_result-1.schema.json")


def setup(app: Any) -> dict[str, Any]:
    """Hook into Sphinx."""
    app.connect("builder-inited", lambda app: generate(Path(app.srcdir)))
    app.connect("build-finished", _publish_schema)
    return {"parallel_read_safe": True, "parallel_write_safe": True}

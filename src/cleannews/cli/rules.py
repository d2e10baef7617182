"""``cleannews rules``: look at rules, try them, check them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from typing import Any

import click

from cleannews.cli.console import Exit, Outcome, tell, write
from cleannews.cli.inputs import documents, expand
from cleannews.cli.shared import options_from, quiet_option, rule_options
from cleannews.document import Finding, Rule
from cleannews.errors import RuleError, did_you_mean
from cleannews.options import CleanOptions

_RULES_EXAMPLES = """\b
Examples:
  cleannews rules list --language en
  cleannews rules show byline/by-name
  cleannews rules try my.toml story.txt
  cleannews rules check my.toml
"""


@click.group("rules", epilog=_RULES_EXAMPLES)
def rules_group() -> None:
    """Look at the rules in force, try your own, check rule files."""


_LIST_EXAMPLES = """\b
Examples:
  cleannews rules list
  cleannews rules list --category caption
  cleannews rules list --json | jq -r .hash
"""


@rules_group.command("list", epilog=_LIST_EXAMPLES)
@click.option("--language", metavar="TAG", help="Only rules of this language; und is any language.")
@click.option("--category", metavar="NAME", help="Only rules of this category.")
@click.option("--json", "as_json", is_flag=True, help="All fields, and the hash of the set.")
@rule_options
@click.pass_context
def list_command(
    context: click.Context,
    /,
    language: str | None,
    category: str | None,
    as_json: bool,
    **given: Any,
) -> None:
    """List the rules in force: id, language, safety and what each is."""
    from cleannews.boilerplate.rulebook import load_rulebook

    book = load_rulebook(options_from(context, given))
    languages = {rule.language for rule in book.rules}
    for kind, asked, known in (
        ("language", language, languages),
        ("category", category, set(book.categories)),
    ):
        if asked and asked not in known:
            raise click.UsageError(f"no rule has the {kind} {asked!r}{did_you_mean(asked, known)}")
    rules = [
        rule
        for rule in book.rules
        if language in (None, rule.language) and category in (None, rule.category)
    ]
    if as_json:
        told = {"hash": book.hash, "rules": [_plain(rule) for rule in rules]}
        write(json.dumps(told, ensure_ascii=False, indent=2))
        return
    longest = max((len(rule.id) for rule in rules), default=0)
    last = None
    for rule in sorted(rules, key=lambda r: (r.category, r.id, r.language)):
        if rule.category != last:
            describe = book.categories[rule.category].describe
            write(f"{'' if last is None else chr(10)}{rule.category}: {describe}")
            last = rule.category
        write(f"  {rule.id:<{longest}}  {rule.language:<4} {rule.safety:<6}  {rule.describe}")
    tell(f"{len(rules)} rules, hash of the set {book.hash}")


_SHOW_EXAMPLES = """\b
Examples:
  cleannews rules show byline/by-name
  cleannews rules show caption --json
"""


@rules_group.command("show", epilog=_SHOW_EXAMPLES)
@click.argument("rule", metavar="ID")
@click.option("--json", "as_json", is_flag=True, help="As JSON.")
@rule_options
@click.pass_context
def show_command(context: click.Context, /, rule: str, as_json: bool, **given: Any) -> None:
    """Show all fields of a rule, in every language that words it."""
    from cleannews.boilerplate.rulebook import load_rulebook

    book = load_rulebook(options_from(context, given))
    found = [r for r in book.rules if rule in (r.id, r.category, *r.aliases)]
    if not found:
        known = {*book.categories, *(r.id for r in book.rules)}
        raise RuleError(f"no rule or category is named {rule!r}{did_you_mean(rule, known)}")
    if as_json:
        write(json.dumps([_plain(r) for r in found], ensure_ascii=False, indent=2))
        return
    for number, one in enumerate(found):
        write("\n".join([*([""] if number else []), *_fields(one)]))


def _plain(rule: Rule) -> dict[str, Any]:
    return {**asdict(rule), "captures": dict(rule.captures)}


def _fields(rule: Rule) -> Iterator[str]:
    from cleannews.boilerplate.explain import printable

    yield f"{rule.id} ({rule.language})"
    for name, value in _plain(rule).items():
        if name in ("id", "language") or value in (None, (), {}):
            continue
        label = name
        for item in _items(value):
            yield f"  {label:<11} {printable(str(item))}"
            label = ""


def _items(value: object) -> Iterable[object]:
    if isinstance(value, dict):
        return [f"{field}: {kind}" for field, kind in value.items()]
    return value if isinstance(value, tuple) else [value]


_TRY_EXAMPLES = """\b
Examples:
  cleannews rules try my.toml story.txt
  cleannews rules try my.toml pages/
"""


@rules_group.command("try", epilog=_TRY_EXAMPLES)
@click.argument("rules_file", metavar="RULES.toml", type=click.Path())
@click.argument("files", nargs=-1, metavar="[FILE|FOLDER|-]...", type=click.Path())
@quiet_option
@click.pass_context
def try_command(
    context: click.Context, /, rules_file: str, files: tuple[str, ...], quiet: bool
) -> None:
    """Show what only these rules find in texts.

    Where a shipped rule finds the same place already, it is named behind "also".
    """
    from cleannews.api import detect
    from cleannews.boilerplate.explain import printable

    own = _own_rules(rules_file)
    options = CleanOptions(rules=(rules_file,), select=tuple({rule.id: None for rule in own}))
    mine = {(rule.id, rule.language) for rule in own}
    outcome = Outcome()
    inputs = expand(files, outcome)
    for source, document in documents(inputs, outcome, url=None, name=None, quiet=quiet):
        found = [f for f in detect(document, options=options) if (f.rule, f.language) in mine]
        shipped = detect(document)
        for finding in found:
            write(f"{printable(source.name)}:{_told(document.text, finding, shipped)}")
        tell(f"{source.name}: {len(found)} found", quiet=quiet)
        outcome.done += 1
    context.exit(outcome.code)


def _told(text: str, finding: Finding, shipped: Iterable[Finding]) -> str:
    """One line on a finding: where, which rule, what, why, and who finds it already."""
    from cleannews.boilerplate.explain import printable

    span = finding.span
    line = text.count("\n", 0, span.start) + 1
    others = {s.rule for s in shipped if s.span.start < span.end and span.start < s.span.end}
    known = f"  (also {', '.join(sorted(others))})" if others else ""
    told = f"{printable(span.of(text))}  [{printable(finding.evidence)}]"
    return f"{line}: {finding.rule}: {told}{known}"


def _own_rules(path: str) -> list[Rule]:
    """Rules that a file adds to those in force without it."""
    from cleannews.boilerplate.rulebook import load_rulebook

    known = {(rule.id, rule.language) for rule in load_rulebook().rules}
    added = load_rulebook(CleanOptions(rules=(path,))).rules
    own = [rule for rule in added if (rule.id, rule.language) not in known]
    if not own:
        raise RuleError(f"{path}: there is no rule in this file")
    return own


_CHECK_EXAMPLES = """\b
Examples:
  cleannews rules check my.toml
  cleannews rules check
"""


@rules_group.command("check", epilog=_CHECK_EXAMPLES)
@click.argument("rules_files", nargs=-1, metavar="[RULES.toml]...", type=click.Path())
@quiet_option
@click.pass_context
def check_command(context: click.Context, /, rules_files: tuple[str, ...], quiet: bool) -> None:
    """Load rule files and run their examples.

    Without a file, the rules that come with cleannews are checked.
    """
    if not rules_files:
        _check_shipped(quiet)
        return
    broken = False
    for path in rules_files:
        try:
            own = _own_rules(path)
        except RuleError as error:
            tell(f"Error: {error}")
            broken = True
        else:
            tell(f"{path}: {_sum(own)}", quiet=quiet)
    context.exit(Exit.USAGE if broken else Exit.DONE)


def _check_shipped(quiet: bool) -> None:
    from cleannews.boilerplate.rulebook import check_rule
    from cleannews.boilerplate.shipped import shipped_rules

    rules, _ = shipped_rules()
    for rule in rules:
        check_rule(f"rule {rule.id!r} ({rule.language})", rule)
    tell(f"cleannews: {_sum(rules)}", quiet=quiet)


def _sum(rules: Iterable[Rule]) -> str:
    counted = list(rules)
    examples = sum(len(rule.match) + len(rule.keep) for rule in counted)
    plural = "" if len(counted) == 1 else "s"
    return f"{len(counted)} rule{plural}, {examples} examples, all hold"

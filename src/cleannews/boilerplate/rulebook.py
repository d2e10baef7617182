"""Rules as data: reading, checking and hashing the TOML rule files.

A rule file is ``rules/<language>/<category>.toml``; every table in it is one rule. The id of a
rule is ``category/name``; several languages may word the same rule.
"""

from __future__ import annotations

import hashlib
import json
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from functools import lru_cache
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any

from cleannews.boilerplate.patterns import expand_macros, pattern_problem
from cleannews.document import Rule
from cleannews.errors import RuleError, did_you_mean
from cleannews.options import CleanOptions
from cleannews.reading.folding import fold

ZONES = ("any", "head", "tail", "edge")
EXTENTS = ("inline", "block", "label", "section")
SAFETIES = ("safe", "unsafe", "report")
VALUE_KINDS = ("people", "date", "site", "text", "url")

ENTRY_POINT_GROUP = "cleannews.rules"

_LISTS = ("phrases", "hints", "near", "aliases", "match", "keep")
_STRINGS = ("describe", "zone", "extent", "safety", "pattern", "detector", "warns")
_FIELDS = tuple(f.name for f in fields(Rule) if f.name not in ("id", "category", "language"))
_NAME = re.compile(r"[a-z0-9]+(?:[-_][a-z0-9]+){0,8}")


@dataclass(frozen=True, slots=True)
class Category:
    """A kind of boilerplate and what its rules have in common.

    Attributes:
        name: As in rule ids.
        describe: One sentence for people.
        max_words: Longest block, in words, that its rules claim unless they say otherwise.
        confidence: Share of its removals that are right, 0..1, unless a rule says otherwise.
        option: The option that keeps it, if there is one.
        scored: Its findings come from the learned scorer and have thresholds of their own: those
            for lines ``outside`` the story or ``inside`` it.
        headings: A single word of its rules may also be a sub-heading of a story.
    """

    name: str
    describe: str
    max_words: int = 14
    confidence: float = 0.9
    option: str | None = None
    scored: str | None = None
    headings: bool = True


# Compared by identity: hashing hundreds of rules at every call would cost more than cleaning.
@dataclass(frozen=True, slots=True, eq=False)
class Rulebook:
    """An effective set of rules.

    Attributes:
        rules: In order of file and table.
        categories: By name.
        hash: Fingerprint of the set, 16 hexadecimal digits.
    """

    rules: tuple[Rule, ...]
    categories: Mapping[str, Category]
    hash: str

    def find(self, name: str) -> tuple[Rule, ...]:
        """Return the rules whose id, alias or category starts with `name`."""
        return tuple(r for r in self.rules if _named(r, (name,)))

    def served_by(self, detector: str) -> frozenset[str]:
        """Return the ids of the rules that a detector serves."""
        return _served(self, detector)

    def restrict(self, select: Iterable[str], ignore: Iterable[str]) -> Rulebook:
        """Return the rules that `select` names and `ignore` does not.

        An `unsafe` rule that `select` names by its id becomes `safe`. Both take prefixes.

        Raises:
            RuleError: A prefix names no rule.
        """
        select, ignore = tuple(select), tuple(ignore)
        for name in (*select, *ignore):
            if not self.find(name):
                known = {*self.categories, *(r.id for r in self.rules)}
                raise RuleError(f"no rule or category is named {name!r}{did_you_mean(name, known)}")
        if not select and not ignore:
            return self
        kept = [
            replace(r, safety="safe") if r.safety == "unsafe" and r.id in select else r
            for r in self.rules
            if (not select or _named(r, select)) and not _named(r, ignore)
        ]
        return Rulebook(tuple(kept), self.categories, _hash(kept))


@lru_cache(maxsize=64)
def _served(rulebook: Rulebook, detector: str) -> frozenset[str]:
    return frozenset([r.id for r in rulebook.rules if r.detector == detector])


def _named(rule: Rule, prefixes: tuple[str, ...]) -> bool:
    return rule.id.startswith(prefixes) or any(a.startswith(prefixes) for a in rule.aliases)


def _hash(rules: Iterable[Rule]) -> str:
    digest = hashlib.sha256()
    for rule in rules:
        told = {name: getattr(rule, name) for name in _FIELDS if name not in ("match", "keep")}
        line = json.dumps([rule.id, rule.language, told], sort_keys=True, ensure_ascii=False)
        digest.update(line.encode("utf-8", "surrogatepass") + b"\n")
    return digest.hexdigest()[:16]


def load_rulebook(options: CleanOptions | None = None) -> Rulebook:
    """Return the rules in force: the shipped ones, those of plug-ins and those of `options`.

    Raises:
        RuleError: A rule file is broken, or an option names a rule that is not there.
    """
    options = options or CleanOptions()
    contents = []
    for name in options.rules:
        try:
            contents.append((str(name), Path(name).read_text(encoding="utf-8")))
        except (OSError, UnicodeDecodeError) as error:
            reason = getattr(error, "strerror", None) or error
            raise RuleError(f"{name}: cannot read the rule file: {reason}") from None
    return _assemble(tuple(contents), options.select, options.ignore)


# Keyed by the files' contents, so that a cached set can never differ from a fresh one.
@lru_cache(maxsize=32)
def _assemble(
    own: tuple[tuple[str, str], ...], select: tuple[str, ...], ignore: tuple[str, ...]
) -> Rulebook:
    from cleannews.boilerplate.shipped import shipped_rules  # which reads them with this module

    rules, categories = shipped_rules()
    extra: list[Rule] = []
    for name, content in (*_plugin_files(), *own):
        extra += read_rules(content, name, categories)
    for rule in extra:
        categories.setdefault(rule.category, Category(rule.category, "Rules of the caller"))
    everything = _distinct([*rules, *extra])
    return Rulebook(tuple(everything), categories, _hash(everything)).restrict(select, ignore)


def _distinct(rules: list[Rule]) -> list[Rule]:
    seen: dict[tuple[str, str], Rule] = {}
    for rule in rules:
        if (rule.language, rule.id) in seen:
            raise RuleError(f"rule {rule.id!r} ({rule.language}) is defined twice")
        seen[rule.language, rule.id] = rule
    return list(seen.values())


def _plugin_files() -> list[tuple[str, str]]:
    """Contents of the rule files that installed packages offer.

    An entry point loads to a path, a list of paths, or a function that returns one of these.
    """
    found: list[tuple[str, str]] = []
    for point in sorted(entry_points(group=ENTRY_POINT_GROUP), key=lambda p: p.name):
        paths = point.load()
        paths = paths() if callable(paths) else paths
        for path in [paths] if isinstance(paths, (str, Path)) else list(paths):
            try:
                found.append((f"{point.name}: {path}", Path(path).read_text(encoding="utf-8")))
            except OSError as error:
                reason = error.strerror or error
                raise RuleError(f"plug-in {point.name!r}: {path}: {reason}") from None
    return found


def read_rules(
    content: str, where: str, categories: Mapping[str, Category], *, trusted: bool = False
) -> list[Rule]:
    """Return the rules of one TOML file.

    Args:
        content: The file's text.
        where: Its path, as named in errors; ``<language>/<category>.toml`` gives language and
            category, any other path means language ``und`` and table names ``category/name``.
        categories: Known categories, for defaults.
        trusted: Skip `check_rule`, which the tests run on every shipped rule.

    Raises:
        RuleError: Something in the file is wrong; the message names the place and the way out.
    """
    try:
        tables = tomllib.loads(content)
    except tomllib.TOMLDecodeError as error:
        raise RuleError(f"{where}: not valid TOML: {error}") from None
    stem = Path(where).stem
    language = Path(where).parent.name if trusted else "und"
    rules = []
    for name, table in tables.items():
        if not isinstance(table, dict):
            raise RuleError(f"{where}: {name!r} stands outside a table; every rule is a [table]")
        category, _, short = name.rpartition("/")
        rule = _rule(f"{where}: rule", category or stem, short, table, language, categories)
        if not trusted:
            check_rule(f"{where}: rule {rule.id!r}", rule)
        rules.append(rule)
    return rules


def _rule(
    where: str,
    category: str,
    name: str,
    table: dict[str, Any],
    language: str,
    categories: Mapping[str, Category],
) -> Rule:
    where = f"{where} '{category}/{name}'"
    for part in (category, name):
        if not _NAME.fullmatch(part):
            raise RuleError(f"{where}: {part!r} is not a name (lower-case words joined by - or _)")
    for field in table:
        if field not in (*_FIELDS, "language"):
            hint = did_you_mean(field, _FIELDS)
            raise RuleError(f"{where}: unknown field {field!r}{hint}")
    values = dict(table)
    language = values.pop("language", language)
    for field in _LISTS:
        value = values.get(field, [])
        if not isinstance(value, list) or not all(isinstance(v, str) and v.strip() for v in value):
            raise RuleError(f"{where}: {field!r} takes a list of non-empty strings")
        values[field] = tuple(value)
    for field in _STRINGS:
        if field in values and not isinstance(values[field], str):
            raise RuleError(f"{where}: {field!r} takes a string")
    for field, allowed in (("zone", ZONES), ("extent", EXTENTS), ("safety", SAFETIES)):
        if (value := values.get(field)) is not None and value not in allowed:
            hint = did_you_mean(value, allowed)
            raise RuleError(f"{where}: {field!r} is {value!r}; it takes {', '.join(allowed)}{hint}")
    values["captures"] = _captures(where, values.get("captures", {}))
    defaults = categories.get(category, Category(category, ""))
    values.setdefault("max_words", defaults.max_words)
    values.setdefault("confidence", defaults.confidence)
    if not isinstance(values["max_words"], int) or not 0 <= values["max_words"] <= 400:
        raise RuleError(f"{where}: 'max_words' takes a whole number from 0 to 400")
    confidence = values["confidence"]
    if not isinstance(confidence, (int, float)) or not 0 < confidence <= 1:
        raise RuleError(f"{where}: 'confidence' takes a number above 0 and up to 1")
    if not values.get("describe"):
        raise RuleError(f"{where}: 'describe' is missing: one sentence on what this is")
    return Rule(id=f"{category}/{name}", category=category, language=language, **values)


def _captures(where: str, value: object) -> tuple[tuple[str, str], ...]:
    if not isinstance(value, dict):
        raise RuleError(f"{where}: 'captures' takes a table of metadata field and kind of value")
    for field, kind in value.items():
        if kind not in VALUE_KINDS:
            hint = did_you_mean(str(kind), VALUE_KINDS)
            raise RuleError(
                f"{where}: 'captures' gives {field!r} the kind {kind!r}; "
                f"it takes {', '.join(VALUE_KINDS)}{hint}"
            )
    return tuple(sorted(value.items()))


def check_rule(where: str, rule: Rule) -> None:
    """Check that a rule can find something, safely and fast, and that its examples hold.

    Raises:
        RuleError: Something is wrong; the message begins with `where`.
    """
    if not (rule.phrases or rule.pattern or rule.detector):
        raise RuleError(f"{where}: needs 'phrases', 'pattern' or 'detector'")
    if not rule.detector and (len(rule.match) < 2 or not rule.keep):
        raise RuleError(f"{where}: needs two 'match' examples and a near miss in 'keep'")
    for phrase in rule.phrases:
        if not fold(phrase.strip("… ")) and rule.extent != "inline":
            raise RuleError(f"{where}: phrase {phrase!r} is empty after folding; use 'pattern'")
        if " … " in phrase:
            raise RuleError(f"{where}: phrase {phrase!r} has its '…' inside; use 'pattern'")
    if rule.pattern is not None:
        try:
            expanded = expand_macros(rule.pattern)
            compiled = re.compile(expanded, re.IGNORECASE)
        except (re.error, KeyError) as error:
            raise RuleError(f"{where}: pattern: {error.args[0]}") from None
        if problem := pattern_problem(expanded):
            raise RuleError(f"{where}: pattern: {problem}")
        groups, captured = set(compiled.groupindex), {f for f, _ in rule.captures}
        if groups - captured:
            name = sorted(groups - captured)[0]
            raise RuleError(f"{where}: the pattern's group {name!r} is not in 'captures'")
    if rule.extent == "label" and len(rule.captures) != 1 and not rule.pattern:
        raise RuleError(f"{where}: a label needs one field in 'captures' for its value")
    if problem := example_problem(rule):
        raise RuleError(f"{where}: {problem}")


def _tokens(text: str) -> set[str]:
    """Words and symbols of a text; for scripts without spaces all of its characters."""
    tokens = set(re.findall(r"[^\W_]+", fold(text)))
    return tokens | {c for c in text if not c.isspace() and not (c.isascii() and c.isalnum())}


def example_problem(rule: Rule) -> str | None:
    """Return what is wrong with a rule's examples, or None when all of them hold."""
    if rule.detector:
        return None
    from cleannews.boilerplate.matching import Matcher

    matcher = Matcher((rule,))
    for example in rule.match:
        if not matcher.matches(example):
            return f"the 'match' example {example!r} is not found"
    for example in rule.keep:
        if matcher.matches(example):
            return f"the 'keep' example {example!r} is found and must not be"
    found = {w for e in (*rule.match, *rule.phrases) for w in _tokens(e)}
    if not any(found & _tokens(e) for e in rule.keep):
        return "no 'keep' example is a near miss: one must share a word with what the rule finds"
    return None

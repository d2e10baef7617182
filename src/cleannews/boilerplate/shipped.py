"""The rules that come with cleannews.

They are TOML files. A built package also holds them read and folded in one file, because reading
400 files of TOML takes longer than cleaning a page; a checkout does without, so that a rule that
was just written counts at once. The file has the categories in its first line and a rule in each
other line, so that reading it never takes the memory of all of it at once.
"""

from __future__ import annotations

import json
import sys
import tomllib
from collections.abc import Mapping
from dataclasses import asdict, fields
from functools import cache, partial
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any, NamedTuple

from cleannews.boilerplate.phrases import fold_phrase
from cleannews.boilerplate.rulebook import Category, read_rules
from cleannews.document import Rule

COMPILED = "rules.jsonl"
"""Name of the compiled file, beside this module."""

_DEFAULTS = {f.name: f.default for f in fields(Rule)}


def shipped_rules() -> tuple[list[Rule], dict[str, Category]]:
    """Return the rules and categories that come with cleannews."""
    compiled = _compiled()
    if compiled is None:
        return read_shipped_rules()
    return list(compiled.rules), dict(compiled.categories)


def read_shipped_rules() -> tuple[list[Rule], dict[str, Category]]:
    """Return the same from the TOML files."""
    root = _folder().joinpath("rules")
    table = tomllib.loads(root.joinpath("categories.toml").read_text(encoding="utf-8"))
    categories = {name: Category(name, **values) for name, values in table.items()}
    rules: list[Rule] = []
    for folder in _sorted(root):
        if folder.is_dir():
            for file in _sorted(folder):
                if file.name.endswith(".toml"):
                    content, where = file.read_text(encoding="utf-8"), f"{folder.name}/{file.name}"
                    rules += read_rules(content, where, categories, trusted=True)
    return rules, categories


def folded_phrases() -> Mapping[str, tuple[str, str]]:
    """Return what `fold_phrase` makes of the shipped phrases; nothing in a checkout."""
    compiled = _compiled()
    return {} if compiled is None else compiled.phrases


def compile_rules() -> str:
    r"""Return the content of the compiled file; the build of a package writes it.

    >>> sorted(json.loads(compile_rules().split("\n")[-2]))[:3]
    ['category', 'confidence', 'describe']
    """
    rules, categories = read_shipped_rules()
    told: list[Any] = [list(map(asdict, categories.values()))]
    for rule in rules:
        values = {k: v for k, d in _DEFAULTS.items() if (v := getattr(rule, k)) != d}
        told.append(values | {"folded": list(map(fold_phrase, rule.phrases))})
    dump = partial(json.dumps, ensure_ascii=False, separators=(",", ":"))
    return "".join(dump(line) + "\n" for line in told)


def _folder() -> Traversable:
    return files("cleannews.boilerplate")


class _Shipped(NamedTuple):
    """What the compiled file holds; every string once, as there are tens of thousands."""

    rules: tuple[Rule, ...]
    categories: dict[str, Category]
    phrases: dict[str, tuple[str, str]]


@cache
def _compiled() -> _Shipped | None:
    file = _folder().joinpath(COMPILED)
    if not file.is_file():
        return None
    rules: list[Rule] = []
    folded: dict[str, tuple[str, str]] = {}
    with file.open(encoding="utf-8") as lines:
        categories = [Category(**values) for values in json.loads(next(lines))]
        for values in map(json.loads, lines):
            forms = values.pop("folded")
            rules.append(rule := _rule(values))
            for phrase, (key, kind) in zip(rule.phrases, forms, strict=True):
                folded[phrase] = (phrase if key == phrase else key, sys.intern(kind))
    return _Shipped(tuple(rules), {c.name: c for c in categories}, folded)


def _rule(values: Mapping[str, Any]) -> Rule:
    made: dict[str, Any] = {
        name: tuple(v) if isinstance(v, list) else v for name, v in values.items()
    }
    if "captures" in made:
        made["captures"] = tuple((field, kind) for field, kind in made["captures"])
    return Rule(**made)


def _sorted(folder: Traversable) -> list[Traversable]:
    return sorted(folder.iterdir(), key=lambda f: f.name)

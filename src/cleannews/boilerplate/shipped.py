"""The rules that come with cleannews.

They are TOML files. A built package also holds them read and folded in one file of JSON, because
reading 400 files of TOML takes longer than cleaning a page; a checkout does without, so that a
rule that was just written counts at once.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from dataclasses import fields
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

from cleannews.boilerplate.phrases import fold_phrase
from cleannews.boilerplate.rulebook import Category, read_rules
from cleannews.document import Rule

COMPILED = "rules.json"
"""Name of the compiled file, beside this module."""

_DEFAULTS = {f.name: f.default for f in fields(Rule)}


def shipped_rules() -> tuple[list[Rule], dict[str, Category]]:
    """Return the rules and categories that come with cleannews."""
    compiled = _compiled()
    if compiled is None:
        return read_shipped_rules()
    categories = {name: Category(**values) for name, values in compiled["categories"].items()}
    return [_rule(values) for values in compiled["rules"]], categories


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
    return {} if compiled is None else compiled["phrases"]


def compile_rules() -> str:
    """Return the content of the compiled file; the build of a package writes it.

    >>> sorted(json.loads(compile_rules()))
    ['categories', 'phrases', 'rules']
    """
    rules, categories = read_shipped_rules()
    phrases = {phrase: fold_phrase(phrase) for rule in rules for phrase in rule.phrases}
    made = {
        "categories": {
            name: {f.name: getattr(category, f.name) for f in fields(Category)}
            for name, category in categories.items()
        },
        "rules": [
            {k: v for k, d in _DEFAULTS.items() if (v := getattr(rule, k)) != d} for rule in rules
        ],
        "phrases": phrases,
    }
    return json.dumps(made, ensure_ascii=False, separators=(",", ":"))


def _folder() -> Traversable:
    return files("cleannews.boilerplate")


@cache
def _compiled() -> dict[str, Any] | None:
    file = _folder().joinpath(COMPILED)
    if not file.is_file():
        return None
    compiled: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return compiled


def _rule(values: Mapping[str, Any]) -> Rule:
    made: dict[str, Any] = {
        name: tuple(v) if isinstance(v, list) else v for name, v in values.items()
    }
    if "captures" in made:
        made["captures"] = tuple((field, kind) for field, kind in made["captures"])
    return Rule(**made)


def _sorted(folder: Traversable) -> list[Traversable]:
    return sorted(folder.iterdir(), key=lambda f: f.name)

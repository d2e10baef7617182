"""Decision: which findings are removed under the options, which are only flagged."""

from __future__ import annotations

from collections.abc import Iterable

from cleannews.boilerplate.rulebook import Rulebook
from cleannews.document import Finding
from cleannews.options import (
    CERTAIN,
    MINIMUM_BLOCK,
    MINIMUM_CONFIDENCE,
    MINIMUM_SCORED,
    CleanOptions,
)


def to_remove(
    findings: Iterable[Finding],
    options: CleanOptions,
    rulebook: Rulebook,
    *,
    is_first: bool = False,
) -> list[Finding]:
    """Return the findings to remove; the others are only flagged.

    Args:
        findings: In order of position.
        options: The caller's options.
        rulebook: Rules in force; a category may belong to an option that keeps it.
        is_first: A closer look follows, so that only what is all but certain goes now.
    """
    least = MINIMUM_CONFIDENCE[options.strictness]
    scored = MINIMUM_SCORED[options.strictness]
    categories, by_layout = rulebook.categories, rulebook.served_by("layout")
    block = CERTAIN if is_first else MINIMUM_BLOCK[options.strictness]
    least_of = {c.name: scored[c.scored] for c in categories.values() if c.scored}
    safeties = {"safe", "unsafe"} if options.strictness == "strict" else {"safe"}
    kept = {
        name
        for name, category in categories.items()
        if category.option and getattr(options, category.option) == "keep"
    }
    return [
        f
        for f in findings
        if f.safety in safeties
        and f.confidence >= (block if f.rule in by_layout else least_of.get(f.category, least))
        and f.category not in kept
    ]

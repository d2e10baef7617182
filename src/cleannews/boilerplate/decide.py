"""Decision: which findings are removed under the options, which are only flagged."""

from __future__ import annotations

from collections.abc import Iterable

from cleannews.boilerplate.rulebook import Category
from cleannews.document import Finding
from cleannews.options import MINIMUM_CONFIDENCE, CleanOptions


def decide(
    findings: Iterable[Finding], options: CleanOptions, categories: dict[str, Category]
) -> tuple[list[Finding], list[Finding]]:
    """Split findings into those to remove and those to flag.

    Args:
        findings: In order of position.
        options: The caller's options.
        categories: By name; a category may belong to an option that keeps it.

    Returns:
        (to remove, to flag), each in order of position.
    """
    least = MINIMUM_CONFIDENCE[options.strictness]
    remove, flag = [], []
    for finding in findings:
        category = categories.get(finding.category)
        kept = category and category.option and getattr(options, category.option) == "keep"
        allowed = finding.safety == "safe" or (
            finding.safety == "unsafe" and options.strictness == "strict"
        )
        if allowed and not kept and finding.confidence >= least:
            remove.append(finding)
        else:
            flag.append(finding)
    return remove, flag

"""Markdown of pictures and of links that hold none but a picture or nothing: no words to read."""

from __future__ import annotations

from cleannews.boilerplate.context import Context

CATEGORIES = {True: "caption", False: "navigation"}
"""Category of a picture, and of a link without words."""


def find_pictures(context: Context) -> None:
    """Claim blocks that hold nothing but pictures or links without words."""
    alone = [b for b in context.page.blocks if b.mark == "!"]
    if not alone:
        return
    rules = {r.category: r for r in context.detector_rules("pictures")}
    for block in alone:
        rule = rules.get(CATEGORIES["![" in block.text])
        if rule is not None and context.in_zone(block.index, rule.zone):
            what = "a picture" if rule.category == "caption" else "a link without words"
            context.claim(block, rule, f"nothing but {what} in Markdown")

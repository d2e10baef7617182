"""Blocks of an HTML page that the learned scorer doubts, and what the caller does not want."""

from __future__ import annotations

from cleannews.boilerplate.context import Context
from cleannews.document import Block, Finding
from cleannews.options import CleanOptions
from cleannews.reading.html_page import HtmlPage

DETECTOR = "layout"


def find_boxes(
    context: Context, *, by_tree: bool = False, is_last: bool = True, may_end: bool = False
) -> None:
    """Claim what the scorer doubts on an HTML page, named by the box it stands in.

    Args:
        context: The page and what the rules found there.
        by_tree: Judge by the tree alone.
        is_last: No closer look follows.
        may_end: None follows where this one leaves hardly any doubt.
    """
    page = context.page
    rules = {r.category: r for r in context.detector_rules(DETECTOR)}
    if not rules or not isinstance(page, HtmlPage) or not page.blocks:
        return
    # Flat texts end before here; numpy is loaded for those that do not.
    if page.keeps:
        from cleannews.boilerplate.glance import claim_pieces

        claim_pieces(context, page, rules)
        return
    from cleannews.boilerplate.boxes import claim_boxes

    claim_boxes(context, page, rules, by_tree=by_tree, is_last=is_last, may_end=may_end)


def unwanted(page: HtmlPage, options: CleanOptions) -> list[Finding]:
    """Return findings of what the caller does not want, whether it belongs to the story or not."""
    found: list[Finding] = []
    if options.subheads == "remove":
        found += [_asked(b, "subhead") for b in page.blocks if b.mark[:1] == "#"]
    if options.tables == "remove":
        found += [_asked(b, "table") for b in page.blocks if b.mark == "|"]
    return found


def _asked(block: Block, what: str) -> Finding:
    return Finding(block.span, f"option/{what}", "option", "safe", 1.0, f"a {what}: not wanted")

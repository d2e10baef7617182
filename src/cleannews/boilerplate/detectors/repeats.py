"""Text that the page already holds: an article printed twice, a caption under its own thumbnail."""

from __future__ import annotations

from collections import Counter

from cleannews.boilerplate.context import Context
from cleannews.document import Block, Rule

SHORTEST = 8
"""Least words of a block that counts as a copy at all."""
SHORTEST_ALONE = 25
"""Least words of a copy that stands neither beside the first one nor in a longer run of copies."""
NEAR = 2
"""Farthest distance, in blocks, between two copies of one run."""
RUN = 3
"""Least blocks of a run of copies."""
SHORTEST_CUT = 5
"""Least words of a block that is cut short ("…") and begins like an earlier one."""
LONGEST_CUT = 200
"""Longest cut block, in code points."""
_CUT = ("...", "…")


def find_repeats(context: Context) -> None:
    """Claim later copies of blocks, and teasers cut from an earlier block.

    A list of products, drills or dishes repeats whole lines on purpose. So a copy must stand beside
    its first print, or be one of several copies in the same order, or be a long paragraph that
    stands there exactly twice.
    """
    blocks = [b for b in context.page.blocks if b.words >= SHORTEST_CUT]
    texts = [b.shown for b in blocks]
    has_copies = len(set(texts)) < len(texts)
    has_cuts = True in [t.endswith(_CUT) for t in texts]
    if not has_copies and not has_cuts:
        return
    removable = {i for i, claim in context.claims.items() if claim.safety == "safe"}
    for rule in context.detector_rules("repeats"):
        if has_copies:
            often = {text for text, count in Counter(texts).items() if count > 1}
            alike = [b for b in blocks if b.shown in often and b.index not in removable]
            _claim_copies(context, rule, {b.index: b.shown for b in alike})
        if has_cuts:
            keys = {b.index: b.shown for b in blocks if b.index not in removable}
            _claim_cut(context, rule, keys)


def _claim_copies(context: Context, rule: Rule, keys: dict[int, str]) -> None:
    blocks = context.page.blocks
    first: dict[str, int] = {}
    last: dict[str, int] = {}
    copies: dict[int, int] = {}  # a copy's index to the index of the print it repeats
    near: set[int] = set()
    for index, key in keys.items():
        if blocks[index].words < SHORTEST:
            continue
        if key in first:
            copies[index] = first[key]
            if all(map(context.is_removable, range(last[key] + 1, index))):
                near.add(index)
        first.setdefault(key, index)
        last[key] = index
    often = Counter(keys[i] for i in copies)
    runs = _in_runs(copies)
    for index, original in copies.items():
        block = blocks[index]
        alone = block.is_prose and block.words >= SHORTEST_ALONE and often[keys[index]] == 1
        kind = "beside it" if index in near else "in a run of copies" if index in runs else "alone"
        if kind != "alone" or alone:
            context.claim(block, rule, f"repeats block {original + 1} word for word, {kind}")


def _in_runs(copies: dict[int, int]) -> set[int]:
    """Copies that stand in the same order as what they repeat, at least `RUN` of them."""
    found: set[int] = set()
    run: list[int] = []
    for index in sorted(copies):
        follows = (
            bool(run) and index - run[-1] <= NEAR and (0 < copies[index] - copies[run[-1]] <= NEAR)
        )
        run = [*run, index] if follows else [index]
        if len(run) >= RUN:
            found.update(run[-RUN:])
    return found


def _claim_cut(context: Context, rule: Rule, keys: dict[int, str]) -> None:
    starts: dict[str, list[tuple[str, Block]]] = {}
    for index, key in keys.items():
        block = context.page.blocks[index]
        if key.endswith(_CUT) and len(key) <= LONGEST_CUT:
            longer = starts.get(key[:12], ())[:50]
            if any(len(k) > len(key) and k.startswith(key.rstrip(".… ")) for k, _ in longer):
                context.claim(block, rule, "begins like an earlier block and is cut short")
        elif block.words >= SHORTEST:
            starts.setdefault(key[:12], []).append((key, block))

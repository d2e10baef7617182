"""What rules find in one block, without looking at its neighbours."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from cleannews.document import Capture, Rule, Span

_READERS = {"und": 0, "en": 1}


def language_rank(language: str) -> int:
    """Return the place of a language's rules: any language, one that more readers know, others."""
    return _READERS.get(language, len(_READERS))


class Hit(NamedTuple):
    """One rule's match in one block.

    Attributes:
        rule: The rule.
        start: First code point, counted from the block's start.
        end: One past the last.
        whole: It claims the whole block.
        evidence: What matched, for people.
        captures: (field, value, start, end), offsets counted from the block's start.
        loose: Only the block's first or last words are the rule's, and they are few.
    """

    rule: Rule
    start: int
    end: int
    whole: bool
    evidence: str
    captures: tuple[tuple[str, str, int, int], ...] = ()
    loose: bool = False

    def captures_at(self, at: int) -> tuple[Capture, ...]:
        """Return the captures with document offsets; `at` is where the matched text begins."""
        if not self.captures:
            return ()
        return tuple(Capture(f, value, Span(at + s, at + e)) for f, value, s, e in self.captures)


class Found(NamedTuple):
    """All hits in one block, and again by what becomes of them; sorted once, read on every page.

    Attributes:
        hits: All of them, in the order of rules.
        claims: Those that claim the whole block whatever stands beside it. Of one rule in several
            languages only one, if they say the same: many have a rule for "Home".
        needing: Those that claim the whole block if a certain neighbour stands beside it.
        parts: Those inside the block.
        labels: Those of labels, whose value may stand on the next block.
        headings: Those of headings, which reach over what stands under them.
        warning: Those of rules that warn.
        is_safe: A safe rule claims the whole block, perhaps only beside a neighbour.
    """

    hits: tuple[Hit, ...] = ()
    claims: tuple[Hit, ...] = ()
    needing: tuple[Hit, ...] = ()
    parts: tuple[Hit, ...] = ()
    labels: tuple[Hit, ...] = ()
    headings: tuple[Hit, ...] = ()
    warning: tuple[Hit, ...] = ()
    is_safe: bool = False


NOTHING = Found()


def _order(hit: Hit) -> tuple[int, str, str]:
    return language_rank(hit.rule.language), hit.rule.language, hit.evidence


def _without_like(hits: Iterable[Hit]) -> tuple[Hit, ...]:
    kept: dict[object, Hit] = {}
    for hit in hits:
        rule = hit.rule
        like = (rule.id, rule.zone, rule.safety, rule.confidence, hit.captures)
        if like not in kept or _order(hit) < _order(kept[like]):
            kept[like] = hit
    return tuple(kept.values())


def sort_hits(hits: Sequence[Hit]) -> Found:
    """Return the hits of one block by what becomes of them."""
    whole = [h for h in hits if h.whole]
    return Found(
        hits=tuple(hits),
        claims=_without_like(h for h in whole if not h.rule.near),
        needing=tuple(h for h in whole if h.rule.near),
        parts=tuple(h for h in hits if not h.whole),
        labels=tuple(h for h in hits if h.rule.extent == "label"),
        headings=tuple(h for h in whole if h.rule.extent == "section"),
        warning=tuple(h for h in hits if h.rule.warns),
        is_safe=any(h.rule.safety == "safe" for h in whole),
    )

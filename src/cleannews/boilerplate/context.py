"""What detectors see: the blocks, what the rules hit, where the story begins and ends."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from cleannews.boilerplate.matching import LANGUAGE_ORDER, Hit, Matcher
from cleannews.boilerplate.rulebook import Rulebook
from cleannews.boilerplate.sites import SiteProfile
from cleannews.document import Block, Capture, Finding, Page, Rule, Span

LIFTED = {"agency", "byline", "date", "headline"}
"""Categories that stand on one line together: "By Ana Ruiz, Reuters, May 3, 2021"."""

_SAFETY_ORDER = {"safe": 0, "unsafe": 1, "report": 2}


@dataclass(slots=True)
class Context:
    """One page on its way through detection.

    Attributes:
        page: The page.
        rulebook: Rules in force.
        matcher: Index over them.
        hits: What the rules find in each block, without looking at neighbours.
        site: What was learned from other pages of the site, if anything was.
        block_hits: The blocks in which rules found something, with what they found.
        story: Indexes of the story blocks: prose that no safe rule claims.
        first_story: Index of the first story block; the number of blocks when there is none.
        last_story: Index of the last story block; -1 when there is none.
        claims: Block index to the best finding that claims the whole block.
        parts: Findings inside blocks.
    """

    page: Page
    rulebook: Rulebook
    matcher: Matcher
    hits: list[tuple[Hit, ...]]
    site: SiteProfile | None = None
    block_hits: list[tuple[Block, tuple[Hit, ...]]] = field(init=False)
    story: list[int] = field(init=False)
    first_story: int = field(init=False)
    last_story: int = field(init=False)
    claims: dict[int, Finding] = field(default_factory=dict)
    parts: list[Finding] = field(default_factory=list)

    def __post_init__(self) -> None:
        blocks = self.page.blocks
        self.block_hits = [(blocks[i], hits) for i, hits in enumerate(self.hits) if hits]
        self.story = [
            b.index
            for b, hits in zip(self.page.blocks, self.hits, strict=True)
            if b.is_prose and not (hits and any(h.whole and h.rule.safety == "safe" for h in hits))
        ]
        self.first_story = self.story[0] if self.story else len(self.page.blocks)
        self.last_story = self.story[-1] if self.story else -1

    def in_zone(self, index: int, zone: str) -> bool:
        """Tell whether a block lies in a rule's zone.

        The zones hang on the story's first and last block, so they stay where they are when
        boilerplate is deleted.
        """
        return (
            zone == "any"
            or (zone in ("head", "edge") and index < self.first_story)
            or (zone in ("tail", "edge") and index > self.last_story)
        )

    def detector_rules(self, name: str) -> list[Rule]:
        """Return the rules in force that a detector serves."""
        return self.matcher.detector_rules.get(name, [])

    def detector_words(self, name: str) -> Mapping[str, Rule]:
        """Return the folded phrases of a detector's rules, and whose they are."""
        return self.matcher.detector_words.get(name, {})

    def claim(
        self,
        block: Block,
        rule: Rule,
        evidence: str,
        captures: tuple[Capture, ...] = (),
        confidence: float | None = None,
    ) -> None:
        """Claim a whole block, unless a better claim is there.

        Better is: a safer rule, then a more confident one, then one of a language that more readers
        know, then the smaller id, so that the outcome does not hang on the order of rules.
        """
        new = Finding(
            span=block.span,
            rule=rule.id,
            category=rule.category,
            safety=rule.safety,
            confidence=rule.confidence if confidence is None else confidence,
            evidence=evidence,
            language=rule.language,
            captures=captures,
        )
        old = self.claims.get(block.index)
        if old is None:
            self.claims[block.index] = new
            return
        better, other = (new, old) if _rank(new) < _rank(old) else (old, new)
        # What the other rule read is no worse for not being the reason, if both speak of one thing:
        # a copyright line is no picture's credit.
        same = other.category == better.category or {other.category, better.category} <= LIFTED
        more = tuple(c for c in other.captures if same and _is_free(c, better.captures))
        if more:
            better = replace(better, captures=better.captures + more)
        self.claims[block.index] = better

    def is_removable(self, index: int) -> bool:
        """Tell whether a safe finding claims the block."""
        claim = self.claims.get(index)
        return claim is not None and claim.safety == "safe"


def _is_free(capture: Capture, taken: tuple[Capture, ...]) -> bool:
    """Tell whether neither a capture's field nor its place is taken."""
    return not any(
        c.field == capture.field
        or (c.span.start < capture.span.end and capture.span.start < c.span.end)
        for c in taken
    )


def captures_of(hit: Hit, at: int) -> tuple[Capture, ...]:
    """Return a hit's captures with document offsets; `at` is where the matched text begins."""
    if not hit.captures:
        return ()
    return tuple(Capture(f, value, Span(at + s, at + e)) for f, value, s, e in hit.captures)


def _rank(finding: Finding) -> tuple[int, float, int, str, str, str]:
    return (
        _SAFETY_ORDER[finding.safety],
        -finding.confidence,
        LANGUAGE_ORDER.get(finding.language, len(LANGUAGE_ORDER)),
        finding.rule,
        finding.language,
        finding.evidence,
    )

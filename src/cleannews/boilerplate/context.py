"""What detectors see: the blocks, what the rules hit, where the story begins and ends."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from cleannews.boilerplate.hits import NOTHING, Found, language_rank
from cleannews.boilerplate.matching import Matcher
from cleannews.boilerplate.rulebook import Rulebook
from cleannews.boilerplate.sites import SiteProfile
from cleannews.document import Block, Capture, Finding, Page, Rule

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
        found: What the rules find in each block, without looking at neighbours.
        site: What was learned from other pages of the site, if anything was.
        is_scored: The text is what the scorer of blocks left of an HTML page, which needs no
            scorer of lines.
        hit_blocks: The blocks in which rules found something, with what they found.
        story: Indexes of the story blocks: prose that no safe rule claims.
        first_story: Index of the first story block; the number of blocks when there is none.
        last_story: Index of the last story block; -1 when there is none.
        is_settled: Of an HTML page, no closer look is needed.
        hopes: Of an HTML page, the calibrated probability of each block to belong to the story.
        claims: Block index to the best finding that claims the whole block.
        parts: Findings inside blocks.
    """

    page: Page
    rulebook: Rulebook
    matcher: Matcher
    found: list[Found]
    site: SiteProfile | None = None
    is_scored: bool = False
    hit_blocks: list[tuple[Block, Found]] = field(init=False)
    story: list[int] = field(init=False)
    first_story: int = field(init=False)
    last_story: int = field(init=False)
    is_settled: bool = False
    hopes: list[float] | None = None
    claims: dict[int, Finding] = field(default_factory=dict)
    parts: list[Finding] = field(default_factory=list)

    def __post_init__(self) -> None:
        blocks, found = self.page.blocks, self.found
        self.hit_blocks = [(b, f) for b, f in zip(blocks, found, strict=True) if f is not NOTHING]
        self.story = [b.index for b in blocks if b.is_prose and not found[b.index].is_safe]
        self.first_story = self.story[0] if self.story else len(blocks)
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
        sure = rule.confidence if confidence is None else confidence
        index = block.index
        old = self.claims.get(index)
        is_better = old is None or _beats(rule, sure, evidence, old)
        if old is not None and (more := captures if not is_better else old.captures):
            # What the other rule read is no worse for not being the reason, if both speak of one
            # thing: a copyright line is no picture's credit.
            same = old.category == rule.category or {old.category, rule.category} <= LIFTED
            taken = captures if is_better else old.captures
            captures = taken + tuple(c for c in more if same and _is_free(c, taken))
            if not is_better and len(captures) > len(taken):
                self.claims[index] = replace(old, captures=captures)
        if is_better:
            self.claims[index] = Finding(
                block.span,
                rule.id,
                rule.category,
                rule.safety,
                sure,
                evidence,
                rule.language,
                captures,
            )

    def last_kept(self) -> int:
        """Return the index of the last block that no safe finding claims; -1 when there is none."""
        last = len(self.found) - 1
        while last >= 0 and self.is_removable(last):
            last -= 1
        return last

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


def _beats(rule: Rule, confidence: float, evidence: str, old: Finding) -> bool:
    """Tell whether a claim is better than the one that is there."""
    if rule.safety != old.safety:
        return _SAFETY_ORDER[rule.safety] < _SAFETY_ORDER[old.safety]
    if confidence != old.confidence:
        return confidence > old.confidence
    rank, old_rank = language_rank(rule.language), language_rank(old.language)
    if rank != old_rank:
        return rank < old_rank
    return (rule.id, rule.language, evidence) < (old.rule, old.language, old.evidence)

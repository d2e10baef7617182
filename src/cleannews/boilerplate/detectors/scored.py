"""Lines that no rule names but that stand and look like boilerplate: what the scorer doubts."""

from __future__ import annotations

from dataclasses import replace

from cleannews.boilerplate.context import Context
from cleannews.boilerplate.units import Unit, units_of

LEAST_UNITS = 8
"""Least lines without prose and without a rule's claim that make a text a page to be scored. Lines
that only the site's profile claims count: with them gone a page is a page still."""
LEAST_FURNITURE = 4
"""Least lines that rules claim or the scorer doubts on a page that holds more than its story."""
LEAST_GAIN = 0.1
"""Least gain in expected F1 for which lines are claimed, as a share of what is left to be gained:
what a look has left in doubt is not eaten up by the next ones."""
TEMPLATE = "site_template"
"""Category of what the site's profile claims."""
LEAST_DOUBT = 0.4
"""Least confidence at which a line is claimed at all."""


def find_scored_lines(context: Context) -> None:
    """Claim what the scorer doubts, named by where it stands."""
    rules = {r.category: r for r in context.detector_rules("scorer")}
    if not rules or not context.story or context.is_scored:
        return
    units = units_of(context.page.blocks)
    removable = {i for i, claim in context.claims.items() if claim.safety == "safe"}
    is_free = [not removable.issuperset(range(u.first, u.last + 1)) for u in units]
    short = sum(
        (free or context.claims[u.first].category == TEMPLATE) and not u.is_prose
        for u, free in zip(units, is_free, strict=True)
    )
    if short < LEAST_UNITS:
        return
    # Most calls end before here; numpy is loaded for those that do not.
    import numpy as np

    from cleannews.boilerplate.features import features_of
    from cleannews.boilerplate.payoff import best_expected_f1, paying, whole_expected_f1
    from cleannews.boilerplate.scorer import calibrated, model, story_of

    trained = model()
    keep = trained.judges.probabilities(features_of(units, context.claims, trained.lines))
    words = np.array([u.words if free else 0 for u, free in zip(units, is_free, strict=True)])
    story = story_of(keep, words)
    if story is None:
        return
    index = np.arange(len(units))
    is_inside = (index >= story[0]) & (index <= story[1])
    doubts = calibrated(1.0 - keep, is_inside, trained).round(4)
    if np.count_nonzero((doubts >= LEAST_DOUBT) | ~np.array(is_free)) < LEAST_FURNITURE:
        return
    hopes = 1.0 - doubts
    best = best_expected_f1(words, hopes)
    if best - whole_expected_f1(words, hopes) < LEAST_GAIN * (1.0 - best):
        return
    # Where a page leaves much doubt, lines stay as long as that raises the F1 to be expected.
    doubts[hopes >= paying(best)] = 0.0
    claims, blocks = context.claims, context.page.blocks
    told, chances = doubts.tolist(), keep.tolist()
    for i in np.flatnonzero(doubts >= LEAST_DOUBT).tolist():
        unit, doubt = units[i], told[i]
        if not is_free[i] and claims[unit.first].confidence >= doubt and unit.first == unit.last:
            continue
        category, evidence = _where(i, unit, story, chances[i])
        if (rule := rules.get(category)) is None:
            continue
        for block in blocks[unit.first : unit.last + 1]:
            claim = claims.get(block.index)
            if claim is None:
                context.claim(block, rule, evidence, confidence=doubt)
            elif claim.safety == "safe" and claim.confidence < doubt:
                # A rule says better what the line is; the scorer only makes it surer.
                why = f"{claim.evidence}; {evidence}"
                claims[block.index] = replace(claim, confidence=doubt, evidence=why)


def _where(i: int, unit: Unit, story: tuple[int, int], keep: float) -> tuple[str, str]:
    """The category of a line and the reason, for people."""
    chance = f"{keep:.0%} likely part of the story"
    if i < story[0]:
        return "before_article", f"{_lines(story[0] - i)} above the story's first line, {chance}"
    if i > story[1]:
        return "after_article", f"{_lines(i - story[1])} below the story's last line, {chance}"
    if unit.is_prose:
        return "inside_article", f"between paragraphs of the story, {chance}"
    return "short_line_block", f"a short line between paragraphs of the story, {chance}"


def _lines(count: int) -> str:
    return "1 line" if count == 1 else f"{count} lines"

"""The news aggregator's cluster: outlet, headline, outlet, teaser, other outlets' headlines.

Some feeds carry not an article but a cluster of links that ends in "all 99 news articles »", with
headline and outlet run together on each line.
"""

from __future__ import annotations

from cleannews.boilerplate.context import Context

LONGEST_CLUSTER = 8
"""Most blocks of a cluster above its last line."""


def find_aggregator_cluster(context: Context) -> None:
    """Claim the blocks of a cluster, upwards from its last line; the teaser stays."""
    for rule in context.detector_rules("aggregator"):
        blocks, ends = context.page.blocks, context.detector_words("aggregator")
        for last in [b for b in blocks if b.key in ends]:
            context.claim(last, rule, "last line of a cluster of headlines")
            i = last.index - 1
            while i >= 0 and last.index - i <= LONGEST_CLUSTER and not blocks[i].is_prose:
                context.claim(blocks[i], rule, "other outlets' headlines above the cluster's end")
                i -= 1
            # Above the teaser: outlet, headline, outlet again.
            for j in range(i - 1, max(-1, i - 4), -1):
                if blocks[j].is_prose or context.is_removable(j):
                    break
                context.claim(blocks[j], rule, "outlet and headline above the teaser")

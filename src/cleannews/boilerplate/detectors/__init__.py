"""Detectors: what a table of phrases cannot say. Each looks at a whole page and claims blocks.

A detector is bound to rules by their field `detector`, so that it can be listed, selected,
ignored and given words in any language like every other rule. The order below is the order in
which they run: later ones see the claims of earlier ones.
"""

from __future__ import annotations

from collections.abc import Callable

from cleannews.boilerplate.context import Context
from cleannews.boilerplate.detectors.aggregator import find_aggregator_cluster
from cleannews.boilerplate.detectors.boxes import find_boxes
from cleannews.boilerplate.detectors.date_lines import find_date_lines
from cleannews.boilerplate.detectors.glued import find_glued_ends
from cleannews.boilerplate.detectors.headline import find_headline
from cleannews.boilerplate.detectors.hidden_text import find_hidden_text
from cleannews.boilerplate.detectors.pictures import find_pictures
from cleannews.boilerplate.detectors.repeats import find_repeats
from cleannews.boilerplate.detectors.run_together import find_run_together
from cleannews.boilerplate.detectors.scored import find_scored_lines
from cleannews.boilerplate.detectors.sections import find_sections
from cleannews.boilerplate.detectors.site_template import find_site_template

DETECTORS: dict[str, Callable[[Context], None]] = {
    "date_lines": find_date_lines,
    "hidden_text": find_hidden_text,
    "pictures": find_pictures,
    "aggregator": find_aggregator_cluster,
    "run_together": find_run_together,
    "sections": find_sections,
    "repeats": find_repeats,
    "headline": find_headline,
    "glued": find_glued_ends,
    "site_template": find_site_template,
    "scorer": find_scored_lines,
    "layout": find_boxes,
}

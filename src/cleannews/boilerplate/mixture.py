"""Trees and networks that judge the lines of a page together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from cleannews.boilerplate.characters import Floats
from cleannews.boilerplate.forest import Forest, forest_arrays, logistic
from cleannews.boilerplate.network import Network, network_of


@dataclass(frozen=True, slots=True)
class Mixture:
    """Trees, and networks whose scores are averaged with theirs.

    Attributes:
        trees: The trees.
        network: The networks; None where the trees stand alone.
        share: What the networks' score counts, 0..1; the trees' counts the rest.
    """

    trees: Forest
    network: Network | None
    share: float

    def probabilities(self, features: Floats) -> Floats:
        """Return for each line of a page the probability, 0..1, that it belongs to the story.

        Args:
            features: One row for each line, all of them, in order.
        """
        scores = self.trees.all_scores(features)
        if self.network is not None:
            scores *= np.float32(1 - self.share)
            scores += np.float32(self.share) * self.network.scores(features)
        return logistic(scores)


def mixture_of(told: Mapping[str, Any], prefix: str = "") -> Mixture:
    """Return trees and networks from a model's arrays, whose names begin with `prefix`."""
    trees = Forest(**forest_arrays(told, prefix))
    share = float(told.get(f"{prefix}net_share", 0.0))
    return Mixture(trees, network_of(told, f"{prefix}net_"), share)

"""Overlap: how far two estimates move together because the same primary units answered for both."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np

from etl.estimates.design import Design, numbered

PAIRS_KEPT = 256  # pairs of samples whose shared units are remembered: those of one survey are few


@dataclass(frozen=True, eq=False)
class Spread:
    """How an estimate varies from primary unit to primary unit.

    design: of its sample. distances: (units,) `Design.distances` of its contributions, in standard errors of the
    estimate. is_inside: (units,) True for units with a respondent in the domain.
    """

    design: Design
    distances: np.ndarray
    is_inside: np.ndarray

    def reversed(self) -> Spread:
        """Return the spread of an estimate that falls where this one rises."""
        return replace(self, distances=-self.distances)


@dataclass(frozen=True, eq=False)
class Overlap:
    """The m primary units that two samples share.

    first, second: (m,) their places in both. factors: (m,) by which the product of their distances counts.
    """

    first: np.ndarray
    second: np.ndarray
    factors: np.ndarray


def correlation(first: Spread | None, second: Spread | None) -> tuple[float, int]:
    """Return how far two estimates move together, and the degrees of freedom they have in common.

    The variance of a difference is that of u_1 - u_2, summed by primary unit over the units of both samples (Kish
    1965, Survey Sampling, ch. 12; Berger and Priam 2016, JRSS A 179; in R survey both waves stacked, with the wave as
    domain and the company as cluster). Multiplied out it is V_1 + V_2 - 2 C, with V_1 and V_2 the variances of the
    estimates and

        C = sum over shared units p of (1 - n_1 n_2 / (n_c N)) g (U_1p - mean U_1) (U_2p - mean U_2),

    where n_1 and n_2 are the units of the strata of p in the first and in the second sample, n_c those they share,
    N the units of the population (Tam 1984, American Statistician 38; without a finite population correction the
    bracket is 1, and it is never taken below 0), and g is the smaller of n_1 / (n_1 - 1) and n_2 / (n_2 - 1). Means
    are those of the unit's own stratum in its own sample. So a unit in one sample alone stays in that sample's strata
    and adds nothing to C; where the same units stand in both the sum is that of the stacked sample; and C never goes
    beyond the root of V_1 V_2.

    Returns:
        C over the root of V_1 V_2, -1 to 1, 0 where nothing is shared; and the units in both domains less their strata
        (of the sample in which they stand in fewer).
    """
    if first is None or second is None:
        return 0.0, 0
    both = overlap(first.design, second.design)
    together = float(both.factors @ (first.distances[both.first] * second.distances[both.second]))
    is_inside = first.is_inside[both.first] & second.is_inside[both.second]
    strata = (
        np.unique(one.design.stratum_of_unit[places[is_inside]]).size
        for one, places in ((first, both.first), (second, both.second))
    )
    return float(np.clip(together, -1, 1)), int(is_inside.sum()) - min(strata)


@lru_cache(PAIRS_KEPT)
def overlap(first: Design, second: Design) -> Overlap:
    """Return the primary units of both samples: all where they are one sample, else those known by who they are."""
    if first is second:
        places = others = np.arange(first.stratum_of_unit.size)
    else:
        names = [name for name in first.known_units if name in second.known_units]
        places, others = (np.array([one.known_units[name] for name in names], dtype=int) for one in (first, second))
    own, other = first.stratum_of_unit[places], second.stratum_of_unit[others]
    pairs = numbered(zip(own.tolist(), other.tolist(), strict=True))[0]
    shared = np.bincount(pairs)[pairs]
    drawn = first.units_of_stratum[own] * second.units_of_stratum[other]
    population = np.minimum(first.population_of_stratum[own], second.population_of_stratum[other])
    left = np.maximum(1 - drawn / (shared * population), 0)
    return Overlap(places, others, left * np.minimum(first.stretch[own], second.stretch[other]))

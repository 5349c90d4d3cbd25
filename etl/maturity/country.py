"""The country: the share of companies at each stage, the stage it has reached, and how sure that is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from etl.maturity.rubric import FIRST, LAST, STAGES

RESAMPLES = 1000


@dataclass(frozen=True)
class CountryStage:
    """Where a country, or a group of companies, stands.

    stage: the highest that enough companies have reached, None without companies. shares: (5,) of companies at each
    stage, 0 to 1. resamples: (5,) the share of resamples in which each stage came out. base: companies with a stage.
    """

    stage: int | None
    shares: tuple[float, ...]
    resamples: tuple[float, ...]
    base: int


def shares_at(stages: Sequence[int], weights: np.ndarray) -> np.ndarray:
    """Return the weighted share of companies at each stage, (5,), 0 to 1."""
    counted = np.bincount(np.asarray(stages, dtype=int) - FIRST, weights=weights, minlength=LAST)
    return counted / counted.sum()


def stage_of(shares: np.ndarray, country_share: float) -> int:
    """Return the highest stage that at least this share of companies has reached; stage 1 is reached by all."""
    reached = np.cumsum(shares[::-1])[::-1]
    return int(max(stage for stage in STAGES if reached[stage - FIRST] >= country_share - 1e-9))


def country_stage(
    stages: Sequence[int],
    weights: np.ndarray,
    country_share: float,
    rng: np.random.Generator,
    strata: np.ndarray | None = None,
    resamples: int = RESAMPLES,
) -> CountryStage:
    """Return the stage of a group of companies with its uncertainty.

    Resampled are companies with replacement, within their strata where there are any (Efron and Tibshirani 1993, An
    Introduction to the Bootstrap, ch. 6); their weights stay as they are.

    Args:
        stages: (n,) 1 to 5, of companies that have one.
        weights: (n,) above 0.
        country_share: that must have reached a stage, 0 to 1.
        rng: draws the resamples.
        strata: (n,) codes of parts that were sampled apart.
    """
    stages = np.asarray(stages, dtype=int)
    if not stages.size:
        return CountryStage(None, (0.0,) * LAST, (0.0,) * LAST, 0)
    shares = shares_at(stages, weights)
    parts = [np.arange(stages.size)] if strata is None else [
        np.flatnonzero(strata == code) for code in dict.fromkeys(strata)
    ]  # fmt: skip
    drawn = np.concatenate([part[rng.integers(0, part.size, (resamples, part.size))] for part in parts], axis=1)
    found = np.zeros(LAST)
    for sample in drawn:
        found[stage_of(shares_at(stages[sample], weights[sample]), country_share) - FIRST] += 1
    came_out = tuple(map(float, found / max(resamples, 1)))
    return CountryStage(stage_of(shares, country_share), tuple(map(float, shares)), came_out, stages.size)

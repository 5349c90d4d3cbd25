"""Weights: those that came with the answers, else raked to the owner's frame, else none; and the designs with them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from etl.estimates.design import Design
from etl.estimates.estimators import kish
from etl.estimates.weighting import NotConverged, Weighted, rake
from etl.voices.frame import Frame
from etl.voices.sample import Sample
from observatory import NOT_STATED

GIVEN, RAKED, NONE, CONTRADICTORY = "given", "raked", "none", "contradictory"


@dataclass(frozen=True)
class Weighing:
    """How a sample is weighted.

    Attributes:
        plain: the design with all weights one. weighted: with the weights; None where there are none.
        method: "given", "raked", "none", or "contradictory" where no weights meet the frame.
        margins: raked on, without those of which all categories had to be joined.
        joined: categories that were too small to stand alone: (dimension, codes).
    """

    plain: Design
    weighted: Design | None
    method: str
    margins: tuple[str, ...] = ()
    joined: tuple[tuple[str, tuple[str, ...]], ...] = ()
    capped: int = 0
    population: float | None = None
    is_invented: bool = False

    def row(self, sample: Sample) -> tuple:
        """Return what the table `weighting` says of it."""
        effective = kish(self.weighted.weights) if self.weighted else float(sample.size)
        joined = json.dumps([[margin, list(codes)] for margin, codes in self.joined], ensure_ascii=False)
        return (
            sample.instrument, sample.wave, self.method, "|".join(self.margins), joined, self.capped, self.population,
            self.is_invented, sample.size, effective,
        )  # fmt: skip


def weigh(sample: Sample, frame: Frame) -> Weighing:
    """Return how a sample is weighted, by what is known of it and of the population it is from.

    Weights that came with the answers go first, where every respondent has one. Then the frame: the sample is raked to
    its counts in every dimension; who states no code there is a category of its own, as large as in the sample. The
    population of the frame gives the finite population correction where the sample has no strata of its own. Companies
    and NGOs are told to the design, which knows them again in another wave.
    """
    strata = sample.stratum if all(sample.stratum) else None
    clusters = _clusters(sample.psu)
    population = frame.population if strata is None and clusters is None else None
    if population is not None and population < sample.size:
        population = None
    plain = Design(np.ones(sample.size), strata, clusters, population, identities=sample.organisation)
    if sample.size and np.isfinite(sample.weight).all() and (sample.weight > 0).all():
        return Weighing(plain, replace(plain, weights=sample.weight), GIVEN, population=frame.population)
    try:
        weighted = _raked(sample, frame)
    except NotConverged:
        return Weighing(plain, None, CONTRADICTORY, population=frame.population, is_invented=frame.is_invented)
    if weighted is None:
        return Weighing(plain, None, NONE, population=frame.population, is_invented=frame.is_invented)
    return Weighing(
        plain, replace(weighted.design(strata, clusters, population), identities=sample.organisation), RAKED,
        tuple(dimension for (dimension, _), counts in frame.counts.items() if not _is_one(dimension, counts, weighted)),
        tuple((one.margin, tuple(map(str, one.codes))) for one in weighted.collapsed),
        weighted.capped, frame.population, frame.is_invented,
    )  # fmt: skip


def _is_one(dimension: str, counts: Mapping[str, float], weighted: Weighted) -> bool:
    """Return whether so few answered that all categories of a dimension were joined: by it nothing is weighted."""
    joined = next((one.codes for one in weighted.collapsed if one.margin == dimension), ())
    return set(counts) <= set(map(str, joined))


def _clusters(psu: np.ndarray) -> np.ndarray | None:
    """Return the primary units; who is in none that is known is one alone. None where nobody is in any."""
    if not any(psu):
        return None
    return np.array([unit or f"\x00{number}" for number, unit in enumerate(psu)], dtype=object)


def _raked(sample: Sample, frame: Frame) -> Weighted | None:
    margins = {}
    for (dimension, level), counts in frame.counts.items():
        codes = sample.codes[dimension, level]
        unknown = sum(code not in counts for code in codes)
        if unknown == sample.size:
            return None
        left = 1 - unknown / sample.size
        targets = {code: count * left for code, count in counts.items()}
        if unknown:
            targets[NOT_STATED] = frame.population * (1 - left)
        margins[dimension] = ([code if code in counts else NOT_STATED for code in codes], targets)
    if not margins or not sample.size:
        return None
    return rake(np.ones(sample.size), margins)

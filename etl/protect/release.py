"""Release: what the public may read of each measure, cell by cell: noisy, rounded, or hidden.

Sums carry noise and pass the Gauss step. Counts of organisations are exact from the least number of contributors on.
Shares of companies (yes or no) are told by one dimension at a time, never where all or none said yes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from etl.aggregate.families import Family
from etl.protect.cube import Contributors, Cube
from etl.protect.hide import ONE_WAY, Limits, ShareLimits, published
from etl.protect.noise import NOTHING_KEPT, Headlines, Kept, Noise, noise_of
from observatory.editions import Edition
from observatory.registry import registry

DIGITS = 3  # that a published sum has
QUALITY = ((0.02, "A"), (0.05, "B"))
"""A published sum is off by less than the share: its letter; more is "C"."""


@dataclass(frozen=True)
class Rules:
    """The edition's thresholds of the public product."""

    limits: Limits
    shares: ShareLimits
    headlines: Headlines

    @classmethod
    def of(cls, edition: Edition) -> Rules:
        """Read the thresholds of an edition."""
        found = edition.thresholds
        return cls(
            Limits(found["contributors_min"], found["p_percent"], found["depth_max"]),
            ShareLimits(found["shares_base_min"]),
            Headlines(found["headline_contributors"], found["headline_largest_share_pct"]),
        )


@dataclass(frozen=True)
class Release:
    """One measure in one year.

    Attributes:
        measure: its id.
        cube: who gave what where.
        base: (rows,) what makes an entity a contributor: what it gave, of shares whether it was asked.
        totals: (cells,) true values; 0 where nothing was reported.
        moved: (cells,) values with noise, not rounded; of shares the true ones.
        count: (cells,) contributors.
        is_served: (cells,) True where something was reported and no more dimensions are in use than the public has.
        is_shown: (cells,) True where the value is published.
        factors: (rows,) what each row was multiplied by.
    """

    measure: str
    cube: Cube
    base: np.ndarray
    totals: np.ndarray
    moved: np.ndarray
    count: np.ndarray
    is_served: np.ndarray
    is_shown: np.ndarray
    factors: np.ndarray

    @property
    def values(self) -> np.ndarray:
        """(cells,) what is published; NaN where it is hidden."""
        return np.where(self.is_shown, rounded(self.moved, DIGITS if self.is_noisy else 15), np.nan)

    @property
    def is_noisy(self) -> bool:
        """Whether the measure is one that carries noise; shares are exact."""
        return registry().measures[self.measure].protection == "sum"

    @property
    def errors(self) -> np.ndarray:
        """(cells,) how far off what is published is, as a share of the true value; NaN where it is hidden or 0."""
        with np.errstate(invalid="ignore", divide="ignore"):
            return np.where(self.totals > 0, np.abs(self.values / self.totals - 1), np.nan)

    @property
    def quality(self) -> np.ndarray:
        """(cells,) the letter of what is published, "" where it is hidden."""
        letters = np.full(len(self.totals), "C")
        for most, letter in reversed(QUALITY):
            letters[np.nan_to_num(self.errors) < most] = letter
        return np.where(self.is_shown, letters, "")


def rounded(values: np.ndarray, digits: int) -> np.ndarray:
    """Return values with so many significant digits."""
    with np.errstate(divide="ignore", invalid="ignore"):
        size = np.floor(np.log10(np.abs(values)))
    places = digits - 1 - np.where(np.isfinite(size), size, 0).astype(int)
    scale = 10.0 ** np.abs(places)
    return np.where(places >= 0, np.round(values * scale) / scale, np.round(values / scale) * scale)


def releases(
    family: Family,
    cubes: Sequence[Cube],
    names: Mapping[int, str],
    key: bytes,
    rules: Rules,
    kept: Mapping[str, Kept] = MappingProxyType({}),
) -> Iterator[tuple[Noise | None, list[Release]]]:
    """Yield for each sum and share of a family its noise, None where it has none, and its releases, year by year.

    Args:
        family: whose measures.
        cubes: of the family, one a year.
        names: entity -> a name that stays the same in every release.
        key: the secret.
        rules: the edition's thresholds.
        kept: measure -> what earlier releases say of it.
    """
    for measure in family.sums:
        told = [cube for cube in cubes if (cube.values[measure] > 0).any()]
        protection = registry().measures[measure].protection
        if protection == "share":
            yield None, [_share(measure, cube, rules) for cube in told]
        elif protection == "sum":
            noise = noise_of(measure, told, names, key, rules.headlines, kept.get(measure, NOTHING_KEPT))
            yield noise, [_sum(measure, cube, noise.factors[cube.year], rules) for cube in told]


def _sum(measure: str, cube: Cube, factors: np.ndarray, rules: Rules) -> Release:
    values = cube.values[measure]
    by_place = cube.by_place(values)
    given, totals = Contributors.of(cube.parts @ by_place), cube.totals(values)
    order = np.flatnonzero(rules.limits.allow(given, totals, cube.depth))
    order = order[np.lexsort((-totals[order], cube.depth[order]))]
    shown = published(cube.parts, by_place, order, rules.limits.secret(given, totals))
    served = (totals > 0) & (cube.depth <= rules.limits.depth)
    return Release(measure, cube, values, totals, cube.totals(values * factors), given.count, served, shown, factors)


def _share(measure: str, cube: Cube, rules: Rules) -> Release:
    """Return the release of how many companies said yes; those asked are the base."""
    asked, yes = cube.values[registry().measures[measure].share_of], cube.values[measure]
    by_place = cube.by_place(asked)
    of_all, totals = cube.totals(asked), cube.totals(yes)
    order = np.flatnonzero(rules.shares.allow(of_all, totals, cube.depth))
    order = order[np.lexsort((-of_all[order], cube.depth[order]))]
    given = Contributors.of(cube.parts @ by_place)
    shown = published(cube.parts, by_place, order, (given.count > 1) & (given.count < rules.limits.contributors))
    served = (of_all > 0) & (cube.depth <= ONE_WAY)
    return Release(measure, cube, asked, totals, totals, given.count, served, shown, np.ones(len(cube.who)))

"""Designs: how a sample was drawn and weighted, and the variance that follows from it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np


@dataclass(frozen=True, eq=False)
class Design:
    """How n respondents were drawn and weighted.

    A stratum of a single primary unit (a cluster, or a respondent where there are no clusters) has no spread of its
    own. It is not left out: its unit is measured from the mean of all units, which errs to the safe side ("adjust" in
    R survey). `lonely_strata` names such strata. With a single unit in all the variance is not known (NaN).

    Args:
        weights: (n,) respondents of the population that each stands for; above 0. All equal: unweighted.
        strata: (n,) codes of the parts that were sampled apart; None: one part.
        clusters: (n,) codes of the units that were drawn, counted within their stratum; None: each respondent is one.
        population: units of each stratum in the population, N_h, for the finite population correction; a number where
            there are no strata; None: no correction. Only for a known frame, to describe just this population.
        identities: (n,) who answered, by a name that stands in other samples too, such as the number of a company;
            "" or None where not known. Not part of the variance: they tell which units two samples share.
        calibration: (n, k) the dummies the weights were post-stratified or raked on (`Weighted.calibration`).
        initial_weights: (n,) the weights before that (`Weighted.initial_weights`); None: those of now stand for them.

    Raises:
        ValueError: lengths differ, a weight is not above 0 or not finite, a code is missing, a stratum has no N_h or
            one below its units in the sample.
    """

    weights: np.ndarray
    strata: np.ndarray | None = None
    clusters: np.ndarray | None = None
    population: Mapping[Hashable, float] | float | None = None
    calibration: np.ndarray | None = None
    initial_weights: np.ndarray | None = None
    identities: np.ndarray | None = None

    def __post_init__(self) -> None:
        weights = positive(self.weights)
        object.__setattr__(self, "weights", weights)
        for name in ("strata", "clusters"):
            codes = getattr(self, name)
            if codes is not None:
                object.__setattr__(self, name, _complete(name, codes, weights.size))
        if self.calibration is not None:
            calibration = np.array(self.calibration, dtype=float)
            if calibration.ndim != 2 or len(calibration) != weights.size or not np.isfinite(calibration).all():
                raise ValueError(f"The calibration must be {weights.size} rows of finite numbers.")
            object.__setattr__(self, "calibration", calibration)
        if self.initial_weights is not None:
            initial = positive(self.initial_weights)
            if initial.size != weights.size:
                raise ValueError(f"There are {weights.size} weights and {initial.size} initial weights.")
            object.__setattr__(self, "initial_weights", initial)
        if self.identities is not None and len(self.identities) != weights.size:
            raise ValueError(f"There are {weights.size} weights and {len(self.identities)} identities.")
        self._check_population()

    def _check_population(self) -> None:
        if self.population is None:
            return
        if isinstance(self.population, Mapping) != (self.strata is not None):
            raise ValueError("The population is a number without strata, and a number for each stratum with strata.")
        few = []
        for code, units in zip(self._stratum_codes, self.units_of_stratum, strict=True):
            whole = self._whole(code)
            if whole is None or not np.isfinite(whole) or whole < units:
                few.append(f"{code if self.strata is not None else 'all'}: {units} in the sample, {whole} in all")
        if few:
            raise ValueError(f"The population of a stratum cannot be below its sample ({'; '.join(few)}).")

    def _whole(self, code: Hashable) -> float | None:
        return self.population.get(code) if isinstance(self.population, Mapping) else self.population

    @cached_property
    def _stratum(self) -> np.ndarray:
        return np.zeros(self.size, dtype=int) if self.strata is None else numbered(self.strata)[0]

    @cached_property
    def _stratum_codes(self) -> list[Hashable]:
        return ["_T"] * bool(self.size) if self.strata is None else numbered(self.strata)[1]

    @cached_property
    def _unit(self) -> np.ndarray:
        """Return the primary unit of each respondent, from 0; the same code in two strata is two units."""
        if self.clusters is None:
            return np.arange(self.size)
        return numbered(list(zip(self._stratum.tolist(), self.clusters, strict=True)))[0]

    @cached_property
    def stratum_of_unit(self) -> np.ndarray:
        """Return (units,) the stratum of each primary unit, from 0."""
        return self._stratum[np.unique(self._unit, return_index=True)[1]]

    @cached_property
    def units_of_stratum(self) -> np.ndarray:
        """Return (strata,) n_h."""
        return np.bincount(self.stratum_of_unit, minlength=len(self._stratum_codes))

    @cached_property
    def population_of_stratum(self) -> np.ndarray:
        """Return (strata,) N_h, infinite where there is no finite population correction."""
        if self.population is None:
            return np.full(len(self._stratum_codes), np.inf)
        return np.array([self._whole(code) for code in self._stratum_codes], dtype=float)

    @cached_property
    def _left_share(self) -> np.ndarray:
        """Return 1 - n_h / N_h of each stratum: the share of its units that was not asked."""
        return 1 - self.units_of_stratum / self.population_of_stratum

    @cached_property
    def stretch(self) -> np.ndarray:
        """Return (strata,) n_h / (n_h - 1), 1 for a stratum of a single unit."""
        units = self.units_of_stratum
        return np.where(units == 1, 1, units / np.maximum(units - 1, 1))

    @cached_property
    def known_units(self) -> dict[Hashable, int]:
        """Return the primary units that can be found again in another sample, by who they are.

        A unit is known where all its respondents who say who they are say the same, and no other unit says it too.
        """
        told = () if self.identities is None else zip(self.identities, self._unit.tolist(), strict=True)
        pairs = list(dict.fromkeys((name, unit) for name, unit in told if name))
        names, units = Counter(name for name, _ in pairs), Counter(unit for _, unit in pairs)
        return {name: unit for name, unit in pairs if names[name] == units[unit] == 1}

    @property
    def size(self) -> int:
        """Return n, the respondents."""
        return self.weights.size

    @cached_property
    def is_census(self) -> bool:
        """True where every unit of the population was asked: there is no sampling error at all."""
        return self.population is not None and self.size > 0 and bool((self._left_share <= 0).all())

    @cached_property
    def is_simple(self) -> bool:
        """True where the respondents are alike: no strata, clusters, correction, calibration or unequal weights."""
        parts = (self.strata, self.clusters, self.population, self.calibration)
        return all(part is None for part in parts) and bool((self.weights == self.weights[:1]).all())

    @cached_property
    def lonely_strata(self) -> tuple[Hashable, ...]:
        """Return the codes of the strata of a single unit that are not asked in full."""
        lonely = (self.units_of_stratum == 1) & (self._left_share > 0)
        return tuple(code for code, is_lonely in zip(self._stratum_codes, lonely, strict=True) if is_lonely)

    def degrees_of_freedom(self, domain: np.ndarray | None = None) -> int:
        """Return the units less the strata, counting only those with a respondent in the domain (`degf` of R survey).

        Args:
            domain: (n,) True for the respondents an estimate is about; None: all.
        """
        reached = self.reached(np.ones(self.size, dtype=bool) if domain is None else domain)
        return int(reached.sum()) - np.unique(self.stratum_of_unit[reached]).size

    def reached(self, domain: np.ndarray) -> np.ndarray:
        """Return (units,) whether a primary unit has a respondent in the domain, (n,)."""
        return np.bincount(self._unit, weights=domain) > 0

    def variance(self, contributions: np.ndarray) -> float:
        """Return the variance of a sum over the respondents, by Taylor linearisation.

        The sum over strata of (1 - n_h / N_h) n_h / (n_h - 1) times the squared distances of the units' sums from
        their mean: Lohr, Sampling: Design and Analysis, ch. 9; Lumley, Complex Surveys, 2.2. Under calibrated weights
        each contribution is replaced by its residual from a regression on the dummies, weighted as before calibration
        (Deville and Sarndal 1992, JASA 87; `calibrate` of R survey).

        Args:
            contributions: (n,) u, weight included, 0 for respondents outside the domain; in the unit of the estimate.

        Returns:
            The variance in the squared unit of the estimate; 0 for a census; NaN where there is a single unit.
        """
        return self.variance_of(self.distances(contributions))

    def variance_of(self, distances: np.ndarray) -> float:
        """Return the variance by the distances of the units, (units,), of `distances`."""
        if self.is_census:
            return 0.0
        if self.stratum_of_unit.size < 2:
            return float("nan")
        return float((self._left_share * self.stretch)[self.stratum_of_unit] @ distances**2)

    def distances(self, contributions: np.ndarray) -> np.ndarray:
        """Return (units,) how far the sum of the contributions of each primary unit lies from its stratum's mean."""
        if not self.size:
            return np.zeros(0)
        if self.calibration is not None:
            contributions = self._residuals(contributions)
        sums = np.bincount(self._unit, weights=contributions)
        units = self.units_of_stratum
        means = np.bincount(self.stratum_of_unit, weights=sums) / units
        return sums - np.where(units == 1, sums.mean(), means)[self.stratum_of_unit]

    def _residuals(self, contributions: np.ndarray) -> np.ndarray:
        root = np.sqrt(self.weights if self.initial_weights is None else self.initial_weights)
        dummies, values = self.calibration * root[:, None], contributions / self.weights * root
        return self.weights / root * (values - dummies @ np.linalg.lstsq(dummies, values, rcond=None)[0])


def positive(weights: Iterable[float]) -> np.ndarray:
    """Return weights as an array of numbers.

    Raises:
        ValueError: they are not in one row, or one is not finite or not above 0.
    """
    array = np.array(weights, dtype=float)
    if array.ndim != 1:
        raise ValueError(f"Weights must be one number a respondent; their shape is {array.shape}.")
    wrong = np.flatnonzero(~(np.isfinite(array) & (array > 0)))
    if wrong.size:
        raise ValueError(
            f"Weights must be finite and above 0; {wrong.size} are not, the first in row {wrong[0]}: "
            f"{array[wrong[0]]}. Leave such respondents out of the sample."
        )
    return array


def numbered(codes: Iterable[Hashable]) -> tuple[np.ndarray, list[Hashable]]:
    """Return codes as numbers from 0 in the order they appear, and the codes in that order."""
    numbers: dict[Hashable, int] = {}
    return np.array([numbers.setdefault(code, len(numbers)) for code in codes], dtype=int), list(numbers)


def _complete(name: str, codes: Iterable[Hashable], size: int) -> np.ndarray:
    """Return codes as an array of objects, one a respondent, none missing."""
    listed = codes.tolist() if isinstance(codes, np.ndarray) else list(codes)
    if len(listed) != size:
        raise ValueError(f"There are {size} weights and {len(listed)} {name}; there must be one for each respondent.")
    missing = [row for row, code in enumerate(listed) if code is None or code != code]
    if missing:
        raise ValueError(f"{len(missing)} codes of {name} are missing, the first in row {missing[0]}.")
    array = np.empty(size, dtype=object)
    array[:] = listed
    return array

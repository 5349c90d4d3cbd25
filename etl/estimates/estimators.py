"""Estimators: means, shares, totals, ratios, quantiles and the NPS of a domain, each with its 95 % interval."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import inf, isnan, nan, sqrt

import numpy as np
from scipy.special import betaincinv, ndtri, stdtrit

from etl.estimates.design import Design
from etl.estimates.overlap import Spread

LEVEL = 0.95
ROUNDING = 1e-12  # sums of weights that differ by less are equal
NPS_PROMOTERS, NPS_DETRACTORS = 9, 6  # answers of 0 to 10: from, and up to


@dataclass(frozen=True)
class Estimate:
    """What a sample says of a population.

    value, se, low, high: in the unit of the answers (a share 0 to 1); the interval is of 95 %. NaN where not known.
    base: respondents in the domain, unweighted. effective_base: respondents of a simple sample that tells as much.
    df: degrees of freedom of the standard error.
    method: of the interval: "t", "wilson", "korn_graubard", "woodruff", "census" (no sampling error), "none" (no base).
    spread: how it varies from primary unit to primary unit, for what it shares with others; None where it has no error.
    """

    value: float
    se: float
    low: float
    high: float
    base: int
    effective_base: float
    df: int
    method: str
    spread: Spread | None = field(default=None, repr=False, compare=False)

    @property
    def width(self) -> float:
        """Return the width of the interval, in the unit of the value."""
        return self.high - self.low

    @property
    def cv_share(self) -> float:
        """Return the standard error as a share of the value; infinite where the value is 0."""
        return self.se / abs(self.value) if self.value else (0.0 if self.se == 0 else inf)


NOTHING = Estimate(nan, nan, nan, nan, 0, 0.0, 0, "none")


def mean(design: Design, answers: np.ndarray, domain: np.ndarray | None = None) -> Estimate:
    """Return the mean of the answers in a domain, with a t-interval.

    u = w d (y - m) / sum(w d): Lohr, Sampling: Design and Analysis, 4.2 and 9.1; `svymean` of R survey.

    Args:
        answers: (n,) numbers; what lies outside the domain is not read.
        domain: (n,) True for the respondents it is about, who answered; None: all.

    Returns:
        The estimate in the unit of the answers; NaN with base 0 for an empty domain.

    Raises:
        ValueError: a length differs from the design's, or an answer in the domain is not a finite number.
    """
    inside = _domain(design, domain)
    return _ratio(design, _numbers(design, answers, inside), inside.astype(float), inside)


def ratio(
    design: Design, numerators: np.ndarray, denominators: np.ndarray, domain: np.ndarray | None = None
) -> Estimate:
    """Return the total of one answer over the total of another, with a t-interval.

    u = w d (y - R x) / sum(w d x): Lohr, 4.1; `svyratio` of R survey.

    Args:
        numerators, denominators: (n,) numbers; what lies outside the domain is not read.
        domain: (n,) True for the respondents it is about; None: all.

    Returns:
        The estimate, in the numerators' unit for one of the denominators'; NaN where the denominators add up to 0.

    Raises:
        ValueError: as `mean`.
    """
    inside = _domain(design, domain)
    return _ratio(design, _numbers(design, numerators, inside), _numbers(design, denominators, inside), inside)


def total(design: Design, answers: np.ndarray, domain: np.ndarray | None = None) -> Estimate:
    """Return the total of the answers in a domain of the population, with a t-interval.

    The weights must add up to the population. u = w d y: Lohr, 3.2 and 5.2; `svytotal` of R survey.

    Args, returns and errors: as `mean`.
    """
    inside = _domain(design, domain)
    contributions = design.weights * _numbers(design, answers, inside)
    return _t_estimate(design, float(contributions.sum()), contributions, inside)


def share(design: Design, chosen: np.ndarray, domain: np.ndarray | None = None) -> Estimate:
    """Return the share of a domain that chose an option.

    The interval is Wilson's where respondents are alike (`Design.is_simple`; Wilson 1927), else of Korn and Graubard
    (1998, Survey Methodology 24; "beta" of `svyciprop` in R survey): that of Clopper and Pearson on a base of
    n_eff (t_{n-1} / t_df)^2, with n_eff = p (1 - p) / se^2, never above n. Where nobody or everybody chose the option
    n_eff is n. With no degrees of freedom the interval is 0 to 1. A census has none: it says the share itself.

    Args:
        chosen: (n,) True or 1 where the option was chosen, False or 0 where not.
        domain: (n,) True for those who saw the question; None: all.

    Returns:
        The estimate, 0 to 1; NaN with base 0 for an empty domain.

    Raises:
        ValueError: as `mean`, or `chosen` has other numbers than 0 and 1.
    """
    inside = _domain(design, domain)
    chosen = _numbers(design, chosen, inside)
    if not np.isin(chosen, (0.0, 1.0)).all():
        raise ValueError("A share is taken of answers 0 and 1, or False and True.")
    found = _ratio(design, chosen, inside.astype(float), inside)
    if found.method in ("none", "census"):
        return found
    count, base, df = int(chosen.sum()), found.base, found.df
    if count in (0, base):
        value, se, spread = float(count == base), 0.0, None
    else:
        value, se, spread = found.value, found.se, found.spread
    if design.is_simple:
        low, high = wilson(count, base)
        return Estimate(value, se, low, high, base, float(base), df, "wilson", spread)
    effective = min(base, value * (1 - value) / se**2) if se > 0 else float(base)
    if df < 1 or isnan(se):
        return Estimate(value, se, 0.0, 1.0, base, float(effective), df, "korn_graubard", spread)
    number = effective * (_t(base - 1) / _t(df)) ** 2
    low, high = clopper_pearson(number * value, number)
    return Estimate(value, se, low, high, base, float(effective), df, "korn_graubard", spread)


def quantile(design: Design, answers: np.ndarray, probability: float, domain: np.ndarray | None = None) -> Estimate:
    """Return the smallest answer that a given share of the domain does not exceed.

    The rule "math" of `svyquantile` in R survey (type 1 of Hyndman and Fan 1996); the interval is Woodruff's (1952,
    JASA 47): the t-interval of the share at or below the quantile, read back through the distribution; the standard
    error is its width over 2 t.

    Args:
        answers: (n,) numbers; what lies outside the domain is not read.
        probability: above 0 and below 1; 0.5 is the median.
        domain: (n,) True for the respondents it is about; None: all.

    Returns:
        The estimate in the unit of the answers. A bound beyond the answers is NaN, and so is the standard error then.

    Raises:
        ValueError: as `mean`, or the probability is not between 0 and 1.
    """
    if not 0 < probability < 1:
        raise ValueError(f"A quantile is of a probability between 0 and 1, not {probability}.")
    inside = _domain(design, domain)
    answers = _numbers(design, answers, inside)
    if not inside.any():
        return NOTHING
    order = np.argsort(answers[inside], kind="stable")
    ordered, weights = answers[inside][order], design.weights[inside][order]
    risen = np.cumsum(weights) / weights.sum()

    def at(height: float) -> float:
        return float(ordered[min(np.searchsorted(risen, height - ROUNDING), ordered.size - 1)])

    value = at(probability)
    below = share(design, inside & (answers <= value), inside)
    if below.method == "census":
        return Estimate(value, 0.0, value, value, below.base, below.effective_base, below.df, "census")
    if below.df < 1 or isnan(below.se):
        low = high = nan
    elif below.value == 1:
        low, high = at(below.low), nan
    else:
        reach = _t(below.df) * below.se
        low = at(below.value - reach) if below.value - reach > 0 else nan
        high = at(below.value + reach) if below.value + reach < 1 else nan
    se = (high - low) / (2 * _t(below.df)) if below.df > 0 else nan
    effective = _kish(design.weights[inside])
    spread = below.spread.reversed() if below.spread else None  # the more lie below a number, the lower the quantile
    return Estimate(value, se, low, high, below.base, effective, below.df, "woodruff", spread)


def nps(design: Design, answers: np.ndarray, domain: np.ndarray | None = None) -> Estimate:
    """Return the net promoter score: percent of 9 and 10 less percent of 0 to 6, with a t-interval inside -100 to 100.

    Where respondents are alike the variance is (P + D - (P - D)^2) / n (Rocks 2016, American Statistician 70; P and
    D are the shares of promoters and detractors); else that of a mean of 1, 0 and -1 under the design.

    Args:
        answers: (n,) whole numbers 0 to 10.
        domain: (n,) True for those who answered; None: all.

    Returns:
        The estimate in points, -100 to 100; NaN with base 0 for an empty domain.

    Raises:
        ValueError: as `mean`, or an answer in the domain is no whole number of 0 to 10.
    """
    inside = _domain(design, domain)
    answers = _numbers(design, answers, inside)
    if not np.isin(answers, np.arange(11)).all():
        raise ValueError("The net promoter score is taken of whole answers 0 to 10.")
    signs = np.where(inside, (answers >= NPS_PROMOTERS).astype(float) - (answers <= NPS_DETRACTORS), 0.0)
    found = mean(design, signs, inside)
    if found.method == "none":
        return found
    se = found.se
    if design.is_simple and found.df > 0:
        se = sqrt(max(float((signs**2).sum()) / found.base - found.value**2, 0.0) / found.base)
    reach = 0.0 if found.method == "census" else _t(found.df) * se
    low, high = max(found.value - reach, -1.0), min(found.value + reach, 1.0)
    if isnan(reach):
        low = high = nan
    return Estimate(100 * found.value, 100 * se, 100 * low, 100 * high, found.base, found.effective_base, found.df,
                    found.method, found.spread)  # fmt: skip


def kish(weights: np.ndarray) -> float:
    """Return the effective base of unequal weights, (sum w)^2 / sum w^2 (Kish 1965, Survey Sampling, 11.7).

    Args:
        weights: (n,) above 0. The design effect of weighting is n over the result.
    """
    return _kish(np.asarray(weights, dtype=float))


def wilson(count: int, base: int, level: float = LEVEL) -> tuple[float, float]:
    """Return the score interval of a share: Wilson 1927; Newcombe 1998, Statistics in Medicine 17:857, method 3.

    Args:
        count: those who chose the option, 0 to base. base: those asked, at least 1. level: 0 to 1.

    Raises:
        ValueError: the count is not within the base, or nobody was asked.
    """
    return wilson_at(count, base, float(ndtri((1 + level) / 2)))


def wilson_at(count: int, base: int, z: float) -> tuple[float, float]:
    """Return the score interval of a share by the quantile z of the normal distribution instead of a level."""
    if base < 1 or not 0 <= count <= base:
        raise ValueError(f"{count} of {base} is no share.")
    value = count / base
    middle, reach = value + z**2 / (2 * base), z * sqrt(value * (1 - value) / base + z**2 / (4 * base**2))
    scale = 1 + z**2 / base
    low = 0.0 if count == 0 else max((middle - reach) / scale, 0.0)
    high = 1.0 if count == base else min((middle + reach) / scale, 1.0)
    return low, high


def clopper_pearson(count: float, base: float, level: float = LEVEL) -> tuple[float, float]:
    """Return the exact interval of a share: Clopper and Pearson 1934, by quantiles of the beta distribution.

    Args:
        count, base: need not be whole (effective bases are not). level: 0 to 1.

    Raises:
        ValueError: the count is not within the base, or the base is not above 0.
    """
    if not (base > 0 and 0 <= count <= base):
        raise ValueError(f"{count} of {base} is no share.")
    tail = (1 - level) / 2
    low = float(betaincinv(count, base - count + 1, tail)) if count > 0 else 0.0
    high = float(betaincinv(count + 1, base - count, 1 - tail)) if count < base else 1.0
    return low, high


def _domain(design: Design, domain: np.ndarray | None) -> np.ndarray:
    if domain is None:
        return np.ones(design.size, dtype=bool)
    inside = np.asarray(domain)
    if inside.shape != (design.size,) or inside.dtype != bool:
        raise ValueError(f"A domain is True or False for each of {design.size} respondents.")
    return inside


def _numbers(design: Design, answers: np.ndarray, inside: np.ndarray) -> np.ndarray:
    """Return answers as numbers, 0 outside the domain."""
    numbers = np.asarray(answers, dtype=float)
    if numbers.shape != (design.size,):
        raise ValueError(f"There are {design.size} respondents and answers of shape {numbers.shape}.")
    wrong = np.flatnonzero(inside & ~np.isfinite(numbers))
    if wrong.size:
        raise ValueError(
            f"{wrong.size} answers in the domain are missing, the first in row {wrong[0]}. "
            "Leave those who did not answer out of the domain."
        )
    return np.where(inside, numbers, 0.0)


def _ratio(design: Design, numerators: np.ndarray, denominators: np.ndarray, inside: np.ndarray) -> Estimate:
    if not inside.any():
        return NOTHING
    whole = float(design.weights @ denominators)
    if whole == 0:
        return _unknown(design, inside)
    value = float(design.weights @ numerators) / whole
    contributions = design.weights * (numerators - value * denominators) / whole
    return _t_estimate(design, value, contributions, inside)


def _t_estimate(design: Design, value: float, contributions: np.ndarray, inside: np.ndarray) -> Estimate:
    if not inside.any():
        return NOTHING
    distances = design.distances(contributions)
    se, df = sqrt(design.variance_of(distances)), design.degrees_of_freedom(inside)
    base, effective = int(inside.sum()), _kish(design.weights[inside])
    if design.is_census:
        return Estimate(value, 0.0, value, value, base, effective, df, "census")
    reach = _t(df) * se
    spread = Spread(design, distances / se, design.reached(inside)) if se > 0 else None
    return Estimate(value, se, value - reach, value + reach, base, effective, df, "t", spread)


def _unknown(design: Design, inside: np.ndarray) -> Estimate:
    base, effective = int(inside.sum()), _kish(design.weights[inside])
    return Estimate(nan, nan, nan, nan, base, effective, design.degrees_of_freedom(inside), "t")


def _kish(weights: np.ndarray) -> float:
    return float(weights.sum() ** 2 / (weights**2).sum()) if weights.size else 0.0


def _t(df: float) -> float:
    """Return the two-sided quantile of Student's t; NaN without degrees of freedom."""
    return float(stdtrit(df, (1 + LEVEL) / 2)) if df > 0 else nan

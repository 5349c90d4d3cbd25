"""Differences: whether one group, or one wave, differs from another by more than chance."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import hypot, isclose, isnan, nan, sqrt

import numpy as np
from scipy.special import ndtr, ndtri, stdtr, stdtrit

from etl.estimates.estimators import LEVEL, ROUNDING, Estimate, wilson_at
from etl.estimates.overlap import correlation
from etl.estimates.reliability import A, B

HIGHER, LOWER, NOT_DISTINGUISHABLE, NOT_COMPARED = "higher", "lower", "not_distinguishable", "not_compared"
ALPHA = 0.05
STEPS = 100  # halvings in search of the level at which an interval touches 0
LARGEST_Z = 40.0  # beyond it a p-value is 0 in floating point


@dataclass(frozen=True)
class Difference:
    """The first less the second of two estimates.

    value, se, low, high: in their unit; the interval is of 95 %. p: two-sided, before adjustment for other pairs.
    method: "t", "newcombe", "census" (no sampling error). NaN where not known.
    """

    value: float
    se: float
    low: float
    high: float
    df: float
    p: float
    method: str


def difference(first: Estimate, second: Estimate) -> Difference:
    """Return the difference of two estimates, of one sample or of two, by a t-test.

    t = (m1 - m2) / sqrt(se1^2 + se2^2 - 2 r se1 se2). r is the correlation that comes from primary units that answered
    for both, such as a company in two waves (`overlap.correlation`, with its sources); where none did it is 0, and this
    is Welch's t. The degrees of freedom are those of Welch and Satterthwaite (Satterthwaite 1946, Biometrics Bulletin
    2), but never more than the units of both less their strata, a shared unit counted once (`degf` of R survey). A
    share of 0 or 1 has a standard error of 0 but is not certain: the half width of its interval over t stands in for
    it, and r is 0.

    Returns:
        The difference in the unit of the estimates. p is NaN where neither has an error, unless both are censuses, and
        where all units moved by the same, which leaves nothing to judge by; it is 1 where none of them moved.
    """
    value = first.value - second.value
    if isnan(value):
        return Difference(nan, nan, nan, nan, nan, nan, "t")
    if first.method == second.method == "census":
        return Difference(value, 0.0, value, value, nan, 1.0 if value == 0 else 0.0, "census")
    errors = _error(first), _error(second)
    apart = hypot(*errors)
    parts = [(error, one.df) for error, one in zip(errors, (first, second), strict=True) if error > 0]
    if not apart > 0 or any(df < 1 for _, df in parts):
        return Difference(value, apart, nan, nan, nan, nan, "t")
    together, shared_df = correlation(first.spread, second.spread)
    square = apart**2 - 2 * together * errors[0] * errors[1]
    df = min(apart**4 / sum(error**4 / df for error, df in parts), first.df + second.df - shared_df)
    if square <= ROUNDING * apart**2:
        if isclose(first.value, second.value, rel_tol=ROUNDING, abs_tol=ROUNDING * apart):
            return Difference(0.0, 0.0, 0.0, 0.0, df, 1.0, "t")
        return Difference(value, 0.0, nan, nan, nan, nan, "t")
    se = sqrt(square)
    reach = float(stdtrit(df, (1 + LEVEL) / 2)) * se
    p = float(2 * stdtr(df, -abs(value) / se))
    return Difference(value, se, value - reach, value + reach, df, p, "t")


def newcombe(count: int, base: int, other_count: int, other_base: int) -> Difference:
    """Return the difference of two shares of small unweighted bases, with the hybrid score interval.

    Newcombe 1998, Statistics in Medicine 17:873, method 10: from Wilson's intervals l, u of both,
    d - sqrt((p1 - l1)^2 + (u2 - p2)^2) to d + sqrt((u1 - p1)^2 + (p2 - l2)^2). p is the level at which the interval
    just touches 0, so that both say the same.

    Args:
        count, base: those who chose the option in the first group, and those asked; other_: in the second.

    Returns:
        The difference as a share, -1 to 1, with the standard error of the two shares.

    Raises:
        ValueError: a count is not within its base, or nobody was asked.
    """
    low, high = _hybrid(count, base, other_count, other_base, float(ndtri((1 + LEVEL) / 2)))
    first, second = count / base, other_count / other_base
    se = hypot(*((share * (1 - share) / size) ** 0.5 for share, size in ((first, base), (second, other_base))))
    p = _touching(count, base, other_count, other_base)
    return Difference(first - second, se, low, high, nan, p, "newcombe")


def holm(p_values: Sequence[float]) -> np.ndarray:
    """Return p-values adjusted so that among all pairs none is marked by chance more often than alpha.

    Holm 1979, Scandinavian Journal of Statistics 6: in rising order the largest so far of (m - i + 1) p_i, at most 1;
    `p.adjust` of R.

    Args:
        p_values: (m,) 0 to 1; NaN (not compared) is not counted and stays NaN.

    Raises:
        ValueError: a p-value is not between 0 and 1.
    """
    values = np.array(p_values, dtype=float)
    known = np.flatnonzero(~np.isnan(values))
    if ((values[known] < 0) | (values[known] > 1)).any():
        raise ValueError("p-values are between 0 and 1.")
    order = known[np.argsort(values[known], kind="stable")]
    values[order] = np.minimum(np.maximum.accumulate(np.arange(order.size, 0, -1) * values[order]), 1)
    return values


def compare(found: Difference, flags: tuple[str, str], p_adjusted: float | None = None, alpha: float = ALPHA) -> str:
    """Return how the first group stands to the second.

    Args:
        found: the difference, first less second.
        flags: of both estimates (`share_flag`, `mean_flag`); C and hidden are never marked.
        p_adjusted: of `holm` over all pairs of one chart; None: the pair stands alone.
        alpha: 0 to 1.

    Returns:
        "higher", "lower", "not_distinguishable", or "not_compared" where a flag or the data forbid it.
    """
    p = found.p if p_adjusted is None else p_adjusted
    if any(flag not in (A, B) for flag in flags) or isnan(p) or isnan(found.value):
        return NOT_COMPARED
    if p > alpha or found.value == 0:
        return NOT_DISTINGUISHABLE
    return HIGHER if found.value > 0 else LOWER


def _error(estimate: Estimate) -> float:
    if estimate.se > 0 or estimate.method == "census" or estimate.df < 1:
        return estimate.se
    return estimate.width / (2 * float(stdtrit(estimate.df, (1 + LEVEL) / 2)))


def _hybrid(count: int, base: int, other_count: int, other_base: int, z: float) -> tuple[float, float]:
    (low, high), (other_low, other_high) = wilson_at(count, base, z), wilson_at(other_count, other_base, z)
    first, second = count / base, other_count / other_base
    value = first - second
    return value - hypot(first - low, other_high - second), value + hypot(high - first, second - other_low)


def _touching(count: int, base: int, other_count: int, other_base: int) -> float:
    """Return the two-sided p at which the hybrid interval just touches 0."""
    sign = np.sign(count * other_base - other_count * base)
    if sign == 0:
        return 1.0
    if sign < 0:
        count, base, other_count, other_base = other_count, other_base, count, base
    least, most = 0.0, LARGEST_Z
    for _ in range(STEPS):
        z = (least + most) / 2
        low, _ = _hybrid(count, base, other_count, other_base, z)
        least, most = (z, most) if low > 0 else (least, z)
    return float(2 * ndtr(-most))

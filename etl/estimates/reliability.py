"""Reliability: which estimates may be shown, and with how much care."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf, isfinite

from etl.estimates.estimators import Estimate

A, B, C, HIDDEN = "A", "B", "C", "hidden"


@dataclass(frozen=True)
class Thresholds:
    """Where the flags begin: A as it is, B with care, C grey and never compared, "hidden" not at all.

    Counts are of respondents; widths of 95 % intervals as shares (0.2 is 20 points) or, if relative, as shares of the
    value; CVs as shares. After the NCHS presentation standards for proportions (Parker et al. 2017, Vital and Health
    Statistics 2(175)) and the CV limits of official statistics.
    """

    hidden_below_base: int = 10
    hidden_below_named: int = 3  # respondents in a category whose members could be named
    c_below_base: int = 30
    b_from_effective: float = 30
    a_from_effective: float = 100
    a_up_to_width: float = 0.20
    b_up_to_width: float = 0.30
    relative_width: float = 1.30
    narrow_width: float = 0.05  # an interval as narrow as this is not judged beside its value
    least_df: int = 8
    a_up_to_cv_share: float = 0.15
    b_up_to_cv_share: float = 0.30
    nps_hidden_below_base: int = 30


THRESHOLDS = Thresholds()


def share_flag(estimate: Estimate, thresholds: Thresholds = THRESHOLDS, named_count: int | None = None) -> str:
    """Return the flag of a share by its base, effective base, width, relative width and degrees of freedom.

    A census has no sampling error: it is A unless hidden.

    Args:
        estimate: of `share`, 0 to 1.
        named_count: respondents who chose the option, where such a category could be named; None: it could not.

    Returns:
        "A", "B", "C" or "hidden".
    """
    if _is_hidden(estimate, thresholds) or (named_count is not None and named_count < thresholds.hidden_below_named):
        return HIDDEN
    if estimate.method == "census":
        return A
    width, flag = estimate.width, _by_base(estimate, thresholds)
    relative = width / estimate.value if estimate.value else inf
    is_wide = width > thresholds.narrow_width and relative > thresholds.relative_width
    if not width <= thresholds.b_up_to_width or is_wide:
        return C
    return flag if width <= thresholds.a_up_to_width else max(flag, B)


def mean_flag(estimate: Estimate, thresholds: Thresholds = THRESHOLDS) -> str:
    """Return the flag of a mean, total, ratio or quantile by its base, effective base, CV and degrees of freedom.

    A census has no sampling error: it is A unless hidden. A value of 0 with an error has no CV: C.

    Returns:
        "A", "B", "C" or "hidden".
    """
    if _is_hidden(estimate, thresholds):
        return HIDDEN
    if estimate.method == "census":
        return A
    flag = _by_base(estimate, thresholds)
    if not estimate.cv_share <= thresholds.b_up_to_cv_share:
        return C
    return flag if estimate.cv_share <= thresholds.a_up_to_cv_share else max(flag, B)


def nps_flag(estimate: Estimate, thresholds: Thresholds = THRESHOLDS) -> str:
    """Return the flag of a net promoter score: hidden on a small base, else by base and degrees of freedom.

    Returns:
        "A", "B", "C" or "hidden".
    """
    if _is_hidden(estimate, thresholds) or estimate.base < thresholds.nps_hidden_below_base:
        return HIDDEN
    return A if estimate.method == "census" else _by_base(estimate, thresholds)


def _is_hidden(estimate: Estimate, thresholds: Thresholds) -> bool:
    return estimate.base < thresholds.hidden_below_base or not isfinite(estimate.value)


def _by_base(estimate: Estimate, thresholds: Thresholds) -> str:
    if estimate.base < thresholds.c_below_base or estimate.df < thresholds.least_df:
        return C
    if estimate.effective_base < thresholds.b_from_effective:
        return C
    return B if estimate.effective_base < thresholds.a_from_effective else A

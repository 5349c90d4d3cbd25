"""Weighting: weights that make a sample add up to what is known of the population."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from etl.estimates.design import Design, numbered, positive

Codes = Iterable[Hashable]
Targets = Mapping[Hashable, float]


@dataclass(frozen=True)
class WeightingRules:
    """When categories are too small, and when weights are too large.

    least_answers: a category with fewer respondents is joined with others. largest_factor: so is one that would be
    weighted up by more than this, beside the sample as a whole. largest_weight: in medians of the weights.
    tolerance: of the last change of a weight for any margin, as a share of it. most_passes, most_caps: before giving
    up.
    """

    least_answers: int = 5
    largest_factor: float = 3.0
    largest_weight: float = 5.0
    tolerance: float = 1e-8
    most_passes: int = 1000
    most_caps: int = 50


RULES = WeightingRules()


@dataclass(frozen=True)
class Collapsed:
    """Categories of a margin that were weighted as one, and why the first of them could not stand alone.

    reason: "few_answers" or "large_factor".
    """

    margin: str
    codes: tuple[Hashable, ...]
    reason: str


@dataclass(frozen=True, eq=False)
class Weighted:
    """Weights that add up to the targets.

    weights: (n,) respondents of the population each stands for. initial_weights: (n,) what they were before.
    calibration: (n, k) a dummy for each category of each margin.
    collapsed: the categories joined, for the sentence on weighting. capped: weights cut down on the way.
    over: weights still above the cap, because the targets demand them; 0 as a rule. passes: of the last raking.
    """

    weights: np.ndarray
    initial_weights: np.ndarray
    calibration: np.ndarray
    collapsed: tuple[Collapsed, ...]
    capped: int
    over: int
    passes: int

    def design(
        self,
        strata: Codes | None = None,
        clusters: Codes | None = None,
        population: Mapping[Hashable, float] | float | None = None,
    ) -> Design:
        """Return the design of the weighted sample; arguments and errors as `Design`."""
        return Design(self.weights, strata, clusters, population, self.calibration, self.initial_weights)


class NotConverged(ValueError):
    """Raking found no weights that meet all margins."""


def post_stratify(weights: np.ndarray, codes: Codes, targets: Targets, rules: WeightingRules = RULES) -> Weighted:
    """Return weights that add up to a known total in every category: raking on one margin.

    w *= T_k / sum(w in k): Lohr, Sampling: Design and Analysis, 4.4; `postStratify` of R survey.

    Args:
        weights: (n,) above 0; ones where nothing else is known.
        codes: (n,) the category of each respondent.
        targets: what each category adds up to in the population, above 0; one without respondents is joined.

    Raises:
        ValueError: lengths differ, a code has no target, or a weight or target is not a finite number above 0.
    """
    return rake(weights, {"_T": (codes, targets)}, rules)


def rake(weights: np.ndarray, margins: Mapping[str, tuple[Codes, Targets]], rules: WeightingRules = RULES) -> Weighted:
    """Return weights that add up to the known totals of several margins.

    Iterative proportional fitting (Deming and Stephan 1940, Annals of Mathematical Statistics 11; `rake` of R survey):
    w *= T_k / sum(w in k), margin after margin, until no margin changes a weight. Weights above the cap are then cut
    down to it and all are raked again. Small categories of a margin are first joined, with one another or, where they
    are too small together, with the smallest that is not; `Weighted.collapsed` names them.

    Args:
        weights: (n,) above 0; ones where nothing else is known.
        margins: name to codes (n,) and targets, as in `post_stratify`; the targets of all add up to the same.

    Raises:
        ValueError: as `post_stratify`, there is no margin, or the totals of the margins differ.
        NotConverged: the margins contradict one another in this sample.
    """
    initial = weights = positive(weights)
    if not margins or not weights.size:
        raise ValueError("Weighting needs respondents and at least one margin.")
    groups, totals, collapsed = [], [], []
    for name, (codes, targets) in margins.items():
        members, wanted, joined = _collapse(name, weights, codes, targets, rules)
        groups.append(members)
        totals.append(wanted)
        collapsed += joined
    sums = {name: float(wanted.sum()) for name, wanted in zip(margins, totals, strict=True)}
    if max(sums.values()) - min(sums.values()) > 1e-6 * max(sums.values()):
        listed = ", ".join(f"{name} {total:g}" for name, total in sums.items())
        raise ValueError(f"The margins must add up to the same population; they add up to {listed}.")
    weights, passes = _fit(weights, groups, totals, rules)
    cut = np.zeros(weights.size, dtype=bool)
    for _ in range(rules.most_caps):
        over = _over(weights, rules)
        if not over.any():
            break
        cut |= over
        lowered = np.where(over, rules.largest_weight * np.median(weights), weights)
        weights, passes = _fit(lowered, groups, totals, rules)
    dummies = [np.eye(wanted.size)[members] for members, wanted in zip(groups, totals, strict=True)]
    over = int(_over(weights, rules).sum())
    return Weighted(weights, initial, np.hstack(dummies), tuple(collapsed), int(cut.sum()), over, passes)


def _over(weights: np.ndarray, rules: WeightingRules) -> np.ndarray:
    return weights > rules.largest_weight * np.median(weights) * (1 + 1e-6)


def _fit(weights, groups, totals, rules: WeightingRules) -> tuple[np.ndarray, int]:
    """Return weights that meet all totals, and the passes it took."""
    for passes in range(1, rules.most_passes + 1):
        change = 0.0
        for members, wanted in zip(groups, totals, strict=True):
            factors = wanted / np.bincount(members, weights=weights, minlength=wanted.size)
            weights = weights * factors[members]
            change = max(change, float(np.abs(factors - 1).max()))
        if change < rules.tolerance or len(groups) == 1:
            return weights, passes
    raise NotConverged(
        f"No weights meet all margins after {rules.most_passes} passes. Join categories whose combinations nobody in "
        "the sample has, or leave out a margin."
    )


def _collapse(
    name: str, weights: np.ndarray, codes: Codes, targets: Targets, rules: WeightingRules
) -> tuple[np.ndarray, np.ndarray, list[Collapsed]]:
    """Return the category of each respondent as a number, the total of each number, and what was joined."""
    listed = list(codes)
    if len(listed) != weights.size:
        raise ValueError(f"There are {weights.size} weights and {len(listed)} codes of {name}.")
    unknown = sorted({str(code) for code in listed if code not in targets})
    if unknown:
        raise ValueError(f"{name}: no target for {', '.join(unknown)}. Add it, or leave such respondents out.")
    wanted = np.array(list(targets.values()), dtype=float)
    if not (np.isfinite(wanted) & (wanted > 0)).all():
        raise ValueError(f"{name}: targets must be finite numbers above 0.")
    place = {code: number for number, code in enumerate(targets)}
    members = np.array([place[code] for code in listed], dtype=int)
    answers = np.bincount(members, minlength=wanted.size)
    held = np.bincount(members, weights=weights, minlength=wanted.size)
    scale = wanted.sum() / weights.sum()

    def reason(parts: list[int]) -> str | None:
        if answers[parts].sum() < rules.least_answers:
            return "few_answers"
        return "large_factor" if wanted[parts].sum() > rules.largest_factor * scale * held[parts].sum() else None

    alone = [reason([number]) for number in range(wanted.size)]
    pool = [number for number, why in enumerate(alone) if why]
    others = sorted((number for number, why in enumerate(alone) if not why), key=lambda number: wanted[number])
    while pool and others and (len(pool) == 1 or reason(pool)):
        pool.append(others.pop(0))
    if len(pool) > 1:
        members = np.where(np.isin(members, pool), pool[0], members)
    codes_in_order = list(targets)
    joined = [Collapsed(name, tuple(codes_in_order[one] for one in pool), alone[pool[0]])] if len(pool) > 1 else []
    members, kept = numbered(members.tolist())
    sums = [wanted[pool].sum() if len(pool) > 1 and one == pool[0] else wanted[one] for one in kept]
    return members, np.array(sums), joined

"""Gaps: what companies, volunteers and NGOs say of the same thing, and what NGOs need beside what they get."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np

from etl.estimates.differences import Difference, compare, difference, holm
from etl.estimates.estimators import share
from etl.estimates.reliability import Thresholds, share_flag
from etl.voices.results import COMPARED, Result
from etl.voices.sample import Sample
from etl.voices.weights import Weighing
from observatory import TOTAL
from observatory.registry import registry

GAP = (
    "wave INTEGER, kind VARCHAR, question VARCHAR, option VARCHAR, dimension VARCHAR, code VARCHAR, "
    "is_weighted BOOLEAN, first VARCHAR, second VARCHAR, first_base INTEGER, second_base INTEGER, first_share DOUBLE, "
    "second_share DOUBLE, value DOUBLE, low DOUBLE, high DOUBLE, verdict VARCHAR"
)
"""The table `gap`. kind: "mirrored", the share that agrees of two instruments, or "paired", what NGOs need less what
they get. Bases are respondents; shares 0 to 1; value, low and high the first less the second, -1 to 1. verdict: higher,
lower, not_distinguishable or not_compared, of the first beside the second."""

NEED, SUPPLY, WHO = "needs", "got", "ngo"


@dataclass(frozen=True)
class Gap:
    """One row of the table `gap`, with the difference it is judged by."""

    wave: int
    kind: str
    question: str
    option: str
    dimension: str
    code: str
    is_weighted: bool
    first: str
    second: str
    bases: tuple[int, int]
    shares: tuple[float, float]
    found: Difference
    flags: tuple[str, str]
    verdict: str = ""

    @property
    def row(self) -> tuple:
        """The row, with NULL for what is not known."""
        numbers = (*self.shares, self.found.value, self.found.low, self.found.high)
        known = (float(number) if np.isfinite(number) else None for number in numbers)
        return (
            self.wave, self.kind, self.question, self.option, self.dimension, self.code, self.is_weighted, self.first,
            self.second, *self.bases, *known, self.verdict,
        )  # fmt: skip


def gaps_of(found: Sequence[Result], paired: Sequence[Gap]) -> list[Gap]:
    """Return the gaps of all mirrored questions and those given, judged together within one chart (Holm)."""
    gaps = [*_mirrored(found), *paired]
    charts: dict[tuple, list[int]] = defaultdict(list)
    for place, gap in enumerate(gaps):
        charts[gap.wave, gap.kind, gap.dimension, gap.is_weighted].append(place)
    for places in charts.values():
        ps = [gaps[place].found.p if set(gaps[place].flags) <= COMPARED else np.nan for place in places]
        for place, p in zip(places, holm(ps), strict=True):
            gaps[place] = replace(gaps[place], verdict=compare(gaps[place].found, gaps[place].flags, p))
    return gaps


def _mirrored(found: Sequence[Result]) -> Iterator[Gap]:
    """Yield the difference of every two sides that were asked the same question in the same wave and group."""
    sides = registry().questionnaires["mirrored"]
    told: dict[tuple, dict[str, Result]] = defaultdict(dict)
    for result in found:
        if result.statistic == "top" and result.instrument in sides.get(result.question, ()) and not result.is_hidden:
            key = (result.wave, result.question, result.dimension, result.code, result.is_weighted)
            told[key][result.instrument] = result
    for (wave, question, dimension, code, is_weighted), by_side in told.items():
        for first, second in combinations([side for side in sides[question] if side in by_side], 2):
            one, other = by_side[first], by_side[second]
            yield Gap(
                wave, "mirrored", question, "", dimension, code, is_weighted, first, second,
                (one.found.base, other.found.base), (one.found.value, other.found.value),
                difference(one.found, other.found), (one.flag, other.flag),
            )  # fmt: skip


def need_and_supply(sample: Sample, weighing: Weighing, thresholds: Thresholds) -> Iterator[Gap]:
    """Yield, for each thing that NGOs may need, how many need it and how many got it from companies.

    Both are said by the same NGOs, so that what each of them says of both is judged, not two samples.
    """
    if sample.instrument != WHO or not {NEED, SUPPLY} <= sample.questions.keys():
        return
    need, supply = sample.questions[NEED], sample.questions[SUPPLY]
    both = need.is_given & supply.is_given
    for is_weighted, design in ((False, weighing.plain), (True, weighing.weighted)):
        if design is None or int(both.sum()) < thresholds.hidden_below_base:
            continue
        for option in need.options:
            if option not in supply.chosen:
                continue
            wanted, got = (np.nan_to_num(answers.chosen[option]) for answers in (need, supply))
            shares = [share(design, told, both) for told in (wanted, got)]
            flags = tuple(share_flag(one, thresholds) for one in shares)
            yield Gap(
                sample.wave, "paired", NEED, option, TOTAL, TOTAL, is_weighted, NEED, SUPPLY,
                (shares[0].base, shares[1].base), (shares[0].value, shares[1].value), difference(*shares), flags,
            )  # fmt: skip

"""Results: shares, means and medians of every question, by every published group, and how they stand to others."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pyarrow as pa

from etl.estimates.design import Design
from etl.estimates.differences import NOT_COMPARED, Difference, compare, difference, holm
from etl.estimates.estimators import Estimate, mean, nps, quantile, share
from etl.estimates.reliability import HIDDEN, A, B, Thresholds, mean_flag, nps_flag, share_flag
from etl.voices.breaks import Breaks
from etl.voices.sample import Answers, Sample
from etl.voices.weights import Weighing
from observatory import TOTAL
from observatory.editions import Edition
from observatory.registry import registry

NUMBERS_DIGITS = 2
"""The digits that numbers of companies are rounded to: a median, and the bounds of its interval, are figures that some
company gave."""

COMPARED = {A, B}
"""Flags of estimates that are set beside others."""

ESTIMATE = {
    "instrument": pa.string(), "wave": pa.int32(), "question": pa.string(), "dimension": pa.string(),
    "code": pa.string(), "is_weighted": pa.bool_(), "statistic": pa.string(), "option": pa.string(),
    "value": pa.float64(), "low": pa.float64(), "high": pa.float64(), "base": pa.int32(),
    "effective_base": pa.float64(), "flag": pa.string(), "versus_rest": pa.string(), "versus_wave": pa.string(),
}  # fmt: skip
"""Columns of the table `estimate`. Shares, 0 to 1; means and medians in the question's own unit; nps in points.

statistic: "share" of an option, "top" (those who agree, of a scale), "mean", "median", "nps". flag: A, B, C or hidden;
hidden has no value and no bounds; numbers that companies gave are rounded. versus_rest, versus_wave: higher, lower,
not_distinguishable or not_compared, of the group beside all others and beside the wave before; NULL where there is
nothing to set it beside.
"""


@dataclass(frozen=True)
class Result:
    """One row of the table `estimate`, with its estimate, and its difference from the rest of its sample."""

    instrument: str
    wave: int
    question: str
    dimension: str
    code: str
    is_weighted: bool
    statistic: str
    option: str
    found: Estimate
    flag: str
    rest: Difference | None = None
    rest_flag: str = HIDDEN
    versus_rest: str | None = None
    versus_wave: str | None = None

    @property
    def is_hidden(self) -> bool:
        """Whether it is not shown at all."""
        return self.flag == HIDDEN

    def _shown(self, number: float) -> float | None:
        if self.is_hidden or not np.isfinite(number):
            return None
        return float(f"{number:.{NUMBERS_DIGITS}g}") if self.is_of_companies else float(number)

    @property
    def is_of_companies(self) -> bool:
        """Whether it sums up numbers of which each is one company's own."""
        return self.instrument == "company" and self.statistic in ("median", "mean")

    @property
    def value(self) -> float | None:
        """The estimate; None where hidden."""
        return self._shown(self.found.value)

    @property
    def low(self) -> float | None:
        """The lower bound of the 95 % interval; None where hidden or not known."""
        return self._shown(self.found.low)

    @property
    def high(self) -> float | None:
        """The upper bound."""
        return self._shown(self.found.high)

    @property
    def base(self) -> int | None:
        """How many answered; None where hidden."""
        return None if self.is_hidden else self.found.base

    @property
    def effective_base(self) -> float | None:
        """How many of a simple sample would tell as much."""
        number = self.found.effective_base
        return None if self.is_hidden or not np.isfinite(number) else float(number)

    @property
    def chart(self) -> tuple:
        """What else stands in one chart with it, whose comparisons are adjusted together: an option by all groups, or
        all options of all respondents."""
        return (
            self.instrument,
            self.wave,
            self.question,
            self.dimension,
            self.is_weighted,
            self.statistic,
            "" if self.dimension == TOTAL else self.option,
        )


def thresholds_of(edition: Edition) -> Thresholds:
    """Return the base sizes of an edition, with the other limits of reliability.py."""
    return Thresholds(
        hidden_below_base=edition.thresholds["survey_base_hidden"], c_below_base=edition.thresholds["survey_base_low"]
    )


def results_of(sample: Sample, weighing: Weighing, edition: Edition) -> Iterator[Result]:
    """Yield every result of a sample, weighted and not; groups too small to be shown are yielded as hidden."""
    thresholds, numbers_least = thresholds_of(edition), edition.thresholds["survey_base_numbers"]
    designs = [(False, weighing.plain), *([(True, weighing.weighted)] if weighing.weighted else [])]
    for name, answers in sample.questions.items():
        given = answers.is_given
        if not given.any():
            continue
        for dimension, code, members in sample.groups:
            inside, outside = given & members, given & ~members
            is_shown = int(inside.sum()) >= thresholds.hidden_below_base
            has_rest = dimension != TOTAL and int(outside.sum()) >= thresholds.hidden_below_base
            for is_weighted, design in designs:
                for statistic, option, of, flag_of in _statistics(name, answers, thresholds):
                    result = Result(
                        sample.instrument, sample.wave, name, dimension, code, is_weighted, statistic, option,
                        NO_BASE, HIDDEN,
                    )  # fmt: skip
                    if not is_shown or result.is_of_companies and int(inside.sum()) < numbers_least:
                        yield result
                        continue
                    found = of(design, inside)
                    result = replace(result, found=found, flag=flag_of(found))
                    if has_rest and result.flag in COMPARED:
                        rest = of(design, outside)
                        result = replace(result, rest=difference(found, rest), rest_flag=flag_of(rest))
                    elif has_rest and not result.is_hidden:
                        result = replace(result, versus_rest=NOT_COMPARED)
                    yield result


NO_BASE = Estimate(np.nan, np.nan, np.nan, np.nan, 0, np.nan, 0, "none")


def _statistics(name: str, answers: Answers, thresholds: Thresholds) -> Iterator[tuple[str, str, Any, Any]]:
    """Yield each statistic of a question: its name, the option, what computes it in a domain, and what flags it."""

    def flag_share(found: Estimate) -> str:
        return share_flag(found, thresholds)

    def flag_mean(found: Estimate) -> str:
        return mean_flag(found, thresholds)

    if answers.kind == "number":
        yield "median", "", lambda d, inside: quantile(d, answers.value, 0.5, inside), flag_mean
        yield "mean", "", lambda d, inside: mean(d, answers.value, inside), flag_mean
        if name in registry().surveys["promoters"]:
            yield "nps", "", lambda d, inside: nps(d, answers.value, inside), lambda f: nps_flag(f, thresholds)
        return
    for option in answers.options:
        chosen = answers.code == option if answers.kind == "one" else answers.chosen[option]
        yield "share", option, _share_of(chosen), flag_share
    scale = registry().surveys["scales"].get(answers.of)
    if answers.kind == "one" and scale:
        top = np.isin(answers.code.astype(str), scale["top"])
        yield "top", "", _share_of(top), flag_share
    numbers = scale["values"] if scale else registry().surveys["numbered"].get(answers.of)
    if answers.kind == "one" and numbers:
        steps = np.array([numbers.get(code, np.nan) for code in answers.code], dtype=float)
        known = np.isfinite(steps)
        yield "mean", "", lambda d, inside: mean(d, np.where(known, steps, 0.0), inside & known), flag_mean


def _share_of(chosen: np.ndarray) -> Any:
    numbers = chosen.astype(float)
    offered = np.isfinite(numbers)

    def of(design: Design, inside: np.ndarray) -> Estimate:
        return share(design, np.where(offered, numbers, 0.0), inside & offered)

    return of


def with_comparisons(found: list[Result], breaks: Breaks) -> list[Result]:
    """Return the results with how each stands to the rest of its sample, and to the wave before where the question was
    put alike; p-values are adjusted by Holm within one chart."""
    before = _waves_before(found)
    by_key = {(*_key(result), result.wave): result for result in found}
    rest, wave = {}, {}
    for place, result in enumerate(found):
        if result.rest is not None:
            rest[place] = result.rest, (result.flag, result.rest_flag)
        earlier = by_key.get((*_key(result), before.get((result.instrument, result.wave))))
        is_broken = (result.instrument, result.wave, result.question) in breaks
        if earlier and not is_broken and not result.is_hidden and not earlier.is_hidden:
            wave[place] = difference(result.found, earlier.found), (result.flag, earlier.flag)
    versus_rest, versus_wave = _judged(found, rest), _judged(found, wave)
    return [
        replace(result, versus_rest=versus_rest.get(place, result.versus_rest), versus_wave=versus_wave.get(place))
        for place, result in enumerate(found)
    ]


def _key(result: Result) -> tuple:
    return (result.instrument, result.question, result.dimension, result.code, result.is_weighted, result.statistic,
            result.option)  # fmt: skip


def _waves_before(found: list[Result]) -> dict[tuple[str, int], int]:
    waves: dict[str, list[int]] = defaultdict(list)
    for instrument, wave in sorted({(result.instrument, result.wave) for result in found}):
        waves[instrument].append(wave)
    return {
        (instrument, wave): earlier
        for instrument, listed in waves.items()
        for earlier, wave in zip(listed, listed[1:], strict=False)
    }


def _judged(found: list[Result], pairs: Mapping[int, tuple]) -> dict[int, str]:
    charts: dict[tuple, list[int]] = defaultdict(list)
    for place in pairs:
        charts[found[place].chart].append(place)
    judged = {}
    for places in charts.values():
        compared = [
            p if set(pairs[place][1]) <= {"A", "B"} else np.nan for place in places for p in [pairs[place][0].p]
        ]
        for place, p in zip(places, holm(compared), strict=True):
            judged[place] = compare(pairs[place][0], pairs[place][1], p)
    return judged


def counts_of(sample: Sample) -> Iterator[tuple]:
    """Yield a row of the table `answer_count` for each question and group, those too small left out."""
    for name, answers in sample.questions.items():
        asked = (answers.state != "") & (answers.state != "not_asked")
        for dimension, code, members in sample.groups:
            if dimension == TOTAL or (asked & members).any():
                counted = (
                    int((members & (answers.state == state)).sum()) for state in ("given", "no_answer", "dont_know")
                )
                yield (sample.instrument, sample.wave, name, dimension, code, int((asked & members).sum()), *counted)

"""Comparisons of one chart are adjusted together: an option by all groups, or all options of all respondents."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from etl.estimates.differences import ALPHA, difference
from etl.estimates.estimators import Estimate
from etl.voices.results import Result, with_comparisons
from tests.etl.conftest import cells_of

ERROR = 0.02  # of a share; 2 of the errors of a difference have a p-value of 0.046, 2.2 of 0.028, 2.3 of 0.021


def told(errors=0.0, wave=2025, **more):
    """Return a share that lies so many errors of a difference above that of the wave before."""
    share = Estimate(0.5 + errors * ERROR * 2**0.5, ERROR, 0.4, 0.6, 625, 625, 10**6, "wilson")
    plain = Result("volunteer", wave, "helps", "_T", "_T", False, "share", "time", share, "A")
    return replace(plain, **more)


def versus_wave(*results):
    """Return how results stand to a wave in which each share was the same."""
    earlier = [replace(one, wave=2020, found=told().found) for one in results]
    return [one.versus_wave for one in with_comparisons([*earlier, *results], {})[len(results) :]]


@pytest.mark.parametrize("text", [
    """
    _T     | _T      | time   | 2.3  | A | not_distinguishable
    _T     | _T      | money  | 2.2  | A | not_distinguishable
    _T     | _T      | praise | -2.1 | A | not_distinguishable
    """,
    """
    _T     | _T      | time   | 2.0  | A | higher
    _T     | _T      | money  | 3.0  | A | higher
    _T     | _T      | praise | -2.3 | A | lower
    """,
    """
    _T     | _T      | time   | 2.3  | A | higher
    _T     | _T      | money  | 2.2  | C | not_compared
    _T     | _T      | praise | -2.1 | C | not_compared
    """,
    """
    sector | finance | time   | 2.3  | A | higher
    sector | finance | money  | 2.2  | A | higher
    sector | finance | praise | -2.1 | A | lower
    """,
    """
    sector | finance | time   | 2.3  | A | not_distinguishable
    sector | trade   | time   | 2.2  | A | not_distinguishable
    sector | mining  | time   | -2.1 | A | not_distinguishable
    """,
], ids=["all options", "step by step", "what is compared", "options of a group", "groups"])  # fmt: skip
def test_what_stands_in_one_chart_is_adjusted_together(text):
    rows = cells_of(text)
    results = [
        told(float(errors), dimension=dimension, code=code, option=option, flag=flag)
        for dimension, code, option, errors, flag, _ in rows
    ]
    assert versus_wave(*results) == [verdict for *_, verdict in rows]


@given(st.lists(st.integers(-40, 40), min_size=1, max_size=9))
def test_options_of_all_respondents_are_marked_as_holm_rejects_one_after_the_other(tenths):
    options = [told(number / 10, option=f"option {place}") for place, number in enumerate(tenths)]
    p_values = sorted((difference(one.found, told().found).p, place) for place, one in enumerate(options))
    marked = set()
    for left, (p, place) in zip(range(len(options), 0, -1), p_values, strict=True):
        if p > ALPHA / left:
            break
        marked.add(place)
    verdicts = versus_wave(*options)
    assert {place for place, verdict in enumerate(verdicts) if verdict in ("higher", "lower")} == marked


@pytest.mark.parametrize(("field", "first", "second"), [
    ("instrument", "leader", "company"), ("question", "useful", "helps"), ("dimension", "sector", "region"),
    ("is_weighted", True, False), ("statistic", "share", "top"),
])  # fmt: skip
def test_what_stands_in_another_chart_is_adjusted_apart(field, first, second):
    one, other = (told(2.2, **{field: value}) for value in (first, second))
    assert versus_wave(one, one) == ["not_distinguishable", "not_distinguishable"]
    assert versus_wave(one, other) == ["higher", "higher"]


def test_each_wave_is_adjusted_apart():
    found = with_comparisons([told(0, 2020), told(2.2, 2025), told(4.4, 2030)], {})
    assert [one.versus_wave for one in found] == [None, "higher", "higher"]


def test_groups_beside_the_rest_are_adjusted_over_all_groups_of_one_option():
    rest = {"rest": difference(told(2.2).found, told().found), "rest_flag": "A", "dimension": "sector"}
    groups = [told(2.2, code=code, **rest) for code in ("finance", "trade")]
    assert [one.versus_rest for one in with_comparisons(groups[:1], {})] == ["higher"]
    assert [one.versus_rest for one in with_comparisons(groups, {})] == ["not_distinguishable"] * 2

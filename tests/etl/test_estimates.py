"""Estimates keep the rules that make them safe to show."""

import subprocess
import sys
from math import inf, isnan, nan

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from etl.estimates.design import Design
from etl.estimates.differences import compare, difference, holm, newcombe
from etl.estimates.estimators import Estimate, kish, mean, nps, quantile, ratio, share, total, wilson
from etl.estimates.reliability import Thresholds, mean_flag, nps_flag, share_flag
from etl.estimates.weighting import Collapsed, NotConverged, WeightingRules, post_stratify, rake

ESTIMATORS = {
    "mean": lambda design, y, domain: mean(design, y, domain),
    "total": lambda design, y, domain: total(design, y, domain),
    "ratio": lambda design, y, domain: ratio(design, y, y + 1, domain),
    "share": lambda design, y, domain: share(design, y > 5, domain),
    "quantile": lambda design, y, domain: quantile(design, y, 0.5, domain),
    "nps": lambda design, y, domain: nps(design, y, domain),
}


@st.composite
def samples(draw, is_plain=False):
    """A design, answers 0 to 10 and a domain of at least one respondent."""
    size = draw(st.integers(4, 30))
    whole = st.integers(0, 10)
    answers = np.array(draw(st.lists(whole, min_size=size, max_size=size)), dtype=float)
    domain = np.array(draw(st.lists(st.booleans(), min_size=size, max_size=size)))
    domain[0] = True
    if is_plain:
        return Design(np.ones(size)), answers, domain
    weights = draw(st.lists(st.floats(0.5, 20), min_size=size, max_size=size))
    strata = draw(st.none() | st.lists(st.sampled_from("ab"), min_size=size, max_size=size))
    clusters = draw(st.none() | st.lists(st.integers(0, 5), min_size=size, max_size=size))
    return Design(weights, strata, clusters), answers, domain


def figures(estimate):
    return [estimate.value, estimate.se, estimate.low, estimate.high]


def same(one, other, factor=1.0):
    """Whether two estimates are the same but for rounding, the first multiplied."""
    return figures(one) == pytest.approx(
        [factor * number for number in figures(other)], rel=1e-7, abs=1e-7, nan_ok=True
    )


# --- what must hold for every sample ---


@pytest.mark.parametrize("name", ESTIMATORS)
@given(samples(is_plain=True), st.floats(0.1, 100))
@settings(max_examples=25, deadline=None)
def test_equal_weights_are_no_weights(name, sample, weight):
    plain, answers, domain = sample
    weighted = Design(np.full(plain.size, weight))
    factor = weight if name == "total" else 1
    assert same(ESTIMATORS[name](weighted, answers, domain), ESTIMATORS[name](plain, answers, domain), factor)


@pytest.mark.parametrize("name", ESTIMATORS)
@given(samples(), st.sampled_from([0.25, 2.0, 1024.0]))
@settings(max_examples=25, deadline=None)
def test_larger_weights_change_totals_only(name, sample, times):
    design, answers, domain = sample
    larger = Design(design.weights * times, design.strata, design.clusters)
    factor = times if name == "total" else 1
    assert same(ESTIMATORS[name](larger, answers, domain), ESTIMATORS[name](design, answers, domain), factor)


@pytest.mark.parametrize("name", ESTIMATORS)
@given(samples())
@settings(max_examples=25, deadline=None)
def test_the_order_of_respondents_does_not_matter(name, sample):
    design, answers, domain = sample
    back = Design(
        design.weights[::-1],
        None if design.strata is None else design.strata[::-1],
        None if design.clusters is None else design.clusters[::-1],
    )
    assert same(ESTIMATORS[name](back, answers[::-1], domain[::-1]), ESTIMATORS[name](design, answers, domain))


@given(samples())
@settings(max_examples=100, deadline=None)
def test_intervals_of_shares_hold_the_share_and_stay_between_0_and_1(sample):
    design, answers, domain = sample
    found = share(design, answers > 5, domain)
    assert 0 <= found.low <= found.value + 1e-12
    assert found.value - 1e-12 <= found.high <= 1


@given(samples())
@settings(max_examples=50, deadline=None)
def test_shares_of_options_that_exclude_one_another_add_up_to_1(sample):
    design, answers, domain = sample
    assert sum(share(design, answers == option, domain).value for option in range(11)) == pytest.approx(1)


@given(samples())
@settings(max_examples=50, deadline=None)
def test_the_interval_of_a_share_is_that_of_the_others_turned_round(sample):
    design, answers, domain = sample
    chosen, left = share(design, answers > 5, domain), share(design, answers <= 5, domain)
    assert (chosen.low, chosen.high) == pytest.approx((1 - left.high, 1 - left.low), abs=1e-7)


@given(samples())
@settings(max_examples=50, deadline=None)
def test_the_effective_base_of_a_share_is_never_above_the_base(sample):
    design, answers, domain = sample
    found = share(design, answers > 5, domain)
    assert 0 < found.effective_base <= found.base == domain.sum()


@pytest.mark.parametrize("name", ESTIMATORS)
@given(samples())
@settings(max_examples=15, deadline=None)
def test_an_empty_domain_has_no_value_and_no_base(name, sample):
    design, answers, _ = sample
    found = ESTIMATORS[name](design, answers, np.zeros(design.size, dtype=bool))
    assert isnan(found.value)
    assert (found.base, found.method) == (0, "none")


@pytest.mark.parametrize("name", ESTIMATORS)
@given(samples())
@settings(max_examples=15, deadline=None)
def test_what_lies_outside_the_domain_is_not_read(name, sample):
    design, answers, domain = sample
    blank = np.where(domain, answers, np.nan)
    found = share(design, np.where(domain, answers > 5, np.nan), domain) if name == "share" else None
    found = found or ESTIMATORS[name](design, blank, domain)
    assert same(found, ESTIMATORS[name](design, answers, domain))


@pytest.mark.parametrize("name", ESTIMATORS)
@given(samples())
@settings(max_examples=15, deadline=None)
def test_a_census_has_no_error_and_says_so(name, sample):
    design, answers, domain = sample
    units = {} if design.strata is None else {
        code: sum(1 for _ in {(c, i if design.clusters is None else design.clusters[i])
                              for i, c in enumerate(design.strata) if c == code}) for code in set(design.strata)
    }  # fmt: skip
    alone = design.size if design.clusters is None else len(set(design.clusters))
    census = Design(design.weights, design.strata, design.clusters, units or alone)
    found = ESTIMATORS[name](census, answers, domain)
    assert (found.se, found.low, found.high, found.method) == (0, found.value, found.value, "census")


# --- shares where nobody or everybody chose, quantiles, NPS, effective bases ---


@pytest.mark.parametrize("design", [Design(np.ones(20)), Design(np.arange(1, 21)), Design(np.ones(20), "ab" * 10)])
def test_nobody_and_everybody_are_not_certain(design):
    nobody, everybody = share(design, np.zeros(20)), share(design, np.ones(20))
    assert (nobody.value, nobody.low, everybody.value, everybody.high) == (0, 0, 1, 1)
    assert 0.15 < nobody.high < 0.2
    assert everybody.low == pytest.approx(1 - nobody.high)
    assert nobody.effective_base == 20


def test_a_simple_base_has_wilsons_interval_and_a_design_that_of_korn_and_graubard():
    chosen = np.repeat([1, 0], [7, 13])
    simple, weighted = share(Design(np.ones(20)), chosen), share(Design(np.arange(1, 21)), chosen)
    assert (simple.low, simple.high, simple.method) == (*wilson(7, 20), "wilson")
    assert weighted.method == "korn_graubard"


def test_a_share_of_one_cluster_is_not_known_at_all():
    found = share(Design(np.ones(4), clusters=[1, 1, 1, 1]), [1, 0, 1, 1])
    assert (found.value, found.low, found.high, found.df) == (0.75, 0, 1, 0)
    assert isnan(found.se)


def test_the_error_of_a_single_respondent_is_not_known():
    found = mean(Design([2.0]), [5.0])
    assert (found.value, found.base) == (5, 1)
    assert isnan(found.se)
    assert isnan(found.low)


@pytest.mark.parametrize(("probability", "value"), [(0.2, 1), (0.21, 2), (0.5, 3), (0.6, 3), (0.61, 4), (0.99, 5)])
def test_a_quantile_is_the_smallest_answer_that_enough_do_not_exceed(probability, value):
    assert quantile(Design(np.full(5, 0.1)), [5, 3, 1, 2, 4], probability).value == value


def test_a_weighted_median_follows_the_weights():
    assert quantile(Design([1, 1, 1, 1, 6]), [1, 2, 3, 4, 5], 0.5).value == 5


def test_a_bound_beyond_the_answers_is_not_known():
    found = quantile(Design(np.ones(10)), np.arange(10), 0.9)
    assert found.low < found.value
    assert isnan(found.high)


def test_the_same_answer_of_all_has_no_upper_bound():
    found = quantile(Design(np.ones(12)), np.full(12, 3.0), 0.5)
    assert (found.value, found.low) == (3, 3)
    assert isnan(found.high)


def test_the_nps_is_promoters_less_detractors():
    answers = np.repeat([10, 9, 8, 7, 6, 0], [20, 20, 10, 10, 6, 4])
    found = nps(Design(np.ones(70)), answers)
    assert found.value == pytest.approx(100 * 30 / 70)
    assert found.se == pytest.approx(100 * ((40 / 70 + 10 / 70 - (30 / 70) ** 2) / 70) ** 0.5)
    assert 16 < found.high - found.value < 18


def test_the_nps_stays_between_its_ends():
    found = nps(Design(np.ones(10)), np.repeat([10, 0], [9, 1]))
    assert (found.value, found.high) == (pytest.approx(80), 100)


def test_the_nps_under_a_design_is_the_mean_of_signs():
    design, answers = Design(np.arange(1, 41), clusters=np.repeat(np.arange(10), 4)), np.tile([10, 7, 3, 9], 10)
    signs = mean(design, np.tile([1, 0, -1, 1], 10))
    assert figures(nps(design, answers)) == pytest.approx([100 * number for number in figures(signs)])


def test_unequal_weights_make_a_base_smaller():
    assert kish([1, 1, 1, 1]) == 4
    assert kish([1, 3]) == pytest.approx(16 / 10)


# --- what a design refuses ---


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"weights": [1, 0, 1]}, "above 0; 1 are not, the first in row 1"),
        ({"weights": [1, -1, 1]}, "above 0"),
        ({"weights": [1, nan, inf]}, "finite and above 0; 2 are not"),
        ({"weights": [[1, 1]]}, "shape"),
        ({"weights": [1, 1], "strata": ["a"]}, "2 weights and 1 strata"),
        ({"weights": [1, 1], "clusters": ["a", "b", "c"]}, "2 weights and 3 clusters"),
        ({"weights": [1, 1], "strata": ["a", None]}, "1 codes of strata are missing, the first in row 1"),
        ({"weights": [1, 1], "clusters": [nan, 1.0]}, "1 codes of clusters are missing, the first in row 0"),
        ({"weights": [1, 1], "population": 1}, "all: 2 in the sample, 1 in all"),
        ({"weights": [1, 1], "strata": ["a", "b"], "population": {"a": 5}}, "b: 1 in the sample, None in all"),
        ({"weights": [1, 1], "strata": ["a", "a"], "population": {"a": nan}}, "a: 2 in the sample, nan in all"),
        ({"weights": [1, 1], "strata": ["a", "b"], "population": 5}, "a number for each stratum"),
        ({"weights": [1, 1], "population": {"a": 5}}, "a number without strata"),
        ({"weights": [1, 1], "calibration": [[1.0]]}, "calibration must be 2 rows"),
        ({"weights": [1, 1], "initial_weights": [1]}, "2 weights and 1 initial weights"),
    ],
)
def test_a_design_says_what_is_wrong(arguments, message):
    with pytest.raises(ValueError, match=message):
        Design(**arguments)


@pytest.mark.parametrize(
    ("ask", "message"),
    [
        (lambda design: mean(design, [1, 2]), "3 respondents and answers of shape"),
        (lambda design: mean(design, [1, nan, 2]), "1 answers in the domain are missing, the first in row 1"),
        (lambda design: mean(design, [1, 2, 3], [True, False]), "True or False for each of 3"),
        (lambda design: mean(design, [1, 2, 3], [1, 0, 1]), "True or False"),
        (lambda design: share(design, [1, 2, 0]), "answers 0 and 1"),
        (lambda design: quantile(design, [1, 2, 0], 1), "between 0 and 1"),
        (lambda design: nps(design, [1, 11, 0]), "whole answers 0 to 10"),
    ],
)
def test_an_estimator_says_what_is_wrong(ask, message):
    with pytest.raises(ValueError, match=message):
        ask(Design(np.ones(3)))


def test_a_ratio_to_nothing_is_not_known():
    found = ratio(Design(np.ones(3)), [1, 2, 3], [0, 0, 0])
    assert isnan(found.value)
    assert found.base == 3


def test_estimates_start_without_the_slow_part_of_scipy():
    code = "import sys, etl.estimates.differences, etl.estimates.weighting; print('scipy.stats' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout.strip() == "False"


# --- weighting ---


MEN_AND_WOMEN = np.repeat(["f", "m"], [30, 20]).tolist()
REGIONS = (["n"] * 20 + ["s"] * 30)[::-1]


def test_post_stratified_weights_add_up_to_the_targets():
    found = post_stratify(np.ones(50), MEN_AND_WOMEN, {"f": 500, "m": 500})
    assert found.weights[[0, -1]] == pytest.approx([500 / 30, 500 / 20])
    assert (found.collapsed, found.capped, found.over) == ((), 0, 0)


def test_what_was_post_stratified_on_has_no_error():
    design = post_stratify(np.ones(50), MEN_AND_WOMEN, {"f": 500, "m": 500}).design()
    women = total(design, np.array(MEN_AND_WOMEN) == "f")
    assert (women.value, women.se) == (pytest.approx(500), pytest.approx(0, abs=1e-9))


@given(st.lists(st.tuples(st.sampled_from("ab"), st.sampled_from("xyz"), st.floats(0.5, 2)), min_size=60, max_size=60),
       st.tuples(st.floats(0.3, 0.7), st.floats(0.3, 0.6)))  # fmt: skip
@settings(max_examples=30, deadline=None)
def test_raked_weights_add_up_to_all_margins(people, parts):
    people = [*people, *((first, second, 1.0) for first in "ab" for second in "xyz" for _ in range(3))]
    first, second, weights = zip(*people, strict=True)
    rows = {"a": 1000 * parts[0], "b": 1000 * (1 - parts[0])}
    columns = {"x": 1000 * parts[1], "y": 250 * (1 - parts[1]), "z": 750 * (1 - parts[1])}
    rules = WeightingRules(largest_factor=inf, largest_weight=inf)
    found = rake(weights, {"row": (first, rows), "column": (second, columns)}, rules)
    for codes, targets in ((first, rows), (second, columns)):
        sums = {code: found.weights[np.array(codes) == code].sum() for code in targets}
        assert sums == pytest.approx(targets, rel=1e-6)


def test_small_categories_are_joined_and_named():
    codes = ["a"] * 20 + ["b"] * 20 + ["c"] * 2 + ["d"] * 3
    found = post_stratify(np.ones(45), codes, {"a": 200, "b": 200, "c": 10, "d": 40})
    assert found.collapsed == (Collapsed("_T", ("c", "d"), "few_answers"),)
    assert found.weights[-5:] == pytest.approx(np.full(5, 10))


def test_a_small_category_alone_is_joined_with_the_smallest_other():
    codes = ["a"] * 20 + ["b"] * 20 + ["c"] * 2
    found = post_stratify(np.ones(42), codes, {"a": 300, "b": 200, "c": 100, "d": 50})
    assert found.collapsed == (Collapsed("_T", ("c", "d", "b"), "few_answers"),)
    assert found.weights.sum() == pytest.approx(650)


def test_a_category_that_would_be_weighted_up_too_far_is_joined():
    codes = ["a"] * 60 + ["b"] * 20 + ["c"] * 5
    found = post_stratify(np.ones(85), codes, {"a": 500, "b": 300, "c": 400})
    assert found.collapsed == (Collapsed("_T", ("c", "b"), "large_factor"),)


def test_weights_above_the_cap_are_cut_and_the_targets_still_met():
    weights = np.r_[np.ones(99), 30.0]
    found = post_stratify(weights, ["a"] * 50 + ["b"] * 50, {"a": 500, "b": 500})
    assert (found.capped, found.over) == (1, 0)
    assert found.weights.max() <= 5 * np.median(found.weights) * 1.00001
    assert found.weights.sum() == pytest.approx(1000)


def test_weights_that_the_targets_demand_are_counted():
    rules = WeightingRules(largest_factor=inf)
    found = post_stratify(np.ones(100), ["a"] * 90 + ["b"] * 10, {"a": 90, "b": 910}, rules)
    assert (found.capped, found.over) == (10, 10)
    assert found.weights[-1] == pytest.approx(91)


@pytest.mark.parametrize(
    ("margins", "message"),
    [
        ({}, "at least one margin"),
        ({"sex": (MEN_AND_WOMEN, {"f": 1})}, "sex: no target for m"),
        ({"sex": (MEN_AND_WOMEN, {"f": 1, "m": 0})}, "sex: targets must be finite numbers above 0"),
        ({"sex": (MEN_AND_WOMEN[:9], {"f": 1, "m": 1})}, "50 weights and 9 codes of sex"),
        ({"sex": (MEN_AND_WOMEN, {"f": 5, "m": 5}), "region": (REGIONS, {"n": 9, "s": 9})}, "sex 10, region 18"),
    ],
)
def test_raking_says_what_is_wrong(margins, message):
    with pytest.raises(ValueError, match=message):
        rake(np.ones(50), margins)


def test_margins_that_contradict_one_another_are_refused():
    """Everybody in the south is a woman, but the south should have more people than there are women."""
    margins = {"sex": (MEN_AND_WOMEN, {"f": 50, "m": 50}), "region": (REGIONS, {"s": 60, "n": 40})}
    with pytest.raises(NotConverged, match="Join categories"):
        rake(np.ones(50), margins)


# --- flags ---


def an_estimate(value=0.5, width=0.1, base=200, effective=None, df=100, se=0.01, method="wilson"):
    return Estimate(value, se, value - width / 2, value + width / 2, base, effective or base, df, method)


@pytest.mark.parametrize(
    ("estimate", "flag"),
    [
        (an_estimate(), "A"),
        (an_estimate(width=0.20, value=0.4), "A"),
        (an_estimate(effective=100), "A"),
        (an_estimate(effective=99), "B"),
        (an_estimate(width=0.25), "B"),
        (an_estimate(base=30), "B"),
        (an_estimate(base=29), "C"),
        (an_estimate(effective=29), "C"),
        (an_estimate(width=0.31), "C"),
        (an_estimate(value=0.1, width=0.14), "C"),
        (an_estimate(value=0.02, width=0.04), "A"),
        (an_estimate(df=7), "C"),
        (an_estimate(base=10), "C"),
        (an_estimate(base=9), "hidden"),
        (an_estimate(value=nan), "hidden"),
        (an_estimate(width=0, se=0, base=34, df=3, method="census"), "A"),
        (an_estimate(width=0, se=0, base=9, method="census"), "hidden"),
    ],
)
def test_shares_are_flagged_by_base_width_and_degrees_of_freedom(estimate, flag):
    assert share_flag(estimate) == flag


@pytest.mark.parametrize(("count", "flag"), [(None, "A"), (3, "A"), (2, "hidden"), (0, "hidden")])
def test_a_category_that_could_be_named_needs_three_respondents(count, flag):
    assert share_flag(an_estimate(), named_count=count) == flag


@pytest.mark.parametrize(
    ("value", "se", "base", "flag"),
    [
        (100, 15, 200, "A"),
        (-100, 15, 200, "A"),
        (100, 16, 200, "B"),
        (100, 31, 200, "C"),
        (100, 5, 50, "B"),
        (100, 5, 20, "C"),
        (100, 5, 9, "hidden"),
        (0, 5, 200, "C"),
        (100, nan, 200, "C"),
    ],
)
def test_means_are_flagged_by_base_and_cv(value, se, base, flag):
    assert mean_flag(an_estimate(value=value, se=se, base=base, method="t")) == flag


@pytest.mark.parametrize(("base", "flag"), [(29, "hidden"), (30, "B"), (100, "A")])
def test_the_nps_of_fewer_than_30_is_hidden(base, flag):
    assert nps_flag(an_estimate(value=20, base=base)) == flag


def test_an_edition_may_set_other_thresholds():
    assert share_flag(an_estimate(base=9, width=0.1), Thresholds(hidden_below_base=5)) == "C"
    assert share_flag(an_estimate(), Thresholds(a_up_to_width=0.05)) == "B"


# --- differences ---


COUNTS = st.integers(1, 80).flatmap(lambda base: st.tuples(st.integers(0, base), st.just(base)))


@given(samples(), samples())
@settings(max_examples=50, deadline=None)
def test_a_difference_turned_round_changes_its_sign_only(one, other):
    first, second = (mean(design, answers, domain) for design, answers, domain in (one, other))
    there, back = difference(first, second), difference(second, first)
    assert [there.value, there.low, there.high, there.p] == pytest.approx(
        [-back.value, -back.high, -back.low, back.p], nan_ok=True
    )


@given(COUNTS, COUNTS)
@settings(max_examples=100, deadline=None)
def test_newcombes_interval_turned_round_changes_its_sign_only(first, second):
    there, back = newcombe(*first, *second), newcombe(*second, *first)
    assert (there.low, there.high, there.p) == pytest.approx((-back.high, -back.low, back.p), abs=1e-12)
    assert -1 <= there.low <= there.value <= there.high <= 1


@given(COUNTS, COUNTS)
@settings(max_examples=200, deadline=None)
def test_newcombes_p_and_interval_say_the_same(first, second):
    found = newcombe(*first, *second)
    assert (found.p < 0.05) == (found.low > 0 or found.high < 0)


def test_welchs_t_has_the_degrees_of_freedom_of_welch():
    first = mean(Design(np.ones(6)), [1, 2, 3, 4, 5, 6])
    second = mean(Design(np.ones(4)), [7, 9, 11, 13])
    found = difference(first, second)
    parts = 3.5 / 6, (20 / 3) / 4
    assert found.se == pytest.approx(sum(parts) ** 0.5)
    assert found.df == pytest.approx(sum(parts) ** 2 / (parts[0] ** 2 / 5 + parts[1] ** 2 / 3))
    assert found.value == -6.5
    assert 0.001 < found.p < 0.02


def test_a_share_of_nobody_is_not_certain_in_a_difference():
    nobody = share(Design(np.ones(10)), np.zeros(10))
    some = share(Design(np.ones(10)), np.repeat([1, 0], [2, 8]))
    assert difference(some, nobody).p > 0.05


def test_two_censuses_differ_or_not():
    low, high = (mean(Design(np.ones(3), population=3), answers) for answers in ([1, 2, 3], [4, 5, 6]))
    assert difference(low, high).p == 0
    assert difference(low, low).p == 1


def test_what_has_no_value_or_no_error_has_no_p():
    constant = mean(Design(np.ones(30)), np.full(30, 4.0))
    empty = mean(Design(np.ones(3)), [1, 2, 3], np.zeros(3, dtype=bool))
    assert isnan(difference(constant, constant).p)
    assert isnan(difference(constant, empty).p)


@given(st.lists(st.floats(0, 1) | st.just(nan), max_size=12))
@settings(max_examples=100, deadline=None)
def test_holm_never_marks_what_is_not_marked_alone(p_values):
    adjusted, raw = holm(p_values), np.array(p_values, dtype=float)
    known = ~np.isnan(raw)
    assert (np.isnan(adjusted) == ~known).all()
    assert (adjusted[known] >= raw[known]).all()
    assert (adjusted[known] <= 1).all()
    assert (np.diff(adjusted[known][np.argsort(raw[known], kind="stable")]) >= 0).all()


def test_holm_counts_only_what_is_compared():
    assert holm([0.01, nan, 0.04]) == pytest.approx([0.02, nan, 0.04], nan_ok=True)


@pytest.mark.parametrize("wrong", [-0.1, 1.1])
def test_holm_refuses_what_is_no_p_value(wrong):
    with pytest.raises(ValueError, match="between 0 and 1"):
        holm([0.5, wrong])


FAR, NEAR = newcombe(45, 50, 10, 50), newcombe(25, 50, 24, 50)


@pytest.mark.parametrize(
    ("found", "flags", "p_adjusted", "verdict"),
    [
        (FAR, ("A", "A"), None, "higher"),
        (newcombe(10, 50, 45, 50), ("A", "B"), None, "lower"),
        (NEAR, ("A", "A"), None, "not_distinguishable"),
        (FAR, ("A", "A"), 0.051, "not_distinguishable"),
        (FAR, ("A", "C"), None, "not_compared"),
        (FAR, ("hidden", "A"), None, "not_compared"),
        (FAR, ("A", "A"), nan, "not_compared"),
    ],
)
def test_only_what_is_reliable_and_beyond_chance_is_marked(found, flags, p_adjusted, verdict):
    assert compare(found, flags, p_adjusted) == verdict

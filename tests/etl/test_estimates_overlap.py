"""Differences of estimates that share primary units: a company in two waves, colleagues in two groups."""

from collections import defaultdict
from math import hypot, inf, isnan

import numpy as np
import polars as pl
import pytest
import svy
from hypothesis import given, settings
from hypothesis import strategies as st

from etl.estimates.design import Design
from etl.estimates.differences import HIGHER, NOT_COMPARED, NOT_DISTINGUISHABLE, compare, difference
from etl.estimates.estimators import mean, nps, quantile, ratio, share, total
from etl.estimates.weighting import rake

SEEDS = range(8)
STATISTICS = {
    "mean": lambda design, y, domain=None: mean(design, y, domain),
    "share": lambda design, y, domain=None: share(design, np.asarray(y) > 5, domain),
    "median": lambda design, y, domain=None: quantile(design, y, 0.5, domain),
    "nps": lambda design, y, domain=None: nps(design, y, domain),
}


# --- a table, by hand ---

PANEL = """
    company | 2020 | 2025
    A       | 1    | 2
    B       | 5    | 5
    C       | 2    | 3
    D       | 4    | 5
    E       | 3    | 3
    F       | 1    | 3
    G       | 5    | 6
    H       | 3    | 4
"""


def columns(text):
    """Return the columns of a text table, by their headings."""
    heading, *lines = [[cell.strip() for cell in line.split("|")] for line in text.strip().splitlines()]
    return dict(zip(heading, map(list, zip(*lines, strict=True)), strict=True))


def waves(text):
    """Return the mean of both waves of a table; a wave holds the companies that have an answer in it."""
    told = columns(text)
    found = []
    for wave in ("2020", "2025"):
        asked = [(name, float(cell)) for name, cell in zip(told["company"], told[wave], strict=True) if cell]
        names, answers = zip(*asked, strict=True)
        found.append(mean(Design(np.ones(len(names)), identities=np.array(names, dtype=object)), answers))
    return found


def test_the_same_companies_in_two_waves_are_judged_by_their_own_changes():
    """Changes 1 0 1 1 0 2 1 1: mean 7/8, variance 0.4107, t = 0.875 / sqrt(0.4107 / 8) = 3.862 with 7 degrees."""
    then, now = waves(PANEL)
    found = difference(now, then)
    assert (found.value, found.se, found.df) == pytest.approx((0.875, (0.410714286 / 8) ** 0.5, 7))
    assert found.p == pytest.approx(0.0062, abs=5e-5)
    assert compare(found, ("A", "A")) == HIGHER


def test_other_companies_with_the_same_answers_are_not_told_apart():
    then, now = waves(PANEL)
    strangers = mean(Design(np.ones(8), identities=np.array(list("IJKLMNOP"), dtype=object)), [2, 5, 3, 5, 3, 3, 6, 4])
    assert strangers.value == now.value
    assert compare(difference(strangers, then), ("A", "A")) == NOT_DISTINGUISHABLE


PARTLY = """
    company | 2020 | 2025
    A       | 1    | 2
    B       | 5    | 5
    C       | 2    | 3
    D       | 4    |
    E       | 3    |
    F       |      | 3
"""


def test_companies_of_one_wave_alone_stay_in_their_own_sample():
    """Means 3 and 3.25: distances -2 2 -1 | 1 0 over 5, and -1.25 1.75 -0.25 | -0.25 over 4; g is that of 5: 5 / 4."""
    found = difference(*reversed(waves(PARTLY)))
    first, second = 5 / 4 * (4 + 4 + 1 + 1) / 25, 4 / 3 * (1.5625 + 3.0625 + 0.0625 + 0.0625) / 16
    together = 5 / 4 * (2.5 + 3.5 + 0.25) / 20
    assert found.se == pytest.approx((first + second - 2 * together) ** 0.5)
    assert found.df <= 6 - 1  # companies of both waves less the one stratum


# --- oracles: another implementation, and the formula in slow steps ---


class Panel:
    """Clusters in strata, each with respondents in two waves, or in two groups of one, for both implementations."""

    def __init__(self, seed, has_population):
        random = np.random.default_rng(seed)
        units = [
            (f"s{stratum}", f"s{stratum}c{cluster}", wave)
            for stratum in range(random.integers(1, 4))
            for cluster in range(random.integers(3, 9))
            for wave in (0, 1)
            for _ in range(random.integers(1, 5))
        ]
        self.strata, self.clusters, self.wave = (np.array(column) for column in zip(*units, strict=True))
        size = len(units)
        own = {cluster: random.normal(0, 8) for cluster in sorted(set(self.clusters))}
        self.y = random.normal(50, 5, size) + np.array([own[cluster] for cluster in self.clusters]) + 3 * self.wave
        self.x, self.weights = random.uniform(1, 5, size), random.uniform(1, 9, size)
        self.chosen = (random.random(size) < 0.4).astype(int)
        self.population = None
        if has_population:
            self.population = {code: int(random.integers(9, 30)) for code in sorted(set(self.strata))}
        told = {"stratum": self.strata, "cluster": self.clusters, "weight": self.weights, "wave": self.wave,
                "y": self.y, "x": self.x, "chosen": self.chosen}  # fmt: skip
        names = {"stratum": "stratum", "psu": "cluster", "wgt": "weight"}
        if has_population:
            told["whole"] = [float(self.population[code]) for code in self.strata]
            names["pop_size"] = "whole"
        self.other = svy.Sample(pl.DataFrame(told), svy.Design(**names)).estimation

    def design(self, inside):
        return Design(
            self.weights[inside], self.strata[inside], self.clusters[inside], self.population,
            identities=self.clusters[inside],
        )  # fmt: skip

    def as_waves(self, estimator, *answers):
        """The difference of two samples that know each other's clusters."""
        first, second = (
            estimator(self.design(inside), *(column[inside] for column in answers))
            for inside in (self.wave == 0, self.wave == 1)
        )
        return difference(first, second)

    def as_groups(self, estimator, *answers):
        """The difference of two groups of one sample."""
        whole = self.design(np.full(self.wave.size, True))
        first, second = (estimator(whole, *answers, self.wave == wave) for wave in (0, 1))
        return difference(first, second)


@pytest.fixture(params=[(seed, has_population) for seed in SEEDS for has_population in (False, True)], ids=str)
def panel(request):
    return Panel(*request.param)


@pytest.mark.parametrize("seen", ["as_waves", "as_groups"])
@pytest.mark.parametrize(("estimator", "name", "asked"), [
    (mean, "mean", ("y",)), (total, "total", ("y",)), (ratio, "ratio", ("y", "x")), (mean, "mean", ("chosen",)),
    (share, "mean", ("chosen",)),
])  # fmt: skip
def test_differences_are_those_of_both_waves_stacked_with_the_wave_as_domain(panel, seen, estimator, name, asked):
    found = getattr(panel, seen)(estimator, *(getattr(panel, column) for column in asked))
    other = getattr(panel.other, name)(*asked, by="wave")
    first, second = other.to_polars().sort("wave")["est"]
    apart = np.array([1, -1])
    assert found.value == pytest.approx(first - second, rel=1e-8, abs=1e-12)
    assert found.se == pytest.approx((apart @ np.array(other.covariance) @ apart) ** 0.5, rel=1e-8)
    assert found.df == len(set(panel.clusters)) - len(set(panel.strata))


def slowly(first, second):
    """Return the variance of a difference of two means of respondents by the formula, a unit at a time.

    Each wave: {company: (stratum, weight, answer)} and {stratum: N}.
    """
    distances, strata = [], []
    for told, _ in (first, second):
        whole = sum(weight for _, weight, _ in told.values())
        average = sum(weight * answer for _, weight, answer in told.values()) / whole
        sums = {name: weight * (answer - average) / whole for name, (_, weight, answer) in told.items()}
        members = defaultdict(list)
        for name, (stratum, _, _) in told.items():
            members[stratum].append(name)
        strata.append(members)
        distances.append({
            name: sums[name] - sum(sums[one] for one in members[stratum]) / len(members[stratum])
            for name, (stratum, _, _) in told.items()
        })  # fmt: skip
    variance = 0.0
    for (told, population), members, far in zip((first, second), strata, distances, strict=True):
        for name, (stratum, _, _) in told.items():
            n = len(members[stratum])
            variance += (1 - n / population[stratum]) * n / (n - 1) * far[name] ** 2
    for name, (stratum, _, _) in first[0].items():
        if name in second[0]:
            ours, theirs = strata[0][stratum], strata[1][second[0][name][0]]
            n, m, both = len(ours), len(theirs), len(set(ours) & set(theirs))
            left = 1 - n * m / (both * min(first[1][stratum], second[1][second[0][name][0]]))
            g = min(n / (n - 1), m / (m - 1))
            variance -= 2 * max(left, 0) * g * distances[0][name] * distances[1][name]
    return variance


@pytest.mark.parametrize("has_population", [False, True])
@pytest.mark.parametrize("seed", SEEDS)
def test_where_only_some_companies_are_in_both_waves_the_formula_holds_step_by_step(seed, has_population):
    """Some leave, some come, some change their stratum."""
    random = np.random.default_rng(seed)
    own = random.normal(0, 5, 40)
    drawn, estimates = [], []
    for wave, companies in enumerate((range(0, 28), range(9, 40))):
        told = {
            f"C{number:02d}": ("ab"[(number + wave * (number % 7 == 0)) % 2], random.uniform(1, 4),
                               own[number] + random.normal(50, 3))
            for number in companies
        }  # fmt: skip
        population = {"a": 60 + wave, "b": 45} if has_population else {"a": inf, "b": inf}
        strata, weights, answers = (np.array(column) for column in zip(*told.values(), strict=True))
        design = Design(weights.astype(float), strata, None, population if has_population else None,
                        identities=np.array(list(told), dtype=object))  # fmt: skip
        drawn.append((told, population))
        estimates.append(mean(design, answers.astype(float)))
    found = difference(*estimates)
    assert found.se == pytest.approx(slowly(*drawn) ** 0.5)
    assert found.se < 0.95 * hypot(*(one.se for one in estimates))
    assert min(one.df for one in estimates) <= found.df <= 40 - 2


@pytest.mark.parametrize("seed", SEEDS)
def test_of_waves_that_overlap_in_part_the_stack_differs_by_its_factors_alone(seed):
    random = np.random.default_rng(seed)
    own = random.normal(0, 5, 90)
    numbers = [np.arange(0, 60), np.arange(30, 90)]
    answers = [own[places] + random.normal(50, 5, 60) for places in numbers]
    stacked = {"company": np.concatenate(numbers), "y": np.concatenate(answers), "wave": np.repeat([0, 1], 60),
               "weight": np.ones(120)}  # fmt: skip
    other = svy.Sample(pl.DataFrame(stacked), svy.Design(psu="company", wgt="weight")).estimation.mean("y", by="wave")
    apart = np.array([1, -1])
    first, second = (mean(Design(np.ones(60), identities=places + 1), told)
                     for places, told in zip(numbers, answers, strict=True))  # fmt: skip
    expected = apart @ np.array(other.covariance) @ apart / (90 / 89) * (60 / 59)
    assert difference(first, second).se == pytest.approx(expected**0.5)


# --- what must hold for every sample ---


@st.composite
def two_waves(draw):
    """Two designs whose respondents may be the same, and their answers 0 to 10."""
    found = []
    for _ in range(2):
        size = draw(st.integers(6, 25))
        names = draw(st.permutations([f"C{number}" for number in range(30)]))[:size]
        strata = draw(st.none() | st.lists(st.sampled_from("ab"), min_size=size, max_size=size))
        weights = draw(st.lists(st.floats(0.5, 20), min_size=size, max_size=size))
        answers = draw(st.lists(st.integers(0, 10), min_size=size, max_size=size))
        population = None if strata else draw(st.none() | st.integers(30, 60))
        design = Design(weights, strata, None, population, identities=np.array(names, dtype=object))
        found.append((design, np.array(answers, dtype=float)))
    return found


def strangers(design, wave):
    """The same design of respondents whom no other sample knows."""
    names = np.array([f"{wave}-{number}" for number in range(design.size)], dtype=object)
    return Design(design.weights, design.strata, design.clusters, design.population, identities=names)


@pytest.mark.parametrize("name", STATISTICS)
@given(waves=two_waves())
@settings(max_examples=40, deadline=None)
def test_samples_that_share_nobody_are_independent(name, waves):
    first, second = (STATISTICS[name](strangers(design, wave), y) for wave, (design, y) in enumerate(waves))
    found, errors = difference(first, second), (first.se, second.se)
    if all(error > 1e-6 for error in errors):
        assert found.se == pytest.approx(hypot(*errors))
        welch = sum(error**2 for error in errors) ** 2 / (errors[0] ** 4 / first.df + errors[1] ** 4 / second.df)
        assert found.df == pytest.approx(welch)


@pytest.mark.parametrize("name", STATISTICS)
@given(waves=two_waves())
@settings(max_examples=40, deadline=None)
def test_a_difference_lies_between_moving_together_and_moving_against_each_other(name, waves):
    first, second = (STATISTICS[name](design, y) for design, y in waves)
    found, back = difference(first, second), difference(second, first)
    assert [found.value, found.se, found.df, found.p] == pytest.approx(
        [-back.value, back.se, back.df, back.p], nan_ok=True
    )
    if first.se > 1e-6 and second.se > 1e-6:
        assert abs(first.se - second.se) - 1e-9 <= found.se <= first.se + second.se + 1e-9
        assert min(first.df, second.df) <= found.df <= first.df + second.df


@pytest.mark.parametrize("name", STATISTICS)
@given(waves=two_waves(), data=st.data())
@settings(max_examples=40, deadline=None)
def test_whoever_answers_the_same_again_has_not_changed_at_all(name, waves, data):
    design, answers = waves[0]
    turned = np.array(data.draw(st.permutations(range(design.size))))
    strata = None if design.strata is None else design.strata[turned]
    again = Design(design.weights[turned], strata, None, design.population, identities=design.identities[turned])
    first, second = STATISTICS[name](design, answers), STATISTICS[name](again, answers[turned])
    if first.se > 1e-6:
        found = difference(first, second)
        assert (found.value, found.se, found.low, found.high, found.p) == (0, 0, 0, 0, 1)
        assert compare(found, ("A", "A")) == NOT_DISTINGUISHABLE


def test_of_raked_samples_the_same_answers_are_no_change():
    random = np.random.default_rng(5)
    sector, answers = random.choice(["a", "b", "c"], 60), random.integers(0, 11, 60)
    raked = rake(np.ones(60), {"sector": (sector, {"a": 100.0, "b": 300.0, "c": 200.0})})
    names = np.array([f"C{number}" for number in range(60)], dtype=object)
    first, second = (
        mean(Design(raked.weights, None, None, 600, raked.calibration, raked.initial_weights, names), answers)
        for _ in range(2)
    )
    assert difference(first, second).se == 0


def test_where_everybody_moved_by_the_same_nothing_is_left_to_judge_by():
    names = np.array(list("ABCDEFGH"), dtype=object)
    first, second = (mean(Design(np.ones(8), identities=names), np.arange(8) + more) for more in (1, 0))
    found = difference(first, second)
    assert found.value == 1
    assert isnan(found.p)
    assert compare(found, ("A", "A")) == NOT_COMPARED


def test_groups_of_one_simple_sample_are_independent():
    answers, inside = np.array([1, 2, 3, 4, 5, 6, 7, 9, 11, 13.0]), np.repeat([True, False], [6, 4])
    design = Design(np.ones(10))
    first, second = mean(design, answers, inside), mean(design, answers, ~inside)
    found = difference(first, second)
    assert found.se == pytest.approx(hypot(first.se, second.se))
    assert found.df > max(first.df, second.df)


# --- who is known again ---


@pytest.mark.parametrize(("clusters", "identities", "known"), [
    (None, ["A", "B", "", None], {"A": 0, "B": 1}),
    (None, ["A", "A", "B", ""], {"B": 2}),  # two units of one company: which of them came again is not known
    ("xxyy", ["A", "", "B", "B"], {"A": 0, "B": 1}),
    ("xxyy", ["A", "B", "C", "C"], {"C": 1}),  # a unit of two companies is neither
    ("xyyy", ["A", "A", "", ""], {}),
])  # fmt: skip
def test_a_unit_is_known_again_where_it_is_one_company_and_the_company_is_one_unit(clusters, identities, known):
    design = Design(np.ones(4), None, None if clusters is None else list(clusters), identities=identities)
    assert design.known_units == known


def test_identities_are_one_for_each_respondent():
    with pytest.raises(ValueError, match="4 weights and 3 identities"):
        Design(np.ones(4), identities=["A", "B", "C"])

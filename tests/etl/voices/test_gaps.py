"""Gaps: two sides of the same question, and what NGOs need beside what they get, as far as samples carry it."""

import numpy as np
import pytest

from etl.estimates.reliability import Thresholds
from etl.voices.frame import Frame
from etl.voices.gaps import gaps_of, need_and_supply
from etl.voices.results import results_of, with_comparisons
from etl.voices.sample import Answers, Sample
from etl.voices.weights import weigh
from observatory.editions import load_edition

EDITION = load_edition("kazakhstan")


def sample(instrument, agreeing, size=150, seed=1, wave=2025, **more):
    """Return so many respondents of whom a share agrees that the work was useful."""
    rng = np.random.default_rng(seed)
    told = [str(rng.choice([4, 5]) if rng.random() < agreeing else rng.choice([1, 2, 3])) for _ in range(size)]
    codes = np.array(told, dtype=object)
    blank = np.full(size, "", dtype=object)
    useful = Answers("one", "agree", ("1", "2", "3", "4", "5"), np.full(size, "given", dtype=object), codes,
                     np.full(size, np.nan))  # fmt: skip
    return Sample(instrument, wave, {}, blank, blank, np.full(size, np.nan), {"useful": useful, **more})


def judged(*of):
    found = [result for one in of for result in results_of(one, weigh(one, Frame()), EDITION)]
    gaps = gaps_of(with_comparisons(found, {}), [])
    return {(gap.first, gap.second): gap for gap in gaps}


def test_two_sides_are_told_apart_only_where_their_samples_carry_it():
    gaps = judged(sample("company", 0.9), sample("volunteer", 0.85, seed=2), sample("ngo", 0.5, seed=3))
    assert list(gaps) == [("company", "volunteer"), ("company", "ngo"), ("volunteer", "ngo")]
    assert gaps["company", "ngo"].verdict == "higher"
    assert gaps["volunteer", "ngo"].verdict == "higher"
    assert gaps["company", "volunteer"].verdict == "not_distinguishable"
    shares = gaps["company", "ngo"].shares
    assert gaps["company", "ngo"].found.value == pytest.approx(shares[0] - shares[1])


def test_a_gap_turns_its_sign_when_the_sides_swap():
    one, other = sample("company", 0.9), sample("ngo", 0.5, seed=3)
    value = judged(one, other)["company", "ngo"].found.value
    one.instrument, other.instrument = "ngo", "company"
    assert judged(one, other)["company", "ngo"].found.value == pytest.approx(-value)


def test_waves_are_never_set_beside_each_other_as_sides():
    assert judged(sample("company", 0.9, wave=2020), sample("ngo", 0.5, seed=3)) == {}


def test_too_few_answers_are_no_gap_and_few_are_not_compared():
    assert judged(sample("company", 0.9), sample("ngo", 0.2, size=9, seed=3)) == {}
    few = judged(sample("company", 0.9), sample("ngo", 0.2, size=20, seed=3))
    assert few["company", "ngo"].verdict == "not_compared"


def several(chosen, size):
    """Return the answers to a question with several: each option chosen by every n-th respondent."""
    blank = np.full(size, "", dtype=object)
    ticks = {option: np.array([1.0 if number % every == 0 else 0.0 for number in range(size)])
             for option, every in chosen.items()}  # fmt: skip
    return Answers(
        "many", "need", tuple(chosen), np.full(size, "given", dtype=object), blank, np.full(size, np.nan), ticks
    )


def test_what_ngos_need_is_set_beside_what_the_same_ngos_got():
    size = 120
    asked = sample(
        "ngo", 0.5, size, needs=several({"money": 1, "hands": 4}, size), got=several({"money": 5, "hands": 4}, size)
    )
    gaps = {gap.option: gap for gap in gaps_of([], list(need_and_supply(asked, weigh(asked, Frame()), Thresholds())))}
    assert gaps["money"].shares == pytest.approx((1.0, 0.2))
    assert gaps["money"].verdict == "higher"
    assert (gaps["hands"].found.value, gaps["hands"].found.se) == (0, 0)
    assert gaps["hands"].verdict == "not_distinguishable"


def test_sides_that_share_companies_move_together():
    names = np.array([f"company C{number}" for number in range(150)], dtype=object)
    one, other = sample("company", 0.6), sample("volunteer", 0.6)
    apart = judged(one, other)["company", "volunteer"].found
    one.organisation = other.organisation = names
    together = judged(one, other)["company", "volunteer"].found
    assert apart.se > 0.05
    assert together.se == 0  # they said the same, company by company


def test_other_instruments_have_no_needs():
    asked = sample("volunteer", 0.5)
    assert list(need_and_supply(asked, weigh(asked, Frame()), Thresholds())) == []

"""The stage of a country with its uncertainty, and what each step would move; by the rubric and by scoring anew."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from etl.maturity.country import country_stage, shares_at, stage_of
from etl.maturity.rubric import rubric
from etl.maturity.scoring import score_company
from etl.maturity.steps import SHARES, Scored, next_steps, peers_of, step_gains
from tests.etl.maturity.test_scoring import company, everywhere

MODEL = rubric()


def scored(answers, weight=1.0, confirmations=0):
    return Scored(answers, frozenset(), confirmations, score_company(MODEL, answers, (), confirmations), weight)


@pytest.mark.parametrize(("stages", "stage"), [
    ([1, 1, 1], 1), ([1, 1, 2, 2], 2), ([1, 1, 2, 3, 3], 2), ([1, 3, 3, 3], 3), ([5], 5), ([1, 2, 3, 4, 5], 3),
])  # fmt: skip
def test_a_country_is_at_the_highest_stage_that_half_of_its_companies_have_reached(stages, stage):
    assert stage_of(shares_at(stages, np.ones(len(stages))), 0.5) == stage


def test_weights_decide_as_the_owner_s_frame_says():
    stages = [1, 1, 1, 3]
    assert stage_of(shares_at(stages, np.array([1, 1, 1, 1.0])), 0.5) == 1
    assert stage_of(shares_at(stages, np.array([1, 1, 1, 5.0])), 0.5) == 3


def test_resamples_say_how_sure_it_is():
    clear = country_stage([2] * 90 + [1] * 10, np.ones(100), 0.5, np.random.default_rng(1))
    assert (clear.stage, clear.base) == (2, 100)
    assert clear.resamples[1] == 1.0
    close = country_stage([2] * 51 + [1] * 49, np.ones(100), 0.5, np.random.default_rng(1))
    assert close.stage == 2
    assert 0.4 < close.resamples[1] < 0.8
    assert sum(close.resamples) == pytest.approx(1)


def test_companies_are_resampled_within_their_strata():
    stages, strata = [1] * 50 + [2] * 50, np.array(["a"] * 50 + ["b"] * 50, dtype=object)
    found = country_stage(stages, np.ones(100), 0.5, np.random.default_rng(1), strata)
    assert found.resamples[1] == 1.0


def test_the_same_answers_give_the_same_shares():
    once, again = (country_stage([1, 2, 2, 3] * 9, np.ones(36), 0.5, np.random.default_rng(7)) for _ in range(2))
    assert once == again


def test_without_companies_there_is_no_stage():
    assert country_stage([], np.ones(0), 0.5, np.random.default_rng(1)).stage is None


def test_the_next_steps_of_a_company_open_its_gate_first_then_where_it_is_behind():
    score = score_company(MODEL, company(D1=2, D2=3, D3=3, D4=3, D5=3, D6=3, D7=3))
    assert score.held_by == ((3, "D1"),)
    behind = next_steps(MODEL, score, {"D5": 5.0, "D6": 4.0})
    assert [step.code for step in behind] == ["D1_3", "D5_4", "D6_4"]


def test_of_steps_as_far_behind_the_cheaper_comes_first():
    score = score_company(MODEL, everywhere(2))
    assert [step.code for step in next_steps(MODEL, score, {}, most=7)][-1] in ("D3_3", "D7_3")
    assert next_steps(MODEL, score_company(MODEL, everywhere(5), confirmations=1), {}) == []


def test_peers_are_medians_of_those_scored():
    scores = [score_company(MODEL, everywhere(stage)) for stage in (1, 2, 4)]
    assert peers_of(scores) == dict.fromkeys(("D1", "D2", "D3", "D4", "D5", "D6", "D7"), 2)


def test_a_step_moves_the_companies_for_which_it_comes_next():
    waiting = [scored(company(D1=2, D2=3, D3=3, D4=3, D5=3, D6=3, D7=3)) for _ in range(4)]
    others = [scored(everywhere(3)) for _ in range(6)]
    gains = {gain.step.code: gain for gain in step_gains(MODEL, [*waiting, *others])}
    policy = gains["D1_3"]
    assert (policy.rank, policy.eligible, policy.moved, policy.share_missing) == (1, 4, 4, 1.0)
    assert policy.by_share[-1] == (0.0, 0.0, 1.0, 0.0, 0.0)
    assert policy.by_share[SHARES.index(0.5)] == pytest.approx((0.0, 0.2, 0.8, 0.0, 0.0))
    assert "D1_2" not in gains


STAGES = st.fixed_dictionaries({f"D{number}": st.integers(1, 5) for number in range(1, 8)})


@settings(max_examples=40, deadline=None)
@given(worlds=st.lists(STAGES, min_size=1, max_size=6))
def test_what_a_step_gains_is_what_scoring_anew_gives(worlds):
    companies = [scored(company(**stages), weight=1.0 + place) for place, stages in enumerate(worlds)]
    for gain in step_gains(MODEL, companies):
        eligible = moved = 0
        for stages, one in zip(worlds, companies, strict=True):
            if one.score.stage is not None and one.score.dimensions[gain.step.dimension].unmet == gain.step.stage:
                eligible += 1
                after = score_company(MODEL, company(**stages | {gain.step.dimension: gain.step.stage}))
                moved += after.stage > one.score.stage
        assert gain.eligible == eligible
        assert gain.moved >= moved  # whoever meets a later descriptor already goes further at once
        assert all(sum(shares) == pytest.approx(1) for shares in gain.by_share)


@settings(max_examples=40, deadline=None)
@given(stages=st.lists(st.integers(1, 5), min_size=1, max_size=40), seed=st.integers(0, 99))
def test_a_country_is_never_beyond_its_best_nor_before_its_worst_company(stages, seed):
    found = country_stage(stages, np.ones(len(stages)), 0.5, np.random.default_rng(seed), resamples=50)
    assert min(stages) <= found.stage <= max(stages)
    assert sum(found.shares) == pytest.approx(1)

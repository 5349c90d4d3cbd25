"""The stage of a company follows the rubric: every gate, every half step, and a missing answer is never a zero."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from etl.maturity.rubric import rubric, rubric_faults
from etl.maturity.scoring import Given, holds, score_company, score_dimension
from observatory import LANGUAGES
from observatory.fact_files import read_yaml

MODEL = rubric()
DIMENSIONS = {dimension.id: dimension for dimension in MODEL.dimensions}
YES, PARTLY, NO = Given(code="yes"), Given(code="partly"), Given(code="no")
LADDERS = {  # the answers that meet each descriptor, stage by stage
    "D1": [{"coordinator": YES}, {"policy": YES, "safety_rules": YES}, {"management_review": YES},
           {"public_report": YES}],
    "D2": [{"chosen_themes": YES}, {"need_asked": YES}, {"business_goals": YES}, {"goals_coset": YES}],
    "D3": [{"supports": Given(codes=frozenset(["transport"])), "cost_cash": Given(number=0)},
           {"yearly_budget": YES, "paid_release": YES},
           {"coordinator_share": Given(number=0.25), "training": YES}, {"trains_others": YES}],
    "D4": [{"headcount": Given(number=100), "volunteers": Given(number=30), "own_choice": Given(code="4")},
           {"line_managers": YES}, {"volunteers_repeat": Given(number=15), "executives": Given(number=12)},
           {"held_three_years": YES, "wider_circle": YES}],
    "D5": [{"partners": Given(number=1)}, {"agreements": Given(number=1), "tasks_jointly": YES},
           {"hosting_cost": YES, "feedback_both": YES}, {"joint_programmes": YES}],
    "D6": [{"measured": Given(code="activity")}, {"measured": Given(code="output")},
           {"measured": Given(code="outcome"), "ngo_confirms": YES},
           {"measured": Given(code="decisions"), "data_open": YES}],
    "D7": [{"yearly_calendar": YES}, {"forms": Given(codes=frozenset(["regular", "online"])), "several_regions": YES},
           {"pilots": YES}, {"lasting": Given(code="4")}],
}  # fmt: skip
NOTHING_MORE = {
    "D1": dict.fromkeys(("coordinator", "policy", "management_review", "public_report"), NO),
    "D2": dict.fromkeys(("chosen_themes", "need_asked", "business_goals", "goals_coset"), NO),
    "D3": {"supports": Given(codes=frozenset(["none"])), "cost_cash": Given(number=0)}
    | dict.fromkeys(("yearly_budget", "paid_release", "training", "trains_others"), NO),
    "D4": {"headcount": Given(number=100), "volunteers": Given(number=4), "own_choice": Given(code="4"),
           "volunteers_repeat": Given(number=0), "executives": Given(number=0)}
    | dict.fromkeys(("line_managers", "held_three_years", "wider_circle"), NO),
    "D5": {"partners": Given(number=0), "agreements": Given(number=0)}
    | dict.fromkeys(("tasks_jointly", "hosting_cost", "feedback_both", "joint_programmes"), NO),
    "D6": {"measured": Given(code="none"), "data_open": NO},
    "D7": {"forms": Given(codes=frozenset(["one_day"])), "lasting": Given(code="2")}
    | dict.fromkeys(("yearly_calendar", "several_regions", "pilots"), NO),
}  # fmt: skip


def up_to(name: str, stage: int) -> dict:
    """Return the answers of a company that meets every descriptor of a dimension up to a stage, and no other."""
    answers = dict(NOTHING_MORE[name])
    for step in LADDERS[name][: stage - 1]:
        answers |= step
    return answers


def company(**stages: int) -> dict:
    """Return the answers of a company at these stages, stage 2 in all other dimensions."""
    return {key: value for name in LADDERS for key, value in up_to(name, stages.get(name, 2)).items()}


def everywhere(stage: int, **other: int) -> dict:
    return company(**dict.fromkeys(LADDERS, stage) | other)


@pytest.mark.parametrize("stage", [1, 2, 3, 4, 5])
@pytest.mark.parametrize("name", LADDERS)
def test_a_dimension_is_at_the_highest_stage_whose_descriptors_are_all_met(name, stage):
    score = score_dimension(DIMENSIONS[name], up_to(name, stage), (), MODEL.items_share)
    assert score.stage == stage
    assert score.unmet == (stage + 1 if stage < 5 else None)


@pytest.mark.parametrize(("name", "stage", "item"), [
    ("D1", 1, "coordinator"), ("D1", 2, "policy"), ("D1", 3, "management_review"), ("D1", 4, "public_report"),
    ("D2", 1, "chosen_themes"), ("D2", 2, "need_asked"), ("D2", 3, "business_goals"), ("D2", 4, "goals_coset"),
    ("D3", 2, "yearly_budget"), ("D3", 3, "training"), ("D3", 4, "trains_others"), ("D4", 2, "line_managers"),
    ("D4", 4, "wider_circle"), ("D5", 2, "tasks_jointly"), ("D5", 3, "hosting_cost"), ("D5", 4, "joint_programmes"),
    ("D6", 3, "ngo_confirms"), ("D6", 4, "data_open"), ("D7", 1, "yearly_calendar"), ("D7", 2, "several_regions"),
    ("D7", 3, "pilots"),
])  # fmt: skip
def test_partly_gives_half_a_step_and_no_further_one(name, stage, item):
    whole = score_dimension(DIMENSIONS[name], up_to(name, 5) | {item: PARTLY}, (), MODEL.items_share)
    assert (whole.stage, whole.unmet) == (stage + 0.5, stage + 1)
    assert score_dimension(DIMENSIONS[name], up_to(name, 5) | {item: NO}, (), MODEL.items_share).stage == stage


@pytest.mark.parametrize(("volunteers", "own_choice", "stage"), [
    (4, "5", 1), (5, "5", 2), (14, "3", 2), (15, "3", 3), (30, "3", 5), (60, "2", 1), (60, "1", 1),
])  # fmt: skip
def test_participation_counts_only_where_it_is_chosen(volunteers, own_choice, stage):
    answers = up_to("D4", 5) | {"volunteers": Given(number=volunteers), "own_choice": Given(code=own_choice),
                                "volunteers_repeat": Given(number=volunteers)}  # fmt: skip
    assert score_dimension(DIMENSIONS["D4"], answers, (), MODEL.items_share).stage == stage


@pytest.mark.parametrize(("stages", "stage"), [
    (dict.fromkeys(LADDERS, 1), 1),
    (dict.fromkeys(LADDERS, 2), 2),
    ({"D1": 2, "D2": 2, "D3": 2, "D4": 2, "D5": 5, "D6": 5, "D7": 5}, 2),      # the median, not the mean
    ({"D1": 3, "D2": 3, "D3": 3, "D4": 3, "D5": 1, "D6": 1, "D7": 1}, 3),
    ({"D1": 2, "D2": 3, "D3": 3, "D4": 3, "D5": 3, "D6": 3, "D7": 3}, 2),      # gate: stage 3 needs D1 at 3
    ({"D1": 3, "D2": 4, "D3": 4, "D4": 4, "D5": 4, "D6": 2, "D7": 4}, 3),      # gate: stage 4 needs D6 at 3
    ({"D1": 3, "D2": 4, "D3": 4, "D4": 4, "D5": 4, "D6": 3, "D7": 4}, 4),
])  # fmt: skip
def test_a_company_is_at_the_median_of_its_dimensions_behind_the_gates(stages, stage):
    assert score_company(MODEL, company(**stages), confirmations=1).stage == stage


def test_stage_4_needs_one_answer_that_others_confirm():
    answers = everywhere(4)
    alone = score_company(MODEL, answers, confirmations=0)
    assert (alone.stage, alone.held_by) == (3, ((4, ""),))
    assert score_company(MODEL, answers, confirmations=1).stage == 4


def test_half_a_step_is_rounded_down_only_at_the_end():
    answers = everywhere(3)
    for item in ("coordinator", "chosen_themes"):
        assert answers[item] == YES
    halves = answers | {"management_review": PARTLY, "business_goals": PARTLY, "training": PARTLY,
                        "coordinator_share": Given(number=1), "hosting_cost": PARTLY, "feedback_both": YES}  # fmt: skip
    score = score_company(MODEL, halves, confirmations=1)
    assert sorted(one.stage for one in score.dimensions.values()) == [3, 3, 3, 3.5, 3.5, 3.5, 3.5]
    assert score.stage == 3


@pytest.mark.parametrize("name", LADDERS)
def test_a_missing_answer_is_never_a_zero(name):
    """Whatever question a company leaves open, it stays where it is, unless nothing else speaks for the last stage."""
    full = up_to(name, 5)
    for item in DIMENSIONS[name].items:
        without = {question: answer for question, answer in full.items() if question != item}
        score = score_dimension(DIMENSIONS[name], without, (), MODEL.items_share)
        is_alone = DIMENSIONS[name].descriptors[-1].met.items == (item,)
        assert score.stage == (4 if is_alone else 5), item


def test_an_answer_left_open_does_not_carry_a_company_on_either():
    answers = up_to("D2", 1)
    del answers["chosen_themes"]
    assert score_dimension(DIMENSIONS["D2"], answers, (), MODEL.items_share).stage == 1


def test_too_few_answers_are_no_stage():
    few = {"chosen_themes": YES, "need_asked": YES}
    score = score_dimension(DIMENSIONS["D2"], few, (), MODEL.items_share)
    assert (score.stage, score.answered, score.items) == (None, 2, 4)
    assert score_dimension(DIMENSIONS["D2"], few | {"business_goals": NO}, (), MODEL.items_share).stage == 3


def test_a_company_needs_five_dimensions_and_governance_among_them():
    answers = everywhere(3)

    def without(*names):
        left = {item for name in names for item in DIMENSIONS[name].items}
        return score_company(MODEL, {item: answer for item, answer in answers.items() if item not in left}).stage

    assert without("D2", "D7") == 3
    assert without("D2", "D5", "D7") is None
    assert without("D1") is None


def test_what_the_form_did_not_ask_is_no_item():
    answers = up_to("D1", 2)
    score = score_dimension(DIMENSIONS["D1"], answers, ["safety_rules"], MODEL.items_share)
    assert (score.stage, score.items, score.answered) == (2, 4, 4)


ITEMS = sorted(MODEL.items)
CODES = st.sampled_from(["yes", "partly", "no"])


@st.composite
def answers_of_a_company(draw):
    answers = {}
    for item in ITEMS:
        if draw(st.integers(0, 9)) == 0:
            continue
        if item in ("own_choice", "lasting"):
            answers[item] = Given(code=draw(st.sampled_from("12345")))
        elif item == "measured":
            answers[item] = Given(code=draw(st.sampled_from(["none", "activity", "output", "outcome", "decisions"])))
        elif item in ("forms", "supports"):
            some = ["regular", "online", "transport", "equipment", "one_day", "none"]
            answers[item] = Given(codes=frozenset(draw(st.sets(st.sampled_from(some)))))
        elif item in ("headcount", "volunteers", "volunteers_repeat", "executives", "partners", "agreements",
                      "coordinator_share", "cost_cash"):  # fmt: skip
            answers[item] = Given(number=draw(st.integers(0, 100)))
        else:
            answers[item] = Given(code=draw(CODES))
    return answers


BETTER = sorted({*ITEMS} & {"management_review", "policy", "pilots", "coordinator", "training", "need_asked",
                            "goals_coset", "hosting_cost", "data_open"})  # fmt: skip


@settings(max_examples=200, deadline=None)
@given(answers=answers_of_a_company(), item=st.sampled_from(BETTER))
def test_a_better_answer_never_lowers_a_stage(answers, item):
    stages = []
    for code in ("no", "partly", "yes"):
        score = score_company(MODEL, answers | {item: Given(code=code)}, confirmations=1)
        stages.append([score.stage or 0, *(one.stage or 0 for one in score.dimensions.values())])
    for worse, better in zip(stages, stages[1:], strict=False):
        assert all(a <= b for a, b in zip(worse, better, strict=True))


@settings(max_examples=200, deadline=None)
@given(answers=answers_of_a_company())
def test_half_steps_and_gates_hold_for_any_answers(answers):
    score = score_company(MODEL, answers, confirmations=0)
    for one in score.dimensions.values():
        assert one.stage is None or one.stage in (1, 1.5, 2, 2.5, 3, 3.5, 4, 4.5, 5)
    if score.stage is not None:
        assert score.stage <= 3
        assert score.stage < 3 or score.dimensions["D1"].stage >= 3


def test_the_rubric_says_everything_in_every_language_and_fits_the_company_form():
    assert list(rubric_faults(read_yaml_of_the_rubric(), "rubric.yml")) == []
    for dimension in MODEL.dimensions:
        assert [descriptor.stage for descriptor in dimension.descriptors] == [2, 3, 4, 5]
        assert all(descriptor.text.keys() == set(LANGUAGES) for descriptor in dimension.descriptors)


def read_yaml_of_the_rubric():
    from etl.maturity.rubric import FILE

    return read_yaml(FILE)


def of_stage(raw, dimension, stage):
    return raw["dimensions"][dimension]["stages"][stage]


@pytest.mark.parametrize(("spoil", "column"), [
    (lambda raw: of_stage(raw, "D1", 2)["met"].update(question="coordinatr"), "dimensions.D1.stages.2.met.question"),
    (lambda raw: of_stage(raw, "D1", 2)["met"].update({"is": "ja"}), "dimensions.D1.stages.2.met"),
    (lambda raw: of_stage(raw, "D6", 2)["met"].update(reaches="impact"), "dimensions.D6.stages.2.met"),
    (lambda raw: raw["dimensions"]["D1"]["stages"].pop(4), "dimensions.D1.stages"),
    (lambda raw: of_stage(raw, "D1", 2)["text"].pop("kk"), "dimensions.D1.stages.2.text"),
    (lambda raw: of_stage(raw, "D1", 2).update(cost="free"), "dimensions.D1.stages.2.cost"),
    (lambda raw: raw["gates"][0].update(dimension="D9"), "gates.0"),
])  # fmt: skip
def test_a_faulty_rubric_says_where(spoil, column):
    raw = read_yaml_of_the_rubric()
    spoil(raw)
    assert [fault.column for fault in rubric_faults(raw, "rubric.yml")] == [column]


def test_conditions_together():
    both = replace(DIMENSIONS["D1"].descriptors[1].met)
    assert holds(both, {"policy": YES, "safety_rules": YES}) == 1
    assert holds(both, {"policy": YES, "safety_rules": PARTLY}) == 0.5
    assert holds(both, {"policy": NO, "safety_rules": YES}) == 0
    assert holds(both, {"policy": YES}) == 1
    assert holds(both, {}) is None


def test_the_documentation_says_what_the_rubric_says():
    from tests.conftest import ROOT

    told = (ROOT / "docs" / "maturity.md").read_text(encoding="utf-8")
    for dimension in MODEL.dimensions:
        row = " | ".join(descriptor.text["en"] for descriptor in dimension.descriptors)
        assert f"| {dimension.id} | {dimension.name['en']} | {row} |" in told
    for stage, facts in MODEL.stages.items():
        assert f"| {stage} | {facts['name']['en']} | {facts['text']['en']} |" in told

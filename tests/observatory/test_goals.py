"""Goals: what is left of the target that is set for an indicator, in words, or why it cannot be said."""

from dataclasses import replace
from datetime import date

import pytest

from observatory.charts.look import Look
from observatory.figures import Context, Trend
from observatory.figures.goals import goal_of
from observatory.filters import Filters
from observatory.registry import registry
from observatory.store import Store
from observatory.targets import Target
from observatory.texts import texts
from tests.observatory.plotted import plotted
from tests.observatory.small_snapshot import publish, small_edition, table

SOURCE = dict.fromkeys(("kk", "ru", "en", "ar"), "a roadmap")
RATES = """
    measure    | period | value | status
    volunteers | 2023   | 12    |
    headcount  | 2023   | 100   |
    volunteers | 2024   | 16    |
    headcount  | 2024   | 100   |
"""


def target(year=2027, value=20.0, indicator="participation_rate", baseline=(None, None), is_invented=False) -> Target:
    return Target(indicator, year, value, *baseline, SOURCE, date(2024, 1, 31), "", is_invented)


def context(folder, *targets: Target, cells=RATES, years=(2023, 2024), language="en", facts=(), **chosen) -> Context:
    edition = small_edition(targets=targets)
    publish(folder, "s1", edition, table(cells), **dict(facts))
    return Context(Store(folder / "s1"), edition, Filters(years=years, **chosen), texts(language), Look())


def said(context: Context, indicator: str = "participation_rate") -> str:
    return goal_of(context, registry().indicators[indicator]).sentence


@pytest.mark.parametrize(
    ("goals", "sentence"),
    [
        ([target()], "Goal for 2027: 20% — 4.0 points to go: 16% in 2024"),
        ([target(value=16)], "Goal for 2027: 16% — reached: 16% in 2024"),
        ([target(2024, 15)], "Goal for 2024: 15% — reached: 16% in 2024"),
        ([target(2024)], "Goal for 2024: 20% — missed by 4.0 points: 16% in 2024"),
        ([target(2023)], "Goal for 2023: 20% — missed by 8.0 points: 12% in 2023"),
        ([target(2023), target(2025, 18), target(2030, 40)], "Goal for 2025: 18% — 2.0 points to go: 16% in 2024"),
        ([target(baseline=(2020, 7.5))], "Goal for 2027: 20%, from 7.5% in 2020 — 4.0 points to go: 16% in 2024"),
        ([target(value=16.01)], "Goal for 2027: 16.0% — 0.01 points to go: 16% in 2024"),
        ([target(2022)], "Goal for 2022: 20%. Not compared: nothing is reported for 2022."),
        ([target(is_invented=True)], "Demonstration goal for 2027: 20% — 4.0 points to go: 16% in 2024"),
    ],
)
def test_a_goal_says_what_is_left_of_it(tmp_path, goals, sentence):
    assert said(context(tmp_path, *goals)) == sentence


@pytest.mark.parametrize("status", ["hidden", "low_base"])
def test_a_figure_of_too_few_is_not_compared_with_its_goal(tmp_path, status):
    value = "" if status == "hidden" else "16"
    cells = RATES.replace("2024   | 16    |", f"2024   | {value} | {status}")
    assert said(context(tmp_path, target(), cells=cells)) == (
        "Goal for 2027: 20%. Not compared: what is known of 2024 rests on too few organisations."
    )


def test_a_goal_for_everything_is_not_compared_with_a_part(tmp_path):
    found = goal_of(context(tmp_path, target(), sector=("a",)), registry().indicators["participation_rate"])
    assert found.sentence == "Goal for 2027: 20%. It is set for everything and is not compared with this choice."
    assert not found.is_for_choice


def test_an_unfinished_year_waits_and_the_one_before_is_compared(tmp_path):
    cells = "measure | period | value\nhours | 2023 | 300\nhours | 2024 | 90\nhours | 2024-02 | 90"
    reader = context(tmp_path, target(2024, 400, "volunteer_hours"), cells=cells, facts={"last_month": "2024-02"})
    assert said(reader, "volunteer_hours") == "Goal for 2024: 400 hours — 100 hours to go: 300 hours in 2023"


def test_less_is_better_where_the_indicator_says_so(tmp_path):
    reader, rate = context(tmp_path, target(value=10.0)), registry().indicators["participation_rate"]
    assert goal_of(reader, replace(rate, better="lower")).sentence.startswith("Goal for 2027: 10% — 6.0 points to go")
    assert goal_of(reader, replace(rate, better="neither")).sentence == "Goal for 2027: 10% — 16% in 2024"


def test_what_is_made_up_for_the_demonstration_stands_beside_demonstration_data_only(tmp_path):
    rate = registry().indicators["participation_rate"]
    real = context(tmp_path, target(is_invented=True), facts={"is_demonstration": "false"})
    assert goal_of(real, rate) is None
    assert goal_of(context(tmp_path / "set", target(), facts={"is_demonstration": "false"}), rate) is not None


def test_whoever_set_the_goal_is_named_with_the_date(tmp_path):
    found = goal_of(context(tmp_path, target()), registry().indicators["participation_rate"])
    assert found.source == "Goal: a roadmap, 31 January 2024"


@pytest.mark.parametrize("language", ["kk", "ru", "en", "ar"])
def test_a_goal_is_said_in_every_language(tmp_path, language):
    assert "2027" in said(context(tmp_path, target(), language=language))


def test_a_trend_of_everything_draws_its_goal_and_says_it(tmp_path):
    view = Trend("participation_rate").view(context(tmp_path, target()))
    assert [line.y0 for line in plotted(view.chart).layout.shapes if line.line.dash == "dash"] == [20]
    sentence = "Goal for 2027: 20% — 4.0 points to go: 16% in 2024"
    assert {sentence, "Goal: a roadmap, 31 January 2024"} <= set(view.notes)
    assert sentence in view.alt


def test_a_trend_of_a_part_has_no_line_for_the_goal_of_everything(tmp_path):
    cells = table(RATES).assign(sector="a")
    text = "\n".join([" | ".join(cells.columns), *(" | ".join(row) for row in cells.itertuples(index=False))])
    view = Trend("participation_rate").view(context(tmp_path, target(), cells=text, sector=("a",)))
    assert not [line for line in plotted(view.chart).layout.shapes if line.line.dash == "dash"]
    assert any("not compared with this choice" in note for note in view.notes)

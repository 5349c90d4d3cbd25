"""The headline number: the last year against the same months of the year before, or a reason why not."""

import math

import pytest

from observatory.filters import Filters
from observatory.queries import headline
from observatory.registry import registry
from tests.observatory.small_snapshot import small_edition, store_of, table

EDITION = small_edition()
HOURS, COMPANIES, RATE, SKILLS, COST = (
    registry().indicators[name]
    for name in ("volunteer_hours", "active_companies", "participation_rate", "skills_share", "hours_per_employee")
)
TWO_YEARS = """
    measure    | period  | sector | value
    hours      | 2023    | _T     | 100
    hours      | 2023-01 | _T     | 10
    hours      | 2023-02 | _T     | 30
    hours      | 2023-12 | _T     | 60
    hours      | 2024    | _T     | 50
    hours      | 2024-01 | _T     | 20
    hours      | 2024-02 | _T     | 30
    companies  | 2023    | _T     | 9
    companies  | 2023-01 | _T     | 9
    companies  | 2024    | _T     | 7
    volunteers | 2022    | _T     | 10
    headcount  | 2022    | _T     | 100
    volunteers | 2023    | _T     | 12
    headcount  | 2023    | _T     | 100
    volunteers | 2024    | _T     | 90
    headcount  | 2024    | _T     | 100
"""


def ask(store, indicator, years=(2022, 2024), **more):
    return headline(store, EDITION, indicator, Filters(years=years, **more))


def test_whole_years_are_compared_as_they_are(tmp_path):
    found = ask(store_of(tmp_path, EDITION, TWO_YEARS), HOURS)
    assert (found.year, found.previous_year, found.months) == (2024, 2023, None)
    assert (found.value, found.previous, found.change, found.change_kind) == (50, 100, -50, "percent")


def test_an_unfinished_year_is_compared_over_the_same_months(tmp_path):
    found = ask(store_of(tmp_path, EDITION, table(TWO_YEARS), last_month="2024-02"), HOURS)
    assert (found.value, found.previous, found.change, found.months) == (50, 40, 25, (1, 2))


def test_the_year_before_may_lie_outside_the_choice(tmp_path):
    found = ask(store_of(tmp_path, EDITION, TWO_YEARS), HOURS, years=(2024, 2024))
    assert (found.year, found.previous) == (2024, 100)


def test_a_choice_that_ends_earlier_is_compared_there(tmp_path):
    found = ask(store_of(tmp_path, EDITION, table(TWO_YEARS), last_month="2024-02"), HOURS, years=(2022, 2023))
    assert (found.year, found.value, found.months, found.change) == (2023, 100, None, None)
    assert found.not_compared == "Nothing is reported for the year before."


def test_a_share_changes_in_points_and_yearly_forms_wait_for_whole_years(tmp_path):
    finished = ask(store_of(tmp_path / "a", EDITION, TWO_YEARS), RATE)
    assert (finished.year, finished.change_kind, finished.change) == (2024, "points", 78)
    unfinished = ask(store_of(tmp_path / "b", EDITION, table(TWO_YEARS), last_month="2024-02"), RATE)
    assert (unfinished.year, unfinished.months) == (2023, None)
    assert unfinished.change == pytest.approx(2)
    only = ask(store_of(tmp_path / "c", EDITION, table(TWO_YEARS), last_month="2024-02"), RATE, years=(2024, 2024))
    assert (only.year, only.value) == (2024, 90)


def test_counts_of_different_companies_cannot_be_put_together_from_months(tmp_path):
    found = ask(store_of(tmp_path, EDITION, table(TWO_YEARS), last_month="2024-02"), COMPANIES)
    assert (found.value, found.change) == (7, None)
    assert "cannot be put together from months" in found.not_compared
    whole = ask(store_of(tmp_path / "b", EDITION, TWO_YEARS), COMPANIES)
    assert whole.change == pytest.approx(100 * (7 - 9) / 9)


def test_a_choice_too_narrow_for_months_is_not_compared_wrongly(tmp_path):
    cells = table("""
        measure | period  | sector | region | theme | value
        hours   | 2023    | a      | r3     | t1    | 100
        hours   | 2024    | a      | r3     | t1    | 50
        hours   | 2023-01 | a      | r3     | _T    | 1
    """)
    store = store_of(tmp_path, EDITION, cells, last_month="2024-02")
    found = ask(store, HOURS, years=(2023, 2024), sector=("a",), region=("r3",), theme=("t1",))
    assert (found.value, found.change, found.months) == (50, None, (1, 2))
    assert "months are not kept" in found.not_compared


def test_a_region_that_was_redrawn_is_not_compared_across_the_reform(tmp_path):
    cells = """
        measure | period | region | value
        hours   | 2021   | r1     | 10
        hours   | 2021   | p      | 10
        hours   | 2021   | r3     | 10
        hours   | 2022   | r1     | 5
        hours   | 2022   | p      | 12
        hours   | 2022   | r3     | 20
    """
    store = store_of(tmp_path, EDITION, cells)
    assert "redrawn" in ask(store, HOURS, years=(2022, 2022), region=("r1",)).not_compared
    assert ask(store, HOURS, years=(2022, 2022), region=("r3",)).change == 100
    assert ask(store, HOURS, years=(2021, 2022), region=("r1",)).change == pytest.approx(20)


@pytest.mark.parametrize(
    ("of_2023", "of_2024", "reason"), [("", "5", "hidden"), ("5", "", "hidden"), ("0", "5", "Nothing is reported")]
)
def test_values_that_cannot_be_compared_say_why(tmp_path, of_2023, of_2024, reason):
    cells = table(f"""
        measure | period | value
        hours   | 2023   | {of_2023}
        hours   | 2024   | {of_2024}
    """)
    cells["status"] = ["free" if value else "hidden" for value in cells.value]
    found = ask(store_of(tmp_path, EDITION, cells), HOURS)
    assert (found.change, found.previous) == (None, None)
    assert reason in found.not_compared
    assert math.isnan(found.value) == (found.status == "hidden") == (of_2024 == "")


def test_values_at_least_so_large_are_not_compared(tmp_path):
    store = store_of(tmp_path, EDITION, """
        measure   | period | region | value
        companies | 2023   | r3     | 4
        companies | 2024   | r3     | 5
        companies | 2024   | r4     | 3
    """)  # fmt: skip
    found = ask(store, COMPANIES, region=("r3", "r4"))
    assert (found.value, found.is_at_least, found.change) == (5, True, None)
    assert "at least" in found.not_compared


def test_a_rate_of_activities_is_compared_over_the_same_months(tmp_path):
    cells = table("""
        measure       | period  | value
        hours         | 2023    | 100
        skilled_hours | 2023    | 90
        hours         | 2023-01 | 10
        skilled_hours | 2023-01 | 1
        hours         | 2024    | 10
        skilled_hours | 2024    | 2
    """)
    found = ask(store_of(tmp_path, EDITION, cells, last_month="2024-01"), SKILLS)
    assert (found.value, found.previous, found.change, found.months) == (20, 10, 10, (1, 1))

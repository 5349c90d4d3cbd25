"""Figures say what the cells hold: leaders, changes, parts, what is hidden, and which filter empties a figure."""

import pytest

from observatory.charts.look import Look
from observatory.figures import (
    Composition,
    Concentration,
    Context,
    Coverage,
    Findings,
    FirstFinding,
    Headlines,
    Ranking,
    RegionProfile,
    Season,
    Trend,
)
from observatory.filters import Filters
from observatory.texts import texts
from tests.observatory.small_snapshot import small_edition, store_of


def context(tmp_path, cells: str, language: str = "en", **address: str) -> Context:
    edition = small_edition(comparable_before=2000)
    store = store_of(tmp_path, edition, cells)
    span = (store.snapshot.first_year, store.snapshot.last_year)
    filters = Filters.from_address(address, edition, *span)
    return Context(store, edition, filters, texts(language), Look(), "volunteer_hours", "region")


SECTORS = """
    measure | period | sector | value | status
    hours   | 2024   | a      | 600   |
    hours   | 2024   | b      | 300   |
    hours   | 2024   | c      |       | hidden
    hours   | 2024   | _U     | 900   |
    hours   | 2024   |        | 2000  |
"""


def test_a_ranking_names_the_leader_and_lists_not_stated_and_hidden_last(tmp_path):
    view = Ranking("sector", "volunteer_hours").view(context(tmp_path, SECTORS))
    assert list(view.rows.iloc[:, 1]) == ["a", "b", "_U", "c"]
    assert "A, 600 hours" in view.headline
    assert view.shown.iloc[3].tolist()[2] == ""
    assert view.shown.iloc[3].tolist()[-1] == "hidden"


def test_leaders_that_are_close_together_are_named_together(tmp_path):
    cells = SECTORS.replace("300", "590")
    assert "A and B" in Ranking("sector", "volunteer_hours").view(context(tmp_path, cells)).headline


def test_low_base_never_leads(tmp_path):
    cells = """
        measure | period | sector | value | status
        hours   | 2024   | a      | 900   | low_base
        hours   | 2024   | b      | 300   |
        hours   | 2024   |        | 1200  |
    """
    view = Ranking("sector", "volunteer_hours").view(context(tmp_path, cells))
    assert "B: 300" in view.headline
    assert any("low base" in note for note in view.notes)


def test_an_empty_figure_names_the_filter_that_empties_it(tmp_path):
    cells = """
        measure | period | region | theme | value
        hours   | 2024   | r1     |       | 5
        hours   | 2024   | r1     | t1    | 5
        hours   | 2024   |        | t1    | 5
        hours   | 2024   |        | t2    | 7
        hours   | 2024   |        |       | 12
    """
    view = Ranking("sector", "volunteer_hours").view(context(tmp_path, cells, region="r1", theme="t2"))
    assert (view.state, view.remedy) == ("empty", "region")
    assert "Region" in " ".join(view.notes)
    assert view.chart is None


TWO_YEARS = """
    measure | period | theme | value
    hours   | 2023   | t1    | 100
    hours   | 2024   | t1    | 101
    hours   | 2023   | t2    | 100
    hours   | 2024   | t2    | 250
    hours   | 2023   |       | 200
    hours   | 2024   |       | 351
"""


def test_a_trend_names_the_line_that_changed_most(tmp_path):
    view = Trend("volunteer_hours", by="theme", level="theme").view(context(tmp_path, TWO_YEARS))
    assert "T2, +150%" in view.headline


def test_a_steady_trend_says_so(tmp_path):
    cells = TWO_YEARS.replace("250", "101").replace("351", "202")
    view = Trend("volunteer_hours", by="theme", level="theme").view(context(tmp_path, cells))
    assert "hardly any change" in view.headline


def test_parts_of_a_composition_add_up_to_the_whole(tmp_path):
    view = Composition("theme", rows="year", level="theme").view(context(tmp_path, TWO_YEARS))
    shares = view.rows.groupby("Year")["Share, %"].sum()
    assert shares.tolist() == pytest.approx([100, 100])
    assert "T2" in view.headline


def test_the_concentration_names_the_fewest_that_do_half_of_the_work(tmp_path):
    assert "75% of them: A" in Concentration("sector").view(context(tmp_path, SECTORS.replace("600", "3600"))).headline


def test_a_season_leaves_the_unfinished_year_out(tmp_path):
    cells = """
        measure | period  | theme | value
        hours   | 2023-05 | t1    | 30
        hours   | 2023-09 | t1    | 10
        hours   | 2024-01 | t1    | 1000
        hours   | 2023    | t1    | 40
        hours   | 2024    | t1    | 1000
        hours   | 2023    |       | 40
        hours   | 2024    |       | 1000
    """
    edition = small_edition(comparable_before=2000)
    store = store_of(tmp_path, edition, cells, last_month="2024-01")
    reader = Context(store, edition, Filters((2023, 2024), span=(2023, 2024)), texts("en"), Look())
    view = Season().view(reader)
    assert "May, 75%" in view.headline
    assert any("2024 is unfinished" in note for note in view.notes)


def test_where_nothing_stands_out_the_overview_says_the_total(tmp_path):
    reader = context(tmp_path, "measure | period | value\nhours | 2024 | 1234")
    assert FirstFinding().view(reader).headline == "Corporate volunteering: 1,234 hours"
    assert Findings().view(reader).headline == "Nothing stands out in this choice"


def test_an_indicator_nobody_reported_is_left_out_of_the_headlines(tmp_path):
    reader = context(tmp_path, "measure | period | value\nhours | 2024 | 1234")
    numbers = Headlines("volunteer_hours", "participation_rate").numbers(reader)
    assert [(number.label, number.value) for number in numbers] == [("Volunteer hours, 2024", "1,234")]


def test_coverage_that_is_not_known_is_said(tmp_path):
    view = Coverage().view(context(tmp_path, "measure | period | value\nhours | 2024 | 1234"))
    assert (view.state, view.sentences) == ("empty", ())


def test_the_profile_compares_the_chosen_region_with_the_country(tmp_path):
    cells = """
        measure | period | region | value
        hours   | 2024   | r1     | 25
        hours   | 2024   | r3     | 75
        hours   | 2024   |        | 100
    """
    view = RegionProfile(("volunteer_hours",)).view(context(tmp_path, cells, region="r1"))
    assert view.shown.iloc[0].tolist()[1:] == ["25 hours", "100 hours", "25%"]


def test_a_profile_without_any_number_names_the_filter_that_empties_it(tmp_path):
    cells = """
        measure | period | region | value
        hours   | 2024   | r1     | 25
        hours   | 2024   |        | 100
    """
    view = RegionProfile(("volunteer_hours",)).view(context(tmp_path, cells, region="r1", theme="t2"))
    assert (view.state, view.remedy, len(view.rows)) == ("empty", "theme", 0)
    assert any("choice of Theme" in note for note in view.notes)


@pytest.mark.parametrize("language", ["kk", "ru", "en", "ar"])
def test_a_hidden_total_is_a_word_in_every_language(tmp_path, language):
    cells = "measure | period | value | status\nhours | 2024 | | hidden"
    numbers = Headlines("volunteer_hours").numbers(context(tmp_path, cells, language))
    assert [(number.value, number.change) for number in numbers] == [(texts(language).say("hidden"), None)]


def test_a_fall_points_down_and_a_rise_up(tmp_path):
    cells = TWO_YEARS.replace("hours   | 2024   |       | 351", "hours   | 2024   |       | 150")
    falling = Headlines("volunteer_hours").numbers(context(tmp_path, cells))[0]
    rising = Headlines("volunteer_hours").numbers(context(tmp_path / "up", TWO_YEARS))[0]
    assert (falling.change, falling.arrow, falling.colour) == ("−25%", "down", "orange")
    assert (rising.arrow, rising.colour) == ("up", "blue")


def test_the_headline_of_a_page_speaks_of_the_choice_where_there_is_one(tmp_path):
    headline = Concentration("sector").view(context(tmp_path, SECTORS, sector="a")).headline
    assert headline == "Volunteer hours in this choice: 600 hours, 30% of all"


def test_a_low_base_above_the_leader_is_not_passed_over_in_silence(tmp_path):
    cells = SECTORS.replace("|       | hidden", "| 900   | low_base")
    assert "With enough contributors" in Ranking("sector", "volunteer_hours").view(context(tmp_path, cells)).headline


def test_where_most_are_of_low_base_there_is_no_order(tmp_path):
    cells = SECTORS.replace("|       | hidden", "| 900   | low_base").replace("| 300   |", "| 300   | low_base")
    assert "too few" in Ranking("sector", "volunteer_hours").view(context(tmp_path, cells)).headline


def test_a_base_over_several_years_says_that_it_is_one_years(tmp_path):
    view = Composition("theme", rows="year", level="theme").view(context(tmp_path, TWO_YEARS))
    assert view.base == "n = 10 organisations in the largest year"

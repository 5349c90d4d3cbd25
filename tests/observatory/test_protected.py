"""What a reader of the protected product sees: bands, accuracy, one sentence for hidden, the nearest figure instead."""

import pytest

from observatory import queries
from observatory.charts.look import Look
from observatory.errors import NotPublished
from observatory.figures import (
    Composition,
    Concentration,
    Context,
    FirstFinding,
    Headlines,
    Protection,
    Ranking,
    Season,
    Trend,
)
from observatory.figures.notes import HIDDEN_SENTENCE
from observatory.filters import Filters
from observatory.queries.nearest import nearest, wider
from observatory.registry import registry
from observatory.texts import texts
from tests.observatory.small_snapshot import small_edition, store_of

EDITION = small_edition(comparable_before=2000)
HOURS = registry().indicators["volunteer_hours"]
CELLS = """
    measure | period | sector | region | theme | size  | value | contributors | status | quality
    hours   | 2023   |        |        |       |       | 900   | 50           |        | A
    hours   | 2024   |        |        |       |       | 1000  | 50           |        | A
    hours   | 2023   | a      |        |       |       |       |              | hidden |
    hours   | 2024   | a      |        |       |       | 300   | 10           |        | B
    hours   | 2024   | b      |        |       |       | 400   | 20           |        | C
    hours   | 2024   | c      |        |       |       |       |              | hidden |
    hours   | 2024   |        | r1     |       |       |       |              | hidden |
    hours   | 2024   |        | r3     |       |       |       |              | hidden |
    hours   | 2024   |        | m2     |       |       | 250   | 10           |        | C
    hours   | 2024   | a      | r3     |       |       |       |              | hidden |
    hours   | 2024   | a      | m2     |       |       |       |              | hidden |
"""


def reader(tmp_path, cells: str = CELLS, language: str = "en", **address: str) -> Context:
    store = store_of(tmp_path, EDITION, cells, depth_max="3")
    span = (store.snapshot.first_year, store.snapshot.last_year)
    filters = Filters.from_address(address, EDITION, *span)
    return Context(store, EDITION, filters, texts(language), Look(), "volunteer_hours", "region")


@pytest.mark.parametrize(("chosen", "expected"), [
    ({}, []),
    ({"size": ("l1",)}, [{}]),
    ({"region": ("r3", "r4")}, [{"region": ("m2",)}, {}]),
    ({"region": ("m2",), "size": ("l1",)}, [{"region": ("m2",)}, {}]),
    ({"theme": ("t11",), "sector": ("a",)}, [{"theme": ("t1",), "sector": ("a",)}, {"theme": ("t1",)}, {}]),
    ({"region": ("_U",)}, [{}]),
])  # fmt: skip
def test_a_choice_is_given_up_part_by_part(chosen, expected):
    years = (2023, 2024)
    assert list(wider(EDITION, Filters(years=years, **chosen))) == [Filters(years=years, **one) for one in expected]


def test_the_nearest_published_figure_stands_in_for_a_hidden_one(tmp_path):
    context = reader(tmp_path)
    of_2024 = Filters(years=(2024, 2024), region=("r3",), sector=("a",))
    answer, instead = nearest(context.store, EDITION, HOURS, (), of_2024)
    assert instead == Filters(years=(2024, 2024), sector=("a",))
    assert answer.rows.value.tolist() == [300]
    _, instead = nearest(context.store, EDITION, HOURS, (), Filters(years=(2024, 2024), sector=("b",)))
    assert instead is None


def test_where_nothing_wider_is_published_it_stays_hidden(tmp_path):
    cells = "measure | period | sector | value | status\nhours | 2024 | a | | hidden\nhours | 2024 | | | hidden"
    context = reader(tmp_path, cells)
    answer, instead = nearest(context.store, EDITION, HOURS, (), Filters(years=(2024, 2024), sector=("a",)))
    assert instead is None
    assert answer.rows.status.tolist() == ["hidden"]


def test_a_headline_number_says_for_what_it_is_shown(tmp_path):
    number = Headlines("volunteer_hours").numbers(reader(tmp_path, years="2024~2024", region="r3"))[0]
    assert number.value == "250"
    assert "n\u00a010+" in number.since
    assert "hidden for the choice, shown for M2" in number.since


def test_a_trend_says_what_is_shown_instead_and_why(tmp_path):
    cells = CELLS + "    hours   | 2023   |        | r3     |       |       |       |              | hidden |\n"
    view = Trend().view(reader(tmp_path, cells, region="r3"))
    assert any(HIDDEN_SENTENCE in note and "Shown instead: 2023–2024 · M2." in note for note in view.notes)


@pytest.mark.parametrize("figure", [Ranking("sector"), Composition("sector")])
def test_a_figure_of_which_all_is_hidden_says_that_and_not_that_nothing_is_reported(tmp_path, figure):
    cells = """
        measure | period | sector | value | status
        hours   | 2024   | a      |       | hidden
        hours   | 2024   | b      |       | hidden
        hours   | 2024   |        | 90    |
    """
    view = figure.view(reader(tmp_path, cells))
    assert view.state == "empty"
    assert HIDDEN_SENTENCE in view.notes
    assert not any("Nothing is reported" in note for note in view.notes)


def test_a_table_says_at_least_how_many_gave_and_how_near_a_figure_is(tmp_path):
    view = Ranking("sector").view(reader(tmp_path, years="2024~2024"))
    by_code = view.shown.set_index("Code: Sector")
    assert by_code.loc["b", ["Organisations, at least", "Accuracy"]].tolist() == ["20", "5% off or more"]
    assert by_code.loc["c", ["Organisations, at least", "Accuracy"]].tolist() == ["", ""]
    assert view.base == "n = 50 organisations or more"
    assert HIDDEN_SENTENCE in view.notes


def test_of_several_years_the_accuracy_is_the_worst(tmp_path):
    cells = """
        measure | period | sector | value | status | quality
        hours   | 2023   | a      | 200   |        | C
        hours   | 2024   | a      | 300   |        | B
        hours   | 2023   | b      | 100   |        | A
        hours   | 2024   | b      |       | hidden |
    """
    rows = queries.lookup(reader(tmp_path, cells).store, EDITION, HOURS, ("sector",), Filters(years=(2023, 2024))).rows
    assert rows.set_index("sector").quality.to_dict() == {"a": "C", "b": "A"}


def test_a_choice_deeper_than_the_public_may_look_is_set_aside(tmp_path):
    store = reader(tmp_path).store
    chosen = Filters(years=(2024, 2024), sector=("a",), region=("m2",), size=("large",))
    assert queries.lookup(store, EDITION, HOURS, ("theme",), chosen).set_aside == ("region", "size")
    assert queries.lookup(store, EDITION, HOURS, ("theme", "month"), chosen).set_aside == ("sector", "region", "size")
    with pytest.raises(NotPublished):
        queries.lookup(store, EDITION, HOURS, ("theme", "sector", "region"), chosen)


PARTS = """
    measure | period | sector | size  | value | status
    hours   | 2024   | a      |       | 100   |
    hours   | 2024   | a      | small | 60    |
    hours   | 2024   | a      | large |       | hidden
    hours   | 2024   | b      |       |       | hidden
    hours   | 2024   | b      | small | 10    |
    hours   | 2024   | b      | large |       | hidden
    hours   | 2024   | c      |       | 50    |
    hours   | 2024   | c      | large | 50    |
    hours   | 2024   |        |       | 200   |
"""


def test_what_is_hidden_in_a_row_is_a_part_of_it_and_not_left_out_of_the_whole(tmp_path):
    view = Composition("size", rows="sector", level="legal").view(reader(tmp_path, PARTS))
    shares = {(row, part): share for row, part, _, share in view.rows.itertuples(index=False, name=None)}
    assert shares == {("A", "SMALL"): 60, ("A", "Other, hidden, not stated"): 40, ("C", "LARGE"): 100}
    assert [trace["name"] for trace in view.chart.data][-1] == "Other, hidden, not stated"


def test_a_share_of_all_is_of_the_published_whole(tmp_path):
    cells = """
        measure | period | sector | value | status
        hours   | 2024   | a      | 300   |
        hours   | 2024   | b      | 100   |
        hours   | 2024   | c      |       | hidden
        hours   | 2024   |        | 500   |
    """
    assert "60% of them: A" in Concentration("sector").view(reader(tmp_path, cells)).headline
    most_hidden = cells.replace("500", "900")
    assert "of them" not in Concentration("sector").view(reader(tmp_path / "other", most_hidden)).headline


def test_the_title_of_a_page_is_no_sum_that_leaves_hidden_years_out(tmp_path):
    cells = """
        measure | period | sector | value | status
        hours   | 2023   | a      |       | hidden
        hours   | 2024   | a      | 300   |
        hours   | 2023   |        | 700   |
        hours   | 2024   |        | 500   |
    """
    of_both, of_one = (
        reader(tmp_path, cells, sector="a"),
        reader(tmp_path / "one", cells, sector="a", years="2024~2024"),
    )
    assert FirstFinding().view(of_both).headline == "Corporate volunteering"
    assert FirstFinding().view(of_one).headline == "Corporate volunteering: 300 hours"
    assert Concentration("sector").view(of_both).headline == "Volunteer hours"
    assert "300 hours, 60% of all" in Concentration("sector").view(of_one).headline


def test_a_line_has_a_gap_where_it_is_hidden_and_none_is_drawn_of_which_all_is(tmp_path):
    cells = """
        measure | period | sector | value | status
        hours   | 2022   | a      |       | hidden
        hours   | 2023   | a      | 300   |
        hours   | 2024   | a      | 100   |
        hours   | 2023   | b      |       | hidden
        hours   | 2024   | b      |       | hidden
        hours   | 2024   | c      | 50    |
    """
    view = Trend(by="sector").view(reader(tmp_path, cells))
    assert {"A", "C"} <= {trace["name"] for trace in view.chart.data}
    assert "B" not in {trace["name"] for trace in view.chart.data}
    assert not any("hidden" in note["text"] for note in view.chart.layout["annotations"])
    assert view.chart.layout["xaxis"]["range"] == [2022, 2024]
    assert HIDDEN_SENTENCE in view.notes


def test_a_season_leaves_out_a_theme_of_which_a_month_is_hidden(tmp_path):
    cells = """
        measure | period  | theme | value | status
        hours   | 2024-01 | t1    | 30    |
        hours   | 2024-02 | t1    | 10    |
        hours   | 2024-01 | t2    | 5     |
        hours   | 2024-02 | t2    |       | hidden
        hours   | 2024    |       | 90    |
    """
    view = Season().view(reader(tmp_path, cells))
    assert set(view.rows.iloc[:, 0]) == {"T1"}
    assert HIDDEN_SENTENCE in view.notes


def test_an_exact_product_says_nothing_of_protection(tmp_path):
    store = store_of(tmp_path, EDITION, CELLS)
    context = Context(store, EDITION, Filters(years=(2024, 2024)), texts("en"), Look(), "volunteer_hours", "region")
    view = Ranking("sector").view(context)
    assert not Protection().fits(context)
    assert {"Accuracy", "Organisations, at least"} & {*view.shown} == set()
    assert view.base == "n = 50 organisations"

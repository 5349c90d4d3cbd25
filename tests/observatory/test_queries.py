"""Questions to the cells: the contract's sentences, one by one, over small tables."""

import pytest

from observatory import queries
from observatory.errors import NotPublished
from observatory.filters import Filters
from observatory.queries import has_measure, headline, lookup
from observatory.registry import registry
from tests.observatory.small_snapshot import small_edition, store_of, table

EDITION = small_edition()
HOURS, COMPANIES, RATE, SKILLS, COVERAGE = (
    registry().indicators[name]
    for name in ("volunteer_hours", "active_companies", "participation_rate", "skills_share", "coverage")
)
REPORTED = registry().indicators["hours_per_employee"]


def ask(store, indicator, by=(), years=(2022, 2024), **more):
    options = {name: more.pop(name) for name in ("level", "region_level", "keep_all") if name in more}
    return lookup(store, EDITION, indicator, by, Filters(years=years, **more), **options)


def values(answer):
    """The values of an answer by their keys; the one value where there is no breakdown."""
    if not answer.by:
        return answer.rows.value.iloc[0]
    keys = answer.rows[list(answer.by)].itertuples(index=False, name=None)
    return {key if len(key) > 1 else key[0]: value for key, value in zip(keys, answer.rows.value, strict=True)}


def test_parts_of_an_additive_measure_are_summed_over_codes_and_years(tmp_path):
    store = store_of(tmp_path, EDITION, """
        measure | period | sector | value | contributors
        hours   | 2023   | a      | 1     | 12
        hours   | 2023   | b      | 20    | 30
        hours   | 2023   | c      | 300   | 40
        hours   | 2024   | a      | 4000  | 11
    """)  # fmt: skip
    answer = ask(store, HOURS, sector=("a", "b"))
    row = answer.rows.iloc[0]
    assert (row.value, row.contributors, row.status) == (4021, 30, "free")
    assert not row.is_at_least
    assert answer.rows.value_to.isna().all()


def test_of_values_that_may_overlap_the_largest_is_said_as_at_least(tmp_path):
    store = store_of(tmp_path, EDITION, """
        measure   | period | region | sector | value
        companies | 2024   | r1     | a      | 5
        companies | 2024   | r1     | b      | 2
        companies | 2024   | r3     | a      | 6
    """)  # fmt: skip
    both = ask(store, COMPANIES, region=("r1", "r3"), sector=("a", "b")).rows.iloc[0]
    assert (both.value, bool(both.is_at_least)) == (7, True)
    one = ask(store, COMPANIES, region=("r3", "r4"), sector=("a",)).rows.iloc[0]
    assert (one.value, bool(one.is_at_least)) == (6, False)
    sectors = ask(store, COMPANIES, region=("r1",), sector=("a", "b")).rows.iloc[0]
    assert (sectors.value, bool(sectors.is_at_least)) == (7, False)


def test_a_range_that_does_not_add_gives_its_smallest_and_largest_year(tmp_path):
    store = store_of(tmp_path, EDITION, """
        measure   | period | value
        companies | 2022   | 61
        companies | 2023   | 74
        companies | 2024   | 70
    """)  # fmt: skip
    row = ask(store, COMPANIES).rows.iloc[0]
    assert (row.value, row.value_to) == (61, 74)
    assert ask(store, COMPANIES, years=(2023, 2023)).rows.value_to.isna().all()


@pytest.mark.parametrize(("of_2024", "expected"), [("12", (61, 74)), ("80", (61, 80))])
def test_an_unfinished_year_cannot_be_the_smallest(tmp_path, of_2024, expected):
    cells = table(f"""
        measure   | period | value
        companies | 2022   | 61
        companies | 2023   | 74
        companies | 2024   | {of_2024}
    """)
    answer = ask(store_of(tmp_path, EDITION, cells, last_month="2024-03"), COMPANIES)
    assert (answer.rows.value[0], answer.rows.value_to[0]) == expected
    assert answer.months == (1, 3)
    assert ask(store_of(tmp_path / "b", EDITION, cells), COMPANIES).months is None


def test_a_rate_is_sum_over_sum_of_the_years_in_which_both_are_reported(tmp_path):
    store = store_of(tmp_path, EDITION, """
        measure    | period | sector | value | contributors
        volunteers | 2022   | a      | 10    | 10
        headcount  | 2022   | a      | 100   | 20
        volunteers | 2023   | a      | 30    | 11
        headcount  | 2023   | a      | 100   | 30
        headcount  | 2024   | a      | 999   | 40
    """)  # fmt: skip
    row = ask(store, RATE, sector=("a",)).rows.iloc[0]
    assert (row.value, row.contributors, bool(row.is_at_least)) == (20, 11, False)
    assert values(ask(store, RATE, ("year",), sector=("a",))) == {2022: 10, 2023: 30}


def test_a_rate_over_several_codes_is_never_a_mean_of_rates(tmp_path):
    store = store_of(tmp_path, EDITION, """
        measure    | period | sector | value
        volunteers | 2024   | a      | 50
        headcount  | 2024   | a      | 100
        volunteers | 2024   | b      | 100
        headcount  | 2024   | b      | 1000
    """)  # fmt: skip
    assert ask(store, RATE, sector=("a", "b")).rows.value[0] == pytest.approx(100 * 150 / 1100)


def test_a_rate_of_several_measures_sums_each_side_and_is_no_percent_unless_its_unit_is(tmp_path):
    store = store_of(tmp_path, EDITION, """
        measure             | period | value
        reported_paid_hours | 2024   | 30
        reported_own_hours  | 2024   | 20
        headcount           | 2024   | 25
    """)  # fmt: skip
    assert ask(store, REPORTED).rows.value[0] == 2


def test_a_rate_without_people_below_is_not_reported(tmp_path):
    store = store_of(tmp_path, EDITION, """
        measure    | period | value
        volunteers | 2024   | 3
        headcount  | 2024   | 0
    """)  # fmt: skip
    assert ask(store, RATE).rows.empty


def test_hidden_parts_are_counted_and_never_guessed(tmp_path):
    store = store_of(tmp_path, EDITION, """
        measure | period | sector | value | status
        hours   | 2024   | a      |       | hidden
        hours   | 2024   | b      | 7     | free
        hours   | 2024   | c      |       | hidden
    """)  # fmt: skip
    answer = ask(store, HOURS, sector=("a", "b", "c"))
    assert (answer.rows.value[0], answer.rows.hidden_parts[0], answer.hidden_parts) == (7, 2, 2)
    drawn = ask(store, HOURS, ("sector",)).rows
    assert drawn.status.tolist() == ["hidden", "free", "hidden"]
    assert drawn.value.isna().tolist() == [True, False, True]
    assert drawn.contributors.isna().tolist() == [True, False, True]


@pytest.mark.parametrize("hidden", ["volunteers", "headcount"])
def test_a_rate_with_a_hidden_part_is_hidden(tmp_path, hidden):
    cells = table("""
        measure    | period | sector | value | status
        volunteers | 2024   | a      | 1     | free
        headcount  | 2024   | a      | 10    | free
        volunteers | 2024   | b      | 1     | free
        headcount  | 2024   | b      | 10    | free
    """)
    cells.loc[(cells.measure == hidden) & (cells.sector == "b"), "status"] = "hidden"
    store = store_of(tmp_path, EDITION, cells)
    assert ask(store, RATE, ("sector",)).rows.status.tolist() == ["free", "hidden"]
    both = ask(store, RATE, sector=("a", "b")).rows.iloc[0]
    assert (both.status, both.hidden_parts) == ("hidden", 1)


def test_low_base_stays_unless_one_part_has_enough(tmp_path):
    store = store_of(tmp_path, EDITION, """
        measure | period | sector | value | contributors | status
        hours   | 2024   | a      | 1     | 3            | low_base
        hours   | 2024   | b      | 1     | 4            | low_base
        hours   | 2024   | c      | 1     | 12           | free
    """)  # fmt: skip
    assert ask(store, HOURS, sector=("a", "b")).rows.status[0] == "low_base"
    assert ask(store, HOURS, sector=("a", "c")).rows.status[0] == "free"


def test_what_nobody_reported_is_absent_and_never_zero(tmp_path):
    store = store_of(tmp_path, EDITION, """
        measure | period | sector | value
        hours   | 2024   | a      | 0
    """)  # fmt: skip
    assert values(ask(store, HOURS, ("sector",))) == {"a": 0}
    assert ask(store, HOURS, sector=("b",)).rows.empty
    assert (has_measure(store, "hours"), has_measure(store, "cost")) == (True, False)
    assert "active_companies" not in queries.available(store, EDITION)
    assert queries.available(store, EDITION) == ("volunteer_hours",)


def test_a_filter_that_a_measure_lacks_is_set_aside(tmp_path):
    store = store_of(tmp_path, EDITION, """
        measure    | period | sector | value
        volunteers | 2024   | a      | 1
        headcount  | 2024   | a      | 10
    """)  # fmt: skip
    answer = ask(store, RATE, sector=("a",), theme=("t1",))
    assert (answer.rows.value[0], answer.set_aside) == (10, ("theme",))


def test_coverage_follows_one_dimension_at_a_time(tmp_path):
    store = store_of(tmp_path, EDITION, """
        measure          | period | sector | region | value
        headcount        | 2024   | a      | _T     | 5
        headcount        | 2024   | a      | r3     | 1
        employed_persons | 2024   | a      | _T     | 100
    """)  # fmt: skip
    answer = ask(store, COVERAGE, sector=("a",), region=("r3",))
    assert (answer.rows.value[0], answer.set_aside) == (5, ("region",))
    with pytest.raises(NotPublished):
        ask(store, COVERAGE, ("sector", "region"))


REGIONS = """
    measure | period | region | value
    hours   | 2020   | r1     | 1
    hours   | 2020   | p      | 1
    hours   | 2020   | m1     | 1
    hours   | 2022   | r1     | 2
    hours   | 2022   | r2     | 4
    hours   | 2022   | p      | 6
    hours   | 2022   | m1     | 6
    hours   | 2022   | r3     | 8
    hours   | 2022   | m2     | 8
    hours   | 2022   | _U     | 16
"""


def test_years_before_the_regions_were_redrawn_draw_comparable_regions(tmp_path):
    store = store_of(tmp_path, EDITION, REGIONS)
    whole = ask(store, HOURS, ("region",), years=(2022, 2022))
    assert (values(whole), whole.region_level_forced) == ({"r1": 2, "r2": 4, "r3": 8, "_U": 16}, False)
    early = ask(store, HOURS, ("region",), years=(2020, 2022))
    assert (values(early), early.region_level_forced) == ({"p": 7, "r3": 8, "_U": 16}, True)
    assert early.levels == {"region": "comparable"}
    macro = ask(store, HOURS, ("region",), years=(2020, 2022), region_level="macro")
    assert (values(macro), macro.region_level_forced) == ({"m1": 7, "m2": 8, "_U": 16}, False)


def test_a_chosen_region_that_was_redrawn_is_counted_in_its_pair_and_that_is_said(tmp_path):
    store = store_of(tmp_path, EDITION, REGIONS)
    answer = ask(store, HOURS, ("year",), years=(2020, 2022), region=("r2", "r3"))
    assert values(answer) == {2020: 1, 2022: 14}
    assert (dict(answer.replaced), answer.region_level_forced) == ({"r2": "p"}, True)
    untouched = ask(store, HOURS, ("year",), years=(2020, 2022), region=("r3",))
    assert (dict(untouched.replaced), untouched.region_level_forced) == ({}, False)


def test_a_filter_on_its_own_axis_shows_what_lies_within_it_unless_all_is_asked_for(tmp_path):
    store = store_of(tmp_path, EDITION, REGIONS)
    assert values(ask(store, HOURS, ("region",), years=(2022, 2022), region=("m1",))) == {"r1": 2, "r2": 4}
    assert values(ask(store, HOURS, ("region",), years=(2022, 2022), region=("r3",), region_level="macro")) == {"r3": 8}
    everything = ask(store, HOURS, ("region",), years=(2022, 2022), region=("r3",), keep_all=("region",))
    assert list(values(everything)) == ["r1", "r2", "r3", "_U"]
    assert everything.set_aside == ()


def test_themes_and_sizes_are_drawn_broad_and_finer_when_asked(tmp_path):
    store = store_of(tmp_path, EDITION, """
        measure | period | theme | value
        hours   | 2024   | t1    | 3
        hours   | 2024   | t11   | 1
        hours   | 2024   | t12   | 2
        hours   | 2024   | _U    | 5
    """)  # fmt: skip
    assert values(ask(store, HOURS, ("theme",))) == {"t1": 3, "_U": 5}
    assert values(ask(store, HOURS, ("theme",), level={"theme": "subtheme"})) == {"t11": 1, "t12": 2, "_U": 5}


def test_months_and_forms_follow_as_many_filters_as_there_are_cells_for(tmp_path):
    store = store_of(tmp_path, EDITION, """
        measure | period  | theme | sector | form | region | value
        hours   | 2024-05 | t1    | a      | _T   | _T     | 1
        hours   | 2024-05 | t1    | _T     | _T   | _T     | 9
        hours   | 2024    | t1    | a      | f1   | _T     | 2
    """)  # fmt: skip
    month = ask(store, HOURS, ("theme", "month"), sector=("a",), size=("small",), region=("r1",))
    assert (values(month), month.set_aside) == ({("t1", 5): 1}, ("region", "size"))
    form = ask(store, HOURS, ("form",), theme=("t1",), sector=("a",), size=("small",))
    assert (values(form), form.set_aside) == ({"f1": 2}, ("size",))


@pytest.mark.parametrize(
    ("indicator", "by"),
    [(RATE, ("theme",)), (RATE, ("month",)), (HOURS, ("sector", "sector")), (HOURS, ("ownership", "sector")),
     (HOURS, ("theme", "sector", "size", "month")), (HOURS, ("weather",))],
)  # fmt: skip
def test_a_breakdown_without_cells_is_refused_in_words(tmp_path, indicator, by):
    with pytest.raises(NotPublished, match=indicator.id):
        ask(store_of(tmp_path, EDITION, "measure | period | value"), indicator, by)


def test_ownership_and_holdings_are_whole_so_every_filter_is_set_aside(tmp_path):
    owners = table("""
        measure | period | ownership | holding    | value
        hours   | 2023   | state     | _T         | 1
        hours   | 2024   | state     | _T         | 2
        hours   | 2024   | state     | in_holding | 2
        hours   | 2024   | _U        | _T         | 4
        hours   | 2024   | _U        | _U         | 4
    """)
    store = store_of(tmp_path, EDITION, "measure | period | value", owners=owners, first_year="2023")
    answer = ask(store, HOURS, ("ownership",), sector=("a",))
    assert (values(answer), answer.set_aside) == ({"state": 3, "_U": 4}, ("sector",))
    parts = values(ask(store, HOURS, ("ownership", "holding")))
    assert parts == {("state", "in_holding"): 2, ("_U", "_U"): 4}
    assert values(ask(store, HOURS, ("year", "ownership"))) == {(2023, "state"): 1, (2024, "state"): 2, (2024, "_U"): 4}


def test_rows_stand_in_the_order_of_the_edition_and_of_time(tmp_path):
    store = store_of(tmp_path, EDITION, """
        measure | period  | sector | value
        hours   | 2024-02 | _U     | 1
        hours   | 2023-11 | b      | 1
        hours   | 2024-02 | b      | 1
        hours   | 2023-11 | a      | 1
    """)  # fmt: skip
    rows = ask(store, HOURS, ("sector", "year", "month")).rows
    found = list(rows[["sector", "year", "month"]].itertuples(index=False, name=None))
    assert found == [("a", 2023, 11), ("b", 2023, 11), ("b", 2024, 2), ("_U", 2024, 2)]
    assert rows.dtypes.astype(str).to_dict() == {
        "sector": "str", "year": "int64", "month": "int64", "value": "float64", "value_to": "float64",
        "is_at_least": "bool", "contributors": "Int64", "status": "str", "hidden_parts": "Int64", "quality": "str",
    }  # fmt: skip


def test_an_empty_answer_has_the_same_columns(tmp_path):
    store = store_of(tmp_path, EDITION, "measure | period | value")
    answer = ask(store, HOURS, ("sector", "year"))
    assert answer.rows.empty
    assert list(answer.rows) == ["sector", "year", "value", "value_to", "is_at_least", "contributors", "status",
                                 "hidden_parts", "quality"]  # fmt: skip
    assert headline(store, EDITION, HOURS, Filters(years=(2022, 2024))) is None

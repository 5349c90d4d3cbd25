"""Every cell equals a plain count of the warehouse, for random small worlds and random filters."""

import re
from datetime import date
from pathlib import Path
from random import Random

import duckdb
import pandas as pd
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

import etl.aggregate
from etl.aggregate import aggregate
from etl.aggregate.families import FAMILIES
from etl.aggregate.shapes import CELL_DIMENSIONS, sets_in_use, shape_rows
from etl.load import insert_rows, load_facts
from observatory.editions import load_edition
from observatory.registry import registry

EDITION = load_edition("kazakhstan")
REGIONS = ["KZ-23", "KZ-63", "KZ-10", "KZ-75", None]
THEMES = ["social_aid", "ecology_trees", "ecology_water", "emergency_floods", None]
SECTORS = ["B", "C", "D", "E", "mining", None]
SIZES = ["micro", "large_251", "large_1001", None]
FORMS = ["one_day", "online", None]
DAYS = [date(2023, 12, 31), date(2024, 1, 1), date(2024, 5, 9), date(2024, 5, 31), date(2025, 2, 1)]
PERIODS = ["2023", "2024", "2025", "2023-12", "2024-01", "2024-05", "2025-02"]

CODES = (
    ["mining", "utilities", "manufacturing"],
    ["KZ-23", "KZ-63", "KZ-C63", "KZ-M5", "KZ-M3", "KZ-75"],
    ["ecology", "ecology_trees", "social", "emergency_floods"],
    ["micro", "large", "large_251"],
    ["one_day", "online"],
)
COMPANIES, NGOS = ("C1", "C2", "C3", "C4"), ("N1", "N2")
CHANGED_ON = date(2024, 5, 20)

worlds = st.randoms(use_true_random=False)
quickly = settings(max_examples=4, deadline=None, phases=[Phase.explicit, Phase.reuse, Phase.generate])


def company_rows(random: Random) -> list[tuple]:
    pick = random.choice
    return [
        (number, pick(SECTORS), pick(SIZES), pick(["state_holding", None]), pick(["H1", "H2", None]), pick(REGIONS))
        for number in COMPANIES
    ]  # fmt: skip


def activity_rows(random: Random) -> list[tuple]:
    pick = random.choice

    def amount() -> int | None:
        return pick([None, 0, 1, 2, random.randrange(90)])

    def hours() -> float | None:
        return pick([None, 0, random.randrange(400) / 4])

    return [
        (
            pick([*COMPANIES, *COMPANIES, None]), pick([*NGOS, None]), pick(DAYS), pick(REGIONS), pick(THEMES),
            pick(FORMS), pick([True, False, None]), amount(), hours(), hours(), amount(), amount(), amount(),
        )
        for _ in range(random.randrange(40))
    ]  # fmt: skip


def form_rows(random: Random) -> list[tuple]:
    pick = random.choice
    return [
        (number, year, random.randrange(1, 90), pick([None, 0, 5]), pick([None, 3]), pick([None, 2.5]),
         pick([None, 0, 4]))
        for number in COMPANIES for year in (2023, 2024) if random.random() < 0.6
    ]  # fmt: skip


def some_filters(random: Random) -> list[tuple[str, ...]]:
    """Return periods with codes of the dimensions, half of them at their total."""
    return [
        (random.choice(PERIODS), *(random.choice(["_T"] * len(codes) + ["_U", *codes]) for codes in CODES))
        for _ in range(250)
    ]


def warehouse(companies, activities, forms, changed_on=None) -> duckdb.DuckDBPyConnection:
    """Return a database with these records in its warehouse tables; `changed_on` all companies become micro."""
    connection = duckdb.connect(config={"threads": "1"})
    load_facts(connection, EDITION)
    connection.execute("""
        CREATE TABLE company (company_id VARCHAR, sector_code VARCHAR, size_code VARCHAR, ownership_code VARCHAR,
            holding_id VARCHAR, region_code VARCHAR, valid_from DATE, valid_to DATE);
        CREATE TABLE ngo (ngo_id VARCHAR);
        CREATE TABLE activity (company_id VARCHAR, ngo_id VARCHAR, start_date DATE, region_code VARCHAR,
            theme_code VARCHAR, form_code VARCHAR, is_paid_time BOOLEAN, volunteers_count BIGINT,
            hours DECIMAL(18, 2), skilled_hours DECIMAL(18, 2), requested_count BIGINT, beneficiaries_count BIGINT,
            cost_amount DECIMAL(18, 2));
        CREATE TABLE company_year (company_id VARCHAR, year BIGINT, headcount BIGINT, volunteers BIGINT,
            volunteers_paid BIGINT, paid_hours DECIMAL(18, 2), own_hours DECIMAL(18, 2), cost_cash DECIMAL(18, 2),
            cost_in_kind DECIMAL(18, 2), cost_management DECIMAL(18, 2), disclosure_grade BIGINT);
    """)
    listed = {row[0]: row for row in companies}
    for number in COMPANIES:
        listed.setdefault(number, (number, None, None, None, None, None))
    last = date.fromordinal(changed_on.toordinal() - 1) if changed_on else None
    rows = [(*row, None, last) for row in listed.values()]
    if changed_on:
        rows += [(row[0], row[1], "micro", *row[3:], changed_on, None) for row in listed.values()]
    insert_rows(connection, "company", rows)
    insert_rows(connection, "ngo", [(number,) for number in NGOS])
    insert_rows(connection, "activity", activities)
    insert_rows(connection, "company_year", [(*row[:6], None, row[5], None, None, row[6]) for row in forms])
    aggregate(connection, EDITION)
    return connection


def records(connection: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """Return activities with the company of their day beside them, by the slow and plain way."""
    found = connection.execute("""
        SELECT a.*, c.sector_code, c.size_code, c.holding_id FROM activity AS a LEFT JOIN company AS c
        ON c.company_id = a.company_id AND a.start_date BETWEEN COALESCE(c.valid_from, DATE '1900-01-01')
        AND COALESCE(c.valid_to, DATE '2100-01-01')
    """).df()
    found["entity"] = found.holding_id.fillna(found.company_id).fillna(found.ngo_id)
    found["paid_hours"] = found.hours.where(found.is_paid_time.fillna(False).astype(bool), 0)
    found.loc[found.is_paid_time.isna() | found.hours.isna(), "paid_hours"] = None
    found["activities"] = 1
    day = pd.to_datetime(found.start_date)
    found["year"], found["month"] = day.dt.strftime("%Y"), day.dt.strftime("%Y-%m")
    return found


COLUMNS = {
    "activities": "activities", "participations": "volunteers_count", "hours": "hours", "paid_hours": "paid_hours",
    "skilled_hours": "skilled_hours", "beneficiaries": "beneficiaries_count", "cost": "cost_amount",
    "requested": "requested_count", "companies": "company_id", "ngos": "ngo_id",
}  # fmt: skip


def plain_count(found: pd.DataFrame, measure: str, period: str, codes: dict[str, str]) -> tuple[float, int] | None:
    """Return value and contributors of one filter, or None where nothing is reported."""
    chosen = found[found["month" if "-" in period else "year"] == period]
    for name, code in codes.items():
        members = EDITION.dimensions[name]
        kept = [code in members.ancestors(own if isinstance(own, str) else "_U") for own in chosen[f"{name}_code"]]
        chosen = chosen.loc[pd.Series(kept, index=chosen.index, dtype=bool)]
    values = chosen[chosen[COLUMNS[measure]].notna()]
    if values.empty:
        return None
    if measure in ("companies", "ngos"):
        return values[COLUMNS[measure]].nunique(), values.entity.nunique()
    return float(values[COLUMNS[measure]].sum()), values[values[COLUMNS[measure]] > 0].entity.nunique()


def is_served(period: str, codes: dict[str, str]) -> bool:
    used = [name for name, code in codes.items() if code != "_T"]
    return tuple(used) in sets_in_use(EDITION, "month" if "-" in period else "year")


@quickly
@given(worlds)
def test_every_cell_of_activities_equals_a_plain_count(random):
    changed_on = random.choice([None, CHANGED_ON])
    connection = warehouse(company_rows(random), activity_rows(random), [], changed_on)
    cells = {
        tuple(row[:7]): (row[7], row[8], row[9])
        for row in connection.execute(
            "SELECT measure, period_code, sector_code, region_code, theme_code, size_code, form_code, value, "
            "contributors, status FROM cells"
        ).fetchall()
    }
    found = records(connection)
    for period, *chosen in some_filters(random):
        codes = dict(zip(CELL_DIMENSIONS, chosen, strict=True))
        if not is_served(period, codes):
            continue
        for measure in COLUMNS:
            expected = plain_count(found, measure, period, codes)
            cell = cells.get((measure, period, *chosen))
            if expected is None:
                assert cell is None, (measure, period, codes)
                continue
            status = "low_base" if expected[1] < EDITION.thresholds["low_base_contributors"] else "free"
            assert cell == (pytest.approx(expected[0]), expected[1], status), (measure, period, codes)


@quickly
@given(worlds)
def test_children_sum_to_their_parents_where_a_measure_adds_up(random):
    connection = warehouse(company_rows(random), activity_rows(random), form_rows(random))
    cells = connection.execute("SELECT * FROM cells WHERE measure <> 'employed_persons'").df()
    compared = 0
    for measure, own in cells.groupby("measure"):
        facts = registry().measures[measure]
        for name in set(facts.adds_over) & set(facts.dimensions):
            others = [f"{other}_code" for other in ("period", *CELL_DIMENSIONS) if other != name]
            dimension = EDITION.dimensions[name]
            for parent in ("_T", *(code for code in dimension.members if dimension.children(code))):
                children = [*dimension.children(parent), *(["_U"] if parent == "_T" else [])]
                inside = own[own[f"{name}_code"].isin(children)].groupby(others).value.sum()
                whole = own[own[f"{name}_code"] == parent].set_index(others).value
                for place, total in inside.items():
                    assert whole[place] == pytest.approx(total), (measure, name, parent, place)
                compared += len(inside)
    assert compared or cells.empty


def test_yearly_forms_count_each_company_once_as_it_was_at_the_end_of_the_year():
    rows = [("C1", "B", "micro", "state_holding", "H1", "KZ-23"), ("C2", "C", "micro", None, "H1", "KZ-63")]
    reported = [
        ("C1", 2024, 100, 10, 5, 7, 4), ("C2", 2024, 50, None, 0, None, 0), ("C1", 2023, 90, 0, None, None, None),
    ]  # fmt: skip
    connection = warehouse(rows, [], reported, changed_on=date(2024, 5, 20))
    found = dict(connection.execute(
        "SELECT (measure, period_code, region_code, size_code), (value, contributors) FROM cells "
        "WHERE sector_code = '_T' AND measure NOT LIKE 'employed%'"
    ).fetchall())  # fmt: skip
    assert found["headcount", "2024", "_T", "_T"] == (150, 1)
    assert found["headcount", "2024", "KZ-23", "micro"] == (100, 1)
    assert found["companies_reporting", "2024", "_T", "_T"] == (2, 1)
    assert found["volunteers", "2024", "_T", "_T"] == (10, 1)
    assert found["volunteers", "2023", "_T", "_T"] == (0, 0)
    assert found["companies_graded", "2024", "_T", "_T"] == (2, 1)
    assert found["companies_disclosing", "2024", "_T", "_T"] == (1, 1)
    assert found["companies_disclosing", "2024", "KZ-63", "micro"] == (0, 0)
    assert ("companies_graded", "2023", "_T", "_T") not in found
    assert found["programme_cost", "2024", "KZ-M5", "_T"] == (7, 1)
    assert ("programme_cost", "2024", "KZ-63", "_T") not in found


def test_the_frame_stands_by_one_dimension_at_a_time():
    connection = warehouse([], [], [])
    found = dict(connection.execute(
        "SELECT (sector_code, region_code), value FROM cells "
        "WHERE measure = 'employed_persons' AND period_code = '2024'"
    ).fetchall())  # fmt: skip
    assert found["_T", "_T"] == pytest.approx(9_214_184)
    for kind in (0, 1):
        levels = EDITION.dimensions[("sector", "region")[kind]]
        parts = [found[codes] for codes in found if codes[kind] in levels.cut(levels.levels[-1])]
        assert sum(parts) == pytest.approx(9_214_184)
    assert all("_T" in codes for codes in found)


def test_ownership_and_holdings_are_told_by_year():
    rows = [("C1", "B", "micro", "state_holding", "H1", "KZ-23"), ("C2", "C", "micro", "private_domestic", None, None)]
    day = date(2024, 1, 1)
    work = [(who, None, day, None, None, None, None, 1, 10.0, None, None, None, None) for who in ("C1", "C2", None)]
    connection = warehouse(rows, work, [])
    found = dict(connection.execute(
        "SELECT (ownership_code, holding_code), value FROM owner_cells WHERE measure = 'hours'"
    ).fetchall())  # fmt: skip
    assert found == {
        ("_T", "_T"): 30, ("_T", "alone"): 10, ("_T", "in_holding"): 10, ("_T", "_U"): 10,
        ("state_holding", "_T"): 10, ("state_holding", "in_holding"): 10,
        ("private_domestic", "_T"): 10, ("private_domestic", "alone"): 10, ("_U", "_T"): 10, ("_U", "_U"): 10,
    }  # fmt: skip


def test_months_and_forms_have_cells_with_at_most_two_other_dimensions():
    for _, period, *levels in shape_rows(EDITION):
        used = {name for name, level in zip(CELL_DIMENSIONS, levels, strict=True) if level != "_T"}
        assert len(used) <= (2 if period == "month" else 3 if "form" in used else 4)


def test_cells_lie_in_the_order_in_which_they_are_looked_up():
    rows = [("C1", "B", "micro", None, None, "KZ-23")]
    work = [("C1", None, day, "KZ-23", "ecology_trees", None, None, 1, 1.0, None, None, None, None) for day in DAYS]
    connection = warehouse(rows, work, [])
    keys = "shape, period_code, sector_code, region_code, theme_code, size_code, form_code"
    for measure in ("activities", "hours"):
        query = f"SELECT {keys} FROM cells WHERE measure = '{measure}'"
        stored = connection.execute(query).fetchall()
        assert stored == sorted(stored)
        assert len(set(stored)) == len(stored)


def test_measures_are_those_of_the_registry():
    made = {measure: family.name for family in FAMILIES for measure in family.measures}
    assert made == {id: facts.family for id, facts in registry().measures.items() if facts.family != "frame"}


@pytest.mark.parametrize("path", sorted(Path(etl.aggregate.__path__[0]).glob("*.sql")), ids=lambda path: path.stem)
def test_aggregates_keep_to_what_every_engine_has(path):
    text = path.read_text(encoding="utf-8")
    assert text.startswith("-- Return ")
    code = re.sub(r"--.*|'[^']*'", "", text)
    functions = {name.upper() for name in re.findall(r"\b([A-Za-z_]+)\s*\(", code)}
    assert functions <= {
        "SUM",
        "COUNT",
        "MAX",
        "BIT_OR",
        "COALESCE",
        "CAST",
        "EXTRACT",
        "VARCHAR",
        "ON",
        "AND",
        "FROM",
        "JOIN",
    }
    assert not re.search(r"\b(EXCLUDE|REPLACE|QUALIFY|LATERAL|PIVOT|UNNEST)\b|::", code)

"""Aggregate: the warehouse into cells, each step one portable .sql file in this folder.

The files keep to joins, GROUP BY, SUM, COUNT, MAX and BIT_OR, which Spark SQL has under the same names. Braces take
names and numbers from these modules and the registry only. Codes are numbers until the last step, so that groups are
made of integers; whoever is counted once (a holding, a company, an NGO) is a number too.

contribution   one row per record: who stands behind it, its codes, its measures (activity.sql, company_year.sql)
sums           the measures under every combination of codes (sums.sql)
counts         how many gave to them, each one once (present, kinds, tally, contributors)
combined       both with codes in words, sorted (combined.sql); the cells of each measure follow from it (cells.sql)
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

import duckdb

from etl.aggregate.combine import TOTAL_NUMBER, combine, finish_combinations, sql, start_combinations
from etl.aggregate.families import FAMILIES
from etl.aggregate.shapes import CELL_DIMENSIONS, sets_in_use, shape_rows
from etl.load import insert_rows
from observatory import NOT_STATED, TOTAL
from observatory.editions import Edition

OWNER_DIMENSIONS = ("ownership", "holding")
OWNER_SETS = ((), ("ownership",), ("holding",), OWNER_DIMENSIONS)
HOLDING_CODES = ("alone", "in_holding", NOT_STATED)
CELL_KEYS = "shape, period_code, sector_code, region_code, theme_code, size_code, form_code"
OWNER_KEYS = "period_code, ownership_code, holding_code"
CELLS = (
    "measure VARCHAR, shape INTEGER, period_code VARCHAR, sector_code VARCHAR, region_code VARCHAR, "
    "theme_code VARCHAR, size_code VARCHAR, form_code VARCHAR, value DOUBLE, contributors INTEGER, status VARCHAR, "
    "quality VARCHAR"
)
OWNER_CELLS = (
    "measure VARCHAR, period_code VARCHAR, ownership_code VARCHAR, holding_code VARCHAR, value DOUBLE, "
    "contributors INTEGER, status VARCHAR, quality VARCHAR"
)
"""Columns of both tables. quality: how near a published value is to the true one, A, B or C; none of exact values."""


def aggregate(
    connection: duckdb.DuckDBPyConnection,
    edition: Edition,
    progress: Callable[[str, int, int], None] = lambda what, done, of: None,
) -> None:
    """Make the tables shape, cells and owner_cells of the warehouse tables in the same database."""
    number_codes(connection, edition)
    number_everybody(connection)
    shapes = shape_rows(edition)
    levels = ", ".join(f"{name}_level VARCHAR" for name in ("period", *CELL_DIMENSIONS))
    _make(connection, "TABLE shape", f"shape INTEGER, {levels}", shapes)
    connection.execute(f"CREATE TABLE cells ({CELLS})")
    connection.execute(f"CREATE TABLE owner_cells ({OWNER_CELLS})")
    low_base = edition.thresholds["low_base_contributors"]
    steps = [(family, period) for family in FAMILIES for period in family.periods]
    for done, (family, period) in enumerate(steps):
        progress(family.name, done, len(steps))
        if period == family.periods[0]:
            connection.execute(f"CREATE OR REPLACE TEMP TABLE contribution AS {sql(family.name)}")
            _number_periods(connection, family.periods)
            start_combinations(connection, family, OWNER_DIMENSIONS)
            combine(connection, family, period, OWNER_DIMENSIONS, (), OWNER_SETS)
            finish_combinations(connection, family, "combined_owners", "owner_cells", OWNER_KEYS, low_base)
            start_combinations(connection, family, CELL_DIMENSIONS)
        sets = sets_in_use(edition, period, (*family.kind, *family.deed))
        combine(connection, family, period, family.kind, family.deed, sets)
        if period == family.periods[-1]:
            finish_combinations(connection, family, "combined", "cells", CELL_KEYS, low_base)
    _frame_cells(connection, shapes)


def number_codes(connection: duckdb.DuckDBPyConnection, edition: Edition) -> None:
    """Make code_<dimension> (number, code, level) and lift_<dimension> (its number, the number of one above it).

    Numbers follow the order of the codes; "_T" is 0 and above nothing, since a dimension not in use is not lifted.
    """
    for name in (*CELL_DIMENSIONS, "ownership"):
        dimension = edition.dimensions[name]
        codes = sorted((*dimension.members, *dimension.rests, NOT_STATED))
        numbers = {code: number for number, code in enumerate(codes, start=1)}
        lifted = [
            (numbers[code], numbers[above])
            for code in codes for above in dimension.counts_for(code) if above != TOTAL and dimension.levels
        ]  # fmt: skip
        _number(connection, name, {code: dimension.level_of(code) for code in codes}, lifted)
    holding = dict.fromkeys(sorted(HOLDING_CODES), "holding")
    _number(connection, "holding", holding, [(number, number) for number in range(1, len(holding) + 1)])


def _number(
    connection: duckdb.DuckDBPyConnection, name: str, levels: dict[str, str], lifted: Sequence[tuple[int, int]]
) -> None:
    """Make the two tables of one dimension of its codes, in their order, with their levels."""
    rows = [(number, code, level) for number, (code, level) in enumerate(levels.items(), start=1)]
    columns = "number SMALLINT, code VARCHAR, level VARCHAR"
    _make(connection, f"TEMP TABLE code_{name}", columns, [(TOTAL_NUMBER, TOTAL, TOTAL), *rows])
    _make(connection, f"TEMP TABLE lift_{name}", f"{name} SMALLINT, above_{name} SMALLINT", lifted)


def number_everybody(connection: duckdb.DuckDBPyConnection) -> None:
    """Make `who`: one number for every holding, company and NGO."""
    connection.execute("""
        CREATE OR REPLACE TEMP TABLE who AS
        SELECT CAST(ROW_NUMBER() OVER (ORDER BY kind, id) AS INTEGER) AS number, kind, id
        FROM (
            SELECT DISTINCT 'holding' AS kind, holding_id AS id FROM company WHERE holding_id IS NOT NULL
            UNION ALL SELECT DISTINCT 'company', company_id FROM company
            UNION ALL SELECT DISTINCT 'ngo', ngo_id FROM ngo
        )
    """)


def _number_periods(connection: duckdb.DuckDBPyConnection, periods: Sequence[str]) -> None:
    """Make `period_code`: the code and level of every year and month that has a row; 202405 is "2024-05"."""
    codes = {
        "year": "CAST(year AS VARCHAR)",
        "month": "CONCAT(month // 100, '-', LPAD(CAST(month % 100 AS VARCHAR), 2, '0'))",
    }
    queries = (
        f"SELECT DISTINCT {period} AS number, {codes[period]} AS code, '{period}' AS level FROM contribution"
        for period in periods
    )
    connection.execute(f"CREATE OR REPLACE TEMP TABLE period_code AS {' UNION ALL '.join(queries)}")


def _frame_cells(connection: duckdb.DuckDBPyConnection, shapes: Sequence[Sequence[object]]) -> None:
    """Add the frame's figures: by one dimension at a time, and each year's total from the first of them by name."""
    numbers = {tuple(levels): shape for shape, *levels in shapes}
    cells: dict[tuple[object, ...], float] = {}
    for measure, dimension, code, level, year, value in connection.execute(sql("frame")).fetchall():
        levels = (level if name == dimension else TOTAL for name in CELL_DIMENSIONS)
        codes = (code if name == dimension else TOTAL for name in CELL_DIMENSIONS)
        cells.setdefault((measure, numbers["year", *levels], str(year), *codes), float(value))
    insert_rows(connection, "cells", [(*key, value, None, "free", None) for key, value in sorted(cells.items())])


def _make(connection: duckdb.DuckDBPyConnection, what: str, columns: str, rows: Iterable[Sequence[object]]) -> None:
    connection.execute(f"CREATE OR REPLACE {what} ({columns})")
    insert_rows(connection, what.split()[-1], rows)

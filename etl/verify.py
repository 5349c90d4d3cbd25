"""Verify: what must be true of a snapshot before anyone sees it."""

from __future__ import annotations

import hashlib
import math

import duckdb

from etl.aggregate.families import FAMILIES
from observatory import NOT_STATED, TOTAL
from observatory.editions import Edition
from observatory.errors import Refused

CODES = {
    "activity": {"region_code": "region", "theme_code": "theme", "form_code": "form"},
    "event": {"region_code": "region", "theme_code": "theme"},
    "company": {"sector_code": "sector", "size_code": "size", "region_code": "region", "ownership_code": "ownership"},
    "cells": {
        "sector_code": "sector", "region_code": "region", "theme_code": "theme", "size_code": "size",
        "form_code": "form",
    },
}  # fmt: skip
FACTS = {
    "activities": "SELECT year(start_date), COUNT(*) FROM activity GROUP BY 1",
    "participations": "SELECT year(start_date), SUM(volunteers_count) FROM activity GROUP BY 1",
    "hours": "SELECT year(start_date), SUM(hours) FROM activity GROUP BY 1",
    "cost": "SELECT year(start_date), SUM(cost_amount) FROM activity GROUP BY 1",
    "companies": "SELECT year(start_date), NULLIF(COUNT(DISTINCT company_id), 0) FROM activity GROUP BY 1",
    "companies_reporting": "SELECT year, NULLIF(COUNT(*), 0) FROM company_year GROUP BY 1",
    "headcount": "SELECT year, SUM(headcount) FROM company_year GROUP BY 1",
    "companies_graded": "SELECT year, NULLIF(COUNT(disclosure_grade), 0) FROM company_year GROUP BY 1",
    "volunteers": "SELECT year, SUM(volunteers) FROM company_year GROUP BY 1",
}
"""Measures that are counted once more, straight from the facts; their cells must come to the same in each year."""


def verify(connection: duckdb.DuckDBPyConnection, edition: Edition) -> None:
    """Compare the tables of a snapshot with each other.

    Raises:
        Refused: a total differs from the facts, a code is not the edition's, or a combination has two cells.
    """
    _require_totals(connection)
    _require_known_codes(connection, edition)
    _require_single_cells(connection)


def content_hash(connection: duckdb.DuckDBPyConnection) -> str:
    """Return a fingerprint of what all tables hold, whatever the order of their rows."""
    tables = [name for (name,) in connection.execute(
        "SELECT table_name FROM duckdb_tables() WHERE NOT temporary AND table_name <> 'snapshot' ORDER BY 1"
    ).fetchall()]  # fmt: skip
    lines = []
    for table in tables:
        rows, total = connection.execute(f"SELECT COUNT(*), SUM(CAST(hash(t) AS HUGEINT)) FROM {table} AS t").fetchone()
        lines.append(f"{table} {rows} {total}")
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def _require_totals(connection: duckdb.DuckDBPyConnection) -> None:
    served = {measure for family in FAMILIES for measure in family.measures}
    total = connection.execute(
        "SELECT shape FROM shape WHERE period_level = 'year' AND sector_level = $1 AND region_level = $1 "
        "AND theme_level = $1 AND size_level = $1 AND form_level = $1",
        [TOTAL],
    ).fetchone()[0]
    for measure, facts in FACTS.items():
        if measure not in served:
            continue
        known = {str(year): float(value) for year, value in connection.execute(facts).fetchall() if value is not None}
        cells = dict(
            connection.execute(
                "SELECT period_code, value FROM cells WHERE measure = $1 AND shape = $2", [measure, total]
            ).fetchall()
        )
        if known.keys() != cells.keys() or not all(math.isclose(known[year], cells[year]) for year in known):
            raise Refused(
                "The cells of {measure} do not add up to the facts: {cells} instead of {facts}."
                " This is a fault of the program: report it; nothing was published.",
                measure=measure, cells=str(cells), facts=str(known),
            )  # fmt: skip


def _require_known_codes(connection: duckdb.DuckDBPyConnection, edition: Edition) -> None:
    for table, columns in CODES.items():
        for column, dimension in columns.items():
            found = connection.execute(f"SELECT DISTINCT {column} FROM {table} WHERE {column} IS NOT NULL").fetchall()
            unknown = {code for (code,) in found} - {
                *edition.dimensions[dimension].members, *edition.dimensions[dimension].rests, TOTAL, NOT_STATED,
            }  # fmt: skip
            if unknown:
                raise Refused(
                    "{table}.{column} holds codes that {edition} does not know: {codes}."
                    " This is a fault of the program: report it; nothing was published.",
                    table=table, column=column, edition=edition.id, codes=", ".join(sorted(unknown)),
                )  # fmt: skip


def _require_single_cells(connection: duckdb.DuckDBPyConnection) -> None:
    """Let no shape hold more of the activities than there are, which two cells for one combination would make."""
    activities = connection.execute("SELECT COUNT(*) FROM activity").fetchone()[0]
    most = connection.execute(
        "SELECT COALESCE(MAX(total), 0) FROM (SELECT SUM(value) AS total FROM cells "
        "WHERE measure = 'activities' GROUP BY shape)"
    ).fetchone()[0]
    if most > activities:
        raise Refused(
            "The cells of one shape hold {cells} activities, and there are {facts}."
            " This is a fault of the program: report it; nothing was published.",
            cells=int(most), facts=activities,
        )  # fmt: skip

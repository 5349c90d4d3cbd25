"""Load: the rows that remain into the warehouse tables, with the edition's codes and frame beside them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import islice
from typing import Any

import duckdb

from etl.directory import Directory
from etl.expressions import quoted
from observatory import NOT_STATED, TOTAL
from observatory.dimensions import Dimension, Member
from observatory.editions import Edition
from observatory.registry import registry

WAREHOUSE = {
    "company": (
        "company_id", "name", "bin", "sector_code", "size_code", "ownership_code", "holding_id", "region_code",
        "valid_from", "valid_to", "aliases",
    ),
    "ngo": ("ngo_id", "name", "field", "region_code"),
    "activity": (
        "activity_id", "company_id", "ngo_id", "organiser_type", "title", "start_date", "end_date", "region_code",
        "theme_code", "form_code", "is_paid_time", "volunteers_count", "hours", "skilled_hours", "requested_count",
        "beneficiaries_count", "cost_amount",
    ),
    "company_year": (
        "company_id", "year", "headcount", "volunteers", "volunteers_paid", "volunteers_internal", "counted_how",
        "paid_hours", "own_hours", "cost_cash", "cost_in_kind", "cost_management", "disclosure_grade",
        "net_profit_amount", "total_assets_amount",
    ),
    "event": (
        "event_id", "kind_code", "title", "start_date", "end_date", "region_code", "place", "theme_code", "organiser",
        "participants_count", "trained_count", "is_mark", "source", "link",
    ),
    "respondent": (
        "respondent_id", "instrument", "wave", "company_id", "ngo_id", "sector_code", "size_code", "ownership_code",
        "region_code", "theme_code", "stratum", "psu", "weight", "submitted_date", "duration_s", "status",
    ),
}  # fmt: skip
"""Columns of each table of unit records, in their order; delivery_id, sheet and row say where a record came from."""

BACKGROUND = "background"
"""The kind of an event that the edition itself tells of: it explains a change, and nobody held it."""

ROWS_AT_ONCE = 500


def load_table(connection: duckdb.DuckDBPyConnection, table: str) -> None:
    """Make a staging table the warehouse table: rows that do not stand go, and what else served the load."""
    connection.execute(f"DROP VIEW standing_{table}")
    connection.execute(f"""
        DELETE FROM staged_{table} AS s WHERE is_faulty OR EXISTS (
            SELECT 1 FROM settled_{table} AS o
            WHERE o.fate <> 'kept' AND o.delivery = s.delivery AND o."row" = s."row"
                AND o.sheet IS NOT DISTINCT FROM s.sheet
        )
    """)
    kept = {*WAREHOUSE[table], "delivery_id", "sheet", "row"}
    columns = connection.execute("SELECT column_name FROM duckdb_columns() WHERE table_name = $1", [f"staged_{table}"])
    for (name,) in columns.fetchall():
        if name not in kept:
            connection.execute(f"ALTER TABLE staged_{table} DROP COLUMN {quoted(name)}")
    connection.execute(f"ALTER TABLE staged_{table} RENAME TO {table}")


def end_periods_where_the_next_begins(connection: duckdb.DuckDBPyConnection) -> None:
    """Let each validity period of a company end, at the latest, the day before its next one begins."""
    connection.execute("""
        CREATE OR REPLACE TABLE company AS
        SELECT * EXCLUDE next_from REPLACE (LEAST(valid_to, CAST(next_from - INTERVAL 1 DAY AS DATE)) AS valid_to)
        FROM (
            SELECT *, LEAD(valid_from) OVER (PARTITION BY company_id ORDER BY valid_from NULLS FIRST) AS next_from
            FROM company
        )
    """)


def add_background_events(connection: duckdb.DuckDBPyConnection, edition: Edition) -> None:
    """Add the edition's own events to those delivered: names in every language, and no delivery beside them."""
    names = [f"name_{language}" for language in edition.languages]
    for name in names:
        connection.execute(f"ALTER TABLE event ADD COLUMN {name} VARCHAR")
    columns = ("event_id", "kind_code", "start_date", "theme_code", "is_mark", "source", "link", *names)
    insert_rows(
        connection, f"event ({', '.join(columns)})",
        (
            (event.event_id, BACKGROUND, event.date, event.theme_code, event.on_trends, event.source, event.link,
             *(event.name[language] for language in edition.languages))
            for event in edition.events
        ),
    )  # fmt: skip


def create_organisations(connection: duckdb.DuckDBPyConnection, table: str, of: str) -> None:
    """Add organisations that rows of the table `of` name and no row of their own describes.

    What describes them there (name, sector ...) is taken from the value that most of these rows state, the first in
    alphabetical order where two are stated as often. No delivery is written beside them: they are nobody's rows.
    """
    fields = registry().tables[of]["fields"]
    key = WAREHOUSE[table][0]
    number = next(name for name, facts in fields.items() if facts.get("references") == f"{table}.{key}")
    fed = {facts["feeds"]: name for name, facts in fields.items() if "feeds" in facts}
    connection.execute(f"""
        CREATE OR REPLACE TEMP TABLE unlisted AS
        SELECT s.* FROM standing_{of} AS s
        WHERE s.{number} IS NOT NULL AND NOT EXISTS (SELECT 1 FROM {table} AS t WHERE t.{key} = s.{number})
    """)
    usual = [_usual(number, fed.get(f"{table}.{column}")) for column in WAREHOUSE[table][1:]]
    names = ", ".join(f"{value} AS {quoted(name)}" for name, value in zip(WAREHOUSE[table][1:], usual, strict=True))
    connection.execute(f"""
        INSERT INTO {table} BY NAME
        SELECT * REPLACE (COALESCE(name, {key}) AS name)
        FROM (SELECT n.{number} AS {key}, {names} FROM (SELECT DISTINCT {number} FROM unlisted) AS n)
    """)


def _usual(number: str, name: str | None) -> str:
    """Return SQL for the value of a field that most rows in `unlisted` state beside an organisation's number."""
    if name is None:
        return "NULL"
    return (
        f"(SELECT value FROM (SELECT {quoted(name)} AS value, COUNT(*) AS times FROM unlisted AS u "
        f"WHERE u.{number} = n.{number} AND value IS NOT NULL GROUP BY ALL ORDER BY times DESC, value LIMIT 1))"
    )


def directory(connection: duckdb.DuckDBPyConnection, table: str) -> Directory:
    """Return the organisations of a warehouse table, to find them by number, BIN and name."""
    extra = ("bin", "aliases") if table == "company" else ("NULL", "NULL")
    rows = connection.execute(
        f"SELECT DISTINCT {WAREHOUSE[table][0]}, {extra[0]}, name, {extra[1]} FROM {table} ORDER BY ALL"
    ).fetchall()
    return Directory(
        table,
        (
            (number, bin_, [name, *(alias.strip() for alias in (aliases or "").split("|") if alias.strip())])
            for number, bin_, name, aliases in rows
        ),
    )


def load_facts(connection: duckdb.DuckDBPyConnection, edition: Edition) -> None:
    """Make the tables of the edition's facts: member, ancestor and frame."""
    names = ", ".join(f"name_{language} VARCHAR" for language in edition.languages)
    _fill(
        connection, "member",
        "dimension VARCHAR, code VARCHAR, level VARCHAR, parent_code VARCHAR, valid_from DATE, valid_to DATE, "
        f"sort_order INTEGER, {names}",
        (
            (dimension.name, member.code, member.level, member.parent_code, member.valid_from, member.valid_to,
             member.order, *(member.names[language] for language in edition.languages))
            for dimension in edition.dimensions.values() for member in (*dimension.members.values(), *_rests(dimension))
        ),
    )  # fmt: skip
    _fill(
        connection, "ancestor",
        "dimension VARCHAR, code VARCHAR, ancestor_code VARCHAR, ancestor_level VARCHAR",
        (row for dimension in edition.dimensions.values() for row in ancestor_rows(dimension)),
    )  # fmt: skip
    _fill(
        connection, "frame",
        "measure VARCHAR, dimension VARCHAR, code VARCHAR, year INTEGER, value DECIMAL(18, 2), source VARCHAR",
        ((v.measure, v.dimension, v.code, v.year, v.value, v.source) for v in edition.frame),
    )  # fmt: skip


def _rests(dimension: Dimension) -> Iterable[Member]:
    """Yield the codes of what is stated no further, under the name of the code above."""
    for rest, code in dimension.rests.items():
        yield replace(dimension.members[code], code=rest, level=dimension.level_of(rest), parent_code=code)


def ancestor_rows(dimension: Dimension) -> Iterable[tuple[str, str, str, str]]:
    """Yield every code, "_T" and "_U" among them, with each code that it counts for: itself, its parents, "_T"."""
    for code in (*dimension.members, NOT_STATED, TOTAL):
        for ancestor in dimension.counts_for(code):
            if ancestor == TOTAL or dimension.levels:
                yield dimension.name, code, ancestor, dimension.level_of(ancestor)


def _fill(connection: duckdb.DuckDBPyConnection, table: str, columns: str, rows: Iterable[Sequence[Any]]) -> None:
    connection.execute(f"CREATE TABLE {table} ({columns})")
    insert_rows(connection, table, rows)


def insert_rows(connection: duckdb.DuckDBPyConnection, table: str, rows: Iterable[Sequence[Any]]) -> None:
    """Add rows to a table, or to some of its columns, hundreds at a time: singly they take a hundred times as long."""
    remaining = iter(rows)
    while some := list(islice(remaining, ROWS_AT_ONCE)):
        marks = ", ".join("(" + ", ".join("?" * len(row)) + ")" for row in some)
        connection.execute(f"INSERT INTO {table} VALUES {marks}", [value for row in some for value in row])

"""Check: every rule on every row of a sheet in one pass; good rows and bad ones are staged, each finding recorded.

Staging tables hold one row for every row read, faulty ones marked. Only these few are looked at again, to say in
`reject` which rules they break, in which column, with the value as it was sent. A staging table lies where the
warehouse table will, since nearly all of its rows will stand there: each is written once.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import duckdb

from etl.deliveries import Delivery
from etl.expressions import literal, quoted
from etl.load import WAREHOUSE
from etl.match import SheetSql
from etl.rules import Rule, is_dated_in_a_region, rules_for
from etl.texts import TYPES
from observatory.editions import Edition
from observatory.registry import registry

MADE_NUMBER_DIGITS = 12
PLACE = ("delivery_id VARCHAR", "sheet VARCHAR", '"row" BIGINT')
SERVING = ("delivery INTEGER", "is_numbered BOOLEAN", "is_faulty BOOLEAN")


def prepare_staging(connection: duckdb.DuckDBPyConnection, edition: Edition) -> None:
    """Make the empty tables that a check fills: staged_<table> for each table, `reject`, and the regions in time.

    A staging table has the columns of its warehouse table, and those that serve the load.
    """
    for table, facts in registry().tables.items():
        kinds = {name: TYPES[field["type"]] for name, field in facts["fields"].items()}
        columns = [
            *(f"{quoted(name)} {kinds[name]}" for name in WAREHOUSE[table]), *PLACE,
            *(f"{quoted(name)} {kinds[name]}" for name in kinds if name not in WAREHOUSE[table]), *SERVING,
        ]  # fmt: skip
        connection.execute(f"CREATE TABLE staged_{table} ({', '.join(columns)})")
    connection.execute(
        "CREATE TABLE reject (delivery_id VARCHAR, file VARCHAR, sheet VARCHAR, row BIGINT, column_name VARCHAR, "
        "value VARCHAR, rule VARCHAR, details VARCHAR)"
    )
    connection.execute(
        "CREATE TEMP TABLE region_in_time (code VARCHAR, region_from DATE, region_to DATE, region_before VARCHAR)"
    )
    rows = [
        (member.code, member.valid_from, member.valid_to, member.extras.get("before_code") or None)
        for member in edition.dimensions["region"].members.values()
        if member.valid_from or member.valid_to
    ]
    if rows:
        connection.executemany("INSERT INTO region_in_time VALUES (?, ?, ?, ?)", rows)


def check_sheet(
    connection: duckdb.DuckDBPyConnection, delivery: Delivery, matched: SheetSql, edition: Edition, as_of: date | None
) -> int:
    """Stage every row of a sheet and record what is wrong with the faulty ones.

    Returns:
        How many rows were read; titles, totals and blank rows are not among them.
    """
    source, sheet = delivery.source, matched.sheet
    rules = rules_for(source, sheet, matched.fields, edition, as_of)
    in_time = is_dated_in_a_region(source, edition)
    names = [*source.fields]
    number, made, is_numbered = _number(source.table, source.key)
    values = ", ".join(f"{made} AS {quoted(name)}" if name == number else quoted(name) for name in names)
    faulty = " OR ".join(f"COALESCE({rule.faulty}, FALSE)" for rule in rules) or "FALSE"
    read = connection.execute(
        f"INSERT INTO staged_{source.table} BY NAME SELECT {delivery.number} AS delivery, "
        f'{literal(delivery.id)} AS delivery_id, sheet, "row", {values}, '
        f"{is_numbered} AS is_numbered, {faulty} AS is_faulty FROM ({_rows(matched, in_time)})"
    ).fetchone()[0]
    bad = f"FROM staged_{source.table} AS s WHERE s.delivery = {delivery.number} AND s.is_faulty"
    if connection.execute(f"SELECT COUNT(*) {bad}").fetchone()[0]:
        chosen = f'EXISTS (SELECT 1 {bad} AND s."row" = l."row" AND s.sheet IS NOT DISTINCT FROM l.sheet)'
        connection.execute(f"CREATE OR REPLACE TEMP TABLE faulty AS {_rows(matched, in_time, chosen, with_raw=True)}")
        _record(connection, delivery, rules)
    return read


def count_rows(connection: duckdb.DuckDBPyConnection, matched: SheetSql) -> int:
    """Return how many rows lie under the headings, blank ones and totals among them."""
    return connection.execute(f"SELECT COUNT(*) FROM {matched.sheet.relation}").fetchone()[0]


def _rows(matched: SheetSql, in_time: bool, chosen: str | None = None, with_raw: bool = False) -> str:
    """Return a query for matched rows: fields, faults, the region's validity and, if wanted, texts as sent."""
    columns = ["l.sheet", 'l."row"', *(["l.cells"] if matched.sheet.has_cells else [])]
    for name, item in matched.fields.items():
        columns.append(f"{item.value} AS {quoted(name)}")
        if item.fault != "NULL":
            columns.append(f"{item.fault} AS {quoted(f'fault {name}')}")
        if with_raw:
            columns += [
                f"{item.raw} AS {quoted(f'raw {name}')}",
                f"{item.heading} AS {quoted(f'heading {name}')}",
                f"{item.details} AS {quoted(f'details {name}')}",
            ]
    query = matched.select(columns, chosen)
    if not in_time:
        return query
    return f"SELECT m.*, t.* EXCLUDE code FROM ({query}) AS m LEFT JOIN region_in_time AS t ON t.code = m.region_code"


def _record(connection: duckdb.DuckDBPyConnection, delivery: Delivery, rules: Sequence[Rule]) -> None:
    """Write every finding on the rows in the table `faulty` to `reject`."""
    place = f"{literal(delivery.id)}, {literal(delivery.file)}"
    for rule in rules:
        connection.execute(f"INSERT INTO reject SELECT {place}, * FROM ({_finding(rule)})")


def _finding(rule: Rule) -> str:
    """Return a query for what a rule finds in the table `faulty`: sheet, row, column_name, value, rule, details."""
    heading, value = quoted(f"heading {rule.field}"), f"trim({quoted(f'raw {rule.field}')})"
    if not rule.field:
        heading, value = "NULL", "cells"
    if rule.id is None:
        broken, details = quoted(f"fault {rule.field}"), quoted(f"details {rule.field}")
    else:
        told = dict(rule.details)
        if rule.other:
            told |= {"other": quoted(f"heading {rule.other}"), "other_value": f"trim({quoted(f'raw {rule.other}')})"}
        pairs = ", ".join(f"{literal(name)}, {sql}" for name, sql in told.items())
        broken, details = literal(rule.id), f"json_object({pairs})" if told else "NULL"
    return (
        f'SELECT sheet, "row", {heading} AS column_name, {value} AS value, {broken} AS rule, {details} AS details '
        f"FROM faulty WHERE {rule.faulty}"
    )


def _number(table: str, described: Sequence[str]) -> tuple[str, str, str]:
    """Return the field that numbers a table's rows, SQL for its value, and SQL for whether the row has it of its own.

    Rows without a number, and rows that the description numbers by other fields, get one made of the fields that tell
    them from others, so that the same row delivered again has it again.
    """
    facts = registry().tables[table]
    number = facts["key"][0]
    if "references" in facts["fields"][number]:
        return number, quoted(number), "TRUE"
    parts = (f"COALESCE(CAST({quoted(name)} AS VARCHAR), '')" for name in described or facts["unnumbered"])
    if described:
        return number, f"concat_ws('/', {', '.join(parts)})", "TRUE"
    made = f"{literal(table[0])} || left(md5(concat_ws('|', {', '.join(parts)})), {MADE_NUMBER_DIGITS})"
    return number, f"COALESCE({quoted(number)}, {made})", f"{quoted(number)} IS NOT NULL"

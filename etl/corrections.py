"""Corrections: what a later delivery says differently in the rows that it supersedes."""

from __future__ import annotations

import duckdb

from etl.expressions import literal, quoted
from observatory.registry import registry

IDENTITY = ("bin", "name")  # how a row names an organisation; the number found for it is compared instead


def prepare_corrections(connection: duckdb.DuckDBPyConnection) -> None:
    """Make the empty table `correction`: one row for each field that a row says otherwise than the one it supersedes.

    delivery_id, file, sheet and row are those of the row that stands; value_before is the superseded row's.
    """
    connection.execute(
        "CREATE TABLE correction (delivery_id VARCHAR, file VARCHAR, sheet VARCHAR, row BIGINT, "
        "superseded_file VARCHAR, superseded_sheet VARCHAR, superseded_row BIGINT, "
        "table_name VARCHAR, field VARCHAR, value_before VARCHAR, value_now VARCHAR)"
    )


def record_corrections(connection: duckdb.DuckDBPyConnection, table: str) -> None:
    """Compare each row of settled_<table> with the one right before it in time, and write what differs.

    Makes superseding_<table>: one row for each such pair, with `is_changed`.
    """
    facts = registry().tables[table]
    key = ", ".join(quoted(name) for name in facts["key"])
    compared = [
        name for name, field in facts["fields"].items()
        if name not in facts["key"] and field.get("feeds", ".").split(".")[1] not in IDENTITY
    ]  # fmt: skip
    differs = " OR ".join(f"now.{quoted(name)} IS DISTINCT FROM before.{quoted(name)}" for name in compared)
    connection.execute(f"""
        CREATE TEMP TABLE superseding_{table} AS
        WITH pair AS (
            SELECT delivery, sheet, "row", LAG(delivery) OVER earlier AS old_delivery,
                LAG(sheet) OVER earlier AS old_sheet, LAG("row") OVER earlier AS old_row
            FROM settled_{table} WHERE rule IS NULL
            WINDOW earlier AS (PARTITION BY {key} ORDER BY delivered)
        )
        SELECT pair.*, {differs} AS is_changed
        FROM pair {_both_rows("pair", table)}
        WHERE old_delivery IS NOT NULL
    """)
    told = ", ".join(
        f"struct_pack(field := {literal(name)}, before := CAST(before.{quoted(name)} AS VARCHAR), "
        f"now := CAST(now.{quoted(name)} AS VARCHAR))"
        for name in compared
    )
    connection.execute(f"""
        INSERT INTO correction
        SELECT r.delivery_id, r.file, sheet, "row", old.file, old_sheet, old_row, {literal(table)},
            told.field, told.before, told.now
        FROM (
            SELECT pair.*, unnest([{told}]) AS told
            FROM superseding_{table} AS pair {_both_rows("pair", table)} WHERE is_changed
        ) AS pair
        JOIN received AS r ON r.delivery = pair.delivery
        JOIN received AS old ON old.delivery = old_delivery
        WHERE told.before IS DISTINCT FROM told.now
    """)


def count_corrections(connection: duckdb.DuckDBPyConnection, table: str) -> dict[int, tuple[int, int]]:
    """Return, by number of delivery, how many rows it supersedes that say the same, and how many that differ."""
    rows = connection.execute(f"""
        SELECT delivery, COUNT(*) FILTER (NOT is_changed), COUNT(*) FILTER (is_changed)
        FROM superseding_{table} GROUP BY delivery
    """).fetchall()
    return {delivery: (same, changed) for delivery, same, changed in rows}


def _both_rows(pair: str, table: str) -> str:
    """Return the joins that add the staged row `now` and the one `before` it to a pair of places."""
    return f"""
        JOIN staged_{table} AS now ON now.delivery = {pair}.delivery AND now."row" = {pair}."row"
            AND now.sheet IS NOT DISTINCT FROM {pair}.sheet
        JOIN staged_{table} AS before ON before.delivery = {pair}.old_delivery AND before."row" = {pair}.old_row
            AND before.sheet IS NOT DISTINCT FROM {pair}.old_sheet
    """

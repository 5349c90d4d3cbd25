"""Order: of several rows with one key the one delivered last stands; where nothing orders them none does."""

from __future__ import annotations

from collections.abc import Sequence

import duckdb

from etl.deliveries import Delivery
from etl.expressions import quoted
from observatory.registry import registry

ROWS_NAMED = 5  # other rows with the same key that a finding names


def prepare_received(connection: duckdb.DuckDBPyConnection, deliveries: Sequence[Delivery]) -> None:
    """Make the table `received`: what orders the rows of deliveries and names them in findings."""
    connection.execute(
        "CREATE TEMP TABLE received (delivery INTEGER, delivery_id VARCHAR, file VARCHAR, delivered DATE)"
    )
    rows = [(delivery.number, delivery.id, delivery.file, delivery.delivered) for delivery in deliveries]
    if rows:
        connection.executemany("INSERT INTO received VALUES (?, ?, ?, ?)", rows)


def settle_keys(connection: duckdb.DuckDBPyConnection, table: str) -> None:
    """Make settled_<table>: the rows that share a key with another, each "kept", "superseded" or "rejected"; and
    the view standing_<table>: the staged rows that are neither faulty nor superseded nor rejected.

    Rejected are rows of one day, and rows without a day, with the same key (`duplicate_key`), and rows of one number
    that name different organisations (`number_used_twice`); both are recorded in `reject`. Of the others the latest is
    kept. Faulty rows play no part: they supersede nothing.
    """
    facts = registry().tables[table]
    if facts.get("may_repeat"):
        _tell_apart(connection, table)
    key = [quoted(name) for name in facts["key"]]
    organisers = [quoted(name) for name, field in facts["fields"].items() if field.get("references")]
    same_key = " AND ".join(f"s.{name} IS NOT DISTINCT FROM k.{name}" for name in key)
    named = ", ".join(["''", *(f"COALESCE(s.{name}, chr(0))" for name in organisers)])
    names = ", ".join(key)
    connection.execute(f"""
        CREATE TEMP TABLE settled_{table} AS
        WITH several AS (
            SELECT {names} FROM staged_{table} WHERE NOT is_faulty GROUP BY ALL HAVING COUNT(*) > 1
        ),
        contested AS (
            SELECT s.delivery, s.sheet, s."row", {", ".join(f"s.{name}" for name in key)}, r.file, r.delivered,
                concat_ws('/', {named}) AS organiser
            FROM staged_{table} AS s JOIN several AS k ON {same_key} JOIN received AS r ON r.delivery = s.delivery
            WHERE NOT s.is_faulty
        ),
        counted AS (
            SELECT *,
                COUNT(*) OVER (PARTITION BY {names}, delivered) AS on_one_day,
                bool_or(delivered IS NULL) OVER (PARTITION BY {names}) AS has_undated,
                MIN(organiser) OVER (PARTITION BY {names}) <> MAX(organiser) OVER (PARTITION BY {names}) AS is_shared
            FROM contested
        ),
        judged AS (
            SELECT *, CASE WHEN is_shared THEN 'number_used_twice'
                           WHEN has_undated OR on_one_day > 1 THEN 'duplicate_key' END AS rule
            FROM counted
        )
        SELECT *,
            CASE WHEN rule IS NOT NULL THEN 'rejected'
                 WHEN ROW_NUMBER() OVER (PARTITION BY {names}, rule IS NULL ORDER BY delivered DESC) = 1 THEN 'kept'
                 ELSE 'superseded' END AS fate
        FROM judged
    """)
    _record(connection, table, facts["key"][0], same_key.replace("k.", "o."), key)
    gone = connection.execute(f"SELECT COUNT(*) FROM settled_{table} WHERE fate <> 'kept'").fetchone()[0]
    but = f"""
        AND NOT EXISTS (
            SELECT 1 FROM settled_{table} AS o
            WHERE o.fate <> 'kept' AND o.delivery = s.delivery AND o."row" = s."row"
                AND o.sheet IS NOT DISTINCT FROM s.sheet
        )"""
    good = f"SELECT * FROM staged_{table} AS s WHERE NOT is_faulty {but if gone else ''}"
    connection.execute(f"CREATE TEMP VIEW standing_{table} AS {good}")


def _tell_apart(connection: duckdb.DuckDBPyConnection, table: str) -> None:
    """Number apart the rows of a delivery without a number that agree in what names them and differ in the rest.

    They are counted in the order of the rest, so that the same rows have the same numbers when they are sent again.
    """
    facts = registry().tables[table]
    number, named = quoted(facts["key"][0]), {*facts["key"], *facts["unnumbered"]}
    rest = ", ".join(
        quoted(name) for name, field in facts["fields"].items() if not named & {name} and "feeds" not in field
    )
    connection.execute(f"""
        UPDATE staged_{table} AS s SET {number} = concat(s.{number}, '-', n.place)
        FROM (
            SELECT delivery, sheet, "row", DENSE_RANK() OVER (PARTITION BY delivery, {number} ORDER BY {rest}) AS place
            FROM staged_{table} WHERE NOT is_numbered AND NOT is_faulty
        ) AS n
        WHERE n.place > 1 AND n.delivery = s.delivery AND n."row" = s."row" AND n.sheet IS NOT DISTINCT FROM s.sheet
    """)


def _record(connection: duckdb.DuckDBPyConnection, table: str, number: str, same_key: str, key: Sequence[str]) -> None:
    """Write the rejected rows to `reject`, each with the first other rows of its key."""
    connection.execute(f"""
        INSERT INTO reject
        WITH first AS (
            SELECT * FROM settled_{table} WHERE fate = 'rejected'
            QUALIFY ROW_NUMBER() OVER (PARTITION BY {", ".join(key)} ORDER BY file, sheet, "row") <= {ROWS_NAMED + 1}
        )
        SELECT r.delivery_id, r.file, s.sheet, s."row", '{number}', CAST(s.{key[0]} AS VARCHAR), s.rule,
            CAST(json_object('rows', (
                SELECT list(struct_pack(file := o.file, sheet := o.sheet, "row" := o."row")
                            ORDER BY o.file, o.sheet, o."row")[:{ROWS_NAMED}]
                FROM first AS o
                WHERE {same_key}
                    AND NOT (o.delivery = s.delivery AND o."row" = s."row" AND o.sheet IS NOT DISTINCT FROM s.sheet)
            )) AS VARCHAR)
        FROM settled_{table} AS s JOIN received AS r ON r.delivery = s.delivery
        WHERE s.fate = 'rejected'
    """)

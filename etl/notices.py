"""Notices: what is worth a look in rows that are loaded and files that are read; they refuse nothing."""

from __future__ import annotations

from collections.abc import Sequence

import duckdb

from etl.deliveries import Delivery
from etl.load import insert_rows
from etl.order import ROWS_NAMED
from etl.read import FileNotice

ALIKE = ("start_date", "region_code", "theme_code", "volunteers_count", "hours")
"""Fields in which, beside their organiser, two activities agree that may be one; all of them given."""


def prepare_notices(connection: duckdb.DuckDBPyConnection) -> None:
    """Make the empty table `notice`; its columns are those of `reject`."""
    connection.execute("CREATE TABLE notice AS SELECT * FROM reject LIMIT 0")


def record_file_notices(
    connection: duckdb.DuckDBPyConnection, delivery: Delivery, notices: Sequence[FileNotice]
) -> None:
    """Write what is worth a look in a file as a whole, or in one of its sheets; such a notice has no row."""
    insert_rows(connection, "notice", [
        (delivery.id, delivery.file, notice.sheet, None, notice.column, notice.value, notice.rule, notice.details)
        for notice in notices
    ])  # fmt: skip


def record_possible_duplicates(connection: duckdb.DuckDBPyConnection) -> None:
    """Point out loaded activities of different files that look like one: each names the first of the others."""
    alike = ", ".join(("company_id", "partner", *ALIKE))
    given = " AND ".join(f"{name} IS NOT NULL" for name in ALIKE)
    connection.execute(f"""
        INSERT INTO notice
        WITH whole AS (
            SELECT *, CASE WHEN company_id IS NULL THEN ngo_id END AS partner
            FROM activity WHERE {given} AND COALESCE(company_id, ngo_id) IS NOT NULL
        ),
        several AS (
            SELECT {alike}, ROW_NUMBER() OVER () AS place
            FROM whole GROUP BY {alike} HAVING COUNT(*) > 1 AND MIN(delivery_id) <> MAX(delivery_id)
        ),
        member AS (
            SELECT several.place, whole.activity_id, whole.delivery_id, received.file, whole.sheet, whole."row"
            FROM whole JOIN several ON {_same(("company_id", "partner", *ALIKE))}
            JOIN received ON received.delivery_id = whole.delivery_id
        ),
        named AS (
            SELECT * FROM member
            QUALIFY ROW_NUMBER() OVER (PARTITION BY place, delivery_id ORDER BY sheet, "row") <= {ROWS_NAMED}
        )
        SELECT m.delivery_id, m.file, m.sheet, m."row", 'activity_id', m.activity_id, 'possible_duplicate',
            CAST(json_object('rows',
                list(struct_pack(file := o.file, sheet := o.sheet, "row" := o."row")
                     ORDER BY o.file, o.sheet, o."row")[:{ROWS_NAMED}]
            ) AS VARCHAR)
        FROM member AS m JOIN named AS o ON o.place = m.place AND o.delivery_id <> m.delivery_id
        GROUP BY ALL
    """)


def _same(names: Sequence[str]) -> str:
    return " AND ".join(f"whole.{name} IS NOT DISTINCT FROM several.{name}" for name in names)

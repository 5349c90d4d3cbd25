"""Snapshot: from a folder of deliveries to a published snapshot, or to the report that says why there is none."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import duckdb

from etl import VERSION
from etl.aggregate import aggregate
from etl.history import DATABASE, is_whole
from etl.load import insert_rows
from etl.maturity.stages import score_stages
from etl.pipeline import Loaded, Progress, load
from etl.publish import publish, staging_folder
from etl.report import Report
from etl.verify import content_hash, verify
from etl.voices import estimate
from observatory.editions import Edition
from observatory.errors import Refused

FACTS = ("activity", "company_year", "event", "respondent")  # without a row of these there is nothing to show
DELIVERY = (
    "delivery_id VARCHAR, source_id VARCHAR, file VARCHAR, sha256 VARCHAR, delivered DATE, rows_read BIGINT, "
    "rows_loaded BIGINT, rows_rejected BIGINT, rows_superseded BIGINT, rows_set_aside BIGINT, rows_same BIGINT, "
    "rows_changed BIGINT, columns_unused VARCHAR"
)

COUNTED = {
    "received_total": (
        "files BIGINT, delivered DATE, rows_read BIGINT, rows_loaded BIGINT, rows_rejected BIGINT, "
        "rows_superseded BIGINT, rows_set_aside BIGINT",
        "SELECT COUNT(*), MAX(delivered), SUM(rows_read), SUM(rows_loaded), SUM(rows_rejected), SUM(rows_superseded), "
        "SUM(rows_set_aside) FROM delivery",
    ),
    "refused_by_rule": (
        "rule VARCHAR, rows BIGINT, rejects BIGINT",
        'SELECT rule, COUNT(DISTINCT (delivery_id, sheet, "row")), COUNT(*) FROM reject GROUP BY rule ORDER BY rule',
    ),
}
"""What is told of deliveries where no file may be named: what became of all rows, and how much each rule refused."""


def check(edition: Edition, sources: Path, as_of: date | None, progress: Progress) -> Report:
    """Return the report on a folder of deliveries; nothing is published.

    Raises:
        AsarError: the edition's descriptions or the folder cannot be used.
    """
    with TemporaryDirectory(prefix="asar-") as folder, connect(":memory:", Path(folder)) as connection:
        return _report(connection, load(connection, edition, sources, as_of, progress, Path(folder)))


def build(
    edition: Edition,
    sources: Path,
    out: Path,
    as_of: date | None,
    progress: Progress,
    keeping: Callable[[], AbstractContextManager[None]] = nullcontext,
) -> Report:
    """Load a folder of deliveries and publish it under `out`; the report says whether it was.

    Nothing is published where a delivery is refused or nothing at all was loaded. `keeping` holds round the moment at
    which the snapshot appears and is served.

    Raises:
        AsarError: the edition's descriptions or a folder cannot be used, or the snapshot is not sound.
    """
    with staging_folder(out) as staging:
        with connect(str(staging / DATABASE), staging) as connection:
            loaded = load(connection, edition, sources, as_of, progress, staging)
            report = _report(connection, loaded)
            if not report.is_publishable:
                return report
            aggregate(connection, edition, progress)
            estimate(connection, edition, loaded.is_demonstration)
            score_stages(connection, edition, loaded.is_demonstration)
            _write_deliveries(connection, loaded)
            verify(connection, edition)
            fingerprint = content_hash(connection)
            snapshot_id = f"{loaded.as_of}-{fingerprint[:8]}"
            _write_snapshot(connection, loaded, snapshot_id, fingerprint)
            connection.execute("CHECKPOINT")
        report = report.published_as(snapshot_id, fingerprint, out / snapshot_id)
        (staging / "companies").mkdir()
        (staging / "report.json").write_text(
            json.dumps(report.as_json(), ensure_ascii=False, indent=1), encoding="utf-8"
        )
        publish(staging, out, snapshot_id, edition.keep_snapshots, is_whole, keeping)
    return report


def connect(path: str, folder: Path) -> duckdb.DuckDBPyConnection:
    """Return a connection that writes what does not fit into memory into `folder`, which goes when the work is done."""
    connection = duckdb.connect(path, config={"temp_directory": str(folder / ".spill")})
    connection.execute("SET enable_progress_bar = false")
    return connection


def _report(connection: duckdb.DuckDBPyConnection, loaded: Loaded) -> Report:
    rows = sum(outcome.rows_loaded for outcome in loaded.outcomes if outcome.delivery.source.table in FACTS)
    if not loaded.refused and (loaded.as_of is None or not rows):
        raise Refused(
            "The deliveries hold no row with a date, so there is nothing to show. Add files with rows, or say which"
            " day they describe with --as-of."
        )
    rejects, notices = (
        connection.execute(
            f'SELECT file, sheet, "row", column_name, value, rule, details FROM {table} ORDER BY ALL'
        ).fetchall()
        for table in ("reject", "notice")
    )
    corrections = connection.execute("SELECT * EXCLUDE delivery_id FROM correction ORDER BY ALL").fetchall()
    return Report(loaded, tuple(rejects), tuple(notices), tuple(corrections))


def _write_deliveries(connection: duckdb.DuckDBPyConnection, loaded: Loaded) -> None:
    connection.execute(f"CREATE TABLE delivery ({DELIVERY})")
    rows = [
        (
            outcome.delivery.id, outcome.delivery.source.id, outcome.delivery.file, outcome.delivery.sha256,
            outcome.delivery.delivered, outcome.rows_read, outcome.rows_loaded, outcome.rows_rejected,
            outcome.rows_superseded, outcome.rows_set_aside, outcome.rows_same, outcome.rows_changed,
            json.dumps(outcome.columns_unused, ensure_ascii=False),
        )
        for outcome in loaded.outcomes
    ]  # fmt: skip
    insert_rows(connection, "delivery", rows)
    for table, (columns, counted) in COUNTED.items():
        connection.execute(f"CREATE TABLE {table} ({columns})")
        insert_rows(connection, table, connection.execute(counted).fetchall())


def _write_snapshot(connection: duckdb.DuckDBPyConnection, loaded: Loaded, snapshot_id: str, fingerprint: str) -> None:
    """Write what the snapshot says of itself: text by key. Events give the years where nothing else does."""
    first, last, month = connection.execute("""
        SELECT MIN(year), MAX(year), (SELECT strftime(MAX(start_date), '%Y-%m') FROM activity)
        FROM (SELECT year(start_date) AS year FROM activity UNION ALL SELECT year FROM company_year)
    """).fetchone()
    events, first_held, last_held = connection.execute("""
        SELECT COUNT(*), MIN(year(start_date)), MAX(year(start_date)) FROM event WHERE delivery_id IS NOT NULL
    """).fetchone()
    facts: dict[str, Any] = {
        "edition_id": loaded.edition.id,
        "snapshot_id": snapshot_id,
        "as_of": loaded.as_of,
        "is_demonstration": "true" if loaded.is_demonstration else "false",
        "content_hash": fingerprint,
        "built_by": VERSION,
        "first_year": first or first_held or loaded.as_of.year,
        "last_year": last or last_held or loaded.as_of.year,
        "last_month": month or "",
        "events_count": events,
    }
    connection.execute("CREATE TABLE snapshot (key VARCHAR, value VARCHAR)")
    insert_rows(connection, "snapshot", [(key, str(value)) for key, value in facts.items()])

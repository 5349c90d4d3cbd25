"""Product: the database that the public reads, written from the exact one, and attacked before anybody sees it.

Sums carry noise and three digits, counts of organisations are exact from the least number of contributors on, what is
hidden is a row without a value, and what is deeper than the public may look has no row. Of surveys the public reads
what bases and organisations allow; of records, files and refused rows nothing but counts.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import astuple
from pathlib import Path

import duckdb
import pyarrow as pa

from etl.aggregate import CELL_KEYS, OWNER_DIMENSIONS, OWNER_KEYS, number_codes, number_everybody
from etl.aggregate.families import FAMILIES
from etl.aggregate.shapes import CELL_DIMENSIONS
from etl.load import insert_rows
from etl.pipeline import Progress
from etl.protect.answers import protect_answers
from etl.protect.attack import attacked, utility
from etl.protect.cube import DEPTH, cubes, entity_names
from etl.protect.noise import NOTHING_KEPT, Kept, kept_of
from etl.protect.release import Release, Rules, releases
from etl.protect.state import State
from observatory import TOTAL
from observatory.editions import Edition
from observatory.errors import Refused
from observatory.registry import registry

HERE = Path(__file__).parent
COPIED = (
    "shape", "member", "ancestor", "frame", "survey", "weighting", "question", "option", "question_break",
    "received_total", "refused_by_rule",
)  # fmt: skip
"""Tables that say nothing of any one organisation."""

COSTS = "base VARCHAR, cells INTEGER, hidden INTEGER, median_error DOUBLE, p95_error DOUBLE"
"""What protection costs a reader, by the number of contributors: cells served, hidden among them, errors of the others
as shares of the true value."""

CODES = ("period", *CELL_DIMENSIONS, *OWNER_DIMENSIONS)
CELL_TABLES = {"cells": (CELL_KEYS, CELL_DIMENSIONS), "owner_cells": (OWNER_KEYS, OWNER_DIMENSIONS)}
"""Tables of cells: the columns that tell cells of a measure apart, and their dimensions."""


def write_public(
    connection: duckdb.DuckDBPyConnection, path: Path, edition: Edition, state: State, progress: Progress
) -> None:
    """Write the public product of the exact tables of a connection into a new database.

    What later releases need of the noise is kept in the state, once the attacks on this one have come to nothing.

    Raises:
        Refused: something could be worked out that must not be.
    """
    number_codes(connection, edition)
    number_everybody(connection)
    rules = Rules.of(edition)
    with state.held():
        kept, costs = _protect_cells(connection, edition, state, rules, progress)
        state.keep(kept)
    protect_answers(connection, edition)
    _say_limits(connection, edition, rules)
    connection.execute(f"ATTACH '{str(path).replace(chr(39), 2 * chr(39))}' AS public")
    try:
        for table in COPIED:
            connection.execute(f"CREATE TABLE public.{table} AS FROM {table}")
        for table, (keys, dimensions) in CELL_TABLES.items():
            connection.execute(f"CREATE TABLE public.{table} AS {_cells(table, keys, dimensions)}")
        for query in sorted((HERE / "public").glob("*.sql")):
            connection.execute(f"CREATE TABLE public.{query.stem} AS {query.read_text(encoding='utf-8')}")
        connection.execute(f"CREATE TABLE public.protection_cost ({COSTS})")
        insert_rows(connection, "public.protection_cost", costs)
    finally:
        connection.execute("DETACH public")


def _cells(table: str, keys: str, dimensions: Sequence[str]) -> str:
    """Return the query of what the public reads of a table of cells."""
    in_use = (f"CASE {name}_code WHEN '{TOTAL}' THEN 0 ELSE 1 END" for name in dimensions)
    return (HERE / "cells.sql").read_text(encoding="utf-8").format(
        table=table,
        keys=f"measure, {keys}",
        codes=", ".join(f"{name}_code" for name in ("period", *dimensions)),
        others=" AND ".join(f"{name}_code = '{TOTAL}'" for name in CODES[1:] if name not in dimensions),
        depth=" + ".join((f"CASE LENGTH(period_code) WHEN 4 THEN {DEPTH['year']} ELSE {DEPTH['month']} END", *in_use)),
    )  # fmt: skip


def _protect_cells(
    connection: duckdb.DuckDBPyConnection, edition: Edition, state: State, rules: Rules, progress: Progress
) -> tuple[dict[str, Kept], list[tuple]]:
    """Make the table `shown` of what is published of every cell by its codes; return what is kept of the noise, and the
    rows of the table `protection_cost`."""
    before, kept, noisy = state.kept(), {}, []
    names, done = entity_names(connection), 0
    measures = sum(len(family.sums) for family in FAMILIES)
    columns = ", ".join(f"{name}_code VARCHAR" for name in CODES)
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE shown (measure VARCHAR, {columns}, value DOUBLE, quality VARCHAR)"
    )
    for family in FAMILIES:
        made = cubes(connection, family, edition)
        for noise, released in releases(family, made, names, state.key, rules, before):
            progress("protect", done, measures)
            done += 1
            if not released:
                continue
            _require_safe(released, rules)
            _insert(connection, released)
            if noise is not None:
                noisy += released
                measure = released[0].measure
                kept[measure] = kept_of(noise, made, names, measure, before.get(measure, NOTHING_KEPT))
    costs = utility(noisy, edition.thresholds["contributor_bands"])
    known = [[None if number != number else number for number in astuple(cost)] for cost in costs]
    return before | kept, [tuple(row) for row in known]


def _require_safe(released: Sequence[Release], rules: Rules) -> None:
    """Attack what would be published of one measure.

    Raises:
        Refused: an attack got something.
    """
    tried = attacked(released, rules, with_control=False, with_luck=False)
    broken = [one for one in tried if not one.holds]
    if broken:
        raise Refused(
            "Of {measure} something could be worked out that must not be ({tests}). This is a fault of the program:"
            " report it; nothing was published.",
            measure=released[0].measure, tests=", ".join(f"{one.test}: {one.got}" for one in broken),
        )  # fmt: skip


def _insert(connection: duckdb.DuckDBPyConnection, released: Iterable[Release]) -> None:
    """Add what is published of one measure to `shown`, its codes in words."""
    for release in released:
        shown = release.is_shown
        columns = dict(zip(CODES, release.cube.keys[shown].T, strict=True))
        told = pa.table({
            "measure": pa.array([release.measure] * int(shown.sum()), pa.string()),
            **{name: pa.array(numbers, pa.int32()) for name, numbers in columns.items()},
            "value": pa.array(release.values[shown], pa.float64()),
            "quality": pa.array(release.quality[shown].tolist(), pa.string()),
        })  # fmt: skip
        connection.register("told", told)
        codes = ", ".join(f"code_{name}.code" for name in CODES[1:])
        joins = " ".join(f"JOIN code_{name} ON code_{name}.number = told.{name}" for name in CODES[1:])
        connection.execute(f"""
            INSERT INTO shown
            SELECT
                measure,
                CASE WHEN period < 10000 THEN CAST(period AS VARCHAR)
                    ELSE CONCAT(period // 100, '-', LPAD(CAST(period % 100 AS VARCHAR), 2, '0')) END,
                {codes}, value, quality
            FROM told {joins}
        """)
        connection.unregister("told")


def _say_limits(connection: duckdb.DuckDBPyConnection, edition: Edition, rules: Rules) -> None:
    """Make the tables that the queries of the public read limits from: publishing, of each measure, and band."""
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE publishing (measure VARCHAR, protection VARCHAR, least INTEGER, deepest INTEGER)"
    )
    insert_rows(connection, "publishing", [
        (one.id, "none" if one.family == "frame" else one.protection, rules.limits.contributors, rules.limits.depth)
        for one in registry().measures.values()
    ])  # fmt: skip
    connection.execute("CREATE OR REPLACE TEMP TABLE band (least INTEGER)")
    insert_rows(connection, "band", [(least,) for least in edition.thresholds["contributor_bands"]])

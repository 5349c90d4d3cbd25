"""Combinations: the sums of a family's measures, and how many gave to them, under every combination of codes."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path

import duckdb

from etl.aggregate.families import Family

TOTAL_NUMBER = 0


@cache
def sql(name: str) -> str:
    """Return the text of a .sql file of this folder."""
    return (Path(__file__).parent / f"{name}.sql").read_text(encoding="utf-8")


def start_combinations(connection: duckdb.DuckDBPyConnection, family: Family, dimensions: Sequence[str]) -> None:
    """Make the empty tables `sums` and `counts`; a dimension not in use is at its total there."""
    keys = "period BIGINT, " + ", ".join(f"{name} SMALLINT DEFAULT {TOTAL_NUMBER}" for name in dimensions)
    sums = ", ".join(f"{measure} DECIMAL(38, 2)" for measure in family.sums)
    counts = ", ".join(f"{name} BIGINT" for name in family.marks)
    connection.execute(f"CREATE OR REPLACE TEMP TABLE sums ({keys}, {sums})")
    connection.execute(f"CREATE OR REPLACE TEMP TABLE counts ({keys}, {counts})")


def combine(
    connection: duckdb.DuckDBPyConnection,
    family: Family,
    period: str,
    kind: Sequence[str],
    deed: Sequence[str],
    sets: Sequence[Sequence[str]],
) -> None:
    """Fill `sums` and `counts` from the table `contribution` for one kind of period.

    Whoever is of one kind in a period (most companies are) is told apart once for each set of the deed's dimensions,
    then only added up over kinds; who is of several (holdings, NGOs) is told apart under every set.

    Args:
        period: the column that is the period.
        kind, deed: the dimensions that a row has, those of the organisation and those of what it did.
        sets: the dimensions in use, a set at a time.
    """
    names = _names(family, period) | {"leaves": _listed((*kind, *deed)), "kind": _listed(kind)}
    _make(connection, "present", sql("present").format(**names))
    _make(connection, "kinds", sql("kinds").format(**names))
    for table, condition in (("present_as_one_kind", "= 1"), ("present_as_several", "> 1")):
        chosen = f"SELECT present.* FROM present JOIN kinds USING (who, period) WHERE kinds {condition}"
        _make(connection, table, chosen)
    for done in dict.fromkeys(tuple(name for name in some if name in deed) for some in sets):
        above = {"above": _above(done), "lifts": _lifts(done)}
        _make(connection, "tally", sql("tally").format(**names | above))
        for some in (some for some in sets if tuple(name for name in some if name in deed) == done):
            used = names | {
                "leaves": _listed(some),
                "above": _above(some),
                "lifts": _lifts(some),
                "kind_lifts": _lifts([name for name in some if name not in deed]),
            }
            keys = ", ".join(("period", *some))
            connection.execute(f"INSERT INTO sums ({keys}, {', '.join(family.sums)}) {sql('sums').format(**used)}")
            connection.execute(
                f"INSERT INTO counts ({keys}, {', '.join(family.marks)}) {sql('contributors').format(**used)}"
            )


def finish_combinations(
    connection: duckdb.DuckDBPyConnection, family: Family, query: str, table: str, keys: str, low_base: int
) -> None:
    """Put the codes in words and write the cells of every measure, sorted once for all of them.

    Args:
        query: the .sql file that joins sums, counts and codes: "combined" or "combined_owners".
        table: where the cells go; `keys` are its columns that name a combination.
        low_base: a cell with fewer contributors has the status "low_base".
    """
    columns = [f"sums.{measure} AS {measure}" for measure in family.sums]
    columns += [
        f"CASE WHEN counts.is_{who} > 0 THEN counts.is_{who} END AS {measure}"
        for measure, who in family.counted.items()
    ]
    columns += [f"COALESCE(counts.{measure}, 0) AS {measure}_contributors" for measure in family.measures]
    _make(connection, "combined", sql(query).format(columns=", ".join(columns)))
    for measure in sorted(family.measures):
        cells = sql("cells").format(measure=measure, keys=keys, low_base=low_base)
        connection.execute(f"INSERT INTO {table} {cells}")


def _names(family: Family, period: str) -> dict[str, object]:
    """Return what fills the braces whichever dimensions are in use."""
    bits = family.marks
    given = [f"CASE WHEN {measure} > 0 THEN {bits[measure]} ELSE 0 END" for measure in family.sums]
    given += [f"CASE WHEN {who} IS NOT NULL THEN {bits[measure]} ELSE 0 END" for measure, who in family.counted.items()]
    return {
        "period": period,
        "sums": ", ".join(f"SUM({measure}) AS {measure}" for measure in family.sums),
        "marks": " + ".join(given),
        "company_mark": bits["is_company"],
        "ngo_mark": bits["is_ngo"],
        "counts": ", ".join(
            f"COUNT(CASE WHEN (marks & {bit}) <> 0 THEN 1 END) AS {name}" for name, bit in bits.items()
        ),
        "counts_added": ", ".join(f"SUM({name}) AS {name}" for name in bits),
    }


def _listed(names: Sequence[str]) -> str:
    return "".join(f", {name}" for name in names)


def _above(names: Sequence[str]) -> str:
    return "".join(f", above_{name}" for name in names)


def _lifts(names: Sequence[str]) -> str:
    return " ".join(f"JOIN lift_{name} USING ({name})" for name in names)


def _make(connection: duckdb.DuckDBPyConnection, table: str, query: str) -> None:
    connection.execute(f"CREATE OR REPLACE TEMP TABLE {table} AS {query}")

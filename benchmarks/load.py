"""CPU of a full validated load of a CSV against a typed read of the same file into a table (goal: at most 2.2)."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import duckdb

from benchmarks.deliveries import CODED, DELIVERED, IN_WORDS, TYPES, csv, edition
from benchmarks.measuring import Candidate, cpu_of, in_turn, show_ratio, show_runs
from etl.expressions import literal
from etl.pipeline import load
from etl.snapshot import connect

TYPED, LOADED, LOADED_IN_WORDS = "typed read of codes", "load of codes", "load of names and aliases"


def run(rows: int, rounds: int) -> None:
    """Print both loads beside the typed read, and what became of the rows."""
    candidates = {
        TYPED: Candidate(typed_read, (str(csv(rows, CODED)),)),
        LOADED: Candidate(full_load, (str(csv(rows, CODED)), CODED)),
        LOADED_IN_WORDS: Candidate(full_load, (str(csv(rows, IN_WORDS)), IN_WORDS)),
    }
    runs = in_turn(candidates, rounds)
    print(f"{rows:,} rows, one in two hundred faulty, {rounds} rounds, medians")
    show_runs(runs, against=TYPED)
    for name in (LOADED, LOADED_IN_WORDS):
        print(f"{name}: {runs[name][0].result}")
    show_ratio("load of codes / typed read, CPU", cpu_of(runs[LOADED]) / cpu_of(runs[TYPED]), "at most 2.2")
    show_ratio("load of names and aliases / typed read, CPU", cpu_of(runs[LOADED_IN_WORDS]) / cpu_of(runs[TYPED]))


def typed_read(folder: str) -> int:
    """Read the activities into a table of a database on disk and return how many; faulty rows are left out unsaid."""
    columns = ", ".join(f"{literal(name)}: {literal(kind)}" for name, kind in TYPES.items())
    path = literal(str(Path(folder) / f"activities_{DELIVERED}.csv"))
    with TemporaryDirectory(prefix="asar-") as place, duckdb.connect(f"{place}/typed.duckdb") as connection:
        connection.execute(
            f"CREATE TABLE activity AS FROM read_csv({path}, columns = {{{columns}}}, delim = ',', header = true, "
            "auto_detect = false, quote = '\"', escape = '\"', ignore_errors = true)"
        )
        connection.execute("CHECKPOINT")
        return connection.execute("SELECT COUNT(*) FROM activity").fetchone()[0]


def full_load(folder: str, kind: str) -> dict[str, Any]:
    """Load a folder of deliveries as a build does, up to the warehouse on disk, and return what became of its rows."""
    with TemporaryDirectory(prefix="asar-") as place, connect(f"{place}/restricted.duckdb", Path(place)) as connection:
        loaded = load(connection, edition(kind), Path(folder))
        connection.execute("CHECKPOINT")
        log = next(outcome for outcome in loaded.outcomes if outcome.delivery.source.id == "activities")
        return {
            "read": log.rows_read, "loaded": log.rows_loaded, "rejected": log.rows_rejected,
            "by rule": dict(connection.execute("SELECT rule, COUNT(*) FROM reject GROUP BY 1 ORDER BY 1").fetchall()),
        }  # fmt: skip

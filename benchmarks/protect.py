"""CPU of protecting every sum of 5,000 companies against making their cells (no goal), and attacks on the result.

The attacks are those on one measure in its last year, without the control, which is a test of small worlds.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb
import numpy as np

from benchmarks.deliveries import EDITION, FOLDER, parquet, publish
from benchmarks.measuring import Candidate, cpu_of, in_turn, show_ratio, show_runs, show_table
from etl.aggregate import aggregate
from etl.history import DATABASE, snapshot_folder
from etl.protect.attack import attacked
from etl.protect.audit import released_of
from etl.protect.keys import PUBLIC_KEY
from etl.protect.release import Rules
from observatory.editions import load_edition

ACTIVITIES = 60_000
MEASURE = "hours"


def run(rows: int, rounds: int) -> None:
    """Print both runs and the attacks; `rows` plays no part: the figures are those of 60,000 activities."""
    published = publish(FOLDER / "protect", "--sources", str(parquet(ACTIVITIES)))
    database = str(snapshot_folder(published) / DATABASE)
    runs = in_turn(
        {"cells": Candidate(made, (database,)), "protection": Candidate(protected, (database,))}, min(rounds, 2)
    )
    show_runs(runs, against="cells")
    show_ratio("protection / cells", cpu_of(runs["protection"]) / cpu_of(runs["cells"]), "none")
    told = runs["protection"][0].result
    print(
        f"headline sums: {told['headlines']}, worst error {100 * told['worst']:.2f}%; {told['shown']} cells published"
    )
    every = released_of(Path(database), load_edition(EDITION), PUBLIC_KEY)
    last = next(released for _, released in every if released and released[0].measure == MEASURE)[-1]
    show_table(("attack on " + MEASURE, "worked out", "of"), [
        (finding.test, f"{finding.got:,}", f"{finding.of:,}")
        for finding in attacked([last], Rules.of(load_edition(EDITION)), with_control=False)
    ])  # fmt: skip


def made(database: str) -> int:
    """Make the cells of a snapshot anew and return how many there are."""
    with TemporaryDirectory(prefix="asar-") as folder:
        copy = shutil.copy(database, Path(folder) / DATABASE)
        with duckdb.connect(str(copy)) as connection:
            for table in ("shape", "cells", "owner_cells"):
                connection.execute(f"DROP TABLE {table}")
            aggregate(connection, load_edition(EDITION))
            return connection.execute("SELECT COUNT(*) FROM cells").fetchone()[0]


def protected(database: str) -> dict:
    """Protect every sum of a snapshot; return how many cells are published, and how far headline sums are off."""
    errors, shown = [np.array([])], 0
    for noise, released in released_of(Path(database), load_edition(EDITION), PUBLIC_KEY):
        shown += sum(int(one.is_shown.sum()) for one in released)
        errors += [noise.errors] if noise and released else []
    off = np.abs(np.concatenate(errors))
    return {"shown": shown, "headlines": len(off), "worst": float(off.max(initial=0.0))}

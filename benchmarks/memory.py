"""Memory of a load of ten times the rows against a load of the rows once (goal: at most 4)."""

from __future__ import annotations

from benchmarks.deliveries import CODED, csv
from benchmarks.load import full_load
from benchmarks.measuring import Candidate, in_turn, show_ratio, show_runs


def run(rows: int, rounds: int) -> None:
    """Print the largest resident size of a load of `rows` and of ten times as many."""
    small, large = f"{rows:,} rows", f"{10 * rows:,} rows"
    candidates = {
        small: Candidate(full_load, (str(csv(rows, CODED)), CODED)),
        large: Candidate(full_load, (str(csv(10 * rows, CODED)), CODED)),
    }
    runs = in_turn(candidates, 1)
    show_runs(runs, against=small)
    show_ratio("peak memory at ten times the rows", runs[large][0].peak_mb / runs[small][0].peak_mb, "at most 4")

"""Measuring: fresh processes in turn, so that what disturbs one candidate disturbs the others as much.

CPU seconds are those of the whole process, its start among them; a claim is a ratio of two medians of one run. Wall
time and load average are printed so that a disturbed run is seen, and are never compared.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

from observatory import PROJECT_FOLDER


@dataclass(frozen=True)
class Measured:
    """One run of one candidate: CPU and wall in seconds, the largest resident size in MB, and what it returned."""

    cpu_s: float
    wall_s: float
    peak_mb: float
    result: Any


@dataclass(frozen=True)
class Candidate:
    """A function of a module of this package, run in a process of its own; arguments and result travel as JSON."""

    function: Callable[..., Any]
    arguments: tuple[Any, ...] = ()

    def run(self) -> Measured:
        """Run it once.

        Raises:
            RuntimeError: it failed; the message is its traceback.
        """
        call = f"import json, {self.function.__module__} as m; print(json.dumps(m.{self.function.__name__}(*%r)))"
        command = [sys.executable, "-c", call % (self.arguments,)]
        began = time.perf_counter()
        child = subprocess.Popen(
            command, cwd=PROJECT_FOLDER, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        printed = child.stdout.read()
        _, status, used = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        if child.returncode:
            raise RuntimeError(printed)
        return Measured(
            cpu_s=used.ru_utime + used.ru_stime,
            wall_s=time.perf_counter() - began,
            peak_mb=used.ru_maxrss / 1024,
            result=json.loads(printed.splitlines()[-1]),
        )


def in_turn(candidates: Mapping[str, Candidate], rounds: int) -> dict[str, list[Measured]]:
    """Run every candidate once a round, for some rounds, and return its runs."""
    runs: dict[str, list[Measured]] = {name: [] for name in candidates}
    for _ in range(rounds):
        for name, candidate in candidates.items():
            runs[name].append(candidate.run())
    return runs


def cpu_of(runs: Sequence[Measured]) -> float:
    """Return the median CPU seconds of some runs."""
    return median(run.cpu_s for run in runs)


def show_runs(runs: Mapping[str, Sequence[Measured]], against: str) -> None:
    """Print the medians of each candidate, and its CPU as a ratio to one of them."""
    rows = [
        (
            name,
            f"{cpu_of(some):.2f}",
            f"{cpu_of(some) / cpu_of(runs[against]):.2f}",
            f"{median(run.peak_mb for run in some):.0f}",
            f"{median(run.wall_s for run in some):.2f}",
        )
        for name, some in runs.items()
    ]
    show_table(("", "CPU s", "ratio", "peak MB", "wall s"), rows)


def show_table(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print rows under headings, the first column to the left and the others to the right."""
    widths = [max(len(row[place]) for row in (headings, *rows)) for place in range(len(headings))]
    for row in (headings, *rows):
        first, *others = (cell.rjust(width) for cell, width in zip(row, widths, strict=True))
        print("  ".join([first.strip().ljust(widths[0]), *others]))


def show_ratio(what: str, ratio: float, goal: str = "") -> None:
    """Print the figure that the claim is about, and the goal it is held against."""
    print(f"{what}: {ratio:.3g}" + (f" (goal: {goal})" if goal else ""))


def show_machine() -> None:
    """Print how many processors there are and how much they had to do in the last minute."""
    print(f"{os.cpu_count()} processors, load average {os.getloadavg()[0]:.1f}")

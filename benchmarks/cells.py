"""CPU of a page's questions on cells against the same on the fact table (goal: 1/50 for one value at 10 million rows).

The questions are those of the overview under several filters, asked as a page asks them. Both sides answer with one
thread from one published snapshot, in turn, and must answer the same.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

import duckdb

from benchmarks.deliveries import EDITION, FOLDER, parquet, publish
from benchmarks.measuring import show_ratio, show_table
from observatory.editions import Edition, load_edition
from observatory.filters import Filters
from observatory.queries.answers import lookup
from observatory.store import SAFE, Store

INDICATOR, MEASURE = "volunteer_hours", "hours"
CODES = {
    "sector": "company.sector_code", "region": "activity.region_code", "theme": "activity.theme_code",
    "size": "company.size_code",
}  # fmt: skip


@dataclass(frozen=True)
class Question:
    """Hours by some breakdowns (none: a single value) in some years, under a choice of codes."""

    name: str
    by: tuple[str, ...] = ()
    years: tuple[int, int] = (2024, 2024)
    chosen: dict[str, str] = field(default_factory=dict)
    level: dict[str, str] = field(default_factory=dict)


QUESTIONS = (
    Question("one value: a year"),
    Question("one value: a sector", chosen={"sector": "mining"}),
    Question("one value: region and theme", chosen={"region": "KZ-75", "theme": "ecology"}),
    Question("one value: size, all years", years=(2019, 2026), chosen={"size": "large"}),
    Question(
        "one value: all four", chosen={"sector": "mining", "region": "KZ-23", "theme": "ecology", "size": "large"}
    ),
    Question("trend by theme", by=("theme", "year"), years=(2019, 2026), level={"theme": "theme"}),
    Question("sectors", by=("sector",)),
    Question("regions", by=("region",)),
    Question("regions of a theme", by=("region",), chosen={"theme": "emergency"}),
)


def run(rows: int, rounds: int) -> None:
    """Print the CPU of each question on cells and on facts."""
    edition = load_edition(EDITION)
    folder = _published(rows)
    stores = [Store(folder) for _ in range(rounds)]  # a store remembers its answers, and is asked each question once
    for store in stores:
        _from_cells(store, edition, Question("what a store learns when it is first asked", years=(2019, 2019)))
    with duckdb.connect(str(folder / "restricted.duckdb"), read_only=True, config=SAFE) as connection:
        table, single = [], []
        for question in QUESTIONS:
            on_cells, on_facts = [], []
            for store in stores:
                answer, cpu = _timed(lambda question=question, store=store: _from_cells(store, edition, question))
                on_cells.append(cpu)
                counted, cpu = _timed(lambda question=question: _from_facts(connection, question))
                on_facts.append(cpu)
            _require_equal(question, answer, {key: value for key, value in counted.items() if key in answer})
            ratio = median(on_cells) / median(on_facts)
            table.append((question.name, f"{median(on_cells):.2f}", f"{median(on_facts):.2f}", f"1/{1 / ratio:.0f}"))
            if not question.by:
                single.append(ratio)
    print(f"{rows:,} activities, {rounds} rounds, medians; the answers are equal")
    show_table(("", "cells, ms CPU", "facts, ms CPU", "ratio"), table)
    print(f"single values: 1/{1 / max(single):.0f} to 1/{1 / min(single):.0f}")
    show_ratio("cells / facts, the dearest single value", max(single), "at most 0.02")


def _timed(ask: Callable[[], dict]) -> tuple[dict, float]:
    """Return an answer and the CPU milliseconds it took."""
    began = time.process_time()
    answer = ask()
    return answer, (time.process_time() - began) * 1000


def _from_cells(store: Store, edition: Edition, question: Question) -> dict[tuple, float]:
    chosen = {name: (code,) for name, code in question.chosen.items()}
    indicator = next(indicator for indicator in edition.indicators if indicator.id == INDICATOR)
    answer = lookup(store, edition, indicator, question.by, Filters(question.years, **chosen), level=question.level)
    return {tuple(row[: len(question.by)]): row[len(question.by)] for row in answer.rows.itertuples(index=False)}


def _from_facts(connection: duckdb.DuckDBPyConnection, question: Question) -> dict[tuple, float]:
    """Return the sums counted on the records, by every code of the breakdown at whatever level it is."""
    keys, joins = [], []
    for name in question.by:
        if name == "year":
            keys.append("year(activity.start_date)")
        else:
            keys.append(f"{name}.ancestor_code")
            joins.append(
                f"JOIN ancestor AS {name} "
                f"ON {name}.dimension = '{name}' AND {name}.code = COALESCE({CODES[name]}, '_U')"
            )
    within = [
        f"{CODES[name]} IN (SELECT code FROM ancestor WHERE dimension = '{name}' AND ancestor_code = ${name})"
        for name in question.chosen
    ]
    first, last = question.years
    rows = connection.execute(
        f"""
        SELECT {"".join(key + ", " for key in keys)} CAST(SUM({MEASURE}) AS DOUBLE)
        FROM activity
        LEFT JOIN company
            ON company.company_id = activity.company_id
            AND (company.valid_from IS NULL OR company.valid_from <= activity.start_date)
            AND (company.valid_to IS NULL OR company.valid_to >= activity.start_date)
        {" ".join(joins)}
        WHERE {" AND ".join([f"activity.start_date BETWEEN DATE '{first}-01-01' AND DATE '{last}-12-31'", *within])}
        {"GROUP BY ALL" if keys else ""}
        """,
        question.chosen,
    ).fetchall()
    return {tuple(row[:-1]): row[-1] for row in rows}


def _require_equal(question: Question, answer: dict[tuple, float], counted: dict[tuple, float]) -> None:
    if not answer or answer.keys() != counted.keys() or not all(math.isclose(answer[k], counted[k]) for k in answer):
        raise RuntimeError(f"{question.name}: {answer} on cells, {counted} on facts")


def _published(rows: int) -> Path:
    """Return the snapshot of so many activities, built where it is missing."""
    out = publish(FOLDER / f"{rows}-published", "--sources", str(parquet(rows)))
    return out / (out / "CURRENT").read_text(encoding="utf-8").strip()

"""Voices: what the answers of each wave say of those who were not asked, by every published breakdown.

Made once in the build; pages look the results up in the tables estimate, answer_count, weighting and question_break.
"""

from __future__ import annotations

import duckdb
import pyarrow as pa

from etl.load import insert_rows
from etl.voices.breaks import question_breaks
from etl.voices.frame import Frame, read_frame
from etl.voices.gaps import GAP, Gap, gaps_of, need_and_supply
from etl.voices.results import ESTIMATE, Result, counts_of, results_of, thresholds_of, with_comparisons
from etl.voices.sample import Sample, samples
from etl.voices.weights import weigh
from observatory.editions import Edition

WEIGHTING = (
    "instrument VARCHAR, wave INTEGER, method VARCHAR, margins VARCHAR, joined VARCHAR, capped INTEGER, "
    "population DOUBLE, is_invented BOOLEAN, respondents INTEGER, effective_base DOUBLE"
)
ANSWER_COUNT = (
    "instrument VARCHAR, wave INTEGER, question VARCHAR, dimension VARCHAR, code VARCHAR, asked INTEGER, "
    "given INTEGER, no_answer INTEGER, dont_know INTEGER"
)


def estimate(connection: duckdb.DuckDBPyConnection, edition: Edition, is_demonstration: bool) -> None:
    """Make the tables of results from the tables respondent and answer of the same database.

    estimate: a row for each statistic of a question, by breakdown and code, weighted and not. gap: what two sides say
    of the same thing. answer_count: how many were asked, answered, and left open. weighting: how each wave was
    weighted. question_break: questions that were put differently in the wave before, with what changed.

    Raises:
        EditionError: the frame of the edition cannot be used.
    """
    frames = read_frame(edition, is_demonstration)
    breaks = question_breaks(connection)
    found: list[Result] = []
    paired: list[Gap] = []
    counts, weighting = [], []
    for sample in samples(connection, edition):
        weighted = weigh(sample, frames.get(sample.instrument, Frame()))
        weighting.append(weighted.row(sample))
        found += results_of(sample, weighted, edition)
        paired += need_and_supply(sample, weighted, thresholds_of(edition))
        counts += counts_of(sample)
    found = with_comparisons(found, breaks)
    _write(connection, found)
    _make(connection, "gap", GAP, [gap.row for gap in gaps_of(found, paired)])
    _make(connection, "answer_count", ANSWER_COUNT, counts)
    _make(connection, "weighting", WEIGHTING, weighting)
    _make(connection, "question_break", "instrument VARCHAR, wave INTEGER, question VARCHAR, kind VARCHAR", [
        (instrument, wave, question, kind) for (instrument, wave, question), kind in breaks.items()
    ])  # fmt: skip


def _make(connection: duckdb.DuckDBPyConnection, table: str, columns: str, rows: list[tuple]) -> None:
    connection.execute(f"CREATE TABLE {table} ({columns})")
    insert_rows(connection, table, rows)


def _write(connection: duckdb.DuckDBPyConnection, found: list[Result]) -> None:
    """Write the results, sorted as pages ask for them."""
    columns = {name: pa.array([getattr(result, name) for result in found], kind) for name, kind in ESTIMATE.items()}
    connection.register("found", pa.table(columns))
    connection.execute("""
        CREATE TABLE estimate AS
        SELECT * FROM found ORDER BY instrument, question, wave, dimension, code, is_weighted, statistic, option
    """)
    connection.unregister("found")


__all__ = ["Sample", "estimate"]

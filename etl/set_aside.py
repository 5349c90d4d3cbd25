"""Rows that are nobody's: wholly blank ones and totals."""

from __future__ import annotations

from collections.abc import Sequence

import duckdb

from etl.expressions import literal
from etl.headings import place_of
from etl.read import Sheet
from etl.sources import SourceDescription
from etl.table_words import table_words
from etl.texts import OTHER_BLANKS, UNSEEN, is_filled, text_at


def set_aside(connection: duckdb.DuckDBPyConnection, source: SourceDescription, sheet: Sheet) -> str:
    """Return the condition of rows of the landing view `l` that are nobody's: wholly blank ones and totals.

    Totals are rows that begin, or have a cell that begins, as the description says, or with a word for a total and no
    other word; a row with the day that its table requires is a record, whatever its first cell says.
    """
    cells = [text_at(sheet, place) for place in range(len(sheet.headings))]
    first = f"COALESCE({_filled(cells)})"
    nothing = f"'[ {UNSEEN}{OTHER_BLANKS}]*'"
    every = f"concat({', '.join(cells)})"
    blank = f"{first} IS NULL OR regexp_full_match({first}, {nothing}) AND regexp_full_match({every}, {nothing})"
    described = [f"starts_with(lower({first}), {literal(word.casefold())})" for word in source.drop_rows]
    for heading, words in source.drop_where.items():
        if (place := place_of(sheet.headings, heading)) is not None:
            under = f"lower(COALESCE(trim({cells[place]}), ''))"
            described += [f"starts_with({under}, {literal(word.casefold())})" for word in words]
    days = [
        _is_undated(connection, source, sheet, cells, place)
        for name, place in sheet.match.columns.items()
        if source.fields[name]["type"] == "date" and source.fields[name].get("required")
    ]
    undated = " AND ".join(days) or "TRUE"
    rows = f"FROM {sheet.relation} AS l WHERE {undated}"
    found = []
    if connection.execute(f"SELECT 1 {rows} LIMIT 1").fetchone():  # most sheets have none, and this looks at few cells
        found = connection.execute(f"SELECT DISTINCT {first} {rows}").fetchall()
    totals = ", ".join(literal(cell) for (cell,) in sorted(found, key=str) if cell and table_words().is_total(cell))
    if totals:
        words = " + ".join(f"CAST(COALESCE(regexp_matches({cell}, '\\p{{L}}'), FALSE) AS INTEGER)" for cell in cells)
        described.append(f"CASE WHEN {first} IN ({totals}) AND {undated} THEN {words} <= 1 ELSE FALSE END")
    return " OR ".join([f"CASE WHEN {_has_text(cells)} THEN FALSE ELSE {blank} END", *described])


def _is_undated(
    connection: duckdb.DuckDBPyConnection, source: SourceDescription, sheet: Sheet, cells: Sequence[str], place: int
) -> str:
    """Return the condition of rows with no day in a column, or with their first text in it."""
    if place == 0:
        return "TRUE"
    day, before = cells[place], cells[:place]
    missing = ", ".join(map(literal, sorted(source.missing)))
    found = connection.execute(f"""
        WITH days AS MATERIALIZED (SELECT DISTINCT {day} AS day FROM {sheet.relation} AS l)
        SELECT day FROM days WHERE lower(trim(day)) IN ({missing})
    """).fetchall()
    none = ", ".join(map(literal, sorted({"", *(spelling for (spelling,) in found)})))
    is_first = f"CASE WHEN {_has_text(before)} THEN FALSE ELSE COALESCE({_filled(before)}) IS NULL END"
    return f"(COALESCE({day}, '') IN ({none}) OR {is_first})"


def _filled(cells: Sequence[str]) -> str:
    return ", ".join(f"NULLIF(trim({cell}), '')" for cell in cells)


def _has_text(cells: Sequence[str]) -> str:
    """Return a condition that only rows with a text in one of some cells fulfil; nearly all of them do."""
    return " OR ".join(map(is_filled, cells))

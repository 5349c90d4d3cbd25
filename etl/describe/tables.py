"""A file as a table of organisations, activities or events: which field each column feeds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Any

import duckdb
from rapidfuzz import fuzz

from etl.describe.told import (
    BY_DESCRIPTION,
    BY_EXPRESSION,
    BY_HEADING,
    LEFT_ASIDE,
    LOOKED_AT,
    SAMPLES,
    ReadColumn,
    Unfed,
    bare,
    letters,
)
from etl.expressions import columns_of
from etl.headings import HeadingMatch, HeadingRow, find_headings, identified_by, place_of
from etl.read import FileFault, FileNotice, Sheet, Unreadable, read_file, written_rows
from etl.read.sheet import HEADINGS_WITHIN
from etl.sources import Column, SourceDescription
from observatory.editions import Edition
from observatory.fact_files import folded
from observatory.registry import registry

LIKE = 70
"""How alike (0 to 100) two headings are at least, one of which is named for the other."""

TABLES = ("activity", "company_year", "event", "company", "ngo")
"""Of two tables that fit equally well the first is meant."""


def describe_table(
    connection: duckdb.DuckDBPyConnection, path: Path, source: SourceDescription, workshop: Path
) -> tuple[tuple[ReadColumn, ...], tuple[Unfed, ...], tuple[FileFault, ...]]:
    """Return the columns of a file as a source reads them, the fields that none feeds, and what keeps it from being
    read; where it cannot be, its columns are those of the row that looks most like headings."""
    sheets, faults = read_file(connection, path, source, workshop)
    faults = [fault for fault in faults if not isinstance(fault, FileNotice)]
    guessed: tuple[str, ...] = ()
    if not sheets:
        loose, guessed = _loosened(connection, path, source, workshop)
        sheets = read_file(connection, path, loose, workshop)[0] if loose else []
    columns = tuple(_columns(connection, source, sheets, guessed))
    return columns, tuple(_unfed(source, columns)), tuple(faults)


def proposal_of(raw: Mapping[str, Any], source: SourceDescription, columns: Sequence[ReadColumn]) -> dict[str, Any]:
    """Return the description that reads the columns as they were recognised and leaves the others aside.

    Organisations are taken from the file only where it describes them: else a misspelt name would make a new one.
    """
    feeds = (source.fields[column.field].get("feeds", "").split(".") for column in columns if column.field)
    made = {table for table, *about in feeds if about and about[0] not in ("bin", "name")}
    left = dict.fromkeys(column.heading for column in columns if column.field is None and column.heading)
    fed = _headings_by_field(columns)
    return {**raw, "creates": sorted(made), "columns": fed, "not_used": list(left)}


def table_source(raw: Mapping[str, Any], edition: Edition) -> SourceDescription:
    """Return the description, of which all organisations may be made, so that all that describes them is a field."""
    fields = registry().tables[raw["table"]]["fields"].values()
    made = {facts["feeds"].split(".")[0] for facts in fields if "feeds" in facts}
    return SourceDescription(
        id=raw["id"], table=raw["table"], source=raw["source"], files=(raw["files"],), path=Path(raw["id"]),
        creates=tuple(sorted(made)), currency=edition.currency,
    )  # fmt: skip


def likeliest_table(
    connection: duckdb.DuckDBPyConnection, path: Path, edition: Edition, workshop: Path
) -> tuple[str, int]:
    """Return the table whose headings a file has most of, and how many; of two with as many that which can be read."""

    def rank(table: str) -> tuple[int, bool]:
        found = _found_headings(connection, path, table_source(bare(table, path.name), edition), workshop)
        return max(((row.match.found, row.match.is_complete) for row in found), default=(0, False))

    ranks = {table: rank(table) for table in TABLES}
    best = max(TABLES, key=ranks.get)
    return best, ranks[best][0]


def _found_headings(
    connection: duckdb.DuckDBPyConnection, path: Path, source: SourceDescription, workshop: Path
) -> list[HeadingRow]:
    heads = _first_rows(connection, path, source, workshop)
    return [found for rows in heads if (found := find_headings(source, rows[source.format.skip_rows :]))]


def _first_rows(
    connection: duckdb.DuckDBPyConnection, path: Path, source: SourceDescription, workshop: Path
) -> list[list[list[str]]]:
    try:
        within = HEADINGS_WITHIN + source.format.skip_rows
        return [list(islice(rows, within)) for _, rows in written_rows(connection, path, source, workshop)]
    except Unreadable:
        return []


def _loosened(
    connection: duckdb.DuckDBPyConnection, path: Path, source: SourceDescription, workshop: Path
) -> tuple[SourceDescription | None, tuple[str, ...]]:
    """Return a source under which the file can be looked at although required fields are not fed, and headings that
    are no more than a guess: the first row with the most words. None where there is nothing to look at."""
    found = _found_headings(connection, path, source, workshop)
    if found:
        best = max(found, key=lambda heading: heading.match.rank).match
        return replace(source, columns={**source.columns, **dict.fromkeys(best.missing, Column(constant=""))}), ()
    rows = [row for head in _first_rows(connection, path, source, workshop) for row in head]
    first = max(rows, key=_words, default=[])
    if not _words(first):
        return None, ()
    word = next(cell.strip() for cell in first if cell.strip() and not cell.strip()[0].isdigit())
    required = {name: Column(constant="") for name, facts in source.fields.items() if facts.get("required")}
    free = next(name for name in source.fields if name not in required)
    return replace(source, columns={**required, free: Column(headings=(word,))}), (word,)


def _words(row: Sequence[str]) -> int:
    return sum(bool(cell.strip()) and not cell.strip()[0].isdigit() for cell in row)


def _columns(
    connection: duckdb.DuckDBPyConnection,
    source: SourceDescription,
    sheets: Sequence[Sheet],
    guessed: Sequence[str],
) -> list[ReadColumn]:
    found = []
    for sheet in sheets:
        cells = ", ".join(f"CAST(c{number} AS VARCHAR)" for number in range(1, len(sheet.headings) + 1))
        rows = connection.execute(f"SELECT {cells} FROM {sheet.relation} LIMIT {LOOKED_AT}").fetchall()
        named = connection.execute(f"SELECT sheet FROM {sheet.relation} GROUP BY 1 ORDER BY MIN(row)").fetchall()
        fed = fed_places(source, sheet.headings, sheet.match)
        for place, heading in enumerate(sheet.headings):
            values = (str(row[place]).strip() for row in rows if row[place] is not None)
            samples = tuple(islice(dict.fromkeys(value for value in values if value), SAMPLES))
            if not heading and not samples:
                continue
            field, how = (None, None) if heading in guessed else fed.get(place, (None, None))
            letter, names = letters(place), tuple(name for (name,) in named if name is not None)
            found.append(ReadColumn(names, letter, heading, samples, field, how))
    return found


def fed_places(
    source: SourceDescription, headings: Sequence[str], match: HeadingMatch
) -> dict[int, tuple[str | None, str]]:
    """Return, by the places of the columns that mean something, the field each feeds and how it was recognised."""
    fed: dict[int, tuple[str | None, str]] = {}
    for heading in source.not_used:
        if (place := place_of(headings, heading)) is not None:
            fed[place] = None, LEFT_ASIDE
    for name, column in source.columns.items():
        for heading in (*(columns_of(column.sql) if column.sql else ()), *filter(None, [column.times])):
            if (place := place_of(headings, heading)) is not None:
                fed[place] = name, BY_EXPRESSION
    for name, place in match.columns.items():
        fed[place] = name, BY_DESCRIPTION if name in source.columns else BY_HEADING
    return fed


def _unfed(source: SourceDescription, columns: Sequence[ReadColumn]) -> list[Unfed]:
    """Return the fields that neither a column nor a constant feeds, required ones first."""
    fed = {column.field for column in columns}
    fed |= {name for name, column in source.columns.items() if column.constant is not None}
    free = tuple(dict.fromkeys(column.heading for column in columns if column.how is None and column.heading))
    unfed = []
    for name, facts in source.fields.items():
        if name not in fed:
            is_required = bool(facts.get("required")) and fed.isdisjoint(identified_by(source, name))
            unfed.append(Unfed(name, is_required, _nearest(facts, name, free) if is_required else ()))
    return sorted(unfed, key=lambda field: not field.is_required)


def _nearest(facts: Mapping[str, Any], name: str, free: Sequence[str]) -> tuple[str, ...]:
    """Return those of some headings that are most like one of the headings of a field."""
    known = [folded(heading) for language in facts["headings"].values() for heading in language] + [name]
    like = {heading: max(fuzz.WRatio(folded(heading), other) for other in known) for heading in free}
    best = sorted((heading for heading in free if like[heading] >= LIKE), key=lambda heading: -like[heading])
    return tuple(best[:SAMPLES])


def _headings_by_field(columns: Sequence[ReadColumn]) -> dict[str, Any]:
    headings: dict[str, list[str]] = {}
    for column in columns:
        if column.field and column.heading not in headings.setdefault(column.field, []):
            headings[column.field].append(column.heading)
    return {name: said[0] if len(said) == 1 else said for name, said in headings.items()}

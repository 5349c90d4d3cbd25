"""Files in a habit: CSV, workbooks and Parquet with all that stands above, between and below the rows."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

import pyarrow
import pyarrow.parquet
import xlsxwriter

from tests.etl.habits import SPLITS, TOTALS, Habit, Record, columns_of, draw, fits, split

TITLES = ("Отчёт о волонтёрстве", "Volunteering report", "Волонтерлік туралы есеп", "تقرير التطوع", "2024")
MOST_TITLES = 3
LETTERS_TO_TELL = 24
"""Letters in words beyond ASCII that a file in an old encoding must have: with fewer nobody could tell which it is."""
WORDS = re.compile(r"[^\W\d_]+")

ORGANISATION = ("company_id", "company_bin", "company_name")


@dataclass(frozen=True)
class Grid:
    """The rows of one sheet from its first on; `merged` are first row, last row and column of cells made one."""

    rows: list[list[Any]]
    merged: tuple[tuple[int, int, int], ...] = ()


def write_files(
    rng: Random, folder: Path, stem: str, table: str, records: Sequence[Record], structural: frozenset[str]
) -> tuple[list[Habit], dict[str, Any]]:
    """Write records into files of a folder whose names begin with `stem`.

    Returns:
        The habit of each file, and what the description of the source must say of all of them.
    """
    parts = split(rng, records, rng.choice(("whole", "whole", *SPLITS)))
    habits = []
    described: dict[str, Any] = {"missing": ["н/д", "n/a"]}
    files = [parts] if rng.random() < 0.4 else [[part] for part in parts]
    for number, tables in enumerate(files, start=1):
        habit = _settled(draw(rng, structural), tables)
        if len(tables) > 1:
            habit = replace(habit, kind="xlsx", encoding="utf-8")
        if habit.kind != "xlsx":
            habit = replace(habit, structure=habit.structure - {"merged"})
        if "fill_down" in habit.structure:
            described["fill_down"] = list(ORGANISATION)
        _write(rng, folder / f"{stem}_{number}.{habit.kind}", habit, table, tables)
        habits.append(habit)
    return habits, described


def _settled(habit: Habit, tables: Sequence[Sequence[Record]]) -> Habit:
    """Return a habit in an encoding that has every letter of the titles of activities, which nobody translates."""
    titles = "".join(record.get("title") or "" for records in tables for record in records)
    return habit if fits(titles, habit.encoding) else replace(habit, encoding="utf-8-sig")


def _write(rng: Random, path: Path, habit: Habit, table: str, tables: Sequence[Sequence[Record]]) -> None:
    if habit.kind == "parquet":
        columns = {heading: pyarrow.array(cells) for heading, cells in columns_of(rng, habit, table, tables[0]).items()}
        pyarrow.parquet.write_table(pyarrow.table(columns), path)
        return
    grids = [_grid(rng, habit, table, records) for records in tables]
    if "stacked_tables" in habit.structure:
        grids = [_stacked(grids)]
    path.write_bytes(_workbook(rng, habit, grids) if habit.kind == "xlsx" else _delimited(habit, grids[0]))


def _grid(rng: Random, habit: Habit, table: str, records: Sequence[Record]) -> Grid:
    """Return the rows of one table with what the habit puts round them."""
    is_grouped = bool(habit.structure & {"merged", "fill_down"})
    records = sorted(records, key=lambda record: record["company_id"]) if is_grouped else records
    columns = columns_of(rng, habit, table, records)
    headings, cells = list(columns), [list(row) for row in zip(*columns.values(), strict=True)]
    groups = _groups(records) if is_grouped else []
    rows: list[list[Any]] = []
    if "titles" in habit.structure:
        titles = [title for title in TITLES if fits(title, habit.encoding)]
        rows += [[rng.choice(titles)] for _ in range(1 + rng.randrange(MOST_TITLES))]
    rows += _headings(rng, habit, headings)
    first = len(rows)
    rows += cells
    merged = []
    for start, end in groups:
        for column, heading in enumerate(headings):
            if heading in columns.organisation:
                for place in range(start + 1, end):
                    rows[first + place][column] = None
                if "merged" in habit.structure and end - start > 1:
                    merged.append((first + start, first + end - 1, column))
    if "repeated_headings" in habit.structure and not merged:
        rows.insert(first + rng.randrange(1, len(cells) + 1), list(headings))
    if "totals" in habit.structure:
        rows.append(_total(rng, habit, headings, cells))
    if "blank_rows" in habit.structure and not merged:
        for _ in range(1 + rng.randrange(3)):
            rows.insert(
                rng.randrange(first, len(rows) + 1),
                [rng.choice(("", "  ", "\u00a0" if fits("\u00a0", habit.encoding) else ""))],
            )
    width = len(headings)
    rows = [row + [None] * (width - len(row)) if place >= first - 1 else row for place, row in enumerate(rows)]
    if "blank_columns" in habit.structure:
        rows = [[None, *row] for row in rows]
        merged = [(start, end, column + 1) for start, end, column in merged]
    return Grid(rows, tuple(merged))


def _groups(records: Sequence[Record]) -> list[tuple[int, int]]:
    """Return where the rows of each company begin and end."""
    starts = [
        place
        for place, record in enumerate(records)
        if not place or record["company_id"] != records[place - 1]["company_id"]
    ]
    return list(zip(starts, [*starts[1:], len(records)], strict=True))


def _headings(rng: Random, habit: Habit, headings: Sequence[str]) -> list[list[str]]:
    """Return the row of headings; in two rows the first word of some stands above the others."""
    if "two_row_headings" not in habit.structure:
        return [list(headings)]
    upper, lower = [], []
    for heading in headings:
        above, _, below = heading.partition(" ") if rng.random() < 0.5 else (heading, "", "")
        upper.append(above if below else heading)
        lower.append(below)
    return [upper, lower]


def _total(rng: Random, habit: Habit, headings: Sequence[str], cells: Sequence[Sequence[Any]]) -> list[Any]:
    words = [word for word in TOTALS if fits(word, habit.encoding)]
    return [rng.choice(words), *(str(len(cells)) if "count" in heading else None for heading in headings[1:])]


def _stacked(grids: Sequence[Grid]) -> Grid:
    rows: list[list[Any]] = []
    merged: list[tuple[int, int, int]] = []
    for grid in grids:
        merged += [(start + len(rows), end + len(rows), column) for start, end, column in grid.merged]
        rows += [*grid.rows, [], []]
    return Grid(rows, tuple(merged))


def _delimited(habit: Habit, grid: Grid) -> bytes:
    text = io.StringIO()
    has_lines = any("\n" in str(cell) for row in grid.rows for cell in row)
    quoting = csv.QUOTE_ALL if habit.quotes_all or has_lines else csv.QUOTE_MINIMAL
    writer = csv.writer(text, delimiter=habit.delimiter, lineterminator=habit.line_end, quoting=quoting)
    writer.writerows([["" if cell is None else cell for cell in row] for row in grid.rows])
    telling = (word for word in WORDS.findall(text.getvalue()) if not any(map(str.isascii, word)))
    shows_encoding = sum(map(len, telling)) >= LETTERS_TO_TELL
    return text.getvalue().encode(habit.encoding if shows_encoding else "utf-8-sig")


def _workbook(rng: Random, habit: Habit, grids: Sequence[Grid]) -> bytes:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        day = book.add_format({"num_format": rng.choice(("dd.mm.yyyy", "yyyy-mm-dd", "d mmm yyyy"))})
        if "hidden_sheet" in habit.structure:
            book.add_worksheet("Lists").hide()
        for number, grid in enumerate(grids, start=1):
            sheet = book.add_worksheet(f"Лист {number}")
            if number == 1:
                sheet.activate()
            for place, row in enumerate(grid.rows):
                for column, cell in enumerate(row):
                    _put(sheet, place, column, cell, day)
                if not any(row) and rng.random() < 0.5:
                    sheet.set_row(place, None, None, {"hidden": True})
            for start, end, column in grid.merged:
                sheet.merge_range(start, column, end, column, grid.rows[start][column])
            if len(grid.rows[0]) == 1:
                sheet.merge_range(0, 0, 0, len(grid.rows[-1]) - 1, grid.rows[0][0])
    return buffer.getvalue()


def _put(sheet: Any, row: int, column: int, cell: Any, day: Any) -> None:
    if isinstance(cell, bool):
        sheet.write_boolean(row, column, cell)
    elif isinstance(cell, date):
        sheet.write_datetime(row, column, cell, day)
    elif isinstance(cell, int | Decimal):
        sheet.write_number(row, column, cell)
    elif cell:
        sheet.write_string(row, column, cell)


def plain_csv(fields: Sequence[str], records: Sequence[Mapping[str, Any]]) -> bytes:
    """Return records as the plainest file: CSV in UTF-8, fields by their names, codes, ISO days, decimal points."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(fields)
    writer.writerows([["" if (value := record.get(name)) is None else value for name in fields] for record in records])
    return text.getvalue().encode()

"""Workbooks: every visible sheet that has the headings, whatever titles stand above them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path

import duckdb
from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from etl.headings import HeadingMatch, find_headings
from etl.read.sheet import HEADINGS_WITHIN, FileFault, Sheet, Unreadable, land_rows, new_relation
from etl.sources import SourceDescription


def read_workbook(
    connection: duckdb.DuckDBPyConnection, path: Path, source: SourceDescription, workshop: Path
) -> tuple[list[Sheet], list[FileFault]]:
    """Land every visible sheet with the headings of the source's table; sheets without them are passed over.

    A sheet that lacks only a required field is a fault of its own where no other sheet is complete.

    Raises:
        Unreadable: the workbook is damaged, encrypted or empty, or no sheet has the headings.
    """
    try:
        workbook = CalamineWorkbook.from_path(str(path))
        sheets = [
            (about.name, list(_rows(workbook, about.name)))
            for about in workbook.sheets_metadata
            if about.visible == SheetVisibleEnum.Visible and about.typ == SheetTypeEnum.WorkSheet
            if source.has_sheet(about.name)
        ]
    except (CalamineError, OSError, ValueError) as error:
        raise Unreadable("unreadable", str(error)) from error
    if not any(rows for _, rows in sheets):
        raise Unreadable("empty_file")
    found, faults = _tables(sheets, source)
    if not found and not faults:
        raise Unreadable("no_headings")
    landed = []
    for headings, (match, rows) in found.items():
        relation = new_relation()
        land_rows(connection, rows, relation, len(headings), workshop)
        landed.append(Sheet(relation, headings, match, tables=(f"{relation}_cells",)))
    return landed, [] if landed else faults


def _tables(
    sheets: list[tuple[str, list[list[str]]]], source: SourceDescription
) -> tuple[dict[tuple[str, ...], tuple[HeadingMatch, list[tuple[str, int, list[str]]]]], list[FileFault]]:
    """Return the rows of all sheets by their headings, and what sheets lack that have only some of the headings."""
    tables: dict[tuple[str, ...], tuple[HeadingMatch, list[tuple[str, int, list[str]]]]] = {}
    faults = []
    skip = source.format.skip_rows
    for name, rows in sheets:
        found = find_headings(source, rows[skip : skip + HEADINGS_WITHIN])
        if found is None:
            continue
        number, match = found[0] + skip, found[1]
        if match.is_complete:
            headings = tuple(cell.strip() for cell in rows[number])
            numbered = [(name, place, cells) for place, cells in enumerate(rows[number + 1 :], start=number + 2)]
            tables.setdefault(headings, (match, []))[1].extend(numbered)
        else:
            faults += [FileFault("missing_column", name, column=field) for field in match.missing]
    return tables, faults


def _rows(workbook: CalamineWorkbook, name: str) -> Iterator[list[str]]:
    """Yield the rows of a sheet from its very first on, each cell as the text a person would type for it."""
    for cells in workbook.get_sheet_by_name(name).to_python(skip_empty_area=False):
        yield [_text(cell) for cell in cells]


def _text(cell: object) -> str:
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(sep=" ")
    if isinstance(cell, date | time):
        return cell.isoformat()
    if isinstance(cell, timedelta):
        return repr(cell.total_seconds() / 3600)
    return str(cell)

"""Workbooks: every visible sheet that has the headings, whatever titles stand above them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path

import duckdb
from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from etl.read.sheet import FileFault, Sheet, Unreadable
from etl.read.tables import Landing, missing_columns
from etl.sources import SourceDescription
from etl.values import parse_number


def read_workbook(
    connection: duckdb.DuckDBPyConnection, path: Path, source: SourceDescription, workshop: Path
) -> tuple[list[Sheet], list[FileFault]]:
    """Land every visible sheet with the headings of the source's table; sheets without them are passed over.

    A sheet that lacks only a required field is a fault of its own where no other sheet is complete.

    Raises:
        Unreadable: the workbook is damaged, encrypted or empty, or no sheet has the headings.
    """
    landing = Landing(connection, source, workshop, is_ragged=False)
    try:
        workbook = CalamineWorkbook.from_path(str(path))
        for about in workbook.sheets_metadata:
            is_visible = about.visible == SheetVisibleEnum.Visible and about.typ == SheetTypeEnum.WorkSheet
            if is_visible and source.has_sheet(about.name):
                landing.take(about.name, _rows(workbook.get_sheet_by_name(about.name)))
    except (CalamineError, OSError, ValueError) as error:
        raise Unreadable("unreadable", str(error)) from error
    sheets = landing.sheets()
    if not sheets and not landing.unread:
        raise Unreadable("empty_file")
    faults = [] if sheets else missing_columns(landing.unread)
    if not sheets and not faults:
        raise Unreadable("no_headings")
    return sheets, faults


def records_of(path: Path, source: SourceDescription) -> Iterator[tuple[str, list[list[str]]]]:
    """Yield every visible sheet that a source may name, with all its rows as text.

    Raises:
        Unreadable: the workbook is damaged or encrypted.
    """
    try:
        workbook = CalamineWorkbook.from_path(str(path))
        for about in workbook.sheets_metadata:
            is_visible = about.visible == SheetVisibleEnum.Visible and about.typ == SheetTypeEnum.WorkSheet
            if is_visible and source.has_sheet(about.name):
                yield about.name, list(_rows(workbook.get_sheet_by_name(about.name)))
    except (CalamineError, OSError, ValueError) as error:
        raise Unreadable("unreadable", str(error)) from error


def _rows(sheet: CalamineSheet) -> Iterator[list[str]]:
    """Yield the rows of a sheet from its very first on, each cell as the text a person would type for it.

    Words in a cell that is merged with those below stand for each of these rows; a number stands in the first alone,
    so that it counts once.
    """
    spans = {(top, left): bottom for (top, left), (bottom, _) in sheet.merged_cell_ranges or () if bottom > top}
    below: dict[int, tuple[int, str]] = {}
    for number, cells in enumerate(sheet.to_python(skip_empty_area=False)):
        row = [_text(cell) for cell in cells]
        for place, (last, word) in list(below.items()):
            if number > last:
                del below[place]
            elif not row[place]:
                row[place] = word
        for place, cell in enumerate(cells):
            if (number, place) in spans and _is_word(cell):
                below[place] = spans[number, place], row[place]
        yield row


def _is_word(cell: object) -> bool:
    return isinstance(cell, date) or (isinstance(cell, str) and parse_number(cell) is None)


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

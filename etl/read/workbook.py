"""Workbooks: every visible sheet that has the headings, whatever titles stand above them."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, timedelta
from pathlib import Path

import duckdb
from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetMetadata,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from etl.read.footnotes import texts_without_marks
from etl.read.formulas import Cells, cells_without_value, linked_workbooks
from etl.read.sheet import FileFault, FileNotice, Repeated, Sheet, Unreadable
from etl.read.tables import Landing, missing_columns, rows_of_table
from etl.read.unpacked import Extent, require_cells
from etl.sources import SourceDescription


def read_workbook(
    connection: duckdb.DuckDBPyConnection, path: Path, source: SourceDescription, workshop: Path
) -> tuple[list[Sheet], list[FileFault]]:
    """Land every visible sheet with the headings of the source's table; sheets without them are passed over.

    A sheet that lacks only a required field is a fault of its own where no other sheet is complete. What holds rows and
    was not read is pointed out: other visible sheets, and hidden ones with the headings.

    Raises:
        Unreadable: the workbook is damaged, encrypted or empty, or no sheet has the headings, or only a hidden one.
    """
    landing = Landing(connection, source, workshop, is_ragged=False)
    hidden: list[FileNotice] = []
    for about, rows in _sheets(path, source):
        if about.visible == SheetVisibleEnum.Visible:
            landing.take(about.name, rows)
        elif count := rows_of_table(source, rows):
            hidden.append(FileNotice("hidden_sheet", about.name, value=str(count)))
    sheets = landing.sheets()
    if linked := linked_workbooks(path):
        hidden.append(FileNotice("linked_values", value=", ".join(linked)))
    if sheets:
        passed_over = [FileNotice("sheet_not_read", sheet.sheet, value=str(sheet.rows)) for sheet in landing.unread]
        return sheets, [*passed_over, *hidden]
    if faults := missing_columns(landing.unread):
        return [], faults
    if hidden:
        return [], [FileFault("only_hidden", notice.sheet) for notice in hidden]
    raise Unreadable("no_headings" if landing.unread else "empty_file")


def records_of(path: Path, source: SourceDescription) -> Iterator[tuple[str, bool, list[list[str]]]]:
    """Yield every sheet that a source may name, whether it is visible, and all its rows as text.

    Raises:
        Unreadable: the workbook is damaged or encrypted.
    """
    for about, rows in _sheets(path, source):
        yield about.name, about.visible == SheetVisibleEnum.Visible, list(rows)


def _sheets(path: Path, source: SourceDescription) -> Iterator[tuple[SheetMetadata, Iterator[list[str]]]]:
    """Yield what is known of each sheet that a source may name, and its rows.

    Raises:
        Unreadable: the workbook is damaged or encrypted.
    """
    try:
        is_zipped = zipfile.is_zipfile(path)
        unknown = cells_without_value(path) if is_zipped else {}
        marked = texts_without_marks(path) if is_zipped else {}
        workbook = CalamineWorkbook.from_path(str(path))
        for about in workbook.sheets_metadata:
            if about.typ == SheetTypeEnum.WorkSheet and source.has_sheet(about.name):
                sheet = _bounded(workbook.get_sheet_by_name(about.name))
                yield about, _rows(sheet, unknown.get(about.name, {}), marked)
    except PasswordError as error:
        raise Unreadable("encrypted_workbook") from error
    except (CalamineError, ValueError) as error:
        raise Unreadable("damaged_file") from error


def _bounded(sheet: CalamineSheet) -> CalamineSheet:
    """Return a sheet unless it spans more cells than are read; XLS files say so only now."""
    require_cells(Extent(sheet.total_height + 1, sheet.total_width + 1))
    return sheet


def _rows(sheet: CalamineSheet, unknown: Cells, marked: Mapping[str, str]) -> Iterator[list[str]]:
    """Yield the rows of a sheet; they are read as they are asked for, and so is it found that one cannot be.

    Raises:
        Unreadable: a cell holds what no cell can hold.
    """
    try:
        yield from _typed(sheet, unknown, marked)
    except (CalamineError, ValueError, OverflowError) as error:
        raise Unreadable("damaged_file") from error


def _typed(sheet: CalamineSheet, unknown: Cells, marked: Mapping[str, str]) -> Iterator[list[str]]:
    """Yield the rows of a sheet from its very first on, each cell as the text a person would type for it.

    A cell of `unknown`, whose value is an error or was never computed, is not blank: its error or formula stands there,
    unless nothing else is in the row, as where a form computes something beside rows not filled in yet.

    A text of `marked` stands there without the mark of a footnote behind it.

    What a cell says that is merged with those below is `Repeated` in each of these rows.
    """
    spans = {(top, left): bottom for (top, left), (bottom, _) in sheet.merged_cell_ranges or () if bottom > top}
    below: dict[int, tuple[int, Repeated]] = {}
    left = [""] * (sheet.start[1] if sheet.start else 0)
    for number, filled in enumerate(sheet.iter_rows()):
        cells = [*left, *filled]
        row = [_text(cell) for cell in cells]
        if marked:
            row = [marked.get(text, text) for text in row]
        if unknown and any(row):
            row = [text or unknown.get((number, place), "") for place, text in enumerate(row)]
        for place, (last, word) in list(below.items()):
            if number > last:
                del below[place]
            elif not row[place]:
                row[place] = word
        for place, text in enumerate(row):
            if (number, place) in spans:
                below[place] = spans[number, place], Repeated(text)
        yield row


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

"""Workbooks as people keep them: title rows above the headings, totals below, a sheet for every company."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any

import pandas as pd
import xlsxwriter

from etl.demonstration.deliveries import Table

SUMMED = (
    "volunteers_count", "hours", "beneficiaries_count", "headcount", "volunteers", "paid_hours", "own_hours",
    "participants_count", "trained_count",
)  # fmt: skip


def write_xlsx(path: Path, table: Table) -> list[tuple[str, int]]:
    """Write a table as its layout says and return sheet and row of each record, as the program numbers rows."""
    layout, places = table.layout, [("", 0)] * len(table.fields)
    sheets = table.sheets if table.sheets is not None else pd.Series(layout["sheet"], index=table.fields.index)
    with xlsxwriter.Workbook(path) as workbook:
        workbook.set_properties({"created": datetime(2019, 1, 1)})  # the same input gives the same bytes
        bold = workbook.add_format({"bold": True})
        day = workbook.add_format({"num_format": "dd.mm.yyyy"})
        for name in sheets.unique():
            sheet = workbook.add_worksheet(name)
            row = 0
            for title in layout.get("titles", []):
                sheet.write(row, 0, title.format(period=table.period, sheet=name), bold)
                row += 1
            row += 1 if layout.get("titles") else 0  # people leave a row free
            sheet.write_row(row, 0, layout["columns"].values(), bold)
            positions = sheets.index[sheets == name]
            for position in positions:
                row += 1
                places[position] = (name, row + 1)
                for column, value in enumerate(table.fields.iloc[position]):
                    _write(sheet, row, column, value, day)
            if "total" in layout:
                sheet.write(row + 1, 0, layout["total"], bold)
                for column, field in enumerate(table.fields.columns):
                    if field in SUMMED:
                        numbers = pd.to_numeric(table.fields[field].iloc[positions], errors="coerce")
                        sheet.write_number(row + 1, column, float(numbers.sum()), bold)
    return places


def _write(sheet: Any, row: int, column: int, value: Any, day: Any) -> None:
    if value is None:
        return
    if isinstance(value, date):
        sheet.write_datetime(row, column, datetime(value.year, value.month, value.day), day)
    elif isinstance(value, (int, float)):
        sheet.write_number(row, column, value)
    else:
        sheet.write_string(row, column, str(value))

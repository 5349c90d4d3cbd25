"""Sheets: the displayed rows of a figure as CSV and XLSX; text from files never becomes a formula."""

from __future__ import annotations

import io

import pandas as pd

from observatory.fact_files import visible
from observatory.figures.view import View

FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def csv_bytes(view: View) -> bytes:
    """Return the displayed rows, and nothing else, as UTF-8 CSV with the byte order mark that Excel needs."""
    return view.rows.rename(columns=_harmless).map(_harmless).to_csv(index=False).encode("utf-8-sig")


def xlsx_bytes(view: View, provenance: tuple[tuple[str, str], ...], right_to_left: bool = False) -> bytes:
    """Return a workbook: sheet 1 the rows, sheet 2 the provenance (headline, choice, source, snapshot, definitions)."""
    import xlsxwriter

    buffer = io.BytesIO()
    with xlsxwriter.Workbook(
        buffer,
        {
            "in_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
            "nan_inf_to_errors": True,
        },
    ) as book:
        bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        wrapped = book.add_format({"text_wrap": True, "valign": "top"})
        rows, about = book.add_worksheet("data"), book.add_worksheet("about")
        for column, heading in enumerate(view.rows.columns):
            rows.write_string(0, column, str(heading), bold)
            for number, value in enumerate(view.rows[heading], start=1):
                _write(rows, number, column, value)
        rows.freeze_panes(1, 0)
        rows.autofit()
        for number, (key, value) in enumerate(provenance):
            about.write_string(number, 0, key, bold)
            about.write_string(number, 1, value, wrapped)
        about.set_column(0, 0, 28)
        about.set_column(1, 1, 90)
        if right_to_left:
            rows.right_to_left()
            about.right_to_left()
    return buffer.getvalue()


def _write(sheet, row: int, column: int, value) -> None:
    if value is None or pd.isna(value):
        return
    if isinstance(value, str):
        sheet.write_string(row, column, value)
    elif hasattr(value, "year"):
        sheet.write_string(row, column, str(value)[:10])
    else:
        sheet.write_number(row, column, float(value))


def _harmless(value):
    """Return text that a spreadsheet cannot take for a formula; numbers stay numbers."""
    return f"'{value}" if isinstance(value, str) and visible(value).lstrip(" ").startswith(FORMULA_SIGNS) else value

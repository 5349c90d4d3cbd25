"""The workbook of a template: the sheet to fill in, the instructions, and a hidden sheet of lists."""

from __future__ import annotations

import io
import textwrap
from datetime import datetime
from typing import TYPE_CHECKING, Any

from etl.template.checks import ROW, row_formula, written_day
from etl.template.columns import TemplateColumn
from etl.template.form import HEADING_ROW, LISTS, ROWS, Template
from etl.template.instructions import kind_in_words, write_instructions
from etl.values.dates import LAST_DAY

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

FIRST, LAST = HEADING_ROW + 1, HEADING_ROW + ROWS
"""The rows to fill in, as a person numbers rows."""

WIDTHS = {"text": 30, "choice": 26, "date": 14, "whole": 14, "number": 14}
CHECK_WIDTH, LINE_HEIGHT, BOLD = 60, 15, 1.25
"""Width in letters; height in points; how much more room than its letters a bold word takes."""

TITLE_MOST, NOTE_MOST = 32, 255
"""Signs that the title and the text of a cell's note may have."""

RED, PALE_RED, INK, PALE = "#9C0006", "#FFC7CE", "#1F2937", "#EEF2F6"
NUMBERS = {"date": "dd.mm.yyyy", "whole": "#,##0", "number": "#,##0.00", "text": "@", "choice": "@"}
OPTIONS = {
    "in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False,
}  # fmt: skip
MADE = datetime(2026, 1, 1)
"""Said in every workbook, so that the same template has the same bytes."""


def write_template(template: Template) -> bytes:
    """Return the workbook of a template."""
    import xlsxwriter

    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, OPTIONS) as book:
        words = template.words
        title = f"{template.edition.name[template.language]}: {template.facts['name'][template.language]}"
        version = words.say("Template version {version}", version=template.facts["version"])
        book.set_properties({"title": title, "comments": version, "created": MADE, "author": "Asar"})
        is_right_to_left = words.direction == "rtl"
        look = _looks(book, is_right_to_left)
        sheet = book.add_worksheet(template.facts["name"][template.language])
        guide = book.add_worksheet(words.say("Instructions"))
        lists = book.add_worksheet(LISTS)
        lists.hide()
        _fill_lists(lists, template, look)
        _prepare_sheet(sheet, template, f"{title} · {version}", look)
        write_instructions(guide, template, title, version, look)
        for each in (sheet, guide) if is_right_to_left else ():
            each.right_to_left()
        sheet.activate()
    return buffer.getvalue()


def _looks(book: Workbook, is_right_to_left: bool) -> dict[str, Format]:
    order = {"reading_order": 2} if is_right_to_left else {}
    plain, near = {"valign": "top", "text_wrap": True, **order}, "right" if is_right_to_left else "left"
    return {
        "title": book.add_format({"bold": True, "font_size": 13, "font_color": INK, **order}),
        "heading": book.add_format({**plain, "bold": True, "bg_color": PALE, "font_color": INK, "bottom": 1}),
        "wrapped": book.add_format(plain),
        "bold": book.add_format({**plain, "bold": True}),
        "faulty": book.add_format({"bg_color": PALE_RED, "font_color": RED}),
        "check": book.add_format({**plain, "text_wrap": False}),
        **{kind: book.add_format({"num_format": sign, "valign": "top", **order}) for kind, sign in NUMBERS.items()},
        "example_date": book.add_format({**plain, "num_format": NUMBERS["date"], "align": near}),
        "year": book.add_format({"num_format": "0", "valign": "top"}),
    }


def format_of(column: TemplateColumn) -> str:
    """Return the name of the look of a column's cells."""
    return "year" if column.facts.get("unit") == "year" else column.kind


def width_of(column: TemplateColumn) -> float:
    """Return the width of a column in letters: no word of its heading is broken."""
    return max(WIDTHS[column.kind], BOLD * max(map(len, column.title.split())) + 1)


def _lines_of(heading: str, width: float) -> int:
    return len(textwrap.wrap(heading, int(width / BOLD)))


def _fill_lists(sheet: Worksheet, template: Template, look: dict[str, Format]) -> None:
    """Write what the check column may say into the first column, and each list behind it."""
    said = [check.sentence for check in template.checks]
    for row, sentence in enumerate([*said, template.words.say("a cell of this row holds an error")]):
        sheet.write_string(row, 0, sentence)
    place = 1
    for column in template.columns:
        for row, choice in enumerate(column.choices):
            sheet.write_string(row, place, choice.label)
            for part, day in enumerate((choice.valid_from, choice.valid_to), start=1):
                if day:
                    sheet.write_datetime(row, place + part, datetime(day.year, day.month, day.day), look["date"])
        place += 3 if column.choices else 0


def _prepare_sheet(sheet: Worksheet, template: Template, title: str, look: dict[str, Format]) -> None:
    """Write title and headings, and prepare the rows below: formats, notes, lists, limits, the check column."""
    sheet.write_string(0, 0, title, look["title"])
    widths = [width_of(column) for column in template.columns]
    lines = max(map(_lines_of, (column.title for column in template.columns), widths))
    sheet.set_row(HEADING_ROW - 1, LINE_HEIGHT * (lines + 1))
    sheet.freeze_panes(HEADING_ROW, 1)
    for place, column in enumerate(template.columns):
        sheet.set_column(place, place, widths[place], look[format_of(column)])
        sheet.write_string(HEADING_ROW - 1, place, column.title, look["heading"])
        sheet.data_validation(FIRST - 1, place, LAST - 1, place, _validation(column, template))
        faulty = [check.faulty for check in template.checks if check.field == column.field]
        if faulty:
            letters = list(template.letters.values())
            filled = f"SUMPRODUCT(LEN(TRIM(${letters[0]}{FIRST}:${letters[-1]}{FIRST})))>0"
            condition = f"=AND({filled},OR({','.join(faulty)}))".replace(ROW, str(FIRST))
            shown = {"type": "formula", "criteria": condition, "format": look["faulty"]}
            sheet.conditional_format(FIRST - 1, place, LAST - 1, place, shown)
    _write_checks(sheet, template, look)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(HEADING_ROW - 1)


def _write_checks(sheet: Worksheet, template: Template, look: dict[str, Format]) -> None:
    """Write the check column. Its formulas have no result yet: whoever opens the workbook computes them."""
    place, letters = len(template.columns), list(template.letters.values())
    sentences = [f"{LISTS}!$A${row}" for row in range(1, len(template.checks) + 2)]
    formula = row_formula(template.checks, sentences[:-1], letters[0], letters[-1], sentences[-1])
    sheet.set_column(place, place, CHECK_WIDTH, look["check"])
    sheet.write_string(HEADING_ROW - 1, place, template.facts["check"][template.language], look["heading"])
    for row in range(FIRST, LAST + 1):
        sheet.write_formula(row - 1, place, formula.replace(ROW, str(row)), look["check"], "")
    shown = {"type": "cell", "criteria": "!=", "value": '""', "format": look["faulty"]}
    sheet.conditional_format(FIRST - 1, place, LAST - 1, place, shown)


def _validation(column: TemplateColumn, template: Template) -> dict[str, Any]:
    """Return the rule and the note of a column's cells."""
    words = template.words
    note = " ".join(filter(None, (column.help, kind_in_words(column, template.edition, words))))
    shown = {
        "input_title": column.heading[:TITLE_MOST],
        "input_message": note[:NOTE_MOST],
        "error_title": column.heading[:TITLE_MOST],
    }
    if column.kind == "choice":
        said = words.say("Choose an entry of the list.")
        return shown | {"validate": "list", "source": f"={template.lists[column.field].entries}", "error_message": said}
    if column.kind == "text":
        return shown | {"validate": "any"}
    said = words.say("This must be: {kind}", kind=kind_in_words(column, template.edition, words))[:NOTE_MOST]
    if column.kind == "date":
        cell = f"{template.letters[column.field]}{FIRST}"
        days = f"AND(ISNUMBER({cell}),{cell}>=DATE({column.minimum or 1900},1,1),{cell}<DATE({LAST_DAY.year + 1},1,1))"
        limits = {"validate": "custom", "value": f"=OR({days},{written_day(cell)})"}
    else:
        kind = "integer" if column.kind == "whole" else "decimal"
        limits = {"validate": kind, "criteria": ">=", "value": column.minimum or 0}
        if column.maximum is not None:
            between = {"criteria": "between", "minimum": column.minimum or 0, "maximum": column.maximum}
            limits = {"validate": kind, **between}
    return shown | limits | {"error_message": said}

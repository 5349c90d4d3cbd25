"""The instructions of a template: how to fill it in, whom it goes to, and what each column means, with an example."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from etl.template.columns import TemplateColumn
from etl.template.form import HEADING_ROW, ROWS, Template
from observatory.editions import Edition
from observatory.registry import registry
from observatory.texts import Texts

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

WIDTHS = (30, 60, 34, 14, 30)
"""Of the columns, in letters."""

NO_CURRENCY = "xxx"
"""What ISO 4217 says where each sum is in a currency of its own."""

LINE_HEIGHT, NARROW = 15, 0.9
"""Height of a line in points; a column holds fewer letters than its width says, by this share."""


def write_instructions(
    sheet: Worksheet, template: Template, title: str, version: str, look: Mapping[str, Format]
) -> None:
    """Write the sheet: title, what to do, and a row for each column."""
    words = template.words
    sheet.hide_gridlines(2)
    for place, width in enumerate(WIDTHS):
        sheet.set_column(place, place, width, look["wrapped"])
    sheet.write_string(0, 0, title, look["title"])
    sheet.write_string(1, 0, version)
    row, whole = 3, sum(WIDTHS)
    for sentence in _sentences(template):
        sheet.merge_range(row, 0, row, len(WIDTHS) - 1, sentence, look["wrapped"])
        sheet.set_row(row, LINE_HEIGHT * _lines(sentence, whole))
        row += 1
    row += 1
    headings = (
        words.say("Column"), words.say("What to write"), words.say("Kind of value"), words.say("Required"),
        words.say("Example"),
    )  # fmt: skip
    for place, heading in enumerate(headings):
        sheet.write_string(row, place, heading, look["heading"])
    for number, column in enumerate(template.columns, start=row + 1):
        kind = kind_in_words(column, template.edition, words)
        required = words.say("yes") if column.is_required else ""
        cells = (column.heading, column.help, kind, required)
        for place, text in enumerate(cells):
            sheet.write_string(number, place, text, look["bold" if place == 0 else "wrapped"])
        _write_example(sheet, number, len(cells), column, look)
        tallest = max(_lines(text, width) for text, width in zip(cells, WIDTHS[:-1], strict=True))
        sheet.set_row(number, LINE_HEIGHT * max(tallest, _lines(str(column.example or ""), WIDTHS[-1])))
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)


def kind_in_words(column: TemplateColumn, edition: Edition, words: Texts) -> str:
    """Return what may stand in a column: "a whole number of people, from 0 to 50,000" and the like."""
    if column.kind == "text":
        return words.say("text")
    if column.kind == "choice":
        return words.say("an entry of the list")
    if column.kind == "date":
        if column.minimum is None:
            return words.say("a day such as 31.12.2025")
        return words.say("a day such as 31.12.2025, from {year} on", year=str(column.minimum))
    kind = words.say("a whole number") if column.kind == "whole" else words.say("a number")
    limits = ""
    if column.facts.get("observed"):
        return words.say("a year, from {year} on", year=str(column.minimum))
    if column.maximum is not None:
        limits = words.say(
            "from {minimum} to {maximum}",
            minimum=words.number(column.minimum or 0), maximum=words.number(column.maximum),
        )  # fmt: skip
    elif column.minimum is not None:
        limits = words.say("from {minimum} on", minimum=words.number(column.minimum))
    for more in filter(None, (_unit(column, edition, words), limits)):
        kind = words.say("{kind}, {more}", kind=kind, more=more)
    return kind


def _unit(column: TemplateColumn, edition: Edition, words: Texts) -> str:
    unit = column.facts.get("unit", "")
    unit = edition.currency.lower() if unit == "currency" else unit
    if unit == NO_CURRENCY:
        return ""
    return words.unit(unit) if unit in registry().units else unit.upper()


def _sentences(template: Template) -> Iterator[str]:
    """Yield what to do, in its order."""
    words, facts, language = template.words, template.facts, template.language
    yield facts["rows"][language]
    yield words.say(
        "Fill in the sheet “{sheet}” from row {row} on. Columns with a star must be filled in; leave empty what is not"
        " known. Keep the headings as they are.",
        sheet=facts["name"][language], row=HEADING_ROW + 1,
    )  # fmt: skip
    yield words.say(
        "The column “{check}” turns red and says what to correct in a row. It does so for the first {rows} rows; rows"
        " below them are read too.",
        check=facts["check"][language], rows=ROWS,
    )  # fmt: skip
    yield words.say(
        "Write no names of people, telephone numbers or other personal data anywhere: only numbers of people are"
        " counted."
    )
    if contact := template.edition.contact:
        yield words.say("Save the workbook as {name} and send it to {contact}.", name=template.file, contact=contact)
    else:
        yield words.say(
            "Save the workbook as {name} and send it back to the office that gave you this template.",
            name=template.file,
        )  # fmt: skip


def _write_example(sheet: Worksheet, row: int, place: int, column: TemplateColumn, look: Mapping[str, Format]) -> None:
    example = column.example
    if hasattr(example, "year"):
        sheet.write_datetime(row, place, datetime(example.year, example.month, example.day), look["example_date"])
    elif isinstance(example, str):
        sheet.write_string(row, place, example, look["wrapped"])
    elif example is not None:
        sheet.write_string(row, place, str(example), look["wrapped"])


def _lines(text: str, width: float) -> int:
    """Return how many lines a text takes in a column of a width in letters."""
    return max(1, -(-len(text) // int(width * NARROW)))

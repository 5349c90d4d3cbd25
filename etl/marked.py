"""Marked: a delivered file as a workbook to send back, its rows as they came and every fault marked where it stands."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import duckdb

from etl.added import Added
from etl.describe import letters
from etl.headings import place_of
from etl.pipeline import load
from etl.read import Sheet, Unreadable, read_file, written_rows
from etl.snapshot import connect
from observatory.editions import Edition
from observatory.errors import Refused
from observatory.rejects import say_place, say_reject
from observatory.texts import Texts

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

ROWS_MOST, LETTERS_MOST, NAME_MOST = 1_048_576, 32_767, 31
"""What a sheet, a cell and a sheet's name hold in a workbook."""

LISTED = 200
"""Faults that the first sheet names; all of them stand in the rows."""

WIDEST, NARROWEST, MARKER_WIDTH, MEASURED = 40, 8, 60, 200
"""Widths of columns, in letters, and the rows that they are made to fit."""

COMMENT = {"width": 360, "height": 90, "author": "Asar"}

OPTIONS = {
    "constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False,
}  # fmt: skip

NO_SHEET = re.compile(r"[\[\]:*?/\\']")
"""Signs that a sheet's name cannot have."""


@dataclass(frozen=True)
class Told:
    """One fault of a file in the words of its reader; `column` is the heading, None where a whole row is faulty."""

    sheet: str | None
    row: int
    column: str | None
    sentence: str


@dataclass
class Marks:
    """What is marked on one sheet; rows count from 1, as a person sees them, columns from 0.

    cells: the sentences on each cell. rows: the sentences on each row. headed: the rows of headings. width: the columns
    of the widest row. last: the last row. widths: of the columns, in letters.
    """

    cells: dict[tuple[int, int], list[str]] = field(default_factory=lambda: defaultdict(list))
    rows: dict[int, list[str]] = field(default_factory=lambda: defaultdict(list))
    headed: list[int] = field(default_factory=list)
    width: int = 0
    last: int = 0
    widths: dict[int, int] = field(default_factory=dict)


def write_marked(added: Added, sources: Path, edition: Edition, words: Texts, out: Path) -> int:
    """Write the added file as a workbook with its faults marked and return how many there are.

    Args:
        added: the file.
        sources: the deliveries, the file among them.
        edition: whose rules hold.
        words: of the language in which the faults are told.
        out: the workbook to write.

    Raises:
        Refused: the file cannot be read, or has more rows than a sheet holds.
    """
    with TemporaryDirectory(prefix="asar-") as made, connect(":memory:", Path(made)) as connection:
        workshop = Path(made)
        loaded = load(connection, edition, sources, workshop=workshop)
        readers = [outcome for outcome in loaded.outcomes if outcome.delivery.file == added.name]
        faults = [
            Told(sheet, row, column, " ".join(say_reject(words, edition, rule, column, value, details)))
            for sheet, row, column, value, rule, details in connection.execute(
                'SELECT sheet, "row", column_name, value, rule, details FROM reject WHERE file = ? ORDER BY ALL',
                [added.name],
            ).fetchall()
        ]
        of_the_file = [
            " ".join(say_reject(words, edition, fault.rule, fault.column, fault.value, fault.details))
            for outcome in readers for fault in outcome.faults
        ]  # fmt: skip
        marks: dict[str | None, Marks] = defaultdict(Marks)
        try:
            for outcome in readers:
                for sheet in read_file(connection, added.path, outcome.delivery.source, workshop)[0]:
                    _place(connection, sheet, faults, marks)
            for name, rows in written_rows(connection, added.path, readers[0].delivery.source, workshop):
                _measure(added.name, marks[name], rows)
            written = written_rows(connection, added.path, readers[0].delivery.source, workshop)
            _write(out, written, marks, faults, of_the_file, words)
        except Unreadable as error:
            reason = " ".join(
                say_reject(words, edition, error.fault.rule, None, error.fault.value, error.fault.details)
            )
            raise Refused("{file}: {reason}", file=added.name, reason=reason) from error
    return len(faults)


def _place(
    connection: duckdb.DuckDBPyConnection, sheet: Sheet, faults: Sequence[Told], marks: Mapping[str | None, Marks]
) -> None:
    """Put each fault on its cell, on whichever sheet the rows of this table stand."""
    tops = connection.execute(f"SELECT sheet, MIN(row) FROM {sheet.relation} GROUP BY 1").fetchall()
    for name, top in tops:
        marks[name].headed.append(top - 1)
    numbers = ", ".join({str(fault.row) for fault in faults}) or "NULL"
    found = f"SELECT sheet, row FROM {sheet.relation} WHERE row IN ({numbers})"
    own = set(connection.execute(found).fetchall())
    for fault in faults:
        if (fault.sheet, fault.row) in own:
            place = place_of(sheet.headings, fault.column) if fault.column else None
            marks[fault.sheet].rows[fault.row].append(fault.sentence)
            if place is not None:
                marks[fault.sheet].cells[fault.row, place].append(fault.sentence)


def _measure(file: str, marks: Marks, rows: Iterable[list[str]]) -> None:
    for number, cells in enumerate(rows, start=1):
        marks.last, marks.width = number, max(marks.width, len(cells))
        if number <= MEASURED:
            for place, cell in enumerate(cells):
                marks.widths[place] = max(marks.widths.get(place, NARROWEST), min(len(cell) + 1, WIDEST))
    if marks.last > ROWS_MOST:
        raise Refused(
            "{file} has more rows than a sheet of a workbook holds. Ask for a corrected file with the list of faults"
            " instead.",
            file=file,
        )


def _write(
    out: Path,
    sheets: Iterable[tuple[str | None, Iterable[list[str]]]],
    marks: Mapping[str | None, Marks],
    faults: Sequence[Told],
    of_the_file: Sequence[str],
    words: Texts,
) -> None:
    """Write the summary, then each sheet row by row: every value as text, never a formula, a number or a link."""
    import xlsxwriter

    with xlsxwriter.Workbook(str(out), OPTIONS) as book:
        look = {
            "bold": book.add_format({"bold": True}),
            "wrapped": book.add_format({"text_wrap": True, "valign": "top"}),
            "faulty": book.add_format({"bg_color": "#FBF0E2", "border": 1, "border_color": "#8A4B08"}),
        }
        taken = {words.say("What to correct").casefold()}
        names = {name: _sheet_name(name, words, taken) for name in marks}
        _summary(book, names, marks, faults, of_the_file, words, look)
        for name, rows in sheets:
            _sheet(book.add_worksheet(names[name]), rows, marks[name], words, look)


def _summary(
    book: Workbook, names: Mapping[str | None, str], marks: Mapping[str | None, Marks], faults: Sequence[Told],
    of_the_file: Sequence[str], words: Texts, look: Mapping[str, Format],
) -> None:  # fmt: skip
    """Write the first sheet. Each row is one sentence, so that none can be taken for headings when it comes back."""
    sheet = book.add_worksheet(words.say("What to correct"))
    sheet.set_column(0, 0, 120)
    if words.direction == "rtl":
        sheet.right_to_left()
    count = words.say_n("{n} fault was found in this file.", "{n} faults were found in this file.", len(faults))
    how = words.say(
        "Faulty cells are coloured and say in a comment what is wrong and what to do; the last column says it too, and"
        " can be filtered by. Correct the cells and send this workbook back: this sheet, the comments and the last"
        " column may stay."
    )
    sheet.write_string(0, 0, count, look["bold"])
    sheet.write_string(1, 0, how, look["wrapped"])
    lines = [*((None, sentence) for sentence in of_the_file), *((fault, fault.sentence) for fault in faults[:LISTED])]
    for number, (fault, sentence) in enumerate(lines, start=3):
        if fault is None:
            sheet.write_string(number, 0, sentence[:LETTERS_MOST], look["wrapped"])
            continue
        place = say_place(words, names[fault.sheet], None, fault.row) if fault.sheet in names else ""
        column = next((place for row, place in marks[fault.sheet].cells if row == fault.row), 0)
        target = f"internal:'{names[fault.sheet]}'!{letters(column)}{fault.row}"
        sheet.write_url(number, 0, target, string=f"{place}: {sentence}"[:LETTERS_MOST])
    if (more := len(faults) - LISTED) > 0:
        said = words.say_n("and {n} more fault, marked in its row", "and {n} more faults, marked in their rows", more)
        sheet.write_string(len(lines) + 3, 0, said)


def _sheet(sheet: Worksheet, rows: Iterable[list[str]], marks: Marks, words: Texts, look: Mapping[str, Format]) -> None:
    """Write one sheet of the file; behind its columns stands one more with what is wrong in each row."""
    for place, width in marks.widths.items():
        sheet.set_column(place, place, width)
    sheet.set_column(marks.width, marks.width, MARKER_WIDTH)
    for number, cells in enumerate(rows, start=1):
        for place, cell in enumerate(cells):
            wrong = marks.cells.get((number, place))
            if cell:
                sheet.write_string(number - 1, place, cell[:LETTERS_MOST], look["faulty"] if wrong else None)
            elif wrong:
                sheet.write_blank(number - 1, place, None, look["faulty"])
            if wrong:
                sheet.write_comment(number - 1, place, "\n".join(wrong), COMMENT)
        if number in marks.headed:
            sheet.write_string(number - 1, marks.width, words.say("What to correct"), look["bold"])
        if number in marks.rows:
            said = "\n".join(marks.rows[number])
            sheet.write_string(number - 1, marks.width, said[:LETTERS_MOST], look["faulty"])
    if marks.headed:
        top = min(marks.headed)
        sheet.freeze_panes(top, 0)
        sheet.autofilter(top - 1, 0, max(marks.last, top + 1) - 1, marks.width)


def _sheet_name(name: str | None, words: Texts, taken: set[str]) -> str:
    """Return a name that a sheet can have and that no other sheet has; it is added to those taken."""
    plain = NO_SHEET.sub("_", name or words.say("Rows"))[:NAME_MOST]
    number, free = 1, plain
    while free.casefold() in taken:
        number += 1
        free = f"{plain[: NAME_MOST - 4]} {number}"
    taken.add(free.casefold())
    return free

"""The checks of a template: what may be wrong with a row, each as a formula of the sheet and in words."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from etl.template.columns import TemplateColumn
from observatory.editions import Edition
from observatory.texts import Texts

ROW = "{row}"
"""What stands for the number of the row in a formula."""

BETWEEN, LONGEST = " · ", 2000
"""What stands between two things that are wrong with a row, and how many signs of them are said."""


@dataclass(frozen=True)
class Check:
    """One thing that may be wrong with a cell.

    Attributes:
        field: whose cell it is.
        faulty: a formula that is true where it is wrong, with `ROW` for the row.
        sentence: what the check column says then.
    """

    field: str
    faulty: str
    sentence: str


@dataclass(frozen=True)
class Lists:
    """Where the entries of a column's list stand, and the days from and to which each holds: ranges of the workbook."""

    entries: str
    valid_from: str
    valid_to: str


def checks_for(
    columns: Sequence[TemplateColumn],
    letters: Mapping[str, str],
    lists: Mapping[str, Lists],
    edition: Edition,
    words: Texts,
) -> tuple[Check, ...]:
    """Return the checks of a template, those of one column beside each other.

    Args:
        columns: of the template.
        letters: of the column in the sheet, for each field.
        lists: for each field with choices.
        edition: whose limits hold.
        words: of the template's language.
    """
    cells = {name: f"${letter}{ROW}" for name, letter in letters.items()}
    headings = {column.field: column.heading for column in columns}
    found: list[Check] = []
    for column in columns:
        cell, name = cells[column.field], column.heading
        if column.is_required:
            said = words.say("{column}: nothing is filled in", column=name)
            found.append(Check(column.field, f"LEN(TRIM({cell}))=0", said))
        if column.kind == "choice":
            found += _of_list(column, cell, lists[column.field], cells, words)
        elif column.kind == "date":
            found += _of_date(column, cell, words)
        elif column.kind != "text":
            found += _of_number(column, cell, words)
        other = column.facts.get("not_before") or column.facts.get("part_of")
        if other in cells:
            both, there = f"ISNUMBER({cell}),ISNUMBER({cells[other]})", headings[other]
            if "not_before" in column.facts:
                said = words.say("{column}: earlier than “{other}”", column=name, other=there)
                found.append(Check(column.field, f"AND({both},{cell}<{cells[other]})", said))
            else:
                said = words.say("{column}: more than “{other}”, of which it is a part", column=name, other=there)
                found.append(Check(column.field, f"AND({both},{cell}>{cells[other]})", said))
    return (*found, *_hours_of_a_day(cells, headings, edition, words))


def _of_list(
    column: TemplateColumn, cell: str, lists: Lists, cells: Mapping[str, str], words: Texts
) -> Iterator[Check]:
    """Yield that an entry is none of the list, and that it was no entry yet, or no longer, when the row began."""
    said = words.say("{column}: not in the list", column=column.heading)
    yield Check(column.field, f"AND(LEN(TRIM({cell}))>0,SUMPRODUCT(--({lists.entries}={cell}))=0)", said)
    start = cells.get("start_date")
    if start and any(choice.valid_from or choice.valid_to for choice in column.choices):
        outside = f"({lists.valid_from}>{start})+({lists.valid_to}>0)*({lists.valid_to}<{start})"
        held = f"SUMPRODUCT(({lists.entries}={cell})*({outside}))"
        said = words.say("{column}: there was none of this name on that day", column=column.heading)
        yield Check(column.field, f"IF(AND(LEN({cell})>0,ISNUMBER({start})),{held}>0,FALSE)", said)


def _of_date(column: TemplateColumn, cell: str, words: Texts) -> Iterator[Check]:
    name = column.heading
    faulty = f"AND({_not_a_number(cell)},NOT({written_day(cell)}))"
    yield Check(column.field, faulty, words.say("{column}: not a date", column=name))
    if column.minimum is not None:
        said = words.say("{column}: before {year}", column=name, year=str(column.minimum))
        yield Check(column.field, f"AND(ISNUMBER({cell}),{cell}<DATE({column.minimum},1,1))", said)
    yield Check(column.field, f"AND(ISNUMBER({cell}),{cell}>TODAY())", words.say("{column}: after today", column=name))


def written_day(cell: str) -> str:
    """Return a formula that is true where a cell holds a day as text, such as 31.12.2025, and FALSE for any other text.

    A program set to another country's way of writing days takes what the instructions show for text; it loads.
    """
    day, month, year = f"VALUE(LEFT({cell},2))", f"VALUE(MID({cell},4,2))", f"VALUE(MID({cell},7,4))"
    dots = f'LEN({cell})=10,MID({cell},3,1)&MID({cell},6,1)=".."'
    return f"IFERROR(AND({dots},{month}<13,DAY(DATE({year},{month},{day}))={day}),FALSE)"


def _of_number(column: TemplateColumn, cell: str, words: Texts) -> Iterator[Check]:
    name, number = column.heading, _written(column, words)
    if column.kind == "whole":
        said = words.say("{column}: not a whole number", column=name)
        yield Check(column.field, f"IF(ISNUMBER({cell}),{cell}<>INT({cell}),{_filled(cell)})", said)
    else:
        yield Check(column.field, _not_a_number(cell), words.say("{column}: not a number", column=name))
    if column.minimum is not None:
        said = words.say("{column}: less than {limit}", column=name, limit=number(column.minimum))
        yield Check(column.field, f"AND(ISNUMBER({cell}),{cell}<{column.minimum})", said)
    if column.facts.get("observed"):
        said = words.say("{column}: after today", column=name)
        yield Check(column.field, f"AND(ISNUMBER({cell}),{cell}>YEAR(TODAY()))", said)
    elif column.maximum is not None:
        said = words.say("{column}: more than {limit}", column=name, limit=number(column.maximum))
        yield Check(column.field, f"AND(ISNUMBER({cell}),{cell}>{column.maximum})", said)


def _written(column: TemplateColumn, words: Texts) -> Callable[[float], str]:
    """Return how limits are written: years without signs between their digits."""
    return str if column.facts.get("observed") else words.number


def _hours_of_a_day(
    cells: Mapping[str, str], headings: Mapping[str, str], edition: Edition, words: Texts
) -> Iterator[Check]:
    limit = edition.limits.get("hours_per_person_day")
    if limit and {"hours", "volunteers_count", "start_date", "end_date"} <= cells.keys():
        hours, people, start, end = (cells[name] for name in ("hours", "volunteers_count", "start_date", "end_date"))
        there = ",".join((*(f"ISNUMBER({cell})" for cell in (hours, people, start)), f"NOT(ISTEXT({end}))"))
        days = f"(MAX({start},{end})-{start}+1)"
        said = words.say("{column}: more than {limit} hours a person and day", column=headings["hours"], limit=limit)
        yield Check("hours", f"IF(AND({there}),{hours}>{limit}*{people}*{days},FALSE)", said)


def _not_a_number(cell: str) -> str:
    return f"AND({_filled(cell)},NOT(ISNUMBER({cell})))"


def _filled(cell: str) -> str:
    return f"LEN(TRIM({cell}))>0"


def row_formula(checks: Sequence[Check], sentences: Sequence[str], first: str, last: str, unclear: str) -> str:
    """Return the formula of the check column: nothing beside a blank or sound row, else all that is wrong with it.

    Args:
        checks: of the template.
        sentences: the cells of the workbook in which their sentences stand.
        first, last: letters of the columns.
        unclear: the cell with what to say where a cell of the row is itself an error.
    """
    wrong = "&".join(f'IF({check.faulty},"{BETWEEN}"&{said},"")' for check, said in zip(checks, sentences, strict=True))
    filled = f"SUMPRODUCT(LEN(TRIM(${first}{ROW}:${last}{ROW})))"
    return f'=IFERROR(IF({filled}=0,"",MID({wrong},{len(BETWEEN) + 1},{LONGEST})),{unclear})'

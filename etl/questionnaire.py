"""Questionnaires: the instruments of data/registry/questionnaires as XLSForms, for KoboToolbox, ODK and their like.

An instrument is a folder with survey.csv; all share choices.csv. A list that choices.csv lacks is a dimension of the
edition: its regions, sectors, sizes. See https://xlsform.org for what the columns mean.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path

from etl.template.workbook import MADE, OPTIONS
from observatory import DATA_FOLDER
from observatory.editions import Edition
from observatory.errors import UsageError, nearest
from observatory.fact_files import read_yaml

FOLDER = DATA_FOLDER / "registry" / "questionnaires"
LANGUAGE_NAMES = {"kk": "Kazakh (kk)", "ru": "Russian (ru)", "en": "English (en)", "ar": "Arabic (ar)"}
"""How XLSForm writes a language: its name, and its code in brackets."""

Rows = list[dict[str, str]]
WIDTHS = {"type": 26, "list_name": 16, "name": 22, "label": 44, "hint": 34}
OTHER_WIDTH = 24  # letters, of all other columns


def instruments() -> tuple[str, ...]:
    """Return the ids of the instruments, in the order of questionnaires.yml."""
    return tuple(_facts()["instruments"])


def questionnaire(edition: Edition, instrument: str, language: str) -> dict[str, Rows]:
    """Return the sheets survey, choices and settings of an instrument, with the edition's languages and lists.

    Args:
        instrument: one of `instruments`.
        language: in which the form opens, and of its title.

    Raises:
        UsageError: there is no such instrument.
    """
    if instrument not in instruments():
        raise UsageError(
            "There is no questionnaire {name}. The nearest is {nearest}.",
            name=instrument, nearest=nearest(instrument, instruments()) or ", ".join(instruments()),
        )  # fmt: skip
    survey = list(_in_languages(edition, FOLDER / instrument / "survey.csv"))
    choices = [*_in_languages(edition, FOLDER / "choices.csv"), *_choices_of(edition)]
    filled = {choice["list_name"] for choice in choices}
    survey = [row for row in survey if _list_of(row) in filled | {""}]
    asked = {_list_of(row) for row in survey}
    settings = {
        "form_title": f"{edition.name[language]}: {_facts()['instruments'][instrument][language]}",
        "form_id": f"asar_{instrument}",
        "version": str(_facts()["version"]),
        "default_language": LANGUAGE_NAMES[language],
    }
    return {"survey": survey, "choices": [row for row in choices if row["list_name"] in asked], "settings": [settings]}


def write_questionnaire(sheets: dict[str, Rows]) -> bytes:
    """Return the XLSX of a questionnaire, a sheet for each of `sheets`."""
    import xlsxwriter

    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, OPTIONS) as book:
        book.set_properties({"title": sheets["settings"][0]["form_title"], "created": MADE, "author": "Asar"})
        head, cell = (book.add_format({"bold": bold, "valign": "top", "text_wrap": True}) for bold in (True, False))
        for name, rows in sheets.items():
            sheet, columns = book.add_worksheet(name), list(dict.fromkeys(key for row in rows for key in row))
            for place, column in enumerate(columns):
                sheet.set_column(place, place, WIDTHS.get(column.split("::")[0], OTHER_WIDTH), cell)
            sheet.write_row(0, 0, columns, head)
            for number, row in enumerate(rows, 1):
                for place, column in enumerate(columns):
                    if row.get(column):
                        sheet.write_string(number, place, row[column], cell)
            sheet.freeze_panes(1, 2 if name != "settings" else 0)
    return buffer.getvalue()


def _facts() -> dict:
    return read_yaml(FOLDER.with_suffix(".yml"))


def _in_languages(edition: Edition, path: Path) -> Iterator[dict[str, str]]:
    """Yield the rows of a sheet without empty cells and without the columns of languages that the edition lacks."""
    spoken = {LANGUAGE_NAMES[language] for language in edition.languages}
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            yield {column: text for column, text in row.items()
                   if text and ("::" not in column or column.split("::")[1] in spoken)}  # fmt: skip


def _choices_of(edition: Edition) -> Iterator[dict[str, str]]:
    """Yield the codes of each dimension that have none below them, as lists that bear its name."""
    for name, dimension in edition.dimensions.items():
        for code in dimension.leaves:
            names = dimension.members[code].names
            labels = {f"label::{LANGUAGE_NAMES[language]}": names[language] for language in edition.languages}
            yield {"list_name": name, "name": code, **labels}


def _list_of(row: dict[str, str]) -> str:
    """Return the list that a question chooses from, "" where it is no choice."""
    kind, _, of = row["type"].partition(" ")
    return of if kind in ("select_one", "select_multiple") else ""

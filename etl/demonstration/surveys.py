"""Surveys: the waves of the demonstration as files of four tools, with the faults that are planted in them."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import xlsxwriter

from etl.demonstration.answers import Wave, fill
from etl.demonstration.exports import Filled, Rows, google_forms, kobo, limesurvey, surveymonkey
from etl.demonstration.world import World
from etl.surveys.form import Form, instrument_form
from observatory.editions import Edition
from observatory.fact_files import read_yaml

FILE = "demonstration_surveys.yml"
CODES = {"company": "company_code", "leader": "company_code", "volunteer": "company_code", "ngo": "ngo_code"}
SHEET = "Sheet1"
OF_ROWS = ("not_allowed", "not_to_be_asked", "unknown_option")
"""Faults that are written over a cell of the file; the others are made in the filled forms."""


def write_surveys(
    edition: Edition, world: World, forms: pd.DataFrame, out: Path, rng: np.random.Generator
) -> tuple[list[Path], list[tuple[str, str, int, str]]]:
    """Write the surveys of an edition into `out`; return the files and the faults planted in them: the file, its sheet,
    the row as a person counts, and the rule that finds it.

    Args:
        edition: one without demonstration_surveys.yml has none.
        world: the invented companies and NGOs.
        forms: the yearly forms of the companies, as `company_forms` gives them.
        out: the folder.
        rng: draws everything.
    """
    path = edition.folder / FILE
    if not path.exists():
        return [], []
    facts = read_yaml(path)
    hours = _hours(world, forms)
    waves = {year: Wave(facts, world, edition, year, hours, rng) for year in facts["waves"]}
    files, planted = [], []
    for entry in facts["instruments"]:
        form = instrument_form(edition, entry["instrument"])
        count = min(entry["answers"], len(world.companies)) if entry["instrument"] == "company" else entry["answers"]
        side = waves[entry["wave"]].side(entry["instrument"], count)
        filled = fill(facts, form, side, entry, CODES[entry["instrument"]], rng)
        faults = [fault for fault in facts["faults"] if (fault["instrument"], fault["wave"]) == (
            entry["instrument"], entry["wave"])]  # fmt: skip
        filled, places = _spoilt(filled, faults, CODES[entry["instrument"]])
        rows, first_row = _rows(form, filled, entry)
        places += list(_overwritten(form, rows, filled, faults, first_row))
        file = out / entry["file"]
        (_write_xlsx if file.suffix == ".xlsx" else _write_csv)(file, rows)
        files.append(file)
        sheet = SHEET if file.suffix == ".xlsx" else ""
        planted += [(file.name, sheet, place + first_row, rule) for place, rule in places]
    return files, planted


def _hours(world: World, forms: pd.DataFrame) -> np.ndarray:
    """Return the hours that companies reported, companies x years; 0 where they sent no form."""
    hours = np.zeros(world.headcount.shape)
    years = np.searchsorted(world.years, forms["year"].to_numpy())
    hours[forms["company"].to_numpy(), years] = (forms["paid_hours"] + forms["own_hours"]).to_numpy()
    return hours


def _rows(form: Form, filled: Sequence[Filled], entry: Mapping[str, Any]) -> tuple[Rows, int]:
    """Return the rows of the file as its tool writes them, and the row of the first form."""
    language = entry["language"] or None
    if entry["tool"] == "kobo":
        return kobo(form, filled, language, entry["multiple"]), 2
    if entry["tool"] == "surveymonkey":
        return surveymonkey(form, filled, language), 3
    if entry["tool"] == "limesurvey":
        return limesurvey(form, filled, language), 2
    return google_forms(form, filled, language), 2


def _spoilt(
    filled: list[Filled], faults: Sequence[Mapping[str, Any]], code: str
) -> tuple[list[Filled], list[tuple[int, str]]]:
    """Return the forms with the faults of whole forms among them, and where these stand."""
    answered = [place for place, form in enumerate(filled) if form.answers["consent"] == "yes"]
    places = []
    for number, fault in enumerate(faults):
        place = answered[-1 - 3 * number]
        form = filled[place]
        if fault["rule"] == "speeder":
            filled[place] = replace(form, finished=form.started + timedelta(seconds=fault["seconds"]))
        elif fault["rule"] == "unknown_respondent_of":
            filled[place] = replace(form, texts=form.texts | {code: fault["code"]})
        elif fault["rule"] == "sent_twice":
            filled.append(form)
            place = len(filled) - 1
        else:
            continue
        places.append((place, fault["rule"]))
    return filled, places


def _overwritten(
    form: Form, rows: Rows, filled: Sequence[Filled], faults: Sequence[Mapping[str, Any]], first_row: int
) -> Iterator[tuple[int, str]]:
    """Write the faults of single cells over the rows and yield where they stand."""
    for fault in faults:
        if fault["rule"] not in OF_ROWS:
            continue
        question = form.by_name[fault["question"]]
        known = {question.name, *question.labels.values()}
        headings = rows[first_row - 2] if first_row == 2 else rows[0]
        column = next(at for at, head in enumerate(headings) if any(head.endswith(name) or f"{name}." in head or
                      head.startswith(f"{question.name}.") for name in known))  # fmt: skip
        if fault["rule"] == "not_to_be_asked":
            place = next(at for at, one in enumerate(filled) if one.answers.get("policy") == "no")
            value = "yes"
        else:
            place = next(at for at, one in enumerate(filled) if one.answers[question.name] is not None and at > 5)
            value = fault["value"]
        rows[place + first_row - 1][column] = value
        yield place, fault["rule"]


def _write_csv(path: Path, rows: Rows) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows(rows)


def _write_xlsx(path: Path, rows: Rows) -> None:
    with xlsxwriter.Workbook(path, {"strings_to_numbers": False}) as workbook:
        workbook.set_properties({"created": datetime(2019, 1, 1)})  # the same input gives the same bytes
        sheet = workbook.add_worksheet(SHEET)
        for number, row in enumerate(rows):
            for column, text in enumerate(row):
                if text.isdecimal() and len(text) < 10:
                    sheet.write_number(number, column, int(text))
                elif text:
                    sheet.write_string(number, column, text)

"""The command `questionnaire`: our own forms as XLSForms, and sketches of the forms of others' exports."""

from __future__ import annotations

import argparse
import re
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb

from etl.questionnaire import Rows, questionnaire, write_questionnaire
from etl.read import Unreadable, written_rows
from etl.source_faults import RESPONDENTS
from etl.sources import SourceDescription
from etl.surveys.sketch import sketch
from observatory import LANGUAGES
from observatory.editions import Edition
from observatory.errors import UsageError


def add_options(added: argparse.ArgumentParser) -> None:
    """Add the options of the command."""
    added.add_argument("--instrument", default="company", help="company, leader, volunteer or ngo")
    added.add_argument("--of", type=Path, help="an export of another form: sketch the form that it answers")
    added.add_argument("--variants", help="what the codes of one question's variants end in, a regular expression")
    added.add_argument("--lang", choices=LANGUAGES, help="in which the form opens; default: the edition's")
    added.add_argument("--out", type=Path, help="the workbook to write; default: a name in this folder")


def write_form(options: argparse.Namespace, edition: Edition) -> tuple[Path, dict[str, str]]:
    """Write the form that the options ask for; return the file and the form's settings.

    Raises:
        UsageError: there is no such instrument or file, it is no table, or the variants are no regular expression.
    """
    if options.of:
        sheets = _sketched(options.of, options.variants)
    else:
        sheets = questionnaire(edition, options.instrument, options.lang or edition.default_language)
    settings = sheets["settings"][0]
    out = options.out or Path(f"{settings['form_id']}.xlsx")
    out.write_bytes(write_questionnaire(sheets))
    return out, settings


def _sketched(path: Path, variants: str | None) -> dict[str, Rows]:
    if not path.is_file():
        raise UsageError("There is no file {file}.", file=str(path))
    try:
        ending = re.compile(f"(?:{variants})$") if variants else None
    except re.error as error:
        raise UsageError("This is no regular expression ({error}): correct it.", error=error) from None
    source = SourceDescription(id="sketch", table=RESPONDENTS, source="survey", files=(path.name,), path=path)
    try:
        with TemporaryDirectory(prefix="asar-") as workshop, duckdb.connect(":memory:") as connection:
            sheets = [list(rows) for _, rows in written_rows(connection, path, source, Path(workshop))]
    except Unreadable as error:
        raise UsageError("{file} cannot be read as a table.", file=str(path)) from error
    rows = max(sheets, key=len, default=[])
    if not rows:
        raise UsageError("There is no row in {file}.", file=str(path))
    name = re.sub(r"\W+", "_", path.stem).strip("_").lower() or "form"
    return {**sketch(rows, ending), "settings": [{"form_title": path.stem, "form_id": f"form_{name}"}]}

"""A file as answers to a questionnaire: which one it is of, of which wave, and which question each column answers."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

import duckdb

from etl.describe.tables import fed_places
from etl.describe.told import (
    BY_HEADING,
    LEFT_ASIDE,
    LOOKED_AT,
    SAMPLES,
    Described,
    ReadColumn,
    Unfed,
    filled,
    letters,
)
from etl.headings import match_headings
from etl.questionnaire import instruments
from etl.read import FileFault, Unreadable, written_rows
from etl.source_faults import RESPONDENTS
from etl.sources import Column, SourceDescription
from etl.surveys.columns import HEADINGS_WITHIN, Headings, Layout, tool_columns
from etl.surveys.form import Form, instrument_form
from etl.surveys.quality import answered_at
from etl.surveys.sketch import headings_of
from etl.surveys.staging import form_for
from observatory.editions import Edition
from observatory.errors import Message
from observatory.registry import registry

QUESTIONS_LEAST = 4
"""A file with fewer questions of a form among its headings is no export of it: lists of companies say sector and region
as forms do."""

YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")


class Written(NamedTuple):
    """A sheet as it is written: its name, None for a text file, and its rows."""

    name: str | None
    rows: Sequence[Sequence[str]]


def questions_found(connection: duckdb.DuckDBPyConnection, path: Path, edition: Edition, workshop: Path) -> int:
    """Return how many questions of one of our questionnaires are headings of a file; 0 where too few are to tell."""
    sheets, _ = _written(connection, path, _nameless(path), workshop, HEADINGS_WITHIN)
    _, found = _likeliest(sheets, edition)
    return found if found >= QUESTIONS_LEAST else 0


def describe_answers(
    connection: duckdb.DuckDBPyConnection, path: Path, source: SourceDescription, edition: Edition, workshop: Path
) -> tuple[tuple[ReadColumn, ...], tuple[Unfed, ...], tuple[FileFault, ...]]:
    """Return the columns of a file of answers, the questions that have none, and what keeps it from being read.

    Raises:
        SourceError: the form cannot be read.
    """
    form = form_for(source.survey, edition)
    sheets, faults = _written(connection, path, source, workshop)
    laid_out = _laid_out(sheets, Headings(form, source.survey.variants, source.survey.called))
    if sheets and not laid_out:
        faults = [FileFault("no_headings")]
    columns = _columns(laid_out, source, source.survey.form is None)
    return tuple(columns), tuple(_unanswered(laid_out, form)), tuple(faults)


def sketch_answers(
    connection: duckdb.DuckDBPyConnection,
    path: Path,
    name: str,
    raw: Mapping[str, Any],
    edition: Edition,
    workshop: Path,
) -> Described:
    """Return how a file reads as answers to the questionnaire of ours that it has most questions of, else to a form
    that is still to be made.

    Args:
        connection: for reading.
        path: the file.
        name: under which it would lie among the deliveries.
        raw: what a description says of files of such a name.
        edition: with whose lists our questionnaires are asked.
        workshop: a folder for working copies.
    """
    sheets, faults = _written(connection, path, _nameless(path), workshop)
    instrument, found = _likeliest(sheets, edition)
    is_ours = found >= QUESTIONS_LEAST
    read = _as_ours(sheets, instrument, edition) if is_ours else _as_others(sheets, name, raw["id"])
    days = sorted(_days(read.laid_out))
    wave, to_do = _wave(days, raw["files"]), list(read.to_do)
    if wave is None:
        to_do.append(Message("Neither the answers nor the name of the file say a year: write that of the wave."))
    fieldwork = [days[0].isoformat(), days[-1].isoformat()] if days else None
    source = _nameless(path, {name: Column(headings=(heading,)) for name, heading in read.fed.items()})
    proposal = {
        **raw, "survey": filled({**read.survey, "wave": wave, "fieldwork": fieldwork}), "columns": read.fed,
        "not_used": list(read.left),
    }  # fmt: skip
    return Described(
        None, RESPONDENTS, tuple(_columns(read.laid_out, source, is_ours)), read.unfed, tuple(faults),
        filled(proposal), tuple(to_do),
    )  # fmt: skip


class _Read(NamedTuple):
    """Sheets as they read with a form: what the description says of the survey, the fields fed by other names than
    their own, questions without a column, headings left aside, and what is still to do."""

    laid_out: list[tuple[Written, Layout]]
    survey: dict[str, Any]
    fed: dict[str, str] = {}
    unfed: tuple[Unfed, ...] = ()
    left: tuple[str, ...] = ()
    to_do: tuple[Message, ...] = ()


def _as_ours(sheets: Sequence[Written], instrument: str, edition: Edition) -> _Read:
    """Return how sheets read with a questionnaire of ours. Whom somebody was asked through is where one belongs, and
    colleagues are one cluster."""
    form = instrument_form(edition, instrument)
    laid_out = _laid_out(sheets, Headings(form))
    through = registry().questionnaires["asked_through"].get(instrument)
    fed = {"psu": through, "company_id": through} if through else {}
    left = dict.fromkeys(heading for _, layout in laid_out for heading in layout.unused)
    return _Read(laid_out, {"instrument": instrument}, fed, tuple(_unanswered(laid_out, form)), tuple(left))


def _as_others(sheets: Sequence[Written], file: str, name: str) -> _Read:
    """Return how sheets read as answers to a form that is still to be made."""
    survey = {"instrument": name, "form": f"{name}_form.xlsx"}
    laid_out = [(sheet, _layout_without_form(sheet.rows)) for sheet in sheets if sheet.rows]
    to_do = Message(
        "These are answers to none of the observatory's questionnaires. Sketch their form with python -m etl"
        " questionnaire --of {file} --out {form}, correct it, and keep it beside the description.",
        file=file, form=survey["form"],
    )  # fmt: skip
    return _Read(laid_out, survey, to_do=(to_do,))


def _nameless(path: Path, columns: Mapping[str, Column] | None = None) -> SourceDescription:
    """Return a description of answers that says nothing of the file but, perhaps, which columns feed a field."""
    return SourceDescription(
        id="sketch", table=RESPONDENTS, source="survey", files=(path.name,), path=path, columns=columns or {}
    )


def _written(
    connection: duckdb.DuckDBPyConnection,
    path: Path,
    source: SourceDescription,
    workshop: Path,
    most: int | None = None,
) -> tuple[list[Written], list[FileFault]]:
    """Return the sheets of a file with their rows, `most` of each; none where it cannot be read, and why."""
    try:
        read = written_rows(connection, path, source, workshop)
        return [Written(name, list(islice(rows, most))) for name, rows in read], []
    except Unreadable as error:
        return [], [error.fault]
    except OSError as error:
        return [], [FileFault("unreadable", value=error.strerror)]


def _likeliest(sheets: Sequence[Written], edition: Edition) -> tuple[str, int]:
    def found(instrument: str) -> int:
        laid_out = _laid_out(sheets, Headings(instrument_form(edition, instrument)))
        return len({place.question.name for _, layout in laid_out for place in layout.places})

    counted = {instrument: found(instrument) for instrument in instruments()}
    best = max(counted, key=counted.get)
    return best, counted[best]


def _laid_out(sheets: Iterable[Written], headings: Headings) -> list[tuple[Written, Layout]]:
    return [(sheet, layout) for sheet in sheets if (layout := headings.layout(sheet.rows)) is not None]


def _layout_without_form(rows: Sequence[Sequence[str]]) -> Layout:
    first, headings = headings_of(rows)
    return Layout(first, tuple(headings), (), tool_columns(headings, ()))


def _days(laid_out: Iterable[tuple[Written, Layout]]) -> Iterator[date]:
    """Yield the day of each submission as far as the tool says it."""
    for sheet, layout in laid_out:
        for cells in sheet.rows[layout.first_row :]:
            tool = {of: cells[column] for of, column in layout.tool.items() if column < len(cells)}
            if said := answered_at(tool):
                yield said.date()


def _wave(days: Sequence[date], files: str) -> int | None:
    """Return the year in which most answers came, else that in the name of the file; None where neither says one."""
    if days:
        return Counter(day.year for day in days).most_common(1)[0][0]
    named = YEAR.search(files)
    return int(named[0]) if named else None


def _columns(
    laid_out: Iterable[tuple[Written, Layout]], source: SourceDescription, is_ours: bool
) -> Iterator[ReadColumn]:
    """Yield the columns of each sheet with the question they answer or the field they feed, which only those of our own
    questionnaires do by their headings. Values are shown of those that are kept: texts, names and telephones stay
    unseen."""
    for sheet, layout in laid_out:
        questions = {place.column: place for place in layout.places}
        codes = {column: code for code, column in layout.left_out.items()}
        names = [
            "" if column in questions else codes.get(column, heading) for column, heading in enumerate(layout.headings)
        ]
        fed = fed_places(source, names, match_headings(source, names))
        by_heading = set(range(len(names))).difference(layout.tool.values()) if is_ours else set()
        fed = {column: told for column, told in fed.items() if told[1] != BY_HEADING or column in by_heading}
        unused = layout.unused
        rows = sheet.rows[layout.first_row :][:LOOKED_AT]
        for column, heading in enumerate(layout.headings):
            if not heading:
                continue
            if place := questions.get(column):
                field, how = "/".join(filter(None, (place.question.name, place.option))), BY_HEADING
            elif column in fed:
                field, how = fed[column]
            else:
                field, how = None, None if heading in unused else LEFT_ASIDE
            values = (cells[column].strip() for cells in rows if field and column < len(cells))
            samples = tuple(islice(dict.fromkeys(filter(None, values)), SAMPLES))
            named = () if sheet.name is None else (sheet.name,)
            yield ReadColumn(named, letters(column), heading, samples, field, how)


def _unanswered(laid_out: Iterable[tuple[Written, Layout]], form: Form) -> Iterator[Unfed]:
    """Yield the questions of the form that have no column."""
    found = {place.question.name for _, layout in laid_out for place in layout.places}
    return (Unfed(question.name, False) for question in form.questions if question.name not in found)

"""Staging: a file of answers as a sheet of respondents, which are matched and checked as any rows are, and beside them
their answers, which follow those respondents that stand."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from etl.deliveries import Delivery
from etl.expressions import literal
from etl.load import insert_rows
from etl.read import FileFault, FileNotice, Sheet, Unreadable, written_sheets
from etl.sources import SourceDescription
from etl.surveys.columns import Headings
from etl.surveys.decisions import EXCLUDE, KEEP, SET_ASIDE, Decision, decided
from etl.surveys.described import Survey
from etl.surveys.export import Answer, Export, Oddity, filled_count, read_export
from etl.surveys.form import Form, Question, instrument_form, read_form
from etl.surveys.quality import sent_twice, worth_a_look
from etl.surveys.respondents import land_respondents
from observatory.editions import Edition
from observatory.fact_files import folded

ANSWER = (
    'delivery_id VARCHAR, sheet VARCHAR, "row" BIGINT, question VARCHAR, item INTEGER, option VARCHAR, '
    "code VARCHAR, value DECIMAL(18, 6), state VARCHAR"
)
CLEANING = (
    'delivery_id VARCHAR, file VARCHAR, sheet VARCHAR, "row" BIGINT, question VARCHAR, item INTEGER, '
    "rule VARCHAR, decision VARCHAR, reason VARCHAR"
)
QUESTION = (
    "instrument VARCHAR, wave INTEGER, question VARCHAR, kind VARCHAR, list VARCHAR, repeat VARCHAR, sort_order INTEGER"
)
OPTION = "instrument VARCHAR, wave INTEGER, question VARCHAR, option VARCHAR, state VARCHAR, sort_order INTEGER"
SURVEY = (
    "instrument VARCHAR, wave INTEGER, form_id VARCHAR, form_version VARCHAR, invited INTEGER, "
    "fieldwork_from DATE, fieldwork_to DATE, source_id VARCHAR"
)

STAGED = {
    "sheet": pa.string(), "row": pa.int64(), "question": pa.string(), "item": pa.int32(), "option": pa.string(),
    "code": pa.string(), "value": pa.decimal128(38, 6), "state": pa.string(),
}  # fmt: skip
"""The columns of staged_answer behind the delivery's."""

ROWS_NAMED = 5


def prepare_answers(connection: duckdb.DuckDBPyConnection, edition: Edition) -> None:
    """Make the empty tables that surveys fill: answer, cleaning, question, option and survey."""
    labels = ", label VARCHAR" + "".join(f", label_{language} VARCHAR" for language in edition.languages)
    connection.execute(f"CREATE TEMP TABLE staged_answer ({ANSWER})")
    connection.execute(f"CREATE TABLE cleaning ({CLEANING})")
    connection.execute(f"CREATE TABLE question ({QUESTION}{labels})")
    connection.execute(f"CREATE TABLE option ({OPTION}{labels})")
    connection.execute(f"CREATE TABLE survey ({SURVEY})")


def read_survey(
    connection: duckdb.DuckDBPyConnection,
    delivery: Delivery,
    edition: Edition,
    decisions: Sequence[Decision],
    workshop: Path,
) -> tuple[list[Sheet], list[FileFault]]:
    """Return the respondents of a file as a landed sheet, its answers staged, and what is to be said of the file.

    Raises:
        SourceError: the form cannot be read.
    """
    survey = delivery.source.survey
    form = form_for(survey, edition)
    try:
        written = [
            (name, is_visible, list(rows))
            for name, is_visible, rows in written_sheets(connection, delivery.path, delivery.source, workshop)
        ]
    except Unreadable as error:
        return [], [error.fault]
    except OSError as error:
        return [], [FileFault("unreadable", value=error.strerror)]
    own = [line for line in decisions if line.file == delivery.file]
    kept = {(line.sheet, line.row, line.question) for line in own if line.decision == KEEP and line.question}
    headings = Headings(form, survey.variants, survey.called)
    sheets = [(name, rows) for name, is_visible, rows in written if is_visible]
    hidden = [
        FileNotice("hidden_sheet", name, value=str(count))
        for name, is_visible, rows in written
        if not is_visible and (layout := headings.layout(rows)) and (count := filled_count(rows[layout.first_row :]))
    ]
    export = read_export(form, headings, sheets, survey.states, kept)
    if not export.submissions and len(export.unread) == len(sheets):
        if hidden:
            return [], [FileFault("only_hidden", notice.sheet) for notice in hidden]
        return [], [FileFault("no_headings" if any(rows for _, rows in export.unread) else "empty_file")]
    export.oddities += worth_a_look(form, export.submissions)
    found: list[FileFault] = [
        FileNotice("sheet_not_read", sheet, value=str(rows)) for sheet, rows in export.unread if rows
    ]
    found += hidden
    if not export.submissions:
        found.append(FileNotice("no_rows"))
    if export.without_column:
        found.append(FileNotice("question_without_column", value=", ".join(export.without_column)))
    excluded = _exclude(export, own, delivery.file)
    _record_oddities(connection, delivery, export.oddities, own)
    _stage_answers(connection, delivery, form, export, own)
    _describe(connection, delivery.source, form, edition)
    return [land_respondents(connection, delivery.source, form, export, excluded)], found


@lru_cache(maxsize=64)
def _form_at(path: str, stamp: float) -> Form:
    return read_form(Path(path))


def form_for(survey: Survey, edition: Edition) -> Form:
    """Return the form of a survey: the file its description names, or our own with the lists of the edition.

    Raises:
        SourceError: it cannot be read.
    """
    if survey.form is None:
        return instrument_form(edition, survey.instrument)
    newest = max((path.stat().st_mtime for path in (survey.form, *survey.form.glob("*.csv"))), default=0.0)
    return _form_at(str(survey.form), newest)


def _exclude(export: Export, own: Sequence[Decision], file: str) -> dict[int, dict[str, str]]:
    """Return which submissions, by their place, are set apart: as sent twice, or because the steward says so."""
    excluded: dict[int, dict[str, str]] = {}
    for place, first in sent_twice(export.submissions).items():
        submission = export.submissions[place]
        if not decided(own, KEEP, file, submission.sheet, submission.row):
            excluded[place] = {"sent_twice_row": str(export.submissions[first].row)}
    for place, submission in enumerate(export.submissions):
        if line := decided(own, EXCLUDE, file, submission.sheet, submission.row):
            excluded[place] = {"exclusion_reason": line.reason}
    return excluded


def _record_oddities(
    connection: duckdb.DuckDBPyConnection, delivery: Delivery, oddities: Sequence[Oddity], own: Sequence[Decision]
) -> None:
    """Write what is to be pointed out to `notice`, once for all rows of one kind, and each decision to `cleaning`."""
    alike: dict[tuple, list[Oddity]] = defaultdict(list)
    for odd in oddities:
        alike[odd.rule, odd.sheet, odd.heading or odd.question, odd.value, odd.suggestion].append(odd)
    notices = []
    for (rule, sheet, column, value, suggestion), found in alike.items():
        rows = sorted({odd.row for odd in found if odd.row is not None})
        at = ", ".join(map(str, rows[:ROWS_NAMED])) + (" …" if len(rows) > ROWS_NAMED else "")
        details = {"times": len(found), "at": at, **({"suggested": suggestion} if suggestion else {})}
        first = rows[0] if rows else None
        notices.append(
            (delivery.id, delivery.file, sheet, first, column, value, rule, json.dumps(details, ensure_ascii=False))
        )
    insert_rows(connection, "notice", notices)
    aside = [
        (delivery.id, delivery.file, odd.sheet, odd.row, odd.question, odd.item, odd.rule, SET_ASIDE, None)
        for odd in oddities
        if odd.is_set_aside
    ]
    by_hand = [
        (delivery.id, delivery.file, line.sheet or None, line.row, line.question or None, 0, None, line.decision,
         line.reason)
        for line in own
    ]  # fmt: skip
    insert_rows(connection, "cleaning", [*aside, *by_hand])


def _stage_answers(
    connection: duckdb.DuckDBPyConnection, delivery: Delivery, form: Form, export: Export, own: Sequence[Decision]
) -> None:
    """Write the answers to staged_answer: a row each, of several options chosen a row for each option of the form."""
    questions = form.by_name
    states = delivery.source.survey.states
    offered = {name: list(counted_options(question, states)) for name, question in questions.items()}

    def rows() -> Iterator[tuple]:
        for submission in export.submissions:
            for answer in submission.answers:
                if own and decided(own, EXCLUDE, delivery.file, submission.sheet, submission.row, answer.question):
                    answer = Answer(answer.question, answer.item, "no_answer")
                place = (submission.sheet, submission.row, answer.question, answer.item)
                for option, code, value in _told(questions[answer.question], answer, offered):
                    yield (*place, option, code, value, answer.state)

    told = list(rows())
    table = pa.table({
        name: pa.array([row[number] for row in told], kind) for number, (name, kind) in enumerate(STAGED.items())
    })  # fmt: skip
    connection.register("told", table)
    connection.execute(f"INSERT INTO staged_answer SELECT {literal(delivery.id)}, * FROM told")
    connection.unregister("told")


def counted_options(question: Question, states: Mapping[str, Any]) -> Iterator[str]:
    """Yield the codes of the options that are answers to a question, not words for having none."""
    for option in question.options:
        if not {folded(word) for word in (option.code, *option.labels.values())} & states.keys():
            yield option.code


def _told(question: Question, answer: Answer, offered: Mapping[str, Sequence[str]]) -> Iterable[tuple]:
    """Return option, code and value of an answer, as the table `answer` holds them."""
    if answer.state != "given":
        return [("", None, None)]
    if question.kind == "number":
        return [("", None, answer.number)]
    if question.kind == "one":
        return [("", answer.codes[0], None)]
    options = (code for code in offered[question.name] if code not in answer.not_offered)
    return [(code, None, int(code in answer.codes)) for code in options]


def _describe(connection: duckdb.DuckDBPyConnection, source: SourceDescription, form: Form, edition: Edition) -> None:
    """Write the wording of a wave's questions and options, once for all files of it."""
    survey = source.survey
    key = [survey.instrument, survey.wave]
    first, last = survey.fieldwork or (None, None)
    known = connection.execute("SELECT 1 FROM survey WHERE source_id = $1", [source.id]).fetchone()
    if known:
        return
    insert_rows(
        connection, "survey", [(*key, form.id, form.version, survey.invited, first, last, source.id)]
    )  # fmt: skip
    if connection.execute("SELECT 1 FROM question WHERE instrument = $1 AND wave = $2 LIMIT 1", key).fetchone():
        return
    insert_rows(connection, "question", [
        (*key, q.name, q.kind, q.of, q.repeat, number, *_labels(q.labels, edition))
        for number, q in enumerate(form.questions)
    ])  # fmt: skip
    insert_rows(connection, "option", [
        (*key, q.name, o.code, _state(o.code, o.labels, survey), number,
         *_labels(o.labels, edition))
        for q in form.questions for number, o in enumerate(q.options)
    ])  # fmt: skip


def _labels(labels: Mapping[str, str], edition: Edition) -> Iterator[str | None]:
    """Yield a wording as the form has it first, then in each of the edition's languages that it has."""
    yield next(iter(labels.values()), None)
    yield from (labels.get(language) for language in edition.languages)


def _state(code: str, labels: Mapping[str, str], survey: Survey) -> str | None:
    """Return what an option means that is no answer, None where it is one."""
    return next(
        (survey.states[folded(word)] for word in (code, *labels.values()) if folded(word) in survey.states), None
    )


def load_answers(connection: duckdb.DuckDBPyConnection) -> None:
    """Make the table `answer`: the answers of the respondents that stand, by their number.

    A respondent whose company or NGO is not known stays without one; that is pointed out.
    """
    connection.execute("""
        CREATE TABLE answer AS
        SELECT r.respondent_id, r.instrument, r.wave, a.question, a.item, a.option, a.code, a.value, a.state
        FROM staged_answer AS a
        JOIN respondent AS r
            ON r.delivery_id = a.delivery_id AND r."row" = a."row" AND r.sheet IS NOT DISTINCT FROM a.sheet
        ORDER BY ALL
    """)
    for table, number in (("company", "company_id"), ("ngo", "ngo_id")):
        connection.execute(f"""
            INSERT INTO notice
            SELECT delivery_id, (SELECT file FROM received AS f WHERE f.delivery_id = r.delivery_id), sheet, MIN("row"),
                '{number}', {number}, 'unknown_respondent_of', CAST(json_object('times', COUNT(*)) AS VARCHAR)
            FROM respondent AS r
            WHERE {number} IS NOT NULL AND {number} NOT IN (SELECT {number} FROM {table} WHERE {number} IS NOT NULL)
            GROUP BY ALL
        """)
        connection.execute(f"""
            UPDATE respondent SET {number} = NULL
            WHERE {number} NOT IN (SELECT {number} FROM {table} WHERE {number} IS NOT NULL)
        """)

"""Respondents: whoever filled in a form as a row of a sheet, with what the tool and the description say of them."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace

import duckdb

from etl.expressions import columns_of
from etl.headings import match_headings
from etl.load import insert_rows
from etl.read import Sheet
from etl.read.sheet import new_relation
from etl.sources import SourceDescription
from etl.surveys.described import Survey
from etl.surveys.export import Export, Submission
from etl.surveys.form import Form
from etl.surveys.quality import answered_at, duration_s
from observatory.fact_files import folded
from observatory.registry import registry

ANSWERED = "answered"
DECLINED = "declined"
EMPTY = "empty"
CONSENT = "consent"


def land_respondents(
    connection: duckdb.DuckDBPyConnection,
    source: SourceDescription,
    form: Form,
    export: Export,
    excluded: Mapping[int, Mapping[str, str]],
) -> Sheet:
    """Land the respondents: what the tool and the description say of them, and those answers that feed a field."""
    wanted = _feeding(source, form)
    told = [
        {**_fields(source.survey, submission), **_feeds(submission, wanted), **excluded.get(place, {})}
        for place, submission in enumerate(export.submissions)
    ]
    numbers = _numbers(source.survey, export.submissions)
    headings = tuple(dict.fromkeys(["respondent_id", *(heading for row in told for heading in row)]))
    relation = new_relation()
    columns = ", ".join(f"c{number} VARCHAR" for number in range(1, len(headings) + 1))
    connection.execute(f'CREATE TEMP TABLE {relation} (sheet VARCHAR, "row" BIGINT, {columns})')
    insert_rows(connection, relation, (
        (submission.sheet, submission.row, number, *(row.get(heading) or "" for heading in headings[1:]))
        for submission, number, row in zip(export.submissions, numbers, told, strict=True)
    ))  # fmt: skip
    aside = {folded(heading) for heading in (*headings, *source.not_used)}
    unused = tuple(heading for heading in export.unused if folded(heading) not in aside)
    return Sheet(relation, headings, replace(match_headings(source, headings), unused=unused), tables=(relation,))


def _feeding(source: SourceDescription, form: Form) -> frozenset[str]:
    """Return the columns and questions that may feed a field of a respondent: those the description names, and in a
    questionnaire of ours those that bear the name of a field."""
    named = {
        name
        for column in source.columns.values()
        for name in (*column.headings, *(columns_of(column.sql) if column.sql else ()), *filter(None, [column.times]))
    }
    if source.survey.form is None:
        fields = registry().tables[source.table]["fields"]
        named |= {heading for facts in fields.values() for listed in facts["headings"].values() for heading in listed}
        named |= set(fields)
    return frozenset(folded(name) for name in named)


def _fields(survey: Survey, submission: Submission) -> dict[str, str]:
    """Return what is known of a respondent beside the answers."""
    said = answered_at(submission.tool)
    seconds = duration_s(submission)
    consent = next((a for a in submission.answers if a.question == CONSENT and a.state == "given"), None)
    given = any(a.state == "given" and a.question != CONSENT for a in submission.answers)
    declined = consent is not None and not given
    return {
        "instrument": survey.instrument,
        "wave": str(survey.wave),
        "submitted_date": said.date().isoformat() if said else "",
        "duration_s": str(seconds) if seconds else "",
        "status": ANSWERED if given else DECLINED if declined else EMPTY,
    }


def _feeds(submission: Submission, wanted: frozenset[str]) -> dict[str, str]:
    """Return the answers and other cells of a submission that feed a field, by question or heading."""
    answers = {
        answer.question: " ".join(answer.codes) or ("" if answer.number is None else format(answer.number, "f"))
        for answer in submission.answers
        if not answer.item and answer.state == "given"
    }
    return {name: text for name, text in {**submission.texts, **answers}.items() if folded(name) in wanted}


def _numbers(survey: Survey, submissions: Sequence[Submission]) -> list[str]:
    """Return a number for each respondent that tells nothing of the person: of the tool's own number, else of all that
    was answered, counted on where that is the same."""
    numbers, counted = [], defaultdict(int)
    for submission in submissions:
        own = submission.tool.get("id") or ""
        content = own or repr([sorted(submission.tool.items()), sorted(submission.texts.items()), submission.answers])
        made = hashlib.sha256(f"{survey.instrument}\n{survey.wave}\n{content}".encode()).hexdigest()[:16]
        counted[made] += 1
        numbers.append(made if own or counted[made] == 1 else f"{made}-{counted[made]}")
    return numbers

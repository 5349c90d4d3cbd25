"""Exports: filled forms as four survey tools write them, each in the ways that can be chosen there.

KoboToolbox and ODK: https://support.kobotoolbox.org/export_download.html. LimeSurvey: "Export results" with question
code, text or both. Google Forms: the sheet of responses. SurveyMonkey: "All responses data", expanded.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from etl.surveys.form import UNSPOKEN, Form, Option, Question

Given = str | tuple[str, ...] | Decimal | None
"""One option's code, the codes of several, a number, or None: no answer."""


@dataclass(frozen=True)
class Filled:
    """A filled form: its number at the tool, when it was filled in, and the answers by question.

    `texts` are what else stands in it, by the heading of its column.
    """

    id: str
    started: datetime
    finished: datetime
    answers: Mapping[str, Given]
    texts: Mapping[str, str] = field(default_factory=dict)


Rows = list[list[str]]


def kobo(
    form: Form, filled: Sequence[Filled], language: str | None = None, multiple: str = "both", with_groups: bool = True
) -> Rows:
    """Return the rows of KoboToolbox.

    Args:
        form: what was asked.
        filled: in the order of the rows.
        language: of the labels; None writes codes ("XML values and headers").
        multiple: how several answers stand: "joined" in one column, "split" over a column each, or "both".
        with_groups: whether the groups of a question stand in its heading.
    """
    head: list[str] = []
    columns: list[Callable[[Filled], str]] = []
    for question in _texts(form):
        head.append(_kobo_heading(question, language, with_groups))
        columns.append(lambda f, name=question.name: f.texts.get(name, ""))
    for question in form.questions:
        heading = _kobo_heading(question, language, with_groups)
        if question.kind != "many" or multiple in ("joined", "both"):
            head.append(heading)
            columns.append(lambda f, q=question: _kobo_cell(q, f.answers.get(q.name), language))
        if question.kind == "many" and multiple in ("split", "both"):
            for option in question.options:
                head.append(f"{heading}/{_spoken(option.labels, option.code, language)}")
                columns.append(lambda f, q=question, o=option: _ticked(f.answers.get(q.name), o.code, "1", "0"))
    rows = [["start", "end", *head, "_id", "_uuid", "_submission_time", "_index"]]
    for number, form_ in enumerate(filled, 1):
        began, ended = (
            f"{moment.isoformat(timespec='milliseconds')}+05:00" for moment in (form_.started, form_.finished)
        )
        cells = [column(form_) for column in columns]
        rows.append([began, ended, *cells, str(400_000 + number), form_.id, form_.finished.isoformat(), str(number)])
    return rows


def limesurvey(
    form: Form, filled: Sequence[Filled], language: str, heading: str = "code. text", by_code: bool = False
) -> Rows:
    """Return the rows of LimeSurvey.

    Args:
        form: what was asked.
        filled: in the order of the rows.
        language: of the texts.
        heading: "code. text", "code" or "text".
        by_code: whether answers stand as codes.
    """

    def named(question: Question, option: Option | None = None) -> str:
        code = question.name + (f"[{option.code}]" if option else "")
        text = _spoken(question.labels, question.name, language)
        text += f" [{_spoken(option.labels, option.code, language)}]" if option else ""
        return {"code": code, "text": text}.get(heading, f"{code}. {text}")

    yes, no = ("Y", "N") if by_code else ("Yes", "No")
    head = ["id. Response ID" if heading != "code" else "id", "submitdate. Date submitted", "startdate. Date started"]
    head += [named(question) for question in _texts(form)]
    columns: list[Callable[[Filled], str]] = [
        lambda f, q=question: f.texts.get(q.name, "") for question in _texts(form)
    ]
    for question in form.questions:
        if question.kind == "many":
            for option in question.options:
                head.append(named(question, option))
                columns.append(lambda f, q=question, o=option: _ticked(f.answers.get(q.name), o.code, yes, no))
            continue
        head.append(named(question))
        columns.append(lambda f, q=question: _cell(q, f.answers.get(q.name), None if by_code else language))
    columns.append(lambda f: str((f.finished - f.started).total_seconds()))
    rows = [[*head, "interviewtime. Total time"]]
    for form_ in filled:
        moments = [moment.isoformat(" ", "seconds") for moment in (form_.finished, form_.started)]
        rows.append([form_.id, *moments, *(column(form_) for column in columns)])
    return rows


def google_forms(form: Form, filled: Sequence[Filled], language: str, joined_by: str = ", ") -> Rows:
    """Return the rows of Google Forms: labels alone, several answers joined although one may hold the same sign."""
    asked = [*_texts(form), *form.questions]
    rows = [[TIMESTAMP.get(language, "Timestamp"), *(_spoken(q.labels, q.name, language) for q in asked)]]
    for form_ in filled:
        cells = [form_.texts.get(question.name, "") for question in _texts(form)]
        cells += [_cell(question, form_.answers.get(question.name), language, joined_by) for question in form.questions]
        rows.append([form_.finished.strftime("%d.%m.%Y %H:%M:%S"), *cells])
    return rows


def surveymonkey(form: Form, filled: Sequence[Filled], language: str, two_rows: bool = True) -> Rows:
    """Return the rows of SurveyMonkey: questions above, options below; or both in one heading, "Question - Option"."""
    upper = ["Respondent ID", "Collector ID", "Start Date", "End Date"]
    lower = [""] * len(upper)
    columns: list[Callable[[Filled], str]] = []
    for question in _texts(form):
        upper.append(_spoken(question.labels, question.name, language))
        lower.append("Open-Ended Response")
        columns.append(lambda f, name=question.name: f.texts.get(name, ""))
    for question in form.questions:
        text = _spoken(question.labels, question.name, language)
        if question.kind != "many":
            upper.append(text)
            lower.append("Response" if question.kind == "one" else "Open-Ended Response")
            columns.append(lambda f, q=question: _cell(q, f.answers.get(q.name), language))
            continue
        for number, option in enumerate(question.options):
            label = _spoken(option.labels, option.code, language)
            upper.append("" if two_rows and number else text)
            lower.append(label)
            columns.append(lambda f, q=question, o=option, said=label: _ticked(f.answers.get(q.name), o.code, said, ""))
    if two_rows:
        rows = [upper, lower]
    else:
        known = ("", "Response", "Open-Ended Response")
        rows = [[above if below in known else f"{above} - {below}" for above, below in zip(upper, lower, strict=True)]]
    for form_ in filled:
        moments = [moment.strftime("%m/%d/%Y %I:%M:%S %p") for moment in (form_.started, form_.finished)]
        rows.append([form_.id, "410558", *moments, *(column(form_) for column in columns)])
    return rows


TIMESTAMP = {"ru": "Отметка времени", "kk": "Уақыт белгісі", "ar": "طابع زمني", "en": "Timestamp"}


def _texts(form: Form) -> list[Question]:
    """Return the questions of a form that are answered in words, such as the code of the company."""
    return [question for question in form.left_out if question.labels]


def _spoken(labels: Mapping[str, str], code: str, language: str | None) -> str:
    """Return a label in a language, or the code where none is wanted or there is none."""
    return code if language is None else labels.get(language) or labels.get(UNSPOKEN) or code


def _labels(question: Question, language: str | None) -> dict[str, str]:
    return {option.code: _spoken(option.labels, option.code, language) for option in question.options}


def _cell(question: Question, given: Given, language: str | None, joined_by: str = ", ") -> str:
    if given is None:
        return ""
    if isinstance(given, Decimal):
        return format(given, "f").replace(".", "," if language in ("kk", "ru") else ".")
    labels = _labels(question, language)
    chosen = (given,) if isinstance(given, str) else given
    return joined_by.join(labels[code] for code in chosen)


def _kobo_heading(question: Question, language: str | None, with_groups: bool) -> str:
    own = _spoken(question.labels, question.name, language)
    return "/".join((*question.groups, own)) if with_groups else own


def _kobo_cell(question: Question, given: Given, language: str | None) -> str:
    if isinstance(given, Decimal):
        return format(given, "f")
    return _cell(question, given, language, " ")


def _ticked(given: Given, code: str, chosen: str, not_chosen: str) -> str:
    if given is None:
        return ""
    return chosen if code in given else not_chosen

"""Exports: the answers in the sheets of one file, read with the form they belong to.

A row of a sheet is a submission; rows of further sheets, for groups that are asked again for each member of a
household or each project, belong to one by its number or its index.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import NamedTuple

from etl.surveys.cells import NOTHING, Choices, Read, distinct, number_reader
from etl.surveys.columns import Headings, Layout, Place
from etl.surveys.conditions import Condition
from etl.surveys.form import Form, Question
from etl.surveys.ticked import OptionColumns
from etl.surveys.words import State

Cells = Sequence[str]

DIGITS_TOLD = 7


class Answer(NamedTuple):
    """What one submission says to one question.

    Attributes:
        item: of a repeated group, from 1; 0 where the question is asked once.
        codes: of the options chosen, none of several may be; empty unless one was given.
        number: in a question that asks for one.
        not_offered: options that could not be chosen.
    """

    question: str
    item: int
    state: State
    codes: tuple[str, ...] = ()
    number: Decimal | None = None
    not_offered: tuple[str, ...] = ()


class Oddity(NamedTuple):
    """Something to point out; `row` is None where it is the sheet's or the file's, `question` where it is the row's.

    `is_set_aside` says that an answer stands there which is not taken over.
    """

    rule: str
    sheet: str | None
    row: int | None
    heading: str | None = None
    question: str | None = None
    value: str | None = None
    suggestion: str | None = None
    item: int = 0
    is_set_aside: bool = False


@dataclass
class Submission:
    """One filled form: where it stands, what the tool says of it, what it answers.

    `texts` are the filled columns that are no counted question, by heading or by the code of the question; those of
    the items of repeated groups are `items`, by the number of the item.
    """

    sheet: str | None
    row: int
    tool: Mapping[str, str]
    texts: Mapping[str, str]
    answers: list[Answer] = field(default_factory=list)
    items: dict[int, Mapping[str, str]] = field(default_factory=dict)

    def known(self) -> dict[int, dict[str, str]]:
        """Return what conditions look at, by item: codes parted by blanks, numbers, and texts; 0 is the form itself."""
        known: dict[int, dict[str, str]] = {0: dict(self.texts)}
        for answer in self.answers:
            known.setdefault(answer.item, {})[answer.question] = said(answer)
        return {item: {**known[0], **self.items.get(item, {}), **answers} for item, answers in known.items()}


@dataclass
class Export:
    """What a file holds.

    Attributes:
        submissions: in the order of the file.
        oddities: what is to be pointed out.
        unread: sheets without a heading of the form, and how many rows they have.
        unused: headings that are no question and nothing a tool adds.
        without_column: questions of the form that have no column, by code.
    """

    submissions: list[Submission] = field(default_factory=list)
    oddities: list[Oddity] = field(default_factory=list)
    unread: list[tuple[str | None, int]] = field(default_factory=list)
    unused: tuple[str, ...] = ()
    without_column: tuple[str, ...] = ()
    rows: int = 0


def filled_count(rows: Iterable[Cells]) -> int:
    """Return how many rows hold anything."""
    return sum(any(cell.strip() for cell in row) for row in rows)


def said(answer: Answer) -> str:
    """Return an answer as a condition looks at it."""
    if answer.number is not None:
        return format(answer.number, "f")
    return " ".join(answer.codes)


def read_export(
    form: Form,
    headings: Headings,
    sheets: Iterable[tuple[str | None, Sequence[Cells]]],
    states: Mapping[str, State],
    kept: Set[tuple[str, int, str]] = frozenset(),
) -> Export:
    """Return what the sheets of a file answer.

    Args:
        form: the questions.
        headings: finds them.
        sheets: the name of each, None for a text file, and its rows from the very first.
        states: codes and labels, folded, that mean no answer, with what they mean.
        kept: answers that stand although the form would not allow them: sheet ("" for any), row, question.
    """
    export, reading = Export(), _Reading(form, states, kept)
    main, inner = [], []
    for name, rows in sheets:
        layout = headings.layout(rows)
        if layout is None:
            export.unread.append((name, filled_count(rows)))
            continue
        (inner if layout.repeat else main).append((name, layout, rows))
    for name, layout, rows in main:
        export.submissions += reading.submissions(name, layout, rows, export)
    for name, layout, rows in inner:
        reading.items(name, layout, rows, export)
    for submission in export.submissions:
        reading.settle(submission, export)
    layouts = [layout for _, layout, _ in (*main, *inner)]
    found = {place.question.name for layout in layouts for place in layout.places}
    export.without_column = tuple(question.name for question in form.questions if question.name not in found)
    export.unused = tuple(dict.fromkeys(heading for layout in layouts for heading in layout.unused))
    export.oddities += reading.not_understood
    return export


class _Reading:
    """Reads the sheets of one file."""

    def __init__(self, form: Form, states: Mapping[str, State], kept: Set[tuple[str, int, str]]):
        self._kept = kept
        self._questions = form.by_name
        self._choices = {question.name: Choices(question, states) for question in form.questions}
        self._relevant = {
            question.name: [Condition(written) for written in question.relevant] for question in form.questions
        }
        self._constraints = {
            question.name: Condition(question.constraint) for question in form.questions if question.constraint
        }

    @property
    def not_understood(self) -> list[Oddity]:
        """Questions whose conditions cannot be evaluated: whether they were asked is taken from whether they are
        answered."""
        return [
            Oddity("condition_not_understood", None, None, question=name)
            for name in self._questions
            if not all(
                condition.is_understood
                for condition in (*self._relevant[name], *filter(None, [self._constraints.get(name)]))
            )
        ]

    def submissions(self, sheet: str | None, layout: Layout, rows: Sequence[Cells], export: Export) -> list[Submission]:
        """Return the rows of a sheet as submissions, each with what its cells say."""
        found = []
        for number, cells, answers in self._rows(sheet, layout, rows, export):
            tool = {of: _at(cells, column) for of, column in layout.tool.items()}
            found.append(Submission(sheet, number, tool, _texts(layout, cells), answers))
        export.rows += len(rows) - layout.first_row
        return found

    def items(self, sheet: str | None, layout: Layout, rows: Sequence[Cells], export: Export) -> None:
        """Add the rows of a sheet of a repeated group to the submissions they belong to."""
        by_id = {submission.tool["id"]: submission for submission in export.submissions if submission.tool.get("id")}
        by_index = {s.tool["index"]: s for s in export.submissions if s.tool.get("index")}
        counted: dict[int, int] = {}
        for number, cells, answers in self._rows(sheet, layout, rows, export):
            parent, parent_id = (_at(cells, layout.tool.get(of)) for of in ("parent", "parent_id"))
            owner = by_id.get(parent_id) or by_index.get(parent) or by_id.get(parent)
            if owner is None:
                export.oddities.append(Oddity("row_without_submission", sheet, number))
                continue
            item = counted[id(owner)] = counted.get(id(owner), 0) + 1
            owner.items[item] = {**owner.items.get(item, {}), **_texts(layout, cells)}
            owner.answers += [answer._replace(item=item) for answer in answers]

    def _rows(
        self, sheet: str | None, layout: Layout, rows: Sequence[Cells], export: Export
    ) -> Iterator[tuple[int, Cells, list[Answer]]]:
        """Yield the number of each filled row, its cells, and what they answer; nothing said is no answer."""
        filled = [
            (number, cells)
            for number, cells in enumerate(rows[layout.first_row :], layout.first_row + 1)
            if any(cell.strip() for cell in cells)
        ]
        places: dict[str, list[Place]] = {}
        for place in layout.places:
            places.setdefault(place.question.name, []).append(place)
        columns = [
            (name, at, self._reader(self._questions[name], at, [cells for _, cells in filled]))
            for name, at in places.items()
        ]
        for number, cells in filled:
            answers = []
            for name, at, read in columns:
                answer = read(cells)
                if answer.rule:
                    heading = next((place.heading for place in at if _at(cells, place.column)), at[0].heading)
                    export.oddities.append(Oddity(
                        answer.rule, sheet, number, heading, name, answer.value, answer.suggestion,
                        is_set_aside=answer.state == "no_answer",
                    ))  # fmt: skip
                told = answer.codes, answer.number, answer.not_offered
                answers.append(Answer(name, 0, answer.state or "no_answer", *told))
            yield number, cells, answers

    def _reader(self, question: Question, at: Sequence[Place], rows: Sequence[Cells]) -> Callable[[Cells], Read]:
        """Return what reads a question's answer from a row, from the first of its columns that says one."""
        choices = self._choices[question.name]
        whole = [place.column for place in at if place.option is None]
        if question.kind == "number":
            by_spelling = number_reader(question, (cell for column in whole for cell in distinct(rows, column)))
        else:
            by_spelling = choices.one if question.kind == "one" else choices.joined
        known = {cell: by_spelling(cell) for column in whole for cell in distinct(rows, column)}
        options = OptionColumns(at, rows, choices)

        def read(cells: Cells) -> Read:
            found = [known[_at(cells, column)] for column in whole if _at(cells, column) in known]
            first = next((answer for answer in found if answer != NOTHING), NOTHING)
            if options:
                ticked = options.read(cells)
                if question.kind == "many" and ticked != NOTHING:
                    return ticked if first == NOTHING or first.rule else _agreeing(ticked, first)
                if question.kind == "one" and first == NOTHING:
                    return ticked
            others = [answer for answer in found if answer not in (NOTHING, first)]
            return Read(first.state, first.codes, first.number, "answers_disagree") if others else first

        return read

    def settle(self, submission: Submission, export: Export) -> None:
        """Say of each question without an answer whether it was asked, and point out what a form would not allow."""
        known = submission.known()
        submission.answers = [
            self._settled(submission, answer, known[answer.item], export) for answer in submission.answers
        ]

    def _settled(self, submission: Submission, answer: Answer, known: Mapping[str, str], export: Export) -> Answer:
        sheet, row = submission.sheet, submission.row
        is_kept = any((name, row, answer.question) in self._kept for name in ("", sheet or ""))
        asked = [self._holds(condition, known) for condition in self._relevant[answer.question]]
        if False in asked and not (is_kept and answer.state == "given"):
            if answer.state != "no_answer":
                export.oddities.append(Oddity(
                    "not_to_be_asked", sheet, row, question=answer.question, item=answer.item, is_set_aside=True
                ))  # fmt: skip
            return answer._replace(state="not_asked", codes=(), number=None)
        constraint = self._constraints.get(answer.question)
        text = said(answer) if answer.state == "given" else ""
        if constraint and text and self._holds(constraint, known, text) is False:
            if answer.number is None:
                export.oddities.append(Oddity(
                    "combination_not_allowed", sheet, row, question=answer.question, item=answer.item
                ))  # fmt: skip
                return answer
            export.oddities.append(Oddity(
                "not_allowed", sheet, row, question=answer.question, value=_tellable(text), item=answer.item,
                is_set_aside=not is_kept,
            ))  # fmt: skip
            return answer if is_kept else answer._replace(state="no_answer", number=None)
        return answer

    def _holds(self, condition: Condition, known: Mapping[str, str], answer: str = "") -> bool | None:
        """Return whether a condition holds; None where it looks at something that the file does not tell."""
        if any(name not in known and name not in self._questions for name in condition.names):
            return None
        return condition.holds(known, answer)


def _tellable(number: str) -> str:
    """Return a number as it may be told: one with so many digits may be somebody's telephone."""
    return f"{number[:2]}…" if len(number) > DIGITS_TOLD else number


def _texts(layout: Layout, cells: Cells) -> dict[str, str]:
    """Return the filled cells of a row that are no counted question, by heading or by the code of the question."""
    columns = {**layout.others, **layout.left_out}
    return {heading: text for heading, column in columns.items() if (text := _at(cells, column))}


def _agreeing(ticked: Read, joined: Read) -> Read:
    """Return the answer of the options' own columns; pointed out is that the joined one says something else."""
    return ticked if set(ticked.codes) == set(joined.codes) else replace(ticked, rule="answers_disagree")


def _at(cells: Cells, column: int | None) -> str:
    return cells[column].strip() if column is not None and column < len(cells) else ""

"""Columns: which column of an export holds the answers to which question, whatever tool wrote its headings.

A question is known by its code, its wording in any language or both; an option, behind it, by its code or its label.
Since punctuation makes no difference, "q/option", "q - option", "q [option]" and "code. question [option]" are one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise, zip_longest

from etl.surveys.form import Form, Question, plain
from etl.surveys.words import survey_words
from observatory.fact_files import folded

HEADINGS_WITHIN = 20
"""Rows at the top of a sheet among which the headings are looked for: titles may stand above them."""

GROUPS = re.compile(r"\s*(?:/|>|\||::)\s*")
"""What stands between the names of groups and that of a question."""

CODED = re.compile(
    r"\s*(?P<code>[A-Za-z]\w*)(?:\[(?P<part>[^\[\]]+)\])?(?:\[[^\[\]]*\])*\s*(?:\._\.|[.:]|$)(?P<text>.*)", re.S
)
"""A heading of LimeSurvey: "code. question", "code[part]. question [part in words]", or the code alone."""

IN_BRACKETS = re.compile(r"\[(?P<last>[^\[\]]*)\]\s*$")


@dataclass(frozen=True)
class Place:
    """Where answers stand: the column (from 0), its heading, the question and, where it is one option's, its code."""

    column: int
    heading: str
    question: Question
    option: str | None = None


@dataclass(frozen=True)
class Layout:
    """How the rows of a sheet read.

    Attributes:
        first_row: the first row of answers, from 0.
        headings: of every column.
        places: where the answers stand, in the order of the columns.
        tool: the columns of what the tool adds: id, started, finished, submitted, duration, index, parent, parent_id.
        left_out: columns of questions whose answers are not kept, by the question's code.
    """

    first_row: int
    headings: tuple[str, ...]
    places: tuple[Place, ...]
    tool: Mapping[str, int] = field(default_factory=dict)
    left_out: Mapping[str, int] = field(default_factory=dict)

    @cached_property
    def repeat(self) -> str:
        """The repeated group that most of the questions with a column are asked in; "" where it is none."""
        asked = [place.question.repeat for place in self.places]
        return max(dict.fromkeys(asked), key=asked.count, default="")

    @property
    def others(self) -> dict[str, int]:
        """The columns that are no question of the form, by heading."""
        known = {*(place.column for place in self.places), *self.left_out.values()}
        return {heading: column for column, heading in enumerate(self.headings) if heading and column not in known}

    @property
    def unused(self) -> tuple[str, ...]:
        """The headings that are no question of the form and nothing that a tool adds."""
        added = survey_words().added
        return tuple(
            heading for heading, column in self.others.items()
            if folded(heading) not in added and column not in self.tool.values()
        )  # fmt: skip


class Headings:
    """Finds the questions of a form by the headings of an export.

    Args:
        form: the form.
        variants: what the codes of a question's variants end in, where it was asked differently in different places.
        called: more headings by which questions are known.
    """

    def __init__(self, form: Form, variants: re.Pattern[str] | None = None, called: Mapping[str, str] | None = None):
        self._variants = variants
        self._names = {folded(question.name): question for question in (*form.left_out, *form.questions)}
        self._order = {question.name: number for number, question in enumerate(form.questions)}
        self._known: dict[str, list[tuple[Question, str | None]]] = {}
        for question in (*form.questions, *form.left_out):
            said = _said(question, (called or {}).get(question.name))
            for key in said:
                self._add(key, question, None)
            for option in question.options if question.kind == "many" else _others(question):
                labels = {folded(option.code), *(folded(label) for label in option.labels.values())}
                for key in said:
                    for label in labels:
                        self._add(f"{key} {label}".strip(), question, option.code)

    def _add(self, key: str, question: Question, option: str | None) -> None:
        found = self._known.setdefault(key, [])
        if key and (question, option) not in found:
            found.append((question, option))

    def layout(self, rows: Sequence[Sequence[str]]) -> Layout | None:
        """Return how a sheet reads whose first rows are given; None where no cell is a heading of the form."""
        best = None
        for number, headings in readings(rows[:HEADINGS_WITHIN]):
            read = self._read(number, headings)
            if read.places and (best is None or _worth(read) > _worth(best)):
                best = read
        return best

    def _read(self, first_row: int, headings: Sequence[str]) -> Layout:
        places: list[Place] = []
        left_out: dict[str, int] = {}
        used: set[tuple[str, str | None]] = set()
        last = -1
        for column, heading in enumerate(headings):
            found = self._one_of(self._candidates(heading), used, last)
            if found is None:
                continue
            question, option = found
            if question.name not in self._order:
                left_out[heading if question.name in left_out else question.name] = column
                continue
            used.add((question.name, option))
            last = max(last, self._order[question.name])
            places.append(Place(column, heading, question, option))
        taken = {place.column for place in places}
        return Layout(first_row, tuple(headings), tuple(places), tool_columns(headings, taken), left_out)

    def _candidates(self, heading: str) -> Sequence[tuple[Question, str | None]]:
        """Return what a heading may mean: read whole, then with its groups left away, then as one of LimeSurvey."""
        text = plain(heading)
        cuts = [0, *(found.end() for found in GROUPS.finditer(text))]
        for cut in cuts:
            if found := self._known.get(folded(text[cut:])):
                return found
        return self._coded(text)

    def _coded(self, heading: str) -> Sequence[tuple[Question, str | None]]:
        matched = CODED.match(heading)
        if not matched:
            return ()
        code, part = matched["code"], matched["part"] or ""
        code = self._variants.sub("", code) if self._variants else code
        named = self._names.get(folded(part)) or self._names.get(folded(f"{code} {part}"))
        if named and part:
            return [(named, None)]
        question = self._names.get(folded(code))
        if question is None:
            return ()
        if question.kind != "many" or not part:
            return [(question, None)]
        in_words = IN_BRACKETS.search(matched["text"])
        for label in (part, in_words["last"] if in_words else ""):
            if label and (found := self._known.get(f"{folded(question.name)} {folded(label)}")):
                return found
        return ()

    def _one_of(
        self, candidates: Sequence[tuple[Question, str | None]], used: set[tuple[str, str | None]], last: int
    ) -> tuple[Question, str | None] | None:
        """Return which of several questions worded alike is meant: the next in the order of the form not yet found."""
        if len(candidates) < 2:
            return candidates[0] if candidates else None
        counted = [(self._order.get(question.name, -1), question, option) for question, option in candidates]
        free = [entry for entry in counted if (entry[1].name, entry[2]) not in used]
        ahead = [entry for entry in free if entry[0] >= last]
        return (ahead or free or counted)[0][1:]


def _said(question: Question, called: str | None) -> set[str]:
    """Return the headings, folded, by which a question is known: its code, its wordings, and both."""
    name = folded(question.name)
    labels = {folded(label) for label in (*question.labels.values(), called or "") if label}
    return {name, *labels, *(f"{name} {label}" for label in labels)}


def _others(question: Question) -> Iterator:
    """Yield the option that covers every other answer: what was written in its place has a column of its own."""
    for option in question.options:
        if {folded(option.code), *(folded(label) for label in option.labels.values())} & survey_words().other:
            yield option


def readings(rows: Sequence[Sequence[str]]) -> Iterator[tuple[int, list[str]]]:
    """Yield each row as headings, then each with the one below, and the row at which the answers begin.

    A row below that says "Response" is never one of answers.
    """
    for number, (cells, below) in enumerate(zip_longest(rows, rows[1:], fillvalue=())):
        if not any(folded(cell) in survey_words().single_answer for cell in below):
            yield number + 1, [cell.strip() for cell in cells]
    for number, (cells, below) in enumerate(pairwise(rows)):
        if not any(cells):
            continue
        yield number + 2, list(_joined(cells, below))


def _joined(upper: Sequence[str], lower: Sequence[str]) -> Iterator[str]:
    """Yield the headings of two rows: the question stands over the first of its options alone."""
    above = ""
    for column in range(max(len(upper), len(lower))):
        own = upper[column].strip() if column < len(upper) else ""
        below = lower[column].strip() if column < len(lower) else ""
        above = own or above
        yield above if not below or folded(below) in survey_words().single_answer else f"{above} - {below}"


def _worth(layout: Layout) -> int:
    return len({(place.question.name, place.option) for place in layout.places})


def tool_columns(headings: Sequence[str], taken: Iterable[int]) -> dict[str, int]:
    """Return the columns of what the tool adds; of several headings for one thing the first of surveys.yml counts."""
    places: dict[str, int] = {}
    for column, heading in enumerate(headings):
        if column not in taken:
            places.setdefault(folded(heading), column)
            places.setdefault(folded(GROUPS.split(heading)[-1]), column)
            if coded := CODED.match(heading):
                places.setdefault(folded(coded["code"]), column)
                places.setdefault(folded(coded["text"]), column)
    found = {}
    for of, known in survey_words().headings.items():
        column = next((places[heading] for heading in known if heading in places), None)
        if column is not None:
            found[of] = column
    return found

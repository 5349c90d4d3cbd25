"""Sketch: the form of an export that came without one, as an XLSForm to be corrected and translated.

Columns that begin alike and say yes or no, or their own option, are one question with several answers; numbers alone
are a question for a number; few different answers are options; everything else is text, which is never kept.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from etl.surveys.columns import CODED, HEADINGS_WITHIN, IN_BRACKETS, readings
from etl.surveys.words import survey_words
from etl.values import parse_number
from observatory.fact_files import folded

OPTIONS_MOST = 150
"""More different answers than this are no list to choose from."""

OPTIONS_SHARE = 0.3
"""Of the answers: where more of them than this are different, people wrote them."""

LONGEST_OPTION = 160

STEM = re.compile(r"(?P<stem>.+?)(?:\s+-\s+|/|\s*\[)(?P<tail>[^\[\]]*)\]?\s*$", re.S)
"""A heading of one option: "Question - Option", "question/option" or "Question [Option]"."""

UNFIT = re.compile(r"[^A-Za-z0-9_]+")

Rows = list[dict[str, str]]


@dataclass
class _Column:
    """A column: its heading, the question it names, the option, and the answers in it."""

    heading: str
    code: str
    stem: str
    tail: str
    answers: list[str] = field(default_factory=list)

    @property
    def is_ticked(self) -> bool:
        """Whether every answer says yes, no or the option itself."""
        words = survey_words()
        known = words.chosen | words.not_chosen | words.blank | {folded(self.tail)}
        return bool(self.tail) and all(folded(answer) in known for answer in self.answers)


def sketch(rows: Sequence[Sequence[str]], variants: re.Pattern[str] | None = None) -> dict[str, Rows]:
    """Return the sheets survey and choices of a form that the rows of an export may be answers to.

    Args:
        rows: from the very first, headings in one row or two.
        variants: what the codes of a question's variants end in; they become one question.
    """
    columns = list(_columns(rows, variants))
    survey: Rows = []
    choices: Rows = []
    taken: Counter[str] = Counter()
    for alike in _questions(columns):
        first = alike[0]
        name = _name(first, taken)
        options = _options(alike)
        kind = "select_multiple" if len(alike) > 1 and alike[0].is_ticked else _kind(alike, options)
        of = f" {name}" if kind.startswith("select") else ""
        label = first.stem if kind == "select_multiple" else _wording(first)
        survey.append({"type": f"{kind}{of}", "name": name, "label": label})
        if of:
            used: Counter[str] = Counter()
            choices += [{"list_name": name, "name": _code(label, used), "label": label} for label in options]
    return {"survey": survey, "choices": choices}


def _columns(rows: Sequence[Sequence[str]], variants: re.Pattern[str] | None) -> Iterator[_Column]:
    """Yield the columns under the headings, but for those that a tool adds."""
    first, headings = headings_of(rows)
    added = survey_words().added
    for column, heading in enumerate(headings):
        if not heading or folded(heading) in added or folded(CODED.sub(r"\g<text>", heading)) in added:
            continue
        answers = [row[column].strip() for row in rows[first:] if column < len(row) and row[column].strip()]
        yield _Column(heading, *_parts(heading, variants), answers)


def headings_of(rows: Sequence[Sequence[str]]) -> tuple[int, Sequence[str]]:
    """Return the row at which answers begin, and the headings: two rows where the lower says "Response", else the first
    with the most different cells."""
    top, single = rows[:HEADINGS_WITHIN], survey_words().single_answer
    for number, row in enumerate(top[1:], 1):
        if any(folded(cell) in single for cell in row):
            return number + 1, next(cells for first, cells in readings(top) if first == number + 1)
    return max(((number, row) for number, row in enumerate(top, 1)), key=lambda read: len({*map(folded, read[1])}))


def _parts(heading: str, variants: re.Pattern[str] | None) -> tuple[str, str, str]:
    """Return the code of a question, "" where there is none, its wording, and the option, "" where it is none."""
    coded = CODED.match(heading)
    if coded and (coded["part"] or coded["text"].strip()):
        code = variants.sub("", coded["code"]) if variants else coded["code"]
        text = coded["text"].strip()
        in_words = IN_BRACKETS.search(text)
        if coded["part"]:
            stem = text[: in_words.start()].strip() if in_words else text
            if stem:
                return code, stem, in_words["last"] if in_words else coded["part"]
            return coded["part"], in_words["last"] if in_words else text, ""
        if " " not in coded["code"] and text:
            return code, text, ""
    if split := STEM.match(heading):
        return "", split["stem"].strip(), split["tail"].strip()
    return "", heading, ""


def _questions(columns: Iterable[_Column]) -> Iterator[list[_Column]]:
    """Yield the columns of each question: those of several options together, all others by themselves."""
    variants: dict[str, list[_Column]] = {}
    for (code, stem), run in groupby(columns, lambda column: (column.code, folded(column.stem))):
        alike = list(run)
        ticked = [column for column in alike if column.is_ticked]
        if len(ticked) > 1:
            key = f"{code or stem}[]"
            if code and key in variants:
                variants[key] += ticked
            else:
                variants[key] = ticked
        for column in alike:
            if len(ticked) > 1 and column in ticked:
                continue
            if code and not column.tail and code in variants:
                variants[code].append(column)
            else:
                variants.setdefault(code if code and not column.tail else column.heading, []).append(column)
    yield from variants.values()


def _kind(alike: Sequence[_Column], options: Sequence[str]) -> str:
    answers = [answer for column in alike for answer in column.answers]
    if answers and all(parse_number(answer) is not None for answer in answers):
        return "decimal"
    is_list = options and len(options) <= OPTIONS_MOST and len(options) <= max(OPTIONS_SHARE * len(answers), 2)
    return "select_one" if is_list and max(map(len, options)) <= LONGEST_OPTION else "text"


def _options(alike: Sequence[_Column]) -> list[str]:
    """Return the options of a question, in the order of their columns or, in one column, the most chosen first."""
    if len(alike) > 1 and alike[0].is_ticked:
        labels = [column.tail for column in alike]
    else:
        labels = [label for label, _ in Counter(a for column in alike for a in column.answers).most_common()]
    return list({folded(label) or label: label for label in reversed(labels)}.values())[::-1]


def _wording(column: _Column) -> str:
    if not column.code:
        return column.heading
    return f"{column.stem} [{column.tail}]" if column.tail else column.stem


def _name(column: _Column, taken: Counter[str]) -> str:
    """Return a code for a question: its own, else of its first words; told apart from those before."""
    words = column.code or "_".join(UNFIT.sub(" ", column.heading).split()[:5]).lower()
    base = UNFIT.sub("_", words).strip("_")[:40] or "question"
    base = base if base[0].isalpha() else f"q_{base}"
    taken[base] += 1
    return base if taken[base] == 1 else f"{base}_{taken[base]}"


def _code(label: str, used: Counter[str]) -> str:
    base = UNFIT.sub("_", label).strip("_").lower()[:30] or "option"
    used[base] += 1
    return base if used[base] == 1 else f"{base}_{used[base]}"

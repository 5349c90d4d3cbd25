"""Quality: submissions that came twice, went too fast or were answered all alike; pointed out, and undone by a steward.

The limits are those of data/registry/surveys.yml.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import groupby
from statistics import median

from etl.surveys.export import Oddity, Submission
from etl.surveys.form import Form, Question
from etl.surveys.words import survey_words
from etl.values import parse_number

TIMES = (
    "%d.%m.%Y %H:%M:%S", "%d.%m.%Y %H:%M", "%m/%d/%Y %I:%M:%S %p", "%m/%d/%Y %H:%M:%S", "%m/%d/%Y %H:%M",
    "%Y/%m/%d %I:%M:%S %p", "%Y/%m/%d %H:%M:%S", "%d.%m.%Y", "%Y/%m/%d",
)  # fmt: skip
"""How tools write the moment of a submission, besides ISO 8601."""

SCALE_FROM = 5  # options

ZONE = re.compile(r"\s*(?:GMT|UTC|MSK)?\s*[+-]\d{1,2}(?::?\d\d)?\s*$|\s*(?:[A-Z]{3,4}|Z)\s*$")


def moment(text: str) -> datetime | None:
    """Return the moment that a tool wrote, without its zone; None where it is none."""
    text = text.strip()
    bare = ZONE.sub("", text) if ":" in text and text[10:11] != "T" else text
    try:
        return datetime.fromisoformat(bare).replace(tzinfo=None)
    except ValueError:
        pass
    for form in TIMES:
        try:
            return datetime.strptime(bare, form)
        except ValueError:
            continue
    return None


def answered_at(tool: Mapping[str, str]) -> datetime | None:
    """Return when a submission was finished, else received or begun; None where the tool does not say."""
    said = (moment(tool.get(of, "")) for of in ("finished", "submitted", "started"))
    return next(filter(None, said), None)


def duration_s(submission: Submission) -> int | None:
    """Return how many seconds a submission took; None where the tool does not say, or says something impossible."""
    if (told := parse_number(submission.tool.get("duration", ""))) is not None:
        return int(told) if told > 0 else None
    began, ended = (moment(submission.tool.get(of, "")) for of in ("started", "finished"))
    seconds = (ended - began).total_seconds() if began and ended else 0
    return int(seconds) if seconds > 0 else None


def worth_a_look(form: Form, submissions: Sequence[Submission]) -> Iterator[Oddity]:
    """Yield what is odd about submissions as a whole, but for those sent twice, which `sent_twice` finds."""
    again = sent_twice(submissions)
    submissions = [submission for place, submission in enumerate(submissions) if place not in again]
    limits = survey_words().worth_a_look
    taken = {id(s): seconds for s in submissions if (seconds := duration_s(s))}
    least = median(taken.values()) * limits["speeder_share"] if len(taken) >= limits["speeder_least"] else 0
    grids = _grids(form, limits["straight_questions"])
    seen: dict[tuple, Submission] = {}
    for submission in submissions:
        if taken.get(id(submission), least) < least:
            yield _odd("speeder", submission, str(taken[id(submission)]))
        if any(_is_straight(submission, grid) for grid in grids):
            yield _odd("straight_liner", submission)
        answers = tuple((a.question, a.item, a.codes, a.number) for a in submission.answers if a.state == "given")
        if len(answers) >= limits["alike_answers"]:
            first = seen.setdefault(answers, submission)
            if first is not submission:
                yield _odd("alike_submission", submission, str(first.row))


def sent_twice(submissions: Iterable[Submission]) -> dict[int, int]:
    """Return the rows that say the same as one before with the same number or moment: the place of each, and of the
    first, in the order given."""
    first: dict[tuple, int] = {}
    again = {}
    for place, submission in enumerate(submissions):
        own = submission.tool.get("id") or tuple(submission.tool.get(of) for of in ("started", "finished", "submitted"))
        if own != (None, None, None):
            said = (submission.sheet, own, tuple(submission.answers))
            if first.setdefault(said, place) != place:
                again[place] = first[said]
    return again


def _odd(rule: str, submission: Submission, value: str | None = None) -> Oddity:
    return Oddity(rule, submission.sheet, submission.row, value=value)


def _grids(form: Form, least: int) -> list[tuple[str, ...]]:
    """Return the questions that stand side by side with one list, where there are at least so many."""
    asked = [question for question in form.questions if not question.repeat]
    runs = [[*run] for of, run in groupby(asked, lambda question: question.of) if of]
    grids = [run for run in runs if len(run) >= least and all(_is_scale(question) for question in run)]
    return [tuple(question.name for question in run) for run in grids]


def _is_scale(question: Question) -> bool:
    """Return whether a question is one of degrees: the same yes or no to everything is no sign of haste."""
    return question.kind == "one" and len(question.options) >= SCALE_FROM


def _is_straight(submission: Submission, grid: Sequence[str]) -> bool:
    given = Counter(a.codes for a in submission.answers if a.question in grid and a.state == "given")
    return len(given) == 1 and given.total() == len(grid)

"""Revised figures, marked: in the tables by a word beside the status, in the foot of a card by a sentence."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from typing import TYPE_CHECKING

from observatory import queries
from observatory.texts import Texts

if TYPE_CHECKING:
    from observatory.figures.view import Context


def revised_rows(answer: queries.Answer) -> list[bool]:
    """Return which rows of an answer were revised since the snapshot before."""
    if not answer.revised:
        return [False] * len(answer.rows)
    keys = zip(*(answer.rows[name] for name in answer.by), strict=True) if answer.by else [()] * len(answer.rows)
    return [key in answer.revised for key in keys]


def revision_note(context: Context, answer: queries.Answer) -> tuple[str, ...]:
    """Return the sentence that names what was revised since the snapshot before, if anything: years, else names."""
    if not answer.revised:
        return ()
    texts, by = context.texts, answer.by
    rows = answer.rows[revised_rows(answer)]
    if "year" in by:
        what = [str(year) for year in sorted(rows.year.unique())]
    elif by and by[0] != "month":
        dimension = context.edition.dimensions.get(by[0], by[0])
        what = [texts.member(dimension, code, short=True) for code in rows[by[0]].unique()]
    else:
        what = [context.years_text]
    return (say_revised(texts, answer.revised_since, what),)


def say_revised(texts: Texts, since: datetime.date, what: Iterable[str]) -> str:
    return texts.say("Revised since the snapshot of {date}: {what}.", date=texts.date(since), what=texts.names(what))

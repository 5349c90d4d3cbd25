"""Marks: which events a trend marks, in what words, and where each is known from."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from textwrap import shorten

import pandas as pd

from observatory import TOTAL, queries
from observatory.charts.marks import MOST_WORDED
from observatory.figures.events import title_of
from observatory.figures.view import Context

WORDS_OF_A_MARK = 60  # signs of a title that stand beside a mark


@dataclass(frozen=True)
class Marks:
    """The events of a trend. events: year and words for the chart, words empty where the mark has none.

    notes: all of them in one sentence, and the part of the choice that they cannot follow.
    sources: name and date of each of the edition's own events, and where it is known from.
    """

    events: tuple[tuple[str, str], ...] = ()
    notes: tuple[str, ...] = ()
    sources: tuple[tuple[str, str], ...] = ()


def marks_of(context: Context, years: tuple[int, int], by: str, codes: Collection[str]) -> Marks:
    """Return the events inside the drawn years that concern one of the lines, one mark a year.

    The edition's own events come first, for they explain a change; two marks have words, the others of senders are
    ticks. An event of no theme concerns every line, one of a theme those of the theme, of what lies below and above it.

    Args:
        years: the first and the last drawn year.
        by, codes: what the lines are broken down by ("" for none), and their codes.
    """
    texts, chosen = context.texts, context.filters.theme or (TOTAL,)
    themes = codes if by == "theme" else chosen
    own = [
        event
        for event in context.edition.events
        if event.on_trends and years[0] <= event.date.year <= years[1] and _concerns(context, event.theme_code, themes)
    ]
    names: dict[str, list[str]] = {}
    for event in own:
        names.setdefault(str(event.date.year), []).append(texts.pick(event.name))
    explained = {year: ", ".join(found) for year, found in names.items()}
    sent = _sent(context, years, themes)
    if not own and not sent:
        return Marks()
    worded = [
        *sorted(explained)[-MOST_WORDED:],
        *(year for year in sorted(sent, reverse=True) if year not in explained),
    ]
    beside = set(worded[:MOST_WORDED])
    every = sorted({*explained, *sent})
    events = tuple((year, explained.get(year) or sent[year] if year in beside else "") for year in every)
    listed = [
        texts.say("{event} ({year})", event=words, year=year)
        for year in every
        for words in (explained.get(year), sent.get(year))
        if words
    ]
    notes = [texts.say("Marked: {events}.", events=texts.names(listed))]
    aside = [texts.dimension(name) for name in context.filters.chosen() if name not in queries.FOLLOWED]
    if aside:
        notes.append(texts.say("The marks do not follow the choice of: {filters}.", filters=", ".join(aside)))
    sources = tuple(
        (
            texts.say("{event} ({year})", event=texts.pick(event.name), year=texts.date(event.date)),
            event.link or event.source,
        )
        for event in own
    )
    return Marks(events, tuple(notes), sources)


def _sent(context: Context, years: tuple[int, int], themes: Iterable[str]) -> dict[str, str]:
    """Return the words for the events that senders asked to mark: the title of the only one of a year, or how many."""
    if not context.store.snapshot.events_count:
        return {}
    texts, rows = context.texts, queries.marks(context.store, context.edition, context.filters)
    concerned = [_concerns(context, theme, themes) for theme in rows.theme_code]
    return {
        str(year): shorten(title_of(context, found.iloc[0]), WORDS_OF_A_MARK, placeholder="…")
        if len(found) == 1
        else texts.say_n("{n} event", "{n} events", len(found))
        for year, found in rows[pd.Series(concerned, index=rows.index, dtype=bool)].groupby("year")
        if years[0] <= year <= years[1]
    }


def _concerns(context: Context, theme: str | None, themes: Iterable[str]) -> bool:
    if pd.isna(theme) or not theme:
        return True
    above = context.edition.dimensions["theme"].ancestors
    return any(theme in above(code) or code in above(theme) for code in themes)

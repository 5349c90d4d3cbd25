"""Marks: which events a trend marks, in what words, and where each is known from."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from textwrap import shorten

import pandas as pd

from observatory import TOTAL, queries
from observatory.charts.marks import Mark
from observatory.figures.events import title_of
from observatory.figures.view import Context

NAMED = 2  # events of a year that a mark names
SIGNS = 30  # of a title that stand beside a mark


@dataclass(frozen=True)
class Marks:
    """The events of a trend. events: one mark a year, the most important first.

    notes: all of them in one sentence, and the part of the choice that they cannot follow.
    sources: name and date of each of the edition's own events, and where it is known from.
    """

    events: tuple[Mark, ...] = ()
    notes: tuple[str, ...] = ()
    sources: tuple[tuple[str, str], ...] = ()


def marks_of(context: Context, years: tuple[int, int], by: str, codes: Collection[str]) -> Marks:
    """Return the events inside the drawn years that concern one of the lines.

    The edition's own events come first, for they explain a change, then those that senders asked to mark, the latest
    first. A mark names two events of its year and counts the rest. An event of no theme concerns every line, one of a
    theme those of the theme, of what lies below and above it.

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
    names: dict[int, list[str]] = {}
    for event in sorted(own, key=lambda event: event.date, reverse=True):
        names.setdefault(event.date.year, []).append(texts.pick(event.name))
    for year, title in _sent(context, years, themes):
        names.setdefault(year, []).append(title)
    if not names:
        return Marks()
    events = tuple(Mark(str(year), *_worded(context, titles)) for year, titles in names.items())
    listed = [
        texts.say("{event} ({year})", event=texts.as_sent(mark.words), year=mark.period)
        for mark in sorted(events, key=lambda mark: mark.period)
    ]
    notes = [texts.say("Marked: {events}.", events=" · ".join(listed))]
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


def _sent(context: Context, years: tuple[int, int], themes: Iterable[str]) -> list[tuple[int, str]]:
    """Return year and title of the events that senders asked to mark, the latest first."""
    if not context.store.snapshot.events_count:
        return []
    rows = queries.marks(context.store, context.edition, context.filters)
    return [
        (int(event.year), _short(title_of(context, event)))
        for _, event in rows.iterrows()
        if years[0] <= event.year <= years[1] and _concerns(context, event.theme_code, themes)
    ]


def _worded(context: Context, titles: list[str]) -> tuple[str, str]:
    """Return the words for a year's events, two different names and "+3" for the rest, and the number of all alone."""
    texts, named = context.texts, list(dict.fromkeys(titles))[:NAMED]
    words, rest = texts.names(named), len(titles) - len(named)
    return (
        texts.say("{names} +{n}", names=words, n=texts.number(rest)) if rest else words,
        texts.say("+{n}", n=texts.number(len(titles))),
    )


def _short(title: str) -> str:
    """Return a title on one line, cut between words where it has any, else inside its only one."""
    cut = shorten(title, SIGNS, placeholder="…")
    return cut if cut != "…" else title.strip()[: SIGNS - 1] + "…"


def _concerns(context: Context, theme: str | None, themes: Iterable[str]) -> bool:
    if pd.isna(theme) or not theme:
        return True
    above = context.edition.dimensions["theme"].ancestors
    return any(theme in above(code) or code in above(theme) for code in themes)

"""Events: meetings, conferences, field visits and trainings that were held; in words, by kind and year, as a list."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from observatory import queries
from observatory.charts import composition as chart
from observatory.figures.notes import nothing, replaced_notes, set_aside_note
from observatory.figures.tables import TableColumn, tables
from observatory.figures.view import Context, View
from observatory.registry import registry
from observatory.texts import mark

KINDS = {
    "training": mark("Trainings"), "meeting": mark("Meetings"), "conference": mark("Conferences"),
    "field_visit": mark("Field visits"), "other": mark("Other events"),
}  # fmt: skip
ONE_OF_A_KIND = {
    "training": mark("Training"), "meeting": mark("Meeting"), "conference": mark("Conference"),
    "field_visit": mark("Field visit"), "other": mark("Other event"),
}  # fmt: skip
MOST = 500  # rows of the list on a page; a download has all of them
SOURCE = "event_list"


@dataclass(frozen=True)
class EventsHeld:
    """Events, participants and people trained in words; a bar a year, made up of the kinds; its table is the list."""

    id: str = "events-held"

    def fits(self, context: Context) -> bool:
        return context.store.snapshot.events_count > 0

    def view(self, context: Context) -> View:
        texts, found = context.texts, _found(context)
        if found.rows.empty:
            return _nothing(context, self.id)
        headline = said_events(context, found)
        parts = _parts(context, found.by_kind_and_year)
        raw, shown = _listed(context, found.rows)
        said = "; ".join(f"{row.row_label} {row.part_label} {row.text}" for row in parts[::-1].head(8).itertuples())
        return View(
            id=self.id,
            headline=headline,
            subtitle=texts.say("Number of events, by kind and year"),
            chart=chart.draw(parts, context.look),
            alt=f"{headline}. {said}",
            rows=raw,
            shown=shown,
            base=_base(context, found),
            notes=_notes(context, found),
            definitions=_definitions(context),
            source=_source(context),
        )


@dataclass(frozen=True)
class EventList:
    """Every event of the choice, latest first: date, title as sent, kind, region, theme, people."""

    id: str = "event-list"

    def fits(self, context: Context) -> bool:
        return context.store.snapshot.events_count > 0

    def view(self, context: Context) -> View:
        texts, found = context.texts, _found(context)
        if found.rows.empty:
            return _nothing(context, self.id)
        latest = found.rows.iloc[0]
        raw, shown = _listed(context, found.rows)
        cut = texts.say("Shown are the latest {most} of {count}; a download has all of them.",
                        most=texts.number(MOST), count=texts.number(len(raw)))  # fmt: skip
        return View(
            id=self.id,
            headline=texts.say(
                "Latest event: {title}, {date}",
                title=texts.as_sent(title_of(context, latest)),
                date=texts.date(latest.start_date),
            ),
            rows=raw,
            shown=shown.head(MOST),
            notes=((cut,) if len(raw) > MOST else ()) + set_aside_note(context, found.set_aside),
            definitions=_definitions(context),
            source=_source(context),
        )


@dataclass(frozen=True)
class MostEvents:
    """The headline of a page of events: the kind that most of them are of."""

    id: str = "most-events"

    def view(self, context: Context) -> View:
        texts, found = context.texts, _found(context)
        choice = context.filters
        for name in found.set_aside:
            choice = choice.without(name)
        subtitle = choice.sentence(texts, context.edition)
        name = texts.say("Meetings and trainings")
        if found.rows.empty:
            return View(id=self.id, headline=name, subtitle=subtitle)
        counts = found.rows.kind_code.value_counts()
        most = max(counts.index, key=lambda kind: (counts[kind], -list(KINDS).index(kind)))
        return View(
            id=self.id,
            subtitle=subtitle,
            headline=texts.say(
                "{indicator}. Largest part: {name}, {share}",
                indicator=name,
                name=texts.say(KINDS[most]),
                share=texts.percent(100 * counts[most] / counts.sum()),
            ),
        )


def said_events(context: Context, found: queries.Events) -> str:
    """Return events, participants and people trained in words; what nothing is stated of is left out."""
    texts = context.texts
    said = [
        texts.say("Events held in {years}: {n}", years=context.years_text, n=texts.number(len(found.rows))),
        found.participants and texts.say("Participants: {n}", n=texts.number(found.participants)),
        found.trained and texts.say("People trained: {n}", n=texts.number(found.trained)),
    ]
    return ". ".join(filter(None, said))


def _found(context: Context) -> queries.Events:
    return queries.events(context.store, context.edition, context.filters)


def _nothing(context: Context, figure_id: str) -> View:
    view = View(
        id=figure_id,
        headline=context.texts.say("Meetings and trainings"),
        definitions=_definitions(context),
        source=_source(context),
    )
    return nothing(context, view, lambda wider: not _found(context.with_filters(wider)).rows.empty)


def _parts(context: Context, counts: pd.DataFrame) -> pd.DataFrame:
    """Return the parts of a bar a year, as long as there were events: row_label, part_code, part_label, share, text."""
    texts = context.texts
    of_kinds = counts.groupby("kind_code").events.sum()
    order = sorted(of_kinds.index, key=lambda kind: (kind == "other", -of_kinds[kind], list(KINDS).index(kind)))
    place = {kind: number for number, kind in enumerate(order)}
    longest = counts.groupby("year").events.sum().max()
    counts = counts.assign(place=counts.kind_code.map(place)).sort_values(["year", "place"])
    return pd.DataFrame(
        {
            "row_label": counts.year.astype(str),
            "part_code": ["_rest" if kind == "other" else kind for kind in counts.kind_code],
            "part_label": [texts.say(KINDS[kind]) for kind in counts.kind_code],
            "share": 100 * counts.events / longest,
            "text": [texts.number(number) for number in counts.events],
        }
    )


def _listed(context: Context, rows: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the list for a download and for the screen."""
    texts, dimensions = context.texts, context.edition.dimensions
    named = {
        name: ["" if pd.isna(code) else texts.member(dimensions[name], code) for code in rows[f"{name}_code"]]
        for name in queries.FOLLOWED
    }
    rows = rows.assign(
        day=[day.date() for day in rows.start_date],
        kind=[texts.say(ONE_OF_A_KIND[kind]) for kind in rows.kind_code],
        **named,
    )
    return tables(
        [
            TableColumn("day", texts.say("Date"), texts.date),
            TableColumn("title", texts.say("Title")),
            TableColumn("kind", texts.say("Kind of event")),
            TableColumn("region", texts.dimension("region")),
            TableColumn("theme", texts.dimension("theme")),
            TableColumn("participants_count", texts.say("Participants"), texts.number),
            TableColumn("trained_count", texts.say("People trained"), texts.number),
        ],
        rows,
    )


def title_of(context: Context, event: pd.Series) -> str:
    """Return the title as it was sent, or what kind of event it is."""
    return context.texts.say(ONE_OF_A_KIND[event.kind_code]) if pd.isna(event.title) else event.title


def _base(context: Context, found: queries.Events) -> str:
    """Return of how many events the participants are stated."""
    texts, stated = context.texts, int(found.rows.participants_count.notna().sum())
    return texts.say(
        "Events with participants stated: {stated} of {count}", stated=texts.number(stated),
        count=texts.number(len(found.rows)),
    )  # fmt: skip


def _notes(context: Context, found: queries.Events) -> tuple[str, ...]:
    texts, snapshot = context.texts, context.store.snapshot
    notes = [*replaced_notes(context, found.replaced), *set_aside_note(context, found.set_aside)]
    if found.trained:
        notes.append(
            texts.say("People trained are participations in trainings: whoever was trained twice counts twice.")
        )
    if snapshot.is_last_year_unfinished and context.filters.years[1] == snapshot.last_year:
        period = texts.period(snapshot.last_year, (1, snapshot.last_month_number))
        notes.append(texts.say("{year} is unfinished: {period} so far.", year=str(snapshot.last_year), period=period))
    return tuple(notes)


def _definitions(context: Context) -> tuple[tuple[str, str], ...]:
    source = registry().sources[SOURCE]
    return ((context.texts.pick(source.name), context.texts.pick(source.method)),)


def _source(context: Context) -> str:
    texts = context.texts
    return texts.say("Source: {sources}", sources=texts.pick(registry().sources[SOURCE].name))

"""Changes: what is new or otherwise since the snapshot that was served before this one."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from observatory import queries
from observatory.figures.tables import TableColumn, tables
from observatory.figures.view import Context, View
from observatory.texts import mark

KINDS = {
    "revised": mark("revised"),
    "grown": mark("the year was unfinished"),
    "new": mark("new"),
    "gone": mark("no longer reported"),
}


@dataclass(frozen=True)
class Changes:
    """New files, rows, and the indicators that differ by year, since the snapshot before; left out without one."""

    indicators: tuple[str, ...]
    id: str = "changes"

    def __init__(self, *indicators: str):
        object.__setattr__(self, "indicators", indicators)

    def fits(self, context: Context) -> bool:
        return context.store.predecessor is not None

    def view(self, context: Context) -> View:
        texts = context.texts
        used = dict.fromkeys((context.main.id, *self.indicators))
        indicators = [context.indicator(name) for name in used if name in context.available]
        found = queries.changes(context.store, context.edition, indicators)
        raw, shown = tables(
            [
                TableColumn("indicator_name", texts.say("Indicator")),
                TableColumn("year", texts.dimension("year")),
                TableColumn("before", texts.say("Before")),
                TableColumn("now", texts.say("Now")),
                TableColumn("kind_name", texts.say("Status")),
            ],
            _worded(context, found.values),
        )
        files = []
        if found.files_new is not None:
            files = [
                texts.say("New files: {files}", files=_named(context, found.files_new)),
                texts.say("Files no longer there: {files}", files=_named(context, found.files_gone)),
            ]
        sentences = [
            *files,
            texts.say(
                "Rows loaded: {now}, before: {before}",
                now=texts.number(found.rows_now),
                before=texts.number(found.rows_before),
            ),
        ]
        if found.values.empty:
            sentences.append(texts.say("None of the main figures differs."))
        return View(
            id=self.id,
            headline=texts.say("What changed since the snapshot of {date}", date=texts.date(found.since.as_of)),
            subtitle=found.since.id,
            sentences=tuple(sentences),
            rows=raw,
            shown=shown,
        )


def _named(context: Context, files: tuple[str, ...]) -> str:
    return context.texts.names(files) if files else context.texts.say("none")


def _worded(context: Context, values: pd.DataFrame) -> pd.DataFrame:
    """Return the rows as a reader sees them: names, values with their units, what kind of change it is."""
    texts = context.texts

    def written(row, value: float) -> str:
        return "" if pd.isna(value) else texts.amount(value, context.indicator(row.indicator).unit)

    return values.assign(
        indicator_name=[texts.pick(context.indicator(name).name) for name in values.indicator],
        before=[written(row, row.before) for row in values.itertuples()],
        now=[written(row, row.now) for row in values.itertuples()],
        kind_name=[texts.say(KINDS[kind]) for kind in values.kind],
    )

"""Deliveries: the files that were read, what of them was refused or is worth a look, and what later ones corrected."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from observatory import queries
from observatory.corrections import say_correction
from observatory.figures.tables import TableColumn, tables
from observatory.figures.view import Context, View
from observatory.rejects import say_column, say_place, say_reject, say_rule
from observatory.texts import Texts

MOST = 1000  # rows of a table on a page; the snapshot holds all of them


@dataclass(frozen=True)
class Deliveries:
    """Every file that was read: rows read, loaded, refused and replaced; the three add up to the first."""

    id: str = "deliveries"

    def view(self, context: Context) -> View:
        texts, count = context.texts, context.texts.number
        all_ = queries.received(context.store)
        headline = texts.say(
            "Files: {files}. Rows read: {read}. Refused: {refused}",
            files=count(all_.files), read=count(all_.rows_read), refused=count(all_.rows_rejected),
        )  # fmt: skip
        if not queries.names_files(context.store):
            return View(id=self.id, headline=headline, notes=(texts.say("Files are named to analysts alone."),))
        raw, shown = tables(
            [
                TableColumn("file", texts.say("File")),
                TableColumn("delivered", texts.say("Delivered"), texts.date),
                TableColumn("rows_read", texts.say("Rows read"), count),
                TableColumn("rows_loaded", texts.say("Loaded"), count),
                TableColumn("rows_rejected", texts.say("Refused"), count),
                TableColumn("rows_superseded", texts.say("Replaced by a later delivery"), count),
                TableColumn("rows_set_aside", texts.say("Totals and blank rows"), count),
            ],
            queries.deliveries(context.store),
        )
        return View(id=self.id, rows=raw, shown=shown, headline=headline)


@dataclass(frozen=True)
class Latest:
    """The delivery that came last, and what becomes of every row."""

    id: str = "latest"

    def view(self, context: Context) -> View:
        texts, delivered = context.texts, queries.received(context.store).delivered
        headline = texts.say("No delivery has a day yet")
        if delivered:
            headline = texts.say("The latest delivery is of {date}", date=texts.date(delivered))
        said = texts.say("Every row is loaded, refused with its reason, or replaced by a later one: none is lost.")
        return View(id=self.id, headline=headline, subtitle=said)


@dataclass(frozen=True)
class Refused:
    """Every refused row or cell: where it stands, what stands there, why it was refused and what to do next; for those
    to whom no file is named, how much each rule refused."""

    id: str = "refused"

    def view(self, context: Context) -> View:
        texts, names_files = context.texts, queries.names_files(context.store)
        frame = queries.rejects(context.store) if names_files else queries.rejects_by_rule(context.store)
        if frame.empty:
            return View(id=self.id, headline=texts.say("No row was refused"))
        headline = texts.say_n(
            "{n} fault was found, and nothing was lost",
            "{n} faults were found, and nothing was lost",
            count := len(frame) if names_files else int(frame.rejects.sum()),
            n=texts.number(count),
        )
        if names_files:
            return _places(context, self.id, headline, frame)
        raw, shown = tables(
            [
                TableColumn("why", texts.say("Why")),
                TableColumn("rejects", texts.say("Faults"), texts.number),
                TableColumn("rows", texts.say("Rows"), texts.number),
            ],
            frame.assign(why=[say_rule(texts, rule) for rule in frame.rule]),
        )
        return View(id=self.id, headline=headline, rows=raw, shown=shown)


@dataclass(frozen=True)
class Notices:
    """What is worth a look in rows that are loaded and files that are read, such as one record in two files."""

    id: str = "notices"

    def fits(self, context: Context) -> bool:
        return not queries.notices(context.store).empty

    def view(self, context: Context) -> View:
        texts, frame = context.texts, queries.notices(context.store)
        headline = texts.say("Loaded, and worth a look: {count}", count=texts.number(len(frame)))
        return _places(context, self.id, headline, frame)


def _places(context: Context, figure_id: str, headline: str, frame: pd.DataFrame) -> View:
    """Return the table of rejects or notices, with the sentence of each."""
    texts, drawn = context.texts, frame.head(MOST)
    said = [
        say_reject(texts, context.edition, row.rule, _given(row.column_name), _given(row.value), _given(row.details))
        for row in drawn.itertuples()
    ]
    drawn = drawn.assign(
        column_name=[say_column(texts, row.rule, _given(row.column_name)) for row in drawn.itertuples()],
        why=[why for why, _ in said],
        remedy=[remedy for _, remedy in said],
    )
    raw, shown = tables(
        [
            TableColumn("file", texts.say("File")),
            TableColumn("sheet", texts.say("Sheet")),
            TableColumn("row", texts.say("Row"), lambda row: str(int(row))),
            TableColumn("column_name", texts.say("Column")),
            TableColumn("value", texts.say("Value")),
            TableColumn("why", texts.say("Why")),
            TableColumn("remedy", texts.say("What to do")),
        ],
        drawn,
    )
    shown = _without_empty_sheets(shown, frame, texts)
    return View(id=figure_id, headline=headline, rows=raw, shown=shown, notes=_rest(context, len(frame)))


def _without_empty_sheets(shown: pd.DataFrame, frame: pd.DataFrame, texts: Texts) -> pd.DataFrame:
    """Return the table on the screen without its column of sheets where no file has any."""
    return shown if frame.sheet.notna().any() else shown.drop(columns=texts.say("Sheet"))


@dataclass(frozen=True)
class Corrections:
    """What later deliveries say otherwise than the rows they replace, field by field."""

    id: str = "corrections"

    def fits(self, context: Context) -> bool:
        return any(queries.corrected_rows(context.store))

    def view(self, context: Context) -> View:
        texts, edition = context.texts, context.edition
        same, changed, fields = queries.corrected_rows(context.store)
        frame = queries.corrections(context.store, MOST)
        said = [
            say_correction(texts, edition, row.table_name, row.field, _given(row.value_before), _given(row.value_now))
            for row in frame.itertuples()
        ]
        frame = frame.assign(
            said=[name for name, _, _ in said],
            before=[before for _, before, _ in said],
            now=[now for _, _, now in said],
            replaced=[
                say_place(texts, row.superseded_file, _given(row.superseded_sheet), row.superseded_row)
                for row in frame.itertuples()
            ],
        )
        raw, shown = tables(
            [
                TableColumn("file", texts.say("File")),
                TableColumn("sheet", texts.say("Sheet")),
                TableColumn("row", texts.say("Row"), lambda row: str(int(row))),
                TableColumn("said", texts.say("Column")),
                TableColumn("before", texts.say("Before")),
                TableColumn("now", texts.say("Now")),
                TableColumn("replaced", texts.say("Stood before in")),
            ],
            frame,
        )
        return View(
            id=self.id,
            rows=raw,
            shown=_without_empty_sheets(shown, frame, texts),
            headline=texts.say(
                "Rows that later deliveries replace. The same: {same}, changed: {changed}",
                same=texts.number(same),
                changed=texts.number(changed),
            ),
            notes=_rest(context, fields),
        )


def _rest(context: Context, count: int) -> tuple[str, ...]:
    """Return the sentence that a table is cut off, where it is."""
    texts = context.texts
    if count <= MOST:
        return ()
    return (
        texts.say(
            "Shown are the first {most} of {count}; the snapshot holds all of them.",
            most=texts.number(MOST),
            count=texts.number(count),
        ),
    )


def _given(cell: object) -> str | None:
    return str(cell) if pd.notna(cell) else None

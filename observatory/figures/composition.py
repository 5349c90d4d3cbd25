"""Composition: what an additive measure is made up of, one stacked bar a row; season: its share month by month."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from observatory import NOT_STATED, queries
from observatory.charts import composition as chart
from observatory.charts import season as season_chart
from observatory.figures.notes import base_line, definitions, empty, remarks, source_line
from observatory.figures.revisions import revised_rows
from observatory.figures.tables import TableColumn, tables
from observatory.figures.view import Context, View
from observatory.filters import in_order

PARTS = 5
LEAST = 0.02  # of the whole: a smaller part stands with the others
HIDDEN = "_hidden"  # the part of a row that is made of what is hidden in it


@dataclass(frozen=True)
class Composition:
    """Shares of an additive indicator by `parts`, a bar for each year, each member of `rows`, or one for all.

    level, rows_level: the levels of parts and rows, where not the finest.
    """

    parts: str
    indicator: str = ""
    rows: str = ""
    level: str = ""
    rows_level: str = ""

    @property
    def id(self) -> str:
        return f"composition-{self.parts}-{self.rows or 'all'}"

    def fits(self, context: Context) -> bool:
        return context.has(context.count(self.indicator), self.parts, self.rows)

    def view(self, context: Context) -> View:
        indicator, texts = context.count(self.indicator), context.texts
        axes = (self.rows, self.parts) if self.rows else (self.parts,)
        asked = {self.parts: self.level, self.rows: self.rows_level}
        levels = context.levels(**{name: level for name, level in asked.items() if name and level})
        answer = context.lookup_revised(indicator, axes, keep_all=(self.rows,), **levels)
        frame = answer.rows.assign(is_revised=revised_rows(answer))
        if answer.hidden_parts:
            by = (self.rows,) if self.rows else ()
            of_rows = context.levels(**{self.rows: self.rows_level}) if self.rows_level else {}
            whole = context.whole_of(indicator, answer, by, keep_all=by, **of_rows)
            frame = _with_what_is_hidden(frame, whole.rows, self.rows, self.parts)
        if frame.empty or frame[frame[self.parts] != HIDDEN].value.sum() <= 0:
            return empty(context, self.id, indicator, answer)
        shares = _shares(context, frame, self.rows, self.parts)
        first = shares[shares.part_code != "_rest"].groupby("part_label").value.sum().idxmax()
        total = 100 * shares[shares.part_label == first].value.sum() / shares.value.sum()
        headline = texts.say(
            "{indicator}. Largest part: {name}, {share}",
            indicator=texts.pick(indicator.name),
            name=first,
            share=texts.percent(total),
        )
        columns = [TableColumn("row_label", texts.dimension(self.rows))] if self.rows else []
        columns += [
            TableColumn("part_label", texts.dimension(self.parts)),
            TableColumn(
                "value",
                f"{texts.pick(indicator.name)} ({texts.unit(indicator.unit)})",
                lambda value: texts.short_amount(value, indicator.unit),
            ),
            TableColumn("share", texts.say("Share, %"), texts.number),
        ]
        raw, shown = tables([*columns, *_revised_column(context, answer)], shares)
        alt = "; ".join(f"{row.row_label} {row.part_label} {row.text}".strip() for row in shares.head(8).itertuples())
        return View(
            id=self.id,
            headline=headline,
            subtitle=" · ".join((texts.say("Shares, %"), texts.dimension(self.parts), context.years_text)),
            chart=chart.draw(shares, context.look),
            alt=f"{headline}. {alt}",
            rows=raw,
            shown=shown,
            base=base_line(context, context.lookup(indicator, (), context.filters.without(self.rows))),
            notes=remarks(context, answer, is_marked=False),
            definitions=definitions(context, indicator),
            source=source_line(context, indicator),
        )


def _revised_column(context: Context, answer: queries.Answer) -> list[TableColumn]:
    """Return the column that marks revised values, where there are any."""
    texts = context.texts
    word = {True: texts.say("revised"), False: ""}
    return [TableColumn("is_revised", texts.say("Status"), word.__getitem__)] if answer.revised else []


def _with_what_is_hidden(frame: pd.DataFrame, wholes: pd.DataFrame, rows: str, parts: str) -> pd.DataFrame:
    """Return the parts with one more in each row of which some are hidden: what the whole has besides those shown.

    A row of which the whole is hidden too, in any year, or every part, is left out: there is nothing to be a share of.

    Args:
        frame: the parts, hidden ones without a value. wholes: what they belong to, by `rows` where there are any.
    """
    known = wholes[wholes.value.notna() & (wholes.hidden_parts == 0)]
    whole_of = dict(zip(known[rows] if rows else [""] * len(known), known.value, strict=True))
    kept = []
    for key, group in frame.groupby(rows, sort=False) if rows else [("", frame)]:
        shown = group[group.status != "hidden"]
        if group.hidden_parts.any():
            if key not in whole_of or shown.empty:
                continue
            rest = max(whole_of[key] - shown.value.sum(), 0.0)
            shown = pd.concat([shown, shown.head(1).assign(**{parts: HIDDEN, "value": rest, "is_revised": False})])
        kept.append(shown)
    return pd.concat(kept) if kept else frame.head(0)


def _shares(context: Context, frame: pd.DataFrame, rows: str, parts: str) -> pd.DataFrame:
    """Return row_label, part_code, part_label, value, share, text: at most five parts, largest first, the rest last."""
    texts, dimension = context.texts, context.edition.dimensions[parts]
    totals = frame.groupby(parts).value.sum().sort_values(ascending=False)
    is_named = {code: not code.endswith(NOT_STATED) and code != HIDDEN for code in totals.index}
    named = [code for code in totals.index if is_named[code] and totals[code] >= LEAST * totals.sum()]
    kept = named if len(named) <= PARTS and len(named) == len(totals) else named[: PARTS - 1]
    kept = kept or [totals.index[0]]  # what is not stated, or not further, is the whole
    rest = texts.say("Other, hidden, not stated") if HIDDEN in totals.index else texts.say("Other and not stated")
    frame = frame.assign(part_code=frame[parts].where(frame[parts].isin(kept), "_rest"))
    axes = ["part_code", *([rows] if rows else [])]
    frame = frame.groupby(axes, as_index=False).agg(value=("value", "sum"), is_revised=("is_revised", "max"))
    frame["part_label"] = [
        rest if code == "_rest" else texts.member(dimension, code, short=True) for code in frame.part_code
    ]
    if rows:
        axis = context.edition.dimensions.get(rows)
        frame["row_label"] = [texts.member(axis, code, short=True) if axis else str(code) for code in frame[rows]]
        frame["_row"] = [
            axis.members[code].order if axis and code in axis.members else code if not axis else 10_000
            for code in frame[rows]
        ]
    else:
        frame["row_label"], frame["_row"] = "", 0
    frame["share"] = 100 * frame.value / frame.groupby("_row").value.transform("sum")
    frame["text"] = [texts.percent(share) for share in frame.share]
    place = {code: number for number, code in enumerate([*kept, "_rest"])}
    frame["_part"] = frame.part_code.map(place)
    return frame.sort_values(["_row", "_part"]).drop(columns=["_row", "_part"]).reset_index(drop=True)


@dataclass(frozen=True)
class Season:
    """In which months the work is done: each theme's share of its own year, month by month."""

    indicator: str = ""
    by: str = "theme"

    @property
    def id(self) -> str:
        return f"season-{self.by}"

    def fits(self, context: Context) -> bool:
        return context.has(context.count(self.indicator), self.by, "month")

    def view(self, context: Context) -> View:
        indicator, texts = context.count(self.indicator), context.texts
        context, left_out = _finished_years(context)
        answer = context.lookup_revised(
            indicator, (self.by, "month"), level={self.by: context.edition.dimensions[self.by].levels[-1]}
        )
        frame = answer.rows.assign(is_revised=revised_rows(answer))
        incomplete = frame[(frame.status == "hidden") | (frame.hidden_parts > 0)][self.by]  # a hidden month is no zero
        frame = frame[~frame[self.by].str.endswith(NOT_STATED) & ~frame[self.by].isin(incomplete)]
        if frame.empty or frame.value.sum() <= 0:
            return empty(context, self.id, indicator, answer)
        frame = _months(context, frame, self.by)
        peak = frame.loc[frame.share.idxmax()]
        headline = texts.say(
            "{name}. Busiest month: {month}, {share} of its hours",
            name=peak.label,
            month=texts.month(int(peak.month)),
            share=texts.percent(peak.share),
        )
        raw, shown = tables(
            [
                TableColumn("label", texts.dimension(self.by)),
                TableColumn("month", texts.dimension("month"), texts.month),
                TableColumn("value", texts.pick(indicator.name), lambda v: texts.short_amount(v, indicator.unit)),
                TableColumn("share", texts.say("Share, %"), texts.number),
                *_revised_column(context, answer),
            ],
            frame,
        )
        return View(
            id=self.id,
            headline=headline,
            subtitle=texts.say("Share of the year’s hours in each month, %, {period}", period=context.years_text),
            chart=season_chart.draw(frame, context.look),
            alt=headline,
            rows=raw,
            shown=shown,
            base=base_line(context, context.lookup(indicator)),
            notes=remarks(context, answer, is_marked=False) + left_out,
            definitions=definitions(context, indicator),
            source=source_line(context, indicator),
        )


def _months(context: Context, frame: pd.DataFrame, by: str) -> pd.DataFrame:
    """Return every theme with all twelve months: share of its hours; a month without any is 0 of what was reported."""
    texts, dimension = context.texts, context.edition.dimensions[by]
    worked = frame.groupby(by).value.sum()
    codes = in_order([code for code in worked.index if worked[code] > 0], dimension)
    grid = pd.MultiIndex.from_product([codes, range(1, 13)], names=[by, "month"])
    of_months = frame.set_index([by, "month"])
    full = of_months.value.reindex(grid, fill_value=0.0).reset_index()
    full["is_revised"] = of_months.is_revised.reindex(grid, fill_value=False).to_numpy()
    full["share"] = 100 * full.value / full.groupby(by).value.transform("sum")
    full["code"] = full[by]
    full["label"] = [texts.member(dimension, code, short=True) for code in full[by]]
    full["month_label"] = [texts.month(month, short=True) for month in full.month]
    full["text"] = [texts.number(round(share)) for share in full.share]
    return full


def _finished_years(context: Context) -> tuple[Context, tuple[str, ...]]:
    """Return the context without its unfinished year, which would weigh the first months too much, and say so."""
    snapshot, (first, last) = context.store.snapshot, context.filters.years
    if not snapshot.is_last_year_unfinished or last != snapshot.last_year:
        return context, ()
    if first == last:
        return context, (context.texts.say("{year} is unfinished and counts with the months it has.", year=str(last)),)
    return (
        context.with_filters(context.filters.with_years(first, last - 1)),
        (context.texts.say("{year} is unfinished and left out here.", year=str(last)),),
    )

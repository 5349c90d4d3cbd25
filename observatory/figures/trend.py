"""Trend: one indicator over the years or months of the choice, in all or by theme, with marks for events."""

from __future__ import annotations

from dataclasses import dataclass
from textwrap import shorten

import pandas as pd

from observatory import NOT_STATED, TOTAL, queries
from observatory.charts import trend as chart
from observatory.figures.events import title_of
from observatory.figures.ranking import described
from observatory.figures.scale import Scale, scale_of
from observatory.figures.view import (
    Context,
    View,
    amount,
    answer_tables,
    base_line,
    definitions,
    empty,
    remarks,
    source_line,
    value_text,
)
from observatory.registry import Indicator, registry

STEADY = 2.0  # a change below this, percent or points, is said as "hardly changed"
LINES = 4
WORDS_OF_A_MARK = 60  # signs of a title that stand beside a mark


@dataclass(frozen=True)
class Trend:
    """One indicator over time; by a breakdown with at most four lines (the largest), else in all."""

    indicator: str = ""
    by: str = ""
    level: str = ""

    @property
    def id(self) -> str:
        return f"trend-{self.by or 'all'}-{self.indicator or 'chosen'}"

    def fits(self, context: Context) -> bool:
        first, last = context.filters.years
        return first < last and context.has(context.indicator(self.indicator), "year")

    def view(self, context: Context) -> View:
        indicator, texts = context.indicator(self.indicator), context.texts
        by = self.by if context.has(indicator, self.by) else ""
        axes = (by, "year") if by else ("year",)
        options = context.levels(**{by: self.level}) if by and self.level else {}
        if by == "region":
            options["region_level"] = context.unit
        answer = context.lookup_revised(indicator, axes, **options)
        if answer.rows.empty:
            return empty(context, self.id, indicator)
        scale = scale_of(texts, indicator.unit, [*answer.rows.value, *answer.rows.value_to])
        series = self._series(context, indicator, answer.rows, by, scale)
        headline = _headline(context, indicator, series)
        raw, shown = answer_tables(context, answer, indicator)
        notes = remarks(context, answer)
        snapshot = context.store.snapshot
        if series.is_partial.any():
            notes += (
                texts.say(
                    "{year} is unfinished: {period} so far; its last point is hollow.",
                    year=str(snapshot.last_year),
                    period=texts.period(snapshot.last_year, (1, snapshot.last_month_number)),
                ),
            )
        return View(
            id=self.id,
            headline=headline,
            subtitle=" · ".join((scale.subtitle, texts.say("by year"))),
            chart=chart.draw(
                series,
                context.look,
                events=_events(context, series),
                grid_text=lambda value, is_top: _grid_text(scale, value, is_top),
            ),
            rows=raw,
            shown=shown,
            alt=described(context, headline, series.sort_values("period", ascending=False)),
            base=base_line(context, context.lookup(indicator)),
            notes=notes,
            definitions=definitions(context, indicator),
            source=source_line(context, indicator),
        )

    def _series(
        self, context: Context, indicator: Indicator, rows: pd.DataFrame, by: str, scale: Scale
    ) -> pd.DataFrame:
        texts, snapshot = context.texts, context.store.snapshot
        series = rows.assign(
            period=rows.year.astype(str), text=[value_text(context, scale, row) for row in rows.itertuples()]
        )
        if by:
            series["code"] = series[by].astype(str)
            named = ~series.code.str.endswith(NOT_STATED)
            series = series[named] if named.any() else series
            largest = series.groupby("code").value.sum().nlargest(LINES).index
            series = series[series.code.isin(largest)]
            dimension = context.edition.dimensions[by]
            series["label"] = [texts.member(dimension, code, short=True) for code in series.code]
        else:
            series["code"], series["label"] = "_T", ""
        unfinished = snapshot.last_year if snapshot.is_last_year_unfinished and "month" in indicator.breakdowns else 0
        return series.assign(is_partial=series.year == unfinished).sort_values(["code", "year"]).reset_index(drop=True)


def _grid_text(scale: Scale, value: float, is_top: bool) -> str:
    """Return the label of a gridline: the top one also says the unit, unless the number does (percent)."""
    number = scale.limit(value)
    return number if not is_top or number.endswith("%") else f"{number} {scale.heading}"


def _events(context: Context, series: pd.DataFrame) -> list[tuple[str, str]]:
    """Return the events to mark: year and words, at most two, inside the drawn years and of a drawn theme or of none.

    The edition's own come first, for they explain a change; those that senders asked to mark take the places left.
    """
    years, codes = set(series.period), set(series.code)
    own = [
        (str(event.date)[:4], context.texts.pick(event.name))
        for event in context.edition.events
        if event.on_trends and str(event.date)[:4] in years and _concerns(context, event.theme_code, codes)
    ]
    found = own[-chart.MOST_EVENTS :]
    if len(found) < chart.MOST_EVENTS and context.store.snapshot.events_count:
        sent = queries.marks(context.store, context.edition, context.filters)
        found += [
            (str(event.year), shorten(title_of(context, event), WORDS_OF_A_MARK, placeholder="…"))
            for _, event in sent.iterrows()
            if str(event.year) in years and _concerns(context, event.theme_code, codes)
        ]
    return sorted(found[: chart.MOST_EVENTS], key=lambda event: event[0])


def _concerns(context: Context, theme: str | None, codes: set[str]) -> bool:
    """Return True where an event of this theme, or of none, concerns one of the lines."""
    if pd.isna(theme) or not theme or TOTAL in codes:
        return True
    return not codes.isdisjoint(context.edition.dimensions["theme"].ancestors(theme))


def _headline(context: Context, indicator: Indicator, series: pd.DataFrame) -> str:
    """Return which line changed most in the last finished year, in words; low base is left out."""
    texts, name = context.texts, context.texts.pick(indicator.name)
    in_points = registry().units[indicator.unit].kind == "percent"
    firm = series[~series.is_partial & (series.status == "free") & series.value_to.isna()]
    last = series[~series.is_partial].year.max()
    pairs = firm[firm.year.between(last - 1, last)].pivot_table(index=["code", "label"], columns="year", values="value")
    if pairs.shape[1] < 2 or pairs.dropna().empty:
        return _last_value(context, indicator, series)
    before, after = (pairs.dropna()[year] for year in (last - 1, last))
    change = (after - before if in_points else 100 * (after / before.where(before != 0) - 1)).dropna()
    is_partly = len(pairs.dropna()) < series.code.nunique()
    if change.empty or change.abs().max() < STEADY:
        if is_partly:
            return texts.say(
                "{indicator}. With enough contributors: hardly any change in {year}", indicator=name, year=str(last)
            )
        return texts.say("{indicator}: hardly any change in {year}", indicator=name, year=str(last))
    code, label = change.abs().idxmax()
    values = {
        "indicator": name,
        "change": texts.change(float(change[(code, label)]), "points" if in_points else "percent"),
        "year": str(last),
    }
    if not label or series.code.nunique() == 1:
        return texts.say("{indicator}: {change} in {year}", **values)
    if is_partly:
        return texts.say(
            "{indicator}. With enough contributors, largest change in {year}: {name}, {change}", name=label, **values
        )
    return texts.say("{indicator}. Largest change in {year}: {name}, {change}", name=label, **values)


def _last_value(context: Context, indicator: Indicator, series: pd.DataFrame) -> str:
    """Return the headline of a series that cannot be compared: its last value, or the name where that is hidden."""
    texts, name, last = context.texts, context.texts.pick(indicator.name), series.iloc[-1]
    if last.status == "hidden":
        return name
    value = amount(context, indicator, last.value, last.value_to)
    return texts.say("{indicator}. {name}: {value}", indicator=name, name=last.label or last.period, value=value)

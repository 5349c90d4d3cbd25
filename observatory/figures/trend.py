"""Trend: one indicator over the years or months of the choice, in all or by theme, with marks for events."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from observatory import NOT_STATED
from observatory.charts import trend as chart
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
from observatory.registry import Indicator

STEADY = 2.0  # a change below this, percent or points, is said as "hardly changed"
LINES = 4


@dataclass(frozen=True)
class Trend:
    """One indicator over time; by a breakdown with at most four lines (the largest), else in all."""

    indicator: str = ""
    by: str = ""
    level: str = ""

    @property
    def id(self) -> str:
        return f"trend-{self.by or 'all'}-{self.indicator or 'chosen'}"

    def view(self, context: Context) -> View:
        indicator, texts = context.indicator(self.indicator), context.texts
        by = self.by if self.by in indicator.breakdowns else ""
        axes = (by, "year") if by else ("year",)
        options = {"level": {by: self.level}} if by and self.level else {}
        answer = context.lookup(indicator, axes, **options)
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
            series = series[series.code != NOT_STATED]
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
    number = scale.texts.number(value / scale.divisor) if scale.divisor > 1 else scale.write(value)
    return number if not is_top or number.endswith("%") else f"{number} {scale.heading}"


def _events(context: Context, series: pd.DataFrame) -> list[tuple[str, str]]:
    """Return at most two events of the edition inside the drawn years, of a drawn theme where they have one."""
    years, codes, found = set(series.period), set(series.code), []
    for event in context.edition.events:
        year = str(event.date)[:4]
        fits = not event.theme_code or "_T" in codes or event.theme_code in codes
        if year in years and fits and event.on_trends:
            found.append((year, context.texts.pick(event.name)))
    return found[-2:]


def _headline(context: Context, indicator: Indicator, series: pd.DataFrame) -> str:
    """Return which line changed most between the last two finished years, in words."""
    texts, name = context.texts, context.texts.pick(indicator.name)
    finished = series[~series.is_partial & (series.status != "hidden")]
    years = sorted(finished.year.unique())[-2:]
    if len(years) < 2:
        last = series.iloc[-1]
        return texts.say(
            "{indicator}. {name}: {value}",
            indicator=name,
            name=last.label or last.period,
            value=amount(context, indicator, last.value, last.value_to),
        )
    pairs = (
        finished[finished.year.isin(years)]
        .pivot_table(index=["code", "label"], columns="year", values="value")
        .dropna()
    )
    if pairs.empty:
        return name
    rate = bool(indicator.denominator)
    change = (
        pairs[years[1]] - pairs[years[0]] if rate else 100 * (pairs[years[1]] / pairs[years[0]].replace(0, pd.NA) - 1)
    )
    change = change.dropna()
    if change.empty or change.abs().max() < STEADY:
        return texts.say("{indicator}: hardly any change in {year}", indicator=name, year=str(years[1]))
    code, label = change.abs().idxmax()
    said = texts.change(float(change[(code, label)]), "points" if rate else "percent")
    if not label:
        return texts.say("{indicator}: {change} in {year}", indicator=name, change=said, year=str(years[1]))
    return texts.say(
        "{indicator}. Largest change in {year}: {name}, {change}",
        indicator=name,
        name=label,
        change=said,
        year=str(years[1]),
    )

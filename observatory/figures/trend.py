"""Trend: one indicator over the years or months of the choice, in all or by theme, with marks for events."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from observatory import NOT_STATED
from observatory.charts import trend as chart
from observatory.figures.goals import goal_of
from observatory.figures.marks import marks_of
from observatory.figures.notes import base_line, definitions, empty, instead_note, remarks, source_line
from observatory.figures.ranking import described
from observatory.figures.scale import Scale, scale_of
from observatory.figures.tables import amount, answer_tables, value_text
from observatory.figures.view import Context, View
from observatory.registry import Indicator, registry

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
        answer, instead = context.nearest_revised(indicator, axes, **options)
        if answer.rows.value.isna().all():
            return empty(context, self.id, indicator, answer)
        scale = scale_of(texts, indicator.unit, [*answer.rows.value, *answer.rows.value_to])
        series = self._series(context, indicator, answer.rows, by, scale)
        headline = _headline(context, indicator, series)
        raw, shown = answer_tables(context, answer, indicator)
        notes = (*((instead_note(context, instead),) if instead else ()), *remarks(context, answer))
        snapshot = context.store.snapshot
        if series.is_partial.any():
            notes += (
                texts.say(
                    "{year} is unfinished: {period} so far; its last point is hollow.",
                    year=str(snapshot.last_year),
                    period=texts.period(snapshot.last_year, (1, snapshot.last_month_number)),
                ),
            )
        marks = marks_of(context, (int(series.year.min()), int(series.year.max())), by, set(series.code))
        goal = None if by else goal_of(context, indicator)
        said = (*((goal.sentence, goal.source) if goal else ()), *marks.notes)
        return View(
            id=self.id,
            headline=headline,
            subtitle=" · ".join((scale.subtitle, texts.say("by year"))),
            chart=chart.draw(
                series,
                context.look,
                events=marks.events,
                goal=(goal.target.value, goal.label) if goal and goal.is_for_choice else None,
                grid_text=lambda value, is_top: _grid_text(scale, value, is_top),
            ),
            rows=raw,
            shown=shown,
            alt=" ".join((described(context, headline, series.sort_values("period", ascending=False)) + ".", *said)),
            base=base_line(context, context.lookup(indicator, (), instead)),
            notes=(*notes, *said),
            definitions=(*definitions(context, indicator), *marks.sources),
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
            series = series[series.code.isin(series.code[series.value.notna()])]
            named = ~series.code.str.endswith(NOT_STATED)
            series = series[named] if named.any() else series
            largest = series.groupby("code").value.sum().nlargest(LINES).index
            series = series[series.code.isin(largest)]
            if len(largest) > 1:  # a hidden value is a gap in its line; the word would not say in which
                series["text"] = series.text.where(series.status != "hidden", "")
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

"""Regions: the map, and the profile of one region against the country."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from observatory import NOT_STATED, queries
from observatory.charts import region_map as chart
from observatory.charts.geometry import Geometry, geometry
from observatory.figures.notes import base_line, definitions, empty, nothing, remarks, source_line
from observatory.figures.ranking import described, leaders, marked, ranked, subtitle
from observatory.figures.revisions import say_revised
from observatory.figures.tables import STATUS, TableColumn, amount, answer_tables, labelled, tables
from observatory.figures.view import Context, View
from observatory.filters import Filters


@dataclass(frozen=True)
class RegionMap:
    """One indicator by region, at the level the reader chose; always beside a ranking of the same values."""

    indicator: str = ""
    small: bool = False

    @property
    def id(self) -> str:
        return f"map-{self.indicator or 'chosen'}"

    def fits(self, context: Context) -> bool:
        return context.edition.map is not None and context.has(context.indicator(self.indicator), "region")

    def view(self, context: Context) -> View:
        indicator, texts = context.indicator(self.indicator), context.texts
        answer = ranked(context, indicator, "region")
        if answer.rows.value.isna().all():
            return empty(context, self.id, indicator, answer)
        rows, scale = labelled(context, answer, indicator)
        placed = rows[~rows.code.str.endswith(NOT_STATED)].reset_index(drop=True)
        classes = chart.class_limits(placed[placed.status != "hidden"].value)
        placed["class_index"] = chart.class_index(placed.value, classes)
        notes = remarks(context, answer)
        elsewhere = rows[rows.code == NOT_STATED]
        if len(elsewhere) and elsewhere.status.iloc[0] != "hidden":
            notes += (
                texts.say(
                    "Not on the map, region not stated: {value}.",
                    value=texts.amount(elsewhere.value.iloc[0], indicator.unit),
                ),
            )
        headline = leaders(context, indicator, rows)
        raw, shown = answer_tables(context, answer, indicator)
        places = geometry(context.edition, answer.levels["region"])
        return View(
            id=self.id,
            headline=headline,
            subtitle=subtitle(context, scale),
            chart=chart.draw(
                placed,
                places,
                context.look,
                classes=classes,
                selected=marked(context, "region", placed.code),
                is_small=self.small,
            ),
            swatches=chart.swatches(
                [scale.limit(limit) for limit in classes],
                context.look,
                words=_words(context, placed, places),
            ),
            alt=described(context, headline, rows),
            rows=raw,
            shown=shown,
            base=base_line(context, context.lookup(indicator, (), context.filters.without("region"))),
            notes=notes,
            years_offer=_years_offer(context, answer),
            definitions=definitions(context, indicator),
            source=f"{source_line(context, indicator)}. {texts.pick(context.edition.map.attribution)}",
            clicks="region",
        )


@dataclass(frozen=True)
class RegionProfile:
    """The chosen region beside the country: several indicators, one row each; without a choice, the leading region."""

    indicators: tuple[str, ...]

    @property
    def id(self) -> str:
        return "profile-region"

    def fits(self, context: Context) -> bool:
        return len(context.edition.dimensions["region"].members) > 1

    def view(self, context: Context) -> View:
        texts, edition = context.texts, context.edition
        code = context.filters.region[0] if context.filters.region else self._leading(context)
        first = context.main
        if not code:
            return empty(context, self.id, first, context.lookup(first, ("region",)))
        name = texts.member(edition.dimensions["region"], code)
        country = context.with_filters(context.filters.without("region"))
        rows, sources, revised, since = [], [], [], None
        for indicator_id in self.indicators:
            if indicator_id not in context.available:
                continue
            indicator = context.indicator(indicator_id)
            own = context.with_filters(context.filters.without("region").toggled("region", code, edition))
            both = own.lookup_revised(indicator), country.lookup_revised(indicator)
            here, everywhere = (answer.rows for answer in both)
            if everywhere.empty:
                continue
            share = bool(
                not indicator.denominator
                and len(here)
                and here.status.iloc[0] != "hidden"
                and not everywhere.is_at_least.iloc[0]
                and everywhere.value.iloc[0]
                and here.value_to.isna().iloc[0]
            )
            rows.append(
                {
                    "indicator": texts.pick(indicator.name),
                    "here": _said(context, indicator, both[0]),
                    "everywhere": _said(context, indicator, both[1]),
                    "share": texts.percent(100 * here.value.iloc[0] / everywhere.value.iloc[0]) if share else "",
                }
            )
            sources.append(indicator)
            if any(answer.revised for answer in both):
                revised.append(texts.pick(indicator.name))
                since = next(answer.revised_since for answer in both if answer.revised)
        headline = texts.say("{name} beside the country", name=name)
        if not rows:
            return nothing(context, View(id=self.id, headline=headline), lambda wider: self._has_any(context, wider))
        raw, shown = tables(
            [
                TableColumn("indicator", texts.say("Indicator")),
                TableColumn("here", name),
                TableColumn("everywhere", texts.pick(edition.country)),
                TableColumn("share", texts.say("Share of the country")),
            ],
            pd.DataFrame(rows, columns=["indicator", "here", "everywhere", "share"]),
        )
        return View(
            id=self.id,
            headline=headline,
            subtitle=texts.say("{period}, all years together", period=context.years_text)
            if len(set(context.filters.years)) > 1
            else context.years_text,
            rows=raw,
            shown=shown,
            notes=(
                *((say_revised(texts, since, revised),) if revised else ()),
                *(
                    ()
                    if context.filters.region
                    else (texts.say("Choose a region, in the filter or on the map, to see it here."),)
                ),
            ),
            definitions=definitions(context, *sources),
            source=source_line(context, *sources),
        )

    def _has_any(self, context: Context, filters: Filters) -> bool:
        """Return whether the country has a cell of one of the indicators under these filters."""
        country = filters.without("region")
        return any(
            not context.lookup(context.indicator(name), (), country).rows.empty
            for name in self.indicators
            if name in context.available
        )

    def _leading(self, context: Context) -> str:
        rows = ranked(context, context.main, "region").rows
        rows = rows[~rows.region.str.endswith(NOT_STATED) & (rows.status != "hidden")] if len(rows) else rows
        return "" if rows.empty else str(rows.region.iloc[0])


def _years_offer(context: Context, answer: queries.Answer) -> tuple[int, int] | None:
    """Return the years of today's regions, where the choice also holds years before they were drawn."""
    last = context.filters.years[1]
    since = context.edition.comparable_before
    finest = context.edition.dimensions["region"].levels[0]
    return (since, last) if answer.region_level_forced and context.unit == finest and last >= since else None


def _words(context: Context, placed: pd.DataFrame, places: Geometry) -> dict[str, str]:
    """Return the words of the marks that stand on this map: low base, hidden, city."""
    statuses = set(placed.status)
    words = {status: context.texts.say(STATUS[status]) for status in ("low_base", "hidden") if status in statuses}
    return words | ({"city": context.texts.say("city")} if set(placed.code) & places.cities else {})


def _said(context: Context, indicator, answer: queries.Answer) -> str:
    """Return the value of a single row in words: number with unit, a range of years, hidden, or an en dash."""
    if answer.rows.empty:
        return "–"
    row = next(answer.rows.itertuples())
    if row.status == "hidden":
        return context.texts.say("hidden")
    said = amount(context, indicator, row.value, row.value_to)
    said = context.texts.say("at least {value}", value=said) if row.is_at_least else said
    return context.texts.say("{status}, revised", status=said) if answer.revised else said

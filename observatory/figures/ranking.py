"""Ranking: the values of one indicator side by side, largest first, low base after them, hidden last."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd

from observatory import NOT_STATED, queries
from observatory.charts import ranking as chart
from observatory.figures.notes import base_line, contributors_text, definitions, empty, remarks, source_line
from observatory.figures.scale import Scale
from observatory.figures.tables import amount, answer_tables, labelled
from observatory.figures.view import Context, View
from observatory.filters import FILTERED
from observatory.registry import Indicator

CLOSE = 0.05  # two leaders nearer than this share of the larger one are named together


@dataclass(frozen=True)
class Ranking:
    """One indicator by one breakdown. Without an indicator: the one chosen on the page.

    most: rows at the most. beside_map: the map tells who leads, so the headline tells how far apart first and last are.
    """

    by: str
    indicator: str = ""
    level: str = ""
    most: int = 20
    beside_map: bool = False

    @property
    def id(self) -> str:
        return f"ranking-{self.by}-{self.indicator or 'chosen'}"

    def fits(self, context: Context) -> bool:
        return context.has(context.indicator(self.indicator), self.by)

    def view(self, context: Context) -> View:
        indicator = context.indicator(self.indicator)
        answer = ranked(context, indicator, self.by, self.level)
        if answer.rows.value.isna().all():
            return empty(context, self.id, indicator, answer)
        rows, scale = labelled(context, answer, indicator)
        total = context.lookup(indicator, (), context.filters.without(self.by))
        drawn = rows.head(self.most)
        chosen = marked(context, self.by, rows.code)
        figure = chart.draw(
            drawn.assign(contributors_text=[contributors_text(context, count) for count in drawn.contributors]),
            context.look,
            value_title=scale.heading,
            reference=_reference(context, indicator, total, scale),
            selected=chosen,
        )
        headline = (spread if self.beside_map else leaders)(context, indicator, rows)
        raw, shown = answer_tables(context, answer, indicator)
        return View(
            id=self.id,
            headline=headline,
            subtitle=subtitle(context, scale),
            chart=figure,
            alt=described(context, headline, drawn),
            rows=raw,
            shown=shown,
            base=base_line(context, total),
            notes=remarks(context, answer),
            definitions=definitions(context, indicator),
            source=source_line(context, indicator),
            clicks=self.by if self.by in FILTERED else "",
        )


def ranked(context: Context, indicator: Indicator, by: str, level: str = "") -> queries.Answer:
    """Return the answer with rows in reading order: largest first, low base, "not stated", hidden last."""
    answer = context.lookup_revised(
        indicator,
        (by,),
        keep_all=(by,),
        **context.levels(**{by: level} if level else {}),
        **({"region_level": context.unit} if by == "region" and context.unit else {}),
    )
    rows = answer.rows
    order = rows.status.map({"free": 0, "low_base": 1, "hidden": 3}).where(~rows[by].str.endswith(NOT_STATED), 2)
    rows = (
        rows.assign(_order=order).sort_values(["_order", "value", by], ascending=[True, False, True])
        if len(rows)
        else rows
    )
    return answer.with_rows(rows.drop(columns="_order", errors="ignore").reset_index(drop=True))


def leaders(context: Context, indicator: Indicator, rows: pd.DataFrame) -> str:
    """Return the headline of a ranking: who leads, or that nobody clearly does.

    Low base does not lead. Where it hides half of the order nothing is said of an order; where it stands above the
    leader, the sentence speaks of the others only.
    """
    texts, name = context.texts, context.texts.pick(indicator.name)
    firm, weak = _by_base(rows)
    if firm.empty or len(firm) < len(weak):
        return texts.say("{indicator}: too few contributors for an order", indicator=name)
    first = firm.iloc[0]
    value = amount(context, indicator, first.value, first.value_to)
    if len(firm) == 1:
        return texts.say("{indicator}. {name}: {value}", indicator=name, name=first.label, value=value)
    if (weak.value > first.value).any():
        return texts.say(
            "{indicator}. With enough contributors, in front: {name}, {value}",
            indicator=name,
            name=first.label,
            value=value,
        )
    second = firm.iloc[1]
    if first.value and (first.value - second.value) / abs(first.value) < CLOSE:
        return texts.say(
            "{indicator}. Close together in front: {first} and {second}",
            indicator=name,
            first=first.label,
            second=second.label,
        )
    return texts.say("{indicator}. In front: {name}, {value}", indicator=name, name=first.label, value=value)


def spread(context: Context, indicator: Indicator, rows: pd.DataFrame) -> str:
    """Return the headline of a ranking beside its map: first and last of those with enough contributors."""
    firm, weak = _by_base(rows)
    if len(firm) < 2 or len(firm) < len(weak):
        return leaders(context, indicator, rows)
    first, last = firm.iloc[0], firm.iloc[-1]
    ends = {
        "first": first.label, "value": amount(context, indicator, first.value, first.value_to),
        "last": last.label, "least": amount(context, indicator, last.value, last.value_to),
    }  # fmt: skip
    if ((weak.value > first.value) | (weak.value < last.value)).any():
        return context.texts.say("With enough contributors: from {first}, {value}, to {last}, {least}", **ends)
    return context.texts.say("In order: from {first}, {value}, to {last}, {least}", **ends)


def marked(context: Context, by: str, drawn: Iterable[str]) -> tuple[str, ...]:
    """Return the drawn codes that the reader chose, or that lie within a chosen one or around it."""
    chosen = set(context.filters.codes(by))
    dimension = context.edition.dimensions.get(by)
    if not chosen or dimension is None:
        return ()
    family = {code: {code, *dimension.ancestors(code)} for code in {*drawn, *chosen} if code in dimension.members}
    return tuple(
        code
        for code in drawn
        if code in chosen or family.get(code, set()) & chosen or any(code in family.get(other, ()) for other in chosen)
    )


def _by_base(rows: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the named rows with enough contributors, and those of low base."""
    named = rows[~rows.code.str.endswith(NOT_STATED)]
    return named[named.status == "free"].reset_index(drop=True), named[named.status == "low_base"]


def subtitle(context: Context, scale: Scale) -> str:
    """Return unit and period; several years say that they are taken together."""
    texts = context.texts
    line = f"{scale.subtitle} · {context.years_text}"
    several = context.filters.years[0] != context.filters.years[1]
    together = texts.say("all years together")
    return f"{line} · {together}" if several else line


def described(context: Context, headline: str, rows: pd.DataFrame) -> str:
    """Return what a reader who cannot see the chart hears: the headline and the first values."""
    values = "; ".join(f"{row.label} {row.text}" for row in rows.head(6).itertuples())
    return f"{headline}. {values}"


def _reference(context: Context, indicator: Indicator, total: queries.Answer, scale: Scale):
    """Return the country's value of a rate with its label; a count has no such line."""
    if not indicator.denominator or total.rows.empty or total.rows.status.iloc[0] == "hidden":
        return None
    value = float(total.rows.value.iloc[0])
    return value, context.texts.say("together: {value}", value=scale.write(value))

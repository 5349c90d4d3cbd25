"""Goals: how far an indicator is from the target that is set for it, in words, with who set it."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from observatory.editions import Target
from observatory.figures.view import Context
from observatory.registry import Indicator, registry
from observatory.texts import mark

SET, INVENTED = mark("Goal for {year}: {value}"), mark("Demonstration goal for {year}: {value}")


@dataclass(frozen=True)
class Goal:
    """A target beside its figure. name: "Goal for 2027: 18%"; sentence: the same with what is left; source: who set it.

    is_for_choice: the reader's choice is everything, which the target is set for.
    """

    target: Target
    name: str
    sentence: str
    source: str
    is_for_choice: bool


def goal_of(context: Context, indicator: Indicator) -> Goal | None:
    """Return the goal nearest to the last year of the choice, or the last one that is past; None where none is set.

    A target made up for the demonstration is one only beside demonstration data.
    """
    targets = [
        target
        for target in context.edition.targets
        if target.indicator == indicator.id and (context.store.snapshot.is_demonstration or not target.is_invented)
    ]
    if not targets:
        return None
    target = next((one for one in targets if one.year >= context.filters.years[1]), targets[-1])
    texts, is_for_choice = context.texts, not context.filters.chosen()
    template = INVENTED if target.is_invented else SET
    name = texts.say(template, year=str(target.year), value=_written(context, indicator, target.value))
    if target.baseline_year:
        name = texts.say("{goal}, from {value} in {year}", goal=name, year=str(target.baseline_year),
                         value=_written(context, indicator, target.baseline_value))  # fmt: skip
    source = texts.say("Goal: {source}, {date}", source=texts.pick(target.source), date=texts.date(target.source_date))
    sentence = _standing(context, indicator, target, name) if is_for_choice else texts.say(
        "{goal}. It is set for everything and is not compared with this choice.", goal=name
    )  # fmt: skip
    return Goal(target, name, sentence, source, is_for_choice)


def _standing(context: Context, indicator: Indicator, target: Target, name: str) -> str:
    """Return the goal with what the last finished year of the choice, or its own year, is short of it."""
    texts = context.texts
    year = min(context.filters.years[1], context.store.snapshot.last_whole_year, target.year)
    rows = context.lookup(indicator, (), context.filters.with_years(year, year)).rows
    if rows.empty:
        return texts.say("{goal}. Not compared: nothing is reported for {year}.", goal=name, year=str(year))
    row = rows.iloc[0]
    if row.status != "free" or row.is_at_least or pd.isna(row.value):
        return texts.say(
            "{goal}. Not compared: what is known of {year} rests on too few organisations.", goal=name, year=str(year)
        )
    values = {"goal": name, "year": str(year), "value": _written(context, indicator, row.value)}
    gap = target.value - row.value
    if indicator.better == "neither":
        return texts.say("{goal} — {value} in {year}", **values)
    if (gap if indicator.better == "higher" else -gap) <= 0:
        return texts.say("{goal} — reached: {value} in {year}", **values)
    values["distance"] = _distance(context, indicator, abs(gap))
    if year == target.year:
        return texts.say("{goal} — missed by {distance}: {value} in {year}", **values)
    return texts.say("{goal} — {distance} to go: {value} in {year}", **values)


def _distance(context: Context, indicator: Indicator, gap: float) -> str:
    """Return what is left: points of a share in percent, else an amount in the indicator's unit."""
    texts = context.texts
    if registry().units[indicator.unit].kind == "percent":
        return texts.say("{number} points", number=texts.number(gap, 1 if gap >= 0.05 else 2))
    return texts.amount(gap, indicator.unit)


def _written(context: Context, indicator: Indicator, value: float) -> str:
    """Return a value with its unit; a share in percent has one decimal where it is not whole, as distances have."""
    texts = context.texts
    if registry().units[indicator.unit].kind == "percent":
        return texts.percent(value, 0 if float(value).is_integer() else 1)
    return texts.amount(value, indicator.unit)

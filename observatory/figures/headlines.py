"""Headlines: the few numbers a page opens with, each with its change on the same months of the year before."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from observatory import queries
from observatory.figures.goals import Goal, goal_of
from observatory.figures.notes import contributors_text, instead_text, source_line
from observatory.figures.view import Context
from observatory.registry import Indicator, registry

MOST = 4
OWN_BASE = ("companies", "ngos")  # units of counts of organisations, which are their own base
BETTER = {("higher", True): "blue", ("higher", False): "orange", ("lower", True): "orange", ("lower", False): "blue"}


@dataclass(frozen=True)
class Number:
    """One headline number, ready to be printed: label, value with unit, change, what it is compared with,
    and the goal that is set for it."""

    indicator: Indicator
    label: str
    value: str
    change: str | None
    colour: str
    since: str
    definition: str
    source: str
    status: str
    arrow: str
    goal: Goal | None = None


@dataclass(frozen=True)
class Headlines:
    """The headline numbers of a page, four at the most; the edition's main count first; an indicator that
    nobody reported gives way to the next."""

    indicators: tuple[str, ...]

    def __init__(self, *indicators: str):
        object.__setattr__(self, "indicators", indicators)

    def numbers(self, context: Context) -> list[Number]:
        found = []
        for indicator_id in dict.fromkeys((context.main.id, *self.indicators)):
            if indicator_id not in context.available:
                continue
            indicator = context.indicator(indicator_id)
            answer = queries.headline(context.store, context.edition, indicator, context.filters)
            if answer is not None and (pd.notna(answer.value) or answer.status == "hidden"):
                found.append(_number(context, indicator, answer))
        return found[:MOST]


def _number(context: Context, indicator: Indicator, answer: queries.Headline) -> Number:
    texts = context.texts
    hidden = answer.status == "hidden"
    says_unit = registry().units[indicator.unit].kind in ("count", "hours")  # the label names these already
    write = texts.short_amount if says_unit else texts.amount
    value = texts.say("hidden") if hidden else write(answer.value, indicator.unit)
    if answer.is_at_least and not hidden:
        value = texts.say("at least {value}", value=value)
    change, colour, arrow = None, "gray", "off"
    if answer.change is not None and pd.notna(answer.change) and not hidden:
        change = texts.change(answer.change, answer.change_kind)
        is_clear = abs(answer.change) >= 0.5 and answer.status == "free"
        colour = BETTER.get((indicator.better, answer.change > 0), "gray") if is_clear else "gray"
        arrow = "off" if abs(answer.change) < 0.5 else "up" if answer.change > 0 else "down"
    parts = [_period(context, answer.year, answer.months)]
    if change is not None:
        parts = [texts.say("on {period}", period=_period(context, answer.previous_year, answer.months))]
    if pd.notna(answer.contributors) and indicator.unit not in OWN_BASE:
        parts.append(texts.left_to_right(f"n\u00a0{contributors_text(context, answer.contributors)}"))
    if answer.status == "low_base":
        parts.append(texts.say("low base"))
    if answer.instead is not None:
        parts.append(instead_text(context, answer.instead))
    elif queries.is_revised(context.store, context.edition, indicator, answer.year, context.filters):
        parts.append(texts.say("revised"))
    reason = texts.say(answer.not_compared) if answer.not_compared else ""
    label = texts.say("{label}, {year}", label=texts.pick(indicator.short), year=str(answer.year))
    return Number(
        indicator,
        label,
        value,
        change,
        colour,
        " · ".join(parts),
        " ".join(filter(None, (texts.pick(indicator.definition), reason))),
        source_line(context, indicator),
        answer.status,
        arrow,
        goal_of(context, indicator),
    )


def _period(context: Context, year: int, months: tuple[int, int] | None) -> str:
    """Return a year, or "Jan–Oct 2025" where only some of its months count."""
    if months is None or months == (1, 12):
        return str(year)
    first, last = (context.texts.month(month, short=True) for month in months)
    return f"{first}–{last} {year}" if first != last else f"{first} {year}"

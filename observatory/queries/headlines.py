"""The headline number: the last year of the choice, and how it changed on the same months of the year before."""

from __future__ import annotations

from dataclasses import dataclass
from math import nan

from observatory.editions import Edition
from observatory.filters import Filters
from observatory.queries.combination import Part
from observatory.queries.comparison import compare
from observatory.queries.nearest import wider
from observatory.registry import Indicator, registry
from observatory.store import Store
from observatory.texts import mark

NOTHING_BEFORE = mark("Nothing is reported for the year before.")
AT_LEAST = mark("Values that are only known to be at least so large are not compared.")
HIDDEN = mark("Values with hidden parts are not compared.")


@dataclass(frozen=True)
class Headline:
    """The latest value of an indicator and how it changed.

    value: in the unit of the indicator; NaN where hidden. value_to: None, as a single year is no range.
    previous: the value of the year before, over the same months. change: from previous to value, in percent of
    previous or in points as `change_kind` says ("points" for shares in percent); both None where there is no fair
    comparison, and `not_compared` is then the sentence that says why (an English text to be said).
    months: first and last month of both years where the latest is unfinished, else None.
    set_aside: dimensions whose filter the indicator cannot follow. instead: the wider choice that it is of, where it is
    hidden for the choice itself; else None.
    """

    value: float
    value_to: float | None
    previous: float | None
    change: float | None
    change_kind: str
    year: int
    previous_year: int
    months: tuple[int, int] | None
    contributors: int | None
    status: str
    is_at_least: bool
    not_compared: str
    set_aside: tuple[str, ...]
    instead: Filters | None = None


def headline(store: Store, edition: Edition, indicator: Indicator, filters: Filters) -> Headline | None:
    """Return the last year of the choice in which the indicator is reported, and its change.

    Where that is hidden it is of the nearest wider choice in which it is not.

    Returns:
        None where nothing is reported in any of the years.
    """
    found, instead = compare(store, edition, indicator, (), filters), None
    if found is None:
        return None
    if found.now[()].value is None:
        others = ((compare(store, edition, indicator, (), choice), choice) for choice in wider(edition, filters))
        told = ((one, choice) for one, choice in others if one is not None and one.now[()].value is not None)
        found, instead = next(told, (found, None))
    now, before = found.now[()], found.before.get(())
    reason = found.obstacle or unfair(now, before)
    previous = None if reason else before.value
    kind = change_kind(indicator)
    return Headline(
        value=nan if now.value is None else now.value,
        value_to=None,
        previous=previous,
        change=None if reason else change(now.value, previous, kind),
        change_kind=kind,
        year=found.year,
        previous_year=found.year - 1,
        months=found.months,
        contributors=None if now.value is None else now.contributors,
        status=now.status,
        is_at_least=now.is_at_least,
        not_compared=reason,
        set_aside=found.set_aside,
        instead=instead,
    )


def change_kind(indicator: Indicator) -> str:
    """Return how a change of the indicator is said: "points" for a share in percent, else "percent"."""
    return "points" if registry().units[indicator.unit].kind == "percent" else "percent"


def change(value: float, previous: float, kind: str) -> float:
    """Return the change from the previous value, in points or in percent of it."""
    return value - previous if kind == "points" else 100 * (value - previous) / previous


def unfair(now: Part, before: Part | None) -> str:
    """Return why two values cannot be compared, "" where they can."""
    if now.hidden or (before is not None and before.hidden):
        return HIDDEN
    if before is None or not before.value:
        return NOTHING_BEFORE
    return AT_LEAST if now.is_at_least or before.is_at_least else ""

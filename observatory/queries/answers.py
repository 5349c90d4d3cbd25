"""The question most figures ask: one indicator, by some breakdowns, under the reader's choice."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import pandas as pd

from observatory import NOT_STATED, TOTAL
from observatory.editions import Edition
from observatory.filters import Filters
from observatory.queries.combination import Part, largest, quotient, span, summed, table
from observatory.queries.selection import IN_CELLS, OF_OWNERS, Selection, is_of_activities, select
from observatory.registry import Indicator, registry
from observatory.store import Store

HOLDINGS = ("in_holding", "alone", NOT_STATED)
Key = tuple  # of codes, one for each breakdown that is not a time


@dataclass(frozen=True)
class Answer:
    """What a question gave, and how the choice was followed.

    rows: one row for each combination of members of which anything is reported: one column for each of `by` (codes;
        year and month as numbers), value (in the unit of the indicator; percent 0 to 100), value_to (the largest year,
        where `value` is the smallest of a range that does not add), is_at_least, contributors (of the largest part),
        status ("free", "low_base", "hidden"), hidden_parts, quality (see `Part`). Value and contributors are empty
        where hidden.
    set_aside: dimensions whose filter the indicator, or the depth of the cells, cannot follow.
    levels: the level drawn, by dimension. replaced: chosen regions and the comparable regions they were counted in.
    region_level_forced: comparable regions stand for regions, because the years begin before these were redrawn.
    months: the months that the last year covers, where it is unfinished; None where every year is whole.
    revised: what of finished years differs from the snapshot before, of that date: keys of rows in the order of `by`.
    """

    rows: pd.DataFrame
    by: tuple[str, ...]
    set_aside: tuple[str, ...]
    levels: Mapping[str, str]
    region_level_forced: bool
    months: tuple[int, int] | None
    hidden_parts: int
    replaced: Mapping[str, str]
    revised: frozenset[tuple] = frozenset()
    revised_since: datetime.date | None = None

    def with_rows(self, rows: pd.DataFrame) -> Answer:
        """Return the same answer with its rows in another order, or fewer of them."""
        return replace(self, rows=rows)


def lookup(
    store: Store,
    edition: Edition,
    indicator: Indicator,
    by: Sequence[str],
    filters: Filters,
    region_level: str | None = None,
    level: Mapping[str, str] | None = None,
    keep_all: Sequence[str] = (),
) -> Answer:
    """Return the values of an indicator, in the edition's order of codes, then by time.

    Args:
        by: breakdowns to draw, of sector, region, theme, size, form, year, month; or of ownership, holding, year.
            A filter on one of them limits the rows to what lies within the chosen codes.
        level: the level to draw, by dimension; left out, regions at their finest and all else at its broadest.
        region_level: the same for regions alone.
        keep_all: dimensions whose filter is not followed on their own axis, so that all members are shown.

    Raises:
        NotPublished: the indicator is not published by these breakdowns.
    """
    levels = dict(level or {}) | ({"region": region_level} if region_level else {})
    selection = select(edition, indicator, by, filters, levels, keep_all, store.snapshot.depth_max)
    axes = {name: selection.codes[name] for name in selection.by if name in IN_CELLS}
    if any(name in OF_OWNERS for name in selection.by):
        axes = _owners(edition, selection.by)
        cells = owner_parts(store, indicator, filters.years, axes)
    else:
        cells = cell_parts(store, edition, indicator, selection, _periods(filters.years, "month" in selection.by))
    unfinished = store.snapshot.last_year if store.snapshot.is_last_year_unfinished else None
    found = combined(indicator, cells, selection.by, unfinished if is_of_activities(indicator) else None)
    places = {name: {code: place for place, code in enumerate(codes)} for name, codes in axes.items()}
    found.sort(key=lambda row: [places[name][code] if name in places else code
                                for name, code in zip(selection.by, row[0], strict=True)])  # fmt: skip
    covers = unfinished is not None and unfinished == filters.years[1] and is_of_activities(indicator)
    return Answer(
        rows=table(found, selection.by),
        by=selection.by,
        set_aside=selection.set_aside,
        levels=selection.levels,
        region_level_forced=selection.region_level_forced,
        months=(1, store.snapshot.last_month_number) if covers else None,
        hidden_parts=sum(part.hidden for _, part in found),
        replaced=selection.replaced,
    )


def cell_parts(
    store: Store, edition: Edition, indicator: Indicator, selection: Selection, periods: Sequence[str]
) -> dict[tuple[str, str, Key], Part]:
    """Return what the cells of a selection come to, by measure, period and drawn codes."""
    keys = ["period_code", *(f"{name}_code" for name in selection.by if name in IN_CELLS)]
    adds_over = () if indicator.is_rate else registry().measures[indicator.numerator[0]].adds_over
    merged = () if indicator.is_rate else selection.merged(adds_over)
    parameters = {
        "measures": list(indicator.measures),
        "shapes": selection.shapes(edition, store.shapes, "month" if "-" in periods[0] else "year"),
        "periods": list(periods),
        **{name: list(selection.codes[name]) for name in IN_CELLS},
    }
    named = [*keys, *(f"{name}_code" for name in merged)]
    return _parts(store.ask_rows("cells.sql", {"keys": _with_quality(store, named)}, parameters), len(keys), store)


def owner_parts(
    store: Store, indicator: Indicator, years: tuple[int, int], axes: Mapping[str, Sequence[str]]
) -> dict[tuple[str, str, Key], Part]:
    """Return the cells by ownership and holding, by measure, year and drawn codes."""
    keys = ["period_code", *(f"{name}_code" for name in axes)]
    parameters = {
        "measures": list(indicator.measures),
        "periods": _periods(years, months=False),
        **{name: list(axes.get(name, (TOTAL,))) for name in OF_OWNERS},
    }
    rows = store.ask_rows("owner_cells.sql", {"keys": _with_quality(store, keys)}, parameters)
    return _parts(rows, len(keys), store)


def combined(
    indicator: Indicator,
    cells: Mapping[tuple[str, str, Key], Part],
    by: tuple[str, ...],
    unfinished: int | None = None,
) -> list[tuple[tuple, Part]]:
    """Return the indicator for each combination of `by`, measures and years put together.

    Args:
        cells: by measure, period and drawn codes, as `cell_parts` gives them.
        unfinished: the year that still lacks months; it says nothing about the smallest of a range of years.
    """
    apart: dict[tuple, dict[str, dict[str, Part]]] = defaultdict(lambda: defaultdict(dict))
    for (measure, period, codes), part in cells.items():
        apart[_row_key(by, period, codes)][period][measure] = part
    adds = not indicator.is_rate and "year" in registry().measures[indicator.numerator[0]].adds_over
    found = []
    for key, periods in apart.items():
        if indicator.is_rate:
            part = _rate(indicator, periods.values())
        elif adds:
            part = summed(part for measures in periods.values() for part in measures.values())
        else:
            years = {period: measures[indicator.numerator[0]] for period, measures in periods.items()}
            lacking = years.pop(str(unfinished), None)
            part = span(years.values(), lacking)
        if part is not None:
            found.append((key, part))
    return found


def _rate(indicator: Indicator, periods: Iterable[Mapping[str, Part]]) -> Part | None:
    """Return sum / sum over the periods in which both numerator and denominator are reported."""
    above, below = [], []
    for measures in periods:
        top = [measures[name] for name in indicator.numerator if name in measures]
        bottom = [measures[name] for name in indicator.denominator if name in measures]
        if top and bottom:
            above.append(summed(top))
            below.append(summed(bottom))
    factor = 100.0 if registry().units[indicator.unit].kind == "percent" else 1.0
    return quotient(above, below, factor) if above else None


def _row_key(by: tuple[str, ...], period: str, codes: Key) -> tuple:
    """Return the place of a cell in the answer: its codes and times in the order of `by`."""
    rest = iter(codes)
    year, _, month = period.partition("-")
    return tuple(int(year) if name == "year" else int(month) if name == "month" else next(rest) for name in by)


def _with_quality(store: Store, keys: Sequence[str]) -> list[str]:
    """Return the columns that tell cells apart, with their quality behind them where the product has any."""
    return [*keys, *(("quality",) if store.is_protected else ())]


def _parts(rows: Iterable[tuple], keys: int, store: Store) -> dict[tuple[str, str, Key], Part]:
    """Return what cells of cells.sql or owner_cells.sql come to, by measure, period and drawn codes.

    Args:
        rows: the cells; the codes behind the first so many keys are of dimensions over which the measure does not add.
            The same company may stand in each of these, so that only the largest of their sums is known for sure.
        keys: the period and the dimensions drawn.
    """
    apart: dict[tuple[str, str, Key], dict[Key, list[Part]]] = defaultdict(lambda: defaultdict(list))
    for measure, period, *codes, value, contributors, status in rows:
        quality = codes.pop() or "" if store.is_protected else ""
        cell = Part(value, contributors, is_free=status == "free", hidden=int(status == "hidden"), quality=quality)
        apart[measure, period, tuple(codes[: keys - 1])][tuple(codes[keys - 1 :])].append(cell)
    return {key: largest(map(summed, cells.values())) for key, cells in apart.items()}


def _periods(years: tuple[int, int], months: bool) -> list[str]:
    every = [str(year) for year in range(years[0], years[1] + 1)]
    return [f"{year}-{month:02}" for year in every for month in range(1, 13)] if months else every


def _owners(edition: Edition, by: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """Return the codes on the axes by owner; a company without a kind of ownership is "not stated"."""
    axes = {}
    for name in by:
        if name == "ownership":
            axes[name] = (*edition.dimensions[name].members, NOT_STATED)
        elif name == "holding":
            axes[name] = HOLDINGS
    return axes

"""The last year of a choice beside the same months of the year before."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from observatory.editions import Edition
from observatory.filters import Filters
from observatory.queries.answers import cell_parts, combined
from observatory.queries.combination import Part
from observatory.queries.selection import (
    COMPARABLE,
    DEPTH_OF_A_MONTH,
    Selection,
    beside_the_period,
    depth,
    is_of_activities,
    select,
)  # fmt: skip
from observatory.registry import Indicator, registry
from observatory.store import Snapshot, Store
from observatory.texts import mark

REDRAWN = mark("The regions were redrawn since the year before.")
TOO_DEEP = mark("The year is unfinished, and months are not kept for a choice this narrow.")
NOT_BY_MONTH = mark("The year is unfinished, and counts of different ones cannot be put together from months.")


@dataclass(frozen=True)
class Comparison:
    """The values of two years, by the codes of the breakdowns asked for.

    now: of `year`, the last in which anything is reported; before: of the year before, over the same `months` (None for
    whole years). obstacle: why the two cannot be compared (an English text to be said), and `before` is then empty.
    set_aside: dimensions whose filter the indicator cannot follow.
    """

    year: int
    months: tuple[int, int] | None
    now: Mapping[tuple, Part]
    before: Mapping[tuple, Part]
    obstacle: str
    set_aside: tuple[str, ...]


def compare(
    store: Store,
    edition: Edition,
    indicator: Indicator,
    by: Sequence[str],
    filters: Filters,
    level: Mapping[str, str] | None = None,
) -> Comparison | None:
    """Return the last year of the choice and the year before it, which may lie outside the choice.

    What companies report once a year is taken from whole years only, where there is one.

    Args:
        by: breakdowns of cells to keep apart; no times.
        level: the level to draw, by dimension.

    Returns:
        None where nothing is reported in any of the years.

    Raises:
        NotPublished: the indicator is not published by these breakdowns.
    """
    snapshot = store.snapshot
    selection = select(edition, indicator, by, filters, level, depth_max=snapshot.depth_max)
    first, last = filters.years
    years = _ask(store, edition, indicator, selection, [str(year) for year in range(first - 1, last + 1)], ("year",))
    year = _latest({year for *_, year in years if year >= first}, indicator, snapshot)
    if year is None:
        return None
    now, before = ({tuple(codes): part for (*codes, other), part in years.items() if other == wanted}
                   for wanted in (year, year - 1))  # fmt: skip
    unfinished = snapshot.is_last_year_unfinished and year == snapshot.last_year and is_of_activities(indicator)
    obstacle = _obstacle(snapshot, edition, indicator, selection, filters, year, unfinished)
    if obstacle:
        before = {}
    elif unfinished:
        months = [f"{year - 1}-{month:02}" for month in range(1, snapshot.last_month_number + 1)]
        before = _ask(store, edition, indicator, selection, months)
    covered = (1, snapshot.last_month_number) if unfinished else None
    return Comparison(year, covered, now, before, obstacle, selection.set_aside)


def _ask(
    store: Store, edition: Edition, indicator: Indicator, selection: Selection, periods: Sequence[str],
    times: tuple[str, ...] = (),
) -> dict[tuple, Part]:  # fmt: skip
    cells = cell_parts(store, edition, indicator, selection, periods)
    return dict(combined(indicator, cells, (*selection.by, *times)))


def _latest(years: Iterable[int], indicator: Indicator, snapshot: Snapshot) -> int | None:
    """Return the last year; of yearly forms the last that is over, unless none is."""
    whole = years
    if not is_of_activities(indicator) and snapshot.is_last_year_unfinished:
        whole = [year for year in years if year < snapshot.last_year]
    return max(whole or years, default=None)


def _obstacle(
    snapshot: Snapshot, edition: Edition, indicator: Indicator, selection: Selection, filters: Filters, year: int,
    unfinished: bool,
) -> str:  # fmt: skip
    """Return why the year before cannot be compared with, "" where it can."""
    if _were_redrawn(edition, selection, filters, year):
        return REDRAWN
    if unfinished and not all("year" in registry().measures[name].adds_over for name in indicator.measures):
        return NOT_BY_MONTH
    deepest = DEPTH_OF_A_MONTH
    if snapshot.depth_max is not None:
        deepest = min(deepest, beside_the_period(snapshot.depth_max, is_by_month=True))
    return TOO_DEEP if unfinished and depth(selection) > deepest else ""


def _were_redrawn(edition: Edition, selection: Selection, filters: Filters, year: int) -> bool:
    """True where a region asked for has its present borders in the year, and had others in the year before."""
    before = edition.comparable_before
    if before is None or not filters.years[0] >= before > year - 1:
        return False
    region = edition.dimensions["region"]
    return any(region.level_of(region.parent_of(code)) == COMPARABLE for code in selection.codes["region"])

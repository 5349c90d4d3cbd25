"""Which cells a question needs: the codes of each dimension, and what of the reader's choice they cannot follow."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product

from observatory import NOT_STATED, TOTAL
from observatory.dimensions import Dimension
from observatory.editions import Edition
from observatory.errors import NotPublished
from observatory.filters import FILTERED, Filters
from observatory.registry import Indicator, registry

IN_CELLS = ("sector", "region", "theme", "size", "form")
OF_OWNERS = ("ownership", "holding")
TIMES = ("year", "month")
COMPARABLE = "comparable"
SET_ASIDE_FIRST = ("size", "region", "sector", "theme")  # where a choice is deeper than the cells go
DEPTH_OF_A_MONTH, DEPTH_OF_A_FORM, DEPTH_OF_A_FRAME = 2, 3, 1  # dimensions below "_T", a form counted


@dataclass(frozen=True)
class Selection:
    """The cells to fetch.

    by: breakdowns drawn, one column of the answer each. codes: what is fetched of every dimension of cells.
    levels: the level drawn of every dimension in `by`. set_aside: dimensions whose filter is not followed.
    replaced: a chosen region -> the comparable region that stands for it. region_level_forced: comparable regions are
    drawn, or stand for a choice, because the years reach back before the regions were redrawn.
    """

    by: tuple[str, ...]
    codes: Mapping[str, tuple[str, ...]]
    levels: Mapping[str, str]
    set_aside: tuple[str, ...]
    replaced: Mapping[str, str]
    region_level_forced: bool

    def shapes(self, edition: Edition, known: Mapping[tuple[str, ...], int], period: str) -> list[int]:
        """Return the numbers of the shapes the cells lie in; `period` is "year" or "month"."""
        levels = [{edition.dimensions[name].level_of(code) for code in self.codes[name]} for name in IN_CELLS]
        found = (known.get((period, *combination)) for combination in product(*levels))
        return sorted(number for number in found if number is not None)

    def merged(self, adds_over: Sequence[str]) -> tuple[str, ...]:
        """Return the dimensions of which several codes were put together that may hold the same company or NGO."""
        return tuple(name for name in IN_CELLS
                     if name not in self.by and name not in adds_over and len(self.codes[name]) > 1)  # fmt: skip


def select(
    edition: Edition,
    indicator: Indicator,
    by: Sequence[str],
    filters: Filters,
    level: Mapping[str, str] | None = None,
    keep_all: Sequence[str] = (),
    depth_max: int | None = None,
) -> Selection:
    """Return which cells answer for an indicator by some breakdowns under the reader's choice.

    Args:
        level: the level to draw of a dimension in `by`; left out, regions at their finest and all else at its broadest.
        keep_all: dimensions whose filter is not followed on their own axis, so that a chart shows every member.
        depth_max: how many dimensions may be in use at once, the period counted; None: as many as there are cells of.

    Raises:
        NotPublished: the indicator is not published by one of these breakdowns, or not by all of them at once.
    """
    by = tuple(by)
    deepest = _deepest(indicator, by, depth_max)
    _check(edition, indicator, by, deepest)
    followed = [name for name in FILTERED if filters.codes(name) and _is_followed(indicator, name)]
    followed = _shallow(by, [name for name in followed if name not in keep_all or name not in by], deepest)
    chosen = {name: filters.codes(name) for name in followed}
    replaced = comparable_pairs(edition, filters, chosen.get("region", ()))
    if replaced:
        chosen["region"] = tuple(dict.fromkeys(replaced.get(code, code) for code in chosen["region"]))
    levels = {name: (level or {}).get(name) or _usual_level(edition, name) for name in by if name in IN_CELLS}
    forced = levels.get("region") in edition.dimensions["region"].levels[:1] and _must_compare(edition, filters)
    if forced:
        levels["region"] = COMPARABLE
    codes = {}
    for name in IN_CELLS:
        codes[name] = chosen.get(name, (TOTAL,))
        if name in by:
            codes[name] = _drawn(edition.dimensions[name], levels[name], chosen.get(name, ()))
    aside = tuple(name for name in filters.chosen()
                  if name not in followed and not (name in by and name in keep_all))  # fmt: skip
    return Selection(by, codes, levels, aside, replaced, bool(forced or replaced))


def is_of_activities(indicator: Indicator) -> bool:
    """True where every measure of the indicator is dated by activities, so that it has months."""
    return all(registry().measures[measure].family == "activity" for measure in indicator.measures)


def depth(selection: Selection) -> int:
    """Return how many dimensions are broken down, the period left out."""
    return sum(codes != (TOTAL,) for codes in selection.codes.values())


def _check(edition: Edition, indicator: Indicator, by: tuple[str, ...], deepest: int) -> None:
    everywhere = (*TIMES, "holding")
    published = [name for name in indicator.breakdowns if name in everywhere or edition.dimensions[name].levels]
    for name in by:
        if name not in published or (name in IN_CELLS and not _is_followed(indicator, name)):
            raise NotPublished(
                "{indicator} is published by {breakdowns}, not by {by}.",
                indicator=indicator.id, breakdowns=", ".join(published), by=name,
            )  # fmt: skip
    owners = [name for name in by if name in OF_OWNERS]
    mixed = owners and any(name in IN_CELLS or name == "month" for name in by)
    if mixed or len(set(by)) < len(by) or _depth_of(by) > deepest:
        raise NotPublished(
            "{indicator} is not published by {by} at once: leave one out.", indicator=indicator.id, by=", ".join(by)
        )


def _is_followed(indicator: Indicator, name: str) -> bool:
    return name in indicator.breakdowns and name in registry().dimensions_of(indicator)


def _shallow(by: tuple[str, ...], followed: list[str], deepest: int) -> list[str]:
    """Return the dimensions to filter by, less those that would ask for cells deeper than there are."""
    if any(name in OF_OWNERS for name in by):
        return []
    kept = list(followed)
    for name in SET_ASIDE_FIRST:
        if _depth_of({*by, *kept}) > deepest and name in kept and name not in by:
            kept.remove(name)
    return kept


def _depth_of(names: Sequence[str]) -> int:
    return sum(name in IN_CELLS for name in names)


def _deepest(indicator: Indicator, by: tuple[str, ...], depth_max: int | None) -> int:
    if any(registry().measures[measure].family == "frame" for measure in indicator.measures):
        return DEPTH_OF_A_FRAME
    kept = DEPTH_OF_A_MONTH if "month" in by else DEPTH_OF_A_FORM if "form" in by else len(IN_CELLS)
    return kept if depth_max is None else min(kept, beside_the_period(depth_max, "month" in by))


def beside_the_period(depth_max: int, is_by_month: bool) -> int:
    """Return how many dimensions may be in use beside a year, or a month, which counts for two."""
    return depth_max - (2 if is_by_month else 1)


def _must_compare(edition: Edition, filters: Filters) -> bool:
    """True where the years reach back before the edition's regions were redrawn."""
    before = edition.comparable_before
    return before is not None and filters.years[0] < before and COMPARABLE in edition.dimensions["region"].levels


def comparable_pairs(edition: Edition, filters: Filters, codes: Sequence[str]) -> dict[str, str]:
    """Return, for each chosen region that was redrawn, the comparable region it lies in."""
    if not codes or not _must_compare(edition, filters):
        return {}
    region = edition.dimensions["region"]
    parents = {code: region.parent_of(code) for code in codes if region.level_of(code) == region.levels[0]}
    return {code: parent for code, parent in parents.items() if region.level_of(parent) == COMPARABLE}


def _usual_level(edition: Edition, name: str) -> str:
    levels = edition.dimensions[name].levels
    return levels[0] if name == "region" else levels[-1]


def _drawn(dimension: Dimension, level: str, chosen: Sequence[str]) -> tuple[str, ...]:
    """Return the codes on an axis: a whole level with "_U", or what of it lies within the chosen codes.

    A chosen code that is finer than the level drawn is drawn itself.
    """
    finer = dimension.levels[dimension.levels.index(level) + 1 :]
    rests = [rest for rest, code in dimension.rests.items() if dimension.level_of(code) in finer]
    everything = (*dimension.cut(level), *rests, NOT_STATED)
    if not chosen:
        return everything
    within = []
    for code in chosen:
        inside = [other for other in everything if code in dimension.ancestors(other)]
        within += inside or [code]
    return tuple(dict.fromkeys(within))

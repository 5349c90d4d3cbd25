"""Shapes: which levels of which dimensions have cells together."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations, product

from observatory import TOTAL
from observatory.editions import Edition

CELL_DIMENSIONS = ("sector", "region", "theme", "size", "form")
WITH_A_MONTH, WITH_A_FORM = 2, 2
"""How many other dimensions may be in use beside a month, or beside a form; beside both the form is one of the two."""


def sets_in_use(edition: Edition, period: str, dimensions: Sequence[str] = CELL_DIMENSIONS) -> list[tuple[str, ...]]:
    """Return every set of dimensions that has cells by year, or by month, none of them at its total.

    A dimension of which no level has cells is in none of the sets.
    """
    used = [name for name in dimensions if edition.dimensions[name].levels]
    sets = (some for count in range(len(used) + 1) for some in combinations(used, count))
    return [some for some in sets if _is_served(period, some)]


def shape_rows(edition: Edition) -> list[tuple[object, ...]]:
    """Return every shape: its number from 1, the level of its period and of each dimension of cells."""
    found = []
    for period in ("year", "month"):
        for some in sets_in_use(edition, period):
            levels = [edition.dimensions[name].levels if name in some else (TOTAL,) for name in CELL_DIMENSIONS]
            found += [(period, *combination) for combination in product(*levels)]
    return [(number, *levels) for number, levels in enumerate(found, start=1)]


def _is_served(period: str, dimensions: Sequence[str]) -> bool:
    if period == "month":
        return len(dimensions) <= WITH_A_MONTH
    return "form" not in dimensions or len(dimensions) - 1 <= WITH_A_FORM

"""Changes: what a snapshot has that the one served before it had not, or had otherwise."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from observatory.editions import Edition
from observatory.filters import Filters
from observatory.queries.answers import lookup
from observatory.queries.reports import deliveries, names_files, received
from observatory.registry import Indicator
from observatory.store import Snapshot, Store


@dataclass(frozen=True)
class Changes:
    """What changed since the snapshot `since`.

    files_new, files_gone: of deliveries; None where files are not named. rows_before, rows_now: rows loaded.
    values: one row for each indicator and year of which the value differs: indicator, year, before and now (empty where
    nothing is reported), kind ("revised" where the year was over then, else "grown"; "new", "gone").
    """

    since: Snapshot
    files_new: tuple[str, ...] | None
    files_gone: tuple[str, ...] | None
    rows_before: int
    rows_now: int
    values: pd.DataFrame


def changes(store: Store, edition: Edition, indicators: Sequence[Indicator]) -> Changes | None:
    """Return what changed since the snapshot before, None where there is none; indicators in the order asked for."""
    before = store.predecessor
    if before is None:
        return None
    files_new, files_gone = None, None
    if names_files(store) and names_files(before):
        new, old = deliveries(store), deliveries(before)
        files_new = tuple(sorted(new[~new.delivery_id.isin(old.delivery_id)].file))
        files_gone = tuple(sorted(old[~old.delivery_id.isin(new.delivery_id)].file))
    return Changes(
        since=before.snapshot,
        files_new=files_new,
        files_gone=files_gone,
        rows_before=received(before).rows_loaded,
        rows_now=received(store).rows_loaded,
        values=pd.DataFrame(
            [row for indicator in indicators for row in _differing(store, before, edition, indicator)],
            columns=["indicator", "year", "before", "now", "kind"],
        ),
    )


def _differing(store: Store, before: Store, edition: Edition, indicator: Indicator) -> list[tuple]:
    first = min(store.snapshot.first_year, before.snapshot.first_year)
    last = max(store.snapshot.last_year, before.snapshot.last_year)
    now, then = (
        lookup(each, edition, indicator, ("year",), Filters(years=(first, last))).rows.set_index("year").value.dropna()
        for each in (store, before)
    )
    both = pd.DataFrame({"before": then, "now": now})
    both = both[~((both.before - both.now).abs() <= 1e-9 * both.now.abs())]
    return [
        (indicator.id, int(year), row.before, row.now, _kind(row, year <= before.snapshot.last_whole_year))
        for year, row in both.sort_index().iterrows()
    ]


def _kind(row: pd.Series, was_over: bool) -> str:
    if pd.isna(row.before):
        return "new"
    if pd.isna(row.now):
        return "gone"
    return "revised" if was_over else "grown"

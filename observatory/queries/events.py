"""Events that were delivered: meetings, conferences, field visits and trainings of the reader's choice."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import pandas as pd

from observatory import NOT_STATED, TOTAL
from observatory.editions import Edition
from observatory.filters import Filters
from observatory.queries.selection import comparable_pairs
from observatory.store import Store

FOLLOWED = ("region", "theme")
COLUMNS = ("event_id", "kind_code", "title", "start_date", "end_date", "year", "region_code", "place", "theme_code",
           "organiser", "participants_count", "trained_count", "is_mark", "source", "link")  # fmt: skip


@dataclass(frozen=True)
class Events:
    """The events of a choice.

    rows: one a row, latest first: event_id, kind_code (meeting, conference, field_visit, training, other), title (as
    sent), start_date, end_date, year, region_code, place, theme_code, organiser, participants_count and trained_count
    (persons), is_mark, source, link; empty where not stated.
    set_aside: dimensions of the choice that events do not have. replaced: a chosen region -> the comparable region that
    stands for it, because the years reach back before the regions were redrawn.
    """

    rows: pd.DataFrame
    set_aside: tuple[str, ...]
    replaced: Mapping[str, str]

    @property
    def by_kind_and_year(self) -> pd.DataFrame:
        """One row for each year and kind of which there is any: year, kind_code, events, participants, trained.

        A sum of which nothing is stated is empty, not zero.
        """
        return self.rows.groupby(["year", "kind_code"], as_index=False).agg(
            events=("kind_code", "size"),
            participants=("participants_count", _stated_sum),
            trained=("trained_count", _stated_sum),
        )

    @property
    def participants(self) -> int | None:
        """Participants of all, None where none are stated; who came twice counts twice."""
        return _whole(self.rows.participants_count)

    @property
    def trained(self) -> int | None:
        """Participations in trainings, None where none are stated; who was trained twice counts twice."""
        return _whole(self.rows.trained_count)


def events(store: Store, edition: Edition, filters: Filters) -> Events:
    """Return the events of the reader's choice; sector and size are set aside, for events have none."""
    replaced = comparable_pairs(edition, filters, filters.region)
    regions = tuple(dict.fromkeys(replaced.get(code, code) for code in filters.region))
    aside = tuple(name for name in filters.chosen() if name not in FOLLOWED)
    if "event" not in store.tables:  # a snapshot of 0.1
        return Events(pd.DataFrame(columns=list(COLUMNS)), aside, replaced)
    first_year, last_year = filters.years
    rows = store.ask(
        "events.sql",
        parameters={
            "first_year": first_year, "last_year": last_year,
            "region": list(regions or (TOTAL,)), "theme": list(filters.theme or (TOTAL,)),
        },
    )  # fmt: skip
    return Events(rows, aside, replaced)


def marks(store: Store, edition: Edition, filters: Filters) -> pd.DataFrame:
    """Return the events that were sent to be marked on charts, latest first: the columns of `Events.rows`.

    One of no region, or of no theme, concerns them all.
    """
    widened = {name: (*filters.codes(name), NOT_STATED) for name in FOLLOWED if filters.codes(name)}
    rows = events(store, edition, replace(filters, **widened)).rows
    return rows[rows.is_mark.astype(bool)]


def _stated_sum(values: pd.Series) -> float:
    return values.sum(min_count=1)


def _whole(values: pd.Series) -> int | None:
    return int(values.sum()) if values.notna().any() else None

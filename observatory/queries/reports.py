"""What the snapshot tells about its own making: deliveries, rejects, and what is reported at all."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

import pandas as pd

from observatory.editions import Edition
from observatory.store import Store


def deliveries(store: Store) -> pd.DataFrame:
    """Return one row for each file received, latest first: the columns of the table `delivery`.

    rows_loaded + rows_rejected + rows_superseded = rows_read in every row.
    """
    return store.ask("deliveries.sql")


def rejects(store: Store) -> pd.DataFrame:
    """Return one row for each refused row or cell, in the order of files and rows.

    Columns: delivery_id, source_id, file, sheet, row (as a spreadsheet counts), column_name, value (as sent), rule (an
    id of rules.yml), details (JSON with what the rule's sentence needs).
    """
    return store.ask("rejects.sql", {"table": "reject"})


def notices(store: Store) -> pd.DataFrame:
    """Return one row for each place worth a look in what was loaded: the columns of `rejects`; a file has no row.

    Empty, without columns, in a snapshot of a version that pointed nothing out.
    """
    if "notice" not in store.tables:
        return pd.DataFrame()
    return store.ask("rejects.sql", {"table": "notice"})


def corrections(store: Store, most: int) -> pd.DataFrame:
    """Return the first fields that a later delivery says otherwise: the columns of the table `correction`."""
    return store.ask("corrections.sql", parameters={"most": most})


def corrected_rows(store: Store) -> tuple[int, int, int]:
    """Return how many rows of earlier deliveries were sent again the same, how many changed, and in how many fields."""
    if "correction" not in store.tables:
        return 0, 0, 0
    return store.ask_rows("corrected_rows.sql")[0]


def names_files(store: Store) -> bool:
    """Return whether the product tells of single files and rows; the public one gives counts instead."""
    return "delivery" in store.tables


@dataclass(frozen=True)
class Received:
    """What came in all: files, the day of the last (None: not known), and what became of their rows."""

    files: int
    delivered: datetime.date | None
    rows_read: int
    rows_loaded: int
    rows_rejected: int
    rows_superseded: int
    rows_set_aside: int


def received(store: Store) -> Received:
    """Return what came in all; rows_loaded + rows_rejected + rows_superseded = rows_read."""
    if "received_total" in store.tables:
        return Received(*store.ask_rows("received.sql")[0])
    frame = deliveries(store)  # a snapshot of an earlier version
    days = frame.delivered.dropna()
    rows = (int(frame[name].sum()) for name in Received.__annotations__ if name.startswith("rows_"))
    return Received(len(frame), days.max().date() if len(days) else None, *rows)


def rejects_by_rule(store: Store) -> pd.DataFrame:
    """Return one row for each rule that refused anything, most first: rule, rejects, rows."""
    return store.ask("refused.sql")


def protection_costs(store: Store) -> pd.DataFrame:
    """Return what protection costs a reader, a row for each band of contributors, the fewest first: base ("10–19"),
    cells, hidden (of them), median_error and p95_error (shares of the true value, empty where all are hidden)."""
    return store.ask("protection_cost.sql")


def has_measure(store: Store, measure_id: str) -> bool:
    """True where anything is reported of a measure."""
    return measure_id in store.measures


def available(store: Store, edition: Edition) -> tuple[str, ...]:
    """Return the ids of the edition's indicators that the snapshot can feed, in the edition's order.

    An indicator is fed if there are cells of its measure, or of a measure in its numerator and one in its denominator.
    """
    return tuple(
        indicator.id for indicator in edition.indicators
        if any(has_measure(store, name) for name in indicator.numerator)
        and (not indicator.is_rate or any(has_measure(store, name) for name in indicator.denominator))
    )  # fmt: skip

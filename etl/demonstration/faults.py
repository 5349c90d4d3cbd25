"""Faulty rows among the good ones, as the settings list them, and where they and rows sent twice came to stand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from etl.demonstration.deliveries import Table
from etl.demonstration.settings import Settings

SHARE_LIMIT = 0.1
"""At most this share of the rows of a file is spoilt."""

TO_BE_FILLED = ("company_id", "company_name", "company_bin", "region_code", "theme_code", "volunteers_count", "hours")


@dataclass(frozen=True)
class Planted:
    """A row to be found: the position in its table, the rule that finds it and the field it is about."""

    position: int
    rule: str
    field: str


def plant(settings: Settings, table: Table, rng: np.random.Generator) -> list[Planted]:
    """Spoil rows of a table as the settings say and return which ones, with those that another file holds too.

    No row is spoilt twice, and none that is sent twice.

    A file of few rows is given only some of the faults, so that it is not refused whole.

    A fault of one row overwrites fields of a sound row that has them all filled and took one day. A fault with
    `copies` repeats a sound row right behind itself, so that neither row can be told to be the right one.
    """
    wanted = [
        fault
        for fault in settings.faults
        if fault["layout"] == table.layout["id"] and str(fault["period"]) == table.period
    ]
    spoilt = {position: Planted(position, "possible_duplicate", table.fields.columns[0]) for position in table.twice}
    if not wanted:
        return list(spoilt.values())
    sound = _sound(table.fields)
    sound[list(table.twice)] = False
    free = list(rng.permutation(np.flatnonzero(sound)))[: int(len(table.fields) * SHARE_LIMIT)]
    repeated: list[int] = []
    for fault in wanted:
        for _ in range(min(fault.get("times", 1), len(free))):
            position = int(free.pop())
            if fault.get("copies"):
                repeated.append(position)
            else:
                _spoil(table.fields, position, fault["set"])
                spoilt[position] = Planted(position, fault["rule"], fault.get("field", next(iter(fault["set"]))))
    return _repeat(table, repeated, spoilt)


def _sound(fields: pd.DataFrame) -> np.ndarray:
    """Return which rows can be spoilt: the fields that matter filled, begun and finished on one day."""
    sound = np.ones(len(fields), dtype=bool)
    for field in TO_BE_FILLED:
        if field in fields:
            sound &= fields[field].notna().to_numpy()
    if "end_date" in fields:
        sound &= (fields["start_date"] == fields["end_date"]).to_numpy()
    return sound


def _spoil(fields: pd.DataFrame, position: int, values: Mapping[str, Any]) -> None:
    for field, value in values.items():
        fields.iat[position, fields.columns.get_loc(field)] = value


def _repeat(table: Table, repeated: list[int], spoilt: Mapping[int, Planted]) -> list[Planted]:
    """Double the rows at `repeated` and return every faulty row at its new position."""
    times = np.ones(len(table.fields), dtype=int)
    times[repeated] = 2
    before = np.repeat(np.arange(len(times)), times)
    table.fields = table.fields.iloc[before].reset_index(drop=True)
    if table.sheets is not None:
        table.sheets = table.sheets.iloc[before].reset_index(drop=True)
    key = table.fields.columns[0]
    return [
        Planted(now, "duplicate_key", key) if then in repeated else Planted(now, spoilt[then].rule, spoilt[then].field)
        for now, then in enumerate(before)
        if then in spoilt or then in repeated
    ]

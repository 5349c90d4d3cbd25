"""Meetings, conferences, field visits and trainings: how many of each kind a year, who comes and who is trained."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from etl.demonstration.quotas import drawn
from etl.demonstration.settings import Settings
from etl.demonstration.world import World


def gatherings(settings: Settings, world: World, rng: np.random.Generator) -> pd.DataFrame:
    """Return one row per gathering, in the order of days.

    Columns: event_id (numbered anew in every year), kind_code, sender ("office", "branches"), start_date, end_date,
    region_code, theme_code ("" = of no theme), participants_count, trained_count (NaN = nobody is trained there),
    is_mark (1, 0), topic (position in the settings' topics of the kind).
    """
    facts = settings.gatherings
    kinds = [_of_kind(settings, world, kind, rng) for kind in facts["kinds"]]
    rows = pd.concat(kinds).sort_values(["start_date", "kind_code"], kind="stable").reset_index(drop=True)
    year = rows["start_date"].dt.year
    numbers = rows.groupby(year).cumcount() + 1
    return rows.assign(
        event_id=[f"{each}/{number:02d}" for each, number in zip(year, numbers, strict=True)],
        sender=np.where(rows["region_code"].isin(facts["office_regions"]), "office", "branches"),
    )


def _of_kind(settings: Settings, world: World, kind: str, rng: np.random.Generator) -> pd.DataFrame:
    """Return the gatherings of one kind, with the day, the place and the people of each."""
    facts = settings.gatherings["kinds"][kind]
    year = np.repeat(settings.all_years, [facts["times"].get(int(year), 0) for year in settings.all_years])
    count = len(year)
    first = _days(settings, facts, year, rng)
    people = rng.integers(facts["participants"][0], facts["participants"][1] + 1, count)
    low, high = facts.get("trained_pct", (np.nan, np.nan))
    topic = rng.permutation(count) % len(facts["topics"])
    return pd.DataFrame(
        {
            "kind_code": kind,
            "start_date": first.astype("datetime64[ns]"),
            "end_date": (first + rng.integers(0, facts["days"], count)).astype("datetime64[ns]"),
            "region_code": _regions(settings, world, facts, first, rng),
            "theme_code": [facts["topics"][at].get("theme", "") for at in topic],
            "participants_count": people,
            "trained_count": np.floor(people * (low + (high - low) * rng.random(count)) / 100),
            "is_mark": np.isin(year, facts.get("marked", ())).astype(int),
            "topic": topic,
        }
    )


def _days(settings: Settings, facts: Mapping[str, Any], year: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Return a working day for each, in a month of its kind, outside the pause and not after the log's last month."""
    months = np.array(facts["months"])
    month = months[(rng.random(len(year)) * len(months)).astype(int)]
    begin = ((year - 1970) * 12 + month - 1).astype("datetime64[M]")
    begin = np.minimum(begin, settings.last_month)
    pause, after = (np.datetime64(each, "M") for each in settings.gatherings["pause"])
    begin = np.where((begin >= pause) & (begin < after), after, begin).astype("datetime64[D]")
    return np.busday_offset(begin + rng.integers(0, 26, len(year)), 0, roll="forward")


def _regions(
    settings: Settings, world: World, facts: Mapping[str, Any], days: np.ndarray, rng: np.random.Generator
) -> np.ndarray:
    """Return where each is held: in the places of its kind, else where work is done; by the name of that day."""
    usual = {code: region["elsewhere"] for code, region in settings.regions.items()}
    pull = facts.get("regions", usual)
    weights = np.array([[pull.get(code, 0) for code in world.region_codes]], dtype=float)
    found = drawn(weights, np.zeros(len(days), dtype=int), rng)
    found = np.where(days < world.region_from[found], world.predecessor[found], found)
    return np.array(world.region_codes)[found]

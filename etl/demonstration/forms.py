"""The yearly forms of the companies, which report more than the log of activities shows."""

from __future__ import annotations

import numpy as np
import pandas as pd

from etl.demonstration.settings import Settings
from etl.demonstration.world import World


class LogTotals:
    """What the log says of each company and year, added up chunk by chunk.

    Attributes:
        hours, paid_hours: sums. largest: volunteers of the largest activity. All companies x years.
    """

    def __init__(self, world: World):
        self._first_year = int(world.years[0])
        self.hours, self.paid_hours, self.largest = (np.zeros(world.headcount.shape) for _ in range(3))

    def add(self, activities: pd.DataFrame) -> None:
        """Add a chunk of activities; those of no single company are in nobody's form."""
        company = activities["company"].to_numpy()
        year = activities["start_date"].to_numpy().astype("datetime64[Y]").astype(int) + 1970 - self._first_year
        line = (company * self.hours.shape[1] + year)[company >= 0]
        hours = activities["hours"].to_numpy()[company >= 0]
        paid = (activities["is_paid_time"].to_numpy() == 1)[company >= 0]
        shape = self.hours.shape
        self.hours += np.bincount(line, hours, self.hours.size).reshape(shape)
        self.paid_hours += np.bincount(line, hours * paid, self.hours.size).reshape(shape)
        np.maximum.at(self.largest.reshape(-1), line, activities["volunteers_count"].to_numpy()[company >= 0])


def company_forms(settings: Settings, world: World, log: LogTotals, rng: np.random.Generator) -> pd.DataFrame:
    """Return one row per company and finished year that sent its form.

    Columns: company (position), year, headcount, volunteers, volunteers_paid, volunteers_internal, counted_how,
    paid_hours, own_hours, cost_cash, cost_in_kind, cost_management; NaN and "" where a company leaves a field empty.
    """
    facts, shape = settings.company_form, world.headcount.shape
    low, high = facts["log_coverage"]
    hours_of_others = world.headcount * world.participation * facts["hours_per_volunteer"]
    hours = np.where(log.hours > 0, log.hours / rng.uniform(low, high, shape), hours_of_others)
    paid_share = np.where(log.hours > 0, log.paid_hours / np.maximum(log.hours, 1), 0.4)
    volunteers = np.rint(world.headcount * world.participation * rng.lognormal(0, 0.04, shape))
    volunteers = np.clip(np.maximum(volunteers, log.largest), 1, np.floor(world.headcount * 0.95))
    paid_hours = np.rint(hours * paid_share)
    paid_people = np.rint(volunteers * np.clip(paid_share * 1.15 + rng.normal(0, 0.08, shape), 0, 1))
    spending = hours * facts["cost_per_hour"] * rng.lognormal(0, 0.5, shape)

    def stated(values: np.ndarray) -> np.ndarray:
        return np.where(rng.random(shape) < facts["empty_share"], np.nan, values)

    ways = list(facts["counted_how"])
    odds = np.array(list(facts["counted_how"].values()), dtype=float)
    columns = {
        "headcount": world.headcount,
        "volunteers": volunteers,
        "volunteers_paid": stated(np.where(paid_hours > 0, np.maximum(paid_people, 1), 0)),
        "volunteers_internal": stated(np.rint(volunteers * rng.uniform(0.05, 0.3, shape))),
        "counted_how": rng.choice(ways, shape, p=odds / odds.sum()),
        "paid_hours": paid_hours,
        "own_hours": np.maximum(np.rint(hours) - paid_hours, 0),
        "cost_cash": stated(np.rint(spending / 1000) * 1000),
        "cost_in_kind": stated(np.rint(spending * rng.uniform(0.1, 0.6, shape) / 1000) * 1000),
        "cost_management": stated(np.rint(spending * rng.uniform(0.05, 0.25, shape) / 1000) * 1000),
    }
    sent = world.reports & (world.years < settings.delivered.year)[None, :]
    company, year = np.nonzero(sent)
    return pd.DataFrame(
        {"company": company, "year": world.years[year]} | {name: table[sent] for name, table in columns.items()}
    )

"""The log of activities: what companies did month by month, made in chunks so that memory does not grow with it."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from etl.demonstration.quotas import drawn, quotas
from etl.demonstration.seasons import Seasons
from etl.demonstration.settings import Settings
from etl.demonstration.world import World

CHUNK_ROWS = 250_000


class ActivityLog:
    """Draws the activities of a world, in order of their months.

    Args:
        settings: what is usual.
        seasons: what is done when.
        world: who does it.
        total: number of activities in all.
    """

    def __init__(self, settings: Settings, seasons: Seasons, world: World, total: int):
        self.settings, self.seasons, self.world, self.total = settings, seasons, world, total
        self.volunteers = world.headcount * world.participation * world.joined
        # Large companies organise more activities, though fewer than their people suggest: each is larger, too.
        weight = self.volunteers**0.55
        self.intensity = weight / weight.sum(axis=0)
        activities = np.maximum(self.intensity * seasons.year_share * total, 1e-9)
        part_of_year = np.bincount(seasons.year_of) / 12
        self.usual_people = self.volunteers * settings.log["actions_per_volunteer"] * part_of_year / activities
        self.paid_share = self._paid_share()

    def chunks(self, seed: np.random.SeedSequence, chunk_rows: int) -> Iterator[pd.DataFrame]:
        """Yield the activities, `chunk_rows` at a time.

        Columns: number (1 ..), company and ngo (positions in the world, -1 = none), organiser_type, start_date and
        end_date (datetime64[D]), region_code and theme_code ("" = not stated), form_code, is_paid_time (1, 0, -1 =
        not stated), volunteers_count, hours (all together), and, NaN where not stated, skilled_hours,
        requested_count, beneficiaries_count, cost_amount.
        """
        months = np.repeat(
            np.arange(len(self.settings.months)), quotas(self.seasons.weights.sum(axis=1), self.total)
        ).astype(np.int32)
        starts = range(0, self.total, chunk_rows)
        for start, chunk_seed in zip(starts, seed.spawn(len(starts)), strict=True):
            yield self._chunk(months[start : start + chunk_rows], start, np.random.default_rng(chunk_seed))

    def _chunk(self, month: np.ndarray, start: int, rng: np.random.Generator) -> pd.DataFrame:
        log, gaps, count = self.settings.log, self.settings.gaps, len(month)
        theme = drawn(self.seasons.weights, month, rng)
        form = drawn(self.seasons.form_weights, self.seasons.line(month, theme), rng)
        year = self.seasons.year_of[month]
        company = drawn(self.intensity.T, year, rng)
        first, last = self._days(month, form, rng)
        region = self._regions(company, month, theme, first, rng)
        people = self._people(company, year, month, theme, form, rng)
        hours = people * self._hours_each(month, theme, form, first, last, rng)
        joint = rng.random(count) < gaps["company"]
        ngo = np.where(rng.random(count) < log["with_ngo_share"], rng.integers(0, len(self.world.ngos), count), -1)
        paid = (rng.random(count) < self.paid_share[company, year]).astype(np.int8)

        skill = self.seasons.skilled_share[form]
        skilled = np.rint(hours * np.clip(skill + rng.normal(0, 0.08, count), 0, 1) * (skill > 0) * 2) / 2
        helped = np.rint(people * self.seasons.beneficiaries_each[theme] * rng.lognormal(0, 0.6, count))
        cost = np.maximum(np.rint(people * log["cost_each"] * rng.lognormal(0, 0.7, count) / 500), 1) * 500

        def stated(values: np.ndarray, share: float) -> np.ndarray:
            return np.where(rng.random(count) < share, values, np.nan)

        return pd.DataFrame(
            {
                "number": np.arange(start + 1, start + count + 1),
                "company": np.where(joint, -1, company),
                "ngo": ngo,
                "organiser_type": _organisers(joint, ngo, rng),
                "start_date": first,
                "end_date": last,
                "region_code": _left_out(np.array(self.world.region_codes)[region], gaps["region"], rng),
                "theme_code": _left_out(np.array(self.seasons.theme_codes)[theme], gaps["theme"], rng),
                "form_code": np.array(self.seasons.form_codes)[form],
                "is_paid_time": np.where(rng.random(count) < gaps["is_paid_time"], np.int8(-1), paid),
                "volunteers_count": people,
                "hours": hours,
                "skilled_hours": stated(skilled, log["skilled_share"]),
                "requested_count": stated(np.rint(people * rng.uniform(1.0, 1.5, count)), log["requested_share"]),
                "beneficiaries_count": stated(np.where(helped > 0, helped, np.nan), log["beneficiaries_share"]),
                "cost_amount": stated(cost, log["cost_share"]),
            }
        )

    def _people(
        self,
        company: np.ndarray,
        year: np.ndarray,
        month: np.ndarray,
        theme: np.ndarray,
        form: np.ndarray,
        rng: np.random.Generator,
    ) -> np.ndarray:
        """Return the volunteers of each activity: skewed, and never more than the company's volunteers of the year."""
        spread = self.settings.log["people_spread"]
        size = self.usual_people[company, year] * self.seasons.people_factor(month, theme, form)
        size *= rng.lognormal(-(spread**2) / 2, spread, len(company))
        most = np.maximum(np.floor(self.volunteers[company, year] * 0.9), 1)
        return np.clip(np.rint(size), 1, most).astype(np.int64)

    def _hours_each(
        self,
        month: np.ndarray,
        theme: np.ndarray,
        form: np.ndarray,
        first: np.ndarray,
        last: np.ndarray,
        rng: np.random.Generator,
    ) -> np.ndarray:
        """Return hours per volunteer in half hours, never more than a long day's work on each day."""
        days = (last - first).astype(int) + 1
        each = np.minimum(self.seasons.hours_each(month, theme, form, rng), days * self.settings.log["hours_per_day"])
        return np.maximum(np.rint(each * 2) / 2, 0.5)

    def _days(self, month: np.ndarray, form: np.ndarray, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
        """Return first and last day; short work leans towards Saturdays, nothing runs beyond its year or the log."""
        begin = self.settings.months.astype("datetime64[D]")[month]
        after = (self.settings.months + 1).astype("datetime64[D]")[month]
        first = begin + np.floor(rng.random(len(month)) * (after - begin).astype(int)).astype("timedelta64[D]")
        weekday = (first.astype("int64") + 3) % 7  # Monday = 0: day 0 of datetime64 was a Thursday
        saturday = first + (5 - weekday).astype("timedelta64[D]")
        low, high = self.seasons.days_least[form], self.seasons.days_most[form]
        moves = (high <= 7) & (saturday >= begin) & (saturday < after)
        moves &= rng.random(len(month)) < self.settings.log["saturday_share"]
        first = np.where(moves, saturday, first)
        days = np.floor(low + (high - low + 1) * rng.random(len(month)) ** 2.5).astype("timedelta64[D]")
        year_end = (first.astype("datetime64[Y]") + 1).astype("datetime64[D]") - 1
        log_end = (self.settings.last_month + 1).astype("datetime64[D]") - 1
        return first, np.minimum(np.minimum(first + days - 1, year_end), log_end)

    def _regions(
        self, company: np.ndarray, month: np.ndarray, theme: np.ndarray, first: np.ndarray, rng: np.random.Generator
    ) -> np.ndarray:
        """Return where the work is done: where the company works, or where an event calls it."""
        region = drawn(self.world.region_share, company, rng)
        event = self.seasons.event_of[month, theme]
        called = np.flatnonzero((event >= 0) & (rng.random(len(company)) < self.seasons.event_region_pull[event]))
        region[called] = drawn(self.seasons.event_region_weights, event[called], rng)
        return np.where(first < self.world.region_from[region], self.world.predecessor[region], region)

    def _paid_share(self) -> np.ndarray:
        """Return the share of activities in paid time, companies x years; habits differ more than years do."""
        habit = (np.arange(len(self.world.companies)) * 0.6180339887 % 1 - 0.5) * 0.5
        yearly = np.array([self.settings.years[int(year)]["paid_time_pct"] for year in self.world.years]) / 100
        return np.clip(yearly[None, :] + habit[:, None], 0.05, 0.95)


def _organisers(joint: np.ndarray, ngo: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    chance = rng.random(len(joint))
    alone = np.where(chance < 0.02, "other", "company")
    with_ngo = np.where(chance < 0.25, "ngo", np.where(chance < 0.35, "public_private", "company"))
    together = np.where(chance < 0.7, "public_private", np.where(ngo >= 0, "ngo", "other"))
    return np.where(joint, together, np.where(ngo >= 0, with_ngo, alone))


def _left_out(codes: np.ndarray, share: float, rng: np.random.Generator) -> np.ndarray:
    return np.where(rng.random(len(codes)) < share, "", codes)

"""Stages: where companies stand by the rubric, how sure that is, and what each step would move."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache

import pandas as pd

from observatory import TOTAL
from observatory.store import Store

STAGES = (1, 2, 3, 4, 5)
COMPANY = "company"  # the instrument that stages are scored from
KEPT = 4  # snapshots, the served one and those before


@dataclass(frozen=True)
class Stages:
    """The stages of a snapshot, of its latest wave unless told otherwise.

    wave: the year. is_weighted: whether the wave is weighted to a frame. waves: all there are, the earliest first.
    """

    store: Store
    wave: int
    is_weighted: bool
    waves: tuple[int, ...]

    @cached_property
    def groups(self) -> pd.DataFrame:
        """One row for each wave and published group: wave, breakdown, code, stage (1 to 5), base (companies),
        resamples (share, 0 to 1), status; stage, base and resamples are empty where hidden."""
        return self.store.ask("country_stages.sql", parameters={"is_weighted": self.is_weighted})

    def country(self, wave: int = 0, is_weighted: bool | None = None) -> pd.Series | None:
        """Return the row of `groups` for all companies of a wave; None where there is none."""
        groups = self.groups
        if is_weighted is not None and is_weighted != self.is_weighted:
            groups = self.store.ask("country_stages.sql", parameters={"is_weighted": is_weighted})
        found = groups[(groups.wave == (wave or self.wave)) & (groups.breakdown == TOTAL)]
        return None if found.empty else found.iloc[0]

    def shares(self, breakdown: str = TOTAL, by_dimension: bool = False) -> pd.DataFrame:
        """Return the share (0 to 1) of companies at each stage: breakdown, code, dimension, stage, share, base, status.

        Args:
            breakdown: "_T", "sector", "region", "size.legal" ...
            by_dimension: of each dimension of the rubric, instead of companies as a whole.
        """
        return self.store.ask("stage_shares.sql", parameters={
            "wave": self.wave, "is_weighted": self.is_weighted, "breakdown": breakdown, "is_whole": not by_dimension,
        })  # fmt: skip

    def has_groups(self, breakdown: str) -> bool:
        """Return whether any group of a breakdown has enough companies in this wave; it costs next to nothing."""
        rows = self.store.ask_rows("country_stages.sql", parameters={"is_weighted": self.is_weighted})
        return any(row[0] == self.wave and row[1] == breakdown and row[3] is not None for row in rows)

    @property
    def step_codes(self) -> tuple[str, ...]:
        """The steps that come next for anybody, the one that moves most first; it costs next to nothing."""
        parameters = {"wave": self.wave, "is_weighted": self.is_weighted}
        return tuple(dict.fromkeys(row[1] for row in self.store.ask_rows("step_gains.sql", parameters=parameters)))

    @cached_property
    def steps(self) -> pd.DataFrame:
        """One row for each step and share of companies taking it: rank, step, dimension, stage, cost, eligible and
        moved (companies), share_missing and taken_share (0 to 1), stage_1 to stage_5 (shares of companies)."""
        return self.store.ask("step_gains.sql", parameters={"wave": self.wave, "is_weighted": self.is_weighted})

    @cached_property
    def beliefs(self) -> pd.DataFrame:
        """What leaders believe: question (stage_company, stage_country), value, low, high (stages), base, flag."""
        return self.store.ask("beliefs.sql", parameters={"wave": self.wave, "is_weighted": False})

    def step_names(self, language: str) -> Mapping[str, str]:
        """Return the wording of each step, by its code."""
        return dict(self.store.ask_rows("step_names.sql", {"label": f"label_{language}"}))


@lru_cache(maxsize=KEPT)
def stages(store: Store) -> Stages | None:
    """Return the stages of a snapshot; None where no company answered, or the snapshot is of an earlier version.

    All that is asked of them is asked once; nobody changes it.
    """
    if "country_stage" not in store.tables:
        return None
    plain, weighted = (
        store.ask_rows("country_stages.sql", parameters={"is_weighted": is_weighted}) for is_weighted in (False, True)
    )
    waves = tuple(sorted({int(wave) for wave, *_ in plain}))
    if not waves:
        return None
    return Stages(store, waves[-1], any(wave == waves[-1] for wave, *_ in weighted), waves)

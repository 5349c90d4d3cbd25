"""Noise: every value of an entity is moved the same way, by 11 to 25 percent, and headline sums stay where they are.

An entity (holding, else company, else NGO) has one sign for each measure, in every period and release: whatever
contains nothing but its values is off by at least the least share, however many of its cells are averaged. Signs are
drawn by the key, then turned over for some so that headline sums can balance; within its bounds the share of each row
then moves as little as balances them. (Sticky noise: Evans, Zayatz and Slanta 1998, Journal of Official Statistics.)
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from etl.protect.balance import LEAST, MOST, balanced_signs, refined_shares
from etl.protect.cube import Contributors, Cube
from etl.protect.keys import uniform

JITTER = 0.025
DRAWS, AT_ONCE, REFINED, ROUNDS = 16, 8, 2, 12  # of signs; between looks; refined at a look; rounds of that
GOOD_ENOUGH = 0.0145
"""A worst error of headline sums, as a share of them, that needs no better signs."""


@dataclass(frozen=True)
class Headlines:
    """Which sums stay nearly exact: of a year, or a year and one dimension, with contributors enough and no giant.

    contributors: how many they have at least; largest_pct: what the largest gives at most.
    """

    contributors: int
    largest_pct: float

    def of(self, cube: Cube, values: np.ndarray) -> np.ndarray:
        """Return the numbers of the cells of a cube that are headlines of (rows,) values."""
        given, totals = Contributors.of(cube.given(values)), cube.totals(values)
        is_shallow = (cube.keys[:, 0] == cube.year) & (cube.depth <= 2)
        return np.flatnonzero(
            is_shallow & (given.count >= self.contributors) & (given.largest <= self.largest_pct / 100 * totals)
        )


@dataclass(frozen=True)
class Noise:
    """The noise of one measure.

    signs: entity -> 1 or -1. factors: year -> (rows,) what values are multiplied by. errors: (headlines,) of all years,
    as shares of the sums.
    """

    signs: Mapping[int, int]
    factors: Mapping[int, np.ndarray]
    errors: np.ndarray

    @property
    def worst(self) -> float:
        """The largest error of a headline sum, as a share of it; 0 where there is none."""
        return float(np.abs(self.errors).max(initial=0.0))


@dataclass(frozen=True)
class Kept:
    """What earlier releases say of one measure, and later ones keep.

    signs: of entities, by name. shares: by which rows were moved, by the row's name.
    """

    signs: Mapping[str, int]
    shares: Mapping[str, float]


NOTHING_KEPT = Kept({}, {})


@dataclass(frozen=True)
class _Year:
    """What noise of one measure in one year is made of.

    drawn: (rows,) shares as the key gives them, or as they were. is_open: (rows,) True where a share may be moved.
    parts: (headlines, rows) the share of each sum that a row is of.
    """

    cube: Cube
    drawn: np.ndarray
    is_open: np.ndarray
    parts: np.ndarray

    def effects(self, signs: Mapping[int, int]) -> tuple[np.ndarray, np.ndarray]:
        """Return (rows,) signs, 0 where nobody is named, and (headlines, rows) what a share of each row adds."""
        own = np.array([signs.get(who, 0) for who in self.cube.who.tolist()])
        return own, self.parts * own

    def given(self, entities: np.ndarray) -> np.ndarray:
        """Return (headlines, entities) the share of each sum that an entity gives."""
        places = np.searchsorted(entities, self.cube.who)
        known = self.cube.who > 0
        table = np.zeros((len(self.parts), len(entities)))
        np.add.at(table.T, places[known], self.parts.T[known])
        return table


def noise_of(
    measure: str,
    cubes: Sequence[Cube],
    names: Mapping[int, str],
    key: bytes,
    headlines: Headlines,
    kept: Kept = NOTHING_KEPT,
) -> Noise:
    """Return the noise of one measure.

    Args:
        measure: its id.
        cubes: of its family, one a year.
        names: entity -> a name that stays the same in every release.
        key: the secret.
        headlines: which sums are balanced.
        kept: signs and shares of earlier releases; only who and what is new is moved.
    """
    years = [
        _year(measure, cube, names, key, headlines, kept) for cube in cubes if (cube.values[measure] > 0).any()
    ]  # fmt: skip
    entities = np.unique(np.concatenate([*(year.cube.who for year in years), np.array([0])]))
    entities = entities[entities > 0]
    given = np.vstack([*(year.given(entities) for year in years), np.zeros((0, len(entities)))])
    before = np.array([kept.signs.get(names[who], 0) for who in entities.tolist()], dtype=int)
    best = Noise({}, {}, np.array([np.inf]))
    draws: list[Noise] = []
    for draw in range(DRAWS):
        lots = uniform(key, f"sign {measure} {draw}", [names[who] for who in entities.tolist()])
        turns = np.random.default_rng(int(uniform(key, "turns", [f"{measure} {draw}"])[0] * 2**53))
        drawn = np.where(before != 0, before, np.where(lots < 0.5, -1, 1))
        signs = balanced_signs(given, drawn, before == 0, turns)
        draws.append(_moved(years, dict(zip(entities.tolist(), signs.tolist(), strict=True)), 0))
        if draws[-1].worst <= GOOD_ENOUGH:
            return draws[-1]
        if (draw + 1) % AT_ONCE:
            continue
        for promising in sorted(draws, key=lambda draw: draw.worst)[:REFINED]:
            best = min(best, promising, key=lambda draw: draw.worst)
            if best.worst > GOOD_ENOUGH:
                best = min(best, _moved(years, promising.signs, ROUNDS), key=lambda draw: draw.worst)
            draws.remove(promising)
        if best.worst <= GOOD_ENOUGH:
            break
    return best


def kept_of(noise: Noise, cubes: Sequence[Cube], names: Mapping[int, str], measure: str, before: Kept) -> Kept:
    """Return what later releases keep of one measure: everything that was kept before, and what is new in this one."""
    shares = {
        name: abs(factor - 1)
        for cube in cubes if cube.year in noise.factors
        for name, factor, value in zip(cube.names, noise.factors[cube.year].tolist(), cube.values[measure], strict=True)
        if value > 0 and factor != 1
    }  # fmt: skip
    return Kept({names[who]: sign for who, sign in noise.signs.items()} | before.signs, shares | before.shares)


def _year(
    measure: str, cube: Cube, names: Mapping[int, str], key: bytes, headlines: Headlines, kept: Kept
) -> _Year:  # fmt: skip
    values = cube.values[measure]
    chosen, totals = headlines.of(cube, values), cube.totals(values)
    parts = cube.parts[chosen].toarray()[:, cube.place] * values / totals[chosen][:, None]
    before = np.array([kept.shares.get(name, np.nan) for name in cube.names])
    is_open = np.isnan(before)
    return _Year(cube, np.where(is_open, _drawn(measure, cube, names, key), before), is_open, parts)


def _drawn(measure: str, cube: Cube, names: Mapping[int, str], key: bytes) -> np.ndarray:
    """Return (rows,) shares by the key: one an entity, more often small than large, and a jitter for each row."""
    entities = np.unique(cube.who)
    ramp = 1 - np.sqrt(1 - uniform(key, f"size {measure}", [names.get(who, "") for who in entities.tolist()]))
    by_entity = LEAST + JITTER + (MOST - LEAST - 2 * JITTER) * ramp
    jitter = (2 * uniform(key, f"jitter {measure}", cube.names) - 1) * JITTER
    return by_entity[np.searchsorted(entities, cube.who)] + jitter


def _moved(years: Sequence[_Year], signs: Mapping[int, int], rounds: int) -> Noise:
    """Return the noise that these signs make."""
    factors, errors = {}, [np.array([])]
    for year in years:
        own, effects = year.effects(signs)
        shares = refined_shares(effects, year.drawn, year.is_open, rounds, GOOD_ENOUGH)
        factors[year.cube.year] = 1 + own * shares
        errors.append(effects @ shares)
    return Noise(signs, factors, np.concatenate(errors))

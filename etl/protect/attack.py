"""Attack: what somebody could work out from everything that is published, measured against the truth.

The attacker knows who is active where and all published values, and has no key. Each test says how many of how many
companies, cells or places it got; `Finding.holds` whether that is allowed. T1 to T9 are the tests of the protection;
the negative control publishes exact values and must break, or the tests themselves would prove nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import linalg, sparse
from scipy.sparse.linalg import lsqr

from etl.protect.balance import LEAST
from etl.protect.cube import Contributors, Cube
from etl.protect.hide import SECRET_BELOW
from etl.protect.release import Release, Rules

NEAR = 0.10
CHANCE = 0.25
"""The share of guesses within 10 percent that an insider may have by luck."""
BREAKS_ABOVE = 0.95
"""The share of single values that an attack on unprotected cells must recover."""
SAME = 1e-7
DENSE = 3_000
"""Places up to which all changes are found at once; of more some random ones, by least squares (LSQR)."""
DRAWS = 4  # random changes by which a sum is tested; each alone errs with probability 0
SEED = 410  # of them
ITERATIONS, EXACT = 20_000, 1e-13  # of least squares: at most, and what is near enough


@dataclass(frozen=True)
class Finding:
    """One test of one measure: how many of how many were got, and how many may be."""

    test: str
    measure: str
    got: int
    of: int
    allowed: float = 0.0
    is_control: bool = False

    @property
    def share(self) -> float:
        """The share that was got; 0 of nothing."""
        return self.got / self.of if self.of else 0.0

    @property
    def holds(self) -> bool:
        """True where no more was got than is allowed; of the control, where what must break did."""
        return self.share > self.allowed or not self.of if self.is_control else self.share <= self.allowed


def attacked(
    released: Sequence[Release], rules: Rules, with_control: bool = True, with_luck: bool = True
) -> Iterator[Finding]:
    """Yield the findings of one measure over its years; the control takes far longer than all attacks together.

    Shares of companies carry no noise: what is told of them is exact, and must not be worked out at all. Without luck
    only what must come to nothing is tried, not what may succeed by chance, nor what follows from the others.
    """
    is_noisy = all(release.is_noisy for release in released)
    tests = (direct, linear, support, floor) if is_noisy else (unanimous, linear, support)
    tests += (averaging, insider) if is_noisy and with_luck else ()
    for test in (*tests, *((unprotected,) if with_control and is_noisy else ())):
        found = [test(release, rules) for release in released]
        if found:
            got, of = (sum(part) for part in zip(*((one.got, one.of) for one in found), strict=True))
            yield Finding(found[0].test, found[0].measure, got, of, found[0].allowed, found[0].is_control)


def direct(release: Release, rules: Rules) -> Finding:
    """T1: cells shown though too few contribute, or the second largest could work out the largest."""
    given = Contributors.of(release.cube.given(release.base))
    rest = release.totals - given.largest - given.second
    bad = (given.count < rules.limits.contributors) | (rest < rules.limits.p_percent / 100 * given.largest)
    return Finding("T1 direct", release.measure, int((bad & release.is_shown).sum()), int(release.is_shown.sum()))


def unanimous(release: Release, rules: Rules) -> Finding:
    """T1 of shares: cells shown though too few were asked, or all or none of them said yes."""
    asked = release.cube.totals(release.base)
    bad = (asked < rules.shares.base) | (release.totals <= 0) | (release.totals >= asked)
    return Finding("T1 direct", release.measure, int((bad & release.is_shown).sum()), int(release.is_shown.sum()))


def linear(release: Release, rules: Rules) -> Finding:
    """T2 and T3: cells that must stay secret, and can be computed from the shown ones by adding and subtracting.

    Two shown cells, one of which contains the other, are the simplest such computation.
    """
    parts, by_place = _used(release)
    given = Contributors.of(parts @ by_place)
    rest = release.totals - given.largest - given.second
    is_dominated = (rest < rules.limits.p_percent / 100 * given.largest) & release.is_noisy
    is_secret = (given.count > 0) & ((given.count < SECRET_BELOW) | is_dominated)
    return Finding(
        "T3 linear", release.measure, int(_determined(parts[release.is_shown], parts[is_secret]).sum()),
        int(is_secret.sum()),
    )  # fmt: skip


def support(release: Release, rules: Rules) -> Finding:
    """T3b: entities of which some mix of places that they have to themselves can be computed."""
    parts, by_place = _used(release)
    alone = np.flatnonzero(np.diff(by_place.indptr) == 1)
    who = by_place.indices[by_place.indptr[alone]]
    free = _free(parts[release.is_shown], int(np.bincount(who, minlength=1).max()) + DRAWS)
    broken = sum(_rank(free[alone[who == entity]]) < int((who == entity).sum()) for entity in np.unique(who))
    return Finding("T3b support", release.measure, int(broken), len(np.unique(who)))


def floor(release: Release, rules: Rules) -> Finding:
    """T4: what one entity gives (in a place, a year) that the noise leaves nearer than its least share."""
    cube, values = release.cube, release.cube.values[release.measure]
    named = (values > 0) & (cube.who > 0)
    rows = np.abs(release.factors[named] - 1)
    years = np.array([abs(moved / true - 1) for _, (true, moved) in _by_entity(release)])
    near = np.concatenate([rows, years]) < LEAST - 1e-9
    return Finding("T4 floor", release.measure, int(near.sum()), len(near))


def averaging(release: Release, rules: Rules) -> Finding:
    """T5: what entities give in a year that can be worked out from all shown values, and so lies within 10 percent.

    Where it cannot, a fit of all shown values gives no more than a guess, and is not counted.
    """
    cube, values = release.cube, release.cube.values[release.measure]
    named = np.flatnonzero((values > 0) & (cube.who > 0))
    shown = release.is_shown
    rows = sparse.csr_array(release.cube.parts[shown][:, cube.place[named]])
    fitted, free = _fitted(rows, release.values[shown]), _free(rows)
    got = of = 0
    for entity in np.unique(cube.who[named]):
        own = cube.who[named] == entity
        of += 1
        is_known = np.abs(own @ free).max(initial=0.0) < np.sqrt(SAME) * np.sqrt(own.sum())
        got += bool(is_known and abs(fitted[own].sum() / values[named][own].sum() - 1) < NEAR)
    return Finding("T5 averaging", release.measure, got, of)


def insider(release: Release, rules: Rules) -> Finding:
    """T6: largest contributors that the second largest finds within 10 percent by taking its own value off a sum."""
    given = Contributors.of(release.cube.given(release.cube.values[release.measure]))
    shown = release.is_shown & (given.largest > 0)
    guess = release.values[shown] - given.second[shown]
    near = np.abs(guess / given.largest[shown] - 1) < NEAR
    return Finding("T6 insider", release.measure, int(near.sum()), int(shown.sum()), CHANCE)


def compared(first: Sequence[Release], second: Sequence[Release], names: Sequence[Mapping[int, str]]) -> Finding:
    """T7: what one entity gives in a year, its change between two releases, or the mean of both, told too closely.

    Only values count that both releases hold; one that is new is told by the floor of its own release. (Where rows of
    one entity change both ways in one year, the noise of their difference has no floor.)

    Args:
        first, second: the releases of one measure, one a year.
        names: entity -> its name, of each release.
    """
    tables = [
        {(release.cube.year, names[number][who]): value for release in releases for who, value in _by_entity(release)}
        for number, releases in enumerate((first, second))
    ]
    got = of = 0
    for key in tables[0].keys() & tables[1].keys():
        (before, moved_before), (after, moved_after) = tables[0][key], tables[1][key]
        told = [(before + after, moved_before + moved_after)]
        told += [(after - before, moved_after - moved_before)] if abs(after - before) > SAME else []
        of += len(told)
        got += sum(abs(moved / true - 1) < LEAST - 1e-9 for true, moved in told)
    return Finding("T7 release", first[0].measure, got, of)


def _by_entity(release: Release) -> Iterator[tuple[int, tuple[float, float]]]:
    """Yield for each entity what it gives in the year, and what that is with noise."""
    cube, values = release.cube, release.cube.values[release.measure]
    named = (values > 0) & (cube.who > 0)
    true = np.bincount(cube.who[named], values[named])
    moved = np.bincount(cube.who[named], (values * release.factors)[named])
    for who in np.flatnonzero(true):
        yield int(who), (float(true[who]), float(moved[who]))


def unprotected(release: Release, rules: Rules) -> Finding:
    """T9: single values found where exact sums of enough contributors are shown, with "all but one" filters."""
    parts, by_place = _used(release)
    given = Contributors.of(parts @ by_place)
    rows = [parts[given.count >= rules.limits.contributors], *_all_but_one(release.cube, parts, by_place, rules)]
    single = parts[given.count == 1]
    got = _determined(sparse.vstack(rows).tocsr(), single)
    return Finding("T9 control", release.measure, int(got.sum()), single.shape[0], BREAKS_ABOVE, is_control=True)


def _all_but_one(
    cube: Cube, parts: sparse.csr_array, by_place: sparse.csr_array, rules: Rules
) -> Iterator[sparse.csr_array]:
    """Yield each cell less each of its parts by one more dimension, where enough contribute to the rest."""
    number = {tuple(key): cell for cell, key in enumerate(cube.keys.tolist())}
    for column in range(1, cube.keys.shape[1]):
        above = cube.keys.copy()
        above[:, column] = 0
        pairs = np.array([
            (number[tuple(key)], cell)
            for cell, key in enumerate(above.tolist()) if cube.keys[cell, column] and tuple(key) in number
        ])  # fmt: skip
        if len(pairs):
            rest = parts[pairs[:, 0]] - parts[pairs[:, 1]]
            rest.eliminate_zeros()
            yield rest[Contributors.of(rest @ by_place).count >= rules.limits.contributors]


def _used(release: Release) -> tuple[sparse.csr_array, sparse.csr_array]:
    """Return (cells, places) and (places, entities) of the places where somebody gave something."""
    by_place = release.cube.by_place(release.base)
    used = np.flatnonzero(np.diff(by_place.indptr) > 0)
    return release.cube.parts[:, used], by_place[used]


def _determined(shown: sparse.csr_array, secret: sparse.csr_array) -> np.ndarray:
    """Return (secrets,) True where a row is a mix of the rows shown."""
    free = _free(shown)
    return np.abs(secret @ free).max(axis=1, initial=0.0) < np.sqrt(SAME) * np.sqrt(np.diff(secret.indptr))


def _free(shown: sparse.csr_array, count: int = DRAWS) -> np.ndarray:
    """Return (places, changes) changes of places that the rows shown leave as they are: a basis of all, or `count`."""
    places = shown.shape[1]
    if not shown.shape[0]:
        return np.eye(places)
    if places > DENSE:
        drawn = np.random.default_rng(SEED).standard_normal((count, places))
        return np.column_stack([draw - _fitted(shown, shown @ draw) for draw in drawn])
    rows = shown.toarray()
    if rows.shape[0] > places:
        rows = linalg.qr(rows, mode="r", check_finite=False)[0][:places]
    return linalg.null_space(rows, rcond=SAME)


def _fitted(rows: sparse.csr_array, values: np.ndarray) -> np.ndarray:
    """Return (places,) the smallest values whose sums are nearest to what is shown."""
    if not rows.nnz:
        return np.zeros(rows.shape[1])
    return lsqr(rows, values, atol=EXACT, btol=EXACT, conlim=0, iter_lim=ITERATIONS)[0]


def _rank(rows: np.ndarray) -> int:
    """Return how many independent directions rows of a basis have left."""
    return int((linalg.svdvals(rows) > np.sqrt(SAME)).sum()) if rows.size else 0


@dataclass(frozen=True)
class Utility:
    """What protection costs a reader: of served cells the share hidden, and the errors of those shown.

    base: the least number of contributors. errors: as shares of the true value.
    """

    base: str
    cells: int
    hidden: int
    median: float
    p95: float


def utility(released: Iterable[Release], bands: Sequence[int]) -> list[Utility]:
    """Return what protection costs, by the number of contributors: from each of the bands up to the next."""
    counts, shown, errors = (
        np.concatenate([*(part(release)[release.is_served] for release in released), np.array([])])
        for part in (lambda r: r.count, lambda r: r.is_shown, lambda r: r.errors)
    )
    edges = [0, *bands, np.inf]
    table = []
    for low, high in zip(edges, edges[1:], strict=False):
        own = (counts >= low) & (counts < high)
        known = errors[own & (shown > 0)]
        table.append(Utility(
            f"{low:.0f}–{high - 1:.0f}" if np.isfinite(high) else f"{low:.0f}+", int(own.sum()),
            int((own & (shown == 0)).sum()), *(np.quantile(known, (0.5, 0.95)) if len(known) else (np.nan, np.nan)),
        ))  # fmt: skip
    return table

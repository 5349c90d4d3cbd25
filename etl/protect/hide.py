"""Hide: which cells may be published, so that no secret can be worked out from all of them together.

Primary rules look at one cell at a time: enough contributors, and none that the second largest could work out. Then
the Gauss step: cells are admitted from the most general to the most detailed, and one that would let a secret be
expressed as a mix of published cells stays hidden. Secrets are the cells that the primary rules keep back, and every
mix of places at which one entity is alone. (Langsrud 2024, doi 10.1007/978-3-031-69651-0_6.)
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import linalg, sparse
from scipy.linalg import lapack

from etl.protect.cube import Contributors

ONE_WAY = 2  # dimensions: the year and one more
SEED = 2026  # of the random changes; what is found does not depend on it
DRAWS = 4  # random changes of places by which a secret is tested; each alone errs with probability 0
AGAIN = 2  # times a projection is made: once more takes away what rounding left
BLOCK = 64  # cells of which what is published already is taken off at once
DEPENDENT = 1e-9  # of a squared length: what is left of a cell that is a mix of others
DETERMINED = 1e-6  # of the part of a secret that was free: what is left of one that is determined

SECRET_BELOW = 3
"""A cell of fewer contributors gives one of them away to the other; in larger ones the p %-rule tells."""


@dataclass(frozen=True)
class Limits:
    """Primary rules: contributors a cell needs, p of the p %-rule, how many dimensions may be in use."""

    contributors: int
    p_percent: float
    depth: int

    def allow(self, given: Contributors, totals: np.ndarray, depth: np.ndarray) -> np.ndarray:
        """Return (cells,) True for cells that may be published as far as they alone are concerned."""
        return (given.count >= self.contributors) & ~self.dominated(given, totals) & (depth <= self.depth)

    def dominated(self, given: Contributors, totals: np.ndarray) -> np.ndarray:
        """Return (cells,) True where the second largest could work out the largest within p percent."""
        return totals - given.largest - given.second < self.p_percent / 100 * given.largest

    def secret(self, given: Contributors, totals: np.ndarray) -> np.ndarray:
        """Return (cells,) True for what must not be worked out either; what one entity gives alone is told apart."""
        return (given.count > 1) & ((given.count < SECRET_BELOW) | self.dominated(given, totals))


@dataclass(frozen=True)
class ShareLimits:
    """Primary rules of shares of companies: one dimension beside the year, a base, and never all or none.

    base: how many companies must have answered.
    """

    base: int

    def allow(self, asked: np.ndarray, yes: np.ndarray, depth: np.ndarray) -> np.ndarray:
        """Return (cells,) True for cells that may be published; `yes` are how many of those asked said so."""
        return (asked >= self.base) & (yes > 0) & (yes < asked) & (depth <= ONE_WAY)


def published(
    parts: sparse.csr_array, by_place: sparse.csr_array, order: np.ndarray, is_secret: np.ndarray
) -> np.ndarray:
    """Return (cells,) True for the cells that are published.

    Args:
        parts: (cells, places) 1 where a place is part of a cell.
        by_place: (places, entities) what each entity gave at each place.
        order: the numbers of the cells that the primary rules allow, the most important first.
        is_secret: (cells,) True for those that must not be worked out.
    """
    used = np.flatnonzero(by_place.sum(axis=1) > 0)
    parts, by_place = parts[:, used], by_place[used]
    free = Free(parts[order], np.random.default_rng(SEED))
    secrets = [*_cells_at_risk(parts[is_secret], free), *_mixes_at_risk(by_place, free)]
    chosen = np.zeros(parts.shape[0], dtype=bool)
    chosen[order] = admit(free.coordinates, free.coordinates_of(secrets))
    return chosen


class Free:
    """Changes of places that no published cell shows: what all of them leave as it is can be worked out.

    Cells are written in as many coordinates as they are independent, found by a pivoted Cholesky factor of their inner
    products (LAPACK's dpstrf): with thousands of companies there are far fewer of them than places.

    Attributes:
        places: how many there are.
        coordinates: (cells, rank) the cells, lengths and angles as they are.
    """

    def __init__(self, cells: sparse.csr_array, random: np.random.Generator):
        self._random, self.places = random, cells.shape[1]
        products = (cells @ cells.T).toarray()
        if len(products):
            factor, pivots, rank, _ = lapack.dpstrf(products, tol=DEPENDENT * products.max(), lower=1)
            factor, pivots = np.tril(factor)[:, :rank], pivots - 1
        else:
            factor, pivots, rank = np.zeros((0, 0)), np.zeros(0, dtype=int), 0
        self.coordinates = np.empty_like(factor)
        self.coordinates[pivots] = factor
        self._corner, self._independent = factor[:rank], cells[pivots[:rank]]

    def changes(self, count: int) -> np.ndarray:
        """Return (places, count) random changes."""
        drawn = self._random.standard_normal((self.places, count))
        if len(self._corner):
            for _ in range(AGAIN):
                across = linalg.cho_solve((self._corner, True), self._independent @ drawn)
                drawn = drawn - self._independent.T @ across
        return drawn

    def coordinates_of(self, secrets: Sequence[np.ndarray]) -> list[np.ndarray]:
        """Return (mixes, rank) each of what can be worked out, (mixes, places), in the coordinates of the cells."""
        if not secrets:
            return []
        shown = self._independent @ np.vstack(secrets).T
        found = linalg.solve_triangular(self._corner, shown, lower=True, check_finite=False).T
        return np.split(found, np.cumsum([len(secret) for secret in secrets])[:-1])


def _cells_at_risk(cells: sparse.csr_array, free: Free) -> Iterator[np.ndarray]:
    """Yield (1, places) each cell that could be worked out if all candidates were published."""
    changes = np.abs(cells @ free.changes(DRAWS)).max(axis=1)
    lengths = np.sqrt(np.diff(cells.indptr))
    risky = cells[changes < np.sqrt(DETERMINED) * lengths]
    risky.sort_indices()
    places = {tuple(part.tolist()) for part in np.split(risky.indices, risky.indptr[1:-1])}
    for listed in sorted(places - {()}):
        row = np.zeros((1, cells.shape[1]))
        row[0, list(listed)] = 1
        yield row


def _mixes_at_risk(by_place: sparse.csr_array, free: Free) -> Iterator[np.ndarray]:
    """Yield (mixes, places) for each entity the mixes of places it has to itself that could be worked out."""
    by_place.eliminate_zeros()
    alone = np.flatnonzero(np.diff(by_place.indptr) == 1)
    who = by_place.indices[by_place.indptr[alone]]
    most = int(np.bincount(who, minlength=1).max(initial=0))
    changes = free.changes(most + DRAWS)
    for entity in np.unique(who):
        own = alone[who == entity]
        left, lengths, _ = linalg.svd(changes[own], full_matrices=True)
        lengths = np.pad(lengths, (0, len(own) - len(lengths)))
        determined = left[:, lengths < np.sqrt(DETERMINED) * max(lengths.max(), 1.0)]
        if determined.shape[1]:
            mixes = np.zeros((determined.shape[1], by_place.shape[0]))
            mixes[:, own] = determined.T
            yield mixes


def admit(candidates: np.ndarray, secrets: Sequence[np.ndarray]) -> np.ndarray:
    """Return (cells,) True for the cells that can be published together, the first of them first.

    Args:
        candidates: (cells, coordinates), the most important first.
        secrets: (mixes, coordinates) each; no mix of the mixes of one secret may be a mix of admitted cells.
    """
    admitted = np.zeros(len(candidates), dtype=bool)
    if not secrets:
        return ~admitted
    owner = np.repeat(np.arange(len(secrets)), [len(secret) for secret in secrets])
    groups = [np.flatnonzero(owner == number) for number in range(len(secrets)) if len(secrets[number]) > 1]
    single = np.flatnonzero(np.bincount(owner)[owner] == 1)
    every = np.vstack(secrets)
    left = np.einsum("ij,ij->i", every, every)
    at_first = left.copy()
    inverses = [np.linalg.inv(every[group] @ every[group].T) for group in groups]  # of what of a group is free
    directions = np.zeros((min(candidates.shape), candidates.shape[1]))
    rank = 0
    for number, row in enumerate(candidates):
        if number % BLOCK == 0:
            known, block = rank, candidates[number : number + BLOCK]
            for _ in range(AGAIN):
                block = block - (block @ directions[:known].T) @ directions[:known]
        rest = block[number % BLOCK]
        for _ in range(AGAIN):
            rest = rest - (rest @ directions[known:rank].T) @ directions[known:rank]
        length = rest @ rest
        if length <= DEPENDENT * (row @ row):
            admitted[number] = True  # a mix of what is published tells nothing new
            continue
        direction = rest / np.sqrt(length)
        shared = every @ direction
        if np.any(left[single] - shared[single] ** 2 <= DETERMINED * at_first[single]):
            continue
        tied = [inverse @ shared[group] for group, inverse in zip(groups, inverses, strict=True)]
        room = [1 - shared[group] @ tie for group, tie in zip(groups, tied, strict=True)]
        # what is left of a group is at least 1 / the trace of the inverse, which is no less than its largest root
        if any(
            part <= 0 or (inverse.trace() + tie @ tie / part) * DETERMINED >= 1
            for inverse, tie, part in zip(inverses, tied, room, strict=True)
        ):
            continue
        admitted[number] = True
        directions[rank], rank = direction, rank + 1
        left = left - shared**2
        inverses = [
            inverse + np.outer(tie, tie) / part for inverse, tie, part in zip(inverses, tied, room, strict=True)
        ]
    return admitted

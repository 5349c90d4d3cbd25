"""Balance: signs and shares with which what is added to headline sums and what is taken away come to the same."""

from __future__ import annotations

import numpy as np

LEAST, MOST = 0.11, 0.25
"""By which share of itself a value is moved: at least and at most."""
ROOM = 0.28
"""What the positive and the negative part of a sum may differ by, as a share of it, for shares to balance them."""
TURNS = 120  # of each sign in one search
HEAT = 0.02  # how readily signs are turned over at first that lead away from balance
WEIGHT = 300.0  # of a sum's error beside the distance of shares from those drawn
HEAVIEST = 100.0  # times that, for the sums that are hardest to balance
STEPS, CLOSE = 100, 1e-12  # of the search for shares; when it has come close enough


def balanced_signs(
    effects: np.ndarray, signs: np.ndarray, is_open: np.ndarray, random: np.random.Generator
) -> np.ndarray:
    """Return (entities,) signs with which sums lean as little as could be found.

    One sign at a time is turned over; at first also where that leads away (simulated annealing).

    Args:
        effects: (sums, entities) the share of each sum that an entity gives.
        signs: (entities,) 1 or -1, to begin with.
        is_open: (entities,) True for those that may be turned over.
        random: where the turns come from.
    """
    weighty = np.flatnonzero((effects.max(axis=0, initial=0.0) > 0) & is_open)
    signs, leaning = signs.copy(), effects @ signs
    cost = _too_far(leaning)
    best, least = signs.copy(), cost
    turns = TURNS * len(weighty)
    picks, chances = random.permutation(np.tile(weighty, TURNS)), random.random(turns)
    for turn, pick in enumerate(picks.tolist()):
        if least == 0:
            break
        after = leaning - 2 * effects[:, pick] * signs[pick]
        then = _too_far(after)
        if then < cost or chances[turn] < np.exp((cost - then) / (HEAT * (1 - turn / turns) ** 2)):
            leaning, cost = after, then
            signs[pick] = -signs[pick]
            if cost < least:
                best, least = signs.copy(), cost
    return best


def _too_far(leaning: np.ndarray) -> float:
    """Return how far (sums,) lean beyond what shares can balance."""
    return float((np.maximum(np.abs(leaning) - ROOM, 0) ** 2).sum())


def refined_shares(
    effects: np.ndarray, drawn: np.ndarray, is_open: np.ndarray, rounds: int, enough: float
) -> np.ndarray:
    """Return (rows,) balanced shares, the sums that are furthest off weighed more from round to round.

    Args:
        effects: (sums, rows) what a share of one in a row adds to a sum, as a share of it.
        drawn: (rows,) the shares as they were drawn.
        is_open: (rows,) True for those that may be moved.
        rounds: how often at most.
        enough: a worst error, as a share of a sum, that needs no more rounds.
    """
    best = balanced_shares(effects, drawn, is_open)
    off, weights = np.abs(effects @ best), np.ones(len(effects))
    least = off.max(initial=0.0)
    for _ in range(rounds):
        if least <= enough:
            break
        weights = np.minimum(weights * (1 + off / off.max()) ** 2, HEAVIEST)
        shares = balanced_shares(weights[:, None] * effects, drawn, is_open)
        off = np.abs(effects @ shares)
        if off.max() < least:
            best, least = shares, off.max()
    return best


def balanced_shares(effects: np.ndarray, drawn: np.ndarray, is_open: np.ndarray) -> np.ndarray:
    """Return (rows,) the shares within their bounds that are nearest to those drawn and balance sums.

    It minimises |shares - drawn|^2 + (WEIGHT |effects shares|)^2 by Newton steps on the prices of the errors, of which
    there are as many as sums: shares = drawn - prices effects, cut off at the bounds.
    """
    low, high = np.where(is_open, LEAST, drawn), np.where(is_open, MOST, drawn)

    def shares(prices: np.ndarray) -> np.ndarray:
        return np.clip(drawn - prices @ effects, low, high)

    def worth(prices: np.ndarray) -> float:
        found = shares(prices)
        return ((found - drawn) ** 2).sum() / 2 + prices @ effects @ found - (prices @ prices) / (2 * WEIGHT**2)

    prices = np.zeros(len(effects))
    for _ in range(STEPS):
        found = shares(prices)
        slope = effects @ found - prices / WEIGHT**2
        if np.abs(slope).max(initial=0.0) < CLOSE:
            break
        inside = effects[:, (found > low) & (found < high)]
        step = np.linalg.solve(inside @ inside.T + np.eye(len(effects)) / WEIGHT**2, slope)
        size, now = 1.0, worth(prices)
        while size > CLOSE and worth(prices + size * step) < now + 1e-4 * size * (slope @ step):
            size /= 2
        prices = prices + size * step
    return shares(prices)

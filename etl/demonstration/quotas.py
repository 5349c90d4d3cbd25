"""Dealing out whole numbers by shares, and drawing many codes at once."""

from __future__ import annotations

import numpy as np


def quotas(shares: np.ndarray, total: int) -> np.ndarray:
    """Return whole numbers in the proportions of `shares` that sum to `total` (largest remainders)."""
    exact = np.asarray(shares, dtype=float) / np.sum(shares) * total
    whole = np.floor(exact).astype(int)
    largest = np.argsort(whole - exact, kind="stable")[: total - whole.sum()]
    whole[largest] += 1
    return whole


def dealt(shares: np.ndarray, total: int, rng: np.random.Generator) -> np.ndarray:
    """Return `total` positions of `shares`, each as often as its share says, in random order."""
    return rng.permutation(np.repeat(np.arange(len(shares)), quotas(shares, total)))


def drawn(weights: np.ndarray, rows: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Return one random column of `weights` for every entry of `rows`, which says whose line of weights applies.

    Args:
        weights: one line of weights per kind of row; a line of zeros draws its last column.
        rows: the line that applies, one entry per draw.
    """
    cumulated = np.cumsum(weights, axis=1)
    cumulated = cumulated / np.maximum(cumulated[:, -1:], 1e-300)
    cumulated[:, -1] = 1.0
    chance = rng.random(len(rows))
    found = np.empty(len(rows), dtype=np.int32)
    order = np.argsort(rows, kind="stable")
    edges = np.searchsorted(rows[order], np.arange(len(weights) + 1))
    for line in np.flatnonzero(np.diff(edges)):
        at = order[edges[line] : edges[line + 1]]
        found[at] = np.searchsorted(cumulated[line], chance[at], side="right")
    return np.minimum(found, weights.shape[1] - 1)

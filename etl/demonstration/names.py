"""Names and identification numbers that no real organisation has."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import product
from typing import Any

import numpy as np

_CHECK_WEIGHTS = np.array([[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11], [3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2]])


def company_names(
    words: Mapping[str, Any], sections: Sequence[str], is_state: np.ndarray, rng: np.random.Generator
) -> list[str]:
    """Return one name per company, unlike any other: a coined place, a word of its trade, its legal form.

    Args:
        words: `first` and `second` make the coined place, `trade` gives words by section, `legal_form` the forms of
            state and of other companies.
        sections: each company's section.
    """
    places = [first + second for first, second in product(words["first"], words["second"])]
    places = [places[at] for at in rng.permutation(len(places))]
    used: dict[str, int] = {}
    names = []
    for section, state in zip(sections, is_state, strict=True):
        trades = words["trade"][section]
        number = used[section] = used.get(section, -1) + 1
        place = places[(number + 37 * list(words["trade"]).index(section)) % len(places)]
        trade = trades[(number + number // len(places)) % len(trades)]
        again = number // (len(places) * len(trades))
        form = words["legal_form"]["state" if state else "other"]
        names.append(f"{form} «{place} {trade}{f'-{again + 1}' if again else ''}»")
    return names


def ngo_names(words: Mapping[str, Any], count: int, rng: np.random.Generator) -> list[str]:
    """Return one name per NGO: a kind of organisation and a coined name of two words."""
    pairs = list(product(words["first"], words["second"]))
    chosen = rng.permutation(len(pairs))[:count]
    kinds = words["kind"]
    return [f"{kinds[number % len(kinds)]} «{' '.join(pairs[at])}»" for number, at in enumerate(chosen)]


def bins(count: int, rng: np.random.Generator) -> list[str]:
    """Return twelve-digit numbers that look like a BIN and cannot be one: month 13, and a wrong check digit."""
    digits = np.empty((count, 12), dtype=int)
    digits[:, 0] = 1
    digits[:, 1] = rng.integers(0, 10, count)
    digits[:, 2:6] = (1, 3, 4, 0)
    serial = np.arange(1, count + 1)
    digits[:, 6:11] = serial[:, None] // 10 ** np.arange(4, -1, -1) % 10
    check = digits[:, :11] @ _CHECK_WEIGHTS[0] % 11
    second = digits[:, :11] @ _CHECK_WEIGHTS[1] % 11
    digits[:, 11] = (np.where(check == 10, second, check) + 1) % 10
    return ["".join(map(str, line)) for line in digits]

"""Classes: round limits for five shades, and round steps for gridlines."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

COUNT = 5
STEPS = (1, 2, 2.5, 5, 10)
CLASS_STEPS = (1, 2, 3, 4, 5, 6, 8, 10)  # closer together, so that the highest class is in use


def round_step(largest: float, parts: int, steps: tuple[float, ...] = STEPS) -> float:
    """Return a step of 1, 2, 2.5 or 5 times a power of ten that reaches a positive number in at most `parts` steps."""
    rough = largest / parts
    power = 10.0 ** math.floor(math.log10(rough))
    return next(step * power for step in steps if step * power >= rough * (1 - 1e-9))


def grid_steps(largest: float) -> tuple[float, float]:
    """Return step and top of three to five gridlines that reach a positive number with the least room to spare."""
    found = []
    for parts in (4, 3, 5):
        step = round_step(largest, parts)
        found.append((step * math.ceil(largest / step - 1e-9), step))
    top, step = min(found, key=lambda pair: pair[0])
    return step, top


def class_limits(values: Iterable[float], count: int = COUNT) -> tuple[float, ...]:
    """Return count + 1 round limits from 0 that hold all values; a value on a limit belongs to the class above it.

    Even steps where the values are even, whole ones where the values are whole. Where a few tower over the rest (the
    middle one lies below a sixth of the largest) the steps widen: 1, 2, 5 times powers of ten.
    Use the limits of a whole series for each of its periods.
    """
    known = sorted(float(value) for value in values if value is not None and not math.isnan(value) and value > 0)
    largest = known[-1] if known else 1.0
    if len(known) >= count and known[len(known) // 2] < largest / 6:
        return (0.0, *_widening(largest, count))
    step = round_step(largest, count, CLASS_STEPS)
    if all(value.is_integer() for value in known):
        step = math.ceil(step)
    return tuple(_tidy(step * number) for number in range(count + 1))


def _widening(largest: float, count: int) -> list[float]:
    """Return growing limits 1, 2, 5, 10 ... whose last is the first that reaches the largest value."""
    power = math.floor(math.log10(largest)) + 1
    ladder = [_tidy(step * 10.0**exponent) for exponent in range(power - count, power + 1) for step in (1, 2, 5)]
    reach = next(number for number, limit in enumerate(ladder) if limit >= largest)
    return ladder[reach - count + 1 : reach + 1]


def _tidy(value: float) -> float:
    return float(f"{value:.6g}")


def class_index(value: float, limits: Sequence[float]) -> int:
    """Return the class of a value, 0 for the lowest; the last limit belongs to the last class."""
    inner = list(limits)[1:-1]
    return sum(value >= limit for limit in inner)

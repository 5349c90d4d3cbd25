"""Putting cells together: several measures, several years, numerator and denominator. Knows no store and no filter."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from math import nan

import pandas as pd


@dataclass(frozen=True)
class Part:
    """What some cells of one measure, or of several that belong together, come to.

    value: None where every one of them is hidden. value_to: the largest year, where `value` is the smallest of several
    years that do not add. contributors: of the largest cell, None where there are none to count (employed persons).
    is_free: at least one cell has enough contributors. hidden: hidden cells that are not in the value.
    is_at_least: the value is the largest of several that may overlap. quality: of a protected value how near it is to
    the true one, "A", "B" or "C"; "" where it is exact.
    """

    value: float | None
    contributors: int | None
    is_free: bool
    hidden: int = 0
    is_at_least: bool = False
    value_to: float | None = None
    quality: str = ""

    @property
    def status(self) -> str:
        """Hidden without a value; low base where not one of the cells has enough contributors."""
        if self.value is None:
            return "hidden"
        return "free" if self.is_free else "low_base"


def summed(parts: Iterable[Part]) -> Part:
    """Return the sum of parts that do not overlap; what is hidden in them is counted, not guessed."""
    parts = list(parts)
    if len(parts) == 1:
        return parts[0]
    values = [part.value for part in parts if part.value is not None]
    return Part(
        value=sum(values) if values else None,
        contributors=_largest(part.contributors for part in parts),
        is_free=any(part.is_free for part in parts),
        hidden=sum(part.hidden for part in parts),
        is_at_least=any(part.is_at_least for part in parts),
        quality=_worst(parts),
    )


def largest(parts: Iterable[Part]) -> Part:
    """Return what is sure of parts that may overlap: at least the largest of their values."""
    parts = list(parts)
    if len(parts) == 1:
        return parts[0]
    values = [part.value for part in parts if part.value is not None]
    return replace(summed(parts), value=max(values, default=None), is_at_least=bool(values))


def span(parts: Iterable[Part], unfinished: Part | None = None) -> Part:
    """Return the smallest and the largest of years that do not add.

    Args:
        parts: one for each whole year. unfinished: of a year that still lacks months; it may be the largest, but
            says nothing about the smallest, unless there is no other.
    """
    parts = list(parts)
    every = [*parts, *([unfinished] if unfinished else [])]
    whole = [part.value for part in parts if part.value is not None]
    values = [part.value for part in every if part.value is not None]
    together = summed(every)
    if not values:
        return together
    return Part(
        value=min(whole or values),
        value_to=max(values) if len(values) > 1 else None,
        contributors=together.contributors,
        is_free=together.is_free,
        hidden=together.hidden,
        is_at_least=together.is_at_least,
        quality=together.quality,
    )


def quotient(numerators: Iterable[Part], denominators: Iterable[Part], factor: float) -> Part | None:
    """Return sum / sum times a factor; hidden if anything in either is hidden, None over a denominator of zero."""
    above, below = summed(numerators), summed(denominators)
    hidden = above.hidden + below.hidden
    known = [number for number in (above.contributors, below.contributors) if number is not None]
    if hidden:
        return Part(None, None, False, hidden)
    if not below.value:
        return None
    return Part(
        value=factor * above.value / below.value,
        contributors=min(known) if known else None,
        is_free=above.is_free and below.is_free,
        quality=_worst((above, below)),
    )


def table(rows: Iterable[tuple[tuple, Part]], by: tuple[str, ...]) -> pd.DataFrame:
    """Return the rows of an answer, one column for each of `by` and the columns of a part, hidden as empty."""
    rows = list(rows)
    parts = [part for _, part in rows]
    columns = {name: pd.array([key[place] for key, _ in rows], dtype="int64" if name in ("year", "month") else "str")
               for place, name in enumerate(by)}  # fmt: skip
    return pd.DataFrame(columns | {
        "value": pd.array([nan if part.value is None else part.value for part in parts], dtype="float64"),
        "value_to": pd.array([nan if part.value_to is None else part.value_to for part in parts], dtype="float64"),
        "is_at_least": pd.array([part.is_at_least for part in parts], dtype="bool"),
        "contributors": pd.array([None if part.value is None else part.contributors for part in parts], dtype="Int64"),
        "status": pd.array([part.status for part in parts], dtype="str"),
        "hidden_parts": pd.array([part.hidden for part in parts], dtype="Int64"),
        "quality": pd.array(["" if part.value is None else part.quality for part in parts], dtype="str"),
    })  # fmt: skip


def _worst(parts: Iterable[Part]) -> str:
    return max((part.quality for part in parts if part.value is not None), default="")


def _largest(numbers: Iterable[int | None]) -> int | None:
    return max((number for number in numbers if number is not None), default=None)

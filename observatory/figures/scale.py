"""Scale: the values of one chart written alike, so that "thousand hours" stands once and not on every mark."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd

from observatory.registry import registry
from observatory.texts import Texts

THOUSANDS_FROM, MILLIONS_FROM = 1e4, 1e7


@dataclass(frozen=True)
class Scale:
    """divisor: what every value is divided by; heading: unit and word of the divisor, as an axis says it."""

    texts: Texts
    unit_id: str
    divisor: float
    heading: str

    def write(self, value: float) -> str:
        """Return a value without its unit: percent with its sign, large numbers with three significant digits."""
        if self.divisor == 1:
            return self.texts.short_amount(value, self.unit_id)
        scaled = value / self.divisor
        digits = 0 if abs(scaled) >= 99.95 else 1 if abs(scaled) >= 9.995 or scaled == 0 else 2
        return self.texts.number(scaled, digits)

    def limit(self, value: float) -> str:
        """Return a round number, such as the limit of a class or a gridline, without decimals it does not need."""
        return self.texts.number(value / self.divisor) if self.divisor > 1 else self.write(value)

    @property
    def subtitle(self) -> str:
        """The heading as a line begins with it."""
        return self.heading[:1].upper() + self.heading[1:]


def scale_of(texts: Texts, unit_id: str, values: Iterable[float]) -> Scale:
    """Return the scale for the values of one chart; only counts, hours and money are divided."""
    unit = registry().units[unit_id]
    largest = max((abs(value) for value in values if pd.notna(value)), default=0.0)
    power = 6 if largest >= MILLIONS_FROM else 3 if largest >= THOUSANDS_FROM else 0
    heading = texts.unit(unit_id)
    if not power or unit.kind not in ("count", "hours", "money"):
        return Scale(texts, unit_id, 1, heading)
    return Scale(texts, unit_id, 10.0**power, texts.say("{word} {unit}", word=texts.magnitude(power), unit=heading))

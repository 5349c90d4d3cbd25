"""The words around the data in tables people send: totals, multipliers, units; of data/registry/notation.yml."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property

from observatory.fact_files import folded
from observatory.registry import registry

CONNECTING = (folded("в"), folded("in"))
"""What may stand between a heading and its unit: "Расходы в тенге"."""


@dataclass(frozen=True)
class TableWords:
    """The words, folded.

    Attributes:
        totals: what the first filled cell of a row of totals says.
        totals_of: what may follow it.
        line_numbers: headings of a column that counts the lines.
        multipliers: a word for a power of ten, and the number.
        units: a word or phrase for a unit, and the unit: hours, persons, days, a currency (ISO 4217) ...
    """

    totals: frozenset[str]
    totals_of: frozenset[str]
    line_numbers: frozenset[str]
    multipliers: Mapping[str, int]
    units: Mapping[str, str]

    @cached_property
    def measured_in(self) -> Mapping[str, tuple[int, str]]:
        """Maps every phrase for what a column is measured in to its factor and its unit, "" where it names none."""
        phrases = {unit: (1, kind) for unit, kind in self.units.items()}
        phrases |= {word: (factor, "") for word, factor in self.multipliers.items()}
        return phrases | {
            phrase: (factor, kind)
            for word, factor in self.multipliers.items()
            for unit, kind in self.units.items()
            for phrase in (f"{word} {unit}", f"{unit} {word}")
        }

    def is_total(self, cell: str) -> bool:
        """Return whether a row that begins with this cell is one of totals: "ИТОГО:", "Всего по области"."""
        words = folded(cell).split()
        return any(
            " ".join(words[:length]) in self.totals and (length == len(words) or words[length] in self.totals_of)
            for length in (1, 2)
            if len(words) >= length
        )

    def in_units(self, heading: str) -> Iterator[tuple[str, int, str]]:
        """Yield how a folded heading may be split: what it names, the factor and the unit; the longest phrase first."""
        words = heading.split()
        for length in range(min(len(words) - 1, 4), 0, -1):
            measured = self.measured_in.get(" ".join(words[-length:]))
            if measured:
                named = words[:-length]
                yield " ".join(named[:-1] if named[-1] in CONNECTING and len(named) > 1 else named), *measured


@cache
def table_words() -> TableWords:
    """Return the words of the registry, folded once."""
    facts = registry().notation
    multipliers = (*facts["multipliers"].items(), *facts["heading_multipliers"].items())
    return TableWords(
        totals=frozenset(map(folded, facts["totals"])),
        totals_of=frozenset(map(folded, facts["totals_of"])),
        line_numbers=frozenset(map(folded, facts["line_numbers"])),
        multipliers={folded(word): factor for factor, words in multipliers for word in words},
        units={folded(word): unit for unit, words in facts["units"].items() for word in (unit, *words)},
    )

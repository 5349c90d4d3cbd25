"""The words around the data in tables people send: totals, multipliers, units; data/registry/table_words.yml."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property

from observatory import DATA_FOLDER
from observatory.fact_files import folded, read_yaml


@dataclass(frozen=True)
class TableWords:
    """The words, folded.

    Attributes:
        totals: what the first filled cell of a row of totals says.
        totals_of: what may follow it.
        multipliers: a word for a power of ten, and the number.
        units: a word or phrase for a unit, and the unit: hours, persons or a currency (ISO 4217).
    """

    totals: frozenset[str]
    totals_of: frozenset[str]
    multipliers: Mapping[str, int]
    units: Mapping[str, str]

    @cached_property
    def measured_in(self) -> Mapping[str, tuple[int, str]]:
        """Maps every phrase for what a column is measured in to its factor and its unit, "" where it names none."""
        phrases = {unit: (1, kind) for unit, kind in self.units.items()}
        phrases |= {word: (factor, "") for word, factor in self.multipliers.items()}
        return phrases | {
            f"{word} {unit}": (factor, kind)
            for word, factor in self.multipliers.items()
            for unit, kind in self.units.items()
        }

    def is_total(self, cell: str) -> bool:
        """Return whether a row that begins with this cell is one of totals: "ИТОГО:", "Всего по области"."""
        words = folded(cell).split()
        return any(
            " ".join(words[:length]) in self.totals and (length == len(words) or words[length] in self.totals_of)
            for length in (1, 2)
            if len(words) >= length
        )

    @cached_property
    def totals_pattern(self) -> str:
        """A regular expression (RE2) for the first filled cell, in lower case, of a row that `is_total` accepts."""
        between = r"[\s:;.,\-–—_*\"'«»()]"
        totals = "|".join(re.escape(word).replace(r"\ ", f"{between}+") for word in sorted(self.totals))
        following = "|".join(map(re.escape, sorted(self.totals_of)))
        return f"^{between}*({totals}){between}*($|{between}({following})({between}|$))"

    def in_units(self, heading: str) -> Iterator[tuple[str, int, str]]:
        """Yield how a folded heading may be split: what it names, the factor and the unit; the longest phrase first."""
        words = heading.split()
        for length in range(min(len(words) - 1, 4), 0, -1):
            measured = self.measured_in.get(" ".join(words[-length:]))
            if measured:
                named = words[:-length]
                yield " ".join(named[:-1] if named[-1] in ("в", "in") and len(named) > 1 else named), *measured


@cache
def table_words() -> TableWords:
    """Return the words of the registry, read once."""
    facts = read_yaml(DATA_FOLDER / "registry" / "table_words.yml")
    return TableWords(
        totals=frozenset(map(folded, facts["totals"])),
        totals_of=frozenset(map(folded, facts["totals_of"])),
        multipliers={folded(word): factor for factor, words in facts["multipliers"].items() for word in words},
        units={folded(word): unit for unit, words in facts["units"].items() for word in words},
    )

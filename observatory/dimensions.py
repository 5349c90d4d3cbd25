"""Dimensions: what figures are broken down by, their codes and the codes above and below each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

from observatory import NOT_STATED, TOTAL
from observatory.edition_faults import MEMBER_COLUMNS
from observatory.fact_files import FactRow, folded, iso_date, read_rows


@dataclass(frozen=True)
class Member:
    """One code of a dimension. `names` and `shorts` map every language of the edition; dates bound its validity."""

    code: str
    level: str
    parent_code: str
    order: int
    valid_from: date | None
    valid_to: date | None
    names: Mapping[str, str]
    shorts: Mapping[str, str]
    aliases: tuple[str, ...]
    ambiguous: tuple[str, ...]
    extras: Mapping[str, str]

    @property
    def spellings(self) -> tuple[str, ...]:
        """Everything that people write for the code: the code itself, its names, long and short, and its aliases."""
        return (self.code, *self.names.values(), *self.shorts.values(), *self.aliases)


@dataclass(frozen=True)
class Dimension:
    """A breakdown: its levels that have cells, finest first, and all its codes in their order."""

    name: str
    levels: tuple[str, ...]
    members: Mapping[str, Member]

    def level_of(self, code: str) -> str:
        """Return the level of a code; "_T" and "_U" are their own level and the finest one."""
        if code == TOTAL:
            return TOTAL
        if code == NOT_STATED or code in self.rests:
            return self.levels[0] if self.levels else TOTAL
        return self.members[code].level

    def parent_of(self, code: str) -> str:
        """Return the code above, "_T" above the highest and above "_U"."""
        if code in self.rests:
            return self.rests[code]
        return TOTAL if code in (TOTAL, NOT_STATED) else self.members[code].parent_code

    @cached_property
    def rests(self) -> Mapping[str, str]:
        """Maps "ecology_U", what is stated as ecology and no further, to "ecology"; one for each code with codes below.

        With it the cells below a code add up to the code, whatever records leave open. It is in no record and no file.
        """
        above = {member.parent_code for member in self.members.values() if member.level in self.levels}
        return {
            f"{code}{NOT_STATED}": code
            for code, member in self.members.items()
            if code in above and member.level in self.levels
        }

    def counts_for(self, code: str) -> tuple[str, ...]:
        """Return every code that a record with this code counts for: its rest, if any, itself, its parents, "_T"."""
        rest = f"{code}{NOT_STATED}"
        return (*((rest,) if rest in self.rests else ()), *self.ancestors(code))

    def ancestors(self, code: str) -> tuple[str, ...]:
        """Return the code, its parents and "_T", without those whose level has no cells."""
        if code not in self._lineages:
            chain, above = [], code
            while above != TOTAL:
                if self.level_of(above) in self.levels or above == NOT_STATED:
                    chain.append(above)
                above = self.parent_of(above)
            self._lineages[code] = (*chain, TOTAL)
        return self._lineages[code]

    @cached_property
    def _lineages(self) -> dict[str, tuple[str, ...]]:
        """The ancestors of each code that was asked about."""
        return {}

    def children(self, code: str) -> tuple[str, ...]:
        """Return the codes with cells directly below a code, in order; "_U" is not among them."""
        return self._below.get(code, ())

    @cached_property
    def _below(self) -> dict[str, tuple[str, ...]]:
        found: dict[str, tuple[str, ...]] = {}
        for member in self.members.values():
            if member.level in self.levels:
                above = self.ancestors(member.code)[1]
                found[above] = (*found.get(above, ()), member.code)
        return found

    @cached_property
    def leaves(self) -> tuple[str, ...]:
        """The codes with cells that have none below them, in order."""
        above = {code for member in self.members for code in self.ancestors(member)[1:]}
        return tuple(
            member.code for member in self.members.values() if member.level in self.levels and member.code not in above
        )

    def cut(self, level: str) -> tuple[str, ...]:
        """Return codes that divide everything, in order: of each leaf the highest ancestor not coarser than `level`.

        A leaf that is coarser itself (a theme without sub-themes) stands for itself.
        """
        fine_enough = self.levels[: self.levels.index(level) + 1]
        found: dict[str, None] = {}
        for leaf in self.leaves:
            lineage = [code for code in self.ancestors(leaf) if self.level_of(code) in fine_enough]
            found[lineage[-1] if lineage else leaf] = None
        return tuple(found)

    @cached_property
    def spellings(self) -> Mapping[str, tuple[str, ...]]:
        """Maps each folded spelling to its codes: one where it is plain, several where it is ambiguous.

        A spelling shared by a code and one above it ("Construction", section and group) means the one above.
        """
        found: dict[str, set[str]] = {}
        for member in self.members.values():
            for spelling in (*member.spellings, *member.ambiguous):
                found.setdefault(folded(spelling), set()).add(member.code)
        return {
            spelling: tuple(code for code in self.members if code in codes and not codes & set(self._above(code)))
            for spelling, codes in found.items()
        }

    def _above(self, code: str) -> list[str]:
        above = []
        while (code := self.parent_of(code)) != TOTAL:
            above.append(code)
        return above


def read_dimension(name: str, facts: Mapping[str, Any] | None, folder: Path, languages: tuple[str, ...]) -> Dimension:
    """Return a dimension of an edition's folder; one that the edition does not have has no levels and no members."""
    if facts is None:
        return Dimension(name, (), {})
    _, rows = read_rows(folder / facts["file"])
    members = sorted((_member(row, languages) for row in rows), key=lambda member: member.order)
    return Dimension(name, tuple(facts["levels"]), {member.code: member for member in members})


def _member(row: FactRow, languages: tuple[str, ...]) -> Member:
    names = {language: row[f"name_{language}"] for language in languages}
    own = {*MEMBER_COLUMNS, "aliases", "ambiguous"}
    return Member(
        code=row["code"],
        level=row["level"],
        parent_code=row["parent_code"],
        order=int(row["order"]),
        valid_from=iso_date(row["valid_from"]),
        valid_to=iso_date(row["valid_to"]),
        names=names,
        shorts={language: row.get(f"short_{language}") or names[language] for language in languages},
        aliases=row.parts("aliases"),
        ambiguous=row.parts("ambiguous"),
        extras={
            column: value
            for column, value in row.values.items()
            if column not in own and not column.startswith(("name_", "short_"))
        },
    )

"""Headings to fields: by the source description, by the field's code, or by a heading in any language."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from etl.expressions import columns_of
from etl.sources import SourceDescription
from observatory.fact_files import folded
from observatory.registry import registry


@dataclass(frozen=True)
class HeadingMatch:
    """How one row of cells reads as a row of headings.

    Attributes:
        columns: the position (from 0) of the column that feeds each field.
        absent: headings the description names that are not there.
        missing: required fields that nothing feeds.
        unused: headings that feed no field, but for those that the description leaves aside on purpose.
        found: how many headings were recognised.
    """

    columns: Mapping[str, int]
    absent: tuple[str, ...]
    missing: tuple[str, ...]
    unused: tuple[str, ...]
    found: int

    @property
    def is_complete(self) -> bool:
        """True where a table can be read under these headings."""
        return self.found > 0 and not self.missing


def match_headings(source: SourceDescription, cells: Sequence[str]) -> HeadingMatch:
    """Return how a row of cells reads as headings of a source's table. Of two equal headings the first counts."""
    places: dict[str, int] = {}
    for place, cell in enumerate(cells):
        if _key(cell):
            places.setdefault(_key(cell), place)
    columns: dict[str, int] = {}
    fed: set[str] = set()
    absent: list[str] = []
    used: set[int] = set()
    for name, column in source.columns.items():
        wanted = column.headings or (columns_of(column.sql) if column.sql else ())
        there = [places[_key(heading)] for heading in wanted if _key(heading) in places]
        if column.sql:
            used.update(there)
            absent += [heading for heading in wanted if _key(heading) not in places]
        elif there:
            used.add(there[0])
            columns[name] = there[0]
        elif wanted:
            absent.append(wanted[0])
        if column.constant is not None or (len(there) == len(wanted) if column.sql else there):
            fed.add(name)
    ignored = {_key(heading) for heading in source.not_used}
    for heading, place in places.items():
        name = _known_headings(source.table).get(heading)
        free = name in source.fields and name not in source.columns and name not in columns
        if free and place not in used and heading not in ignored:
            columns[name] = place
            fed.add(name)
            used.add(place)
    required = (name for name, facts in source.fields.items() if facts.get("required"))
    return HeadingMatch(
        columns=columns,
        absent=tuple(absent),
        missing=tuple(name for name in required if fed.isdisjoint((name, *identified_by(source, name)))),
        unused=tuple(
            cell for place, cell in enumerate(cells) if place not in used and _key(cell) not in {"", *ignored}
        ),
        found=len(used),
    )


def find_headings(source: SourceDescription, rows: Iterable[Sequence[str]]) -> tuple[int, HeadingMatch] | None:
    """Return which of the rows (from 0) is the row of headings and how it reads; None where no cell is a heading.

    A row under which a table can be read goes before one that lacks a required field, then the one with more headings
    recognised, then the upper one.
    """
    best: tuple[int, HeadingMatch] | None = None
    for number, cells in enumerate(rows):
        match = match_headings(source, cells)
        if match.found and (best is None or _rank(match) > _rank(best[1])):
            best = number, match
    return best


def _rank(match: HeadingMatch) -> tuple[bool, int]:
    return match.is_complete, match.found


def identified_by(source: SourceDescription, name: str) -> tuple[str, ...]:
    """Return the fields of a source that name the organisation which a field refers to: its bin and its name."""
    target = source.fields[name].get("references")
    if not target:
        return ()
    table = target.split(".")[0]
    return tuple(
        other for other, facts in source.fields.items() if facts.get("feeds") in (f"{table}.bin", f"{table}.name")
    )


def _key(heading: str) -> str:
    """Return a heading as it is compared: the star of a compulsory question is no part of it."""
    return folded(heading.replace("*", " "))


@cache
def _known_headings(table: str) -> dict[str, str]:
    """Return the field that each heading of a table, folded, stands for; a field's own name goes before headings."""
    fields = registry().tables[table]["fields"]
    known = {
        _key(heading): name
        for name, facts in fields.items()
        for language in facts["headings"].values()
        for heading in language
    }
    return known | {_key(name): name for name in fields}

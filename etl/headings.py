"""Headings to fields: by the source description, by the field's code, or by a heading in any language."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache

from etl.expressions import columns_of
from etl.sources import SourceDescription
from etl.table_words import table_words
from observatory.fact_files import folded
from observatory.registry import registry

_MARKS = re.compile(r"[*⁰¹²³⁴-⁹⁽⁾]")

NUMBERED_COLUMNS = 3
"""A row of 1, 2, 3 ... under the headings of an official form numbers its columns; fewer could be data."""


@dataclass(frozen=True)
class HeadingMatch:
    """How one row of cells reads as a row of headings.

    Attributes:
        columns: the position (from 0) of the column that feeds each field.
        absent: headings the description names that are not there.
        missing: required fields that nothing feeds.
        unused: headings that feed no field, but for those left aside or that count lines.
        found: how many headings were recognised.
        factors: what the numbers of a field are to be multiplied by, where its heading says "thousand".
        measured: how many headings name the unit of their field.
    """

    columns: Mapping[str, int]
    absent: tuple[str, ...]
    missing: tuple[str, ...]
    unused: tuple[str, ...]
    found: int
    factors: Mapping[str, int] = field(default_factory=dict)
    measured: int = 0

    @property
    def is_complete(self) -> bool:
        """True where a table can be read under these headings."""
        return self.found > 0 and not self.missing

    @property
    def rank(self) -> tuple[bool, int, int]:
        """What makes one reading better than another."""
        return self.is_complete, self.found, self.measured


@dataclass(frozen=True)
class HeadingRow:
    """Where the headings of a table stand.

    Attributes:
        row: the last row of the headings, from 0: under it the data begin.
        cells: the headings, one for each column.
        match: how they read.
    """

    row: int
    cells: tuple[str, ...]
    match: HeadingMatch

    @property
    def is_plain(self) -> bool:
        """True where a table can be read and most of the cells are headings."""
        filled = sum(bool(_key(cell)) for cell in self.cells)
        return self.match.is_complete and self.match.found > max(1, filled / 2)


def match_headings(source: SourceDescription, cells: Sequence[str]) -> HeadingMatch:
    """Return how a row of cells reads as headings of a source's table. Of two equal headings the first counts."""
    places, measured = _places(source, cells)
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
        elif column.times and _key(column.times) not in places:
            absent.append(column.times)
            there = []
        elif there:
            used.update({there[0], places[_key(column.times)]} if column.times else {there[0]})
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
    aside = {"", *ignored, *table_words().line_numbers}
    required = (name for name, facts in source.fields.items() if facts.get("required"))
    return HeadingMatch(
        columns=columns,
        absent=tuple(absent),
        missing=tuple(name for name in required if fed.isdisjoint((name, *identified_by(source, name)))),
        unused=tuple(cell for place, cell in enumerate(cells) if place not in used and _key(cell) not in aside),
        found=len(used),
        factors={
            name: factor for name, place in columns.items() if (factor := _factor(source, name, cells[place])) > 1
        },
        measured=len(measured & used),
    )


def find_headings(source: SourceDescription, rows: Iterable[Sequence[str]]) -> HeadingRow | None:
    """Return which of the rows is the row of headings and how it reads; None where no cell is a heading.

    Headings may take two rows: "Hours" above "in paid time" and "in own time", or units below the headings. A reading
    under which a table can be read goes before one that lacks a required field, then the one with more headings and
    units recognised, then that in one row, then the upper one. Where most cells of a row further up are headings under
    which a table can be read, that is the first of several tables. A row that numbers the columns belongs to the
    headings.
    """
    rows = list(rows)
    readings = [reading for number in range(len(rows)) if (reading := reading_of(source, rows, number))]
    if not readings:
        return None
    best = max(readings, key=lambda reading: reading.match.rank)
    best = next((reading for reading in readings if reading is best or reading.is_plain), best)
    if best.row + 1 < len(rows) and _numbers_columns(rows[best.row + 1]):
        return replace(best, row=best.row + 1)
    return best


def reading_of(source: SourceDescription, rows: Sequence[Sequence[str]], number: int) -> HeadingRow | None:
    """Return how a row reads best as headings: alone, or with the one below it where both together say more.

    Both together are the headings too where nothing is gained, but each cell below goes on with the heading above it.
    None where no cell is a heading.
    """
    cells, best = rows[number], match_headings(source, rows[number])
    below = rows[number + 1] if number + 1 < len(rows) else ()
    if any(map(_key, cells)) and any(map(_key, below)) and reads_as_headings(source, (*cells, *below)):
        joined = _joined(source, cells, below)
        match, lower = match_headings(source, joined), match_headings(source, below)
        going_on = (_key(cell) in _recognised(source) for cell, own in zip(joined, below, strict=False) if _key(own))
        if match.rank > max(best.rank, lower.rank) or match.rank == best.rank > lower.rank and all(going_on):
            return HeadingRow(number + 1, joined, match)
    return HeadingRow(number, tuple(cells), best) if best.found else None


def reads_as_headings(source: SourceDescription, cells: Sequence[str]) -> bool:
    """Return whether any cell is one that a heading of the source may say: a quick look before `find_headings`."""
    known = _recognised(source)
    return any(_key(cell) in known for cell in cells if cell and not cell[0].isdigit())


def headings_of(source: SourceDescription) -> tuple[str, ...]:
    """Return every heading that says something to a source, as written in the registry and in its description."""
    written = (
        heading
        for facts in registry().tables[source.table]["fields"].values()
        for language in facts["headings"].values()
        for heading in language
    )
    return tuple(dict.fromkeys((*source.fields, *written, *_described(source))))


def repeated_headings(headings: Sequence[str], match: HeadingMatch) -> tuple[str, ...]:
    """Return the headings in use that stand over another column too, which is not read."""
    counted = Counter(map(_key, headings))
    return tuple(headings[place] for place in sorted(match.columns.values()) if counted[_key(headings[place])] > 1)


def place_of(headings: Sequence[str], wanted: str) -> int | None:
    """Return the place, from 0, of the first of some headings that is the one wanted; None where it is not there."""
    return next((place for place, heading in enumerate(headings) if _key(heading) == _key(wanted)), None)


def identified_by(source: SourceDescription, name: str) -> tuple[str, ...]:
    """Return the fields of a source that name the organisation which a field refers to: its bin and its name."""
    target = source.fields[name].get("references")
    if not target:
        return ()
    table = target.split(".")[0]
    return tuple(
        other for other, facts in source.fields.items() if facts.get("feeds") in (f"{table}.bin", f"{table}.name")
    )


def _places(source: SourceDescription, cells: Sequence[str]) -> tuple[dict[str, int], set[int]]:
    """Return the place of each heading, and the places of those that name the unit of their field.

    A heading with a unit behind it stands for the heading without, unless that is there too: "Часы, чел.-ч".
    """
    places: dict[str, int] = {}
    shorter: dict[str, int] = {}
    measured = set()
    for place, cell in enumerate(cells):
        if not (key := _key(cell)):
            continue
        places.setdefault(key, place)
        for named, _, unit in table_words().in_units(key):
            name = _recognised(source).get(named)
            if name and _is_unit_of(source, name, unit):
                measured.add(place)
                shorter.setdefault(named, place)
    return shorter | places, measured


def _factor(source: SourceDescription, name: str, heading: str) -> int:
    """Return what the numbers under a heading are multiplied by to be in the unit of the field they feed.

    A heading that is known as it stands says no multiplier: "Жұмыстан тыс сағат" are hours outside work.
    """
    if _key(heading) in _known_headings(source.table):
        return 1
    for _, factor, unit in table_words().in_units(_key(heading)):
        if _is_unit_of(source, name, unit):
            return factor
    return 1


def _is_unit_of(source: SourceDescription, name: str, unit: str) -> bool:
    """Return whether numbers of a field may be given in a unit; "" is a bare multiplier, which goes with any."""
    own = source.fields.get(name, {}).get("unit")
    return bool(own) and unit in ("", source.currency if own == "currency" else own)


def _joined(source: SourceDescription, upper: Sequence[str], lower: Sequence[str]) -> tuple[str, ...]:
    """Return the headings of two rows: the lower one where it is known by itself, else both together.

    A cell of the upper row counts for the blank ones to its right, as a merged one does; "total" below it is itself.
    """
    known = _recognised(source)
    joined, above = [], ""
    for place in range(max(len(upper), len(lower))):
        own = upper[place].strip() if place < len(upper) else ""
        below = lower[place].strip() if place < len(lower) else ""
        above = own or above
        both = f"{above}, {below}"
        if not below or below == own:
            joined.append(own)
        elif above and table_words().is_total(below):
            joined.append(above)
        elif _key(both) in known or _key(below) not in known and above:
            joined.append(both)
        else:
            joined.append(below)
    return tuple(joined)


def _numbers_columns(cells: Sequence[str]) -> bool:
    filled = [cell.strip() for cell in cells if cell.strip()]
    return len(filled) >= NUMBERED_COLUMNS and filled == [str(number) for number in range(1, len(filled) + 1)]


def _key(heading: str) -> str:
    """Return a heading as it is compared: stars of compulsory questions and marks of footnotes are no part."""
    return folded(_MARKS.sub(" ", heading))


@cache
def _recognised(source: SourceDescription) -> Mapping[str, str]:
    """Return every heading, folded, that says something to a source, and the field it feeds, "" where it feeds none."""
    described = {_key(heading): name for heading, name in _described(source).items()}
    left_aside = dict.fromkeys(map(_key, source.not_used), "")
    line_numbers = dict.fromkeys(table_words().line_numbers, "")
    return {**line_numbers, **_known_headings(source.table), **left_aside, **described}


def _described(source: SourceDescription) -> dict[str, str]:
    """Return every heading that a description names, and the field it feeds."""
    return {
        heading: name
        for name, column in source.columns.items()
        for heading in (
            *column.headings,
            *(columns_of(column.sql) if column.sql else ()),
            *filter(None, [column.times]),
        )
    }


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

"""Tables in a sheet: headings wherever they stand, one table or several below each other, rows landed as they come."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice, pairwise
from pathlib import Path
from typing import IO

import duckdb

from etl.headings import HeadingMatch, HeadingRow, find_headings, reading_of, reads_as_headings
from etl.read.sheet import HEADINGS_WITHIN, FileFault, Repeated, Sheet, land_rows_file, new_relation, require_width
from etl.sources import SourceDescription
from etl.table_words import table_words
from etl.values import parse_number
from observatory.fact_files import folded

Row = tuple[int, Sequence[str]]
"""A row's number, as a person sees it, and its cells."""

NUMBERS = ("integer", "number")
"""Types of field whose values count: once, however many rows a merged cell covers."""

Headings = tuple[tuple[str, ...], HeadingMatch]
"""The headings of a table and how they read."""


@dataclass(frozen=True)
class Unread:
    """A sheet under whose headings no table can be read: the best headings, and how many rows hold anything."""

    sheet: str | None
    headings: HeadingRow | None
    rows: int


class Landing:
    """Lands the tables of one file; tables under the same headings, on whichever sheet, become one.

    Args:
        connection: where to land.
        source: what the tables should be.
        workshop: a folder for working copies.
        is_ragged: whether rows may have more or fewer cells than there are headings, as lines of text have.
    """

    def __init__(
        self, connection: duckdb.DuckDBPyConnection, source: SourceDescription, workshop: Path, is_ragged: bool
    ):
        self._connection, self._source, self._workshop, self._is_ragged = connection, source, workshop, is_ragged
        self._tables: dict[tuple[str, ...], _Table] = {}
        self.unread: list[Unread] = []

    def take(self, sheet: str | None, rows: Iterable[Sequence[str]]) -> None:
        """Land the tables of a sheet; a sheet without one stands in `unread`, if anything is in it."""
        skip = self._source.format.skip_rows
        numbered = enumerate(rows, start=1)
        head = list(islice(numbered, skip + HEADINGS_WITHIN))
        found = find_headings(self._source, [cells for _, cells in head[skip:]])
        if found is None or not found.match.is_complete:
            filled = sum(any(cell.strip() for cell in cells) for _, cells in chain(head, numbered))
            if filled:
                self.unread.append(Unread(sheet, found, filled))
            return
        under = head[skip + found.row + 1 :]
        heading_rows = [*(cells for _, cells in head[skip : skip + found.row + 1][-2:]), found.cells]
        first = without_trailing_blanks(found.cells), found.match
        table = self._table(*first)
        for row, again in self._headings_apart(chain(under, numbered), dict.fromkeys(map(_said, heading_rows), first)):
            if again is not None:
                table = self._table(*again)
            else:
                table.write(sheet, *row)

    def sheets(self) -> list[Sheet]:
        """Return what was landed; call it once, when all sheets are taken."""
        return [table.land(self._connection, self._is_ragged) for table in self._tables.values()]

    def _headings_apart(
        self, rows: Iterable[Row], known: dict[tuple[str, ...], Headings]
    ) -> Iterator[tuple[Row, Headings | None]]:
        """Yield each row that may hold data with None, and each further row of headings with what it says.

        Titles right above further headings are nobody's row. `known` are rows of headings, folded, and what they say.
        """
        titles: list[Row] = []
        is_apart, is_taken = False, False
        for row, following in pairwise(chain(rows, [(0, ())])):
            if is_taken:
                is_taken = False
                continue
            filled = [cell for cell in row[1] if cell.strip()]
            if len(filled) == 1 or titles and not filled:
                titles.append(row)
                continue
            seen = [*row[1], *following[1]] if is_apart or titles else filled[:2]
            if len(filled) > 1 and reads_as_headings(self._source, seen):
                read = reading_of(self._source, [without_trailing_blanks(row[1]), following[1]], 0)
                if read and (_said(read.cells) in known or read.is_plain):
                    titles.clear()
                    is_taken = read.row > 0
                    further = without_trailing_blanks(read.cells), read.match
                    yield row, known.setdefault(_said(read.cells), further)
                    continue
            yield from ((title, None) for title in titles)
            titles.clear()
            is_apart = not filled
            yield row, None
        yield from ((title, None) for title in titles)

    def _table(self, headings: tuple[str, ...], match: HeadingMatch) -> _Table:
        require_width(headings)
        if headings not in self._tables:
            self._tables[headings] = _Table(headings, match, self._source, self._workshop)
        return self._tables[headings]


class _Table:
    """Rows under the same headings, written once more in a form that the database reads fast."""

    def __init__(self, headings: tuple[str, ...], match: HeadingMatch, source: SourceDescription, workshop: Path):
        self.headings, self.match = headings, match
        self.relation = new_relation()
        self.path = workshop / f"{self.relation}.csv"
        self._file: IO[str] = self.path.open("w", encoding="utf-8", newline="")
        self._writer = csv.writer(self._file, quoting=csv.QUOTE_ALL, lineterminator="\n")
        self._words = {place for name, place in match.columns.items() if source.fields[name]["type"] not in NUMBERS}
        self._above = {match.columns[name]: "" for name in source.fill_down if name in match.columns}

    def write(self, sheet: str | None, number: int, cells: Sequence[str]) -> None:
        """Write a row. Its cells are counted up to the last filled one, but never fewer than it has under headings."""
        if any(isinstance(cell, Repeated) for cell in cells):
            cells = [self._standing_for(cell, place) for place, cell in enumerate(cells)]
        if self._above:
            cells = self._filled_down(cells)
        width, filled = len(self.headings), len(cells)
        while filled > width and not cells[filled - 1].strip():
            filled -= 1
        self._writer.writerow([sheet or "", number, filled, *cells[:width], *[""] * (width - len(cells))])

    def land(self, connection: duckdb.DuckDBPyConnection, is_ragged: bool) -> Sheet:
        self._file.close()
        land_rows_file(connection, self.path, self.relation, len(self.headings))
        tables = (f"{self.relation}_cells",)
        return Sheet(self.relation, self.headings, self.match, has_cells=is_ragged, tables=tables)

    def _standing_for(self, cell: str, place: int) -> str:
        """Return what a cell says for its row: a number of a merged cell counts in the first of its rows alone."""
        counts = isinstance(cell, Repeated) and place not in self._words and parse_number(cell) is not None
        return "" if counts else cell

    def _filled_down(self, cells: Sequence[str]) -> Sequence[str]:
        """Return a row with the values above in the blank cells of the fields that are filled down."""
        first = next((cell for cell in cells if cell.strip()), None)
        if first is None or table_words().is_total(first):
            return cells
        cells = [*cells, *[""] * (max(self._above) + 1 - len(cells))]
        for place in self._above:
            if cells[place].strip():
                self._above[place] = cells[place]
            cells[place] = self._above[place]
        return cells


def rows_of_table(source: SourceDescription, rows: Iterable[Sequence[str]]) -> int:
    """Return how many rows that hold anything stand under headings of the source's table; 0 where there are none."""
    skip, left = source.format.skip_rows, iter(rows)
    head = list(islice(left, skip + HEADINGS_WITHIN))[skip:]
    found = find_headings(source, head)
    if found is None or not found.match.is_complete:
        return 0
    return sum(any(cell.strip() for cell in cells) for cells in chain(head[found.row + 1 :], left))


def missing_columns(unread: Iterable[Unread]) -> list[FileFault]:
    """Return what keeps sheets from being read that have some of the headings."""
    return [
        FileFault("missing_column", sheet.sheet, column=name)
        for sheet in unread
        if sheet.headings
        for name in sheet.headings.match.missing
    ]


def _said(cells: Sequence[str]) -> tuple[str, ...]:
    """Return headings as they are compared with those of another row."""
    return tuple(map(folded, without_trailing_blanks(cells)))


def without_trailing_blanks(cells: Sequence[str]) -> tuple[str, ...]:
    """Return headings without blanks around them and without blank cells at the end."""
    width = len(cells)
    while width and not cells[width - 1].strip():
        width -= 1
    return tuple(cell.strip() for cell in cells[:width])

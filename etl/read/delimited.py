"""Delimited text: CSV of any encoding and separator, with titles above the headings and whatever lies inside quotes."""

from __future__ import annotations

import csv
import mmap
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path

import duckdb

from etl.headings import HeadingMatch, find_headings
from etl.read.encoding import detect_encoding, to_utf8
from etl.read.sheet import HEADINGS_WITHIN, FileFault, Sheet, Unreadable, land_file, land_rows, new_relation
from etl.sources import SourceDescription

DELIMITERS = (";", ",", "\t", "|")
BLANK_LINES = (b"\n\n",)
BLANK_LINES_WITH_RETURNS = (b"\n\n", b"\n\r\n", b"\r\r")

LONGEST_SHOWN = 1000
"""Characters that are kept of a line too long to be a row of cells."""

csv.field_size_limit(1 << 22)


def read_delimited(
    connection: duckdb.DuckDBPyConnection, path: Path, source: SourceDescription, workshop: Path
) -> tuple[list[Sheet], list[FileFault]]:
    """Land a text file; a well-formed one in UTF-8 goes through the database without a look at its rows.

    Raises:
        Unreadable: no text is in it, or no heading.
    """
    relation = new_relation()
    encoding = source.format.encoding or detect_encoding(path)
    try:
        text = path if encoding == "utf-8" else to_utf8(path, encoding, workshop / f"{relation}.txt")
    except UnicodeError as error:
        raise Unreadable("unreadable", str(error)) from error
    found = _find_table(text, source)
    if found is None:
        raise Unreadable("no_headings" if _has_text(text) else "empty_file")
    delimiter, number, headings, match = found
    width = len(headings)
    try:
        if _has_blank_lines(text) or _has_broken_lines(text, delimiter, number):
            raise duckdb.InvalidInputException(
                "blank lines would be left out, lines are not rows: rows are counted here"
            )
        land_file(connection, text, relation, width, delimiter, skip=number)
        has_cells = False
    except duckdb.Error:
        connection.execute(f"DROP TABLE IF EXISTS {relation}_cells")
        records = ((None, *record) for record in islice(_records(text, delimiter), number, None))
        try:
            land_rows(connection, records, relation, width, workshop)
        except duckdb.Error as error:
            raise Unreadable("unreadable", str(error).splitlines()[0]) from error
        has_cells = True
    if text != path:
        text.unlink()
    return [Sheet(relation, headings, match, has_cells=has_cells, tables=(f"{relation}_cells",))], []


def _find_table(path: Path, source: SourceDescription) -> tuple[str, int, tuple[str, ...], HeadingMatch] | None:
    """Return delimiter, number of the heading row (from 1), headings and how they read; None where there are none."""
    hint = source.format.delimiter
    best = None
    for delimiter in (hint,) if hint else DELIMITERS:
        rows = [cells for _, cells in islice(_records(path, delimiter), source.format.skip_rows + HEADINGS_WITHIN)]
        found = find_headings(source, rows[source.format.skip_rows :])
        if found is None:
            continue
        number, match = found[0] + source.format.skip_rows, found[1]
        rank = (match.is_complete, match.found, len(rows[number]))
        if best is None or rank > best[0]:
            best = rank, delimiter, number + 1, _without_trailing_blanks(rows[number]), match
    return best[1:] if best else None


def _without_trailing_blanks(cells: Sequence[str]) -> tuple[str, ...]:
    width = len(cells)
    while width and not cells[width - 1].strip():
        width -= 1
    return tuple(cell.strip() for cell in cells[:width])


def _records(path: Path, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """Yield the records of a text file in UTF-8 with their numbers from 1, blank ones included."""
    with path.open(encoding="utf-8-sig", errors="replace", newline="") as file:
        yield from enumerate(_cells((line.replace("\0", "") for line in file), delimiter), start=1)


def _cells(lines: Iterable[str], delimiter: str) -> Iterator[list[str]]:
    """Yield the cells of each record. A quote that is never closed swallows no rows: each line then is a record."""
    taken: list[str] = []
    reader = csv.reader((taken.append(line) or line for line in lines), delimiter=delimiter)
    while True:
        taken.clear()
        try:
            record = next(reader)
        except StopIteration:
            return
        except csv.Error:
            record = None
        if record is not None and (len(taken) == 1 or _is_well_quoted(taken, delimiter)):
            yield record
            continue
        for line in taken:
            try:
                yield next(csv.reader([line], delimiter=delimiter))
            except csv.Error:
                yield [line[:LONGEST_SHOWN]]


def _is_well_quoted(lines: Sequence[str], delimiter: str) -> bool:
    try:
        return any(csv.reader(lines, delimiter=delimiter, strict=True))
    except csv.Error:
        return False


def _has_broken_lines(path: Path, delimiter: str, number: int) -> bool:
    """Return whether one of the first rows, the headings among them, goes over several lines."""
    return any("\n" in cell or "\r" in cell for _, cells in islice(_records(path, delimiter), number) for cell in cells)


def _has_text(path: Path) -> bool:
    with path.open(encoding="utf-8", errors="replace") as file:
        return any(line.strip("\ufeff\0 \t\r\n") for line in islice(file, 1000))


def _has_blank_lines(path: Path) -> bool:
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        blank_lines = BLANK_LINES_WITH_RETURNS if content.find(b"\r") >= 0 else BLANK_LINES
        return content[:1] in (b"\n", b"\r") or any(content.find(line) >= 0 for line in blank_lines)

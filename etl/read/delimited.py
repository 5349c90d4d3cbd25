"""Delimited text: CSV of any encoding and separator, with titles above the headings and whatever lies inside quotes."""

from __future__ import annotations

import csv
import mmap
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path

import duckdb

from etl.expressions import literal
from etl.headings import HeadingRow, find_headings, headings_of
from etl.read.encoding import BrokenText, detect_encoding, to_utf8
from etl.read.sheet import HEADINGS_WITHIN, FileFault, Sheet, Unreadable, land_file, new_relation, require_width
from etl.read.tables import Landing, missing_columns, without_trailing_blanks
from etl.sources import SourceDescription

DELIMITERS = (";", ",", "\t", "|")
BLANK_LINES = (b"\n\n",)
BLANK_LINES_WITH_RETURNS = (b"\n\n", b"\n\r\n", b"\r\r")

BLANK_SIGNS = r"[\p{Z}\p{Cc}]"
"""A blank of any kind, as a pattern."""

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
    text, found = _readable(path, source, workshop)
    if found is None:
        raise Unreadable("no_headings" if _has_text(text) else "empty_file")
    delimiter, headings = found
    require_width(headings.cells)
    sheet = None if source.fill_down else _land_whole(connection, text, source, delimiter, headings)
    sheets, faults = ([sheet], []) if sheet else _land_by_rows(connection, text, source, delimiter, workshop)
    if text != path:
        text.unlink()
    return sheets, faults


def _readable(path: Path, source: SourceDescription, workshop: Path) -> tuple[Path, tuple[str, HeadingRow] | None]:
    """Return a text file in UTF-8, itself or a copy, and how its headings are parted; None where it has none.

    Raises:
        Unreadable: it is in no encoding.
    """
    try:
        text = _as_utf8(path, source.format.encoding, workshop)
    except BrokenText as error:
        raise Unreadable("broken_encoding", line=error.line) from error
    except UnicodeError as error:  # an encoding that the description names, without the mark it begins with
        raise Unreadable("broken_encoding", line=1) from error
    found = _find_table(text, source)
    if found is None and _is_wrapped(text):
        text = _unwrapped(text, workshop / f"{new_relation()}.txt")
        found = _find_table(text, source)
    return text, found


def _as_utf8(path: Path, encoding: str | None, workshop: Path) -> Path:
    """Return a text file in UTF-8: itself, or a copy."""
    detected = encoding or detect_encoding(path)
    if detected == "utf-8" and encoding is None:
        return path
    return to_utf8(path, detected, workshop / f"{new_relation()}.txt")


def _is_wrapped(path: Path) -> bool:
    """Return whether each of the first lines is quoted as a whole, as a table is that was pasted into one column."""
    with path.open(encoding="utf-8-sig", errors="replace") as file:
        lines = [line for line in islice(file, HEADINGS_WITHIN) if line.strip()]
    return bool(lines) and all(line.startswith('"') and len(_as_one_cell(line)) == 1 for line in lines)


def _unwrapped(path: Path, target: Path) -> Path:
    """Write a text file without the quotes round its lines, each line in its place."""
    with path.open(encoding="utf-8-sig", errors="replace") as file, target.open("w", encoding="utf-8") as written:
        written.writelines(f"{''.join(_as_one_cell(line))}\n" for line in file)
    return target


def _as_one_cell(line: str) -> list[str]:
    try:
        return next(csv.reader([line.rstrip("\r\n")], delimiter="\x1f", strict=True), [])
    except csv.Error:
        return [line.rstrip("\r\n"), ""]


def _land_whole(
    connection: duckdb.DuckDBPyConnection, path: Path, source: SourceDescription, delimiter: str, headings: HeadingRow
) -> Sheet | None:
    """Land a file in one step; None where it is not well-formed or holds more than one table."""
    relation, cells = new_relation(), without_trailing_blanks(headings.cells)
    if not headings.match.is_complete or _has_blank_lines(path) or _has_broken_lines(path, delimiter, headings.row + 1):
        return None  # the database counts lines that are not blank, and rows are counted here
    try:
        land_file(connection, path, relation, len(cells), delimiter, skip=headings.row + 1)
    except duckdb.Error:
        connection.execute(f"DROP TABLE IF EXISTS {relation}_cells")
        return None
    if _may_hold_more_tables(connection, relation, source, headings):
        connection.execute(f"DROP VIEW {relation}")
        connection.execute(f"DROP TABLE {relation}_cells")
        return None
    return Sheet(relation, cells, headings.match, tables=(f"{relation}_cells",))


def _may_hold_more_tables(
    connection: duckdb.DuckDBPyConnection, relation: str, source: SourceDescription, headings: HeadingRow
) -> bool:
    """Return whether any row says a heading in the first column that feeds a field, or follows a blank row."""
    place = min(headings.match.columns.values(), default=0)
    heading = headings.cells[place].strip().lower()
    known = {*(spelling.casefold() for spelling in headings_of(source)), heading, heading.replace(", ", " ")}
    cell, listed = f"c{place + 1}", ", ".join(map(literal, sorted(known)))
    stripped = f"regexp_replace({cell}, '^{BLANK_SIGNS}+|{BLANK_SIGNS}+$', '', 'g')"
    bare = f"CASE WHEN regexp_matches({cell}, '^{BLANK_SIGNS}|{BLANK_SIGNS}$') THEN {stripped} ELSE {cell} END"
    width = len(without_trailing_blanks(headings.cells))
    blank = " AND ".join(f"c{number} = ''" for number in range(1, width + 1))
    first_blank = connection.execute(f"SELECT MIN(row) FROM {relation} WHERE {blank}").fetchone()[0]
    parts = "FALSE" if first_blank is None else f"row > {first_blank} AND NOT ({blank})"
    found = f"SELECT 1 FROM {relation} WHERE lower({bare}) IN ({listed}) OR ({parts}) LIMIT 1"
    return connection.execute(found).fetchone() is not None


def _land_by_rows(
    connection: duckdb.DuckDBPyConnection, path: Path, source: SourceDescription, delimiter: str, workshop: Path
) -> tuple[list[Sheet], list[FileFault]]:
    """Land a file row by row: whatever widths, quotes and blank lines it has, and every table in it."""
    landing = Landing(connection, source, workshop, is_ragged=True)
    landing.take(None, (cells for _, cells in _records(path, delimiter)))
    try:
        return landing.sheets(), missing_columns(landing.unread)
    except duckdb.Error as error:
        raise Unreadable("row_too_long") from error


def _find_table(path: Path, source: SourceDescription) -> tuple[str, HeadingRow] | None:
    """Return the delimiter and the headings, their row counted from 0; None where there are none."""
    hint, skip = source.format.delimiter, source.format.skip_rows
    best = None
    for delimiter in (hint,) if hint else DELIMITERS:
        rows = [cells for _, cells in islice(_records(path, delimiter), skip + HEADINGS_WITHIN)]
        found = find_headings(source, rows[skip:])
        if found is None:
            continue
        rank = (found.match.rank, len(found.cells))
        if best is None or rank > best[0]:
            best = rank, delimiter, replace(found, row=found.row + skip)
    return best[1:] if best else None


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


def records_of(path: Path, source: SourceDescription, workshop: Path) -> Iterator[list[str]]:
    """Yield every record of a text file as it was written, blank ones and those above the headings included.

    Raises:
        Unreadable: no text is in it, or it is in no encoding.
    """
    text, found = _readable(path, source, workshop)
    if not _has_text(text):
        raise Unreadable("empty_file")
    delimiter = found[0] if found else max(DELIMITERS, key=lambda sign: _usual_width(text, sign))
    yield from (cells for _, cells in _records(text, delimiter))


def _usual_width(path: Path, delimiter: str) -> int:
    """Return how many cells most of the first records have, parted in this way."""
    widths = [len(cells) for _, cells in islice(_records(path, delimiter), HEADINGS_WITHIN) if any(cells)]
    return max(widths, key=lambda width: (widths.count(width), width), default=0)

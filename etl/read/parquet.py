"""Parquet: columns that know their types, read where they lie."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import duckdb

from etl.expressions import literal, quoted
from etl.headings import match_headings
from etl.read.sheet import FileFault, Sheet, Unreadable, new_relation, require_width
from etl.sources import SourceDescription

ROWS_AT_ONCE = 10_000


def read_parquet(
    connection: duckdb.DuckDBPyConnection, path: Path, source: SourceDescription, workshop: Path
) -> tuple[list[Sheet], list[FileFault]]:
    """Make a Parquet file a landing view; its heading counts as row 1, as in the same table sent as CSV.

    Raises:
        Unreadable: the file is damaged, or no column is one of the source's table.
    """
    relation = new_relation()
    file = f"read_parquet({literal(str(path))}, file_row_number = true)"
    headings = _headings(path)
    require_width(headings)
    _require_whole(path)
    match = match_headings(source, headings)
    if not match.found:
        raise Unreadable("no_headings")
    columns = ", ".join(f"{quoted(name)} AS c{number}" for number, name in enumerate(headings, start=1))
    place = "NULL::VARCHAR AS sheet, file_row_number + 2 AS row"
    connection.execute(f"CREATE TEMP VIEW {relation} AS SELECT {place}, {columns} FROM {file}")
    return [Sheet(relation, headings, match, is_typed=True)], []


def _headings(path: Path) -> tuple[str, ...]:
    try:
        with duckdb.connect() as reader:
            return tuple(name for name, *_ in reader.execute(f"DESCRIBE FROM {_file(path)}").fetchall())
    except duckdb.Error as error:
        raise Unreadable("damaged_file") from error


def _require_whole(path: Path) -> None:
    """Raise Unreadable if any page of a file cannot be unpacked: in the midst of a load no file could be named.

    A database of its own reads it, since what damage does to it may leave it unusable.
    """
    try:
        with duckdb.connect() as reader:
            reader.execute(f"SELECT MAX(hash(COLUMNS(*))) FROM {_file(path)}").fetchall()
    except duckdb.Error as error:
        raise Unreadable("damaged_file") from error


def _file(path: Path) -> str:
    return f"read_parquet({literal(str(path))})"


def records_of(connection: duckdb.DuckDBPyConnection, path: Path) -> Iterator[list[str]]:
    """Yield the headings of a Parquet file and its rows, each value as text.

    Raises:
        Unreadable: the file is damaged.
    """
    try:
        rows = connection.cursor().execute(f"SELECT CAST(COLUMNS(*) AS VARCHAR) FROM {_file(path)}")
        yield [name for name, *_ in rows.description]
        while some := rows.fetchmany(ROWS_AT_ONCE):
            yield from ([value or "" for value in row] for row in some)
    except duckdb.Error as error:
        raise Unreadable("unreadable", str(error).splitlines()[0]) from error

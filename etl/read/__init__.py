"""Read: every delivered file into landing tables, whatever its kind; the kind is what is in it, not its name."""

from __future__ import annotations

from pathlib import Path

import duckdb

from etl.headings import repeated_headings
from etl.read.delimited import read_delimited
from etl.read.kinds import kind_of
from etl.read.parquet import read_parquet
from etl.read.sheet import FileFault, FileNotice, Sheet, Unreadable, new_relation
from etl.read.workbook import read_workbook
from etl.sources import SourceDescription

__all__ = ["FileFault", "FileNotice", "Sheet", "read_file"]

READERS = {"parquet": read_parquet, "workbook": read_workbook, "text": read_delimited}


def read_file(
    connection: duckdb.DuckDBPyConnection, path: Path, source: SourceDescription, workshop: Path
) -> tuple[list[Sheet], list[FileFault]]:
    """Return the tables of a file, landed, and what keeps others from being read or is worth a look (FileNotice).

    Args:
        connection: where to land.
        path: the file.
        source: what it should be.
        workshop: a folder for working copies.
    """
    try:
        read = READERS[kind_of(path)]
    except OSError as error:
        return [], [FileFault("unreadable", value=error.strerror)]
    except Unreadable as error:
        return [], [error.fault]
    try:
        sheets, faults = read(connection, _plainly_named(path, workshop), source, workshop)
    except Unreadable as error:
        return [], [error.fault]
    complete = [sheet for sheet in sheets if sheet.match.is_complete]
    for sheet in sheets:
        faults += [FileFault("missing_column", column=field) for field in sheet.match.missing]
        repeated = repeated_headings(sheet.headings, sheet.match)
        faults += [FileNotice("repeated_heading", column=heading) for heading in repeated]
    return complete, faults


def _plainly_named(path: Path, workshop: Path) -> Path:
    """Return a path that the readers can open: a link to a name that is no UTF-8 or that they take for a pattern."""
    try:
        str(path).encode()
    except UnicodeEncodeError:
        is_plain = False
    else:
        is_plain = not any(sign in str(path) for sign in "*?[")
    if is_plain:
        return path
    link = workshop / new_relation()
    link.symlink_to(path.resolve())
    return link

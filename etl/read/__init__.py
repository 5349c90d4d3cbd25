"""Read: every delivered file into landing tables, whatever its kind; the kind is what is in it, not its name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import duckdb

from etl.headings import repeated_headings
from etl.read import delimited, parquet, workbook
from etl.read.delimited import read_delimited
from etl.read.kinds import WORKBOOKS, kind_of
from etl.read.parquet import read_parquet
from etl.read.sheet import FileFault, FileNotice, Sheet, Unreadable, new_relation
from etl.read.workbook import read_workbook
from etl.sources import SourceDescription

__all__ = ["FileFault", "FileNotice", "Sheet", "Unreadable", "read_file", "written_rows", "written_sheets"]

READERS = {"parquet": read_parquet, "text": read_delimited, **dict.fromkeys(WORKBOOKS, read_workbook)}


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
        kind = kind_of(path)
    except OSError as error:
        return [], [FileFault("unreadable", value=error.strerror)]
    except Unreadable as error:
        return [], [error.fault]
    try:
        sheets, faults = READERS[kind](connection, _plainly_named(path, kind, workshop), source, workshop)
    except Unreadable as error:
        return [], [error.fault]
    complete = [sheet for sheet in sheets if sheet.match.is_complete]
    if complete and not any(_has_rows(connection, sheet) for sheet in complete):
        faults.append(FileNotice("no_rows"))
    for sheet in sheets:
        faults += [FileFault("missing_column", column=field) for field in sheet.match.missing]
        repeated = repeated_headings(sheet.headings, sheet.match)
        faults += [FileNotice("repeated_heading", column=heading) for heading in repeated]
    return complete, faults


def _has_rows(connection: duckdb.DuckDBPyConnection, sheet: Sheet) -> bool:
    """Return whether anything stands under the headings: formulas that say nothing are no row."""
    said = "TRUE" if sheet.is_typed else "trim(concat(*COLUMNS('^c[0-9]+$'))) <> ''"
    return connection.execute(f"SELECT 1 FROM {sheet.relation} WHERE {said} LIMIT 1").fetchone() is not None


def written_rows(
    connection: duckdb.DuckDBPyConnection, path: Path, source: SourceDescription, workshop: Path
) -> Iterator[tuple[str | None, Iterable[list[str]]]]:
    """Yield each visible sheet of a file with all its rows from the very first, every cell as the text that stands
    there.

    Raises:
        OSError: the file cannot be opened.
        Unreadable: what is in it cannot be read at all.
    """
    for name, is_visible, rows in written_sheets(connection, path, source, workshop):
        if is_visible:
            yield name, rows


def written_sheets(
    connection: duckdb.DuckDBPyConnection, path: Path, source: SourceDescription, workshop: Path
) -> Iterator[tuple[str | None, bool, Iterable[list[str]]]]:
    """Yield each sheet of a file as `written_rows` does, hidden ones too, and whether it is visible."""
    kind = kind_of(path)
    plain = _plainly_named(path, kind, workshop)
    if kind in WORKBOOKS:
        yield from workbook.records_of(plain, source)
    elif kind == "parquet":
        yield None, True, parquet.records_of(connection, plain)
    else:
        yield None, True, delimited.records_of(plain, source, workshop)


def _plainly_named(path: Path, kind: str, workshop: Path) -> Path:
    """Return a path that the readers can open: a link to a name that they would misunderstand.

    It may be no UTF-8, or look like a pattern, or call a workbook something else.
    """
    try:
        str(path).encode()
    except UnicodeEncodeError:
        is_plain = False
    else:
        is_plain = not any(sign in str(path) for sign in "*?[")
    if is_plain and (kind not in WORKBOOKS or path.suffix == f".{kind}"):
        return path
    link = workshop / f"{new_relation()}.{kind}"
    link.symlink_to(path.resolve())
    return link

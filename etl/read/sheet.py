"""Landing: a table of a delivered file inside the database, before anything is understood."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

import duckdb

from etl.expressions import literal
from etl.headings import HeadingMatch
from observatory.registry import registry

HEADINGS_WITHIN = 60
"""Rows at the top of a table among which the headings are looked for."""

_numbers = count(1)


@dataclass(frozen=True)
class Sheet:
    """Rows of a delivered file under the same headings; the sheets of a workbook may share them.

    `relation` is a view with the columns `sheet` (None where a file has none), `row` (the row as a person sees it) and
    one column c1, c2 ... per heading; in a file that knows types (Parquet) these are typed, else text. Where rows may
    have more or fewer cells than there are headings, `has_cells` is true and the column `cells` counts them. `tables`
    is what the view stands on.
    """

    relation: str
    headings: tuple[str, ...]
    match: HeadingMatch
    is_typed: bool = False
    has_cells: bool = False
    tables: tuple[str, ...] = ()


class Repeated(str):
    """What a cell that is merged with those below says, where it stands again for a row below its first."""


@dataclass(frozen=True)
class FileFault:
    """A reason why a file, or one of its sheets, cannot be read; the sentences are in rules.yml.

    `details` is JSON with what else the sentence needs, as in the table `reject`.
    """

    rule: str
    sheet: str | None = None
    column: str | None = None
    value: str | None = None
    details: str | None = None


@dataclass(frozen=True)
class FileNotice(FileFault):
    """Something worth a look in a file, or in one of its sheets: it is said and refuses nothing.

    Readers return it among the faults; its rule is one marked `notice` in rules.yml.
    """


class Unreadable(Exception):
    """A file cannot be read at all; carries the fault, `details` being what else its sentence needs."""

    def __init__(self, rule: str, value: str | None = None, **details: Any):
        super().__init__(rule)
        self.fault = FileFault(rule, value=value, details=json.dumps(details) if details else None)


def require_width(headings: Sequence[str]) -> None:
    """Raise Unreadable if a table has more columns than are read."""
    limit = registry().files["limits"]["columns"]
    if len(headings) > limit:
        raise Unreadable("too_many_columns", columns=len(headings), maximum=limit)


def new_relation() -> str:
    """Return a name for a landing view that no other has in this process."""
    return f"landing_{next(_numbers)}"


def land_file(
    connection: duckdb.DuckDBPyConnection, path: Path, relation: str, width: int, delimiter: str, skip: int
) -> None:
    """Land a well-formed text file as it is: `row` counts on from the heading, the last of `skip` rows.

    Raises:
        duckdb.Error: the file is not well-formed: rows of other widths, quotes in odd places, mixed line ends.
    """
    _land(connection, path, relation, _columns(width), f"delim = {literal(delimiter)}, skip = {skip}")
    place = f"CAST(NULL AS VARCHAR) AS sheet, rowid + {skip + 1} AS row"
    connection.execute(f"CREATE TEMP VIEW {relation} AS SELECT {place}, * FROM {relation}_cells")


def land_rows_file(connection: duckdb.DuckDBPyConnection, path: Path, relation: str, width: int) -> None:
    """Land a file of rows that were written once more: sheet, row, how many cells it has, and cells; remove the file.

    Raises:
        duckdb.Error: a row is longer than the database reads.
    """
    columns = {"sheet": "VARCHAR", "row": "BIGINT", "cells": "INTEGER", **_columns(width)}
    _land(connection, path, relation, columns, "delim = ',', skip = 0, new_line = '\\n'")
    path.unlink()
    named = "SELECT * REPLACE (NULLIF(sheet, '') AS sheet)"
    connection.execute(f"CREATE TEMP VIEW {relation} AS {named} FROM {relation}_cells")


def _columns(width: int) -> dict[str, str]:
    return {f"c{number}": "VARCHAR" for number in range(1, width + 1)}


def _land(
    connection: duckdb.DuckDBPyConnection, path: Path, relation: str, columns: dict[str, str], dialect: str
) -> None:
    typed = ", ".join(f"{literal(name)}: {literal(kind)}" for name, kind in columns.items())
    connection.execute(
        f"CREATE TEMP TABLE {relation}_cells AS "
        f"SELECT * FROM read_csv({literal(str(path))}, columns = {{{typed}}}, {dialect}, {_DIALECT})"
    )


_DIALECT = (
    "header = false, auto_detect = false, quote = '\"', escape = '\"', nullstr = '\x01', null_padding = false, "
    "strict_mode = true, max_line_size = 16000000"
)

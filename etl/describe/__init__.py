"""Describe: how a file reads, column by column, and a source description that would read it so."""

from __future__ import annotations

from itertools import count
from pathlib import Path

import duckdb

from etl.describe.answers import describe_answers, questions_found, sketch_answers
from etl.describe.tables import describe_table, likeliest_table, proposal_of, table_source
from etl.describe.told import (
    BY_DESCRIPTION,
    BY_EXPRESSION,
    BY_HEADING,
    LEFT_ASIDE,
    Described,
    ReadColumn,
    Unfed,
    bare,
    filled,
    letters,
)
from etl.source_faults import RESPONDENTS
from etl.sources import SourceDescription, load_sources, read_description
from observatory.editions import Edition
from observatory.fact_files import read_yaml

__all__ = [
    "BY_DESCRIPTION", "BY_EXPRESSION", "BY_HEADING", "LEFT_ASIDE", "Described", "ReadColumn", "Unfed", "describe",
    "letters",
]  # fmt: skip


def describe(
    path: Path,
    name: str,
    edition: Edition,
    workshop: Path,
    table: str | None = None,
    description: Path | None = None,
    beside: Path | None = None,
) -> Described:
    """Return how a file reads: by the description given, else by the one that its name fits, else by its headings.

    Args:
        path: the file.
        name: under which it would lie among the deliveries.
        edition: whose descriptions are known.
        workshop: a folder for working copies.
        table: what its rows are, whatever the name says.
        description: a description to read it by.
        beside: a folder of more descriptions.

    Raises:
        SourceError: a description cannot be used, or the form it names cannot be read.
    """
    with duckdb.connect(":memory:") as connection:
        if source := _known(name, edition, table, description, beside):
            if source.table == RESPONDENTS:
                told = describe_answers(connection, path, source, edition, workshop)
            else:
                told = describe_table(connection, path, source, workshop)
            return Described(source.id, source.table, *told, filled(read_yaml(source.path)))
        table = table or _likeliest(connection, path, edition, workshop)
        raw = bare(table, name)
        raw["id"] = _free_id(raw["id"], edition, beside)
        if table == RESPONDENTS:
            return sketch_answers(connection, path, name, raw, edition, workshop)
        source = table_source(raw, edition)
        columns, unfed, faults = describe_table(connection, path, source, workshop)
    return Described(None, table, columns, unfed, faults, filled(proposal_of(raw, source, columns)))


def _known(
    name: str, edition: Edition, table: str | None, description: Path | None, beside: Path | None
) -> SourceDescription | None:
    """Return the description given, else the one that the name of a file fits; None where its table is said."""
    if description:
        return read_description(description, edition.currency)
    known = (source for source in load_sources(edition, beside) if source.matches(name) and table is None)
    return next(known, None)


def _likeliest(connection: duckdb.DuckDBPyConnection, path: Path, edition: Edition, workshop: Path) -> str:
    """Return what the rows of a file are by most of its headings."""
    table, found = likeliest_table(connection, path, edition, workshop)
    return RESPONDENTS if questions_found(connection, path, edition, workshop) > found else table


def _free_id(wanted: str, edition: Edition, beside: Path | None) -> str:
    """Return an id that no description has: the one wanted, or that with a number behind it."""
    taken = {source.id for source in load_sources(edition, beside)}
    return next(free for number in count(1) if (free := wanted if number == 1 else f"{wanted}_{number}") not in taken)

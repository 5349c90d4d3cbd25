"""Dictionaries: a small table for each column that says what each of its distinct spellings means."""

from __future__ import annotations

import json
from dataclasses import dataclass, field

import duckdb

from etl.meaning import Reader
from etl.read import Sheet


@dataclass
class Dictionaries:
    """The dictionary tables of one sheet."""

    connection: duckdb.DuckDBPyConnection
    sheet: Sheet
    base: str
    tables: list[str] = field(default_factory=list)
    found: dict[tuple[str, str | None], list[str]] = field(default_factory=dict)

    def spellings(self, text: str, plain: str | None = None) -> list[str]:
        """Return the distinct spellings of a text in order, without those that a plain cast reads; "" is none."""
        if (text, plain) not in self.found:
            unread = f" AND ({plain}) IS NULL" if plain else ""
            rows = self.connection.execute(
                f"SELECT DISTINCT {text} AS spelling FROM ({self.base}) AS l WHERE {text} <> ''{unread} ORDER BY 1"
            ).fetchall()
            self.found[text, plain] = [spelling for (spelling,) in rows]
        return self.found[text, plain]

    def has_sheets(self) -> bool:
        """Return whether the rows come from the sheets of a workbook."""
        found = self.connection.execute(f"SELECT sheet IS NOT NULL FROM ({self.base}) LIMIT 1").fetchone()
        return bool(found and found[0])

    def add(self, name: str, text: str, reader: Reader, plain: str | None = None) -> str | None:
        """Make the dictionary of a column and return its name; None where no spelling needs one."""
        spellings = self.spellings(text, plain)
        if not spellings:
            return None
        meanings = reader(spellings)
        table = f"{self.sheet.relation}_{name}"
        self.connection.execute(
            f"CREATE TEMP TABLE {table} AS SELECT unnest($1::VARCHAR[]) AS spelling, unnest($2::VARCHAR[]) AS value, "
            "unnest($3::VARCHAR[]) AS rule, unnest($4::VARCHAR[]) AS details",
            [
                spellings,
                [meaning.value for meaning in meanings],
                [meaning.rule for meaning in meanings],
                [json.dumps(meaning.details, ensure_ascii=False) if meaning.details else None for meaning in meanings],
            ],
        )
        self.tables.append(table)
        return table

    def join(self, table: str, text: str) -> str:
        return f"LEFT JOIN {table} ON {table}.spelling = {text}"

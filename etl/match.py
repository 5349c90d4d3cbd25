"""Match: the columns of a landed sheet become fields, and each distinct spelling in them gets its meaning once.

What DuckDB casts as it stands (whole numbers, ISO dates) never leaves it. Everything else is looked up in a small
dictionary table per column: spelling, value, and the rule that the spelling breaks.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import duckdb

from etl.dictionaries import Dictionaries
from etl.directory import Directory, read_identification_numbers
from etl.expressions import literal, quoted
from etl.headings import identified_by, place_of
from etl.meaning import (
    Reader,
    choice_reader,
    code_reader,
    date_reader,
    number_reader,
    read_texts,
    with_missing,
)
from etl.read import Sheet
from etl.set_aside import set_aside
from etl.sources import SourceDescription
from etl.texts import TYPES, known, plain_cast, text_at, texts_of
from etl.values import decimal_sign, is_month_first
from observatory.editions import Edition
from observatory.errors import Fault, Message, SourceError


@dataclass(frozen=True)
class FieldSql:
    """One field of a sheet as SQL over the landing view `l` and the joined dictionaries.

    `value` is NULL where nothing is known or the spelling is faulty; `fault` then is the rule and `details` its JSON.
    `raw` is the text as sent, `heading` the column it stands in.
    """

    name: str
    value: str
    raw: str
    heading: str
    fault: str = "NULL"
    details: str = "NULL"
    joins: tuple[str, ...] = ()


@dataclass(frozen=True)
class SheetSql:
    """A sheet with its fields matched. `base` is a query for its rows with every text the fields need."""

    sheet: Sheet
    base: str
    fields: Mapping[str, FieldSql]
    set_aside: str
    dictionaries: tuple[str, ...] = ()

    def select(self, columns: Sequence[str], rows: str | None = None) -> str:
        """Return a query over the rows that a condition on `l` chooses, by default all but those set aside."""
        joins = " ".join(join for item in self.fields.values() for join in item.joins)
        chosen = f"SELECT * FROM ({self.base}) AS l WHERE {rows or f'NOT ({self.set_aside})'}"
        return f"SELECT {', '.join(columns)} FROM ({chosen}) AS l {joins}"


class Matcher:
    """Matches sheets of one edition.

    Args:
        connection: where landing views are and dictionaries go.
        edition: whose codes the values are.
        directories: the organisations known, by table ("company", "ngo").
    """

    def __init__(self, connection: duckdb.DuckDBPyConnection, edition: Edition, directories: Mapping[str, Directory]):
        self._connection = connection
        self._edition = edition
        self._directories = directories

    def match(self, source: SourceDescription, sheet: Sheet) -> SheetSql:
        """Return the sheet's fields as SQL; their dictionaries are temporary tables named after the sheet."""
        texts, base = texts_of(source, sheet)
        self._require_expressions(source, base)
        landed = _Landed(source, sheet, texts, Dictionaries(self._connection, sheet, base))
        fields = {name: self._field(landed, name, facts) for name, facts in source.fields.items()}
        for name in fields.keys() & {*source.columns, *sheet.match.factors}:
            fields[name] = self._multiplied(landed, name, fields[name])
        nobodys = set_aside(self._connection, source, sheet)
        return SheetSql(sheet, base, fields, nobodys, tuple(landed.made.tables))

    def _require_expressions(self, source: SourceDescription, base: str) -> None:
        """Raise SourceError where an expression of the description has no value for some row, such as a bare CAST."""
        for name, column in source.columns.items():
            if not column.sql:
                continue
            try:
                self._connection.execute(f"SELECT COUNT({quoted('computed ' + name)}) FROM ({base})")
            except duckdb.Error as error:
                reason = " ".join(str(error).splitlines()[0].split())
                what = Message("The SQL expression cannot be used ({error}): correct it.", error=reason)
                fault = Fault(f"sources/{source.path.name}", what, column=f"columns.{name}.sql")
                unusable = "The source descriptions of {edition} cannot be used."
                raise SourceError(unusable, [fault], edition=self._edition.id) from error

    def _field(self, landed: _Landed, name: str, facts: Mapping[str, Any]) -> FieldSql:
        if facts.get("references"):
            return self._reference(landed, name, facts)
        kind = TYPES[facts["type"]]
        if name not in landed.texts:
            return FieldSql(name, f"CAST(NULL AS {kind})", "NULL", literal(name))
        text, heading = landed.texts[name]
        source, column = landed.source, landed.source.columns.get(name)
        if facts["type"] == "text" and "digits" not in facts and not (column and column.values):
            return FieldSql(name, known(text, source, column), text, literal(heading))
        plain = landed.plain(name, facts["type"])
        reader = with_missing(source, column, landed.sheet.is_typed, self._reader(landed, facts))
        alias = landed.made.add(name, text, reader, plain)
        if alias is None:
            return FieldSql(name, plain or f"CAST(NULL AS {kind})", text, literal(heading))
        looked_up = f"CAST({alias}.value AS {kind})"
        value = f"CASE WHEN {alias}.spelling IS NULL THEN {plain} ELSE {looked_up} END" if plain else looked_up
        return FieldSql(
            name, value, text, literal(heading), f"{alias}.rule", f"{alias}.details", (landed.made.join(alias, text),)
        )

    def _multiplied(self, landed: _Landed, name: str, item: FieldSql) -> FieldSql:
        """Return a number times what its heading or the description multiplies it by, with the faults of both."""
        source, sheet = landed.source, landed.sheet
        column, kind = source.columns.get(name), TYPES[source.fields[name]["type"]]
        factor = sheet.match.factors.get(name, 1) if column is None or column.factor is None else column.factor
        if factor != 1:
            item = replace(item, value=f"CAST({item.value} * {factor} AS {kind})")
        place = place_of(sheet.headings, column.times) if column and column.times else None
        if place is None:
            return item
        by = f"{name}_times"
        beside = replace(landed, texts={by: (text_at(sheet, place), sheet.headings[place])})
        times = self._field(beside, by, {"type": "factor"})
        broken = f"{item.fault} IS NULL AND {times.fault} IS NOT NULL"
        return replace(
            item,
            value=f"CAST({item.value} * {times.value} AS {kind})",
            raw=f"CASE WHEN {broken} THEN {times.raw} ELSE {item.raw} END",
            heading=f"CASE WHEN {broken} THEN {times.heading} ELSE {item.heading} END",
            fault=f"COALESCE({item.fault}, {times.fault})",
            details=f"COALESCE({item.details}, {times.details})",
            joins=(*item.joins, *times.joins),
        )

    def _reader(self, landed: _Landed, facts: Mapping[str, Any]) -> Reader:
        source = landed.source
        if "dimension" in facts:
            return code_reader(self._edition.dimensions[facts["dimension"]])
        if facts["type"] == "boolean":
            return choice_reader(facts["codes"], "not_yes_or_no")
        if facts["type"] == "code":
            return choice_reader(facts["codes"])
        if facts["type"] == "date":
            return date_reader(source, landed.habits.month_first)
        if facts["type"] == "text":
            return read_identification_numbers if facts.get("digits") else read_texts
        is_whole = facts["type"] == "integer"
        return number_reader(source, is_whole, facts.get("unit"), self._edition.currency, landed.habits.decimal)

    def _reference(self, landed: _Landed, name: str, facts: Mapping[str, Any]) -> FieldSql:
        """Return the field that names an organisation by the first filled of its number, its BIN and its name."""
        source, table = landed.source, facts["references"].split(".")[0]
        directory = self._directories[table]
        parts = []
        for column in (name, *identified_by(source, name)):
            if column not in landed.texts:
                continue
            kind = "id" if column == name else source.fields[column]["feeds"].split(".")[1]
            text, heading = landed.texts[column]
            read = directory.reader(kind, table in source.creates)
            reader = with_missing(source, source.columns.get(column), landed.sheet.is_typed, read)
            alias = landed.made.add(f"{name}_{kind}", text, reader)
            if alias:
                parts.append((alias, text, heading))
        if not parts:
            return FieldSql(name, "CAST(NULL AS VARCHAR)", "NULL", literal(name))

        def first(*choices: str) -> str:
            cases = " ".join(
                f"WHEN {alias}.value IS NOT NULL OR {alias}.rule IS NOT NULL THEN {choice}"
                for (alias, *_), choice in zip(parts, choices, strict=True)
            )
            return f"CASE {cases} END"

        return FieldSql(
            name,
            value=first(*(f"{alias}.value" for alias, *_ in parts)),
            raw=first(*(text for _, text, _ in parts)),
            heading=f"COALESCE({first(*(literal(heading) for *_, heading in parts))}, {literal(parts[0][2])})",
            fault=first(*(f"{alias}.rule" for alias, *_ in parts)),
            details=first(*(f"{alias}.details" for alias, *_ in parts)),
            joins=tuple(landed.made.join(alias, text) for alias, text, _ in parts),
        )


@dataclass(frozen=True)
class Habits:
    """How the dates and numbers of a sheet are written where a column alone does not show it."""

    month_first: bool = False
    decimal: str = "."


@dataclass(frozen=True)
class _Landed:
    """A sheet before its fields are understood: for each field its text as SQL and its heading, and what they show."""

    source: SourceDescription
    sheet: Sheet
    texts: Mapping[str, tuple[str, str]]
    made: Dictionaries

    def plain(self, name: str, kind: str, has_commas: bool | None = None) -> str | None:
        """Return the cast of a field that needs no dictionary, None where every spelling does."""
        has_commas = self.has_commas if has_commas is None else has_commas
        column = self.source.columns.get(name)
        return plain_cast(kind, self.texts[name][0], self.sheet.is_typed, has_commas, self.source, column)

    @cached_property
    def has_commas(self) -> bool:
        """Whether a comma stands in any number of the sheet, or a point in one of those that are whole.

        Then only bare digits are cast as they stand. No cast reads a number with such a sign.
        """
        if self.source.format.decimal or self.source.format.thousands:
            return True
        if self.sheet.is_typed:
            return False
        signs = {"integer": ",.", "number": ","}
        written = self._written(has_commas=False)
        return any(sign in spelling for kind in signs for sign in signs[kind] for spelling in written[kind])

    @cached_property
    def habits(self) -> Habits:
        """What all columns show together, for those that show nothing on their own.

        The cells of a workbook are not all written by one hand: each of its columns speaks for itself about decimals.
        """
        written = self._written(self.has_commas)
        month_first = bool(is_month_first(written["date"]))
        if self.sheet.is_typed or not self.has_commas or self.made.has_sheets():
            return Habits(month_first=month_first)
        whole = "".join(written["integer"])
        grouped = "," if "." in whole and "," not in whole else "."
        return Habits(month_first, decimal_sign(sorted((*written["integer"], *written["number"])), grouped))

    def _written(self, has_commas: bool) -> dict[str, list[str]]:
        """Return the spellings that need a dictionary in all columns of dates, of whole numbers and of others."""
        written: dict[str, list[str]] = {"date": [], "integer": [], "number": []}
        for name, facts in self.source.fields.items():
            if facts["type"] in written and name in self.texts and "references" not in facts:
                plain = self.plain(name, facts["type"], has_commas)
                written[facts["type"]] += self.made.spellings(self.texts[name][0], plain)
        return written

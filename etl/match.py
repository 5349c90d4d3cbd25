"""Match: the columns of a landed sheet become fields, and each distinct spelling in them gets its meaning once.

What DuckDB casts as it stands (whole numbers, ISO dates) never leaves it. Everything else is looked up in a small
dictionary table per column: spelling, value, and the rule that the spelling breaks.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import duckdb

from etl.directory import Directory, read_identification_numbers
from etl.expressions import columns_of, literal, quoted
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
from etl.sources import BLANK, Column, SourceDescription
from etl.table_words import table_words
from etl.values import decimal_sign, is_month_first
from observatory.editions import Edition
from observatory.errors import Fault, Message, SourceError
from observatory.fact_files import folded

TYPES = {
    "text": "VARCHAR",
    "code": "VARCHAR",
    "integer": "BIGINT",
    "number": "DECIMAL(18, 2)",
    "factor": "DECIMAL(18, 6)",
    "date": "DATE",
    "boolean": "BOOLEAN",
}
"""How each type of tables.yml is stored. Numbers are decimal: their sums are exact in whatever order they are made."""

UNSEEN = r"\x{AD}\x{61C}\x{180E}\x{200B}-\x{200F}\x{202A}-\x{202E}\x{2060}-\x{206F}\x{FEFF}"
"""Signs that nobody sees, as part of a pattern: they are no part of a text."""

OTHER_BLANKS = r"\t\n\v\f\r\x{85}\x{A0}\x{1680}\x{2000}-\x{200A}\x{2028}\x{2029}\x{202F}\x{205F}\x{3000}"
"""Blanks beside the usual one, line ends among them, as part of a pattern."""


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

    def select(self, columns: Sequence[str], rows: str = "TRUE") -> str:
        """Return a query over the sheet's rows but those set aside; `rows` limits them before anything is joined."""
        joins = " ".join(join for item in self.fields.values() for join in item.joins)
        chosen = f"SELECT * FROM ({self.base}) WHERE {rows} AND NOT ({self.set_aside})"
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
        texts, base = _texts(source, sheet)
        self._require_expressions(source, base)
        made = _Dictionaries(self._connection, sheet, base)
        commas = self._has_commas(source, sheet, texts, base)
        shown = self._habits(source, sheet, texts, made, commas)
        fields = {
            name: self._field(source, sheet, name, facts, texts, made, commas, shown)
            for name, facts in source.fields.items()
        }
        for name in fields.keys() & {*source.columns, *sheet.match.factors}:
            times = self._times(source, sheet, name, made, commas, shown)
            fields[name] = self._multiplied(name, fields[name], source, sheet, times)
        return SheetSql(sheet, base, fields, _set_aside(self._connection, source, sheet), tuple(made.tables))

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

    def _field(
        self,
        source: SourceDescription,
        sheet: Sheet,
        name: str,
        facts: Mapping[str, Any],
        texts: Mapping[str, tuple[str, str]],
        made: _Dictionaries,
        commas: bool,
        shown: Habits,
    ) -> FieldSql:
        if facts.get("references"):
            return self._reference(source, sheet, name, facts, texts, made)
        if name not in texts:
            return FieldSql(name, f"CAST(NULL AS {TYPES[facts['type']]})", "NULL", literal(name))
        text, heading = texts[name]
        column = source.columns.get(name)
        if facts["type"] == "text" and "digits" not in facts and not (column and column.values):
            return FieldSql(name, _known(text, source, column), text, literal(heading))
        plain = _plain_cast(facts["type"], text, sheet.is_typed, commas, source, column)
        reader = with_missing(source, column, sheet.is_typed, self._reader(source, facts, shown))
        alias = made.add(name, text, reader, f"({plain}) IS NULL" if plain else None)
        if alias is None:
            return FieldSql(name, plain or f"CAST(NULL AS {TYPES[facts['type']]})", text, literal(heading))
        looked_up = f"CAST({alias}.value AS {TYPES[facts['type']]})"
        value = f"CASE WHEN {alias}.spelling IS NULL THEN {plain} ELSE {looked_up} END" if plain else looked_up
        return FieldSql(
            name, value, text, literal(heading), f"{alias}.rule", f"{alias}.details", (made.join(alias, text),)
        )

    def _times(
        self,
        source: SourceDescription,
        sheet: Sheet,
        name: str,
        made: _Dictionaries,
        commas: bool,
        shown: Habits,
    ) -> FieldSql | None:
        """Return the column that the numbers of a field are multiplied by, if its description names one."""
        column = source.columns.get(name)
        place = place_of(sheet.headings, column.times) if column and column.times else None
        if place is None:
            return None
        times = f"{name}_times"
        texts = {times: (_text(sheet, place), sheet.headings[place])}
        return self._field(source, sheet, times, {"type": "factor"}, texts, made, commas, shown)

    def _multiplied(
        self, name: str, item: FieldSql, source: SourceDescription, sheet: Sheet, times: FieldSql | None
    ) -> FieldSql:
        """Return a number times what its heading or the description multiplies it by, with the faults of both."""
        column, kind = source.columns.get(name), TYPES[source.fields[name]["type"]]
        factor = sheet.match.factors.get(name, 1) if column is None or column.factor is None else column.factor
        if factor != 1:
            item = replace(item, value=f"CAST({item.value} * {factor} AS {kind})")
        if times is None:
            return item
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

    def _reader(self, source: SourceDescription, facts: Mapping[str, Any], shown: Habits) -> Reader:
        if "dimension" in facts:
            return code_reader(self._edition.dimensions[facts["dimension"]])
        if facts["type"] == "boolean":
            return choice_reader(facts["codes"], "not_yes_or_no")
        if facts["type"] == "code":
            return choice_reader(facts["codes"])
        if facts["type"] == "date":
            return date_reader(source, shown.month_first)
        if facts["type"] == "text":
            return read_identification_numbers if facts.get("digits") else read_texts
        is_whole = facts["type"] == "integer"
        return number_reader(source, is_whole, facts.get("unit"), self._edition.currency, shown.decimal)

    def _reference(
        self,
        source: SourceDescription,
        sheet: Sheet,
        name: str,
        facts: Mapping[str, Any],
        texts: Mapping[str, tuple[str, str]],
        made: _Dictionaries,
    ) -> FieldSql:
        """Return the field that names an organisation by the first filled of its number, its BIN and its name."""
        table = facts["references"].split(".")[0]
        directory = self._directories[table]
        parts = []
        for column in (name, *identified_by(source, name)):
            if column not in texts:
                continue
            kind = "id" if column == name else source.fields[column]["feeds"].split(".")[1]
            text, heading = texts[column]
            reader = with_missing(
                source, source.columns.get(column), sheet.is_typed, directory.reader(kind, table in source.creates)
            )
            alias = made.add(f"{name}_{kind}", text, reader)
            if alias:
                parts.append((_known(text, source, source.columns.get(column)), alias, text, heading))
        if not parts:
            return FieldSql(name, "CAST(NULL AS VARCHAR)", "NULL", literal(name))

        def first(*choices: str) -> str:
            cases = " ".join(
                f"WHEN {known} IS NOT NULL THEN {choice}" for (known, *_), choice in zip(parts, choices, strict=True)
            )
            return f"CASE {cases} END"

        return FieldSql(
            name,
            value=first(*(f"{alias}.value" for _, alias, _, _ in parts)),
            raw=first(*(text for _, _, text, _ in parts)),
            heading=f"COALESCE({first(*(literal(heading) for *_, heading in parts))}, {literal(parts[0][3])})",
            fault=first(*(f"{alias}.rule" for _, alias, _, _ in parts)),
            details=first(*(f"{alias}.details" for _, alias, _, _ in parts)),
            joins=tuple(made.join(alias, text) for _, alias, text, _ in parts),
        )

    def _has_commas(
        self, source: SourceDescription, sheet: Sheet, texts: Mapping[str, tuple[str, str]], base: str
    ) -> bool:
        """Return whether a comma stands in any number of the sheet, or a point in one of those that are whole.

        Then only bare digits are cast as they stand.
        """
        if source.format.decimal or source.format.thousands:
            return True
        signs = {"integer": ",.", "number": ","}
        numbers = [
            (texts[name][0], sign)
            for name, facts in source.fields.items() if name in texts
            for sign in signs.get(facts["type"], "")
        ]  # fmt: skip
        if sheet.is_typed or not numbers:
            return False
        found = " OR ".join(f"contains({text}, '{sign}')" for text, sign in numbers)
        return bool(self._connection.execute(f"SELECT bool_or({found}) FROM ({base}) AS l").fetchone()[0])

    def _habits(
        self,
        source: SourceDescription,
        sheet: Sheet,
        texts: Mapping[str, tuple[str, str]],
        made: _Dictionaries,
        commas: bool,
    ) -> Habits:
        """Return what all columns of a sheet show together, for those that show nothing on their own.

        The cells of a workbook are not all written by one hand: each of its columns speaks for itself about decimals.
        """
        written: dict[str, list[str]] = {"date": [], "integer": [], "number": []}
        for name, facts in source.fields.items():
            if facts["type"] in written and name in texts and "references" not in facts:
                text, column = texts[name][0], source.columns.get(name)
                plain = _plain_cast(facts["type"], text, sheet.is_typed, commas, source, column)
                written[facts["type"]] += made.spellings(text, f"({plain}) IS NULL" if plain else None)
        month_first = bool(is_month_first(written["date"]))
        if sheet.is_typed or not commas or made.has_sheets():
            return Habits(month_first=month_first)
        whole = "".join(written["integer"])
        grouped = "," if "." in whole and "," not in whole else "."
        return Habits(month_first, decimal_sign(sorted((*written["integer"], *written["number"])), grouped))


@dataclass(frozen=True)
class Habits:
    """How the dates and numbers of a sheet are written where a column alone does not show it."""

    month_first: bool = False
    decimal: str = "."


@dataclass
class _Dictionaries:
    """The dictionary tables of one sheet."""

    connection: duckdb.DuckDBPyConnection
    sheet: Sheet
    base: str
    tables: list[str] = field(default_factory=list)
    found: dict[tuple[str, str | None], list[str]] = field(default_factory=dict)

    def spellings(self, text: str, where: str | None = None) -> list[str]:
        """Return the distinct spellings of a text in order, of the rows that a condition holds for."""
        if (text, where) not in self.found:
            condition = f"{text} IS NOT NULL" + (f" AND {where}" if where else "")
            rows = self.connection.execute(
                f"SELECT DISTINCT {text} AS spelling FROM ({self.base}) AS l WHERE {condition} ORDER BY 1"
            ).fetchall()
            self.found[text, where] = [spelling for (spelling,) in rows]
        return self.found[text, where]

    def has_sheets(self) -> bool:
        """Return whether the rows come from the sheets of a workbook."""
        found = self.connection.execute(f"SELECT sheet IS NOT NULL FROM ({self.base}) LIMIT 1").fetchone()
        return bool(found and found[0])

    def add(self, name: str, text: str, reader: Reader, where: str | None = None) -> str | None:
        """Make the dictionary of a column and return its name; None where no spelling needs one."""
        spellings = self.spellings(text, where)
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


def _texts(source: SourceDescription, sheet: Sheet) -> tuple[dict[str, tuple[str, str]], str]:
    """Return for each field with a column its text as SQL and its heading, and the query that gives these texts."""
    texts = {name: (_text(sheet, number), sheet.headings[number]) for name, number in sheet.match.columns.items()}
    computed = []
    for name, column in source.columns.items():
        if column.constant is not None:
            texts[name] = (literal(column.constant), name)
        elif column.sql:
            computed.append(f"CAST(({column.sql}) AS VARCHAR) AS {quoted('computed ' + name)}")
            texts[name] = (f"l.{quoted('computed ' + name)}", name)
    if not computed:
        return texts, f"SELECT * FROM {sheet.relation}"
    wanted = dict.fromkeys(name for column in source.columns.values() if column.sql for name in columns_of(column.sql))
    places = {folded(heading): number for number, heading in reversed(list(enumerate(sheet.headings)))}
    named = ", ".join(
        f"CAST({f'c{places[folded(name)] + 1}' if folded(name) in places else 'NULL'} AS VARCHAR) AS {quoted(name)}"
        for name in wanted
    )
    inner = f"SELECT *{', ' + named if named else ''} FROM {sheet.relation}"
    return texts, f"SELECT *, {', '.join(computed)} FROM ({inner})"


def _text(sheet: Sheet, place: int) -> str:
    return f"CAST(l.c{place + 1} AS VARCHAR)" if sheet.is_typed else f"l.c{place + 1}"


def _known(text: str, source: SourceDescription, column: Column | None) -> str:
    """Return a text as SQL, without blanks at its ends and signs that nobody sees; NULL where it means "not known"."""
    missing = source.missing | (column.missing if column else frozenset())
    listed = ", ".join(literal(value) for value in sorted(missing))
    seen = f"regexp_replace({text}, '[{UNSEEN}]', '', 'g')"
    cleaned = f"regexp_replace({seen}, '^[ {OTHER_BLANKS}]+|[ {OTHER_BLANKS}]+$', '', 'g')"
    bare = f"CASE WHEN regexp_matches({text}, '[{UNSEEN}{OTHER_BLANKS}]') THEN {cleaned} ELSE trim({text}) END"
    return f"CASE WHEN {bare if missing <= BLANK else f'lower({bare})'} NOT IN ({listed}) THEN {bare} END"


def _plain_cast(
    kind: str, text: str, is_typed: bool, commas: bool, source: SourceDescription, column: Column | None
) -> str | None:
    """Return the cast that needs no dictionary, NULL for spellings that do; None where every spelling does."""
    if column and column.values:
        return None
    if kind == "date" and not source.format.dates:
        sound = f"year(TRY_CAST({text} AS DATE)) BETWEEN 1900 AND 2100"
        cast = f"CASE WHEN {text} LIKE '____-__-__%' AND {sound} THEN TRY_CAST({text} AS DATE) END"
    elif kind == "number" and (is_typed or not commas):
        cast = f"TRY_CAST({text} AS {TYPES['number']})"
    elif kind in ("integer", "number"):
        cast = f"CASE WHEN NOT contains({text}, '.') AND NOT contains({text}, ',') THEN TRY_CAST({text} AS BIGINT) END"
    else:
        return None
    missing = (source.missing | (column.missing if column else frozenset())) - BLANK
    if missing:
        listed = ", ".join(literal(value) for value in sorted(missing))
        return f"CASE WHEN lower(trim({text})) NOT IN ({listed}) THEN {cast} END"
    return cast


def _set_aside(connection: duckdb.DuckDBPyConnection, source: SourceDescription, sheet: Sheet) -> str:
    """Return the condition of rows that are nobody's: wholly blank ones and totals.

    Totals are rows that begin as the description says, or with a word for a total and no other word; a row with the day
    that its table requires is a record, whatever its first cell says.
    """
    numbers = range(1, len(sheet.headings) + 1)
    cells = [f"CAST(c{number} AS VARCHAR)" if sheet.is_typed else f"c{number}" for number in numbers]
    filled = ", ".join(f"NULLIF(trim({cell}), '')" for cell in cells)
    first = f"COALESCE({filled})"
    nothing = f"'[ {UNSEEN}{OTHER_BLANKS}]*'"
    every = f"concat({', '.join(cells)})"
    blank = f"{first} IS NULL OR regexp_full_match({first}, {nothing}) AND regexp_full_match({every}, {nothing})"
    described = [f"starts_with(lower({first}), {literal(word.casefold())})" for word in source.drop_rows]
    missing = ", ".join(literal(word) for word in sorted(source.missing))
    days = [
        f"(lower(COALESCE(trim({cells[place]}), '')) IN ({missing}) OR trim({cells[place]}) = {first})"
        for name, place in sheet.match.columns.items()
        if source.fields[name]["type"] == "date" and source.fields[name].get("required")
    ]
    undated = " AND ".join(days) or "TRUE"
    found = connection.execute(f"SELECT DISTINCT {first} FROM {sheet.relation} WHERE {undated}").fetchall()
    totals = ", ".join(literal(cell) for (cell,) in sorted(found, key=str) if cell and table_words().is_total(cell))
    if totals:
        words = " + ".join(f"CAST(COALESCE(regexp_matches({cell}, '\\p{{L}}'), FALSE) AS INTEGER)" for cell in cells)
        described.append(f"CASE WHEN {first} IN ({totals}) AND {undated} THEN {words} <= 1 ELSE FALSE END")
    return " OR ".join([f"({blank})", *described])

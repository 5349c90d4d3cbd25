"""Texts of a landed sheet as SQL: where each field's text stands, and what the database reads of it by itself."""

from __future__ import annotations

from etl.expressions import columns_of, literal, quoted
from etl.read import Sheet
from etl.sources import BLANK, Column, SourceDescription
from etl.values.dates import FIRST_DAY, LAST_DAY
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


def texts_of(source: SourceDescription, sheet: Sheet) -> tuple[dict[str, tuple[str, str]], str]:
    """Return for each field with a column its text as SQL and its heading, and the query that gives these texts."""
    texts = {name: (text_at(sheet, number), sheet.headings[number]) for name, number in sheet.match.columns.items()}
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


def text_at(sheet: Sheet, place: int) -> str:
    return f"CAST(l.c{place + 1} AS VARCHAR)" if sheet.is_typed else f"l.c{place + 1}"


def known(text: str, source: SourceDescription, column: Column | None) -> str:
    """Return a text as SQL, without blanks at its ends and signs that nobody sees; NULL where it means "not known"."""
    missing = source.missing | (column.missing if column else frozenset())
    listed = ", ".join(literal(value) for value in sorted(missing))
    seen = f"regexp_replace({text}, '[{UNSEEN}]', '', 'g')"
    cleaned = f"regexp_replace({seen}, '^[ {OTHER_BLANKS}]+|[ {OTHER_BLANKS}]+$', '', 'g')"
    bare = f"CASE WHEN {_is_bare(text)} THEN {text} ELSE {cleaned} END"
    return f"CASE WHEN {bare if missing <= BLANK else f'lower({bare})'} NOT IN ({listed}) THEN {bare} END"


def _is_bare(text: str) -> str:
    """Return the condition of texts in ASCII without a blank at their ends: most are, and it costs next to nothing."""
    return f"strlen({text}) = length({text}) AND ascii({text}) > 32 AND ascii({text}[-1]) > 32"


def is_filled(cell: str) -> str:
    """Return a condition that only cells with something to see fulfil; it costs next to nothing and most do."""
    return f"ascii({cell}) BETWEEN 33 AND 126"


def plain_cast(
    kind: str, text: str, is_typed: bool, has_commas: bool, source: SourceDescription, column: Column | None
) -> str | None:
    """Return the cast that needs no dictionary, NULL for spellings that do; None where every spelling does."""
    if column and column.values:
        return None
    filled = f"NULLIF({text}, '')"  # a cast that fails costs ten times one that succeeds
    if kind == "date" and not source.format.dates:
        years = f"{text} BETWEEN '{FIRST_DAY.year}' AND '{LAST_DAY.year + 1}'"
        cast = f"CASE WHEN {years} AND {text} LIKE '____-__-__%' AND NOT ends_with({text}, ')') "
        cast += f"THEN TRY_CAST({text} AS DATE) END"  # "2020-01-01 (BC)" would be a date too
    elif kind == "number" and (is_typed or not has_commas):
        cast = f"TRY_CAST({filled} AS {TYPES['number']})"
    elif kind in ("integer", "number"):
        bare = f"NOT contains({text}, '.') AND NOT contains({text}, ',')"
        cast = f"CASE WHEN {bare} THEN TRY_CAST({filled} AS {TYPES['integer']}) END"
    else:
        return None
    missing = (source.missing | (column.missing if column else frozenset())) - BLANK
    if missing:
        listed = ", ".join(literal(value) for value in sorted(missing))
        return f"CASE WHEN lower(trim({text})) NOT IN ({listed}) THEN {cast} END"
    return cast

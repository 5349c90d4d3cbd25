"""SQL expressions in source descriptions: one value from the columns of one row, and nothing else."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from typing import Any

import duckdb

FORBIDDEN = {"SUBQUERY", "WINDOW", "STAR", "PARAMETER", "DEFAULT"}
READS_ELSEWHERE = {"read_text", "read_blob", "getenv", "getvariable", "current_setting", "query", "query_table"}
DIFFERS_EACH_TIME = {
    "random",
    "uuid",
    "gen_random_uuid",
    "now",
    "current_date",
    "current_timestamp",
    "get_current_timestamp",
    "today",
}


def quoted(name: str) -> str:
    """Return a column name as SQL writes it."""
    return '"' + name.replace('"', '""') + '"'


def literal(value: str | None) -> str:
    """Return a text as SQL writes it."""
    return "NULL" if value is None else "'" + value.replace("'", "''") + "'"


def expression_fault(sql: str) -> str | None:
    """Return in the database's English what is wrong with an expression, or None."""
    nodes, error = _parsed(sql)
    if error:
        return error
    for node in nodes:
        if node.get("class") in FORBIDDEN or node.get("type") in FORBIDDEN:
            return "it must be one expression over the columns of a row"
        if str(node.get("function_name", "")).casefold() in READS_ELSEWHERE | DIFFERS_EACH_TIME:
            return f"the function {node['function_name']} may not be used"
    return _binding_error(sql)


@cache
def _binding_error(sql: str) -> str | None:
    """Return why an expression has no value for a row of texts: an unknown function, other types, a sum of rows."""
    columns = ", ".join(f"CAST(NULL AS VARCHAR) AS {quoted(name)}" for name in ("row", *columns_of(sql)))
    try:
        with duckdb.connect() as connection:
            connection.execute(f"SELECT ({sql}\n), row FROM (SELECT {columns}) LIMIT 0")
    except duckdb.Error as error:
        return str(error).splitlines()[0]
    return None


def columns_of(sql: str) -> tuple[str, ...]:
    """Return the column names an expression uses, each once."""
    nodes, _ = _parsed(sql)
    names = (node["column_names"][-1] for node in nodes if node.get("class") == "COLUMN_REF")
    return tuple(dict.fromkeys(names))


@cache
def _parsed(sql: str) -> tuple[list[dict[str, Any]], str | None]:
    """Return every node of an expression's tree, or why it is none."""
    query = f"SELECT {sql}\nFROM landing"
    with duckdb.connect() as connection:
        found = json.loads(connection.execute("SELECT json_serialize_sql($1)", [query]).fetchone()[0])
    if found["error"]:
        return [], found["error_message"]
    if len(found["statements"]) != 1 or len(found["statements"][0]["node"].get("select_list", ())) != 1:
        return [], "it must be one expression"
    node = found["statements"][0]["node"]
    beyond = any(node.get(part) for part in ("where_clause", "group_expressions"))
    if node["from_table"].get("table_name") != "landing" or beyond:
        return [], "it must be one expression"
    return list(_nodes(node["select_list"])), None


def _nodes(tree: Any) -> Iterator[dict[str, Any]]:
    if isinstance(tree, dict):
        yield tree
        for part in tree.values():
            yield from _nodes(part)
    elif isinstance(tree, list):
        for part in tree:
            yield from _nodes(part)

"""Faults of source descriptions: everything that is wrong with them, each by its place and key."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from etl.expressions import expression_fault
from etl.surveys.described import survey_faults
from observatory.errors import Fault, Message
from observatory.fact_files import read_yaml_or_fault
from observatory.registry import registry
from observatory.registry_faults import unknown

KEYS = {
    "id", "table", "source", "files", "delivered", "format", "missing", "drop_rows", "columns", "not_used", "key",
    "creates", "fill_down", "survey",
}  # fmt: skip
FORMAT_KEYS = {"encoding", "delimiter", "decimal", "thousands", "dates", "sheets", "skip_rows"}
COLUMN_KEYS = {"column", "values", "missing", "sql", "constant", "multiply"}
DESCRIPTIONS = "descriptions"
"""The folder, beside the deliveries, of descriptions that hold for them alone."""

DELIVERED = r"\d{4}-\d{2}-\d{2}"
LISTS = ("files", "missing", "not_used", "key", "creates", "fill_down")
NOT_A_MAPPING = Message("Keys with values are expected here, one to a line.")
NUMBERS = ("integer", "number")
RESPONDENTS = "respondent"
"""The table of which a row is a filled form of a survey."""


def source_faults(edition_folder: Path, beside: Path | None = None) -> list[Fault]:
    """Return everything that is wrong with the source descriptions of an edition's folder, and with those `beside`."""
    found: list[Fault] = []
    taken: dict[str, str] = {}
    for path in _misnamed(edition_folder):
        found.append(Fault(f"sources/{path.name}", Message("Only files that end in .yml are read: rename it.")))
    patterns: dict[str, str] = {}
    for place, path in description_paths(edition_folder, beside).items():
        raw, faults = read_yaml_or_fault(path, place)
        found += faults
        if raw is None:
            continue
        if not isinstance(raw, Mapping):
            found.append(Fault(place, NOT_A_MAPPING))
            continue
        found += description_faults(place, raw, path.parent)
        if raw.get("id") is not None and str(raw["id"]) in taken:
            what = Message("The id is taken by {file}: choose another.", file=taken[str(raw["id"])])
            found.append(Fault(place, what, column="id"))
        taken.setdefault(str(raw.get("id")), place)
        for pattern in map(str.casefold, listed(raw.get("files"))):
            if place.startswith(DESCRIPTIONS) and pattern in patterns:
                what = Message("The same files are described by {file}: choose other names.", file=patterns[pattern])
                found.append(Fault(place, what, column="files"))
            patterns.setdefault(pattern, place)
    return found


def description_paths(edition_folder: Path, beside: Path | None) -> dict[str, Path]:
    """Return every description, by the place at which its faults are told."""
    own = sorted((edition_folder / "sources").glob("*.yml"))
    more = sorted(beside.glob("*.yml")) if beside else []
    named = ((f"sources/{path.name}", path) for path in own)
    return {**dict(named), **{f"{DESCRIPTIONS}/{path.name}": path for path in more}}


def _misnamed(edition_folder: Path) -> list[Path]:
    """Return the files that look like descriptions and are not read."""
    files = sorted((edition_folder / "sources").glob("*"))
    return [path for path in files if path.suffix.casefold() in (".yaml", ".yml") and path.suffix != ".yml"]


def description_faults(place: str, raw: Mapping[str, Any], folder: Path) -> Iterator[Fault]:
    """Yield what is wrong with one description in `folder`; what depends on a faulty key is left for the next time."""
    tables = registry().tables
    yield from _unknown_keys(place, "", raw, KEYS)
    yield from _format_faults(place, raw.get("format") or {})
    for key in LISTS:
        yield from _list_faults(place, key, raw.get(key))
    dropped = raw.get("drop_rows")
    for key, words in dropped.items() if isinstance(dropped, Mapping) else [("", dropped)]:
        yield from _list_faults(place, f"drop_rows.{key}".rstrip("."), words)
    for key in ("id", "table", "source", "files"):
        if not raw.get(key):
            yield Fault(place, Message("The key is missing: write it."), column=key)
    if raw.get("source") and str(raw["source"]) not in registry().sources:
        yield unknown(place, "source", raw["source"], sorted(registry().sources))
    if raw.get("table") and str(raw["table"]) not in tables:
        yield unknown(place, "table", raw["table"], sorted(tables))
    if str(raw.get("table")) not in tables:
        return
    if (raw["table"] == RESPONDENTS) != ("survey" in raw):
        what = Message("The key survey goes with the table respondent, and only with it.")
        yield Fault(place, what, column="survey")
    elif "survey" in raw:
        yield from survey_faults(place, raw["survey"], folder)
    fields = tables[raw["table"]]["fields"]
    if not isinstance(raw.get("columns") or {}, Mapping):
        yield Fault(place, NOT_A_MAPPING, column="columns")
        return
    for key, names in (("key", raw.get("key")), ("fill_down", raw.get("fill_down"))):
        for name in listed(names):
            if name not in fields:
                yield unknown(place, key, name, sorted(fields))
    for name in raw.get("columns") or {}:
        if name not in fields:
            yield unknown(place, f"columns.{name}", name, sorted(fields))
    made = {facts["feeds"].split(".")[0] for facts in fields.values() if "feeds" in facts}
    for table in listed(raw.get("creates")):
        if table not in made:
            yield unknown(place, "creates", table, sorted(made))
    for name, column in (raw.get("columns") or {}).items():
        yield from _column_faults(place, f"columns.{name}", column, fields.get(name, {}))
    try:
        re.compile(str(raw.get("delivered") or DELIVERED))
    except re.error as error:
        what = Message("This is no regular expression ({error}): correct it.", error=error)
        yield Fault(place, what, column="delivered")


def _format_faults(place: str, hints: Any) -> Iterator[Fault]:
    yield from _unknown_keys(place, "format", hints, FORMAT_KEYS)
    if not isinstance(hints, Mapping):
        return
    if "encoding" in hints:
        try:
            b"a\n".decode(str(hints["encoding"]), "replace")  # codecs.lookup knows more than encodings of text
        except (LookupError, UnicodeError):
            what = Message(
                'The encoding "{value}" is not known: write for example utf-8 or cp1251.', value=hints["encoding"]
            )
            yield Fault(place, what, column="format.encoding")
    for key, choices in (("delimiter", (",", ";", "\t", "|")), ("decimal", (",", "."))):
        if key in hints and (len(str(hints[key])) != 1 or key == "decimal" and hints[key] not in choices):
            yield unknown(place, f"format.{key}", hints[key], choices)
    if not str(hints.get("skip_rows") or 0).isdecimal():
        what = Message("This must be a number of rows, for example 2.")
        yield Fault(place, what, column="format.skip_rows")


def _column_faults(place: str, key: str, column: Any, facts: Mapping[str, Any]) -> Iterator[Fault]:
    if not isinstance(column, Mapping):
        if not listed(column):
            yield Fault(place, Message("There is no heading: write one, or a list of them."), column=key)
        yield from _list_faults(place, key, column)
        return
    yield from _unknown_keys(place, key, column, COLUMN_KEYS)
    if sum(part in column for part in ("column", "sql", "constant")) != 1:
        yield Fault(place, Message("Write exactly one of column, sql and constant."), column=key)
    for part in ("column", "sql", "constant"):
        if part in column and (column[part] is None or not str(column[part]).strip()):
            what = Message("There is nothing behind this key: write something, or leave the key out.")
            yield Fault(place, what, column=f"{key}.{part}")
    for part in ("column", "missing"):
        yield from _list_faults(place, f"{key}.{part}", column.get(part))
    if not isinstance(column.get("values") or {}, Mapping):
        yield Fault(place, NOT_A_MAPPING, column=f"{key}.values")
    if "multiply" in column and (facts.get("type") not in NUMBERS or "column" not in column):
        yield Fault(place, Message("Only a column of numbers can be multiplied."), column=f"{key}.multiply")
    if column.get("sql") and (error := expression_fault(str(column["sql"]))):
        what = Message("The SQL expression cannot be used ({error}): correct it.", error=error)
        yield Fault(place, what, column=f"{key}.sql")


def _list_faults(place: str, key: str, raw: Any) -> Iterator[Fault]:
    """Yield that neither a text nor a list of texts stands behind a key, where it is so."""
    parts = raw if isinstance(raw, list | tuple) else [raw]
    if any(isinstance(part, Mapping | list | tuple) for part in parts):
        yield Fault(place, Message("A text or a list of texts is expected here."), column=key)


def _unknown_keys(place: str, key: str, mapping: Any, known: Iterable[str]) -> Iterator[Fault]:
    if not isinstance(mapping, Mapping):
        yield Fault(place, NOT_A_MAPPING, column=key)
        return
    for name in mapping:
        if name not in known:
            yield unknown(place, f"{key}.{name}".lstrip("."), name, sorted(known))


def listed(raw: Any) -> tuple[str, ...]:
    """Return one value or a list of values as a tuple of texts."""
    if raw is None:
        return ()
    return tuple(str(value) for value in (raw if isinstance(raw, list | tuple) else [raw]))

"""Source descriptions: which files feed which table, and how their columns become fields."""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import Any

from etl.expressions import expression_fault
from etl.surveys.described import Survey, survey_faults, survey_of
from etl.values import parse_number
from observatory.editions import Edition
from observatory.errors import Fault, Message, SourceError
from observatory.fact_files import read_yaml, read_yaml_or_fault, visible
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
BLANK = frozenset({"", "-", "–", "—"})
RESPONDENTS = "respondent"
"""The table of which a row is a filled form of a survey."""

ALL_BUT = "!"
"""What stands before a sheet that is not read."""


@dataclass(frozen=True)
class Column:
    """Where one field comes from: a column, an SQL expression over the columns, or one constant for every row.

    `headings` are tried in their order; `values` maps spellings (folded) to codes or values; `missing` are spellings
    that mean "not known" in this column beside those of the whole source. Numbers are multiplied by `factor` (None:
    by what the heading says, such as "thousand") and by the number in the column headed `times`, if there is one.
    """

    headings: tuple[str, ...] = ()
    sql: str | None = None
    constant: str | None = None
    values: Mapping[str, str] = field(default_factory=dict)
    missing: frozenset[str] = frozenset()
    factor: Decimal | None = None
    times: str | None = None


@dataclass(frozen=True)
class Format:
    """Hints on how a file is written; what is None is detected."""

    encoding: str | None = None
    delimiter: str | None = None
    decimal: str | None = None
    thousands: str | None = None
    dates: tuple[str, ...] = ()
    sheets: tuple[str, ...] = ()
    skip_rows: int = 0


@dataclass(frozen=True, eq=False)
class SourceDescription:
    """One file of data/editions/<edition>/sources: what is delivered and what it means.

    `drop_rows` are beginnings of the first filled cell of rows that are no data, `drop_where` of one under a heading;
    `fill_down` names fields of which a blank cell means the value above; `currency` is the edition's (ISO 4217);
    `survey` says of what wave and form the answers are, in descriptions of the table of respondents.
    """

    id: str
    table: str
    source: str
    files: tuple[str, ...]
    path: Path
    delivered: str = DELIVERED
    format: Format = Format()
    missing: frozenset[str] = BLANK
    drop_rows: tuple[str, ...] = ()
    drop_where: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    columns: Mapping[str, Column] = field(default_factory=dict)
    not_used: tuple[str, ...] = ()
    key: tuple[str, ...] = ()
    creates: tuple[str, ...] = ()
    fill_down: tuple[str, ...] = ()
    currency: str = ""
    survey: Survey | None = None

    @cached_property
    def fields(self) -> Mapping[str, Mapping[str, Any]]:
        """The fields a file of this source may feed: what describes an organisation only where it is created."""
        fields = registry().tables[self.table]["fields"]
        identity = {"bin", "name"}
        return {
            name: facts
            for name, facts in fields.items()
            if "feeds" not in facts
            or facts["feeds"].split(".")[0] in self.creates
            or facts["feeds"].split(".")[1] in identity
        }

    def matches(self, name: str) -> bool:
        """Return whether a path, relative to the folder of deliveries, is one of this source's files.

        A text file that was made a workbook to be corrected, x.csv.xlsx, is read as x.csv.
        """
        names = {name.casefold(), name.casefold().removesuffix(".xlsx")}
        return any(fnmatch.fnmatchcase(known, pattern.casefold()) for known in names for pattern in self.files)

    def has_sheet(self, name: str) -> bool:
        """Return whether the sheets the format names, if it names any, include this one; "!x" are all sheets but x."""
        wanted = [sheet for sheet in self.format.sheets if not sheet.startswith(ALL_BUT)]
        left_out = [sheet.removeprefix(ALL_BUT) for sheet in self.format.sheets if sheet.startswith(ALL_BUT)]
        return (not wanted or _is_like(name, wanted)) and not _is_like(name, left_out)


def load_sources(edition: Edition, beside: Path | None = None) -> tuple[SourceDescription, ...]:
    """Return the edition's source descriptions and those of the folder `beside` the deliveries, by id.

    Raises:
        SourceError: with every fault of every description, if there is one, or that there is none.
    """
    faults = source_faults(edition.folder, beside)
    if faults:
        raise SourceError("The source descriptions of {edition} cannot be used.", faults, edition=edition.id)
    paths = _paths(edition.folder, beside).values()
    sources = [_description(path, read_yaml(path), edition.currency) for path in paths]
    if not sources:
        folder = edition.folder / "sources"
        raise SourceError("The folder {folder} describes no source: add a file there.", folder=str(folder))
    return tuple(sorted(sources, key=lambda source: source.id))


def source_faults(edition_folder: Path, beside: Path | None = None) -> list[Fault]:
    """Return everything that is wrong with the source descriptions of an edition's folder, and with those `beside`."""
    found: list[Fault] = []
    taken: dict[str, str] = {}
    for path in _misnamed(edition_folder):
        found.append(Fault(f"sources/{path.name}", Message("Only files that end in .yml are read: rename it.")))
    patterns: dict[str, str] = {}
    for place, path in _paths(edition_folder, beside).items():
        raw, faults = read_yaml_or_fault(path, place)
        found += faults
        if raw is None:
            continue
        if not isinstance(raw, Mapping):
            found.append(Fault(place, NOT_A_MAPPING))
            continue
        found += _faults(place, raw, path.parent)
        if raw.get("id") is not None and str(raw["id"]) in taken:
            what = Message("The id is taken by {file}: choose another.", file=taken[str(raw["id"])])
            found.append(Fault(place, what, column="id"))
        taken.setdefault(str(raw.get("id")), place)
        for pattern in map(str.casefold, _listed(raw.get("files"))):
            if place.startswith(DESCRIPTIONS) and pattern in patterns:
                what = Message("The same files are described by {file}: choose other names.", file=patterns[pattern])
                found.append(Fault(place, what, column="files"))
            patterns.setdefault(pattern, place)
    return found


def read_description(path: Path, currency: str = "") -> SourceDescription:
    """Return one description that stands by itself.

    Raises:
        SourceError: with every fault it has.
    """
    raw, faults = read_yaml_or_fault(path, path.name)
    if raw is not None:
        is_mapping = isinstance(raw, Mapping)
        faults = list(_faults(path.name, raw, path.parent)) if is_mapping else [Fault(path.name, NOT_A_MAPPING)]
    if faults:
        raise SourceError("The source description {name} cannot be used.", faults, name=path.name)
    return _description(path, raw, currency)


def _paths(edition_folder: Path, beside: Path | None) -> dict[str, Path]:
    """Return every description, by the place at which its faults are told."""
    own = sorted((edition_folder / "sources").glob("*.yml"))
    more = sorted(beside.glob("*.yml")) if beside else []
    named = ((f"sources/{path.name}", path) for path in own)
    return {**dict(named), **{f"{DESCRIPTIONS}/{path.name}": path for path in more}}


def _misnamed(edition_folder: Path) -> list[Path]:
    """Return the files that look like descriptions and are not read."""
    files = sorted((edition_folder / "sources").glob("*"))
    return [path for path in files if path.suffix.casefold() in (".yaml", ".yml") and path.suffix != ".yml"]


def _faults(place: str, raw: Mapping[str, Any], folder: Path) -> Iterator[Fault]:
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
        for name in _listed(names):
            if name not in fields:
                yield unknown(place, key, name, sorted(fields))
    for name in raw.get("columns") or {}:
        if name not in fields:
            yield unknown(place, f"columns.{name}", name, sorted(fields))
    made = {facts["feeds"].split(".")[0] for facts in fields.values() if "feeds" in facts}
    for table in _listed(raw.get("creates")):
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
        if not _listed(column):
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


def _description(path: Path, raw: Mapping[str, Any], currency: str) -> SourceDescription:
    hints, dropped = raw.get("format") or {}, raw.get("drop_rows")
    by_heading = dropped if isinstance(dropped, Mapping) else {}
    return SourceDescription(
        id=str(raw["id"]),
        table=raw["table"],
        source=raw["source"],
        files=_listed(raw["files"]),
        path=path,
        delivered=str(raw.get("delivered") or DELIVERED),
        format=Format(
            encoding=str(hints["encoding"]) if hints.get("encoding") else None,
            delimiter=hints.get("delimiter"),
            decimal=hints.get("decimal"),
            thousands=hints.get("thousands"),
            dates=_listed(hints.get("dates")),
            sheets=_listed(hints.get("sheets")),
            skip_rows=int(hints.get("skip_rows") or 0),
        ),
        missing=BLANK | {folded_value(value) for value in _listed(raw.get("missing"))},
        drop_rows=() if by_heading else _listed(dropped),
        drop_where={str(heading): _listed(words) for heading, words in by_heading.items()},
        columns={name: _column(column) for name, column in (raw.get("columns") or {}).items()},
        not_used=_listed(raw.get("not_used")),
        key=_listed(raw.get("key")),
        creates=_listed(raw.get("creates")),
        fill_down=_listed(raw.get("fill_down")),
        currency=currency,
        survey=survey_of(raw["survey"], path.parent) if raw.get("survey") else None,
    )


def _column(raw: Any) -> Column:
    if not isinstance(raw, Mapping):
        return Column(headings=_listed(raw))
    multiply = raw.get("multiply")
    factor = parse_number(str(multiply)) if multiply is not None else None
    return Column(
        headings=_listed(raw.get("column")),
        sql=raw.get("sql"),
        constant=None if raw.get("constant") is None else str(raw["constant"]),
        values={folded_value(spelling): str(value) for spelling, value in (raw.get("values") or {}).items()},
        missing=frozenset(folded_value(value) for value in _listed(raw.get("missing"))),
        factor=factor,
        times=str(multiply) if multiply is not None and factor is None else None,
    )


def folded_value(spelling: Any) -> str:
    """Return a cell's text as `values` and `missing` compare it: case and blanks make no difference."""
    return " ".join(visible(str(spelling)).split()).casefold()


def _is_like(name: str, patterns: Iterable[str]) -> bool:
    return any(fnmatch.fnmatchcase(name.casefold(), pattern.casefold()) for pattern in patterns)


def _listed(raw: Any) -> tuple[str, ...]:
    """Return one value or a list of values as a tuple of texts."""
    if raw is None:
        return ()
    return tuple(str(value) for value in (raw if isinstance(raw, list | tuple) else [raw]))

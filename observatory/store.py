"""The store: the only door to a published snapshot. It reads, never writes, and cannot reach anything else."""

from __future__ import annotations

import datetime
import re
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache, partial
from pathlib import Path

import duckdb
import pandas as pd

from observatory.errors import NoSnapshot

pd.set_option("mode.string_storage", "python")  # small tables: Arrow strings cost a new choice an eighth more

SQL_FOLDER = Path(__file__).parent / "queries"
SAFE = {
    "enable_external_access": "false",
    "lock_configuration": "true",
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "allow_community_extensions": "false",
    "python_enable_replacements": "false",
    "threads": "1",  # many readers at once: CPU is scarce, not the time of one query
    "memory_limit": "512MB",
}
KEPT_ANSWERS = 4_000
"""Answers in rows that a store remembers: those asked for last."""

IDENTIFIER = re.compile(r"[a-z][a-z0-9_]*")


@dataclass(frozen=True)
class Snapshot:
    """What a published snapshot says of itself.

    last_month: the last month with any activity ("2026-10"), "" where no activity is known.
    events_count: how many meetings, conferences, field visits and trainings were delivered.
    depth_max: how many dimensions may be in use at once, the period counted; None in the exact product: any number.
    """

    id: str
    as_of: datetime.date
    edition_id: str
    is_demonstration: bool
    last_month: str
    first_year: int
    last_year: int
    folder: Path
    built_by: str = ""
    content_hash: str = ""
    events_count: int = 0
    depth_max: int | None = None

    @property
    def is_last_year_unfinished(self) -> bool:
        """True where the activities of the last year end before December."""
        return self.last_month[:4] == str(self.last_year) and self.last_month_number < 12

    @property
    def last_month_number(self) -> int:
        """The last month with any activity, 1 to 12; 12 where no activity is known."""
        return int(self.last_month[5:7]) if self.last_month else 12

    @property
    def last_whole_year(self) -> int:
        """The last year that is over: its figures are final until they are revised."""
        return self.last_year - self.is_last_year_unfinished


class Store:
    """One product of one snapshot, open for questions; safe to share between threads.

    What a store answers never changes: a page that holds one store for a run shows one snapshot, even while the next
    is being published. The file is released with the last reference to the store.

    Raises:
        NoSnapshot: the folder holds no such product, or one that this version cannot read.
    """

    def __init__(self, folder: Path, product: str = "restricted"):
        path = folder / f"{product}.duckdb"
        if not path.is_file():
            raise NoSnapshot(
                "Snapshot {snapshot} has no {product} data in {folder}. Publish it again: python -m etl build.",
                snapshot=folder.name, product=product, folder=str(folder.parent),
            )  # fmt: skip
        self.product = product
        try:
            self._connection = duckdb.connect(str(path), read_only=True, config=SAFE)
            self._rows = lru_cache(KEPT_ANSWERS)(partial(_fetch, self._connection))
            self.snapshot = self._read_snapshot(folder)
        except (duckdb.Error, LookupError, ValueError) as error:
            raise NoSnapshot(
                "{path} cannot be opened: {reason}. Publish it again: python -m etl build.",
                path=str(path), reason=str(error).splitlines()[0],
            ) from error  # fmt: skip

    def ask(
        self,
        sql_name: str,
        names: Mapping[str, str | Sequence[str]] | None = None,
        parameters: Mapping[str, object] | None = None,
    ) -> pd.DataFrame:
        """Return all rows of a question.

        Args:
            sql_name: a file in observatory/queries, such as "cells.sql".
            names: what stands in braces in the file: one name of a table or column, or several, joined by commas.
                Never anything a reader typed; a name that is not plain is refused.
            parameters: what stands behind "$" in the file.

        Raises:
            ValueError: a name in braces is not a plain name.
        """
        with self._connection.cursor() as cursor:
            return cursor.execute(_statement(sql_name, names), dict(parameters or {})).df()

    def ask_rows(
        self,
        sql_name: str,
        names: Mapping[str, str | Sequence[str]] | None = None,
        parameters: Mapping[str, object] | None = None,
    ) -> tuple[tuple, ...]:
        """Return all rows of a question as tuples: the same as `ask`, at half the time for a few rows.

        A question that was asked before is not asked again. Values of parameters are plain, or lists of plain ones.
        """
        values = parameters or {}
        kept = tuple((key, tuple(value) if isinstance(value, list) else value) for key, value in values.items())
        return self._rows(_statement(sql_name, names), kept)

    @property
    def is_protected(self) -> bool:
        """Whether figures carry noise and some are hidden; contributors are then the lower ends of bands."""
        return self.snapshot.depth_max is not None

    @cached_property
    def shapes(self) -> dict[tuple[str, ...], int]:
        """The number of each shape, by its levels in the order period, sector, region, theme, size, form."""
        return {tuple(levels): number for number, *levels in self.ask_rows("shapes.sql")}

    @cached_property
    def measures(self) -> frozenset[str]:
        """The measures of which anything is reported."""
        return frozenset(measure for (measure,) in self.ask_rows("measures.sql"))

    @cached_property
    def tables(self) -> frozenset[str]:
        """The tables there are; snapshots of earlier versions have fewer."""
        return frozenset(name for (name,) in self.ask_rows("tables.sql"))

    @cached_property
    def predecessor(self) -> Store | None:
        """The snapshot served before this one, of the same edition and likewise a demonstration or none.

        None where there is none, or it cannot be read. It is looked for once, so that it never changes either.
        """
        folder, own = self.snapshot.folder, self.snapshot
        names = _names(folder.parent / "HISTORY")
        place = names.index(folder.name) if folder.name in names else 0
        if place == 0:
            return None
        try:
            store = Store(folder.parent / names[place - 1], self.product)
        except NoSnapshot:
            return None
        other = store.snapshot
        same = (other.edition_id, other.is_demonstration) == (own.edition_id, own.is_demonstration)
        return store if same else None

    @cached_property
    def fingerprints(self) -> dict[tuple[str, int], int]:
        """A number for all cells of each measure in each year, which another value in any of them changes."""
        return {(measure, int(year)): print_ for measure, year, print_ in self.ask_rows("fingerprints.sql")}

    @cached_property
    def revised(self) -> frozenset[tuple[str, int]]:
        """The measures, with the year, of which a value may differ from the predecessor's, where the year was over."""
        if self.predecessor is None:
            return frozenset()
        last = self.predecessor.snapshot.last_whole_year
        before = self.predecessor.fingerprints
        return frozenset(
            (measure, year) for (measure, year), print_ in self.fingerprints.items()
            if year <= last and before.get((measure, year), print_) != print_
        )  # fmt: skip

    def _read_snapshot(self, folder: Path) -> Snapshot:
        facts = dict(self.ask_rows("snapshot.sql"))
        return Snapshot(
            id=facts["snapshot_id"],
            as_of=datetime.date.fromisoformat(facts["as_of"]),
            edition_id=facts["edition_id"],
            is_demonstration=facts["is_demonstration"].lower() in ("true", "1"),
            last_month=facts["last_month"] or "",
            first_year=int(facts["first_year"]),
            last_year=int(facts["last_year"]),
            folder=folder,
            built_by=facts["built_by"],
            content_hash=facts["content_hash"],
            events_count=int(facts.get("events_count", 0)),  # a snapshot of 0.1 has none
            depth_max=int(facts["depth_max"]) if "depth_max" in facts else None,
        )


def _fetch(connection: duckdb.DuckDBPyConnection, sql: str, parameters: tuple[tuple[str, object], ...]) -> tuple:
    """Return the rows of a statement. It holds no store: what remembers its answers must not keep one open."""
    with connection.cursor() as cursor:
        bound = {key: list(value) if isinstance(value, tuple) else value for key, value in parameters}
        return tuple(cursor.execute(sql, bound).fetchall())


_held: dict[tuple[Path, str], Store] = {}
_lock = threading.Lock()


def current_store(published: Path, product: str = "restricted") -> Store:
    """Return the store of the snapshot that is published now; ask again at the start of each run of a page.

    Reading the pointer costs a few microseconds; a snapshot is opened once, and stays open as long as it is current
    or somebody holds it, even if its folder is cleared away meanwhile.

    Args:
        published: the folder in which the ETL keeps snapshots and the text file CURRENT.
        product: which of the snapshot's databases.

    Raises:
        NoSnapshot: nothing is published there yet, or CURRENT names what is not there.
    """
    key = (Path(published), product)
    while True:
        name = _current_name(key[0])
        with _lock:
            held = _held.get(key)
            if held is not None and name in (None, held.snapshot.folder.name):
                return held
            if name is None:
                raise NoSnapshot(
                    "Nothing is published in {folder} yet. Publish a snapshot: python -m etl build.",
                    folder=str(published),
                )
            try:
                _held[key] = Store(key[0] / name, product)
                return _held[key]
            except NoSnapshot:
                if _current_name(key[0]) == name:  # else it was replaced and cleared away meanwhile: open the next
                    raise


def _current_name(published: Path) -> str | None:
    """Return the name of the current snapshot's folder, None where there is no pointer."""
    return next(iter(_names(published / "CURRENT")), None)


def _names(path: Path) -> list[str]:
    """Return the names of snapshots in a text file, none where it is missing."""
    try:
        return path.read_text(encoding="utf-8").split()
    except FileNotFoundError:
        return []


@cache
def _sql(name: str) -> str:
    return (SQL_FOLDER / name).read_text(encoding="utf-8")


def _statement(name: str, names: Mapping[str, str | Sequence[str]] | None) -> str:
    sql = _sql(name)
    return sql.format(**{key: _joined(value) for key, value in names.items()}) if names else sql


def _joined(names: str | Sequence[str]) -> str:
    names = [names] if isinstance(names, str) else list(names)
    for name in names:
        if not IDENTIFIER.fullmatch(name):
            raise ValueError(f"{name!r} is not the name of a table or column; a value travels as a parameter.")
    return ", ".join(names)

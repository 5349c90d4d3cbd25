"""History: the snapshots that are kept, which of them is served, and the way back to an earlier one."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from etl.publish import held_history, point_to, read_history
from etl.verify import content_hash
from observatory.errors import Refused, UsageError, nearest

DATABASE = "restricted.duckdb"


@dataclass(frozen=True)
class Kept:
    """A snapshot that is kept; what it says of itself is None where it cannot be read."""

    id: str
    place: int
    is_served: bool
    as_of: str | None = None
    content_hash: str | None = None
    rows_loaded: int | None = None
    rows_refused: int | None = None

    def as_json(self) -> dict[str, Any]:
        """Return the snapshot as plain values."""
        return {
            "snapshot": self.id, "place": self.place, "is_served": self.is_served, "as_of": self.as_of,
            "content_hash": self.content_hash, "rows_loaded": self.rows_loaded, "rows_refused": self.rows_refused,
        }  # fmt: skip


def kept_snapshots(out: Path) -> list[Kept]:
    """Return the snapshots kept under `out` in the order in which they were served, the latest last."""
    served, history = read_history(out)
    return [_read(out / name, place, name == served) for place, name in enumerate(history, start=1)]


def roll_back(out: Path, to: str | None = None) -> tuple[str, str]:
    """Serve the snapshot before the one that is served, or the one named; return what was served and what is now.

    Naming a later one goes forward again. No snapshot is deleted, and the next build publishes as always.

    Raises:
        UsageError: there is no snapshot of the name.
        Refused: nothing is published, there is no earlier snapshot, it is damaged, or nothing can be written there.
    """
    nothing = _nothing(out)
    if not out.is_dir():
        raise nothing
    with held_history(out) as (served, history):
        if served is None:
            raise nothing
        chosen = _chosen(out, served, history, to)
        if chosen != served:
            point_to(out, chosen)
    return served, chosen


def snapshot_folder(out: Path, name: str | None = None) -> Path:
    """Return the folder of the snapshot that is served, or of the one named.

    Raises:
        UsageError: there is no snapshot of the name.
        Refused: nothing is published there.
    """
    served, history = read_history(out)
    if served is None:
        raise _nothing(out)
    if name is not None:
        _require(out, history, name)
    return out / (name or served)


def _nothing(out: Path) -> Refused:
    return Refused("Nothing is published in {folder} yet. Publish a snapshot: python -m etl build.", folder=str(out))


def _require(out: Path, history: list[str], name: str) -> None:
    if name not in history:
        raise UsageError(
            "There is no snapshot {snapshot} in {folder}. The nearest is {nearest}.",
            snapshot=name, folder=str(out), nearest=nearest(name, history) or ", ".join(history),
        )  # fmt: skip


def _chosen(out: Path, served: str, history: list[str], to: str | None) -> str:
    if to is not None:
        _require(out, history, to)
    place = history.index(served) - 1 if to is None else history.index(to)
    if place < 0:
        raise Refused(
            "There is no snapshot before {snapshot} in {folder}. See what is kept: python -m etl snapshots.",
            snapshot=served, folder=str(out),
        )  # fmt: skip
    if history[place] != served and not is_whole(out / history[place]):
        raise Refused(
            "Snapshot {snapshot} in {folder} is damaged, so {served} is served on. Name another one with --to.",
            snapshot=history[place], folder=str(out), served=served,
        )  # fmt: skip
    return history[place]


def is_whole(folder: Path) -> bool:
    """Return whether a snapshot can be read and its tables hold exactly what was published."""
    try:
        with duckdb.connect(str(folder / DATABASE), read_only=True) as connection:
            return _facts(connection)["content_hash"] == content_hash(connection)
    except (duckdb.Error, KeyError, OSError):
        return False


def _read(folder: Path, place: int, is_served: bool) -> Kept:
    try:
        with duckdb.connect(str(folder / DATABASE), read_only=True) as connection:
            facts = _facts(connection)
            loaded, refused = connection.execute(
                "SELECT CAST(SUM(rows_loaded) AS BIGINT), CAST(SUM(rows_rejected) AS BIGINT) FROM delivery"
            ).fetchone()
            return Kept(folder.name, place, is_served, facts["as_of"], facts["content_hash"], loaded, refused)
    except (duckdb.Error, KeyError):
        return Kept(folder.name, place, is_served)


def _facts(connection: duckdb.DuckDBPyConnection) -> dict[str, str]:
    return dict(connection.execute("SELECT key, value FROM snapshot").fetchall())

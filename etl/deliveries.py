"""Deliveries: the files that came in, each with its source, its fingerprint and the day it was delivered."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from etl.source_faults import DESCRIPTIONS
from etl.sources import SourceDescription
from etl.values import parse_date

DEMONSTRATION_MARKER = "DEMONSTRATION"
"""A file of this name beside the deliveries says that all of them are invented."""


@dataclass(frozen=True)
class Delivery:
    """One file read as one source's.

    Attributes:
        number: its place among all deliveries of a build, from 1.
        file: its path relative to the folder of deliveries, with "/" between folders.
        delivered: the day that orders it among the others; None where the name states none.
        sha256: "" where it cannot be read.
        copy_of: the number of a delivery with the same bytes, which is read in its stead.
    """

    number: int
    source: SourceDescription
    path: Path
    file: str
    sha256: str
    delivered: date | None
    copy_of: int | None = None

    @property
    def id(self) -> str:
        """A name that is the same in every build that receives the same file for the same source."""
        return hashlib.sha256(f"{self.source.id}\n{self.file}\n{self.sha256}".encode()).hexdigest()[:12]


def is_demonstration(folder: Path) -> bool:
    """Return whether a folder of deliveries says of itself that it is a demonstration."""
    return (folder / DEMONSTRATION_MARKER).exists()


def find_deliveries(folder: Path, sources: Sequence[SourceDescription]) -> tuple[list[Delivery], list[str]]:
    """Return every delivery in a folder, and the names of the files that no source describes.

    Of files with the same bytes for one source the one with the latest day is read, of these the first by name.
    """
    described = folder / DESCRIPTIONS
    paths = (path for path in sorted(folder.rglob("*")) if _is_delivery(path) and described not in path.parents)
    files = {_name(path, folder): path for path in paths}
    hashes = {name: _sha256(path) for name, path in files.items()}
    matched: set[str] = set()
    found: list[Delivery] = []
    for source in sources:
        names = [name for name in files if source.matches(name)]
        matched.update(names)
        days = {name: delivered_day(source, name) for name in names}
        read: dict[str, int] = {}
        for name in sorted(names, key=lambda name: (-(days[name] or date.min).toordinal(), name)):
            number = len(found) + 1
            copy_of = read.get(hashes[name]) if hashes[name] else None
            read.setdefault(hashes[name], number)
            found.append(Delivery(number, source, files[name], name, hashes[name], days[name], copy_of))
    return found, [name for name in files if name not in matched]


def delivered_day(source: SourceDescription, name: str) -> date | None:
    """Return the day that a file's name states where the source says it does, or None."""
    matches = re.search(source.delivered, name)
    return parse_date((matches[1] if matches.re.groups else matches[0]) or "") if matches else None


def _is_delivery(path: Path) -> bool:
    hidden = path.name.startswith((".", "~$"))
    return not path.is_dir() and not hidden and path.name != DEMONSTRATION_MARKER


def _name(path: Path, folder: Path) -> str:
    """Return a path within a folder; bytes in it that are no UTF-8, as archives leave them, as \\x8e."""
    return os.fsencode(path.relative_to(folder).as_posix()).decode("utf-8", "backslashreplace")


def _sha256(path: Path) -> str:
    """Return the fingerprint of a file, "" where it cannot be read; whoever reads it then says why."""
    try:
        if path.is_file():  # to open a pipe is to wait for ever
            with path.open("rb") as file:
                return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        pass
    return ""

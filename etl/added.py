"""Added: one more file beside the deliveries of a folder, read as if it lay there, and kept there once it is served."""

from __future__ import annotations

import os
import re
import shutil
import tempfile
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from etl.deliveries import DEMONSTRATION_MARKER
from etl.source_faults import DESCRIPTIONS, source_faults
from etl.sources import load_sources
from observatory.editions import Edition
from observatory.errors import Refused, SourceError, UsageError
from observatory.fact_files import read_yaml_or_fault, visible
from observatory.texts import mark

LONGEST_NAME = 200
"""Bytes of a kept file's name in UTF-8; file systems take 255."""

UNFIT = re.compile(r'[\x00-\x1f\x7f-\x9f/\\:*?"<>|\[\]]+')
"""Signs that are no part of a kept file's name: some system takes them for a folder, a pattern or the end."""

TAKEN = mark(
    "The folder of deliveries holds a file {file} already. Give this one another name, for example with the day on"
    " which it came."
)

BEING_KEPT = ".keeping-"
"""What a file that is still being copied is called: hidden files are no deliveries."""


@dataclass(frozen=True)
class Added:
    """A file to be read with a folder of deliveries: under which name, and by which description of its own, if any."""

    path: Path
    name: str
    description: Path | None = None


def added_file(path: Path, name: str | None = None, description: Path | None = None) -> Added:
    """Return a file to be added, under a name that is fit to be kept.

    Raises:
        UsageError: there is no such file.
    """
    for file in filter(None, (path, description)):
        if not file.is_file():
            raise UsageError("There is no file {file}.", file=str(file))
    return Added(path, fit_name(name or path.name), description)


def fit_name(name: str) -> str:
    """Return a name without folders, dots in front, and signs that nobody sees or that a system reads otherwise."""
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", visible(name)))[-1]
    plain = UNFIT.sub("_", last).strip().lstrip(".~$ ")
    stem, dot, ending = plain.rpartition(".")
    if not dot or len(ending.encode()) > 10:
        stem, dot, ending = plain, "", ""
    room = LONGEST_NAME - len((dot + ending).encode())
    return (stem.encode()[:room].decode(errors="ignore").rstrip() or "file") + dot + ending


@contextmanager
def deliveries_with(added: Added, folder: Path, edition: Edition) -> Iterator[Path]:
    """Give a folder that shows the deliveries and the added file among them; it goes when the work is done.

    Raises:
        Refused: the name is taken.
        SourceError: the description cannot be used, or none reads the file, or another one reads it too.
    """
    _require_free(folder / added.name, added)
    with tempfile.TemporaryDirectory(prefix="asar-") as made:
        view = Path(made)
        for path in sorted(folder.rglob("*")):
            shown = view / path.relative_to(folder)
            shown.mkdir() if path.is_dir() else shown.symlink_to(path.resolve())
        (view / added.name).symlink_to(added.path.resolve())
        if added.description:
            (view / DESCRIPTIONS).mkdir(exist_ok=True)
            _require_one_reader(added, edition, view / DESCRIPTIONS)
        elif not any(source.matches(added.name) for source in load_sources(edition, view / DESCRIPTIONS)):
            raise SourceError(
                "{file}: no source description reads a file of this name. Give one with --description, or another name"
                " with --as.",
                file=added.name,
            )
        yield view


@contextmanager
def kept(added: Added, folder: Path, before: frozenset[tuple[str, int, int]]) -> Iterator[None]:
    """Copy the added file, its description and the form beside that into the folder, each in one step; they go again
    if the block fails.

    Args:
        added: the file.
        folder: of the deliveries.
        before: its files when they were read, see `files_of`.

    Raises:
        Refused: the folder has changed since, or the name was taken meanwhile.
    """
    if files_of(folder) != before:
        raise Refused(
            "The folder {folder} was changed meanwhile. Nothing was published: try again.", folder=str(folder)
        )
    for path in folder.rglob(f"{BEING_KEPT}*"):
        path.unlink()
    made: list[Path] = []
    try:
        form = _form_beside(added.description)
        if form and not (folder / DESCRIPTIONS / form.name).exists():
            made.append(_copy(form, folder / DESCRIPTIONS / form.name))
        if added.description:
            made.append(_copy(added.description, folder / DESCRIPTIONS / _description_name(added.description)))
        made.append(_copy(added.path, folder / added.name))
        yield
    except BaseException:
        for path in made:
            path.unlink(missing_ok=True)
        raise


def files_of(folder: Path) -> frozenset[tuple[str, int, int]]:
    """Return the files of a folder with their sizes and times, to see whether it changes."""
    found = ((path, path.stat()) for path in folder.rglob("*") if path.is_file() and not path.name.startswith("."))
    return frozenset((str(path.relative_to(folder)), about.st_size, about.st_mtime_ns) for path, about in found)


def _require_free(target: Path, added: Added) -> None:
    if added.name in (DEMONSTRATION_MARKER, DESCRIPTIONS) or os.path.lexists(target):
        raise Refused(TAKEN, file=added.name)


def _require_one_reader(added: Added, edition: Edition, descriptions: Path) -> None:
    """Put the description beside the others and check that it, and it alone, reads the added file."""
    name = _description_name(added.description)
    if (descriptions / name).exists():
        raise SourceError("There is a description {name} already. Choose another id.", name=name)
    (descriptions / name).symlink_to(added.description.resolve())
    if form := _form_beside(added.description):
        known = descriptions / form.name
        if not known.exists():
            known.symlink_to(form.resolve())
        elif known.read_bytes() != form.read_bytes():
            raise Refused(TAKEN, file=f"{DESCRIPTIONS}/{form.name}")
    if faults := source_faults(edition.folder, descriptions):
        raise SourceError("The source descriptions of {edition} cannot be used.", faults, edition=edition.id)
    readers = [source for source in load_sources(edition, descriptions) if source.matches(added.name)]
    own = [source for source in readers if source.path.name == name and source.path.parent == descriptions]
    if not own:
        raise SourceError(
            "{file}: the description {name} does not read a file of this name. Change its files, or the name with"
            " --as.",
            file=added.name, name=name,
        )  # fmt: skip
    if others := [source.id for source in readers if source not in own]:
        raise SourceError(
            "{file}: the description {other} reads a file of this name too. Change the files of {name}, or the name"
            " with --as.",
            file=added.name, name=name, other=", ".join(others),
        )  # fmt: skip


def _form_beside(description: Path | None) -> Path | None:
    """Return the workbook of the form that a description names, where it lies beside it; else None."""
    raw, _ = read_yaml_or_fault(description, description.name) if description else (None, None)
    survey = raw.get("survey") if isinstance(raw, dict) else None
    named = survey.get("form") if isinstance(survey, dict) else None
    if not named or Path(str(named)).name != str(named):
        return None
    form = description.parent / str(named)
    return form if form.is_file() else None


def _description_name(path: Path) -> str:
    """Return the name under which a description is kept: its id, or its own name where it says none."""
    raw, _ = read_yaml_or_fault(path, path.name)
    return fit_name(f"{raw['id']}.yml" if isinstance(raw, dict) and raw.get("id") else path.name)


def _copy(path: Path, target: Path) -> Path:
    """Copy a file in one step: under its name nobody ever finds a half of it, and nothing is overwritten."""
    target.parent.mkdir(exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=BEING_KEPT, dir=target.parent)
    try:
        with path.open("rb") as source, os.fdopen(handle, "wb") as copy:
            shutil.copyfileobj(source, copy)
            copy.flush()
            os.fsync(copy.fileno())
        os.chmod(name, 0o644)
        os.link(name, target)
    except FileExistsError:
        raise Refused(TAKEN, file=target.name) from None
    finally:
        os.unlink(name)
    return target

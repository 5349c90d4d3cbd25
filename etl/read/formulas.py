"""Formulas: cells whose value is an error or was never computed, so that they are not taken for blank ones."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from urllib.parse import unquote
from xml.etree import ElementTree
from xml.parsers import expat

from etl.read.sheet import Unreadable
from etl.read.unpacked import CHUNK, column_number

_LINK = re.compile(r"/?xl/externalLinks/_rels/[^/]+\.rels", re.IGNORECASE)

MOST = 100_000
"""Cells without a value, in one sheet, that are told apart; a workbook with more was saved without any."""

Cells = Mapping[tuple[int, int], str]
"""Row and column, from 0, and what is shown there: "#REF!", or the formula."""


def cells_without_value(path: Path) -> Mapping[str, Cells]:
    """Return, for each sheet of an XLSX workbook, the cells with an error or with a formula that has no result.

    Raises:
        Unreadable: there are so many that the results were not saved at all.
    """
    with zipfile.ZipFile(path) as archive:
        names = {name.replace("\\", "/").lstrip("/").casefold(): name for name in archive.namelist()}
        found = {}
        for sheet, part in _parts(archive, names).items():
            if part in names and (cells := _in_sheet(archive, names[part])):
                found[sheet] = cells
        return found


def linked_workbooks(path: Path) -> tuple[str, ...]:
    """Return the names of the files from which an XLSX workbook takes values, without their folders.

    Raises:
        Unreadable: what says so is no XML.
    """
    if not zipfile.is_zipfile(path):
        return ()
    with zipfile.ZipFile(path) as archive:
        found = set()
        for name in archive.namelist():
            if _LINK.fullmatch(name):
                targets = (relation.get("Target", "") for relation in _xml(archive, name))
                found.update(unquote(target).replace("\\", "/").rpartition("/")[2] for target in targets)
        return tuple(sorted(found - {""}))


def _parts(archive: zipfile.ZipFile, names: Mapping[str, str]) -> dict[str, str]:
    """Return the member, in lower case, that each sheet lies in."""
    relations = "xl/_rels/workbook.xml.rels"
    if relations not in names:
        return {}
    targets = {relation.get("Id"): relation.get("Target", "") for relation in _xml(archive, names[relations])}
    book = _xml(archive, names["xl/workbook.xml"])
    parts = {}
    for sheet in book.iter():
        if sheet.tag.rpartition("}")[2] == "sheet":
            relation = next((value for key, value in sheet.items() if key.rpartition("}")[2] == "id"), None)
            target = targets.get(relation, "")
            path = PurePosixPath(target.lstrip("/")) if target.startswith("/") else PurePosixPath("xl", target)
            parts[sheet.get("name", "")] = str(path).casefold()
    return parts


def _xml(archive: zipfile.ZipFile, name: str) -> ElementTree.Element:
    try:
        return ElementTree.fromstring(archive.read(name))
    except ElementTree.ParseError as error:
        raise Unreadable("damaged_file") from error


def _in_sheet(archive: zipfile.ZipFile, member: str) -> Cells:
    """Return the cells of a sheet without a value; a sheet in which no formula or error stands is not walked."""
    with archive.open(member) as part:
        before, has_any = b"", False
        while not has_any and (chunk := part.read(CHUNK)):
            has_any = any(sign in before + chunk for sign in (b't="e"', b"<f", b":f"))
            before = chunk[-8:]
    if not has_any:
        return {}
    walk = _Walk()
    with archive.open(member) as part:
        while chunk := part.read(CHUNK):
            walk.feed(chunk)
    return walk.cells


class _Walk:
    """A walk through the XML of a sheet, cell by cell."""

    def __init__(self):
        self.cells: dict[tuple[int, int], str] = {}
        self._parser = expat.ParserCreate()
        self._parser.buffer_text = True
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._text
        self._row, self._column, self._type = -1, -1, ""
        self._inside, self._said = "", {}

    def feed(self, chunk: bytes) -> None:
        try:
            self._parser.Parse(chunk)
        except expat.ExpatError as error:
            raise Unreadable("damaged_file") from error

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._inside = name = name.rpartition(":")[2]
        if name == "row":
            self._row, self._column = int(attributes.get("r", self._row + 2)) - 1, -1
        elif name == "c":
            place = attributes.get("r", "")
            letters = place.rstrip("0123456789")
            self._column = column_number(letters) - 1 if place else self._column + 1
            self._row = int(place[len(letters) :]) - 1 if place else self._row
            self._type, self._said = attributes.get("t", ""), {}
        elif name in ("f", "v"):
            self._said.setdefault(name, "")

    def _text(self, text: str) -> None:
        if self._inside in self._said:
            self._said[self._inside] += text

    def _end(self, name: str) -> None:
        self._inside = ""
        if name.rpartition(":")[2] != "c":
            return
        if self._type == "e":
            self.cells[self._row, self._column] = self._said.get("v") or "#VALUE!"
        elif "f" in self._said and not self._said.get("v") and self._type != "str":
            self.cells[self._row, self._column] = f"={self._said['f']}"
        if len(self.cells) > MOST:
            raise Unreadable("no_results")

"""What a workbook comes to when it is unpacked: refused before it takes more memory than any table is worth."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from xml.parsers import expat

from etl.read.sheet import Unreadable
from observatory.registry import registry

CHUNK = 1 << 20
MEGABYTE = 1_000_000
ENCRYPTED = 0x1

_SHEET = re.compile(r"xl/worksheets/[^/]+\.xml", re.IGNORECASE)
_CELL = re.compile(rb'<(?:\w+:)?c r="([A-Z]{1,3})([0-9]{1,10})"[^>]*?(/?)>')
_ANY_CELL = re.compile(rb"<(?:\w+:)?c[\s/>]")


@dataclass
class Extent:
    """How far the filled cells of a sheet reach, rows and columns counted from its first cell."""

    rows: int = 0
    columns: int = 0

    def reach(self, row: int, column: int) -> None:
        """Take a filled cell into account."""
        self.rows, self.columns = max(self.rows, row), max(self.columns, column)


def check_members(archive: zipfile.ZipFile) -> None:
    """Read the parts of a workbook once, chunk by chunk, and see that they are whole and of a size to be opened.

    Raises:
        Unreadable: a part is encrypted or there twice, they swell beyond the limit, or a sheet has too many cells.
        zipfile.BadZipFile, zlib.error, EOFError: a part is not what the archive says of it.
    """
    parts = [member for member in archive.infolist() if member.filename.casefold().endswith((".xml", ".rels"))]
    if any(member.flag_bits & ENCRYPTED for member in parts):
        raise Unreadable("encrypted_workbook")
    if len({member.filename for member in parts}) < len(parts):
        raise Unreadable("damaged_file")
    limit = registry().files["limits"]["unpacked_megabytes"]
    size = sum(member.file_size for member in parts) / MEGABYTE
    if size > limit:
        raise Unreadable("too_large_inside", size=round(size), maximum=limit)
    for member in parts:
        chunks = _chunks(archive, member)
        if _SHEET.fullmatch(member.filename.replace("\\", "/").lstrip("/")):
            require_cells(_extent(archive, member, chunks))
        elif member.filename == "content.xml":
            for extent in _extents_of_open_document(chunks):
                require_cells(extent)
        else:
            for _ in chunks:  # to its end, where its checksum is compared
                pass


def require_cells(extent: Extent) -> None:
    """Raise Unreadable if a sheet spans more cells than are read."""
    limit = registry().files["limits"]["cells"]
    if extent.rows * extent.columns > limit:
        raise Unreadable("too_many_cells", row=extent.rows, columns=extent.columns, maximum=limit)


def _chunks(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> Iterator[bytes]:
    with archive.open(member) as part:
        while chunk := part.read(CHUNK):
            yield chunk


def _extent(archive: zipfile.ZipFile, member: zipfile.ZipInfo, chunks: Iterator[bytes]) -> Extent:
    """Return how far the cells of an XLSX sheet reach; where any does not name its place, they are walked through."""
    extent, letters, begun = Extent(), set(), b""
    for chunk in chunks:
        whole, _, begun_here = (begun + chunk).rpartition(b"<")
        begun = b"<" + begun_here
        cells = _CELL.findall(whole)
        if len(cells) != len(_ANY_CELL.findall(whole)):
            return _extent_walked(_chunks(archive, member))
        filled = [(column, row) for column, row, blank in cells if not blank]
        letters.update(column for column, _ in filled)
        extent.rows = max(extent.rows, max((int(row) for _, row in filled), default=0))
    extent.columns = max((column_number(column.decode()) for column in letters), default=0)
    return extent


def _extent_walked(chunks: Iterator[bytes]) -> Extent:
    """Return how far the cells of an XLSX sheet reach: each at the place it names, else next to the one before."""
    extent, row, column = Extent(), 0, 0

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal row, column
        name = name.rpartition(":")[2]
        if name == "row":
            row, column = int(attributes.get("r", row + 1)), 0
        elif name == "c":
            place = attributes.get("r", "")
            letters = place.rstrip("0123456789")
            row, column = (int(place[len(letters) :]), column_number(letters)) if place else (row, column + 1)
        elif name in ("v", "is"):
            extent.reach(row, column)

    _parse(chunks, start)
    return extent


def _extents_of_open_document(chunks: Iterator[bytes]) -> list[Extent]:
    """Return how far the filled cells of each sheet of an OpenDocument workbook reach, repeated ones included."""
    extents: list[Extent] = []
    row = column = rows = 0

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal row, column, rows
        if name == "table:table":
            extents.append(Extent())
            row = rows = 0
        elif name == "table:table-row":
            row, column = row + rows, 0
            rows = int(attributes.get("table:number-rows-repeated", 1))
        elif name in ("table:table-cell", "table:covered-table-cell"):
            column += int(attributes.get("table:number-columns-repeated", 1))
            if "office:value-type" in attributes and extents:
                extents[-1].reach(row + rows, column)

    _parse(chunks, start)
    return extents


def _parse(chunks: Iterator[bytes], start) -> None:
    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    try:
        for chunk in chunks:
            parser.Parse(chunk)
        parser.Parse(b"", True)
    except expat.ExpatError as error:
        raise Unreadable("damaged_file") from error


def column_number(letters: str) -> int:
    """Return the number of a column: A is 1, AA is 27."""
    number = 0
    for letter in letters:
        number = 26 * number + ord(letter) - 64
    return number

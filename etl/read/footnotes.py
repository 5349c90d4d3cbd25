"""Footnotes: the raised marks behind the text of a cell, "120²⁾", which are no part of it."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Mapping
from pathlib import Path
from xml.etree import ElementTree

from etl.read.sheet import Unreadable
from etl.read.unpacked import CHUNK

_TEXTS = re.compile(r"/?xl/sharedStrings\.xml", re.IGNORECASE)
_RAISED = b"superscript"
_MARK = re.compile(r"[\d\s*†‡,.;()]+|[^\W\d_]\)?")
"""What is a mark when it is raised: numbers, stars, one letter."""

_METRES = re.compile(r"(?:^|.*[\W\d])[kcdкcсд]?[mм]")
"""Behind these a raised number is a power: "500 м²"."""


def texts_without_marks(path: Path) -> Mapping[str, str]:
    """Return the texts of an XLSX workbook that end in a raised mark, each with what stands before the mark.

    A text that stands elsewhere in the workbook without any raised sign is not among them.

    Raises:
        Unreadable: the part with the texts is no XML.
    """
    with zipfile.ZipFile(path) as archive:
        name = next((name for name in archive.namelist() if _TEXTS.fullmatch(name.replace("\\", "/"))), None)
        if name is None or not _says(archive, name):
            return {}
        marked, plain = {}, set()
        with archive.open(name) as part:
            try:
                for _, element in ElementTree.iterparse(part):
                    if _tag(element) != "si":
                        continue
                    whole, before = _read(element)
                    if before is None:
                        plain.add(whole)
                    else:
                        marked[whole] = before
                    element.clear()
            except ElementTree.ParseError as error:
                raise Unreadable("damaged_file") from error
    return {whole: before for whole, before in marked.items() if whole not in plain}


def _says(archive: zipfile.ZipFile, name: str) -> bool:
    """Return whether any text is raised; most workbooks have none, and are not walked through."""
    with archive.open(name) as part:
        before = b""
        while chunk := part.read(CHUNK):
            if _RAISED in before + chunk:
                return True
            before = chunk[-len(_RAISED) :]
    return False


def _read(text: ElementTree.Element) -> tuple[str, str | None]:
    """Return a text as a whole, and what stands before the raised mark at its end, None where there is none."""
    runs = [(_said(run), _is_raised(run)) for run in text if _tag(run) in ("r", "t")]
    whole = "".join(said for said, _ in runs)
    end = len(runs)
    while end and (runs[end - 1][1] or not runs[end - 1][0].strip()):
        end -= 1
    before, mark = ("".join(said for said, _ in some) for some in (runs[:end], runs[end:]))
    is_marked = before.strip() and _MARK.fullmatch(mark.strip()) and not _METRES.fullmatch(before)
    return whole, before.rstrip() if is_marked else None


def _said(run: ElementTree.Element) -> str:
    return "".join(part.text or "" for part in run.iter() if _tag(part) == "t")


def _is_raised(run: ElementTree.Element) -> bool:
    return any(_tag(part) == "vertAlign" and part.get("val") == "superscript" for part in run.iter())


def _tag(element: ElementTree.Element) -> str:
    return element.tag.rpartition("}")[2]

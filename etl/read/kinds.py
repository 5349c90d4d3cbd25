"""Kinds: what a file is, found by what is in it before anything opens it; its name says nothing."""

from __future__ import annotations

import mmap
import re
import zipfile
import zlib
from collections.abc import Iterable
from pathlib import Path

from etl.read.encoding import MARKS, wide_encoding
from etl.read.sheet import Unreadable
from etl.read.unpacked import check_members
from observatory.registry import registry

SAMPLE = 1 << 16
PARQUET, ZIP, OLE = b"PAR1", b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

WORKBOOKS = ("xlsx", "xls", "ods")

STREAMS = {
    "EncryptedPackage": "encrypted",
    "WordDocument": "document",
    "PowerPoint Document": "presentation",
    "__nameid_version1.0": "message",
    "Workbook": "xls",
    "Book": "xls",
}
"""The stream of a compound file that says what it is."""

ENTRY = 128
"""Bytes of an entry in the directory of a compound file; each begins with its name in UTF-16."""

OPEN_DOCUMENT = "application/vnd.oasis.opendocument."
OPEN_DOCUMENT_KINDS = {"spreadsheet": "ods", "text": "document", "presentation": "presentation"}
OFFICE_FOLDERS = {"word/": "document", "ppt/": "presentation", "visio/": "picture"}

_WEB_PAGE = re.compile(
    r"(?:<!--.*?-->\s*)*<(?:!doctype html|html|head|body|meta|title|table|div|style|script|p|br)\b|MIME-Version:",
    re.IGNORECASE | re.DOTALL,
)
_MESSAGE = re.compile(r"(?:From|To|Subject|Received|Return-Path|Delivered-To|Message-ID): ?\S")
_MARKUP = re.compile(r'<\?xml\b|[{\[]\s*["{\[\]}]')
_CONTROLS = re.compile(rb"[\x01-\x08\x0e-\x19\x1c-\x1f]")
MOST_CONTROLS = 0.01
"""Share of control characters above which no person has written a text."""


def kind_of(path: Path) -> str:
    """Return "xlsx", "xls", "ods", "parquet" or "text".

    Raises:
        Unreadable: it is none of them, or a workbook that is damaged, encrypted or swells beyond measure.
        OSError: it cannot be opened.
    """
    if not path.is_file():
        raise Unreadable("not_a_file")
    with path.open("rb") as file:
        sample = file.read(SAMPLE)
    if not sample:
        raise Unreadable("empty_file")
    for signature in registry().files["signatures"]:
        if sample.startswith(bytes.fromhex(signature["bytes"]), signature.get("at", 0)):
            raise _no_table(signature["kind"])
    if sample.startswith(PARQUET):
        return "parquet"
    if sample.startswith(ZIP):
        return _kind_of_zip(path)
    if sample.startswith(OLE):
        return _kind_of_compound(path)
    _require_text(sample)
    return "text"


def _kind_of_zip(path: Path) -> str:
    try:
        with zipfile.ZipFile(path) as archive:
            kind = _named_by(archive)
            if kind in WORKBOOKS:
                check_members(archive)
    except NotImplementedError as error:  # packed in a way that no spreadsheet program packs
        raise Unreadable("damaged_file") from error
    except RuntimeError as error:  # a part cannot be unpacked without its password
        raise Unreadable("encrypted_workbook") from error
    except (zipfile.BadZipFile, zlib.error, EOFError, UnicodeError, ValueError) as error:
        raise Unreadable("damaged_file") from error
    if kind not in WORKBOOKS:
        raise _no_table(kind)
    return kind


def _named_by(archive: zipfile.ZipFile) -> str:
    """Return what an archive is by the names in it."""
    names = {name.replace("\\", "/").lstrip("/").casefold() for name in archive.namelist()}
    if "mimetype" in names and "content.xml" in names:
        if b"encryption-data" in _content(archive, "META-INF/manifest.xml"):
            raise Unreadable("encrypted_workbook")
        declared = _content(archive, "mimetype").decode("ascii", "replace").removeprefix(OPEN_DOCUMENT)
        return OPEN_DOCUMENT_KINDS.get(declared.strip().removesuffix("-template"), "document")
    if "xl/workbook.bin" in names:
        return "binary_workbook"
    if "xl/workbook.xml" in names:
        return "xlsx"
    return next((kind for folder, kind in OFFICE_FOLDERS.items() if _is_in(folder, names)), "archive")


def _is_in(folder: str, names: Iterable[str]) -> bool:
    return any(name.startswith(folder) for name in names)


def _content(archive: zipfile.ZipFile, name: str) -> bytes:
    """Return the first part of a member; nothing where there is none of that name."""
    if name not in archive.namelist():
        return b""
    with archive.open(name) as member:
        return member.read(SAMPLE)


def _kind_of_compound(path: Path) -> str:
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        kind = next((kind for name, kind in STREAMS.items() if _has_stream(content, name)), None)
    if kind is None:
        raise Unreadable("damaged_file")
    if kind == "encrypted":
        raise Unreadable("encrypted_workbook")
    if kind not in WORKBOOKS:
        raise _no_table(kind)
    return kind


def _has_stream(content: mmap.mmap, name: str) -> bool:
    entry = f"{name}\0".encode("utf-16-le")
    at = content.find(entry)
    while at >= 0 and at % ENTRY:
        at = content.find(entry, at + 1)
    return at >= 0


def _require_text(sample: bytes) -> None:
    """Raise what a text is, if it is no table, or that it is no text at all."""
    encoding = next((name for mark, name in MARKS if sample.startswith(mark)), None) or wide_encoding(sample)
    if encoding is None and len(_CONTROLS.findall(sample)) > MOST_CONTROLS * len(sample):
        raise _no_table("program")
    text = sample.decode(encoding or "latin-1", errors="replace").lstrip("\ufeff\0 \t\r\n")
    if _WEB_PAGE.match(text):
        raise _no_table("web_page")
    if _MESSAGE.match(text):
        raise _no_table("message")
    if _MARKUP.match(text):
        raise _no_table("markup")


def _no_table(kind: str) -> Unreadable:
    return Unreadable("not_a_table", kind=kind)

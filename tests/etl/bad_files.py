"""Makers of bad files: what is sent under the name of a table and is none, or is a broken, hostile or endless one."""

import gzip
import io
import struct
import tarfile
import zipfile
from collections.abc import Iterable

import pyarrow
import pyarrow.parquet
import xlsxwriter

HEADINGS = ("Number", "Date", "Title", "Hours")
GOOD = "Number,Date,Title,Hours\n1,2024-05-01,Walk,7\n2,2024-05-02,Talk,8\n"
ROWS = [["Number", "Date", "Title", "Hours"], [1, "2024-05-01", "Walk", 7], [2, "2024-05-02", "Talk", 8]]

PNG = bytes.fromhex("89504e470d0a1a0a0000000d49484452") + bytes(64)
GIF = b"GIF89a" + bytes(64)
JPEG = bytes.fromhex("ffd8ffe000104a464946") + bytes(64)
PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<<>>\nendobj\n"
RTF = rb"{\rtf1\ansi{\b Hours} 7}"
HTML = "<!DOCTYPE html>\n<html><table><tr><td>Date</td><td>Hours</td></tr></table></html>"
EXCEL_WEB_PAGE = "<table><tr><td>Date</td><td>Hours</td></tr><tr><td>2024-05-01</td><td>7</td></tr></table>"
SPREADSHEET_XML = '<?xml version="1.0"?>\n<?mso-application progid="Excel.Sheet"?>\n<Workbook><Worksheet/></Workbook>'
LETTER = "From: a@b.kz\nTo: c@d.kz\nSubject: Hours\n\nDate,Hours\n2024-05-01,7\n"
JSON = '[{"Date": "2024-05-01", "Hours": 7}]'
XML = '<?xml version="1.0"?>\n<rows><row><Date>2024-05-01</Date></row></rows>'

_TYPES = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_DOCUMENT, _BOOK = f"{_RELATIONS}/officeDocument", "xl/workbook.xml"
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_ODF = "urn:oasis:names:tc:opendocument:xmlns"


def archive(members: dict[str, str | bytes]) -> bytes:
    """Return a ZIP archive."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as packed:
        for name, content in members.items():
            packed.writestr(name, content)
    return buffer.getvalue()


def nested_archive(depth: int = 5) -> bytes:
    """Return an archive in an archive in an archive ..."""
    content = GOOD.encode()
    for level in range(depth):
        content = archive({f"{level}.zip": content})
    return content


def docx() -> bytes:
    """Return what a word processor writes, in so far as it is told from others."""
    return archive({"[Content_Types].xml": "<Types/>", "word/document.xml": "<document/>"})


def xlsx(*sheets: str, **more: str | bytes) -> bytes:
    """Return a workbook of sheets whose XML is given, and of more members."""
    document = f'<Relationship Id="r1" Type="{_DOCUMENT}" Target="{_BOOK}"/>'
    named = "".join(
        f'<sheet name="S{number}" sheetId="{number}" r:id="r{number}"/>' for number, _ in enumerate(sheets, start=1)
    )
    related = "".join(
        f'<Relationship Id="r{number}" Type="{_RELATIONS}/worksheet" Target="worksheets/sheet{number}.xml"/>'
        for number, _ in enumerate(sheets, start=1)
    )
    return archive(
        {
            "[Content_Types].xml": f'<Types><Override PartName="/{_BOOK}" ContentType="{_TYPES}.main"/></Types>',
            "_rels/.rels": f"<Relationships>{document}</Relationships>",
            "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_RELATIONS}"><sheets>{named}</sheets></workbook>',
            "xl/_rels/workbook.xml.rels": f"<Relationships>{related}</Relationships>",
            **{f"xl/worksheets/sheet{number}.xml": sheet for number, sheet in enumerate(sheets, start=1)},
            **more,
        }
    )


def cell(place: str, value: object) -> str:
    """Return the XML of a cell with a text, or of one without any value."""
    if value is None:
        return f'<c r="{place}" s="0"/>'
    return f'<c r="{place}" t="inlineStr"><is><t>{value}</t></is></c>'


def sheet_xml(rows: Iterable[str], dimension: str = "A1:D3") -> str:
    """Return the XML of a sheet of rows of cells."""
    body = "".join(f"<row>{row}</row>" for row in rows)
    return f'<worksheet xmlns="{_MAIN}"><dimension ref="{dimension}"/><sheetData>{body}</sheetData></worksheet>'


def good_rows() -> list[str]:
    """Return the rows of GOOD as the XML of cells."""
    return [
        "".join(cell(f"{letter}{number}", value) for letter, value in zip("ABCD", row, strict=True))
        for number, row in enumerate(ROWS, start=1)
    ]


def workbook(write, **options) -> bytes:
    """Return a workbook that `write` fills, with what a sheet of ROWS is written by as its second argument."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True, **options}) as book:
        write(book, lambda name, rows=ROWS: _written(book.add_worksheet(name), rows))
    return buffer.getvalue()


def _written(sheet, rows):
    for number, cells in enumerate(rows):
        sheet.write_row(number, 0, cells)
    return sheet


def ods(rows: Iterable[str] = (), manifest: str = "<manifest/>") -> bytes:
    """Return an OpenDocument workbook of rows whose XML is given."""
    body = "".join(rows) or "".join(
        "<table:table-row>" + "".join(ods_cell(value) for value in row) + "</table:table-row>" for row in ROWS
    )
    content = (
        f'<office:document-content xmlns:office="{_ODF}:office:1.0" xmlns:table="{_ODF}:table:1.0" '
        f'xmlns:text="{_ODF}:text:1.0"><office:body><office:spreadsheet><table:table table:name="A">{body}'
        "</table:table></office:spreadsheet></office:body></office:document-content>"
    )
    return archive(
        {
            "mimetype": "application/vnd.oasis.opendocument.spreadsheet",
            "content.xml": content,
            "META-INF/manifest.xml": manifest,
        }
    )


def ods_cell(value: object, attributes: str = "") -> str:
    """Return the XML of a cell of text."""
    return f'<table:table-cell office:value-type="string" {attributes}><text:p>{value}</text:p></table:table-cell>'


def locked_parts(content: bytes) -> bytes:
    """Return an archive with each of its parts marked as packed with a password."""
    marked = bytearray(content)
    for sign, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = marked.find(sign)
        while place >= 0:
            marked[place + flags] |= 1
            place = marked.find(sign, place + 4)
    return bytes(marked)


def laughing(xml: str, place: str) -> str:
    """Return XML in which a word stands for ten of another, ten levels deep, at the place of `place`."""
    words = "".join(f'<!ENTITY e{level} "{f"&e{level - 1};" * 10}">' for level in range(1, 10))
    return f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e0 "ha">{words}]>{xml.replace(place, "&e9;")}'


def swelling(megabytes: int) -> bytes:
    """Return a workbook of a few kilobytes a megabyte that has a sheet of this many megabytes of nothing."""
    buffer = io.BytesIO(xlsx(sheet_xml(good_rows())))
    with (
        zipfile.ZipFile(buffer, "a", zipfile.ZIP_DEFLATED, compresslevel=1) as packed,
        packed.open("xl/worksheets/sheet2.xml", "w", force_zip64=True) as sheet,
    ):
        for _ in range(megabytes):
            sheet.write(b" " * 1_000_000)
    return buffer.getvalue()


def tar(name: str, text: str) -> bytes:
    """Return an archive of one file as tar makes it."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as packed:
        entry = tarfile.TarInfo(name)
        entry.size = len(text.encode())
        packed.addfile(entry, io.BytesIO(text.encode()))
    return buffer.getvalue()


def compound(name: str, content: bytes = b"") -> bytes:
    """Return a compound file (OLE) with one stream, as XLS, DOC and locked workbooks are."""
    content = content.ljust(4096, b"\0")  # shorter ones lie elsewhere
    sectors = -(-len(content) // 512)
    content = content.ljust(sectors * 512, b"\0")
    free, end = 0xFFFFFFFF, 0xFFFFFFFE
    table = [0xFFFFFFFD, end, *range(3, sectors + 2), end]
    table += [free] * (128 - len(table))
    header = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(16) + struct.pack("<HHHHH6x", 0x3E, 3, 0xFFFE, 9, 6)
    header += struct.pack("<IIIIIIIII", 0, 1, 1, 0, 4096, end, 0, end, 0) + struct.pack("<109I", 0, *[free] * 108)
    entries = (
        _entry("Root Entry", 5, 1, end, 0) + _entry(name, 2, free, 2, len(content)) + _entry("", 0, free, 0, 0) * 2
    )
    return header + struct.pack("<128I", *table) + entries + content


def _entry(name: str, kind: int, child: int, start: int, size: int) -> bytes:
    free = 0xFFFFFFFF
    encoded = f"{name}\0".encode("utf-16-le") if name else b""
    return struct.pack(
        "<64sHBBIII16xIQQIQ", encoded, len(encoded), kind, 1, free, free, child, 0, 0, 0, start, size
    )  # fmt: skip


def xls(rows: Iterable[list] = ROWS, locked: bool = False) -> bytes:
    """Return an XLS workbook of one sheet (BIFF8) with texts and numbers."""

    def record(number: int, content: bytes) -> bytes:
        return struct.pack("<HH", number, len(content)) + content

    begin = struct.pack("<HHHHII", 0x0600, 0x0005, 0x0DBB, 0x07CC, 0, 6)
    filter_ = record(0x2F, struct.pack("<HHH", 1, 1, 1) + bytes(48)) if locked else b""
    head = record(0x809, begin) + filter_
    place = len(head) + 4 + 8 + 1 + 4
    book = head + record(0x85, struct.pack("<IBBBB", place, 0, 0, 1, 0) + b"A") + record(0x0A, b"")
    cells = b""
    for row, values in enumerate(rows):
        for column, value in enumerate(values):
            where = struct.pack("<HHH", row, column, 0)
            if isinstance(value, str):
                cells += record(0x204, where + struct.pack("<HB", len(value), 1) + value.encode("utf-16-le"))
            else:
                cells += record(0x203, where + struct.pack("<d", value))
    sheet = record(0x809, begin[:2] + struct.pack("<H", 0x10) + begin[4:]) + cells + record(0x0A, b"")
    return compound("Workbook", book + sheet)


def broken_parquet() -> bytes:
    """Return a Parquet file whose end is whole and names what its middle does not hold."""
    content = parquet()
    place = content.index(b"Walk")
    return content[: place - 8] + bytes(16) + content[place + 8 :]


def parquet(nested: bool = False, rows: int = 2) -> bytes:
    """Return a Parquet file of the good rows, or of the first of them; `nested`: the hours in a list."""
    hours = [[7], [8]] if nested else [7, 8]
    columns = {"Number": ["1", "2"], "Date": ["2024-05-01", "2024-05-02"], "Title": ["Walk", "Talk"], "Hours": hours}
    buffer = io.BytesIO()
    pyarrow.parquet.write_table(pyarrow.table(columns).slice(0, rows), buffer)
    return buffer.getvalue()


def packed(text: str) -> bytes:
    """Return a text as gzip packs it, the same at any time."""
    return gzip.compress(text.encode(), mtime=0)

"""Bad files: each sort is refused with one clear sentence, or its good rows load; nothing hangs, nothing is lost."""

import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from etl.read.sheet import FileFault
from etl.snapshot import build
from observatory import LANGUAGES
from observatory.rejects import say_reject
from observatory.texts import texts
from tests.etl import bad_files as bad
from tests.etl.conftest import Desk

LINKS = "xl/externalLinks/_rels/externalLink1.xml.rels"
LONG = "x" * 1_000_000
NUMBER = "Number,Date,Title,Hours\n1,2024-05-01,Walk,{}\n2,2024-05-02,Talk,8\n"
NAMED = 'Number,Date,Title,Company\n1,2024-05-01,"{0}","{0}"\n'


@dataclass(frozen=True)
class Sort:
    """A sort of bad file and what becomes of it: the rule that refuses it, or how many rows load and which do not."""

    what: str
    content: bytes | str | Callable[[], bytes]
    refused: str | None = None
    loaded: int = 0
    rejects: tuple[tuple[int, str], ...] = ()
    notices: tuple[str, ...] = ()
    name: str = "activities.csv"

    def bytes(self) -> bytes:
        content = self.content() if callable(self.content) else self.content
        return content.encode() if isinstance(content, str) else content


def macros(book, add):
    add("A")
    vba = Path(os.environ.get("TMPDIR", "/tmp")) / "asar-vba.bin"
    vba.write_bytes(bad.compound("VBA"))
    book.add_vba_project(str(vba))


def only_a_chart(book, add):
    add("A").hide()
    chart = book.add_chart({"type": "bar"})
    chart.add_series({"values": "=A!$D$2:$D$3"})
    book.add_chartsheet("Chart").set_chart(chart)
    book.get_worksheet_by_name("Chart").activate()


def only_hidden(book, add):
    add("Blank", []).activate()
    add("A").hide()


def second_hidden(book, add):
    add("A")
    add("B", [bad.ROWS[0], [3, "2024-05-03", "Sing", 9]]).hide()


def passed_over(book, add):
    add("A")
    add("B", [["Когда", "Сколько"], ["2024-05-03", 9], ["2024-05-04", 9]])


def formulas(value):
    def write(book, add):
        sheet = add("A")
        sheet.write_formula("D2", "=SUM(A1:A9)", None, value)
        sheet.write_formula("D3", "=4*2", None, 8)

    return write


def links(book, add):
    sheet = add("A")
    sheet.write_formula("C2", "='[secret.xlsx]Sheet1'!A1", None, "Walk")
    sheet.write_url("C3", "external:c:\\secret.xlsx", string="Talk")


def mixed() -> bytes:
    return "Number,Date,Title\n1,2024-05-01,Серуен\n".encode() + "2,2024-05-02,Прогулка по парку\n".encode("cp1251") * 3


SORTS = (
    Sort("empty", "", "empty_file"),
    Sort("only a byte order mark", b"\xef\xbb\xbf", "empty_file"),
    Sort("only blanks", " \n\t\n\r\n", "empty_file"),
    Sort("only NUL bytes", bytes(5000), "empty_file"),
    Sort("headings only", "Number,Date,Title,Hours\n", notices=("no_rows",)),
    Sort("headings only in a workbook", lambda: bad.workbook(lambda book, add: add("A", bad.ROWS[:1])),
         notices=("no_rows",)),
    Sort("binary", bytes(range(256)) * 40, "not_a_table"),
    Sort("PNG", bad.PNG, "not_a_table"),
    Sort("PNG named .xlsx", bad.PNG, "not_a_table", name="activities.xlsx"),
    Sort("GIF", bad.GIF, "not_a_table"),
    Sort("JPEG", bad.JPEG, "not_a_table"),
    Sort("PDF", bad.PDF, "not_a_table"),
    Sort("PDF named .xlsx", bad.PDF, "not_a_table", name="activities.xlsx"),
    Sort("RTF", bad.RTF, "not_a_table"),
    Sort("web page", bad.HTML, "not_a_table"),
    Sort("web page in UTF-16", bad.HTML.encode("utf-16"), "not_a_table"),
    Sort("web page named .xls", bad.EXCEL_WEB_PAGE, "not_a_table", name="activities.xls"),
    Sort("web page under a comment", f"<!-- saved -->\n{bad.HTML}", "not_a_table"),
    Sort("web archive", f"MIME-Version: 1.0\n\n{bad.HTML}", "not_a_table"),
    Sort("workbook in the XML of 2003", bad.SPREADSHEET_XML, "not_a_table", name="activities.xls"),
    Sort("letter", bad.LETTER, "not_a_table"),
    Sort("JSON", bad.JSON, "not_a_table"),
    Sort("JSON, a line each", '{"Date": "2024-05-01"}\n' * 3, "not_a_table"),
    Sort("XML", bad.XML, "not_a_table"),
    Sort("ZIP of a CSV", lambda: bad.archive({"activities.csv": bad.GOOD}), "not_a_table"),
    Sort("archive in an archive in an archive", bad.nested_archive, "not_a_table"),
    Sort("empty ZIP", lambda: bad.archive({}), "not_a_table"),
    Sort("tar of a CSV", lambda: bad.tar("activities.csv", bad.GOOD), "not_a_table"),
    Sort("RAR", b"Rar!\x1a\x07\x00" + bytes(50), "not_a_table"),
    Sort("7z", bytes.fromhex("377abcaf271c") + bytes(50), "not_a_table"),
    Sort("locked ZIP", lambda: bad.locked_parts(bad.archive({"a.csv": bad.GOOD})), "not_a_table"),
    Sort("gzip of a CSV", lambda: bad.packed(bad.GOOD), "not_a_table"),
    Sort("DOCX", bad.docx, "not_a_table"),
    Sort("DOCX named .xlsx", bad.docx, "not_a_table", name="activities.xlsx"),
    Sort("DOC", lambda: bad.compound("WordDocument"), "not_a_table"),
    Sort("e-mail message", lambda: bad.compound("__nameid_version1.0"), "not_a_table"),
    Sort("XLSB", lambda: bad.archive({"xl/workbook.bin": b""}), "not_a_table"),
    Sort("CSV named .xlsx", bad.GOOD, loaded=2, name="activities.xlsx"),
    Sort("CSV named .parquet", bad.GOOD, loaded=2, name="activities.parquet"),
    Sort("XLSX named .csv", lambda: bad.workbook(lambda book, add: add("A")), loaded=2),
    Sort("XLS", bad.xls, loaded=2, name="activities.xls"),
    Sort("XLS named .xlsx", bad.xls, loaded=2, name="activities.xlsx"),
    Sort("ODS", bad.ods, loaded=2, name="activities.ods"),
    Sort("XLSX of another program's hand", lambda: bad.xlsx(bad.sheet_xml(bad.good_rows())), loaded=2),
    Sort("locked XLSX", lambda: bad.compound("EncryptedPackage"), "encrypted_workbook", name="activities.xlsx"),
    Sort("locked XLS", lambda: bad.xls(locked=True), "encrypted_workbook", name="activities.xls"),
    Sort("locked ODS", lambda: bad.ods(manifest="<manifest:encryption-data/>"), "encrypted_workbook"),
    Sort("ODS in a locked archive", lambda: bad.locked_parts(bad.ods()), "encrypted_workbook"),
    Sort("XLSX in a locked archive", lambda: bad.locked_parts(bad.workbook(lambda book, add: add("A"))),
         "encrypted_workbook"),
    Sort("XLSX of words that swell", lambda: bad.xlsx(bad.laughing(bad.sheet_xml(bad.good_rows()), "Walk")),
         "damaged_file"),
    Sort("XLSX cut off", lambda: bad.workbook(lambda book, add: add("A"))[:3000], "damaged_file"),
    Sort("XLSX cut off at its beginning", lambda: bad.workbook(lambda book, add: add("A"))[:20], "damaged_file"),
    Sort("XLSX with a byte changed", lambda: flipped(bad.workbook(lambda book, add: add("A"))), "damaged_file"),
    Sort("XLSX without sheets", lambda: bad.xlsx(), "empty_file"),
    Sort("XLSX whose sheet is missing", lambda: bad.archive({"xl/workbook.xml": "<workbook/>"}), "damaged_file"),
    Sort("XLSX with only a chart", lambda: bad.workbook(only_a_chart), "only_hidden"),
    Sort("XLSX with only hidden sheets", lambda: bad.workbook(only_hidden), "only_hidden"),
    Sort("XLSX with a hidden sheet", lambda: bad.workbook(second_hidden), loaded=2, notices=("hidden_sheet",)),
    Sort("XLSX with another sheet", lambda: bad.workbook(passed_over), loaded=2, notices=("sheet_not_read",)),
    Sort("formulas without results", lambda: uncomputed(1), loaded=1, rejects=((2, "not_a_number"),)),
    Sort("a workbook without any results", lambda: uncomputed(100_001), "no_results"),
    Sort("formulas that come to nothing", lambda: bad.xlsx(bad.sheet_xml(computed_to_nothing())), loaded=2),
    Sort("formulas beside rows not filled in", lambda: bad.xlsx(bad.sheet_xml(not_filled_in())), loaded=2),
    Sort("formulas with errors", lambda: bad.workbook(formulas("#REF!")), loaded=1, rejects=((2, "not_a_number"),)),
    Sort("macros", lambda: bad.workbook(macros), loaded=2, name="activities.xlsm"),
    Sort("links to web addresses and other files", lambda: bad.workbook(links), loaded=2),
    Sort("values of another workbook", lambda: linked("file:///C:\\secret%20plan.xlsx"), loaded=2,
         notices=("linked_values",)),
    Sort("links that are no XML", lambda: bad.xlsx(bad.sheet_xml(bad.good_rows()), **{LINKS: "<"}), "damaged_file"),
    Sort("formulas in a circle", lambda: bad.workbook(circle), loaded=2),
    Sort("rows with a format and nothing else", lambda: bad.workbook(formatted), loaded=2),
    Sort("a cell at the far end of the grid", lambda: far("XFD1048576"), "too_many_cells"),
    Sort("a cell beyond the grid", lambda: far("A4000000000"), "too_many_cells"),
    Sort("a whole grid declared", lambda: bad.xlsx(bad.sheet_xml(bad.good_rows(), "A1:XFD1048576")), loaded=2),
    Sort("cells repeated over the grid", lambda: bad.ods([repeated(16384, 1048576)]), "too_many_cells"),
    Sort("Parquet", bad.parquet, loaded=2),
    Sort("Parquet cut off", lambda: bad.parquet()[:200], "damaged_file"),
    Sort("Parquet with a broken page", bad.broken_parquet, "damaged_file"),
    Sort("Parquet of lists", lambda: bad.parquet(nested=True), loaded=2),
    Sort("Parquet without rows", lambda: bad.parquet(rows=0), notices=("no_rows",)),
    Sort("locked Parquet", lambda: b"PARE" + bad.parquet()[4:-4] + b"PARE", "not_a_table"),
    Sort("NUL bytes", bad.GOOD.replace("Walk", "Wa\0lk"), loaded=2),
    Sort("UTF-8 with broken letters", bad.GOOD.replace("Walk", "Серуен").encode().replace(b"\xd1\x83", b"\xd1", 1),
         "broken_encoding"),
    Sort("UTF-8 cut in a letter", (bad.GOOD + "3,2024-05-03,Серуен").encode()[:-1], "broken_encoding"),
    Sort("UTF-8 among Windows-1251", mixed(), "broken_encoding"),
    *(Sort(f"{encoding} without a mark", bad.GOOD.encode(encoding), loaded=2)
      for encoding in ("utf-16-le", "utf-16-be", "utf-32-le")),
    Sort("UTF-32", bad.GOOD.encode("utf-32"), loaded=2),
    Sort("a mark in the middle", bad.GOOD.replace("\n2,", "\n\ufeff2,"), loaded=2),
    Sort("UTF-16 cut in a letter", bad.GOOD.encode("utf-16")[:-1], "broken_encoding"),
    Sort("two columns of one heading", "Number,Date,Hours,Hours\n1,2024-05-01,7,8\n", loaded=1,
         notices=("repeated_heading",)),
    Sort("no headings", "1,2024-05-01,Walk,7\n2,2024-05-02,Talk,8\n", "no_headings"),
    Sort("headings in an unknown language", "Datum,Titel,Stunden\n2024-05-01,Walk,7\n", "no_headings"),
    Sort("10,000 columns", lambda: wide(10_000), "too_many_columns"),
    Sort("10,000 columns in a workbook", lambda: wide_workbook(10_000), "too_many_columns"),
    Sort("negative hours", NUMBER.format("-7"), loaded=1, rejects=((2, "below_limit"),)),
    Sort("the year 0202", NUMBER.format(7).replace("2024-05-01", "0202-05-01"), loaded=1, rejects=((2, "not_a_date"),)),
    *(Sort(f"the day {day}", NUMBER.format(7).replace("2024-05-01", day), loaded=1, rejects=((2, "not_a_date"),))
      for day in ("01.05.20244", "2999-05-01", "00.00.0000", "-5")),
    Sort("rows all alike", "Number,Date,Hours\n" + "1,2024-05-01,7\n" * 3,
         rejects=tuple((row, "duplicate_key") for row in (2, 3, 4))),
    Sort("31.02.2024", NUMBER.format(7).replace("2024-05-01", "31.02.2024"), loaded=1, rejects=((2, "not_a_date"),)),
    *(Sort(f"hours {text[:6]}", NUMBER.format(text), loaded=1, rejects=((2, rule),))
      for text, rule in (("1e308", "not_a_number"), ("1" * 30, "not_a_number"), ("1e999", "not_a_number"),
                         ("NaN", "not_a_number"), ("inf", "not_a_number"),
                         ("0x10", "not_a_number"), ("9" * 400, "not_a_number"))),
    *(Sort(f"{what} in names", NAMED.format(text), loaded=1)
      for what, text in (("HTML", "<script>alert(1)</script>"), ("markdown", "[a](http://x) **b** $x$ :smile:"),
                         ("SQL", "x'); DROP TABLE activity; --"), ("formulas", "=cmd|' /C calc'!A0"),
                         ("overrides of direction", "abc\u202egpj.exe"), ("letters of no width", "a\u200bb"))),
    Sort("a cell of a million letters", NUMBER.format(7).replace("Walk", LONG), loaded=2),
    Sort("a million letters instead of a number", NUMBER.format(LONG), loaded=1, rejects=((2, "not_a_number"),)),
    Sort("rows of a thousand widths", lambda: widths(1000), loaded=1, rejects=tuple(
        (row, "ragged_row") for row in range(2, 1002) if row != 5)),
    Sort("line ends of the old Mac", bad.GOOD.replace("\n", "\r"), loaded=2),
    Sort("mixed line ends", bad.GOOD.replace("\n", "\r\n", 1).replace("7\n", "7\r"), loaded=2),
    Sort("quotes inside cells", bad.GOOD.replace("Walk", 'the "Walk" of'), loaded=2),
    Sort("a quote never closed", bad.GOOD.replace("Walk", '"Walk'), loaded=1, rejects=((2, "ragged_row"),)),
)  # fmt: skip


def circle(book, add):
    sheet = add("A")
    sheet.write_formula("D2", "=D3", None, 7)
    sheet.write_formula("D3", "=D2", None, 8)


def formatted(book, add):
    sheet, bold = add("A"), book.add_format({"bold": True})
    for row in range(3, 20_000):
        sheet.write_blank(row, 0, None, bold)


def linked(target: str) -> bytes:
    related = f'<Relationships><Relationship Id="r1" Target="{target}"/></Relationships>'
    return bad.xlsx(bad.sheet_xml(bad.good_rows()), **{LINKS: related})


def flipped(content: bytes) -> bytes:
    place = content.index(b"xl/worksheets/sheet1.xml") + 60
    return content[:place] + bytes([content[place] ^ 0xFF]) + content[place + 1 :]


def uncomputed(count: int) -> bytes:
    rows = bad.good_rows()
    rows[1] = rows[1].replace(bad.cell("D2", 7), '<c r="D2"><f>SUM(A1:A9)</f></c>')
    more = "".join(f'<c r="Z{number}"><f>1</f><v/></c>' for number in range(4, 3 + count))
    return bad.xlsx(bad.sheet_xml([*rows, more] if more else rows))


def computed_to_nothing() -> list[str]:
    rows = bad.good_rows()
    rows[1] = rows[1].replace(bad.cell("D2", 7), '<c r="D2" t="str"><f>IF(A1="","",1)</f><v></v></c>')
    return rows


def not_filled_in() -> list[str]:
    return [*bad.good_rows(), *(f'<c r="E{number}"><f>A{number}&gt;0</f></c>' for number in range(4, 50))]


def far(place: str) -> bytes:
    return bad.xlsx(bad.sheet_xml([*bad.good_rows(), bad.cell(place, "x")]))


def repeated(columns: int, rows: int) -> str:
    row = bad.ods_cell("x", f'table:number-columns-repeated="{columns}"')
    return f'<table:table-row table:number-rows-repeated="{rows}">{row}</table:table-row>'


def wide(columns: int) -> str:
    more = "".join(f",c{number}" for number in range(columns))
    return f"Date,Hours{more}\n2024-05-01,7{',' * columns}\n".encode()


def wide_workbook(columns: int) -> bytes:
    headings = ["Date", "Hours", *(f"c{number}" for number in range(columns))]
    return bad.workbook(lambda book, add: add("A", [headings, ["2024-05-01", 7]]))


def widths(count: int) -> bytes:
    rows = (",".join(["2024-05-01", *["x"] * width]) for width in range(count))
    return ("Date,Number,Title,Place\n" + "\n".join(rows) + "\n").encode()


def said_plainly(desk: Desk, fault: FileFault) -> None:
    """The sentence and its remedy are there in every language, with nothing left to fill in."""
    for language in LANGUAGES:
        said = say_reject(texts(language), desk.edition, fault.rule, fault.column, fault.value, fault.details)
        assert all(part and "{" not in part and "}" not in part for part in said), said


@pytest.mark.parametrize("sort", SORTS, ids=lambda sort: sort.what)
def test_each_sort_is_refused_by_name_or_its_good_rows_load(desk, sort):
    desk.put(sort.name, sort.bytes())
    found = desk.load()
    assert [rule for rule, _ in found.faults] == ([sort.refused] if sort.refused else [])
    assert tuple(found.rejects) == sort.rejects
    assert tuple(found.rows("rule", of="notice")) == sort.notices
    ((_, read, loaded, rejected, superseded),) = found.fates
    assert loaded == sort.loaded
    assert loaded + rejected + superseded == read
    for outcome in found.loaded.outcomes:
        for fault in outcome.faults:
            said_plainly(desk, fault)


REFUSED = [sort for sort in SORTS if sort.refused]


@pytest.mark.parametrize("sort", REFUSED[:: max(1, len(REFUSED) // 8)], ids=lambda sort: sort.what)
def test_what_is_served_stays_when_a_file_is_refused(desk, tmp_path, sort):
    desk.edition = replace(desk.edition, reject_share_limit=0.5)
    out = tmp_path / "out"
    desk.put("activities_good.csv", bad.GOOD)
    assert build(desk.edition, desk.files, out, None, lambda *_: None).snapshot_id
    before = (out / "CURRENT").read_text()
    desk.put(sort.name, sort.bytes())
    report = build(desk.edition, desk.files, out, None, lambda *_: None)
    assert report.snapshot_id is None
    assert [outcome.delivery.file for outcome in report.loaded.refused] == [sort.name]
    assert (out / "CURRENT").read_text() == before


def test_a_folder_of_that_name_is_no_delivery_but_what_is_in_it(desk):
    (desk.files / "activities.csv").mkdir()
    desk.put("activities.csv/a.csv", bad.GOOD)
    assert desk.load().fates == [("activities.csv/a.csv", 2, 2, 0, 0)]


@pytest.mark.parametrize("make", [
    lambda path: path.symlink_to(path.name),
    lambda path: path.symlink_to("nowhere.csv"),
    lambda path: os.mkfifo(path),
], ids=["a link to itself", "a link to nowhere", "a pipe"])  # fmt: skip
def test_what_is_no_file_is_refused_and_not_waited_for(desk, make):
    desk.put("activities_good.csv", bad.GOOD)
    make(desk.files / "activities_bad.csv")
    found = desk.load()
    assert found.faults == [("not_a_file", None)]
    assert found.fates == [("activities_bad.csv", 0, 0, 0, 0), ("activities_good.csv", 2, 2, 0, 0)]
    for outcome in found.loaded.refused:
        said_plainly(desk, outcome.faults[0])


def test_files_that_cannot_be_read_are_refused_each_by_itself(desk):
    if os.geteuid():
        pytest.skip("only root can lend its process to another user")
    desk.put("activities_good.csv", bad.GOOD)
    for name in ("activities_a.csv", "activities_b.csv"):
        desk.put(name, bad.GOOD).chmod(0)
    for folder in (desk.files, *desk.files.parents):
        folder.chmod(folder.stat().st_mode | 0o055)
    os.seteuid(65534)
    try:
        found = desk.load()
    finally:
        os.seteuid(0)
    assert found.faults == [("unreadable", None)] * 2
    assert found.rows("COUNT(*)") == [2]


@pytest.mark.parametrize("name", [
    "activities'; DROP TABLE activity; --.csv", "activities*.csv", "activities[1].csv", "activities?.csv",
    "activities {0} %s.csv", "activities\n.csv", 'activities".csv', "activities -- =1+1.csv", "activities\u202evsc.csv",
    "activities" + "x" * 240 + ".csv", "activities\\..\\..\\etc.csv", "activities~$.csv", "activities #1.csv",
])  # fmt: skip
def test_no_name_of_a_file_plays_a_trick(desk, name):
    desk.put(name, bad.GOOD)
    desk.put("activities_other.csv", bad.GOOD.replace("Walk", "Other").replace("1,", "7,").replace("2,", "8,", 1))
    found = desk.load()
    assert found.faults == []
    assert name in {file for file, *_ in found.fates}

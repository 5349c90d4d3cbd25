"""Files as they come: encodings, delimiters, titles, totals, ragged rows, workbooks, Parquet."""

import io
from datetime import date

import pyarrow
import pyarrow.parquet
import pytest
import xlsxwriter

from tests.etl.conftest import ACTIVITIES, cells_of, table

RUSSIAN = table(
    """
    Номер | Компания     | Дата проведения | Регион               | Часы
    1     | ТОО Щедрость | 07.12.2020    | Атырауская область   | 12
    2     | АО Эхо       | 08.12.2020    | город Шымкент        | 8
    """,
    ";",
)
KAZAKH = table(
    """
    Нөмірі | Компания       | Күні       | Өңір                    | Сағат
    1      | «Үміт» қоры    | 07.12.2020 | Шығыс Қазақстан облысы  | 12
    2      | «Ғасыр» ЖШС    | 08.12.2020 | Түркістан облысы        | 8
    """,
    ";",
)
ARABIC = table(
    """
    رقم النشاط | الشركة        | التاريخ    | الساعات
    1          | شركة النور    | 07.12.2020 | 12
    2          | شركة البحرين  | 08.12.2020 | 8
    """,
    ";",
)
ENGLISH = table("""
    Activity number | Company | Date       | Region  | Hours
    1               | Café    | 2020-12-07 | Atyrau  | 12
    2               | Señal   | 2020-12-08 | Shymkent | 8
""")


def workbook(sheets: dict[str, list[list]], hidden: tuple[str, ...] = ()) -> bytes:
    """Return an XLSX with these rows on these sheets; dates stay dates."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        day = book.add_format({"num_format": "dd.mm.yyyy"})
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            if name in hidden:
                sheet.hide()
            for number, cells in enumerate(rows):
                for column, cell in enumerate(cells):
                    if isinstance(cell, date):
                        sheet.write_datetime(number, column, cell, day)
                    elif cell is not None:
                        sheet.write(number, column, cell)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("text", "encodings"),
    [
        (RUSSIAN, ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1251", "mac_cyrillic", "koi8-r")),
        (KAZAKH, ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "kz1048", "ptcp154")),
        (ARABIC, ("utf-8", "utf-16", "cp1256")),
        (ENGLISH, ("utf-8", "utf-16", "cp1252", "mac_roman")),
    ],
    ids=["Russian", "Kazakh", "Arabic", "English"],
)  # fmt: skip
def test_every_encoding_gives_the_same_names(desk, text, encodings):
    names = {}
    for encoding in encodings:
        desk.put("activities.csv", text, encoding)
        found = desk.load()
        assert found.rejects == []
        names[encoding] = (found.rows("name", of="company"), found.rows("start_date, region_code, hours"))
    assert all(name == names["utf-8"] for name in names.values())
    assert len(names["utf-8"][0]) == 2


@pytest.mark.parametrize("delimiter", [";", ",", "\t", "|"])
def test_the_delimiter_is_found(desk, delimiter):
    rows = (("Date", "Title", "Hours"), ("2024-05-01", f'"Walk{delimiter} talk; run, sit"', "7"))
    desk.put("activities.csv", "".join(delimiter.join(row) + "\n" for row in rows))
    assert desk.load().rows("title, hours") == [(f"Walk{delimiter} talk; run, sit", 7)]


def test_a_delimiter_that_excel_declares_is_no_row_of_headings(desk):
    desk.put("activities.csv", "sep=;\nDate;Hours\n2024-05-01;7\n2024-05-02;восемь\n")
    found = desk.load()
    assert found.rows("hours") == [7]
    assert found.rejects == [(4, "not_a_number")]


def test_a_line_break_inside_quotes_is_part_of_the_value_and_rows_are_records(desk):
    desk.put("activities.csv", 'Date,Title,Hours\n2024-05-01,"first\nsecond",7\n2024-05-02,third,many\n')
    found = desk.load()
    assert found.rows("title") == ["first\nsecond"]
    assert found.rejects == [(3, "not_a_number")]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_line_end_is_one(desk, end):
    desk.put("activities.csv", end.join(["Date,Hours", "2024-05-01,7", "2024-05-02,8", ""]))
    assert desk.load().rows("hours") == [7, 8]


def test_blank_rows_are_set_aside_and_counted_by_whoever_looks_for_a_row(desk):
    desk.put("activities.csv", "Date,Hours\n2024-05-01,7\n\n,\n2024-05-02,many\n")
    found = desk.load()
    assert found.rejects == [(5, "not_a_number")]
    assert [outcome.rows_set_aside for outcome in found.loaded.outcomes] == [2]


def test_a_row_with_other_cells_than_headings_is_rejected_and_the_others_load(desk):
    desk.put("activities.csv", "Date,Title,Hours\n2024-05-01,a,7\n2024-05-02,b,8,9\n2024-05-03,c\n2024-05-04,d,1,,\n")
    found = desk.load()
    assert found.rejects == [(3, "ragged_row"), (4, "ragged_row")]
    assert found.rows("title") == ["a", "d"]
    assert found.rows("value, details", of="reject") == [("2", '{"maximum":"3"}'), ("4", '{"maximum":"3"}')]


def test_a_stray_quotation_mark_does_not_swallow_the_file(desk):
    desk.put("activities.csv", 'Date,Title,Hours\n2024-05-01,5" pipes,7\n2024-05-02,"Aid" day,8\n')
    assert desk.load().rows("hours") == [7, 8]


def test_titles_above_the_headings_and_totals_below_are_nobodys_rows(desk):
    desk.describe(ACTIVITIES, creates=["company"], drop_rows=["Итого"])
    desk.put("activities.csv", table("""
        Отчёт о волонтёрстве |                 |
        за 2024 год          |                 |
        Компания             | Дата проведения | Часы
        ТОО «Көктем»         | 01.05.2024      | 7
        ТОО «Көктем»         | 02.05.2024      | много
        ИТОГО:               |                 | 7
    """, ";"))  # fmt: skip
    found = desk.load()
    assert found.rows("hours") == [7]
    assert found.rejects == [(5, "not_a_number")]
    assert [outcome.rows_set_aside for outcome in found.loaded.outcomes] == [1]


def test_a_workbook_gives_every_visible_sheet_that_has_the_headings(desk):
    rows = [["Есеп"], [], ["Компания", "Күні", "Өңір", "Сағат"]]
    desk.put("activities.xlsx", workbook({
        "Read me": [["Only words here"]],
        "Атырау": [*rows, ["«Үміт»", date(2024, 5, 1), "Атырау облысы", 7.5], ["«Үміт»", 45414, "Атырау облысы", "8"]],
        "Old": [*rows, ["«Үміт»", date(2023, 5, 1), "Атырау облысы", 1]],
        "Ақтау": [*rows, ["«Үміт»", date(2024, 5, 3), "Маңғыстау облысы", "көп"]],
    }, hidden=("Old",)))  # fmt: skip
    found = desk.load()
    assert found.rows("start_date, hours") == [(date(2024, 5, 1), 7.5), (date(2024, 5, 2), 8)]
    assert found.rows('sheet, "row", rule', of="reject") == [("Ақтау", 4, "not_a_number")]


def test_parquet_knows_its_types_and_rows_count_as_in_the_same_table_sent_as_text(desk):
    columns = pyarrow.table({
        "start_date": [date(2024, 5, 1), date(2024, 5, 2), None],
        "hours": [7.25, None, 3.0],
        "volunteers_count": [3.0, float("nan"), 2.0],
        "is_paid_time": [True, False, None],
        "region_code": ["KZ-23", None, "KZ-99"],
    })  # fmt: skip
    pyarrow.parquet.write_table(columns, desk.files / "activities.parquet")
    found = desk.load()
    assert found.rows("hours, volunteers_count, is_paid_time, region_code") == [
        (7.25, 3, True, "KZ-23"), (None, None, False, None),
    ]  # fmt: skip
    assert found.rejects == [(4, "required"), (4, "unknown_code")]


@pytest.mark.parametrize(
    ("name", "content", "fault"),
    [
        ("activities.csv", b"", ("empty_file", None)),
        ("activities.csv", b"\xef\xbb\xbf \r\n\r\n", ("empty_file", None)),
        ("activities.csv", b"some words\nand more\n", ("no_headings", None)),
        ("activities.csv", b"Hours,Title\n7,Walk\n", ("missing_column", "start_date")),
        ("activities.xlsx", b"PK\x03\x04 broken", ("damaged_file", None)),
        ("activities.parquet", b"PAR1 broken", ("damaged_file", None)),
        ("activities.xlsx", workbook({"A": []}), ("empty_file", None)),
        ("activities.xlsx", workbook({"A": [["words"]]}), ("no_headings", None)),
        ("activities.xlsx", workbook({"A": [["Hours", "Title"], [7, "Walk"]]}), ("missing_column", "start_date")),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_with_its_reason(desk, name, content, fault):
    desk.put(name, content)
    found = desk.load()
    assert found.faults == [fault]
    assert len(found.loaded.refused) == 1


def test_a_file_of_headings_alone_has_no_rows(desk):
    desk.put("activities.csv", "Date,Hours\n")
    desk.put("activities.xlsx", workbook({"A": [["Date", "Hours"]]}))
    found = desk.load(date(2024, 12, 31))
    assert found.loaded.refused == ()
    assert found.fates == [("activities.csv", 0, 0, 0, 0), ("activities.xlsx", 0, 0, 0, 0)]


def test_a_file_is_known_by_its_content_not_by_its_name(desk):
    rows = [["Date", "Hours"], [date(2024, 5, 1), 7]]
    desk.put("activities.csv", workbook({"A": rows}))
    assert desk.load().rows("hours") == [7]


def test_the_way_through_the_database_and_the_careful_one_read_alike(desk):
    lines = ["Date,Title,Hours", *(f"2024-05-{day:02},walk {day},{day}" for day in range(1, 29))]
    desk.put("activities.csv", "\n".join(lines))
    fast = desk.load().rows('title, hours, "row"')
    desk.put("activities.csv", "\n".join([*lines, "", "2024-05-29,too,many,cells"]))
    assert desk.load().rows('title, hours, "row"') == fast


def test_text_tables_of_these_tests_are_read_as_written():
    assert cells_of("a | b\n1 |") == [["a", "b"], ["1", ""]]


@pytest.mark.parametrize("closing", ["", '5,Food 5,2025-05-05,"Astana",3'])
def test_a_quote_that_is_never_closed_swallows_no_rows(desk, closing):
    """The quote may also find its end in the same column of a later row, with as many cells as there are headings."""
    desk.describe(ACTIVITIES | {"creates": ["company"], "columns": {"company_name": {"constant": "Vega"}}})
    lines = [
        "Number,Title,Date,Region,Volunteers",
        "1,Food 1,2025-05-01,Astana,3",
        '2,Food 2,2025-05-02,"Astana,3',
        "3,Food 3,2025-05-03,Astana,3",
        "4,Food 4,2025-05-04,Astana,3",
    ]
    desk.put("activities.csv", "".join(line + "\n" for line in [*lines, closing] if line))
    outcomes = desk.load()
    outcome = outcomes.loaded.outcomes[0]
    good = 4 if closing else 3
    assert (outcome.rows_read, outcome.rows_loaded, outcome.rows_rejected) == (good + 1, good, 1)
    found = outcomes.connection.execute('SELECT "row", rule FROM reject').fetchall()
    assert found == [(3, "ragged_row")]


def test_a_cell_longer_than_any_is_a_fault_and_no_crash(desk):
    desk.describe(ACTIVITIES | {"creates": ["company"], "columns": {"company_name": {"constant": "Vega"}}})
    good, bad = "1,2025-05-01,Astana\n", '2,2025-05-01,"' + "x" * 20_000_000 + "\n"
    desk.put("activities.csv", "Number,Date,Region\n" + bad + good)
    outcome = desk.load().loaded.outcomes[0]
    assert (outcome.rows_read, outcome.rows_loaded, outcome.rows_rejected) == (2, 1, 1)


def test_a_file_name_that_is_no_utf_8_is_shown_by_its_bytes(desk):
    desk.describe(ACTIVITIES | {"creates": ["company"], "columns": {"company_name": {"constant": "Vega"}}})
    desk.put("activities.csv", "Number,Date,Region\n1,2025-05-01,Astana\n")
    (desk.files / "activities.csv").rename(desk.files / "activities_\udc8e\udce2.csv")
    outcome = desk.load().loaded.outcomes[0]
    assert (outcome.delivery.file, outcome.rows_loaded) == ("activities_\\x8e\\xe2.csv", 1)


def test_an_encoding_in_the_description_that_the_file_is_not_in_is_a_fault_of_the_file(desk):
    desk.describe(ACTIVITIES | {"format": {"encoding": "utf-16"}})
    desk.put("activities.csv", "Number,Date,Region\n1,2025-05-01,Astana\n")
    assert [fault.rule for fault in desk.load().loaded.outcomes[0].faults] == ["broken_encoding"]


def test_lines_that_are_quoted_as_a_whole_are_read_without_their_quotes(desk):
    lines = ["Company;Date;Title;Hours", 'Vega;2024-05-01;"The ""green"" day; part 2";7', "Lyra;2024-05-02;;8"]
    desk.put("activities.csv", "".join(f'"{line.replace(chr(34), chr(34) * 2)}"\r\n' for line in lines))
    found = desk.load()
    assert found.rejects == []
    assert found.rows('title, hours, "row"') == [('The "green" day; part 2', 7, 2), (None, 8, 3)]

"""Marked: a faulty file comes back as a workbook with its faults in place; corrected in it and sent back, it loads."""

from datetime import date

import openpyxl
import pytest

from etl.__main__ import main
from observatory.registry import registry
from tests.conftest import LANGUAGES, ROOT
from tests.etl.conftest import ACTIVITIES, table

NAME = "activities_2024-03-01.csv"
FAULTY = "Отчёт\n" + table("""
    Activity ID | Company | Date       | Hours | Region | Note
    A1          | Vega    | 2024-01-05 | 7     | KZ-75  | =1+1
    A2          | Vega    | 2024-01-06 | seven | Alma   | http://example.org
    A3          | Vega    |            | 3     | KZ-71  | @SUM(A1)
""")
TITLE, HEADINGS, A1, A2, A3 = 1, 2, 3, 4, 5
DATE, HOURS, REGION, NOTE, TOLD = 3, 4, 5, 6, 7


@pytest.fixture
def steward(desk, tmp_path):
    for path in (ROOT / "data/editions/kazakhstan").iterdir():
        if path.name != "sources":
            (desk.edition.folder / path.name).symlink_to(path)
    desk.describe(ACTIVITIES, creates=["company", "ngo"])
    desk.put("activities_2024-01-31.csv", table("Activity ID | Company | Date | Hours\nA1 | Vega | 2024-01-05 | 6"))
    return desk


def marked(desk, folder, content=FAULTY, language="en", name=NAME):
    """Mark a file; the workbook's path and the workbook."""
    (folder / name).write_text(content, encoding="utf-8")
    out = folder / f"{name}.xlsx"
    code = main([
        "mark", "--edition", str(desk.edition.folder), "--sources", str(desk.files), "--add", str(folder / name),
        "--out", str(out), "--language", language,
    ])  # fmt: skip
    assert code == 0
    return out, openpyxl.load_workbook(out)


def test_faulty_cells_are_coloured_and_say_what_is_wrong_and_what_to_do(steward, tmp_path):
    _, book = marked(steward, tmp_path)
    sheet = book.worksheets[1]
    hours = registry().rules["not_a_number"]
    said = f"{hours['message']['en'].format(value='seven', column='Hours')} {hours['remedy']['en']}"
    assert sheet.cell(A2, HOURS).comment.text.strip() == said
    coloured = {(row, column) for row in range(1, 6) for column in range(1, 7)
                if sheet.cell(row, column).fill.fgColor.rgb == "FFFBF0E2"}  # fmt: skip
    assert coloured == {(A2, HOURS), (A2, REGION), (A3, DATE)}
    assert said in sheet.cell(A2, TOLD).value
    assert sheet.cell(A1, TOLD).value is None
    assert sheet.auto_filter.ref == "A2:G5"


def test_rows_stand_where_they_stood_and_every_cell_is_the_text_that_was_sent(steward, tmp_path):
    _, book = marked(steward, tmp_path)
    sheet = book.worksheets[1]
    assert sheet.cell(TITLE, 1).value == "Отчёт"
    assert [sheet.cell(row, NOTE).value for row in (A1, A2, A3)] == ["=1+1", "http://example.org", "@SUM(A1)"]
    cells = [cell for of_book in book.worksheets for row in of_book.iter_rows() for cell in row if cell.value]
    assert {cell.data_type for cell in cells} == {"s"}
    assert sheet.cell(A2, NOTE).hyperlink is None


def test_the_workbook_sent_back_corrected_loads_as_the_correction(steward, tmp_path):
    out, book = marked(steward, tmp_path)
    sheet = book.worksheets[1]
    sheet.cell(A2, HOURS).value, sheet.cell(A2, REGION).value = "7,5", "KZ-75"
    sheet.cell(A3, DATE).value = date(2024, 1, 9)
    book.save(out)
    code = main([
        "build", "--edition", str(steward.edition.folder), "--sources", str(steward.files), "--add", str(out),
        "--out", str(tmp_path / "out"),
    ])  # fmt: skip
    assert code == 0
    outcomes = steward.load()
    assert outcomes.rejects == []
    assert outcomes.rows("activity_id, hours") == [("A1", 7), ("A2", 7.5), ("A3", 3)]
    assert outcomes.fates == [("activities_2024-01-31.csv", 1, 0, 0, 1), (f"{NAME}.xlsx", 3, 3, 0, 0)]


def test_sent_back_as_it_is_it_has_the_same_faults_and_no_others(steward, tmp_path):
    out, _ = marked(steward, tmp_path)
    (steward.files / NAME).write_text(FAULTY, encoding="utf-8")
    before = steward.load().rejects
    (steward.files / NAME).unlink()
    out.rename(steward.files / out.name)
    assert steward.load().rejects == before != []


@pytest.mark.parametrize("language", LANGUAGES)
def test_faults_are_told_in_the_language_of_the_reader(steward, tmp_path, language):
    _, book = marked(steward, tmp_path, language=language)
    remedy = registry().rules["not_a_number"]["remedy"][language]
    assert remedy in book.worksheets[1].cell(A2, HOURS).comment.text
    assert any(remedy in cell.value for (cell,) in book.worksheets[0].iter_rows(max_col=1) if cell.value)
    assert bool(book.worksheets[0].sheet_view.rightToLeft) == (language == "ar")


def test_a_file_without_headings_is_marked_as_a_whole(steward, tmp_path):
    _, book = marked(steward, tmp_path, "1,2\n3,4\n")
    assert registry().rules["no_headings"]["remedy"]["en"] in book.worksheets[0].cell(4, 1).value
    assert book.worksheets[1].cell(2, 2).value == "4"


def test_what_is_no_table_cannot_be_marked(steward, tmp_path, capsys):
    (tmp_path / NAME).write_bytes(b"%PDF-1.4 nothing")
    command = ["mark", "--edition", str(steward.edition.folder), "--sources", str(steward.files), "--language", "en",
               "--add", str(tmp_path / NAME), "--out", str(tmp_path / "marked.xlsx")]  # fmt: skip
    assert main(command) == 1
    assert f"{NAME}: This is no table but a document" in " ".join(capsys.readouterr().err.split())
    assert not (tmp_path / "marked.xlsx").exists()


def test_two_kinds_of_workbook_rows_keep_their_sheets(steward, tmp_path):
    book = openpyxl.Workbook()
    book.active.title = "Май/June"[:3]
    book.active.append(["Activity ID", "Company", "Date", "Hours"])
    book.active.append(["A7", "Vega", date(2024, 1, 5), "x"])
    book.create_sheet("Notes").append(["nothing here"])
    book.save(tmp_path / "activities_2024-04-01.xlsx")
    out = tmp_path / "marked.xlsx"
    assert main(["mark", "--edition", str(steward.edition.folder), "--sources", str(steward.files), "--json",
                 "--add", str(tmp_path / "activities_2024-04-01.xlsx"), "--out", str(out)]) == 0  # fmt: skip
    sheets = openpyxl.load_workbook(out)
    assert sheets.sheetnames[1:] == ["Май", "Notes"]
    assert sheets["Май"]["D2"].comment is not None

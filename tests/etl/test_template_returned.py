"""Templates that come back: by the commands, through another program; and what their check column says of a row."""

import csv
import io
import json
import re
import shutil
import subprocess
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from etl.__main__ import main
from etl.template import write_template
from etl.template.checks import BETWEEN
from etl.template.form import HEADING_ROW
from observatory import LANGUAGES
from tests.etl.test_template import TABLES, desk_with, example_of, filled, notices, sent, template

SOFFICE = shutil.which("soffice")
with_soffice = pytest.mark.skipif(SOFFICE is None, reason="no LibreOffice here to open the workbooks with")


def as_a_person_writes(form) -> list[dict]:
    """Return a row with days as days, and one with days typed as text, each with other entries of the lists."""
    rows = []
    for number, year in enumerate((2024, 2025)):
        row = example_of(form)
        for column in form.columns:
            if column.choices:
                row[column.field] = column.choices[-number].label
            elif column.kind == "date":
                day = date(year, 9, 12 + (column.field == "end_date"))
                row[column.field] = day if number == 0 else f"{day:%d.%m.%Y}"
        rows.append(row | ({"year": year} if "year" in row else {}))
    return rows


def name_in_the_instructions(content: bytes) -> str:
    guide = openpyxl.load_workbook(io.BytesIO(content)).worksheets[1]
    told = " ".join(str(cell.value) for row in guide.iter_rows() for cell in row if cell.value is not None)
    (name,) = re.findall(r"\S+\.xlsx", told)
    return name


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_a_person_fills_in_is_published_by_the_commands(tmp_path, capsys, language):
    folder, out, aside = tmp_path / "files", tmp_path / "out", tmp_path / "mail"
    (folder / "descriptions").mkdir(parents=True)
    (folder / "descriptions" / "register.yml").write_text(
        "{id: register, table: company, source: activity_log, files: 'register*.csv'}"
    )
    (folder / "register_2026-01-01.csv").write_text("company_id,name\nC2,ТОО «Көктем»\n", encoding="utf-8")
    aside.mkdir()
    for of in TABLES:
        form = template(of, language)
        content = filled(form, *as_a_person_writes(form))
        (aside / name_in_the_instructions(content)).write_bytes(content)
    for mail in sorted(aside.iterdir()):
        for command in ("check", "build"):
            arguments = ["--edition", "kazakhstan", "--sources", str(folder), "--add", str(mail), "--json"]
            published = ["--out", str(out)] if command == "build" else []
            assert main([command, *arguments, *published]) == 0
            report = json.loads(capsys.readouterr().out)
            assert (report["refused"], report["rejects"], report["notices"]) == ([], [], [])
            loaded = {delivery["file"]: delivery["rows_loaded"] for delivery in report["deliveries"]}
            assert loaded[mail.name] == 2
    assert len(list(folder.glob("asar_*.xlsx"))) == len(TABLES)


def opened_and_saved(paths: list[Path], folder: Path, kind: str) -> list[Path]:
    """Return what another program makes of workbooks, computing their formulas."""
    subprocess.run(
        [SOFFICE, f"-env:UserInstallation=file://{folder}/profile", "--headless", "--convert-to", kind,
         "--outdir", str(folder / "saved"), *map(str, paths)],
        check=True, capture_output=True,
    )  # fmt: skip
    return [folder / "saved" / f"{path.stem}.{kind.split(':')[0]}" for path in paths]


def loaded_from(folder: Path, form, content: bytes):
    folder.mkdir()
    found = sent(desk_with(folder), form, content)
    fields = [name for name, facts in form.source.fields.items() if "feeds" not in facts]
    return found, found.rows(", ".join(fields), of=f"{form.table} WHERE delivery_id IS NOT NULL")


@with_soffice
def test_a_template_that_another_program_has_saved_loads_the_same(tmp_path):
    forms = [template(of, language) for of, language in zip(TABLES, ("ar", "ru", "kk"), strict=True)]
    contents = [filled(form, *as_a_person_writes(form)) for form in forms]
    blanks = [write_template(form) for form in forms]
    paths = []
    for number, content in enumerate(contents + blanks):
        paths.append(tmp_path / f"{number}.xlsx")
        paths[-1].write_bytes(content)
    saved = [path.read_bytes() for path in opened_and_saved(paths, tmp_path, "xlsx")]
    for number, (form, content) in enumerate(zip(forms, contents, strict=True)):
        before, rows = loaded_from(tmp_path / f"before{number}", form, content)
        after, same_rows = loaded_from(tmp_path / f"after{number}", form, saved[number])
        assert (before.faults, before.rejects, after.faults, after.rejects) == ([], [], [], [])
        assert len(rows) == 2
        assert rows == same_rows
        blank, none = loaded_from(tmp_path / f"blank{number}", form, saved[len(forms) + number])
        assert (none, blank.rejects, blank.faults) == ([], [], [])
        assert [rule for _, rule, _ in notices(blank)] == ["no_rows"]


FAULTS = {
    ("activity", "en"): (
        ("a sound row", {}, ""),
        ("days as text", {"start_date": "15.05.2024", "end_date": "16.05.2024"}, ""),
        ("missing", {"company_name": None}, "Company: nothing is filled in"),
        ("negative", {"hours": -1, "skilled_hours": None}, "Hours: less than 0"),
        ("too many", {"volunteers_count": 50001}, "Volunteers: more than 50,000"),
        ("not in the list", {"region_code": "Atlantis"}, "Region: not in the list"),
        ("a sign that stands for all", {"theme_code": "*"}, "Theme: not in the list"),
        ("end before start", {"end_date": date(2020, 5, 14)}, "End date: earlier than “Date”"),
        ("too early", {"start_date": date(2018, 12, 31), "end_date": None}, "Date: before 2019"),
        ("to come", {"start_date": date(2099, 1, 1), "end_date": None}, "Date: after today"),
        ("not a number", {"hours": "many", "skilled_hours": None}, "Hours: not a number"),
        ("not whole", {"volunteers_count": 12.5}, "Volunteers: not a whole number"),
        ("not a date", {"start_date": "spring", "end_date": None}, "Date: not a date"),
        ("no such day", {"start_date": "31.02.2024", "end_date": None}, "Date: not a date"),
        ("no such month", {"start_date": "01.13.2024", "end_date": None}, "Date: not a date"),
        ("a part", {"skilled_hours": 101}, "Skilled hours: more than “Hours”, of which it is a part"),
        ("a day", {"hours": 3000}, "Hours: more than 24 hours a person and day"),
        ("not yet", {"region_code": "Abai region"}, "Region: there was none of this name on that day"),
        ("two", {"company_name": None, "cost_amount": -5},
         f"Company: nothing is filled in{BETWEEN}Cost: less than 0"),
    ),
    ("company_year", "ru"): (
        ("a sound row", {}, ""),
        ("missing", {"year": None}, "Год: не заполнено"),
        ("to come", {"year": 2099}, "Год: позже сегодняшнего дня"),
        ("a part", {"volunteers": 481}, "Волонтёры: больше, чем «Численность», хотя это лишь часть"),
        ("not in the list", {"counted_how": "На глаз"}, "Как посчитано: нет в списке"),
    ),
    ("event", "ar"): (
        ("a sound row", {}, ""),
        ("missing", {"title": None}, "العنوان: لم يُملأ"),
        ("not in the list", {"kind_code": "حفلة"}, "النوع: ليس في القائمة"),
        ("a part", {"trained_count": 61}, "المتدربون: أكثر من «المشاركون» وهو جزء منه"),
    ),
}  # fmt: skip


@with_soffice
def test_a_spreadsheet_program_says_what_is_wrong_with_each_row(tmp_path):
    forms = {key: template(*key) for key in FAULTS}
    paths = []
    for (of, language), form in forms.items():
        paths.append(tmp_path / f"{of}_{language}.xlsx")
        paths[-1].write_bytes(filled(form, *(example_of(form) | wrong for _, wrong, _ in FAULTS[of, language])))
    saved = opened_and_saved(paths, tmp_path, "csv:Text - txt - csv (StarCalc):44,34,76")
    for (key, form), path in zip(forms.items(), saved, strict=True):
        rows = list(csv.reader(path.open(encoding="utf-8")))
        place, faults = len(form.columns), FAULTS[key]
        said = {name: rows[number][place] for number, (name, _, _) in enumerate(faults, start=HEADING_ROW)}
        assert said == {name: sentence for name, _, sentence in faults}
        assert rows[HEADING_ROW + len(faults)][place] == ""

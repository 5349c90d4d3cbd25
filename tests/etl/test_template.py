"""Templates: workbooks for companies; what is filled in loads, and a blank one brings nothing."""

import csv
import io
import json
import shutil
from datetime import date
from pathlib import Path

import openpyxl
import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from etl.__main__ import main
from etl.template import template_for, write_template
from etl.template.columns import TemplateColumn
from etl.template.form import HEADING_ROW, LISTS
from etl.template.instructions import kind_in_words
from etl.template.workbook import FIRST, NOTE_MOST
from observatory import LANGUAGES
from observatory.editions import load_edition
from observatory.errors import Refused, UsageError
from observatory.fact_files import visible
from observatory.registry import registry
from observatory.texts import texts
from tests.etl.conftest import COMPANIES, Desk, table

TABLES = tuple(registry().templates)
FORM_LONGEST = 8192  # signs that Excel takes in a formula


def template(of: str, language: str = "en"):
    return template_for(load_edition("kazakhstan"), of, language)


def filled(form, *rows: dict) -> bytes:
    """Return a template with rows of values by field, written by another hand than that which made it."""
    book = openpyxl.load_workbook(io.BytesIO(write_template(form)))
    sheet = book[form.facts["name"][form.language]]
    for number, row in enumerate(rows, start=FIRST):
        for field, value in row.items():
            cell = sheet[f"{form.letters[field]}{number}"]
            cell.value = value
            if isinstance(value, str):
                cell.data_type = "s"  # "=1+1" is text
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def example_of(form) -> dict:
    row = {column.field: column.example for column in form.columns}
    return {**row, "company_name": "ТОО «Көктем»"} if "company_name" in row else row


def desk_with(folder: Path, share: float = 1.0) -> Desk:
    """Return a desk with the edition's own descriptions of templates, and a register of one company and one NGO."""
    made = Desk(folder, share=share)
    for path in (load_edition("kazakhstan").folder / "sources").glob("template_*.yml"):
        shutil.copy(path, made.sources)
    made.describe(COMPANIES)
    made.put("companies.csv", table("""
        company_id | name         | bin
        C2         | ТОО «Көктем» | 150140000021
    """))  # fmt: skip
    return made


def sent(desk: Desk, form, content: bytes):
    desk.put(form.file, content)
    return desk.load()


def notices(found) -> list:
    return found.rows("file, rule, value", of="notice")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("of", TABLES)
def test_every_entry_of_every_list_loads_in_every_language(tmp_path, of, language):
    form, rows = template(of, language), []
    longest = max(len(column.choices) for column in form.columns)
    for number in range(longest):
        row = example_of(form)
        for column in form.columns:
            if column.choices:
                row[column.field] = column.choices[number % len(column.choices)].label
        if "start_date" in row:
            row |= {"start_date": date(2024, 5, 1 + number), "end_date": date(2024, 5, 2 + number)}
        else:
            row["year"] = 2019 + number
        rows.append(row)
    found = sent(desk_with(tmp_path), form, filled(form, *rows))
    assert (found.rejects, found.faults, notices(found)) == ([], [], [])
    assert [outcome.columns_unused for outcome in found.loaded.outcomes] == [(), ()]
    assert len(found.rows("1", of=of)) == longest + (of == "event") * len(load_edition("kazakhstan").events)
    for column in form.columns:
        if column.choices:
            codes = {choice.code for choice in column.choices}
            loaded = {str(code) for code in found.rows(f"DISTINCT {column.field}", of=of)}
            assert codes == {"yes", "no"} and loaded == {"True", "False"} or codes <= loaded, column.field


@pytest.mark.parametrize("of", TABLES)
def test_the_row_of_the_instructions_loads(tmp_path, of):
    form = template(of, "ru")
    found = sent(desk_with(tmp_path), form, filled(form, example_of(form)))
    assert (found.rejects, found.faults) == ([], [])
    assert found.fates[-1][2] == 1 or found.fates[0][2] == 1


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("of", TABLES)
def test_a_blank_template_brings_nothing_and_says_so(tmp_path, of, language):
    form = template(of, language)
    desk = desk_with(tmp_path)
    desk.put(form.blank_name, write_template(form))
    found = desk.load(as_of=date(2026, 1, 1))
    assert (found.faults, found.rejects) == ([], [])
    assert notices(found) == [(form.blank_name, "no_rows", None)]
    assert found.rows("1", of=f"{of} WHERE delivery_id IS NOT NULL") == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("of", TABLES)
def test_the_sheet_is_what_a_company_needs(of, language):
    form, words = template(of, language), texts(language)
    book = openpyxl.load_workbook(io.BytesIO(write_template(form)))
    sheet, guide, lists = book.worksheets
    assert [cell.value for cell in sheet[HEADING_ROW]] == [
        *(column.title for column in form.columns), form.facts["check"][language],
    ]  # fmt: skip
    assert [bool(each.sheet_view.rightToLeft) for each in (sheet, guide)] == [words.direction == "rtl"] * 2
    assert (lists.title, lists.sheet_state, sheet.freeze_panes) == (LISTS, "hidden", f"B{FIRST}")
    listed = {next(iter(rule.sqref.ranges)).min_col: rule for rule in sheet.data_validations.dataValidation}
    for number, column in enumerate(form.columns, start=1):
        rule = listed[number]
        assert len(rule.prompt) <= NOTE_MOST
        assert len(rule.error or "") <= NOTE_MOST
        if column.choices:
            entries = lists[rule.formula1.removeprefix(f"{LISTS}!")]
            assert [cell.value for (cell,) in entries] == [choice.label for choice in column.choices]
    told = [cell.value for row in guide.iter_rows() for cell in row if cell.value is not None]
    assert {column.heading for column in form.columns} <= {str(text) for text in told}
    assert any(form.file in str(text) for text in told)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("of", TABLES)
def test_formulas_and_notes_are_as_short_as_a_spreadsheet_takes_them(of, language):
    form = template(of, language)
    sheet = openpyxl.load_workbook(io.BytesIO(write_template(form))).worksheets[0]
    assert len(sheet.cell(FIRST, len(form.columns) + 1).value) < FORM_LONGEST
    for column in form.columns:
        note = f"{column.help} {kind_in_words(column, form.edition, form.words)}"
        assert len(note) <= NOTE_MOST, (column.field, note)


@pytest.mark.parametrize("of", TABLES)
def test_labels_of_the_registry_mean_their_codes_in_every_language(of):
    for language in LANGUAGES:
        for column in template(of, language).columns:
            for choice in column.choices:
                known = registry().templates[of]["labels"].get(column.field, {})
                assert choice.label == known.get(choice.code, {language: choice.label})[language]


@pytest.mark.parametrize("of", TABLES)
def test_the_description_leaves_aside_what_the_template_adds(of):
    source = template(of).source
    assert set(registry().templates[of]["check"].values()) == set(source.not_used)
    for language in LANGUAGES:
        assert not source.has_sheet(texts(language).say("Instructions"))
        assert source.has_sheet(registry().templates[of]["name"][language])
        assert source.has_sheet("Лист1")


def test_the_same_template_has_the_same_bytes():
    assert write_template(template("activity")) == write_template(template("activity"))


HOSTILE = (
    "=1+1",
    "@SUM(A1)",
    "<b>x</b>",
    "'; DROP TABLE activity; --",
    "+7",
    "\u202eabc",
    "a\nb",
    "Date",
    "*",
    "#REF!",
)


@pytest.mark.parametrize("text", HOSTILE)
def test_text_of_a_cell_is_text(tmp_path, text):
    form = template("activity")
    found = sent(desk_with(tmp_path), form, filled(form, example_of(form) | {"title": text}))
    assert found.rejects == []
    assert [visible(title) for title in found.rows("title")] == [visible(text)]


def values_of(column: TemplateColumn) -> st.SearchStrategy:
    if column.field == "company_name":
        return st.just("ТОО «Көктем»")
    if column.choices:
        return st.sampled_from([choice.label for choice in column.choices if not choice.valid_from])
    if column.kind == "date":
        return st.dates(date(2020, 1, 1), date(2025, 12, 31))
    if column.kind == "text":
        return st.text("абвгәқyz -'=<", min_size=1, max_size=20).filter(lambda text: text.strip(" -"))
    low = int(column.minimum or 0)
    return st.integers(low, 2025 if column.facts.get("observed") else min(int(column.maximum or 900), 900))


@st.composite
def records(draw, form):
    """One record that keeps all rules: parts are no more than their whole, days in order, hours within the day."""
    row = {column.field: draw(values_of(column)) for column in form.columns if column.field != "ngo_name"}
    for column in form.columns:
        other = column.facts.get("not_before") or column.facts.get("part_of")
        if other in row and row[column.field] is not None:
            row[column.field] = (max if "not_before" in column.facts else min)(row[column.field], row[other])
    if "hours" in row:
        row["hours"] = min(row["hours"], 24 * row["volunteers_count"])
        row["skilled_hours"] = min(row["skilled_hours"], row["hours"])
    return row


@pytest.mark.parametrize("of", ["activity", "event"])
@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_records_written_into_a_template_load_as_they_are(tmp_path_factory, of, data):
    form = template(of, data.draw(st.sampled_from(LANGUAGES)))
    row = data.draw(records(form))
    found = sent(desk_with(tmp_path_factory.mktemp("desk")), form, filled(form, row))
    assert (found.rejects, found.faults) == ([], [])
    expected = {}
    for column in form.columns:
        value = row.get(column.field)
        if column.choices:
            value = next(choice.code for choice in column.choices if choice.label == value)
            value = {"yes": True, "no": False}.get(value, value) if column.facts["type"] == "boolean" else value
        expected[column.field] = value.strip() if isinstance(value, str) else value
    expected = {name: value for name, value in expected.items() if name not in ("company_name", "ngo_name")}
    (loaded,) = found.connection.execute(
        f"SELECT {', '.join(expected)} FROM {of} WHERE delivery_id IS NOT NULL"
    ).fetchall()
    assert list(loaded) == list(expected.values())


def test_the_command_writes_a_workbook(tmp_path, capsys):
    out = tmp_path / "form.xlsx"
    assert main(["template", "--table", "event", "--lang", "ar", "--out", str(out), "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"file": str(out), "table": "event", "language": "ar"}
    assert out.read_bytes() == write_template(template("event", "ar"))


def test_there_is_no_template_of_another_table():
    with pytest.raises(UsageError, match="nearest is activity"):
        template("activities")


def test_an_edition_that_does_not_describe_the_template_is_told_so():
    with pytest.raises(Refused, match="sources/template_event.yml"):
        template_for(load_edition("tests/real/editions/new-york"), "event", "en")


def edition_like(folder: Path, name: str = "new-york") -> Path:
    """Return a copy of an edition's folder with descriptions of templates."""
    shutil.copytree(f"tests/real/editions/{name}", folder)
    for path in (load_edition("kazakhstan").folder / "sources").glob("template_*.yml"):
        shutil.copy(path, folder / "sources")
    return folder


def test_an_edition_made_by_copying_facts_has_templates_of_its_own_lists(tmp_path):
    form = template_for(load_edition(edition_like(tmp_path / "copy")), "activity", "en")
    regions = {column.field: column for column in form.columns}["region_code"]
    assert {choice.code for choice in regions.choices} == set(form.edition.dimensions["region"].leaves)
    assert write_template(form)


def test_where_no_table_is_named_it_is_the_first_that_the_edition_has(tmp_path, capsys):
    out = tmp_path / "form.xlsx"
    edition = "tests/real/editions/african-companies"
    assert main(["template", "--edition", edition, "--lang", "en", "--out", str(out), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["table"] == "company_year"
    guide = openpyxl.load_workbook(out).worksheets[1]
    assert "XXX" not in " ".join(str(cell.value) for row in guide.iter_rows() for cell in row)


def test_an_edition_that_takes_new_companies_asks_what_they_are(tmp_path):
    form = template_for(load_edition("tests/real/editions/african-companies"), "company_year", "en")
    assert {"company_sector_code", "company_region_code"} <= {column.field for column in form.columns}
    desk = Desk(tmp_path, edition="tests/real/editions/african-companies")
    desk.describe(yaml.safe_load(form.source.path.read_text(encoding="utf-8")))
    found = sent(desk, form, filled(form, example_of(form) | {"company_name": "Vega"}))
    assert (found.rejects, found.faults) == ([], [])
    assert found.rows("name, sector_code, region_code", of="company") == [("Vega", "industrials", "ZA")]


def test_an_edition_has_templates_in_its_languages_only(tmp_path):
    folder = edition_like(tmp_path / "copy")
    facts = (folder / "edition.yml").read_text(encoding="utf-8")
    (folder / "edition.yml").write_text(facts.replace("[kk, ru, en, ar]", "[ru, en]"), encoding="utf-8")
    edition = load_edition(folder)
    assert write_template(template_for(edition, "event", "ru"))
    with pytest.raises(UsageError, match="Choose one of ru, en"):
        template_for(edition, "event", "ar")


FORMULAS = ("=cmd|'/C calc'!A1", "+7", "@SUM(A1)", "-1+1", '=HYPERLINK("http://x")')


def test_names_of_a_list_that_look_like_formulas_are_text_and_load(tmp_path):
    folder = edition_like(tmp_path / "copy")
    with (folder / "regions.csv").open("a", encoding="utf-8", newline="") as file:
        for number, name in enumerate(FORMULAS):
            csv.writer(file).writerow([f"R{number}", "region", "_T", number + 2, "", "", *[name] * 4, *[""] * 5])
    form = template_for(load_edition(folder), "event", "en")
    labels = [choice.label for choice in {column.field: column for column in form.columns}["region_code"].choices]
    assert labels == ["New York", *FORMULAS]
    rows = [
        example_of(form) | {"region_code": label, "title": label, "start_date": date(2024, 5, number), "end_date": None}
        for number, label in enumerate(labels, start=1)
    ]
    content = filled(form, *rows)
    book = openpyxl.load_workbook(io.BytesIO(content))
    assert [cell.value for row in book[LISTS].iter_rows() for cell in row if cell.data_type == "f"] == []
    desk = Desk(tmp_path, edition=str(folder))
    desk.describe(yaml.safe_load(form.source.path.read_text(encoding="utf-8")))
    found = sent(desk, form, content)
    assert (found.rejects, found.faults) == ([], [])
    assert found.rows("region_code, title", of="event") == sorted(
        zip(["US-NY", *(f"R{number}" for number in range(len(FORMULAS)))], labels, strict=True)
    )

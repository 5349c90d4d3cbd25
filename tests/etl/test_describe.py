"""Describe: a sketch of a source description loads a file as far as its headings tell, and says what they do not."""

import json
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest
import yaml

from etl.__main__ import main
from etl.describe import Described, describe
from etl.pipeline import load
from etl.source_faults import source_faults
from etl.sources import load_sources
from observatory.editions import load_edition
from observatory.fact_files import read_yaml
from tests.etl.conftest import Desk, table

UNTOLD = {"company_forms_2022"}
"""Sources of Kazakhstan with a field that every row needs under a heading that says it in words of its own."""

SURVEYS = tuple(f"survey_{instrument}_2025" for instrument in ("company", "leader", "volunteer", "ngo"))

LETTER = table("Компания | Дата | Часы, чел.-ч | Отрасль | Заметка\nВега | 05.03.2024 | 7 | C | дождь", ";")
UNDATED = table("Company | Dates of work | Hours | Comment\nVega | 2024-03-05 | 7 | rain")


def sketch(path: Path, workshop: Path, table: str | None = None, name: str | None = None) -> Described:
    return describe(path, name or path.name, load_edition("kazakhstan"), workshop, table)


def written(tmp_path: Path, content: str, name: str = "letter_2024-03-01.csv") -> Path:
    path = tmp_path / name
    path.write_text(content, encoding="utf-8")
    return path


def load_alone(described: Described, path: Path, folder: Path):
    """Load one file by its sketch and nothing else; the outcome of its delivery."""
    (folder / "sources").mkdir(parents=True)
    (folder / "files").mkdir()
    (folder / "sources" / "sketch.yml").write_text(described.yaml, encoding="utf-8")
    (folder / "files" / path.name).symlink_to(path)
    edition = replace(load_edition("kazakhstan"), folder=folder)
    assert source_faults(folder) == []
    with duckdb.connect() as connection:
        loaded = load(connection, edition, folder / "files", workshop=folder)
    (outcome,) = loaded.outcomes
    return outcome


def latest_of_each_source(demonstration: Path) -> dict[str, Path]:
    sources = load_sources(load_edition("kazakhstan"))
    files = sorted(path for path in demonstration.iterdir() if path.suffix)
    return {source.id: path for source in sources for path in files if source.matches(path.name)}


def test_the_sketch_of_every_demonstration_delivery_is_sound_and_reads_it_where_nothing_required_is_missing(
    demonstration, tmp_path
):
    tables = {source.id: source.table for source in load_sources(load_edition("kazakhstan"))}
    missing = set()
    for source_id, path in latest_of_each_source(demonstration).items():
        described = sketch(path, tmp_path, tables[source_id])
        outcome = load_alone(described, path, tmp_path / source_id)
        if any(field.is_required for field in described.unfed):
            missing.add(source_id)
        else:
            assert not outcome.faults, path.name
            assert outcome.rows_read > 0, path.name
        assert outcome.columns_absent == (), path.name
        assert outcome.columns_unused == (), path.name
    assert missing == UNTOLD


def test_the_table_of_a_delivery_under_another_name_is_told_by_its_headings(demonstration, tmp_path):
    sources = {source.id: source for source in load_sources(load_edition("kazakhstan"))}
    told = {}
    for source_id, path in latest_of_each_source(demonstration).items():
        told[source_id] = sketch(path, tmp_path, name=f"letter{path.suffix}").table
    assert told == {source_id: sources[source_id].table for source_id in told}


def test_what_is_known_feeds_its_field_and_the_rest_is_left_aside(tmp_path):
    described = sketch(written(tmp_path, LETTER), tmp_path)
    assert yaml.safe_load(described.yaml) == {
        "id": "letter", "table": "activity", "source": "activity_log", "files": "letter*.csv",
        "creates": ["company"],
        "columns": {
            "company_name": "Компания", "start_date": "Дата", "hours": "Часы, чел.-ч",
            "company_sector_code": "Отрасль",
        },
        "not_used": ["Заметка"],
    }  # fmt: skip


def test_what_is_required_and_missing_is_named_with_the_nearest_headings(tmp_path):
    described = sketch(written(tmp_path, UNDATED), tmp_path)
    assert [(field.field, field.nearest) for field in described.unfed if field.is_required] == [
        ("start_date", ("Dates of work",))
    ]


@pytest.mark.parametrize(
    ("name", "identity", "files"),
    [
        ("Отчёт за май 2024-05-31.xlsx", "отчёт_за_май", "Отчёт за май*.xlsx"),
        ("letter (2).csv", "letter", "letter*.csv"),
        ("2024-05-31.csv", "file", "file*.csv"),
        ("letter", "letter", "letter*"),
        ("companies.csv", "companies_2", "companies*.csv"),
        ("a[1]*.csv", "a_1", "a?1??*.csv"),
    ],
)
def test_the_name_of_a_file_gives_id_and_pattern_of_its_kind(tmp_path, name, identity, files):
    proposal = sketch(written(tmp_path, LETTER), tmp_path, "activity", name).proposal
    assert (proposal["id"], proposal["files"]) == (identity, files)


def test_the_command_writes_the_description_once(tmp_path, capsys):
    path, out = written(tmp_path, LETTER), tmp_path / "letter.yml"
    command = ["describe", str(path), "--edition", "kazakhstan", "--language", "en", "--out", str(out)]
    assert main(command) == 0
    assert yaml.safe_load(out.read_text())["columns"]["hours"] == "Часы, чел.-ч"
    assert main(command) == 1
    assert main([*command[:-2], "--json"]) == 0
    told = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert told["yaml"] == out.read_text()


@pytest.mark.parametrize("content", ["", "1,2\n3,4\n", "%PDF-1.4 nothing"])
def test_what_is_no_table_is_said_and_described_all_the_same(tmp_path, content):
    described = sketch(written(tmp_path, content), tmp_path)
    assert described.faults
    assert described.proposal["table"] == "activity"


def answers_loaded(proposal: dict, path: Path, folder: Path, form: Path | None = None) -> tuple[list, list, dict]:
    """Load one file of answers by a description: its respondents, their answers, and what became of its rows."""
    folder.mkdir()
    desk = Desk(folder)
    desk.describe(proposal)
    if form:
        (desk.sources / form.name).symlink_to(form)
    (desk.files / path.name).symlink_to(path)
    outcomes = desk.load()
    told = {name: outcomes.rows(f"* EXCLUDE ({left})", of=name)
            for name, left in (("respondent", 'delivery_id, sheet, "row"'), ("answer", "respondent_id"))}  # fmt: skip
    return told["respondent"], told["answer"], outcomes.loaded.outcomes[0]


@pytest.mark.parametrize("source_id", SURVEYS)
def test_the_sketch_of_an_export_of_answers_loads_what_its_description_does(demonstration, tmp_path, source_id):
    path = latest_of_each_source(demonstration)[source_id]
    source = next(source for source in load_sources(load_edition("kazakhstan")) if source.id == source_id)
    described = sketch(path, tmp_path, name=f"letter{path.suffix}")
    assert described.to_do == ()
    assert all(column.how for column in described.columns)
    proposal = {**described.proposal, "files": path.name}
    by_sketch, answers, _ = answers_loaded(proposal, path, tmp_path / "sketch")
    by_description, wanted, _ = answers_loaded(read_yaml(source.path), path, tmp_path / "described")
    assert len(by_sketch) > 20
    assert (by_sketch, answers) == (by_description, wanted)


ASKED = table("""
    Отметка времени     | Қызметкер бөлімі | Мне помогло            | useful | own_choice | times | skill_fit
    2025-09-03 10:00:00 | Отдел            | Айгуль +7 701 000 0000 | 5      | 4          | 3     | 2
""")


def test_columns_of_answers_tell_their_question_and_show_no_text(tmp_path):
    described = sketch(written(tmp_path, ASKED), tmp_path)
    assert described.table == "respondent"
    told = {column.heading: (column.field, column.how, column.samples) for column in described.columns}
    assert told["useful"] == ("useful", "heading", ("5",))
    assert told["Отметка времени"] == (None, "not_used", ())
    assert told["Мне помогло"] == (None, None, ())
    assert described.proposal["not_used"] == ["Қызметкер бөлімі", "Мне помогло"]
    assert "times" not in [unfed.field for unfed in described.unfed]
    assert "motives" in [unfed.field for unfed in described.unfed]


@pytest.mark.parametrize(
    ("name", "days", "wave"),
    [
        ("letter.csv", ["2025-09-03", "2025-10-07", "2026-01-02"], 2025),
        ("volunteers_2020.csv", ["2025-09-03"], 2025),
        ("volunteers_2020_2021-02-03.csv", [""], 2020),
        ("volunteers_2021-02-03.csv", [""], None),
        ("volunteers 120205.csv", [""], None),
    ],
)
def test_the_wave_is_the_year_of_the_answers_else_that_in_the_name_else_missing(tmp_path, name, days, wave):
    rows = "".join(f"{day},5,4,3,2,{number}\n" for number, day in enumerate(days))
    content = f"Timestamp,useful,own_choice,times,skill_fit,learned\n{rows}"
    described = sketch(written(tmp_path, content, name), tmp_path)
    assert described.table == "respondent"
    assert described.proposal["survey"].get("wave") == wave
    assert len(described.to_do) == (wave is None)
    assert described.proposal["survey"].get("fieldwork") == ([days[0], days[-1]] if days[0] else None)


OTHERS = table("""
    Respondent ID | Do you help?   | How many times?  | What do you like best?
    1             | Yes            | 3                | Trees
    2             | No             | 0                | Trees
    3             | Yes            | 2                | Rivers
    4             | Yes            | 1                | Rivers
""")


def test_answers_to_a_form_of_others_are_sketched_with_the_form_that_is_to_be_made(tmp_path, capsys):
    path = written(tmp_path, OTHERS, "households_2024.csv")
    described = sketch(path, tmp_path, "respondent")
    form = tmp_path / described.proposal["survey"]["form"]
    (message,) = described.to_do
    assert str(form.name) in str(message)
    assert [column.how for column in described.columns] == ["not_used", None, None, None]
    assert main(["questionnaire", "--edition", "kazakhstan", "--of", str(path), "--out", str(form)]) == 0
    capsys.readouterr()
    respondents, answers, outcome = answers_loaded(dict(described.proposal), path, tmp_path / "alone", form)
    assert (len(respondents), outcome.faults, outcome.columns_unused) == (4, [], ())
    assert len(answers) == 12


def test_lists_that_say_sector_and_region_as_forms_do_are_no_answers(tmp_path):
    content = table("""
        Company | Sector  | Region | Size      | Number of employees | Ownership
        Vega    | finance | KZ-75  | large_251 | 300                 | private
    """)
    assert sketch(written(tmp_path, content), tmp_path).table != "respondent"


def test_a_description_that_is_known_tells_the_questions_too(demonstration, tmp_path):
    path = latest_of_each_source(demonstration)["survey_volunteer_2025"]
    described = sketch(path, tmp_path)
    assert described.source_id == "survey_volunteer_2025"
    fields = {column.field for column in described.columns}
    assert {"useful", "motives", "company_id"} <= fields

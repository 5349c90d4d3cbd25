"""Questionnaires: complete in every language, read by pyxform without a word, and by ODK's own validator."""

import csv
import io
import re
import shutil

import pytest
from python_calamine import CalamineWorkbook
from pyxform.xls2xform import convert

from etl.__main__ import main
from etl.questionnaire import FOLDER, LANGUAGE_NAMES, instruments, questionnaire, write_questionnaire
from observatory import LANGUAGES
from observatory.editions import load_edition
from observatory.fact_files import read_yaml

EDITION = load_edition("kazakhstan")
SHEETS = [FOLDER / "choices.csv", *(FOLDER / instrument / "survey.csv" for instrument in instruments())]


def rows_of(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def read_back(sheets):
    warnings = []
    return convert(io.BytesIO(write_questionnaire(sheets)), warnings=warnings, validate=False), warnings


@pytest.mark.parametrize("path", SHEETS, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_every_label_hint_and_message_stands_in_all_languages(path):
    for row in rows_of(path):
        for what in {column.split("::")[0] for column in row if "::" in column}:
            said = [row[f"{what}::{name}"] for name in LANGUAGE_NAMES.values()]
            assert all(said) or not any(said), (row["name"], what)
        if row.get("type") not in ("start", "end", "end_group"):
            assert row[f"label::{LANGUAGE_NAMES['kk']}"], row


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("instrument", instruments())
def test_pyxform_reads_what_was_written_without_a_word(instrument, language):
    sheets = questionnaire(EDITION, instrument, language)
    form, warnings = read_back(sheets)
    assert warnings == []
    asked = [row["name"] for row in sheets["survey"] if row["type"] not in ("begin_group", "end_group")]
    assert [name for name in asked if f'/{name}"' not in form.xform] == []
    assert f'lang="{LANGUAGE_NAMES[language]}" default="true()"' in form.xform


@pytest.mark.parametrize("instrument", instruments())
@pytest.mark.skipif(shutil.which("java") is None, reason="ODK Validate needs Java")
def test_odk_validates_every_form(instrument):
    warnings = []
    convert(io.BytesIO(write_questionnaire(questionnaire(EDITION, instrument, "kk"))), warnings=warnings, validate=True)
    assert warnings == []


@pytest.mark.parametrize("instrument", instruments())
def test_nothing_is_asked_before_the_notice_and_the_consent(instrument):
    survey = [row for row in questionnaire(EDITION, instrument, "ru")["survey"] if row["type"] not in ("start", "end")]
    assert [row["name"] for row in survey[:3]] == ["notice", "consent", "declined"]
    assert (survey[3]["type"], survey[3]["relevant"], survey[-1]["type"]) == (
        "begin_group", "${consent} = 'yes'", "end_group",
    )  # fmt: skip
    depth = 0
    for row in survey[3:-1]:
        depth += {"begin_group": 1, "end_group": -1}.get(row["type"], 0)
        assert depth > 0


def test_lists_of_the_edition_hold_its_finest_codes_in_its_languages():
    choices = [row for row in questionnaire(EDITION, "company", "ru")["choices"] if row["list_name"] == "region"]
    region = EDITION.dimensions["region"]
    assert [row["name"] for row in choices] == list(region.leaves)
    assert choices[0]["label::Kazakh (kk)"] == region.members[choices[0]["name"]].names["kk"]


def test_what_an_edition_has_no_codes_for_is_not_asked():
    sheets = questionnaire(EDITION, "company", "ru")
    assert "ownership" in [row.get("name") for row in sheets["survey"]]
    without = {**EDITION.dimensions, "ownership": EDITION.dimensions["ownership"].__class__("ownership", (), {})}
    sheets = questionnaire(EDITION.__class__(**{**vars(EDITION), "dimensions": without}), "company", "ru")
    assert "ownership" not in [row.get("name") for row in sheets["survey"]]
    assert read_back(sheets)[1] == []


@pytest.mark.parametrize("instrument", instruments())
def test_no_list_comes_along_that_nobody_asks(instrument):
    sheets = questionnaire(EDITION, instrument, "en")
    asked = {row["type"].split()[1] for row in sheets["survey"] if row["type"].startswith("select_")}
    assert {row["list_name"] for row in sheets["choices"]} == asked
    codes = [(row["list_name"], row["name"]) for row in sheets["choices"]]
    assert len(codes) == len(set(codes))


def test_doubt_is_a_choice_apart_from_no():
    lists = {}
    for row in rows_of(FOLDER / "choices.csv"):
        lists.setdefault(row["list_name"], []).append(row["name"])
    assert {"no", "dont_know"} <= set(lists["yes_partly"])
    assert "dont_know" in lists["agree"]


def test_mirrored_questions_share_their_scale():
    for name, asked_by in read_yaml(FOLDER.with_suffix(".yml"))["mirrored"].items():
        scales = {row["type"] for instrument in asked_by
                  for row in rows_of(FOLDER / instrument / "survey.csv") if row["name"] == name}  # fmt: skip
        assert scales == {"select_one agree"}, name


def test_a_rubric_step_can_be_planned_for_every_dimension_and_stage():
    steps = [row["name"] for row in rows_of(FOLDER / "choices.csv") if row["list_name"] == "step"]
    assert [step for step in steps if re.fullmatch(r"D[1-7]_[2-5]", step)] == [
        f"D{dimension}_{stage}" for dimension in range(1, 8) for stage in range(2, 6)
    ]


def test_the_command_writes_a_form_and_names_the_nearest_of_a_slip(tmp_path, capsys):
    out = tmp_path / "form.xlsx"
    assert main(["questionnaire", "--instrument", "ngo", "--lang", "ru", "--out", str(out), "--language", "ru"]) == 0
    assert "анкета для KoboToolbox или ODK" in capsys.readouterr().out
    settings = CalamineWorkbook.from_path(out).get_sheet_by_name("settings").to_python()
    assert dict(zip(*settings, strict=True))["form_id"] == "asar_ngo"
    assert main(["questionnaire", "--instrument", "volunter", "--language", "en"]) == 2
    assert "The nearest is volunteer." in capsys.readouterr().err

"""Real exports of survey tools load with their forms, or with one sketched, and say what their publishers say."""

import csv
import os
import shutil
from collections import Counter, defaultdict
from pathlib import Path

import duckdb
import pytest

from etl.__main__ import main
from etl.describe import describe
from etl.pipeline import load
from observatory.editions import load_edition
from observatory.fact_files import folded

REAL_FILES = os.environ.get("ASAR_REAL_FILES", "")
SURVEYS = Path(REAL_FILES) / "surveys"
EDITION = load_edition("kazakhstan")
COUNTRIES = "q(de|nl|uk|us|zaf|nzl|can|aus|world)"

pytestmark = [
    pytest.mark.real,
    pytest.mark.skipif(not REAL_FILES, reason="ASAR_REAL_FILES names no folder of real files"),
    pytest.mark.skipif(bool(REAL_FILES) and not SURVEYS.exists(), reason=f"{SURVEYS} is not there"),
]


def loaded(folder: Path, file: Path, form: Path | None, **survey) -> tuple[duckdb.DuckDBPyConnection, list]:
    """Return the warehouse of one export with its form, sketched where None, and the outcomes of the load."""
    described = folder / "files" / "descriptions"
    described.mkdir(parents=True)
    shutil.copy(file, folder / "files")
    if form:
        shutil.copy(form, described / f"form{form.suffix}")
    else:
        variants = ["--variants", survey["variants"]] if "variants" in survey else []
        assert main(["questionnaire", "--of", str(file), "--out", str(described / "form.xlsx"), *variants]) == 0
    facts = {"instrument": "others", "wave": 2018, "form": f"form{form.suffix if form else '.xlsx'}", **survey}
    written = "".join(f"  {key}: {value!r}\n" for key, value in facts.items())
    (described / "others.yml").write_text(
        f"id: others\ntable: respondent\nsource: survey\nfiles: {file.name}\nsurvey:\n{written}", encoding="utf-8"
    )
    connection = duckdb.connect(":memory:")
    result = load(connection, EDITION, folder / "files", workshop=folder)
    return connection, result.outcomes


def notices(connection) -> Counter:
    return Counter(rule for (rule,) in connection.execute("SELECT rule FROM notice").fetchall())


@pytest.fixture(scope="module")
def kobo(tmp_path_factory):
    folder = SURVEYS / "kobo_msna_dummy_en_fr"
    export, form = folder / "dummy_raw_data.xlsx", next(folder.glob("*tool*.xlsx"))
    return loaded(tmp_path_factory.mktemp("kobo"), export, form)


def test_the_kobo_form_asks_in_both_languages(kobo):
    connection, _ = kobo
    questions = connection.execute("SELECT COUNT(*), COUNT(label_en) FROM question").fetchone()
    assert questions == (174, 174)
    said = connection.execute(
        "SELECT label_en FROM option WHERE question = 'resp_gender' AND option = 'female'"
    ).fetchone()
    assert said == ("Female / woman",)


def test_the_kobo_export_loads_every_row_of_every_linked_sheet(kobo):
    connection, outcomes = kobo
    assert (outcomes[0].rows_read, outcomes[0].rows_loaded) == (241, 241)
    assert connection.execute("SELECT COUNT(DISTINCT respondent_id) FROM answer").fetchone() == (241,)
    items = "SELECT COUNT(*) FROM (SELECT DISTINCT respondent_id, item FROM answer WHERE question = $1)"
    for question in ("ind_gender", "edu_access", "health_ind_healthcare_needed", "nut_ind_under5_sick_yn"):
        assert connection.execute(items, [question]).fetchone() == (965,)
    assert "question_without_column" not in notices(connection)
    assert "row_without_submission" not in notices(connection)


def test_what_the_kobo_export_says_is_what_was_loaded(kobo):
    """Counted anew with pandas, the sheets as they are; the file keeps answers that its own form would not have asked
    for, and these are set aside."""
    import pandas as pd

    connection, _ = kobo
    main_sheet = pd.read_excel(
        SURVEYS / "kobo_msna_dummy_en_fr/dummy_raw_data.xlsx", sheet_name="main", dtype=str, engine="calamine"
    )
    for question in ("survey_modality", "enum_gender", "setting"):
        counted = main_sheet[question].dropna().value_counts().drop("pnta", errors="ignore").to_dict()
        loaded_ = "SELECT code, COUNT(*) FROM answer WHERE question = $1 AND state = 'given' GROUP BY 1"
        assert dict(connection.execute(loaded_, [question]).fetchall()) == counted
    ticked = "SELECT option, SUM(value)::INTEGER FROM answer WHERE question = $1 AND option <> '' GROUP BY 1"
    found = dict(connection.execute(ticked, ["snfi_shelter_issue"]).fetchall())
    assert found
    asked = main_sheet[(main_sheet["consent"] == "yes") & (main_sheet["snfi_shelter_type"] != "none")]
    for option, times in found.items():
        assert asked[f"snfi_shelter_issue/{option}"].astype(float).sum() == times, option


@pytest.fixture(scope="module")
def limesurvey(tmp_path_factory):
    export = SURVEYS / "rse_2018/public_data.csv"
    return loaded(tmp_path_factory.mktemp("lime"), export, None, variants=COUNTRIES)


def test_the_limesurvey_export_is_merged_as_its_publisher_merged_it(limesurvey):
    """public_merged.csv of the Software Sustainability Institute holds the answers of 2018 with the national variants
    of a question in one column. What was loaded is what stands there, but for two differences: "Prefer not to say" is
    no answer here, and options that differ in capitals alone (CHEMICAL ENGINEERING) are one."""
    connection, outcomes = limesurvey
    assert (outcomes[0].rows_read, outcomes[0].rows_loaded) == (997, 997)
    with (SURVEYS / "rse_2018/public_merged.csv").open(encoding="utf-8-sig", newline="") as file:
        merged = [row for row in csv.DictReader(file) if row["Year"] == "2018"]
    kinds = dict(connection.execute("SELECT question, kind FROM question").fetchall())
    answers = _answers(connection)
    columns = defaultdict(list)
    for heading in merged[0]:
        if any(row[heading] for row in merged):
            columns[_published(heading, kinds)].append(heading)
    differing, not_said = [], 0
    for (name, option), headings in columns.items():
        for row, published in enumerate(merged, 2):
            theirs = next((folded(published[heading]) for heading in headings if published[heading]), "")
            not_said += name in kinds and theirs == "prefer not to say"
            ours = answers.get((row, name, option), "")
            if name in kinds and ours != ("" if theirs == "prefer not to say" else theirs):
                differing.append((row, headings, theirs, ours))
    assert differing == []
    assert {name for name, _ in columns} >= kinds.keys()
    assert not_said == 21


def _published(heading: str, kinds: dict) -> tuple[str, str]:
    """Return the question and the option of a heading of the merged table: "fund2. Which ...?. [Donation button]"."""
    code, _, text = heading.partition(".")
    in_brackets = text.rpartition("[")[2].rstrip("] ") if text.endswith("]") else ""
    if in_brackets.startswith("Rank "):
        place = in_brackets.removeprefix("Rank ")
        return code if place == "1" else f"{code}_{place}", ""
    return code, folded(in_brackets) if kinds.get(code) == "many" else ""


def _answers(connection) -> dict:
    """Return what was loaded by row, question and option, as the export words it: labels, yes and no, numbers."""
    rows = connection.execute("""
        SELECT r."row", a.question, COALESCE(o.label, ''), a.code, a.value,
            (SELECT c.label FROM option AS c WHERE c.question = a.question AND c.option = a.code)
        FROM answer AS a JOIN respondent AS r USING (respondent_id)
        LEFT JOIN option AS o ON o.question = a.question AND o.option = a.option
        WHERE a.state = 'given'
    """).fetchall()
    return {
        (row, question, folded(option)): folded(chosen or "")
        or (("yes" if value else "no") if option else folded(str(float(value))))
        for row, question, option, code, value, chosen in rows
    }


@pytest.fixture(scope="module")
def surveymonkey(tmp_path_factory):
    export = SURVEYS / "thanksgiving_2015/thanksgiving-2015-poll-data.csv"
    return loaded(tmp_path_factory.mktemp("monkey"), export, None)


def test_the_surveymonkey_export_gives_the_published_numbers(surveymonkey):
    """FiveThirtyEight, "Here's What Your Part Of America Eats On Thanksgiving" (20 November 2015): 1,058 respondents,
    980 of whom celebrate the day."""
    connection, outcomes = surveymonkey
    assert (outcomes[0].rows_read, outcomes[0].rows_loaded) == (1058, 1058)
    counted = dict(
        connection.execute("""
        SELECT code, COUNT(*) FROM answer WHERE question = 'do_you_celebrate_thanksgiving' GROUP BY 1
    """).fetchall()
    )
    assert counted == {"yes": 980, "no": 78}
    pies = connection.execute("""
        SELECT SUM(value)::INTEGER FROM answer WHERE question = 'which_type_of_pie_is' AND option = 'apple'
    """).fetchone()
    assert pies == (514,)
    assert not notices(connection)


@pytest.mark.parametrize("name", ["transportation.csv", "transportation_labels_only.csv"])
def test_the_ona_exports_load_by_codes_and_by_labels(tmp_path, name):
    folder = SURVEYS / "ona_fixtures"
    connection, outcomes = loaded(tmp_path, folder / name, folder / "transportation.xlsx")
    assert outcomes[0].rows_read == outcomes[0].rows_loaded > 0
    question = "available_transportation_types_to_referral_facility"
    ticked = connection.execute(
        "SELECT option, SUM(value)::INTEGER AS n FROM answer WHERE question = $1 GROUP BY 1 HAVING n > 0", [question]
    ).fetchall()
    with (folder / name).open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    options = {
        folded(heading.split(f"{question}/")[1]): sum(row[heading] == "True" for row in rows)
        for heading in rows[0]
        if f"{question}/" in heading
    }
    expected = {option: times for option, times in options.items() if times}
    assert {folded(option) for option, _ in ticked} <= {*expected, "boat canoe", "donkey mule cart", "keke pepe"}
    assert sum(times for _, times in ticked) == sum(expected.values())


def test_a_text_that_is_no_export_of_the_form_is_refused(tmp_path):
    folder = SURVEYS / "ona_fixtures"
    _, outcomes = loaded(tmp_path, folder / "non_utf8.csv", folder / "tutorial_arabic_labels.xlsx")
    assert [fault.rule for fault in outcomes[0].faults] == ["no_headings"]


EXPORTS = (
    "kobo_msna_dummy_en_fr/dummy_raw_data.xlsx", "rse_2018/public_data.csv",
    "thanksgiving_2015/thanksgiving-2015-poll-data.csv", "ona_fixtures/transportation.csv",
)  # fmt: skip


@pytest.mark.parametrize("name", EXPORTS)
def test_an_export_of_others_is_sketched_as_one_and_never_taken_for_ours(name, tmp_path):
    path = SURVEYS / name
    guessed = describe(path, path.name, EDITION, tmp_path)
    assert guessed.table != "respondent"
    told = describe(path, path.name, EDITION, tmp_path, "respondent")
    assert told.proposal["survey"]["form"].endswith("_form.xlsx")
    assert len(told.columns) > 10
    assert told.faults == ()

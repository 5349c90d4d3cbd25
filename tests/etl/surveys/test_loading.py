"""Answers reach the warehouse as codes; what is odd is told, what is decided can be undone, and no text comes along."""

import csv
from datetime import datetime, timedelta
from decimal import Decimal

import duckdb
import pytest
from openpyxl import Workbook

from etl.demonstration.exports import Filled, google_forms, kobo, limesurvey, surveymonkey
from etl.pipeline import load
from etl.snapshot import build
from etl.surveys.form import instrument_form
from etl.surveys.quality import moment
from observatory.editions import load_edition
from observatory.errors import SourceError

EDITION = load_edition("kazakhstan")
FORM = instrument_form(EDITION, "volunteer")
START = datetime(2025, 9, 1, 10, 0)
ANSWERS = {
    "consent": "yes", "sector": "finance", "size": "large_1001", "region": "KZ-75", "times": Decimal(3),
    "own_choice": "5", "useful": "dont_know", "employer_gave": ("paid_time", "recognition"),
}  # fmt: skip


def filled(number, changes=(), minutes=9, texts=(), **more):
    answers = {**{q.name: None for q in FORM.questions}, **ANSWERS, **dict(changes), **more}
    began = START + timedelta(hours=number)
    return Filled(f"uuid-{number}", began, began + timedelta(minutes=minutes), answers, dict(texts))


def folder_with(tmp_path, rows, decisions=(), survey="", name="answers_2025.csv", delimiter=","):
    folder = tmp_path / "files"
    (folder / "descriptions").mkdir(parents=True)
    with (folder / name).open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, delimiter=delimiter).writerows(rows)
    (folder / "descriptions" / "answers.yml").write_text(
        "id: answers\ntable: respondent\nsource: survey\nfiles: answers_*\n"
        f"survey: {{instrument: volunteer, wave: 2025, invited: 60, fieldwork: [2025-09-01, 2025-10-15]{survey}}}\n",
        encoding="utf-8",
    )
    if decisions:
        with (folder / "descriptions" / "cleaning.csv").open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([("file", "sheet", "row", "question", "decision", "reason"), *decisions])
    return folder


def loaded(tmp_path, rows, *decisions, **how):
    connection = duckdb.connect(":memory:")
    outcomes = load(connection, EDITION, folder_with(tmp_path, rows, decisions, **how), workshop=tmp_path).outcomes
    return connection, outcomes[0]


def asked(connection, question):
    return connection.execute(question).fetchall()


TOOLS = {
    "kobo, codes": lambda forms: kobo(FORM, forms),
    "kobo, Kazakh labels": lambda forms: kobo(FORM, forms, "kk", "joined", with_groups=False),
    "limesurvey": lambda forms: limesurvey(FORM, forms, "ru"),
    "google forms": lambda forms: google_forms(FORM, forms, "ar"),
    "surveymonkey": lambda forms: surveymonkey(FORM, forms, "en"),
}


@pytest.mark.parametrize("tool", TOOLS)
def test_a_respondent_is_the_same_from_whatever_tool(tmp_path, tool):
    connection, outcome = loaded(tmp_path, TOOLS[tool]([filled(1), filled(2, size="micro")]))
    assert (outcome.rows_read, outcome.rows_loaded, outcome.faults) == (2, 2, [])
    assert asked(connection, """
        SELECT instrument, wave, sector_code, size_code, region_code, status FROM respondent ORDER BY "row"
    """) == [
        ("volunteer", 2025, "finance", "large_1001", "KZ-75", "answered"),
        ("volunteer", 2025, "finance", "micro", "KZ-75", "answered"),
    ]  # fmt: skip
    assert asked(connection, """
        SELECT question, option, code, CAST(value AS INTEGER), state, COUNT(*) FROM answer
        WHERE question IN ('times', 'own_choice', 'useful') OR option IN ('paid_time', 'recognition', 'transport')
        GROUP BY ALL ORDER BY ALL
    """) == [
        ("employer_gave", "paid_time", None, 1, "given", 2), ("employer_gave", "recognition", None, 1, "given", 2),
        ("employer_gave", "transport", None, 0, "given", 2), ("own_choice", "", "5", None, "given", 2),
        ("times", "", None, 3, "given", 2), ("useful", "", None, None, "dont_know", 2),
    ]  # fmt: skip


def test_the_survey_its_questions_and_options_are_told_in_every_language(tmp_path):
    connection, _ = loaded(tmp_path, kobo(FORM, [filled(1)]))
    assert asked(connection, "SELECT instrument, wave, form_id, invited, fieldwork_to::VARCHAR FROM survey") == [
        ("volunteer", 2025, "asar_volunteer", 60, "2025-10-15")
    ]
    assert asked(connection, "SELECT COUNT(*) FROM question") == [(len(FORM.questions),)]
    for language in EDITION.languages:
        missing = f"SELECT question FROM question WHERE label_{language} IS NULL"
        assert asked(connection, f"{missing} UNION ALL SELECT option FROM option WHERE label_{language} IS NULL") == []
    assert asked(connection, "SELECT DISTINCT option, state FROM option WHERE state IS NOT NULL") == [
        ("dont_know", "dont_know")
    ]


def test_who_declines_is_a_respondent_of_whom_nothing_was_asked(tmp_path):
    nothing = dict.fromkeys(ANSWERS, None) | {"consent": "no"}
    connection, _ = loaded(tmp_path, kobo(FORM, [filled(1), filled(2, nothing)]))
    assert asked(connection, "SELECT status FROM respondent ORDER BY 1") == [("answered",), ("declined",)]
    assert asked(
        connection,
        """
        SELECT DISTINCT a.state FROM answer AS a JOIN respondent USING (respondent_id)
        WHERE status = 'declined' AND question <> 'consent'
    """,
    ) == [("not_asked",)]


def test_a_form_sent_twice_counts_once_and_a_steward_can_count_both(tmp_path):
    rows = kobo(FORM, [filled(1), filled(2), filled(1)])
    connection, outcome = loaded(tmp_path, rows)
    assert (outcome.rows_read, outcome.rows_loaded, outcome.rows_rejected) == (3, 2, 1)
    assert asked(connection, 'SELECT rule, "row", value FROM reject') == [("sent_twice", 4, "2")]
    assert asked(connection, "SELECT COUNT(DISTINCT respondent_id) FROM answer") == [(2,)]


def test_two_forms_with_one_number_and_other_answers_are_both_refused(tmp_path):
    connection, outcome = loaded(tmp_path, kobo(FORM, [filled(1), filled(1, own_choice="1")]))
    assert (outcome.rows_read, outcome.rows_loaded, outcome.rows_rejected) == (2, 0, 2)
    assert asked(connection, "SELECT DISTINCT rule FROM reject") == [("duplicate_key",)]
    assert asked(connection, "SELECT COUNT(*) FROM answer") == [(0,)]


def test_a_decision_excludes_a_form_or_an_answer_and_says_why(tmp_path):
    rows = kobo(FORM, [filled(1), filled(2), filled(3)])
    connection, outcome = loaded(
        tmp_path, rows,
        ("answers_2025.csv", "", "2", "", "exclude", "filled in by the interviewer"),
        ("answers_2025.csv", "", "3", "own_choice", "exclude", "read aloud by the manager"),
    )  # fmt: skip
    assert (outcome.rows_loaded, outcome.rows_rejected) == (2, 1)
    assert asked(connection, "SELECT rule, value FROM reject") == [
        ("excluded_by_steward", "filled in by the interviewer")
    ]
    states = "SELECT state, COUNT(*) FROM answer WHERE question = 'own_choice' GROUP BY 1 ORDER BY 1"
    assert asked(connection, states) == [("given", 1), ("no_answer", 1)]
    assert asked(connection, 'SELECT "row", question, decision FROM cleaning ORDER BY 1') == [
        (2, None, "exclude"), (3, "own_choice", "exclude")
    ]  # fmt: skip


def test_a_decision_without_a_reason_is_no_decision(tmp_path):
    with pytest.raises(SourceError) as raised:
        loaded(tmp_path, kobo(FORM, [filled(1)]), ("answers_2025.csv", "", "two", "", "drop", ""))
    assert [(fault.row, fault.column) for fault in raised.value.faults] == [
        (2, "row"), (2, "decision"), (2, "reason")
    ]  # fmt: skip


def test_speeders_straight_liners_and_twins_are_pointed_out_and_loaded(tmp_path):
    agree = {q.name: "4" for q in FORM.questions if q.of == "agree"}
    more = {q.name: q.options[0].code for q in FORM.questions if q.kind == "one" and q.name not in ANSWERS}
    forms = [filled(number, times=Decimal(number)) for number in range(1, 12)]
    forms += [filled(20, minutes=1), filled(21, {**more, **agree}), filled(22, {**more, **agree})]
    connection, outcome = loaded(tmp_path, kobo(FORM, forms))
    assert outcome.rows_loaded == 14
    found = {rule: (row, value) for rule, row, value in asked(connection, 'SELECT rule, "row", value FROM notice')}
    assert found["speeder"] == (13, "60")
    assert found["alike_submission"] == (15, "14")


def test_names_telephones_and_free_text_reach_no_table(tmp_path):
    secret = "Aigul Secretova +7 701 555 11 22"
    rows = kobo(FORM, [filled(1, texts={"company_code": "C001"})])
    rows[0] += ["Your name", "sector_other", "own_choice"]
    rows[1] += [secret, secret, secret]
    place = rows[0].index("answers/age")
    rows[1][place] = secret
    folder = folder_with(tmp_path, rows)
    report = build(EDITION, folder, tmp_path / "published", None, lambda what, done, of: None)
    with duckdb.connect(str(report.folder / "restricted.duckdb"), read_only=True) as connection:
        for (table,) in connection.execute("SELECT table_name FROM duckdb_tables()").fetchall():
            for row in connection.execute(f'SELECT * FROM "{table}"').fetchall():
                assert "Secretova" not in repr(row), (table, row)
    for path in report.folder.rglob("*"):
        assert path.is_dir() or b"Secretova" not in path.read_bytes(), path


def test_a_code_of_no_known_company_is_pointed_out_and_the_answers_count(tmp_path):
    connection, outcome = loaded(tmp_path, kobo(FORM, [filled(1, texts={"company_code": "C999"})]))
    assert outcome.rows_loaded == 1
    assert asked(connection, "SELECT company_id FROM respondent") == [(None,)]
    assert ("unknown_respondent_of", "C999") in asked(connection, "SELECT rule, value FROM notice")


@pytest.mark.parametrize(("survey", "column"), [
    (", form: missing.xlsx", "survey.form"), (", wave: soon", "survey.wave"), (", invited: many", "survey.invited"),
    (", fieldwork: [2025-10-01, 2025-09-01]", "survey.fieldwork"), (", variants: '('", "survey.variants"),
    (", tool: kobo", "survey.tool"), (", instrument: volunter", "survey.instrument"),
    (", called: [a]", "survey.called"),
])  # fmt: skip
def test_a_faulty_description_says_which_key(tmp_path, survey, column):
    folder = folder_with(tmp_path, kobo(FORM, [filled(1)]))
    path = folder / "descriptions" / "answers.yml"
    key, value = survey.removeprefix(", ").split(": ", 1)
    facts = {"instrument": "volunteer", "wave": "2025", key: value}
    written = "".join(f"  {name}: {text}\n" for name, text in facts.items())
    path.write_text(
        f"id: answers\ntable: respondent\nsource: survey\nfiles: answers_*\nsurvey:\n{written}", encoding="utf-8"
    )
    with pytest.raises(SourceError) as raised:
        load(duckdb.connect(":memory:"), EDITION, folder, workshop=tmp_path)
    assert [fault.column for fault in raised.value.faults] == [column]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("2025-09-03", "2025-09-03T00:00:00"),
        ("03.09.2025", "2025-09-03T00:00:00"),
        ("2025-09-03 10:00:00 -0500", "2025-09-03T10:00:00"),
        ("2025-09-03T10:00:00.000+06:00", "2025-09-03T10:00:00"),
        ("2025-09-03T10:00:00Z", "2025-09-03T10:00:00"),
        ("2025/09/03 10:05:00 AM GMT+6", "2025-09-03T10:05:00"),
        ("2025-09-03 10:00:00 UTC", "2025-09-03T10:00:00"),
        ("03.09.2025 10:00 MSK", "2025-09-03T10:00:00"),
        ("09/23/2025 10:05:07 PM", "2025-09-23T22:05:07"),
        ("yesterday", None),
        ("", None),
    ],
)
def test_the_moment_of_a_submission_is_read_as_tools_write_it(text, said):
    read = moment(text)
    assert (read.isoformat() if read else None) == said


def described(folder, more):
    """Add lines to the description of the answers in a folder."""
    with (folder / "descriptions" / "answers.yml").open("a", encoding="utf-8") as file:
        file.write(f"{more}\n")
    return folder


@pytest.mark.parametrize(("not_used", "said"), [
    ("[]", ("Your name", "Colour")), ("[Colour]", ("Your name",)), ("['YOUR  NAME *', colour]", ()),
])  # fmt: skip
def test_columns_that_are_no_question_are_told_but_for_those_left_aside(tmp_path, not_used, said):
    rows = kobo(FORM, [filled(1)])
    rows[0] += ["Your name", "Colour"]
    rows[1] += ["Aigul", "red"]
    folder = described(folder_with(tmp_path, rows), f"not_used: {not_used}")
    (outcome,) = load(duckdb.connect(":memory:"), EDITION, folder, workshop=tmp_path).outcomes
    assert outcome.columns_unused == said


@pytest.mark.parametrize(("not_used", "fed"), [("[size]", ("finance", None)), ("[sector]", (None, "large_1001"))])
def test_a_question_that_is_left_aside_feeds_no_field_and_counts_as_an_answer(tmp_path, not_used, fed):
    connection, folder = duckdb.connect(":memory:"), folder_with(tmp_path, kobo(FORM, [filled(1)]))
    load(connection, EDITION, described(folder, f"not_used: {not_used}"), workshop=tmp_path)
    assert asked(connection, "SELECT sector_code, size_code FROM respondent") == [fed]
    codes = "SELECT code FROM answer WHERE question IN ('sector', 'size') ORDER BY question"
    assert asked(connection, codes) == [("finance",), ("large_1001",)]


def workbook(path, visible, hidden):
    """Write a workbook of two sheets, the second of them hidden."""
    book = Workbook()
    for row in visible:
        book.active.append(row)
    second = book.create_sheet("Old")
    second.sheet_state = "hidden"
    for row in hidden:
        second.append(row)
    book.save(path)


@pytest.mark.parametrize(
    ("visible", "hidden", "loaded_rows", "faults"),
    [
        ([["useful", "times"], ["5", "3"]], [["useful", "times"], ["4", "2"], ["4", "1"]], 1, [("hidden_sheet", "2")]),
        ([["useful", "times"], ["5", "3"]], [["useful", "times"]], 1, []),
        ([["useful", "times"], ["5", "3"]], [["Colour"], ["red"]], 1, []),
        ([["Colour"], ["red"]], [["useful", "times"], ["4", "2"]], 0, [("only_hidden", None)]),
    ],
)
def test_answers_on_a_hidden_sheet_are_not_read_and_pointed_out(tmp_path, visible, hidden, loaded_rows, faults):
    folder = folder_with(tmp_path, [], name="answers_2024.csv")
    (folder / "answers_2024.csv").unlink()
    workbook(folder / "answers_2025.xlsx", visible, hidden)
    connection = duckdb.connect(":memory:")
    (outcome,) = load(connection, EDITION, folder, workshop=tmp_path).outcomes
    pointed_out = asked(connection, "SELECT rule, value FROM notice WHERE rule = 'hidden_sheet'")
    assert outcome.rows_read == loaded_rows
    assert [*((fault.rule, fault.value) for fault in outcome.faults), *pointed_out] == faults

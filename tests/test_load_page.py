"""The page "Load files": a file is dropped, seen through, its columns matched, published; and the way back."""

from pathlib import Path

import pytest
import yaml
from streamlit.testing.v1 import AppTest

from observatory.registry import registry
from observatory.steward import CommandFailed, Received, Steward, matched
from tests.conftest import LANGUAGES, ROOT, etl
from tests.etl.conftest import ACTIVITIES, Desk, table
from tests.test_pages import complaints, written

PAGE = "pages/about/load.py"
MESSY = table("""
    Кто       | Дата       | Сколько часов | Заметка
    <b>Vega   | 05.03.2024 | 7             | =1+1
    Orion     | 06.03.2024 | seven         |
    Lyra      | 07.03.2024 | 3             |
    Lyra      | 08.03.2024 | 2             |
""")
FAULTY = table("""
    Activity ID | Company | Date       | Hours
    A1          | Vega    | 2024-01-05 | 7
    A2          | Vega    | 2024-01-06 | <b>x</b>
    A3          | Vega    | 2024-01-07 | 3
    A4          | Vega    | 2024-01-08 | 3
""")

ANSWERS = table("""
    Отметка времени     | Мне помогло            | useful | own_choice | times | skill_fit
    2025-09-03 10:00:00 | Айгуль +7 701 000 0000 | 5      | 4          | 3     | 2
    2025-09-04 10:00:00 |                        | 4      | 4          | 1     | 2
""")


def prepared(folder: Path) -> Desk:
    """Publish a small edition with one delivery in folder/out; give its desk."""
    (folder / "edition").mkdir()
    desk = Desk(folder / "edition")
    for path in (ROOT / "data/editions/kazakhstan").iterdir():
        if path.name != "sources":
            (desk.edition.folder / path.name).symlink_to(path)
    desk.describe(ACTIVITIES, creates=["company", "ngo"])
    desk.put("activities_2024-02-01.csv", table("Activity ID | Company | Date | Hours\nA1 | Vega | 2024-01-05 | 6"))
    etl("build", "--edition", desk.edition.folder, "--sources", desk.files, "--out", folder / "out")
    return desk


def settings_of(desk: Desk) -> dict[str, Path]:
    """Return the settings with which the pages serve what was prepared."""
    folder = desk.edition.folder.parent
    return {
        "ASAR_EDITION": desk.edition.folder, "ASAR_SOURCES": desk.files, "ASAR_PUBLISHED": folder / "out",
        "ASAR_STATE": folder / "state",
    }  # fmt: skip


@pytest.fixture
def place(tmp_path, monkeypatch) -> Desk:
    """A small edition with one delivery, published, and what the pages of this test serve."""
    desk = prepared(tmp_path)
    for name, value in settings_of(desk).items():
        monkeypatch.setenv(name, str(value))
    return desk


def opened(language: str = "en") -> AppTest:
    app = AppTest.from_file(str(ROOT / "dashboard.py"), default_timeout=180)
    app.query_params["lang"] = language
    return app.run().switch_page(PAGE).run()


def dropped(app: AppTest, name: str, content: str) -> AppTest:
    return app.file_uploader[0].upload(name, content.encode(), "text/csv").run()


def said(app: AppTest) -> str:
    return "\n".join(written(app))


def served(place) -> str:
    return (place.files.parents[1] / "out" / "CURRENT").read_text().strip()


def with_columns(app: AppTest, fields: dict[str, str], creating: bool = True) -> AppTest:
    """Choose fields by the letters of columns, and look at the file with them."""
    for box in app.selectbox:
        letter = box.label.removeprefix("Field that column ").removesuffix(" feeds")
        if letter in fields:
            box.set_value(fields[letter])
    for box in app.checkbox:
        if box.label.startswith("Organisations"):
            box.set_value(creating)
    return app.button(key="desk_match").click().run()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_file_is_seen_through_in_every_language_and_its_text_stays_text(place, language):
    app = dropped(opened(language), "activities_2024-03-01.csv", FAULTY)
    assert complaints(app) == []
    rule = registry().rules["not_a_number"]
    assert rule["remedy"][language] in said(app)
    assert "&lt;b&gt;x&lt;/b&gt;" in said(app)
    assert "<b>x</b>" not in said(app)
    assert not app.button(key="desk_publish").disabled


@pytest.mark.parametrize("role", ["public", "company", "analyst"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_is_the_analysts_alone(place, monkeypatch, role, language):
    monkeypatch.setattr("observatory.access.role_of_reader", lambda: role)
    if role == "analyst":
        assert opened(language).file_uploader
    else:
        with pytest.raises(ValueError, match="Could not find a navigation page"):
            opened(language)


def test_who_is_no_analyst_any_more_is_shown_another_page(place, monkeypatch):
    app = opened()
    monkeypatch.setattr("observatory.access.role_of_reader", lambda: "company")
    assert not app.run().file_uploader


def test_a_messy_file_is_matched_published_and_taken_back(place):
    before = served(place)
    app = dropped(opened(), "letter_2024-04-01.csv", MESSY)
    assert "Rows read: 4. Would load: 4. Would be refused: 0" in said(app)
    app = with_columns(app, {"A": "company_name", "C": "hours"})
    assert "Rows read: 4. Would load: 3. Would be refused: 1" in said(app)
    assert served(place) == before
    app = app.button(key="desk_publish").click().run()
    assert complaints(app) == []
    assert "letter_2024-04-01.csv is published and kept." in said(app)
    assert served(place) != before
    kept = yaml.safe_load((place.files / "descriptions" / "letter.yml").read_text())
    assert kept["columns"] == {"company_name": "Кто", "start_date": "Дата", "hours": "Сколько часов"}
    assert kept["not_used"] == ["Заметка"]
    app = app.checkbox(key="desk_sure").check().run().button(key="desk_back").click().run()
    assert f"{before} is served now." in said(app)
    assert served(place) == before


def test_nothing_is_served_anew_before_somebody_is_sure(place):
    app = dropped(opened(), "activities_2024-03-01.csv", FAULTY).button(key="desk_publish").click().run()
    assert app.button(key="desk_back").disabled


def test_a_correction_says_what_it_would_change(place):
    app = dropped(opened(), "activities_2024-03-01.csv", FAULTY)
    assert "The same: 0, changed: 1" in said(app)
    assert "Hours was 6, now 7" in said(app)


@pytest.mark.parametrize("language", LANGUAGES)
def test_answers_are_told_by_their_questions_and_published_with_the_wave_and_the_invited(place, language):
    app = dropped(opened(language), "letter_2025-10-01.csv", ANSWERS)
    assert complaints(app) == []
    assert "<td>own_choice</td>" in said(app).replace("<td><bdi>", "<td>").replace("</bdi></td>", "</td>")
    assert "+7 701" not in said(app)
    year, invited, files = (app.text_input(key) for key in survey_inputs(app))
    assert (year.value, invited.value, files.value) == ("2025", "", "letter*.csv")
    invited.set_value("40")
    app.button("desk_match").click().run()
    assert complaints(app) == []
    app.button("desk_publish").click().run()
    described = yaml.safe_load((place.files / "descriptions" / "letter.yml").read_text(encoding="utf-8"))
    assert described["survey"] == {
        "instrument": "volunteer", "wave": 2025, "fieldwork": ["2025-09-03", "2025-09-04"], "invited": 40,
    }  # fmt: skip


def test_of_answers_without_a_year_the_wave_is_asked_for(place):
    app = dropped(opened(), "letter_2025-10-01.csv", ANSWERS.replace("2025-09", "soon-09"))
    assert "write that of the wave" in said(app)
    year, *_ = survey_inputs(app)
    app.text_input(year).set_value("soon")
    app.button("desk_match").click().run()
    assert "This must be a year, for example 2025." in said(app)
    app.text_input(year).set_value("2024")
    app.button("desk_match").click().run()
    app.button("desk_publish").click().run()
    assert (place.files / "letter_2025-10-01.csv").exists()


def test_answers_to_a_form_of_others_say_that_the_form_is_to_be_made(place):
    app = dropped(opened(), "letter_2025-10-01.csv", table("Do you help? | Why\nYes | so\nNo | so\nYes | no"))
    app.selectbox("desk_table").select("respondent").run()
    assert complaints(app) == []
    assert "questionnaire --of letter_2025-10-01.csv" in said(app)
    assert not app.button("desk_discard").disabled


def survey_inputs(app: AppTest) -> list[str]:
    """Return the keys of year, invited and files."""
    keys = [field.key for field in app.text_input]
    return [next(key for key in keys if key.endswith(f"survey_{name}")) for name in ("wave", "invited", "files")]


def test_a_file_that_is_discarded_leaves_nothing(place):
    before = sorted(place.files.rglob("*"))
    app = dropped(opened(), "activities_2024-03-01.csv", FAULTY).button(key="desk_discard").click().run()
    assert complaints(app) == []
    assert sorted(place.files.rglob("*")) == before
    assert list((place.files.parents[1] / "state").iterdir()) == []


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("letter.csv", "%PDF-1.4 nothing", "This is no table but a document"),
        ("letter.csv", "", "empty"),
        ("letter.csv", "1,2\n3,4\n", "No row of headings was recognised."),
        ("activities_2024-02-01.csv", "Date,Hours\n2024-01-05,6\n", "holds a file activities_2024-02-01.csv already."),
    ],
)
def test_what_cannot_be_loaded_is_one_calm_sentence(place, name, content, sentence):
    app = dropped(opened(), name, content)
    assert complaints(app) == []
    assert sentence in said(app)
    assert not app.button(key="desk_discard").disabled


def test_two_stewards_at_once_the_second_is_told(place):
    first, second = opened(), opened()
    dropped(first, "activities_2024-03-01.csv", FAULTY)
    dropped(second, "activities_2024-03-01.csv", FAULTY.replace("7", "8"))
    first.button(key="desk_publish").click().run()
    now = served(place)
    second.button(key="desk_publish").click().run()
    assert complaints(second) == []
    assert "holds a file activities_2024-03-01.csv already." in said(second)
    assert served(place) == now


def test_what_nobody_has_seen_is_not_published(place):
    first, second = opened(), opened()
    dropped(first, "activities_2024-03-01.csv", FAULTY)
    dropped(second, "activities_2024-04-01.csv", FAULTY.replace("7", "8"))
    first.button(key="desk_publish").click().run()
    now = served(place)
    second.button(key="desk_publish").click().run()
    assert complaints(second) == []
    assert "Somebody else has published meanwhile." in said(second)
    assert "Hours was 7, now 8" in said(second)
    assert served(place) == now
    second.button(key="desk_publish").click().run()
    assert served(place) != now


def test_a_field_that_every_row_needs_is_named_with_the_headings_that_may_be_meant(place):
    app = dropped(opened(), "letter_2024-04-01.csv", "Company;Start dat;Hours\nVega;2024-03-05;7\n")
    assert "Date (start_date) is required and fed by no column. Perhaps this one is meant: “Start dat”" in said(app)
    app = dropped(opened(), "letter_2024-04-01.csv", "Company;When;Hours\nVega;2024-03-05;7\n")
    assert "Date (start_date) is required and fed by no column. Choose the one that holds it." in said(app)
    app = with_columns(app, {"B": "start_date"})
    assert "is required" not in said(app)
    assert "Would load: 1" in said(app)


def test_a_name_without_a_day_is_pointed_out(place):
    app = dropped(opened(), "letter.csv", MESSY)
    assert "The name states no day" in said(app)
    app.text_input(key=next(box.key for box in app.text_input if box.value == "letter.csv")).set_value(
        "letter_2024-04-01.csv"
    )
    assert "The name states no day" not in said(app.run())


def test_only_numbers_are_multiplied(place):
    app = dropped(opened(), "letter_2024-04-01.csv", "Company;Date;Hours\nVega;2024-03-05;7\n")
    assert [box.label for box in app.text_input if "multiplied" in box.label] == ["Column C is multiplied by"]
    app.text_input(key=next(box.key for box in app.text_input if "multiplied" in box.label)).set_value("60")
    app = with_columns(app, {"A": "company_name"}).button(key="desk_publish").click().run()
    kept = yaml.safe_load((place.files / "descriptions" / "letter.yml").read_text())
    assert kept["columns"]["hours"] == {"column": "Hours", "multiply": "60"}


def test_a_very_wide_table_is_matched_in_its_first_columns(place):
    wide = ";".join(["Company", "When", *(f"Note {number}" for number in range(200)), "Hours"])
    app = dropped(opened(), "letter_2024-04-01.csv", f"{wide}\nVega;2024-03-05;{';' * 200}7\n")
    assert len([box for box in app.selectbox if box.label.startswith("Field")]) == 100
    assert "Columns: 203. The first 100 can be matched here" in said(app)
    app = with_columns(app, {"B": "start_date"}).button(key="desk_publish").click().run()
    kept = yaml.safe_load((place.files / "descriptions" / "letter.yml").read_text())
    assert kept["columns"] == {"company_name": "Company", "start_date": "When", "hours": "Hours"}


def test_what_was_chosen_stays_when_the_steward_looks_at_another_page(place):
    app = with_columns(dropped(opened(), "letter_2024-04-01.csv", MESSY), {"A": "company_name", "C": "hours"})
    app = app.switch_page("pages/about/method.py").run().switch_page(PAGE).run()
    assert [box.value for box in app.selectbox if box.label.startswith("Field")] == [
        "company_name", "start_date", "hours", "",
    ]  # fmt: skip
    assert "Would load: 3. Would be refused: 1" in said(app)


def test_without_a_folder_of_deliveries_a_sentence_says_how_to_name_one(place, monkeypatch):
    monkeypatch.delenv("ASAR_SOURCES")
    app = opened()
    assert "Set ASAR_SOURCES to the folder" in said(app)
    assert not app.file_uploader


def test_a_folder_that_is_not_there_is_named(place, monkeypatch):
    monkeypatch.setenv("ASAR_SOURCES", "/nowhere")
    assert "The folder /nowhere cannot be written to" in said(opened())


def test_the_workbook_to_send_back_is_made_for_the_asking(place, tmp_path):
    (tmp_path / "received").write_text(FAULTY, encoding="utf-8")
    steward = Steward(str(place.edition.folder), place.files, tmp_path / "out", "ru")
    assert steward.mark(Received(tmp_path / "received", "activities_2024-03-01.csv"), tmp_path / "marked.xlsx") == 1
    assert (tmp_path / "marked.xlsx").read_bytes()[:2] == b"PK"


def test_a_command_that_is_refused_says_its_own_sentence(place, tmp_path):
    steward = Steward(str(place.edition.folder), place.files, tmp_path / "out", "en")
    with pytest.raises(CommandFailed, match="There is no file"):
        steward.check(Received(tmp_path / "nothing", "--out"))


def column(heading: str, field: str = "", multiply: str = "") -> dict[str, str]:
    return {"heading": heading, "field": field, "multiply": multiply}


@pytest.mark.parametrize(
    ("columns", "fed", "left"),
    [
        ([column("A", "hours"), column("B")], {"hours": "A"}, ["B"]),
        ([column("A", "hours"), column("B", "hours")], {"hours": ["A", "B"]}, None),
        ([column("A", "hours", "1000")], {"hours": {"column": "A", "multiply": "1000"}}, None),
        ([column("A", "hours", " "), column("", "region_code")], {"hours": "A"}, None),
        (
            [column("A", "hours", "People"), column("B", "hours"), column("A")],
            {"hours": {"column": ["A", "B"], "multiply": "People"}},
            None,
        ),
    ],
)
def test_chosen_fields_become_a_description(columns, fed, left):
    made = matched({"id": "x", "table": "activity", "columns": {"start_date": "Z"}, "not_used": ["A"]}, columns, "x*")
    assert (made["columns"], made.get("not_used")) == (fed, left)
    assert (made["id"], made["files"], "creates" in made) == ("x", "x*", False)

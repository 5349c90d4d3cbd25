"""A steward loads a messy file in a browser: sees its faults, matches its columns, publishes it, and goes back."""

import re
from collections.abc import Iterator

import pytest
import yaml
from playwright.sync_api import Page, expect

from tests.stories.conftest import PATIENCE_MS, serving, settled
from tests.stories.screen import read_screen, untranslated
from tests.stories.test_accessible import violations
from tests.stories.test_choice import open_page
from tests.test_load_page import prepared, settings_of

expect.set_options(timeout=PATIENCE_MS)
MESSY = """\
Кто;Дата;Сколько часов;Заметка
<b>Vega;05.03.2024;7;=1+1
Orion;06.03.2024;seven;
Lyra;31.02.2024;3;
Lyra;08.03.2024;2;
Vega;09.03.2024;4;
Vega;10.03.2024;4;
Lyra;11.03.2024;1;
"""
OF_THE_FILE = {"Region", "Hours", "Date", "activities_2024-02-01.csv"}
STATES = [("kk", "desk", "dark"), ("ru", "phone", "light"), ("en", "phone", "dark"), ("ar", "desk", "light")]


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    return prepared(tmp_path_factory.mktemp("loading"))


@pytest.fixture(scope="module")
def steward(desk, tmp_path_factory) -> Iterator[str]:
    """The address of a server before which a steward sits."""
    settings = settings_of(desk)
    log = tmp_path_factory.mktemp("server") / "log.txt"
    with serving(settings.pop("ASAR_PUBLISHED"), log, **settings) as address:
        yield address


def drop(page: Page, name: str, content: str) -> None:
    file = {"name": name, "mimeType": "text/csv", "buffer": content.encode()}
    page.get_by_test_id("stFileUploaderDropzoneInput").set_input_files(file)
    expect(page.locator(".st-key-card_desk_verdict")).to_be_visible()
    settled(page)


def click(page: Page, key: str) -> None:
    page.locator(f".st-key-{key} button").click()
    settled(page)


def feed(page: Page, letter: str, field: str) -> None:
    """Choose the field that a column feeds, as with a mouse and a keyboard."""
    page.get_by_label(f"Field that column {letter} feeds").click()
    page.keyboard.type(field)
    page.get_by_role("option", name=field).first.click()
    settled(page)


def counts(page: Page) -> list[str]:
    return page.get_by_test_id("stMetricValue").all_inner_texts()


def test_a_messy_file_is_matched_published_counted_and_taken_back(steward, desk, new_reader):
    page = new_reader()
    page.goto(f"{steward}/?lang=en")
    before = counts(settled(page))
    open_page(page, "About", "Load files")
    assert violations(page) == []
    drop(page, "letter_2024-04-01.csv", MESSY)
    verdict = page.locator(".st-key-card_desk_verdict")
    expect(verdict).to_contain_text("Rows read: 7. Would load: 6. Would be refused: 1")
    expect(verdict.get_by_role("cell", name="31.02.2024", exact=True)).to_be_visible()
    feed(page, "A", "company_name")
    feed(page, "C", "(hours)")
    page.get_by_text("Organisations that stand in no list").click()
    settled(page)
    click(page, "desk_match")
    expect(verdict).to_contain_text("Would load: 5. Would be refused: 2")
    expect(verdict.get_by_role("cell", name="seven", exact=True)).to_be_visible()
    assert violations(page) == []
    with page.expect_download() as received:
        page.locator(".st-key-desk_marked button").click()
    assert received.value.suggested_filename == "letter_2024-04-01.csv.xlsx"

    click(page, "desk_publish")
    expect(page.get_by_text("letter_2024-04-01.csv is published and kept.")).to_be_visible()
    expect(page.locator(".st-key-card_deliveries").get_by_role("cell", name="letter_2024-04-01.csv")).to_be_visible()
    kept = yaml.safe_load((desk.files / "descriptions/letter.yml").read_text(encoding="utf-8"))
    assert kept["columns"] == {"company_name": "Кто", "start_date": "Дата", "hours": "Сколько часов"}
    assert violations(page) == []
    page.locator("header").get_by_text("Overview").click()
    assert counts(settled(page)) != before

    open_page(page, "About", "Load files")
    page.get_by_text("Every reader will see it at the next click").click()
    settled(page)
    click(page, "desk_back")
    expect(page.get_by_text(re.compile("is served now"))).to_be_visible()
    page.locator("header").get_by_text("Overview").click()
    assert counts(settled(page)) == before


@pytest.mark.parametrize(("language", "size", "scheme"), STATES)
def test_every_state_of_the_desk_is_whole_and_in_its_language(steward, new_reader, language, size, scheme):
    page = new_reader(size=size, scheme=scheme)
    page.goto(f"{steward}/load?lang={language}")
    settled(page)
    for name, content in (("note.csv", MESSY), ("activities_2024-03-01.csv", "Hours;Date;Region\n7;2024-03-05;X\n")):
        drop(page, name, content)
        screen = read_screen(page)
        assert (screen.errors, screen.clipped, screen.sideways) == ([], [], [])
        sent = OF_THE_FILE | {name} | {text for text in screen.texts if "Vega" in text}
        if language != "en":
            assert untranslated(screen.texts, language, sent) == []
        if size == "desk":  # the menu of a phone is Streamlit's own
            assert violations(page) == []
        click(page, "desk_discard")
        expect(page.locator(".st-key-card_desk_verdict")).to_have_count(0)


def test_a_file_that_is_too_large_gets_one_sentence_in_the_readers_language(steward, new_reader, tmp_path):
    with (tmp_path / "large.csv").open("wb") as file:
        file.truncate(201 * 1024 * 1024)
    page = new_reader()
    page.goto(f"{steward}/load?lang=ru")
    settled(page).get_by_test_id("stFileUploaderDropzoneInput").set_input_files(tmp_path / "large.csv")
    expect(page.get_by_text("Файл больше 200 МБ и не принят. Загрузите его по частям.")).to_be_visible()
    assert untranslated(read_screen(settled(page)).texts, "ru", OF_THE_FILE) == []
    drop(page, "note.csv", MESSY)


def test_who_reloads_begins_anew_and_nothing_is_published(steward, desk, new_reader):
    page = new_reader()
    page.goto(f"{steward}/load?lang=en")
    drop(settled(page), "note.csv", MESSY)
    page.reload()
    expect(settled(page).get_by_role("button", name="Choose a file", exact=True).last).to_be_visible()
    assert [path.name for path in desk.files.glob("note*")] == []

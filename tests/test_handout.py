"""The template for companies on the page "Data and method": chosen, taken in the reader's language, not made before."""

import io
import shutil

import openpyxl
import pytest

from observatory.registry import registry
from observatory.steward import CommandFailed, template, templates_of
from tests.conftest import LANGUAGES, ROOT
from tests.test_pages import complaints, written

PAGE = "pages/about/method.py"
EDITION = ROOT / "data/editions/kazakhstan"
TABLES = registry().templates


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_company_chooses_a_template_in_its_language(open_app, monkeypatch, language):
    monkeypatch.setattr("observatory.page.handout.template", lambda *_: pytest.fail("made before anybody asked"))
    app = open_app(language, PAGE)
    assert complaints(app) == []
    (box,) = [box for box in app.selectbox if box.key == "handout_table"]
    assert box.options == [facts["name"][language] for facts in TABLES.values()]
    app = box.select("event").run()
    assert complaints(app) == []
    assert app.selectbox(key="handout_table").value == "event"
    (button,) = [each.proto for each in app.get("download_button") if each.proto.id.endswith("handout_download")]
    assert not button.disabled


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_workbook_that_is_taken_is_in_the_readers_language(language):
    book = openpyxl.load_workbook(io.BytesIO(template(EDITION, "event", language)))
    assert book.sheetnames[0] == TABLES["event"]["name"][language]
    assert bool(book.worksheets[0].sheet_view.rightToLeft) is (language == "ar")


def test_a_template_is_called_as_the_edition_reads_it():
    assert templates_of(EDITION)["activity"] == "asar_activities_*.xlsx"
    assert set(templates_of(EDITION)) == set(TABLES)


def test_an_edition_without_templates_offers_none(open_app, monkeypatch):
    monkeypatch.setattr("observatory.page.handout.templates_of", lambda folder: {})
    app = open_app("en", PAGE)
    assert complaints(app) == []
    assert not [box for box in app.selectbox if box.key == "handout_table"]
    assert not any("Template for companies" in body for body in written(app))
    assert templates_of(ROOT / "tests/real/editions/new-york") == {}


def test_a_description_that_cannot_be_read_is_told_in_a_sentence(tmp_path):
    shutil.copytree(ROOT / "tests/real/editions/new-york", tmp_path / "copy")
    with pytest.raises(CommandFailed, match="sources/template_event.yml"):
        template(tmp_path / "copy", "event", "en")

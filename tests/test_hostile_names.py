"""Names from files are text on every page: no element, link or style is ever made of one."""

import csv
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from tests.conftest import LANGUAGES, PAGES, ROOT, etl
from tests.etl.conftest import ACTIVITIES, Desk
from tests.etl.test_events import EVENTS

TAG = "hostile"
PAYLOADS = (
    f"<script>{TAG}()</script>",
    f"<img src=x onerror={TAG}()>",
    f'"><a href="javascript:{TAG}">x</a>',
    f"</td></table><h1>{TAG}",
    f"[{TAG}](javascript:x)",
    f"**{TAG}** $x^2$ `c` :red[{TAG}] :material/home: {{{{ {TAG} }}}}",
    f"'; DROP TABLE {TAG}; --",
    f"=HYPERLINK({TAG})",
    f"\u202e{TAG}\u200b",
    f"<b style=color:red>{TAG}</b>",
)


MEANT = re.compile(r"(?<!\\)[`*_\[\]$<>~]|:(?=\w)")  # signs that markdown would act upon


class Elements(HTMLParser):
    """What a browser makes of a piece of HTML: its attributes and links, and its words."""

    def __init__(self, body: str):
        super().__init__()
        self.made, self.words, self.inside = [], "", ""
        self.feed(body)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.inside = tag
        self.made += [f"{tag} {name}={value}" for name, value in attrs
                      if name.startswith("on") or TAG in f"{name}{value}" and name != "aria-label"]  # fmt: skip

    def handle_endtag(self, tag):
        self.inside = ""

    def handle_data(self, data):
        self.made += [self.inside] if self.inside in ("script", "style", "a", "h1") and data.startswith(TAG) else []
        self.words += data


def made_hostile(folder: Path, demonstration: Path) -> Path:
    """Publish a snapshot whose files, headings, values, companies, events, sectors and regions bear hostile names;
    answers are those of the demonstration."""
    desk = Desk(folder)
    desk.describe(ACTIVITIES, creates=["company", "ngo"])
    desk.describe(EVENTS)
    facts = ROOT / "data/editions/kazakhstan"
    for path in facts.iterdir():
        if path.name not in ("sources", "edition.yml", "sectors.csv", "regions.csv"):
            (folder / path.name).symlink_to(path)
    for name in ("sectors.csv", "regions.csv"):
        renamed(facts / name, folder / name)
    settings = (facts / "edition.yml").read_text(encoding="utf-8")
    (folder / "edition.yml").write_text(settings.replace("reject_share_limit: 0.3", "reject_share_limit: 0.9"))
    names = list(enumerate(map(quoted, PAYLOADS)))
    rows = "".join(f"{n},2024-05-{n + 1:02},{name},{name},7,mining,KZ-23\n" for n, name in names)
    desk.put(f"activities <img src=x onerror={TAG}()>.csv", f"Number,Date,Title,Company,Hours,Sector,Region\n{rows}")
    desk.put("activities_wrong.csv", wrong_rows())
    for source in (facts / "sources").glob("survey_*.yml"):
        (desk.sources / source.name).symlink_to(source)
    for export in demonstration.glob("survey_*"):
        (desk.files / export.name).symlink_to(export)
    hostile_form(desk)
    held = "".join(f"{n},training,{name},2024-05-{n + 1:02}\n" for n, name in names)
    desk.put("events.csv", f"Number,Kind,Title,Date\n{held}")
    etl("build", "--edition", folder, "--sources", desk.files, "--out", folder / "out")
    return folder


def quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


def hostile_form(desk: Desk) -> None:
    """Describe and answer a form of another organisation, of which title, questions and options bear hostile names."""
    form = desk.sources / "form"
    form.mkdir()
    asked = "".join(f"select_one a{n},q{n},{quoted(name)}\n" for n, name in enumerate(PAYLOADS))
    (form / "survey.csv").write_text(f"type,name,label\n{asked}", encoding="utf-8")
    offered = "".join(f"a{n},o{o},{quoted(f'{o} {name}')}\n" for n, name in enumerate(PAYLOADS) for o in range(3))
    (form / "choices.csv").write_text(f"list_name,name,label\n{offered}", encoding="utf-8")
    described = {"instrument": f"<b>{TAG}</b>", "wave": 2024, "form": "form"}
    desk.describe({"id": "hostile_form", "table": "respondent", "source": "survey", "files": "hostile_form*",
                   "survey": described})  # fmt: skip
    rows = [[f"o{(number + n) % 3}" for n in range(len(PAYLOADS))] for number in range(60)]
    headings = ",".join(f"q{n}" for n in range(len(PAYLOADS)))
    desk.put("hostile_form.csv", "\n".join([headings, *map(",".join, rows)]))


def wrong_rows() -> str:
    """Return a CSV with a hostile heading, of which every other row has a hostile number."""
    wrong = "".join(f"w{n},2024-05-01,{quoted(name)},\n" for n, name in enumerate(PAYLOADS))
    right = "".join(f"r{n},2024-06-{n + 1:02},7,\n" for n, _ in enumerate(PAYLOADS))
    return f"Number,Date,Hours,{quoted(PAYLOADS[0])}\n{wrong}{right}"


def renamed(facts: Path, copy: Path) -> None:
    """Copy a table of codes; to every name in every language a hostile one is added."""
    with facts.open(encoding="utf-8", newline="") as read, copy.open("w", encoding="utf-8", newline="") as written:
        rows = csv.DictReader(read)
        out = csv.DictWriter(written, rows.fieldnames)
        out.writeheader()
        for number, row in enumerate(rows):
            added = PAYLOADS[number % len(PAYLOADS)]
            out.writerow({
                key: f"{value} {added}" if value and key.startswith(("name_", "short_")) else value
                for key, value in row.items()
            })  # fmt: skip


@pytest.fixture(scope="module")
def hostile(tmp_path_factory, demonstration) -> Path:
    return made_hostile(tmp_path_factory.mktemp("hostile"), demonstration)


def opened(page: str, language: str, query: dict[str, str] | None = None) -> AppTest:
    app = AppTest.from_file(str(ROOT / "dashboard.py"), default_timeout=180)
    app.query_params.update({"lang": language} | (query or {}))
    return app.run().switch_page(page).run()


def made_of_names(app: AppTest) -> list[str]:
    """Return what a page makes of hostile names: elements, attributes, and markdown in the labels of widgets."""
    widgets = (app.button, app.checkbox, app.selectbox, app.multiselect, app.text_input, app.metric)
    labels = [widget.label for kind in widgets for widget in kind]
    labels += [element.value for kind in (app.markdown, app.caption) for element in kind]
    labels += [popover.proto.popover.label for popover in app.get("popover")]
    return [made for element in app.get("html") for made in Elements(element.proto.body).made] + [
        label for label in labels if TAG in label and MEANT.search(label)
    ]


def shown_in(app: AppTest) -> str:
    return "\n".join(Elements(element.proto.body).words for element in app.get("html"))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("page", PAGES)
def test_no_page_makes_anything_of_a_name(hostile, monkeypatch, page, language):
    monkeypatch.setenv("ASAR_EDITION", str(hostile))
    monkeypatch.setenv("ASAR_PUBLISHED", str(hostile / "out"))
    for query in ({}, {"region": "KZ-23", "sector": "mining"}):
        app = opened(page, language, query)
        assert not app.exception
        assert made_of_names(app) == []
    if "voices" in page:
        app = opened(page, language, {"instrument": f"<b>{TAG}</b>", "question": "q0"})
        assert not app.exception
        assert made_of_names(app) == []
        assert TAG in shown_in(app)
    if "method" in page or "events" in page:
        assert PAYLOADS[0] in shown_in(app)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", [
    f"activities **{TAG}** <img src=x onerror={TAG}()>.csv", f"[{TAG}](javascript:x) $x$ :material/home:.csv",
])  # fmt: skip
def test_the_stewards_page_makes_nothing_of_a_name(hostile, monkeypatch, tmp_path, name, language):
    monkeypatch.setenv("ASAR_EDITION", str(hostile))
    monkeypatch.setenv("ASAR_PUBLISHED", str(hostile / "out"))
    monkeypatch.setenv("ASAR_SOURCES", str(hostile / "files"))
    monkeypatch.setenv("ASAR_STATE", str(tmp_path))
    app = opened("pages/about/load.py", language)
    app = app.file_uploader[0].upload(name, wrong_rows().encode(), "text/csv").run()
    assert not app.exception
    assert made_of_names(app) == []
    assert PAYLOADS[0] in shown_in(app)
    assert app.button(key="desk_discard")

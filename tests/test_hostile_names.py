"""Names from files are text on every page: no element, link or style is ever made of one."""

from html.parser import HTMLParser
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from tests.conftest import PAGES, ROOT, etl
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


@pytest.fixture(scope="module")
def hostile(tmp_path_factory) -> Path:
    """A published snapshot whose files, headings, values, companies and events bear hostile names."""
    folder = tmp_path_factory.mktemp("hostile")
    desk = Desk(folder)
    desk.describe(ACTIVITIES, creates=["company", "ngo"])
    desk.describe(EVENTS)
    for path in (ROOT / "data/editions/kazakhstan").iterdir():
        if path.name not in ("sources", "edition.yml"):
            (folder / path.name).symlink_to(path)
    facts = (ROOT / "data/editions/kazakhstan/edition.yml").read_text(encoding="utf-8")
    (folder / "edition.yml").write_text(facts.replace("reject_share_limit: 0.3", "reject_share_limit: 0.9"))
    quoted = ['"' + payload.replace('"', '""') + '"' for payload in PAYLOADS]
    names = "".join(f"{n},2024-05-{n + 1:02},{name},{name},7\n" for n, name in enumerate(quoted))
    desk.put(f"activities <img src=x onerror={TAG}>.csv", f"Number,Date,Title,Company,Hours\n{names}")
    wrong = "".join(f"w{n},2024-05-01,{name}\n" for n, name in enumerate(quoted))
    right = "".join(f"r{n},2024-06-{n + 1:02},7\n" for n, _ in enumerate(quoted))
    desk.put("activities_wrong.csv", f"Number,Date,Hours,{quoted[0]}\n{wrong.replace(chr(10), ',' + chr(10))}"
             + right.replace("\n", ",\n"))  # fmt: skip
    held = "".join(f"{n},training,{name},2024-05-{n + 1:02}\n" for n, name in enumerate(quoted))
    desk.put("events.csv", f"Number,Kind,Title,Date\n{held}")
    etl("build", "--edition", folder, "--sources", desk.files, "--out", folder / "out")
    return folder


@pytest.mark.parametrize("page", PAGES)
def test_no_page_makes_anything_of_a_name(hostile, monkeypatch, page):
    monkeypatch.setenv("ASAR_EDITION", str(hostile))
    monkeypatch.setenv("ASAR_PUBLISHED", str(hostile / "out"))
    app = AppTest.from_file(str(ROOT / "dashboard.py"), default_timeout=120)
    app.query_params.update({"lang": "en"})
    app.run().switch_page(page).run()
    assert not app.exception
    found = [Elements(element.proto.body) for element in app.get("html")]
    assert [made for element in found for made in element.made] == []
    assert not [text for kind in (app.markdown, app.caption, app.button) for text in map(str, kind) if TAG in text]
    if "method" in page or "events" in page:
        assert any(PAYLOADS[0] in element.words for element in found)

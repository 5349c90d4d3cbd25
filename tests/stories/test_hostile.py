"""Hostile names in a real browser: a page shows them as they stand, and nothing is ever made of one."""

from collections.abc import Iterator

import pytest

from tests.conftest import LANGUAGES, ROOT
from tests.stories.conftest import serving, settled
from tests.stories.test_every_page import ADDRESSES
from tests.stories.test_loading import drop
from tests.test_hostile_names import PAYLOADS, TAG, made_hostile, wrong_rows

CALLED = f"window.called = 0; window.{TAG} = () => {{ window.called += 1 }}"
MADE = """tag => [...document.querySelectorAll('body *')].filter(element =>
    [...element.attributes].some(({name, value}) => name.startsWith('on') || /^\\s*javascript:/i.test(value))
    || element.matches('img[src="x"], [style*="color:red"], .katex, .js-plotly-plot a[href]')
    || element.matches('script, style, h1, strong, code, [data-testid=stIconMaterial]')
        && (element.textContent.trim().startsWith(tag) || element.textContent === 'home')
).map(element => element.outerHTML.slice(0, 200))"""


@pytest.fixture(scope="module")
def observatory(tmp_path_factory, demonstration) -> Iterator[str]:
    """The address of a server of a snapshot and an edition full of hostile names."""
    folder = made_hostile(tmp_path_factory.mktemp("hostile"), demonstration)
    log = tmp_path_factory.mktemp("server") / "log.txt"
    with serving(folder / "out", log, ASAR_EDITION=folder, ASAR_SOURCES=folder / "files") as address:
        yield address


def made(page) -> list[str]:
    return page.evaluate(MADE, TAG) + ["a handler was called"] * page.evaluate("window.called")


def hover(page) -> None:
    """Put the mouse on the marks of every chart, so that what a chart says on hovering is drawn too."""
    for chart in page.locator(".js-plotly-plot").all():
        for mark in chart.locator(".barlayer .point path, .scatterlayer .points path, .choroplethlayer path").all()[:3]:
            mark.scroll_into_view_if_needed()
            box = mark.bounding_box()
            page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
            page.wait_for_timeout(80)


@pytest.mark.parametrize("address", ADDRESSES, ids=lambda value: value or "overview")
def test_no_page_makes_anything_of_a_name_in_a_browser(observatory, new_reader, address):
    language = LANGUAGES[ADDRESSES.index(address) % len(LANGUAGES)]
    page = new_reader()
    page.add_init_script(CALLED)
    page.goto(f"{observatory}/{address}?lang={language}&sector=mining&region=KZ-23")
    hover(settled(page))
    assert made(page) == []
    if page.locator(".st-key-p_sector").count():
        assert PAYLOADS[0] in page.locator(".st-key-p_sector button").inner_text().replace("\u2060", "")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_stewards_page_makes_nothing_of_a_name_in_a_browser(observatory, new_reader, language):
    page = new_reader()
    page.add_init_script(CALLED)
    page.goto(f"{observatory}/load?lang={language}")
    drop(
        settled(page),
        f"[{TAG}](javascript:x) **{TAG}** $x$ :material:home: <img src=x onerror={TAG}()>.csv",
        wrong_rows(),
    )
    assert made(page) == []
    assert PAYLOADS[0] in page.locator(".st-key-card_desk_columns").inner_text()


def test_a_chosen_name_is_a_label_as_it_stands(observatory, new_reader):
    codes = [
        line.split(",")[0] for line in (ROOT / "data/editions/kazakhstan/sectors.csv").read_text("utf-8").splitlines()
    ]
    page = new_reader()
    for number, payload in enumerate(PAYLOADS):
        page.goto(f"{observatory}/sectors?lang=en&sector={codes[number + 1]}")
        said = settled(page).locator(".st-key-p_sector button").inner_text().replace("\u2060", "")
        assert payload.strip("\u200b") in said, said


def test_names_on_the_axis_of_a_chart_are_words(observatory, new_reader):
    page = new_reader()
    page.add_init_script(CALLED)
    page.goto(f"{observatory}/sectors?lang=en")
    hover(settled(page))
    drawn = " ".join(page.locator(".js-plotly-plot svg text").all_text_contents())
    assert "<script>" in drawn
    assert made(page) == []


def test_the_eye_of_these_stories_sees(new_reader):
    page = new_reader()
    page.add_init_script(CALLED)
    page.set_content(f"<h1>{TAG}</h1><img src=x onerror={TAG}()><a href='javascript:x'>x</a><b style='color:red'>y</b>")
    page.wait_for_timeout(100)
    assert len(page.evaluate(MADE, TAG)) == 4

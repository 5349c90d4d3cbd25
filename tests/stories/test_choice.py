"""A reader chooses: what is chosen stays across pages, lies in the address, and comes back from a copied link."""

import csv
import io
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import duckdb
import pytest
from playwright.sync_api import expect

from tests.conftest import LANGUAGES
from tests.stories.conftest import listening, serving, settled
from tests.stories.screen import read_screen


def address(page) -> dict[str, str]:
    return {name: values[-1] for name, values in parse_qs(urlsplit(page.url).query).items()}


def path(page) -> str:
    return urlsplit(page.url).path.strip("/")


def headline(page) -> str:
    return page.locator("h1.headline").inner_text()


def chosen(page, dimension: str) -> str:
    """Return what the filter bar says of a dimension."""
    return page.locator(f".st-key-p_{dimension} button").first.inner_text().strip()


def choose(page, dimension: str, name: str) -> None:
    """Choose a code by its name in the filter bar, as with a mouse and a keyboard."""
    page.locator(f".st-key-p_{dimension} button").first.click()
    page.locator(f".st-key-f_{dimension} input").click()
    page.keyboard.type(name)
    page.get_by_role("option", name=name).first.click()
    settled(page)
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")


def press(page, mark) -> None:
    """Click in the middle of a mark of a chart; what lies above it there takes the click, as under a reader's mouse."""
    mark.scroll_into_view_if_needed()
    box = mark.bounding_box()
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)


def open_page(page, section: str, title: str) -> None:
    """Go to another page through the menu, and wait until it is there."""
    page.locator("header").get_by_text(section).click()
    page.get_by_role("menuitem", name=title).click()
    settled(page)


def test_a_region_chosen_on_one_page_holds_on_the_next(visit):
    page = visit("regions")
    choose(page, "region", "Atyrau")
    assert address(page)["region"] == "KZ-23"
    open_page(page, "Explore", "Sectors and sizes")
    assert path(page) == "sectors"
    assert address(page)["region"] == "KZ-23"
    assert "Atyrau" in chosen(page, "region")
    assert "Atyrau" in page.locator("p.lead").inner_text()
    page.locator(".st-key-reset button").click()
    settled(page)
    assert "region" not in address(page)


@pytest.mark.parametrize("size", ["desk", "phone"])
def test_a_copied_link_may_be_the_first_thing_a_server_hears(published, new_reader, tmp_path, size):
    with serving(published, tmp_path / "log.txt") as server:
        page = new_reader(size=size)
        page.goto(f"{server}/regions?lang=ru&region=KZ-23")
        assert read_screen(settled(page)).errors == []
        assert path(page) == "regions"
        assert address(page)["region"] == "KZ-23"


def test_the_browser_knows_its_page_before_it_is_asked_how_wide_it_is(server, new_reader):
    page = new_reader(size="phone")
    told = listening(page)
    page.goto(f"{server}/regions?lang=en")
    settled(page)
    kinds = [message.delta.new_element.WhichOneof("type") or message.WhichOneof("type") for message in told]
    asked = [kind for kind in kinds if kind in ("navigation", "bidi_component")]
    assert asked == ["navigation", "bidi_component"] * 2  # a phone answers that it is narrow, and the page comes anew


def test_a_copied_link_brings_back_page_filters_and_language(visit, new_reader):
    page = visit("themes", "ru", {"years": "2021~2024", "region": "KZ-23~KZ-47", "show": "activities"})
    other = new_reader()
    other.goto(page.url)
    settled(other)
    assert path(other) == "themes"
    assert other.url == page.url
    assert headline(other) == headline(page)
    assert [chosen(other, name) for name in ("years", "region")] == [chosen(page, name) for name in ("years", "region")]
    assert other.evaluate("document.documentElement.lang") == "ru"


@pytest.mark.parametrize(("figure", "mark", "dimension"), [
    ("ranking-size-chosen", ".barlayer .point path", "size"),
    ("ranking-sector-chosen", ".barlayer .point path", "sector"),
])  # fmt: skip
def test_a_click_on_a_bar_filters_and_a_second_click_takes_it_back(visit, figure, mark, dimension):
    page = visit("sectors")
    for expected in (True, False):
        press(page, page.locator(f".st-key-chart_{figure} {mark}").first)
        page.wait_for_function(f"expected => location.search.includes('{dimension}=') === expected", arg=expected)
        settled(page)
        assert (dimension in address(page)) == expected


def test_a_click_on_the_map_filters(visit):
    page = visit("regions", query={"years": "2024~2024"})
    press(page, page.locator(".choroplethlayer").first)  # its middle is land
    page.wait_for_function("location.search.includes('region=KZ-')")


def test_another_language_keeps_the_view(visit):
    page = visit("regions", "en", {"years": "2023~2025", "region": "KZ-23", "unit": "region"})
    before = address(page)
    page.locator(".st-key-f_language button").nth(LANGUAGES.index("ar")).click()
    page.wait_for_function("document.documentElement.dir === 'rtl'")
    settled(page)
    assert path(page) == "regions"
    assert address(page) == before | {"lang": "ar"}
    assert "أتيراو" in chosen(page, "region")


def region_without(warehouse: duckdb.DuckDBPyConnection, theme: str, year: str) -> str:
    """Return a region that reports hours in a year, but none on the theme."""
    cells = "select region_code from cells where measure = 'hours' and period_code = $year and theme_code = $theme"
    regions = f"({cells}) intersect (select code from member where dimension = 'region' and level = 'region')"
    of_all, of_one = (
        {code for (code,) in warehouse.execute(regions, {"year": year, "theme": code}).fetchall()}
        for code in ("_T", theme)
    )
    return min(of_all - of_one)


def test_a_choice_with_no_data_names_the_filter_that_empties_it(visit, warehouse):
    region = region_without(warehouse, "emergency", "2025")
    page = visit("themes", query={"years": "2025~2025", "region": region, "theme": "emergency"})
    assert "leaves nothing" in page.locator(".empty").first.inner_text()
    page.locator("[class*=st-key-loosen_] button").first.click()
    settled(page)
    expect(page.locator(".empty", has_text="leaves nothing")).to_have_count(0)
    assert len({"region", "theme"} & set(address(page))) == 1


def test_a_download_holds_the_rows_on_the_screen(visit):
    page = visit("sectors", "ru")
    page.locator(".st-key-swap_ranking-sector-chosen button").click()
    settled(page)
    card = page.locator(".st-key-card_ranking-sector-chosen")
    shown = card.locator("tbody tr").evaluate_all("rows => rows.map(row => row.cells[0].innerText)")
    page.locator(".st-key-download_ranking-sector-chosen button").first.click()
    with page.expect_download() as download:
        page.locator(".st-key-csv_ranking-sector-chosen button").click()
    text = Path(download.value.path()).read_text(encoding="utf-8-sig")
    rows = list(csv.reader(io.StringIO(text)))
    assert [row[0] for row in rows[1:]] == shown
    assert len(shown) > 5
    assert download.value.suggested_filename.endswith(".csv")


def test_what_a_figure_means_opens_beside_it_by_keyboard_and_escape_closes_it(visit):
    page = visit("sectors", "kk")
    page.locator(".st-key-card_ranking-sector-chosen .about-opener").focus()
    page.keyboard.press("Enter")
    opened = page.locator(".about:popover-open")
    assert opened.count() == 1
    assert "Дереккөз" in opened.inner_text()
    page.keyboard.press("Escape")
    assert opened.count() == 0

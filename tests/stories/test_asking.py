"""A reader asks: a question of the survey, a step to try out, own weights; each lies in the address and comes back."""

from playwright.sync_api import expect

from tests.stories.conftest import settled
from tests.stories.screen import read_screen
from tests.stories.test_choice import address, headline, open_page


def pick(page, key: str, name: str) -> None:
    """Choose an option of a select box by its name, with mouse and keyboard."""
    page.locator(f".st-key-{key} input").click()
    page.keyboard.type(name[:20])
    page.get_by_role("option", name=name).first.click()
    settled(page)


def card(page, figure: str) -> str:
    return page.locator(f".st-key-card_{figure}").inner_text()


def test_a_question_by_group_lies_in_the_address_and_comes_back(visit, new_reader):
    page = visit("voices")
    pick(page, "a_instrument", "Corporate volunteers")
    pick(page, "a_question", "Why do you take part?")
    pick(page, "a_by", "Sector")
    assert {name: address(page)[name] for name in ("question", "by")} == {"question": "motives", "by": "sector"}
    assert "Why do you take part?" in page.locator("p.lead").inner_text()
    assert "Mining" in card(page, "voices")
    assert read_screen(page).errors == []
    other = new_reader()
    other.goto(page.url)
    settled(other)
    assert other.url == page.url
    assert headline(other) == headline(page)
    assert card(other, "voices") == card(page, "voices")


def test_a_question_that_was_asked_holds_when_the_language_changes_and_on_the_way_back(visit):
    page = visit("voices")
    pick(page, "a_instrument", "Corporate volunteers")
    pick(page, "a_question", "Why do you take part?")
    page.get_by_role("radio", name="Рус").click()
    expect(page.locator("html")).to_have_attribute("lang", "ru")
    settled(page)
    assert address(page)["question"] == "motives"
    open_page(page, "Понять", "Стадия")
    open_page(page, "Понять", "Мнения")
    assert address(page)["question"] == "motives"


def test_a_step_is_tried_out_without_the_rest_of_the_page_being_drawn_again(visit, new_reader):
    page = visit("stage")
    before, whole = card(page, "what-if"), card(page, "stage-map")
    page.evaluate("document.querySelector('.st-key-card_stage-map').dataset.kept = 'yes'")
    page.locator(".st-key-f_taken").get_by_role("slider").focus()
    page.keyboard.press("End")
    settled(page)
    expect(page.locator(".st-key-card_what-if")).not_to_have_text(before)
    assert card(page, "stage-map") == whole
    assert page.locator(".st-key-card_stage-map").get_attribute("data-kept") == "yes"
    other = new_reader()
    other.goto(page.url)
    settled(other)
    assert card(other, "what-if") == card(page, "what-if")


def test_own_weights_make_an_index_and_leave_the_stage_as_it_is(visit):
    page = visit("stage")
    stage, index = headline(page), card(page, "own-index")
    page.locator(".st-key-own_weights summary").click()
    page.locator(".st-key-f_weight_D1").get_by_role("slider").focus()
    page.keyboard.press("End")
    settled(page)
    expect(page.locator(".st-key-card_own-index")).not_to_have_text(index)
    assert headline(page) == stage
    page.reload()
    settled(page)
    assert card(page, "own-index") != index

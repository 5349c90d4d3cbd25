"""A reader asks: a question of the survey, a step to try out, own weights; each lies in the address and comes back."""

import pytest
from playwright.sync_api import expect
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from tests.stories.conftest import listening, settled
from tests.stories.screen import read_screen
from tests.stories.test_choice import address, headline, open_page


def pick(page, key: str, name: str) -> None:
    """Choose an option of a select box by its name, with mouse and keyboard."""
    page.locator(f".st-key-{key} input").click()
    page.keyboard.type(name[:20])
    page.get_by_role("option", name=name).first.click()
    settled(page)


def set_side_by_side(page) -> None:
    pick(page, "a_by", "Sector")


def try_step(page) -> None:
    """Let every company that lacks the step take it."""
    page.locator(".st-key-f_taken").get_by_role("slider").focus()
    page.keyboard.press("End")
    settled(page)


def weigh(page) -> None:
    """Give the first dimension the largest weight."""
    page.locator(".st-key-own_weights summary").click()
    page.locator(".st-key-f_weight_D1").get_by_role("slider").focus()
    page.keyboard.press("End")
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


def test_a_step_that_is_tried_out_lies_in_the_address_and_changes_no_other_figure(visit, new_reader):
    page = visit("stage")
    before, whole = card(page, "what-if"), card(page, "stage-map")
    try_step(page)
    expect(page.locator(".st-key-card_what-if")).not_to_have_text(before)
    assert card(page, "stage-map") == whole
    other = new_reader()
    other.goto(page.url)
    settled(other)
    assert card(other, "what-if") == card(page, "what-if")


def test_own_weights_make_an_index_and_leave_the_stage_as_it_is(visit):
    page = visit("stage")
    stage, index = headline(page), card(page, "own-index")
    weigh(page)
    expect(page.locator(".st-key-card_own-index")).not_to_have_text(index)
    assert headline(page) == stage
    page.reload()
    settled(page)
    assert card(page, "own-index") != index


def drawn(told) -> list[tuple[int, ...]]:
    """Return the places that are drawn; what the browser has from before is told by a reference, its place anew."""
    return [tuple(message.metadata.delta_path) for message in told if message.metadata.delta_path]


def cards(told) -> set[str]:
    """Return the figures of which the card is drawn."""
    keys = [message.delta.add_block.id.partition("-card_") for message in told]
    return {figure for _, is_card, figure in keys if is_card}


@pytest.mark.parametrize(("path", "choose", "figures"), [
    ("stage", try_step, {"what-if"}),
    ("stage", weigh, {"own-index"}),
    ("voices", set_side_by_side, {"voices", "voices-agreeing", "how-asked"}),
])  # fmt: skip
def test_a_choice_has_its_own_part_of_the_page_drawn_again_and_no_more(server, new_reader, path, choose, figures):
    page = new_reader()
    told = listening(page)
    page.goto(f"{server}/{path}?lang=en")
    settled(page)
    opened, before = told.copy(), page.url
    told.clear()
    choose(page)
    page.wait_for_function("before => location.href !== before", arg=before)
    settled(page)
    (end,) = [message for message in told if message.WhichOneof("type") == "script_finished"]
    assert end.script_finished == ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY
    (fragment,) = end.metadata.run.fragment_ids
    place = min(drawn(message for message in opened if message.delta.fragment_id == fragment))
    assert {other[: len(place)] for other in drawn(told)} == {place}
    assert cards(told) == figures

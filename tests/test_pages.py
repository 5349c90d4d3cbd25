"""Every page opens in every language, with every kind of choice, and says nothing has gone wrong."""

import pytest

from tests.conftest import LANGUAGES, PAGES

CHOICES = {
    "nothing chosen": {},
    "one of each": {"years": "2024~2024", "sector": "mining", "region": "KZ-23", "theme": "ecology", "size": "large"},
    "what is not stated": {"years": "2019~2019", "theme": "_U"},
    "several regions over a split": {"years": "2020~2024", "region": "KZ-10~KZ-63"},
    "nonsense": {"years": "two~3000", "region": "XX~<b>", "theme": "';--", "colour": "blue"},
}


def complaints(app) -> list[str]:
    """Return what a page says of its own failure, in a box or in the card of a figure."""
    boxes = [element.message for element in app.exception] + [element.value for element in app.error]
    return boxes + [body for body in written(app) if "This figure could not be drawn" in body]


def written(app) -> list[str]:
    return [element.proto.body for element in app.get("html")]


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_page_opens(open_app, language, page):
    app = open_app(language, page)
    assert complaints(app) == []
    assert any("<h1" in body for body in written(app))
    assert not [body for body in written(app) if 'class="empty"' in body]


@pytest.mark.parametrize("choice", CHOICES)
@pytest.mark.parametrize("page", PAGES)
def test_a_page_opens_with_any_address(open_app, page, choice):
    app = open_app("en", page, CHOICES[choice])
    assert complaints(app) == []

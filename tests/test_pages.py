"""Every page opens in every language, with every kind of choice, and says nothing has gone wrong."""

from dataclasses import replace

import pytest

from observatory.asked import Asked
from observatory.charts.look import Look
from observatory.editions import load_edition
from observatory.figures import Context, StageMap, Trend, VoicesShown, WhatIfStep
from observatory.filters import Filters
from observatory.page.show import _key, _own
from observatory.store import current_store
from observatory.texts import texts
from observatory.what_if import WhatIf
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


def test_a_choice_redraws_no_figure_that_does_not_read_it(published):
    store = current_store(published, "restricted")
    span = (store.snapshot.first_year, store.snapshot.last_year)
    plain = Context(
        store, load_edition("kazakhstan"), Filters(years=span, span=span), texts("en"), Look("light", "ltr")
    )
    chosen = {
        "filters": replace(plain, filters=plain.filters.with_codes("sector", ["mining"])),
        "what_if": replace(plain, what_if=WhatIf(taken_pct=70)),
        "asked": replace(plain, asked=Asked("volunteer", "motives")),
    }
    figures = (Trend("volunteer_hours"), StageMap(), WhatIfStep(), VoicesShown())
    redrawn = {
        part: [
            figure.id for figure in figures if _key(figure, _own(figure, context)) != _key(figure, _own(figure, plain))
        ]
        for part, context in chosen.items()
    }
    assert redrawn == {"filters": [figures[0].id], "what_if": ["what-if"], "asked": ["voices"]}

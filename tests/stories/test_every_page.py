"""Every page in every language: drawn whole, in that language, on a desk, a stage and a phone, in light and in dark."""

import os
from itertools import combinations, product

import pytest

from tests.conftest import LANGUAGES, PAGES
from tests.stories.conftest import SIZES
from tests.stories.screen import foreign_by_right, read_screen, untranslated

ADDRESSES = tuple("" if page.endswith("/overview.py") else page.split("/")[-1].removesuffix(".py") for page in PAGES)
WITHOUT_CHARTS = {"method", "load"}
SCHEMES = ("light", "dark")
EVERYTHING = list(product(ADDRESSES, LANGUAGES, SIZES, SCHEMES))
# Each page in each language once; with that, every other pair of page, language, size and scheme too.
PAIRWISE = [
    (address, language, tuple(SIZES)[(a + b) % 3], SCHEMES[(a + b) % 2])
    for a, address in enumerate(ADDRESSES)
    for b, language in enumerate(LANGUAGES)
]


def test_the_short_list_covers_every_pair():
    for first, second in combinations(range(4), 2):
        assert {(row[first], row[second]) for row in PAIRWISE} == {(row[first], row[second]) for row in EVERYTHING}


@pytest.mark.parametrize(
    ("address", "language", "size", "scheme"),
    EVERYTHING if os.environ.get("ASAR_FULL") else PAIRWISE,
    ids=lambda value: value or "overview",
)
def test_a_page_is_drawn_whole_and_in_its_language(visit, warehouse, address, language, size, scheme):
    screen = read_screen(visit(address, language, size=size, scheme=scheme))
    assert screen.errors == []
    assert screen.clipped == []
    assert screen.overlapping == []
    assert screen.sideways == []
    assert screen.empty_charts == []
    assert (screen.charts > 0) == (address not in WITHOUT_CHARTS)
    assert (screen.language, screen.direction) == (language, "rtl" if language == "ar" else "ltr")
    if language != "en":
        assert untranslated(screen.texts, language, foreign_by_right(warehouse)) == []

"""The reader's choice: addresses and back, one level a choice, in words."""

from dataclasses import FrozenInstanceError

import pytest
from hypothesis import given
from hypothesis import strategies as st

from observatory.editions import load_edition
from observatory.filters import FILTERED, Filters
from observatory.texts import texts

KAZAKHSTAN = load_edition("kazakhstan")
SPAN = (2019, 2026)


def read(**address):
    return Filters.from_address(address, KAZAKHSTAN, *SPAN)


def test_an_empty_address_chooses_nothing():
    filters = read()
    assert filters.is_default
    assert filters.to_address() == {}
    assert filters.years == SPAN


def test_an_address_restores_the_choice():
    filters = read(years="2020~2024", region="KZ-23~KZ-47", theme="emergency")
    assert filters.years == (2020, 2024)
    assert filters.region == ("KZ-23", "KZ-47")
    assert filters.chosen() == ("region", "theme")
    assert filters.to_address() == {"years": "2020~2024", "region": "KZ-23~KZ-47", "theme": "emergency"}


@pytest.mark.parametrize(
    ("typed", "years"),
    [
        ("2024", (2024, 2024)),
        ("2024~2020", (2020, 2024)),
        ("1990~2021", (2019, 2021)),
        ("2025~2090", (2025, 2026)),
        ("1990~1995", SPAN),
        ("2020~2021~2022", SPAN),
        ("٢٠٢٤", SPAN),
        ("20x4", SPAN),
        ("", SPAN),
        ("~", SPAN),
    ],
)
def test_years_of_an_address_stay_within_the_snapshot(typed, years):
    assert read(years=typed).years == years


@pytest.mark.parametrize(
    ("typed", "codes"),
    [
        ("KZ-23~XX~'; drop table", ("KZ-23",)),
        ("KZ-23~KZ-M1~KZ-47", ("KZ-23", "KZ-47")),
        ("KZ-M1~KZ-23", ("KZ-M1",)),
        ("_U~KZ-23", ("KZ-23", "_U")),
        ("_T", ()),
        ("KZ-23~KZ-23", ("KZ-23",)),
    ],
)
def test_codes_of_an_address_are_known_and_of_one_level(typed, codes):
    assert read(region=typed).region == codes


def test_a_level_without_cells_cannot_be_chosen():
    assert KAZAKHSTAN.dimensions["sector"].members["B"].level == "section"
    assert read(sector="B").sector == ()


def test_the_last_of_a_repeated_name_counts():
    assert Filters.from_address({"region": ["KZ-23", "KZ-47"]}, KAZAKHSTAN, *SPAN).region == ("KZ-47",)


CODES = {name: [code for code in KAZAKHSTAN.dimensions[name].members
                if KAZAKHSTAN.dimensions[name].level_of(code) == KAZAKHSTAN.dimensions[name].levels[0]] + ["_U"]
         for name in FILTERED}  # fmt: skip


@st.composite
def choices(draw):
    chosen = {name: tuple(draw(st.lists(st.sampled_from(CODES[name]), max_size=4))) for name in FILTERED}
    years = draw(st.tuples(st.integers(*SPAN), st.integers(*SPAN)))
    return Filters(years=years, span=SPAN, **chosen)


@given(choices())
def test_every_choice_survives_its_address(filters):
    assert Filters.from_address(filters.to_address(), KAZAKHSTAN, *SPAN) == filters


@given(choices(), st.sampled_from(FILTERED), st.data())
def test_toggling_twice_changes_nothing(filters, name, data):
    code = data.draw(st.sampled_from(CODES[name]))
    assert filters.toggled(name, code, KAZAKHSTAN).toggled(name, code, KAZAKHSTAN) == filters


def test_equal_choices_are_one_key():
    one, other = read(region="KZ-23~KZ-47"), read(region="KZ-47~KZ-23")
    assert one == other
    assert hash(one) == hash(other)
    with pytest.raises(FrozenInstanceError):
        one.years = (2020, 2021)


def test_a_click_on_another_level_starts_a_choice_of_that_level():
    filters = read(region="KZ-23~_U").toggled("region", "KZ-M1", KAZAKHSTAN)
    assert filters.region == ("KZ-M1", "_U")


def test_a_part_of_the_choice_can_be_given_up():
    filters = read(years="2024", region="KZ-23", theme="emergency")
    assert filters.without("region").chosen() == ("theme",)
    assert filters.without("years").years == SPAN
    assert filters.cleared().is_default
    assert filters.with_years(2021, 2020).years == (2020, 2021)
    assert filters.with_codes("sector", ["mining"]).sector == ("mining",)


def test_the_choice_in_words():
    filters = read(years="2020~2024", sector="mining", region="KZ-47~KZ-23~_U")
    sentence = filters.sentence(texts("en"), KAZAKHSTAN)
    assert sentence == "2020–2024 · Mining, oil and gas · Atyrau region, Mangystau region and Region not stated"
    assert read(years="2024").sentence(texts("kk"), KAZAKHSTAN) == "2024"


def test_a_long_choice_is_cut_short_in_words():
    sentence = read(region="KZ-11~KZ-15~KZ-23~KZ-27~KZ-31").sentence(texts("en"), KAZAKHSTAN)
    assert sentence == "2019–2026 · Akmola region, Aktobe region and 3 more"

"""Numbers and dates as people write them."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from etl.values import decimal_sign, is_month_first, parse_date, parse_number, read_number, unit_words


@pytest.mark.parametrize(
    ("spelling", "sign", "number"),
    [
        ("1234", ".", "1234"),
        ("12.5", ".", "12.5"),
        ("12,5", ",", "12.5"),
        ("1 234,5", ",", "1234.5"),
        ("1\u00a0234", ".", "1234"),
        ("1\u202f234\u202f567", ".", "1234567"),
        ("1,234,567.8", ".", "1234567.8"),
        ("1.234.567,8", ",", "1234567.8"),
        ("1'234", ".", "1234"),
        ("203 039000", ".", "203039000"),
        ("1019 969000", ".", "1019969000"),
        ("108, 031,000", ".", "108031000"),
        ("-8 989000", ".", "-8989000"),
        ("\u2212,5", ",", "-0.5"),
        ("١٢٫٥", ".", "12.5"),
        ("-3", ".", "-3"),
    ],
)
def test_a_number_is_read_as_meant(spelling, sign, number):
    assert parse_number(spelling, sign) == Decimal(number)


@pytest.mark.parametrize(
    ("spelling", "currency", "number"),
    [
        ("1.2m", "ZAR", "1200000"), ("R 12 000", "ZAR", "12000"), ("(R 12 000)", "ZAR", "-12000"),
        ("R1.5 bn", "ZAR", "1500000000"), ("12k", "KZT", "12000"), ("₦ 5 mn", "NGN", "5000000"),
        ("KSh 400", "KES", "400"), ("R 12 000", "KZT", "other_unit"), ("5 min", "KZT", "other_unit"),
    ],
)  # fmt: skip
def test_an_amount_of_money_may_stand_with_its_currency_and_a_short_word_for_millions(spelling, currency, number):
    found = read_number(spelling, units=unit_words("currency", currency), is_money=True)
    assert found == (number if number == "other_unit" else Decimal(number))


@pytest.mark.parametrize("spelling", ["5m", "5 k", "2b"])
def test_a_letter_behind_a_number_of_hours_or_people_multiplies_nothing(spelling):
    assert read_number(spelling, units=unit_words("hours", "KZT")) == "not_a_number"


@pytest.mark.parametrize(
    "spelling",
    ["", "восемь", "12 ч", "nan", "inf", "1_000", "12,34,5", "1..2", "12, 500", "10, 200, 300", "2019 500", "10" * 10],
)
def test_what_is_no_number_is_none(spelling):
    assert parse_number(spelling) is None


@pytest.mark.parametrize(
    ("spellings", "sign"),
    [
        (["12,5", "8"], ","),
        (["12.5", "8"], "."),
        (["1.234,5"], ","),
        (["1,234.5"], "."),
        (["1.234.567"], ","),
        (["1,234"], "."),
        (["8", "нет"], "."),
    ],
)
def test_the_decimal_sign_is_found(spellings, sign):
    assert decimal_sign(spellings) == sign


@pytest.mark.parametrize(
    "spelling",
    [
        "2020-12-07", "2020/12/7", "07.12.2020", "7.12.2020", "07/12/2020", "07-12-2020", "07.12.20", "20201207",
        "2020-12-07 00:00:00", "2020-12-07T09:30:00Z", "07.12.2020 14:05", "07.12.2020 г.",
        "December 7 2020", "December 7, 2020", "Dec 7, 2020", "7 December 2020", "Monday, 7th December 2020",
        "7 декабря 2020", "7 декабря 2020 г.", "7 дек. 2020", "7 желтоқсан 2020 ж.", "2020 жылғы 7 желтоқсан",
        "٧ ديسمبر ٢٠٢٠", "٠٧/١٢/٢٠٢٠", "44172", " 07.12.2020 ",
    ],
)  # fmt: skip
def test_a_date_is_read_in_every_form(spelling):
    assert parse_date(spelling) == date(2020, 12, 7)


@pytest.mark.parametrize(
    "spelling",
    ["31.02.2024", "2021 год", "0202-01-05", "декабрь 2020", "12", "13.13.2020", "вчера", "²²²²²", "5² мая 2024"],
)
def test_what_is_no_day_is_none(spelling):
    assert parse_date(spelling) is None


def test_the_month_comes_first_where_one_of_the_dates_shows_it():
    assert is_month_first(["01/02/2024", "12/31/2024"])
    assert not is_month_first(["01/02/2024", "03/04/2024"])
    assert not is_month_first(["01/02/2024", "31/12/2024", "12/31/2024"])
    assert parse_date("12/31/2024", month_first=True) == date(2024, 12, 31)


def test_formats_of_the_description_are_the_only_ones():
    assert parse_date("2020.07.12", ["%Y.%d.%m"]) == date(2020, 12, 7)
    assert parse_date("07.12.2020", ["%Y.%d.%m"]) is None


@given(st.decimals(min_value=-(10**9), max_value=10**9, places=2), st.sampled_from([".", ","]))
def test_a_number_written_with_groups_is_read_back(number, sign):
    other = "," if sign == "." else "."
    written = f"{number:,.2f}".translate(str.maketrans({",": other, ".": sign}))
    assert parse_number(written, sign) == number


@given(st.dates(min_value=date(1955, 1, 1), max_value=date(2099, 12, 31)))
def test_a_day_is_read_back_from_the_serial_of_a_spreadsheet(day):
    assert parse_date(str((day - date(1899, 12, 30)).days)) == day

"""What a text in a cell means: numbers, dates and yes or no, as people write them in four languages.

Only what DuckDB cannot cast as it stands comes here, and of that each distinct spelling once.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from functools import cache

from babel import Locale

from observatory import LANGUAGES

FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2100, 12, 31)
"""Dates outside these are slips of the keyboard: the year 0202."""

LARGEST_NUMBER = Decimal(10) ** 15
EXCEL_DAY_ZERO = date(1899, 12, 30)
EXCEL_SERIALS = range(20_000, 73_415)  # 1954-10-03 to 2100-12-31; smaller numbers are more likely something else

_GROUPED = re.compile(r"[+-]?\d{1,3}([.,])\d{3}(\1\d{3})*")
_PLAIN = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)")
_YEAR_FIRST = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})")
_YEAR_LAST = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4}|\d{2})")
_TIME_OF_DAY = re.compile(r"[T ]\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?( ?[AaPp][Mm])?Z?$")
_WORD_FOR_YEAR = re.compile(r" ?(г|года|ж|жыл|жылы)$")
_WORDS = re.compile(r"[^\W\d_]+|\d+")


def tidy(text: str) -> str:
    """Return a text without blanks at its ends, with every digit as 0-9 and one kind of minus and blank."""
    digits = "".join(str(unicodedata.decimal(sign, sign)) if not sign.isascii() else sign for sign in text)
    return " ".join(digits.replace("\u2212", "-").replace("\u066b", ".").replace("\u066c", ",").split())


def decimal_sign(spellings: Iterable[str]) -> str:
    """Return "," or ".": the sign that separates decimals in these spellings of numbers.

    A sign with anything but groups of three digits after it separates decimals; so does the last of two different
    signs. Where nothing decides it is the point.
    """
    for spelling in spellings:
        text = tidy(spelling).replace(" ", "").lstrip("+-")
        last = max(text.rfind(","), text.rfind("."))
        if last < 0 or not text.replace(",", "").replace(".", "").isdigit():
            continue
        sign, other = text[last], "." if text[last] == "," else ","
        if text.count(sign) == 1 and (other in text or len(text) - last - 1 != 3 or last > 3):
            return sign
        if text.count(sign) > 1:
            return other
    return "."


def parse_number(spelling: str, decimal: str = ".", thousands: str | None = None) -> Decimal | None:
    """Return the number, or None where the spelling is none.

    Args:
        spelling: "1 234,5", "203 039000", "1'234.50", "١٢".
        decimal: the sign before the decimals, "." or ",".
        thousands: the sign between groups of three; None takes the other of "." and ",", blanks and apostrophes.
    """
    text = tidy(spelling).replace(" ", "").replace("'", "").replace("’", "").replace("_", "x")
    other = thousands if thousands else "." if decimal == "," else ","
    whole, sign, decimals = text.partition(decimal)
    if other in whole and (not _GROUPED.fullmatch(whole) or other in decimals):
        return None
    text = whole.replace(other, "") + ("." + decimals if sign else "")
    if not _PLAIN.fullmatch(text):
        return None
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None
    return number if abs(number) < LARGEST_NUMBER else None


def is_month_first(spellings: Iterable[str]) -> bool:
    """Return whether dates such as 12/31/2020 put the month first; days come first where nothing decides."""
    pairs = [_YEAR_LAST.fullmatch(_bare(spelling)) for spelling in spellings]
    first = [int(found[1]) for found in pairs if found]
    second = [int(found[2]) for found in pairs if found]
    return bool(second) and max(second) > 12 and max(first) <= 12


def parse_date(spelling: str, formats: Sequence[str] = (), month_first: bool = False) -> date | None:
    """Return the day, or None where the spelling is none or lies outside 1900 to 2100.

    Args:
        spelling: "07.12.2020", "2020-12-07", "January 13 2011", "7 желтоқсан 2020 ж.", or the serial of a spreadsheet.
        formats: strptime formats that are tried before everything else, and alone where there are any.
        month_first: whether 12/07/2020 is the seventh of December.
    """
    text = _bare(spelling)
    if formats:
        return next((day for form in formats if (day := _by_format(tidy(spelling), form))), None)
    if text.isdecimal():
        return _by_digits(text)
    if found := _YEAR_FIRST.fullmatch(text):
        return _day(*map(int, found.groups()))
    if found := _YEAR_LAST.fullmatch(text):
        first, second, year = map(int, found.groups())
        day, month = (second, first) if month_first else (first, second)
        return _day(year if year > 99 else 2000 + year, month, day)
    return _by_words(text)


def _bare(spelling: str) -> str:
    return _WORD_FOR_YEAR.sub("", _TIME_OF_DAY.sub("", tidy(spelling)).rstrip("."))


def _by_format(text: str, form: str) -> date | None:
    try:
        return _in_range(datetime.strptime(text, form).date())
    except ValueError:
        return None


def _by_digits(text: str) -> date | None:
    if len(text) == 8:
        return _day(int(text[:4]), int(text[4:6]), int(text[6:]))
    if len(text) == 5 and int(text) in EXCEL_SERIALS:
        return EXCEL_DAY_ZERO + timedelta(days=int(text))
    return None


def _by_words(text: str) -> date | None:
    """Read "13 January 2011", "January 13, 2011", "2020 жылғы 7 желтоқсан": one month's name, one day, one year."""
    words = _WORDS.findall(text.casefold())
    months = {month for word in words if (month := _month_names().get(word))}
    years = [int(word) for word in words if word.isdecimal() and len(word) == 4]
    days = [int(word) for word in words if word.isdecimal() and len(word) <= 2]
    unread = [
        word for word in words if not word.isdecimal() and word not in _month_names() and word not in _BESIDE_DATES
    ]
    if len(months) == 1 and len(years) == 1 and len(days) == 1 and not unread:
        return _day(years[0], months.pop(), days[0])
    return None


_BESIDE_DATES = {"г", "года", "год", "ж", "жыл", "жылы", "жылғы", "st", "nd", "rd", "th", "of", "de", "م"} | {
    day.casefold()
    for language in LANGUAGES
    for width in ("wide", "abbreviated")
    for day in Locale.parse(language).days["format"][width].values()
}


@cache
def _month_names() -> dict[str, int]:
    """Return every name of a month in the interface languages, as its number."""
    names = {}
    for language in LANGUAGES:
        for context in ("format", "stand-alone"):
            for width in ("wide", "abbreviated"):
                for number, name in Locale.parse(language).months[context][width].items():
                    names[name.casefold().rstrip(".")] = number
    return names | {"sept": 9}


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return _in_range(date(year, month, day))
    except ValueError:
        return None


def _in_range(day: date) -> date | None:
    return day if FIRST_DAY <= day <= LAST_DAY else None

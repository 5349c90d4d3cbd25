"""Dates: days first or months first, months by name in four languages, the serials of spreadsheets."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from functools import cache

from babel import Locale

from etl.values.tidy import tidy
from observatory import LANGUAGES
from observatory.fact_files import folded
from observatory.registry import registry

FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2100, 12, 31)
"""Dates outside these are slips of the keyboard: the year 0202."""

FIRST_SHORT_YEAR = 69  # years of two digits are those from 1969 to 2068
EXCEL_DAY_ZERO = date(1899, 12, 30)
EXCEL_SERIALS = range(20_000, 73_415)  # 1954-10-03 to 2100-12-31; smaller numbers are more likely something else
CALENDARS = (*LANGUAGES, "ar_SY", "ar_DZ", "ar_MA")
"""Locales whose names of months are understood; the Arab countries have three sets of them."""

_YEAR_FIRST = re.compile(r"(\d{4})([-/., ]) ?(\d{1,2})\2 ?(\d{1,2})")
_YEAR_LAST = re.compile(r"(\d{1,2})([-/., ]) ?(\d{1,2})\2 ?(\d{4}|\d{2})")
_SERIAL = re.compile(r"(\d{5})(?:[.,]\d+)?")
_TIME_OF_DAY = re.compile(
    r"[T ,]+\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?(?: ?[AaPp]\.?[Mm]\.?)?(?: ?(?:Z|UTC|GMT|[+-]\d{2}:?\d{2}))*$"
)
_WORD_FOR_YEAR = re.compile(r" ?(г|г\. ?|года|год|ж|жыл|жылы)$")
_WORDS = re.compile(r"[^\W\d_]+|\d+")
_FROM = re.compile(r"^(с|со|from|من) ", re.IGNORECASE)
_FIRST_OF_TWO = re.compile(r"\d{1,2}(?:[./]\d{1,2})?\.?")


def is_month_first(spellings: Iterable[str], otherwise: bool | None = False) -> bool | None:
    """Return whether dates such as 12/31/2020 put the month first; `otherwise` where nothing decides."""
    pairs = [_YEAR_LAST.fullmatch(_bare(spelling)) for spelling in spellings]
    first = max((int(found[1]) for found in pairs if found), default=0)
    second = max((int(found[3]) for found in pairs if found), default=0)
    if max(first, second) <= 12:
        return otherwise
    return second > 12 >= first


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
    if text.isdecimal() and len(text) == 8:
        return _day(int(text[:4]), int(text[4:6]), int(text[6:])) or _day(int(text[4:]), int(text[2:4]), int(text[:2]))
    if (found := _SERIAL.fullmatch(text)) and int(found[1]) in EXCEL_SERIALS:
        return EXCEL_DAY_ZERO + timedelta(days=int(found[1]))
    if found := _YEAR_FIRST.fullmatch(text):
        return _day(int(found[1]), int(found[3]), int(found[4]))
    if found := _YEAR_LAST.fullmatch(text):
        first, second = int(found[1]), int(found[3])
        day, month = (second, first) if month_first else (first, second)
        return _day(_full_year(found[4]), month, day)
    return _by_words(text)


def is_several_days(spelling: str, month_first: bool = False) -> bool:
    """Return whether a spelling names a first and a last day: "05-07.06.2024", "с 5 по 7 июня 2024"."""
    text = _FROM.sub("", tidy(spelling))
    for join in _joins().finditer(text):
        first, last = text[: join.start()], text[join.end() :]
        month = re.split(r"\d", first, maxsplit=1)[0]
        if _begins(first, month_first) and any(parse_date(day, (), month_first) for day in (last, month + last)):
            return True
    return False


def _begins(text: str, month_first: bool) -> bool:
    """Return whether a text may be the first day of a range, whose month and year stand in the last one."""
    if _FIRST_OF_TWO.fullmatch(text) or parse_date(text, (), month_first):
        return True
    words = set(_WORDS.findall(folded(text)))
    return bool(words & _month_names().keys()) and any(word.isdecimal() for word in words)


@cache
def _joins() -> re.Pattern[str]:
    """Return what stands between two days: signs, and words with a blank on both sides."""
    joins = registry().notation["dates"]["joins"]
    words = "|".join(re.escape(join) for join in joins if join.isalpha())
    signs = "|".join(re.escape(join) for join in joins if not join.isalpha())
    return re.compile(rf" ?(?:{signs}) ?| (?:{words}) ", re.IGNORECASE)


def _bare(spelling: str) -> str:
    return _WORD_FOR_YEAR.sub("", _TIME_OF_DAY.sub("", tidy(spelling)).rstrip(".")).rstrip(".")


def _full_year(digits: str) -> int:
    year = int(digits)
    return year if len(digits) == 4 else year + (1900 if year >= FIRST_SHORT_YEAR else 2000)


def _by_format(text: str, form: str) -> date | None:
    try:
        return _in_range(datetime.strptime(text, form).date())
    except ValueError:
        return None


def _by_words(text: str) -> date | None:
    """Read "13 January 2011", "7-дек-20", "2020 жылғы 7 желтоқсан": the name of one month, one day, one year."""
    text = " ".join(_WORDS.findall(folded(text)))
    names = _names_of_months().findall(text)
    before, _, behind = (part.split() for part in _names_of_months().sub("|", text, count=1).partition("|"))
    numbers = [word for word in (*before, *behind) if word.isdecimal()]
    if len(names) != 1 or len(numbers) != 2 or not {*before, *behind} - {*numbers} <= _beside_dates():
        return None
    day, year = reversed(numbers) if len(numbers[0]) == 4 else numbers
    is_short = len(year) == 2 and (before[-1:], behind[:1]) == ([day], [year])
    if len(day) > 2 or len(year) != 4 and not is_short:
        return None
    return _day(_full_year(year), _month_names()[names[0]], int(day))


@cache
def _month_names() -> dict[str, int]:
    """Return every name of a month in the calendars, and those of notation.yml, folded, as its number."""
    names = {
        folded(name): number
        for calendar in CALENDARS
        for context in ("format", "stand-alone")
        for width in ("wide", "abbreviated")
        for number, name in Locale.parse(calendar).months[context][width].items()
    }
    others = registry().notation["dates"]["months"]
    return names | {folded(name): number for number, listed in others.items() for name in listed}


@cache
def _names_of_months() -> re.Pattern[str]:
    longest_first = sorted(_month_names(), key=len, reverse=True)
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, longest_first))})\b")


@cache
def _beside_dates() -> frozenset[str]:
    """Return the words, folded, that say nothing new beside a day, a month and a year: "года", "Monday"."""
    days = (
        day
        for language in LANGUAGES
        for width in ("wide", "abbreviated")
        for day in Locale.parse(language).days["format"][width].values()
    )
    return frozenset(part for word in (*registry().notation["dates"]["beside"], *days) for part in folded(word).split())


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return _in_range(date(year, month, day))
    except ValueError:
        return None


def _in_range(day: date) -> date | None:
    return day if FIRST_DAY <= day <= LAST_DAY else None

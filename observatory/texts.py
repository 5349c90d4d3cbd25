"""Texts, numbers and dates of one language: gettext catalogues for the sentences, CLDR for the rest."""

from __future__ import annotations

import datetime
import logging
import math
import os
import re
import unicodedata
from collections.abc import Iterable, Mapping
from decimal import Decimal
from functools import cache
from pathlib import Path

from babel import Locale, dates, lists, numbers
from babel.messages.pofile import read_po

from observatory import DATA_FOLDER, LANGUAGES, NOT_STATED, TOTAL
from observatory.dimensions import Dimension
from observatory.errors import UsageError
from observatory.registry import Unit, registry
from observatory.registry_faults import PLURAL_FORMS

LOCALE_FOLDER = DATA_FOLDER / "locale"
STRICT = "ASAR_STRICT_TEXTS"  # set in tests: a missing text raises instead of being shown in English

CLDR_LOCALES = {"en": "en_001"}  # dates as most of the world writes them: 2 November 2026
IN_FULL_BELOW = 10_000  # from here on numbers with significant digits are written with a word: "12.3 thousand"
MINUS, LEFT_TO_RIGHT, NO_BREAK, EN_DASH, WORD_JOINER = "\u2212", "\u200e", "\u00a0", "\u2013", "\u2060"
ISOLATE, POP = "\u2066", "\u2069"  # what stands between them runs from left to right
FIRST_STRONG_ISOLATE = "\u2068"  # what stands between it and POP runs as its own first letter does
NAMES_IN_A_SENTENCE = 3


def mark(text: str) -> str:
    """Return the text unchanged: it is collected for translation here and said elsewhere."""
    return text


DIMENSION_NAMES = {
    "sector": mark("Sector"), "region": mark("Region"), "theme": mark("Theme"), "size": mark("Company size"),
    "form": mark("Form"), "ownership": mark("Ownership"), "holding": mark("Holding"),
    "year": mark("Year"), "month": mark("Month"), "years": mark("Years"),
}  # fmt: skip
TOTAL_NAMES = {
    "sector": mark("All sectors"), "region": mark("All regions"), "theme": mark("All themes"),
    "size": mark("All sizes"), "form": mark("All forms"), "ownership": mark("All kinds of ownership"),
    "holding": mark("All companies"),
}  # fmt: skip
NOT_STATED_NAMES = {
    "sector": mark("Sector not stated"), "region": mark("Region not stated"), "theme": mark("Theme not stated"),
    "size": mark("Size not stated"), "form": mark("Form not stated"), "ownership": mark("Ownership not stated"),
    "holding": mark("Holding not stated"),
}  # fmt: skip
HOLDING_NAMES = {"in_holding": mark("In a holding"), "alone": mark("Not in a holding")}


class MissingText(LookupError):
    """A text has no translation (or not all its plural forms) in a language; raised in strict mode only."""


class Texts:
    """Everything a reader reads in one language. Immutable; one per language and process, see `texts`.

    Args:
        language: kk, ru, en or ar.
        folder: holds <language>/LC_MESSAGES/asar.po.
        strict: a missing text raises MissingText; None asks the environment variable ASAR_STRICT_TEXTS each time.

    Raises:
        UsageError: the language is not one of these four.
    """

    def __init__(self, language: str, folder: Path = LOCALE_FOLDER, strict: bool | None = None):
        if language not in LANGUAGES:
            raise UsageError(
                "Language {language} is unknown. Choose one of {languages}.",
                language=language, languages=", ".join(LANGUAGES),
            )  # fmt: skip
        self.language = language
        self.locale = Locale.parse(CLDR_LOCALES.get(language, language))
        self.direction = "rtl" if self.locale.text_direction == "rtl" else "ltr"
        self._strict = strict
        self._catalogue = {} if language == "en" else _read_catalogue(folder / language / "LC_MESSAGES" / "asar.po")
        self._warned: set[object] = set()

    # Sentences

    def say(self, message: str, /, **values: object) -> str:
        """Return a sentence with its named values filled in; the values are plain text, never markup."""
        return self._translated(None, message).format(**values)

    def say_in(self, context: str, message: str, /, **values: object) -> str:
        """Return a sentence whose English is ambiguous; the context tells translators which meaning is meant."""
        return self._translated(context, message).format(**values)

    def say_n(self, one: str, many: str, count: float, /, **values: object) -> str:
        """Return the sentence for a count, in the plural form it takes; {n} is the count, formatted."""
        form = self._plural(count)
        if self.language == "en":
            template = one if form == "one" else many
        else:
            forms = self._catalogue.get((None, one), ())
            position = PLURAL_FORMS[self.language].index(form)
            if len(forms) != len(PLURAL_FORMS[self.language]) or not all(forms):
                self._missing(one)
                template = many
            else:
                template = forms[position]
        return template.format(**{"n": self.number(count), **values})

    def pick(self, mapping: Mapping[str, str]) -> str:
        """Return this language's entry of a fact written in all languages."""
        return mapping[self.language]

    def member(self, dimension: Dimension | str, code: str, short: bool = False) -> str:
        """Return the name of a code, "_T" and "_U" included.

        Args:
            dimension: of the edition; or the name of one that has no members of its own ("holding").
            code: a member, "_T" (everything) or "_U" (not stated).
            short: the name for an axis, where space is scarce.
        """
        name = dimension if isinstance(dimension, str) else dimension.name
        if code in (TOTAL, NOT_STATED):
            return self.say((TOTAL_NAMES if code == TOTAL else NOT_STATED_NAMES)[name])
        if isinstance(dimension, str):
            return self.say(HOLDING_NAMES[code])
        if code in dimension.rests:
            return self.say("{name}: not stated further", name=self.member(dimension, dimension.rests[code], short))
        member = dimension.members[code]
        return self.pick(member.shorts if short else member.names)

    def dimension(self, name: str) -> str:
        """Return the heading of a dimension: "Region"."""
        return self.say(DIMENSION_NAMES[name])

    def unit(self, unit_id: str) -> str:
        """Return the word or sign of a unit as a heading shows it: "hours", "%"."""
        return self.pick(registry().units[unit_id].suffix)

    def as_sent(self, text: str) -> str:
        """Return words from the data for a sentence: set apart where they hold letters of the other direction."""
        other = ("R", "AL") if self.direction == "ltr" else ("L",)
        is_foreign = any(unicodedata.bidirectional(sign) in other for sign in text)
        return f"{FIRST_STRONG_ISOLATE}{text}{POP}" if is_foreign else text

    def names(self, items: Iterable[str]) -> str:
        """Return a list in words: "A, B and C"; of more than three, two and how many more."""
        items = list(items)
        if len(items) > NAMES_IN_A_SENTENCE:
            first, second = items[:2]
            return self.say_n(
                "{first}, {second} and {n} more", "{first}, {second} and {n} more", len(items) - 2,
                first=first, second=second,
            )  # fmt: skip
        return lists.format_list(items, locale=self.locale)

    # Numbers

    def number(self, value: float, digits: int | None = None) -> str:
        """Return a number; without `digits` whole from 100 and one decimal below, if it has any."""
        value = _checked(value)
        if digits is None:
            digits = 0 if abs(value) >= 100 or float(value).is_integer() else 1
        pattern = "#,##0" + ("." + "0" * digits if digits else "")
        return self._signed(numbers.format_decimal(round(value, digits) + 0.0, pattern, locale=self.locale))

    def percent(self, value: float, digits: int | None = None) -> str:
        """Return a share (0 to 100): whole percent, below one percent with one decimal."""
        value = _checked(value)
        if digits is None:
            digits = 1 if 0 < abs(value) < 0.95 else 0
        blank = NO_BREAK if NO_BREAK in self.locale.percent_formats[None].pattern else ""
        return self.number(value, digits) + blank + "%"

    def points(self, value: float) -> str:
        """Return the change of a share in percentage points, with its sign: "+1.3 points"."""
        return self.say("{number} points", number=self._with_sign(value, self.number(value, 1), self.number(0, 1)))

    def change(self, value: float, kind: str) -> str:
        """Return a change with its sign: kind "percent" gives "+12%", kind "points" gives "+1.3 points"."""
        if kind == "points":
            return self.points(value)
        return self._with_sign(value, self.percent(value, 0), self.percent(0, 0))

    def amount(self, value: float, unit_id: str) -> str:
        """Return a value with its unit: "412 thousand hours", "14%", "21 companies"."""
        unit = registry().units[unit_id]
        if unit.kind == "percent":
            return self.percent(value, unit.decimals or None)
        number, form = self._written(value, unit)
        return unit.forms[self.language][form].format(number=number)

    def short_amount(self, value: float, unit_id: str) -> str:
        """Return a value as it stands on a mark, its unit being written elsewhere: "412 thousand", "14%"."""
        unit = registry().units[unit_id]
        return self.percent(value, unit.decimals or None) if unit.kind == "percent" else self._written(value, unit)[0]

    def magnitude(self, power: int) -> str:
        """Return the word for a power of ten, 3 or 6, as it stands before a unit: "thousand", "тыс."."""
        formats = self.locale.compact_decimal_formats
        short, long = (formats[width]["other"][str(10**power)].pattern for width in ("short", "long"))
        words = [pattern.replace("0", "").replace("'", "").replace(NO_BREAK, " ").strip() for pattern in (short, long)]
        return words[0] if len(words[0]) > 1 else words[1]

    # Dates

    def date(self, day: datetime.date) -> str:
        """Return a date in words: "2 November 2026"."""
        return dates.format_date(day, "long", locale=self.locale)

    def month(self, number: int, short: bool = False) -> str:
        """Return the name of a month, 1 to 12, as it stands alone; in Kazakh without the capital CLDR gives it then."""
        name = self.locale.months["stand-alone"]["abbreviated" if short else "wide"][number]
        return name.lower() if self.language == "kk" else name

    def month_range(self, first: int, last: int) -> str:
        """Return "January–October", or the one month."""
        return self.month(first) if first == last else f"{self.month(first)}{EN_DASH}{self.month(last)}"

    def year_range(self, first: int, last: int) -> str:
        """Return "2020–2024", or the one year."""
        return str(first) if first == last else self.span(str(first), str(last))

    def span(self, low: str, high: str) -> str:
        """Return "low–high"; between letters from right to left it still reads from low to high."""
        return self.left_to_right(f"{low}{EN_DASH}{high}")

    def left_to_right(self, text: str) -> str:
        """Return what reads from left to right, such as an id, so that it does among letters from right to left too."""
        return f"{ISOLATE}{text}{POP}" if self.direction == "rtl" else text

    def period(self, code: str | int, months: tuple[int, int] | None = None) -> str:
        """Return a period code ("2024", "2024-05") in words, or some months of a year: "January – October 2026"."""
        year, _, month = str(code).partition("-")
        first, last = months or ((int(month), int(month)) if month else (1, 12))
        if (first, last) == (1, 12) and not month:
            return year
        start, end = datetime.date(int(year), first, 1), datetime.date(int(year), last, 1)
        return dates.format_interval(start, end, "yMMMM", locale=self.locale)

    # How it is done

    def _translated(self, context: str | None, message: str) -> str:
        if self.language == "en":
            return message
        forms = self._catalogue.get((context, message))
        if not forms or not forms[0]:
            self._missing(message if context is None else (context, message))
            return message
        return forms[0]

    def _missing(self, message: object) -> None:
        catalogue = f"data/locale/{self.language}/LC_MESSAGES/asar.po"
        sentence = f"{catalogue}: no translation of {message!r}. Run `make texts` and fill it in."
        if os.environ.get(STRICT) if self._strict is None else self._strict:
            raise MissingText(sentence)
        if message not in self._warned:
            self._warned.add(message)
            logging.getLogger(__name__).warning(sentence)

    def _plural(self, value: float, digits: int | None = None) -> str:
        """Return the plural form of a number as it is written: "1 hour", but "1.0 hours"."""
        written = f"{value:.12g}" if digits is None else f"{value:.{digits}f}"
        return self.locale.plural_form(Decimal(written))

    def _signed(self, text: str) -> str:
        """Return the text with a true minus; in a right-to-left sentence the sign is held before its digits."""
        text = text.replace("-", MINUS).replace(LEFT_TO_RIGHT, "")
        return LEFT_TO_RIGHT + text if self.direction == "rtl" and text.startswith((MINUS, "+")) else text

    def _with_sign(self, value: float, text: str, zero: str) -> str:
        """Return the text with a plus where it says more than zero; the minus is there already."""
        return self._signed("+" + text) if value > 0 and text != zero else text

    def _written(self, value: float, unit: Unit) -> tuple[str, str]:
        """Return a value in a unit without its word, and the form of the unit's word that goes with it."""
        if unit.significant is None:
            return self.number(value, unit.decimals), self._plural(value, unit.decimals)
        rounded = float(f"{_checked(value):.{unit.significant}g}")
        if abs(rounded) < IN_FULL_BELOW:
            digits = 0 if abs(value) >= 10 or float(value).is_integer() else 1
            return self.number(value, digits), self._plural(value, digits)
        return self._in_words(rounded), "compact"

    def _in_words(self, value: float) -> str:
        """Return a rounded number with the word for thousand, million ... that CLDR has: "412 thousand"."""
        power = min(math.floor(math.log10(abs(value))), 14)
        mantissa = round(value / 10 ** (power - power % 3), 6)
        pattern = self.locale.compact_decimal_formats["long"][self._plural(mantissa)][str(10**power)].pattern
        number = self._signed(numbers.format_decimal(mantissa, "#,##0.###", locale=self.locale))
        return re.sub("0+", number, pattern).replace(" ", NO_BREAK)


@cache
def texts(language: str) -> Texts:
    """Return the texts of a language; the catalogue is read once in a process."""
    return Texts(language)


_MARKUP = re.compile(r"([\\`*_{}\[\]()#+\-.!|~<>$&])")
_SELF_LINKING = re.compile(r"(?i)(www(?=\\\.)|[:@](?=\S))")


def plain(text: str) -> str:
    """Return a name from the data escaped for Streamlit's markdown: it shows as typed, whatever it holds.

    A word joiner after ":", "@" and "www" keeps emoji, icons, addresses and directives from being made of it.
    """
    return _SELF_LINKING.sub(rf"\1{WORD_JOINER}", _MARKUP.sub(r"\\\1", " ".join(str(text).split())))


def _checked(value: float) -> float:
    if not math.isfinite(value):
        raise ValueError(f"{value} cannot be written as a number; say that it is hidden or not reported instead.")
    return value


def _read_catalogue(path: Path) -> dict[tuple[str | None, str], tuple[str, ...]]:
    """Return the translations of one catalogue by context and English text; "fuzzy" ones count as missing."""
    if not path.exists():
        return {}
    with path.open("rb") as file:
        messages = [message for message in read_po(file) if message.id and not message.fuzzy]
    return {
        (message.context, message.id[0] if message.pluralizable else message.id):
            tuple(message.string) if message.pluralizable else (message.string,)
        for message in messages
    }  # fmt: skip

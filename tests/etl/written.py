"""Numbers, days, yes and no and names as people write them; what an encoding has no letters for is written plainly."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from random import Random

from babel import Locale

Fits = Callable[[str], bool]
"""Says whether the encoding of a file has every letter of a text."""

NUMBERS = {
    "bare": ("", "."),
    "1234,5": ("", ","),
    "1 234,5": (" ", ","),
    "1\u00a0234,5": ("\u00a0", ","),
    "1\u2009234.5": ("\u2009", "."),
    "1,234.5": (",", "."),
    "1.234,5": (".", ","),
    "1'234.5": ("'", "."),
    "in Arabic": ("٬", "٫"),
    "multiplied": (" ", ","),
}
"""Ways of writing a number: the sign between groups of three and the one before decimals."""

MULTIPLIERS = ((1_000_000, ("млн", "млн.", "million", "مليون")), (1_000, ("тыс.", "мың", "thousand", "ألف")))
UNITS = {
    "hours": ("ч", "ч.", "часов", "сағат", "h", "hours", "ساعة"),
    "persons": ("чел.", "человек", "адам", "people", "شخص"),
    "currency": ("тг", "тенге", "теңге", "₸", "KZT", "tenge"),
}
TRUTHS = {
    "yes": ("yes", "no"), "Yes": ("Yes", "No"), "Y": ("Y", "N"), "TRUE": ("TRUE", "FALSE"), "true": ("true", "false"),
    "да": ("да", "нет"), "Да.": ("Да.", "Нет."), "ИӘ": ("ИӘ", "ЖОҚ"), "иә": ("иә", "жоқ"), "نعم": ("نعم", "لا"),
    "1": ("1", "0"), "1.0": ("1.0", "0.0"), "✓": ("✓", "✗"), "✔": ("✔", "нет"), "+": ("+", "нет"), "v": ("v", "no"),
    "ИСТИНА": ("ИСТИНА", "ЛОЖЬ"), "д": ("д", "н"),
}  # fmt: skip
DATES = (
    "2020-12-07", "07.12.2020", "7.12.2020", "07/12/2020", "12/07/2020", "07-12-2020", "07.12.20", "20201207",
    "07122020",
    "2020-12-07T09:30:00+05:00", "07.12.2020 г.", "7 декабря 2020", "7 дек. 2020",
    "2020 ж. 7 желтоқсан", "Mon, 07 Dec 2020",
    "December 7, 2020", "7-Dec-20", "٠٧/١٢/٢٠٢٠", "7 ديسمبر 2020", "7 كانون الأول 2020", "44172", "44172.5",
)  # fmt: skip
ALIKE = dict(zip("АВЕКМНОРСТХІаеорсухі", "ABEKMHOPCTXIaeopcyxi", strict=True))
ALIKE |= {latin: cyrillic for cyrillic, latin in ALIKE.items()} | {"ә": "ə", "Ү": "Y", "ө": "ö", "һ": "h"}
SOFT_HYPHEN = "\u00ad"
UNSEEN = ("\u200b", "\ufeff", "\u200f", "\u2060")
BLANKS = (" ", "  ", "\u00a0", "\u2009", "\u3000", "\t")
QUOTES = ("«{}»", "“{}”", "„{}“", '"{}"', "'{}'")
ARABIC_DIGITS = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")


@dataclass(frozen=True)
class Numbers:
    """One way of writing numbers in one file."""

    way: str
    currency: str
    fits: Fits

    def written(self, rng: Random, value: Decimal | int, is_whole: bool, unit: str | None) -> str:
        """Return a number as written, with a word for its unit where one is given."""
        number, word = Decimal(value), ""
        if self.way == "multiplied" and not is_whole:
            number, word = self._multiplied(rng, number)
        text = self._in_groups(number)
        if unit and (ways := [way for way in UNITS[unit] if self.fits(way)]):
            way = rng.choice(ways)
            return f"{way} {text}" if way == self.currency and not word else f"{text}{word} {way}"
        return text + word

    def _multiplied(self, rng: Random, number: Decimal) -> tuple[Decimal, str]:
        for factor, words in MULTIPLIERS:
            ways = [word for word in words if self.fits(word)]
            if number and ways and number % (factor // 100) == 0 and number >= factor:
                return number / factor, f" {rng.choice(ways)}"
        return number, ""

    def _in_groups(self, number: Decimal) -> str:
        gap, sign = NUMBERS[self.way]
        text = f"{number:,f}" if gap else f"{number:f}"
        if "." in text:
            text = text.rstrip("0").rstrip(".")
        grouped = text.translate(str.maketrans({",": gap, ".": sign}))
        if self.way == "in Arabic":
            grouped = grouped.translate(ARABIC_DIGITS)
        return grouped if self.fits(grouped) else text.replace(",", "").replace(".", sign if self.fits(sign) else ".")


def year(rng: Random, value: int, fits: Fits) -> str:
    """Return a year with the word for it."""
    return f"{value} {rng.choice([word for word in ('г.', 'год', 'ж.', 'жыл', 'year', 'م') if fits(word)])}"


def day(value: date, way: str, fits: Fits, month_first: bool) -> str:
    """Return a day in a way of writing it; in ISO where the encoding cannot, days first where nothing shows months."""
    en, ru, kk, ar, levant = (Locale.parse(name) for name in ("en", "ru", "kk", "ar", "ar_SY"))
    serial = (value - date(1899, 12, 30)).days
    texts = {
        "7.12.2020": f"{value.day}.{value.month}.{value.year}",
        "12/07/2020": f"{value:%m/%d/%Y}" if month_first else f"{value:%d/%m/%Y}",
        "07.12.2020": f"{value:%d.%m.%Y}", "07/12/2020": f"{value:%d/%m/%Y}", "07-12-2020": f"{value:%d-%m-%Y}",
        "07.12.20": f"{value:%d.%m.%y}", "20201207": f"{value:%Y%m%d}", "07122020": f"{value:%d%m%Y}",
        "2020-12-07T09:30:00+05:00": f"{value:%Y-%m-%d}T09:30:00+05:00", "07.12.2020 г.": f"{value:%d.%m.%Y} г.",
        "7 декабря 2020": f"{value.day} {_month(ru, value)} {value.year}",
        "7 дек. 2020": f"{value.day} {_month(ru, value, 'abbreviated')} {value.year}",
        "2020 ж. 7 желтоқсан": f"{value.year} ж. {value.day} {_month(kk, value)}",
        "Mon, 07 Dec 2020": ", ".join(
            (en.days["format"]["abbreviated"][value.weekday()], f"{value:%d} {_short(en, value)} {value.year}")
        ),
        "December 7, 2020": f"{_month(en, value)} {value.day}, {value.year}",
        "7-Dec-20": f"{value.day}-{_short(en, value)}-{value:%y}",
        "٠٧/١٢/٢٠٢٠": f"{value:%d/%m/%Y}".translate(ARABIC_DIGITS),
        "7 ديسمبر 2020": f"{value.day} {_month(ar, value)} {value.year}",
        "7 كانون الأول 2020": f"{value.day} {_month(levant, value)} {value.year}",
        "44172": str(serial), "44172.5": f"{serial}.5",
    }  # fmt: skip
    text = texts.get(way, value.isoformat())
    return text if fits(text) else value.isoformat()


def _month(locale: Locale, value: date, width: str = "wide") -> str:
    return locale.months["format"][width][value.month]


def _short(locale: Locale, value: date) -> str:
    return _month(locale, value, "abbreviated")


def truth(value: bool, way: str, fits: Fits) -> str:
    """Return yes or no in one of the ways of TRUTHS."""
    pair = TRUTHS[way] if all(map(fits, TRUTHS[way])) else TRUTHS["yes"]
    return pair[0] if value else pair[1]


def bin_number(rng: Random, digits: str) -> str:
    """Return an identification number as spreadsheets and people leave it."""
    return rng.choice((digits, digits.lstrip("0"), f"'{digits}", f"{digits[:6]} {digits[6:]}", f"{int(digits)}.0"))


def with_noise(rng: Random, text: str, noise: str) -> str:
    """Return a name with one sort of noise that changes nothing of what it means."""
    place = rng.randrange(len(text) + 1)
    if noise == "case":
        return rng.choice((text.upper(), text.lower(), text.capitalize()))
    if noise == "blanks":
        blank = rng.choice(BLANKS)
        return rng.choice((text + blank, blank + text, text.replace(" ", f" {blank}")))
    if noise == "dots":
        return text + rng.choice(".:,;")
    if noise == "quotes":
        return rng.choice(QUOTES).format(text)
    if noise == "lines":
        return text.replace(" ", "\n", 1)
    if noise == "unseen":
        is_inside = 0 < place < len(text) and text[place - 1 : place + 1].isalpha()
        sign = rng.choice((*UNSEEN, SOFT_HYPHEN) if is_inside else UNSEEN)
        return text[:place] + sign + text[place:]
    letters = [place for place, letter in enumerate(text) if letter in ALIKE]
    if not letters:
        return text
    place = rng.choice(letters)
    return text[:place] + ALIKE[text[place]] + text[place + 1 :]

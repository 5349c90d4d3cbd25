"""What each distinct spelling of a column means: a value, nothing known, or a fault with what helps to mend it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from rapidfuzz import fuzz, process

from etl.sources import Column, SourceDescription, folded_value
from etl.values import decimal_sign, is_month_first, is_several_days, parse_date, read_number, unit_words
from observatory.dimensions import Dimension
from observatory.fact_files import folded

ALIKE = 78  # of 100: below this a suggestion would mislead
SUGGESTIONS = 500  # unknown spellings of one column that get a suggestion

_WHOLE = re.compile(r"(\d+)[.,]0+")


@dataclass(frozen=True)
class Meaning:
    """What a spelling means: `value` as text that SQL can cast (None: not known), or the rule that it breaks."""

    value: str | None = None
    rule: str | None = None
    details: Mapping[str, Any] = field(default_factory=dict)


Reader = Callable[[Sequence[str]], list[Meaning]]
"""Gives the meaning of every distinct spelling of a column, in their order."""

UNKNOWN = Meaning()


def with_missing(source: SourceDescription, column: Column | None, is_typed: bool, read: Reader) -> Reader:
    """Return a reader that first takes out what means "not known" and what the description translates."""
    missing = source.missing | (column.missing if column else set()) | ({"nan"} if is_typed else set())
    values = column.values if column else {}

    def read_the_rest(spellings: Sequence[str]) -> list[Meaning]:
        plain = [folded_value(spelling) for spelling in spellings]
        known = [spelling for spelling, text in zip(spellings, plain, strict=True) if text not in missing]
        meant = [values.get(folded_value(spelling), spelling) for spelling in known]
        meanings = iter(read(meant))
        return [UNKNOWN if text in missing else next(meanings) for text in plain]

    return read_the_rest


def read_texts(spellings: Sequence[str]) -> list[Meaning]:
    """Texts mean themselves."""
    return [Meaning(" ".join(spelling.split())) for spelling in spellings]


def number_reader(
    source: SourceDescription, is_whole: bool, unit: str | None = None, currency: str = "", decimal: str = "."
) -> Reader:
    """Return a reader of numbers.

    Args:
        source: what it says about the signs in numbers goes before what the spellings show.
        is_whole: whether fractions are faulty.
        unit: of the field in tables.yml; its words may stand beside the number.
        currency: of the edition, where the unit is "currency".
        decimal: the sign before decimals where neither the source nor the spellings say which.
    """
    words = unit_words(unit, currency)
    name = currency.lower() if unit == "currency" else unit

    def read(spellings: Sequence[str]) -> list[Meaning]:
        sign = source.format.decimal or decimal_sign(sorted(spellings), decimal)
        return [
            meaning_of(read_number(spelling, sign, source.format.thousands, words, unit == "currency"))
            for spelling in spellings
        ]

    def meaning_of(number: Decimal | str) -> Meaning:
        if number == "other_unit":
            return Meaning(rule="other_unit", details={"unit": name})
        if isinstance(number, str):
            return Meaning(rule=number)
        if is_whole and number != number.to_integral_value():
            return Meaning(rule="not_whole")
        return Meaning(format(number, "f"))

    return read


def date_reader(source: SourceDescription, month_first: bool = False) -> Reader:
    """Return a reader of dates; `month_first` where the spellings do not show whether the month comes first."""

    def read(spellings: Sequence[str]) -> list[Meaning]:
        first = is_month_first(spellings, month_first)
        return [meaning_of(spelling, first) for spelling in spellings]

    def meaning_of(spelling: str, first: bool) -> Meaning:
        if day := parse_date(spelling, source.format.dates, first):
            return Meaning(day.isoformat())
        return Meaning(rule="several_days" if is_several_days(spelling, first) else "not_a_date")

    return read


def choice_reader(codes: Mapping[str, Sequence[str]], rule: str = "unknown_code") -> Reader:
    """Return a reader of a short list of codes, given with their spellings; `rule` names what fits none of them."""
    known = {folded(spelling): code for code, spellings in codes.items() for spelling in (code, *spellings)}

    def read(spellings: Sequence[str]) -> list[Meaning]:
        codes = (known.get(folded(whole(spelling)), known.get(spelling.strip())) for spelling in spellings)
        return [Meaning(code) if code else Meaning(rule=rule) for code in codes]

    return read


def code_reader(dimension: Dimension) -> Reader:
    """Return a reader of a dimension's codes, names in all languages and aliases; sizes also by a headcount."""
    known = dimension.spellings

    def read(spellings: Sequence[str]) -> list[Meaning]:
        suggest = suggestions(known)
        meanings = []
        for spelling in spellings:
            codes = known.get(folded(whole(spelling)), ())
            if len(codes) == 1:
                meanings.append(Meaning(codes[0]))
            elif codes:
                found = {"dimension": dimension.name, "candidates": list(codes)}
                meanings.append(Meaning(rule="ambiguous_code", details=found))
            elif code := _class_of(dimension, spelling):
                meanings.append(Meaning(code))
            else:
                like = suggest(spelling)
                found = {"dimension": dimension.name} | ({"suggestion": known[like][0]} if like else {})
                meanings.append(Meaning(rule="unknown_code", details=found))
        return meanings

    return read


def whole(spelling: str) -> str:
    """Return a spelling without the ".0" that programs put behind codes that consist of digits."""
    found = _WHOLE.fullmatch(spelling.strip())
    return found[1] if found else spelling


def _class_of(dimension: Dimension, spelling: str) -> str | None:
    """Return the class a bare headcount falls into, for dimensions whose members have bounds."""
    number = read_number(spelling, units=unit_words("persons", ""))
    if isinstance(number, str) or number != number.to_integral_value():
        return None
    for member in dimension.members.values():
        least, most = member.extras.get("min_headcount"), member.extras.get("max_headcount")
        if member.level == dimension.levels[0] and least and int(least) <= number and (not most or number <= int(most)):
            return member.code
    return None


def suggestions(known: Mapping[str, Any]) -> Callable[[str], str | None]:
    """Return what gives the known spelling most like another, for the first so many that ask."""
    choices, asked = sorted(known), iter(range(SUGGESTIONS))

    def suggest(spelling: str) -> str | None:
        if next(asked, None) is None:
            return None
        found = process.extractOne(folded(spelling), choices, scorer=fuzz.WRatio, score_cutoff=ALIKE)
        return found[0] if found else None

    return suggest

"""What each distinct spelling of a column means: a value, nothing known, or a fault with what helps to mend it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from rapidfuzz import fuzz, process

from etl.sources import Column, SourceDescription, folded_value
from etl.values import decimal_sign, is_month_first, parse_date, parse_number
from observatory.editions import Dimension
from observatory.fact_files import folded

ALIKE = 78  # of 100: below this a suggestion would mislead
SUGGESTIONS = 500  # unknown spellings of one column that get a suggestion
BIN_DIGITS = 12


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


def number_reader(source: SourceDescription, is_whole: bool) -> Reader:
    """Return a reader of numbers; the sign before decimals is the source's, else what the spellings show."""

    def read(spellings: Sequence[str]) -> list[Meaning]:
        sign = source.format.decimal or decimal_sign(sorted(spellings))
        meanings = []
        for spelling in spellings:
            number = parse_number(spelling, sign, source.format.thousands)
            if number is None:
                meanings.append(Meaning(rule="not_a_number"))
            elif is_whole and number != number.to_integral_value():
                meanings.append(Meaning(rule="not_whole"))
            else:
                meanings.append(Meaning(format(number, "f")))
        return meanings

    return read


def date_reader(source: SourceDescription) -> Reader:
    """Return a reader of dates; whether the month comes first is what the spellings show."""

    def read(spellings: Sequence[str]) -> list[Meaning]:
        month_first = is_month_first(spellings)
        days = (parse_date(spelling, source.format.dates, month_first) for spelling in spellings)
        return [Meaning(day.isoformat()) if day else Meaning(rule="not_a_date") for day in days]

    return read


def choice_reader(codes: Mapping[str, Sequence[str]], rule: str = "unknown_code") -> Reader:
    """Return a reader of a short list of codes, given with their spellings; `rule` names what fits none of them."""
    known = {folded(spelling): code for code, spellings in codes.items() for spelling in (code, *spellings)}

    def read(spellings: Sequence[str]) -> list[Meaning]:
        codes = (known.get(folded(spelling), known.get(spelling.strip())) for spelling in spellings)
        return [Meaning(code) if code else Meaning(rule=rule) for code in codes]

    return read


def code_reader(dimension: Dimension) -> Reader:
    """Return a reader of a dimension's codes, names in all languages and aliases; sizes also by a headcount."""
    known = dimension.spellings

    def read(spellings: Sequence[str]) -> list[Meaning]:
        suggest = _suggestions(known)
        meanings = []
        for spelling in spellings:
            codes = known.get(folded(spelling), ())
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


def _class_of(dimension: Dimension, spelling: str) -> str | None:
    """Return the class a bare headcount falls into, for dimensions whose members have bounds."""
    number = parse_number(spelling)
    if number is None:
        return None
    for member in dimension.members.values():
        least, most = member.extras.get("min_headcount"), member.extras.get("max_headcount")
        if member.level == dimension.levels[0] and least and int(least) <= number and (not most or number <= int(most)):
            return member.code
    return None


class Directory:
    """The organisations of one kind that are known, by number, by identification number (BIN) and by name.

    Args:
        table: company or ngo.
        rows: id, bin (or None), names: of each.
    """

    def __init__(self, table: str, rows: Iterable[tuple[str, str | None, Sequence[str]]]):
        self.table = table
        self._by: dict[str, dict[str, set[str]]] = {"id": {}, "bin": {}, "name": {}}
        self._names: dict[str, str] = {}
        for number, bin_, names in rows:
            self._by["id"].setdefault(number, set()).add(number)
            if bin_:
                self._by["bin"].setdefault(_digits(bin_), set()).add(number)
            for name in names:
                self._by["name"].setdefault(folded(name), set()).add(number)
                self._names.setdefault(folded(name), name)

    def reader(self, kind: str, creates: bool) -> Reader:
        """Return a reader of spellings in a column of numbers ("id"), BINs ("bin") or names ("name").

        Whatever the column is called, a number, a BIN or a name in it is understood. With `creates` a spelling that
        is not known becomes a new organisation.
        """

        def read(spellings: Sequence[str]) -> list[Meaning]:
            suggest = _suggestions(self._by["name"])
            meanings = []
            for spelling in spellings:
                numbers = self._numbers(spelling)
                if len(numbers) == 1:
                    meanings.append(Meaning(next(iter(numbers))))
                elif numbers:
                    meanings.append(Meaning(rule="ambiguous_code", details={"candidates": sorted(numbers)}))
                elif creates:
                    meanings.append(Meaning(new_number(self.table, kind, spelling)))
                else:
                    like = suggest(spelling)
                    found = {"suggestion": self._names[like]} if like else {}
                    meanings.append(Meaning(rule="unknown_reference", details=found))
            return meanings

        return read

    def _numbers(self, spelling: str) -> set[str]:
        text = spelling.strip()
        return (
            self._by["id"].get(text)
            or (self._by["bin"].get(_digits(text)) if text.isdigit() else None)
            or self._by["name"].get(folded(text))
            or set()
        )


def new_number(table: str, kind: str, spelling: str) -> str:
    """Return the number of an organisation that is first met in another table: its own, or one made of its name."""
    if kind == "id":
        return spelling.strip()
    if kind == "bin":
        return _digits(spelling)
    return table[0] + hashlib.md5(folded(spelling).encode(), usedforsecurity=False).hexdigest()[:12]


def _digits(text: str) -> str:
    """Return a BIN with the zeros at its front that a spreadsheet takes away."""
    return text.strip().zfill(BIN_DIGITS) if text.strip().isdigit() else text.strip()


def _suggestions(known: Mapping[str, Any]) -> Callable[[str], str | None]:
    """Return what gives the known spelling most like another, for the first so many that ask."""
    choices, asked = sorted(known), iter(range(SUGGESTIONS))

    def suggest(spelling: str) -> str | None:
        if next(asked, None) is None:
            return None
        found = process.extractOne(folded(spelling), choices, scorer=fuzz.WRatio, score_cutoff=ALIKE)
        return found[0] if found else None

    return suggest

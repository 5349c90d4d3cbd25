"""The organisations that are known, and which of them a number, a BIN or a name in a cell means."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence
from functools import cache

from etl.meaning import Meaning, Reader, suggestions, whole
from etl.values import parse_number
from observatory.fact_files import folded, visible
from observatory.registry import registry

BIN_DIGITS = 12

_ERROR = re.compile(r"#[^\W\d_]+(?:/[^\W\d_]+|/0[!?]|[!?])")
"""What a spreadsheet shows in place of a value, in any language: "#N/A", "#REF!", "#ИМЯ?"."""

_SHORTENED = re.compile(r"\d[.,]?(\d*)[eE]\+(\d{1,2})")


class Directory:
    """The organisations of one kind that are known, by number, by identification number (BIN) and by name.

    Args:
        table: company or ngo.
        rows: id, bin (or None), names: of each.
    """

    def __init__(self, table: str, rows: Iterable[tuple[str, str | None, Sequence[str]]]):
        self.table = table
        kinds = ("id", "bin", "name", "kind and name", "bare name")
        self._by: dict[str, dict[str, set[str]]] = {kind: {} for kind in kinds}
        self._names: dict[str, str] = {}
        for number, bin_, names in rows:
            self._by["id"].setdefault(number, set()).add(number)
            if bin_:
                self._by["bin"].setdefault(_comparable(bin_), set()).add(number)
            for name in names:
                plain = folded(name)
                bare, forms = without_legal_form(plain)
                self._by["name"].setdefault(plain, set()).add(number)
                self._by["kind and name"].setdefault(f"{bare} {forms}", set()).add(number)
                self._by["bare name"].setdefault(bare, set()).add(number)
                self._names.setdefault(plain, name)

    def reader(self, kind: str, creates: bool) -> Reader:
        """Return a reader of spellings in a column of numbers ("id"), BINs ("bin") or names ("name").

        Whatever the column is called, a number, a BIN or a name in it is understood. With `creates` a spelling that
        is not known becomes a new organisation, unless it stands in a column of names and is none.
        """

        def read(spellings: Sequence[str]) -> list[Meaning]:
            suggest = suggestions(self._by["name"])
            meanings = []
            for spelling in spellings:
                numbers = self._numbers(spelling)
                if len(numbers) == 1:
                    meanings.append(Meaning(next(iter(numbers))))
                elif numbers:
                    meanings.append(Meaning(rule="ambiguous_code", details={"candidates": sorted(numbers)}))
                elif kind == "bin" and has_lost_digits(spelling):
                    meanings.append(Meaning(rule="digits_lost"))
                elif creates and kind == "name" and is_nobody(spelling):
                    meanings.append(Meaning(rule="not_a_name"))
                elif creates:
                    meanings.append(Meaning(new_number(self.table, kind, spelling)))
                else:
                    like = None if is_number(spelling) else suggest(spelling)
                    found = {"suggestion": self._names[like]} if like else {}
                    meanings.append(Meaning(rule="unknown_reference", details=found))
            return meanings

        return read

    def _numbers(self, spelling: str) -> set[str]:
        """Return the organisations that a spelling may mean.

        A name goes before the same name with its legal form elsewhere or in another language, this before the same
        name with another legal form or none.
        """
        if numbers := self._by["id"].get(visible(spelling).strip()):
            return numbers
        number, name = identification_number(spelling), folded(spelling)
        bare, forms = without_legal_form(name)
        return (
            (self._by["bin"].get(_comparable(number)) if number.isdigit() else None)
            or self._by["name"].get(name)
            or self._by["kind and name"].get(f"{bare} {forms}")
            or self._by["bare name"].get(bare)
            or set()
        )


def new_number(table: str, kind: str, spelling: str) -> str:
    """Return the number of an organisation that is first met in another table: its own, or one made of its name."""
    if kind == "id":
        return visible(spelling).strip()
    if kind == "bin":
        return _comparable(identification_number(spelling))
    name = " ".join(without_legal_form(folded(spelling))).strip()
    return table[0] + hashlib.md5(name.encode(), usedforsecurity=False).hexdigest()[:12]


def read_identification_numbers(spellings: Sequence[str]) -> list[Meaning]:
    """Identification numbers mean their digits, but for those that a spreadsheet has rounded."""
    return [
        Meaning(rule="digits_lost") if has_lost_digits(spelling) else Meaning(identification_number(spelling))
        for spelling in spellings
    ]


def identification_number(spelling: str) -> str:
    """Return an identification number without the blanks and apostrophes that people set between or before digits."""
    text = " ".join(visible(spelling).split())
    digits = re.sub(r"[ '’`]", "", whole(text))
    if _SHORTENED.fullmatch(digits) and not has_lost_digits(digits):
        return format(parse_number(digits.replace(",", ".")), "f")
    return digits if digits.isdigit() else text


def is_number(spelling: str) -> bool:
    """Return whether a spelling is a number such as "C0417", in which there is no name to be found."""
    return sum(map(str.isdigit, spelling)) > sum(map(str.isalpha, spelling))


def is_nobody(spelling: str) -> bool:
    """Return whether no organisation can be so called: without a letter, an error of a spreadsheet, or "not known"."""
    text = visible(spelling).strip()
    has_letter = any(map(str.isalpha, text))
    return not has_letter or bool(_ERROR.fullmatch(text)) or folded(text) in _nobody()


def has_lost_digits(spelling: str) -> bool:
    """Return whether a spreadsheet has rounded a number to "1.2345E+11"."""
    found = _SHORTENED.fullmatch(visible(spelling).strip())
    return bool(found) and len(found[1]) < int(found[2])


def _comparable(number: str) -> str:
    """Return an identification number with the zeros at its front that a spreadsheet takes away."""
    digits = identification_number(number)
    return digits.zfill(BIN_DIGITS) if digits.isdigit() else digits


def without_legal_form(name: str) -> tuple[str, str]:
    """Return a folded name of an organisation without its legal forms, and the kinds that these are."""
    bare, kinds = name, set()
    while found := _before().match(bare) or _behind().search(bare):
        kinds.add(_kinds()[found[1]])
        bare = bare[: found.start()] or bare[found.end() :]
    return bare, " ".join(sorted(kinds))


@cache
def _kinds() -> dict[str, str]:
    """Return the kind of every legal form in every language, folded."""
    return {folded(form): kind for kind, forms in registry().notation["legal_forms"].items() for form in forms}


@cache
def _nobody() -> frozenset[str]:
    return frozenset(map(folded, registry().notation["nobody"]))


@cache
def _before() -> re.Pattern[str]:
    return re.compile(rf"({_forms()}) (?=.)")


@cache
def _behind() -> re.Pattern[str]:
    return re.compile(rf"(?<=.) ({_forms()})$")


def _forms() -> str:
    return "|".join(map(re.escape, sorted(_kinds(), key=len, reverse=True)))

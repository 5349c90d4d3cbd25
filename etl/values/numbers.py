"""Numbers: groups of three, either sign before the decimals, and the words that stand before and behind them."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import cache

from etl.values.tidy import tidy
from observatory.fact_files import folded
from observatory.registry import registry

LARGEST_NUMBER = Decimal(10) ** 15

_BARE = re.compile(r"[+-]?\d+(\.\d+)?")
_DIGITS = re.compile(r"[+-]? ?[.,]?\d(?:[\d.,'’ ]*[\d.,])?(?:[eE][+-]?\d{1,2}(?!\d))?")
_IN_GROUPS = re.compile(r"\d{1,3}(?P<gap>[ '’.,])\d{3}(?:(?P=gap)\d{3})*")
_LOOSE_GROUPS = re.compile(r"\d{1,3}(?:[ '’](?:\d{3})+)+|\d{4,6}[ '’](?:\d{3}){2,}")
_SIGN_AND_BLANK = re.compile(r"([.,]) ")
_PLAIN = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d{1,2})?")
_RANGE = re.compile(r"\d ?(?:[-–—/]|\.\.+|…) ?\d")
_AT_THE_END = re.compile(r"\d ?\+")
_CURRENCY_SIGN = re.compile(r"([^\w\s.,;:()'’+-])")


@dataclass(frozen=True)
class _Written:
    """A number as written: its digits with signs and groups, the words around it, folded; `is_owed` in parentheses."""

    digits: str
    before: str
    behind: str
    is_owed: bool


def decimal_sign(spellings: Iterable[str], otherwise: str | None = ".") -> str | None:
    """Return "," or ".": the sign that separates decimals in these spellings of numbers.

    A sign with anything but groups of three digits after it separates decimals; so does the last of two different
    signs, and the one behind groups set apart by blanks. Where nothing decides it is `otherwise`.
    """
    for spelling in spellings:
        written = _written(spelling)
        if written is None:
            continue
        text = written.digits.lstrip("+- ").partition("e")[0].replace(" ", "").replace("'", "").replace("’", "")
        last = max(text.rfind(","), text.rfind("."))
        if last < 0 or not text.replace(",", "").replace(".", "").isdigit():
            continue
        sign, other = text[last], "." if text[last] == "," else ","
        if text.count(sign) == 1 and (other in text or len(text) - last - 1 != 3 or last > 3 or text[0] == "0"):
            return sign
        if text.count(sign) > 1:
            return other
    return otherwise


def parse_number(spelling: str, decimal: str = ".", thousands: str | None = None) -> Decimal | None:
    """Return the number, or None where the spelling is none, or one with words beside it.

    Args:
        spelling: "1 234,5", "203 039000", "108, 031,000", "1'234.50", "(500)", "1.5E+3", "١٢".
        decimal: the sign before the decimals, "." or ",".
        thousands: the sign between groups of three; None takes the other of "." and ",", blanks and apostrophes.
    """
    number = read_number(spelling, decimal, thousands)
    return number if isinstance(number, Decimal) else None


def read_number(
    spelling: str,
    decimal: str = ".",
    thousands: str | None = None,
    units: Collection[str] = frozenset(),
    is_money: bool = False,
) -> Decimal | str:
    """Return the number, or the rule that the spelling breaks: not_a_number, not_exact, other_unit.

    Args:
        spelling: as in `parse_number`, and "12,5 ч", "5 000 ₸", "KZT 5,000", "2,5 тыс. тг".
        decimal, thousands: as in `parse_number`.
        units: the words, folded, that say nothing new beside the number; see `unit_words`.
        is_money: whether "k" and "m" behind the number multiply it: "1.2m".
    """
    text = tidy(spelling)
    if _BARE.fullmatch(text) and ("." not in text or decimal == "."):
        number = Decimal(text)
        return number if abs(number) < LARGEST_NUMBER else "not_a_number"
    written = _written(spelling)
    if written is None:
        return "not_exact" if _is_inexact(text) else "not_a_number"
    number = _value(written.digits, decimal, thousands)
    factor, unit = _factor_and_unit(written.behind, is_money)
    words = {word for word in (written.before, unit) if word}
    if words and _is_inexact(text):
        return "not_exact"
    if number is None or not words <= _every_unit() | units:
        return "not_a_number"
    if not words <= units:
        return "other_unit" if units else "not_a_number"
    number *= -factor if written.is_owed else factor
    return number if abs(number) < LARGEST_NUMBER else "not_a_number"


@cache
def unit_words(unit: str | None, currency: str) -> frozenset[str]:
    """Return the words, folded, for a unit of tables.yml: "hours", "persons", "currency" ...; none without a unit."""
    name = currency if unit == "currency" else unit
    known = registry().notation["units"].get(name, ()) if name else ()
    return frozenset(map(folded, (*known, *([currency] if unit == "currency" else ()))))


@cache
def _every_unit() -> frozenset[str]:
    units = registry().notation["units"]
    return frozenset(folded(word) for unit, words in units.items() for word in (unit, *words))


@cache
def _multipliers(is_money: bool) -> dict[str, int]:
    notation = registry().notation
    every = (*notation["multipliers"].items(), *(notation["money_multipliers"].items() if is_money else ()))
    return {folded(word): factor for factor, words in every for word in words}


@cache
def _inexact_words() -> re.Pattern[str]:
    words = sorted(map(folded, registry().notation["inexact"]["words"]), key=len, reverse=True)
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, words))})\b")


def _is_inexact(text: str) -> bool:
    """Return whether a text is a number and something that makes it an estimate or a range."""
    if not any(sign.isdigit() for sign in text):
        return False
    is_signed = any(sign in text for sign in registry().notation["inexact"]["signs"]) or _AT_THE_END.search(text)
    return bool(is_signed or _inexact_words().search(folded(text))) or len(_RANGE.findall(text)) == 1


def _written(spelling: str) -> _Written | None:
    """Take a spelling apart; None where it holds no number, or several."""
    text = tidy(spelling)
    is_owed = text.startswith("(") and text.endswith(")")
    text = text[1:-1].strip() if is_owed else text
    found = _DIGITS.search(text)
    if not found or is_owed and found[0][0] in "+-":
        return None
    before, behind = text[: found.start()], text[found.end() :]
    if any(sign.isdigit() or sign in "+-(" for sign in before + behind):
        return None
    return _Written(found[0].replace("E", "e"), _words(before), _words(behind), is_owed)


def _words(text: str) -> str:
    """Return words folded; a sign of a currency is a word though no blank stands before it."""
    return folded(_CURRENCY_SIGN.sub(r" \1 ", text))


def _factor_and_unit(behind: str, is_money: bool) -> tuple[int, str]:
    first, _, rest = behind.partition(" ")
    factor = _multipliers(is_money).get(first)
    return (factor, rest) if factor else (1, behind)


def _value(digits: str, decimal: str, thousands: str | None) -> Decimal | None:
    """Return the value of digits with signs and groups; None where the groups are none."""
    mantissa, exponent_sign, exponent = digits.replace("- ", "-").replace("+ ", "+").partition("e")
    whole, sign, decimals = _without_slips(mantissa.strip()).partition(decimal)
    minus, whole = ("-", whole[1:]) if whole.startswith("-") else ("", whole.removeprefix("+"))
    gaps = {gap for gap in whole if not gap.isdigit()}
    allowed = {thousands or ("." if decimal == "," else ","), " ", "'", "’"}
    if gaps and not (gaps <= allowed and (_IN_GROUPS.fullmatch(whole) or _LOOSE_GROUPS.fullmatch(whole))):
        return None
    text = minus + "".join(filter(str.isdigit, whole)) + ("." + decimals if sign else "")
    text += exponent_sign + exponent
    if not _PLAIN.fullmatch(text):
        return None
    try:
        return Decimal(text)
    except InvalidOperation:
        return None


def _without_slips(digits: str) -> str:
    """Return groups of three without a blank that slipped behind one of their signs: "108, 031,000"."""
    closed = _SIGN_AND_BLANK.sub(r"\1", digits)
    is_slip = _IN_GROUPS.fullmatch(closed.lstrip("+-")) and re.search(r"[.,]\d", digits)
    return closed if is_slip else digits

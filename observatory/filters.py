"""The reader's choice, frozen: it gives the address, the sentence for a caption and the parameters of a query."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from observatory import NOT_STATED
from observatory.dimensions import Dimension
from observatory.editions import Edition

if TYPE_CHECKING:
    from observatory.texts import Texts

FILTERED = ("sector", "region", "theme", "size")
"""The dimensions a reader can choose codes of, in the order in which a choice is read out."""

SEPARATOR = "~"  # between values in an address: never escaped there, and in no code


@dataclass(frozen=True)
class Filters:
    """What a reader has chosen. Equal choices are equal objects, so it is a cache key as it is.

    years: first and last year, both included. span: the years of the snapshot, what `years` is without a choice.
    sector, region, theme, size: codes of one level each, "_U" (not stated) beside any; empty is everything.
    """

    years: tuple[int, int]
    sector: tuple[str, ...] = ()
    region: tuple[str, ...] = ()
    theme: tuple[str, ...] = ()
    size: tuple[str, ...] = ()
    span: tuple[int, int] | None = None

    def __post_init__(self):
        object.__setattr__(self, "years", (min(self.years), max(self.years)))
        for name in FILTERED:
            object.__setattr__(self, name, tuple(sorted(set(getattr(self, name)))))

    @classmethod
    def from_address(
        cls, params: Mapping[str, str | Sequence[str]], edition: Edition, first_year: int, last_year: int
    ) -> Filters:
        """Return the choice that an address carries; whatever in it is unknown or impossible is left out.

        Args:
            params: as in "?years=2020~2024&region=KZ-23~KZ-47"; of a repeated name the last value counts.
            first_year, last_year: of the snapshot.
        """
        span = (first_year, last_year)
        choices = {name: _codes(_text(params.get(name)), edition.dimensions[name]) for name in FILTERED}
        return cls(years=_years(_text(params.get("years")), span), span=span, **choices)

    def to_address(self) -> dict[str, str]:
        """Return the parameters that make this choice from an address; what is not restricted is left out."""
        years = {} if self.years == self.span else {"years": SEPARATOR.join(str(year) for year in self.years)}
        return years | {name: SEPARATOR.join(getattr(self, name)) for name in self.chosen()}

    @property
    def is_default(self) -> bool:
        """True where nothing is chosen."""
        return not self.to_address()

    def chosen(self) -> tuple[str, ...]:
        """Return the dimensions of which codes are chosen; the years are not among them."""
        return tuple(name for name in FILTERED if getattr(self, name))

    def codes(self, dimension: str) -> tuple[str, ...]:
        """Return the chosen codes of any dimension; empty is everything."""
        return getattr(self, dimension) if dimension in FILTERED else ()

    def sentence(self, texts: Texts, edition: Edition) -> str:
        """Return the choice in words: "2020–2024 · Mining and energy · Atyrau region"."""
        return " · ".join((texts.year_range(*self.years), *self.names(texts, edition)))

    def names(self, texts: Texts, edition: Edition) -> list[str]:
        """Return the names of the chosen codes, those of one dimension together."""
        return [
            texts.names(texts.member(edition.dimensions[name], code) for code in in_order(self.codes(name), dimension))
            for name in self.chosen() if (dimension := edition.dimensions[name])
        ]  # fmt: skip

    def toggled(self, dimension: str, code: str, edition: Edition) -> Filters:
        """Return the choice after a click on a code: out if it was in, else in; codes of another level go."""
        codes = self.codes(dimension)
        if code in codes:
            return replace(self, **{dimension: tuple(other for other in codes if other != code)})
        facts = edition.dimensions[dimension]
        together = [other for other in codes if _level(other, facts) in ("", _level(code, facts)) or code == NOT_STATED]
        return replace(self, **{dimension: (*together, code)})

    def with_codes(self, dimension: str, codes: Sequence[str]) -> Filters:
        """Return the choice with other codes of one dimension."""
        return replace(self, **{dimension: tuple(codes)})

    def with_years(self, first: int, last: int) -> Filters:
        """Return the choice with other years."""
        return replace(self, years=(first, last))

    def without(self, dimension: str) -> Filters:
        """Return the choice with one part of it given up: a dimension, or "years"."""
        if dimension == "years":
            return replace(self, years=self.span or self.years)
        return replace(self, **{dimension: ()}) if dimension in FILTERED else self

    def cleared(self) -> Filters:
        """Return the choice of everything."""
        return Filters(years=self.span or self.years, span=self.span)


def in_order(codes: Sequence[str], dimension: Dimension) -> list[str]:
    """Return codes in the edition's own order, "_U" last."""
    places = {code: place for place, code in enumerate(dimension.members)}
    return sorted(codes, key=lambda code: places.get(code, len(places)))


def _level(code: str, dimension: Dimension) -> str:
    """Return the level of a code, "" for "_U", which goes with every level."""
    return "" if code == NOT_STATED else dimension.level_of(code)


def _has_cells(code: str, dimension: Dimension) -> bool:
    return code in (*dimension.members, NOT_STATED) and dimension.level_of(code) in dimension.levels


def _text(value: str | Sequence[str] | None) -> str:
    return value if isinstance(value, str) else value[-1] if value else ""


def _codes(text: str, dimension: Dimension) -> tuple[str, ...]:
    """Return the known codes of an address that share the level of the first; only levels that have cells count."""
    known = [code for code in text.split(SEPARATOR) if _has_cells(code, dimension)]
    levels = [level for code in known if (level := _level(code, dimension))]
    return tuple(code for code in known if _level(code, dimension) in ("", *levels[:1]))


def _years(text: str, span: tuple[int, int]) -> tuple[int, int]:
    """Return the years of an address within the span, or the span where there is no sense in them."""
    parts = text.split(SEPARATOR)
    if len(parts) > 2 or not all(part.isascii() and part.isdigit() and len(part) == 4 for part in parts):
        return span
    first, last = min(map(int, parts)), max(map(int, parts))
    if last < span[0] or first > span[1]:
        return span
    return max(first, span[0]), min(last, span[1])

"""The columns of a template: which fields a company fills in, under which headings, within which limits and lists."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from etl.meaning import Reader, choice_reader, code_reader
from etl.sources import SourceDescription
from etl.values.dates import LAST_DAY
from observatory import TOTAL
from observatory.dimensions import Dimension
from observatory.editions import Edition
from observatory.errors import EditionError
from observatory.registry import registry

KINDS = {"text": "text", "code": "choice", "boolean": "choice", "integer": "whole", "number": "number", "date": "date"}
"""What a type of tables.yml is in a template."""


@dataclass(frozen=True)
class Choice:
    """One entry of a drop-down list, the code that the loader makes of it, and the days between which it holds."""

    label: str
    code: str
    valid_from: date | None = None
    valid_to: date | None = None


@dataclass(frozen=True)
class TemplateColumn:
    """One column to fill in.

    Attributes:
        field: of tables.yml; `facts` is what stands there.
        heading: in the language of the template, without the star of a required one.
        kind: "text", "choice", "whole" (number), "number" or "date".
        minimum, maximum: of a number; None where there is no limit. A date has its first year as `minimum`.
        choices: the entries of its list, in their order.
        help: what to write, "" where heading and kind say enough.
        example: as it is typed: text, a number, a day; None where the cell is left empty in it.
    """

    field: str
    facts: Mapping[str, Any]
    heading: str
    kind: str
    is_required: bool
    minimum: float | None
    maximum: float | None
    choices: tuple[Choice, ...]
    help: str
    example: str | float | date | None

    @property
    def title(self) -> str:
        """The heading as it stands in the sheet: a star marks what is required."""
        return f"{self.heading} *" if self.is_required else self.heading


def columns_for(edition: Edition, source: SourceDescription, language: str) -> tuple[TemplateColumn, ...]:
    """Return the columns of the template for a source's table, in their order.

    Raises:
        EditionError: a code has no spelling of its own that could stand in a list.
    """
    names = registry().templates[source.table]["fields"]
    return tuple(
        _column(edition, source, name, language)
        for name in names
        if name in source.fields and _has_codes(edition, source.fields[name])
    )


def _has_codes(edition: Edition, facts: Mapping[str, Any]) -> bool:
    return "dimension" not in facts or bool(edition.dimensions[facts["dimension"]].members)


def _column(edition: Edition, source: SourceDescription, name: str, language: str) -> TemplateColumn:
    template, facts = registry().templates[source.table], source.fields[name]
    minimum, maximum = (_limit(edition, facts.get(key)) for key in ("min", "max"))
    if facts.get("observed"):
        minimum, maximum = edition.first_year, None if facts["type"] == "date" else LAST_DAY.year
    choices = tuple(_choices(edition, source.table, name, facts, language))
    return TemplateColumn(
        field=name,
        facts=facts,
        heading=facts["headings"][language][0],
        kind=KINDS[facts["type"]],
        is_required=name in template["required"] or bool(facts.get("required")),
        minimum=minimum,
        maximum=maximum,
        choices=choices,
        help=template["help"].get(name, {}).get(language, ""),
        example=_example(template["example"].get(name), choices, facts["type"], edition.first_year + 1, language),
    )


def _limit(edition: Edition, limit: float | str | None) -> float | None:
    return edition.limits.get(limit) if isinstance(limit, str) else limit


def _choices(edition: Edition, table: str, name: str, facts: Mapping[str, Any], language: str) -> Iterator[Choice]:
    """Yield the entries of a field's list: each is a spelling in one language that means exactly its code."""
    template = registry().templates[table]
    if "dimension" in facts:
        dimension = edition.dimensions[facts["dimension"]]
        read, taken = code_reader(dimension), set()
        for code in dimension.leaves if name in template["finest"] else _in_tree_order(dimension):
            member = dimension.members[code]
            spellings = (member.names[language], member.shorts[language], code)
            label = next((text for text in spellings if _means(read, text) == code and text not in taken), None)
            if label is None:
                raise EditionError(
                    "The code {code} of {dimension} has no spelling of its own: give it a name that no other code has.",
                    code=code, dimension=dimension.name,
                )  # fmt: skip
            taken.add(label)
            yield Choice(label, code, member.valid_from, member.valid_to)
    elif "codes" in facts:
        read = choice_reader(facts["codes"])
        for code in facts["codes"]:
            label = template["labels"][name][code][language]
            yield Choice(label if _means(read, label) == code else code, code)


def _means(read: Reader, spelling: str) -> str | None:
    return read([spelling])[0].value


def _in_tree_order(dimension: Dimension, above: str = TOTAL) -> Iterator[str]:
    """Yield every code with cells, each followed by those below it."""
    for code in dimension.children(above):
        yield code
        yield from _in_tree_order(dimension, code)


def _example(raw: Any, choices: tuple[Choice, ...], kind: str, year: int, language: str) -> str | float | date | None:
    """Return what stands in the row of the example; from a list its first lasting entry where no code is named."""
    if choices:
        lasting = (choice for choice in choices if raw == choice.code or raw is None and not choice.valid_from)
        return next(lasting, choices[0]).label
    if isinstance(raw, Mapping):
        return raw[language]
    if kind == "date":
        return date.fromisoformat(f"{year}-{raw}")
    return year if raw == YEAR else raw


YEAR = "year"
"""What stands in the registry for the year of the example."""

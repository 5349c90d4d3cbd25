"""The form: what a template asks for, in which language, and by which description it is read when it comes back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from xlsxwriter.utility import xl_col_to_name

from etl.sources import SourceDescription, load_sources
from etl.template.checks import Check, Lists, checks_for
from etl.template.columns import TemplateColumn, columns_for
from observatory.editions import Edition
from observatory.errors import Refused, UsageError, nearest
from observatory.registry import registry
from observatory.texts import Texts, texts

HEADING_ROW, ROWS = 2, 500
"""The row of the headings, as a person numbers rows, and how many rows below it are prepared to be filled in."""

LISTS = "lists"
"""The hidden sheet of the drop-down lists and of what the check column may say."""


@dataclass(frozen=True)
class Template:
    """A form for one table of an edition in one language.

    Attributes:
        facts: of the table in templates.yml.
        source: the description by which it is read.
    """

    edition: Edition
    language: str
    facts: Mapping[str, Any]
    source: SourceDescription
    columns: tuple[TemplateColumn, ...]

    @property
    def table(self) -> str:
        return self.source.table

    @property
    def words(self) -> Texts:
        return texts(self.language)

    @property
    def file(self) -> str:
        """What the filled workbook is called: who sends it and the day stand where the pattern leaves room."""
        who = self.words.say("COMPANY_2026-11-30")
        return self.source.files[0].replace("*", who, 1)

    @property
    def blank_name(self) -> str:
        """What the blank workbook is called, such as asar_activities_ru.xlsx."""
        return self.source.files[0].replace("*", self.language, 1)

    @cached_property
    def letters(self) -> Mapping[str, str]:
        """The letter of each field's column."""
        return {column.field: xl_col_to_name(place) for place, column in enumerate(self.columns)}

    @cached_property
    def lists(self) -> Mapping[str, Lists]:
        """Where the list of each field with choices stands: three columns for each, entries and first and last day."""
        found, place = {}, LISTED_FROM
        for column in self.columns:
            if column.choices:
                letters = (xl_col_to_name(place + part) for part in range(3))
                last = len(column.choices)
                found[column.field] = Lists(*(f"{LISTS}!${letter}$1:${letter}${last}" for letter in letters))
                place += 3
        return found

    @cached_property
    def checks(self) -> tuple[Check, ...]:
        """What may be wrong with a row."""
        return checks_for(self.columns, self.letters, self.lists, self.edition, self.words)


LISTED_FROM = 1
"""The first column, from 0, of the lists; before it stands what the check column may say."""


def template_for(edition: Edition, table: str | None, language: str) -> Template:
    """Return the template for a table; for the first that the edition describes where none is named.

    Raises:
        UsageError: there is no template for the table, or the edition is not in the language.
        Refused: the edition does not describe how such a workbook is read.
    """
    known = registry().templates
    described = {source.id: source for source in load_sources(edition)}
    if table is None:
        table = next((name for name in known if _id(name) in described), next(iter(known)))
    if table not in known:
        raise UsageError(
            "There is no template for {table}. The nearest is {nearest}.",
            table=table, nearest=nearest(table, known) or ", ".join(known),
        )  # fmt: skip
    if language not in edition.languages:
        raise UsageError(
            "The edition {edition} has no names in {language}. Choose one of {languages}.",
            edition=edition.id, language=language, languages=", ".join(edition.languages),
        )  # fmt: skip
    source = described.get(_id(table))
    if source is None:
        raise Refused(
            "The edition {edition} does not say how this template is read when it comes back: add"
            " sources/template_{table}.yml, as the edition kazakhstan has it.",
            edition=edition.id, table=table,
        )  # fmt: skip
    return Template(edition, language, known[table], source, columns_for(edition, source, language))


def _id(table: str) -> str:
    return f"template_{table}"

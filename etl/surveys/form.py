"""Forms: what an XLSForm asks, of whom and with which options, in every language it is written in.

Read by pyxform, which is what KoboToolbox and ODK read forms with; see https://xlsform.org. Kept are questions with an
answer that can be counted: one option, several options, a number. Texts, photographs and places are known by name, so
that their columns are recognised and left out.
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any, Literal

from babel import Locale
from babel.core import UnknownLocaleError

from etl.questionnaire import questionnaire
from observatory.editions import Edition
from observatory.errors import Fault, Message, SourceError

Kind = Literal["one", "many", "number"]
KINDS: Mapping[str, Kind] = {
    "select one": "one", "select one external": "one", "select one from file": "one",
    "select all that apply": "many", "select multiple from file": "many",
    "integer": "number", "decimal": "number", "range": "number",
}  # fmt: skip
WITHOUT_ANSWER = {"note", "group", "repeat", "loop"}
UNSPOKEN = ""
"""The language of labels in a form that names none."""

_CODE_IN_BRACKETS = re.compile(r"\(([a-z]{2,3})(?:[-_][A-Za-z]+)?\)\s*$")


@dataclass(frozen=True)
class Option:
    """One of the answers to choose from; `labels` by language code."""

    code: str
    labels: Mapping[str, str]


@dataclass(frozen=True)
class Question:
    """A question whose answers are counted.

    Attributes:
        name: its code, the name of a column.
        kind: "one" option, "many" options or a "number".
        labels: its wording by language code.
        groups: the names of the groups it lies in, the outermost first.
        options: to choose from, in the order of the form.
        of: the list it chooses from; questions side by side with one list are a grid.
        repeat: the group it is asked in once for every member of a household, every project ...; "" for once a form.
        relevant: the conditions, all of which must hold for it to be asked.
        constraint: the condition that an answer must fulfil, "" where any will do.
        is_whole: whether its number must be whole.
    """

    name: str
    kind: Kind
    labels: Mapping[str, str]
    groups: tuple[str, ...] = ()
    options: tuple[Option, ...] = ()
    of: str = ""
    repeat: str = ""
    relevant: tuple[str, ...] = ()
    constraint: str = ""
    is_whole: bool = False


@dataclass(frozen=True)
class Form:
    """A questionnaire: its questions in their order, and what else it asks, whose answers are not kept."""

    id: str
    version: str
    questions: tuple[Question, ...]
    left_out: tuple[Question, ...] = ()

    @property
    def by_name(self) -> dict[str, Question]:
        """The questions by their codes."""
        return {question.name: question for question in self.questions}


def read_form(path: Path) -> Form:
    """Return the form of an XLSForm: a workbook, a CSV with the sheets below each other, or a folder of a CSV a sheet.

    Raises:
        SourceError: it is not there, or is no XLSForm; pyxform's reason is told.
    """
    if not path.exists():
        raise SourceError("The form {name} is missing: put it beside its description.", name=path.name)
    if not path.is_dir():
        return _form(path.name, path)
    sheets = {file.stem: _rows(file) for file in sorted(path.glob("*.csv"))}
    return form_of(path.name, sheets)


def form_of(name: str, sheets: Mapping[str, Sequence[Mapping[str, str]]]) -> Form:
    """Return the form whose sheets are survey, choices and, perhaps, settings; `name` stands in what is raised.

    Raises:
        SourceError: they are no XLSForm; pyxform's reason is told.
    """
    settings = sheets.get("settings") or [{"form_id": name}]
    return _form(name, {"choices": [], **sheets, "settings": settings})


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return [{key: cell for key, cell in row.items() if key and cell} for row in csv.DictReader(file)]


def _form(name: str, given: Any) -> Form:
    from pyxform.errors import PyXFormError
    from pyxform.xls2json import workbook_to_json
    from pyxform.xls2json_backends import get_xlsform

    try:
        raw = workbook_to_json(get_xlsform(given if isinstance(given, dict) else str(given)), form_name="data")
    except (PyXFormError, OSError, ValueError, KeyError, UnicodeError) as error:
        what = Message("pyxform says: {reason}", reason=" ".join(str(error).split()))
        raise SourceError("{name} is no XLSForm that can be read.", [Fault(name, what)], name=name) from error
    asked = _told_apart(list(_asked(raw["children"], raw.get("choices") or {})))
    return Form(
        id=str(raw.get("id_string") or name),
        version=str(raw.get("version") or ""),
        questions=tuple(question for kind, question in asked if kind in KINDS),
        left_out=tuple(question for kind, question in asked if kind not in KINDS),
    )


def _told_apart(asked: list[tuple[str, Question]]) -> list[tuple[str, Question]]:
    """Return questions of different groups that have one name under the name of their group and their own."""
    counted = Counter(question.name for _, question in asked)
    return [
        (kind, replace(question, name="/".join((*question.groups[-1:], question.name))))
        if counted[question.name] > 1
        else (kind, question)
        for kind, question in asked
    ]


def _asked(
    parts: Sequence[Mapping[str, Any]],
    lists: Mapping[str, Any],
    groups: tuple[str, ...] = (),
    repeat: str = "",
    relevant: tuple[str, ...] = (),
) -> Iterator[tuple[str, Question]]:
    """Yield the type and the question of each part of a form that may have an answer, in the order of the form."""
    for part in parts:
        kind, name, bind = str(part.get("type", "")), str(part.get("name", "")), part.get("bind") or {}
        condition = str(bind.get("relevant") or "")
        conditions = (*relevant, condition) if condition else relevant
        if kind == "loop":
            yield from _asked(list(_each_turn(part)), lists, (*groups, name), repeat, conditions)
        elif part.get("children") is not None:
            inner = name if kind == "repeat" else repeat
            yield from _asked(part["children"], lists, (*groups, name), inner, conditions)
        elif kind not in WITHOUT_ANSWER and name:
            of = str(part.get("list_name") or part.get("itemset") or "")
            choices = part.get("choices") or lists.get(of) or []
            yield (
                kind,
                Question(
                    name=name,
                    kind=KINDS.get(kind, "one"),
                    labels=_labels(part.get("label")),
                    groups=groups,
                    options=_options(choices) if kind in KINDS else (),
                    of=of,
                    repeat=repeat,
                    relevant=conditions,
                    constraint=str(bind.get("constraint") or ""),
                    is_whole=kind == "integer",
                ),
            )


def _each_turn(loop: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield the groups that a loop stands for: one for each option of its list, with the option's label in its place.

    See https://pyxform.readthedocs.io: "begin loop over <list>".
    """
    for column in loop.get("columns") or []:
        said = column.get("label") or column["name"]

        def spoken(label: Any, said: Any = said) -> Any:
            if isinstance(label, Mapping):
                return {language: spoken(text, _in(said, language)) for language, text in label.items()}
            return str(label or "").replace("%(label)s", str(said)).replace("%(name)s", str(said))

        children = [{**child, "label": spoken(child.get("label"))} for child in loop.get("children") or []]
        named = column["name"]
        for child in children:
            if (bind := child.get("bind")) and bind.get("relevant"):
                child["bind"] = {**bind, "relevant": str(bind["relevant"]).replace("%(name)s", named)}
        yield {"type": "group", "name": named, "children": children}


def _in(said: Any, language: str) -> Any:
    return said.get(language, "") if isinstance(said, Mapping) else said


def _options(choices: Sequence[Mapping[str, Any]]) -> tuple[Option, ...]:
    """Return the options of a list; a code that stands there again, as in lists filtered by an answer, once."""
    found: dict[str, Option] = {}
    for choice in choices:
        code = str(choice.get("name", ""))
        found.setdefault(code, Option(code, _labels(choice.get("label"))))
    return tuple(found.values())


def _labels(label: Any) -> dict[str, str]:
    """Return a label by language code, as plain text."""
    if isinstance(label, Mapping):
        spoken = {language_code(str(name)): plain(str(text)) for name, text in label.items() if str(text or "").strip()}
        return {language: text for language, text in spoken.items() if text}
    return {UNSPOKEN: plain(str(label))} if label else {}


_TAG = re.compile(r"<[^<>]{1,200}>")


def plain(text: str) -> str:
    """Return a label without the tags and stars that forms set type with, on one line."""
    return " ".join(_TAG.sub(" ", text).replace("**", "").split())


@cache
def language_code(name: str) -> str:
    """Return the code of a language as a form names it: "Kazakh (kk)", "english", "العربية" and "fr"; else its name."""
    if in_brackets := _CODE_IN_BRACKETS.search(name):
        return in_brackets[1]
    known, said = _language_names(), " ".join(name.split()).casefold()
    return known.get(said) or known.get(said.split("(")[0].strip(), name.strip())


@cache
def _language_names() -> dict[str, str]:
    """Return the codes of languages by their English and their own names, small letters, and by themselves."""
    names = {UNSPOKEN: UNSPOKEN, "default": UNSPOKEN}
    for code, english in Locale("en").languages.items():
        if len(code) > 3 or "_" in code:
            continue
        names.setdefault(english.casefold(), code)
        names.setdefault(code, code)
        try:
            names.setdefault((Locale(code).get_language_name(code) or code).casefold(), code)
        except (UnknownLocaleError, ValueError):
            continue
    return names


@cache
def instrument_form(edition: Edition, instrument: str) -> Form:
    """Return the form of one of our own instruments, with the lists of an edition, read once.

    Raises:
        UsageError: there is no such instrument.
    """
    return form_of(instrument, questionnaire(edition, instrument, edition.default_language))

"""What is wrong with a refused row, as the steward reads it: the rule's sentence with what was found filled in."""

from __future__ import annotations

import datetime
import json
import unicodedata
from collections.abc import Mapping
from string import Formatter
from typing import TYPE_CHECKING, Any

from observatory.editions import Edition
from observatory.registry import registry

if TYPE_CHECKING:
    from observatory.texts import Texts


def say_reject(
    texts: Texts, edition: Edition, rule: str, column: str | None, value: str | None, details: str | None
) -> tuple[str, str]:
    """Return why a row or a file was refused and what to do about it.

    Args:
        texts: of the reader's language.
        edition: whose codes are named.
        rule: an id of data/registry/rules.yml.
        column, value: the heading and the text as sent; None where the row as a whole is faulty.
        details: a JSON object with what else the sentence needs, as in the table `reject`; None where nothing is.
    """
    facts = registry().rules[rule]
    found = json.loads(details) if isinstance(details, str) else {}
    said = {name: _say(texts, edition, name, what, found.get("dimension")) for name, what in found.items()}
    values = {
        "column": say_column(texts, rule, column) or "",
        "value": shown(value or ""),
        **{name: text for name, text in said.items() if text},
    }
    remedy = facts["remedy"]
    if "remedy_without" in facts and not {"suggestion", "before"} & set(values):
        remedy = facts["remedy_without"]
    return _sentence(texts.pick(facts["message"]), values), _sentence(texts.pick(remedy), values)


def say_rule(texts: Texts, rule: str) -> str:
    """Return what a rule finds wrong, with nothing said of any one row."""
    template = texts.pick(registry().rules[rule]["message"])
    said = _sentence(template, dict.fromkeys((name for _, name, *_ in Formatter().parse(template) if name), "…"))
    return said.replace("….", "…")


def say_column(texts: Texts, rule: str, column: str | None) -> str | None:
    """Return the heading a finding is about as sent; of a rule that names a field, the field's own and its code."""
    if column is None or not registry().rules[rule].get("names_field"):
        return shown(column) if column else None
    fields = (table["fields"][column] for table in registry().tables.values() if column in table["fields"])
    heading = next((facts["headings"][texts.language][0] for facts in fields), None)
    return f"{heading} ({column})" if heading else shown(column)


LONGEST = 300
"""Letters of a value that a sentence shows."""

_DIRECTIONS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def shown(text: str) -> str:
    """Return words from a file as a sentence can hold them: in one line, of a length to be read, and turning nothing.

    What would move the cursor of a terminal or the direction of the letters after it is named: "[U+202E]".
    """
    cut = text if len(text) <= LONGEST else f"{text[:LONGEST]}…"
    return "".join(f"[U+{ord(sign):04X}]" if _is_order(sign) else sign for sign in cut)


def _is_order(sign: str) -> bool:
    return sign in _DIRECTIONS or unicodedata.category(sign) in ("Cc", "Cs", "Zl", "Zp")


def _sentence(template: str, values: Mapping[str, str]) -> str:
    """Return a template filled in; an abbreviation at the end of a value brings its own full stop."""
    return template.format(**values).replace("..", ".")


def say_place(texts: Texts, file: str, sheet: str | None, row: int | None) -> str:
    """Return where something stands: the file, the sheet and the row as a person sees them."""
    file, sheet = shown(file), shown(sheet) if sheet else None
    if row is None:
        return texts.say("{file}, sheet “{sheet}”", file=file, sheet=sheet) if sheet else file
    if sheet:
        return texts.say("{file}, sheet “{sheet}”, row {row}", file=file, sheet=sheet, row=row)
    return texts.say("{file}, row {row}", file=file, row=row)


def _say(texts: Texts, edition: Edition, name: str, what: Any, dimension: str | None) -> str:
    """Return one detail in words: codes by their names, numbers and days as the language writes them."""
    if what is None:
        return ""
    if name in ("code", "before"):
        return _name(texts, edition, "region", what)
    if name == "suggestion":
        return _name(texts, edition, dimension, what)
    if name == "candidates":
        return texts.names([_name(texts, edition, dimension, code) for code in what])
    if name in ("minimum", "maximum", "size", "columns", "times"):
        return texts.number(float(what))
    if name == "kind":
        return texts.pick(registry().files["kinds"][what])
    if name == "unit":
        return texts.pick(registry().units[what].suffix) if what in registry().units else what
    if name == "date":
        return texts.date(datetime.date.fromisoformat(what))
    if name == "rows":
        return "; ".join(_place(texts, place) for place in what)
    return shown(str(what))


def _name(texts: Texts, edition: Edition, dimension: str | None, code: str) -> str:
    members = edition.dimensions[dimension].members if dimension else {}
    return f"{texts.pick(members[code].names)} ({code})" if code in members else code


def _place(texts: Texts, place: Mapping[str, Any]) -> str:
    return say_place(texts, place["file"], place["sheet"], place["row"])

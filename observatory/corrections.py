"""What a later delivery says otherwise than the one it supersedes, in the reader's words."""

from __future__ import annotations

import datetime
from typing import TYPE_CHECKING, Any

from observatory.editions import Edition
from observatory.registry import registry

if TYPE_CHECKING:
    from observatory.texts import Texts


def say_correction(
    texts: Texts, edition: Edition, table: str, field: str, before: str | None, now: str | None
) -> tuple[str, str, str]:
    """Return the name of a corrected field, what stood there before and what stands there now.

    Args:
        texts: of the reader's language.
        edition: whose codes are named.
        table, field: as in data/registry/tables.yml.
        before, now: the values as in the table `correction`; None where nothing stands.
    """
    facts = registry().tables[table]["fields"][field]
    return facts["headings"][texts.language][0], _say(texts, edition, facts, before), _say(texts, edition, facts, now)


def _say(texts: Texts, edition: Edition, facts: dict[str, Any], value: str | None) -> str:
    """Return a stored value as the language writes it: codes by their names, numbers, days, yes and no."""
    if value is None:
        return texts.say("nothing")
    if "dimension" in facts:
        members = edition.dimensions[facts["dimension"]].members
        return f"{texts.pick(members[value].names)} ({value})" if value in members else value
    if facts["type"] in ("integer", "number"):
        number = float(value)
        return texts.number(number, 0 if number.is_integer() else 2)
    if facts["type"] == "date":
        return texts.date(datetime.date.fromisoformat(value))
    if facts["type"] == "boolean":
        return texts.say("yes") if value == "true" else texts.say("no")
    return value

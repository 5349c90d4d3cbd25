"""What can go wrong, said as one sentence that every interface language can say.

A message is an English template with named placeholders, which is its gettext msgid, and the values that fill it:
`EditionError("There is no edition {edition}.", edition="mars")`. `str(error)` is English; `error.say(texts)` is the
reader's language. The templates in calls of `Message` and of the error classes below are collected for translation.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any


class Message:
    """A sentence to be said later, in a language not yet known.

    A value that is a `Message` itself is said in the same language before it is inserted.
    """

    def __init__(self, template: str, **values: Any):
        self.template = template
        self.values = values

    def say(self, texts: Any) -> str:
        """Return the sentence in the language of `texts`."""
        said = {name: value.say(texts) for name, value in self.values.items() if isinstance(value, Message)}
        return texts.say(self.template, **{**self.values, **said})

    def __str__(self) -> str:
        return self.template.format(**self.values)

    def __repr__(self) -> str:
        return f"Message({self.template!r}, {self.values!r})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Message) and (self.template, self.values) == (other.template, other.values)

    def __hash__(self) -> int:
        return hash(str(self))


@dataclass(frozen=True)
class Fault:
    """One thing wrong in a file of facts: where it stands, what it is and what to do about it.

    `row` counts the heading line as row 1, as a spreadsheet shows it; `row` and `column` are None where the fault is
    in no single row or column. `column` of a YAML file is the path of the key ("map.labels").
    """

    file: str
    what: Message
    row: int | None = None
    column: str | None = None

    def message(self) -> Message:
        """Return place and sentence as one message."""
        values: dict[str, Any] = {"file": self.file, "what": self.what}
        if self.row is not None and self.column is not None:
            return Message("{file}, row {row}, column {column}: {what}", row=self.row, column=self.column, **values)
        if self.row is not None:
            return Message("{file}, row {row}: {what}", row=self.row, **values)
        if self.column is not None:
            return Message("{file}, {column}: {what}", column=self.column, **values)
        return Message("{file}: {what}", **values)

    def say(self, texts: Any) -> str:
        """Return place and sentence in the language of `texts`."""
        return self.message().say(texts)

    def __str__(self) -> str:
        return str(self.message())


class AsarError(Exception):
    """An error a reader may see: a template, the values that fill it and, where there are several, the faults."""

    def __init__(self, template: str, faults: Iterable[Fault] = (), **values: Any):
        super().__init__(template)
        self.message = Message(template, **values)
        self.faults = tuple(faults)

    def say(self, texts: Any) -> str:
        """Return the sentence and one line per fault in the language of `texts`."""
        return "\n".join([self.message.say(texts), *(fault.say(texts) for fault in self.faults)])

    def __str__(self) -> str:
        return "\n".join([str(self.message), *(str(fault) for fault in self.faults)])


class EditionError(AsarError):
    """The facts of an edition, or of the registry, cannot be used as they are."""


class SourceError(AsarError):
    """A source description or a delivered file cannot be read."""


class Refused(AsarError):
    """A delivery has too many faults: nothing of it was published."""


class NotPublished(AsarError):
    """A figure was asked for that is not published in this form."""


class NoSnapshot(AsarError):
    """No snapshot has been published yet."""


class UsageError(AsarError):
    """A command was given that does not exist, or with options it does not have."""


def nearest(word: str, choices: Iterable[str]) -> str | None:
    """Return the choice most like `word`, or None where none is like it."""
    spelled = {str(choice).casefold(): choice for choice in choices}
    found = difflib.get_close_matches(str(word).casefold(), spelled, n=1, cutoff=0.5)
    return spelled[found[0]] if found else None

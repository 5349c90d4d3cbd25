"""Conditions: the expressions in which a form says what is asked of whom and which answers will do.

They are XPath 1.0 with the functions of ODK XForms (https://getodk.github.io/xforms-spec), so lxml evaluates them; of
ODK's own functions those are known that speak of answers.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from typing import Any

from lxml import etree

_REFERENCE = re.compile(r"\$\{\s*([^{}\s]+)\s*\}")
_IF = re.compile(r"\bif\s*\(")
_UNNAMED = re.compile(r"\W")


class Condition:
    """A condition of a form.

    Args:
        written: as the form has it.

    Attributes:
        names: the questions whose answers it looks at.
        is_understood: whether it can be evaluated; if not, `holds` returns None.
    """

    def __init__(self, written: str):
        self.names = tuple(dict.fromkeys(_REFERENCE.findall(written)))
        plain = _REFERENCE.sub(lambda found: f"${_variable(found[1])}", _IF.sub("odk-if(", written))
        self._kept: dict[tuple[str, ...], bool | None] = {}
        try:
            self._expression = etree.XPath(plain, extensions=_FUNCTIONS)
        except etree.XPathError:
            self._expression = None
        self.is_understood = self._expression is not None and self._evaluate("", [""] * len(self.names)) is not None

    def holds(self, answers: Mapping[str, str], answer: str = "") -> bool | None:
        """Return whether it holds; None where it is not understood.

        Args:
            answers: codes and numbers as texts by question, several codes parted by blanks; left out where none.
            answer: what stands for "." in a constraint.
        """
        if not self.is_understood:
            return None
        values = [answers.get(name, "") for name in self.names]
        if (key := (answer, *values)) not in self._kept:
            self._kept[key] = self._evaluate(answer, values)
        return self._kept[key]

    def _evaluate(self, answer: str, values: list[str]) -> bool | None:
        here = etree.Element("answer")
        here.text = answer
        variables = {_variable(name): value for name, value in zip(self.names, values, strict=True)}
        try:
            return bool(self._expression(here, **variables))
        except etree.XPathError:
            return None


def _variable(name: str) -> str:
    return f"q_{_UNNAMED.sub('_', name)}"


def _text(value: Any) -> str:
    """Return an argument as XPath makes it a text: a node is what is written in it."""
    if isinstance(value, list):
        return (value[0].text or "") if value else ""
    if isinstance(value, float):
        return f"{value:g}"
    return str(value)


def _place(codes: Any, place: float) -> str:
    chosen = _text(codes).split()
    return chosen[int(place)] if 0 <= place < len(chosen) else ""


def _whole(number: str) -> float:
    try:
        return float(int(float(number)))
    except (ValueError, OverflowError):
        return math.nan


_KNOWN: Mapping[str, Callable[..., Any]] = {
    "selected": lambda _, chosen, code: _text(code).strip() in _text(chosen).split(),
    "count-selected": lambda _, chosen: float(len(_text(chosen).split())),
    "selected-at": lambda _, chosen, place: _place(chosen, place),
    "odk-if": lambda _, condition, then, otherwise: then if condition else otherwise,
    "coalesce": lambda _, first, second: _text(first) or _text(second),
    "int": lambda _, number: _whole(_text(number)),
    "regex": lambda _, text, pattern: re.fullmatch(_text(pattern), _text(text)) is not None,
}
_FUNCTIONS = {(None, name): function for name, function in _KNOWN.items()}

"""Reading the files facts lie in: YAML, and CSV with the row numbers a spreadsheet shows."""

from __future__ import annotations

import csv
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from observatory.errors import Fault, Message


class RepeatedKey(yaml.MarkedYAMLError):
    """A key that stands twice in a mapping, where YAML would silently take the last."""


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):
    """Reads YAML whose mappings have each key once."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict:
        seen = set()
        for key, _ in node.value:
            if isinstance(key, yaml.ScalarNode) and (key.tag, key.value) in seen:
                raise RepeatedKey(problem=key.value, problem_mark=key.start_mark)
            seen.add((key.tag, key.value))
        return super().construct_mapping(node, deep)


_INVISIBLE = dict.fromkeys(
    (0xAD, 0x34F, 0x61C, 0x180E, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2070),
     *range(0xFE00, 0xFE10), 0xFEFF)
)  # fmt: skip
_PUNCTUATION = dict.fromkeys("\"'`´ʼʻ‘’‚‛“”„‟«»‹›.,;:!?…·•*،؛؟()[]{}/\\|_-‐‑‒–—―−", " ")
_SAME_LETTER = {"ё": "е", "أ": "ا", "إ": "ا", "آ": "ا", "ى": "ي", "ة": "ه", "\u0640": "", "\u0307": "", "ı": "i"}
_ALIKE = str.maketrans(
    "авсеһнікмоөрстухүјѕәңғ" + "ëüɵäə",
    "abcehhikmoöpctyxyjsəñğ" + "eyöəə",
)
"""Letters whose small or capital forms look the same, each as one of them: Cyrillic, then Latin as typed for it."""

_FOLDING = str.maketrans({**_PUNCTUATION, **_SAME_LETTER, **dict.fromkeys(map(chr, range(0x64B, 0x653)), "")})


@dataclass(frozen=True)
class FactRow:
    """One row of a CSV file of facts; `number` counts the heading as row 1."""

    number: int
    values: Mapping[str, str]

    def __getitem__(self, column: str) -> str:
        return self.values[column]

    def get(self, column: str) -> str:
        """Return the value of a column, "" where the file has no such column."""
        return self.values.get(column, "")

    def parts(self, column: str) -> tuple[str, ...]:
        """Return the "|"-separated parts of a value, blanks left out."""
        return tuple(part.strip() for part in self.get(column).split("|") if part.strip())


def read_yaml(path: Path) -> Any:
    """Return the content of a YAML file; an empty file is an empty mapping.

    Raises:
        yaml.YAMLError: the file is not YAML, or a key stands twice; its message names line and column.
    """
    return yaml.load(path.read_text(encoding="utf-8"), Loader=_Loader) or {}


def read_yaml_or_fault(path: Path, name: str) -> tuple[Any, list[Fault]]:
    """Return the content of a YAML file, or None and the fault that says why there is none."""
    if not path.is_file():
        return None, [Fault(name, Message("The file is missing: add it."))]
    try:
        return read_yaml(path), []
    except RepeatedKey as error:
        what = Message("The key {key} stands here for the second time: keep one of the two.", key=error.problem)
        return None, [Fault(name, what, error.problem_mark.line + 1)]
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        mark = getattr(error, "problem_mark", None)
        row = mark.line + 1 if mark else None
        return None, [Fault(name, Message("This is not valid YAML: correct the indentation or the quotes."), row)]


def read_rows(path: Path) -> tuple[tuple[str, ...], list[FactRow]]:
    """Return the headings and the rows of a CSV file in UTF-8; wholly empty rows are left out."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.reader(file)
        headings = tuple(heading.strip() for heading in next(reader, []))
        rows = []
        for number, cells in enumerate(reader, start=2):
            if any(cell.strip() for cell in cells):
                padded = [cell.strip() for cell in cells] + [""] * (len(headings) - len(cells))
                rows.append(FactRow(number, dict(zip(headings, padded, strict=False))))
        return headings, rows


def read_rows_or_fault(path: Path, name: str) -> tuple[tuple[str, ...], list[FactRow], list[Fault]]:
    """Return headings and rows of a CSV file and no fault, or nothing and the fault that says why."""
    if not path.is_file():
        return (), [], [Fault(name, Message("The file is missing: add it."))]
    try:
        return (*read_rows(path), [])
    except UnicodeDecodeError:
        return (), [], [Fault(name, Message("The file is not written in UTF-8: save it so."))]


def iso_date(text: str) -> date | None:
    """Return the date of "2022-06-08", or None where the text is blank.

    Raises:
        ValueError: the text is neither blank nor a date so written.
    """
    return date.fromisoformat(text) if text else None


def visible(text: str) -> str:
    """Return a text without signs that nobody sees: of zero width, of direction, of byte order, soft hyphens."""
    return text if text.isascii() else text.translate(_INVISIBLE)


def folded(spelling: str) -> str:
    """Return a spelling as matching compares it.

    Case, punctuation, runs of blanks, invisible signs, the digits of a script, ё for е and the ways of writing Arabic
    letters make no difference; nor does which of two scripts a letter is from that looks the same in both. The result
    is no word of any language: it is compared, never shown.
    """
    text = unicodedata.normalize("NFKC", visible(spelling)).casefold()
    if not text.isascii():
        text = "".join(str(unicodedata.decimal(sign, sign)) for sign in text)
    return " ".join(text.translate(_FOLDING).translate(_ALIKE).split())

"""In which encoding a text file was written: found by what the text would look like, letter by letter."""

from __future__ import annotations

import codecs
import re
import unicodedata
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import IO, Any

from observatory.fact_files import visible
from observatory.registry import registry

MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
CANDIDATES = ("cp1251", "kz1048", "ptcp154", "mac_cyrillic", "koi8-r", "cp866", "cp1252", "mac_roman", "cp1256")
"""Encodings of one byte a letter that people here use; of two that read a text equally well the first is taken."""

CHUNK = 1 << 20
SAMPLE = 1 << 16
_WORDS = re.compile(r"[^\W\d_]{2,}")
SOFT_HYPHEN = "\u00ad"
_COMMON_LETTERS = frozenset("оеаинтсрвлкмдпуыәіңғүұқөһاليمنوترéèàüöäçñ")
_TYPOGRAPHY = frozenset("«»“”„‘’–—…№°©®™§·•€\u00a0")


def detect_encoding(path: Path) -> str:
    """Return the Python name of the encoding of a text file.

    A mark at the start decides; then the zero bytes of UTF-16 without a mark; then whether all of it is UTF-8; else
    the encoding of one byte a letter that gives the most plausible words.
    """
    with path.open("rb") as file:
        sample = file.read(SAMPLE)
        for mark, encoding in MARKS:
            if sample.startswith(mark):
                return encoding
        if encoding := _utf16_without_mark(sample):
            return encoding
        file.seek(0)
        if _is_utf8(file):
            return "utf-8"
    return max(CANDIDATES, key=lambda encoding: plausibility(sample, encoding))


def plausibility(sample: bytes, encoding: str) -> float:
    """Return how much the sample reads like words in an encoding: letters among their like, cases where they belong.

    Words that tables are known to hold count most: a few of them are all that a table of numbers may have.
    """
    text = sample.decode(encoding, errors="replace")
    words = _WORDS.findall(visible(text).casefold())
    score = float(sum(2 * len(word) for word in words if not word.isascii() and word in _known_words()))
    before = " "
    for at, sign in enumerate(text):
        if not sign.isascii():
            after = text[at + 1] if at + 1 < len(text) else " "
            score += _worth(before, sign, after)
        before = sign
    return score


def to_utf8(path: Path, encoding: str, copy: Path) -> Path:
    """Write the file as UTF-8 to `copy`, chunk by chunk, and return `copy`; what cannot be decoded becomes U+FFFD."""
    with (
        path.open("r", encoding=encoding, errors="replace", newline="") as source,
        copy.open("w", encoding="utf-8", newline="") as target,
    ):
        while chunk := source.read(CHUNK):
            target.write(chunk)
    return copy


def _utf16_without_mark(sample: bytes) -> str | None:
    """Return the kind of UTF-16 in which separators and digits would be followed, or preceded, by a zero byte."""
    zeros_at_even, zeros_at_odd = sample[::2].count(0), sample[1::2].count(0)
    if zeros_at_even + zeros_at_odd < len(sample) / 50 or min(zeros_at_even, zeros_at_odd):
        return None
    return "utf-16-le" if zeros_at_odd else "utf-16-be"


def _is_utf8(file: IO[bytes]) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        while chunk := file.read(CHUNK):
            decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _worth(before: str, sign: str, after: str) -> float:
    if sign in _TYPOGRAPHY:
        return -1.0 if before.isalpha() and after.isalpha() and sign not in "’–" else 0.1
    if sign == SOFT_HYPHEN:
        return 1.0 if before.isalpha() and after.isalpha() else 0.0
    if unicodedata.category(sign) == "Cf":  # marks of direction, joiners
        return 0.0
    if not sign.isalpha() or before.isdigit() and after.isdigit():
        return -2.0
    if not before.isalpha() and not after.isalpha():
        return 0.0
    worth = 1.2 if sign.casefold() in _COMMON_LETTERS else 0.8
    worth -= 2.0 * sum(other.isalpha() and _script(other) != _script(sign) for other in (before, after))
    if sign.isupper() and before.islower():
        worth -= 2.0
    return worth


@cache
def _known_words() -> frozenset[str]:
    """Return the words that the registry knows in headings, in values and beside numbers."""
    facts = registry()
    headings = (field["headings"] for table in facts.tables.values() for field in table["fields"].values())
    values = (field.get("codes") for table in facts.tables.values() for field in table["fields"].values())
    return frozenset(word for text in _texts([*headings, *values, facts.notation]) for word in _WORDS.findall(text))


def _texts(facts: Any) -> Iterator[str]:
    """Yield every text in nested facts, in lower case."""
    if isinstance(facts, str):
        yield facts.casefold()
    elif isinstance(facts, Mapping):
        yield from _texts(list(facts.values()))
    elif isinstance(facts, list):
        for part in facts:
            yield from _texts(part)


@cache
def _script(letter: str) -> str:
    return unicodedata.name(letter, "?").split()[0]

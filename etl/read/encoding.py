"""In which encoding a text file was written: found by what the text would look like, letter by letter."""

from __future__ import annotations

import codecs
import mmap
import re
import unicodedata
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import IO, Any

from observatory.fact_files import folded, visible
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
LOST = "\ufffd"
KEPT_TO_LOST = 4
"""Letters that are UTF-8 to each place that is not, from which on a text is UTF-8 that was damaged."""

SOFT_HYPHEN = "\u00ad"
_COMMON_LETTERS = frozenset("оеаинтсрвлкмдпуыәіңғүұқөһاليمنوترéèàüöäçñ")
_TYPOGRAPHY = frozenset("«»“”„‘’–—…№°©®™§·•€\u00a0")


_AMONG_OTHERS = re.compile(rb"(?:[\xd0-\xdb][\x80-\xbf]){4}")
"""Four letters in a row, Cyrillic or Arabic, that are UTF-8: in no encoding of one byte a letter are these a word."""


class BrokenText(Exception):
    """Letters are lost in a text: its bytes stand for nothing in its encoding. `line` is the first such line."""

    def __init__(self, line: int):
        super().__init__(line)
        self.line = line


def detect_encoding(path: Path) -> str:
    """Return the Python name of the encoding of a text file.

    A mark at the start decides; then the zero bytes of UTF-16 without a mark; then whether all of it is UTF-8; else
    the encoding of one byte a letter that gives the most plausible words.

    Raises:
        BrokenText: it is UTF-8 but for a few places, or another encoding but for a few words in UTF-8.
    """
    with path.open("rb") as file:
        sample = file.read(SAMPLE)
        for mark, encoding in MARKS:
            if sample.startswith(mark):
                return encoding
        if encoding := wide_encoding(sample):
            return encoding
        file.seek(0)
        broken = _not_utf8_at(file)
        if broken is None:
            return "utf-8"
        file.seek(max(0, broken - SAMPLE // 2))
        around = file.read(SAMPLE)
        if _is_mostly_utf8(around):
            raise BrokenText(_line_at(file, broken))
        with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
            if other := _AMONG_OTHERS.search(content):
                raise BrokenText(_line_at(file, other.start()))
    sample = around if broken >= SAMPLE else sample
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
    """Write the file as UTF-8 to `copy`, chunk by chunk, and return `copy`.

    Raises:
        BrokenText: bytes in it stand for nothing in the encoding.
    """
    line = 1
    with (
        path.open("r", encoding=encoding, errors="replace", newline="") as source,
        copy.open("w", encoding="utf-8", newline="") as target,
    ):
        while chunk := source.read(CHUNK):
            if LOST in chunk:
                raise BrokenText(line + chunk[: chunk.index(LOST)].count("\n"))
            line += chunk.count("\n")
            target.write(chunk)
    return copy


def wide_encoding(sample: bytes) -> str | None:
    """Return the kind of UTF-16 in which separators and digits would be followed, or preceded, by a zero byte."""
    zeros_at_even, zeros_at_odd = sample[::2].count(0), sample[1::2].count(0)
    if zeros_at_even + zeros_at_odd < len(sample) / 50 or min(zeros_at_even, zeros_at_odd):
        return None
    return "utf-16-le" if zeros_at_odd else "utf-16-be"


def _not_utf8_at(file: IO[bytes]) -> int | None:
    """Return about where a file is no UTF-8, or None: the place of the bytes, or of the chunk that they end."""
    decoder, place = codecs.getincrementaldecoder("utf-8")(), 0
    try:
        while chunk := file.read(CHUNK):
            decoder.decode(chunk)
            place += len(chunk)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError as error:
        return place + error.start
    return None


def _line_at(file: IO[bytes], place: int) -> int:
    """Return in which line, from 1, a place of a file lies."""
    file.seek(0)
    line = 1
    while place > 0 and (chunk := file.read(min(CHUNK, place))):
        line += chunk.count(b"\n")
        place -= len(chunk)
    return line


def _is_mostly_utf8(part: bytes) -> bool:
    """Return whether most letters of a part of a text that are no ASCII are UTF-8, as in no encoding of one byte."""
    text = part.decode("utf-8", errors="replace")
    kept = sum(not sign.isascii() for sign in text) - text.count(LOST)
    return kept > KEPT_TO_LOST * text.count(LOST)


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
    if not _looks_latin(sign):  # a letter that does is typed for its like in any word
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
@cache
def _looks_latin(letter: str) -> bool:
    return folded(letter).isascii()


def _script(letter: str) -> str:
    return unicodedata.name(letter, "?").split()[0]

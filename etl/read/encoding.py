"""In which encoding a text file was written: found by what the text would look like, letter by letter."""

from __future__ import annotations

import codecs
import unicodedata
from functools import cache
from pathlib import Path
from typing import IO

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
    """Return how much the sample reads like words in an encoding: letters among their like, cases where they belong."""
    text = sample.decode(encoding, errors="replace")
    score = 0.0
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
    if not sign.isalpha() or before.isdigit() and after.isdigit():
        return -2.0
    if not before.isalpha() and not after.isalpha():
        return 0.0
    worth = 1.2 if sign.casefold() in _COMMON_LETTERS else 0.8
    if before.isalpha() and _script(before) != _script(sign):
        worth -= 2.0
    if sign.isupper() and before.islower():
        worth -= 2.0
    return worth


@cache
def _script(letter: str) -> str:
    return unicodedata.name(letter, "?").split()[0]

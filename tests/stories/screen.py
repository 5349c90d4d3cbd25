"""What stands on the reader's screen, as the browser drew it, and what is wrong with it."""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import duckdb
import yaml
from babel.messages.pofile import read_po

from tests.conftest import ROOT

PROBE = Path(__file__).with_name("probe.js")
LATIN_NAMES = re.compile(r"\bCC BY[A-Z0-9 .-]*|https?://\S+")  # licences and addresses are the same in every script


@dataclass(frozen=True)
class Screen:
    """One page as drawn: lists of what is wrong, and every text on it."""

    errors: list[str]
    clipped: list[str]
    overlapping: list[str]
    sideways: list[str]
    empty_charts: list[str]
    charts: int
    texts: list[str]
    language: str
    direction: str


def read_screen(page) -> Screen:
    return Screen(**page.evaluate(PROBE.read_text(encoding="utf-8")))


def untranslated(texts: Iterable[str], language: str, foreign: Collection[str] = ()) -> list[str]:
    """Return the texts that are English on a page in another language, without those that are `foreign` by right.

    English is what equals, or fits, a text of the catalogues or a label of the facts in English; and what has two Latin
    words or more and no letter of the page's own script, since a text may have missed the catalogue altogether.
    """
    own_script = re.compile("[؀-ۿ]" if language == "ar" else "[Ѐ-ӿ]")
    return [
        text
        for text in dict.fromkeys(texts)
        if text not in foreign
        and (
            is_english(text)
            or (not own_script.search(text) and len(re.findall(r"[A-Za-z]{3,}", LATIN_NAMES.sub("", text))) > 1)
        )
    ]


def foreign_by_right(warehouse: duckdb.DuckDBPyConnection) -> frozenset[str]:
    """Return what no translator may touch: the names of foreign standards, and what stands in the files people sent."""
    sent = warehouse.execute("""
        select unnest([file, sheet, column_name, value]) from reject
        union select file from delivery
        union select column_name from notice
        union select question from question
    """).fetchall()  # fmt: skip
    indicators = (ROOT / "data/registry/indicators").glob("*.yml")
    standards = (yaml.safe_load(path.read_text(encoding="utf-8"))["framework"] for path in indicators)
    return frozenset(standards) | {text for (text,) in sent if text}


def is_english(text: str) -> bool:
    exact, patterns = english_texts()
    return text in exact or any(pattern.fullmatch(text) for pattern in patterns)


@cache
def english_texts() -> tuple[frozenset[str], tuple[re.Pattern, ...]]:
    """Return the English texts longer than three letters, and patterns of those with places for values."""
    messages = set()
    with (ROOT / "data/locale/kk/LC_MESSAGES/asar.po").open("rb") as catalogue:
        for message in read_po(catalogue):
            ids = message.id if isinstance(message.id, tuple) else (message.id,)
            messages.update(text for text in ids if text and text not in {message.string})
    for path in (ROOT / "data/registry").rglob("*.yml"):
        messages.update(labels_in(yaml.safe_load(path.read_text(encoding="utf-8"))))
    plain = frozenset(text for text in messages if "{" not in text and len(re.findall("[A-Za-z]", text)) > 3)
    patterns = tuple(
        re.compile(".+?".join(map(re.escape, pieces)))
        for text in messages
        if len(pieces := re.split(r"\{[^}]*\}", text)) > 1 and len(re.findall("[A-Za-z]", "".join(pieces))) > 8
    )
    return plain, patterns


def labels_in(facts) -> Iterable[str]:
    """Yield the English of every text given in four languages, where another language differs."""
    if isinstance(facts, dict):
        if {"kk", "ru", "en", "ar"} <= set(facts) and isinstance(facts["en"], str):
            if facts["en"] not in (facts["kk"], facts["ru"], facts["ar"]):
                yield facts["en"]
        else:
            for part in facts.values():
                yield from labels_in(part)
    elif isinstance(facts, list):
        for part in facts:
            yield from labels_in(part)

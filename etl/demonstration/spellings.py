"""How people write codes: mostly the name in their language, sometimes an abbreviation or an old name."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence

import numpy as np

from observatory.editions import Edition
from observatory.fact_files import folded

VARIED_SHARE = 0.15


class Spellings:
    """The spellings of an edition's codes that mean one code only."""

    def __init__(self, edition: Edition):
        self._edition = edition
        self._ways: dict[tuple[str, str, str, str], list[str]] = {}

    def written(
        self,
        dimension: str,
        codes: Sequence[str],
        language: str,
        encoding: str,
        rng: np.random.Generator,
        fixed: Mapping[str, str] | None = None,
    ) -> list[str | None]:
        """Return a spelling for each code, None for "".

        Args:
            dimension: the dimension the codes belong to.
            codes: codes of the dimension, or "" where nothing is stated.
            language: whose names are used; now and then it is another word that people use in the same script.
            encoding: of the file; names it has no letters for are replaced by a spelling that it can hold.
            fixed: a sender's own words, by code; they are used without variation.
        """
        texts: list[str | None] = []
        for code, chance in zip(codes, rng.random(len(codes)) / VARIED_SHARE, strict=True):
            if not code:
                texts.append(None)
            elif fixed:
                texts.append(fixed[code])
            else:
                usual, *others = self._ways_of(dimension, code, language, encoding)
                texts.append(others[int(chance * len(others))] if others and chance < 1 else usual)
        return texts

    def _ways_of(self, dimension: str, code: str, language: str, encoding: str) -> list[str]:
        """Return the name of a code, then its aliases in the same script, as far as they mean no other code."""
        key = (dimension, code, language, encoding)
        if key not in self._ways:
            facts = self._edition.dimensions[dimension]
            member = facts.members[code]
            name = member.names[language]
            candidates = [name, *(alias for alias in member.aliases if _script(alias) == _script(name))]
            clear = [text for text in dict.fromkeys(candidates) if facts.spellings.get(folded(text)) == (code,)]
            self._ways[key] = [text for text in clear if _fits(text, encoding)] or [code]
        return self._ways[key]


def _script(text: str) -> str:
    """Return the script of a text's first letter ("CYRILLIC"), "" where it has none."""
    return next((unicodedata.name(sign, "").split()[0] for sign in text if sign.isalpha()), "")


def _fits(text: str, encoding: str) -> bool:
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True

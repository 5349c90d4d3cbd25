"""Breaks: questions that an earlier wave put differently, so that their answers cannot be set side by side."""

from __future__ import annotations

import duckdb

from observatory.fact_files import folded

Breaks = dict[tuple[str, int, str], str]
"""By instrument, wave and question: "new" (not asked before), "wording", "options" or "kind"."""


def question_breaks(connection: duckdb.DuckDBPyConnection) -> Breaks:
    """Return which questions of each wave cannot be compared with the wave before it, and why.

    Compared are the kind of the question, its wording in every language that both forms have, and its options by code
    and wording. Case and punctuation make no difference.
    """
    labels = [name for (name,) in connection.execute(
        "SELECT column_name FROM duckdb_columns() WHERE table_name = 'question' AND column_name LIKE 'label%'"
    ).fetchall()]  # fmt: skip
    said = ", ".join(labels)
    asked: dict[str, dict[int, dict[str, tuple]]] = {}
    for instrument, wave, question, kind, *words in connection.execute(
        f"SELECT instrument, wave, question, kind, {said} FROM question ORDER BY instrument, wave, sort_order"
    ).fetchall():
        asked.setdefault(instrument, {}).setdefault(wave, {})[question] = (kind, words, {})
    for instrument, wave, question, option, *words in connection.execute(
        f"SELECT instrument, wave, question, option, {said} FROM option"
    ).fetchall():
        asked[instrument][wave][question][2][option] = words
    breaks: Breaks = {}
    for instrument, waves in asked.items():
        ordered = sorted(waves)
        for before, wave in zip(ordered, ordered[1:], strict=False):
            for question, now in waves[wave].items():
                if kind := _changed(waves[before].get(question), now):
                    breaks[instrument, wave, question] = kind
    return breaks


def _changed(before: tuple | None, now: tuple) -> str | None:
    if before is None:
        return "new"
    if before[0] != now[0]:
        return "kind"
    if not _same(before[1], now[1]):
        return "wording"
    if before[2].keys() != now[2].keys() or not all(_same(before[2][option], now[2][option]) for option in now[2]):
        return "options"
    return None


def _same(before: list[str | None], now: list[str | None]) -> bool:
    """Return whether wordings agree in every language that both have."""
    pairs = [(one, other) for one, other in zip(before, now, strict=True) if one and other]
    return all(folded(one) == folded(other) for one, other in pairs)

"""Gaps: what companies, volunteers and NGOs say of the same thing, and what NGOs need beside what they get."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from observatory.store import Store


@dataclass(frozen=True)
class Gaps:
    """The gaps of one kind in the latest wave that has any.

    rows: question, option, first, second (instruments, or "needs" and "got"), first_base, second_base
    (respondents), first_share, second_share (0 to 1),
    value, low, high (the first less the second, -1 to 1), verdict (of the first beside the second).
    """

    wave: int
    is_weighted: bool
    rows: pd.DataFrame


def has_gaps(store: Store, kind: str) -> bool:
    """Return whether there are gaps of a kind; it costs next to nothing."""
    return bool(_waves(store, kind))


def gaps(store: Store, kind: str) -> Gaps | None:
    """Return the gaps of a kind, "mirrored" or "paired"; None where the snapshot has none."""
    waves = _waves(store, kind)
    if not waves:
        return None
    wave, is_weighted = waves[-1]
    rows = store.ask("gaps.sql", parameters={"wave": wave, "kind": kind, "is_weighted": is_weighted})
    return Gaps(int(wave), bool(is_weighted), rows)


def _waves(store: Store, kind: str) -> list[tuple[int, bool]]:
    if "gap" not in store.tables:
        return []
    return [(wave, weighted) for of, wave, weighted in store.ask_rows("gap_waves.sql") if of == kind]


def wordings(store: Store, instrument: str, wave: int, language: str) -> Mapping[str, str]:
    """Return the wording of the questions of an instrument in a wave, by question."""
    parameters = {"instrument": instrument, "wave": wave}
    return dict(store.ask_rows("wordings.sql", {"label": f"label_{language}"}, parameters))


def option_wordings(store: Store, instrument: str, wave: int, question: str, language: str) -> Mapping[str, str]:
    """Return the wording of the options of a question, by option, in the order of the form."""
    parameters = {"instrument": instrument, "wave": wave, "question": question}
    return dict(store.ask_rows("option_wordings.sql", {"label": f"label_{language}"}, parameters))

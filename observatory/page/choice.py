"""The reader's choice between reruns: language, filters, indicator, unit and question, in the session and the address.

The address carries codes only, so a copied link restores page, filters and language. Widgets are fed from the choice on
every rerun and write to it through callbacks: nothing else holds state.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import streamlit as st

from observatory.asked import Asked
from observatory.editions import Edition
from observatory.figures import Context
from observatory.filters import Filters
from observatory.queries import known_part
from observatory.store import Store
from observatory.what_if import WhatIf

LANGUAGE, SHOW, UNIT = "lang", "show", "unit"


@dataclass(frozen=True)
class Choice:
    """Language, filters, the indicator shown ("" the page's first), the level of regions drawn ("" the finest), what is
    tried out, and the question of a survey."""

    language: str
    filters: Filters
    show: str = ""
    unit: str = ""
    what_if: WhatIf = WhatIf()
    asked: Asked = Asked()
    snapshot_id: str = ""

    def to_address(self) -> dict[str, str]:
        extras = {SHOW: self.show, UNIT: self.unit}
        return {
            LANGUAGE: self.language,
            **self.filters.to_address(),
            **{key: value for key, value in extras.items() if value},
            **self.what_if.to_address(),
            **self.asked.to_address(),
        }


def begin(edition: Edition, store: Store) -> Choice:
    """Return the choice of this rerun: from the address (first visit, copied link, "back"), else from the session."""
    state, address = st.session_state, dict(st.query_params)
    held: Choice | None = state.get("choice")
    if held is None or (address and address != state.get("_address")):
        state.choice = _parse(address, edition, store)
    elif held.snapshot_id != store.snapshot.id:
        state.choice = _parse(held.to_address(), edition, store)
    return state.choice


def end() -> None:
    """Write the choice into the address bar, if it is not there yet."""
    address = st.session_state.choice.to_address()
    if dict(st.query_params) != address:
        st.query_params.from_dict(address)
    st.session_state["_address"] = address


def change(**parts) -> None:
    """Replace parts of the choice; for callbacks, which run before the page does."""
    st.session_state.choice = replace(st.session_state.choice, **parts)


def as_chosen(context: Context) -> Context:
    """Return a context with what was chosen since, where only a part of the page is run again."""
    choice: Choice = st.session_state.choice
    return replace(context, what_if=choice.what_if, asked=choice.asked)


def _parse(address: dict[str, str], edition: Edition, store: Store) -> Choice:
    snapshot = store.snapshot
    language = address.get(LANGUAGE, "")
    if language not in edition.languages:
        preferred = (st.context.locale or "")[:2]
        language = preferred if LANGUAGE not in address and preferred in edition.languages else edition.default_language
    levels = edition.dimensions["region"].levels
    indicators = {indicator.id for indicator in edition.indicators}
    return Choice(
        language=language,
        filters=Filters.from_address(address, edition, snapshot.first_year, snapshot.last_year),
        show=address.get(SHOW, "") if address.get(SHOW) in indicators else "",
        unit=address.get(UNIT, "") if address.get(UNIT) in levels else "",
        what_if=WhatIf.from_address(address),
        asked=known_part(store, Asked.from_address(address), language),
        snapshot_id=snapshot.id,
    )

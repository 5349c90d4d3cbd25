"""The handout: a company chooses what it reports and takes the workbook for it, in the language it reads."""

from __future__ import annotations

from functools import lru_cache
from html import escape
from pathlib import Path

import streamlit as st

from observatory.figures import Context
from observatory.registry import registry
from observatory.steward import template, templates_of

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def handout(context: Context) -> None:
    """Draw the choice of a template and its download; nothing where the edition has none."""
    texts, folder, snapshot = context.texts, context.edition.folder, context.store.snapshot.id
    patterns = templates_of(folder)
    if not patterns or texts.language not in context.edition.languages:
        return
    templates, language = registry().templates, texts.language
    title = texts.say("Template for companies")
    lead = texts.say("A workbook to fill in, with lists to choose from. It says what to correct and where to send it.")
    with st.container(border=True, key="card_handout"):
        st.html(f'<h2 class="figure-title">{escape(title)}</h2><p class="subtitle">{escape(lead)}</p>')
        with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
            table = st.selectbox(
                texts.say("What is reported"), list(patterns), key="handout_table", width=360,
                placeholder=texts.say("What is reported"),
                format_func=lambda table, _language=language: templates[table]["name"][_language],
            )  # fmt: skip
            st.download_button(
                texts.say("Download"), lambda: _workbook(folder, table, language, snapshot),
                patterns[table].replace("*", language, 1), XLSX, key="handout_download", on_click="ignore",
                icon=":material/download:",
            )  # fmt: skip


@lru_cache(maxsize=60)
def _workbook(edition: Path, table: str, language: str, snapshot: str) -> bytes:
    """Return a blank workbook; it is made anew once another snapshot is served, whose lists may be others."""
    return template(edition, table, language)

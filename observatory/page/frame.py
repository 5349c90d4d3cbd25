"""The frame around every page: who reads, in which language and direction, on which snapshot, in which look."""

from __future__ import annotations

import gc
import os
from html import escape
from pathlib import Path

import streamlit as st

from observatory import DATA_FOLDER
from observatory.access import product_for
from observatory.charts.look import Look
from observatory.editions import Edition, load_edition
from observatory.errors import NoSnapshot
from observatory.figures import Context
from observatory.page import choice as reader
from observatory.store import current_store
from observatory.texts import texts

CONTEXT = "_context"
STYLE = Path(__file__).parent.parent / "style.css"
VIEWPORT = """
export default function ({ setStateValue, data }) {
  const narrow = window.matchMedia("(max-width: 640px)")
  const tell = () => { if (narrow.matches !== data.narrow) setStateValue("narrow", narrow.matches) }
  tell()
  narrow.onchange = tell
}
"""


def edition_id() -> str:
    """Return the edition to serve: ASAR_EDITION (an id or a folder), else the line in data/editions/DEFAULT."""
    return os.environ.get("ASAR_EDITION") or (DATA_FOLDER / "editions" / "DEFAULT").read_text("utf-8").strip()


@st.cache_resource(show_spinner=False)
def _edition(name: str) -> Edition:
    return load_edition(name)


@st.cache_resource(show_spinner=False)
def _freeze() -> bool:
    """Put everything loaded so far out of the garbage collector's reach, once a process: reruns cost a tenth."""
    gc.collect()
    gc.freeze()
    return True


def open_reader() -> Context:
    """Return what every figure of this rerun needs, one snapshot throughout; tell the page language and direction.

    Raises:
        NoSnapshot: nothing is published yet; the page then says the next step instead.
    """
    edition = _edition(edition_id())
    folder = os.environ.get("ASAR_PUBLISHED") or str(DATA_FOLDER / "published" / edition.id)
    store = current_store(Path(folder), product_for())
    choice = reader.begin(edition, store)
    said = texts(choice.language)
    st.html(STYLE)
    st.html(
        f"<script>document.documentElement.lang='{said.language}';"
        f"document.documentElement.dir='{said.direction}'</script>",
        unsafe_allow_javascript=True,
    )
    is_dark = st.context.theme.type == "dark"
    look = Look("dark" if is_dark else "light", said.direction, "phone" if _is_narrow() else "page")
    st.session_state[CONTEXT] = Context(
        store, edition, choice.filters, said, look, choice.show, choice.unit, choice.what_if, choice.asked
    )
    return st.session_state[CONTEXT]


def reader_of_this_run() -> Context:
    """Return the context that the dashboard opened at the start of this rerun."""
    return st.session_state[CONTEXT]


@st.cache_resource(show_spinner=False)
def _viewport():
    return st.components.v2.component("asar_viewport", js=VIEWPORT)


def _is_narrow() -> bool:
    """Return True on a screen of phone width, as far as the browser has told."""
    return bool((st.session_state.get("viewport") or {}).get("narrow", False))


def watch_width() -> None:
    """Have the browser tell whether the screen is as narrow as a phone, once, and again when it is turned.

    To be called once the pages are named: what a browser tells before it knows its page is taken for the first page.
    """
    told = {"narrow": _is_narrow()}
    _viewport()(key="viewport", data=told, default={"narrow": False}, on_narrow_change=lambda: None)


def say_no_snapshot(error: NoSnapshot) -> None:
    """Show, in every language of the product, that nothing is published yet and which command to run."""
    st.html(STYLE)
    for language in _edition(edition_id()).languages:
        said = texts(language)
        st.html(f'<div class="empty" lang="{language}" dir="{said.direction}"><p>{escape(error.say(said))}</p></div>')
    st.code("make run", language=None)


def warmed_up() -> None:
    """Call at the end of a rerun."""
    _freeze()

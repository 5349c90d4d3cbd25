"""The columns of a file beside the fields they feed; the steward corrects them and they become a source description."""

from __future__ import annotations

from html import escape
from typing import Any

import streamlit as st

from observatory.page.drafts import Draft
from observatory.registry import registry
from observatory.steward import NOT_USED, matched
from observatory.texts import Texts, mark

TABLES = {
    "activity": mark("activities"), "company_year": mark("companies by year"), "event": mark("meetings and trainings"),
    "company": mark("companies"), "ngo": mark("NGOs"),
}  # fmt: skip


def match_columns(draft: Draft, described: dict[str, Any], texts: Texts) -> None:
    """Draw the columns of a file; where no description fits, each has a choice of fields."""
    with st.container(border=True, key="card_desk_columns"):
        title = texts.say("What each column feeds")
        st.html(f'<h2 class="figure-title">{escape(title)}</h2>')
        if described["source"]:
            said = texts.say(
                "Files of this name are read by the source description {name}. It is changed in its file.",
                name=described["source"],
            )
            st.html(f'<p class="subtitle">{escape(said)}</p>')
            _fixed(described, texts)
            return
        st.selectbox(
            texts.say("What a row is"), list(TABLES), list(TABLES).index(described["table"]),
            format_func=lambda name, _language=texts.language: texts.say(TABLES[name]), key="desk_table",
            on_change=lambda: _start_anew(draft),
        )  # fmt: skip
        with st.form("desk_columns", border=False):
            _form(draft, described, texts)


def _start_anew(draft: Draft) -> None:
    draft.table, draft.chosen = st.session_state.desk_table, None


def _fixed(described: dict[str, Any], texts: Texts) -> None:
    for column in described["columns"]:
        field = _label(described["table"], column["field"], texts) if column["field"] else texts.say("not used")
        st.html(f"{_heading(column)}<p>{escape(field)}</p>")


def _form(draft: Draft, described: dict[str, Any], texts: Texts) -> None:
    """Draw one row for each column: heading and examples, the field, what numbers are multiplied by."""
    fields, columns = registry().tables[described["table"]]["fields"], []
    for number, column in enumerate(described["columns"]):
        shown, chosen, factor = st.columns([3, 3, 2], vertical_alignment="center", gap="small")
        key = f"desk_{draft.upload}_{described['table']}_{number}"
        shown.html(_heading(column))
        field = chosen.selectbox(
            texts.say("Field that column {letter} feeds", letter=column["letter"]), [NOT_USED, *fields],
            [NOT_USED, *fields].index(column["field"] or NOT_USED), key=f"{key}_field",
            format_func=lambda name, _language=texts.language: _label(described["table"], name, texts),
            label_visibility="collapsed",
        )  # fmt: skip
        multiply = factor.text_input(
            texts.say("Column {letter} is multiplied by", letter=column["letter"]), key=f"{key}_multiply",
            label_visibility="collapsed", placeholder=texts.say("multiplied by"),
        )  # fmt: skip
        columns.append({"heading": column["heading"], "field": field, "multiply": multiply})
    files = st.text_input(
        texts.say("Files that are read so, with * for anything"), described["description"]["files"],
        key=f"desk_{draft.upload}_files",
    )  # fmt: skip
    proposed = described["description"].get("creates", [])
    is_creating = st.checkbox(
        texts.say("Organisations that stand in no list are taken from this file"), bool(proposed),
        key=f"desk_{draft.upload}_creates",
    )  # fmt: skip
    if st.form_submit_button(texts.say("Look at it with these columns"), key="desk_match"):
        feeds = {facts["feeds"].split(".")[0] for facts in fields.values() if "feeds" in facts}
        creates = sorted(feeds) if is_creating else []
        draft.chosen = matched(described["description"], columns, files.strip(), creates)
        st.rerun()


def _heading(column: dict[str, Any]) -> str:
    """Return heading and examples of a column as plain text."""
    place = " ".join([*column["sheets"], column["letter"]])
    samples = " · ".join(column["samples"])
    return (
        f"<p><b>{escape(column['heading'])}</b></p>"
        f'<p class="subtitle">{escape(f"{place}: {samples}" if samples else place)}</p>'
    )


def _label(table: str, field: str, texts: Texts) -> str:
    if field == NOT_USED:
        return texts.say("not used")
    return f"{texts.pick(registry().tables[table]['fields'][field]['headings'])[0]} ({field})"

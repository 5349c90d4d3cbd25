"""The columns of a file beside the fields they feed; the steward corrects them and they become a source description."""

from __future__ import annotations

from html import escape
from typing import Any

import pandas as pd
import streamlit as st

from observatory.page.card import table
from observatory.page.drafts import Draft
from observatory.registry import registry
from observatory.rejects import shown
from observatory.steward import NOT_USED, feeding, matched
from observatory.texts import FIRST_STRONG_ISOLATE, POP, Texts, mark

TABLES = {
    "activity": mark("activities"), "company_year": mark("companies by year"), "event": mark("meetings and trainings"),
    "company": mark("companies"), "ngo": mark("NGOs"), "respondent": mark("answers to a questionnaire"),
}  # fmt: skip
MOST = 100
"""Columns that have a choice; of a wider table the others stay as they were recognised."""

NOT_KEPT = "not_used"
"""How a column is recognised that is left aside on purpose: of answers what a tool adds, texts and names."""

NUMBERS = ("integer", "number")
"""Types of fields whose values can be multiplied."""


def match_columns(draft: Draft, described: dict[str, Any], texts: Texts) -> None:
    """Draw the columns of a file; where no description fits, each has a choice of fields."""
    if not described["columns"]:
        return
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
            placeholder=texts.say("What a row is"), on_change=lambda: _start_anew(draft),
        )  # fmt: skip
        of_table = _answers if "survey" in described["description"] else _choices
        of_table(draft, described, texts)


def _start_anew(draft: Draft) -> None:
    draft.table, draft.chosen = st.session_state.desk_table, None


def _fixed(described: dict[str, Any], texts: Texts) -> None:
    rows = [
        (_place(column), column["heading"], _samples(column), _fed(described["table"], column, texts))
        for column in described["columns"]
    ]  # fmt: skip
    heads = [texts.say("Column"), texts.say("Heading"), texts.say("Values"), texts.say("Field")]
    st.html(table(pd.DataFrame(rows, columns=heads), texts.say("What each column feeds")))


def _fed(name: str, column: dict[str, Any], texts: Texts) -> str:
    """Return the field that a column feeds in words, or the code of the question that it answers."""
    if column["field"] and column["field"] not in registry().tables[name]["fields"]:
        return column["field"]
    return texts.say("left aside") if column["how"] == NOT_KEPT else _label(name, column["field"] or NOT_USED, texts)


def _answers(draft: Draft, described: dict[str, Any], texts: Texts) -> None:
    """Draw which questionnaire is answered, the wave, which can be corrected, and the question of each column."""
    description = draft.chosen or described["description"]
    survey, titles = description["survey"], registry().questionnaires["instruments"]
    if survey["instrument"] in titles:
        said = texts.say("Questionnaire: {name}", name=texts.pick(titles[survey["instrument"]]))
        st.html(f'<p class="subtitle">{escape(said)}</p>')
    if described["to_do"]:
        said = "".join(f"<li>{escape(shown(sentence))}</li>" for sentence in described["to_do"])
        st.html(f'<ul class="sentences">{said}</ul>')
    key = f"desk_{draft.upload}_survey"
    year, asked, pattern = st.columns([1, 1, 2], gap="small")
    wave = year.text_input(texts.say("Year of the wave"), str(survey.get("wave", "")), key=f"{key}_wave")
    invited = asked.text_input(
        texts.say("How many were invited"), str(survey.get("invited", "")), key=f"{key}_invited",
        placeholder=texts.say("unknown"),
    )  # fmt: skip
    files = pattern.text_input(
        texts.say("Files that are read so, with * for anything"), description["files"], key=f"{key}_files"
    )
    if st.button(texts.say("Look at it with these columns"), key="desk_match"):
        told = {**survey, "wave": _whole(wave), "invited": _whole(invited)}
        told = {name: value for name, value in told.items() if value}
        draft.chosen = {**described["description"], "files": files.strip(), "survey": told}
        st.rerun()
    _fixed(described, texts)


def _whole(text: str) -> int | str:
    """Return a number as one; what is none stays as it is, to be refused with its reason."""
    text = text.strip()
    return int(text) if text.isdecimal() else text


@st.fragment
def _choices(draft: Draft, described: dict[str, Any], texts: Texts) -> None:
    """Draw one row for each column: heading and examples, the field, what numbers are multiplied by."""
    fields, columns = registry().tables[described["table"]]["fields"], []
    fed, missing = feeding(draft.chosen) if draft.chosen else {}, st.container()
    for number, column in enumerate(described["columns"]):
        field, multiply = fed.get(column["heading"], (NOT_USED if fed else column["field"] or NOT_USED, ""))
        if number >= MOST:
            columns.append({"heading": column["heading"], "field": field, "multiply": multiply})
            continue
        said, chosen, factor = st.columns([3, 3, 2], vertical_alignment="center", gap="small")
        key = f"desk_{draft.upload}_{described['table']}_{number}"
        said.html(_heading(column))
        field = chosen.selectbox(
            texts.say("Field that column {letter} feeds", letter=column["letter"]), [NOT_USED, *fields],
            [NOT_USED, *fields].index(field), key=f"{key}_field", label_visibility="collapsed",
            format_func=lambda name, _language=texts.language: _label(described["table"], name, texts),
            placeholder=texts.say("not used"),
        )  # fmt: skip
        if field != NOT_USED and fields[field]["type"] in NUMBERS:
            multiply = factor.text_input(
                texts.say("Column {letter} is multiplied by", letter=column["letter"]), multiply,
                key=f"{key}_multiply", placeholder=texts.say("Multiplier, such as 1000"),
                label_visibility="collapsed",
            )  # fmt: skip
        else:
            multiply = ""
        columns.append({"heading": column["heading"], "field": field, "multiply": multiply})
    if said := _missing(described, {column["field"] for column in columns}, texts):
        missing.html('<ul class="sentences">' + "".join(f"<li>{escape(sentence)}</li>" for sentence in said) + "</ul>")
    if len(columns) > MOST:
        more = texts.say(
            "Columns: {count}. The first {most} can be matched here; the others stay as they were recognised.",
            count=texts.number(len(columns)), most=texts.number(MOST),
        )  # fmt: skip
        st.html(f'<p class="subtitle">{escape(more)}</p>')
    files = st.text_input(
        texts.say("Files that are read so, with * for anything"), (draft.chosen or described["description"])["files"],
        key=f"desk_{draft.upload}_files",
    )  # fmt: skip
    proposed = (draft.chosen or described["description"]).get("creates", [])
    is_creating = st.checkbox(
        texts.say("Organisations that stand in no list are taken from this file"), bool(proposed),
        key=f"desk_{draft.upload}_creates",
    )  # fmt: skip
    if st.button(texts.say("Look at it with these columns"), key="desk_match"):
        feeds = {facts["feeds"].split(".")[0] for facts in fields.values() if "feeds" in facts}
        draft.chosen = matched(described["description"], columns, files.strip(), sorted(feeds) if is_creating else [])
        st.rerun()


def _missing(described: dict[str, Any], chosen: set[str], texts: Texts) -> list[str]:
    """Return a sentence on each field that every row needs and no column feeds, with the headings that may be meant."""
    said = []
    for unfed in described["unfed"]:
        field = _label(described["table"], unfed["field"], texts)
        if not unfed["required"] or unfed["field"] in chosen:
            continue
        if unfed["nearest"]:
            said.append(texts.say(
                "{field} is required and fed by no column. Perhaps this one is meant: {headings}",
                field=field, headings=", ".join(f"“{shown(heading)}”" for heading in unfed["nearest"]),
            ))  # fmt: skip
        else:
            said.append(
                texts.say("{field} is required and fed by no column. Choose the one that holds it.", field=field)
            )
    return said


def _heading(column: dict[str, Any]) -> str:
    """Return heading and examples of a column as plain text."""
    said = ": ".join(filter(None, (_place(column), _samples(column))))
    return f'<p><b><bdi>{escape(shown(column["heading"]))}</bdi></b></p><p class="subtitle">{escape(said)}</p>'


def _samples(column: dict[str, Any]) -> str:
    """Return values of a column, each of which runs in its own direction."""
    return " · ".join(f"{FIRST_STRONG_ISOLATE}{shown(sample)}{POP}" for sample in column["samples"])


def _place(column: dict[str, Any]) -> str:
    return " ".join([*column["sheets"], column["letter"]])


def _label(table: str, field: str, texts: Texts) -> str:
    if field == NOT_USED:
        return texts.say("not used")
    return f"{texts.pick(registry().tables[table]['fields'][field]['headings'])[0]} ({field})"

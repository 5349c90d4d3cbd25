"""The card of a figure: headline, chart or table, base, source, and one calm row of actions."""

from __future__ import annotations

from html import escape

import pandas as pd
import streamlit as st

from observatory import exports
from observatory.charts.look import PLOTLY_CONFIG
from observatory.charts.sent import AsItIs
from observatory.figures import Context, View
from observatory.figures.reference import citation
from observatory.page import choice as reader


def card(view: View, context: Context) -> None:
    """Draw one figure. Names from files stand here as text only: everything is escaped.

    What needs no answer from the server is one piece of HTML: each element of Streamlit costs at every rerun.
    """
    with st.container(border=True, height="stretch", key=f"card_{view.id}"):
        said = "".join(f"<li>{escape(line)}</li>" for line in view.sentences)
        st.html(_head(view, context) + (f'<ul class="sentences">{said}</ul>' if said else ""))
        as_table = st.session_state.get(f"table_{view.id}", False)
        if view.swatches and not as_table:
            st.html(view.swatches)
        if view.chart is not None and not as_table:
            _chart(view, context)
        elif not view.shown.empty:
            st.html(table(view.shown, view.headline))
        if view.state == "empty":
            _empty(view, context)
        if view.years_offer:
            _offer(view, context)
        _foot(view, context, as_table)


def _head(view: View, context: Context) -> str:
    """Return headline and subtitle, and the button that opens what the figure means and how to cite it."""
    subtitle = f'<p class="subtitle">{escape(view.subtitle)}</p>' if view.subtitle else ""
    title = f'<div><h2 class="figure-title">{escape(view.headline)}</h2>{subtitle}</div>'
    return f'<div class="figure-head">{title}{_about(view, context) if view.definitions else ""}</div>'


def table(shown: pd.DataFrame, caption: str, numbers_from: int = 1) -> str:
    """Return rows as an accessible HTML table; every cell is escaped, and turns the direction of no other."""
    head = "".join(f'<th scope="col"><bdi>{escape(str(heading))}</bdi></th>' for heading in shown.columns)
    body = "".join(
        "<tr>" + "".join(f"<td><bdi>{escape(str(value))}</bdi></td>" for value in row) + "</tr>"
        for row in shown.itertuples(index=False, name=None)
    )
    return (
        f'<div class="table" tabindex="0" role="region" aria-label="{escape(caption, quote=True)}"><table>'
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def _chart(view: View, context: Context) -> None:
    key = f"chart_{view.id}"
    clicks = (
        {"on_select": lambda: _clicked(key, view.clicks, context), "selection_mode": "points"} if view.clicks else {}
    )
    st.plotly_chart(AsItIs(view.chart), theme=None, key=key, alt=view.alt, config=PLOTLY_CONFIG, **clicks)


def _clicked(key: str, dimension: str, context: Context) -> None:
    """A click on a bar or region is an event: it puts the code into the filter, a second click takes it out."""
    points = st.session_state[key].selection.points
    codes = [_code(point) for point in points]
    code = next((code for code in codes if code in context.edition.dimensions[dimension].members), None)
    if code:
        reader.change(filters=st.session_state.choice.filters.toggled(dimension, code, context.edition))


def _code(point: dict) -> str | None:
    custom = point.get("location") or point.get("customdata")
    return custom[0] if isinstance(custom, (list, tuple)) and custom else custom


def _empty(view: View, context: Context) -> None:
    st.html('<div class="empty">' + "".join(f"<p>{escape(note)}</p>" for note in view.notes) + "</div>")
    if view.remedy:
        texts = context.texts
        st.button(
            texts.say("Show it without the choice of: {filter}", filter=texts.dimension(view.remedy)),
            key=f"loosen_{view.id}",
            on_click=_loosen,
            args=(view.remedy,),
        )


def _offer(view: View, context: Context) -> None:
    years = context.texts.year_range(*view.years_offer)
    st.button(
        context.texts.say("Show {years}, in today’s regions", years=years),
        key=f"years_{view.id}",
        type="tertiary",
        icon=":material/calendar_month:",
        on_click=lambda: reader.change(filters=st.session_state.choice.filters.with_years(*view.years_offer)),
    )


def _loosen(dimension: str) -> None:
    reader.change(filters=st.session_state.choice.filters.without(dimension))


def _foot(view: View, context: Context, as_table: bool) -> None:
    texts = context.texts
    notes = view.notes if view.state != "empty" else ()
    lines = [f"<b>{escape(view.base)}</b>" if view.base else "", *(escape(note) for note in notes)]
    word = escape(texts.say("Demonstration data"))
    demonstration = f' · <b class="demo-word">◇ {word}</b>' if context.store.snapshot.is_demonstration else ""
    source = f"<p>{escape(view.source)}{demonstration}</p>" if view.source else ""
    foot = f'<div class="foot"><p>{" · ".join(line for line in lines if line)}</p>{source}</div>'
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small", key=f"foot_{view.id}"):
        st.html(foot, width="stretch")
        if not view.rows.empty:
            _actions(view, context, as_table)


def _actions(view: View, context: Context, as_table: bool) -> None:
    texts = context.texts
    if view.chart is not None:
        st.button(
            texts.say("Chart") if as_table else texts.say("Table"),
            key=f"swap_{view.id}",
            type="tertiary",
            icon=":material/bar_chart:" if as_table else ":material/table_rows:",
            on_click=lambda: st.session_state.update({f"table_{view.id}": not as_table}),
        )
    key = f"download_{view.id}"
    opened = st.popover(texts.say("Download"), type="tertiary", icon=":material/download:", key=key, on_change="rerun")
    if opened.open:
        with opened:
            _downloads(view, context)


def _downloads(view: View, context: Context) -> None:
    texts, count = context.texts, len(view.rows)
    sentence = texts.say_n("Download this {n} row", "Download these {n} rows", count)
    st.html(f"<p>{escape(sentence)}</p>")
    name = f"asar-{context.edition.id}-{view.id}-{context.store.snapshot.id}"
    told = provenance(view, context)
    st.download_button(
        "CSV",
        lambda: exports.csv_bytes(view),
        f"{name}.csv",
        "text/csv",
        key=f"csv_{view.id}",
        on_click="ignore",
        icon=":material/download:",
    )
    st.download_button(
        "XLSX",
        lambda: exports.xlsx_bytes(view, told, texts.direction == "rtl"),
        f"{name}.xlsx",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        key=f"xlsx_{view.id}",
        on_click="ignore",
        icon=":material/download:",
    )


def provenance(view: View, context: Context) -> tuple[tuple[str, str], ...]:
    """Return what a table needs beside it when it is taken away: what it says, the choice, source, snapshot, terms."""
    texts = context.texts
    facts = [
        (texts.say("Headline"), view.headline),
        (texts.say("Measure"), view.subtitle),
        (texts.say("Choice"), view.choice or context.filters.sentence(texts, context.edition)),
        (texts.say("Base"), view.base),
        (texts.say("Source"), view.source),
        (texts.say("Cite as"), citation(context, view.headline)),
    ]
    if context.store.snapshot.is_demonstration:
        facts.insert(0, (texts.say("Status"), texts.say("Demonstration data")))
    return tuple(
        (key, value)
        for key, value in [*facts, *((texts.say("Note"), note) for note in view.notes), *view.definitions]
        if value
    )


def _about(view: View, context: Context) -> str:
    texts, name = context.texts, f"about-{escape(view.id, quote=True)}"
    facts = [
        *view.definitions,
        (texts.say("Source"), view.source),
        (texts.say("Cite this figure"), citation(context, view.headline)),
    ]
    parts = "".join(f"<dt>{escape(term)}</dt><dd>{escape(text)}</dd>" for term, text in facts)
    what = escape(texts.say("Definition, source, how to cite"), quote=True)
    named = f'aria-label="{what}" title="{what}"'
    return (
        f'<button type="button" class="about-opener" popovertarget="{name}" {named}>i</button>'
        f'<div popover="auto" id="{name}" class="about" role="dialog" aria-label="{what}"><dl>{parts}</dl></div>'
    )

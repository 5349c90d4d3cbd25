"""A page declares what it shows; this draws it: bar, headline, numbers, rows of figures, provenance."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from html import escape
from uuid import uuid4

import streamlit as st

from observatory.asked import Asked
from observatory.errors import AsarError, NotPublished
from observatory.figures import Context, Figure, Headlines, View
from observatory.figures.headlines import Number
from observatory.figures.view import CHOSEN
from observatory.page import choice as reader
from observatory.page.bar import as_label, filter_bar
from observatory.page.card import card
from observatory.page.frame import reader_of_this_run, warmed_up
from observatory.queries.selection import select
from observatory.texts import mark
from observatory.what_if import WhatIf

CONTENT, GAP, CARD_SIDES = 1280, 16, 38  # pixels: the page's content, between cards, borders and padding of a card
UNITS = {"region": mark("Regions"), "comparable": mark("Comparable regions"), "macro": mark("Macro-regions")}


@dataclass(frozen=True)
class Row:
    """Columns side by side, two at the most, each of one figure or of several below each other; widths as shares."""

    columns: tuple[tuple[Figure, ...], ...]
    widths: tuple[float, ...] = ()

    def __init__(self, *columns: Figure | tuple[Figure, ...], widths: tuple[float, ...] = ()):
        object.__setattr__(
            self, "columns", tuple(column if isinstance(column, tuple) else (column,) for column in columns)
        )
        object.__setattr__(self, "widths", widths or (1,) * len(columns))


@dataclass(frozen=True)
class Page:
    """What a page shows.

    id: the address. title: the menu's word. lead: the figure in words that gives the page its headline.
    filters: which parts of the bar it listens to. shows: indicators the reader can choose from, the first by default.
    has_units: the reader chooses the level of regions.
    workplace: draws what is done on the page rather than shown, above its rows.
    tools: draw what a reader tries out in a figure, above it, by the figure's id; both alone are run again then.
    is_apart: nothing that is chosen below the bar changes the bar, so all below it, and no more, is run again.
    """

    id: str
    title: str
    lead: Figure
    rows: tuple[Row, ...]
    headlines: Headlines | None = None
    filters: tuple[str, ...] = ("years", "sector", "region", "theme", "size")
    shows: tuple[str, ...] = ()
    has_units: bool = False
    workplace: Callable[[Context], None] | None = None
    tools: Mapping[str, Callable[[Context], None]] = field(default_factory=dict)
    is_apart: bool = False

    @property
    def figures(self) -> tuple[Figure, ...]:
        return tuple(figure for row in self.rows for column in row.columns for figure in column)


def show(page: Page) -> None:
    """Draw a page for this reader; a figure that fails says so in its own card, and the rest stands."""
    context = reader_of_this_run()
    filter_bar(context, page.filters)
    if page.is_apart:
        _apart(partial(_body, page), context)
    else:
        _body(page, context)
    reader.end()
    warmed_up()


@st.fragment
def _apart(draw: Callable[[Context], None], context: Context) -> None:
    """Draw a part of a page that runs again by itself once something in it is chosen."""
    draw(reader.as_chosen(context))
    reader.end()


def _body(page: Page, context: Context) -> None:
    context = _with_page_defaults(page, context)
    lead = _view(page.lead, context)
    subtitle = " · ".join(filter(None, (lead.subtitle, _replaced(context) if page.filters else "")))
    st.html(f'<h1 class="headline">{escape(lead.headline)}</h1><p class="lead">{escape(subtitle)}</p>')
    if page.shows or page.has_units:
        _selectors(page, context)
    if page.headlines:
        _numbers(page.headlines, context)
    if page.workplace:
        page.workplace(context)
    for row in page.rows:
        _row(row, context, page.tools)
    st.html(f'<p class="provenance">{escape(_provenance(context))}</p>')


def _replaced(context: Context) -> str:
    """Return which comparable regions stand for chosen ones on the whole page, because the years reach back."""
    texts, region = context.texts, context.edition.dimensions["region"]
    wholes = dict.fromkeys(select(context.edition, context.main, (), context.filters).replaced.values())
    return (
        texts.say("counted as: {regions}", regions=texts.names(texts.member(region, code) for code in wholes))
        if wholes
        else ""
    )


def _row(row: Row, context: Context, tools: Mapping[str, Callable[[Context], None]]) -> None:
    """Draw the figures of a row that this edition can feed; what it has nothing for is left out, not left empty."""
    fitting = [tuple(figure for figure in column if _fits(figure, context)) for column in row.columns]
    columns = [(figures, width) for figures, width in zip(fitting, row.widths, strict=True) if figures]
    if not columns:
        return
    widths = [width for _, width in columns]
    for place, (figures, width) in zip(st.columns(widths, gap="small"), columns, strict=True):
        sized = _sized(context, width / sum(widths), len(columns))
        with place:
            for figure in figures:
                if figure.id in tools:
                    _apart(partial(_tried, figure, tools[figure.id]), sized)
                else:
                    card(_view(figure, sized), sized)


def _tried(figure: Figure, tool: Callable[[Context], None], context: Context) -> None:
    tool(context)
    card(_view(figure, context), context)


def _fits(figure: Figure, context: Context) -> bool:
    return not hasattr(figure, "fits") or figure.fits(context)


def view_of(figure: Figure, context: Context) -> View:
    """Return the finished figure; where it fails its card says so, the log says why, and the page stands."""
    texts = context.texts
    try:
        return figure.view(context)
    except NotPublished as error:
        headline, note = texts.say("Not published in this breakdown"), error.say(texts)
    except AsarError as error:
        headline, note = texts.say("This figure could not be drawn"), error.say(texts)
    except Exception:
        number = uuid4().hex[:8]
        logging.getLogger(__name__).exception(
            "Figure %s failed, number %s, choice %s", figure.id, number, context.filters
        )
        headline = texts.say("This figure could not be drawn")
        note = texts.say("The log holds the reason under number {number}.", number=number)
    return View(id=figure.id, headline=headline, state="empty", notes=(note,))


@st.cache_resource(max_entries=2000, show_spinner=False)
def _cached_view(key: str, _figure: Figure, _context: Context) -> View:
    return view_of(_figure, _context)


@st.cache_resource(max_entries=2000, show_spinner=False)
def _cached_numbers(key: str, _headlines: Headlines, _context: Context) -> list[Number]:
    return _headlines.numbers(_context)


def _view(figure: Figure, context: Context) -> View:
    context = _own(figure, context)
    return _cached_view(_key(figure, context), figure, context)


def _own(figure: Figure, context: Context) -> Context:
    """Return the context with those parts of the choice alone that a figure reads: what else is chosen is no reason to
    draw it again."""
    unread = {
        "filters": context.filters.cleared(), "show": "", "unit": "", "what_if": WhatIf(), "asked": Asked(),
    }  # fmt: skip
    for part in getattr(figure, "reads", CHOSEN):
        del unread[part]
    return replace(context, **unread)


def _key(shown: Figure | Headlines, context: Context) -> str:
    """Return all that decides how something looks to a reader: two who share it see the same."""
    return repr(
        (
            shown,
            context.store.snapshot.id,
            context.store.predecessor and context.store.predecessor.snapshot.id,
            context.edition.id,
            context.filters,
            context.texts.language,
            context.look,
            context.show,
            context.unit,
            context.what_if,
            context.asked,
        )
    )


def _with_page_defaults(page: Page, context: Context) -> Context:
    """Return the context with an indicator and a unit that this page has: the reader's, else the page's first."""
    fed = _choosable(page, context)
    shown = context.show if context.show in fed else fed[0]
    levels = context.edition.dimensions["region"].levels
    unit = context.unit if page.has_units and context.unit in levels else levels[0]
    return replace(context, show=shown, unit=unit)


def _choosable(page: Page, context: Context) -> list[str]:
    """Return the indicators a reader can choose: the edition's main count, then those of the page that have data."""
    fed = [indicator for indicator in page.shows if indicator in context.available]
    return list(dict.fromkeys((context.main.id, *fed)))


def _sized(context: Context, share: float, columns: int) -> Context:
    """Return the context with the width a chart will have in its column, for wrapping words; a phone has one width."""
    if context.look.size != "page":
        return context
    width = (CONTENT - GAP * (columns - 1)) * share - CARD_SIDES
    return replace(context, look=replace(context.look, width=round(width)))


def _selectors(page: Page, context: Context) -> None:
    texts = context.texts
    with st.container(horizontal=True, key="selectors", gap="small"):
        fed = _choosable(page, context)
        if len(fed) > 1:
            st.session_state["f_show"] = context.show
            st.selectbox(
                texts.say("Indicator"),
                fed,
                key="f_show",
                placeholder=texts.say("Indicator"),
                label_visibility="collapsed",
                width=360,
                format_func=lambda indicator, _language=texts.language: texts.pick(context.indicator(indicator).name),
                on_change=lambda: reader.change(show=st.session_state.f_show),
            )
        levels = context.edition.dimensions["region"].levels
        if page.has_units and len(levels) > 1:
            st.session_state["f_unit"] = context.unit
            st.segmented_control(
                texts.say("Unit of the map"),
                levels,
                key="f_unit",
                required=True,
                label_visibility="collapsed",
                format_func=lambda level, _language=texts.language: texts.say(UNITS[level]),
                on_change=lambda: reader.change(unit=st.session_state.f_unit),
            )


def _numbers(headlines: Headlines, context: Context) -> None:
    numbers = _cached_numbers(_key(headlines, context), headlines, context)
    if not numbers:
        return
    grid = st.grid(2 if context.look.size == "phone" else len(numbers), min_column_width=150, key="numbers")
    for number in numbers:
        with grid:
            st.metric(
                as_label(number.label),
                number.value,
                number.change,
                delta_color=number.colour,
                delta_arrow=number.arrow,
                border=True,
                height="stretch",
                delta_description=number.since,
                help=f"{as_label(number.definition)}  \n{as_label(number.source)}",
            )
    _goals(numbers, context)


def _goals(numbers: list[Number], context: Context) -> None:
    """Draw the goals that are set for the headline numbers, one sentence each, and who set them."""
    texts, goals = context.texts, [(number, number.goal) for number in numbers if number.goal]
    if not goals:
        return
    lines = [
        texts.say("{label}. {sentence}", label=texts.pick(number.indicator.short), sentence=goal.sentence)
        for number, goal in goals
    ]
    sources = " · ".join(dict.fromkeys(goal.source for _, goal in goals))
    listed = "".join(f"<li>{escape(line)}</li>" for line in lines)
    st.html(f'<div class="goals"><ul class="sentences">{listed}</ul><p>{escape(sources)}</p></div>')


def _provenance(context: Context) -> str:
    texts, snapshot = context.texts, context.store.snapshot
    said = texts.say(
        "Snapshot of {date} · {edition} · Figures: {licence}",
        date=texts.date(snapshot.as_of),
        edition=texts.pick(context.edition.name),
        licence=context.edition.licence,
    )
    if not context.store.is_protected:
        return said
    protected = texts.say("Protected by small fixed changes, so that nobody learns what one organisation gave.")
    return f"{said} · {protected}"

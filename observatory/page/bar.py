"""The bar above every page: years, sector, region, theme, size, reset; demonstration mark; language."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from html import escape

import streamlit as st

from observatory import NOT_STATED, TOTAL
from observatory.dimensions import Dimension
from observatory.figures import Context
from observatory.filters import FILTERED, in_order
from observatory.page import choice as reader

LANGUAGE_NAMES = {"kk": "Қаз", "ru": "Рус", "en": "Eng", "ar": "عربي"}
ICONS = {"years": ":material/calendar_month:"}
INDENT = "\u2003"
MARKDOWN = re.compile(r"[\\`*_{}\[\]()#+.!$<>~|^=&-]")
JOINER = "\u2060"  # unseen behind a colon or a hyphen: no icon, emoji, colour, arrow or dash begins there


def as_label(text: str) -> str:
    """Return words as the label of a widget, which Streamlit reads as markdown: they are shown as they stand."""
    return re.sub("[:-]", rf"\g<0>{JOINER}", MARKDOWN.sub(r"\\\g<0>", text))


def filter_bar(context: Context, filters: tuple[str, ...]) -> None:
    """Draw the bar. filters: which of years, sector, region, theme and size the page listens to."""
    texts, edition = context.texts, context.edition
    is_phone = context.look.size == "phone"
    with st.container(horizontal=True, key="bar", vertical_alignment="center", gap="small"):
        parts = _parts(context, filters)
        if is_phone and parts:
            with st.popover(_in_short(context), icon=":material/tune:", key="p_all"):
                for _, _, draw in parts:
                    draw()
        for name, label, draw in () if is_phone else parts:
            with st.popover(as_label(label), icon=ICONS.get(name), key=f"p_{name}"):
                draw()
        if not context.filters.is_default and filters:
            st.button(texts.say("Reset"), key="reset", type="tertiary", icon=":material/close:", on_click=_reset)
        st.space("stretch")
        if context.store.snapshot.is_demonstration:
            word = escape(texts.say("Demonstration data"))
            st.html(f'<span class="demo">◇ {word}</span>', width="content")
        st.session_state["f_language"] = texts.language
        st.segmented_control(
            texts.say("Language"),
            edition.languages,
            format_func=LANGUAGE_NAMES.get,
            key="f_language",
            required=True,
            label_visibility="collapsed",
            on_change=lambda: reader.change(language=st.session_state.f_language),
        )


def _parts(context: Context, filters: tuple[str, ...]) -> list[tuple[str, str, Callable[[], None]]]:
    """Return the filters of a page: name, present choice in words, and what draws it."""
    texts, chosen, parts = context.texts, context.filters, []
    if "years" in filters and chosen.span[0] < chosen.span[1]:
        parts.append(("years", texts.year_range(*chosen.years), lambda: _years(context)))
    for name in FILTERED:
        dimension = context.edition.dimensions[name]
        if name in filters and dimension.members:
            names = [texts.member(dimension, code, short=True) for code in in_order(chosen.codes(name), dimension)]
            label = texts.names(names) if names else texts.member(dimension, TOTAL)
            parts.append((name, label, partial(_codes, context, dimension)))
    return parts


def _in_short(context: Context) -> str:
    """Return the choice for the one button of a phone: the years, and how many filters are set."""
    years, count = context.texts.year_range(*context.filters.years), len(context.filters.chosen())
    return f"{years} · {context.texts.number(count)}" if count else years


def _years(context: Context) -> None:
    first, last = context.filters.span
    st.session_state["f_years"] = context.filters.years
    st.slider(context.texts.say("Years"), first, last, key="f_years", format="%d", on_change=_set_years)


def _set_years() -> None:
    reader.change(filters=st.session_state.choice.filters.with_years(*st.session_state.f_years))


def _codes(context: Context, dimension: Dimension) -> None:
    texts, key, language = context.texts, f"f_{dimension.name}", context.texts.language
    st.session_state[key] = in_order(context.filters.codes(dimension.name), dimension)
    st.multiselect(
        texts.dimension(dimension.name),
        options(dimension),
        key=key,
        placeholder=texts.say("Choose one or several"),
        format_func=lambda code, _language=language: _option(context, dimension, code),
        on_change=_set_codes,
        select_all=False,
        args=(dimension,),
    )
    if len(dimension.levels) > 1:
        st.caption(texts.say("One level at a time: choosing from another level starts anew."))


def options(dimension: Dimension) -> list[str]:
    """Return the codes a reader can choose, every parent before its children, "not stated" last."""

    def below(parent: str) -> list[str]:
        found = []
        for code in dimension.children(parent):
            if dimension.level_of(code) in dimension.levels:
                found += [code, *below(code)]
        return found

    return [*below(TOTAL), NOT_STATED]


def _option(context: Context, dimension: Dimension, code: str) -> str:
    name = context.texts.member(dimension, code)
    depth = 0 if code == NOT_STATED else len(dimension.ancestors(code)) - 2
    return INDENT * depth + name


def _set_codes(dimension: Dimension) -> None:
    """Keep one level: the level of the code that was chosen last."""
    held = st.session_state.choice
    before, now = set(held.filters.codes(dimension.name)), st.session_state[f"f_{dimension.name}"]
    level = {code: "" if code == NOT_STATED else dimension.level_of(code) for code in now}
    added = [code for code in now if code not in before and level[code]]
    keep = level[added[-1]] if added else None
    codes = [code for code in now if keep is None or level[code] in ("", keep)]
    reader.change(filters=held.filters.with_codes(dimension.name, codes))


def _reset() -> None:
    held = st.session_state.choice
    st.session_state.choice = replace(held, filters=held.filters.cleared())

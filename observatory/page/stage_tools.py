"""What a reader tries out on the page of stages: a step, how many companies take it, and own weights."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from observatory.figures import Context
from observatory.figures.stages import dimension_name, tried_step
from observatory.page import choice as reader
from observatory.queries.stages import stages
from observatory.what_if import MOST_WEIGHT, TAKEN_PCT, dimensions


def step_to_try(context: Context) -> None:
    """Draw the choice of a step and of the share of companies that take it."""
    texts, found = context.texts, stages(context.store)
    names = found.step_names(texts.language)
    with st.container(key="try_step", gap="small"):
        st.session_state["f_step"] = tried_step(context, found)
        st.selectbox(
            texts.say("Step to try out"),
            found.step_codes,
            key="f_step",
            placeholder=texts.say("Step to try out"),
            format_func=lambda step, _language=texts.language: names.get(step, step),
            on_change=lambda: _try(step=st.session_state.f_step),
        )
        st.session_state["f_taken"] = context.what_if.taken_pct
        st.select_slider(
            texts.say("Share of the companies lacking it that take it"),
            TAKEN_PCT,
            key="f_taken",
            format_func=lambda share, _language=texts.language: texts.percent(share),
            on_change=lambda: _try(taken_pct=st.session_state.f_taken),
        )


def index_weights(context: Context) -> None:
    """Draw a slider of the weight of each dimension."""
    texts = context.texts
    with st.expander(texts.say("Own weights of the seven dimensions"), key="own_weights"):
        for place, name in enumerate(dimensions()):
            st.session_state[f"f_weight_{name}"] = context.what_if.weight_of(place)
            st.slider(dimension_name(context, name), 0, MOST_WEIGHT, key=f"f_weight_{name}", on_change=_weigh)


def _try(**parts) -> None:
    reader.change(what_if=replace(st.session_state.choice.what_if, **parts))


def _weigh() -> None:
    weights = tuple(st.session_state[f"f_weight_{name}"] for name in dimensions())
    _try(weights=() if len(set(weights)) == 1 else weights)

"""Asking: the reader chooses who was asked, the question, the wave, what it is set side by, and weighted or not."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import streamlit as st

from observatory import queries
from observatory.asked import Asked
from observatory.figures import Context
from observatory.figures.voices import breakdown_name, instrument_name
from observatory.page import choice as reader
from observatory.queries.voices import WAVE


def asking(context: Context) -> None:
    """Draw the choice, on a phone behind one button; each part offers only what this snapshot has an answer to."""
    if context.look.size == "phone":
        with st.popover(context.texts.say("Choose question and groups"), icon=":material/tune:", key="p_asking"):
            _choices(context)
        return
    with st.container(horizontal=True, key="asking", gap="small", vertical_alignment="bottom"):
        _choices(context)


def _choices(context: Context) -> None:
    texts = context.texts
    voices = queries.voices(context.store, context.asked, texts.language)
    asked, wordings = voices.asked, {question.name: question.wording for question in voices.questions}
    weighted = {True: texts.say("Weighted"), False: texts.say("Not weighted")}
    _choose(context, asked, "instrument", texts.say("Who was asked"), list(queries.instruments(context.store)), 240,
            lambda code: instrument_name(context, code))  # fmt: skip
    _choose(context, asked, "question", texts.say("Question"), list(wordings), "stretch", wordings.get)
    if asked.by != WAVE and len(voices.waves) > 1:
        _choose(context, asked, "wave", texts.say("Wave"), sorted(voices.waves, reverse=True), 100, str)
    if voices.breakdowns:
        _choose(context, asked, "by", texts.say("Side by side"), ["", *voices.breakdowns], 250,
                lambda by: breakdown_name(context, by))  # fmt: skip
    if asked.by and voices.question.measure == "share":
        _choose(context, asked, "option", texts.say("Answer compared"), list(voices.most_chosen_first), 240,
                voices.options.get)  # fmt: skip
    if voices.wave.has_weights:
        _choose(context, asked, "is_weighted", texts.say("Weighting"), list(weighted), 190, weighted.get)


def _choose(
    context: Context, asked: Asked, name: str, label: str, options: Sequence, width: int | str, said: Callable
) -> None:  # fmt: skip
    key = f"a_{name}"
    st.session_state[key] = getattr(asked, name)
    st.selectbox(
        label, options, key=key, width="stretch" if context.look.size == "phone" else width,
        format_func=lambda option, _language=context.texts.language: said(option),
        placeholder=label, on_change=_set, args=(asked, name, key),
    )  # fmt: skip


def _set(asked: Asked, name: str, key: str) -> None:
    """Keep the choice with one part of it new; what belonged to another question or instrument goes."""
    stale = {"instrument": {"question": "", "wave": 0, "option": ""}, "question": {"option": ""}}.get(name, {})
    reader.change(asked=replace(asked, **stale, **{name: st.session_state[key]}))

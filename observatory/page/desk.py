"""The steward's desk: a file is dropped, seen through, matched, published or discarded; and the way back."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from html import escape
from pathlib import Path
from typing import Any

import pandas as pd
import streamlit as st

from observatory.access import may_load
from observatory.errors import AsarError
from observatory.figures import Context
from observatory.page.card import table
from observatory.page.drafts import Draft, discard, held_draft, hold
from observatory.page.matching import match_columns
from observatory.page.uploader import uploader
from observatory.rejects import shown
from observatory.steward import Received, Steward
from observatory.texts import Texts

SAID = "_desk_said"
MOST, SENTENCES = 200, 20
"""Faults in the table and sentences in a list; the workbook holds all of them."""


def desk(context: Context) -> None:
    """Draw the desk for an analyst; for anybody else, or where nothing can be loaded, one sentence says so."""
    texts = context.texts
    if why := _closed(context):
        _sentences([why])
        return
    steward = Steward(
        str(context.edition.folder), Path(os.environ["ASAR_SOURCES"]), context.store.snapshot.folder.parent,
        texts.language,
    )  # fmt: skip
    _sentences(st.session_state.pop(SAID, []))
    draft = _receive(texts)
    if draft is not None:
        _see_through(draft, steward, context)
    _go_back(steward, context)


def _closed(context: Context) -> str | None:
    """Return why nothing can be loaded here, None where it can."""
    texts, sources = context.texts, os.environ.get("ASAR_SOURCES")
    if not may_load():
        return texts.say("Files are loaded by the data steward. Here they can only be looked at.")
    if not sources:
        return texts.say(
            "No folder of deliveries is named, so nothing can be loaded here. Set ASAR_SOURCES to the folder in which"
            " files received are kept, and start again."
        )
    for folder in (Path(sources), context.store.snapshot.folder.parent):
        if not (folder.is_dir() and os.access(folder, os.W_OK)):
            return texts.say(
                "The folder {folder} cannot be written to, so nothing can be loaded here. Ask for the right to write,"
                " or load files with python -m etl build.",
                folder=str(folder),
            )
    return None


@contextmanager
def _card(name: str, title: str) -> Iterator[None]:
    with st.container(border=True, key=f"card_desk_{name}"):
        st.html(f'<h2 class="figure-title">{escape(title)}</h2>')
        yield


def _sentences(said: list[str]) -> None:
    if said:
        st.html('<ul class="sentences">' + "".join(f"<li>{escape(sentence)}</li>" for sentence in said) + "</ul>")


def _receive(texts: Texts) -> Draft | None:
    """Draw the place for a file; once it has come, its name stands there instead, until it is done with."""
    with _card("receive", texts.say("A file that came in")):
        draft = held_draft()
        if draft is None:
            if (upload := uploader(texts, SAID)) is not None:
                hold(upload)
                st.rerun()
            _sentences(
                [texts.say("Drop a file to see what would load and what would be refused. Nothing is published yet.")]
            )
            return None
        draft.name = st.text_input(
            texts.say("Name under which it is kept, with the day on which it came"), draft.name,
            key=f"desk_name_{draft.upload}",
        ).strip() or draft.name  # fmt: skip
    return draft


def _see_through(draft: Draft, steward: Steward, context: Context) -> None:
    """Draw what would come of the file, its columns, and what can be done with it."""
    texts, served, described = context.texts, context.store.snapshot.id, None
    try:
        with st.spinner(texts.say("The file is being read")):
            key = ("described", draft.name, draft.table, texts.language)
            described = draft.asked(key, lambda: steward.describe(draft.received(), draft.table))
            received = draft.received(described)
            key = ("checked", draft.name, repr(draft.chosen), draft.table, served, texts.language)
            report = draft.asked(key, lambda: steward.check(received))
    except AsarError as error:
        with _card("verdict", texts.say("This file cannot be loaded as it is")):
            _sentences(error.say(texts).splitlines())
            st.button(texts.say("Discard"), key="desk_discard", on_click=discard)
        if described is not None:
            match_columns(draft, described, texts)
        return
    _verdict(draft, report, served, steward, received, texts)
    match_columns(draft, described, texts)


def _verdict(
    draft: Draft, report: dict[str, Any], served: str, steward: Steward, received: Received, texts: Texts
) -> None:
    """Draw what would come of the file and what can be done; what was not seen so before is not published."""
    own = next(delivery for delivery in report["deliveries"] if delivery["file"] == report["added"])
    others = [file for file in report["refused"] if file != report["added"]]
    with _card("verdict", _headline(own, texts)):
        _sentences(list(_reasons(own, others, texts)))
        rejects = [entry for entry in report["rejects"] if entry["file"] == report["added"]]
        _entries(texts.say("What would be refused, and why"), rejects, own["faults"], texts)
        notices = [entry for entry in report["notices"] if entry["file"] == report["added"]]
        _entries(texts.say("Loaded, and worth a look"), notices, len(notices), texts)
        changed = [entry["message"] for entry in report["corrections"] if entry["file"] == report["added"]]
        if changed:
            title = texts.say("What it would correct")
            st.html(f'<p class="subtitle">{escape(title)}</p>')
            _sentences(changed[:SENTENCES])
        with st.container(horizontal=True, gap="small"):
            is_wanted = st.button(
                texts.say("Publish"), key="desk_publish", type="primary", disabled=bool(report["refused"]),
                icon=":material/publish:",
            )  # fmt: skip
            st.button(texts.say("Discard"), key="desk_discard", on_click=discard, icon=":material/delete:")
            if own["faults"]:
                st.download_button(
                    texts.say("Workbook to send back"), _marked(draft, steward, received),
                    file_name=f"{draft.name.removesuffix('.xlsx')}.xlsx", key="desk_marked", on_click="ignore",
                    icon=":material/download:",
                )  # fmt: skip
        if is_wanted and draft.seen != served:
            _sentences([
                texts.say("Somebody else has published meanwhile. This is what would come of the file now: look again.")
            ])  # fmt: skip
        elif is_wanted:
            _publish(steward, received, texts)
    draft.seen = served


def _headline(own: dict[str, Any], texts: Texts) -> str:
    count = texts.number
    if own["refused_because"]:
        return texts.say("This file would be refused whole")
    return texts.say(
        "Rows read: {read}. Would load: {loaded}. Would be refused: {refused}",
        read=count(own["rows_read"]), loaded=count(own["rows_loaded"]), refused=count(own["rows_rejected"]),
    )  # fmt: skip


def _reasons(own: dict[str, Any], others: list[str], texts: Texts) -> Iterator[str]:
    """Yield what concerns the file as a whole."""
    yield from own["refused_because"]
    if own["delivered"] is None and own["rows_read"]:
        yield texts.say(
            "The name states no day, so rows of days after the latest delivery are refused. Write the day on which the"
            " file came into its name, such as letter_2024-04-01.csv."
        )
    if others:
        yield texts.say(
            "Other files of the folder are refused, so nothing can be published: {files}",
            files=", ".join(map(shown, others)),
        )
    if own["rows_same"] or own["rows_changed"]:
        yield texts.say(
            "It replaces rows of earlier deliveries. The same: {same}, changed: {changed}",
            same=texts.number(own["rows_same"]), changed=texts.number(own["rows_changed"]),
        )  # fmt: skip
    if own["rows_superseded"]:
        yield texts.say("Rows replaced by a later delivery: {count}", count=texts.number(own["rows_superseded"]))
    if own["columns_unused"]:
        yield texts.say("Columns not used: {headings}", headings=", ".join(map(shown, own["columns_unused"])))


def _entries(title: str, entries: list[dict[str, Any]], count: int, texts: Texts) -> None:
    if not entries:
        return
    parts = {
        "sheet": texts.say("Sheet"), "row": texts.say("Row"), "column": texts.say("Column"),
        "value": texts.say("Value"), "message": texts.say("Why"), "remedy": texts.say("What to do"),
    }  # fmt: skip
    said_of = [part for part in parts if any(entry[part] is not None for entry in entries)]
    rows = [["" if entry[part] is None else entry[part] for part in said_of] for entry in entries[:MOST]]
    frame = pd.DataFrame(rows, columns=[parts[part] for part in said_of], dtype=object)
    said = f"{title}: {texts.number(count)}"
    st.html(f'<p class="subtitle">{escape(said)}</p>{table(frame, said)}')


def _publish(steward: Steward, received: Received, texts: Texts) -> None:
    """Publish, and say what came of it on the next rerun, which shows the new snapshot."""
    try:
        with st.spinner(texts.say("The snapshot is being built")):
            report = steward.publish(received)
    except AsarError as error:
        _sentences(error.say(texts).splitlines())
        return
    if report["snapshot"] is None:
        _sentences([texts.say("It was refused meanwhile, and nothing was published. Look at it again.")])
        return
    st.session_state[SAID] = [
        texts.say(
            "{file} is published and kept. Snapshot: {snapshot}",
            file=shown(report["added"]),
            snapshot=texts.left_to_right(report["snapshot"]),
        )
    ]
    discard()
    st.rerun()


def _marked(draft: Draft, steward: Steward, received: Received) -> Callable[[], bytes]:
    """Return what makes the workbook once somebody asks for it."""

    def workbook() -> bytes:
        out = Path(draft.folder.name) / "marked.xlsx"
        steward.mark(received, out)
        return out.read_bytes()

    return workbook


def _go_back(steward: Steward, context: Context) -> None:
    """Draw the snapshots that are kept, and the way to another one, which asks once more."""
    texts, folder = context.texts, steward.published
    marks = tuple((folder / name).stat().st_mtime_ns for name in ("CURRENT", "HISTORY") if (folder / name).exists())
    try:
        kept = _snapshots(str(folder), marks, steward)
    except AsarError as error:
        with _card("snapshots", texts.say("Snapshots that are kept")):
            _sentences([error.say(texts)])
        return
    with _card("snapshots", texts.say("Snapshots that are kept")):
        frame = pd.DataFrame([
            (snapshot["snapshot"], _day(snapshot["as_of"], texts),
             *(texts.number(snapshot[count] or 0) for count in ("rows_loaded", "rows_refused")),
             texts.say("served") if snapshot["is_served"] else "")
            for snapshot in reversed(kept)
        ], columns=[texts.say("Snapshot"), texts.say("Date"), texts.say("Loaded"), texts.say("Refused"),
                    texts.say("State")])  # fmt: skip
        st.html(table(frame, texts.say("Snapshots that are kept")))
        others = [snapshot["snapshot"] for snapshot in reversed(kept) if not snapshot["is_served"]]
        if others:
            label = texts.say("Serve another one")
            chosen = st.selectbox(
                label, others, key="desk_other", placeholder=label,
                format_func=lambda snapshot, _language=texts.language: texts.left_to_right(snapshot),
            )  # fmt: skip
            is_sure = st.checkbox(texts.say("Every reader will see it at the next click"), key="desk_sure")
            if st.button(texts.say("Serve it"), key="desk_back", disabled=not is_sure):
                _roll_back(steward, chosen, texts)


@st.cache_data(max_entries=20, show_spinner=False)
def _snapshots(folder: str, marks: tuple[int, ...], _steward: Steward) -> list[dict[str, Any]]:
    """Return the snapshots kept in a folder; asked again once its pointer or its history was written."""
    return _steward.snapshots()


def _day(day: str | None, texts: Texts) -> str:
    return texts.date(date.fromisoformat(day)) if day else texts.say("cannot be read")


def _roll_back(steward: Steward, chosen: str, texts: Texts) -> None:
    try:
        now = steward.roll_back(chosen)
    except AsarError as error:
        _sentences([error.say(texts)])
        return
    st.session_state[SAID] = [texts.say("{snapshot} is served now.", snapshot=texts.left_to_right(now))]
    st.session_state.pop("desk_sure", None)
    st.rerun()

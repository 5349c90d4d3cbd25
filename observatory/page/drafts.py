"""A file that a steward is looking at: held in a folder of its own until it is published, discarded or left behind."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import streamlit as st

from observatory.errors import AsarError
from observatory.steward import Received, write_description

DRAFT, ROUND = "_desk_draft", "_desk_round"


@dataclass
class Draft:
    """One uploaded file.

    Attributes:
        table: what its rows are, as the steward chose; None while its headings say.
        chosen: the description that the steward made.
        seen: the snapshot beside which the steward saw what would come of it.
        answers: what commands said of it, so that each is asked once.
    """

    upload: str
    name: str
    folder: tempfile.TemporaryDirectory
    table: str | None = None
    chosen: dict[str, Any] | None = None
    seen: str | None = None
    answers: dict[tuple, Any] = field(default_factory=dict)

    @property
    def path(self) -> Path:
        """Where the file lies, under a name that says nothing."""
        return Path(self.folder.name) / "received"

    def received(self, described: dict[str, Any] | None = None) -> Received:
        """Return the file as commands take it: read by the steward's own description where none that is known fits."""
        if described is None or described["source"]:
            return Received(self.path, self.name)
        path = Path(self.folder.name) / "description.yml"
        return Received(self.path, self.name, write_description(self.chosen or described["description"], path))

    def asked(self, key: tuple, ask: Callable[[], Any]) -> Any:
        """Return what a command says; what it refuses is remembered too.

        Raises:
            AsarError: what the command raised.
        """
        if key not in self.answers:
            try:
                self.answers[key] = ask()
            except AsarError as error:
                self.answers[key] = error
        if isinstance(self.answers[key], AsarError):
            raise self.answers[key]
        return self.answers[key]


def uploader_key() -> str:
    """Return the key of the uploader, another one after each file that is done with: so it is empty again."""
    return f"desk_file_{st.session_state.get(ROUND, 0)}"


def held_draft() -> Draft | None:
    """Return the file that the steward is looking at, None where there is none."""
    return st.session_state.get(DRAFT)


def hold(upload: Any) -> None:
    """Make a draft of the file just uploaded; its folder goes with the session."""
    state = os.environ.get("ASAR_STATE")
    if state:
        Path(state).mkdir(parents=True, exist_ok=True)
    draft = Draft(upload.file_id, upload.name, tempfile.TemporaryDirectory(prefix="received-", dir=state or None))
    draft.path.write_bytes(upload.getbuffer())
    st.session_state[DRAFT] = draft
    return draft


def discard() -> None:
    """Let go of the draft and empty the uploader."""
    if draft := st.session_state.pop(DRAFT, None):
        draft.folder.cleanup()
    start_anew()


def start_anew() -> None:
    """Empty the uploader."""
    st.session_state[ROUND] = st.session_state.get(ROUND, 0) + 1

"""The place where a file is dropped: Streamlit's, with its own words hidden and said in the reader's language."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import streamlit as st

from observatory.page.drafts import start_anew, uploader_key
from observatory.registry import registry
from observatory.texts import Texts, mark

NOT_RECEIVED = {
    "large": mark("The file is larger than {megabytes} MB and was not received. Send it in parts."),
    "several": mark("Several files were dropped and none was received. Drop one at a time."),
    "broken": mark("The connection broke and the file was not received. Drop it again."),
}
"""What a browser finds before the file has come, by the word that WATCH tells."""

WATCH = """
export default function ({ data, setTriggerValue }) {
  let isTold = false
  const look = () => {
    const fault = document.querySelector("[data-testid=stFileChip][aria-invalid=true] [role=alert]")?.textContent
    if (fault && !isTold)
      setTriggerValue("fault", /smaller/.test(fault) ? "large" : /Only one/.test(fault) ? "several" : "broken")
    isTold = Boolean(fault)
    const place = document.querySelector("[data-testid=stFileUploaderDropzone]")
    for (const part of place?.querySelectorAll("button, input") ?? [])
      if (part.ariaLabel !== data.name) part.ariaLabel = data.name
    if (place?.role === "presentation") place.role = "group"
  }
  const watcher = new MutationObserver(look)
  watcher.observe(document.body, { childList: true, subtree: true })
  look()
  return () => watcher.disconnect()
}
"""


def uploader(texts: Texts, say: str) -> Any:
    """Draw the place where a file is dropped and return the file that has come, None before.

    Args:
        texts: the reader's language.
        say: the key of the session under which sentences wait to be said at the next rerun.
    """
    megabytes = registry().files["limits"]["upload_megabytes"]
    words = {
        "choose": texts.say("Choose a file"),
        "drop": texts.say("or drag it here"),
        "receiving": texts.say("The file is being received"),
    }
    st.html(f"<style>:root {{ {_variables(words)} }}</style>")
    upload = st.file_uploader(
        texts.say("CSV, XLSX or Parquet, at most {megabytes} MB", megabytes=texts.number(megabytes)),
        key=uploader_key(), max_upload_size=megabytes,
    )  # fmt: skip

    def not_received() -> None:
        fault = NOT_RECEIVED[st.session_state.desk_watch.fault]
        st.session_state[say] = [texts.say(fault, megabytes=texts.number(megabytes))]
        start_anew()

    _watch()(key="desk_watch", data={"name": words["choose"]}, on_fault_change=not_received)
    return upload


@st.cache_resource(show_spinner=False)
def _watch():
    return st.components.v2.component("asar_uploader", js=WATCH)


def _variables(words: Mapping[str, str]) -> str:
    """Return texts as variables of the style sheet, each a string that cannot end early."""
    return "".join(
        f"--file-{name}: {json.dumps(text.replace('<', ''), ensure_ascii=False)};" for name, text in words.items()
    )

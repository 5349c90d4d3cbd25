"""CPU of a rerun of the busiest pages against a page of a title and a select box (goal: at most 3 warm, 6 cold).

A client speaks to two servers as a browser does, in turn, and the CPU is that of the server's process. "Warm" is a
choice that some reader has made before, "cold" one that nobody has made yet.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from itertools import count, islice
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import NamedTuple

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.Common_pb2 import StringArray
from streamlit.proto.Delta_pb2 import Delta
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.sync.client import ClientConnection, connect

from benchmarks.deliveries import EDITION, FOLDER, publish
from benchmarks.measuring import show_ratio, show_table
from observatory import PROJECT_FOLDER
from observatory.editions import load_edition
from observatory.what_if import TAKEN_PCT

FLOOR = 'import streamlit as st\nst.title("A page")\nst.selectbox("Year", range(2019, 2027))\n'
RERUNS = 20  # in one round, of each page
LANGUAGE = "ru"
KNOWN = 5  # choices that are made again and again
BREAKDOWNS = 6  # by which a question is asked, of those it has
FINISHED = {ForwardMsg.FINISHED_SUCCESSFULLY, ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY}


def run(rows: int, rounds: int) -> None:
    """Print the CPU of a rerun of each page; `rows` plays no part, since cells do not grow with it."""
    published = publish(FOLDER / "demonstration")
    pages = {"overview": _filtered(), "voices": _asked(), "stage": _tried()}
    with TemporaryDirectory(prefix="asar-") as place:
        floor = Path(place) / "floor.py"
        floor.write_text(FLOOR, encoding="utf-8")
        for name, choices in pages.items():
            with Server("dashboard.py", published, name) as page, Server(str(floor), published) as title:
                _compare(name, choices, page, title, rounds)


def _compare(name: str, choices: Iterator[str | Chosen], page: Server, title: Server, rounds: int) -> None:
    """Print what a rerun of one page costs with choices made before, and with ones each made once."""
    known = list(islice(choices, KNOWN))
    warm = [known[at % KNOWN] for at in range(RERUNS)]
    page.rerun(f"lang={LANGUAGE}")
    for choice in (*known, *known):
        page.rerun(choice)
        title.rerun("")
    cpu_ms: dict[str, list[float]] = {"floor": [], "warm": [], "cold": []}
    for _ in range(rounds):
        cpu_ms["floor"].append(title.cpu_ms_of([""] * RERUNS))
        cpu_ms["warm"].append(page.cpu_ms_of(warm))
        cpu_ms["cold"].append(page.cpu_ms_of(list(islice(choices, RERUNS))))
    medians = {name: median(values) for name, values in cpu_ms.items()}
    print(f"{name}: {rounds} rounds of {RERUNS} reruns, CPU of the server in milliseconds a rerun")
    show_table(("", "median", "each round"), [
        (name, f"{medians[name]:.1f}", " ".join(f"{value:.1f}" for value in values)) for name, values in cpu_ms.items()
    ])  # fmt: skip
    show_ratio("warm rerun / title and select box", medians["warm"] / medians["floor"], "at most 3")
    show_ratio("cold rerun / title and select box", medians["cold"] / medians["floor"], "at most 6")


class Chosen(NamedTuple):
    """A choice made in a widget, by its key: the option at a place, counted on from the first after the last."""

    key: str
    option: int


class Widget(NamedTuple):
    """A widget with options as a browser knows it, and the part of the page that it runs again, "" for all of it."""

    id: str
    options: tuple[str, ...]
    fragment: str
    is_slider: bool

    def state_of(self, option: int) -> WidgetState:
        place = option % len(self.options)
        if self.is_slider:
            return WidgetState(id=self.id, string_array_value=StringArray(data=[self.options[place]]))
        return WidgetState(id=self.id, string_value=self.options[place])


class Server:
    """A server of one script and one reader of it, who stays on one page."""

    def __init__(self, script: str, published: Path, page: str = ""):
        self._script, self._published, self._page = script, published, page
        self._widgets: dict[str, Widget] = {}

    def __enter__(self) -> Server:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        settings = os.environ | {"ASAR_EDITION": EDITION, "ASAR_PUBLISHED": str(self._published)}
        self._process = subprocess.Popen(
            [sys.executable, "-m", "streamlit", "run", self._script, "--server.address=127.0.0.1",
             f"--server.port={port}", "--server.headless=true"],
            cwd=PROJECT_FOLDER, env=settings, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        _wait_for(f"http://127.0.0.1:{port}/_stcore/health")
        self._reader: ClientConnection = connect(
            f"ws://127.0.0.1:{port}/_stcore/stream", subprotocols=["streamlit"], max_size=None
        )
        self.rerun("")
        return self

    def __exit__(self, *_: object) -> None:
        self._reader.close()
        self._process.terminate()
        self._process.wait(30)

    def rerun(self, choice: str | Chosen) -> None:
        """Run the script with a choice, in the address or made in a widget, and wait until all of it has arrived.

        Raises:
            RuntimeError: the page broke off.
        """
        asked = BackMsg()
        if isinstance(choice, Chosen):
            widget = self._widgets[choice.key]
            asked.rerun_script.fragment_id = widget.fragment
            asked.rerun_script.widget_states.widgets.append(widget.state_of(choice.option))
        else:
            asked.rerun_script.query_string = choice
        asked.rerun_script.page_name = self._page
        self._reader.send(asked.SerializeToString())
        while True:
            told = ForwardMsg.FromString(self._reader.recv(timeout=60))
            if told.WhichOneof("type") == "delta":
                self._note(told.delta)
            if told.WhichOneof("type") == "script_finished":
                if told.script_finished not in FINISHED:
                    raise RuntimeError(
                        f"The page broke off: {ForwardMsg.ScriptFinishedStatus.Name(told.script_finished)}."
                    )
                return

    def _note(self, delta: Delta) -> None:
        """Remember a widget by its key, which is the end of its id.

        Raises:
            RuntimeError: the page broke off.
        """
        kind = delta.new_element.WhichOneof("type")
        if kind == "exception":
            raise RuntimeError(delta.new_element.exception.message)
        if kind in ("selectbox", "slider"):
            widget = getattr(delta.new_element, kind)
            self._widgets[widget.id.rpartition("-")[2]] = Widget(
                widget.id, tuple(widget.options), delta.fragment_id, kind == "slider"
            )  # fmt: skip

    def cpu_ms_of(self, choices: list[str | Chosen]) -> float:
        """Return the CPU milliseconds of the server for one rerun, over so many."""
        before = self._cpu_ms()
        for choice in choices:
            self.rerun(choice)
        return (self._cpu_ms() - before) / len(choices)

    def _cpu_ms(self) -> float:
        fields = Path(f"/proc/{self._process.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) * 1000 / os.sysconf("SC_CLK_TCK")


def _filtered() -> Iterator[str]:
    """Yield choices of sector, region and first year, all different."""
    dimensions = load_edition(EDITION).dimensions
    regions = [code for code, member in dimensions["region"].members.items() if member.level == "region"]
    sectors = [code for code, member in dimensions["sector"].members.items() if member.level == "group"]
    return (
        f"lang={LANGUAGE}&years={year}~2026&sector={sector}&region={region}"
        for year in range(2019, 2026) for sector in sectors for region in regions
    )  # fmt: skip


def _asked() -> Iterator[Chosen]:
    """Yield one question after another, each set side by side by several breakdowns, there and back: each is new."""
    for question in count(1):
        yield Chosen("a_question", question)
        for by in _there_and_back(range(1, BREAKDOWNS), question):
            yield Chosen("a_by", by)


def _tried() -> Iterator[Chosen]:
    """Yield one step after another, each tried out by every share of the companies, there and back: each is new."""
    for step in count(1):
        yield Chosen("f_step", step)
        for taken in _there_and_back(range(len(TAKEN_PCT)), step):
            yield Chosen("f_taken", taken)


def _there_and_back(options: Sequence[int], turn: int) -> Sequence[int]:
    """Return what follows the option that stands since the turn before: the others, forwards or backwards in turn."""
    return options[1:] if turn % 2 else options[-2::-1]


def _wait_for(address: str) -> None:
    for _ in range(300):
        try:
            with urllib.request.urlopen(address, timeout=2):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    raise RuntimeError(f"{address} does not answer.")

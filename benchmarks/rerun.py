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
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from urllib.parse import urlencode

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import ClientConnection, connect

from benchmarks.deliveries import EDITION, FOLDER, publish
from benchmarks.measuring import show_ratio, show_table
from observatory import PROJECT_FOLDER, queries
from observatory.asked import Asked
from observatory.editions import load_edition
from observatory.store import current_store
from observatory.what_if import TAKEN_PCT, step_codes

FLOOR = 'import streamlit as st\nst.title("A page")\nst.selectbox("Year", range(2019, 2027))\n'
RERUNS = 20  # in one round, of each page
LANGUAGE = "ru"
KNOWN = 5  # choices that are made again and again


def run(rows: int, rounds: int) -> None:
    """Print the CPU of a rerun of each page; `rows` plays no part, since cells do not grow with it."""
    published = publish(FOLDER / "demonstration")
    pages = {"overview": _filtered(), "voices": _asked(published), "stage": _tried()}
    with TemporaryDirectory(prefix="asar-") as place:
        floor = Path(place) / "floor.py"
        floor.write_text(FLOOR, encoding="utf-8")
        for name, choices in pages.items():
            with Server("dashboard.py", published, name) as page, Server(str(floor), published) as title:
                _compare(name, choices, page, title, rounds)


def _compare(name: str, choices: Iterator[str], page: Server, title: Server, rounds: int) -> None:
    """Print what a rerun of one page costs with choices made before, and with ones each made once."""
    known = list(islice(choices, KNOWN))
    warm = [known[at % KNOWN] for at in range(RERUNS)]
    for choice in (*known, *known):
        page.rerun(choice)
        title.rerun(choice)
    cpu_ms: dict[str, list[float]] = {"floor": [], "warm": [], "cold": []}
    for _ in range(rounds):
        cpu_ms["floor"].append(title.cpu_ms_of(warm))
        cpu_ms["warm"].append(page.cpu_ms_of(warm))
        cpu_ms["cold"].append(page.cpu_ms_of(list(islice(choices, RERUNS))))
    medians = {name: median(values) for name, values in cpu_ms.items()}
    print(f"{name}: {rounds} rounds of {RERUNS} reruns, CPU of the server in milliseconds a rerun")
    show_table(("", "median", "each round"), [
        (name, f"{medians[name]:.1f}", " ".join(f"{value:.1f}" for value in values)) for name, values in cpu_ms.items()
    ])  # fmt: skip
    show_ratio("warm rerun / title and select box", medians["warm"] / medians["floor"], "at most 3")
    show_ratio("cold rerun / title and select box", medians["cold"] / medians["floor"], "at most 6")


class Server:
    """A server of one script and one reader of it, who stays on one page."""

    def __init__(self, script: str, published: Path, page: str = ""):
        self._script, self._published, self._page = script, published, page

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

    def rerun(self, choice: str) -> None:
        """Run the script with a choice in the address, and wait until all of it has arrived."""
        asked = BackMsg()
        asked.rerun_script.query_string = choice
        asked.rerun_script.page_name = self._page
        self._reader.send(asked.SerializeToString())
        while True:
            told = ForwardMsg.FromString(self._reader.recv(timeout=60))
            if told.WhichOneof("type") == "script_finished":
                if told.script_finished != ForwardMsg.FINISHED_SUCCESSFULLY:
                    raise RuntimeError(f"{self._script} did not finish with {choice!r}")
                return

    def cpu_ms_of(self, choices: list[str]) -> float:
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


def _asked(published: Path) -> Iterator[str]:
    """Yield questions of a survey by each breakdown they have, all different."""
    store = current_store(published, "restricted")
    for instrument, waves in queries.instruments(store).items():
        for wave in waves:
            for question in queries.voices(store, Asked(instrument=instrument, wave=wave), LANGUAGE).questions:
                asked = Asked(instrument=instrument, question=question.name, wave=wave)
                for by in ("", *queries.voices(store, asked, LANGUAGE).breakdowns):
                    yield urlencode({"lang": LANGUAGE} | replace(asked, by=by).to_address())


def _tried() -> Iterator[str]:
    """Yield steps tried out by some share of the companies, all different."""
    return (f"lang={LANGUAGE}&step={step}&taken={taken}" for step in step_codes() for taken in TAKEN_PCT)


def _wait_for(address: str) -> None:
    for _ in range(300):
        try:
            with urllib.request.urlopen(address, timeout=2):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    raise RuntimeError(f"{address} does not answer.")

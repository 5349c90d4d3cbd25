"""CPU of a rerun of the busiest page against a page of a title and a select box (goal: at most 3 warm, 6 cold).

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
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import ClientConnection, connect

from benchmarks.deliveries import EDITION, FOLDER, publish
from benchmarks.measuring import show_ratio, show_table
from observatory import PROJECT_FOLDER
from observatory.editions import load_edition

BUSIEST = "overview"
FLOOR = 'import streamlit as st\nst.title("A page")\nst.selectbox("Year", range(2019, 2027))\n'
RERUNS = 20  # in one round, of each page


def run(rows: int, rounds: int) -> None:
    """Print the CPU of a rerun of both pages; `rows` plays no part, since cells do not grow with it."""
    with TemporaryDirectory(prefix="asar-") as place:
        floor = Path(place) / "floor.py"
        floor.write_text(FLOOR, encoding="utf-8")
        with Server("dashboard.py") as page, Server(str(floor)) as title:
            known, new = _choices()
            warm = [known[at % len(known)] for at in range(RERUNS)]
            for choice in (*known, *known):
                page.rerun(choice)
                title.rerun(choice)
            cpu_ms: dict[str, list[float]] = {"floor": [], "warm": [], "cold": []}
            for _ in range(rounds):
                cpu_ms["floor"].append(title.cpu_ms_of(warm))
                cpu_ms["warm"].append(page.cpu_ms_of(warm))
                cpu_ms["cold"].append(page.cpu_ms_of([next(new) for _ in range(RERUNS)]))
    medians = {name: median(values) for name, values in cpu_ms.items()}
    print(f"{BUSIEST}: {rounds} rounds of {RERUNS} reruns, CPU of the server in milliseconds a rerun")
    show_table(("", "median", "each round"), [
        (name, f"{medians[name]:.1f}", " ".join(f"{value:.1f}" for value in values)) for name, values in cpu_ms.items()
    ])  # fmt: skip
    show_ratio("warm rerun / title and select box", medians["warm"] / medians["floor"], "at most 3")
    show_ratio("cold rerun / title and select box", medians["cold"] / medians["floor"], "at most 6")


class Server:
    """A server of one script and one reader of it."""

    def __init__(self, script: str):
        self._script = script

    def __enter__(self) -> Server:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        settings = os.environ | {"ASAR_EDITION": EDITION, "ASAR_PUBLISHED": str(publish(FOLDER / "demonstration"))}
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


def _choices() -> tuple[list[str], Iterator[str]]:
    """Return choices that are made again and again, and ones each made once: sector, region and first year."""
    dimensions = load_edition(EDITION).dimensions
    regions = [code for code, member in dimensions["region"].members.items() if member.level == "region"]
    sectors = [code for code, member in dimensions["sector"].members.items() if member.level == "group"]
    known = [f"lang=ru&region={region}" for region in regions[:5]]
    new = (
        f"lang=ru&years={year}~2026&sector={sector}&region={region}"
        for year in range(2019, 2026) for sector in sectors for region in regions
    )  # fmt: skip
    return known, new


def _wait_for(address: str) -> None:
    for _ in range(300):
        try:
            with urllib.request.urlopen(address, timeout=2):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    raise RuntimeError(f"{address} does not answer.")

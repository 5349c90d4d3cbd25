"""A real browser before a real server; whatever it asks of any other machine fails the test."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import pytest
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from tests.conftest import ROOT

SIZES = {"desk": (1440, 900), "stage": (1920, 1080), "phone": (390, 844)}
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
OF_THE_PAGE_ITSELF = ("data", "blob", "about", "chrome-extension")
PATIENCE_MS = 60_000


@contextmanager
def serving(published: Path, log: Path, **more: Path) -> Iterator[str]:
    """Serve a published folder as `streamlit run dashboard.py` does, with more settings; gives the address.

    Raises:
        AssertionError: the server did not start, or wrote a traceback while it ran.
    """
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", "dashboard.py", "--server.address=127.0.0.1"]
    settings = os.environ | {"ASAR_EDITION": "kazakhstan", "ASAR_PUBLISHED": str(published)}
    settings |= {name: str(value) for name, value in more.items()}
    with log.open("w") as output:
        server = subprocess.Popen(
            [*command, f"--server.port={port}", "--server.headless=true", "--logger.enableRich=false"],
            cwd=ROOT, env=settings, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT,
        )  # fmt: skip
    address = f"http://127.0.0.1:{port}"
    try:
        wait_until_healthy(address, server, log)
        yield address
    finally:
        server.terminate()
        server.wait(30)
    said = log.read_text(encoding="utf-8", errors="replace")
    if "Traceback" in said:
        raise AssertionError(f"The server met an error:\n{said[-3000:]}")


def wait_until_healthy(address: str, server: subprocess.Popen, log: Path) -> None:
    for _ in range(600):
        try:
            with urllib.request.urlopen(f"{address}/_stcore/health", timeout=2):
                return
        except (urllib.error.URLError, OSError):
            assert server.poll() is None, f"The server did not start:\n{log.read_text()}"
            time.sleep(0.1)
    raise AssertionError(f"The server does not answer:\n{log.read_text()}")


@pytest.fixture(scope="session")
def server(published, demonstration, tmp_path_factory) -> Iterator[str]:
    """The address of a server of the demonstration snapshot and its deliveries, one per worker."""
    log = tmp_path_factory.mktemp("server") / "log.txt"
    with serving(published, log, ASAR_SOURCES=demonstration) as address:
        yield address


@pytest.fixture(scope="session")
def chromium() -> Iterator:
    """A browser that can reach this machine alone."""
    if CHROMIUM is None:
        pytest.skip("no Chromium on this machine (Debian, Ubuntu: apt-get install chromium fonts-noto-core)")
    from playwright.sync_api import sync_playwright

    offline = [
        "--no-sandbox",
        "--disable-background-networking",
        "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
    ]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=offline)
        yield browser
        browser.close()


@pytest.fixture
def new_reader(chromium) -> Iterator[Callable]:
    """new_reader(size="desk", scheme="light") gives the empty tab of a reader who was never here before.

    The test fails at its end if any reader's browser asked anything of another machine.
    """
    contexts, asked = [], []

    def open_(size: str = "desk", scheme: str = "light"):
        width, height = SIZES[size]
        context = chromium.new_context(
            viewport={"width": width, "height": height},
            color_scheme=scheme,
            reduced_motion="reduce",
            accept_downloads=True,
        )
        contexts.append(context)
        context.set_default_timeout(PATIENCE_MS)
        context.on("request", lambda request: asked.append(request.url))
        context.on("page", lambda page: page.on("websocket", lambda socket_: asked.append(socket_.url)))
        return context.new_page()

    yield open_
    for context in contexts:
        context.close()
    abroad = {
        url for url in asked if urlsplit(url).scheme not in OF_THE_PAGE_ITSELF and urlsplit(url).hostname != "127.0.0.1"
    }
    assert not abroad, f"the pages asked other machines for {sorted(abroad)}"


@pytest.fixture
def visit(server, new_reader) -> Callable:
    """visit("regions", "kk", {"years": "2024"}, size=, scheme=) gives the page once it has come to rest."""

    def visit_(path: str = "", language: str = "en", query: dict[str, str] | None = None, **reader):
        page = new_reader(**reader)
        page.goto(f"{server}/{path}?{urlencode({'lang': language} | (query or {}))}")
        return settled(page)

    return visit_


def listening(page) -> list[ForwardMsg]:
    """Return the messages that the server tells the pages of this tab that are opened from now on, as they come."""
    told: list[ForwardMsg] = []
    page.on("websocket", lambda wire: wire.on("framereceived", lambda frame: told.append(ForwardMsg.FromString(frame))))
    return told


def settled(page):
    """Wait until the script has run, every element has come and every chart is drawn.

    Raises:
        AssertionError: the page shows an error instead.
    """
    page.wait_for_function(AT_REST)
    page.wait_for_timeout(150)  # a rerun that the page asks for itself begins only now
    page.wait_for_function(AT_REST)
    errors = page.locator(ERROR_BOX).all_inner_texts()
    assert errors == [], f"{page.url} shows an error; the server's log, told at the end of the run, says more"
    return page


ERROR_BOX = "[data-testid=stException], [data-testid=stAlertContentError]"
AT_REST = (
    """() => {
    const all = selector => [...document.querySelectorAll(selector)], app = all('[data-testid=stApp]')[0]
    return app && app.dataset.testScriptState === 'notRunning' && all('[data-testid=stMain] h1, ERROR_BOX').length > 0
        && all('[data-testid=stSkeleton], [data-stale=true]').length === 0
        && all('.js-plotly-plot').every(chart => chart.querySelector('.main-svg')) && document.fonts.status === 'loaded'
}"""
).replace("ERROR_BOX", ERROR_BOX)

"""Twelve more people open the observatory while a snapshot is published: each sees the one or the other, whole."""

import shutil
import subprocess
import sys

from tests.conftest import ROOT, etl
from tests.stories.conftest import serving, settled
from tests.stories.test_choice import open_page

PEOPLE = 12
ADDRESSES = ("", "regions", "sectors", "themes")
FIGURES = "h1, [data-testid=stMetricValue], .figure-title, .js-plotly-plot svg text, .foot, .provenance, .empty"


def figures_on(page) -> tuple[str, ...]:
    """Return every figure and sentence of a page, once it has come to rest."""
    return tuple(
        settled(page).locator(FIGURES).evaluate_all("elements => elements.map(element => element.textContent)")
    )


def open_at_once(people: list, server: str) -> list[tuple[str, tuple[str, ...]]]:
    """Let all open their pages before any is read; return address and every figure of each."""
    addresses = [ADDRESSES[number % len(ADDRESSES)] for number in range(len(people))]
    for page, address in zip(people, addresses, strict=True):
        page.goto(f"{server}/{address}?lang=en", wait_until="commit")
    return [(address, figures_on(page)) for page, address in zip(people, addresses, strict=True)]


def test_nobody_sees_half_a_snapshot(published, new_reader, tmp_path):
    served, files = tmp_path / "served", tmp_path / "files"
    shutil.copytree(published, served)
    etl("demonstration", "--edition", "kazakhstan", "--companies", "60", "--out", files)
    publish = ["build", "--edition", "kazakhstan", "--sources", str(files), "--out", str(served)]
    with serving(served, tmp_path / "log.txt") as server:
        people = [new_reader() for _ in range(PEOPLE)]
        waiting = new_reader()
        waiting.goto(f"{server}/themes?lang=en")
        settled(waiting)
        before = dict(open_at_once(people[: len(ADDRESSES)], server))
        build = subprocess.Popen([sys.executable, "-m", "etl", *publish], cwd=ROOT, stdout=subprocess.DEVNULL)
        seen, is_published = [], False
        while not is_published:
            is_published = build.poll() is not None
            seen.append(open_at_once(people, server))
        open_page(waiting, "Explore", "Sectors and sizes")
        clicked = figures_on(waiting)
    assert build.returncode == 0
    after = dict(seen[-1])
    assert all(before[address] != after[address] for address in ADDRESSES)
    halves = [
        address for figures in seen for address, shown in figures if shown not in (before[address], after[address])
    ]
    assert halves == []
    assert all(shown == after[address] for address, shown in seen[-1])
    assert clicked == after["sectors"]

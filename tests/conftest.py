"""What tests share: the project's root, one demonstration snapshot for the whole run, the pages without a browser."""

import fcntl
import gc
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
import pytest

from observatory.store import SAFE

os.environ["ASAR_STRICT_TEXTS"] = "1"  # a text without its translation is an error here, in the server too
os.environ["ASAR_STATE"] = STATE = tempfile.mkdtemp(prefix="asar-state-")  # a key and noise of its own for each process

ROOT = Path(__file__).parents[1]
LANGUAGES = ("kk", "ru", "en", "ar")
PAGES = tuple(sorted(path.relative_to(ROOT).as_posix() for path in (ROOT / "pages").glob("*/*.py")))


def pytest_collection_modifyitems(items):
    """Browser tests come last, so that what fails fast is seen first."""
    for item in items:
        if item.path.is_relative_to(ROOT / "tests" / "stories"):
            item.add_marker(pytest.mark.browser)
    items.sort(key=lambda item: item.get_closest_marker("browser") is not None)


def pytest_unconfigure():
    """Close what pages opened in this process, so that the last line of a run is the summary of its tests."""
    shutil.rmtree(STATE, ignore_errors=True)
    if "streamlit" in sys.modules:
        sys.modules["streamlit"].cache_resource.clear()
        gc.unfreeze()


def etl(*arguments: str | Path) -> None:
    """Run one command of the ETL as a steward does; its whole output is the message where it fails."""
    done = subprocess.run(
        [sys.executable, "-m", "etl", *map(str, arguments)], cwd=ROOT, capture_output=True, text=True, encoding="utf-8"
    )
    assert done.returncode == 0, done.stdout + done.stderr


@contextmanager
def once_per_run(factory: pytest.TempPathFactory, name: str) -> Iterator[tuple[Path, bool]]:
    """Give a folder that all workers share and whether it is still to be filled; the others wait meanwhile."""
    base = factory.getbasetemp()
    folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / name
    with open(f"{folder}.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        done = folder / "DONE"
        yield folder, not done.exists()
        done.touch()


@pytest.fixture(scope="session")
def demonstration(tmp_path_factory) -> Path:
    """The messy files of the demonstration of Kazakhstan."""
    with once_per_run(tmp_path_factory, "demonstration") as (folder, empty):
        if empty:
            folder.mkdir(exist_ok=True)
            etl("demonstration", "--edition", "kazakhstan", "--out", folder / "files")
    return folder / "files"


@pytest.fixture(scope="session")
def published(tmp_path_factory, demonstration) -> Path:
    """A published folder with one snapshot of the demonstration, made once per run. Read it only."""
    with once_per_run(tmp_path_factory, "published") as (folder, empty):
        if empty:
            folder.mkdir(exist_ok=True)
            etl("build", "--edition", "kazakhstan", "--sources", demonstration, "--out", folder / "kazakhstan")
    return folder / "kazakhstan"


@pytest.fixture(scope="session")
def warehouse(published) -> Iterator[duckdb.DuckDBPyConnection]:
    """The demonstration snapshot open for questions, with the settings that the pages of this process open it with."""
    path = published / (published / "CURRENT").read_text().strip() / "restricted.duckdb"
    with duckdb.connect(str(path), read_only=True, config=SAFE) as connection:
        yield connection


@pytest.fixture
def snapshot(published, monkeypatch) -> Path:
    """The published folder, and it is what the pages of this test serve."""
    monkeypatch.setenv("ASAR_EDITION", "kazakhstan")
    monkeypatch.setenv("ASAR_PUBLISHED", str(published))
    return published


@pytest.fixture
def open_app(snapshot) -> Callable:
    """Open the observatory without a browser: open_app("kk", "pages/explore/regions.py", {"years": "2024~2024"})."""
    from streamlit.testing.v1 import AppTest

    def open_(language: str, page: str | None = None, query: dict[str, str] | None = None):
        app = AppTest.from_file(str(ROOT / "dashboard.py"), default_timeout=120)
        app.query_params.update({"lang": language} | (query or {}))
        app.run()
        return app.switch_page(page).run() if page else app

    return open_

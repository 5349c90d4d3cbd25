"""Publish: a whole snapshot folder appears, then the pointer CURRENT moves to it in one step; older ones are cleared.

<out>/CURRENT              the name of the snapshot that is served
<out>/HISTORY              the names of the snapshots published and kept, the latest last
<out>/<as_of>-<hash8>/     one snapshot
<out>/.staging-*/          a build at work; cleared by the next build once its process is gone
"""

from __future__ import annotations

import fcntl
import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from observatory.errors import Refused

CURRENT, HISTORY = "CURRENT", "HISTORY"
STAGING = ".staging-"
LOCK = ".lock"
SNAPSHOT = re.compile(r"\d{4}-\d{2}-\d{2}-[0-9a-f]{8}")


@contextmanager
def staging_folder(out: Path) -> Iterator[Path]:
    """Give a folder of its own to one build, on the disk that is published from; cleared unless it was published.

    Raises:
        Refused: nothing can be written there.
    """
    try:
        out.mkdir(parents=True, exist_ok=True)
        with _locked(out / LOCK):
            _clear_abandoned(out)
            folder = Path(tempfile.mkdtemp(prefix=STAGING, dir=out))
            folder.chmod(0o755)
            own = _lock(folder / LOCK)
    except OSError as error:
        raise Refused(
            "{folder} cannot be written to: {reason}. Choose another folder with --out, or ask for the right to write.",
            folder=str(out), reason=error.strerror or str(error),
        ) from error  # fmt: skip
    try:
        yield folder
    finally:
        os.close(own)
        shutil.rmtree(folder, ignore_errors=True)


def publish(staging: Path, out: Path, snapshot_id: str, keep: int) -> Path:
    """Make a staged folder a snapshot, serve it and return its folder.

    A snapshot of the same content that is there already is served as it is.

    Args:
        staging: a whole snapshot, written and closed.
        out: where snapshots are published.
        snapshot_id: its name.
        keep: how many snapshots stay, this one among them.
    """
    target = out / snapshot_id
    with _locked(out / LOCK):
        if not target.exists():
            (staging / LOCK).unlink()
            for path in staging.rglob("*"):
                _sync(path)
            staging.rename(target)
            _sync(out)
        history = [name for name in _read_history(out) if name != snapshot_id]
        _write(out / CURRENT, snapshot_id)
        history.append(snapshot_id)
        _write(out / HISTORY, "\n".join(history[-keep:]))
        for path in out.iterdir():
            if SNAPSHOT.fullmatch(path.name) and path.name not in history[-keep:]:
                shutil.rmtree(path, ignore_errors=True)
    return target


def _read_history(out: Path) -> list[str]:
    """Return the snapshots published, the latest last; one that is served and not yet listed counts as the latest."""
    names = (out / HISTORY).read_text(encoding="utf-8").split() if (out / HISTORY).exists() else []
    current = (out / CURRENT).read_text(encoding="utf-8").split() if (out / CURRENT).exists() else []
    return [name for name in (*names, *(name for name in current if name not in names)) if (out / name).is_dir()]


def _write(path: Path, text: str) -> None:
    """Replace a text file in one step: whoever reads it meanwhile has the old text or the new one."""
    handle, name = tempfile.mkstemp(prefix=STAGING, dir=path.parent)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text + "\n")
        file.flush()
        os.fsync(file.fileno())
    os.chmod(name, 0o644)
    os.replace(name, path)
    _sync(path.parent)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _clear_abandoned(out: Path) -> None:
    """Remove what builds that were killed left behind: whoever still works holds the lock of its folder."""
    for path in out.glob(f"{STAGING}*"):
        if path.is_file():
            path.unlink()
            continue
        with suppress(BlockingIOError):
            own = _lock(path / LOCK, wait=False)
            shutil.rmtree(path, ignore_errors=True)
            os.close(own)


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    handle = _lock(path)
    try:
        yield
    finally:
        os.close(handle)


def _lock(path: Path, wait: bool = True) -> int:
    """Return the handle of a file that this process alone has locked; closing it, or dying, unlocks it."""
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
    except OSError:
        os.close(handle)
        raise
    return handle

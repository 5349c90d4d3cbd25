"""Publish: a whole snapshot folder appears, then the pointer CURRENT moves to it in one step; older ones are cleared.

<out>/CURRENT              the name of the snapshot that is served
<out>/HISTORY              the names of the snapshots kept, in the order in which they were served, the latest last
<out>/<as_of>-<hash8>/     one snapshot
<out>/.staging-*/          a build at work, or what is being cleared; gone with the next build once its process is gone

Going back moves CURRENT only. What is published next follows what was served then: that name moves to its place
before the new one, so nothing served is among the first to be cleared, and the snapshots gone back from stay until
newer ones push them out.
"""

from __future__ import annotations

import fcntl
import os
import re
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
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
    with _writing(out):
        out.mkdir(parents=True, exist_ok=True)
        with _locked(out / LOCK):
            _clear_abandoned(out)
            folder = Path(tempfile.mkdtemp(prefix=STAGING, dir=out))
            folder.chmod(0o755)
            own = _lock(folder / LOCK)
    try:
        yield folder
    finally:
        os.close(own)
        shutil.rmtree(folder, ignore_errors=True)


def publish(
    staging: Path,
    out: Path,
    snapshot_id: str,
    keep: int,
    is_whole: Callable[[Path], bool],
    keeping: Callable[[], AbstractContextManager[None]] = nullcontext,
) -> Path:
    """Make a staged folder a snapshot, serve it and return its folder.

    A snapshot of the same content that is there already is served as it is, unless it was damaged meanwhile.

    Args:
        staging: a whole snapshot, written and closed.
        out: where snapshots are published.
        snapshot_id: its name.
        keep: how many snapshots stay, this one among them.
        is_whole: tells whether a snapshot that is there already can be read and holds what it should.
        keeping: entered before the snapshot appears and left once it is served: what raises there leaves all as it was.
    """
    target = out / snapshot_id
    with _locked(out / LOCK), keeping():
        if target.exists() and not is_whole(target):
            _clear(target)
        if not target.exists():
            (staging / LOCK).unlink()
            for path in (staging, *staging.rglob("*")):
                _sync(path)
            staging.rename(target)
            _sync(out)
        served, history = read_history(out)
        before = [name for name in history if name not in (served, snapshot_id)]
        before += [served] if served and served != snapshot_id else []
        kept = [*before, snapshot_id][-keep:]
        _write(out / CURRENT, snapshot_id)
        with suppress(OSError):  # it is served already; the next build lists it and clears the others
            _write(out / HISTORY, "\n".join(kept))
            for path in out.iterdir():
                if SNAPSHOT.fullmatch(path.name) and path.name not in kept:
                    _clear(path)
    return target


@contextmanager
def held_history(out: Path) -> Iterator[tuple[str | None, list[str]]]:
    """Give what `read_history` gives, and let nobody publish meanwhile.

    Raises:
        Refused: nothing can be written there.
    """
    with _writing(out), _locked(out / LOCK):
        yield read_history(out)


def point_to(out: Path, snapshot_id: str) -> None:
    """Serve a snapshot that is kept; nothing else changes. For whoever holds the history."""
    _write(out / CURRENT, snapshot_id)


def read_history(out: Path) -> tuple[str | None, list[str]]:
    """Return the name of the snapshot that is served, and all that are kept, in the order in which they were served.

    One that is served and not yet listed, because its build was killed in between, counts as the latest.
    """
    names = _names(out / HISTORY)
    served = next((name for name in _names(out / CURRENT) if (out / name).is_dir()), None)
    kept = [name for name in names if (out / name).is_dir()]
    return served, kept if served is None or served in kept else [*kept, served]


def _names(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").split() if path.exists() else []


@contextmanager
def _writing(out: Path) -> Iterator[None]:
    """Say in one sentence why nothing can be written to a folder."""
    try:
        yield
    except OSError as error:
        raise Refused(
            "{folder} cannot be written to: {reason}. Choose another folder with --out, or ask for the right to write.",
            folder=str(out), reason=error.strerror or str(error),
        ) from error  # fmt: skip


def _write(path: Path, text: str) -> None:
    """Replace a text file in one step: whoever reads it meanwhile has the old text or the new one."""
    handle, name = tempfile.mkstemp(prefix=STAGING, dir=path.parent)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text + "\n")
            file.flush()
            os.fsync(file.fileno())
        os.chmod(name, 0o644)
        os.replace(name, path)
    except BaseException:
        os.unlink(name)
        raise
    _sync(path.parent)


def _clear(snapshot: Path) -> None:
    """Remove a snapshot in one step: under its own name nobody ever finds a half of it."""
    gone = Path(tempfile.mkdtemp(prefix=STAGING, dir=snapshot.parent))
    snapshot.rename(gone / snapshot.name)
    shutil.rmtree(gone, ignore_errors=True)


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

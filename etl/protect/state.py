"""State: the secret key, and what earlier releases say of the noise; both lie in ASAR_STATE, outside every snapshot.

<state>/<edition>/protect.key      the key, made with the first build of real data, read by its owner alone
<state>/<edition>/noise.parquet    signs of organisations and shares of rows, by measure

Whoever has both can take the noise off. Whoever loses them must not go on with others: the mean of two releases with
different noise is nearer to the truth than either. Demonstration data are protected with a key that is public, and
keep nothing, so that anybody builds the very same snapshot.
"""

from __future__ import annotations

import fcntl
import os
import secrets
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from etl.protect.keys import KEY_BYTES, PUBLIC_KEY
from etl.protect.noise import Kept
from observatory.editions import Edition
from observatory.errors import Refused

VARIABLE = "ASAR_STATE"
KEY, NOISE, LOCK = "protect.key", "noise.parquet", ".lock"
COLUMNS = pa.schema({"measure": pa.string(), "name": pa.string(), "sign": pa.int8(), "share": pa.float64()})
"""Of noise.parquet: a row has a sign where its name is an organisation's, a share where it is a row's."""


@dataclass(frozen=True)
class State:
    """What protection draws from, and keeps. folder: None where nothing is kept."""

    key: bytes
    folder: Path | None = None

    @contextmanager
    def held(self) -> Iterator[None]:
        """Let no other build read what is kept before this one has kept what is new."""
        if self.folder is None:
            yield
            return
        with open(self.folder / LOCK, "w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def kept(self) -> dict[str, Kept]:
        """Return what earlier releases say of each measure.

        Raises:
            Refused: it is there and cannot be read.
        """
        if self.folder is None or not (self.folder / NOISE).exists():
            return {}
        try:
            table = pq.read_table(self.folder / NOISE, schema=COLUMNS)
        except (OSError, pa.ArrowException) as error:
            raise Refused(
                "{path} cannot be read: {reason}. Put back the copy that was saved with the key."
                " Nothing was published.",
                path=str(self.folder / NOISE), reason=str(error).splitlines()[0],
            ) from error  # fmt: skip
        signs: dict[str, dict[str, int]] = defaultdict(dict)
        shares: dict[str, dict[str, float]] = defaultdict(dict)
        for measure, name, sign, share in zip(*(column.to_pylist() for column in table.columns), strict=True):
            if sign is not None:
                signs[measure][name] = sign
            if share is not None:
                shares[measure][name] = share
        return {measure: Kept(signs[measure], shares[measure]) for measure in sorted(signs.keys() | shares.keys())}

    def keep(self, kept: Mapping[str, Kept]) -> None:
        """Keep this for later releases, all of it or, where the work is broken off, none."""
        if self.folder is None:
            return
        rows = [
            row for measure, one in kept.items()
            for row in (*((measure, name, sign, None) for name, sign in one.signs.items()),
                        *((measure, name, None, share) for name, share in one.shares.items()))
        ]  # fmt: skip
        columns = zip(*rows, strict=True) if rows else ((),) * len(COLUMNS)
        arrays = [pa.array(list(column), kind) for column, kind in zip(columns, COLUMNS.types, strict=True)]
        made = self.folder / f"{NOISE}.new"
        with open(os.open(made, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            pq.write_table(pa.table(arrays, schema=COLUMNS), file, compression="zstd")
            file.flush()
            os.fsync(file.fileno())
        made.replace(self.folder / NOISE)


def state_of(edition: Edition, is_demonstration: bool) -> State:
    """Return the state that an edition's releases are protected with: of real data, that in ASAR_STATE.

    Raises:
        Refused: the data are real, and the variable is not set, or the key cannot be read or made.
    """
    if is_demonstration:
        return State(PUBLIC_KEY)
    named = os.environ.get(VARIABLE)
    if not named:
        raise Refused(
            "Real data are protected with a secret key, and {variable} names no folder to keep it in. Set {variable} to"
            " a folder that only you can read, outside the snapshots, and save it with your back-ups.",
            variable=VARIABLE,
        )  # fmt: skip
    folder = Path(named) / edition.id
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return State(_key(folder / KEY), folder)
    except OSError as error:
        raise Refused(
            "The key in {folder} cannot be read or made: {reason}. Make the folder readable and writable for the"
            " account that builds, or put back the key that was saved. Nothing was published.",
            folder=str(folder), reason=error.strerror or str(error),
        ) from error  # fmt: skip


def _key(path: Path) -> bytes:
    """Return the key in a file, made if there is none: complete or not there at all, whoever else makes it."""
    if not path.exists():
        if path.with_name(NOISE).exists():
            raise OSError(None, f"{path.name} is gone, and {NOISE}, which was drawn by it, is there")
        made = path.with_name(f"{path.name}.{os.getpid()}")
        with open(os.open(made, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(secrets.token_bytes(KEY_BYTES))
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(made, path)
        except FileExistsError:
            pass  # another build made it meanwhile: that one holds
        finally:
            made.unlink()
    key = path.read_bytes()
    if len(key) != KEY_BYTES:
        raise OSError(None, f"{path.name}: {len(key)} bytes, not {KEY_BYTES}")
    return key

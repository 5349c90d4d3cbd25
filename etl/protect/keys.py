"""Keys: numbers that are random to everybody without the key, and the same in every build with it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

import numpy as np

PUBLIC_KEY = b"asar demonstration: this key is public"
"""What demonstration data are protected with, so that anybody can build the very same snapshot."""

KEY_BYTES = 32


def uniform(key: bytes, purpose: str, names: Iterable[str]) -> np.ndarray:
    """Return one number of [0, 1) for each name, drawn by the key for one purpose.

    Names that are equal get the same number. (BLAKE2 with a key, RFC 7693.)
    """
    start = hashlib.blake2b(purpose.encode() + b"\0", key=key[: hashlib.blake2b.MAX_KEY_SIZE], digest_size=8)
    drawn = []
    for name in names:
        state = start.copy()
        state.update(name.encode())
        drawn.append(int.from_bytes(state.digest(), "big") >> 11)
    return np.array(drawn, dtype=float) / 2**53

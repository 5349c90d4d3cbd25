"""The command line: `python -m benchmarks` lists the claims, `python -m benchmarks load --rows 10000000` runs one.

`all` runs every claim with its own numbers. The data are made once and kept in build/benchmarks.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from benchmarks import cells, content, load, memory, protect, rerun
from benchmarks.measuring import show_machine

CLAIMS = {"load": load, "memory": memory, "rerun": rerun, "cells": cells, "content": content, "protect": protect}


def main(arguments: Sequence[str] | None = None) -> int:
    """List the claims, or run those that are named."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("claim", nargs="?", choices=(*CLAIMS, "all"), help="which one; without it they are listed")
    parser.add_argument("--rows", type=int, default=1_000_000, help="activities, where a claim is about so many")
    parser.add_argument("--rounds", type=int, default=5, help="runs of each candidate, of which the median counts")
    options = parser.parse_args(arguments)
    if options.claim is None:
        for name, claim in CLAIMS.items():
            print(f"{name:<10}{claim.__doc__.splitlines()[0]}")
        return 0
    for name in CLAIMS if options.claim == "all" else (options.claim,):
        print(f"\n{name}: {CLAIMS[name].__doc__.splitlines()[0]}")
        show_machine()
        CLAIMS[name].run(options.rows, options.rounds)
        show_machine()
    return 0


if __name__ == "__main__":
    sys.exit(main())

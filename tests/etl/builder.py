"""A process that runs commands of the ETL as children of its own, imported once: killed, starved or without rights.

It reads one order a line from standard input, a JSON object, and answers each with one: see `Builder.run`.
"""

from __future__ import annotations

import fcntl
import json
import os
import resource
import signal
import subprocess
import sys
import time
import traceback
from pathlib import Path

ROOT = Path(__file__).parents[2]
NOBODY = 65534
CRASHED = 70
ROOM = 2**17  # bytes that a command may say


class Builder:
    """The other end of the process. Its temporary files go to a folder of their own, so that leftovers are seen."""

    def __init__(self, folder: Path):
        self.temporary = folder / "temporary"
        self.temporary.mkdir(mode=0o777)
        self.temporary.chmod(0o777)
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.etl.builder"], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            text=True, env=os.environ | {"TMPDIR": str(self.temporary)},
        )  # fmt: skip

    def run(self, *commands: list, kill_after: float | None = None, file_size: int | None = None, user: int = 0):
        """Run commands at once and return, for each, its exit code, what it said, and how many seconds it took.

        Args:
            commands: arguments of `python -m etl`.
            kill_after: seconds after which all of them are killed.
            file_size: bytes that no file may exceed.
            user: who runs them.
        """
        order = {
            "commands": [[str(word) for word in command] for command in commands],
            "kill_after": kill_after, "file_size": file_size, "user": user,
        }  # fmt: skip
        print(json.dumps(order), file=self._process.stdin, flush=True)
        return [tuple(answer) for answer in json.loads(self._process.stdout.readline())]

    def close(self) -> None:
        """End the process."""
        self._process.stdin.close()
        self._process.wait()


def obey(order: dict) -> list[tuple[int, str, float]]:
    """Run the commands of an order and return what became of each."""
    begun = time.monotonic()
    running = [(_start(command, order), time.monotonic()) for command in order["commands"]]
    if order["kill_after"] is not None:
        time.sleep(max(0, begun + order["kill_after"] - time.monotonic()))
        for (child, _), _ in running:
            os.kill(child, signal.SIGKILL)
    answers = []
    for (child, said), started in running:
        code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        answers.append((code, os.read(said, ROOM).decode(), time.monotonic() - started))
        os.close(said)
    return answers


def _start(command: list[str], order: dict) -> tuple[int, int]:
    """Fork, and run a command in the child; return the child and the pipe that it writes to."""
    told, said = os.pipe()
    fcntl.fcntl(said, fcntl.F_SETPIPE_SZ, ROOM)
    child = os.fork()
    if child:
        os.close(said)
        return child, told
    code = CRASHED
    try:
        os.dup2(said, 1)
        os.dup2(said, 2)
        if order["file_size"] is not None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (order["file_size"], order["file_size"]))
        if order["user"] != os.getuid():
            os.setgid(order["user"])
            os.setuid(order["user"])
        code = main(command)
        sys.stdout.flush()
    except BaseException:
        os.write(said, traceback.format_exc().encode())
    finally:
        os._exit(code)


if __name__ == "__main__":
    from etl.__main__ import main
    from observatory.editions import load_edition

    load_edition("kazakhstan")  # so that the registry is read once
    for line in sys.stdin:
        print(json.dumps(obey(json.loads(line))), flush=True)

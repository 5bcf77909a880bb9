"""A throw-away Redis server on loopback, from the program that is installed."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
from typing import Self

from tests.support.services import needed


class RedisServer:
    """A server that keeps nothing, running inside the `with` block."""

    def __init__(self) -> None:
        self._program = needed(
            "redis", shutil.which("redis-server") or shutil.which("valkey-server")
        )
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self._port = free.getsockname()[1]
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Where it is."""
        return f"redis://127.0.0.1:{self._port}/0"

    def start(self) -> None:
        """Start it, again too."""
        self._process = subprocess.Popen(
            [
                self._program, "--port", str(self._port), "--bind", "127.0.0.1", "--save", "",
                "--appendonly", "no", "--dir", "/",
            ],
            stdout=subprocess.DEVNULL,
            user="nobody" if os.geteuid() == 0 else None,
        )  # fmt: skip
        end = time.monotonic() + 20
        while not self._is_there():
            assert time.monotonic() < end, "the Redis server did not start"
            time.sleep(0.01)

    def stop(self) -> None:
        """Stop it."""
        if self._process is not None:
            self._process.terminate()
            self._process.wait()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def _is_there(self) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self._port), timeout=1) as connection:
                connection.sendall(b"PING\r\n")
                return connection.recv(5) == b"+PONG"
        except OSError:
            return False

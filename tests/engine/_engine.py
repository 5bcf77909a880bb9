"""The server in a process of its own, which ends with its input."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Self
from urllib.request import Request, urlopen

if TYPE_CHECKING:
    from types import TracebackType

_SERVE: Final = Path(__file__).with_name("serve.py")
_METRIC: Final = re.compile(r"^llamacpp:(\w+) (\S+)$", re.MULTILINE)


def is_installed() -> bool:
    """Tell whether the engine, and what writes models for it, are here."""
    return all(map(find_spec, ("xllamacpp", "gguf", "numpy")))


class Engine:
    """Serves the model `tiny` on a free port of loopback while it is entered.

    It sleeps, its model out of memory, after so many seconds without a request.
    """

    def __init__(self, folder: Path, *, sleep_seconds: int) -> None:
        self.log = folder / "engine.log"
        self.url = ""
        self._command = [sys.executable, str(_SERVE), str(folder), str(sleep_seconds)]

    def get(self, path: str) -> str:
        """Return what it says of itself."""
        with urlopen(Request(self.url + path)) as answer:  # no client that is tapped
            text: str = answer.read().decode()
        return text

    @property
    def is_sleeping(self) -> bool:
        """Whether its model is out of memory."""
        told: dict[str, Any] = json.loads(self.get("/props"))
        return told["is_sleeping"] is True

    def metrics(self) -> dict[str, float]:
        """Return its own counts and times."""
        return {name: float(value) for name, value in _METRIC.findall(self.get("/metrics"))}

    def __enter__(self) -> Self:
        with self.log.open("wb") as log:
            self._process = subprocess.Popen(
                self._command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log
            )
        assert self._process.stdout is not None
        self.url = self._process.stdout.readline().decode().strip()
        assert self.url, self.log.read_text()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._process.communicate()

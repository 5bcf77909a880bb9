"""A test suite of somebody else's, run with the plugin, and what it left behind."""

from __future__ import annotations

import re
import sys
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from understudy.events import CallEvent
from understudy.store import open_store

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from types import ModuleType

    from understudy.events import AnyEvent
    from understudy.store import Phase, Run

STORE = ".understudy/telemetry.db"

#: For hooks that xdist may change: without it, with it but without workers, and with two.
each_way = pytest.mark.parametrize(
    "workers", [("-pno:xdist",), ("-n0",), ("-n2",)], ids=["without", "n0", "n2"]
)
#: For what several workers make together.
alone_or_two = pytest.mark.parametrize("workers", [(), ("-n2",)], ids=["alone", "n2"])

#: What the suites call with: `ask()` sends one chat request over urllib3, `stream()` leaves
#: its answer open, `aask()` is asynchronous, over httpx2 or httpx. `leave()` closes what is open.
ASK = """
import json
import os
import weakref

import urllib3

PATH = "/v1/chat/completions"
URL = os.environ["FAKE_PROVIDER"] + PATH
POOL = urllib3.PoolManager(maxsize=16)
OPEN = weakref.WeakSet()


def request(model, **more):
    messages = [{"role": "user", "content": "Say some words."}]
    return {"model": model, "messages": messages, **more}


def ask(model="gpt-4o-mini", **more):
    answer = POOL.request("POST", URL, json=request(model, **more), retries=False)
    return answer.json()


def stream(model="gpt-4o-mini", **more):
    body = json.dumps(request(model, stream=True, **more))
    answer = POOL.request("POST", URL, body=body, retries=False, preload_content=False)
    OPEN.add(answer)
    return answer


def leave():
    for answer in tuple(OPEN):
        answer.close()
    POOL.clear()


def client():
    try:
        import httpx2 as library
    except ImportError:
        import httpx as library
    return library.AsyncClient(timeout=60)


async def aask(model="gpt-4o-mini", **more):
    async with client() as asking:
        return (await asking.post(URL, json=request(model, **more))).json()
"""


@dataclass(frozen=True)
class Stored:
    """One run as it stands in the store."""

    run: Run
    events: list[AnyEvent]
    phases: list[Phase]

    @property
    def calls(self) -> list[CallEvent]:
        """The attempts, in the order of their time."""
        return [event for event in self.events if isinstance(event, CallEvent)]

    @property
    def owners(self) -> list[tuple[str | None, str | None]]:
        """Whose attempt each was, without the file's name, and in which stage."""
        return [(_short(call.phase_id), call.stage) for call in self.calls]

    @property
    def count(self) -> Counter[str | None]:
        """How many attempts each owner made."""
        return Counter(name for name, _ in self.owners)

    @property
    def outcomes(self) -> dict[tuple[str | None, int], str | None]:
        """What became of each test, by its name and the number of its rerun."""
        return {(_short(phase.phase_id), phase.rerun): phase.outcome for phase in self.phases}


class Imports:
    """What runs inside import, which each would forget at its end: brought back for the next."""

    def __init__(self, temporary: Path) -> None:
        self._temporary = str(temporary)
        self._found: dict[str, ModuleType] = {}

    @pytest.hookimpl(trylast=True)
    def pytest_unconfigure(self) -> None:
        """Note what is not of a suite's own, and close what it left open in this process."""
        if (leave := getattr(sys.modules.get("ask"), "leave", None)) is not None:
            leave()
        for name, module in sys.modules.items():
            if not _is_within(module, self._temporary):
                self._found[name] = module

    def bring_back(self) -> None:
        """Have it all imported."""
        for name, module in self._found.items():
            sys.modules.setdefault(name, module)


def _is_within(module: ModuleType, folder: str) -> bool:
    places = [getattr(module, "__file__", None), *getattr(module, "__path__", ())]
    return any(str(place).startswith(folder) for place in places)


@dataclass(frozen=True)
class Suite:
    """Files, ways to run them, and the store that the runs write."""

    pytester: pytest.Pytester
    imports: Imports

    @property
    def path(self) -> Path:
        """The folder of the suite, its rootdir."""
        return self.pytester.path

    def write(self, tests: str, **files: str) -> None:
        """Write `test_it.py` and further files, each named by its stem."""
        self.pytester.makepyfile(test_it=tests, **files)

    def run(self, *options: str, telemetry: bool = True) -> pytest.RunResult:
        """Run in this process; `-n2` still starts workers."""
        self.imports.bring_back()
        arguments = self.arguments(*options, telemetry=telemetry)
        return self.pytester.runpytest_inprocess(
            *arguments, plugins=[self.imports], no_reraise_ctrlc=True
        )

    def run_apart(self, *options: str, telemetry: bool = True) -> pytest.RunResult:
        """Run in a process of its own."""
        arguments = self.arguments(*options, telemetry=telemetry)
        return self.pytester.runpytest_subprocess(*arguments)

    def arguments(self, *options: str, telemetry: bool = True) -> list[str]:
        """Return the command line of a run."""
        switch = ["--llm-telemetry"] if telemetry else []
        known = "-Wignore:Module already imported:pytest.PytestAssertRewriteWarning"
        return [known, "-p", "understudy", "-p", "xdist", *switch, *options]

    def stored(self, store: str = STORE) -> Stored:
        """Return the newest run."""
        return next(self.all_stored(store))

    def all_stored(self, store: str = STORE) -> Iterator[Stored]:
        """Yield all runs, the newest first."""
        with open_store(self.path / store, create=False) as opened:
            for run in opened.runs():
                yield Stored(run, opened.events(run.run_id), opened.phases(run.run_id))


def lines_of(result: pytest.RunResult) -> list[str]:
    """Return what a run printed of LLM calls, without the heading."""
    text = result.stdout.str()
    ours = re.search(r"(?ms)^=+ LLM calls =+\n(.*?)(?=^=====|^!!!!!|^\d+ passed)", text)
    return ours[1].splitlines() if ours else []


def _short(phase_id: str | None) -> str | None:
    return None if phase_id is None else phase_id.rpartition(".py::")[2]

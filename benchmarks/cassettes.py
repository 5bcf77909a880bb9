"""Opening a cassette of 1,000 interactions and playing it, beside vcrpy, cassetter and libyaml.

Targets: the first opening takes at most 1.1 times what libyaml takes to load the file, each
further one at most 1/7 of vcrpy's; one call that is matched by its body, through a bare httpx2
client, takes at most 1/100 of vcrpy's. cassetter is itself a plugin of pytest: it is measured
where BENCHMARK_CASSETTER names a folder that `pip install --target` put it into.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
import time
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import httpx2
import vcr.cassette
import yaml

from benchmarks._timing import Spent, medians, paired
from understudy.cassettes import (
    Cassette,
    Interaction,
    Matching,
    RecordedRequest,
    RecordedResponse,
    RecordMode,
    Treatment,
)
from understudy.cassettes.secrets import SecretsRedactor
from understudy.intercept.cassettes import use_cassette

INTERACTIONS = 1000
CALLS = 20
URL = "https://api.openai.com/v1/chat/completions"
HEADERS = (("content-type", "application/json"),)
MATCH_ON = ("method", "scheme", "host", "port", "path", "query", "body")

Used = Callable[[], AbstractContextManager[Any]]


def question(number: int) -> bytes:
    """Return a request of about 1 kB."""
    messages = [
        {"role": "system", "content": "You are a helpful assistant. " * 20},
        {"role": "user", "content": f"Question {number}: {'what is it? ' * 30}"},
    ]
    return json.dumps({"model": "gpt-5", "messages": messages}).encode()


def recorded(number: int) -> Interaction:
    """Return a call and its answer, about 1 kB each."""
    said = {"role": "assistant", "content": f"Answer {number}: {'it is forty-two. ' * 50}"}
    body = json.dumps({"id": f"chatcmpl-{number}", "choices": [{"index": 0, "message": said}]})
    request = RecordedRequest(method="POST", url=URL, headers=HEADERS, body=question(number))
    answer = RecordedResponse(status=200, reason="OK", headers=HEADERS, body=body.encode())
    return Interaction(request, answer)


def written(folder: Path) -> Path:
    """Record the cassette and let vcrpy write it in its own form."""
    path = folder / "cassette.yaml"
    with Cassette.open(path, record_mode=RecordMode.ONCE) as cassette:
        for number in range(INTERACTIONS):
            each = recorded(number)
            cassette.append(each.request, each.response)
    vcr.cassette.Cassette.load(path=str(path))._save(force=True)  # noqa: SLF001 - there is no other
    return path


def opened(path: Path) -> Cassette:
    """Open it as a test does."""
    return Cassette.open(path, treatment=Treatment(redactor=SecretsRedactor()))


def opening(path: Path) -> dict[str, Spent]:
    """Time the openings, in turn."""
    text, state = path.read_text(), path.parent / ".understudy"

    def forgotten() -> AbstractContextManager[None]:
        shutil.rmtree(state, ignore_errors=True)
        return nullcontext()

    variants: dict[str, Any] = {
        "libyaml": (nullcontext, lambda: yaml.load(text, Loader=yaml.CSafeLoader)),
        "vcrpy": (nullcontext, lambda: vcr.cassette.Cassette.load(path=str(path))),
        "first": (forgotten, lambda: opened(path)),
        "again": (nullcontext, lambda: opened(path)),
    }
    peer = cassetter()
    if peer is not None:
        variants["cassetter"] = (
            nullcontext,
            lambda: peer.Cassette(path, record_mode=peer.RecordMode.NONE).load(),
        )
    return {name: medians(spent) for name, spent in paired(variants, rounds=5, calls=1).items()}


def cassetter() -> Any:
    """Return the peer's module; None where it is not there."""
    folder = os.environ.get("BENCHMARK_CASSETTER")
    if folder is not None and folder not in sys.path:
        sys.path.append(folder)
    try:
        import cassetter as module  # type: ignore[import-not-found, unused-ignore]
    except ImportError:
        return None
    return module


def playing(used: Used) -> float:
    """Return the seconds of one call: the median over the cassette's middle."""
    middle = range(INTERACTIONS // 2, INTERACTIONS // 2 + CALLS)
    spent = []
    with used(), httpx2.Client() as client:
        for number in middle:
            start = time.perf_counter()
            answer = client.post(URL, content=question(number), headers=dict(HEADERS))
            spent.append(time.perf_counter() - start)
            assert f"Answer {number}:" in answer.text
    return sorted(spent)[len(spent) // 2]


def floor() -> float:
    """Return the seconds of one call that nobody looks up."""
    answers = httpx2.MockTransport(lambda _: httpx2.Response(200, content=b"{}"))
    with httpx2.Client(transport=answers) as client:
        start = time.perf_counter()
        for number in range(100):
            client.post(URL, content=question(number), headers=dict(HEADERS))
        return (time.perf_counter() - start) / 100


def players(path: Path) -> dict[str, Used]:
    """Return who plays the cassette, matching bodies."""
    theirs = vcr.VCR(match_on=MATCH_ON, record_mode=vcr.mode.NONE)
    found: dict[str, Used] = {
        "understudy": lambda: use_cassette(
            path, record_mode="none", matching=Matching(match_on=MATCH_ON)
        ),
        "vcrpy": lambda: theirs.use_cassette(str(path)),
    }
    peer = cassetter()
    if peer is not None:
        found["cassetter"] = lambda: peer.use_cassette(
            path, record_mode="none", match_on=["method", "uri", "body"]
        )
    return found


def main() -> None:
    """Print the figures and how they compare."""
    with TemporaryDirectory() as folder:
        path = written(Path(folder))
        spent = opening(path)
        for name, one in spent.items():
            print(f"open, {name:10} {one.cpu * 1e3:8.1f} ms CPU")
        print(f"  first / libyaml  {spent['first'].cpu / spent['libyaml'].cpu:.2f}")
        print(f"  vcrpy / again    {spent['vcrpy'].cpu / spent['again'].cpu:.0f}")
        calls = {name: playing(used) for name, used in players(path).items()}
        print(f"call, nobody     {floor() * 1e3:8.3f} ms")
        for name, seconds in calls.items():
            print(f"call, {name:10} {seconds * 1e3:8.3f} ms")
        print(f"  vcrpy / understudy  {calls['vcrpy'] / calls['understudy']:.0f}")

"""Sinks by name."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from understudy.errors import SettingsError
from understudy.events import CallEvent, parse_event
from understudy.telemetry.sinks import HttpSink, LoggingSink, open_sinks, sink_factories

if TYPE_CHECKING:
    from pathlib import Path

    from understudy.telemetry.sinks import Sink, SinkFactory


@pytest.mark.parametrize(
    ("word", "says"),
    [
        ("jsonll:x", "unknown sink 'jsonll' in --llm-sink. Did you mean 'jsonl'?"),
        ("log:x", "--llm-sink=log:x: log takes no destination."),
        ("jsonl", "--llm-sink=jsonl: name the file"),
        ("jsonl:.", "cannot be written"),
        ("http", "write the whole address"),
        ("http:localhost:4318", "write the whole address"),
        ("http:ftp://host/x", "write the whole address"),
        ("otlp:collector:4318", "--llm-sink=otlp:collector:4318: write the whole address"),
        ("http:http://[", "write the whole address"),
        ("http:http://host:99999999/", "write the whole address"),
    ],
)
def test_what_cannot_be_opened_is_said(tmp_path: Path, word: str, says: str) -> None:
    """And what was opened before it is closed again."""
    closed = []

    class Closing(LoggingSink):
        def close(self, timeout: float) -> None:
            closed.append(timeout)

    factories: dict[str, SinkFactory] = {**sink_factories(tmp_path), "own": lambda _: Closing()}

    with pytest.raises(SettingsError) as caught:
        open_sinks(["own", word], factories)

    assert says in str(caught.value)
    assert len(closed) == 1


def test_a_type_gets_what_stands_behind_its_colon(tmp_path: Path) -> None:
    """All of it, colons too; nothing is an empty text."""
    given: list[str] = []

    def own(destination: str) -> Sink:
        given.append(destination)
        return LoggingSink()

    open_sinks(["own:a:b", "own"], {"own": own})

    assert given == ["a:b", ""]


def test_a_file_gets_a_line_for_each_event_with_its_cost(tmp_path: Path) -> None:
    """Below the root; folders are made."""
    (sink,) = open_sinks(["jsonl:out/events.jsonl"], sink_factories(tmp_path))
    call = parse_event({"event_type": "llm_call", "event_id": "1", "call_id": "1", "ts": 1})
    assert isinstance(call, CallEvent)

    sink.emit(call.model_copy(update={"cost_nanousd": 1_500_000}))
    sink.emit(parse_event({"event_type": "undo", "event_id": "2", "ts": 1}))

    first, second = (tmp_path / "out" / "events.jsonl").read_text().splitlines()
    assert json.loads(first)["cost_usd"] == 0.0015
    assert json.loads(second)["event_type"] == "undo"
    assert "tier" not in json.loads(second)


def test_a_secret_in_an_address_goes_into_a_header() -> None:
    """`urlopen` would look up a host of that name."""
    sink = HttpSink("http://me:s%20x@127.0.0.1:9/in?a=1#frag")

    assert sink._url == "http://127.0.0.1:9/in?a=1"
    assert sink._headers["authorization"] == "Basic bWU6cyB4"

"""Which sinks there are by name, and how one is opened."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from ...errors import SettingsError, UnknownNameError
from ._http import HttpSink
from ._otlp import OtlpSink
from ._sink import JsonLinesSink, LoggingSink, Sink, SinkFactory

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path


def _log(destination: str) -> Sink:
    if destination:
        msg = f"--llm-sink=log:{destination}: log takes no destination."
        raise SettingsError(msg)
    return LoggingSink()


def _jsonl(root: Path, destination: str) -> Sink:
    if not destination:
        msg = "--llm-sink=jsonl: name the file, as jsonl:events.jsonl."
        raise SettingsError(msg)
    return JsonLinesSink(root / destination)


def sink_factories(root: Path) -> dict[str, SinkFactory]:
    """Return ours, by the word before the colon; files stand below `root`."""
    return {"log": _log, "jsonl": partial(_jsonl, root), "http": HttpSink, "otlp": OtlpSink}


def open_sinks(chosen: Iterable[str], factories: Mapping[str, SinkFactory]) -> tuple[Sink, ...]:
    """Open what `TYPE[:DEST]` names, each.

    Raises:
        UnknownNameError: there is no such type.
        SettingsError: one cannot be opened; none is left open then.
    """
    sinks: list[Sink] = []
    try:
        for each in chosen:
            name, _, destination = each.partition(":")
            UnknownNameError.check("sink", (name,), factories, where="--llm-sink")
            sinks.append(factories[name](destination))
    except BaseException:
        close_sinks(sinks, timeout=0)
        raise
    return tuple(sinks)


def close_sinks(sinks: Iterable[Sink], *, timeout: float) -> None:
    """Close those that can be closed."""
    for sink in sinks:
        close = getattr(sink, "close", None)
        if close is not None:
            close(timeout)

"""Where events go besides the journal, and the two sinks that need nothing."""

from __future__ import annotations

import logging
import os
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias

from pydantic_core import to_json

from ...errors import SettingsError
from ...events import CallEvent
from ...events.lifecycle import GenerationCompleted
from ...pricing import PriceBook, load_price_list, price_call

if TYPE_CHECKING:
    from collections.abc import Callable

    from .._event_log import Recorded, Told
    from .._owner import Owner

#: Makes a sink of what stands behind the colon in `--llm-sink=TYPE:DEST`; "" where nothing does.
SinkFactory: TypeAlias = "Callable[[str], Sink]"


class Sink(Protocol):
    """Gets each event in the process that recorded it, right after it was recorded.

    What a sink raises is counted and said once; it never reaches the code under test. One with
    an attribute `wants_costs` that is true gets calls that are priced; one with a method
    `emit_later(build)` gets, of all but calls, what makes the event, for a thread of its own;
    one with a method `close(timeout)` is told when the process ends, and has so many seconds.
    """

    def emit(self, event: Recorded) -> None:
        """Take one event; called from whichever thread made the call."""


class LoggingSink:
    """Logs each event, as JSON without its empty fields, to the logger `understudy.events`."""

    def __init__(self, *, level: int = logging.INFO) -> None:
        self._level = level
        self._logger = logging.getLogger("understudy.events")

    def emit(self, event: Recorded) -> None:
        """Log one event."""
        if self._logger.isEnabledFor(self._level):
            self._logger.log(self._level, "%s", event.model_dump_json(exclude_none=True))


class JsonLinesSink:
    """Appends each event as a line of JSON; several processes may write to one file.

    Raises:
        SettingsError: the file cannot be opened.
    """

    wants_costs = True

    def __init__(self, path: str | Path) -> None:
        try:
            Path(path).parent.mkdir(parents=True, exist_ok=True)
            self._descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
        except OSError as error:
            msg = f"--llm-sink=jsonl:{path}: cannot be written ({error.strerror})."
            raise SettingsError(msg) from error
        # As the journal does it: a page that is written is nothing that a loop waits for.
        self._write: Callable[[int, bytes], int] = import_module(os.name).write

    def emit(self, event: Recorded) -> None:
        """Append one event, in one write.

        Raises:
            OSError: the disk took it not, or only in part.
        """
        line = plain_json(event)
        if self._write(self._descriptor, line) != len(line):
            msg = "the disk took only a part of a line"
            raise OSError(msg)

    def close(self, timeout: float) -> None:  # noqa: ARG002 - nothing is left to do
        """Close the file; what comes later is a fault, and no other file's."""
        descriptor, self._descriptor = self._descriptor, -1
        if descriptor >= 0:
            os.close(descriptor)


def plain_json(event: Recorded) -> bytes:
    """Write an event as one line of JSON, without its empty fields, amounts in USD too."""
    return to_json(plain(event)) + b"\n"


def plain(event: Recorded) -> dict[str, Any]:
    """Return an event as plain values of JSON, without its empty fields, amounts in USD too."""
    fields = event.model_dump(mode="json", exclude_none=True)
    if isinstance(event, CallEvent) and event.cost_usd is not None:
        fields["cost_usd"] = float(event.cost_usd)
    if isinstance(event, GenerationCompleted) and event.cost is not None:
        fields["cost"] = float(event.cost)
    return fields


@dataclass(frozen=True, slots=True)
class SinkListener:
    """Hands a sink what the event log hears. Satisfies `Listener`."""

    sink: Sink
    prices: PriceBook
    is_wanted: bool = True
    _wants_costs: bool = field(init=False)
    _emit_later: Callable[[Callable[[], Recorded]], None] | None = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_wants_costs", getattr(self.sink, "wants_costs", False))
        object.__setattr__(self, "_emit_later", getattr(self.sink, "emit_later", None))
        if self._wants_costs:
            load_price_list()

    def hear(self, owner: Owner, told: Told) -> None:  # noqa: ARG002 - a sink has no owner
        """Let the sink take the event, or what makes it."""
        if self._emit_later is not None and not told.is_call:
            self._emit_later(told.build)
            return
        event = told.event
        if self._wants_costs and isinstance(event, CallEvent):
            event = price_call(event, self.prices)
        self.sink.emit(event)

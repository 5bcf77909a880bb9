"""What a test's calls were for: the fixture `llm_events`, and one line of the summary."""

from __future__ import annotations

import sys
from collections import Counter, defaultdict
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Any, Final, overload

import pytest

from ...errors import UnknownNameError, counted
from ...events.lifecycle import LIFECYCLE_TYPES, AnyLifecycleEvent
from ...reports import Line
from .._feature import Feature

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from ...pricing import PriceBook
    from ...settings import Settings
    from ...telemetry import Owner, Telemetry
    from .._running_test import RunningTest
    from ..run import FinishedRun

_OFF: Final = (
    "{}: llm_events has nothing to give where --llm-lifecycle is off ({}); leave one of them out."
)
#: What is counted in the summary, and in which words.
_COUNTED: Final = {
    "llm_generation_started": "started",
    "llm_generation_completed": "completed",
    "llm_repair_attempt": "repair",
    "llm_validation_result": "failed validation",
    "llm_provider_failover": "failover",
    "llm_circuit_breaker_trip": "tripped breaker",
}
_UNINFLECTED: Final = frozenset({"started", "completed"})


class LLMEvents:
    """The lifecycle events of one test so far, in order: iterable, with a length.

    What it gives is up to date each time that it is asked.
    """

    def __init__(self, owner: Owner, prices: PriceBook) -> None:
        self._owner = owner
        self._prices = prices

    def of(self, event_type: str) -> tuple[AnyLifecycleEvent, ...]:
        """Return those of one type, such as `llm_provider_failover`.

        Raises:
            UnknownNameError: there is no such type.
        """
        UnknownNameError.check("lifecycle event", (event_type,), LIFECYCLE_TYPES)
        return tuple(event for event in self if event.event_type == event_type)

    @property
    def last(self) -> AnyLifecycleEvent | None:
        """The last one; None before the first."""
        return self[-1] if len(self) else None

    def __iter__(self) -> Iterator[AnyLifecycleEvent]:
        return (recorded.event(self._prices) for recorded in list(self._owner.lifecycle))

    def __len__(self) -> int:
        return len(self._owner.lifecycle)

    @overload
    def __getitem__(self, place: int) -> AnyLifecycleEvent: ...

    @overload
    def __getitem__(self, place: slice) -> tuple[AnyLifecycleEvent, ...]: ...

    def __getitem__(self, place: int | slice) -> AnyLifecycleEvent | tuple[AnyLifecycleEvent, ...]:
        return tuple(self)[place]

    def __repr__(self) -> str:
        return f"<LLMEvents: {_words(self) or 'none'}>"


class Lifecycle(Feature):
    """Gives tests their lifecycle events, and says at the end how many there were."""

    asked_by = frozenset({"llm_events"})

    def __init__(self, config: pytest.Config, settings: Settings, telemetry: Telemetry) -> None:
        self._config = config
        self._settings = settings
        self._telemetry = telemetry
        self._events: Sequence[AnyLifecycleEvent] = ()

    @contextmanager
    def begin_run(self) -> Iterator[None]:
        """Let what is printed pass by pytest's capture: it is for the user, not for the test."""
        capture = self._config.pluginmanager.get_plugin("capturemanager")
        if capture is not None:
            self._telemetry.lifecycle.print_line = partial(_print_past, capture)
        yield

    def check(self, items: Sequence[pytest.Item]) -> None:
        """Refuse tests that want events where there are none.

        Raises:
            pytest.UsageError: names the first of them.
        """
        if self._settings.lifecycle != "off":
            return
        for item in items:
            if "llm_events" in getattr(item, "fixturenames", ()):
                place = self._settings.sources.get("lifecycle", "default")
                raise pytest.UsageError(_OFF.format(item.nodeid, place))

    def events_of(self, test: RunningTest) -> LLMEvents:
        """Return what the fixture gives."""
        return LLMEvents(test.owner, self._telemetry.prices)

    def finish(self, run: FinishedRun) -> None:
        """Take the events of the run."""
        self._events = [event for event in run.lifecycle or () if _is_news(event)]

    def facts(self) -> Iterator[Line]:
        """Count the events of the run; with -v those of each test, too."""
        verbosity = self._config.get_verbosity()
        if not self._events or verbosity < 0:
            return
        yield Line(f"operations {_words(self._events)}")
        if verbosity > 0:
            by_test: defaultdict[str, list[AnyLifecycleEvent]] = defaultdict(list)
            for event in self._events:
                by_test[event.phase_id or "outside of tests"].append(event)
            for name, events in by_test.items():
                yield Line(f"  {name}: {_words(events)}")


def _print_past(capture: Any, line: str) -> None:
    with capture.global_and_fixture_disabled():
        sys.stderr.write(line)
        sys.stderr.flush()


def _is_news(event: AnyLifecycleEvent) -> bool:
    """Tell whether the table of attempts does not say it already."""
    is_resent = event.event_type == "llm_repair_attempt" and event.cause == "transport"
    return not (is_resent and event.inferred)


def _words(events: Iterable[AnyLifecycleEvent]) -> str:
    numbers: Counter[str] = Counter(
        event.event_type
        for event in events
        if event.event_type != "llm_validation_result" or not event.passed
    )
    return ", ".join(
        f"{numbers[sort]} {word}" if word in _UNINFLECTED else counted(numbers[sort], word)
        for sort, word in _COUNTED.items()
        if numbers[sort]
    )

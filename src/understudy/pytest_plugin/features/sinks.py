"""The sinks that `--llm-sink` chose: opened with the run, emptied at its end, and what was lost."""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import copy_context
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from ...errors import counted
from ...reports import Line
from ...telemetry import Owner
from ...telemetry.sinks import Deliveries, close_sinks, open_sinks, sink_factories
from .._feature import NO_TEST, Feature

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ...telemetry import Ownership, Sink
    from .._context import RunContext
    from ..run import FinishedRun

#: How long the end of a run may take for all of them, in seconds.
_PATIENCE: Final = 2.0
_CRASHED: Final = "a process ended without a last word"


def open_chosen_sinks(context: RunContext, ownership: Ownership) -> tuple[Sink, ...]:
    """Open them; what they do is nobody's call, and no guard stands in their way.

    Raises:
        UnknownNameError: there is no such type.
        SettingsError: one cannot be opened.
    """
    if not context.settings.sink:
        return ()
    apart = copy_context()
    apart.run(ownership.variable.set, Owner(is_ignored=True))
    factories = {**sink_factories(context.root), **context.extensions.sink_factories}
    return apart.run(open_sinks, context.settings.sink, factories)


class Sinks(Feature):
    """Empties the sinks when the run ends, and says what they did not take."""

    asked_by = NO_TEST

    def __init__(self, sinks: tuple[Sink, ...], chosen: tuple[str, ...]) -> None:
        self._sinks = sinks
        self._chosen = chosen
        self._counts = {word: Deliveries() for word in chosen}
        self._counting = {
            word
            for word, sink in zip(chosen, sinks, strict=True)
            if isinstance(getattr(sink, "counts", None), Deliveries)
        }
        self._is_open = True

    @contextmanager
    def begin_run(self) -> Iterator[None]:
        """Close them in any case."""
        try:
            yield
        finally:
            self._close()

    def handover(self) -> dict[str, Any]:
        """Empty the sinks of a worker."""
        self._close()
        return {word: each.as_tuple() for word, each in self._counts.items() if each.emitted}

    def has_news(self) -> bool:
        """Tell whether anything was lost."""
        return any(each.dropped for each in self._counts.values())

    def take(self, handed: dict[str, Any]) -> None:
        """Add what a worker's sinks took."""
        for word, counts in handed.items():
            self._counts.setdefault(word, Deliveries()).add(Deliveries(*counts))

    def finish(self, run: FinishedRun) -> None:
        """Empty the sinks of the controller, and count what crashed processes took along."""
        self._close()
        for word in self._counting:
            counts = self._counts[word]
            lost = run.event_count - counts.emitted
            if lost > 0:
                counts.emitted += lost
                counts.drop(lost, _CRASHED)

    def notices(self) -> Iterator[Line]:
        """Say what was not sent."""
        for word, each in self._counts.items():
            if each.dropped:
                were = "was" if each.dropped == 1 else "were"
                text = (
                    f"understudy: {each.dropped:,} of {counted(each.emitted, 'event')} {were} not"
                    f" sent to {_shown(word)}: {each.reason}"
                )
                yield Line(text, {"yellow": True})

    def _close(self) -> None:
        if not self._is_open:
            return
        self._is_open = False
        close_sinks(self._sinks, timeout=_PATIENCE)
        for word, sink in zip(self._chosen, self._sinks, strict=True):
            if word in self._counting:
                self._counts[word].add(sink.counts)  # type: ignore[attr-defined]


def _shown(word: str) -> str:
    """Return `TYPE:DEST` without what may be secret in an address."""
    kind, _, destination = word.partition(":")
    try:
        parts = urlsplit(destination)
    except ValueError:  # whoever makes the sink says what is wrong with it
        return kind
    if not parts.hostname:
        return word
    return f"{kind}:{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"

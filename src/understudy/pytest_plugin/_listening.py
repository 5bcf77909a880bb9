"""Tells pytest's hook `pytest_llm_call_recorded` of calls."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ..events import CallEvent

if TYPE_CHECKING:
    from ..events import TelemetryEvent
    from ..telemetry import EventLog, Owner


class Listening:
    """Listens to the event_log as soon as some plugin or conftest implements the hook."""

    def __init__(self, config: pytest.Config, event_log: EventLog) -> None:
        self._config = config
        self._event_log = event_log

    def begin(self) -> None:
        """Listen from now on, where anybody wants to know."""
        listeners = self._event_log.listeners
        is_wanted = self._config.hook.pytest_llm_call_recorded.get_hookimpls()
        if is_wanted and self._tell not in listeners:
            listeners.append(self._tell)

    def _tell(self, owner: Owner, event: TelemetryEvent) -> None:
        if not isinstance(event, CallEvent):
            return
        hook = owner.item.ihook if isinstance(owner.item, pytest.Item) else self._config.hook
        try:
            hook.pytest_llm_call_recorded(item=owner.item, event=event)
        except (pytest.fail.Exception, pytest.skip.Exception) as error:
            # No `Exception`, so that it would reach the code that made the call.
            raise RuntimeError(str(error)) from error

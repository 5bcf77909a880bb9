"""Tells pytest's hook `pytest_llm_call_recorded` of calls."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ....events import CallEvent

if TYPE_CHECKING:
    from ....events import TelemetryEvent
    from ....telemetry import Owner


class CallRecordedHook:
    """Calls the hook for each recorded call. Satisfies `understudy.telemetry.Listener`."""

    def __init__(self, config: pytest.Config) -> None:
        self._config = config
        self.look()

    def look(self) -> None:
        """See whether some plugin or conftest that is loaded by now implements the hook."""
        self.is_wanted = bool(self._config.hook.pytest_llm_call_recorded.get_hookimpls())

    def hear(self, owner: Owner, event: TelemetryEvent) -> None:
        """Call the hook, where the event is a call."""
        if not isinstance(event, CallEvent):
            return
        hook = owner.item.ihook if isinstance(owner.item, pytest.Item) else self._config.hook
        try:
            hook.pytest_llm_call_recorded(item=owner.item, event=event)
        except (pytest.fail.Exception, pytest.skip.Exception) as error:
            # No `Exception`, so that it would reach the code that made the call.
            raise RuntimeError(str(error)) from error

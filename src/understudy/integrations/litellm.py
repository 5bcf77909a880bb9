"""Fallbacks of litellm are failovers."""

from __future__ import annotations

import sys
from contextlib import suppress
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from ..errors import IntegrationError
from . import _telling

if TYPE_CHECKING:
    from collections.abc import Callable

    from ..telemetry import TrackerHost

_HOLDS: Final = _telling.Holds()
#: The lists that litellm itself spreads a callback to, beside `callbacks`.
_LISTS: Final = (
    "callbacks",
    "input_callback",
    "success_callback",
    "failure_callback",
    "_async_input_callback",
    "_async_success_callback",
    "_async_failure_callback",
)
#: How many conversations are remembered at once.
_MOST: Final = 1000


def install() -> Callable[[], None]:
    """Let each fallback to another provider be a failover; return what undoes it.

    Those of a `Router`, and `completion(fallbacks=[...])`. litellm takes seconds to import, so it
    must have been imported before.

    Raises:
        IntegrationError: litellm was not imported, or is not installed.
    """
    if "litellm" not in sys.modules:
        msg = (
            "litellm is not imported yet, which takes it seconds: `import litellm` before "
            "install() (where it is not installed: pip install litellm)"
        )
        raise IntegrationError(msg)
    library, ours = sys.modules["litellm"], _logger()

    def add() -> None:
        if ours not in library.callbacks:
            library.callbacks.append(ours)

    def remove() -> None:
        for name in _LISTS:
            with suppress(ValueError):
                getattr(library, name, []).remove(ours)

    return _HOLDS.hold(ours, add=add, remove=remove)


@cache
def _logger() -> Any:
    module = _telling.required("litellm.integrations.custom_logger", package="litellm")
    return type("UnderstudyLogger", (_Fallbacks, module.CustomLogger), {})()


class _Fallbacks:
    """A `CustomLogger`: hears of a request before it is sent, and of a Router's fallbacks after."""

    def __init__(self) -> None:
        super().__init__()
        self._asked: dict[str, tuple[str | None, str | None]] = {}

    def log_pre_api_call(self, model: str, messages: Any, kwargs: dict[str, Any]) -> None:  # noqa: ARG002
        """Note who is asked."""
        _telling.hear("litellm", self._ask, kwargs)

    async def log_success_fallback_event(
        self,
        original_model_group: str,  # noqa: ARG002
        kwargs: dict[str, Any],
        original_exception: Exception,
    ) -> None:
        """Tell that another provider was asked, whether it answered or not."""
        _telling.hear("litellm", self._fall_back, kwargs, original_exception)

    log_failure_fallback_event = log_success_fallback_event

    def _ask(self, telemetry: TrackerHost, kwargs: dict[str, Any]) -> None:
        """Compare with who was asked before in the same call, and remember it."""
        asked = _telling.provider_name(kwargs.get("custom_llm_provider"))
        call, trace = kwargs.get("litellm_call_id"), kwargs.get("litellm_trace_id")
        if asked is None:
            return
        gave_up = self._note(f"call {call}", asked)
        self._note(f"trace {trace}", asked)
        if call and gave_up and gave_up != asked:
            _telling.tell_failover(telemetry, gave_up, asked)

    def _fall_back(
        self, telemetry: TrackerHost, kwargs: dict[str, Any], error: BaseException
    ) -> None:
        gave_up, asked = self._asked.get(f"trace {kwargs.get('litellm_trace_id')}", (None, None))
        first = _telling.provider_name(getattr(error, "llm_provider", None))
        gave_up = gave_up or first
        if gave_up and asked and asked != first:
            _telling.tell_failover(telemetry, gave_up, asked, error=error)

    def _note(self, key: str, asked: str) -> str | None:
        """Remember who is asked; return who was before."""
        earlier, before = self._asked.pop(key, (None, None))
        self._asked[key] = (earlier if before == asked else before, asked)
        if len(self._asked) > _MOST:
            del self._asked[next(iter(self._asked))]
        return before

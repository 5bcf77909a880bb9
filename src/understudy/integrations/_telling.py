"""What integrations share: who is told, what is known of the call before, who wants them."""

from __future__ import annotations

from importlib import import_module
from threading import Lock
from typing import TYPE_CHECKING, Any, Final
from weakref import WeakKeyDictionary

from .. import lifecycle
from ..errors import IntegrationError
from ..telemetry import active_telemetry

if TYPE_CHECKING:
    from collections.abc import Callable

    from ..events.lifecycle import Cause
    from ..telemetry import Attempt, AttemptScope, TrackerHost

_WORD_LENGTH: Final = 200
#: Providers that libraries call by other names than we.
_NAMES: Final = {
    "cohere_chat": "cohere",
    "gemini": "google",
    "ollama_chat": "ollama",
    "vertex_ai": "vertex",
}


def hear(library: str, tell: Callable[..., None], *heard: Any) -> None:
    """Call `tell` with the telemetry that takes events, where any does; nothing is raised."""
    telemetry = active_telemetry()
    if telemetry is None or not telemetry.lifecycle.is_on:
        return
    with telemetry.event_log.faults.contained(f"hearing what {library} does"):
        tell(telemetry, *heard)


def begin_operation(telemetry: TrackerHost, tool_name: object) -> lifecycle.Generation | None:
    """Begin an operation; None where one is open already, which tells the same."""
    if _operation(telemetry) is not None:
        return None
    return lifecycle.generation(tool_name=_word(tool_name)).start()


def tell_repair(
    telemetry: TrackerHost,
    *,
    number: int,
    error: BaseException | None = None,
    cause: Cause | None = None,
) -> None:
    """Tell that something is tried once more, unless that was told since the last call."""
    before = telemetry.lifecycle.last_attempt()
    if before is not None and "llm_repair_attempt" in before.told:
        return
    event = lifecycle.RepairAttempt(
        attempt_number=number,
        error_category=_category(error),
        cause=cause or _cause(before, error),
        **_about(before),
        **_joined(telemetry),
    )
    telemetry.lifecycle.send(event)


def tell_validation(
    telemetry: TrackerHost, *, passed: bool, number: int | None = None, category: object = None
) -> None:
    """Tell how an answer fared."""
    event = lifecycle.ValidationResult(
        passed=passed,
        attempt_number=number,
        error_category=_word(category),
        **_about(telemetry.lifecycle.last_attempt()),
        **_joined(telemetry),
    )
    telemetry.lifecycle.send(event)


def tell_failover(
    telemetry: TrackerHost, gave_up: str, asked: str, *, error: BaseException | None = None
) -> None:
    """Tell that another provider is asked, unless that was told since the last call."""
    before = telemetry.lifecycle.last_attempt()
    if gave_up == asked or (before is not None and "llm_provider_failover" in before.told):
        return
    event = lifecycle.ProviderFailover(
        from_provider=gave_up,
        to_provider=asked,
        reason=_category(error) or _failure(before),
        **_joined(telemetry),
    )
    telemetry.lifecycle.send(event)


def provider_name(name: object) -> str | None:
    """Return a library's name of a provider as ours."""
    return _word(_NAMES.get(str(name), name))


def required(module: str, *, package: str) -> Any:
    """Import a module of a library.

    Raises:
        IntegrationError: it is not installed.
    """
    try:
        return import_module(module)
    except ModuleNotFoundError as error:
        if not f"{module}.".startswith(f"{error.name}."):
            raise  # what it wants itself is not there
        library = __name__.rpartition(".")[0]
        msg = f"{library} wants {package}, which is not installed: pip install {package}"
        raise IntegrationError(msg) from None


class Holds:
    """Counts who wants an integration at each place; what the last one lets go is undone."""

    def __init__(self) -> None:
        self._counts: WeakKeyDictionary[Any, int] = WeakKeyDictionary()
        self._lock = Lock()

    def hold(
        self, place: Any, *, add: Callable[[], None], remove: Callable[[], None]
    ) -> Callable[[], None]:
        """Let `add` see to it that it is there; return what lets go, of which one call counts."""
        with self._lock:
            add()
            self._counts[place] = self._counts.get(place, 0) + 1
        pending = [remove]

        def undo() -> None:
            with self._lock:
                if not pending:
                    return
                last = pending.pop()
                self._counts[place] -= 1
                if not self._counts[place]:
                    last()

        return undo

    def has(self, place: Any) -> bool:
        """Tell whether anybody wants it there."""
        return self._counts.get(place, 0) > 0


def _operation(telemetry: TrackerHost) -> AttemptScope | None:
    """Return the innermost operation that is open here."""
    scope = telemetry.current_scope()
    while scope is not None and (scope.operation_id is None or scope.is_finished):
        scope = scope.outer
    return scope


def _joined(telemetry: TrackerHost) -> dict[str, Any]:
    operation = _operation(telemetry)
    if operation is None:
        return {}
    return {"operation_id": operation.operation_id, "tool_name": operation.tool_name}


def _about(attempt: Attempt | None) -> dict[str, Any]:
    """Return what the wire tells of the call that an event is about."""
    if attempt is None or attempt.recorded is None:
        return {}
    return {"call_id": attempt.call_id, "provider": _word(attempt.recorded.fields["provider"])}


def _cause(before: Attempt | None, error: BaseException | None) -> Cause:
    """Tell whether a call failed, or its answer did; pydantic and json raise ValueErrors."""
    if before is not None and before.recorded is not None:
        return "transport" if before.failed else "content"
    return "content" if isinstance(error, ValueError) else "transport"


def _failure(before: Attempt | None) -> str | None:
    if before is None or before.recorded is None or not before.failed:
        return None
    return before.recorded.category


def _category(error: BaseException | None) -> str | None:
    return None if error is None else _word(type(error).__name__)


def _word(value: object) -> str | None:
    return str(value)[:_WORD_LENGTH] if value else None

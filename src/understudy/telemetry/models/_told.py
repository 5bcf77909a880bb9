"""Model events out of what an application tells, under the names that are documented."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from contextlib import suppress
from operator import index
from typing import TYPE_CHECKING, Any, Final, TypeVar

from pydantic import ValidationError

from ...errors import ModelEventError, UnknownNameError
from ...events.model import LoadLatency, ModelEvent, ThoughtLatency, VramCheck, VramLockout

if TYPE_CHECKING:
    from ...events.model import AnyModelEvent

Event = TypeVar("Event", bound=ModelEvent)

#: Whose memory it was, where nobody said.
SOME_GPU: Final = "gpu"

_KINDS: Final[dict[str, type[AnyModelEvent]]] = {
    "LOAD_LATENCY": LoadLatency,
    "THOUGHT_LATENCY": ThoughtLatency,
    "VRAM_CHECK": VramCheck,
    "VRAM_LOCKOUT": VramLockout,
}
#: Status words that say of a load that it failed.
_FAILURES: Final = frozenset({"failed", "failure", "error"})
_COMMON: Final = frozenset({*ModelEvent.model_fields, "event_type", "value"})
#: How far what was told may be rounded and still be what the event makes itself.
_ROUNDED: Final = 1e-3
_SHOWN: Final = 60
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f]")


def event_of(
    event_type: str,
    component: str | None,
    value: float | None,
    metadata: Mapping[str, Any] | None,
    status: str | None,
) -> AnyModelEvent | None:
    """Make an event of any type; None for a thought without a token.

    What an event has a field for is taken out of `metadata`, and so is what it makes itself.

    Raises:
        ModelEventError: the type is unknown, or what is told is none of it.
    """
    kind = _kind_of(event_type)
    if kind is VramLockout:
        component, value = component or SOME_GPU, 0.0 if value is None else value
    details = _checked_metadata(event_type, metadata)
    fields = {name: details.pop(name) for name in _own_fields(kind) if name in details}
    if fields.get("tokens_generated") == 0:
        return None
    is_failed = isinstance(status, str) and status in _FAILURES
    if kind is LoadLatency and fields.get("success") is None:
        fields["success"] = not is_failed
    if kind is ThoughtLatency and (is_failed or details.get("success") is False):
        # Its tokens are told, and in no mean.
        details |= {name: fields.pop(name) for name in ("tokens_generated",) if name in fields}
    if status is not None:
        fields["status"] = status
    told = {"component": component, "value": value, **fields}
    event = _made(kind, told, details)
    own = event.model_copy(update={"details": {}}).metadata
    rest = {name: each for name, each in details.items() if not _repeats(name, each, own)}
    return event.model_copy(update={"details": rest})


def load_of(model: str, seconds: float, *, success: bool = True) -> LoadLatency:
    """Make the event of a load.

    Raises:
        ModelEventError: a value is none.
    """
    return _made(LoadLatency, {"component": model, "value": seconds, "success": success})


def thought_of(
    model: str, seconds: float, tokens_generated: int, prompt_tokens: int | None = 0
) -> ThoughtLatency | None:
    """Make the event of an answer; None where no token was generated.

    Raises:
        ModelEventError: a value is none.
    """
    given = 1 if tokens_generated == 0 else tokens_generated
    told = {"component": model, "prompt_tokens": prompt_tokens, "tokens_generated": given}
    tokens = (whole := _made(ThoughtLatency, {**told, "value": seconds})).tokens_generated
    if tokens is None:
        msg = "THOUGHT_LATENCY needs tokens_generated."
        raise ModelEventError(msg)
    if tokens_generated == 0:
        return None
    return _made(ThoughtLatency, {**told, "value": whole.value * 1000 / tokens})


def _kind_of(event_type: object) -> type[AnyModelEvent]:
    kind = _KINDS.get(event_type) if isinstance(event_type, str) else None
    if kind is None:
        raise ModelEventError(str(UnknownNameError("model event", str(event_type), _KINDS)))
    return kind


def _own_fields(kind: type[AnyModelEvent]) -> frozenset[str]:
    return frozenset(kind.model_fields) - _COMMON


def _checked_metadata(event_type: str, metadata: object) -> dict[str, Any]:
    if metadata is None:
        return {}
    if not isinstance(metadata, Mapping):
        msg = f"{event_type}: metadata is {metadata!r}, where a mapping is due."
        raise ModelEventError(msg)
    return dict(metadata)


def _made(
    kind: type[Event], told: dict[str, Any], details: Mapping[str, Any] | None = None
) -> Event:
    """Make an event, in which no text and no truth stands for a number."""
    fields = {name: _plain(each) for name, each in told.items()}
    fields["details"] = {name: _plain(each) for name, each in (details or {}).items()}
    try:
        event = kind.model_validate(fields, strict=True)
    except ValidationError as error:
        raise ModelEventError(_sentence(kind, error)) from None
    _check_words(event)
    return event


def _check_words(event: ModelEvent) -> None:
    """Refuse words that not every store takes, and names that break a line.

    Raises:
        ModelEventError: there are some.
    """
    words = [event.status, *event.details, *event.details.values()]
    name = event.component
    if _CONTROL.search(name):
        msg = f"component is {name[:_SHOWN]!r}, which holds a control character; leave it out."
    elif any(isinstance(each, str) and "\0" in each for each in words):
        msg = "metadata and status hold no NUL characters; leave them out."
    else:
        return
    raise ModelEventError(msg)


def _plain(value: Any) -> Any:
    """Return a number of whichever library as Python's own; anything else as it is."""
    if value is None or isinstance(value, str | int | float):
        return value
    for convert in (index, float):
        with suppress(TypeError, ValueError):
            return convert(value)
    return value


def _sentence(kind: type[ModelEvent], error: ValidationError) -> str:
    first = error.errors(include_url=False)[0]
    place = ".".join(str(part) for part in first["loc"][:2]).replace("details", "metadata")
    given, why = repr(first["input"]), first["msg"].removeprefix("Value error, ")
    shown = given if len(given) <= _SHOWN else f"{given[:_SHOWN]}..."
    return f"{kind.model_fields['event_type'].default}: {place} is {shown}: {why}."


def _repeats(name: str, value: Any, own: Mapping[str, Any]) -> bool:
    """Tell whether an event makes a value of its details itself, as its metadata."""
    if name not in own:
        return False
    made = own[name]
    if isinstance(value, float) and isinstance(made, float | int):
        return math.isclose(value, made, rel_tol=_ROUNDED)
    return bool(value == made)

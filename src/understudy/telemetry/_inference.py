"""What calls by themselves tell of operations: retries, repairs of an answer, failovers."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from ..events.lifecycle import ProviderFailover, RepairAttempt

if TYPE_CHECKING:
    from ..calls import Prompt, Request
    from ..wire import Recognised
    from ._attempts import Attempt
    from ._lifecycle import LifecycleLog
    from ._owner import RecordedCall
    from ._tracker import AttemptScope

_WORD_LENGTH: Final = 200
_REPAIR: Final = "llm_repair_attempt"
_FAILOVER: Final = "llm_provider_failover"
#: Requests that want their answer in JSON hold one of these.
_JSON_WANTED: Final = (
    b"json_schema",
    b"json_object",
    b"responseSchema",
    b"response_schema",
    b"responseMimeType",
    b"response_mime_type",
    b"output_format",
    b'"format"',
)
#: As pydantic calls it.
_NO_JSON: Final = "json_invalid"


@dataclass(frozen=True, slots=True)
class Inference:
    """Compares each attempt with the one before it in its task or thread.

    Nothing is inferred of what the application told itself.
    """

    log: LifecycleLog

    def began(
        self, attempt: Attempt, before: Attempt, recognised: Recognised, scope: AttemptScope | None
    ) -> None:
        """Take an attempt that begins."""
        self.log.confirm(before.inferred)
        last = before.recorded
        if before.owner is not attempt.owner or last is None:
            return
        joined = {**_operation_of(scope), "call_id": attempt.call_id, "inferred": True}
        event: RepairAttempt | ProviderFailover | None
        if attempt.number > 1:
            event = _resent(attempt, before, last, joined)
        elif before.failed:
            event = _asked_elsewhere(attempt.request, before, last, recognised, joined)
        else:
            event = _asked_to_do_better(attempt, before, last, recognised, joined)
        if event is not None:
            attempt.inferred.append(self.log.infer(event, attempt.owner))


def _resent(
    attempt: Attempt, before: Attempt, last: RecordedCall, joined: dict[str, Any]
) -> RepairAttempt | None:
    """Tell of the same request, sent again."""
    attempt.repairs = before.repairs
    if _REPAIR in before.told:
        return None
    return RepairAttempt(
        attempt_number=attempt.number - 1,
        provider=_word(last.fields["provider"]),
        error_category=last.category,
        cause="transport",
        **joined,
    )


def _asked_elsewhere(
    request: Request,
    before: Attempt,
    last: RecordedCall,
    recognised: Recognised,
    joined: dict[str, Any],
) -> ProviderFailover | None:
    """Tell of another provider that is asked the same, the first having given up."""
    if _FAILOVER in before.told or last.recognised is None:
        return None
    gave_up, asked = last.fields["provider"], recognised.provider
    if last.recognised.provider == asked:
        return None
    question = _last_question(_prompt(last.recognised, before.request))
    if not question or question != _last_question(_prompt(recognised, request)):
        return None
    return ProviderFailover(
        from_provider=gave_up, to_provider=asked, reason=last.category, **joined
    )


def _asked_to_do_better(
    attempt: Attempt,
    before: Attempt,
    last: RecordedCall,
    recognised: Recognised,
    joined: dict[str, Any],
) -> RepairAttempt | None:
    """Tell of a question that quotes an answer which failed its check, or is no JSON."""
    category = before.invalid or _misses_json(attempt.request, before.request, last)
    if category is None or not _quotes(attempt.request, recognised, last):
        return None
    attempt.repairs = before.repairs + 1
    if _REPAIR in before.told:
        return None
    return RepairAttempt(
        attempt_number=attempt.repairs,
        provider=recognised.provider,
        error_category=_word(category),
        cause="content",
        **joined,
    )


def _misses_json(request: Request, asked: Request, last: RecordedCall) -> str | None:
    """Return what is wrong with an answer that should have been JSON; it is read only then."""
    if len(request.body) <= len(asked.body) or not any(map(asked.body.__contains__, _JSON_WANTED)):
        return None
    exchange = last.read()
    if exchange is None or not exchange.text:
        return None
    try:
        json.loads(exchange.text)
    except (ValueError, RecursionError):
        return _NO_JSON
    return None


def _quotes(request: Request, recognised: Recognised, last: RecordedCall) -> bool:
    """Tell whether a request holds the last answer in its history."""
    exchange = last.read()
    if exchange is None:
        return False
    if any(call.id and call.id.encode() in request.body for call in exchange.tool_calls):
        return True
    text = (exchange.text or "").strip()
    messages = _prompt(recognised, request).messages
    return bool(text) and any(
        message.role == "assistant" and text in message.text for message in messages
    )


def _prompt(recognised: Recognised, request: Request) -> Prompt:
    return recognised.prompt(recognised.question(request))


def _last_question(prompt: Prompt) -> str | None:
    asked = (message.text for message in reversed(prompt.messages) if message.role == "user")
    return next(asked, None)


def _word(value: object) -> str | None:
    return str(value)[:_WORD_LENGTH] if value else None


def _operation_of(scope: AttemptScope | None) -> dict[str, Any]:
    """Return what joins an event with the innermost operation around a call."""
    while scope is not None and scope.operation_id is None:
        scope = scope.outer
    if scope is None:
        return {}
    return {"operation_id": scope.operation_id, "tool_name": scope.tool_name}

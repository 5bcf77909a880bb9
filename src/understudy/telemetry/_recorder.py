"""Turns what the taps see into events: the observer of every tapped client."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from ..calls import SILENT, Origin, Request, Response, Status, Usage
from ..events import new_id
from ..redaction import redacted
from ..wire import decoded_body
from ._call_observation import CallObservation, Ending
from ._faults import words_of
from ._owner import Owner, RecordedCall

if TYPE_CHECKING:
    from collections.abc import Callable

    from ..wire import Draft, Recognised, WireApis
    from ._asides import Aside, Asides
    from ._attempts import Attempt
    from ._telemetry import Telemetry

    #: Takes the secrets out of what a request asked, or its answer said.
    ContentCleaner = Callable[[Request, str], str]

_ERROR_LENGTH: Final = 500
#: Characters of a prompt, and of an answer, that are stored; and a key that the cut would halve.
_CONTENT_LENGTH: Final = 1_000_000
_MARGIN: Final = 500
_REDIRECT: Final = 300  # whoever followed it has another answer
_TELLING_NOTHING: Final = frozenset({"aux.files", "aux.uploads"})


class Recorder:
    """Begins an `CallObservation` for each call to a model and writes its event when it ends.

    Satisfies `understudy.intercept.Observer`. `passed_by` counts the requests to known
    providers that are no calls: model lists, files, token counts, polling. `unread` are those of
    them whose answers tell usage that no codec reads, by name.
    """

    def __init__(
        self,
        *,
        telemetry: Telemetry,
        apis: WireApis,
        keeps_content: bool,
        clean: ContentCleaner | None = None,
    ) -> None:
        self.passed_by = 0
        self._clean = clean or _cleaned_by_shape
        self.unread: Counter[str] = Counter()
        self._telemetry = telemetry
        self._apis = apis
        self._keeps_content = keeps_content
        self._open: dict[CallObservation, None] = {}

    def begin(
        self,
        client: str,  # noqa: ARG002
        request: Request,
    ) -> CallObservation | Aside | None:
        """Start watching an attempt; None where it is no call to a model."""
        telemetry = self._telemetry
        owner = telemetry.ownership.current()
        if owner.is_ignored:
            return None
        recognised = self._apis.recognise(request) or self._apis.guess(request)
        if recognised is None:
            return self._pass_by(request)
        event_id = new_id()
        attempt, before = telemetry.attempts.follow(request, owner, event_id)
        if attempt.number == 1 and telemetry.predicts() and not recognised.is_guess:
            self._predict(attempt, recognised)
        call = CallObservation(
            request=request,
            recognised=recognised,
            event_id=event_id,
            attempt=attempt,
            scope=telemetry.current_scope(),
            now=telemetry.clock.now,
            on_end=self.close,
        )
        if before is not None and before.may_tell(attempt) and telemetry.lifecycle.is_on:
            self._compare(call, before)
        self._open[call] = None
        return call

    def go_on(
        self,
        observation: CallObservation | Aside | None,
        client: str,
        request: Request,
        *,
        since: float,
    ) -> CallObservation | Aside | None:
        """Go on watching: the client itself sent `request` after an answer that counts no more."""
        if isinstance(observation, CallObservation):
            observation.goes_on(request, self._apis.recognise(request))
            return observation
        if observation is not None and self._apis.recognise(request) is None:
            observation.goes_on()
            return observation
        self.passed_by -= observation is not None
        begun = self.begin(client, request)
        if isinstance(begun, CallObservation):
            begun.began_at -= since
        return begun

    def sent(self, observation: CallObservation | Aside, body: bytes) -> None:
        """Take the body that the application streamed."""
        observation.request = replace(observation.request, body=body)

    def fault(self, error: Exception) -> None:
        """Count a fault of a tap or of ours."""
        self._telemetry.event_log.faults.note("watching an HTTP request", error)

    def close(self, call: CallObservation, ending: Ending) -> None:
        """Write the event of an attempt; only its first ending counts."""
        if self._open.pop(call, self) is self:
            return
        try:
            if not call.recognised.is_guess or self._is_call(call):
                self._record(call, ending)
        except Exception as error:  # noqa: BLE001 - a fault of ours must not reach a test
            self._telemetry.event_log.faults.note("recording a call", error)

    def flush(self, owner: Owner | None = None) -> None:
        """End the attempts of `owner` (of everybody, for None) that nobody ended."""
        for call in list(self._open):
            if owner is None or call.owner is owner:
                call.close()
        if self._telemetry.lifecycle.waiting:
            self._telemetry.lifecycle.settle(owner)

    def _pass_by(self, request: Request) -> Aside | None:
        """Count a request to a provider that is no call, and watch what its answer tells."""
        name = self._apis.other_name(request)
        if name is None:
            return None
        self.passed_by += 1
        is_list = name == "aux.models" and request.method.upper() != "POST"
        return None if is_list or name in _TELLING_NOTHING else self._asides.begin(request)

    @cached_property
    def _asides(self) -> Asides:
        from ._asides import Asides  # noqa: PLC0415 - few runs have any

        return Asides(
            apis=self._apis,
            event_log=self._telemetry.event_log,
            unread=self.unread,
            fields_of=_answered,
        )

    def _compare(self, call: CallObservation, before: Attempt) -> None:
        """See what an attempt that begins tells of the one before."""
        telemetry = self._telemetry
        with telemetry.event_log.faults.contained("comparing a call with the one before"):
            telemetry.inference.began(call.attempt, before, call.recognised, call.scope)

    def _predict(self, attempt: Attempt, recognised: Recognised) -> None:
        """Write what somebody predicts of a call that begins; an embedding writes nothing."""
        telemetry = self._telemetry
        with telemetry.event_log.faults.contained("predicting the tokens of a call"):
            operation = recognised.asked(attempt.request).operation or recognised.api.operation
            if operation not in SILENT:
                telemetry.estimates.predict(attempt.owner, attempt.call_id, attempt.request)

    def _is_call(self, call: CallObservation) -> bool:
        """Tell whether a request whose body was not at hand was a call; note of which API."""
        response = call.response()
        found = self._apis.recognise(call.request)
        if found is None and response is not None and not call.request.body:
            found = call.recognised.confirmed(call.request, response)
        if found is None:
            self.passed_by += self._apis.is_provider_request(call.request)
            return False
        call.recognised = found
        if call.scope is not None:
            call.scope.attempt_began()
        return True

    def _record(self, call: CallObservation, ending: Ending) -> None:
        telemetry = self._telemetry
        response = call.response()
        fields = telemetry.stamp(call.event_id, call.owner, call.stage)
        fields.update(fields_of(call, response, ending))
        if self._keeps_content:
            fields.update(content_of(call, response, self._clean))
        if (status := fields["status"]) is not Status.OK:
            call.attempt.note_failure(is_error=status is Status.ERROR, http_status=call.status)
        if call.scope is not None:
            call.scope.attempt_ended(fields)
        telemetry.remember(fields)
        recorded = RecordedCall(fields, call.recognised, call.request, response)
        call.attempt.recorded = recorded
        telemetry.event_log.append_call(call.owner, recorded)
        if "usage_source" not in fields and _is_in_the_making(call, fields):
            self._asides.expect(call.owner, recorded)


def _is_in_the_making(call: CallObservation, fields: dict[str, Any]) -> bool:
    """Tell whether a GET may bring the answer, of which only the id came."""
    return bool(fields.get("response_id")) and getattr(call.recognised.api, "is_polled", False)


def fields_of(call: CallObservation, response: Response | None, ending: Ending) -> dict[str, Any]:
    """Return the fields of the event; `response` is None where no answer came."""
    recognised = call.recognised
    draft = None if response is None else recognised.skim(call.request, response)
    status = _status(draft, ending)
    fields = {
        "event_type": "llm_call",
        "call_id": call.attempt.call_id,
        "attempt": call.attempt.number,
        "provider": recognised.target.provider,
        "wire_api": recognised.api.wire_api,
        "host": recognised.target.netloc,
        "origin": _origin(call, ending),
        "status": status,
        "http_status": call.status,
        "ttfb_ms": call.since_start(call.first_byte),
        "ttfc_ms": call.since_start(_first_content(call, draft, ending)),
        "duration_ms": call.since_start(ending.at),
    }
    fields.update(_asked(call) if draft is None else _answered(draft))
    fields.update(_played(call, fields))
    if status is not Status.OK:
        fields.update(_failure(call, draft, ending))
    return fields


def content_of(
    call: CallObservation, response: Response | None, clean: ContentCleaner
) -> dict[str, str]:
    """Return what was asked and answered without secrets, for those who want it stored."""
    asked = decoded_body(call.request.headers, call.request.body)
    content = {"request_content": asked.decode(errors="replace")}
    if response is not None:
        exchange = call.recognised.read(call.request, response)
        if exchange.text is not None:
            content["response_content"] = exchange.text
    return {
        name: clean(call.request, text[: _CONTENT_LENGTH + _MARGIN])[:_CONTENT_LENGTH]
        for name, text in content.items()
    }


def _cleaned_by_shape(request: Request, text: str) -> str:
    return redacted(text, request.headers, url=request.url)


def _status(draft: Draft | None, ending: Ending) -> Status:
    """Tell how an attempt ended, from the answer and from what the application saw."""
    if draft is not None and _is_refusal(draft):
        return Status.ERROR
    if ending.error is not None:
        return Status.CANCELLED if ending.is_cancelled else Status.ERROR
    if draft is None or not (ending.read_out or draft.complete):
        return Status.CANCELLED
    return Status.OK


def _origin(call: CallObservation, ending: Ending) -> Origin | None:
    """Return where the answer came from; a call that we refused was answered by nobody."""
    is_refused = call.status is None and hasattr(ending.error, "slug")
    return None if is_refused else Origin(call.answer_fields.get("origin", Origin.LIVE))


def _asked(call: CallObservation) -> dict[str, Any]:
    asked = call.recognised.asked(call.request)
    return {
        "operation": asked.operation or call.recognised.api.operation,
        "request_model": asked.model,
        "stream": asked.stream,
    }


def _answered(draft: Draft) -> dict[str, Any]:
    fields = {
        "operation": draft.operation,
        "request_model": draft.request_model,
        "response_model": draft.response_model,
        "response_id": draft.response_id,
        "finish_reason": draft.finish_reason,
        "stream": draft.streamed,
        "service_tier": draft.service_tier,
        "reported_cost_usd": draft.reported_cost_usd,
        "usage_raw": draft.usage_raw,
    }
    if draft.usage is not None:
        fields.update(_counted(draft.usage))
    return fields


def _counted(usage: Usage) -> dict[str, Any]:
    return {
        "input_tokens": usage.input_tokens,
        "output_tokens": usage.output_tokens,
        "cache_read_tokens": usage.cache_read_tokens,
        "cache_write_tokens": usage.cache_write_tokens,
        "cache_write_1h_tokens": usage.cache_write_1h_tokens,
        "reasoning_tokens": usage.reasoning_tokens,
        "usage_source": "provider",
    }


def _played(call: CallObservation, fields: dict[str, Any]) -> dict[str, Any]:
    """Return what the wire does not tell; usage that never came has no source."""
    unknown = {"origin"} if "usage_source" in fields else {"origin", "usage_source"}
    return {name: value for name, value in call.answer_fields.items() if name not in unknown}


def _first_content(call: CallObservation, draft: Draft | None, ending: Ending) -> float | None:
    """Of an answer in one piece the content comes with its end; an error has none."""
    if draft is None or draft.streamed:
        return call.first_content
    return ending.at if draft.complete and not _is_refusal(draft) else None


def _is_refusal(draft: Draft) -> bool:
    return draft.status >= _REDIRECT or draft.error_type is not None


def _failure(call: CallObservation, draft: Draft | None, ending: Ending) -> dict[str, str]:
    if ending.error is not None:
        kind, text = type(ending.error).__name__, words_of(ending.error)
    elif draft is not None and (draft.error or draft.error_type):
        kind, text = draft.error_type or str(draft.status), draft.error or ""
    else:
        return {}
    return {"error_type": kind, "error": _cleaned_by_shape(call.request, text)[:_ERROR_LENGTH]}

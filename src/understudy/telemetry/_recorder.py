"""Turns what the taps see into events: the observer of every tapped client."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from ..calls import SILENT, Request, Status
from ..events import new_id
from ._call_models import CallModels
from ._call_observation import CallObservation, Ending, answered, told_by
from ._owner import Owner, RecordedCall
from ._texts import cleaned_by_shape, content_of

if TYPE_CHECKING:
    from ..wire import Recognised, WireApis
    from ._asides import Aside, Asides
    from ._attempts import Attempt
    from ._telemetry import Telemetry
    from ._texts import ContentCleaner

_TELLING_NOTHING: Final = frozenset({"aux.files", "aux.uploads"})


class Recorder:
    """Begins an `CallObservation` for each call to a model and writes its event when it ends.

    Satisfies `understudy.intercept.Observer`. `passed_by` counts the requests to known
    providers that are no calls: model lists, files, token counts, polling. `unread` are those of
    them whose answers tell usage that no codec reads, by name, and `billed` those that are paid
    for without telling any.
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
        self._clean = clean or cleaned_by_shape
        self.unread: Counter[str] = Counter()
        self.billed: Counter[str] = Counter()
        self._telemetry = telemetry
        self._apis = apis
        self._keeps_content = keeps_content
        self._open: dict[CallObservation, None] = {}
        self._models = CallModels(telemetry.event_log)

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
            billed=self.billed,
            fields_of=answered,
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
        told = told_by(call, response, ending)
        fields.update(told.fields)
        if self._keeps_content:
            fields.update(content_of(call.recognised, call.request, response, self._clean))
        if (status := fields["status"]) is not Status.OK:
            call.attempt.note_failure(is_error=status is Status.ERROR, http_status=call.status)
        if call.scope is not None:
            call.scope.attempt_ended(fields)
        telemetry.remember(fields)
        recorded = RecordedCall(fields, call.recognised, call.request, response)
        call.attempt.recorded = recorded
        if "usage_source" not in fields and _is_in_the_making(call, fields):
            self._asides.expect(call.owner, recorded)
        written = telemetry.event_log.append_call(call.owner, recorded)
        if not call.attempt.retryable:
            telemetry.event_log.release_prediction(fields["call_id"])
        if call.scope is not None:
            call.scope.attempt_recorded(recorded)
        self._models.ended(call.owner, written, told.timings)


def _is_in_the_making(call: CallObservation, fields: dict[str, Any]) -> bool:
    """Tell whether a GET may bring the answer, of which only the id came."""
    return bool(fields.get("response_id")) and getattr(call.recognised.api, "is_polled", False)

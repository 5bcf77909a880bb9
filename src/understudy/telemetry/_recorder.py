"""Turns what the taps see into events: the observer of every tapped client."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..calls import Operation, Status
from ..events import new_id
from ._call_observation import CallObservation, Ending
from ._fields import content_of, fields_of
from ._owner import RecordedCall
from ._retries import RetryDetector

if TYPE_CHECKING:
    from ..calls import Request
    from ..wire import Recognised, WireApis
    from ._owner import Owner
    from ._retries import PreviousAttempt
    from ._telemetry import Telemetry


class Recorder:
    """Begins an `CallObservation` for each call to a model and writes its event when it ends.

    Satisfies `understudy.intercept.Observer`. `passed_by` counts the requests to known
    providers that are no calls: model lists, files, token counts, polling.
    """

    def __init__(self, *, telemetry: Telemetry, apis: WireApis, keeps_content: bool) -> None:
        self.passed_by = 0
        self._telemetry = telemetry
        self._apis = apis
        self._keeps_content = keeps_content
        self._retries = RetryDetector()
        self._open: dict[CallObservation, None] = {}

    def begin(self, client: str, request: Request) -> CallObservation | None:  # noqa: ARG002
        """Start watching an attempt; None where it is no call to a model."""
        telemetry = self._telemetry
        owner = telemetry.ownership.current()
        if owner.is_ignored:
            return None
        recognised = self._apis.recognise(request)
        if recognised is None:
            self.passed_by += self._apis.is_provider_request(request)
            return None
        event_id = new_id()
        attempt = self._retries.follow(request, owner, event_id)
        if attempt.number == 1 and telemetry.estimates.are_made:
            self._predict(attempt, recognised)
        call = CallObservation(
            self.close,
            telemetry.clock,
            request=request,
            recognised=recognised,
            event_id=event_id,
            attempt=attempt,
            tracker=telemetry.current_tracker(),
        )
        self._open[call] = None
        return call

    def fault(self, error: Exception) -> None:
        """Count a fault of a tap or of ours."""
        self._telemetry.event_log.faults.note("watching an HTTP request", error)

    def close(self, call: CallObservation, ending: Ending) -> None:
        """Write the event of an attempt; only its first ending counts."""
        if self._open.pop(call, self) is self:
            return
        try:
            self._record(call, ending)
        except Exception as error:  # noqa: BLE001 - a fault of ours must not reach a test
            self._telemetry.event_log.faults.note("recording a call", error)

    def flush(self, owner: Owner | None = None) -> None:
        """End the attempts of `owner` (of everybody, for None) that nobody ended."""
        for call in list(self._open):
            if owner is None or call.owner is owner:
                call.close()

    def _predict(self, attempt: PreviousAttempt, recognised: Recognised) -> None:
        """Write what somebody predicts of a call that begins; an embedding writes nothing."""
        telemetry = self._telemetry
        with telemetry.event_log.faults.contained("predicting the tokens of a call"):
            operation = recognised.asked(attempt.request).operation or recognised.api.operation
            if operation is not Operation.EMBEDDINGS:
                telemetry.estimates.predict(attempt.owner, attempt.call_id, attempt.request)

    def _record(self, call: CallObservation, ending: Ending) -> None:
        telemetry = self._telemetry
        response = call.response()
        fields = telemetry.stamp(call.event_id, call.owner, call.stage)
        fields.update(fields_of(call, response, ending))
        if self._keeps_content:
            fields.update(content_of(call, response))
        if (status := fields["status"]) is not Status.OK:
            call.attempt.note_failure(is_error=status is Status.ERROR, http_status=call.status)
        if call.tracker is not None:
            call.tracker.attempt_ended(fields)
        telemetry.remember(fields)
        recorded = RecordedCall(fields, call.recognised, call.request, response)
        telemetry.event_log.append_call(call.owner, recorded)

"""Reads one exchange with the wire API that it is of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..calls import Exchange
from ._answer import answer_of
from ._draft import Content, Draft
from ._errors import read_error
from ._question import read_request
from .streams import DONE

if TYPE_CHECKING:
    from ..calls import Request, Response
    from ._answer import Answer
    from ._api import Asked, WireApi
    from ._target import Target


def skim(api: WireApi, target: Target, request: Request, response: Response) -> Draft:
    """Read all that an exchange says but for its text and tool calls.

    Of a stream only those events are parsed that may say it (see `Landmarks`).
    """
    asked = read_request(api, target, request)
    answer = answer_of(response, wanted_stream=asked.stream)
    return _skim(api, target, asked, answer, response)


def read(api: WireApi, target: Target, request: Request, response: Response) -> Exchange:
    """Read an exchange, its text and tool calls too.

    All else comes from the same few events of a stream as when it is skimmed.
    """
    asked = read_request(api, target, request)
    answer = answer_of(response, wanted_stream=asked.stream)
    draft = _skim(api, target, asked, answer, response)
    said = _content(api, answer, draft)
    return Exchange(
        provider=target.provider,
        wire_api=api.wire_api,
        operation=draft.operation,
        request_model=asked.model,
        response_model=draft.response_model,
        response_id=draft.response_id,
        status=response.status,
        stream=answer.streamed,
        complete=draft.complete,
        finish_reason=draft.finish_reason,
        usage=draft.usage,
        usage_raw=draft.usage_raw,
        service_tier=draft.service_tier,
        reported_cost_usd=draft.reported_cost_usd,
        text=said.text,
        tool_calls=said.tool_calls,
        error_type=draft.error_type,
        error=draft.error,
    )


def _skim(api: WireApi, target: Target, asked: Asked, answer: Answer, response: Response) -> Draft:
    draft = Draft(
        provider=target.provider,
        headers=response.headers,
        status=response.status,
        request_model=asked.model,
        operation=asked.operation or api.operation,
        streamed=answer.streamed,
    )
    _read_answer(api, answer, draft)
    return draft


def _content(api: WireApi, answer: Answer, draft: Draft) -> Content:
    """Read text and tool calls from every event."""
    said = Content()
    whole = Draft(provider=draft.provider, headers=draft.headers, status=draft.status, content=said)
    _read_answer(api, answer, whole)
    return said


def _read_answer(api: WireApi, answer: Answer, draft: Draft) -> None:
    """Fill `draft`; a codec that raises (somebody else's may) ends it where it stands."""
    try:
        if answer.value is not None:
            draft.complete = True
            read_error(answer.value, draft)
            api.read_answer(answer.value, draft)
        elif answer.framing is not None:
            _read_events(api, answer, draft)
    except Exception:  # noqa: BLE001  somebody else's codec may raise
        return


def _read_events(api: WireApi, answer: Answer, draft: Draft) -> None:
    for event in answer.events(api.landmarks if draft.content is None else None):
        if event is DONE:
            draft.complete = True
        else:
            read_error(event, draft)
            api.read_event(event, draft)

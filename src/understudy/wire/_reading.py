"""Reads a request, and an exchange, with the wire API that it is of."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any, Self

from ..calls import Exchange, Request, Response
from ._answer import Answer, Draft, answer_of, is_whole
from ._api import Asked, WireApi
from ._content import Content
from .fields import mapping, parse, sound, word
from .streams import DONE, NdjsonSplitter, decoded_body
from .timings import read_timings

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ._target import Target

_FORM = "multipart/form-data"
_TEXTS = re.compile(rb'form-data; name="(\w+)"\r\n(?:[\w-]+: [^\r\n]*\r\n)*\r\n([^\r\n]*)\r\n')


@dataclass(frozen=True, slots=True)
class Question:
    """What a request asks, read once: `body` is its JSON object, empty where there is none."""

    wire_api: str
    target: Target
    model: str | None
    stream: bool
    body: Mapping[str, Any]

    @classmethod
    def of(cls, api: WireApi, target: Target, request: Request) -> Self:
        """Read `request`, which goes to `target` and is a call of `api`. Never raises."""
        body = _body(request)
        asked = _asked(api, target, body)
        return cls(api.wire_api, target, asked.model, asked.stream, body)

    def model_of(self, named: str | None) -> str:
        """Return the model that the answer names: the one `named`, or the one asked for."""
        return named or self.model or "understudy"


def read_request(api: WireApi, target: Target, request: Request) -> Asked:
    """Read what a request asks for; an API that raises has read nothing."""
    return _asked(api, target, _body(request))


def _body(request: Request) -> dict[str, Any]:
    sent = request.body
    if not sent.startswith(b"{"):
        if _FORM in request.headers.get("content-type", ""):
            return _form(sent)
        sent = decoded_body(request.headers, sent)
    return mapping(parse(sent))


def _form(sent: bytes) -> dict[str, Any]:
    """Read the texts of a form, in which files are uploaded; the files are passed over."""
    found = reversed(_TEXTS.findall(sent))  # the first of a name counts
    return {name.decode(): text.decode(errors="replace") for name, text in found}


def _asked(api: WireApi, target: Target, body: Mapping[str, Any]) -> Asked:
    try:
        return api.asked(target, body)
    except Exception:  # noqa: BLE001  somebody else's API may raise
        return Asked()


def skim(api: WireApi, target: Target, request: Request, response: Response) -> Draft:
    """Read all that an exchange says but for its text and tool calls.

    Of a stream only those events are parsed that may say it (see `Landmarks`).
    """
    asked = read_request(api, target, request)
    return _skim(api, target, asked, _answer(target, asked, response), response)


def read(api: WireApi, target: Target, request: Request, response: Response) -> Exchange:
    """Read an exchange, its text and tool calls too.

    All else comes from the same few events of a stream as when it is skimmed.
    """
    asked = read_request(api, target, request)
    answer = _answer(target, asked, response)
    draft = _skim(api, target, asked, answer, response)
    content = _content(api, answer, draft)
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
        text=content.text,
        tool_calls=content.tool_calls,
        error_type=draft.error_type,
        error=draft.error,
    )


def _answer(target: Target, asked: Asked, response: Response) -> Answer:
    """Take an answer apart; JSON lines that were fetched are a file, as the results of a batch."""
    answer = answer_of(response, wanted_stream=asked.stream)
    is_file = target.method == "GET" and answer.framing is NdjsonSplitter
    return replace(answer, streamed=False) if is_file else answer


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
    content = Content()
    whole = Draft(
        provider=draft.provider, headers=draft.headers, status=draft.status, content=content
    )
    _read_answer(api, answer, whole)
    return content


def _read_answer(api: WireApi, answer: Answer, draft: Draft) -> None:
    """Fill `draft`; an API that raises (somebody else's may) ends it where it stands."""
    try:
        if answer.value is not None:
            draft.complete = True
            more = answer.more if getattr(api, "reads_lists", False) else ()
            read_error(answer.value, draft)
            for value in (answer.value, *more):
                api.read_answer(value, draft)
                _note_timings(value, draft)
        elif answer.framing is not None:
            draft.complete = not answer.streamed
            _read_events(api, answer, draft)
    except Exception:  # noqa: BLE001, S110
        pass
    if draft.usage is not None:
        draft.usage = sound(draft.usage)


def _read_events(api: WireApi, answer: Answer, draft: Draft) -> None:
    landmarks = api.landmarks if draft.content is None else None
    for event in answer.events(landmarks, partial(_tells_usage, api, draft)):
        if event is DONE:
            draft.complete = True
        else:
            read_error(event, draft)
            api.read_event(event, draft)
            _note_timings(event, draft)


def _note_timings(said: Mapping[str, Any], draft: Draft) -> None:
    """Note what the engine tells of its time; with the content, nobody asks for it."""
    if draft.content is None and (told := read_timings(said, draft.headers)) is not None:
        draft.take_timings(told)


def _tells_usage(api: WireApi, draft: Draft, event: Mapping[str, Any]) -> bool:
    """Tell whether an event of the answer says by itself how much went in and came out."""
    alone = Draft(
        provider=draft.provider,
        headers=draft.headers,
        status=draft.status,
        request_model=draft.request_model,
        operation=draft.operation,
        streamed=draft.streamed,
    )
    api.read_event(event, alone)
    return alone.usage is not None and is_whole(alone.usage)


_FIRST_ERROR_STATUS = 400


def read_error(body: Mapping[str, Any], draft: Draft) -> None:
    """Set the draft's error where `body`, an answer or an event of a stream, holds one.

    Under `error` (an object, a text, a list of objects; nested once more by gateways), for
    an error status also as the body itself. Shapes: `{"error": {"type" or "code" or
    "status", "message"}}` (OpenAI, Anthropic, Google), `{"error": "…"}` (Ollama, xAI),
    `{"message": "…", "__type": …}` (Cohere, Bedrock, Mistral), `{"detail": …}` (FastAPI).
    """
    found = body.get("error")
    if found:
        _read(found, body, draft)
    elif draft.status >= _FIRST_ERROR_STATUS or body.get("type") == "error":
        _read(body, body, draft)


def _read(found: Any, around: Mapping[str, Any], draft: Draft) -> None:
    if isinstance(found, list):
        found = found[0] if found else {}
    if isinstance(found, str):
        draft.error, draft.error_type = word(found), _type(around)
        return
    error = mapping(found)
    nested = error.get("error")
    if isinstance(nested, dict):
        error = nested
    draft.error = _message(error)
    draft.error_type = _type(error) or _header_type(draft)


def _type(error: Mapping[str, Any]) -> str | None:
    """Return the most telling word: type, then code, then Google's status."""
    for name in ("type", "code", "status", "__type", "error_type"):
        found = error.get(name)
        if isinstance(found, str) and found and found not in ("error", "Error"):
            return word(found)
    for name in ("code", "status", "raw_status_code"):
        found = error.get(name)
        if isinstance(found, int) and not isinstance(found, bool):
            return str(found)
    return None


def _message(error: Mapping[str, Any]) -> str | None:
    for name in ("message", "Message", "detail", "error_description", "msg", "title"):
        found = error.get(name)
        if isinstance(found, str) and found:
            return word(found)
        if found:
            return word(str(found))
    return None


def _header_type(draft: Draft) -> str | None:
    """AWS names the exception in a header: `ValidationException:http://…`."""
    return word(draft.headers.get("x-amzn-errortype", "").partition(":")[0])

"""What Gemini answers to generateContent: whole, as server-sent events, or as an array."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ...wire import writing
from ...wire.fields import mapping
from ._refusals import JSON, OWN_HEADERS, error_body, is_sse, refuse

if TYPE_CHECKING:
    from ...calls import Usage
    from ...wire import Question
    from ...wire.writing import Event, Failure, Headers, Line, Reply

EVENT_STREAM = "text/event-stream"
_SSE = writing.SSE._replace(content_type=EVENT_STREAM)
_ARRAY = writing.JSON_ARRAY._replace(content_type=JSON)
_REASONS = writing.reasons(
    stop="STOP", length="MAX_TOKENS", tool_calls="STOP", content_filter="SAFETY"
)


def google_headers(_question: Question, reply: Reply) -> Headers:
    """Return the headers of an answer."""
    return (*OWN_HEADERS, ("server-timing", f"gfet4t7; dur={reply.latency_ms}"))


class Gemini:
    """Answers `:generateContent` and `:streamGenerateContent`; all candidates say the same."""

    wire_api = "google.generateContent"

    def write(self, question: Question, reply: Reply, /) -> writing.Rendered:
        """Write a GenerateContentResponse, or one for each chunk."""
        own = google_headers(question, reply)
        if question.stream:
            return _streamed(question, _events(question, reply), own, reply.headers)
        parts = ",".join(_part(one.lines[0][1], one.text) for one in writing.blocks(reply))
        told = _logprobs(question, writing.chunks_of(reply, writing.TextLine, writing.RefusalLine))
        body = writing.encoded(_response(question, parts, told, _last(question, reply)))
        return writing.Rendered(
            200, writing.headed(JSON, own, reply.headers), (writing.Piece(reply.last, body),)
        )

    def refuse(self, question: Question, failure: Failure, /) -> writing.Rendered:
        """Write an error; a prompt that is blocked is none to Google, unless a status is told."""
        if failure.kind is not writing.ErrorKind.CONTENT_FILTER or failure.status is not None:
            return refuse(question, failure)
        blocked = _blocked(question, failure)
        if question.stream:
            return _streamed(question, [(None, "", blocked)], OWN_HEADERS, failure.headers)
        headers = writing.headed(JSON, OWN_HEADERS, failure.headers)
        return writing.Rendered(200, headers, (writing.Piece(None, writing.encoded(blocked)),))


def _streamed(
    question: Question, events: list[Event], own: Headers, more: Headers
) -> writing.Rendered:
    framing = _SSE if is_sse(question) else _ARRAY
    return writing.Rendered(
        200, writing.headed(framing.content_type, own, more), framing.frame(events)
    )


def _response(question: Question, parts: str, told: str, after: tuple[str, str]) -> str:
    given = f'"parts":[{parts}],' if parts else ""
    candidate = f'{{"content":{{{given}"role":"model"}}{after[0]}{told},"index":'
    asked = mapping(question.body.get("generationConfig")).get("candidateCount")
    candidates = ",".join([f"{candidate}{index}}}" for index in writing.choices(asked)])
    return f'{{"candidates":[{candidates}],{after[1]}}}'


def _logprobs(question: Question, chunks: list[str]) -> str:
    """Return how likely the tokens of a candidate were, where the request asks for it."""
    config = mapping(question.body.get("generationConfig"))
    if config.get("responseLogprobs") is not True or not chunks:
        return ""
    tokens = writing.likely(chunks, config.get("logprobs"))
    total = sum(one.logprob for one in tokens)
    result = {
        "topCandidates": [{"candidates": [_told(*each) for each in one.best]} for one in tokens],
        "chosenCandidates": [_told(one.token, one.logprob) for one in tokens],
        "logProbabilitySum": total,
    }
    told = {"avgLogprobs": total / len(tokens) if tokens else 0, "logprobsResult": result}
    return f",{writing.members(told)}"


def _told(token: str, logprob: float) -> dict[str, Any]:
    return {"token": token, "tokenId": writing.number_of(token), "logProbability": logprob}


def _last(question: Question, reply: Reply) -> tuple[str, str]:
    """Return what a response that ends the answer says of candidates, and after them."""
    finish = f',"finishReason":{writing.quoted(reply.reason_in(_REASONS))}'
    return finish, _about(question, reply, _whole_usage(reply.usage))


def _about(question: Question, reply: Reply, usage: dict[str, Any]) -> str:
    about = {
        "usageMetadata": usage,
        "modelVersion": question.model_of(reply.model),
        "responseId": reply.id,
    }
    return writing.members(about)


def _part(line: Line, text: str) -> str:
    if isinstance(line, writing.ToolLine):
        call = {"name": line.name, "args": writing.arguments(line)}
        named = call if line.id is None else {"id": line.id, **call}
        return f'{{"functionCall":{writing.json_text(named)}}}'
    thought = ',"thought":true' if isinstance(line, writing.ThinkingLine) else ""
    return f'{{"text":{writing.quoted(text)}{thought}}}'


def _events(question: Question, reply: Reply) -> list[Event]:
    """Return a response for each chunk; the last one tells the reason and the whole usage."""
    parts = _parts(question, reply)
    after = "", _about(question, reply, _prompt_usage(reply.usage))
    events: list[Event] = [
        (place, "", _response(question, part, told, after)) for place, part, told in parts
    ]
    if reply.broken_by is not None:
        return [*events, (reply.last, "", writing.json_text(error_body(question, reply.broken_by)))]
    place, part, told = parts[-1] if parts else (reply.last, "", "")
    return [*events[:-1], (place, "", _response(question, part, told, _last(question, reply)))]


def _parts(question: Question, reply: Reply) -> list[tuple[int | None, str, str]]:
    """Return the line, the part and the likelihoods of each chunk; a tool call comes whole."""
    parts: list[tuple[int | None, str, str]] = []
    for place, line in enumerate(reply.lines):
        if isinstance(line, writing.ToolLine):
            parts.append((place, _part(line, ""), ""))
            continue
        is_said = not isinstance(line, writing.ThinkingLine)
        for chunk in line.chunks:
            told = _logprobs(question, [chunk] if is_said else [])
            parts.append((place, _part(line, chunk), told))
    return parts


def _blocked(question: Question, failure: Failure) -> str:
    feedback: dict[str, Any] = {"blockReason": "PROHIBITED_CONTENT"}
    if failure.message is not None:
        feedback["blockReasonMessage"] = failure.message
    return writing.json_text(
        {
            "promptFeedback": feedback,
            "usageMetadata": {"promptTokenCount": 0, "totalTokenCount": 0},
            "modelVersion": question.model_of(None),
            "responseId": failure.id,
        }
    )


def _whole_usage(usage: Usage) -> dict[str, Any]:
    """Return `usageMetadata`, in which thoughts stand outside the candidates."""
    thoughts = usage.reasoning_tokens or 0
    counts = {
        "candidatesTokenCount": max((usage.output_tokens or 0) - thoughts, 0),
        "cachedContentTokenCount": usage.cache_read_tokens,
        "thoughtsTokenCount": usage.reasoning_tokens,
    }
    known = {name: count for name, count in counts.items() if count is not None}
    total = (usage.input_tokens or 0) + (usage.output_tokens or 0)
    return {**_prompt_usage(usage), **known, "totalTokenCount": total}


def _prompt_usage(usage: Usage) -> dict[str, Any]:
    """Return `usageMetadata` as it stands before the answer is complete."""
    tokens = usage.input_tokens or 0
    details = [{"modality": "TEXT", "tokenCount": tokens}]
    return {"promptTokenCount": tokens, "totalTokenCount": tokens, "promptTokensDetails": details}

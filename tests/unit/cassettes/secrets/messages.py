"""Messages to redact."""

from __future__ import annotations

from understudy.cassettes import (
    Headers,
    Interaction,
    RecordedRequest,
    RecordedResponse,
)

URL = "https://api.openai.com/v1/chat/completions"
JSON: Headers = (("Content-Type", "application/json"),)
EVENTS: Headers = (("content-type", "text/event-stream"),)


def asked(body: bytes = b"{}", *, url: str = URL, headers: Headers = JSON) -> RecordedRequest:
    return RecordedRequest(method="POST", url=url, headers=headers, body=body)


def answered(body: bytes = b"{}", *, headers: Headers = JSON) -> RecordedResponse:
    return RecordedResponse(status=200, headers=headers, body=body)


def exchange(request: RecordedRequest, response: RecordedResponse) -> Interaction:
    return Interaction(request, response)

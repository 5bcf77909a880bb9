"""What was said in a call, and what went wrong, without secrets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ..redaction import redacted
from ..wire import decoded_body
from ._faults import words_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from ..calls import Request, Response
    from ..wire import Draft, Recognised

    #: Takes the secrets out of what a request asked, or its answer said.
    ContentCleaner = Callable[[Request, str], str]

_ERROR_LENGTH: Final = 500
#: Characters of a prompt, and of an answer, that are stored; and a key that the cut would halve.
_CONTENT_LENGTH: Final = 1_000_000
_MARGIN: Final = 500


def content_of(
    recognised: Recognised, request: Request, response: Response | None, clean: ContentCleaner
) -> dict[str, str]:
    """Return what was asked and answered without secrets, for those who want it stored."""
    asked = decoded_body(request.headers, request.body)
    content = {"request_content": asked.decode(errors="replace")}
    if response is not None:
        exchange = recognised.read(request, response)
        if exchange.text is not None:
            content["response_content"] = exchange.text
    return {
        name: clean(request, text[: _CONTENT_LENGTH + _MARGIN])[:_CONTENT_LENGTH]
        for name, text in content.items()
    }


def cleaned_by_shape(request: Request, text: str) -> str:
    """Take out what looks like a secret, and what the request carries as one."""
    return redacted(text, request.headers, url=request.url)


def failure_of(
    request: Request, draft: Draft | None, error: BaseException | None
) -> dict[str, str]:
    """Return what went wrong: what the application saw, else what the answer says."""
    if error is not None:
        kind, text = type(error).__name__, words_of(error)
    elif draft is not None and (draft.error or draft.error_type):
        kind, text = draft.error_type or str(draft.status), draft.error or ""
    else:
        return {}
    return {"error_type": kind, "error": cleaned_by_shape(request, text)[:_ERROR_LENGTH]}

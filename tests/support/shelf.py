"""What tests ask of cassettes and of the provider."""

from __future__ import annotations

from ast import literal_eval
from typing import TYPE_CHECKING

from understudy.cassettes import Cassette

if TYPE_CHECKING:
    from pathlib import Path

    from tests.provider import Provider

    from understudy.cassettes import RecordedResponse


def chat(provider: Provider) -> str:
    """Return the address of the chat API."""
    return f"{provider.url}/v1/chat/completions"


def comparable(seen: list[str]) -> list[str]:
    """Return what a caller saw, without headers, of which not all are kept, and as one piece."""
    bodies = [text for text in seen if "content-type" not in text.lower()]
    if all(text.startswith(("b'", 'b"')) for text in bodies):
        return [str(b"".join(literal_eval(text) for text in bodies))]
    return bodies


def responses(path: Path) -> list[RecordedResponse]:
    """Return the answers that a cassette holds."""
    with Cassette.open(path) as cassette:
        return [recorded.response for recorded in cassette.interactions]


def only(path: Path) -> RecordedResponse:
    """Return the one answer that a cassette holds."""
    (response,) = responses(path)
    return response

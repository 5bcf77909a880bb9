"""A small application that calls two providers through their own SDKs."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

    from anthropic import Anthropic
    from openai import OpenAI

TRIAGE_MODEL: Final = "gpt-4o-mini"
TRIAGE_PROMPT: Final = "Answer with JSON: category and urgent."
REPLY_MODEL: Final = "claude-sonnet-4-6"
REPLY_PROMPT: Final = "You are a friendly support agent."


@dataclass(frozen=True)
class Triage:
    category: str
    urgent: bool


def triage(client: OpenAI, ticket: str) -> Triage:
    answer = client.chat.completions.create(
        model=TRIAGE_MODEL,
        response_format={"type": "json_object"},
        messages=[
            {"role": "system", "content": TRIAGE_PROMPT},
            {"role": "user", "content": ticket},
        ],
    )
    return Triage(**json.loads(answer.choices[0].message.content or "{}"))


def draft_reply(client: Anthropic, ticket: str) -> Iterator[str]:
    with client.messages.stream(
        model=REPLY_MODEL,
        max_tokens=400,
        system=REPLY_PROMPT,
        messages=[{"role": "user", "content": ticket}],
    ) as stream:
        yield from stream.text_stream


def expected_tokens(ticket: str) -> int:
    """Estimate how long a reply will be: people who write more want to read more."""
    return 10 + len(ticket.split())

"""A small application that calls two providers through their own SDKs."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from anthropic import Anthropic
    from openai import OpenAI


@dataclass(frozen=True)
class Triage:
    category: str
    urgent: bool


def triage(client: OpenAI, ticket: str) -> Triage:
    answer = client.chat.completions.create(
        model="gpt-4o-mini",
        response_format={"type": "json_object"},
        messages=[
            {"role": "system", "content": "Answer with JSON: category and urgent."},
            {"role": "user", "content": ticket},
        ],
    )
    return Triage(**json.loads(answer.choices[0].message.content or "{}"))


def draft_reply(client: Anthropic, ticket: str) -> Iterator[str]:
    with client.messages.stream(
        model="claude-sonnet-4-6",
        max_tokens=400,
        system="You are a friendly support agent.",
        messages=[{"role": "user", "content": ticket}],
    ) as stream:
        yield from stream.text_stream

"""The registry of writers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.unit.providers.wire_cases import (
    APIS,
    CASES,
    MESSAGES,
    OPENAI,
    question,
    render,
    request,
)

from understudy.calls import Usage
from understudy.errors import UnknownNameError
from understudy.providers import PROVIDERS, default_apis
from understudy.wire import Asked, Provider, Question
from understudy.wire.writing import Failure, Piece, Rendered, Reply, TextLine

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from understudy.wire import Target

REPLY = Reply(lines=(TextLine(("Hi",)),), usage=Usage(1, 2))
CHAT = {"model": "gpt-4o", "messages": MESSAGES}


class Mine:
    """A writer of somebody else."""

    def __init__(self, wire_api: str) -> None:
        self.wire_api = wire_api

    def write(self, question: Question, reply: Reply) -> Rendered:
        """Say what is mine."""
        return Rendered(200, (), (Piece(reply.last, b"mine"),))

    def refuse(self, question: Question, failure: Failure) -> Rendered:
        """Refuse."""
        return Rendered(400, (), (Piece(None, b"mine"),))


class Raising(type(APIS.ordered[0])):  # type: ignore[misc]
    """An API of somebody else that raises."""

    def asked(self, target: Target, body: Mapping[str, Any]) -> Asked:
        """Raise."""
        raise ValueError


#: Billed, but answered by routes, cassettes and servers alone.
READ_ALONE = {
    "cohere.rerank.v1",
    "cohere.rerank.v2",
    "mistral.conversations",
    "openai.audio",
    "openai.images",
    "rerank",
}


def test_every_api_has_a_writer() -> None:
    """What is recognised can be answered, but for a few."""
    mute = {
        api.wire_api
        for provider in PROVIDERS
        for api in provider.apis
        if provider.writer_of(api.wire_api) is None
    }

    assert mute == READ_ALONE


def test_every_writer_of_text_has_a_case() -> None:
    """The round trips leave nobody out."""
    covered = {question(case.request).wire_api for case in CASES}

    texts = {api.wire_api for api in APIS.ordered if "embed" not in api.wire_api}

    assert texts - READ_ALONE == covered


def test_a_wire_api_that_nobody_writes_is_an_error() -> None:
    """With the nearest one that is known."""
    asked = question(request(f"{OPENAI}/chat/completions", CHAT))
    unknown = Question("openai.chap", asked.target, asked.model, asked.stream, asked.body)

    with pytest.raises(UnknownNameError, match=r"wire API 'openai\.chap'.*mean 'openai\.chat'"):
        APIS.write(unknown, REPLY)


def test_another_writer_stands_in_for_one_of_ours() -> None:
    """The registry that it was made of stays as it is."""
    asked = question(request(f"{OPENAI}/chat/completions", CHAT))

    api = APIS.ordered[0]

    mine = APIS.with_providers(Provider(name="m", apis=(api,), writers=(Mine(api.wire_api),)))

    assert mine.write(asked, REPLY).body == b"mine"
    assert APIS.write(asked, REPLY).body != b"mine"


def test_a_question_is_read_once() -> None:
    """And answered as often as one likes, as if it were read again."""
    asked = request(f"{OPENAI}/chat/completions", {**CHAT, "stream": True})

    read = question(asked)

    assert (read.model, read.stream, read.wire_api) == ("gpt-4o", True, "openai.chat")
    assert read.body["messages"] == MESSAGES
    assert APIS.write(read, REPLY) == render(asked.url, {**CHAT, "stream": True}, REPLY)


def test_an_api_that_raises_leaves_the_question_open() -> None:
    """It asks for no model and no stream, and is answered."""
    apis = default_apis().with_apis(Raising())
    asked = request(f"{OPENAI}/chat/completions", CHAT)
    recognised = apis.recognise(asked)
    assert recognised is not None

    read = recognised.question(asked)

    assert (read.model, read.stream) == (None, False)
    assert read.model_of(None) == "understudy"
    assert APIS.write(read, REPLY).status == 200

"""Errors, time-outs and broken streams: recorded, and replayed as the client's own."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import anthropic
import httpx
import httpx2
import openai
import pytest
from tests.support.clients import MESSAGES
from tests.support.readers import READERS, Reader
from tests.support.shelf import chat, only, responses

from understudy.intercept.cassettes import use_cassette

if TYPE_CHECKING:
    from pathlib import Path

    from tests.provider import Provider


def outcome(read: Reader, url: str, model: str, timeout: float = 30.0) -> Any:
    """Return what was read, or the type of what was raised."""
    try:
        return read(url, model, timeout)
    except Exception as error:  # noqa: BLE001 - each client has its own
        return type(error)


@pytest.mark.parametrize("read", READERS)
@pytest.mark.parametrize("model", ["m.cut-2", "m.cut-0", "m.status-500", "m.status-404"])
def test_failure_is_replayed_as_the_clients_own(
    read: Reader, model: str, provider: Provider, tmp_path: Path
) -> None:
    """A stream that breaks and a refusal are what they were."""
    path = tmp_path / "c.yaml"
    with use_cassette(path, record_mode="once"):
        recorded = outcome(read, chat(provider), model)

    with use_cassette(path, record_mode="none"):
        replayed = outcome(read, chat(provider), model)

    assert replayed == recorded
    assert len(provider.received) == 1


@pytest.mark.parametrize("read", READERS)
@pytest.mark.parametrize("model", ["m.mute-1", "m.hang-2"])
def test_timeout_is_replayed_at_once(
    read: Reader, model: str, provider: Provider, tmp_path: Path
) -> None:
    """Before the head and in the body, in no time at speed 0."""
    path = tmp_path / "c.yaml"
    with use_cassette(path, record_mode="once"):
        recorded = outcome(read, chat(provider), model, timeout=0.4)

    began = time.perf_counter()
    with use_cassette(path, record_mode="none"):
        replayed = outcome(read, chat(provider), model, timeout=60.0)

    assert isinstance(recorded, type)
    assert issubclass(replayed, recorded)  # aiohttp's own kinds of `TimeoutError`
    assert time.perf_counter() - began < 30
    error = only(path).error
    assert error is not None
    assert (error.kind, error.before_head) == ("read_timeout", "mute" in model)


@pytest.mark.parametrize("library", [httpx, httpx2], ids=["httpx", "httpx2"])
def test_refused_connection_is_replayed(library: Any, tmp_path: Path) -> None:
    """Though somebody may listen there now."""
    path = tmp_path / "c.yaml"
    nobody = "http://127.0.0.1:9/v1/chat/completions"

    for mode in ("once", "none"):
        with use_cassette(path, record_mode=mode), pytest.raises(library.ConnectError):
            library.post(nobody, json={})

    assert only(path).error is not None


def test_retry_is_replayed_without_its_wait(provider: Provider, tmp_path: Path) -> None:
    """A refusal, then an answer: the SDK tries again, but does not wait for what was recorded."""
    path = tmp_path / "c.yaml"
    texts = []

    for mode in ("once", "none"):
        with (
            use_cassette(path, record_mode=mode, replay_speed=0.0),
            openai.OpenAI(base_url=f"{provider.url}/v1", api_key="x") as client,
        ):
            answer = client.chat.completions.create(model="m.busy-1", messages=MESSAGES)
            texts.append(answer.choices[0].message.content)

    assert texts[0] == texts[1]
    assert [response.status for response in responses(path)] == [429, 200]
    assert len(provider.received) == 2


def test_sdk_sees_the_providers_own_error(provider: Provider, tmp_path: Path) -> None:
    """Type, status and message."""
    path = tmp_path / "c.yaml"
    errors = []

    for mode in ("once", "none"):
        with (
            use_cassette(path, record_mode=mode),
            anthropic.Anthropic(base_url=provider.url, api_key="x", max_retries=0) as client,
            pytest.raises(anthropic.InternalServerError) as caught,
        ):
            client.messages.create(model="m.status-500", max_tokens=9, messages=MESSAGES)
        errors.append(str(caught.value))

    assert errors[0] == errors[1]

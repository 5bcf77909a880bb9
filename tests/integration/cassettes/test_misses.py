"""Calls that nothing in the cassette answers."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import aiohttp
import anthropic
import httpx
import httpx2
import openai
import pytest
import requests
from tests.support.clients import CALLERS, MESSAGES, Caller
from tests.support.shelf import chat

from understudy.cassettes.player import CassetteMiss
from understudy.intercept.cassettes import use_cassette

if TYPE_CHECKING:
    from pathlib import Path

    from tests.provider import Provider


@pytest.mark.parametrize(
    "caller", [one for one in CALLERS if one.is_possible], ids=lambda caller: caller.name
)
def test_nothing_is_sent(caller: Caller, provider: Provider, tmp_path: Path) -> None:
    """Whatever the client: the error is no `Exception`, and comes through as it is."""
    with pytest.raises(CassetteMiss), use_cassette(tmp_path / "none.yaml", record_mode="none"):
        caller.call(provider.url, "m")

    assert provider.received == []


def test_sdk_does_not_try_again(provider: Provider, tmp_path: Path) -> None:
    """One call is one miss, with retries allowed."""
    with (
        pytest.raises(CassetteMiss),
        use_cassette(tmp_path / "none.yaml", record_mode="none") as cassette,
        anthropic.Anthropic(base_url=provider.url, api_key="x", max_retries=5) as client,
    ):
        client.messages.create(model="m", max_tokens=9, messages=MESSAGES)

    assert len(cassette.missed) == 1


def test_message_shows_the_nearest_interaction_and_what_differs(
    provider: Provider, tmp_path: Path
) -> None:
    """Also far into a long prompt."""
    path = tmp_path / "c.yaml"
    prompt = "word " * 2000
    with use_cassette(path, record_mode="once"):
        httpx2.post(chat(provider), json={"model": "m", "prompt": f"{prompt} red"})

    with pytest.raises(CassetteMiss) as caught, use_cassette(path, record_mode="none"):
        httpx2.post(chat(provider), json={"model": "m", "prompt": f"{prompt} blue"})

    assert "red" in str(caught.value)
    assert "blue" in str(caught.value)
    assert len(str(caught.value)) < 4000


def test_swallowed_miss_is_told_at_the_end(provider: Provider, tmp_path: Path) -> None:
    """An application may catch everything; the block fails nevertheless."""
    use = use_cassette(tmp_path / "none.yaml", record_mode="none")
    use.__enter__()
    with suppress(BaseException):
        httpx2.get(provider.url)

    with pytest.raises(CassetteMiss):
        use.__exit__(None, None, None)


def test_failure_of_the_block_is_not_hidden_by_a_miss(provider: Provider, tmp_path: Path) -> None:
    """What the test says first counts."""

    def fail() -> None:
        try:
            httpx2.get(provider.url)
        except CassetteMiss:
            raise ZeroDivisionError from None

    with pytest.raises(ZeroDivisionError), use_cassette(tmp_path / "c.yaml", record_mode="none"):
        fail()


def test_once_records_nothing_more_where_there_is_a_file(
    provider: Provider, tmp_path: Path
) -> None:
    """The file is whole: what it lacks is a miss, and it stays as it is."""
    path = tmp_path / "c.yaml"
    with use_cassette(path, record_mode="once"):
        httpx2.post(chat(provider), json={"model": "m"})
    before = path.read_bytes()

    with pytest.raises(CassetteMiss), use_cassette(path, record_mode="once"):
        httpx2.post(chat(provider), json={"model": "other"})

    assert path.read_bytes() == before


def test_new_episodes_records_what_is_missing(provider: Provider, tmp_path: Path) -> None:
    """And plays the rest."""
    path = tmp_path / "c.yaml"
    with use_cassette(path, record_mode="once"):
        httpx2.post(chat(provider), json={"model": "m"})

    with use_cassette(path, record_mode="new_episodes") as cassette:
        httpx2.post(chat(provider), json={"model": "m"})
        httpx2.post(chat(provider), json={"model": "other"})

    assert (cassette.play_count, len(cassette.recorded)) == (1, 1)
    assert len(provider.received) == 2


def test_all_records_everything_anew(provider: Provider, tmp_path: Path) -> None:
    """Nothing is played."""
    path = tmp_path / "c.yaml"
    for mode in ("once", "all"):
        with use_cassette(path, record_mode=mode) as cassette:
            httpx2.post(chat(provider), json={"model": "m"})

    assert cassette.play_count == 0
    assert len(provider.received) == 2


async def test_stream_never_answers_a_call_that_does_not_stream(
    provider: Provider, tmp_path: Path
) -> None:
    """Nor the other way round."""
    path = tmp_path / "c.yaml"
    client = openai.AsyncOpenAI(base_url=f"{provider.url}/v1", api_key="x")
    async with client:
        async with use_cassette(path, record_mode="once"):
            await client.chat.completions.create(model="m", messages=MESSAGES)

        with pytest.raises(CassetteMiss):
            async with use_cassette(path, record_mode="none"):
                await client.chat.completions.create(model="m", messages=MESSAGES, stream=True)


async def test_clients_may_differ(provider: Provider, tmp_path: Path) -> None:
    """What one client recorded answers the same request of another."""
    path = tmp_path / "c.yaml"
    asked: dict[str, Any] = {"model": "m", "n": 1}
    with use_cassette(path, record_mode="once"):
        expected = httpx2.post(chat(provider), json=asked).json()

    async def by_aiohttp() -> Any:
        async with (
            aiohttp.ClientSession() as session,
            session.post(chat(provider), json=asked) as r,
        ):
            return await r.json()

    for _ in range(1):
        with use_cassette(path, record_mode="none"):
            assert await by_aiohttp() == expected
    with use_cassette(path, record_mode="none"):
        assert requests.post(chat(provider), data=json.dumps(asked), timeout=9).json() == expected
    with use_cassette(path, record_mode="none"):
        assert httpx.post(chat(provider), json=asked).json() == expected

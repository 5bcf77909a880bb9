"""Calls of litellm: it reads no stream to its end, and closes none."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from understudy.cassettes import load_interactions

if TYPE_CHECKING:
    from tests.provider import Provider
    from tests.support.suite import Suite

pytest.importorskip("litellm")

ASKS = """
import asyncio
import os

import litellm
import pytest

HOST = os.environ["FAKE_PROVIDER"]
BASES = {"openai": HOST + "/v1", "anthropic": HOST}
each_maker = pytest.mark.parametrize("maker", sorted(BASES))
pytestmark = pytest.mark.llm_cassette


def asked(maker):
    messages = [{"role": "user", "content": "Say some words."}]
    return {"model": maker + "/m", "api_base": BASES[maker], "api_key": "x", "messages": messages}


@each_maker
def test_whole(maker):
    assert litellm.completion(**asked(maker)).choices[0].message.content


@each_maker
def test_streaming(maker):
    parts = litellm.completion(**asked(maker), stream=True)
    assert "".join(part.choices[0].delta.content or "" for part in parts)


@each_maker
def test_async(maker):
    answer = asyncio.run(litellm.acompletion(**asked(maker)))
    assert answer.choices[0].message.content


@each_maker
def test_async_streaming(maker):
    async def stream():
        parts = await litellm.acompletion(**asked(maker), stream=True)
        return [part.choices[0].delta.content or "" async for part in parts]

    assert "".join(asyncio.run(stream()))
"""


@pytest.fixture(autouse=True)
def _not_in_ci(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is recorded where CI is set, but this test records."""
    monkeypatch.delenv("CI", raising=False)


def test_what_litellm_recorded_is_replayed(suite: Suite, provider: Provider) -> None:
    """The second run reaches nobody, and nothing recorded counts as cut off."""
    suite.write(ASKS)
    suite.run_apart("--llm-record-mode=once").assert_outcomes(passed=8)

    suite.run_apart().assert_outcomes(passed=8)

    assert len(provider.received) == 8
    verdicts = {(call.origin, call.cassette_verdict) for call in suite.stored().calls}
    assert verdicts == {("replayed", "hit")}
    paths = sorted((suite.path / "cassettes").rglob("*.yaml"))
    assert len(paths) == 8
    assert all(load_interactions(path)[0].response.body for path in paths)
    assert not any("llm_complete: false" in path.read_text() for path in paths)

"""Retries and redirects: each HTTP attempt is one of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import requests
import urllib3
from requests.adapters import HTTPAdapter
from tests.support.clients import CALLERS, MESSAGES

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.provider import Provider
    from tests.support.watcher import Watcher

BUSY = "m.busy-2"


def _openai(url: str) -> None:
    openai = pytest.importorskip("openai")
    with openai.OpenAI(base_url=f"{url}/v1", api_key="x", max_retries=3) as client:
        client.chat.completions.create(model=BUSY, messages=MESSAGES)


def _anthropic(url: str) -> None:
    anthropic = pytest.importorskip("anthropic")
    with anthropic.Anthropic(base_url=url, api_key="x", max_retries=3) as client:
        client.messages.create(model=BUSY, messages=MESSAGES, max_tokens=9)


def _requests(url: str) -> None:
    retry = urllib3.Retry(5, status_forcelist=[429], allowed_methods=None, backoff_factor=0)
    with requests.Session() as session:
        session.mount("http://", HTTPAdapter(max_retries=retry))
        session.post(f"{url}/v1/responses", json={"model": BUSY}, timeout=9)


def _boto3(url: str) -> None:
    boto3 = pytest.importorskip("boto3")
    config = pytest.importorskip("botocore.config").Config(retries={"max_attempts": 4})
    keys: dict[str, Any] = {"aws_access_key_id": "x", "aws_secret_access_key": "x"}
    client = boto3.client(
        "bedrock-runtime", endpoint_url=url, region_name="us-east-1", config=config, **keys
    )
    messages = [{"role": "user", "content": [{"text": "x"}]}]
    client.converse(modelId=BUSY, messages=messages)
    client.close()


@pytest.mark.parametrize("call", [_openai, _anthropic, _requests, _boto3])
def test_each_retry_is_an_attempt(
    call: Callable[[str], None], provider: Provider, watcher: Watcher
) -> None:
    """Two refusals and an answer are three attempts, each whole and ended."""
    call(provider.url)

    assert [watched.status for watched in watcher.watched] == [429, 429, 200]
    assert [watched.ending for watched in watcher.watched] == ["end", "end", "end"]
    assert [watched.body for watched in watcher.watched] == [
        received.sent for received in provider.received
    ]


def test_urllib3_retries_of_a_refused_connection_are_attempts(watcher: Watcher) -> None:
    """Every connection that was tried and failed is told."""
    retry = urllib3.Retry(2, backoff_factor=0)

    with urllib3.PoolManager(retries=retry) as pool, pytest.raises(urllib3.exceptions.HTTPError):
        pool.request("POST", "http://127.0.0.1:9/v1/responses", body=b"{}")

    kinds = {type(watched.ending) for watched in watcher.watched}
    assert len(watcher.watched) == 3
    assert kinds == {urllib3.exceptions.NewConnectionError}


def test_error_answer_is_told_whole(provider: Provider, watcher: Watcher) -> None:
    """A refusal has a body like any answer."""
    (caller,) = [caller for caller in CALLERS if caller.name == "requests"]

    caller.call(provider.url, "m.status-500")

    assert watcher.only.status == 500
    assert watcher.only.body == provider.last.sent

"""A planted key is in no file, whichever client sent it, and the cassette plays without it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import aiohttp
import httpx
import httpx2
import pytest
import requests
from tests.support.shelf import chat

from understudy.cassettes import Cassette, Treatment
from understudy.cassettes.secrets import SecretScan, SecretsFoundError, SecretsRedactor
from understudy.cassettes.view import LlmView
from understudy.intercept.cassettes import use_cassette
from understudy.providers import default_apis

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.provider import Provider

KEY = "sk-proj-Planted0123456789abcdefXYZ"
OTHER = "sk-proj-Another9876543210zyxwvuts"


def treatment(**environment: str) -> Treatment:
    """Return what pytest sets."""
    redactor = SecretsRedactor(environment=environment)
    return Treatment(
        redactor=redactor, view=LlmView(default_apis()), after_save=SecretScan(redactor)
    )


def asked(key: str, encoding: str, *, stream: bool) -> dict[str, Any]:
    """Return a body; the provider answers with the name of the model, the key in it."""
    messages = [{"role": "user", "content": f"My key is\n{key}"}]
    return {"model": f"m {key}.enc-{encoding}", "messages": messages, "stream": stream}


def headers(key: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {key}", "Cookie": f"session={key}", "OpenAI-Project": key}


def ask_requests(url: str, key: str, body: dict[str, Any]) -> str:
    with requests.Session() as session:
        return session.post(url, json=body, headers=headers(key), timeout=10).text


def ask_httpx2(url: str, key: str, body: dict[str, Any]) -> str:
    return str(httpx2.post(url, json=body, headers=headers(key)).text)


def ask_httpx(url: str, key: str, body: dict[str, Any]) -> str:
    return httpx.post(url, json=body, headers=headers(key)).text


CLIENTS = [ask_requests, ask_httpx2, ask_httpx]


def written_below(folder: Path) -> bytes:
    """Return all that stands in files: cassette, journal, compiled form."""
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


@pytest.mark.parametrize("ask", CLIENTS)
@pytest.mark.parametrize("encoding", ["gzip", "deflate"])
@pytest.mark.parametrize("stream", [False, True])
def test_a_planted_key_is_in_no_file(
    provider: Provider,
    tmp_path: Path,
    ask: Callable[[str, str, dict[str, Any]], str],
    encoding: str,
    *,
    stream: bool,
) -> None:
    """Header, cookie, query, body, compressed answer, events; another key finds the answer."""
    path = tmp_path / "a.yaml"
    url = f"{chat(provider)}?key={{}}&alt=sse"

    with use_cassette(path, record_mode="once", treatment=treatment()):
        live = ask(url.format(KEY), KEY, asked(KEY, encoding, stream=stream))
    with use_cassette(path, record_mode="none", treatment=treatment()):
        played = ask(url.format(OTHER), OTHER, asked(OTHER, encoding, stream=stream))

    assert KEY in live
    assert played == live.replace(KEY, "[redacted]")
    assert b"Planted" not in written_below(tmp_path)
    assert b"llm_view" in path.read_bytes()
    assert len(provider.received) == 1


async def test_a_planted_key_of_aiohttp_is_in_no_file(provider: Provider, tmp_path: Path) -> None:
    """The other family of clients."""
    path = tmp_path / "a.yaml"
    url = f"{chat(provider)}?key={KEY}"

    with use_cassette(path, record_mode="once", treatment=treatment()):
        async with (
            aiohttp.ClientSession() as session,
            session.post(url, json=asked(KEY, "gzip", stream=True), headers=headers(KEY)) as answer,
        ):
            assert KEY in await answer.text()

    assert b"Planted" not in written_below(tmp_path)


def test_a_key_of_no_known_form_is_found_by_its_value(provider: Provider, tmp_path: Path) -> None:
    """A gateway's own key, in a prompt, known from the environment."""
    path = tmp_path / "a.yaml"
    body = {"model": "m", "messages": [{"role": "user", "content": "use gw-77aa88bb99cc"}]}

    with use_cassette(
        path, record_mode="once", treatment=treatment(GATEWAY_TOKEN="gw-77aa88bb99cc")
    ):
        httpx2.post(chat(provider), json=body)

    assert b"77aa" not in written_below(tmp_path)


def test_what_the_redactor_misses_fails_the_run(provider: Provider, tmp_path: Path) -> None:
    """The scan names the place; the value is in no message."""
    path = tmp_path / "a.yaml"
    scan = SecretScan(SecretsRedactor(environment={"GATEWAY_TOKEN": "gw-77aa88bb99cc"}))
    body = {"model": "m", "messages": [{"role": "user", "content": "use gw-77aa88bb99cc"}]}
    blind = Treatment(redactor=SecretsRedactor(), after_save=scan)

    with (
        pytest.raises(SecretsFoundError, match=r"a\.yaml, line \d+: looks like") as error,
        use_cassette(path, record_mode="once", treatment=blind),
    ):
        httpx2.post(chat(provider), json=body)

    assert "77aa" not in str(error.value)
    assert len(scan.findings) == 1


KILLS = pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="no such signal here")
_KILLED = """
import os, signal, sys, httpx2
from pathlib import Path
from understudy.cassettes import Cassette, Treatment
from understudy.cassettes.secrets import SecretsRedactor
from understudy.intercept.cassettes import use_cassette
url, path, key = sys.argv[1:]
with use_cassette(Path(path), record_mode="once", treatment=Treatment(redactor=SecretsRedactor())):
    body = {"model": "m", "messages": [{"role": "user", "content": key}]}
    httpx2.post(url, json=body, headers={"Authorization": f"Bearer {key}"})
    os.kill(os.getpid(), signal.SIGKILL)
"""


@KILLS
def test_a_killed_process_leaves_no_key_behind(provider: Provider, tmp_path: Path) -> None:
    """What it recorded is in its journal, redacted."""
    command = [sys.executable, "-c", _KILLED, chat(provider), str(tmp_path / "a.yaml"), KEY]

    done = subprocess.run(command, check=False, env=os.environ)

    assert done.returncode == -signal.SIGKILL
    written = written_below(tmp_path)
    assert b"chat/completions" in written
    assert b"Planted" not in written


@KILLS
def test_what_a_killed_process_left_is_scanned_too(provider: Provider, tmp_path: Path) -> None:
    """When it is put into the file: in whatever mode that is opened."""
    path = tmp_path / "a.yaml"
    token = "gw-77aa88bb99cc"
    command = [sys.executable, "-c", _KILLED, chat(provider), str(path), f"{token} is it"]
    subprocess.run(command, check=False, env=os.environ)
    scan = SecretScan(SecretsRedactor(environment={"GATEWAY_TOKEN": token}))

    with pytest.raises(SecretsFoundError, match=r"a\.yaml, line \d+: looks like"):
        Cassette.open(path, treatment=Treatment(after_save=scan))

    assert len(Cassette.open(path, treatment=Treatment(after_save=scan))) == 1

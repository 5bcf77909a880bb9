"""A gateway that answers from a cassette."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest
from tests.support.answering import APIS
from tests.support.gateways import Mocked, ask

from understudy.cassettes import Matching, RecordMode
from understudy.cassettes.defaults import CassetteDefaults
from understudy.gateway import Addresses, Gateway, PerTest, PlayedTests

if TYPE_CHECKING:
    from collections.abc import Iterator

    from understudy.cassettes.player import CassettePlayer

RECORDED = Path(__file__).parents[3] / "cassettes" / "support_bot.yaml"
CHAT = "/openai/v1/chat/completions"


@pytest.fixture
def players(tmp_path: Path) -> Iterator[PerTest[CassettePlayer]]:
    """What plays a cassette to each test."""
    path, opened = tmp_path / RECORDED.name, []
    path.write_bytes(RECORDED.read_bytes())
    defaults = CassetteDefaults(
        record_mode=RecordMode.NONE, matching=Matching(allow_playback_repeats=True)
    )

    def player(_: str) -> CassettePlayer:
        opened.append(defaults.open(path))
        return opened[-1]

    yield PerTest(player)
    for each in opened:
        each.close()


def _gateway(players: PerTest[CassettePlayer], mocked: Mocked | None = None) -> Gateway:
    played = players.of("").cassette.interactions
    addresses = Addresses(APIS).learnt(each.request.url for each in played)
    answers = PlayedTests(players, None if mocked is None else mocked.tests)
    said: list[str] = []
    return Gateway(addresses, answers, note=said.append)


def test_what_was_recorded_is_answered(players: PerTest[CassettePlayer]) -> None:
    """The same bytes, as often as it is asked for, to each test from the beginning."""
    gateway, recorded = _gateway(players), players.of("").cassette.interactions
    for test in ("one", "two"):
        for asked, expected in [
            (each.request, each.response) for each in (*recorded, recorded[-1])
        ]:
            path = f"/_t/{test}{urlsplit(asked.url).path}"
            got = asyncio.run(ask(gateway, path, asked.body, headers=dict(asked.headers)))
            assert (got.status, got.body) == (expected.status, expected.body)
            assert got.headers.keys().isdisjoint({"transfer-encoding", "connection", "date"})


def test_what_was_not_recorded_says_what_comes_nearest(players: PerTest[CassettePlayer]) -> None:
    """Where no mock has an answer either."""
    mocked = Mocked()
    mocked.mock.reply("Bonjour")
    body = json.dumps({"model": "m", "messages": [{"role": "user", "content": "Hello"}]}).encode()

    alone = asyncio.run(ask(_gateway(players), CHAT, body))
    beside = asyncio.run(ask(_gateway(players, mocked), CHAT, body))

    assert (alone.status, alone.headers["x-understudy-error"]) == (404, "cassette-miss")
    assert "support_bot.yaml" in json.loads(alone.body)["error"]["message"]
    assert (beside.status, b"Bonjour" in beside.body) == (200, True)


def test_calls_go_where_they_went_when_they_were_recorded() -> None:
    """A region, a resource or a port of one's own is that of the cassette."""
    urls = [
        "https://bedrock-runtime.eu-west-1.amazonaws.com/model/m/converse",
        "https://ours.openai.azure.com/openai/deployments/d/chat/completions?api-version=1",
        "http://127.0.0.1:8123/v1/messages",
        "https://example.com/no/call",
    ]
    addresses = Addresses(APIS).learnt(urls)

    found = [addresses.base_of(APIS.provider(each)) for each in ("bedrock", "azure", "anthropic")]

    assert found == [
        "https://bedrock-runtime.eu-west-1.amazonaws.com",
        "https://ours.openai.azure.com",
        "http://127.0.0.1:8123",
    ]
    assert addresses.base_of(APIS.provider("openai")) == "https://api.openai.com"

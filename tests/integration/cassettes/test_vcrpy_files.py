"""One file, two players: vcrpy's files play here, and ours play there."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
import vcr
from tests.support.clients import CALLERS
from tests.support.shelf import responses

from understudy.intercept.cassettes import is_vcrpy_active, use_cassette

if TYPE_CHECKING:
    from pathlib import Path

    from tests.provider import Provider

POSSIBLE = [caller for caller in CALLERS if caller.is_possible]
BODY = ("method", "scheme", "host", "port", "path", "query", "body")


def test_json_file_of_vcrpy_plays_here(provider: Provider, tmp_path: Path) -> None:
    """As its JSON serializer writes it."""
    path = tmp_path / "c.json"
    caller = next(one for one in POSSIBLE if one.name == "openai chat")
    with vcr.use_cassette(str(path), record_mode="once", serializer="json"):
        recorded = caller.call(provider.url, "m")
    assert json.loads(path.read_text())

    with use_cassette(path, record_mode="none"):
        assert caller.call(provider.url, "m") == recorded


def test_our_json_file_plays_in_vcrpy(provider: Provider, tmp_path: Path) -> None:
    """The suffix says what is written."""
    path = tmp_path / "c.json"
    caller = next(one for one in POSSIBLE if one.name == "openai chat, streaming")
    with use_cassette(path, record_mode="once"):
        recorded = caller.call(provider.url, "m")

    with vcr.use_cassette(str(path), record_mode="none", serializer="json"):
        assert caller.call(provider.url, "m") == recorded


def test_new_episode_in_vcrpys_file_plays_in_both(provider: Provider, tmp_path: Path) -> None:
    """What was there stays, and what is added is of the same form."""
    path = tmp_path / "c.yaml"
    caller = next(one for one in POSSIBLE if one.name == "httpx2")
    with vcr.use_cassette(str(path), record_mode="once", match_on=BODY):
        caller.call(provider.url, "one")
    with use_cassette(path, record_mode="new_episodes"):
        caller.call(provider.url, "one")
        caller.call(provider.url, "two")
    assert len(provider.received) == 2

    with vcr.use_cassette(str(path), record_mode="none", match_on=BODY):
        caller.call(provider.url, "two")
        caller.call(provider.url, "one")
    with use_cassette(path, record_mode="none"):
        caller.call(provider.url, "two")
        caller.call(provider.url, "one")

    assert len(provider.received) == 2
    assert len(responses(path)) == 2


@pytest.mark.parametrize("name", ["httpx", "httpx2", "aiohttp", "requests", "openai chat"])
def test_vcrpys_active_cassette_has_the_word(name: str, provider: Provider, tmp_path: Path) -> None:
    """Inside of ours, ours records and plays nothing."""
    ours, theirs = tmp_path / "ours.yaml", tmp_path / "theirs.yaml"
    caller: Any = next(one for one in POSSIBLE if one.name == name)

    for mode in ("once", "none"):
        with (
            use_cassette(ours, record_mode="once") as cassette,
            vcr.use_cassette(str(theirs), record_mode=mode),
        ):
            assert is_vcrpy_active()
            assert caller.call(provider.url, "m")

    assert len(cassette) == 0
    assert not ours.exists()
    assert theirs.exists()
    assert len(provider.received) == 1
    assert not is_vcrpy_active()

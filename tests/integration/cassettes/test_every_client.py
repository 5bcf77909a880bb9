"""Real SDKs and clients, recorded and replayed."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from tests.support.clients import Caller, each_caller
from tests.support.shelf import comparable

from understudy.cassettes import load_interactions
from understudy.intercept.cassettes import use_cassette

if TYPE_CHECKING:
    from pathlib import Path

    from tests.provider import Provider


@each_caller
def test_replay_is_what_was_recorded(caller: Caller, provider: Provider, tmp_path: Path) -> None:
    """The application sees the same, and the provider sees nothing of it."""
    path = tmp_path / "c.yaml"
    with use_cassette(path, record_mode="once"):
        recorded = caller.call(provider.url, "m.chunks-3")
    assert len(provider.received) == 1

    with use_cassette(path, record_mode="none") as cassette:
        replayed = caller.call(provider.url, "m.chunks-3")

    assert comparable(replayed) == comparable(recorded)
    assert len(provider.received) == 1
    assert cassette.all_played


@each_caller
def test_stored_body_is_what_the_provider_sent(
    caller: Caller, provider: Provider, tmp_path: Path
) -> None:
    """Compressed or not, and to its last event."""
    path = tmp_path / "c.yaml"
    encoding = "" if caller.name.startswith("boto3") else ".enc-gzip"  # botocore decodes nothing
    with use_cassette(path, record_mode="once"):
        caller.call(provider.url, f"m.chunks-3{encoding}")

    (stored,) = load_interactions(path)

    if caller.leaves_the_end:
        assert provider.last.sent.startswith(stored.response.body)
    else:
        assert stored.response.body == provider.last.sent
    assert stored.response.header("content-encoding") is None
    assert json.loads(stored.request.body) == provider.last.json

"""The words of a call."""

from __future__ import annotations

import pytest

from understudy.calls import is_loopback


@pytest.mark.parametrize("host", ["localhost", "app.localhost", "127.0.0.2", "::1", "0.0.0.0", ""])
def test_a_host_may_be_this_machine(host: str) -> None:
    """By name or address; no host at all, of a URL that cannot be parsed, goes nowhere."""
    assert is_loopback(host)


@pytest.mark.parametrize("host", ["localhost.example", "api.openai.com", "128.0.0.1"])
def test_others_are_elsewhere(host: str) -> None:
    """What only looks alike."""
    assert not is_loopback(host)

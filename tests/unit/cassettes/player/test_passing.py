"""What a cassette lets pass by."""

from __future__ import annotations

import pytest

from understudy.calls import Request
from understudy.cassettes.player import Passing


def to(url: str) -> Request:
    return Request("GET", url, {}, b"")


@pytest.mark.parametrize(
    ("passing", "url", "expected"),
    [
        (Passing(), "http://127.0.0.1:8000/", False),
        (Passing(ignore_localhost=True), "http://127.0.0.1:8000/", True),
        (Passing(ignore_localhost=True), "http://localhost/", True),
        (Passing(ignore_localhost=True), "http://[::1]:8/", True),
        (Passing(ignore_localhost=True), "https://api.openai.com/", False),
        (Passing(ignore_hosts=frozenset({"api.openai.com"})), "https://api.openai.com/v1", True),
        (Passing(ignore_hosts=frozenset({"openai.com"})), "https://api.openai.com/v1", False),
    ],
)
def test_ignored_hosts_pass(*, passing: Passing, url: str, expected: bool) -> None:
    """By their whole name, as with vcrpy."""
    assert passing.lets_by(to(url)) is expected

"""Hosts that are this machine, and hosts that are allowed."""

from __future__ import annotations

import pytest

from understudy.intercept.guard._reach import Names, is_allowed, is_local, normal


@pytest.mark.parametrize(
    "host",
    ["localhost", "LOCALHOST.", "app.localhost", "127.0.0.1", "127.8.9.1", "::1", "[::1]", "",
     "0.0.0.0", "::", "::ffff:127.0.0.1", "::1%lo", b"127.0.0.1", None],
)  # fmt: skip
def test_this_machine(host: str | bytes | None) -> None:
    """Loopback in all its spellings."""
    assert is_local(normal(host))


@pytest.mark.parametrize(
    "host", ["10.0.0.1", "192.168.1.1", "::ffff:10.0.0.1", "example.com", "localhost.example.com"]
)
def test_other_machines(host: str) -> None:
    """A private network is no loopback."""
    assert not is_local(normal(host))


@pytest.mark.parametrize(
    ("host", "allowed", "expected"),
    [
        ("db.corp", ["db.corp"], True),
        ("db.corp", ["*.CORP"], True),
        ("corp", ["*.corp"], False),
        ("10.1.2.3", ["10.1.*"], True),
        ("db.corp", [], False),
    ],
)
def test_allowed_hosts(host: str, allowed: list[str], expected: bool) -> None:  # noqa: FBT001
    """Names, addresses and patterns, whatever their case."""
    assert is_allowed(host, allowed) is expected


def test_names_of_addresses_are_remembered_within_limits() -> None:
    """What was looked up long ago is forgotten."""
    names = Names()

    names.remember("first", ["192.0.2.1"])
    known = names.of("192.0.2.1")
    names.remember("many", [f"name-{number}" for number in range(2000)])
    names.remember("last", ["192.0.2.2"])

    assert known == "first"
    assert (names.of("192.0.2.1"), names.of("192.0.2.2")) == ("192.0.2.1", "last")

"""The router's file: what it may hold, and how it says what is wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from tests.unit.routing.stand_ins import ManualClock

from understudy.app import open_router
from understudy.pricing import Prices, price_book
from understudy.routing import FailoverPolicy, MemoryCache, RouterConfigError
from understudy.routing.router_file import line_of, read_router_file, read_router_table

if TYPE_CHECKING:
    from pathlib import Path

    from understudy.routing.router_file import RouterFile

WHOLE = """\
[[provider]]
name = "openai"
base_url = "https://api.openai.com/v1"
key_env = "OPENAI_API_KEY"

[[provider]]
name = "azure"
base_url = "https://azure.example/v1"
models = ["gpt*"]
weight = 3
rename = { "gpt-4o" = "ours" }

[agents]
writer = "gpt-4o"

[cache]
ttl_seconds = 5
entries = 10
bytes = 100000
ignore = ["trace"]

[retry]
retries = 4

[breaker]
failures = 2

[limit]
in_flight = 8

[balance]
strategy = "weighted"

[failover]
order = ["azure"]

[batch]
window_ms = 5

[budget]
daily_usd = 2
zone = "Europe/Vienna"
"""
KEY = {"OPENAI_API_KEY": "k"}


def read(tmp_path: Path, text: str) -> RouterFile:
    path = tmp_path / "router.toml"
    path.write_text(text)
    return read_router_file(path)


def test_a_file_says_all_of_a_router(tmp_path: Path) -> None:
    """What it leaves out has its default."""
    file = read(tmp_path, WHOLE)

    policy = file.policy()
    assert (policy.agents, policy.weights) == ({"writer": "gpt-4o"}, {"azure": 3})
    assert policy.renamed == {"azure": {"gpt-4o": "ours"}}
    assert (policy.retry.retries, policy.retry.cap_seconds) == (4, 8.0)
    assert (policy.breaker.failures, policy.limit.in_flight) == (2, 8)
    assert (policy.balance, policy.window_ms, policy.ignored) == ("weighted", 5.0, ("trace",))
    assert policy.failover == FailoverPolicy(order=("azure",))
    assert (policy.budget.daily_usd, policy.budget.zone) == (2, "Europe/Vienna")
    assert file.registry().patterns == ("gpt*", "openai/*")
    assert file.registry().find("gpt-4o").providers == ("openai", "azure")


def test_a_router_is_made_of_a_file(tmp_path: Path) -> None:
    """With the keys from the environment and the prices of a book."""
    prices = Prices()
    prices.register("m", input=1.0, output=2.0)
    router = open_router(
        read(tmp_path, WHOLE), prices=price_book(prices), environment=KEY, clock=ManualClock()
    )

    assert sorted(router.health()) == ["azure", "openai"]
    assert isinstance(router.cache, MemoryCache)
    router.close()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            ("weight = 3", "wieght = 3"),
            r"router\.toml:10: provider\.1\.wieght: unknown key\. Did you mean 'weight'",
        ),
        (
            ("retries = 4", "retires = 4"),
            r"router\.toml:22: retry: unknown key 'retires'\. Did you mean 'retries'",
        ),
        (("[limit]", "[limits]"), r"router\.toml:28: limits: unknown key\. Did you mean 'limit'"),
        (
            ("ttl_seconds", "ttl"),
            r"router\.toml:17: cache\.ttl: unknown key\. .*Known: bytes, entries",
        ),
        (
            ("entries = 10", 'entries = "ten"'),
            r"router\.toml:18: cache\.entries: Input should be a valid integer, not 'ten'",
        ),
        (
            ("retries = 4", "retries = -4"),
            r"router\.toml:22: retry: .*retries=-4: give a whole number from 0",
        ),
        (
            ('"weighted"', '"weighed"'),
            r"router\.toml:32: balance\.strategy: .*'weighted'.*, not 'weighed'",
        ),
        (('name = "azure"\n', ""), r"router\.toml:6: provider\.1\.name: Field required"),
        (("[agents]\n", "agents = 3\n[other]\n"), r"agents|other"),
    ],
)
def test_a_mistake_is_told_with_its_line(
    tmp_path: Path, change: tuple[str, str], message: str
) -> None:
    """And with what was probably meant."""
    with pytest.raises(RouterConfigError, match=message):
        read(tmp_path, WHOLE.replace(*change))


@pytest.mark.parametrize("text", ["[cache", "\x00"])
def test_what_is_no_toml_is_told(tmp_path: Path, text: str) -> None:
    """With its file; so is a file that is not there."""
    with pytest.raises(RouterConfigError, match=r"router\.toml: cannot be read as TOML"):
        read(tmp_path, text)
    with pytest.raises(RouterConfigError, match=r"none\.toml: cannot be read"):
        read_router_file(tmp_path / "none.toml")


@pytest.mark.parametrize(
    ("tables", "message"),
    [
        ({"cache": {"entries": 0}}, "has no bound"),
        ({"cache": {"ttl_seconds": 31 * 86_400}}, "30 days"),
        ({"provider": [{"name": "a", "weight": 0, "base_url": "http://a"}]}, "weight of 'a' is 0"),
        ({"provider": [{"name": "a"}]}, "has no base_url"),
        ({"provider": [{"name": "a", "base_url": "http://a", "key_env": "NO"}]}, "variable NO"),
        ({"provider": []}, "without providers can answer nothing"),
    ],
)
def test_what_makes_no_router_is_refused(tables: dict[str, Any], message: str) -> None:
    """When it is made."""
    good = {"provider": [{"name": "openai", "base_url": "https://x/v1"}]}

    with pytest.raises(RouterConfigError, match=message):
        open_router(
            read_router_table({**good, **tables}, where="here"),
            prices=price_book(),
            environment={},
        )


def test_the_usual_providers_serve_what_they_are_known_for() -> None:
    """Others what has their name in front."""
    names = [{"name": name} for name in ("anthropic", "openai", "openrouter", "mine")]
    registry = read_router_table({"provider": names}, where="here").registry()

    models = ("claude-x", "openai/o3", "mine/x", "else")
    assert [registry.find(model).providers[0] for model in models] == [
        "anthropic", "openai", "mine", "openrouter",
    ]  # fmt: skip


def test_a_line_is_found_by_the_path_of_its_key() -> None:
    """That of its table where the key is not there; none where nothing is."""
    places: list[tuple[tuple[int | str, ...], int | None]] = [
        (("provider", 0, "name"), 2),
        (("provider", 1, "name"), 7),
        (("cache", "bytes"), 19),
        (("cache", "nothing"), 16),
        (("nowhere",), None),
    ]

    assert [line_of(WHOLE, path) for path, _ in places] == [line for _, line in places]

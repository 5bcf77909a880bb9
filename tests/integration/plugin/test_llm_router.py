"""The fixture `llm_router`, its marker, and what a run knows of a router's work."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pytest
    from tests.support.suite import Suite

ROUTED = """
    import asyncio

    import pytest

    def ask(model="gpt-4o", **more):
        return {"model": model, "messages": [{"role": "user", "content": "Hello?"}], **more}

    def test_models_find_their_providers(llm_router):
        models = ("anthropic/claude-sonnet-4-5", "claude-opus-4-5", "openai/o3", "gpt-4o", "x/y")
        chosen = [llm_router.complete(ask(model)).provider for model in models]
        assert chosen == ["anthropic", "anthropic", "openai", "openai", "openrouter"]

    def test_time_and_money(llm_router, llm_clock):
        llm_router.configure(cache={"ttl_seconds": 60})
        first, again = llm_router.complete(ask()), llm_router.complete(ask())
        assert (first.cache, again.cache) == ("miss", "hit")
        assert first.cost_nanousd == 1234 * 2500 + 567 * 10_000
        llm_clock.advance(61)
        assert llm_router.complete(ask()).cache == "miss"
        assert llm_router.providers["openai"].count == 2

    @pytest.mark.llm_router(failover={"order": ["openrouter"]})
    def test_a_failover(llm_router, llm_events, llm_calls, llm_clock):
        llm_router.configure(breaker={"failures": 1, "open_seconds": 30})
        llm_router.providers["openai"].fail(1)
        assert llm_router.complete(ask()).provider == "openrouter"
        trip, failover = llm_events
        assert (trip.event_type, failover.event_type) == (
            "llm_circuit_breaker_trip", "llm_provider_failover")
        assert (trip.provider, trip.failures) == ("openai", 1)
        assert (failover.from_provider, failover.to_provider, failover.reason) == (
            "openai", "openrouter", "server")
        assert [each.event.http_status for each in llm_calls] == [500, 200]
        assert llm_router.health()["openai"].state == "open"
        llm_clock.advance(31)
        assert llm_router.health()["openai"].state == "half_open"

    @pytest.mark.llm_router(retry={"retries": 2, "base_seconds": 8})
    def test_retries(llm_router, llm_events, llm_clock):
        before = llm_clock.now()
        llm_router.providers["openai"].fail(2)
        assert [each.outcome for each in llm_router.complete(ask()).attempts] == [
            "server", "server", "ok"]
        repairs = llm_events.of("llm_repair_attempt")
        assert [each.attempt_number for each in repairs] == [1, 2]
        assert {(each.provider, each.cause, each.error_category) for each in repairs} == {
            ("openai", "transport", "server")}
        assert llm_clock.now() > before

    @pytest.mark.llm_faults("rate_limit", "server_error")
    @pytest.mark.llm_router(failover={"order": ["openrouter"]})
    def test_each_fault_befalls_one_of_them(llm_router, llm_clock):
        first, second, third = llm_router.complete(ask()).attempts
        assert (first.provider, first.outcome) == ("openai", "rate_limit")
        assert (second.provider, second.outcome) == ("openrouter", "server")
        assert third.outcome == "ok"

    def test_tasks(llm_router, llm_calls):
        async def both():
            return await asyncio.gather(llm_router.acomplete(ask()), llm_router.acomplete(ask()))

        async def stream():
            return [piece async for piece in llm_router.astream(ask())]

        assert sorted(each.cache for each in asyncio.run(both())) == ["coalesced", "miss"]
        assert llm_calls.count == 1
        pieces = asyncio.run(stream())
        assert pieces[-1].done and pieces[-1].answer.cost_nanousd > 0

    @pytest.mark.llm_router("router.toml")
    def test_a_file(llm_router):
        assert sorted(llm_router.providers) == ["azure", "openai"]
        chosen = [llm_router.complete(ask(text=str(n))).provider for n in range(4)]
        assert sorted(chosen) == ["azure", "openai", "openai", "openai"]
        promised = {"azure": 9, "openai": 99}
        llm_router.configure(
            balance={"strategy": "efficiency"}, expected_ms=lambda name, *_: promised[name])
        assert llm_router.complete(ask()).provider == "azure"
        llm_router.configure("router.toml", balance={"strategy": "round_robin"})
        chosen = [llm_router.complete(ask(text=str(n))).provider for n in range(4)]
        assert sorted(chosen) == ["azure", "azure", "openai", "openai"]
"""
FILE = """
[[provider]]
name = "openai"
base_url = "https://api.openai.com/v1"
key_env = "OPENAI_API_KEY"
models = ["gpt*"]
weight = 3

[[provider]]
name = "azure"
base_url = "https://azure.example/v1"
models = ["gpt*"]

[balance]
strategy = "weighted"
"""


def test_a_test_gets_a_router_over_mocks(suite: Suite) -> None:
    """On the clock of the run, with its prices; lifecycle events and calls come by themselves."""
    suite.write(ROUTED)
    (suite.path / "router.toml").write_text(FILE)

    result = suite.run("--llm-clock=virtual")

    result.assert_outcomes(passed=7, warnings=0)


def test_a_marker_that_is_wrong_is_a_usage_error(pytester: pytest.Pytester) -> None:
    """With the nearest key, before any test runs."""
    pytester.makepyfile(
        """
        import pytest

        @pytest.mark.llm_router(retry={"retires": 1})
        def test_it(llm_router): ...
        """
    )

    result = pytester.runpytest_inprocess()

    result.stderr.fnmatch_lines(["*::test_it: llm_router: retry: unknown key 'retires'*'retries'*"])
    assert result.ret == 4

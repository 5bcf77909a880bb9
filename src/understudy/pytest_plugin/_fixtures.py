"""Fixtures. PYTEST_DONT_REWRITE."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ._stash import session_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..cassettes import Cassette
    from ..clock import RealClock, VirtualClock
    from ..intercept.routes import Routes
    from ..mock import MockLLM
    from ..telemetry import CallLog, Telemetry
    from .features.estimates import Predict
    from .features.gates import LLMBenchmark
    from .features.lifecycle import LLMEvents
    from .features.router._mocked_router import LLMRouter


@pytest.fixture
def llm_calls(request: pytest.FixtureRequest) -> CallLog:
    """The LLM calls of this test so far, with what was asked and answered."""
    session = session_of(request.config)
    return session.features.telemetry.call_log(session.test_of(request.node))


@pytest.fixture
def llm_estimate(request: pytest.FixtureRequest) -> Predict:
    """Predict what the calls of a block need: call it with 800, or `output_tokens=800`."""
    session = session_of(request.config)
    session.features.telemetry.call_log(session.test_of(request.node))
    return session.features.estimates.predict


@pytest.fixture
def llm_events(request: pytest.FixtureRequest) -> LLMEvents:
    """The lifecycle events of this test so far: `.of("llm_provider_failover")`, `.last`."""
    session = session_of(request.config)
    return session.features.lifecycle.events_of(session.test_of(request.node))


@pytest.fixture
def llm_router(request: pytest.FixtureRequest) -> Iterator[LLMRouter]:
    """Our router over mock providers: `.configure(cache=…)`, `.providers["openai"].fail(2)`."""
    session = session_of(request.config)
    test = session.test_of(request.node)
    session.features.telemetry.call_log(test)
    with session.features.routers.router_of(test) as router:
        yield router


@pytest.fixture(scope="session")
def llm_telemetry(pytestconfig: pytest.Config) -> Telemetry:
    """Emit: `.tracker(…)` around a call, `.record_event(…)`, `.get_stats(subject)`."""
    return session_of(pytestconfig).instrumentation.telemetry


@pytest.fixture
def mock_llm(request: pytest.FixtureRequest) -> MockLLM:
    """Answers every provider call of this test: `.reply("…")`, `.on(contains="…").reply("…")`."""
    session = session_of(request.config)
    return session.features.mocks.mock_for(session.test_of(request.node).owner)


@pytest.fixture
def llm_mock(request: pytest.FixtureRequest) -> MockLLM:
    """The same as mock_llm, for suites that have a fixture of that name of their own."""
    session = session_of(request.config)
    return session.features.mocks.mock_for(session.test_of(request.node).owner)


def _wide_mock(request: pytest.FixtureRequest) -> Iterator[MockLLM]:
    """Answers every provider call in its scope, but for tests that have a mock of their own."""
    with session_of(request.config).features.mocks.wide_mock(request.node.nodeid) as mock:
        yield mock


class_mock_llm = pytest.fixture(scope="class")(_wide_mock)
module_mock_llm = pytest.fixture(scope="module")(_wide_mock)
package_mock_llm = pytest.fixture(scope="package")(_wide_mock)
session_mock_llm = pytest.fixture(scope="session")(_wide_mock)


@pytest.fixture(scope="session")
def llm_clock(pytestconfig: pytest.Config) -> RealClock | VirtualClock:
    """The clock of this run: `.now()`, `.sleep(seconds)`; `.advance(seconds)` where virtual."""
    return session_of(pytestconfig).features.clock.clock


@pytest.fixture
def llm_api(request: pytest.FixtureRequest) -> Iterator[Routes]:
    """A respx router for httpx and httpx2; `.openai`, `.anthropic` … are answered already."""
    session = session_of(request.config)
    with session.features.routes.open(
        session.join(request.node, session.features.routes).owner
    ) as routes:
        yield routes


@pytest.fixture
def llm_cassette(request: pytest.FixtureRequest) -> Iterator[Cassette]:
    """The cassette of this test: `.played`, `.missed`, `.path`."""
    session = session_of(request.config)
    cassettes = session.features.cassettes
    test = session.join(request.node, cassettes)
    with cassettes.cassette_of(test.item, test.owner) as cassette:
        yield cassette


@pytest.fixture
def llm_benchmark(request: pytest.FixtureRequest) -> Iterator[LLMBenchmark]:
    """pytest-benchmark on the clock of the run, with the calls' figures in `extra_info`."""
    from .features.gates import benchmark_of  # noqa: PLC0415 - nothing is loaded while idle

    session = session_of(request.config)
    test = session.test_of(request.node)
    calls = session.features.telemetry.call_log(test)
    with benchmark_of(request, calls, test.clock.now) as benchmark:
        yield benchmark

"""Who keeps the machine's time."""

from __future__ import annotations

import pytest

from understudy.clock._callers import RealTimeCallers


@pytest.mark.parametrize(
    "module",
    [
        "_pytest.runner",
        "concurrent.futures._base",
        "logging",
        "multiprocessing.pool",
        "psycopg.waiting",
        "pytest_timeout",
        "subprocess",
        "understudy.durable._journal",
    ],
)
def test_what_waits_for_something_real_keeps_real_time(module: str) -> None:
    """Infrastructure and the harness itself."""
    assert RealTimeCallers()[module]


@pytest.mark.parametrize(
    "module",
    [
        "",
        "__main__",
        "app.service",
        "botocore.endpoint",
        "openai._base_client",
        "tenacity.nap",
        "test_app",
    ],
)
def test_everybody_else_is_told_the_simulated_time(module: str) -> None:
    """The application, its tests and the SDKs."""
    assert not RealTimeCallers()[module]


@pytest.mark.parametrize(
    "module",
    [
        "asyncio.events",
        "concurrent.futures.thread",
        "threading",
        "understudy.clock._futures",
        "understudy.intercept._threads",
        "unittest.mock",
    ],
)
def test_who_calls_for_others_is_not_asking_himself(module: str) -> None:
    """`Thread(target=time.sleep)` is the application's sleep."""
    assert not RealTimeCallers()[module]


def test_a_name_is_kept_whole() -> None:
    """`psycopg` keeps real time, `psycopgtastic` does not."""
    callers = RealTimeCallers(["driver.pool"])

    assert callers["driver.pool.sync"]
    assert not callers["driver"]
    assert not callers["driver.pools"]


@pytest.mark.parametrize(
    "module", ["threading", "queue", "understudy.clock._machine", "trio._core"]
)
def test_names_that_were_imported_for_real_waiting_stay(module: str) -> None:
    """The standard library, drivers and we ourselves."""
    assert RealTimeCallers().keeps_names(module)


def test_names_in_an_application_are_replaced() -> None:
    """`from time import sleep` is the commonest way to sleep."""
    assert not RealTimeCallers().keeps_names("app.service")

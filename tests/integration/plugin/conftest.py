"""Suites that call the fake provider, run by pytest inside pytest."""

from __future__ import annotations

import os
from contextlib import suppress
from importlib import import_module
from typing import TYPE_CHECKING

import pytest
from tests.integration.plugin.suite import ASK, Suite

if TYPE_CHECKING:
    from tests.provider import Provider


_NEEDED = (
    "genai_prices.data",
    "httpx2",
    "pytest_asyncio.plugin",
    "pytest_rerunfailures",
    "sqlite_utils",
    "understudy.pytest_plugin._header",
    "understudy.pytest_plugin._session",
    "understudy.store._sqlite",
    "urllib3",
    "xdist.dsession",
    "xdist.workermanage",
    "yaml",
)


@pytest.fixture(scope="session", autouse=True)
def _imported() -> None:
    """A run inside forgets what it was the first to import: import it once for all."""
    for name in _NEEDED:
        with suppress(ImportError):
            import_module(name)


@pytest.fixture
def suite(pytester: pytest.Pytester, provider: Provider, monkeypatch: pytest.MonkeyPatch) -> Suite:
    """A suite that has `ask.py` to call with; only named plugins are loaded in it."""
    for name in [name for name in os.environ if name.startswith(("UNDERSTUDY_", "TELEMETRY_"))]:
        monkeypatch.delenv(name)
    for name in ("CI", "BUILD_NUMBER"):  # pytest says more where one of them is set
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    monkeypatch.setenv("FAKE_PROVIDER", provider.url)
    monkeypatch.setenv("COLUMNS", "160")
    pytester.makepyfile(ask=ASK)
    pytester.syspathinsert()
    return Suite(pytester)


@pytest.fixture(params=[(), ("-n0",), ("-n2",)], ids=["alone", "n0", "n2"])
def workers(request: pytest.FixtureRequest) -> tuple[str, ...]:
    """Options: without xdist, with it but without workers, and with two of them."""
    options: tuple[str, ...] = request.param
    return options

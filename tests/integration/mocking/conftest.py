"""Suites whose calls are mocked, run by pytest inside pytest."""

from __future__ import annotations

import os
from contextlib import suppress
from importlib import import_module
from typing import TYPE_CHECKING

import pytest
from tests.integration.mocking.asking import ASKING
from tests.integration.plugin.suite import Suite

if TYPE_CHECKING:
    from tests.provider import Provider

_NEEDED = (
    "anthropic.lib.streaming",
    "boto3",
    "botocore.client",
    "botocore.parsers",
    "botocore.retries.standard",
    "cohere",
    "genai_prices.data",
    "google.genai",
    "litellm",
    "mistralai.client",
    "ollama",
    "openai.resources.chat",
    "openai.resources.responses",
    "pytest_asyncio.plugin",
    "pytest_rerunfailures",
    "requests",
    "sqlite_utils",
    "understudy.pytest_plugin._session",
    "understudy.scenarios._graph_file",
    "understudy.pytest_plugin.mocking._cast",
    "understudy.store._sqlite",
    "urllib3",
    "xdist.dsession",
    "xdist.workermanage",
)
_SECRETS = ("_API_KEY", "_AUTH_TOKEN", "_AD_TOKEN")


@pytest.fixture(scope="session", autouse=True)
def _imported() -> None:
    """A run inside forgets what it was the first to import: import it once for all."""
    for name in _NEEDED:
        with suppress(ImportError):
            import_module(name)


@pytest.fixture
def suite(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> Suite:
    """A suite that has `asking.py` to call with, in an environment without any secret."""
    for name in list(os.environ):
        if name.startswith(("UNDERSTUDY_", "TELEMETRY_", "AWS_")) or name.endswith(_SECRETS):
            monkeypatch.delenv(name)
    for name in ("CI", "BUILD_NUMBER"):  # pytest says more where one of them is set
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("COLUMNS", "160")
    pytester.makepyfile(asking=ASKING)
    pytester.syspathinsert()
    return Suite(pytester)


@pytest.fixture(params=[("-pno:xdist",), ("-n2",)], ids=["alone", "n2"])
def workers(request: pytest.FixtureRequest) -> tuple[str, ...]:
    """Options: without xdist, and with two workers."""
    options: tuple[str, ...] = request.param
    return options


@pytest.fixture
def provider_url(provider: Provider) -> str:
    """Where a provider answers that is no mock."""
    return provider.url

"""A fake provider, and suites of somebody else's that are run with the plugin."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest
from tests.provider import Provider
from tests.support.asking import ASKING
from tests.support.suite import ASK, Imports, Suite

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_OURS = ("UNDERSTUDY_", "TELEMETRY_", "AWS_")
_SECRETS = ("_API_KEY", "_AUTH_TOKEN", "_AD_TOKEN")


@pytest.fixture(scope="session")
def running_provider() -> Iterator[Provider]:
    """One fake provider on loopback for the whole session."""
    with Provider() as provider:
        yield provider


@pytest.fixture
def provider(running_provider: Provider) -> Provider:
    """The fake provider, which remembers nothing of earlier tests."""
    running_provider.reset()
    return running_provider


@pytest.fixture
def imports(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Imports]:
    """What runs inside import; brought back after `pytester` has forgotten it."""
    imports = Imports(tmp_path_factory.getbasetemp())
    yield imports
    imports.bring_back()


@pytest.fixture
def suite(
    imports: Imports,
    pytester: pytest.Pytester,
    provider: Provider,
    monkeypatch: pytest.MonkeyPatch,
) -> Suite:
    """A suite that has `ask.py` and `asking.py` to call with, in an environment without secrets.

    Only named plugins are loaded in it.
    """
    for name in list(os.environ):
        if name.startswith(_OURS) or name.endswith(_SECRETS):
            monkeypatch.delenv(name)
    for name in ("CI", "BUILD_NUMBER"):  # pytest says more where one of them is set
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("FAKE_PROVIDER", provider.url)
    monkeypatch.setenv("COLUMNS", "160")
    pytester.makepyfile(ask=ASK, asking=ASKING)
    pytester.syspathinsert()
    return Suite(pytester, imports)


@pytest.fixture(scope="session")
def kept_baselines(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where first runs are kept for the tests that begin with one."""
    return tmp_path_factory.mktemp("baselines")


@pytest.fixture(params=[(), ("-n1",)], ids=["alone", "n1"])
def workers(request: pytest.FixtureRequest) -> tuple[str, ...]:
    """Options for what a worker of xdist hands over: without one, and with one."""
    options: tuple[str, ...] = request.param
    return options
